//! The table `consistency`: what does not fit together, and where to mend it.

mod due;
mod missing;
mod money;
mod named;
mod partners;
mod printed;
mod targets;
mod texts;

use uuid::Uuid;

use super::catalogue::Kind::{Decimal, Text, Word, Year};
use super::catalogue::{Column, Page, Table, Walk, abouts, column, whole};
use super::computed::Records;
use super::facts::Facts;
use crate::error::Result;
use crate::messages::{self, Lang};
use crate::projects::Project;
use crate::quantity::Quantity;
use crate::reports::cell::Cell;
use crate::reports::faces::spoken;
use crate::store::Db;
use crate::store::types::text_enum;

text_enum! {
    /// How bad it is.
    pub enum Severity {
        /// Two figures that should be the same are not.
        Error = "error",
        /// Something is missing, so that a table can't be whole.
        Warning = "warning",
        /// Worth knowing for who reads the figures.
        Note = "note",
    }
}

text_enum! {
    /// What does not fit. The words never change.
    pub enum FindingCode {
        AmountMissing = "amount_missing",
        PeriodMissing = "period_missing",
        YearMissing = "year_missing",
        FocusAreaMissing = "focus_area_missing",
        ProjectTypeMissing = "project_type_missing",
        PartnersMissing = "partners_missing",
        EducationTypeMissing = "education_type_missing",
        ApproachesMissing = "approaches_missing",
        SameSummary = "same_summary",
        SameWords = "same_words",
        OngoingAfterEnd = "ongoing_after_end",
        CompletedBeforeEnd = "completed_before_end",
        GrantsAboveBudget = "grants_above_budget",
        ReportOverdue = "report_overdue",
        FinalReportMissing = "final_report_missing",
        CompletedAssessedLater = "completed_assessed_later",
        NoIndicators = "no_indicators",
        NoTarget = "no_target",
        NoCountForYear = "no_count_for_year",
        AtBroaderLevel = "at_broader_level",
        ClassesAgainstPupils = "classes_against_pupils",
        PartsDiffer = "parts_differ",
        PartnersDiffer = "partners_differ",
        CountedTwice = "counted_twice",
        LevelNotOfPartner = "level_not_of_partner",
        ReportedActualDiffers = "reported_actual_differs",
        ExpectedBelowGoal = "expected_below_goal",
        FocusAreaNotOpen = "focus_area_not_open",
        LevelNotOpen = "level_not_open",
        AboveApplied = "above_applied",
        GrantDiffers = "grant_differs",
        GrantedWithoutProject = "granted_without_project",
        FocusAreaDiffers = "focus_area_differs",
        YearDiffers = "year_differs",
        EnvelopeExceeded = "envelope_exceeded",
        ReportedDiffers = "reported_differs",
        ReportedTwice = "reported_twice",
        ReportedPartsDiffer = "reported_parts_differ",
        ReportedSumsDiffer = "reported_sums_differ",
        ReportedCumulatedDiffers = "reported_cumulated_differs",
        ReportedSharesNot100 = "reported_shares_not_100",
        ReportedBalanceDiffers = "reported_balance_differs",
        NamedCountDiffers = "named_count_differs",
        NamedTwice = "named_twice",
        NamedElsewhere = "named_elsewhere",
        NamedNotListed = "named_not_listed",
        NamedNowhere = "named_nowhere",
    }
}

/// What a finding is about, and where it is mended.
#[derive(Debug, Clone)]
pub struct Subject {
    kind: &'static str,
    code: String,
    project: Option<String>,
    /// Inside of the API.
    address: String,
}

impl Subject {
    fn project(project: &Project) -> Subject {
        Subject {
            kind: "project",
            code: project.code.clone(),
            project: Some(project.code.clone()),
            address: format!("/api/v1/projects/{}", project.id),
        }
    }
}

