//! A workbook read as a questionnaire. All that can't be taken is told at once, by its cell.

use std::collections::{BTreeMap, HashSet};

use super::choices::{self, Lists};
use super::columns::{Columns, code_of, language_of};
use super::condition::{self, Names};
use super::places::{Place, Places};
use super::rows::{Node, Type, tree};
use super::sheets::{Row, Sheet, cell, open};
use super::{INTRO, THANKS};
use crate::error::{Fault, Faults};
use crate::surveys::definition::{Audience, Definition, Question, Settings, ShowIf, Texts};

/// What a workbook holds.
#[derive(Debug)]
pub struct Read {
    pub definition: Definition,
    /// What was left out or changed, though the rest could be taken.
    pub notes: Faults,
    /// What the workbook is called, as our codes are; empty where it isn't.
    pub code: String,
}

const SURVEY: &[&str] = &[
    "type",
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "constraint",
    "appearance",
    "parameters",
    "disabled",
    "choice_filter",
    "calculation",
    "read_only",
    "readonly",
    "trigger",
    "repeat_count",
    "maaltal_core",
    "maaltal_decimals",
    "maaltal_unit",
];
const CHOICES: &[&str] =
    &["list_name", "list", "name", "value", "label", "maaltal_positive", "maaltal_dont_know"];
const SETTINGS: &[&str] = &[
    "form_title",
    "form_id",
    "version",
    "default_language",
    "style",
    "maaltal_title",
    "maaltal_audience",
    "maaltal_read_aloud",
    "maaltal_faces",
    "maaltal_free_text_allowed",
];
/// They would change what is asked, so they can't be passed over.
const REFUSED: &[&str] =
    &["choice_filter", "calculation", "read_only", "readonly", "trigger", "repeat_count"];

/// Reads and checks. `audience` is whom it is for where the workbook doesn't say.
pub fn read(
    bytes: &[u8],
    audience: Option<Audience>,
    bank: &BTreeMap<String, Question>,
) -> Result<Read, Faults> {
    let book = open(bytes)?;
    let (mut faults, mut notes) = (Faults::default(), Faults::default());
    let settings = Columns::of(&book.settings, SETTINGS, "", &mut faults);
    let none = Row { number: 2, ..Row::default() };
    let first = book.settings.rows.first().unwrap_or(&none);
    let default = language_of(settings.get(first, "default_language"));
    let in_default = default.clone().unwrap_or_else(|| "da".to_string());
    let survey = Columns::of(&book.survey, SURVEY, &in_default, &mut faults);
    let choices = Columns::of(&book.choices, CHOICES, &in_default, &mut faults);
    for needed in ["type", "name", "label"] {
        if !survey.has(needed) {
            faults.push(Fault::at("survey!1", "xlsform_no_column").with("value", needed));
        }
    }
    faults = done(faults)?;
    leave_out(&[(&book.survey, &survey), (&book.choices, &choices), (&book.settings, &settings)])
        .for_each(|note| notes.push(note));
    let languages = languages(&book.survey, &survey, default.as_deref());
    let lists = choices::read(&book.choices, &choices, &mut notes, &mut faults);
    let nodes = tree(&book.survey, &survey, &mut faults);
    let mut reader = Reader {
        named: book.survey.rows.iter().map(|row| survey.get(row, "name")).collect(),
        columns: &survey,
        lists: &lists,
        names: Names::new(),
        intro: None,
        thanks: None,
        questions: Vec::new(),
        places: Vec::new(),
        notes,
        faults,
    };
    reader.nodes(&nodes, &[]);
    let Reader { intro, thanks, questions, places, notes, mut faults, .. } = reader;
    let said = settings.get(first, "maaltal_audience");
    let audience = match said {
        "" => audience,
        said => match serde_json::from_value(said.into()) {
            Ok(audience) => Some(audience),
            Err(_) => {
                let at = settings.place(first.number, "maaltal_audience", None);
                faults.push(
                    Fault::at(at, "not_one_of")
                        .with("value", said)
                        .with("allowed", "pupil, teacher, other"),
                );
                None
            }
        },
    };
    let definition = Definition {
        title: title(&settings, first, &languages),
        languages,
        audience: audience.unwrap_or(Audience::Other),
        intro: intro.as_ref().map(|(_, texts)| texts.clone()),
        thanks: thanks.as_ref().map(|(_, texts)| texts.clone()),
        settings: Settings {
            one_at_a_time: settings
                .get(first, "style")
                .split_whitespace()
                .any(|one| one == "pages"),
            read_aloud: flag(&settings, first, "maaltal_read_aloud", &mut faults),
            faces: flag(&settings, first, "maaltal_faces", &mut faults),
            free_text_allowed: flag(&settings, first, "maaltal_free_text_allowed", &mut faults),
        },
        questions,
    };
    // What was read wrongly breaks rules that its writer didn't.
    let faults = done(faults)?;
    let mut broken = definition.check();
    broken.0.extend(definition.check_core(bank).0);
    let places = Places {
        survey: &survey,
        choices: &choices,
        settings: &settings,
        intro: intro.map(|(row, _)| row),
        thanks: thanks.map(|(row, _)| row),
        questions: places,
    };
    done(places.told(broken))?;
    done(faults)?;
    Ok(Read { definition, notes, code: code_of(settings.get(first, "form_id")).replace('_', "-") })
}

