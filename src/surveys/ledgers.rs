//! Ledgers, kept in memory as long as they are asked for: made anew, each would take as long as
//! the questionnaire was released often.

use std::sync::{Arc, Mutex, PoisonError};

use super::release::{Ledger, Place, Release, Threshold};
use super::{release_json, rows};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::QuestionnaireId;
use crate::store::{AsOf, Db};

/// So many blocks are kept of all ledgers together, each some kilobytes; one ledger is kept
/// however large it is.
const BLOCKS: usize = 5_000;

/// Ledgers by questionnaire and the moment of the newest release in them, the latest used last.
/// Releases are only ever added, and later ones at a later moment, so that is all that a ledger
/// depends on; which release is the newest is asked of the database each time.
#[derive(Default)]
struct Ledgers(Mutex<Vec<Kept>>);

#[derive(Clone)]
struct Kept {
    questionnaire: QuestionnaireId,
    newest: At,
    ledger: Arc<Ledger>,
}

impl Ledgers {
    /// The one that has all releases up to that moment, or as many of them as any has.
    fn nearest(&self, questionnaire: QuestionnaireId, newest: At) -> Option<Kept> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |kept: &Kept| kept.questionnaire == questionnaire && kept.newest <= newest;
        let found = all.iter().enumerate().filter(|(_, kept)| fits(kept));
        let (at, _) = found.max_by_key(|(_, kept)| kept.newest)?;
        let kept = all.remove(at);
        all.push(kept.clone());
        Some(kept)
    }

    fn keep(&self, new: Kept) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|kept| (kept.questionnaire, kept.newest) != (new.questionnaire, new.newest));
        all.push(new);
        let mut size: usize = all.iter().map(|kept| kept.ledger.size()).sum();
        while size > BLOCKS && all.len() > 1 {
            size -= all.remove(0).ledger.size();
        }
    }
}

/// All that was released of a questionnaire by then, and how it may be seen.
pub(super) fn of(db: &mut Db, questionnaire: QuestionnaireId, as_of: AsOf) -> Result<Arc<Ledger>> {
    let newest = rows::releases::last_recorded(db, questionnaire, as_of)?;
    let Some(newest) = newest else { return Ok(Arc::default()) };
    let ledgers = db.memory::<Ledgers>();
    let before = ledgers.as_ref().and_then(|all| all.nearest(questionnaire, newest));
    if let Some(kept) = before.as_ref().filter(|kept| kept.newest == newest) {
        return Ok(kept.ledger.clone());
    }
    let after = before.as_ref().map(|kept| kept.newest);
    let mut ledger = before.map(|kept| Ledger::clone(&kept.ledger)).unwrap_or_default();
    ledger.append(released(db, questionnaire, after, newest)?);
    let ledger = Arc::new(ledger);
    if let Some(ledgers) = ledgers {
        ledgers.keep(Kept { questionnaire, newest, ledger: ledger.clone() });
    }
    Ok(ledger)
}

/// The releases after one moment, up to another.
fn released(
    db: &mut Db,
    questionnaire: QuestionnaireId,
    after: Option<At>,
    until: At,
) -> Result<Vec<Release>> {
    let mut releases = Vec::new();
    let mut last_plan = None;
    for row in rows::releases::of_questionnaire(db, questionnaire, after, until)? {
        // One plan stands for many releases.
        let plan = match last_plan.take() {
            Some((json, plan)) if json == row.plan => plan,
            _ => Arc::new(release_json::read_plan(&row.plan)?),
        };
        let (answered, paper) = release_json::read_tally(&row.tally)?;
        releases.push(Release {
            link: row.link_id,
            number: row.number.unsigned_abs(),
            recorded_at: row.recorded_at,
            closing: row.closing,
            threshold: Threshold::new(row.threshold.into())
                .ok_or_else(|| Error::unexpected("a release below every threshold"))?,
            place: Place {
                organisation: row.organisation_id,
                level: row.education_level_id,
                wave: row.wave.unwrap_or_default(),
            },
            plan: plan.clone(),
            answered,
            paper,
        });
        last_plan = Some((row.plan, plan));
    }
    Ok(releases)
}
