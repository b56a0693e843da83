//! What a version of a project holds, and the rules that it keeps.

use chrono::NaiveDate;

use super::partnership::Partnership;
use super::{Extension, Grant, PartialDate, Partner, Project, ProjectInput, ProjectStatus, grants};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{
    ApplicationId, CodeId, OrganisationId, ProgrammeId, ProjectId, RoundId, UserId, VersionId,
};
use crate::programmes::codes::{CodeList, Codebook, each_once};
use crate::programmes::organisations::{OrganisationKind, Register};
use crate::store::Db;
use crate::versioned::Versioned;

/// One version's content in ids. Two that are equal say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub title: String,
    pub summary: Option<String>,
    pub holder: OrganisationId,
    pub focus_area: Option<CodeId>,
    pub project_type: Option<CodeId>,
    pub status: ProjectStatus,
    pub year: Option<i32>,
    pub strategic: bool,
    pub period_start: Option<PartialDate>,
    pub period_end: Option<PartialDate>,
    pub extensions: Vec<Extension>,
    /// Sorted, since their order says nothing.
    pub approaches: Vec<CodeId>,
    /// Sorted, since their order says nothing.
    pub partners: Vec<OrganisationId>,
    pub grants: Vec<HeldGrant>,
    pub total_budget_ore: Option<i64>,
    pub own_cofinancing_ore: Option<i64>,
    pub other_cofinancing_ore: Option<i64>,
}

/// A grant in ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldGrant {
    pub amount_ore: i64,
    pub granted_on: Option<NaiveDate>,
    pub note: Option<String>,
    pub round: Option<RoundId>,
    pub application: Option<ApplicationId>,
}

/// A version as it is stored, with what it takes to show it.
#[derive(Debug, Clone)]
pub struct Version {
    pub id: VersionId,
    pub project: ProjectId,
    pub programme: ProgrammeId,
    pub code: String,
    pub number: i32,
    pub recorded_at: At,
    pub recorded_by: Option<UserId>,
    pub superseded_at: Option<At>,
    pub content: Content,
    pub holder: NamedOrganisation,
    /// By name.
    pub partners: Vec<NamedOrganisation>,
    /// As the content has them.
    pub grants: Vec<Grant>,
}

#[derive(Debug, Clone)]
pub struct NamedOrganisation {
    pub code: String,
    pub name: String,
    pub kind: Option<OrganisationKind>,
    pub education_type: Option<CodeId>,
}

impl Versioned for Version {
    fn version(&self) -> i32 {
        self.number
    }
}

impl Version {
    pub fn shown(self, book: &Codebook) -> Project {
        let content = self.content;
        let partnership = Partnership::of(&self.holder, &self.partners, book);
        let partner = |one: NamedOrganisation| Partner {
            organisation: one.code,
            name: one.name,
            kind: one.kind,
            education_type: book.word_of(one.education_type),
        };
        Project {
            id: self.project,
            programme_id: self.programme,
            code: self.code,
            title: content.title,
            summary: content.summary,
            holder: self.holder.code,
            holder_name: self.holder.name,
            holder_education_type: book.word_of(self.holder.education_type),
            focus_area: book.word_of(content.focus_area),
            project_type: book.word_of(content.project_type),
            status: content.status,
            year: content.year,
            strategic: content.strategic,
            period_start: content.period_start,
            period_end: content.period_end,
            period_end_in_force: end_in_force(content.period_end, &content.extensions),
            extensions: content.extensions,
            approaches: book.words(CodeList::Approach, &content.approaches),
            partners: self.partners.into_iter().map(partner).collect(),
            partnership,
            granted_ore: granted(&self.grants),
            grants: self.grants,
            total_budget_ore: content.total_budget_ore,
            own_cofinancing_ore: content.own_cofinancing_ore,
            other_cofinancing_ore: content.other_cofinancing_ore,
            version: self.number,
            recorded_at: self.recorded_at,
        }
    }
}

pub fn end_in_force(first: Option<PartialDate>, extensions: &[Extension]) -> Option<PartialDate> {
    extensions.last().map(|extension| extension.period_end).or(first)
}

/// A sum of nothing known is not known either.
fn granted(grants: &[Grant]) -> Option<i64> {
    if grants.is_empty() {
        return None;
    }
    Some(grants.iter().map(|grant| grant.amount_ore).sum())
}

