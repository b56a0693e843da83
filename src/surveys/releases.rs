//! Releases: dated, immutable pictures of a link's tallies. All that is shown of answers is made
//! of them, by [`release`](super::release).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

pub use super::release_check::{Wrong, verify};

use super::editions::{Edition, Editions};
use super::link_state::Stage;
use super::release::{Place, Plan, Release, Snapshot, TableKey, Threshold, due};
use super::rows::links::LinkRow;
use super::rows::releases::{ReleaseRow, SoFarRow, Whose};
use super::tally::{self, Source};
use super::{release_json, rows};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{LinkId, ProgrammeId, QuestionnaireId};
use crate::programmes;
use crate::store::{AsOf, Db, Store};

/// Writes the releases that are due, over the whole installation.
pub async fn release_due(store: &Store, now: At) -> Result<()> {
    release_due_of(store, Whose::Everybody, now).await
}

/// Writes the releases of these links that are due, so that who asks for results need not wait.
pub(super) async fn release_due_of(store: &Store, whose: Whose, now: At) -> Result<()> {
    for (questionnaire, links) in store.read(move |db| due_links(db, whose)).await? {
        store.write(questionnaire, move |db| release(db, questionnaire, &links, now)).await?;
    }
    Ok(())
}

/// The fewest answers that what is released from now on shows together.
pub(super) fn threshold(db: &mut Db, programme: ProgrammeId) -> Result<Threshold> {
    Ok(of_programme(&programmes::thresholds(db)?, programme))
}

fn of_programme(all: &HashMap<ProgrammeId, i32>, programme: ProgrammeId) -> Threshold {
    let found = all.get(&programme).and_then(|k| Threshold::new((*k).into()));
    found.unwrap_or_default()
}

/// The open links that are to give a release, by questionnaire.
fn due_links(db: &mut Db, whose: Whose) -> Result<BTreeMap<QuestionnaireId, Vec<LinkId>>> {
    let mut links = rows::releases::links_of(db, whose)?;
    links.retain(|link| link.state == Stage::Open);
    let ids: Vec<LinkId> = links.iter().map(|link| link.id).collect();
    let mut totals: HashMap<LinkId, (i64, i64)> = HashMap::new();
    for batch in ids.chunks(500) {
        for (link, source, n) in rows::tallies::totals(db, batch)? {
            let (answered, paper) = totals.entry(link).or_default();
            *if source == Source::Paper { paper } else { answered } += n;
        }
    }
    let mut last: HashMap<LinkId, SoFarRow> = HashMap::new();
    for row in rows::releases::so_far(db, &ids, AsOf::NOW)? {
        last.insert(row.link_id, row);
    }
    let thresholds = programmes::thresholds(db)?;
    let mut found: BTreeMap<QuestionnaireId, Vec<LinkId>> = BTreeMap::new();
    for link in links {
        let Some((answered, paper)) = totals.get(&link.id) else { continue };
        let before = last.get(&link.id).map(outline);
        let threshold = of_programme(&thresholds, link.programme_id);
        if due(threshold, before.as_ref(), *answered, *paper, false) {
            found.entry(link.questionnaire_id).or_default().push(link.id);
        }
    }
    Ok(found)
}

/// As much of a release as tells whether another is due.
fn outline(row: &SoFarRow) -> Release {
    Release {
        link: row.link_id,
        number: row.number.unsigned_abs(),
        recorded_at: At::END,
        closing: row.closing,
        threshold: Threshold::default(),
        place: Place { organisation: None, level: None, wave: String::new() },
        plan: Arc::default(),
        answered: Snapshot::new(row.n - row.paper),
        paper: Snapshot::new(row.paper),
    }
}

/// Writes a release of each of these links that is due; of a closed one it is the last. Under the
/// lock of the questionnaire's programme, so that releases of a questionnaire follow each other.
pub fn release(
    db: &mut Db,
    questionnaire: QuestionnaireId,
    links: &[LinkId],
    now: At,
) -> Result<()> {
    Writer::load(db, questionnaire, now)?.write_all(db, links)
}

/// What the releases of one moment have in common.
struct Writer {
    editions: Editions,
    crossings: Vec<Crossing>,
    threshold: Threshold,
    recorded_at: At,
}

