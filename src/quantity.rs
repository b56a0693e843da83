//! Exact figures: counted in thousandths, so that nothing drifts on the way in, in sums or out.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A figure with at most three decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

impl Quantity {
    pub const ZERO: Quantity = Quantity(0);

    /// Up to here every figure is the same as a JSON number in any reader.
    const MAX: i64 = 1_000_000_000_000_000;

    pub const fn whole(units: i64) -> Quantity {
        Quantity(units.saturating_mul(1_000))
    }

    pub const fn of_thousandths(thousandths: i64) -> Quantity {
        Quantity(thousandths)
    }

    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// What is left up to the target; never negative.
    pub fn missing_to(self, target: Quantity) -> Quantity {
        Quantity(target.0.saturating_sub(self.0).max(0))
    }

    /// Reads a decimal number with a dot and at most three decimals.
    pub fn parse(text: &str) -> Option<Quantity> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (units, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let are_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if units.is_empty() || !are_digits(units) || !are_digits(decimals) || decimals.len() > 3 {
            return None;
        }
        let thousandths: i64 = format!("{decimals:0<3}").parse().ok()?;
        let units: i64 = units.parse().ok()?;
        let value = units.checked_mul(1_000)?.checked_add(thousandths)?;
        (value <= Quantity::MAX).then_some(Quantity(sign * value))
    }

    fn decimals(self) -> u64 {
        self.0.unsigned_abs() % 1_000
    }
}

impl From<i32> for Quantity {
    fn from(units: i32) -> Quantity {
        Quantity::whole(i64::from(units))
    }
}

/// With a dot, without trailing zeros.
impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let units = self.0.unsigned_abs() / 1_000;
        match self.decimals() {
            0 => write!(f, "{sign}{units}"),
            decimals => {
                let decimals = format!("{decimals:03}");
                write!(f, "{sign}{units}.{}", decimals.trim_end_matches('0'))
            }
        }
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.decimals() {
            0 => serializer.serialize_i64(self.0 / 1_000),
            // Exact: within MAX the nearest double prints as the same decimals.
            _ => serializer.serialize_f64(self.0 as f64 / 1_000.0),
        }
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Quantity, D::Error> {
        struct Figure;

        impl de::Visitor<'_> for Figure {
            type Value = Quantity;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a number with at most 3 decimals")
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Quantity, E> {
                read(&value.to_string())
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Quantity, E> {
                read(&value.to_string())
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Quantity, E> {
                // The shortest decimals that are this double: those that were sent.
                read(&value.to_string())
            }
        }

        fn read<E: de::Error>(text: &str) -> Result<Quantity, E> {
            let wanted = "a number with at most 3 decimals, up to a thousand billion";
            Quantity::parse(text).ok_or_else(|| E::custom(format!("{text} is not {wanted}")))
        }

        deserializer.deserialize_any(Figure)
    }
}

impl PartialSchema for Quantity {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .description(Some("A figure with at most three decimals."))
            .into()
    }
}

impl ToSchema for Quantity {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Quantity")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        let figure: Quantity = serde_json::from_str(text).expect("a figure");
        serde_json::to_string(&figure).expect("JSON")
    }

    #[test]
    fn figures_come_out_as_they_went_in() {
        for text in ["0", "45", "5750", "0.1", "93.8", "80.25", "-3.125", "999999999999.999"] {
            assert_eq!(json(text), text);
        }
        assert_eq!(json("45.0"), "45");
        assert_eq!(json("1e3"), "1000");
        // 0.1 + 0.2 is 0.3 here.
        let sum = Quantity::parse("0.1").expect("0.1").0 + Quantity::parse("0.2").expect("0.2").0;
        assert_eq!(Quantity::of_thousandths(sum).to_string(), "0.3");
    }

    #[test]
    fn what_is_not_exact_is_refused() {
        for text in
            ["0.1234", "1e300", "1000000000000.001", "\"45\"", "null", "18446744073709551615"]
        {
            assert!(serde_json::from_str::<Quantity>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nothing_negative_is_missing() {
        let (reached, target) = (Quantity::whole(74), Quantity::whole(45));
        assert_eq!(reached.missing_to(target), Quantity::ZERO);
        assert_eq!(target.missing_to(reached), Quantity::whole(29));
    }
}
