//! Cells as people read them, in their language.

use crate::indicators::target::Target;
use crate::messages::{self, Lang};
use crate::quantity::Quantity;
use crate::reports::cell::{Cell, decimal, fixed};
use crate::reports::tables::catalogue::Kind;

/// A word of the API in the reader's language.
pub fn word(lang: Lang, word: &str) -> String {
    messages::text(lang, &format!("word-{}", word.replace('_', "-")), &[])
}

/// A cell as text, as people write it; what is not known is empty.
pub fn text(lang: Lang, kind: Kind, cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.replace('|', ", "),
        Cell::Word(one) => word(lang, one),
        Cell::Integer(number) if kind == Kind::Year => number.to_string(),
        Cell::Integer(number) => grouped(lang, &number.to_string()),
        Cell::Decimal(number) => grouped(lang, &decimal(*number, mark(lang))),
        Cell::Percent(tenths) => format!("{}\u{a0}%", fixed(*tenths, 1, mark(lang))),
        Cell::Money(ore) if ore % 100 == 0 => grouped(lang, &(ore / 100).to_string()),
        Cell::Money(ore) => grouped(lang, &fixed(*ore, 2, mark(lang))),
        Cell::Date(day) => date(lang, day),
        Cell::Partial(date) => date.to_string(),
        Cell::Moment(at) => date(lang, &at.day()),
        Cell::Boolean(value) => word(lang, if *value { "true" } else { "false" }),
    }
}

/// A figure as people write it.
pub fn quantity(lang: Lang, figure: Quantity) -> String {
    grouped(lang, &decimal(figure.thousandths(), mark(lang)))
}

/// A target in words; nothing where there is none to be reached.
pub fn target(lang: Lang, target: &Target) -> Option<String> {
    let whole = |number: i32| quantity(lang, number.into());
    let range = |least: String, most: String| vec![("minimum", least), ("maximum", most)];
    let (id, args) = match target {
        Target::AtLeast { minimum } => {
            ("target-at-least", vec![("minimum", quantity(lang, *minimum))])
        }
        Target::Range { minimum, maximum } => {
            ("target-range", range(quantity(lang, *minimum), quantity(lang, *maximum)))
        }
        Target::Classes { classes, estimated_pupils } => (
            "target-classes",
            vec![("classes", whole(*classes)), ("pupils", whole(*estimated_pupils))],
        ),
        Target::PerCompany { minimum, maximum } => {
            ("target-per-company", range(whole(*minimum), whole(*maximum)))
        }
        Target::AtLeastPercent { percent } => {
            ("target-at-least-percent", vec![("percent", quantity(lang, *percent))])
        }
        Target::None {} => return None,
    };
    Some(messages::text(lang, id, &args))
}

pub fn date(lang: Lang, day: &chrono::NaiveDate) -> String {
    match lang {
        Lang::Da => day.format("%d-%m-%Y").to_string(),
        Lang::En => day.to_string(),
    }
}

fn mark(lang: Lang) -> char {
    match lang {
        Lang::Da => ',',
        Lang::En => '.',
    }
}

/// With a mark at the thousands.
fn grouped(lang: Lang, number: &str) -> String {
    let thousands = match lang {
        Lang::Da => '.',
        Lang::En => ',',
    };
    let (sign, rest) = match number.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", number),
    };
    let (units, decimals) = match rest.find(mark(lang)) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let mut text = String::from(sign);
    for (place, digit) in units.chars().enumerate() {
        if place > 0 && (units.len() - place) % 3 == 0 {
            text.push(thousands);
        }
        text.push(digit);
    }
    text + decimals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_write_them() {
        let da = |kind, cell| text(Lang::Da, kind, &cell);
        let en = |kind, cell| text(Lang::En, kind, &cell);
        assert_eq!(da(Kind::Money, Cell::Money(1_162_000_000)), "11.620.000");
        assert_eq!(da(Kind::Money, Cell::Money(1_162_000_050)), "11.620.000,50");
        assert_eq!(en(Kind::Money, Cell::Money(-99_950)), "-999.50");
        assert_eq!(en(Kind::Money, Cell::Money(-100_000)), "-1,000");
        assert_eq!(da(Kind::Year, Cell::Integer(2023)), "2023");
        assert_eq!(da(Kind::Integer, Cell::Integer(30_791)), "30.791");
        assert_eq!(da(Kind::Decimal, Cell::Decimal(1_234_500)), "1.234,5");
        assert_eq!(en(Kind::Percent, Cell::Percent(1_644)), "164.4\u{a0}%");
        assert_eq!(da(Kind::Boolean, Cell::Boolean(true)), "ja");
        assert_eq!(da(Kind::Word, Cell::Word("no_data")), "ingen tal");
    }
}
