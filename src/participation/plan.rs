//! Many counts at once, however they came: decided in memory, then written in few statements.

use std::collections::HashMap;

use super::ledger::{Change, Fate, Ledger, Stored, Wanted};
use super::rows::{self, CountRow, VersionRow, Writes};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{CountId, ProgrammeId, ProjectId, UserId, VersionId};
use crate::projects::locks::{self, Closed};
use crate::store::Db;

/// What will have been done when it is carried out.
#[derive(Default)]
pub struct Plan {
    /// Per row that was put: which count it is, and what became of it.
    pub placed: Vec<(CountId, Fate)>,
    /// Counts "so far" that nobody put and whose share is another now.
    pub adjusted: usize,
    writes: Writes,
    events: Vec<Event>,
}

/// Who does it, and when.
#[derive(Clone, Copy)]
pub struct Stamp {
    pub programme: ProgrammeId,
    pub actor: Option<UserId>,
    pub now: At,
}

/// Works out what becomes of each row, or all that is wrong with any of them: the row's place
/// among the wanted, and a fault that points into it. Writes nothing.
pub fn plan(db: &mut Db, stamp: Stamp, wanted: Vec<Wanted>) -> Result<(Plan, Vec<(usize, Fault)>)> {
    let rows = wanted.len();
    let mut queue: Vec<(ProjectId, String, usize, Wanted)> = wanted
        .into_iter()
        .enumerate()
        .map(|(row, wanted)| (wanted.project, wanted.series.key(None), row, wanted))
        .collect();
    // A total "so far" stands on what ends before it, so the order in a file can't matter.
    queue.sort_by(|a, b| (a.0, &a.1, a.3.when.end(), a.2).cmp(&(b.0, &b.1, b.3.when.end(), b.2)));
    let mut standing = standing(db, &queue)?;
    let mut projects: Vec<ProjectId> = queue.iter().map(|entry| entry.0).collect();
    projects.dedup();
    let closed = locks::closed_in(db, &projects, stamp.now)?;

    let mut plan = Plan::default();
    plan.placed.resize(rows, (CountId(uuid::Uuid::nil()), Fate::Unchanged));
    let mut faults = Vec::new();
    let mut queue = queue.into_iter().peekable();
    while let Some((project, series, row, wanted)) = queue.next() {
        let key = (project, series);
        let parts = wanted.series;
        let mut ledger = Ledger::of(standing.remove(&key).unwrap_or_default());
        let mut put = |row, wanted| {
            if let Err(all) = ledger.put(row, wanted, stamp.now.day()) {
                faults.extend(all.into_iter().map(|fault| (row, fault)));
            }
        };
        put(row, wanted);
        while let Some((_, _, row, wanted)) =
            queue.next_if(|next| (next.0, &next.1) == (key.0, &key.1))
        {
            put(row, wanted);
        }
        faults.extend(ledger.settle());
        let changes: Vec<Change> = ledger.changes().collect();
        if let Some(closed) = closed.get(&key.0) {
            faults.extend(locked(&changes, closed));
        }
        for change in changes {
            plan.add(change, stamp, |id, period| CountRow {
                id,
                programme_id: stamp.programme,
                project_id: key.0,
                natural_key: parts.key(Some(period)),
                series_key: key.1.clone(),
                activity_id: parts.activity,
                organisation_id: parts.organisation,
                period_start: period.start(),
                period_end: period.end(),
                role_id: parts.role,
                education_level_id: parts.education_level,
                counting: parts.counting,
                created_at: stamp.now,
            });
        }
    }
    faults.sort_by_key(|(row, _)| *row);
    Ok((plan, faults))
}

/// What would change in a locked period, and which row would do it. What says what it said before
/// changes nothing; a total "so far" changes with what is put before it.
fn locked<'a>(
    changes: &'a [Change],
    closed: &'a Closed,
) -> impl Iterator<Item = (usize, Fault)> + 'a {
    let blamed = |change: &Change| {
        let before =
            |one: &&Change| one.fate != Fate::Unchanged && one.period.end() < change.period.start();
        let put = changes.iter().filter(before).filter(|one| one.row.is_some());
        put.max_by_key(|one| one.period.end()).and_then(|one| one.row)
    };
    changes.iter().filter(|change| change.fate != Fate::Unchanged).filter_map(move |change| {
        let fault = closed.fault(change.period.start(), change.period.end(), "/period")?;
        Some((change.row.or_else(|| blamed(change)).unwrap_or(0), fault))
    })
}

