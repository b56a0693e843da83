//! What people will see of real-looking links: the rules by example, where `proof/` has them by
//! attack.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uuid::Uuid;

use super::*;
use crate::ids::OrganisationId;

const QUESTION: &str = "u_forstaaelse";
const BASE: &str = "u_samarbejde";

fn plan() -> Arc<Plan> {
    let question = |hangs_on: &[&str]| Question {
        kind: Kind::One,
        dont_know: BTreeSet::from(["ved_ikke".to_owned()]),
        hangs_on: hangs_on.iter().map(|code| (*code).to_owned()).collect(),
    };
    Arc::new(Plan::new(BTreeMap::from([
        (BASE.to_owned(), question(&[])),
        (QUESTION.to_owned(), question(&[])),
        ("u_job".to_owned(), question(&[BASE])),
    ])))
}

/// Where an indicator has the base.
fn crossing() -> Arc<Plan> {
    let mut plan = plan().as_ref().clone();
    assert!(plan.cross(BASE, BTreeSet::from(["ja".to_owned()]), QUESTION));
    Arc::new(plan)
}

fn crossed(release: Release) -> Release {
    Release { plan: crossing(), ..release }
}

fn table(code: &str) -> TableKey {
    TableKey::Question(code.to_owned())
}

fn pair() -> TableKey {
    crossing().crossed(BASE, QUESTION, "ja").expect("a crossed pair").clone()
}

/// People as (worked with somebody, understands better), each so many times.
type Answers<'a> = &'a [(&'a str, &'a str, i64)];

fn snapshot(answers: Answers) -> Snapshot {
    let mut snapshot = Snapshot::new(0);
    for (base, answer, times) in answers {
        snapshot.n += times;
        let count = i128::from(*times);
        snapshot.add(&plan(), None, BASE, base, count);
        snapshot.add(&plan(), None, QUESTION, answer, count);
        snapshot.add(&crossing(), Some((BASE, base)), QUESTION, answer, count);
    }
    snapshot
}

fn release(link: u128, number: u32, closing: bool, answers: Answers) -> Release {
    Release {
        link: LinkId(Uuid::from_u128(link)),
        number,
        recorded_at: At::from_micros(i64::from(number)).expect("a moment"),
        closing,
        threshold: Threshold::default(),
        place: Place {
            organisation: Some(OrganisationId(Uuid::from_u128(link))),
            level: None,
            wave: "after".to_owned(),
        },
        plan: plan(),
        answered: snapshot(answers),
        paper: Snapshot::default(),
    }
}

fn paper(mut release: Release, answers: Answers) -> Release {
    release.paper = snapshot(answers);
    release
}

fn seen(releases: &[Release], table: &TableKey, breakdown: Breakdown) -> Vec<Outcome> {
    let ledger = Ledger::replay(releases);
    let groups = groups(&[Source { ledger: &ledger, table }], breakdown, Among::default());
    groups.into_iter().map(|group| group.outcome).collect()
}

/// n and how many are held back; None where suppressed or empty.
fn n(outcome: &Outcome) -> Option<(i128, i64)> {
    match outcome {
        Outcome::Shown(figures) => Some((figures.n, figures.held_back)),
        Outcome::Suppressed | Outcome::Empty => None,
    }
}

fn class() -> Release {
    let answers: Answers = &[
        ("ja", "meget_hoej", 8),
        ("ja", "hoej", 7),
        ("nej", "hoej", 3),
        ("nej", "nogen", 4),
        ("ja", "ved_ikke", 2),
    ];
    release(1, 1, true, answers)
}

#[test]
fn a_closed_class_of_24_is_seen_whole() {
    let shown = seen(&[class()], &table(QUESTION), Breakdown::Link);
    let [Outcome::Shown(figures)] = shown.as_slice() else { panic!("{shown:?}") };
    assert_eq!((figures.responses, figures.held_back, figures.n), (24, 0, 24));
    assert_eq!((figures.counts["hoej"], figures.dont_know, figures.missing), (10, 2, 0));
    let shown = seen(&[crossed(class())], &pair(), Breakdown::Link);
    let [Outcome::Shown(figures)] = shown.as_slice() else { panic!("{shown:?}") };
    assert_eq!((figures.n, figures.counts["hoej"]), (17, 7));
}

