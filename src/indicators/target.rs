//! Targets in the shapes that the real ones have, and what has to hold within each.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Fault, Faults};
use crate::quantity::Quantity;

/// The largest figure of a target, far beyond any real one.
const LARGEST: Quantity = Quantity::whole(1_000_000_000);

/// The figure promised, in one of the shapes that promises have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "shape", rename_all = "snake_case", deny_unknown_fields)]
pub enum Target {
    /// At least so many: 45 teachers.
    AtLeast { minimum: Quantity },
    /// From so many to so many: 1 to 3 companies.
    Range { minimum: Quantity, maximum: Quantity },
    /// So many classes, with an estimate of their pupils. Counts are of pupils, so the pupils
    /// are what is compared.
    Classes { classes: i32, estimated_pupils: i32 },
    /// From so many to so many participants in each company: reached when all companies that
    /// take part are inside.
    PerCompany { minimum: i32, maximum: i32 },
    /// At least that many per cent, with at most two decimals.
    AtLeastPercent { percent: Quantity },
    /// Measured, without a figure promised.
    None {},
}

impl Target {
    /// The figure that the actual one is held against; none where nothing is promised, or where
    /// the promise is about each company.
    pub fn figure(&self) -> Option<Quantity> {
        match *self {
            Target::AtLeast { minimum } | Target::Range { minimum, .. } => Some(minimum),
            Target::Classes { estimated_pupils, .. } => Some(estimated_pupils.into()),
            Target::AtLeastPercent { percent } => Some(percent),
            Target::PerCompany { .. } | Target::None {} => None,
        }
    }

    /// The most that is meant, where the promise has an upper end.
    pub fn maximum(&self) -> Option<Quantity> {
        match *self {
            Target::Range { maximum, .. } => Some(maximum),
            Target::PerCompany { maximum, .. } => Some(maximum.into()),
            _ => None,
        }
    }

    fn check(&self, faults: &mut Faults) {
        let mut positive = |pointer: &str, figure: Quantity, most: Quantity| {
            if figure <= Quantity::ZERO {
                faults.push(Fault::at(pointer, "not_positive"));
            } else if figure > most {
                faults.push(Fault::at(pointer, "too_much").with("max", most));
            }
        };
        match *self {
            Target::AtLeast { minimum } => positive("/target/minimum", minimum, LARGEST),
            Target::Range { minimum, maximum } => {
                positive("/target/minimum", minimum, LARGEST);
                positive("/target/maximum", maximum, LARGEST);
                in_order(minimum, maximum, faults);
            }
            Target::Classes { classes, estimated_pupils } => {
                positive("/target/classes", classes.into(), LARGEST);
                positive("/target/estimated_pupils", estimated_pupils.into(), LARGEST);
            }
            Target::PerCompany { minimum, maximum } => {
                positive("/target/minimum", minimum.into(), LARGEST);
                positive("/target/maximum", maximum.into(), LARGEST);
                in_order(minimum.into(), maximum.into(), faults);
            }
            Target::AtLeastPercent { percent } => {
                positive("/target/percent", percent, Quantity::whole(100));
                if percent.thousandths() % 10 != 0 {
                    faults.push(Fault::at("/target/percent", "too_many_decimals").with("max", 2));
                }
            }
            Target::None {} => {}
        }
    }
}

fn in_order(minimum: Quantity, maximum: Quantity, faults: &mut Faults) {
    if maximum < minimum {
        faults.push(Fault::at("/target/maximum", "below_minimum").with("min", minimum));
    }
}

/// A step of the planned profile: how far the project means to be by a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// The last day on which the figure may be reached.
    #[serde(deserialize_with = "crate::clock::day")]
    pub by: NaiveDate,
    /// Reached so far by then, in all.
    pub figure: Quantity,
}

/// All that has to hold within a target; `parts` are the minimums of the organisations.
pub fn check(target: &Target, parts: &[i32], planned: &[Milestone]) -> Faults {
    let mut faults = Faults::default();
    target.check(&mut faults);
    check_parts(target, parts, &mut faults);
    check_planned(target, planned, &mut faults);
    faults
}

