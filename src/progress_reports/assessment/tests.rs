use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn figure(text: &str) -> Quantity {
    Quantity::parse(text).expect("a figure")
}

fn whole(number: i64) -> Quantity {
    Quantity::whole(number)
}

const AT_LEAST: Target = Target::AtLeast { minimum: Quantity::ZERO };

/// `actual` of `target`, below it or not, without a profile.
fn case(actual: i64, target: i64, elapsed: Elapsed) -> Case<'static> {
    let state = match actual.cmp(&target) {
        std::cmp::Ordering::Less => ProgressState::Below,
        std::cmp::Ordering::Equal => ProgressState::Reached,
        std::cmp::Ordering::Greater => ProgressState::Exceeded,
    };
    Case {
        state,
        target: Some(&AT_LEAST),
        percent: Percent::of(whole(actual), whole(target)),
        planned_by_now: None,
        next_due: None,
        at_broader_level: None,
        elapsed,
    }
}

fn days(passed: i64, of: i64) -> Elapsed {
    Elapsed::Days { passed, of }
}

fn told(case: Case) -> String {
    let Judged { assessment, reason } = judge(case);
    let assessment = assessment.map_or("-", Assessment::as_str);
    format!("{assessment} {}", reason.code)
}

/// The table of `docs/assessment.md`.
#[test]
fn without_a_profile_the_period_is_the_measure() {
    for (actual, target, elapsed, expected) in [
        // Reached is good, whenever it is.
        (45, 45, days(1, 1_000), "good reached"),
        (74, 45, Elapsed::Unknown, "good reached"),
        // Half of the period: half of the target is even progress, 80 % of that is acceptable.
        (500, 1_000, days(500, 1_000), "good on_time"),
        (499, 1_000, days(500, 1_000), "acceptable behind_time"),
        (400, 1_000, days(500, 1_000), "acceptable behind_time"),
        (399, 1_000, days(500, 1_000), "slow far_behind_time"),
        // In the first half nobody is slow: pupils may come later.
        (0, 1_000, days(499, 1_000), "acceptable early_in_period"),
        (400, 1_000, days(499, 1_000), "acceptable behind_time"),
        (0, 1_000, days(0, 1_000), "- not_begun"),
        // The period is over, or the report is the last one.
        (999, 1_000, Elapsed::Over, "acceptable nearly_reached"),
        (800, 1_000, Elapsed::Over, "acceptable nearly_reached"),
        (799, 1_000, Elapsed::Over, "slow not_reached"),
        (540, 1_000, Elapsed::Over, "slow not_reached"),
        // Nobody knows what should have been reached.
        (540, 1_000, Elapsed::Unknown, "- period_unknown"),
    ] {
        assert_eq!(
            told(case(actual, target, elapsed)),
            expected,
            "{actual} of {target} {elapsed:?}"
        );
    }
}

#[test]
fn a_planned_profile_comes_before_the_period() {
    let next = Milestone { by: day("2024-12-31"), figure: whole(1_000) };
    let planned = |actual, planned: Option<i64>, next_due, elapsed| Case {
        planned_by_now: planned.map(whole),
        next_due,
        ..case(actual, 1_000, elapsed)
    };
    for (actual, by_now, next_due, elapsed, expected) in [
        // By time alone these would be slow.
        (100, Some(100), Some(next), days(900, 1_000), "good on_plan"),
        (90, Some(100), Some(next), days(900, 1_000), "acceptable behind_plan"),
        (79, Some(100), Some(next), days(900, 1_000), "slow far_behind_plan"),
        // And this one good.
        (600, Some(1_000), None, days(100, 1_000), "slow far_behind_plan"),
        (600, Some(700), Some(next), Elapsed::Unknown, "acceptable behind_plan"),
        // Pupils who are not due are not missing.
        (0, None, Some(next), days(900, 1_000), "- not_due_yet"),
        (0, Some(0), Some(next), days(900, 1_000), "- not_due_yet"),
        // In the final report all of it is due.
        (90, Some(90), Some(next), Elapsed::Over, "slow not_reached"),
        (0, None, Some(next), Elapsed::Over, "slow not_reached"),
    ] {
        let case = planned(actual, by_now, next_due, elapsed);
        assert_eq!(told(case), expected, "{actual}, {by_now:?} planned, {elapsed:?}");
    }
}

#[test]
fn what_is_not_known_is_named_and_never_held_against_anybody() {
    let unknown = |state| Case { state, percent: None, ..case(0, 1, days(900, 1_000)) };
    assert_eq!(told(unknown(ProgressState::NoData)), "- missing");
    assert_eq!(told(unknown(ProgressState::NoTarget)), "- no_target");
    assert_eq!(told(unknown(ProgressState::Suppressed)), "- hidden");
    let broader = Case { at_broader_level: Some(500), ..unknown(ProgressState::NoData) };
    assert_eq!(told(broader), "- only_broader");
    // Nothing is posted of what is not due yet.
    let next = Milestone { by: day("2024-12-31"), figure: whole(448) };
    let later = Case { next_due: Some(next), ..unknown(ProgressState::NoData) };
    assert_eq!(told(later), "- not_due_yet");
}

