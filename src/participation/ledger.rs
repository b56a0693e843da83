//! One series of counts in memory: what stands, what is put, and what follows from it.
//!
//! **So far.** A count posted as "so far" gives the total up to and including its last day. What
//! is stored is its share: the total less all counts of the series that end before it. The posted
//! total is kept beside it and goes on to hold:
//! - put again with the same total it is unchanged, with another it is corrected;
//! - when a count before it is put, corrected or withdrawn, its share is computed anew, so that
//!   the total stays; a correction that leaves it less than nothing is refused;
//! - put as an ordinary count it is what was put. The total stays known only while it still fits.

use std::collections::{BTreeMap, HashMap};

use chrono::{Days, Months, NaiveDate};

use super::key::Series;
use super::period::{Period, When};
use crate::error::Fault;
use crate::ids::{CountId, ProjectId};

/// How far ahead a period may end: a school or project year that has just begun ends within one.
const AHEAD: Months = Months::new(24);

/// The figures of gender, in their order.
pub const GENDERS: [&str; 3] = ["women", "men", "other_gender"];

/// How many took part. What is said about gender is part of the participants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    pub participants: i32,
    /// As [`GENDERS`]; none where not said.
    pub genders: [Option<i32>; 3],
}

/// A count that somebody wants to stand.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub project: ProjectId,
    pub series: Series,
    pub when: When,
    /// Where a count "so far" starts that has nothing before it.
    pub project_start: Option<NaiveDate>,
    /// As posted: of the period, or so far.
    pub figures: Figures,
    pub so_far: bool,
    pub note: Option<String>,
    /// Codes that a new count can't be put on any more.
    pub retired: Vec<Fault>,
}

/// What a version says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    pub figures: Figures,
    pub so_far: Option<i32>,
    pub note: Option<String>,
    pub withdrawn: bool,
}

/// A count as it stands in the database.
#[derive(Debug, Clone)]
pub struct Stored {
    pub id: CountId,
    pub number: i32,
    pub period: Period,
    pub state: State,
}

/// What becomes of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Created,
    Corrected,
    Unchanged,
    /// Nobody put it: its share of a total "so far" is another than before.
    Adjusted,
    Withdrawn,
}

#[derive(Debug)]
pub struct Change {
    /// The row that put it.
    pub row: Option<usize>,
    pub stored: Option<Stored>,
    pub period: Period,
    pub state: State,
    pub fate: Fate,
}

struct Entry {
    stored: Option<Stored>,
    period: Period,
    state: State,
    /// The totals of gender that were posted "so far".
    totals: [Option<i64>; 3],
    put: Option<(usize, Wanted)>,
}

#[derive(Default)]
pub struct Ledger {
    entries: Vec<Entry>,
    by_period: HashMap<Period, usize>,
    /// Those that are not withdrawn, by their last day. They don't overlap, so that this is the
    /// order of their first days too.
    active: BTreeMap<NaiveDate, usize>,
}

/// The sum of what stands before.
struct Sum {
    participants: i64,
    /// None where one of the counts doesn't say.
    genders: [Option<i64>; 3],
}

impl Sum {
    const NOTHING: Sum = Sum { participants: 0, genders: [Some(0); 3] };

    fn add(&mut self, figures: &Figures) {
        self.participants += i64::from(figures.participants);
        for (sum, figure) in self.genders.iter_mut().zip(figures.genders) {
            // Of nobody, nobody is a woman.
            let figure = figure.or((figures.participants == 0).then_some(0));
            *sum = sum.zip(figure).map(|(sum, figure)| sum + i64::from(figure));
        }
    }
}

impl Ledger {
    pub fn of(stored: Vec<Stored>) -> Ledger {
        let mut ledger = Ledger::default();
        for stored in stored {
            let period = stored.period;
            let state = stored.state.clone();
            ledger.add(Entry { stored: Some(stored), period, state, totals: [None; 3], put: None });
        }
        let mut before = Sum::NOTHING;
        for &index in ledger.active.values() {
            let Some(entry) = ledger.entries.get_mut(index) else { continue };
            let own = entry.state.figures.genders;
            for (total, (own, before)) in
                entry.totals.iter_mut().zip(own.into_iter().zip(before.genders))
            {
                *total = own.map(|own| before.unwrap_or(0) + i64::from(own));
            }
            before.add(&entry.state.figures);
        }
        ledger
    }

