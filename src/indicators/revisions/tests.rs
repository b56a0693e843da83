use super::*;
use crate::quantity::Quantity;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn revision(number: i32, pupils: i64, from: Option<&str>, state: RevisionState) -> Revision {
    Revision {
        id: RevisionId::new(),
        indicator_id: IndicatorId::new(),
        number,
        target: Target::AtLeast { minimum: Quantity::whole(pupils) },
        parts: Vec::new(),
        planned: Vec::new(),
        holds_from: from.map(day),
        reason: None,
        reported: false,
        source_note: None,
        state,
        proposed_by: None,
        proposed_at: At::END,
        decided_by: None,
        decided_at: None,
        decision_note: None,
    }
}

fn number(revision: Option<&Revision>) -> Option<i32> {
    revision.map(|one| one.number)
}

#[test]
fn the_lowered_target_holds_and_the_old_one_stays() {
    use RevisionState::{Agreed, Proposed, Refused};
    // STEM Caféer: 1500 pupils, lowered to 1265 as 4 schools took part and not 6.
    let revisions = [
        revision(1, 1500, None, Agreed),
        revision(2, 1000, Some("2022-01-01"), Refused),
        revision(3, 1265, Some("2022-08-01"), Agreed),
        revision(4, 1200, None, Proposed),
    ];
    assert_eq!(number(in_force(&revisions, day("2022-07-31"))), Some(1));
    assert_eq!(number(in_force(&revisions, day("2022-08-01"))), Some(3));
    assert_eq!(number(original(&revisions)), Some(1));
    assert_eq!(number(pending(&revisions)), Some(4));
}

#[test]
fn what_holds_from_a_later_day_wins_over_what_was_agreed_later() {
    use RevisionState::{Agreed, Proposed};
    let revisions = [
        revision(1, 400, None, Agreed),
        revision(2, 300, Some("2023-01-01"), Agreed),
        revision(3, 350, None, Agreed),
        revision(4, 320, Some("2023-01-01"), Agreed),
    ];
    assert_eq!(number(in_force(&revisions, day("2022-12-31"))), Some(3));
    assert_eq!(number(in_force(&revisions, day("2023-01-01"))), Some(4));
    assert_eq!(number(in_force(&[], day("2023-01-01"))), None);
    let later = [revision(1, 400, Some("2024-01-01"), Agreed)];
    assert_eq!(number(in_force(&later, day("2023-12-31"))), None);
    let proposed = [revision(1, 400, None, Proposed)];
    assert_eq!(number(in_force(&proposed, day("2023-12-31"))), None);
    assert_eq!(number(original(&proposed)), None);
}