fn done(faults: Faults) -> Result<Faults, Faults> {
    if faults.0.is_empty() { Ok(faults) } else { Err(faults) }
}

/// Columns that nobody knows, where something stands in them.
fn leave_out<'a>(sheets: &'a [(&'a Sheet, &'a Columns)]) -> impl Iterator<Item = Fault> + 'a {
    sheets.iter().flat_map(|(sheet, columns)| {
        let used = |column: &u32| sheet.rows.iter().any(|row| row.cells.contains_key(column));
        columns.unknown.iter().filter(move |(column, _)| used(column)).map(|(column, header)| {
            let at = cell(sheet.name, Some(*column), 1);
            Fault::at(at, "xlsform_left_out").with("value", header)
        })
    })
}

/// Those that something is written in, the default one first.
fn languages(sheet: &Sheet, columns: &Columns, default: Option<&str>) -> Vec<String> {
    let used = |column: u32| sheet.rows.iter().any(|row| row.cells.contains_key(&column));
    let mut languages: Vec<(String, u32)> =
        columns.languages("label").filter(|(_, column)| used(*column)).cloned().collect();
    languages.sort_by_key(|(language, column)| (Some(language.as_str()) != default, *column));
    languages.into_iter().map(|(language, _)| language).collect()
}

/// The form's one title stands for every language that has none of its own.
fn title(settings: &Columns, row: &Row, languages: &[String]) -> Texts {
    let own = texts(settings, row, "maaltal_title");
    let of_all = settings.get(row, "form_title");
    let title = languages.iter().map(|language| {
        let text = own.get(language).cloned().unwrap_or_else(|| of_all.to_string());
        (language.clone(), text)
    });
    title.filter(|(_, text)| !text.is_empty()).collect()
}

pub(super) fn texts(columns: &Columns, row: &Row, field: &str) -> Texts {
    let texts = columns.texts(row, field).into_iter();
    texts.map(|(language, text)| (language, text.to_string())).collect()
}

pub(super) fn flag(columns: &Columns, row: &Row, field: &str, faults: &mut Faults) -> bool {
    match columns.get(row, field).to_lowercase().as_str() {
        "" | "no" | "false" | "false()" | "0" => false,
        "yes" | "true" | "true()" | "1" => true,
        _ => {
            let at = columns.place(row.number, field, None);
            let fault = Fault::at(at, "xlsform_flag");
            faults.push(fault.with("value", columns.get(row, field)));
            false
        }
    }
}

pub(super) struct Reader<'a> {
    pub columns: &'a Columns,
    pub lists: &'a Lists,
    /// What can be referred to in a text.
    named: HashSet<&'a str>,
    pub names: Names,
    intro: Option<(u32, Texts)>,
    thanks: Option<(u32, Texts)>,
    questions: Vec<Question>,
    places: Vec<Place>,
    pub notes: Faults,
    pub faults: Faults,
}

