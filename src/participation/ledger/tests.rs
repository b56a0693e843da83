use super::*;
use crate::ids::CodeId;
use crate::participation::Counting;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn year(year: i32) -> Period {
    Period::calendar_year(year).expect("a year")
}

fn figures(participants: i32) -> Figures {
    Figures { participants, genders: [None; 3] }
}

fn stored(period: Period, participants: i32, so_far: Option<i32>) -> Stored {
    let state = State { figures: figures(participants), so_far, ..State::default() };
    Stored { id: CountId::new(), number: 1, period, state }
}

fn wanted(when: When, participants: i32, so_far: bool) -> Wanted {
    Wanted {
        project: ProjectId(Uuid::nil()),
        series: Series {
            activity: None,
            organisation: None,
            role: CodeId(Uuid::nil()),
            education_level: None,
            counting: Counting::Unique,
        },
        when,
        project_start: Some(day("2020-08-01")),
        figures: figures(participants),
        so_far,
        note: None,
        retired: Vec::new(),
    }
}

fn so_far(end: &str, total: i32) -> Wanted {
    wanted(When::UpTo(day(end)), total, true)
}

fn put(ledger: &mut Ledger, row: usize, wanted: Wanted) -> Vec<&'static str> {
    let told = ledger.put(row, wanted, day("2023-06-01"));
    told.map_or_else(|all| all.iter().map(|fault| code(fault)).collect(), |()| Vec::new())
}

fn code(fault: &Fault) -> &'static str {
    match &fault.code {
        std::borrow::Cow::Borrowed(code) => code,
        std::borrow::Cow::Owned(_) => "",
    }
}

/// First day, participants, total so far and fate of each change, by period.
fn changes(ledger: Ledger) -> Vec<(String, i32, Option<i32>, Fate)> {
    let mut all: Vec<_> = ledger.changes().collect();
    all.sort_by_key(|change| change.period);
    all.into_iter()
        .map(|one| {
            let start = one.period.start().to_string();
            (start, one.state.figures.participants, one.state.so_far, one.fate)
        })
        .collect()
}

fn change(
    start: &str,
    participants: i32,
    so_far: Option<i32>,
    fate: Fate,
) -> (String, i32, Option<i32>, Fate) {
    (start.to_string(), participants, so_far, fate)
}

#[test]
fn periods_may_touch_and_not_overlap() {
    let mut ledger = Ledger::of(vec![stored(year(2021), 100, None)]);
    assert!(put(&mut ledger, 0, wanted(When::During(year(2022)), 50, false)).is_empty());
    let school = Period::school_year(2021).expect("a year");
    assert_eq!(put(&mut ledger, 1, wanted(When::During(school), 50, false)), ["overlap"]);
    let within = Period::new(day("2021-02-01"), day("2021-02-28")).expect("a month");
    assert_eq!(put(&mut ledger, 2, wanted(When::During(within), 50, false)), ["overlap"]);
    let around = Period::new(day("2020-01-01"), day("2022-12-31")).expect("years");
    assert_eq!(put(&mut ledger, 3, wanted(When::During(around), 50, false)), ["overlap"]);
    assert_eq!(put(&mut ledger, 4, wanted(When::During(year(2022)), 50, false)), ["twice"]);
    let future = wanted(When::During(year(2024)), 50, false);
    assert_eq!(put(&mut ledger, 5, future), ["in_the_future"]);
}

#[test]
fn what_is_put_again_alike_is_unchanged() {
    let mut ledger = Ledger::of(vec![stored(year(2021), 100, None)]);
    put(&mut ledger, 0, wanted(When::During(year(2021)), 100, false));
    assert!(ledger.settle().is_empty());
    assert_eq!(changes(ledger), [change("2021-01-01", 100, None, Fate::Unchanged)]);
}

#[test]
fn a_withdrawn_count_blocks_nothing_and_comes_back() {
    let mut withdrawn = stored(year(2021), 100, None);
    withdrawn.state.withdrawn = true;
    let mut ledger = Ledger::of(vec![withdrawn.clone()]);
    let school = Period::school_year(2021).expect("a year");
    assert!(put(&mut ledger, 0, wanted(When::During(school), 50, false)).is_empty());
    assert_eq!(put(&mut ledger, 1, wanted(When::During(year(2021)), 100, false)), ["overlap"]);

    let mut ledger = Ledger::of(vec![withdrawn]);
    put(&mut ledger, 0, wanted(When::During(year(2021)), 100, false));
    assert!(ledger.settle().is_empty());
    assert_eq!(changes(ledger), [change("2021-01-01", 100, None, Fate::Corrected)]);
}

#[test]
fn a_retired_code_can_only_be_corrected() {
    let mut ledger = Ledger::of(vec![stored(year(2021), 100, None)]);
    let retired = |period| Wanted {
        retired: vec![Fault::at("/role", "retired_code")],
        ..wanted(When::During(period), 90, false)
    };
    assert!(put(&mut ledger, 0, retired(year(2021))).is_empty());
    assert_eq!(put(&mut ledger, 1, retired(year(2022))), ["retired_code"]);
}

#[test]
fn so_far_is_stored_as_the_difference() {
    let mut ledger = Ledger::of(vec![stored(year(2021), 100, None)]);
    put(&mut ledger, 0, so_far("2022-12-31", 150));
    assert!(ledger.settle().is_empty());
    assert_eq!(changes(ledger), [change("2022-01-01", 50, Some(150), Fate::Created)]);

    let mut ledger = Ledger::of(Vec::new());
    put(&mut ledger, 0, so_far("2022-12-31", 150));
    assert!(ledger.settle().is_empty());
    assert_eq!(changes(ledger), [change("2020-08-01", 150, Some(150), Fate::Created)]);

    let mut ledger = Ledger::of(Vec::new());
    let unknown = Wanted { project_start: None, ..so_far("2022-12-31", 150) };
    assert_eq!(put(&mut ledger, 0, unknown), ["project_start_unknown"]);
}