#[test]
fn a_share_does_not_grow_with_time() {
    let eighty = Target::AtLeastPercent { percent: whole(80) };
    let share = |percent: &str, elapsed| Case {
        target: Some(&eighty),
        percent: Percent::of(figure(percent), whole(80)),
        ..case(0, 80, elapsed)
    };
    assert_eq!(told(share("64.9", days(100, 1_000))), "acceptable nearly_reached");
    assert_eq!(told(share("63.9", days(100, 1_000))), "slow not_reached");
    assert_eq!(told(share("63.9", Elapsed::Unknown)), "slow not_reached");
}

#[test]
fn companies_are_held_like_other_figures() {
    let each = Target::PerCompany { minimum: 5, maximum: 10 };
    let companies = |inside, all, elapsed| Case {
        target: Some(&each),
        state: ProgressState::Below,
        ..case(inside, all, elapsed)
    };
    assert_eq!(told(companies(1, 3, days(300, 900))), "good on_time");
    assert_eq!(told(companies(1, 3, Elapsed::Over)), "slow not_reached");
    let above = Case { state: ProgressState::AboveRange, ..companies(1, 3, Elapsed::Over) };
    assert_eq!(told(above), "good above_range");
}

#[test]
fn a_project_is_as_its_targets_are() {
    let judged = |codes: &str| {
        let one = |code: char| {
            let (assessment, code) = match code {
                'g' => (Some(Assessment::Good), ReasonCode::Reached),
                'a' => (Some(Assessment::Acceptable), ReasonCode::BehindTime),
                's' => (Some(Assessment::Slow), ReasonCode::NotReached),
                'm' => (None, ReasonCode::Missing),
                'n' => (None, ReasonCode::NoTarget),
                _ => (None, ReasonCode::NotDueYet),
            };
            Judged { assessment, reason: Reason::new(code) }
        };
        let all: Vec<Judged> = codes.chars().map(one).collect();
        let Judged { assessment, reason } = overall(&all);
        format!("{} {}", assessment.map_or("-", Assessment::as_str), reason.code)
    };
    for (targets, expected) in [
        ("gg", "good overall"),
        ("ga", "good overall"),
        ("gaa", "acceptable overall"),
        ("ggs", "acceptable overall"),
        ("gs", "slow overall"),
        ("ass", "slow overall"),
        // What is not due, hidden or without a target pulls neither way.
        ("goonn", "good overall"),
        ("oo", "- nothing_to_judge"),
        ("", "- nothing_to_judge"),
        ("nn", "- nothing_to_judge"),
        // Little is known where most figures are missing.
        ("gm", "good overall"),
        ("gmm", "- too_little_known"),
        ("m", "- too_little_known"),
    ] {
        assert_eq!(judged(targets), expected, "{targets}");
    }
}

#[test]
fn a_period_is_counted_in_days_with_both_ends() {
    let on = |today: &str, start: Option<&str>, end: Option<&str>| {
        Elapsed::on(day(today), start.map(day), end.map(day))
    };
    assert_eq!(on("2022-12-31", Some("2022-01-01"), Some("2023-12-31")), days(365, 730));
    assert_eq!(on("2021-12-31", Some("2022-01-01"), Some("2023-12-31")), days(0, 730));
    assert_eq!(on("2023-12-31", Some("2022-01-01"), Some("2023-12-31")), Elapsed::Over);
    assert_eq!(on("2024-06-01", None, Some("2023-12-31")), Elapsed::Over);
    assert_eq!(on("2022-12-31", None, Some("2023-12-31")), Elapsed::Unknown);
    assert_eq!(on("2022-12-31", Some("2022-01-01"), None), Elapsed::Unknown);
}

#[test]
fn every_reason_has_its_sentence() {
    for code in ReasonCode::ALL {
        let id = format!("assessment-{}", code.as_str().replace('_', "-"));
        for lang in [Lang::Da, Lang::En] {
            assert!(messages::is_written(lang, &id), "{id} in {}", lang.code());
        }
    }
    let reason = judge(case(399, 1_000, days(501, 1_000))).reason;
    assert_eq!(
        reason.text(Lang::En),
        "399 of 1000, and 50 % of the period has passed: far behind."
    );
    let text = overall(&[judge(case(45, 45, Elapsed::Over))]).reason.text(Lang::Da);
    assert_eq!(
        text,
        "Målene: 1 går godt, 0 acceptabelt og 0 langsomt. Tal, der mangler: 0. Kan endnu ikke \
         vurderes: 0."
    );
}
