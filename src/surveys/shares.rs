//! Shares and counts of positive answers, for indicators: from releases, like all that is shown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::definition::{ChoiceOption, Kind, Question, subject};
use super::editions::{Edition, Editions};
use super::release::{
    Among, Breakdown, Figures, GroupKey, Ledger, Outcome, Source, TableKey, groups,
};
use super::result_view::{FigureState, small};
use super::rows::releases::Whose;
use super::{ledgers, rows};
use crate::error::{Fault, Faults, Result};
use crate::ids::{LinkId, OrganisationId, ProgrammeId, ProjectId, QuestionnaireId};
use crate::store::types::text_enum;
use crate::store::{AsOf, Db};

text_enum! {
    /// What is made of the positive answers.
    pub enum Measure {
        /// Their share of the base, in per cent.
        Share = "share",
        /// How many they are.
        Count = "count",
    }
}

/// Which answers count as positive, and among whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareRule {
    /// Codes of questionnaires; several where there is one for each age.
    #[validate(length(min = 1, max = 20))]
    #[schema(example = json!(["elever-14-19"]))]
    pub questionnaires: Vec<String>,
    /// Codes of their questions, or `grid.statement`. Each questionnaire asks at least one, and no
    /// version of one asks two.
    #[validate(length(min = 1, max = 20))]
    #[schema(example = json!(["u_forstaaelse"]))]
    pub questions: Vec<String>,
    /// Codes of the options that count; of each question those that it has.
    #[validate(length(min = 1, max = 50))]
    #[schema(example = json!(["meget_hoej", "hoej"]))]
    pub positive: Vec<String>,
    /// Who is in the base; everybody who was asked where not given.
    pub base: Option<ShareBase>,
    /// Whether "don't know" is in the base; yes unless said otherwise.
    #[serde(default = "yes")]
    #[schema(required = false)]
    pub include_dont_know: bool,
    /// The share unless said otherwise. The target of a share is `at_least_percent` or `none`, that
    /// of a count any but `at_least_percent`.
    #[serde(default = "share")]
    #[schema(required = false)]
    pub measure: Measure,
    /// Only links of that wave; every one where not given.
    #[validate(length(min = 1, max = 40))]
    #[schema(example = "after")]
    pub wave: Option<String>,
}

/// Those who chose one of the options in another question. Answers that were released before the
/// indicator named its base are not in it, so name the indicator before the first release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareBase {
    #[schema(example = "u_samarbejde")]
    pub question: String,
    /// What the other questionnaires call it, where they have other codes for it.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(example = json!(["b_samarbejde"]))]
    pub other_questions: Vec<String>,
    #[validate(length(min = 1, max = 50))]
    #[schema(example = json!(["ja"]))]
    pub options: Vec<String>,
}

impl ShareBase {
    /// The code under which a questionnaire asks it.
    pub(super) fn asked_in(&self, asks: impl Fn(&str) -> bool) -> Option<&String> {
        std::iter::once(&self.question).chain(&self.other_questions).find(|code| asks(code))
    }
}

fn yes() -> bool {
    true
}

fn share() -> Measure {
    Measure::Share
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    pub state: FigureState,
    /// The positive answers, and those they are out of. 0 unless shown.
    pub numerator: i64,
    pub denominator: i64,
    /// Asked and not answered.
    pub missing: i64,
    /// How many of the responses in it came on paper.
    pub on_paper: i64,
    /// Released responses that are not in it.
    pub held_back: i64,
}

impl Share {
    const EMPTY: Share = Share {
        state: FigureState::Empty,
        numerator: 0,
        denominator: 0,
        missing: 0,
        on_paper: 0,
        held_back: 0,
    };

    fn of(rule: &ShareRule, outcome: &Outcome) -> Share {
        match outcome {
            Outcome::Empty => Share::EMPTY,
            Outcome::Suppressed => Share { state: FigureState::Suppressed, ..Share::EMPTY },
            Outcome::Shown(figures) => Share::shown(rule, figures),
        }
    }

    fn shown(rule: &ShareRule, figures: &Figures) -> Share {
        let positive: BTreeSet<&String> = rule.positive.iter().collect();
        let chosen = positive.iter().filter_map(|code| figures.counts.get(*code));
        let left_out = if rule.include_dont_know { 0 } else { figures.dont_know };
        Share {
            state: FigureState::Shown,
            numerator: small(chosen.sum()),
            denominator: small(figures.n - left_out),
            missing: small(figures.missing),
            on_paper: figures.paper,
            held_back: figures.held_back,
        }
    }
}

