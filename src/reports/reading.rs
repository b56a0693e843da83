//! A table's rows on their way out, page by page. All pages show the same moment, and no
//! transaction stays open between them.

use chrono::NaiveDate;
use uuid::Uuid;

use super::cell::Cell;
use super::tables::{TableName, Walk};
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::ProgrammeId;
use crate::messages::Lang;
use crate::programmes;
use crate::store::{AsOf, Db};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub table: TableName,
    pub as_of: AsOf,
    /// Up to and including that year, where the table takes one.
    pub year: Option<i32>,
    /// Of names that are written in two.
    pub lang: Lang,
}

/// Where a reading stands.
#[derive(Debug, Clone)]
pub struct Reading {
    caller: Caller,
    programme: ProgrammeId,
    /// The programme's code.
    code: String,
    wanted: Wanted,
    now: At,
    at: Place,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Start,
    /// The key of the last row already read.
    After(Uuid),
    End,
}

impl Reading {
    /// For those who see the whole programme.
    pub fn open(
        db: &mut Db,
        caller: &Caller,
        programme: ProgrammeId,
        wanted: Wanted,
        now: At,
    ) -> Result<Reading> {
        // A table is read by whoever may read, a machine too.
        let caller = &*caller.reading();
        caller.reads_programme(programme)?;
        if wanted.year.is_some() && !wanted.table.table().takes_year {
            let fault = Fault::at("year", "table_without_year").with("table", wanted.table);
            return Err(Error::Malformed(Faults(vec![fault])));
        }
        let code = programmes::get(db, caller, programme)?.code;
        let wanted = Wanted { as_of: wanted.as_of.pinned(now), ..wanted };
        let caller = caller.clone();
        Ok(Reading { caller, programme, code, wanted, now, at: Place::Start })
    }

    /// Goes on after the row that a client has seen last.
    pub fn after(mut self, key: Option<Uuid>) -> Reading {
        self.at = key.map_or(Place::Start, Place::After);
        self
    }

    pub fn wanted(&self) -> Wanted {
        self.wanted
    }

    /// The Danish day at whose end the rows stood so.
    pub fn day(&self) -> NaiveDate {
        self.wanted.as_of.day(self.now)
    }

    /// Such as `nordjylland-progress-2026-11-22`.
    pub fn file_name(&self) -> String {
        format!("{}-{}-{}", self.code, self.wanted.table, self.day())
    }

    /// The key that the next page starts after; none after the last page.
    pub fn next_key(&self) -> Option<Uuid> {
        match self.at {
            Place::After(key) => Some(key),
            Place::Start | Place::End => None,
        }
    }

    /// The next rows, which may be none; nothing after the last.
    pub fn next_rows(&mut self, db: &mut Db) -> Result<Option<Vec<Vec<Cell>>>> {
        let after = match self.at {
            Place::Start => None,
            Place::After(key) => Some(key),
            Place::End => return Ok(None),
        };
        let Wanted { table, as_of, year, lang } = self.wanted;
        let walk = Walk {
            caller: &self.caller,
            programme: self.programme,
            code: &self.code,
            as_of,
            year,
            lang,
            now: self.now,
        };
        let (rows, next) = table.table().page(db, &walk, after)?;
        self.at = next.map_or(Place::End, Place::After);
        Ok(Some(rows))
    }

    /// All rows that are left: of tables that are never long.
    pub fn all(mut self, db: &mut Db) -> Result<Vec<Vec<Cell>>> {
        let mut all = Vec::new();
        while let Some(rows) = self.next_rows(db)? {
            all.extend(rows);
        }
        Ok(all)
    }
}
