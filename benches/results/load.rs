//! Many responses, stored as the intake stores a batch, without HTTP before it.

use std::path::Path;
use std::sync::Arc;

use diesel::prelude::*;
use maaltal::accounts::Caller;
use maaltal::clock::{At, Clock};
use maaltal::error::{Error, Result};
use maaltal::ids::{LinkId, QuestionnaireId};
use maaltal::programmes;
use maaltal::store::schema::releases as release_rows;
use maaltal::store::{Conn, Db, Installation, Store};
use maaltal::surveys::answers::{Compiled, added, check};
use maaltal::surveys::intake::{Checked, ResponseId, Verdict};
use maaltal::surveys::{batch, closing, links, questionnaires, ready, releases, tally, versions};
use serde_json::json;
use uuid::Uuid;

/// However many answer: as many schools' classes, half of them before and half after.
pub const LINKS: usize = 40;
/// So many are stored in one transaction.
const BATCH: usize = 1_000;
/// So many links are recounted at the end.
const SAMPLE: usize = 3;

pub struct Loaded {
    pub store: Store,
    pub questionnaire: QuestionnaireId,
    pub now: At,
    /// When every link had all releases but its last.
    pub before_closing: At,
    pub responses: usize,
    pub releases: i64,
    pub recounted: usize,
    pub differences: usize,
}

/// A questionnaire whose links have taken so many responses, and are closed. Each was released as
/// often as it can be while they came, or only once at closing.
pub fn load(folder: &Path, size: usize, once: bool) -> Result<Loaded> {
    let store = open(folder)?;
    store.migrate()?;
    let mut now = Clock::System.now();
    let (questionnaire, links) = seed(&store, now)?;
    let version = Compiled::new(pupils().definition()?).map_err(Error::unexpected)?;
    let version = Arc::new(version);
    let each = size.div_ceil(LINKS);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Error::unexpected)?;
    let mut stored = 0;
    while stored < each {
        // A link releases when so many more have come.
        let step = if once { each } else { (stored / 4 + 1).max(5) };
        let next = each.min(stored + step);
        for link in &links {
            take(&store, &version, *link, next - stored, now)?;
        }
        stored = next;
        now = minute_after(now)?;
        if !once {
            runtime.block_on(releases::release_due(&store, now))?;
        }
    }
    let before_closing = now;
    now = minute_after(now)?;
    for link in &links {
        runtime.block_on(closing::close(&store, None, *link, now))?;
    }
    let mut differences = 0;
    for link in links.iter().step_by(LINKS / SAMPLE).take(SAMPLE) {
        differences += store.read_here(|db| tally::verify_link(db, *link))?.len();
    }
    let releases = store.read_here(count_releases)?;
    let (responses, recounted) = (each * LINKS, SAMPLE);
    Ok(Loaded {
        store,
        questionnaire,
        now,
        before_closing,
        responses,
        releases,
        recounted,
        differences,
    })
}

pub fn open(folder: &Path) -> Result<Store> {
    Store::open_sqlite(folder, 4).map_err(Error::unexpected)
}

fn count_releases(db: &mut Db) -> Result<i64> {
    let Conn::Sqlite(c) = db.conn() else { return Err(Error::unexpected("not SQLite")) };
    let c: &mut SqliteConnection = c;
    Ok(release_rows::table.count().get_result(c)?)
}

fn minute_after(now: At) -> Result<At> {
    At::from_micros(now.micros() + 60_000_000).ok_or(Error::NotFound)
}

/// So many more responses to one link.
fn take(store: &Store, version: &Arc<Compiled>, link: LinkId, count: usize, now: At) -> Result<()> {
    let mut responses = Vec::with_capacity(count);
    for _ in 0..count {
        responses.push(response(version, link, now)?);
    }
    // In the order of the table, so that each of its pages is written once.
    responses.sort_unstable_by_key(|response| response.id);
    for batch in responses.chunks(BATCH) {
        let verdicts = batch::store(&mut store.batches(), batch)?;
        assert!(verdicts.iter().all(|verdict| *verdict == Verdict::Stored), "all are taken");
    }
    Ok(())
}

fn response(version: &Arc<Compiled>, link: LinkId, now: At) -> Result<Checked> {
    let form = Uuid::new_v4();
    let degrees = ["meget_hoej", "hoej", "nogen", "mindre", "slet_ikke", "ved_ikke"];
    let degree = |at: usize| degrees[usize::from(form.as_bytes()[at]) % degrees.len()];
    let given = json!({
        "u_samarbejde": if form.as_bytes()[5].is_multiple_of(4) { "nej" } else { "ja" },
        "u_forstaaelse": degree(0),
        "u_niveau": degree(1),
        "u_motivation": degree(2),
        "u_engagement": degree(3),
        "u_job": degree(4),
    });
    let given = given.as_object().ok_or(Error::NotFound)?;
    let answers = check(version, given).map_err(Error::Invalid)?;
    Ok(Checked {
        link,
        id: ResponseId::of(link, form),
        code: None,
        added: added(version, &answers),
        version: version.clone(),
        answers: String::from_utf8(answers.canonical()).map_err(Error::unexpected)?,
        suspicious: false,
        now,
    })
}

fn pupils() -> &'static ready::Ready {
    ready::ALL.iter().find(|one| one.code == "elever-14-19").expect("it is ready")
}

fn seed(store: &Store, now: At) -> Result<(QuestionnaireId, Vec<LinkId>)> {
    let operator = Caller::Operator;
    let names = json!({ "name_da": "STEM i Nordjylland", "name_en": "STEM in North Jutland" });
    let names = serde_json::from_value(names).map_err(Error::unexpected)?;
    let programme = store.write_here(Installation, |db| {
        programmes::create(db, &operator, "nordjylland", &names, now)
    })?;
    let definition = serde_json::to_value(pupils().definition()?).map_err(Error::unexpected)?;
    let input = json!({ "code": "efter-forloebet", "definition": definition });
    let input = serde_json::from_value(input).map_err(Error::unexpected)?;
    store.write_here(programme, |db| {
        let id = questionnaires::create_in_programme(db, &operator, programme, input, now)?;
        versions::publish(db, &operator, id, 1, now)?;
        let mut made = Vec::with_capacity(LINKS);
        for number in 0..LINKS {
            let wave = if number % 2 == 0 { "before" } else { "after" };
            let class = json!({ "label": format!("{number}.b"), "wave": wave });
            let class = serde_json::from_value(class).map_err(Error::unexpected)?;
            made.push(links::create(db, &operator, id, class, now)?);
        }
        Ok((id, made))
    })
}