    fn add(&mut self, entry: Entry) {
        let index = self.entries.len();
        self.by_period.insert(entry.period, index);
        if !entry.state.withdrawn {
            self.active.insert(entry.period.end(), index);
        }
        self.entries.push(entry);
    }

    /// Puts one row. Rows are put in the order of their last days.
    pub fn put(&mut self, row: usize, wanted: Wanted, today: NaiveDate) -> Result<(), Vec<Fault>> {
        let period = self.period_of(&wanted).map_err(|fault| vec![fault])?;
        let index = self.by_period.get(&period).copied();
        if let Some(entry) = index.and_then(|index| self.entries.get(index))
            && entry.put.is_some()
        {
            return Err(vec![Fault::at("", "twice")]);
        }
        let mut faults = Vec::new();
        if index.is_none() {
            faults.extend(wanted.retired.iter().cloned());
        }
        if period.start() > today {
            faults.push(Fault::at("/period", "in_the_future").with("today", today));
        }
        if today.checked_add_months(AHEAD).is_some_and(|latest| period.end() > latest) {
            faults.push(Fault::at("/period", "too_far_ahead"));
        }
        if let Some(other) = self.overlapping(period) {
            let fault = Fault::at("/period", "overlap").with("from", other.start());
            faults.push(fault.with("to", other.end()));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        match index.and_then(|index| Some((index, self.entries.get_mut(index)?))) {
            Some((index, entry)) => {
                entry.state.withdrawn = false;
                entry.put = Some((row, wanted));
                self.active.insert(period.end(), index);
            }
            None => self.add(Entry {
                stored: None,
                period,
                state: State::default(),
                totals: [None; 3],
                put: Some((row, wanted)),
            }),
        }
        Ok(())
    }

    fn period_of(&self, wanted: &Wanted) -> Result<Period, Fault> {
        let end = match wanted.when {
            When::During(period) => return Ok(period),
            When::UpTo(end) => end,
        };
        let ending = |index: &usize| self.entries.get(*index).map(|entry| entry.period);
        if let Some(period) = self.active.get(&end).and_then(ending) {
            return Ok(period);
        }
        let before = self.active.range(..end).next_back().map(|(day, _)| *day);
        let start = before.and_then(|day| day.checked_add_days(Days::new(1)));
        let start = start
            .or(wanted.project_start)
            .ok_or_else(|| Fault::at("/period/start", "project_start_unknown"))?;
        Period::new(start, end).ok_or_else(|| Fault::at("/period/end", "period_backwards"))
    }

    fn overlapping(&self, period: Period) -> Option<Period> {
        let (_, &index) = self.active.range(period.start()..).next()?;
        let other = self.entries.get(index)?.period;
        (other != period && other.start() <= period.end()).then_some(other)
    }

    /// Takes a count out: it is kept, and no longer counted.
    pub fn withdraw(&mut self, id: CountId) {
        let is = |entry: &&mut Entry| entry.stored.as_ref().is_some_and(|stored| stored.id == id);
        if let Some(entry) = self.entries.iter_mut().find(is) {
            entry.state.withdrawn = true;
            self.active.remove(&entry.period.end());
        }
    }

    /// Works out the share of every count "so far", and what can't be: the row that is to blame,
    /// and why.
    pub fn settle(&mut self) -> Vec<(usize, Fault)> {
        let mut faults = Vec::new();
        let mut before = Sum::NOTHING;
        let mut latest_row = 0;
        for &index in self.active.values() {
            let Some(entry) = self.entries.get_mut(index) else { continue };
            match &entry.put {
                Some((row, wanted)) => {
                    latest_row = *row;
                    match put_state(wanted, entry.stored.as_ref(), &before) {
                        Ok(state) => entry.state = state,
                        Err(all) => faults.extend(all.into_iter().map(|fault| (*row, fault))),
                    }
                }
                None => {
                    if let Some(total) = entry.state.so_far {
                        match share(i64::from(total), entry.totals, &before) {
                            Ok(figures) => entry.state.figures = figures,
                            Err(_) => {
                                let fault = Fault::at("/participants", "against_so_far")
                                    .with("to", entry.period.end())
                                    .with("total", total);
                                faults.push((latest_row, fault));
                            }
                        }
                    }
                }
            }
            before.add(&entry.state.figures);
        }
        faults
    }

    /// Every count that was put, and every other that is not as it was.
    pub fn changes(self) -> impl Iterator<Item = Change> {
        self.entries.into_iter().filter_map(|entry| {
            let same = entry.stored.as_ref().is_some_and(|stored| stored.state == entry.state);
            let fate = match (&entry.stored, &entry.put) {
                (None, _) => Fate::Created,
                (Some(_), Some(_)) if same => Fate::Unchanged,
                (Some(_), Some(_)) => Fate::Corrected,
                (Some(_), None) if same => return None,
                (Some(_), None) if entry.state.withdrawn => Fate::Withdrawn,
                (Some(_), None) => Fate::Adjusted,
            };
            let row = entry.put.map(|(row, _)| row);
            Some(Change {
                row,
                stored: entry.stored,
                period: entry.period,
                state: entry.state,
                fate,
            })
        })
    }
}

fn put_state(wanted: &Wanted, stored: Option<&Stored>, before: &Sum) -> Result<State, Vec<Fault>> {
    let note = wanted.note.clone();
    let posted = wanted.figures;
    if wanted.so_far {
        let totals = posted.genders.map(|figure| figure.map(i64::from));
        let figures = share(i64::from(posted.participants), totals, before)?;
        let so_far = Some(posted.participants);
        return Ok(State { figures, so_far, note, withdrawn: false });
    }
    let fits =
        |total: &i32| i64::from(*total) == before.participants + i64::from(posted.participants);
    let standing = stored.filter(|stored| !stored.state.withdrawn);
    let so_far = standing.and_then(|stored| stored.state.so_far).filter(fits);
    Ok(State { figures: posted, so_far, note, withdrawn: false })
}

/// What is left of a total when everything before it is taken away.
fn share(total: i64, genders: [Option<i64>; 3], before: &Sum) -> Result<Figures, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut left = |pointer: String, total: i64, before: i64| {
        let figure = i32::try_from(total - before).ok().filter(|figure| *figure >= 0);
        if figure.is_none() {
            let fault = Fault::at(pointer, "below_so_far").with("total", total);
            faults.push(fault.with("standing", before));
        }
        figure
    };
    let mut figures = Figures::default();
    if let Some(figure) = left("/participants".to_string(), total, before.participants) {
        figures.participants = figure;
    }
    let mut unknown = Vec::new();
    for (index, name) in GENDERS.iter().enumerate() {
        let (Some(Some(total)), Some(sum)) = (genders.get(index), before.genders.get(index)) else {
            continue;
        };
        let figure = match sum {
            Some(before) => left(format!("/{name}"), *total, *before),
            None => {
                unknown.push(Fault::at(format!("/{name}"), "no_figure_before"));
                None
            }
        };
        if let Some(slot) = figures.genders.get_mut(index) {
            *slot = figure;
        }
    }
    faults.extend(unknown);
    if faults.is_empty() && !genders_fit(&figures) {
        faults.push(Fault::at("/participants", "gender_sum"));
    }
    if faults.is_empty() { Ok(figures) } else { Err(faults) }
}

/// Women, men and others are part of the participants.
pub fn genders_fit(figures: &Figures) -> bool {
    let sum: i64 = figures.genders.iter().flatten().map(|figure| i64::from(*figure)).sum();
    sum <= i64::from(figures.participants)
}

#[cfg(test)]
mod tests;
