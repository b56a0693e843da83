use super::*;
use crate::ids::ValueId;
use crate::indicators::IndicatorLevel;
use crate::indicators::revisions::{Part, RevisionState};
use crate::indicators::values::Value;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn indicator(source: IndicatorSource) -> Indicator {
    Indicator {
        id: IndicatorId::new(),
        programme_id: ProgrammeId::new(),
        project_id: Some(ProjectId::new()),
        activity: None,
        code: "stem-cafeer-pupils".to_string(),
        title: "Pupils at the cafés".to_string(),
        note: None,
        level: IndicatorLevel::Output,
        unit: "people".to_string(),
        source,
        filter: None,
        survey: None,
        position: 1,
        retired: false,
        version: 1,
    }
}

fn revision(number: i32, minimum: i64, state: RevisionState) -> Revision {
    Revision {
        id: RevisionId::new(),
        indicator_id: IndicatorId::new(),
        number,
        target: Target::AtLeast { minimum: Quantity::whole(minimum) },
        parts: Vec::new(),
        planned: Vec::new(),
        holds_from: None,
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

fn value(on_date: &str, figure: i64, reported: bool) -> Value {
    Value {
        id: ValueId::new(),
        indicator_id: IndicatorId::new(),
        on_date: day(on_date),
        figure: Quantity::whole(figure),
        note: None,
        reported,
        source_note: None,
        withdrawn: false,
        reason: None,
        recorded_at: At::END,
        recorded_by: None,
        superseded_at: None,
    }
}

fn counted(participants: i64) -> Counted {
    Counted { participants: Some(participants), ..Counted::default() }
}

const TODAY: &str = "2023-12-31";

#[test]
fn stem_cafeer_is_held_against_its_lowered_target_and_shows_the_original() {
    let revisions = [
        revision(1, 1_500, RevisionState::Agreed),
        revision(2, 1_265, RevisionState::Agreed),
        revision(3, 1_000, RevisionState::Proposed),
    ];
    let source = indicator(IndicatorSource::Participation);
    let progress =
        progress(source, &revisions, Latest::default(), counted(1_265), None, day(TODAY));
    let figure = |target: Option<TargetInForce>| target.and_then(|target| target.figure);
    assert_eq!(figure(progress.target), Some(Quantity::whole(1_265)));
    assert_eq!(figure(progress.original_target), Some(Quantity::whole(1_500)));
    assert_eq!(progress.pending.map(|pending| pending.number), Some(3));
    assert_eq!(progress.state, ProgressState::Reached);
    assert_eq!(progress.actual_kind, ActualKind::Counted);
}

#[test]
fn the_45_teachers_are_looked_at_school_by_school() {
    let schools = ["learnmark-horsens", "skive-college", "tradium-randers"];
    let parts: Vec<Part> = schools
        .iter()
        .map(|school| Part {
            organisation: school.to_string(),
            organisation_id: OrganisationId::new(),
            minimum: 5,
        })
        .collect();
    let mut counted = counted(13);
    counted.by_organisation.insert(parts[0].organisation_id, 6);
    counted.by_organisation.insert(parts[1].organisation_id, 4);
    counted.without_organisation = Some(3);
    let promised = Revision { parts, ..revision(1, 15, RevisionState::Agreed) };
    let source = indicator(IndicatorSource::Participation);
    let progress = progress(source, &[promised], Latest::default(), counted, None, day(TODAY));
    let parts: Vec<_> = progress.parts.iter().map(|part| (part.actual, part.state)).collect();
    assert_eq!(
        parts,
        [
            (Some(Quantity::whole(6)), ProgressState::Exceeded),
            (Some(Quantity::whole(4)), ProgressState::Below),
            (None, ProgressState::NoData),
        ]
    );
    assert_eq!(progress.without_organisation, Some(3));
    assert_eq!(progress.state, ProgressState::Below);
}

#[test]
fn what_a_report_says_is_never_mixed_with_what_is_counted() {
    let promised = [revision(1, 4, RevisionState::Agreed)];
    let reported = || Some(value("2022-12-31", 2, true));
    let of = |source, latest, counted| {
        let progress = progress(indicator(source), &promised, latest, counted, None, day(TODAY));
        let actual = progress.actual.map(|actual| actual.thousandths() / 1_000);
        (actual, progress.actual_kind, progress.reported.is_some())
    };
    let latest = || Latest { posted: None, reported: reported() };
    use IndicatorSource::{Manual, Participation, Survey};
    assert_eq!(of(Participation, latest(), counted(3)), (Some(3), ActualKind::Counted, true));
    let nothing = Counted::default;
    assert_eq!(of(Participation, latest(), nothing()), (None, ActualKind::None, true));
    assert_eq!(of(Survey, latest(), nothing()), (None, ActualKind::None, true));
    // Coding Pirates: 2 locations of 4, known from the report only.
    assert_eq!(of(Manual, latest(), nothing()), (Some(2), ActualKind::Reported, true));
    let both = Latest { posted: Some(value("2021-06-30", 1, false)), reported: reported() };
    assert_eq!(of(Manual, both, nothing()), (Some(1), ActualKind::Posted, true));
    assert_eq!(of(Manual, Latest::default(), nothing()), (None, ActualKind::None, false));
}

#[test]
fn planned_by_now_comes_from_the_target_in_force() {
    let planned = vec![
        Milestone { by: day("2023-07-31"), figure: Quantity::whole(200) },
        Milestone { by: day("2024-07-31"), figure: Quantity::whole(600) },
    ];
    let promised = [Revision { planned, ..revision(1, 600, RevisionState::Agreed) }];
    let on = |text: &str| {
        let source = indicator(IndicatorSource::Participation);
        progress(source, &promised, Latest::default(), Counted::default(), None, day(text))
    };
    let before = on("2023-07-30");
    assert_eq!(before.planned_by_now, None);
    assert_eq!(before.next_due.map(|next| next.by), Some(day("2023-07-31")));
    assert_eq!(on(TODAY).planned_by_now, Some(Quantity::whole(200)));
    assert_eq!(on("2024-07-31").next_due, None);
}
