use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// A number with at most three decimals, exact; a number in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = f64)]
pub struct Decimal(i64);

/// Why a number is no [`Decimal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotDecimal {
    TooFar,
    TooFine,
}

impl Decimal {
    /// Far beyond what a definition allows, and well within what a double tells apart.
    const MOST: i64 = 1_000_000_000;

    pub fn from_thousandths(thousandths: i64) -> Decimal {
        Decimal(thousandths)
    }

    pub fn thousandths(self) -> i64 {
        self.0
    }

    /// In units of the last decimal, or nothing where it has more decimals than that.
    pub fn units(self, decimals: u8) -> Option<i64> {
        let unit = 10_i64.pow(3_u32.saturating_sub(decimals.into()));
        (self.0 % unit == 0).then_some(self.0 / unit)
    }

    pub fn from_number(number: &serde_json::Number) -> Result<Decimal, NotDecimal> {
        match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Decimal::whole(whole),
            (None, Some(float)) => Decimal::float(float),
            (None, None) => Err(NotDecimal::TooFar),
        }
    }

    fn whole(whole: i64) -> Result<Decimal, NotDecimal> {
        if whole.unsigned_abs() > Self::MOST.unsigned_abs() {
            return Err(NotDecimal::TooFar);
        }
        Ok(Decimal(whole * 1000))
    }

    fn float(float: f64) -> Result<Decimal, NotDecimal> {
        if float.is_nan() || float.abs() > Self::MOST as f64 {
            return Err(NotDecimal::TooFar);
        }
        let thousandths = (float * 1000.0).round();
        // Division rounds to the nearest double, so this is exact: "0.1" is 100 thousandths.
        if thousandths / 1000.0 != float {
            return Err(NotDecimal::TooFine);
        }
        Ok(Decimal(thousandths as i64))
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (self.0 as f64 / 1000.0).fmt(f)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.units(0) {
            Some(whole) => serializer.serialize_i64(whole),
            None => serializer.serialize_f64(self.0 as f64 / 1000.0),
        }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Numeric)
    }
}

struct Numeric;

impl Visitor<'_> for Numeric {
    type Value = Decimal;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number with at most three decimals")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Decimal, E> {
        Decimal::whole(value).map_err(|_| E::invalid_value(de::Unexpected::Signed(value), &self))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Decimal, E> {
        let wrong = || E::invalid_value(de::Unexpected::Unsigned(value), &self);
        i64::try_from(value).ok().and_then(|value| Decimal::whole(value).ok()).ok_or_else(wrong)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Decimal, E> {
        Decimal::float(value).map_err(|_| E::invalid_value(de::Unexpected::Float(value), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<i64, NotDecimal> {
        let number = serde_json::from_str(text).expect("a number");
        Decimal::from_number(&number).map(Decimal::thousandths)
    }

    #[test]
    fn a_number_is_read_exactly_or_refused() {
        assert_eq!(read("45"), Ok(45_000));
        assert_eq!(read("45.0"), Ok(45_000));
        assert_eq!(read("-0.0"), Ok(0));
        assert_eq!(read("1e2"), Ok(100_000));
        assert_eq!(read("12.345"), Ok(12_345));
        assert_eq!(read("-12.345"), Ok(-12_345));
        assert_eq!(read("12.3456"), Err(NotDecimal::TooFine));
        assert_eq!(read("1e-9"), Err(NotDecimal::TooFine));
        assert_eq!(read("1e300"), Err(NotDecimal::TooFar));
        assert_eq!(read("9223372036854775807"), Err(NotDecimal::TooFar));
        assert_eq!(read("-9223372036854775808"), Err(NotDecimal::TooFar));
        assert_eq!(read("18446744073709551615"), Err(NotDecimal::TooFar));
    }

    #[test]
    fn every_thousandth_is_written_as_it_was_read() {
        for thousandths in (-1_000_000_i64..1_000_000).step_by(7).chain([999_999_999_999]) {
            let decimal = Decimal::from_thousandths(thousandths);
            let text = serde_json::to_string(&decimal).expect("a number");
            assert_eq!(serde_json::from_str::<Decimal>(&text).expect(&text), decimal);
            assert_eq!(decimal.to_string(), text);
        }
    }

    #[test]
    fn units_are_those_of_the_last_decimal() {
        let number = Decimal::from_thousandths(12_500);
        assert_eq!(number.units(0), None);
        assert_eq!(number.units(1), Some(125));
        assert_eq!(number.units(3), Some(12_500));
    }
}