#[test]
fn a_class_of_24_is_seen_whole_however_it_was_released() {
    let first: Answers =
        &[("ja", "hoej", 3), ("ja", "nogen", 2), ("nej", "hoej", 1), ("nej", "nogen", 4)];
    let second: Answers =
        &[("ja", "hoej", 6), ("ja", "nogen", 4), ("nej", "hoej", 2), ("nej", "nogen", 8)];
    let last: Answers =
        &[("ja", "hoej", 9), ("ja", "nogen", 4), ("nej", "hoej", 2), ("nej", "nogen", 9)];
    let releases =
        [release(1, 1, false, first), release(1, 2, false, second), release(1, 3, true, last)];
    let so_far = |count| seen(&releases[..count], &table(QUESTION), Breakdown::Link);
    // Open: the last five or more stay behind, so that a remainder never stands alone.
    assert_eq!(so_far(1), [Outcome::Suppressed]);
    assert_eq!(n(&so_far(2)[0]), Some((10, 10)));
    assert_eq!(n(&so_far(3)[0]), Some((24, 0)));
}

#[test]
fn a_remainder_at_closing_does_not_stand_alone() {
    let ten: Answers = &[("ja", "hoej", 6), ("nej", "nogen", 4)];
    let fifteen: Answers = &[("ja", "hoej", 9), ("nej", "nogen", 6)];
    let sixteen: Answers = &[("ja", "hoej", 9), ("nej", "nogen", 7)];
    let releases =
        [release(1, 1, false, ten), release(1, 2, false, fifteen), release(1, 3, true, sixteen)];
    let before = seen(&releases[..2], &table(QUESTION), Breakdown::Whole);
    let after = seen(&releases, &table(QUESTION), Breakdown::Whole);
    assert_eq!((n(&before[0]), n(&after[0])), (Some((10, 5)), Some((16, 0))));
}

#[test]
fn a_lone_small_link_is_in_no_total() {
    let teachers: Answers = &[("ja", "hoej", 2), ("ja", "nogen", 1)];
    let releases = [class(), release(2, 1, true, teachers)];
    let by_link = seen(&releases, &table(QUESTION), Breakdown::Link);
    assert_eq!(by_link[1], Outcome::Suppressed);
    let whole = seen(&releases, &table(QUESTION), Breakdown::Whole);
    assert_eq!(n(&whole[0]), Some((24, 3)));
}

#[test]
fn small_links_are_in_the_total_together() {
    let three: Answers = &[("ja", "hoej", 2), ("nej", "nogen", 1)];
    let four: Answers = &[("ja", "hoej", 1), ("nej", "hoej", 2), ("nej", "slet_ikke", 1)];
    let releases = [class(), release(2, 1, true, three), release(3, 1, true, four)];
    let by_link = seen(&releases, &table(QUESTION), Breakdown::Link);
    assert_eq!(by_link[1..], [Outcome::Suppressed, Outcome::Suppressed]);
    let whole = seen(&releases, &table(QUESTION), Breakdown::Whole);
    assert_eq!(n(&whole[0]), Some((31, 0)));
}

#[test]
fn few_that_agree_are_hidden_many_are_not() {
    let same = |times| snapshot(&[("ja", "hoej", times)]);
    let of = |times| Release { answered: same(times), ..class() };
    assert_eq!(seen(&[of(9)], &table(QUESTION), Breakdown::Link), [Outcome::Suppressed]);
    assert_eq!(n(&seen(&[of(10)], &table(QUESTION), Breakdown::Link)[0]), Some((10, 0)));
}

#[test]
fn what_a_hidden_link_agreed_on_is_not_told_by_a_total() {
    // That the eight are hidden tells that they agree; the total must not tell on what.
    let eight: Answers = &[("nej", "slet_ikke", 8)];
    let four: Answers = &[("nej", "slet_ikke", 3), ("ja", "hoej", 1)];
    let mut releases = vec![release(1, 1, true, eight), release(2, 1, true, four)];
    assert_eq!(seen(&releases, &table(QUESTION), Breakdown::Whole), [Outcome::Suppressed]);
    releases.push(release(3, 1, true, &[("ja", "hoej", 4)]));
    releases.push(release(4, 1, true, &[("ja", "hoej", 4)]));
    let whole = seen(&releases, &table(QUESTION), Breakdown::Whole);
    assert_eq!(n(&whole[0]), Some((20, 0)));
}

