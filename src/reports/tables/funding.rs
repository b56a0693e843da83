//! The table `funding`: what was granted each year, by kind of round, beside the year's envelope.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::catalogue::Kind::{Integer, Money, Text, Year};
use super::catalogue::{Column, Page, Table, Walk, abouts, column, summed, whole};
use super::facts::Facts;
use super::portfolio::Portfolio;
use crate::error::Result;
use crate::programmes::reported_facts::{FactDimension, measures};
use crate::programmes::rounds::{self, Round};
use crate::reports::cell::Cell;
use crate::store::Db;

pub const TABLE: Table = Table {
    version: 1,
    about: "\
What was granted each year, by the kind of round that it came from, beside the year's budget
envelope. The year is the round's where a grant names one, and else the project's. Columns that
start with `reported_` are what a report prints: beside the computed figures and never mixed with
them. A year for which there are only printed figures has a row too.",
    takes_year: true,
    columns: || abouts(COLUMNS),
    page,
};

/// The kinds that have a column of their own.
const KINDS: [&str; 3] = ["prioritised", "open", "small_grants"];

#[derive(Default)]
struct Row {
    programme: String,
    year: Option<i32>,
    sums: Sums,
    envelope: Option<i64>,
    cumulated: Option<i64>,
    reported_envelope: Option<Cell>,
    reported: [Option<Cell>; 3],
    reported_cumulated: Option<Cell>,
}

/// What was granted, in øre; none where nothing is known.
#[derive(Default, Clone)]
struct Sums {
    granted: Option<i64>,
    by_kind: [Option<i64>; 3],
    other_kinds: Option<i64>,
    without_round: Option<i64>,
    without_amount: BTreeSet<String>,
}

const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column("year", Year, "The year; empty for projects whose year is not known.", |row| {
        row.year.into()
    }),
    summed(
        "envelope_dkk",
        Money,
        "The budget envelopes of the year's rounds, added up; empty where none is known.",
        |row| money(row.envelope),
    ),
    summed("prioritised_dkk", Money, "Granted in rounds of the kind `prioritised`.", |row| {
        money(row.sums.by_kind[0])
    }),
    summed("open_dkk", Money, "Granted in rounds of the kind `open`.", |row| {
        money(row.sums.by_kind[1])
    }),
    summed("small_grants_dkk", Money, "Granted in rounds of the kind `small_grants`.", |row| {
        money(row.sums.by_kind[2])
    }),
    summed("other_kinds_dkk", Money, "Granted in rounds of any other kind.", |row| {
        money(row.sums.other_kinds)
    }),
    summed("without_round_dkk", Money, "Granted, and it is not known in which round.", |row| {
        money(row.sums.without_round)
    }),
    summed(
        "granted_dkk",
        Money,
        "Granted in all, exact to the øre: the five columns before, added up. Empty where no grant \
         of the year is known.",
        |row| money(row.sums.granted),
    ),
    column("cumulated_dkk", Money, "`granted_dkk` of this year and all before.", |row| {
        money(row.cumulated)
    }),
    summed(
        "projects_without_amount",
        Integer,
        "Projects of the year whose grant is not known: in no amount.",
        |row| row.sums.without_amount.len().into(),
    ),
    column("without_amount", Text, "Their codes, with `|` between.", |row| {
        Cell::several(&row.sums.without_amount)
    }),
    summed("reported_envelope_dkk", Money, "The envelope, as a report prints it.", |row| {
        shown(&row.reported_envelope)
    }),
    summed("reported_prioritised_dkk", Money, "Granted in prioritised rounds, printed.", |row| {
        shown(&row.reported[0])
    }),
    summed("reported_open_dkk", Money, "Granted in open rounds, printed.", |row| {
        shown(&row.reported[1])
    }),
    summed("reported_small_grants_dkk", Money, "Granted as small grants, printed.", |row| {
        shown(&row.reported[2])
    }),
    column("reported_cumulated_dkk", Money, "Granted up to and with the year, printed.", |row| {
        shown(&row.reported_cumulated)
    }),
];

fn money(ore: Option<i64>) -> Cell {
    ore.map_or(Cell::Empty, Cell::Money)
}

fn shown(cell: &Option<Cell>) -> Cell {
    cell.clone().unwrap_or(Cell::Empty)
}

fn page(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let Portfolio { projects, .. } = Portfolio::load(db, walk)?;
    let facts = Facts::load(db, walk)?;
    let mut rounds = rounds::all(db, walk.programme, walk.as_of)?;
    rounds.retain(|round| walk.is_up_to(Some(round.year)));
    let by_code: BTreeMap<&str, &Round> =
        rounds.iter().map(|round| (round.code.as_str(), round)).collect();
    // Those without a year stand last.
    let mut years: BTreeMap<(bool, Option<i32>), Sums> = BTreeMap::new();
    let key = |year: Option<i32>| (year.is_none(), year);
    for project in &projects {
        if project.grants.is_empty() {
            let sums = years.entry(key(project.year)).or_default();
            sums.without_amount.insert(project.code.clone());
        }
        for grant in &project.grants {
            let round = grant.round.as_deref().and_then(|code| by_code.get(code));
            let year = round.map(|round| round.year).or(project.year);
            let sums = years.entry(key(year)).or_default();
            sums.add(round.map(|round| round.kind.as_str()), grant.amount_ore);
        }
    }
    let told = [measures::ENVELOPE, measures::GRANTED, measures::GRANTED_CUMULATED];
    for year in rounds.iter().map(|round| round.year).chain(facts.years(&told)) {
        years.entry(key(Some(year))).or_default();
    }
    let mut cumulated: Option<i64> = None;
    let mut rows = Vec::with_capacity(years.len());
    for ((_, year), sums) in years {
        if let Some(granted) = sums.granted {
            cumulated = Some(cumulated.unwrap_or(0).saturating_add(granted));
        }
        let own = rounds.iter().filter(|round| Some(round.year) == year);
        let envelope = own.filter_map(|round| round.envelope_ore).reduce(i64::saturating_add);
        let told = |measure: &str| year.map(|year| facts.money(measure, Some(year), None));
        let of_kind = |kind: &str| {
            let part = Some((FactDimension::RoundKind, kind));
            year.map(|year| facts.money(measures::GRANTED, Some(year), part))
        };
        rows.push(Row {
            programme: walk.code.to_string(),
            year,
            sums,
            envelope,
            cumulated,
            reported_envelope: told(measures::ENVELOPE),
            reported: KINDS.map(of_kind),
            reported_cumulated: told(measures::GRANTED_CUMULATED),
        });
    }
    Ok(whole(COLUMNS, &rows))
}

impl Sums {
    fn add(&mut self, kind: Option<&str>, ore: i64) {
        let own = match kind {
            None => &mut self.without_round,
            Some(kind) => match KINDS.iter().position(|one| *one == kind) {
                Some(place) => &mut self.by_kind[place],
                None => &mut self.other_kinds,
            },
        };
        *own = Some(own.unwrap_or(0).saturating_add(ore));
        self.granted = Some(self.granted.unwrap_or(0).saturating_add(ore));
    }
}
