//! `relevant` and `show_if`. What is in brackets of its own stays a condition of its own, and
//! comparisons with one question that stand side by side are one: so each can be told from the
//! other, whichever way it is read.

use std::collections::HashMap;

use super::columns::code_of;
use super::expression::{Comparison, Expression, Operand, parse};
use crate::surveys::definition::{Definition, Kind, ShowIf, subject};

/// What a name stands for in conditions.
#[derive(Debug, Clone)]
pub struct Asked {
    /// As `show_if` names it.
    pub subject: String,
    /// The options by their names in the workbook; None where nothing is chosen.
    pub options: Option<Vec<(String, String)>>,
    pub several: bool,
}

/// What was asked so far, by its name in the workbook.
pub type Names = HashMap<String, Asked>;

/// None where it always holds. The part that can't be taken, where there is one.
pub fn read(text: &str, names: &Names) -> Result<Option<ShowIf>, String> {
    match parse(text.trim())? {
        Expression::Always(true) => Ok(None),
        expression => Reader { names }.read(&expression).map(Some),
    }
}

struct Reader<'a> {
    names: &'a Names,
}

impl Reader<'_> {
    fn read(&self, expression: &Expression) -> Result<ShowIf, String> {
        match expression {
            Expression::Bracketed(inner) => self.read(inner),
            Expression::Not(inner) => Ok(opposite(self.read(inner)?)),
            Expression::Or(list) => self.list(list, false),
            Expression::And(list) => self.list(list, true),
            Expression::Compared(left, comparison, right) => {
                self.compared(left, *comparison, right)
            }
            Expression::Selected(name, option) => {
                let asked = self.asked(name)?;
                Ok(ShowIf::Is { is: vec![asked.code_of(option)], question: asked.subject })
            }
            Expression::Always(always) => Err(format!("{always}()")),
        }
    }

    /// `or` of comparisons with one question is one of its options; `and` of such that say "not"
    /// is none of them. `false()` and `true()` add nothing, and keep a list of one a list.
    fn list(&self, list: &[Expression], all: bool) -> Result<ShowIf, String> {
        let mut read: Vec<(ShowIf, bool)> = Vec::new();
        let mut is_list = false;
        for one in list {
            if *one == Expression::Always(all) {
                is_list = true;
                continue;
            }
            let bare = !matches!(one, Expression::Bracketed(_));
            let next = self.read(one)?;
            if bare
                && let Some((last, true)) = read.last_mut()
                && let Some(codes) = same_test(last, &next, all)
            {
                codes.extend(codes_of(next));
                continue;
            }
            read.push((next, bare));
        }
        let mut list: Vec<ShowIf> = read.into_iter().map(|(one, _)| one).collect();
        Ok(match (list.len(), all) {
            (1, _) if !is_list => list.remove(0),
            (_, true) => ShowIf::All { all: list },
            (_, false) => ShowIf::Any { any: list },
        })
    }

    fn compared(
        &self,
        left: &Operand,
        comparison: Comparison,
        right: &Operand,
    ) -> Result<ShowIf, String> {
        let (name, comparison, value, is_number) = match (left, right) {
            (Operand::Of(name), Operand::Text(value)) => (name, comparison, value, false),
            (Operand::Text(value), Operand::Of(name)) => (name, comparison.turned(), value, false),
            (Operand::Of(name), Operand::Number(value)) => (name, comparison, value, true),
            (Operand::Number(value), Operand::Of(name)) => (name, comparison.turned(), value, true),
            (Operand::Of(_), other) | (other, _) => return Err(written(other)),
        };
        let asked = self.asked(name)?;
        let question = asked.subject.clone();
        let all = || asked.options.iter().flatten().map(|(_, code)| code.clone()).collect();
        match comparison {
            // Nothing was answered, or something was.
            Comparison::Is if value.is_empty() => Ok(ShowIf::IsNot { question, is_not: all() }),
            Comparison::IsNot if value.is_empty() => Ok(ShowIf::Is { question, is: all() }),
            // Of several chosen, `=` is true where it is the only one: seldom what is meant.
            _ if asked.several => Err(format!("${{{name}}}")),
            Comparison::Is => Ok(ShowIf::Is { question, is: vec![asked.code_of(value)] }),
            Comparison::IsNot => Ok(ShowIf::IsNot { question, is_not: vec![asked.code_of(value)] }),
            // Steps of a scale that are figures.
            _ if is_number => {
                let wanted: f64 = value.parse().map_err(|_| value.clone())?;
                let fits =
                    |name: &str| name.parse().is_ok_and(|one| comparison.holds(&one, &wanted));
                let options = asked.options.iter().flatten();
                let is: Vec<String> =
                    options.filter(|(name, _)| fits(name)).map(|(_, code)| code.clone()).collect();
                if is.is_empty() { Err(value.clone()) } else { Ok(ShowIf::Is { question, is }) }
            }
            _ => Err(value.clone()),
        }
    }

    /// What nobody asked is left to the rules of the definition to tell.
    fn asked(&self, name: &str) -> Result<Asked, String> {
        let unknown =
            || Asked { subject: name.to_string(), options: Some(Vec::new()), several: false };
        let asked = self.names.get(name).cloned().unwrap_or_else(unknown);
        if asked.options.is_none() { Err(format!("${{{name}}}")) } else { Ok(asked) }
    }
}

