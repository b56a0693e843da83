//! Projects, by their code.

use std::collections::HashMap;

use super::small::{Context, Loader};
use crate::error::{Fault, Result};
use crate::ids::ProjectId;
use crate::participation::Outcome;
use crate::programmes::codes::{CodeList, Codebook};
use crate::programmes::organisations::Register;
use crate::projects::{self, Grant, PartialDate, Project, ProjectInput, ProjectStatus};
use crate::shape;
use crate::sheets::{Column, Row, day_of};
use crate::store::{AsOf, Db};

pub const COLUMNS: &[Column] = &[
    Column::new("project", &["code", "projekt", "kode"], "/code", true),
    Column::new("title", &["titel"], "/title", false),
    Column::new("summary", &["resumé", "resume"], "/summary", false),
    Column::new("holder", &["projektholder"], "/holder", false),
    Column::new("focus_area", &["indsatsområde"], "/focus_area", false),
    Column::new("project_type", &["projekttype"], "/project_type", false),
    Column::new("status", &[], "/status", false),
    Column::new("year", &["år"], "/year", false),
    Column::new("strategic", &["strategisk"], "/strategic", false),
    Column::new("period_start", &["periode_start"], "/period_start", false),
    Column::new("period_end", &["periode_slut"], "/period_end", false),
    Column::new("approaches", &["virkemidler"], "/approaches", false),
    Column::new("partners", &["partnere"], "/partners", false),
    Column::new("grant_kr", &["bevilling_kr", "grant_dkk"], "/grants", false),
    Column::new("total_budget_kr", &["samlet_budget_kr"], "/total_budget_ore", false),
    Column::new("own_cofinancing_kr", &["egenfinansiering_kr"], "/own_cofinancing_ore", false),
    Column::new(
        "other_cofinancing_kr",
        &["anden_medfinansiering_kr"],
        "/other_cofinancing_ore",
        false,
    ),
    Column::new("reason", &["begrundelse"], "/reason", false),
];

pub struct Projects<'a> {
    context: Context<'a>,
    book: Codebook,
    register: Register,
    by_code: HashMap<String, ProjectId>,
}

impl<'a> Projects<'a> {
    pub fn load(db: &mut Db, context: Context<'a>) -> Result<Projects<'a>> {
        let codes = projects::codes_of(db, context.programme)?;
        Ok(Projects {
            context,
            book: Codebook::load(db, context.programme)?,
            register: Register::load(db, context.programme)?,
            by_code: codes.into_iter().map(|(id, code)| (code, id)).collect(),
        })
    }

    fn code(&self, list: CodeList, text: &str) -> String {
        self.book.named(list, text).map_or_else(|| text.to_string(), |code| code.code.clone())
    }

    fn organisation(&self, text: &str) -> String {
        self.register.named(text).unwrap_or(text).to_string()
    }

    /// What the row says over what stands: what the file has no column for stays.
    fn fill(&self, input: &mut ProjectInput, row: &mut Row, is_new: bool) {
        let code = |row: &Row, column, list| row.text(column).map(|text| self.code(list, text));
        if is_new || row.has("title") {
            input.title = row.needed("title").to_string();
        }
        if row.has("summary") {
            input.summary = row.text("summary").map(str::to_string);
        }
        if is_new || row.has("holder") {
            input.holder = self.organisation(row.needed("holder"));
        }
        if row.has("focus_area") {
            input.focus_area = code(row, "focus_area", CodeList::FocusArea);
        }
        if row.has("project_type") {
            input.project_type = code(row, "project_type", CodeList::ProjectType);
        }
        if is_new || row.has("status") {
            row.needed("status");
            let status = row.read("status", "unknown_word", status);
            input.status = status.unwrap_or(ProjectStatus::Planned);
        }
        if row.has("year") {
            input.year = row.small("year");
        }
        if row.has("strategic") {
            input.strategic = row.yes("strategic").unwrap_or(false);
        }
        if row.has("period_start") {
            input.period_start = row.read("period_start", "unreadable_date", partial_date);
        }
        if row.has("period_end") {
            input.period_end = row.read("period_end", "unreadable_date", partial_date);
        }
        if row.has("approaches") {
            let all = row.list("approaches").into_iter();
            input.approaches = all.map(|text| self.code(CodeList::Approach, text)).collect();
        }
        if row.has("partners") {
            let all = row.list("partners").into_iter();
            input.partners = all.map(|text| self.organisation(text)).collect();
        }
        if row.has("grant_kr") {
            let granted = row.decimal("grant_kr", ore);
            grants(&mut input.grants, granted, row);
        }
        for (column, amount) in [
            ("total_budget_kr", &mut input.total_budget_ore),
            ("own_cofinancing_kr", &mut input.own_cofinancing_ore),
            ("other_cofinancing_kr", &mut input.other_cofinancing_ore),
        ] {
            if row.has(column) {
                *amount = row.decimal(column, ore);
            }
        }
        input.reason = row.text("reason").map(str::to_string);
    }
}

/// One amount stands for the only grant; several grants it can only agree with.
fn grants(grants: &mut Vec<Grant>, granted: Option<i64>, row: &mut Row) {
    match (grants.as_mut_slice(), granted) {
        (_, None) => {}
        ([], Some(amount_ore)) => grants.push(Grant {
            amount_ore,
            granted_on: None,
            note: None,
            round: None,
            application: None,
        }),
        ([only], Some(amount_ore)) => only.amount_ore = amount_ore,
        (several, Some(amount)) => {
            if several.iter().map(|one| one.amount_ore).sum::<i64>() != amount {
                row.fault(Fault::at("/grants", "several_grants"));
            }
        }
    }
}

impl Loader for Projects<'_> {
    fn key(&self, row: &Row) -> Option<String> {
        row.text("project").map(str::to_string)
    }

