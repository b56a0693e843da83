//! The published versions of a questionnaire, and what in them adds up: questions of the same code,
//! type and options.

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{Definition, Kind, Question, ShowIf, comparable, subject};
use super::questionnaires::stored;
use super::release::{self, Plan};
use super::rows;
use crate::error::Result;
use crate::ids::{QuestionnaireId, VersionId};
use crate::store::{AsOf, Db};

/// All published versions of a questionnaire, in their order.
pub struct Editions(Vec<Edition>);

pub struct Edition {
    pub id: VersionId,
    pub number: i32,
    pub definition: Definition,
}

impl Edition {
    /// Whether a question of the programme's bank is among its own.
    pub fn asks_core(&self) -> bool {
        self.definition.questions.iter().any(|question| question.core.is_some())
    }
}

/// What can be asked for in results: a question, or a statement of a grid, over all the versions
/// in which it is comparable.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Under which its answers are tallied in releases.
    pub variant: String,
    /// Its code, or `grid.statement`.
    pub name: String,
    /// The statement, where it is one.
    pub statement: Option<String>,
    /// As the newest version has it.
    pub question: Question,
    /// The versions that ask it.
    pub versions: Vec<i32>,
}

impl Editions {
    pub fn load(db: &mut Db, questionnaire: QuestionnaireId, as_of: AsOf) -> Result<Editions> {
        let mut editions = Vec::new();
        for row in rows::questionnaires::published(db, questionnaire)? {
            // Versions that came later change nothing about the earlier ones.
            if row.published_at <= as_of.moment() {
                editions.push(Edition {
                    id: row.id,
                    number: row.number,
                    definition: stored(row.definition)?,
                });
            }
        }
        Ok(Editions(editions))
    }

    pub fn all(&self) -> &[Edition] {
        &self.0
    }

    /// Under which name the answers to a question, or to `grid.statement`, add up: its own, and a
    /// name of its own from a version on that asks something else under the same code.
    pub fn variant(&self, edition: &Edition, name: &str) -> Option<String> {
        let own = subject(&edition.definition, name)?.question;
        let mut asking = self.0.iter().filter_map(|edition| {
            let question = edition.definition.question(&own.code)?;
            Some((edition.number, question))
        });
        let (first, question) = asking.next()?;
        if comparable(question, own) {
            return Some(name.to_string());
        }
        let (number, _) = asking.find(|(_, question)| comparable(question, own))?;
        Some(if number == first { name.to_string() } else { format!("{name}@{number}") })
    }

    /// What a version tallies. `crossings` are base question, its options, and question.
    pub fn plan(
        &self,
        edition: &Edition,
        crossings: &[(String, BTreeSet<String>, String)],
    ) -> Plan {
        let mut questions = BTreeMap::new();
        for question in &edition.definition.questions {
            let Some(kind) = kind(question) else { continue };
            let options = question.options().iter().filter(|option| option.dont_know);
            let mut subjects = Vec::new();
            if let Some(condition) = &question.show_if {
                subjects_of(condition, &mut subjects);
            }
            let planned = release::Question {
                kind,
                dont_know: options.map(|option| option.code.clone()).collect(),
                hangs_on: subjects.iter().filter_map(|one| self.variant(edition, one)).collect(),
            };
            for (name, _) in names(question) {
                if let Some(variant) = self.variant(edition, &name) {
                    questions.insert(variant, planned.clone());
                }
            }
        }
        let mut plan = Plan::new(questions);
        for (base, options, question) in crossings {
            let both = self.variant(edition, base).zip(self.variant(edition, question));
            if let Some((base, question)) = both {
                plan.cross(&base, options.clone(), &question);
            }
        }
        plan
    }

    /// Whether no version that asks both tells the question apart otherwise.
    pub fn may_cross(
        &self,
        crossings: &[(String, BTreeSet<String>, String)],
        base: &str,
        options: &BTreeSet<String>,
        question: &str,
    ) -> bool {
        self.all().iter().all(|edition| {
            let both = self.variant(edition, base).zip(self.variant(edition, question));
            both.is_none_or(|(base, question)| {
                self.plan(edition, crossings).cross(&base, options.clone(), &question)
            })
        })
    }

    /// All that can be asked for, in the order of the newest version; what only older ones ask
    /// comes last.
    pub fn subjects(&self) -> Vec<Subject> {
        let mut subjects: Vec<Subject> = Vec::new();
        for edition in self.0.iter().rev() {
            for question in &edition.definition.questions {
                if kind(question).is_none() {
                    continue;
                }
                for (name, statement) in names(question) {
                    let Some(variant) = self.variant(edition, &name) else { continue };
                    match subjects.iter_mut().find(|one| one.variant == variant) {
                        Some(known) => known.versions.insert(0, edition.number),
                        None => subjects.push(Subject {
                            variant,
                            name,
                            statement,
                            question: question.clone(),
                            versions: vec![edition.number],
                        }),
                    }
                }
            }
        }
        subjects
    }
}

/// How answers to it add up; none of what is not tallied.
fn kind(question: &Question) -> Option<release::Kind> {
    match question.kind {
        Kind::Scale { .. } | Kind::Single { .. } | Kind::Grid { .. } => Some(release::Kind::One),
        Kind::Multiple { .. } => Some(release::Kind::Several),
        Kind::Number { .. } => Some(release::Kind::Number),
        Kind::Text { .. } | Kind::Section => None,
    }
}

/// What a question is called in tallies, a grid by each of its statements.
fn names(question: &Question) -> Vec<(String, Option<String>)> {
    match &question.kind {
        Kind::Grid { statements, .. } => statements
            .iter()
            .map(|one| (format!("{}.{}", question.code, one.code), Some(one.code.clone())))
            .collect(),
        _ => vec![(question.code.clone(), None)],
    }
}

/// The questions that a condition looks at.
fn subjects_of<'a>(condition: &'a ShowIf, found: &mut Vec<&'a str>) {
    match condition {
        ShowIf::Is { question, .. } | ShowIf::IsNot { question, .. } => found.push(question),
        ShowIf::All { all: parts } | ShowIf::Any { any: parts } => {
            parts.iter().for_each(|part| subjects_of(part, found));
        }
    }
}
