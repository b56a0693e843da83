//! On what the projects of the two regions promised and reached.

use super::*;
use crate::programmes::codes::{Code, CodeList};

/// The education levels and roles that the cases need, in the tree of the real ones.
fn book() -> Codebook {
    let levels = [
        ("grundskole", None),
        ("ungdomsuddannelse", None),
        ("gymnasial", Some("ungdomsuddannelse")),
        ("stx", Some("gymnasial")),
        ("htx", Some("gymnasial")),
        ("erhvervsuddannelse", Some("ungdomsuddannelse")),
        ("eux", Some("erhvervsuddannelse")),
    ];
    let roles = ["pupil", "teacher", "employee", "role_model"].map(|role| (role, None));
    let lists = [
        (CodeList::EducationLevel, levels.as_slice()),
        (CodeList::ParticipantRole, roles.as_slice()),
    ];
    let code = |list: CodeList, code: &str, parent: Option<&str>| Code {
        id: CodeId::new(),
        list,
        code: code.to_string(),
        parent: parent.map(str::to_string),
        name_da: code.to_string(),
        name_en: code.to_string(),
        position: 1,
        retired: false,
        version: 1,
    };
    let codes = lists.into_iter().flat_map(|(list, codes)| {
        codes.iter().map(move |(word, parent)| code(list, word, *parent))
    });
    Codebook::of(codes.collect())
}

/// One project's indicator and counts, in words.
struct Case {
    book: Codebook,
    project: ProjectId,
    totals: Vec<Total>,
}

impl Case {
    fn new() -> Case {
        Case { book: book(), project: ProjectId::new(), totals: Vec::new() }
    }

    fn id(&self, list: CodeList, word: &str) -> CodeId {
        self.book.find(list, word).expect("a known code").id
    }

    fn counted(mut self, role: &str, level: Option<&str>, participants: i64) -> Case {
        let total = Total {
            project: self.project,
            activity: None,
            organisation: None,
            role: self.id(CodeList::ParticipantRole, role),
            education_level: level.map(|level| self.id(CodeList::EducationLevel, level)),
            counting: Counting::Unique,
            participants,
        };
        self.totals.push(total);
        self
    }

    /// The last count is of that organisation.
    fn of(mut self, organisation: OrganisationId) -> Case {
        self.last().organisation = Some(organisation);
        self
    }

    /// The last count is in that activity.
    fn in_activity(mut self, activity: ActivityId) -> Case {
        self.last().activity = Some(activity);
        self
    }

    fn attendances(mut self) -> Case {
        self.last().counting = Counting::Attendances;
        self
    }

    fn last(&mut self) -> &mut Total {
        self.totals.last_mut().expect("a count")
    }

    fn filter(&self, roles: &[&str], levels: &[&str]) -> Filter {
        let ids = |list, words: &[&str]| words.iter().map(|word| self.id(list, word)).collect();
        Filter {
            project: Some(self.project),
            activity: None,
            roles: ids(CodeList::ParticipantRole, roles),
            levels: ids(CodeList::EducationLevel, levels),
            organisation: None,
            counting: Counting::Unique,
        }
    }

    fn count(&self, filter: Filter) -> Counted {
        Matcher::new(filter, &self.book).count(&self.totals)
    }

    fn count_of(&self, roles: &[&str], levels: &[&str]) -> Counted {
        self.count(self.filter(roles, levels))
    }
}

fn at_least(minimum: i64) -> Target {
    Target::AtLeast { minimum: Quantity::whole(minimum) }
}

fn held(target: &Target, counted: &Counted) -> Assessment {
    assess(Some(target), counted.participants.map(Quantity::whole), &counted.by_organisation)
}

fn percent(assessment: &Assessment) -> Option<String> {
    assessment.percent.map(|percent| percent.percent.to_string())
}

fn figures(assessment: &Assessment) -> (Option<i64>, Option<i64>) {
    let units = |figure: Option<Quantity>| figure.map(|figure| figure.thousandths() / 1_000);
    (units(assessment.actual), units(assessment.remaining))
}

#[test]
fn labstem_nord_reached_74_teachers_of_45() {
    let counted = Case::new().counted("teacher", None, 74).count_of(&["teacher"], &[]);
    let progress = held(&at_least(45), &counted);
    assert_eq!(figures(&progress), (Some(74), Some(0)));
    assert_eq!(percent(&progress).as_deref(), Some("164.4"));
    assert_eq!(progress.state, ProgressState::Exceeded);
    assert_eq!(counted.at_broader_level, None);
}

