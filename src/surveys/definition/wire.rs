//! A question as it is sent: every field that some type has. Read into this first, since serde
//! loses the place of a mistake when it reads a tagged enum.

use serde::Deserialize;

use super::{ChoiceOption, Decimal, Kind, Question, ShowIf, Statement, Texts};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wire {
    r#type: Type,
    code: String,
    text: Texts,
    help: Option<Texts>,
    #[serde(default)]
    required: bool,
    show_if: Option<ShowIf>,
    core: Option<String>,
    options: Option<Vec<ChoiceOption>>,
    statements: Option<Vec<Statement>>,
    min_chosen: Option<u32>,
    max_chosen: Option<u32>,
    min: Option<Decimal>,
    max: Option<Decimal>,
    unit: Option<Texts>,
    decimals: Option<u8>,
    max_length: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Type {
    Scale,
    Single,
    Multiple,
    Grid,
    Number,
    Text,
    Section,
}

/// In serde's words, from which the pointer to the field is read.
fn needed<T>(field: &mut Option<T>, name: &str) -> Result<T, String> {
    field.take().ok_or_else(|| format!("missing field `{name}`"))
}

impl Wire {
    /// Takes the fields that belong to the type.
    fn kind(&mut self) -> Result<Kind, String> {
        Ok(match self.r#type {
            Type::Scale => Kind::Scale { options: needed(&mut self.options, "options")? },
            Type::Single => Kind::Single { options: needed(&mut self.options, "options")? },
            Type::Multiple => Kind::Multiple {
                options: needed(&mut self.options, "options")?,
                min_chosen: self.min_chosen.take(),
                max_chosen: self.max_chosen.take(),
            },
            Type::Grid => Kind::Grid {
                statements: needed(&mut self.statements, "statements")?,
                options: needed(&mut self.options, "options")?,
            },
            Type::Number => Kind::Number {
                min: needed(&mut self.min, "min")?,
                max: needed(&mut self.max, "max")?,
                unit: self.unit.take(),
                decimals: self.decimals.take().unwrap_or(0),
            },
            Type::Text => Kind::Text { max_length: needed(&mut self.max_length, "max_length")? },
            Type::Section => Kind::Section,
        })
    }
}

impl TryFrom<Wire> for Question {
    type Error = String;

    fn try_from(mut wire: Wire) -> Result<Question, String> {
        let kind = wire.kind()?;
        let left = [
            ("options", wire.options.is_some()),
            ("statements", wire.statements.is_some()),
            ("min_chosen", wire.min_chosen.is_some()),
            ("max_chosen", wire.max_chosen.is_some()),
            ("min", wire.min.is_some()),
            ("max", wire.max.is_some()),
            ("unit", wire.unit.is_some()),
            ("decimals", wire.decimals.is_some()),
            ("max_length", wire.max_length.is_some()),
        ];
        if let Some((name, _)) = left.iter().find(|(_, there)| *there) {
            return Err(format!("unknown field `{name}`"));
        }
        let Wire { code, text, help, required, show_if, core, .. } = wire;
        Ok(Question { code, kind, text, help, required, show_if, core })
    }
}
