//! What a request would change of a project, and whether it still can.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::content::{Content, above_total, end_in_force};
use super::{Extension, PartialDate};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::OrganisationId;
use crate::programmes::organisations::Register;
use crate::store::types::text_enum;

/// In one request.
const MOST_PARTNERS: usize = 100;
const MOST_ORE: i64 = 10_000_000_000_000;

text_enum! {
    /// What a request is about.
    pub enum ChangeKind {
        Extension = "extension",
        Budget = "budget",
        Partners = "partners",
    }
}

/// The change that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = ProjectChange)]
pub enum Change {
    /// A later end of the period.
    Extension {
        /// Later than the end that holds.
        period_end: PartialDate,
    },
    /// Another budget, or other parts of it. What is left out stays.
    Budget {
        /// What the project costs in all, in øre.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 1, maximum = 10_000_000_000_000_i64)]
        total_budget_ore: Option<i64>,
        /// What holder and partners pay themselves, in øre.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 0, maximum = 10_000_000_000_000_i64)]
        own_cofinancing_ore: Option<i64>,
        /// What others pay, in øre.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 0, maximum = 10_000_000_000_000_i64)]
        other_cofinancing_ore: Option<i64>,
        /// The amount of each grant of the project, in their order, in øre.
        #[serde(skip_serializing_if = "Option::is_none")]
        grants_ore: Option<Vec<i64>>,
    },
    /// Other partners, as codes of organisations.
    Partners {
        #[serde(default)]
        #[schema(max_items = 100)]
        add: Vec<String>,
        #[serde(default)]
        #[schema(max_items = 100)]
        remove: Vec<String>,
    },
}

impl Change {
    pub fn kind(&self) -> ChangeKind {
        match self {
            Change::Extension { .. } => ChangeKind::Extension,
            Change::Budget { .. } => ChangeKind::Budget,
            Change::Partners { .. } => ChangeKind::Partners,
        }
    }

    /// Whether what it is about was changed between two versions of the project.
    pub fn is_outdated(&self, seen: &Content, standing: &Content) -> bool {
        match self {
            Change::Extension { .. } => {
                let period =
                    |one: &Content| (one.period_start, one.period_end, one.extensions.clone());
                period(seen) != period(standing)
            }
            Change::Budget { .. } => {
                let money = |one: &Content| {
                    let own = one.own_cofinancing_ore;
                    let amounts: Vec<i64> = one.grants.iter().map(|one| one.amount_ore).collect();
                    (one.total_budget_ore, own, one.other_cofinancing_ore, amounts)
                };
                money(seen) != money(standing)
            }
            Change::Partners { .. } => seen.partners != standing.partners,
        }
    }

    /// What the project is with it; faults point into the request's body.
    pub fn applied(
        &self,
        content: &Content,
        register: &Register,
        reason: Option<&str>,
        now: At,
    ) -> Result<Content> {
        let mut content = content.clone();
        let mut faults = Faults::default();
        match self {
            Change::Extension { period_end } => {
                let reason = reason.map(|reason| reason.chars().take(1_000).collect());
                let agreed_on = Some(now.day());
                let extension = Extension { period_end: *period_end, agreed_on, reason };
                extend(&mut content, extension, &mut faults);
            }
            Change::Budget {
                total_budget_ore,
                own_cofinancing_ore,
                other_cofinancing_ore,
                grants_ore,
            } => {
                let before = content.clone();
                let amounts = [
                    ("total_budget_ore", *total_budget_ore, 1, &mut content.total_budget_ore),
                    (
                        "own_cofinancing_ore",
                        *own_cofinancing_ore,
                        0,
                        &mut content.own_cofinancing_ore,
                    ),
                    (
                        "other_cofinancing_ore",
                        *other_cofinancing_ore,
                        0,
                        &mut content.other_cofinancing_ore,
                    ),
                ];
                for (field, amount, least, place) in amounts {
                    within(amount, least, &format!("/change/{field}"), &mut faults);
                    *place = amount.or(*place);
                }
                if let Some(amounts) = grants_ore {
                    split(&mut content, amounts, &mut faults);
                }
                let parts = content.grants.iter().map(|grant| grant.amount_ore);
                let parts = parts.chain(content.own_cofinancing_ore);
                let parts = parts.chain(content.other_cofinancing_ore);
                if faults.0.is_empty()
                    && let Some(fault) =
                        content.total_budget_ore.and_then(|total| above_total(total, parts))
                {
                    faults.push(fault.under("/change"));
                }
                unchanged(&before, &content, &mut faults);
            }
            Change::Partners { add, remove } => {
                let before = content.clone();
                exchange(&mut content, (add, remove), register, &mut faults);
                unchanged(&before, &content, &mut faults);
            }
        }
        if faults.0.is_empty() { Ok(content) } else { Err(Error::Invalid(faults)) }
    }
}

fn unchanged(before: &Content, after: &Content, faults: &mut Faults) {
    if before == after && faults.0.is_empty() {
        faults.push(Fault::at("/change", "changes_nothing"));
    }
}

fn within(amount: Option<i64>, least: i64, pointer: &str, faults: &mut Faults) {
    if amount.is_some_and(|amount| !(least..=MOST_ORE).contains(&amount)) {
        faults.push(Fault::at(pointer, "range").with("min", least).with("max", MOST_ORE));
    }
}

fn extend(content: &mut Content, extension: Extension, faults: &mut Faults) {
    let pointer = "/change/period_end";
    let new = extension.period_end;
    let end = end_in_force(content.period_end, &content.extensions);
    if let Some(end) = end.filter(|end| new.last_day() <= end.last_day()) {
        faults.push(Fault::at(pointer, "not_later").with("end", end));
    }
    if let Some(start) = content.period_start.filter(|day| day.first_day() > new.last_day()) {
        faults.push(Fault::at(pointer, "ends_before_start").with("start", start));
    }
    content.extensions.push(extension);
}

fn split(content: &mut Content, amounts: &[i64], faults: &mut Faults) {
    if amounts.len() != content.grants.len() {
        let fault = Fault::at("/change/grants_ore", "one_amount_each");
        return faults.push(fault.with("count", content.grants.len()));
    }
    for (index, (grant, amount)) in content.grants.iter_mut().zip(amounts).enumerate() {
        within(Some(*amount), 1, &format!("/change/grants_ore/{index}"), faults);
        grant.amount_ore = *amount;
    }
}

fn exchange(
    content: &mut Content,
    (add, remove): (&[String], &[String]),
    register: &Register,
    faults: &mut Faults,
) {
    for (words, field) in [(add, "add"), (remove, "remove")] {
        if words.len() > MOST_PARTNERS {
            let fault = Fault::at(format!("/change/{field}"), "length");
            faults.push(fault.with("min", 0).with("max", MOST_PARTNERS));
        }
    }
    let mut partners: BTreeSet<OrganisationId> = content.partners.iter().copied().collect();
    for (index, code) in remove.iter().enumerate() {
        if !register.find(code).is_some_and(|id| partners.remove(&id)) {
            let pointer = format!("/change/remove/{index}");
            faults.push(Fault::at(pointer, "not_a_partner").with("value", code));
        }
    }
    for (index, code) in add.iter().enumerate() {
        let pointer = format!("/change/add/{index}");
        match register.choose(code, &pointer) {
            Ok(id) if !partners.insert(id) => {
                faults.push(Fault::at(pointer, "chosen_twice").with("value", code));
            }
            Ok(_) => {}
            Err(fault) => faults.push(fault),
        }
    }
    content.partners = partners.into_iter().collect();
}
