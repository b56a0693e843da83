//! A progress report as one page, fit for printing, with the head of the audit trail that its
//! approval carries.

use askama::Template;

use super::page::STYLE;
use super::spoken::{self, word};
use crate::error::{Error, Result};
use crate::indicators::target::Target;
use crate::messages::{self, Lang};
use crate::progress_reports::{Assessment, FigureChange, ProgressReport, ReportedIndicator};
use crate::quantity::Quantity;
use crate::reports::cell::Cell;
use crate::reports::tables::catalogue::Kind;

#[derive(Template)]
#[template(path = "progress_report.html")]
struct Page<'a> {
    lang: Lang,
    style: &'static str,
    report: &'a ProgressReport,
    kind: String,
    facts: Vec<(String, String)>,
    assessments: Vec<(String, String)>,
    remarks: Vec<(String, String)>,
    basis: String,
    indicators: Grid,
    /// Corrections since the figures were frozen.
    changes: Grid,
    /// Anchor, heading and what is written; None where it is not.
    texts: Vec<(&'static str, String, Option<&'a str>)>,
}

/// A small table: what its columns are called, and text in each cell.
struct Grid {
    heads: Vec<Head>,
    rows: Vec<Vec<String>>,
}

struct Head {
    title: String,
    number: bool,
}

impl Grid {
    /// Columns by the key of their title, and whether figures stand in them.
    fn new(lang: Lang, columns: &[(&str, bool)], rows: Vec<Vec<String>>) -> Grid {
        let head =
            |&(id, number): &(&str, bool)| Head { title: messages::text(lang, id, &[]), number };
        Grid { heads: columns.iter().map(head).collect(), rows }
    }
}

impl Page<'_> {
    fn say(&self, id: &str) -> String {
        messages::text(self.lang, id, &[])
    }
}

/// The page of a report, as it was found for the caller.
pub fn page(report: &ProgressReport, lang: Lang) -> Result<String> {
    let say = |id: &str| messages::text(lang, &format!("progress-report-{id}"), &[]);
    let named = |facts: Vec<(&str, String)>| -> Vec<(String, String)> {
        let told = facts.into_iter().filter(|(_, value)| !value.is_empty());
        told.map(|(id, value)| (say(id), value)).collect()
    };
    let date = |day: &chrono::NaiveDate| spoken::date(lang, day);
    let assessed = |given: Option<_>| given.map(|one: Assessment| word(lang, one.as_str()));
    let head = report.audit_head.as_ref();
    let facts = named(vec![
        ("project", report.project.clone()),
        ("period", period(lang, report)),
        ("state", say(&format!("is-{}", report.state))),
        ("due", report.due_on.as_ref().map(date).unwrap_or_default()),
        ("submitted", report.submitted_at.map(|at| date(&at.day())).unwrap_or_default()),
        ("decided", report.decided_at.map(|at| date(&at.day())).unwrap_or_default()),
        ("source", report.source_note.clone().unwrap_or_default()),
        ("audit-number", head.map(|head| head.number.to_string()).unwrap_or_default()),
        ("audit-head", head.map(|head| head.hash.clone()).unwrap_or_default()),
    ]);
    let nothing = || word(lang, "none");
    let assessments = named(vec![
        ("decision", assessed(report.assessment).unwrap_or_else(|| say("undecided"))),
        ("holder", assessed(report.proposed_assessment).unwrap_or_else(nothing)),
        ("suggested", assessed(report.suggested_assessment).unwrap_or_else(nothing)),
    ]);
    let remarks = named(vec![
        ("why-suggested", report.suggestion.clone()),
        ("holder-comment", report.proposed_comment.clone().unwrap_or_default()),
        ("decision-comment", report.decision_comment.clone().unwrap_or_default()),
    ]);
    let basis = match report.figures_frozen_at {
        Some(_) => "basis-frozen",
        None => "basis-open",
    };
    let basis = messages::text(
        lang,
        &format!("progress-report-{basis}"),
        &[("day", date(&report.figures_by))],
    );
    let text = |id, what: &str, text: &'_ Option<String>| (id, say(what), text.clone());
    let written = [
        text("narrative", "narrative", &report.narrative),
        text("learnings", "learnings", &report.learnings),
        text("deviations", "deviations", &report.deviations),
    ];
    let page = Page {
        lang,
        style: STYLE,
        report,
        kind: say(&format!("kind-{}", report.kind)),
        facts,
        assessments,
        remarks,
        basis,
        indicators: Grid::new(
            lang,
            &INDICATORS,
            report.indicators.iter().map(|one| indicator(lang, one)).collect(),
        ),
        changes: Grid::new(
            lang,
            &CHANGES,
            report.changes.iter().map(|one| change(lang, one)).collect(),
        ),
        texts: written
            .iter()
            .map(|(id, name, text)| (*id, name.clone(), text.as_deref()))
            .collect(),
    };
    page.render().map_err(Error::unexpected)
}

fn period(lang: Lang, report: &ProgressReport) -> String {
    let day = |day| spoken::date(lang, day);
    format!("{} – {}", day(&report.period_start), day(&report.period_end))
}

const INDICATORS: [(&str, bool); 8] = [
    ("progress-report-indicator", false),
    ("column-target", false),
    ("column-original-target", false),
    ("progress-report-reached", true),
    ("column-percent", true),
    ("column-state", false),
    ("progress-report-suggested", false),
    ("progress-report-holder", false),
];

fn indicator(lang: Lang, one: &ReportedIndicator) -> Vec<String> {
    let and_why = |assessment: Option<Assessment>, why: Option<&str>| {
        let assessment = assessment.map(|assessment| word(lang, assessment.as_str()));
        let parts = assessment.into_iter().chain(why.map(str::to_string));
        parts.collect::<Vec<_>>().join(". ")
    };
    let percent = one.percent.map(|percent| Cell::Percent(percent.percent.thousandths() / 100));
    vec![
        one.title.clone(),
        target(lang, one.target.as_ref()),
        target(lang, one.original_target.as_ref()),
        figure(lang, one.actual),
        percent.map(|cell| spoken::text(lang, Kind::Percent, &cell)).unwrap_or_default(),
        word(lang, one.state.as_str()),
        and_why(one.suggested_assessment, Some(&one.suggestion)),
        and_why(one.assessment, one.comment.as_deref()),
    ]
}

const CHANGES: [(&str, bool); 5] = [
    ("progress-report-indicator", false),
    ("progress-report-then", true),
    ("progress-report-now", true),
    ("progress-report-target-then", false),
    ("progress-report-target-now", false),
];

fn change(lang: Lang, one: &FigureChange) -> Vec<String> {
    vec![
        one.title.clone(),
        figure(lang, one.actual_then),
        figure(lang, one.actual_now),
        target(lang, one.target_then.as_ref()),
        target(lang, one.target_now.as_ref()),
    ]
}

fn figure(lang: Lang, figure: Option<Quantity>) -> String {
    figure.map(|figure| spoken::quantity(lang, figure)).unwrap_or_default()
}

fn target(lang: Lang, target: Option<&Target>) -> String {
    target.and_then(|target| spoken::target(lang, target)).unwrap_or_default()
}