/// A share as a whole, and of each organisation.
#[derive(Debug, Clone)]
pub struct Shares {
    pub whole: Share,
    pub by_organisation: BTreeMap<OrganisationId, Share>,
}

/// What was released of questionnaires by a day: each is read once, however many rules ask for it.
pub struct Released {
    as_of: AsOf,
    of: BTreeMap<QuestionnaireId, (Editions, Arc<Ledger>)>,
}

impl Released {
    pub fn by(as_of: AsOf) -> Released {
        Released { as_of, of: BTreeMap::new() }
    }

    fn get(
        &mut self,
        db: &mut Db,
        ids: &[QuestionnaireId],
    ) -> Result<Vec<&(Editions, Arc<Ledger>)>> {
        for id in ids.iter().filter(|id| !self.of.contains_key(id)).collect::<Vec<_>>() {
            let editions = Editions::load(db, *id, self.as_of)?;
            self.of.insert(*id, (editions, ledgers::of(db, *id, self.as_of)?));
        }
        Ok(ids.iter().filter_map(|id| self.of.get(id)).collect())
    }
}

/// The share of a project, or of a programme as a whole. Asks nobody whether they may know.
pub fn of(
    db: &mut Db,
    programme: ProgrammeId,
    project: Option<ProjectId>,
    rule: &ShareRule,
    released: &mut Released,
) -> Result<Shares> {
    let whose = project.map_or(Whose::Programme(programme), Whose::Project);
    let seen: BTreeSet<LinkId> =
        rows::releases::links_of(db, whose)?.into_iter().map(|link| link.id).collect();
    let known = rows::questionnaires::by_codes(db, programme, &rule.questionnaires)?;
    let ids: Vec<QuestionnaireId> = known.into_iter().map(|(id, ..)| id).collect();
    let released = released.get(db, &ids)?.into_iter();
    let found: Vec<(&Ledger, BTreeSet<TableKey>)> =
        released.map(|(editions, ledger)| (ledger.as_ref(), tables(editions, rule))).collect();
    let sources: Vec<Source> = found
        .iter()
        .flat_map(|(ledger, tables)| tables.iter().map(move |table| Source { ledger, table }))
        .collect();
    let among = Among { wave: rule.wave.as_deref(), links: Some(&seen) };
    let whole = groups(&sources, Breakdown::Whole, among).pop();
    let mut by_organisation = BTreeMap::new();
    for group in groups(&sources, Breakdown::Organisation, among) {
        if let GroupKey::Organisation(Some(id)) = group.key {
            by_organisation.insert(id, Share::of(rule, &group.outcome));
        }
    }
    let whole = whole.map_or(Share::EMPTY, |group| Share::of(rule, &group.outcome));
    Ok(Shares { whole, by_organisation })
}

/// The tables that a rule reads, over all versions.
fn tables(editions: &Editions, rule: &ShareRule) -> BTreeSet<TableKey> {
    let mut tables = BTreeSet::new();
    for edition in editions.all() {
        for name in &rule.questions {
            let Some(question) = editions.variant(edition, name) else { continue };
            // Under the same code another version may have asked something else.
            if !asks(edition, name, &rule.positive) {
                continue;
            }
            match &rule.base {
                None => drop(tables.insert(TableKey::Question(question))),
                Some(base) => {
                    let asks = |code: &str| subject(&edition.definition, code).is_some();
                    let code = base.asked_in(asks);
                    if let Some(variant) = code.and_then(|code| editions.variant(edition, code)) {
                        let options = base.options.iter().cloned().collect();
                        tables.insert(TableKey::Crossed { base: variant, options, question });
                    }
                }
            }
        }
    }
    tables
}

fn asks(edition: &Edition, name: &str, options: &[String]) -> bool {
    subject(&edition.definition, name).is_some_and(|found| has_some(found.question, options))
}

fn has_some(question: &Question, options: &[String]) -> bool {
    options.iter().any(|code| question.options().iter().any(|one| one.code == *code))
}

