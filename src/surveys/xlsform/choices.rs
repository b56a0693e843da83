//! The lists of options.

use std::collections::HashMap;

use super::columns::{Columns, code_of};
use super::read::{flag, texts};
use super::sheets::Sheet;
use crate::error::{Fault, Faults};
use crate::surveys::definition::ChoiceOption;

/// An option, with its name and row in the workbook.
#[derive(Debug, Clone)]
pub struct Listed {
    pub name: String,
    pub row: u32,
    pub option: ChoiceOption,
}

pub type Lists = HashMap<String, Vec<Listed>>;

pub fn read(sheet: &Sheet, columns: &Columns, notes: &mut Faults, faults: &mut Faults) -> Lists {
    let mut lists = Lists::new();
    for row in &sheet.rows {
        let list = match columns.get(row, "list_name") {
            "" => columns.get(row, "list"),
            list => list,
        };
        if list.is_empty() {
            continue;
        }
        let name = match columns.get(row, "name") {
            "" => columns.get(row, "value"),
            name => name,
        };
        let code = code_of(name);
        if code != name && !name.is_empty() {
            let note = Fault::at(columns.place(row.number, "name", None), "xlsform_renamed");
            notes.push(note.with("value", name).with("to", &code));
        }
        let option = ChoiceOption {
            code,
            text: texts(columns, row, "label"),
            positive: flag(columns, row, "maaltal_positive", faults),
            dont_know: flag(columns, row, "maaltal_dont_know", faults),
        };
        let listed = Listed { name: name.to_string(), row: row.number, option };
        lists.entry(list.to_string()).or_default().push(listed);
    }
    lists
}
