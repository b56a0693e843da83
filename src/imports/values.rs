//! Posted figures of indicators, by indicator and date.

use super::small::{Context, Loader};
use crate::error::{Error, Fault, Result};
use crate::indicators;
use crate::indicators::values::{self, PutValue};
use crate::participation::Outcome;
use crate::quantity::Quantity;
use crate::shape;
use crate::sheets::{Column, Row, TEMPLATE};
use crate::store::Db;

pub const COLUMNS: &[Column] = &[
    Column::new("indicator", &["indikator"], "/indicator", true),
    Column::new("on_date", &["dato", "date"], "/on_date", true),
    Column::new("figure", &["tal", "value"], "/figure", true),
    Column::new("note", &["bemærkning"], "/note", false),
    Column::new("reported", &["indberettet_i_rapport"], "/reported", false),
    Column::new("source_note", &["kilde"], "/source_note", false),
    Column::new("reason", &["begrundelse"], "/reason", false),
    TEMPLATE,
];

/// What a person fills in of a template's row.
pub const FILLED_IN: &[&str] = &["figure", "note", "reported", "source_note", "reason"];

pub struct Values<'a> {
    context: Context<'a>,
}

impl<'a> Values<'a> {
    pub fn load(context: Context<'a>) -> Values<'a> {
        Values { context }
    }
}

impl Loader for Values<'_> {
    fn key(&self, row: &Row) -> Option<String> {
        let reported = row.text("reported").unwrap_or_default();
        Some(format!("{} {} {reported}", row.text("indicator")?, row.text("on_date")?))
    }

    fn put(&mut self, db: &mut Db, mut row: Row) -> Result<Outcome> {
        let Context { caller, programme, now } = self.context;
        let code = row.needed("indicator").to_string();
        row.needed("on_date");
        row.needed("figure");
        let on_date = row.day("on_date");
        let figure = row.decimal("figure", Quantity::parse);
        let reported = row.yes("reported").unwrap_or(false);
        let text = |column| row.text(column).map(str::to_string);
        let (note, source_note, reason) = (text("note"), text("source_note"), text("reason"));
        row.check()?;
        let (Some(on_date), Some(figure)) = (on_date, figure) else {
            return Err(Error::unexpected("a day and a figure that were read are gone"));
        };
        let unknown = || Fault::at("/indicator", "unknown_indicator").with("value", &code);
        let id = indicators::by_code(db, programme, &code)?.ok_or_else(unknown)?;
        let input = PutValue { on_date, figure, note, reported, source_note, reason };
        shape::held(&input)?;
        // What the sender is nothing to is told of as what isn't there.
        let put = values::put(db, caller, id, input, now).map_err(|error| match error {
            Error::NotFound => unknown().into(),
            other => other,
        })?;
        Ok(match (put.is_new, put.is_changed) {
            (true, _) => Outcome::Created,
            (false, true) => Outcome::Corrected,
            (false, false) => Outcome::Unchanged,
        })
    }
}
