use maaltal::accounts::Caller;
use maaltal::audit::{self, Verdict};
use maaltal::programmes;
use maaltal::store::{Chain, Store};
use maaltal::surveys::answers::Cell;
use maaltal::surveys::{releases, tally};

use super::Failure;

/// Recomputes every chain of the audit trail, recounts every tally from the responses, and holds
/// every release to the tallies.
pub fn run(store: &Store) -> Result<(), Failure> {
    let verdicts = store.read_here(|db| {
        let programmes = programmes::list(db, &Caller::Operator)?;
        let mut verdicts = Vec::new();
        for chain in audit::chains(db)? {
            let programme = programmes.iter().find(|one| Chain::from(one.id) == chain);
            let name = programme.map_or("installation", |one| one.code.as_str());
            verdicts.push((name.to_string(), audit::verify(db, chain)?));
        }
        Ok(verdicts)
    })?;
    let mut broken = Vec::new();
    for (name, verdict) in verdicts {
        match verdict {
            Verdict::Whole { entries, head } => println!("{name}: {entries} entries, head {head}"),
            Verdict::Broken { number } => {
                broken.push(format!("{name}: the audit trail breaks at entry {number}"));
            }
        }
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