fn check_parts(target: &Target, parts: &[i32], faults: &mut Faults) {
    if parts.is_empty() {
        return;
    }
    let Target::AtLeast { minimum } = target else {
        return faults.push(Fault::at("/parts", "parts_not_for_shape"));
    };
    for (index, part) in parts.iter().enumerate() {
        if *part <= 0 {
            faults.push(Fault::at(format!("/parts/{index}/minimum"), "not_positive"));
        }
    }
    let sum = Quantity::whole(parts.iter().map(|part| i64::from(*part)).sum());
    if sum != *minimum {
        let fault = Fault::at("/parts", "parts_do_not_add_up");
        faults.push(fault.with("sum", sum).with("minimum", minimum));
    }
}

fn check_planned(target: &Target, planned: &[Milestone], faults: &mut Faults) {
    if planned.is_empty() {
        return;
    }
    let Some(most) = target.maximum().or(target.figure()).filter(|_| target.figure().is_some())
    else {
        return faults.push(Fault::at("/planned", "planned_not_for_shape"));
    };
    for (index, step) in planned.iter().enumerate() {
        let at = |field: &str| format!("/planned/{index}/{field}");
        if step.figure < Quantity::ZERO {
            faults.push(Fault::at(at("figure"), "negative"));
        }
        if step.figure > most {
            faults.push(Fault::at(at("figure"), "above_target").with("max", most));
        }
        let Some(before) = index.checked_sub(1).and_then(|before| planned.get(before)) else {
            continue;
        };
        if step.by <= before.by {
            faults.push(Fault::at(at("by"), "dates_not_ascending"));
        }
        if step.figure < before.figure {
            faults.push(Fault::at(at("figure"), "figures_fall"));
        }
    }
}

/// How far the project meant to be on a day: the last step due by then. Before the first one
/// nothing was planned, which is not the same as zero.
pub fn planned_by(planned: &[Milestone], day: NaiveDate) -> Option<Quantity> {
    planned.iter().rev().find(|step| step.by <= day).map(|step| step.figure)
}