impl Asked {
    fn code_of(&self, name: &str) -> String {
        let found = self.options.iter().flatten().find(|(one, _)| one == name);
        found.map_or_else(|| code_of(name), |(_, code)| code.clone())
    }
}

/// The codes of `last`, where `next` tests the same question in the way that adds up to one test.
fn same_test<'a>(last: &'a mut ShowIf, next: &ShowIf, all: bool) -> Option<&'a mut Vec<String>> {
    match (last, next, all) {
        (ShowIf::Is { question, is }, ShowIf::Is { question: other, .. }, false) => {
            (question == other).then_some(is)
        }
        (ShowIf::IsNot { question, is_not }, ShowIf::IsNot { question: other, .. }, true) => {
            (question == other).then_some(is_not)
        }
        _ => None,
    }
}

fn codes_of(condition: ShowIf) -> Vec<String> {
    match condition {
        ShowIf::Is { is, .. } => is,
        ShowIf::IsNot { is_not, .. } => is_not,
        ShowIf::All { .. } | ShowIf::Any { .. } => Vec::new(),
    }
}

fn opposite(condition: ShowIf) -> ShowIf {
    let each = |list: Vec<ShowIf>| list.into_iter().map(opposite).collect();
    match condition {
        ShowIf::Is { question, is } => ShowIf::IsNot { question, is_not: is },
        ShowIf::IsNot { question, is_not } => ShowIf::Is { question, is: is_not },
        ShowIf::All { all } => ShowIf::Any { any: each(all) },
        ShowIf::Any { any } => ShowIf::All { all: each(any) },
    }
}

fn written(operand: &Operand) -> String {
    match operand {
        Operand::Of(name) => format!("${{{name}}}"),
        Operand::This => ".".to_string(),
        Operand::Text(text) => format!("'{text}'"),
        Operand::Number(number) => number.clone(),
        Operand::CountOfThis => "count-selected(.)".to_string(),
        Operand::LengthOfThis => "string-length(.)".to_string(),
    }
}

/// A condition as XPath.
pub fn write(condition: &ShowIf, definition: &Definition) -> String {
    let list = |list: &[ShowIf], word: &str, filler: &str| {
        let mut parts: Vec<String> =
            list.iter().map(|one| format!("({})", write(one, definition))).collect();
        if parts.len() < 2 {
            parts.push(filler.to_string());
        }
        parts.join(word)
    };
    match condition {
        ShowIf::Is { question, is } => {
            let test = |code: &String| match is_several(question, definition) {
                true => format!("selected(${{{question}}}, '{code}')"),
                false => format!("${{{question}}} = '{code}'"),
            };
            is.iter().map(test).collect::<Vec<_>>().join(" or ")
        }
        ShowIf::IsNot { question, is_not } => {
            let test = |code: &String| match is_several(question, definition) {
                true => format!("not(selected(${{{question}}}, '{code}'))"),
                false => format!("${{{question}}} != '{code}'"),
            };
            is_not.iter().map(test).collect::<Vec<_>>().join(" and ")
        }
        ShowIf::All { all } => list(all, " and ", "true()"),
        ShowIf::Any { any } => list(any, " or ", "false()"),
    }
}

fn is_several(question: &str, definition: &Definition) -> bool {
    subject(definition, question)
        .is_some_and(|found| matches!(found.question.kind, Kind::Multiple { .. }))
}