impl Writer {
    fn load(db: &mut Db, questionnaire: QuestionnaireId, now: At) -> Result<Writer> {
        let editions = Editions::load(db, questionnaire, AsOf::NOW)?;
        let crossings = crossings(db, questionnaire)?;
        // One moment is one transaction, and no later one stands before an earlier.
        let last = rows::releases::last_recorded(db, questionnaire, AsOf::NOW)?;
        let next = last.and_then(|last| At::from_micros(last.micros() + 1));
        let recorded_at = next.map_or(now, |next| next.max(now));
        let row = rows::questionnaires::find(db, questionnaire)?.ok_or(Error::NotFound)?;
        let threshold = threshold(db, row.programme_id)?;
        Ok(Writer { editions, crossings, threshold, recorded_at })
    }

    fn write_all(&self, db: &mut Db, links: &[LinkId]) -> Result<()> {
        let mut last: HashMap<LinkId, SoFarRow> = HashMap::new();
        for row in rows::releases::so_far(db, links, AsOf::NOW)? {
            last.insert(row.link_id, row);
        }
        for id in links {
            let link = rows::links::find(db, *id)?.ok_or(Error::NotFound)?;
            self.write(db, &link, last.get(id))?;
        }
        Ok(())
    }

    fn write(&self, db: &mut Db, link: &LinkRow, before: Option<&SoFarRow>) -> Result<()> {
        let edition = self.editions.all().iter().find(|one| one.id == link.version_id);
        let edition = edition.ok_or(Error::NotFound)?;
        let plan = self.editions.plan(edition, &self.crossings);
        let (answered, paper) = snapshots(db, &self.editions, link.id, edition, &plan)?;
        let closing = link.state == Stage::Closed;
        // Until then it may be corrected.
        let paper = if closing { paper } else { Snapshot::default() };
        let threshold = self.threshold;
        let previous = before.map(outline);
        if !due(threshold, previous.as_ref(), answered.n, paper.n, closing) {
            return Ok(());
        }
        let row = ReleaseRow {
            link_id: link.id,
            number: before.map_or(1, |before| before.number + 1),
            recorded_at: self.recorded_at,
            closing,
            threshold: i32::try_from(threshold.get()).map_err(Error::unexpected)?,
            organisation_id: link.organisation_id,
            education_level_id: link.education_level_id,
            wave: link.wave.clone(),
            n: answered.n + paper.n,
            paper: paper.n,
            plan: release_json::write_plan(&plan)?,
            tally: release_json::write_tally(&answered, &paper)?,
        };
        rows::releases::insert(db, &row)?;
        audit::record(db, None, self.recorded_at, Event::new("link.released", link.id))
    }
}

/// Base question, options in the base, and question.
pub(super) type Crossing = (String, BTreeSet<String>, String);

/// The pairs that a questionnaire tallies crossed.
pub(super) fn crossings(db: &mut Db, questionnaire: QuestionnaireId) -> Result<Vec<Crossing>> {
    let mut crossings = Vec::new();
    for row in rows::tallies::crossings(db, &[questionnaire])? {
        let options: BTreeSet<String> =
            serde_json::from_value(row.base_options).map_err(Error::unexpected)?;
        crossings.push((row.base_question, options, row.question));
    }
    Ok(crossings)
}

/// What a link was answered with, and what was typed in from paper.
pub(super) fn snapshots(
    db: &mut Db,
    editions: &Editions,
    link: LinkId,
    edition: &Edition,
    plan: &Plan,
) -> Result<(Snapshot, Snapshot)> {
    let (mut answered, mut paper) = (Snapshot::default(), Snapshot::default());
    // A pair is crossed from the release on that has it, though nobody may be in it yet.
    for key in plan.tables().filter(|key| matches!(key, TableKey::Crossed { .. })) {
        answered.tables.entry(key).or_default();
    }
    for (source, cells) in tally::of_link(db, link)? {
        let snapshot = match source {
            Source::Response | Source::Reduced => &mut answered,
            Source::Paper => &mut paper,
        };
        for (cell, count) in cells {
            if cell == tally::everybody() {
                snapshot.n += count;
                continue;
            }
            let Some(question) = editions.variant(edition, &cell.question) else {
                continue;
            };
            let base = match &cell.base {
                None => None,
                Some((base, option)) => match editions.variant(edition, base) {
                    Some(base) => Some((base, option)),
                    None => continue,
                },
            };
            let base = base.as_ref().map(|(base, option)| (base.as_str(), option.as_str()));
            snapshot.add(plan, base, &question, &cell.option, i128::from(count));
        }
    }
    Ok((answered, paper))
}