#[test]
fn an_open_link_does_not_tell_that_its_first_answers_agree() {
    let first: [Answers; 2] = [&[("ja", "hoej", 5)], &[("ja", "hoej", 3), ("nej", "hoej", 2)]];
    for first in first {
        let more = [first, &[("ja", "hoej", 2), ("nej", "nogen", 3)]].concat();
        let releases = [release(1, 1, false, first), release(1, 2, false, &more)];
        assert_eq!(seen(&releases, &table(QUESTION), Breakdown::Link), [Outcome::Suppressed]);
    }
}

#[test]
fn paper_of_two_links_is_not_put_together() {
    let three: Answers = &[("ja", "hoej", 2), ("nej", "nogen", 1)];
    let releases = [1, 2].map(|link| paper(release(link, 1, true, &[]), three));
    assert_eq!(seen(&releases, &table(QUESTION), Breakdown::Whole), [Outcome::Suppressed]);
}

#[test]
fn what_hangs_on_a_hidden_question_is_hidden_with_it() {
    // All seven said yes, so that is hidden; that seven were asked the follow-up would tell.
    let seven: Answers = &[("ja", "hoej", 4), ("ja", "nogen", 3)];
    let mut releases = [release(1, 1, true, seven)];
    for (option, count) in [("hoej", 4), ("mindre", 3)] {
        releases[0].answered.add(&plan(), None, "u_job", option, count);
    }
    assert_eq!(seen(&releases, &table(BASE), Breakdown::Link), [Outcome::Suppressed]);
    assert_eq!(seen(&releases, &table("u_job"), Breakdown::Link), [Outcome::Suppressed]);
    assert_eq!(n(&seen(&releases, &table(QUESTION), Breakdown::Link)[0]), Some((7, 0)));
}

#[test]
fn what_is_crossed_with_a_hidden_question_is_hidden_with_it() {
    // That all seven of the question are in the base would tell that all said yes.
    let seven: Answers = &[("ja", "hoej", 4), ("ja", "nogen", 3)];
    let releases = [crossed(release(1, 1, true, seven))];
    for table in [table(BASE), table(QUESTION), pair()] {
        assert_eq!(seen(&releases, &table, Breakdown::Link), [Outcome::Suppressed]);
    }
}

#[test]
fn a_small_rest_is_held_back_and_the_base_is_seen() {
    let answers: Answers = &[("ja", "hoej", 12), ("ja", "nogen", 10), ("nej", "nogen", 2)];
    let releases = [crossed(release(1, 1, true, answers))];
    assert_eq!(n(&seen(&releases, &table(BASE), Breakdown::Link)[0]), Some((24, 0)));
    assert_eq!(n(&seen(&releases, &pair(), Breakdown::Link)[0]), Some((22, 0)));
    assert_eq!(n(&seen(&releases, &table(QUESTION), Breakdown::Link)[0]), Some((22, 2)));
}

#[test]
fn a_small_base_is_held_back_and_the_rest_is_seen() {
    let answers: Answers = &[("ja", "hoej", 2), ("nej", "nogen", 12), ("nej", "hoej", 10)];
    let releases = [crossed(release(1, 1, true, answers))];
    assert_eq!(seen(&releases, &pair(), Breakdown::Link), [Outcome::Suppressed]);
    assert_eq!(n(&seen(&releases, &table(QUESTION), Breakdown::Link)[0]), Some((22, 2)));
}

#[test]
fn classes_with_a_small_rest_are_in_the_total_together() {
    let rest = [("nej", "hoej", 1), ("nej", "nogen", 2)];
    let one = [&[("ja", "hoej", 12), ("ja", "nogen", 9)][..], &rest].concat();
    let other = [&[("ja", "hoej", 8), ("ja", "nogen", 11)][..], &rest].concat();
    let releases = [release(1, 1, true, &one), release(2, 1, true, &other)].map(crossed);
    let by_link = seen(&releases, &table(QUESTION), Breakdown::Link);
    assert_eq!((n(&by_link[0]), n(&by_link[1])), (Some((21, 3)), Some((19, 3))));
    assert_eq!(n(&seen(&releases, &table(QUESTION), Breakdown::Whole)[0]), Some((46, 0)));
    assert_eq!(n(&seen(&releases, &pair(), Breakdown::Whole)[0]), Some((40, 0)));
}

