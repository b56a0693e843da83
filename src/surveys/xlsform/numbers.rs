//! Numbers, as a workbook writes them.

use crate::surveys::definition::Decimal;

/// None where it has more than three decimals, or is too far off.
pub fn decimal(text: &str) -> Option<Decimal> {
    let number: f64 = text.trim().parse().ok()?;
    let number = match number.fract() == 0.0 && number.abs() < 1e15 {
        true => serde_json::Number::from(number as i64),
        false => serde_json::Number::from_f64(number)?,
    };
    Decimal::from_number(&number).ok()
}

/// How many decimals it is written with.
pub fn decimals(number: Decimal) -> u8 {
    (0..3).find(|decimals| number.units(*decimals).is_some()).unwrap_or(3)
}

/// The least difference between numbers of so many decimals.
pub fn step(decimals: u8) -> Decimal {
    Decimal::from_thousandths(10_i64.pow(3_u32.saturating_sub(decimals.into())))
}
