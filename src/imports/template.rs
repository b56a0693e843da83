//! Files to fill in: the columns of a kind, with what is known of a project already.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use chrono::Datelike;

use super::targets::newest;
use super::{ImportKind, may_import};
use crate::accounts::{Caller, Standing};
use crate::clock::At;
use crate::csv_text::{Dialect, harmless};
use crate::error::{Error, Result};
use crate::ids::{ProgrammeId, ProjectId};
use crate::indicators::target::Target;
use crate::indicators::{self, Indicator, IndicatorSource, Owner, revisions};
use crate::messages::Lang;
use crate::paging::Page;
use crate::participation;
use crate::programmes::applications::{self, Application};
use crate::programmes::codes::Codebook;
use crate::programmes::organisations::{self, Register};
use crate::projects::{self, Project};
use crate::sheets::TEMPLATE;
use crate::store::{AsOf, Db};

/// Cells by the name of their column.
type Line = HashMap<&'static str, String>;

pub fn template(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    kind: ImportKind,
    dialect: Dialect,
    lang: Lang,
    now: At,
) -> Result<Vec<u8>> {
    let (programme, standing) = projects::standing(db, caller, project)?;
    may_import(caller, programme, kind)?;
    if kind == ImportKind::Values {
        standing.require_whole_project()?;
    }
    let about = projects::get(db, caller, project, AsOf::NOW)?;
    let lines = match kind {
        ImportKind::Organisations => organisations_of(db, caller, &about)?,
        ImportKind::Projects => vec![project_line(&about)],
        ImportKind::Targets => targets_of(db, caller, &about)?,
        ImportKind::Applications => applications_of(db, programme, &about)?,
        ImportKind::Participation => counts_of(db, caller, &about, &standing, now)?,
        ImportKind::Values => values_of(db, caller, &about, now)?,
    };
    written(kind, &lines, dialect, lang)
}

fn written(kind: ImportKind, lines: &[Line], dialect: Dialect, lang: Lang) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(dialect.delimiter())
        .terminator(csv::Terminator::CRLF)
        .from_writer(dialect.prefix().as_bytes().to_vec());
    let columns = kind.columns();
    let names = columns.iter().map(|column| match lang {
        // The Danish name is the last that is not English too.
        Lang::Da => column.danish(),
        Lang::En => column.name,
    });
    writer.write_record(names).map_err(Error::unexpected)?;
    for line in lines {
        let cells = columns.iter().map(|column| {
            line.get(column.name).map_or(Cow::Borrowed(""), |text| match dialect {
                Dialect::DkExcel if is_number(text) => Cow::Owned(text.replace('.', ",")),
                _ if is_number(text) => Cow::Borrowed(text.as_str()),
                _ => harmless(text),
            })
        });
        let cells: Vec<Cow<str>> = cells.collect();
        writer.write_record(cells.iter().map(|cell| cell.as_bytes())).map_err(Error::unexpected)?;
    }
    writer.into_inner().map_err(|error| Error::unexpected(error.error()))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && text.parse::<f64>().is_ok()
}

