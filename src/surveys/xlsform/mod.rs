//! Questionnaires as XLSForm workbooks, the form in which survey tools hand them to each other.
//! `docs/xlsform.md` says what is taken and what is not.
//!
//! What XLSForm has no word for stands in columns that start with `maaltal_`, which other tools
//! pass over; so what is written reads back as the same questionnaire.

mod choices;
mod columns;
mod condition;
mod constraint;
mod expression;
mod kinds;
mod numbers;
mod places;
mod read;
mod rows;
mod sheets;
mod write;

pub use read::{Read, read};
pub use write::write;

/// Bytes of a workbook; its parts may unpack to [`sheets::MOST_UNPACKED`].
pub const MOST_BYTES: usize = 2 << 20;

/// The notes that other tools show in the place of what is said before and after the questions.
/// No question has a `-` in its code.
const INTRO: &str = "maaltal-intro";
const THANKS: &str = "maaltal-thanks";

#[cfg(test)]
mod tests;
