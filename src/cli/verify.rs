use maaltal::accounts::Caller;
use maaltal::audit::{self, Verdict};
use maaltal::error::Error;
use maaltal::store::{Chain, Store};
use maaltal::surveys::answers::Cell;
use maaltal::surveys::{releases, tally};
use maaltal::{participation, programmes, progress_reports};

use super::Failure;

/// Recomputes every chain of the audit trail, holds the counts to the rules that they were put
/// under and the audit heads of approved reports to the trail, recounts every tally from the responses, and holds every release to the tallies.
pub fn run(store: &Store) -> Result<(), Failure> {
    let (told, mut broken) = store.read_here(|db| {
        let (mut told, mut broken) = (Vec::new(), Vec::new());
        let programmes = programmes::list(db, &Caller::Operator)?;
        for chain in audit::chains(db)? {
            let programme = programmes.iter().find(|one| Chain::from(one.id) == chain);
            let name = programme.map_or("installation", |one| one.code.as_str());
            match audit::verify(db, chain)? {
                Verdict::Whole { entries, head } => {
                    told.push(format!("{name}: {entries} audit entries, head {head}"));
                }
                Verdict::Broken { number } => {
                    broken.push(format!("{name}: the audit trail breaks at entry {number}"));
                }
            }
        }
        for programme in programmes {
            let found = participation::verify(db, programme.id)?;
            let reports = progress_reports::verify(db, programme.id)?;
            let found = found.into_iter().chain(reports);
            broken.extend(found.map(|line| format!("{}: {line}", programme.code)));
        }
        Ok::<_, Error>((told, broken))
    })?;
    for line in told {
        println!("{line}");
    }
    for wrong in store.read_here(tally::verify)? {
        let tally::Difference { link, cell, tallied, counted } = wrong;
        let Cell { question, option, .. } = cell;
        broken.push(format!(
            "link {link}: {question} {option} is tallied {tallied} and counted {counted}"
        ));
    }
    for releases::Wrong { link, number } in store.read_here(releases::verify)? {
        broken.push(format!("link {link}: release {number} is not what was tallied"));
    }
    if broken.is_empty() { Ok(()) } else { Err(Failure::Failed(broken.join("\n       "))) }
}
