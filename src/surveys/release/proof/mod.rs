//! The proof by attack: everything that was ever published about thousands of small surveys, as
//! linear equations, and no hidden count comes out. With a fault planted, counts do.

mod added;
mod attack;
mod survey;
mod world;

use super::Release;
use super::ledger::{Ledger, Rules, SOUND};
use attack::{Memory, Report, attack};
use survey::{Step, survey};

fn seeds(count: u64) -> impl Iterator<Item = u64> {
    20_260_000..20_260_000 + count
}

#[test]
fn nothing_hidden_can_be_worked_out() {
    // Four at a time, since it is much to work out.
    let parts: Vec<Vec<u64>> =
        (0..4).map(|part| seeds(2_400).skip(part).step_by(4).collect()).collect();
    let (asked, shown) = std::thread::scope(|scope| {
        let parts: Vec<_> =
            parts.into_iter().map(|seeds| scope.spawn(|| withstand(seeds))).collect();
        let sum = |(asked, shown), (more, also)| (asked + more, shown + also);
        parts.into_iter().map(|part| part.join().expect("no hidden count")).fold((0, 0), sum)
    });
    // It would be an empty proof if nothing had been hidden, or nothing shown.
    assert!(asked > 20_000, "only {asked} hidden counts were asked after");
    assert!(shown > 20_000, "only {shown} figures were shown");
}

/// How many hidden counts were asked after and how many figures were shown, and none gave one away.
fn withstand(seeds: Vec<u64>) -> (usize, usize) {
    let (mut asked, mut shown) = (0, 0);
    for seed in seeds {
        let Report { found, undecided, asked: more, shown: also } =
            attack(&survey(seed, Step::Due), SOUND, Memory::Kept);
        assert!(found.is_empty(), "seed {seed}: {found:?}");
        assert!(undecided.is_empty(), "seed {seed}, not found out: {undecided:?}");
        (asked, shown) = (asked + more, shown + also);
    }
    (asked, shown)
}

/// How many of some surveys give something away under a planted fault.
fn broken(step: Step, rules: Rules, memory: Memory) -> usize {
    let attacked = seeds(150).map(|seed| attack(&survey(seed, step), rules, memory));
    attacked.filter(|report| !report.found.is_empty()).count()
}

#[test]
fn without_the_complement_the_attack_succeeds() {
    let rules = Rules { complement: false, ..SOUND };
    let broken = broken(Step::Due, rules, Memory::Kept);
    assert!(broken >= 10, "{broken}");
}

#[test]
fn with_a_release_at_each_answer_the_attack_succeeds() {
    let rules = Rules { size: false, ..SOUND };
    let broken = broken(Step::EachAnswer, rules, Memory::Kept);
    assert!(broken >= 10, "{broken}");
}

#[test]
fn without_memory_of_what_was_shown_the_attack_succeeds() {
    let broken = broken(Step::Due, SOUND, Memory::Lost);
    assert!(broken >= 10, "{broken}");
}

#[test]
fn releasing_at_each_answer_alone_gives_nothing_away() {
    // The bundles hold even where links are released too often.
    assert_eq!(broken(Step::EachAnswer, SOUND, Memory::Kept), 0);
}

#[test]
fn what_was_shown_stays_as_it_was() {
    for seed in seeds(300) {
        let survey = survey(seed, Step::Due);
        let whole = Ledger::replay(&survey.releases);
        for until in survey.releases.iter().map(|release| release.recorded_at) {
            let part = survey.releases.iter().filter(|release| release.recorded_at <= until);
            let part = Ledger::replay(part);
            for key in survey::plan(true)
                .tables()
                .flat_map(|table| whole.parts_of(&table).cloned().collect::<Vec<_>>())
            {
                let (before, after) = (part.bundles(&key), whole.bundles(&key));
                for (one, other) in before.iter().zip(after) {
                    assert_eq!(one.blocks, other.blocks, "seed {seed}");
                    assert_eq!(one.counts, other.counts, "seed {seed}");
                }
                assert!(before.len() <= after.len(), "seed {seed}");
            }
        }
    }
}

#[test]
fn a_ledger_that_grew_is_as_one_made_anew() {
    for seed in seeds(300) {
        let survey = survey(seed, Step::Due);
        let mut grown = Ledger::default();
        let mut until = None;
        for moment in survey.releases.iter().map(|release| release.recorded_at) {
            let further = survey.releases.iter().filter(|release| {
                release.recorded_at <= moment && until < Some(release.recorded_at)
            });
            let further: Vec<Release> = further.cloned().collect();
            // Of a copy: the one before is still read by others.
            grown = Ledger::clone(&grown);
            grown.append(further);
            until = Some(moment);
            let anew = survey.releases.iter().filter(|release| release.recorded_at <= moment);
            assert_eq!(added::all(&grown), added::all(&Ledger::replay(anew)), "seed {seed}");
        }
    }
}

#[test]
fn what_is_added_up_beforehand_is_what_the_blocks_add_up_to() {
    for seed in seeds(600) {
        added::hold(&Ledger::replay(&survey(seed, Step::Due).releases), seed);
    }
}
