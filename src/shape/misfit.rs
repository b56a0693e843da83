//! What is wrong with a value that doesn't fit its type. serde tells it in English and for
//! programmers; people get a code, and with it words in their own language.

use crate::clock::{DAY_OUT_OF_RANGE, NOT_A_TIME};
use crate::error::Fault;

/// The fault that serde's message stands for. Its own words are kept only where none of ours fit.
pub fn fault(pointer: &str, message: &str) -> Fault {
    if let Some(rest) = message.strip_prefix("unknown variant `") {
        return not_one_of(pointer, rest);
    }
    let code = if message.contains(DAY_OUT_OF_RANGE) {
        "day_out_of_range"
    } else if message.contains(NOT_A_TIME) {
        "not_a_time"
    } else if message.starts_with("duplicate field") {
        "given_twice"
    } else {
        expected(message).or_else(|| parsed(message)).unwrap_or("wrong_type")
    };
    match code {
        "wrong_type" => Fault::at(pointer, code).with("found", message),
        code => Fault::at(pointer, code),
    }
}

/// "`foo`, expected one of `unique`, `attendances`", from the value on.
fn not_one_of(pointer: &str, rest: &str) -> Fault {
    let (value, expected) = rest.split_once('`').unwrap_or((rest, ""));
    let allowed: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    Fault::at(pointer, "not_one_of").with("value", value).with("allowed", allowed.join(", "))
}

/// "invalid type: string "x", expected i64"
fn expected(message: &str) -> Option<&'static str> {
    let (_, expected) = message.rsplit_once("expected ")?;
    let codes = [
        (
            &["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "usize"][..],
            "not_a_whole_number",
        ),
        (&["f32", "f64"], "not_a_number"),
        (&["a boolean"], "not_a_boolean"),
        (&["a string", "a borrowed string"], "not_text"),
        (&["a sequence"], "not_a_list"),
        (&["a formatted date string"], "not_a_date"),
        (&["a UUID", "a formatted UUID", "a hyphenated UUID"], "not_an_id"),
        (&["struct ", "a map", "internally tagged enum"], "not_an_object"),
    ];
    let fits = |words: &&[&str]| words.iter().any(|word| expected.starts_with(word));
    codes.iter().find(|(words, _)| fits(words)).map(|(_, code)| *code)
}

/// What the parsers of single values say.
fn parsed(message: &str) -> Option<&'static str> {
    let codes = [
        ("digit", "not_a_whole_number"),
        ("number too", "not_a_whole_number"),
        ("was not `true` or `false`", "not_a_boolean"),
        ("invalid characters", "not_a_date"),
        ("premature end of input", "not_a_date"),
        ("input is out of range", "not_a_date"),
        ("trailing input", "not_a_date"),
        ("UUID", "not_an_id"),
    ];
    codes.iter().find(|(words, _)| message.contains(words)).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only read into")]
    struct Asked {
        count: Option<i64>,
        flag: Option<bool>,
        text: Option<String>,
        list: Option<Vec<i32>>,
        #[serde(default, deserialize_with = "crate::clock::day_if_any")]
        day: Option<NaiveDate>,
        time: Option<crate::clock::At>,
        id: Option<uuid::Uuid>,
        counting: Option<Word>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        Unique,
        Attendances,
    }

    /// Written for the messages of today's libraries: this fails where one of them changes.
    #[test]
    fn serdes_messages_have_words_of_ours() {
        let code = |json: &str| {
            let error = serde_json::from_str::<Asked>(json).expect_err(json).to_string();
            let message = error.rsplit_once(" at line").map_or(error.as_str(), |(text, _)| text);
            fault("/x", message).code.into_owned()
        };
        assert_eq!(code(r#"{"count": 1.5}"#), "not_a_whole_number");
        assert_eq!(code(r#"{"count": "tolv"}"#), "not_a_whole_number");
        assert_eq!(code(r#"{"flag": 1}"#), "not_a_boolean");
        assert_eq!(code(r#"{"text": 1}"#), "not_text");
        assert_eq!(code(r#"{"list": {}}"#), "not_a_list");
        assert_eq!(code(r#"{"day": "31-12-2022"}"#), "not_a_date");
        assert_eq!(code(r#"{"day": "2022-02-30"}"#), "not_a_date");
        assert_eq!(code(r#"{"day": 2022}"#), "not_a_date");
        assert_eq!(code(r#"{"day": "-9999-01-01"}"#), "day_out_of_range");
        assert_eq!(code(r#"{"time": "2027-01-01T08:00"}"#), "not_a_time");
        assert_eq!(code(r#"{"time": "2026-12-24"}"#), "not_a_time");
        assert_eq!(code(r#"{"time": 2026}"#), "not_a_time");
        assert_eq!(code(r#"{"time": "2500-01-01T08:00:00Z"}"#), "day_out_of_range");
        assert_eq!(code(r#"{"id": "7b"}"#), "not_an_id");
        assert_eq!(code(r#"{"counting": "heads"}"#), "not_one_of");
        assert_eq!(code(r#"{"count": 1, "count": 2}"#), "given_twice");
        let named =
            fault("/counting", "unknown variant `heads`, expected `unique` or `attendances`");
        assert_eq!(named.args[1], ("allowed", "unique, attendances".to_string()));
    }
}
