//! What a machine token looks like, so that one that leaked can be found by machines too.

use crate::accounts::Secret;

const PREFIX: &str = "mt_";
const DIGITS: usize = 64;

/// A token of these random bytes.
pub fn of(bytes: [u8; DIGITS / 2]) -> Secret {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let check = check(&digits);
    Secret::new(format!("{PREFIX}{digits}{check}"))
}

/// Whether it is meant as a machine token: then it is no access token.
pub fn is_secret(token: &str) -> bool {
    token.starts_with(PREFIX)
}

/// Whether its check digits are right: what was cut or mistyped needs no look at the database.
pub fn is_whole(token: &str) -> bool {
    let digits = token.strip_prefix(PREFIX).and_then(|rest| rest.split_at_checked(DIGITS));
    digits.is_some_and(|(digits, end)| {
        digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) && end == check(digits)
    })
}

fn check(digits: &str) -> String {
    format!("{:08x}", crc32fast::hash(digits.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_check_digits() {
        let token = of([7; 32]);
        assert_eq!(token.expose().len(), 75);
        assert!(is_secret(token.expose()) && is_whole(token.expose()));
        let slips = [
            "mt_",
            "",
            &token.expose()[..74],
            &token.expose().replacen("07", "08", 1),
            &token.expose().to_uppercase(),
            &format!("{}0", token.expose()),
            "mt_æøå",
        ];
        for slip in slips {
            assert!(!is_whole(slip), "{slip}");
        }
    }
}
