//! `constraint` and what bounds an answer: of a number, of how many are chosen, of a text.

use super::expression::{Comparison, Expression, Operand, parse};
use super::numbers::decimal;
use crate::surveys::definition::{Decimal, Kind};

/// What is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// `.`, in units of so many decimals.
    Number,
    /// `count-selected(.)`
    Chosen,
    /// `string-length(.)`
    Length,
}

/// Both ends belong to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    pub min: Option<Decimal>,
    pub max: Option<Decimal>,
}

/// Reads bounds joined by `and`; `step` is the least by which one number is more than another.
/// The part that can't be taken, where there is one.
pub fn read(text: &str, of: Of, step: Decimal) -> Result<Bounds, String> {
    let mut bounds = Bounds::default();
    narrow(&parse(text.trim())?, of, step, &mut bounds).ok_or_else(|| text.trim().to_string())?;
    Ok(bounds)
}

fn narrow(expression: &Expression, of: Of, step: Decimal, bounds: &mut Bounds) -> Option<()> {
    match expression {
        Expression::Bracketed(inner) => narrow(inner, of, step, bounds),
        Expression::And(list) => list.iter().try_for_each(|one| narrow(one, of, step, bounds)),
        Expression::Compared(left, comparison, right) => {
            let (comparison, number) = match (left, right) {
                (left, Operand::Number(number)) if is_of(left, of) => (*comparison, number),
                (Operand::Number(number), right) if is_of(right, of) => {
                    (comparison.turned(), number)
                }
                _ => return None,
            };
            let number = decimal(number)?;
            let moved =
                |by: i64| Some(Decimal::from_thousandths(number.thousandths().checked_add(by)?));
            let step = step.thousandths();
            let (min, max) = match comparison {
                Comparison::Is => (Some(number), Some(number)),
                Comparison::AtLeast => (Some(number), None),
                Comparison::More => (Some(moved(step)?), None),
                Comparison::AtMost => (None, Some(number)),
                Comparison::Less => (None, Some(moved(-step)?)),
                Comparison::IsNot => return None,
            };
            // The narrower one holds.
            bounds.min = bounds.min.max(min);
            bounds.max = match (bounds.max, max) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
            Some(())
        }
        _ => None,
    }
}

fn is_of(operand: &Operand, of: Of) -> bool {
    match of {
        Of::Number => *operand == Operand::This,
        Of::Chosen => *operand == Operand::CountOfThis,
        Of::Length => *operand == Operand::LengthOfThis,
    }
}

/// What bounds answers to that kind of question; nothing where nothing does.
pub fn write(kind: &Kind) -> String {
    let (of, min, max) = match kind {
        Kind::Number { min, max, .. } => (".", Some(min.to_string()), Some(max.to_string())),
        Kind::Multiple { min_chosen, max_chosen, .. } => {
            let text = |bound: &Option<u32>| bound.map(|bound| bound.to_string());
            ("count-selected(.)", text(min_chosen), text(max_chosen))
        }
        Kind::Text { max_length } => ("string-length(.)", None, Some(max_length.to_string())),
        _ => return String::new(),
    };
    let min = min.map(|min| format!("{of} >= {min}"));
    let max = max.map(|max| format!("{of} <= {max}"));
    min.into_iter().chain(max).collect::<Vec<_>>().join(" and ")
}