    fn put(&mut self, db: &mut Db, mut row: Row) -> Result<Outcome> {
        let Context { caller, programme, now } = self.context;
        let code = row.needed("project").to_string();
        let before = match self.by_code.get(&code) {
            Some(id) => Some(projects::get(db, caller, *id, AsOf::NOW)?),
            None => None,
        };
        let mut input = input_of(code, before.as_ref());
        self.fill(&mut input, &mut row, before.is_none());
        row.check()?;
        shape::held(&input)?;
        match before {
            None => {
                projects::create(db, caller, programme, input, now)?;
                Ok(Outcome::Created)
            }
            Some(before) => {
                let after = projects::update(db, caller, before.id, before.version, input, now)?;
                let same = after.version == before.version;
                Ok(if same { Outcome::Unchanged } else { Outcome::Corrected })
            }
        }
    }
}

/// A project as it would be written again.
fn input_of(code: String, before: Option<&Project>) -> ProjectInput {
    let before = before.cloned();
    ProjectInput {
        code,
        title: before.as_ref().map(|one| one.title.clone()).unwrap_or_default(),
        summary: before.as_ref().and_then(|one| one.summary.clone()),
        holder: before.as_ref().map(|one| one.holder.clone()).unwrap_or_default(),
        focus_area: before.as_ref().and_then(|one| one.focus_area.clone()),
        project_type: before.as_ref().and_then(|one| one.project_type.clone()),
        status: before.as_ref().map_or(ProjectStatus::Planned, |one| one.status),
        year: before.as_ref().and_then(|one| one.year),
        strategic: before.as_ref().is_some_and(|one| one.strategic),
        period_start: before.as_ref().and_then(|one| one.period_start),
        period_end: before.as_ref().and_then(|one| one.period_end),
        total_budget_ore: before.as_ref().and_then(|one| one.total_budget_ore),
        own_cofinancing_ore: before.as_ref().and_then(|one| one.own_cofinancing_ore),
        other_cofinancing_ore: before.as_ref().and_then(|one| one.other_cofinancing_ore),
        reason: None,
        partners: before
            .as_ref()
            .map(|one| one.partners.iter().map(|one| one.organisation.clone()).collect())
            .unwrap_or_default(),
        extensions: before.as_ref().map(|one| one.extensions.clone()).unwrap_or_default(),
        approaches: before.as_ref().map(|one| one.approaches.clone()).unwrap_or_default(),
        grants: before.map(|one| one.grants).unwrap_or_default(),
    }
}

fn status(text: &str) -> Option<ProjectStatus> {
    let word = text.to_lowercase();
    Some(match word.as_str() {
        "planlagt" => ProjectStatus::Planned,
        "igangværende" | "i gang" => ProjectStatus::Ongoing,
        "afsluttet" => ProjectStatus::Completed,
        "aflyst" => ProjectStatus::Cancelled,
        word => word.parse().ok()?,
    })
}

fn partial_date(text: &str) -> Option<PartialDate> {
    text.parse().ok().or_else(|| day_of(text).map(PartialDate::from))
}

/// Kroner, with a point before at most two decimals, in øre.
pub(super) fn ore(text: &str) -> Option<i64> {
    let (kroner, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if kroner.is_empty() || !digits(kroner) || !digits(decimals) || decimals.len() > 2 {
        return None;
    }
    let ore: i64 = format!("{decimals:0<2}").parse().ok()?;
    kroner.parse::<i64>().ok()?.checked_mul(100)?.checked_add(ore)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kroner_are_exact() {
        assert_eq!(ore("345353"), Some(34_535_300));
        assert_eq!(ore("0.5"), Some(50));
        assert_eq!(ore("12.34"), Some(1_234));
        for text in ["", ".5", "1.234", "-1", "1e3", "12 000", "99999999999999999999"] {
            assert_eq!(ore(text), None, "{text}");
        }
    }
}
