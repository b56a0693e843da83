//! A questionnaire written as a workbook.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::columns::language_name;
use super::{INTRO, THANKS, condition, constraint};
use crate::error::{Error, Result};
use crate::surveys::definition::{ChoiceOption, Definition, Kind, Question, Texts};

/// What a cell takes.
const MOST_IN_A_CELL: usize = 32_767;

/// `code` and `edition` name the form to other tools.
pub fn write(definition: &Definition, code: &str, edition: &str) -> Result<Vec<u8>> {
    let mut survey = Table::new("survey", &definition.languages);
    let mut choices = Table::new("choices", &definition.languages);
    let mut settings = Table::new("settings", &definition.languages);
    // The columns that everybody looks for come first, used or not.
    for field in ["type", "name"] {
        survey.column(field);
    }
    survey.text_columns("label");
    for field in ["list_name", "name"] {
        choices.column(field);
    }
    choices.text_columns("label");
    let mut lists = Lists { names: Vec::new(), table: choices };
    note(&mut survey, INTRO, definition.intro.as_ref());
    for question in &definition.questions {
        write_question(&mut survey, &mut lists, question, definition);
    }
    note(&mut survey, THANKS, definition.thanks.as_ref());
    write_settings(&mut settings, definition, code, edition);
    let tables = [survey, lists.table, settings];
    let mut cells = tables.iter().flat_map(|table| &table.rows).flat_map(BTreeMap::values);
    if cells.any(|text| text.encode_utf16().count() > MOST_IN_A_CELL) {
        return Err(Error::Conflict("too_much_for_a_cell"));
    }
    save(&tables).map_err(Error::unexpected)
}

fn note(survey: &mut Table, name: &str, texts: Option<&Texts>) {
    if let Some(texts) = texts {
        survey.row();
        survey.set("type", "note");
        survey.set("name", name);
        survey.set_texts("label", texts);
    }
}

fn write_question(
    survey: &mut Table,
    lists: &mut Lists,
    question: &Question,
    definition: &Definition,
) {
    let required = if question.required { "yes" } else { "" };
    survey.row();
    let (kind, appearance) = match &question.kind {
        Kind::Scale { options } => {
            (format!("select_one {}", lists.of(question, options)), "likert")
        }
        Kind::Single { options } => (format!("select_one {}", lists.of(question, options)), ""),
        Kind::Multiple { options, .. } => {
            (format!("select_multiple {}", lists.of(question, options)), "")
        }
        Kind::Grid { .. } => ("begin_group".to_string(), "table-list"),
        Kind::Number { decimals: 0, .. } => ("integer".to_string(), ""),
        Kind::Number { .. } => ("decimal".to_string(), ""),
        Kind::Text { .. } => ("text".to_string(), ""),
        Kind::Section => ("note".to_string(), ""),
    };
    let relevant = question.show_if.as_ref().map(|one| condition::write(one, definition));
    survey.set("type", &kind);
    survey.set("name", &question.code);
    survey.set_texts("label", &question.text);
    if let Some(help) = &question.help {
        survey.set_texts("hint", help);
    }
    survey.set("relevant", relevant.as_deref().unwrap_or_default());
    survey.set("appearance", appearance);
    survey.set("constraint", &constraint::write(&question.kind));
    survey.set("maaltal_core", question.core.as_deref().unwrap_or_default());
    match &question.kind {
        Kind::Number { unit, decimals, .. } => {
            if *decimals > 0 {
                survey.set("maaltal_decimals", &decimals.to_string());
            }
            if let Some(unit) = unit {
                survey.set_texts("maaltal_unit", unit);
            }
        }
        Kind::Grid { statements, options } => {
            let list = lists.of(question, options);
            for statement in statements {
                survey.row();
                survey.set("type", &format!("select_one {list}"));
                survey.set("name", &format!("{}.{}", question.code, statement.code));
                survey.set_texts("label", &statement.text);
                survey.set("required", required);
            }
            survey.row();
            survey.set("type", "end_group");
            return;
        }
        _ => {}
    }
    survey.set("required", required);
}