/// Withdraws one count; later totals "so far" of its series go on to hold.
pub fn plan_withdrawal(db: &mut Db, stamp: Stamp, count: &CountRow, reason: &str) -> Result<Plan> {
    let series = count.series().key(None);
    let found = rows::standing(db, count.project_id, &[&series])?;
    let mut ledger = Ledger::of(found.into_iter().map(|(_, _, stored)| stored).collect());
    ledger.withdraw(count.id);
    if let Some((_, fault)) = ledger.settle().pop() {
        return Err(fault.into());
    }
    let changes: Vec<Change> = ledger.changes().collect();
    let closed = locks::closed(db, count.project_id, stamp.now)?;
    let faults: Vec<Fault> = locked(&changes, &closed).map(|(_, fault)| fault).collect();
    if !faults.is_empty() {
        return Err(Error::Locked(Faults(faults)));
    }
    let mut plan = Plan::default();
    for change in changes {
        plan.add(change, stamp, |_, _| count.clone());
    }
    for version in plan.writes.versions.iter_mut().filter(|version| version.withdrawn) {
        version.reason = Some(reason.to_string());
    }
    for event in plan.events.iter_mut().filter(|event| event.action == WITHDRAWN) {
        event.reason = Some(reason.to_string());
    }
    Ok(plan)
}

const WITHDRAWN: &str = "count.withdrawn";

fn standing(
    db: &mut Db,
    queue: &[(ProjectId, String, usize, Wanted)],
) -> Result<HashMap<(ProjectId, String), Vec<Stored>>> {
    let mut found: HashMap<(ProjectId, String), Vec<Stored>> = HashMap::new();
    for project in queue.chunk_by(|a, b| a.0 == b.0) {
        let Some((id, ..)) = project.first() else { continue };
        let mut series: Vec<&str> = project.iter().map(|entry| entry.1.as_str()).collect();
        series.dedup();
        for (project, series, stored) in rows::standing(db, *id, &series)? {
            found.entry((project, series)).or_default().push(stored);
        }
    }
    Ok(found)
}

impl Plan {
    fn add(
        &mut self,
        change: Change,
        stamp: Stamp,
        new: impl FnOnce(CountId, super::period::Period) -> CountRow,
    ) {
        let (id, number) = match &change.stored {
            Some(stored) => (stored.id, stored.number + 1),
            None => (CountId::new(), 1),
        };
        if let Some(place) = change.row.and_then(|row| self.placed.get_mut(row)) {
            *place = (id, change.fate);
        }
        let action = match change.fate {
            Fate::Unchanged => return,
            Fate::Created => {
                self.writes.counts.push(new(id, change.period));
                "count.created"
            }
            Fate::Corrected => "count.corrected",
            Fate::Adjusted => {
                self.adjusted += 1;
                "count.adjusted"
            }
            Fate::Withdrawn => WITHDRAWN,
        };
        if change.stored.is_some() {
            self.writes.superseded.push(id);
        }
        let version = VersionId::new();
        let [women, men, other_gender] = change.state.figures.genders;
        self.events.push(Event::new(action, id).version(version));
        self.writes.versions.push(VersionRow {
            id: version,
            count_id: id,
            number,
            participants: change.state.figures.participants,
            women,
            men,
            other_gender,
            so_far: change.state.so_far,
            note: change.state.note,
            withdrawn: change.state.withdrawn,
            reason: None,
            recorded_at: stamp.now,
            recorded_by: stamp.actor,
            superseded_at: None,
        });
    }

    pub fn how_many(&self, fate: Fate) -> usize {
        self.placed.iter().filter(|(_, one)| *one == fate).count()
    }

    /// Writes it, and the trail of it.
    pub fn carry_out(&self, db: &mut Db, stamp: Stamp) -> Result<()> {
        if db.held() != Some(stamp.programme.into()) {
            return Err(Error::unexpected("counts written outside of their programme's lock"));
        }
        rows::write(db, &self.writes, stamp.now)?;
        audit::record_all(db, stamp.actor, stamp.now, &self.events)
    }
}
