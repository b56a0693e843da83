//! The rows of a survey by what they are, with groups as a tree.

use super::columns::Columns;
use super::sheets::{Row, Sheet};
use crate::error::{Fault, Faults};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    SelectOne(String),
    SelectMultiple(String),
    Integer,
    Decimal,
    Range,
    Text,
    Note,
    Group,
    EndOfGroup,
    Repeat,
    EndOfRepeat,
    /// What is noted down of the device and who holds it.
    Meta,
    Other,
}

const META: &[&str] = &[
    "start",
    "end",
    "today",
    "deviceid",
    "subscriberid",
    "simserial",
    "phonenumber",
    "username",
    "email",
    "audit",
    "start-geopoint",
    "background-audio",
    "background-geopoint",
];

impl Type {
    pub fn of(text: &str) -> Type {
        let text = text.trim();
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        // The name of the list, as it is written.
        let last = || text.split_whitespace().next_back().unwrap_or_default().to_string();
        match words.as_slice() {
            ["select_one" | "select1", _] | ["select", "one", _] => Type::SelectOne(last()),
            ["select", "one", "from", _] => Type::SelectOne(last()),
            ["select_multiple", _] | ["select", "multiple", _] => Type::SelectMultiple(last()),
            ["select", "all", "that", "apply", "from", _] => Type::SelectMultiple(last()),
            ["integer" | "int"] => Type::Integer,
            ["decimal"] => Type::Decimal,
            ["range"] => Type::Range,
            ["text" | "string"] => Type::Text,
            ["note"] => Type::Note,
            ["begin_group"] | ["begin", "group"] => Type::Group,
            ["end_group"] | ["end", "group"] => Type::EndOfGroup,
            ["begin_repeat"] | ["begin", "repeat"] => Type::Repeat,
            ["end_repeat"] | ["end", "repeat"] => Type::EndOfRepeat,
            [one] if META.contains(one) => Type::Meta,
            _ => Type::Other,
        }
    }
}

pub enum Node<'a> {
    Row(&'a Row, Type),
    Group(&'a Row, Vec<Node<'a>>),
}

const MOST_DEPTH: usize = 20;

/// Rows that are switched off, and those without a type, are no part of it.
pub fn tree<'a>(sheet: &'a Sheet, columns: &Columns, faults: &mut Faults) -> Vec<Node<'a>> {
    let mut open: Vec<(Option<&'a Row>, Vec<Node<'a>>)> = vec![(None, Vec::new())];
    // Rows of a repeat are passed over: that it can't be taken is told once.
    let mut repeats = 0_usize;
    for row in &sheet.rows {
        let is_off = matches!(columns.get(row, "disabled"), "yes" | "true" | "true()");
        let text = columns.get(row, "type");
        let at = || columns.place(row.number, "type", None);
        if is_off || (text.is_empty() && columns.get(row, "name").is_empty()) {
            continue;
        }
        match Type::of(text) {
            Type::Repeat => {
                repeats += 1;
                if repeats == 1 {
                    faults.push(Fault::at(at(), "xlsform_type").with("value", text));
                }
            }
            Type::EndOfRepeat if repeats > 0 => repeats -= 1,
            _ if repeats > 0 => {}
            Type::Group if open.len() > MOST_DEPTH => {
                let fault = Fault::at(at(), "xlsform_groups_too_deep");
                faults.push(fault.with("max", MOST_DEPTH));
                return Vec::new();
            }
            Type::Group => open.push((Some(row), Vec::new())),
            Type::EndOfGroup if open.len() > 1 => {
                if let Some((Some(begin), children)) = open.pop()
                    && let Some((_, nodes)) = open.last_mut()
                {
                    nodes.push(Node::Group(begin, children));
                }
            }
            Type::EndOfGroup | Type::EndOfRepeat => {
                faults.push(Fault::at(at(), "xlsform_nothing_to_end"));
            }
            kind => {
                if let Some((_, nodes)) = open.last_mut() {
                    nodes.push(Node::Row(row, kind));
                }
            }
        }
    }
    for (begin, _) in open.iter().skip(1) {
        let at = begin.map(|row| columns.place(row.number, "type", None)).unwrap_or_default();
        faults.push(Fault::at(at, "xlsform_never_ended"));
    }
    open.into_iter().next().map(|(_, nodes)| nodes).unwrap_or_default()
}