/// Holds the input to the rules. What is retired may stay where the project has it already.
pub fn checked(
    db: &mut Db,
    programme: ProgrammeId,
    input: ProjectInput,
    old: Option<(ProjectId, &Content)>,
) -> Result<Content> {
    let project = old.map(|(project, _)| project);
    let old = old.map(|(_, content)| content);
    let book = Codebook::load(db, programme)?;
    let register = Register::load(db, programme)?;
    let mut faults = Faults::default();

    let had = old.map(|old| old.holder);
    let holder = faults.keep(register.choose_or_keep(&input.holder, had.as_slice(), "/holder"));
    let had = old.and_then(|old| old.focus_area);
    let focus_area = input.focus_area.as_deref().and_then(|word| {
        faults.keep(book.choose_or_keep(CodeList::FocusArea, word, had.as_slice(), "/focus_area"))
    });
    let had = old.and_then(|old| old.project_type);
    let project_type = input.project_type.as_deref().and_then(|word| {
        faults.keep(book.choose_or_keep(
            CodeList::ProjectType,
            word,
            had.as_slice(),
            "/project_type",
        ))
    });
    let had = old.map_or(&[][..], |old| &old.approaches);
    let approaches = each_once(&input.approaches, "/approaches", &mut faults, |word, pointer| {
        book.choose_or_keep(CodeList::Approach, word, had, pointer)
    });
    let had = old.map_or(&[][..], |old| &old.partners);
    let partners = each_once(&input.partners, "/partners", &mut faults, |word, pointer| {
        register.choose_or_keep(word, had, pointer)
    });
    let grants = grants::checked(db, programme, project, &input.grants, &mut faults)?;
    check_period(&input, &mut faults);
    check_budget(&input, &mut faults);
    let (Some(holder), true) = (holder, faults.0.is_empty()) else {
        return Err(Error::Invalid(faults));
    };
    Ok(Content {
        title: input.title,
        summary: input.summary,
        holder,
        focus_area,
        project_type,
        status: input.status,
        year: input.year,
        strategic: input.strategic,
        period_start: input.period_start,
        period_end: input.period_end,
        extensions: input.extensions,
        approaches,
        partners,
        grants,
        total_budget_ore: input.total_budget_ore,
        own_cofinancing_ore: input.own_cofinancing_ore,
        other_cofinancing_ore: input.other_cofinancing_ore,
    })
}

/// Of what is known, the parts may not be more than the whole.
fn check_budget(input: &ProjectInput, faults: &mut Faults) {
    let Some(total) = input.total_budget_ore else { return };
    let parts = input.grants.iter().map(|grant| grant.amount_ore);
    let parts = parts.chain(input.own_cofinancing_ore).chain(input.other_cofinancing_ore);
    if let Some(fault) = above_total(total, parts) {
        faults.push(fault);
    }
}

pub fn above_total(total: i64, parts: impl Iterator<Item = i64>) -> Option<Fault> {
    let sum: i64 = parts.sum();
    (sum > total).then(|| Fault::at("/total_budget_ore", "below_its_parts").with("sum", sum))
}

fn check_period(input: &ProjectInput, faults: &mut Faults) {
    let mut end = input.period_end;
    if let (Some(start), Some(end)) = (input.period_start, end)
        && start.first_day() > end.last_day()
    {
        faults.push(Fault::at("/period_end", "ends_before_start").with("start", start));
    }
    for (index, extension) in input.extensions.iter().enumerate() {
        let pointer = || format!("/extensions/{index}/period_end");
        let new = extension.period_end;
        if let Some(end) = end.filter(|end| new.last_day() <= end.last_day()) {
            faults.push(Fault::at(pointer(), "not_later").with("end", end));
        } else if let Some(start) =
            input.period_start.filter(|day| day.first_day() > new.last_day())
        {
            faults.push(Fault::at(pointer(), "ends_before_start").with("start", start));
        }
        end = Some(new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(start: &str, end: Option<&str>, extensions: &[&str]) -> ProjectInput {
        serde_json::from_value(serde_json::json!({
            "code": "potentielle-stemere",
            "title": "De potentielle STEM'er sidder måske i samfundsmæssige studieretninger",
            "holder": "vesthimmerlands-gymnasium",
            "status": "completed",
            "period_start": start,
            "period_end": end,
            "extensions": extensions
                .iter()
                .map(|end| serde_json::json!({ "period_end": end }))
                .collect::<Vec<_>>(),
        }))
        .expect("a project")
    }

    fn faults(input: &ProjectInput) -> Vec<(String, String)> {
        let mut faults = Faults::default();
        check_period(input, &mut faults);
        faults.0.into_iter().map(|fault| (fault.pointer, fault.code.into_owned())).collect()
    }

    #[test]
    fn a_period_ends_after_it_starts() {
        assert_eq!(faults(&input("2020", Some("2020"), &[])), []);
        assert_eq!(faults(&input("2020-08", Some("2020"), &[])), []);
        let fault = ("/period_end".to_string(), "ends_before_start".to_string());
        assert_eq!(faults(&input("2020-08", Some("2020-07-31"), &[])), [fault]);
    }

    #[test]
    fn each_extension_is_later_than_the_end_before() {
        assert_eq!(faults(&input("2020", Some("2022"), &["2023-06", "2023"])), []);
        assert_eq!(faults(&input("2020", None, &["2023"])), []);
        let fault =
            |at: usize, code: &str| (format!("/extensions/{at}/period_end"), code.to_string());
        assert_eq!(
            faults(&input("2020", Some("2022"), &["2022-12-31", "2023", "2023-06"])),
            [fault(0, "not_later"), fault(2, "not_later")]
        );
        assert_eq!(faults(&input("2020", None, &["2019"])), [fault(0, "ends_before_start")]);
    }

    #[test]
    fn the_end_in_force_is_the_last_one_agreed() {
        let extended = input("2020", Some("2022"), &["2023-06", "2023-12"]);
        let end = end_in_force(extended.period_end, &extended.extensions);
        assert_eq!(end.map(|end| end.to_string()).as_deref(), Some("2023-12"));
        assert_eq!(end_in_force(None, &[]), None);
    }

    #[test]
    fn no_known_grant_is_not_a_grant_of_nothing() {
        let grant = |amount_ore| Grant {
            amount_ore,
            granted_on: None,
            note: None,
            round: None,
            application: None,
        };
        assert_eq!(granted(&[]), None);
        assert_eq!(granted(&[grant(34_535_300), grant(10_000_000)]), Some(44_535_300));
    }
}
