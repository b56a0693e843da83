//! How CSV is written and read here: two dialects, and text that no spreadsheet runs.

use std::borrow::Cow;

use crate::store::types::text_enum;

text_enum! {
    /// How a CSV file is written.
    #[derive(Default)]
    pub enum Dialect {
        /// As RFC 4180 says: comma, decimal point, UTF-8.
        #[default]
        Rfc4180 = "rfc4180",
        /// As Excel in Danish opens it by a double click: semicolon, decimal comma, UTF-8 with a
        /// byte order mark.
        DkExcel = "dk-excel",
    }
}

/// What Excel knows UTF-8 by.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

impl Dialect {
    pub fn delimiter(self) -> u8 {
        match self {
            Dialect::Rfc4180 => b',',
            Dialect::DkExcel => b';',
        }
    }

    pub fn decimal_mark(self) -> char {
        match self {
            Dialect::Rfc4180 => '.',
            Dialect::DkExcel => ',',
        }
    }

    /// What stands before the header.
    pub fn prefix(self) -> &'static str {
        match self {
            Dialect::Rfc4180 => "",
            Dialect::DkExcel => BYTE_ORDER_MARK,
        }
    }
}

/// A spreadsheet takes text that starts with one of these for a formula and runs it.
fn starts_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Text as it goes into a file: a `'` before what would be a formula. Text that reads like that
/// already gets one more, so that [`unharm`] gives every text back.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if starts_formula(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Takes away what [`harmless`] put before a text.
pub fn unharm(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if starts_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_made_harmless() {
        for text in ["=1+1", "+45", "-45", "@sum", "\tx", "\rx", "=HYPERLINK(\"http://x\")"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["", "'", "''", "De potentielle STEM'er", "'t Hooft", "1-3", "\n=1", "–"] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn every_short_text_comes_back() {
        let signs = ["", "'", "=", "+", "-", "@", "\t", "\r", "\n", "a", "ø", ";", "\""];
        for one in signs {
            for two in signs {
                for three in signs {
                    for four in signs {
                        let text = format!("{one}{two}{three}{four}");
                        let written = harmless(&text);
                        assert_eq!(unharm(&written), text);
                        assert!(!starts_formula(&written), "{text:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn text_that_was_never_made_harmless_stays() {
        assert_eq!(unharm("'t Hooft"), "'t Hooft");
        assert_eq!(unharm("=1+1"), "=1+1");
        assert_eq!(unharm("'"), "'");
    }
}