#[test]
fn book_en_ekspert_counted_below_the_level_of_its_target() {
    let case = Case::new().counted("pupil", Some("gymnasial"), 540).counted("role_model", None, 71);
    let counted = case.count_of(&["pupil"], &["ungdomsuddannelse"]);
    let progress = held(&at_least(1_000), &counted);
    assert_eq!(figures(&progress), (Some(540), Some(460)));
    assert_eq!(percent(&progress).as_deref(), Some("54"));
    assert_eq!(progress.state, ProgressState::Below);
    // The 71 role models are no pupils at an unknown level.
    assert_eq!(counted.at_broader_level, None);
}

#[test]
fn kram_counted_stx_at_a_broader_level() {
    let case = Case::new().counted("pupil", Some("ungdomsuddannelse"), 500).counted(
        "pupil",
        Some("grundskole"),
        300,
    );

    let counted = case.count_of(&["pupil"], &["stx"]);
    let progress = held(&Target::Classes { classes: 16, estimated_pupils: 448 }, &counted);
    assert_eq!(figures(&progress), (None, Some(448)));
    assert_eq!((percent(&progress), progress.state), (None, ProgressState::NoData));
    assert_eq!(counted.at_broader_level, Some(500));

    let counted = case.count_of(&["pupil"], &["grundskole"]);
    let progress = held(&Target::Classes { classes: 16, estimated_pupils: 320 }, &counted);
    assert_eq!(figures(&progress), (Some(300), Some(20)));
    assert_eq!(percent(&progress).as_deref(), Some("93.8"));
    assert_eq!(progress.state, ProgressState::Below);
    assert_eq!(counted.at_broader_level, None);
}

#[test]
fn a_count_without_a_level_is_broader_than_any() {
    let case = Case::new()
        .counted("pupil", None, 30)
        .counted("pupil", Some("gymnasial"), 20)
        .counted("pupil", Some("htx"), 7)
        .counted("pupil", Some("stx"), 5);
    let counted = case.count_of(&["pupil"], &["stx", "eux"]);
    assert_eq!(counted.participants, Some(5));
    // htx stands beside stx and not above it.
    assert_eq!(counted.at_broader_level, Some(50));
    // Within one of the levels named, a count is not at a broader level than the other.
    let counted = case.count_of(&["pupil"], &["stx", "gymnasial"]);
    assert_eq!((counted.participants, counted.at_broader_level), (Some(32), Some(30)));
    let counted = case.count_of(&["pupil"], &[]);
    assert_eq!((counted.participants, counted.at_broader_level), (Some(62), None));
}

#[test]
fn a_count_of_zero_is_not_nothing() {
    let none = Case::new().count_of(&["pupil"], &[]);
    assert_eq!(none, Counted::default());
    let zero = Case::new().counted("pupil", None, 0).count_of(&["pupil"], &[]);
    let progress = held(&at_least(45), &zero);
    assert_eq!(figures(&progress), (Some(0), Some(45)));
    assert_eq!((percent(&progress).as_deref(), progress.state), (Some("0"), ProgressState::Below));
}

#[test]
fn unique_participants_and_attendances_are_never_added() {
    let case = Case::new().counted("pupil", None, 40).counted("pupil", None, 120).attendances();
    assert_eq!(case.count_of(&["pupil"], &[]).participants, Some(40));
    let filter = Filter { counting: Counting::Attendances, ..case.filter(&["pupil"], &[]) };
    assert_eq!(case.count(filter).participants, Some(120));
}

#[test]
fn the_same_600_pupils_under_two_activities_are_not_1200_people() {
    let (second, third) = (ActivityId::new(), ActivityId::new());
    let case = Case::new()
        .counted("pupil", None, 600)
        .in_activity(second)
        .counted("pupil", None, 600)
        .in_activity(third);
    for activity in [second, third] {
        let filter = Filter { activity: Some(activity), ..case.filter(&["pupil"], &[]) };
        let counted = case.count(filter);
        assert_eq!((counted.participants, counted.over_activities), (Some(600), false));
    }
    let counted = case.count_of(&["pupil"], &[]);
    assert_eq!((counted.participants, counted.over_activities), (Some(1_200), true));
}

#[test]
fn a_filter_keeps_to_its_project_and_organisation() {
    let (randers, skive) = (OrganisationId::new(), OrganisationId::new());
    let case = Case::new()
        .counted("teacher", None, 5)
        .of(randers)
        .counted("teacher", None, 4)
        .of(skive)
        .counted("teacher", None, 2);
    let all = case.count_of(&["teacher"], &[]);
    assert_eq!((all.participants, all.without_organisation), (Some(11), Some(2)));
    assert_eq!(all.by_organisation, BTreeMap::from([(randers, 5), (skive, 4)]));
    let filter = Filter { organisation: Some(skive), ..case.filter(&["teacher"], &[]) };
    assert_eq!(case.count(filter).participants, Some(4));
    let filter = Filter { project: Some(ProjectId::new()), ..case.filter(&["teacher"], &[]) };
    assert_eq!(case.count(filter).participants, None);
    // A goal of the programme takes the counts of every project.
    let filter = Filter { project: None, ..case.filter(&["teacher"], &[]) };
    assert_eq!(case.count(filter).participants, Some(11));
}

