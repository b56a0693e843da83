//! Shares that add up.

/// Splits `whole` in proportion to the parts, in whole numbers that add up to it: each gets its
/// quotient rounded down, and what is left goes one by one to the largest remainders, the first of
/// equals first. Nothing where the parts add up to nothing.
pub fn largest_remainder(parts: &[i64], whole: i64) -> Option<Vec<i64>> {
    let sum: i128 = parts.iter().map(|part| i128::from(*part)).sum();
    if sum <= 0 || parts.iter().any(|part| *part < 0) {
        return None;
    }
    let scaled = |part: &i64| i128::from(*part) * i128::from(whole);
    let mut shares: Vec<i64> =
        parts.iter().map(|part| i64::try_from(scaled(part) / sum).unwrap_or(whole)).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(scaled(&parts[at]) % sum));
    let left = usize::try_from(whole - shares.iter().sum::<i64>()).unwrap_or(0);
    for at in order.into_iter().take(left) {
        shares[at] += 1;
    }
    Some(shares)
}

/// In tenths of a per cent, adding up to 100.0.
pub fn percent(parts: &[i64]) -> Option<Vec<i64>> {
    largest_remainder(parts, 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_report_rounded_to_99_adds_up_to_100() {
        let printed = [13_573_610, 5_019_500, 2_666_853, 1_971_215];
        assert_eq!(largest_remainder(&printed, 100), Some(vec![58, 22, 11, 9]));
        assert_eq!(percent(&printed), Some(vec![584, 216, 115, 85]));
    }

    #[test]
    fn every_split_adds_up_and_is_off_by_less_than_one() {
        let mut seed = 7_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as i64
        };
        for _ in 0..2_000 {
            let parts: Vec<i64> = (0..1 + next() % 12)
                .map(|_| next() % [1, 3, 1_000_000_007][next() as usize % 3])
                .collect();
            let sum: i64 = parts.iter().sum();
            let Some(shares) = percent(&parts) else {
                assert_eq!(sum, 0);
                continue;
            };
            assert_eq!(shares.iter().sum::<i64>(), 1_000, "{parts:?}");
            for (part, share) in parts.iter().zip(&shares) {
                let exact = i128::from(*part) * 1_000;
                let off = (i128::from(*share) * i128::from(sum) - exact).abs();
                assert!(off < i128::from(sum), "{part} of {parts:?} is {share}");
                assert!(*part > 0 || *share == 0, "nothing has no share");
            }
        }
    }

    #[test]
    fn nothing_has_no_shares() {
        assert_eq!(percent(&[]), None);
        assert_eq!(percent(&[0, 0]), None);
        assert_eq!(percent(&[5]), Some(vec![1_000]));
        assert_eq!(percent(&[1, 1, 1]), Some(vec![334, 333, 333]));
    }
}