/// All that is wrong with a rule for an indicator of that project, or of the programme.
pub fn check(
    db: &mut Db,
    programme: ProgrammeId,
    project: Option<ProjectId>,
    rule: &ShareRule,
) -> Result<Faults> {
    let mut faults = Faults::default();
    let known = rows::questionnaires::by_codes(db, programme, &rule.questionnaires)?;
    let mut all = Vec::new();
    for (index, code) in rule.questionnaires.iter().enumerate() {
        let fault = |problem| Fault::at(format!("/questionnaires/{index}"), problem);
        // A project's own, or the programme's; to the programme all are.
        let found = known.iter().find(|(_, other, of)| {
            other == code && (project.is_none() || of.is_none() || *of == project)
        });
        let Some((id, ..)) = found else {
            faults.push(fault("unknown_questionnaire").with("value", code));
            continue;
        };
        let editions = Editions::load(db, *id, AsOf::NOW)?;
        if tables(&editions, &ShareRule { base: None, ..rule.clone() }).is_empty() {
            faults.push(fault("asks_none_of_them").with("value", code));
        }
        all.push(editions);
    }
    let editions: Vec<&Edition> = all.iter().flat_map(Editions::all).collect();
    for (index, name) in rule.questions.iter().enumerate() {
        let at = format!("/questions/{index}");
        if rule.questions.iter().take(index).any(|before| before == name) {
            faults.push(Fault::at(at, "stands_twice").with("value", name));
            continue;
        }
        check_asked(&editions, name, &at, &mut faults);
        // Who answers two of them in one response would count twice.
        let taken = |edition: &Edition, name: &str| asks(edition, name, &rule.positive);
        let together = rule.questions.iter().take(index).find(|before| {
            editions.iter().any(|edition| taken(edition, name) && taken(edition, before))
        });
        if let Some(other) = together {
            faults.push(Fault::at(&at, "asked_together").with("value", name).with("other", other));
        }
        // Who chose two of them would count twice.
        let several = editions.iter().any(|edition| {
            subject(&edition.definition, name).is_some_and(|found| {
                let chosen = |option: &&ChoiceOption| rule.positive.contains(&option.code);
                matches!(found.question.kind, Kind::Multiple { .. })
                    && found.question.options().iter().filter(chosen).count() > 1
            })
        });
        if several {
            faults.push(Fault::at("/positive", "one_of_several"));
        }
    }
    check_options(&editions, &rule.questions, &rule.positive, "/positive", &mut faults);
    if let Some(base) = &rule.base {
        check_base(&editions, base, &rule.questions, &mut faults);
    }
    Ok(faults)
}

fn check_base(editions: &[&Edition], base: &ShareBase, questions: &[String], faults: &mut Faults) {
    let others = base.other_questions.iter().enumerate();
    let others = others.map(|(index, name)| (format!("/base/other_questions/{index}"), name));
    let first = ("/base/question".to_string(), &base.question);
    let names: Vec<(String, &String)> = std::iter::once(first).chain(others).collect();
    for (at, name) in &names {
        if questions.contains(name) {
            faults.push(Fault::at(at, "base_is_question"));
        }
        check_asked(editions, name, at, faults);
        let several = editions.iter().any(|edition| {
            let found = subject(&edition.definition, name);
            found.is_some_and(|found| matches!(found.question.kind, Kind::Multiple { .. }))
        });
        if several {
            faults.push(Fault::at(at, "base_of_several"));
        }
    }
    let names = names.into_iter().map(|(_, name)| name.clone()).collect::<Vec<_>>();
    check_options(editions, &names, &base.options, "/base/options", faults);
}

/// That some version asks it, as a choice.
fn check_asked(editions: &[&Edition], name: &str, at: &str, faults: &mut Faults) {
    let asked = || editions.iter().filter_map(|edition| subject(&edition.definition, name));
    if asked().next().is_none() {
        faults.push(Fault::at(at, "unknown_subject").with("value", name));
    } else if asked().all(|found| found.question.options().is_empty()) {
        faults.push(Fault::at(at, "not_a_choice").with("value", name));
    }
}

/// That each of the options can be chosen in some of the questions.
fn check_options(
    editions: &[&Edition],
    names: &[String],
    options: &[String],
    at: &str,
    faults: &mut Faults,
) {
    let both = || editions.iter().flat_map(|edition| names.iter().map(move |name| (edition, name)));
    let choices = || both().filter_map(|(edition, name)| subject(&edition.definition, name));
    if choices().all(|found| found.question.options().is_empty()) {
        return;
    }
    for (index, code) in options.iter().enumerate() {
        let has = |question: &Question| question.options().iter().any(|one| one.code == *code);
        if !choices().any(|found| has(found.question)) {
            let fault = Fault::at(format!("{at}/{index}"), "not_an_option");
            faults.push(fault.with("value", code));
        }
    }
}