#[test]
fn states_turn_exactly_at_their_bounds() {
    use ProgressState::{AboveRange, Below, Exceeded, NoData, NoTarget, Reached};
    let state = |target: Option<&Target>, actual: Option<i64>| {
        assess(target, actual.map(Quantity::whole), &BTreeMap::new()).state
    };
    let range = Target::Range { minimum: Quantity::whole(1), maximum: Quantity::whole(3) };
    let percent = Target::AtLeastPercent { percent: Quantity::whole(80) };
    let classes = Target::Classes { classes: 16, estimated_pupils: 320 };
    for (target, actual, expected) in [
        (&at_least(45), Some(44), Below),
        (&at_least(45), Some(45), Reached),
        (&at_least(45), Some(46), Exceeded),
        (&classes, Some(320), Reached),
        (&classes, Some(321), Exceeded),
        (&range, Some(0), Below),
        (&range, Some(1), Reached),
        (&range, Some(3), Reached),
        (&range, Some(4), AboveRange),
        (&percent, Some(79), Below),
        (&percent, Some(80), Reached),
        (&percent, None, NoData),
        (&Target::None {}, Some(4), NoTarget),
        (&Target::None {}, None, NoTarget),
    ] {
        assert_eq!(state(Some(target), actual), expected, "{target:?} {actual:?}");
    }
    assert_eq!(state(None, None), NoTarget);
    // Without a target the actual is shown all the same.
    let progress = assess(None, Some(Quantity::whole(2_000)), &BTreeMap::new());
    assert_eq!(figures(&progress), (Some(2_000), None));
}

#[test]
fn companies_are_looked_at_one_by_one() {
    use ProgressState::{AboveRange, Below, NoData, Reached};
    let target = Target::PerCompany { minimum: 5, maximum: 10 };
    let of = |sizes: &[i64]| {
        let companies = sizes.iter().map(|size| (OrganisationId::new(), *size)).collect();
        let progress = assess(Some(&target), None, &companies);
        (figures(&progress), percent(&progress), progress.state)
    };
    let text = |text: &str| Some(text.to_string());
    assert_eq!(of(&[]), ((None, None), None, NoData));
    assert_eq!(of(&[5, 10]), ((Some(2), Some(0)), text("100"), Reached));
    assert_eq!(of(&[5, 11, 10]), ((Some(2), Some(1)), text("66.7"), AboveRange));
    // One below weighs more than one above.
    assert_eq!(of(&[4, 11]), ((Some(0), Some(2)), text("0"), Below));
}

#[test]
fn per_cent_is_rounded_half_up_in_integers() {
    let percent = |numerator: i64, denominator: i64| {
        let percent = Percent::of(Quantity::whole(numerator), Quantity::whole(denominator));
        percent.map(|percent| percent.percent.to_string())
    };
    for (numerator, denominator, expected) in [
        (300, 320, "93.8"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 2_000, "0.1"),
        (1, 2_001, "0"),
        (-1, 40, "-2.5"),
        (1_998, 2_000, "99.9"),
        // Half up would be 100, of a target that is not reached.
        (1_999, 2_000, "99.9"),
        (2_000, 2_000, "100"),
    ] {
        assert_eq!(percent(numerator, denominator).as_deref(), Some(expected), "{numerator}");
    }
    assert_eq!(percent(1, 0), None);
}

#[test]
fn counts_that_no_indicator_takes_are_told() {
    let case = Case::new()
        .counted("pupil", Some("ungdomsuddannelse"), 500)
        .counted("role_model", None, 71)
        .counted("pupil", Some("grundskole"), 300)
        .counted("role_model", None, 12)
        .attendances();
    let stx = Matcher::new(case.filter(&["pupil"], &["stx"]), &case.book);
    // The 500 stand beside stx at a broader level; the others stand nowhere.
    let outside_stx = OutsideIndicators { unique: Some(371), attendances: Some(12) };
    assert_eq!(outside(&case.totals, std::slice::from_ref(&stx)), outside_stx);
    let all = Matcher::new(case.filter(&[], &[]), &case.book);
    let outside_all = OutsideIndicators { unique: None, attendances: Some(12) };
    assert_eq!(outside(&case.totals, &[stx, all]), outside_all);
}