#[test]
fn a_total_below_what_stands_is_refused_with_that_figure() {
    let mut ledger = Ledger::of(vec![stored(year(2021), 100, None)]);
    put(&mut ledger, 7, so_far("2022-12-31", 90));
    let faults = ledger.settle();
    assert_eq!(faults.len(), 1);
    let (row, fault) = faults.into_iter().next().expect("a fault");
    assert_eq!((row, &*fault.code), (7, "below_so_far"));
    assert!(fault.args.contains(&("standing", "100".to_string())));
}

#[test]
fn a_total_is_put_again_and_corrected() {
    let standing = || vec![stored(year(2021), 100, None), stored(year(2022), 50, Some(150))];
    let mut ledger = Ledger::of(standing());
    put(&mut ledger, 0, so_far("2022-12-31", 150));
    assert!(ledger.settle().is_empty());
    assert_eq!(changes(ledger), [change("2022-01-01", 50, Some(150), Fate::Unchanged)]);

    let mut ledger = Ledger::of(standing());
    put(&mut ledger, 0, so_far("2022-12-31", 170));
    assert!(ledger.settle().is_empty());
    assert_eq!(changes(ledger), [change("2022-01-01", 70, Some(170), Fate::Corrected)]);
}

#[test]
fn a_total_holds_when_an_earlier_count_is_corrected() {
    let standing = || vec![stored(year(2021), 100, None), stored(year(2022), 50, Some(150))];
    let mut ledger = Ledger::of(standing());
    put(&mut ledger, 0, wanted(When::During(year(2021)), 110, false));
    assert!(ledger.settle().is_empty());
    assert_eq!(
        changes(ledger),
        [
            change("2021-01-01", 110, None, Fate::Corrected),
            change("2022-01-01", 40, Some(150), Fate::Adjusted)
        ]
    );

    let mut ledger = Ledger::of(standing());
    put(&mut ledger, 3, wanted(When::During(year(2021)), 160, false));
    let faults = ledger.settle();
    assert_eq!(
        faults.iter().map(|(row, fault)| (*row, code(fault))).collect::<Vec<_>>(),
        [(3, "against_so_far")]
    );

    // Together with a new total it is fine, whatever stands between.
    let mut ledger = Ledger::of(standing());
    put(&mut ledger, 0, wanted(When::During(year(2021)), 160, false));
    put(&mut ledger, 1, so_far("2022-12-31", 170));
    assert!(ledger.settle().is_empty());
}

#[test]
fn a_total_holds_when_an_earlier_count_is_withdrawn() {
    let first = stored(year(2021), 100, None);
    let id = first.id;
    let mut ledger = Ledger::of(vec![first, stored(year(2022), 50, Some(150))]);
    ledger.withdraw(id);
    assert!(ledger.settle().is_empty());
    assert_eq!(
        changes(ledger),
        [
            change("2021-01-01", 100, None, Fate::Withdrawn),
            change("2022-01-01", 150, Some(150), Fate::Adjusted)
        ]
    );
}

#[test]
fn an_ordinary_figure_wins_over_a_total_that_it_does_not_fit() {
    let standing = || vec![stored(year(2021), 100, None), stored(year(2022), 50, Some(150))];
    // As an export of these counts would put them.
    let mut ledger = Ledger::of(standing());
    put(&mut ledger, 0, wanted(When::During(year(2021)), 100, false));
    put(&mut ledger, 1, wanted(When::During(year(2022)), 50, false));
    assert!(ledger.settle().is_empty());
    assert!(changes(ledger).iter().all(|change| change.3 == Fate::Unchanged));

    let mut ledger = Ledger::of(standing());
    put(&mut ledger, 0, wanted(When::During(year(2021)), 110, false));
    put(&mut ledger, 1, wanted(When::During(year(2022)), 50, false));
    assert!(ledger.settle().is_empty());
    assert_eq!(
        changes(ledger),
        [
            change("2021-01-01", 110, None, Fate::Corrected),
            change("2022-01-01", 50, None, Fate::Corrected)
        ]
    );
}

#[test]
fn gender_so_far_is_divided_too_where_all_before_say_it() {
    let genders = |women, men| [Some(women), Some(men), None];
    let mut first = stored(year(2021), 100, None);
    first.state.figures.genders = genders(60, 40);
    let total = |women, men| Wanted {
        figures: Figures { participants: 150, genders: genders(women, men) },
        ..so_far("2022-12-31", 150)
    };

    let mut ledger = Ledger::of(vec![first.clone()]);
    put(&mut ledger, 0, total(80, 70));
    assert!(ledger.settle().is_empty());
    let change = ledger.changes().find(|change| change.row == Some(0)).expect("the row");
    assert_eq!(change.state.figures.genders, genders(20, 30));

    let mut ledger = Ledger::of(vec![first]);
    put(&mut ledger, 0, total(50, 70));
    assert_eq!(
        ledger.settle().iter().map(|(_, one)| code(one)).collect::<Vec<_>>(),
        ["below_so_far"]
    );

    let mut ledger = Ledger::of(vec![stored(year(2021), 100, None)]);
    put(&mut ledger, 0, total(80, 70));
    assert_eq!(
        ledger.settle().iter().map(|(_, one)| &*one.pointer).collect::<Vec<_>>(),
        ["/women", "/men"]
    );
}
