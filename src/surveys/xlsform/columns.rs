//! What the columns of a sheet are: a field, and for texts the language.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::sheets::{Row, Sheet, cell};
use crate::error::{Fault, Faults};
use crate::surveys::definition::is_language;

/// Columns of a sheet by field, and by field and language.
#[derive(Debug, Default)]
pub struct Columns {
    sheet: &'static str,
    plain: BTreeMap<String, u32>,
    texts: BTreeMap<String, Vec<(String, u32)>>,
    /// The first column of what nobody knows, by its header.
    pub unknown: Vec<(u32, String)>,
}

/// What stands in one language each.
const TEXTS: &[&str] = &["label", "hint", "maaltal_unit", "maaltal_title"];

/// Names of languages as people head their columns, where they leave the tag out.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("da", &["dansk", "danish"]),
    ("en", &["engelsk", "english"]),
    ("de", &["tysk", "german", "deutsch"]),
    ("sv", &["svensk", "swedish", "svenska"]),
    ("nb", &["norsk", "norwegian", "bokmål"]),
    ("fr", &["fransk", "french", "français"]),
    ("es", &["spansk", "spanish", "español"]),
    ("pl", &["polsk", "polish", "polski"]),
    ("ar", &["arabisk", "arabic", "العربية"]),
    ("tr", &["tyrkisk", "turkish", "türkçe"]),
    ("uk", &["ukrainsk", "ukrainian", "українська"]),
    ("so", &["somali", "somalisk", "soomaali"]),
    ("fo", &["færøsk", "faroese", "føroyskt"]),
    ("kl", &["grønlandsk", "greenlandic", "kalaallisut"]),
];

/// `Dansk (da)`, `da` or `Dansk`: the language's tag.
pub fn language_of(text: &str) -> Option<String> {
    let text = text.trim();
    let in_brackets = text.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    if let Some((_, tag)) = in_brackets {
        let tag = tag.trim();
        return is_language(tag).then(|| tag.to_string());
    }
    if is_language(text) {
        return Some(text.to_string());
    }
    let name = text.to_lowercase();
    let known = LANGUAGES.iter().find(|(_, names)| names.contains(&name.as_str()));
    known.map(|(tag, _)| (*tag).to_string())
}

/// `Dansk (da)` of `da`; a tag without a name here stands for itself.
pub fn language_name(tag: &str) -> String {
    let known = LANGUAGES.iter().find(|(one, _)| *one == tag).and_then(|(_, names)| names.first());
    let Some(name) = known else { return format!("{tag} ({tag})") };
    let mut letters = name.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let name = if tag == "en" { "English".to_string() } else { first + letters.as_str() };
    format!("{name} ({tag})")
}

/// A name as our codes are: `Q1-a` is `q1_a`, `Århus` is `aarhus`.
pub fn code_of(name: &str) -> String {
    let mut code = String::with_capacity(name.len());
    for letter in name.trim().chars().flat_map(char::to_lowercase) {
        match letter {
            'æ' => code.push_str("ae"),
            'ø' => code.push_str("oe"),
            'å' => code.push_str("aa"),
            'a'..='z' | '0'..='9' => code.push(letter),
            _ => code.push('_'),
        }
    }
    code
}

impl Columns {
    /// A text without a language is in `default`.
    pub fn of(sheet: &Sheet, known: &[&str], default: &str, faults: &mut Faults) -> Columns {
        let mut columns = Columns { sheet: sheet.name, ..Columns::default() };
        for (&column, header) in &sheet.headers {
            let (field, rest) = match header.split_once("::") {
                Some((field, rest)) => (field, Some(rest)),
                None => (header.as_str(), None),
            };
            let field = field.trim().to_lowercase().replace(' ', "_");
            let field = if field == "relevance" { "relevant".to_string() } else { field };
            if !known.contains(&field.as_str()) || (rest.is_some() && !is_text(&field)) {
                columns.unknown.push((column, header.trim().to_string()));
            } else if is_text(&field) {
                let language = rest.map_or(Some(default.to_string()), language_of);
                match language {
                    Some(language) => {
                        let texts = columns.texts.entry(field).or_default();
                        match texts.iter().any(|(one, _)| *one == language) {
                            true => faults.push(twice(sheet, column, header)),
                            false => texts.push((language, column)),
                        }
                    }
                    None => {
                        let at = cell(sheet.name, Some(column), 1);
                        let fault = Fault::at(at, "xlsform_language");
                        faults.push(fault.with("value", rest.unwrap_or_default().trim()));
                    }
                }
            } else if let Entry::Vacant(place) = columns.plain.entry(field) {
                place.insert(column);
            } else {
                faults.push(twice(sheet, column, header));
            }
        }
        columns
    }

    pub fn has(&self, field: &str) -> bool {
        self.plain.contains_key(field) || self.texts.contains_key(field)
    }

    /// What stands there, without the blanks around it; empty where nothing does.
    pub fn get<'r>(&self, row: &'r Row, field: &str) -> &'r str {
        let column = self.plain.get(field);
        column.and_then(|column| row.cells.get(column)).map_or("", |text| text.trim())
    }

    /// The text in each language in which there is one, as it stands.
    pub fn texts<'r>(&self, row: &'r Row, field: &str) -> BTreeMap<String, &'r str> {
        let columns = self.texts.get(field).into_iter().flatten();
        columns
            .filter_map(|(language, column)| {
                Some((language.clone(), row.cells.get(column)?.as_str()))
            })
            .collect()
    }

    /// The languages of a text, in the order of its columns.
    pub fn languages(&self, field: &str) -> impl Iterator<Item = &(String, u32)> {
        self.texts.get(field).into_iter().flatten()
    }

    /// Where a field of a row stands.
    pub fn place(&self, row: u32, field: &str, language: Option<&str>) -> String {
        let column = match language {
            None => self.plain.get(field).copied(),
            Some(language) => self
                .languages(field)
                .find(|(one, _)| one == language)
                .or_else(|| self.languages(field).next())
                .map(|(_, column)| *column),
        };
        cell(self.sheet, column, row)
    }
}

fn is_text(field: &str) -> bool {
    TEXTS.contains(&field)
}

fn twice(sheet: &Sheet, column: u32, header: &str) -> Fault {
    Fault::at(cell(sheet.name, Some(column), 1), "stands_twice").with("value", header.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_as_people_write_them() {
        for (written, tag) in [
            ("Dansk (da)", "da"),
            ("English (en)", "en"),
            (" da ", "da"),
            ("Dansk", "da"),
            ("english", "en"),
            ("Português (pt-BR)", "pt-BR"),
        ] {
            assert_eq!(language_of(written).as_deref(), Some(tag), "{written}");
        }
        assert_eq!(language_of("Klingon"), None);
        assert_eq!(language_of("Dansk (dansk)"), None);
        for tag in ["da", "en", "nb", "pt-BR"] {
            assert_eq!(language_of(&language_name(tag)).as_deref(), Some(tag));
        }
        assert_eq!(language_name("da"), "Dansk (da)");
        assert_eq!(language_name("en"), "English (en)");
    }

    #[test]
    fn names_become_codes() {
        assert_eq!(code_of("Q1-a"), "q1_a");
        assert_eq!(code_of("Århus"), "aarhus");
        assert_eq!(code_of("u_forstaaelse"), "u_forstaaelse");
    }
}