fn write_settings(settings: &mut Table, definition: &Definition, code: &str, edition: &str) {
    let yes = |flag: bool| if flag { "yes" } else { "" };
    let own = &definition.settings;
    let first = definition.languages.first();
    let title = first.and_then(|language| definition.title.get(language));
    settings.row();
    settings.set("form_title", title.map_or(code, String::as_str));
    settings.set("form_id", code);
    settings.set("version", edition);
    settings.set("default_language", &first.map(|one| language_name(one)).unwrap_or_default());
    settings.set("style", if own.one_at_a_time { "pages" } else { "" });
    settings.set("maaltal_audience", &definition.audience.to_string());
    settings.set("maaltal_read_aloud", yes(own.read_aloud));
    settings.set("maaltal_faces", yes(own.faces));
    settings.set("maaltal_free_text_allowed", yes(own.free_text_allowed));
    settings.set_texts("maaltal_title", &definition.title);
}

/// Questions with the same options share a list, which is called as the first of them.
struct Lists {
    names: Vec<(Vec<ChoiceOption>, String)>,
    table: Table,
}

impl Lists {
    fn of(&mut self, question: &Question, options: &[ChoiceOption]) -> String {
        if let Some((_, name)) = self.names.iter().find(|(one, _)| one == options) {
            return name.clone();
        }
        for option in options {
            self.table.row();
            self.table.set("list_name", &question.code);
            self.table.set("name", &option.code);
            self.table.set_texts("label", &option.text);
            self.table.set("maaltal_positive", if option.positive { "yes" } else { "" });
            self.table.set("maaltal_dont_know", if option.dont_know { "yes" } else { "" });
        }
        self.names.push((options.to_vec(), question.code.clone()));
        question.code.clone()
    }
}

/// Rows of cells, with a column for each field that is used.
struct Table {
    name: &'static str,
    languages: Vec<String>,
    headers: Vec<String>,
    rows: Vec<BTreeMap<usize, String>>,
}

impl Table {
    fn new(name: &'static str, languages: &[String]) -> Table {
        Table { name, languages: languages.to_vec(), headers: Vec::new(), rows: Vec::new() }
    }

    fn column(&mut self, header: &str) -> usize {
        self.headers.iter().position(|one| one == header).unwrap_or_else(|| {
            self.headers.push(header.to_string());
            self.headers.len() - 1
        })
    }

    /// One for each language, in their order.
    fn text_columns(&mut self, field: &str) {
        for language in self.languages.clone() {
            self.column(&format!("{field}::{}", language_name(&language)));
        }
    }

    fn row(&mut self) {
        self.rows.push(BTreeMap::new());
    }

    fn set(&mut self, field: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let column = self.column(field);
        if let Some(row) = self.rows.last_mut() {
            row.insert(column, text.to_string());
        }
    }

    fn set_texts(&mut self, field: &str, texts: &Texts) {
        self.text_columns(field);
        for language in self.languages.clone() {
            if let Some(text) = texts.get(&language) {
                self.set(&format!("{field}::{}", language_name(&language)), text);
            }
        }
    }

    fn fill(&self, sheet: &mut Worksheet, bold: &Format) -> Result<(), XlsxError> {
        sheet.set_name(self.name)?;
        for (column, header) in (0..).zip(&self.headers) {
            sheet.write_string_with_format(0, column, header, bold)?;
            let is_text = header.contains("::");
            sheet.set_column_width(column, if is_text { 48.0 } else { 18.0 })?;
        }
        for (row, cells) in (1..).zip(&self.rows) {
            for (column, text) in cells {
                // As text, whatever it starts with: a cell that reads as a formula is none.
                sheet.write_string(row, u16::try_from(*column).unwrap_or(u16::MAX), text)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(())
    }
}

fn save(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    for table in tables {
        table.fill(book.add_worksheet(), &bold)?;
    }
    book.save_to_buffer()
}
