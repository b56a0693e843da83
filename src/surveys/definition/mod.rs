//! What a questionnaire asks: the one format in which it is written, checked and published.

mod check;
mod core;
mod decimal;
mod salvage;
mod show_if;
mod texts;
mod wire;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub(super) use self::check::is_language;
pub use self::core::altered;
pub use decimal::{Decimal, NotDecimal};
pub use show_if::ShowIf;
pub(super) use show_if::subject;
pub use texts::Texts;

use self::salvage::Salvaged;
use crate::error::Faults;
use crate::store::types::text_enum;

text_enum! {
    /// Who answers.
    pub enum Audience {
        Pupil = "pupil",
        Teacher = "teacher",
        Other = "other",
    }
}

/// A questionnaire: what it says and asks, in every language that it is offered in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuestionnaireDefinition)]
pub struct Definition {
    pub title: Texts,
    /// Language tags, `da` or `pt-BR`, 1 to 10 of them; the first is shown where none is asked
    /// for. Every text is written in each.
    #[schema(example = json!(["da", "en"]))]
    pub languages: Vec<String>,
    pub audience: Audience,
    /// Said before the first question: who asks, why, and that it is voluntary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub intro: Option<Texts>,
    /// Said when the answers have been received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub thanks: Option<Texts>,
    #[serde(default)]
    pub settings: Settings,
    /// At most 200, in the order in which they are asked.
    pub questions: Vec<Question>,
}

/// How the questionnaire is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = QuestionnaireSettings)]
pub struct Settings {
    /// One question on the page at a time.
    pub one_at_a_time: bool,
    /// A button that reads the question aloud, where the browser can speak.
    pub read_aloud: bool,
    /// A face beside each option of a scale, the happiest first. For scales of up to 5 options,
    /// "don't know" apart.
    pub faces: bool,
    /// Lets pupils be asked for free text. Others can always be.
    pub free_text_allowed: bool,
}

/// One question, or a text between questions. Its `type` says which further fields it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "wire::Wire")]
pub struct Question {
    /// Stays when the text changes. 1 to 40 of a-z, digits and `_`, a letter first; unique in the
    /// questionnaire.
    #[schema(example = "u_forstaaelse")]
    pub code: String,
    #[serde(flatten)]
    pub kind: Kind,
    pub text: Texts,
    /// A hint below the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub help: Option<Texts>,
    /// Whether it must be answered where it is shown; of a grid, every statement.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// Asked only where this holds of the answers before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub show_if: Option<ShowIf>,
    /// The code of the programme's core question that this one is. It is locked: everything but
    /// `required` and `show_if` is as the programme's bank has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub core: Option<String>,
}

/// What kind of answer is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = QuestionKind)]
pub enum Kind {
    /// One of 2 to 11 ordered options; one more, the last, may be flagged "don't know".
    Scale { options: Vec<ChoiceOption> },
    /// One of 2 to 50 options.
    Single { options: Vec<ChoiceOption> },
    /// Several of 2 to 50 options.
    Multiple {
        options: Vec<ChoiceOption>,
        /// How many must be chosen by who answers at all; 1 where not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        min_chosen: Option<u32>,
        /// How many may be chosen; all where not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        max_chosen: Option<u32>,
    },
    /// 1 to 50 statements, each answered on the same scale.
    Grid {
        statements: Vec<Statement>,
        /// A scale, as of `scale`.
        options: Vec<ChoiceOption>,
    },
    /// A number from `min` to `max`. Both are at most a million in the smallest unit: 1,000,000
    /// for whole numbers, 1,000 with three decimals.
    Number {
        min: Decimal,
        max: Decimal,
        /// What is counted: "timer", "km".
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        unit: Option<Texts>,
        /// How many decimals may be given, 0 to 3.
        #[serde(default, skip_serializing_if = "is_zero")]
        decimals: u8,
    },
    /// Free text. Not tallied, and in no table.
    Text {
        /// In characters, 1 to 5,000.
        max_length: u32,
    },
    /// Only a text, nothing is asked.
    Section,
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChoiceOption {
    /// Stays when the text changes. 1 to 40 of a-z, digits and `_`; unique in the question.
    #[schema(example = "meget_hoej")]
    pub code: String,
    pub text: Texts,
    /// Whether choosing it is good news: a hint for indicators.
    #[serde(default, skip_serializing_if = "is_false")]
    pub positive: bool,
    /// Whether it means "don't know" and so has no place on the scale. At most one option.
    #[serde(default, skip_serializing_if = "is_false")]
    pub dont_know: bool,
}

/// One row of a grid. In results and conditions it is called `grid.statement`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GridStatement)]
pub struct Statement {
    /// As a question's; unique in the grid.
    pub code: String,
    pub text: Texts,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_zero(decimals: &u8) -> bool {
    *decimals == 0
}

impl Definition {
    /// Reads the format and checks it. The rules are gone through once all of it can be read.
    pub fn read(value: Value) -> Result<Definition, Faults> {
        let definition = Definition::read_unchecked(value)?;
        match definition.check() {
            faults if faults.0.is_empty() => Ok(definition),
            faults => Err(faults),
        }
    }

    /// Reads the format alone: a draft may still break the rules.
    pub fn read_unchecked(value: Value) -> Result<Definition, Faults> {
        let Salvaged { definition, misfits, .. } = Salvaged::read(value);
        match definition {
            Some(definition) if misfits.0.is_empty() => Ok(definition),
            _ => Err(misfits),
        }
    }

    /// All that keeps it from being published: what can't be read, and which rules the rest
    /// breaks, those of the programme's bank of core questions among them.
    pub fn faults_of(value: Value, bank: &BTreeMap<String, Question>) -> Faults {
        Salvaged::read(value).faults(bank)
    }

    pub fn question(&self, code: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.code == code)
    }
}

impl Question {
    /// What can be chosen; nothing where nothing is.
    pub fn options(&self) -> &[ChoiceOption] {
        self.kind.options()
    }
}

impl Kind {
    pub fn options(&self) -> &[ChoiceOption] {
        match self {
            Kind::Scale { options }
            | Kind::Single { options }
            | Kind::Multiple { options, .. }
            | Kind::Grid { options, .. } => options,
            Kind::Number { .. } | Kind::Text { .. } | Kind::Section => &[],
        }
    }

    pub fn statements(&self) -> &[Statement] {
        match self {
            Kind::Grid { statements, .. } => statements,
            _ => &[],
        }
    }
}

/// Whether answers to the two add up, over versions or over questionnaires: the same code, type
/// and options. Texts, hints and who is asked may differ. Of a grid that is said of each statement
/// that both have.
pub fn comparable(one: &Question, other: &Question) -> bool {
    let scale = |question: &Question| {
        let flag = |option: &ChoiceOption| (option.code.clone(), option.dont_know);
        question.options().iter().map(flag).collect::<Vec<_>>()
    };
    one.code == other.code
        && std::mem::discriminant(&one.kind) == std::mem::discriminant(&other.kind)
        && scale(one) == scale(other)
        && same_measure(&one.kind, &other.kind)
}

/// Numbers are summed in their smallest unit, so that has to be the same.
fn same_measure(one: &Kind, other: &Kind) -> bool {
    match (one, other) {
        (
            Kind::Number { unit: one_unit, decimals: one_decimals, .. },
            Kind::Number { unit, decimals, .. },
        ) => one_unit == unit && one_decimals == decimals,
        _ => true,
    }
}

#[cfg(test)]
mod tests;