fn line<const N: usize>(cells: [(&'static str, Option<String>); N]) -> Line {
    cells.into_iter().filter_map(|(name, text)| Some((name, text?))).collect()
}

fn yes(value: bool) -> Option<String> {
    value.then(|| "ja".to_string())
}

/// Øre as kroner, with a point.
fn kroner(ore: Option<i64>) -> Option<String> {
    let ore = ore?;
    Some(match ore % 100 {
        0 => (ore / 100).to_string(),
        rest => format!("{}.{rest:02}", ore / 100),
    })
}

fn organisations_of(db: &mut Db, caller: &Caller, about: &Project) -> Result<Vec<Line>> {
    let register = Register::load(db, about.programme_id)?;
    let codes = about.partners.iter().map(|partner| &partner.organisation);
    let mut lines = Vec::new();
    for id in std::iter::once(&about.holder).chain(codes).filter_map(|code| register.find(code)) {
        let one = organisations::get(db, caller, id)?;
        lines.push(line([
            ("organisation", Some(one.code)),
            ("name", Some(one.name)),
            ("kind", one.kind.map(|kind| kind.to_string())),
            ("education_type", one.education_type),
            ("institution_number", one.institution_number),
            ("cvr_number", one.cvr_number),
            ("retired", yes(one.retired)),
        ]));
    }
    Ok(lines)
}

fn project_line(about: &Project) -> Line {
    let partners = about.partners.iter().map(|partner| partner.organisation.as_str());
    line([
        ("project", Some(about.code.clone())),
        ("title", Some(about.title.clone())),
        ("summary", about.summary.clone()),
        ("holder", Some(about.holder.clone())),
        ("focus_area", about.focus_area.clone()),
        ("project_type", about.project_type.clone()),
        ("status", Some(about.status.to_string())),
        ("year", about.year.map(|year| year.to_string())),
        ("strategic", yes(about.strategic)),
        ("period_start", about.period_start.map(|date| date.to_string())),
        ("period_end", about.period_end.map(|date| date.to_string())),
        ("approaches", Some(about.approaches.join("|"))),
        ("partners", Some(partners.collect::<Vec<_>>().join("|"))),
        ("grant_kr", kroner(about.granted_ore)),
        ("total_budget_kr", kroner(about.total_budget_ore)),
        ("own_cofinancing_kr", kroner(about.own_cofinancing_ore)),
        ("other_cofinancing_kr", kroner(about.other_cofinancing_ore)),
    ])
}

fn targets_of(db: &mut Db, caller: &Caller, about: &Project) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for one in indicators::list(db, caller, Owner::Project(about.id))? {
        if one.retired {
            continue;
        }
        let revisions = revisions::list(db, caller, one.id, AsOf::NOW)?;
        let mut line = indicator_line(&one, about);
        if let Some(newest) = newest(&revisions) {
            let (shape, figure, maximum, classes) = target_cells(&newest.target);
            line.insert("target_shape", shape.to_string());
            let cells = [("target", figure), ("target_max", maximum), ("target_classes", classes)];
            line.extend(cells.into_iter().filter_map(|(name, text)| Some((name, text?))));
            line.extend(newest.holds_from.map(|day| ("holds_from", day.to_string())));
            line.extend(newest.source_note.clone().map(|note| ("source_note", note)));
        }
        lines.push(line);
    }
    Ok(lines)
}

fn indicator_line(one: &Indicator, about: &Project) -> Line {
    let filter = one.filter.as_ref();
    line([
        ("indicator", Some(one.code.clone())),
        ("project", Some(about.code.clone())),
        ("activity", one.activity.map(|number| number.to_string())),
        ("title", Some(one.title.clone())),
        ("note", one.note.clone()),
        ("level", Some(one.level.to_string())),
        ("unit", Some(one.unit.clone())),
        ("source", Some(one.source.to_string())),
        ("role", filter.map(|filter| filter.roles.join("|"))),
        ("education_level", filter.map(|filter| filter.education_levels.join("|"))),
        ("organisation", filter.and_then(|filter| filter.organisation.clone())),
        ("counting", filter.map(|filter| filter.counting.to_string())),
    ])
}

fn target_cells(target: &Target) -> (&'static str, Option<String>, Option<String>, Option<String>) {
    let text = |number: &dyn std::fmt::Display| Some(number.to_string());
    match target {
        Target::AtLeast { minimum } => ("at_least", text(minimum), None, None),
        Target::Range { minimum, maximum } => ("range", text(minimum), text(maximum), None),
        Target::Classes { classes, estimated_pupils } => {
            ("classes", text(estimated_pupils), None, text(classes))
        }
        Target::PerCompany { minimum, maximum } => {
            ("per_company", text(minimum), text(maximum), None)
        }
        Target::AtLeastPercent { percent } => ("at_least_percent", text(percent), None, None),
        Target::None {} => ("none", None, None, None),
    }
}

fn applications_of(db: &mut Db, programme: ProgrammeId, about: &Project) -> Result<Vec<Line>> {
    let all = applications::all(db, programme, AsOf::NOW)?;
    let ours = all.into_iter().filter(|one| one.project_id == Some(about.id));
    Ok(ours.map(application_line).collect())
}

fn application_line(one: Application) -> Line {
    let (advice, decision) = (one.recommendation, one.decision);
    line([
        ("application", Some(one.code)),
        ("round", Some(one.round)),
        ("applicant", one.applicant.or(Some(one.applicant_name))),
        ("title", Some(one.title)),
        ("summary", one.summary),
        ("focus_area", one.focus_area),
        ("education_levels", Some(one.education_levels.join("|"))),
        ("applied_kr", kroner(one.applied_ore)),
        ("received_on", one.received_on.map(|day| day.to_string())),
        ("recommendation", advice.as_ref().map(|advice| advice.kind.to_string())),
        ("recommended_kr", kroner(advice.as_ref().and_then(|advice| advice.amount_ore))),
        ("recommendation_note", advice.and_then(|advice| advice.note)),
        ("decision", decision.as_ref().map(|one| one.outcome.to_string())),
        ("granted_kr", kroner(decision.as_ref().and_then(|one| one.amount_ore))),
        ("decided_on", decision.as_ref().and_then(|one| one.decided_on).map(|day| day.to_string())),
        ("decision_note", decision.and_then(|one| one.note)),
    ])
}

/// What is counted: activity, organisation, role, level, counting.
type Series = (Option<i32>, Option<String>, String, Option<String>, String);

fn counts_of(
    db: &mut Db,
    caller: &Caller,
    about: &Project,
    standing: &Standing,
    now: At,
) -> Result<Vec<Line>> {
    let mut series: BTreeSet<Series> = BTreeSet::new();
    if standing.limited_to().is_none() {
        for one in indicators::list(db, caller, Owner::Project(about.id))? {
            if let Some(filter) = one.filter.filter(|_| !one.retired) {
                for role in &filter.roles {
                    let counting = filter.counting.to_string();
                    let of = |level: Option<&String>| {
                        let organisation = filter.organisation.clone();
                        let (role, level) = (role.clone(), level.cloned());
                        (one.activity, organisation, role, level, counting.clone())
                    };
                    series.extend(filter.education_levels.iter().map(|level| of(Some(level))));
                    if filter.education_levels.is_empty() {
                        series.insert(of(None));
                    }
                }
            }
        }
    }
    let (filter, page) = (participation::Filter::default(), Page::of(None, 1_000));
    let posted = participation::list(db, caller, about.id, &filter, AsOf::NOW, &page)?;
    series.extend(posted.items.into_iter().map(|one| {
        let counting = one.counting.to_string();
        (one.activity, one.organisation, one.role, one.education_level, counting)
    }));
    if let Some(own) = standing.limited_to() {
        let register = Register::load(db, about.programme_id)?;
        let role = first_role(db, about.programme_id)?;
        for organisation in own.iter().map(|id| register.code(*id)) {
            if !series.iter().any(|one| one.1.as_ref() == Some(&organisation)) {
                let counting = participation::Counting::Unique.to_string();
                series.insert((None, Some(organisation), role.clone(), None, counting));
            }
        }
    }
    let year = now.day().year().to_string();
    let line_of = |(activity, organisation, role, level, counting): Series| {
        line([
            ("project", Some(about.code.clone())),
            ("activity", activity.map(|number| number.to_string())),
            ("organisation", organisation),
            ("period", Some(year.clone())),
            ("participant_role", Some(role)),
            ("education_level", level),
            ("counting", Some(counting)),
            (TEMPLATE.name, yes(true)),
        ])
    };
    let lines: Vec<Line> = series.into_iter().map(line_of).collect();
    if lines.is_empty() {
        let project = Some(about.code.clone());
        let cells = [("project", project), ("period", Some(year)), (TEMPLATE.name, yes(true))];
        return Ok(vec![line(cells)]);
    }
    Ok(lines)
}

fn first_role(db: &mut Db, programme: ProgrammeId) -> Result<String> {
    let book = Codebook::load(db, programme)?;
    let first = book.list(crate::programmes::codes::CodeList::ParticipantRole).next();
    Ok(first.map(|code| code.code.clone()).unwrap_or_default())
}

fn values_of(db: &mut Db, caller: &Caller, about: &Project, now: At) -> Result<Vec<Line>> {
    let all = indicators::list(db, caller, Owner::Project(about.id))?;
    let manual =
        all.into_iter().filter(|one| one.source == IndicatorSource::Manual && !one.retired);
    let day = now.day().to_string();
    let line_of = |one: Indicator| {
        let (code, day) = (Some(one.code), Some(day.clone()));
        line([("indicator", code), ("on_date", day), (TEMPLATE.name, yes(true))])
    };
    Ok(manual.map(line_of).collect())
}