impl Reader<'_> {
    fn nodes(&mut self, nodes: &[Node], within: &[ShowIf]) {
        for node in nodes {
            match node {
                Node::Row(row, Type::Meta) => {
                    let at = self.at(row, "type");
                    let note = Fault::at(at, "xlsform_meta");
                    self.notes.push(note.with("value", self.columns.get(row, "type")));
                }
                Node::Row(row, kind) => self.row(row, kind, within),
                Node::Group(row, children) => self.group(row, children, within),
            }
        }
    }

    fn row(&mut self, row: &Row, kind: &Type, within: &[ShowIf]) {
        let name = self.columns.get(row, "name");
        for field in REFUSED {
            let value = self.columns.get(row, field);
            if !value.is_empty() && !matches!(value, "no" | "false" | "false()") {
                let fault = Fault::at(self.at(row, field), "xlsform_not_taken");
                self.faults.push(fault.with("value", *field));
            }
        }
        if *kind == Type::Note && (name == INTRO || name == THANKS) {
            let texts = self.texts(row, "label");
            let said = Some((row.number, texts));
            *(if name == INTRO { &mut self.intro } else { &mut self.thanks }) = said;
            return;
        }
        if let Some((kind, place)) = self.kind(row, kind) {
            let required = flag(self.columns, row, "required", &mut self.faults);
            let own = self.condition(row);
            self.push(row, kind, required, combined(within, own), place);
        }
    }

    /// A grid, or a heading with the questions below it.
    fn group(&mut self, row: &Row, children: &[Node], within: &[ShowIf]) {
        let own = self.condition(row);
        if let Some((kind, required, header, place)) = self.grid(row, children) {
            self.push(row, kind, required, combined(within, own), place);
            if let Some(question) = self.questions.last_mut()
                && question.text.is_empty()
                && let Some(header) = header
            {
                question.text = texts(self.columns, header, "label");
            }
            return;
        }
        let within: Vec<ShowIf> = within.iter().cloned().chain(own).collect();
        if !self.columns.texts(row, "label").is_empty() {
            let place = Place { row: row.number, bounds: "constraint", ..Place::default() };
            let section = crate::surveys::definition::Kind::Section;
            self.push(row, section, false, combined(&within, None), place);
        }
        self.nodes(children, &within);
    }

    fn push(
        &mut self,
        row: &Row,
        kind: crate::surveys::definition::Kind,
        required: bool,
        show_if: Option<ShowIf>,
        place: Place,
    ) {
        let required = required && kind != crate::surveys::definition::Kind::Section;
        let core = self.columns.get(row, "maaltal_core");
        let question = Question {
            code: self.code(row),
            kind,
            text: self.texts(row, "label"),
            help: Some(self.texts(row, "hint")).filter(|help| !help.is_empty()),
            required,
            show_if,
            core: (!core.is_empty()).then(|| core.to_string()),
        };
        self.questions.push(question);
        self.places.push(place);
    }

    pub fn at(&self, row: &Row, field: &str) -> String {
        self.columns.place(row.number, field, None)
    }

    pub fn code(&mut self, row: &Row) -> String {
        let name = self.columns.get(row, "name");
        let code = code_of(name);
        if code != name {
            let note = Fault::at(self.at(row, "name"), "xlsform_renamed");
            self.notes.push(note.with("value", name).with("to", &code));
        }
        code
    }

    fn condition(&mut self, row: &Row) -> Option<ShowIf> {
        let text = self.columns.get(row, "relevant");
        if text.is_empty() {
            return None;
        }
        match condition::read(text, &self.names) {
            Ok(condition) => condition,
            Err(part) => {
                let fault = Fault::at(self.at(row, "relevant"), "xlsform_condition");
                self.faults.push(fault.with("value", part));
                None
            }
        }
    }

    /// Answers can't be repeated in a text, as `${name}` would have it.
    pub fn texts(&mut self, row: &Row, field: &str) -> Texts {
        let texts = texts(self.columns, row, field);
        for (language, text) in texts.iter() {
            let mut parts = text.split("${").skip(1).filter_map(|part| part.split_once('}'));
            if let Some((name, _)) = parts.find(|(name, _)| self.named.contains(name.trim())) {
                let at = self.columns.place(row.number, field, Some(language));
                self.faults.push(Fault::at(at, "xlsform_reference").with("value", name.trim()));
            }
        }
        texts
    }
}

/// What must hold around it, and of itself.
fn combined(within: &[ShowIf], own: Option<ShowIf>) -> Option<ShowIf> {
    let mut all: Vec<ShowIf> = within.iter().cloned().chain(own).collect();
    match all.len() {
        0 | 1 => all.pop(),
        _ => Some(ShowIf::All { all }),
    }
}
