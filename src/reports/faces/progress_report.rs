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
    indicators: Vec<Row>,
    changes: Vec<Change>,
    /// Anchor, heading and what is written; None where it is not.
    texts: Vec<(&'static str, String, Option<&'a str>)>,
}

struct Row {
    title: String,
    target: String,
    original: String,
    actual: String,
    percent: String,
    state: String,
    suggested: String,
    holder: String,
}

struct Change {
    title: String,
    then: String,
    now: String,
    target_then: String,
    target_now: String,
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
        indicators: report.indicators.iter().map(|one| row(lang, one)).collect(),
        changes: report.changes.iter().map(|one| change(lang, one)).collect(),
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

fn row(lang: Lang, one: &ReportedIndicator) -> Row {
    let and_why = |assessment: Option<Assessment>, why: Option<&str>| {
        let assessment = assessment.map(|assessment| word(lang, assessment.as_str()));
        let parts = assessment.into_iter().chain(why.map(str::to_string));
        parts.collect::<Vec<_>>().join(". ")
    };
    let percent = one.percent.map(|percent| Cell::Percent(percent.percent.thousandths() / 100));
    Row {
        title: one.title.clone(),
        target: target(lang, one.target.as_ref()),
        original: target(lang, one.original_target.as_ref()),
        actual: figure(lang, one.actual),
        percent: percent.map(|cell| spoken::text(lang, Kind::Percent, &cell)).unwrap_or_default(),
        state: word(lang, one.state.as_str()),
        suggested: and_why(one.suggested_assessment, Some(&one.suggestion)),
        holder: and_why(one.assessment, one.comment.as_deref()),
    }
}

fn change(lang: Lang, one: &FigureChange) -> Change {
    Change {
        title: one.title.clone(),
        then: figure(lang, one.actual_then),
        now: figure(lang, one.actual_now),
        target_then: target(lang, one.target_then.as_ref()),
        target_now: target(lang, one.target_now.as_ref()),
    }
}

fn figure(lang: Lang, figure: Option<Quantity>) -> String {
    figure.map(|figure| spoken::quantity(lang, figure)).unwrap_or_default()
}

/// A target in words.
fn target(lang: Lang, target: Option<&Target>) -> String {
    let Some(target) = target else { return String::new() };
    let whole = |number: i32| spoken::quantity(lang, number.into());
    let (id, figures) = match *target {
        Target::AtLeast { minimum } => ("at-least", vec![spoken::quantity(lang, minimum)]),
        Target::Range { minimum, maximum } => {
            ("range", vec![spoken::quantity(lang, minimum), spoken::quantity(lang, maximum)])
        }
        Target::Classes { classes, estimated_pupils } => {
            ("classes", vec![whole(classes), whole(estimated_pupils)])
        }
        Target::PerCompany { minimum, maximum } => {
            ("per-company", vec![whole(minimum), whole(maximum)])
        }
        Target::AtLeastPercent { percent } => {
            ("at-least-percent", vec![spoken::quantity(lang, percent)])
        }
        Target::None {} => ("nothing", Vec::new()),
    };
    let names = ["first", "second"];
    let args: Vec<_> = names.into_iter().zip(figures).collect();
    messages::text(lang, &format!("target-in-words-{id}"), &args)
}
