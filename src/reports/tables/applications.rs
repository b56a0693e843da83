//! The table `applications`: how many were received, rejected and granted each year.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::catalogue::Kind::{Integer, Money, Percent, Text, Year};
use super::catalogue::{Column, Page, Table, Walk, abouts, column, summed, whole};
use super::facts::Facts;
use crate::error::Result;
use crate::programmes::applications::{self, Application, ApplicationState};
use crate::programmes::reported_facts::measures;
use crate::reports::cell::Cell;
use crate::store::Db;

pub const TABLE: Table = Table {
    version: 1,
    about: "\
Applications by the year of their round. Columns that start with `reported_` are what a report
prints: beside the computed figures and never mixed with them. A year for which there are only
printed figures has a row too, with nothing computed.",
    takes_year: true,
    columns: || abouts(COLUMNS),
    page,
};

struct Row {
    programme: String,
    year: i32,
    /// None where no application of the year is recorded.
    found: Option<Sums>,
    reported: [Cell; 3],
}

#[derive(Default)]
struct Sums {
    received: i64,
    granted: i64,
    rejected: i64,
    withdrawn: i64,
    undecided: i64,
    applied_ore: Option<i64>,
    granted_ore: Option<i64>,
    without_amount: Vec<String>,
}

impl Row {
    fn count(&self, of: impl Fn(&Sums) -> i64) -> Cell {
        self.found.as_ref().map(of).into()
    }

    fn money(&self, of: impl Fn(&Sums) -> Option<i64>) -> Cell {
        self.found.as_ref().and_then(of).map_or(Cell::Empty, Cell::Money)
    }
}

const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column("year", Year, "The year of the round.", |row| row.year.into()),
    summed("received", Integer, "Applications received; empty where none is recorded.", |row| {
        row.count(|sums| sums.received)
    }),
    summed("granted", Integer, "Of them granted.", |row| row.count(|sums| sums.granted)),
    summed("rejected", Integer, "Of them rejected.", |row| row.count(|sums| sums.rejected)),
    summed("withdrawn", Integer, "Of them taken back by the applicant.", |row| {
        row.count(|sums| sums.withdrawn)
    }),
    summed("undecided", Integer, "Of them not decided yet.", |row| {
        row.count(|sums| sums.undecided)
    }),
    column(
        "success_rate",
        Percent,
        "`granted` over `granted` and `rejected`: those that were taken back or are not decided are \
         left out.",
        |row| {
            let rate = row.found.as_ref().and_then(|one| rate(one.granted, one.rejected));
            rate.map_or(Cell::Empty, Cell::Percent)
        },
    ),
    summed("applied_dkk", Money, "What was applied for, of those whose amount is known.", |row| {
        row.money(|sums| sums.applied_ore)
    }),
    summed("granted_dkk", Money, "What was granted to them.", |row| {
        row.money(|sums| sums.granted_ore)
    }),
    summed(
        "applications_without_amount",
        Integer,
        "Applications of which it is not known how much was applied for: in no amount.",
        |row| row.count(|sums| i64::try_from(sums.without_amount.len()).unwrap_or(i64::MAX)),
    ),
    column("without_amount", Text, "Their codes, with `|` between.", |row| {
        Cell::several(row.found.as_ref().map_or(&[][..], |sums| &sums.without_amount))
    }),
    summed("reported_received", Integer, "Received, as a report prints it.", |row| {
        row.reported[0].clone()
    }),
    summed("reported_granted", Integer, "Granted, as a report prints it.", |row| {
        row.reported[1].clone()
    }),
    summed("reported_rejected", Integer, "Rejected, as a report prints it.", |row| {
        row.reported[2].clone()
    }),
    column(
        "reported_success_rate",
        Percent,
        "`reported_granted` over `reported_granted` and `reported_rejected`.",
        |row| {
            let of = |at: usize| row.reported[at].exact();
            let rate = of(1).zip(of(2)).and_then(|(granted, rejected)| rate(granted, rejected));
            rate.map_or(Cell::Empty, Cell::Percent)
        },
    ),
];

/// Tenths of a per cent, halves rounded up.
fn rate(granted: i64, rejected: i64) -> Option<i64> {
    let decided = granted + rejected;
    (decided > 0).then(|| (2_000 * granted + decided) / (2 * decided))
}

const MEASURES: [&str; 3] =
    [measures::APPLICATIONS, measures::APPLICATIONS_GRANTED, measures::APPLICATIONS_REJECTED];

fn page(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let facts = Facts::load(db, walk)?;
    let mut years: BTreeMap<i32, Option<Sums>> =
        facts.years(&MEASURES).map(|year| (year, None)).collect();
    for application in applications::all(db, walk.programme, walk.as_of)? {
        if walk.is_up_to(Some(application.year)) {
            let sums = years.entry(application.year).or_default();
            sums.get_or_insert_default().take(&application);
        }
    }
    let row = |(year, found)| Row {
        programme: walk.code.to_string(),
        year,
        found,
        reported: MEASURES.map(|measure| facts.count(measure, Some(year), None)),
    };
    let rows: Vec<Row> = years.into_iter().map(row).collect();
    Ok(whole(COLUMNS, &rows))
}

impl Sums {
    fn take(&mut self, application: &Application) {
        self.received += 1;
        match application.state {
            ApplicationState::Granted => self.granted += 1,
            ApplicationState::Rejected => self.rejected += 1,
            ApplicationState::Withdrawn => self.withdrawn += 1,
            ApplicationState::Undecided => self.undecided += 1,
        }
        let add = |sum: &mut Option<i64>, ore: i64| {
            *sum = Some(sum.unwrap_or(0).saturating_add(ore));
        };
        match application.applied_ore {
            Some(ore) => add(&mut self.applied_ore, ore),
            None => self.without_amount.push(application.code.clone()),
        }
        if let Some(ore) = application.granted_ore() {
            add(&mut self.granted_ore, ore);
        }
    }
}
