//! One report: all tables of a programme at one moment, by whatever faces they leave.

use chrono::NaiveDate;

use super::cell::Cell;
use super::reading::{Reading, Wanted};
use super::tables::TableName;
use crate::accounts::Caller;
use crate::audit::{self, Entry};
use crate::clock::At;
use crate::error::Result;
use crate::ids::ProgrammeId;
use crate::messages::{self, Lang};
use crate::paging::Page;
use crate::programmes::{self, Programme};
use crate::store::{AsOf, Db};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub as_of: AsOf,
    /// Up to and including that year, in the tables that take one.
    pub year: Option<i32>,
    pub lang: Lang,
}

/// All tables as they stood at one moment.
#[derive(Debug, Clone)]
pub struct Edition {
    caller: Caller,
    pub programme: Programme,
    pub asked: Asked,
    /// The Danish day at whose end they stood so.
    pub day: NaiveDate,
    pub made_at: At,
    /// The newest entry of the audit trail by then: what the tables say can be held against it.
    pub audit_head: Option<Entry>,
}

impl Edition {
    /// For those who see the whole programme.
    pub fn open(
        db: &mut Db,
        caller: &Caller,
        programme: ProgrammeId,
        asked: Asked,
        now: At,
    ) -> Result<Edition> {
        let caller = &*caller.reading();
        caller.reads_programme(programme)?;
        let day = asked.as_of.day(now);
        let by_then = audit::Filter { to: Some(day), ..audit::Filter::default() };
        let newest = audit::list(db, programme, &by_then, &Page::of(None, 1))?;
        Ok(Edition {
            caller: caller.clone(),
            programme: programmes::get(db, caller, programme)?,
            asked: Asked { as_of: asked.as_of.pinned(now), ..asked },
            day,
            made_at: now,
            audit_head: newest.items.into_iter().next(),
        })
    }

    /// The tables that are in it, in their order.
    pub fn tables() -> impl Iterator<Item = TableName> {
        TableName::ALL.iter().copied().filter(|table| table.in_report())
    }

    pub fn reading(&self, db: &mut Db, table: TableName) -> Result<Reading> {
        let Asked { as_of, year, lang } = self.asked;
        let year = year.filter(|_| table.table().takes_year);
        let wanted = Wanted { table, as_of, year, lang };
        Reading::open(db, &self.caller, self.programme.id, wanted, self.made_at)
    }

    pub fn rows(&self, db: &mut Db, table: TableName) -> Result<Vec<Vec<Cell>>> {
        self.reading(db, table)?.all(db)
    }

    pub fn programme_name(&self) -> &str {
        match self.asked.lang {
            Lang::Da => &self.programme.name_da,
            Lang::En => &self.programme.name_en,
        }
    }

    /// What whoever reads the figures must know of them; of what is missing in the words of the face
    /// that asks.
    pub fn notes(&self, missing: &str) -> Vec<String> {
        let Asked { year, lang, .. } = self.asked;
        let mut notes: Vec<String> = [missing, "report-sums-mean", "report-reported-means"]
            .map(|id| messages::text(lang, id, &[]))
            .to_vec();
        let covers =
            |year: i32| messages::text(lang, "report-year-means", &[("year", year.to_string())]);
        notes.extend(year.map(covers));
        notes
    }

    /// Such as `nordjylland-2023-2026-11-27`.
    pub fn file_name(&self) -> String {
        let year = self.asked.year.map(|year| format!("-{year}")).unwrap_or_default();
        format!("{}{year}-{}", self.programme.code, self.day)
    }
}