/// The next step that is not due yet.
pub fn next_due(planned: &[Milestone], day: NaiveDate) -> Option<Milestone> {
    planned.iter().find(|step| step.by > day).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Target {
        serde_json::from_str(json).expect("a target")
    }

    fn codes(target: &Target, parts: &[i32], planned: &[Milestone]) -> Vec<String> {
        let faults = check(target, parts, planned);
        faults.0.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
    }

    fn at_least(minimum: i64) -> Target {
        Target::AtLeast { minimum: Quantity::whole(minimum) }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn step(by: &str, figure: i64) -> Milestone {
        Milestone { by: day(by), figure: Quantity::whole(figure) }
    }

    #[test]
    fn every_shape_is_read_and_written_alike() {
        for json in [
            r#"{"shape":"at_least","minimum":45}"#,
            r#"{"shape":"range","minimum":1,"maximum":3}"#,
            r#"{"shape":"classes","classes":16,"estimated_pupils":448}"#,
            r#"{"shape":"per_company","minimum":5,"maximum":10}"#,
            r#"{"shape":"at_least_percent","percent":80.25}"#,
            r#"{"shape":"none"}"#,
        ] {
            let target = read(json);
            assert_eq!(serde_json::to_string(&target).expect("JSON"), json);
            assert_eq!(codes(&target, &[], &[]), Vec::<String>::new(), "{json}");
        }
    }

    #[test]
    fn what_is_no_target_is_refused() {
        for json in [
            r#"{"minimum":45}"#,
            r#"{"shape":"at_most","maximum":45}"#,
            r#"{"shape":"at_least"}"#,
            r#"{"shape":"at_least","minimum":45,"maximum":50}"#,
            r#"{"shape":"at_least","minimum":"45"}"#,
            r#"{"shape":"at_least","minimum":0.0001}"#,
            r#"{"shape":"classes","classes":1.5,"estimated_pupils":30}"#,
            r#"{"shape":"none","minimum":0}"#,
        ] {
            assert!(serde_json::from_str::<Target>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn figures_keep_their_bounds() {
        assert_eq!(codes(&at_least(0), &[], &[]), ["/target/minimum not_positive"]);
        assert_eq!(codes(&at_least(1_000_000_001), &[], &[]), ["/target/minimum too_much"]);
        let range = read(r#"{"shape":"range","minimum":3,"maximum":1}"#);
        assert_eq!(codes(&range, &[], &[]), ["/target/maximum below_minimum"]);
        let companies = read(r#"{"shape":"per_company","minimum":0,"maximum":-1}"#);
        assert_eq!(
            codes(&companies, &[], &[]),
            [
                "/target/minimum not_positive",
                "/target/maximum not_positive",
                "/target/maximum below_minimum"
            ]
        );
        let percent = |text| read(&format!(r#"{{"shape":"at_least_percent","percent":{text}}}"#));
        assert_eq!(codes(&percent("100"), &[], &[]), Vec::<String>::new());
        assert_eq!(codes(&percent("100.01"), &[], &[]), ["/target/percent too_much"]);
        assert_eq!(codes(&percent("0"), &[], &[]), ["/target/percent not_positive"]);
        assert_eq!(codes(&percent("33.333"), &[], &[]), ["/target/percent too_many_decimals"]);
    }

    #[test]
    fn the_nine_schools_add_up_to_the_45_teachers() {
        assert_eq!(codes(&at_least(45), &[5; 9], &[]), Vec::<String>::new());
        assert_eq!(codes(&at_least(45), &[5; 8], &[]), ["/parts parts_do_not_add_up"]);
        assert_eq!(codes(&at_least(5), &[5, 0], &[]), ["/parts/1/minimum not_positive"]);
        let range = read(r#"{"shape":"range","minimum":10,"maximum":20}"#);
        assert_eq!(codes(&range, &[5, 5], &[]), ["/parts parts_not_for_shape"]);
    }

    #[test]
    fn a_planned_profile_climbs_to_the_target() {
        let good = [step("2023-07-31", 0), step("2024-07-31", 500), step("2025-07-31", 1_000)];
        assert_eq!(codes(&at_least(1_000), &[], &good), Vec::<String>::new());
        let bad = [step("2024-07-31", 500), step("2024-07-31", 400), step("2025-07-31", 1_001)];
        assert_eq!(
            codes(&at_least(1_000), &[], &bad),
            [
                "/planned/1/by dates_not_ascending",
                "/planned/1/figure figures_fall",
                "/planned/2/figure above_target"
            ]
        );
        let below_zero = [step("2024-07-31", -1)];
        assert_eq!(codes(&at_least(5), &[], &below_zero), ["/planned/0/figure negative"]);
        let range = read(r#"{"shape":"range","minimum":1,"maximum":3}"#);
        assert_eq!(codes(&range, &[], &[step("2024-07-31", 3)]), Vec::<String>::new());
        for shape in [r#"{"shape":"none"}"#, r#"{"shape":"per_company","minimum":5,"maximum":9}"#] {
            assert_eq!(codes(&read(shape), &[], &good), ["/planned planned_not_for_shape"]);
        }
    }

    #[test]
    fn planned_by_now_is_the_last_step_that_is_due() {
        let planned = [step("2024-07-31", 500), step("2025-07-31", 1_000)];
        // Nothing is due yet: not zero, but nothing.
        assert_eq!(planned_by(&planned, day("2024-07-30")), None);
        assert_eq!(next_due(&planned, day("2024-07-30")), Some(planned[0]));
        assert_eq!(planned_by(&planned, day("2024-07-31")), Some(Quantity::whole(500)));
        assert_eq!(next_due(&planned, day("2024-07-31")), Some(planned[1]));
        assert_eq!(planned_by(&planned, day("2026-01-01")), Some(Quantity::whole(1_000)));
        assert_eq!(next_due(&planned, day("2026-01-01")), None);
        assert_eq!(planned_by(&[], day("2026-01-01")), None);
    }
}