#[test]
fn a_question_is_told_apart_by_one_base_only() {
    let mut plan = crossing().as_ref().clone();
    let yes = || BTreeSet::from(["ja".to_owned()]);
    assert!(plan.cross(BASE, yes(), QUESTION));
    assert!(!plan.cross("u_job", yes(), QUESTION));
    assert!(!plan.cross(BASE, BTreeSet::from(["nej".to_owned()]), QUESTION));
    // The follow-up hangs on the base, which can't be told apart by it in turn.
    assert!(!plan.cross("u_job", yes(), BASE));
    assert!(plan.cross(QUESTION, yes(), "u_job"));
}

#[test]
fn paper_is_never_bundled_with_responses() {
    // Who typed in the twenty would know the three.
    let three: Answers = &[("ja", "hoej", 2), ("nej", "nogen", 1)];
    let twenty: Answers = &[("ja", "hoej", 12), ("nej", "nogen", 8)];
    let releases = [paper(release(1, 1, true, three), twenty)];
    let shown = seen(&releases, &table(QUESTION), Breakdown::Link);
    let [Outcome::Shown(figures)] = shown.as_slice() else { panic!("{shown:?}") };
    assert_eq!((figures.n, figures.paper, figures.held_back), (20, 20, 3));
    let few = [paper(release(1, 1, true, twenty), three)];
    assert_eq!(n(&seen(&few, &table(QUESTION), Breakdown::Link)[0]), Some((20, 3)));
}

#[test]
fn nobody_asked_is_empty_unless_few_tell_by_it() {
    let no = |times| release(1, 1, true, &[("nej", "hoej", 5), ("nej", "nogen", times)]);
    assert_eq!(seen(&[no(5)], &table("u_job"), Breakdown::Link), [Outcome::Empty]);
    // That none of nine was asked tells what each of them said before.
    assert_eq!(seen(&[no(4)], &table("u_job"), Breakdown::Link), [Outcome::Suppressed]);
}

#[test]
fn a_pair_crossed_late_counts_from_then_on() {
    let first = release(1, 1, false, &[("ja", "hoej", 6), ("nej", "nogen", 6)]);
    let second: Answers = &[("ja", "hoej", 13), ("ja", "nogen", 6), ("nej", "nogen", 11)];
    let third: Answers =
        &[("ja", "hoej", 19), ("ja", "nogen", 12), ("nej", "nogen", 14), ("nej", "hoej", 3)];
    let last = [third, &[("ja", "hoej", 1)]].concat();
    let releases = [
        first,
        crossed(release(1, 2, false, second)),
        crossed(release(1, 3, false, third)),
        crossed(release(1, 4, true, &last)),
    ];
    // 12 from before, and 18 of which nobody knows when they came.
    assert_eq!(n(&seen(&releases, &pair(), Breakdown::Link)[0]), Some((13, 30)));
}

#[test]
fn retention_is_not_seen() {
    // `reduced` takes over from `response`; a release has their sum, so the next one adds nothing.
    let again = Release { number: 2, recorded_at: At::from_micros(9).expect("later"), ..class() };
    let before = seen(&[class()], &table(QUESTION), Breakdown::Link);
    assert_eq!(seen(&[class(), again], &table(QUESTION), Breakdown::Link), before);
}

#[test]
fn a_release_is_due_at_k_further_or_once_at_closing() {
    let k = Threshold::default();
    assert!(!due(k, None, 4, 0, false));
    assert!(due(k, None, 5, 0, false));
    // Paper waits for the closing.
    assert!(!due(k, None, 0, 20, false));
    assert!(due(k, None, 0, 20, true));
    assert!(due(k, None, 1, 0, true));
    assert!(!due(k, None, 0, 0, true));
    let last = class();
    assert!(!due(k, Some(&last), 24, 0, true));
    assert!(due(k, Some(&last), 25, 0, true));
    let open = Release { closing: false, ..class() };
    assert!(due(k, Some(&open), 24, 0, true));
    assert!(!due(k, Some(&open), 29, 0, false));
    assert!(due(k, Some(&open), 30, 0, false));
}

#[test]
fn no_threshold_is_below_three() {
    assert_eq!(Threshold::new(2), None);
    assert_eq!(Threshold::new(3).map(Threshold::get), Some(3));
    assert_eq!(Threshold::default().get(), 5);
}