#[derive(Debug, Clone)]
struct Finding {
    code: FindingCode,
    severity: Severity,
    subject: Subject,
    /// What the words need.
    args: Vec<(&'static str, String)>,
    year: Option<i32>,
    found: Option<Quantity>,
    expected: Option<Quantity>,
}

impl Finding {
    fn new(code: FindingCode, severity: Severity, subject: Subject) -> Finding {
        let args = vec![("what", subject.code.clone())];
        Finding { code, severity, subject, args, year: None, found: None, expected: None }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Finding {
        self.args.push((name, value.to_string()));
        self
    }

    fn of_year(mut self, year: Option<i32>) -> Finding {
        self.year = year;
        self
    }

    /// The figure that is there, and the one that it should be.
    fn figures(mut self, found: Quantity, expected: Quantity) -> Finding {
        self.found = Some(found);
        self.expected = Some(expected);
        self
    }

    fn text(&self, lang: Lang) -> String {
        let mut args = self.args.clone();
        for (name, figure) in [("found", self.found), ("expected", self.expected)] {
            if let Some(figure) = figure {
                args.push((name, spoken::quantity(lang, figure)));
            }
        }
        messages::text(lang, &format!("finding-{}", self.code.as_str().replace('_', "-")), &args)
    }
}

/// What the checks look at.
struct Case<'a> {
    walk: &'a Walk<'a>,
    records: Records,
    facts: Facts,
    findings: Vec<Finding>,
}

impl Case<'_> {
    fn find(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// The last year that is over: for which counts are to be expected.
    fn last_year(&self) -> i32 {
        use chrono::Datelike;
        let before = self.walk.as_of.day(self.walk.now).year() - 1;
        self.walk.year.map_or(before, |year| year.min(before))
    }
}

pub const TABLE: Table = Table {
    version: 1,
    about: "\
What does not fit together in the programme's records, and between them and the figures that a report
prints; with where to mend it. The worst stands first.",
    takes_year: true,
    columns: || abouts(COLUMNS),
    page,
};

struct Row {
    programme: String,
    text: String,
    finding: Finding,
}

const COLUMNS: &[Column<Row>] = &[
    column("programme", Text, "The programme's code.", |row| row.programme.as_str().into()),
    column(
        "severity",
        Word,
        "`error` (figures contradict each other), `warning` (something is missing, so that a table \
         can't be whole) or `note`.",
        |row| Cell::Word(row.finding.severity.as_str()),
    ),
    column("code", Text, "What does not fit; a word that never changes.", |row| {
        row.finding.code.as_str().into()
    }),
    column(
        "entity",
        Word,
        "What it is about: `project`, `indicator`, `round`, `application`, `reported_fact`, \
         `progress_report` or `programme`.",
        |row| Cell::Word(row.finding.subject.kind),
    ),
    column("entity_code", Text, "Its code, or the measure of a printed figure.", |row| {
        row.finding.subject.code.as_str().into()
    }),
    column("project", Text, "The code of the project that it belongs to.", |row| {
        row.finding.subject.project.clone().into()
    }),
    column("year", Year, "The year that it is about.", |row| row.finding.year.into()),
    column("text", Text, "In words, in the language asked for.", |row| row.text.as_str().into()),
    column("found", Decimal, "The figure that is there; kroner in full.", |row| {
        figure(row.finding.found)
    }),
    column("expected", Decimal, "The figure that it should be.", |row| {
        figure(row.finding.expected)
    }),
    column("address", Text, "Where in the API it is mended.", |row| {
        row.finding.subject.address.as_str().into()
    }),
];

fn figure(quantity: Option<Quantity>) -> Cell {
    quantity.map_or(Cell::Empty, |quantity| Cell::Decimal(quantity.thousandths()))
}

fn page(db: &mut Db, walk: &Walk, _: Option<Uuid>) -> Result<Page> {
    let records = Records::load(db, walk)?;
    let facts = Facts::load(db, walk)?;
    let mut case = Case { walk, records, facts, findings: Vec::new() };
    printed::check(&mut case);
    named::check(db, &mut case)?;
    money::check(&mut case);
    targets::check(db, &mut case)?;
    partners::check(db, &mut case)?;
    due::check(db, &mut case)?;
    texts::check(db, &mut case)?;
    missing::check(&mut case);
    let mut findings = case.findings;
    // In the order of the checks within a severity.
    findings.sort_by_key(|finding| finding.severity);
    let row = |finding: Finding| Row {
        programme: walk.code.to_string(),
        text: finding.text(walk.lang),
        finding,
    };
    let rows: Vec<Row> = findings.into_iter().map(row).collect();
    Ok(whole(COLUMNS, &rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_is_written() {
        for code in FindingCode::ALL {
            let id = format!("finding-{}", code.as_str().replace('_', "-"));
            for lang in [Lang::Da, Lang::En] {
                assert!(messages::is_written(lang, &id), "{id} in {}", lang.code());
            }
        }
    }
}
