//! The questions as the template writes them.

use crate::error::Fault;
use crate::messages;
use crate::pages::filled::Filled;
use crate::pages::parts::Parts;
use crate::pages::words::Words;
use crate::surveys::definition::{ChoiceOption, Decimal, Definition, Kind, Question};

/// The mouths of the faces, the happiest first, as paths.
pub const FACES: &[(usize, &str)] = &[
    (0, "M7 13.5h10a5 5 0 0 1-10 0z"),
    (1, "M7.5 14.5q4.5 4 9 0"),
    (2, "M8 15.5h8"),
    (3, "M8 16.5q4-2.5 8 0"),
    (4, "M7.5 17.5q4.5-5 9 0"),
];

/// A question or a text between questions.
pub struct QuestionView<'a> {
    kind: &'a Kind,
    pub code: &'a str,
    pub part: usize,
    pub text: &'a str,
    pub help: Option<&'a str>,
    /// What kind of answer is wanted.
    pub hint: Option<String>,
    pub required: bool,
    /// The condition, as JSON, for the script.
    pub show_if: Option<String>,
    /// Of another part than the one that is shown. Its answers are sent along all the same.
    pub hidden: bool,
    pub error: Option<String>,
    /// The ids of what describes it.
    pub described: String,
    pub options: Vec<OptionView<'a>>,
    pub rows: Vec<RowView<'a>>,
    pub typed: &'a str,
    pub max_length: u32,
    pub whole: bool,
    pub unit: Option<&'a str>,
}

pub struct OptionView<'a> {
    pub code: &'a str,
    pub text: &'a str,
    pub face: Option<usize>,
    pub chosen: bool,
}

pub struct RowView<'a> {
    pub code: &'a str,
    pub text: &'a str,
    pub error: Option<String>,
    pub options: Vec<OptionView<'a>>,
}

impl QuestionView<'_> {
    pub fn is_section(&self) -> bool {
        matches!(self.kind, Kind::Section)
    }

    pub fn is_one(&self) -> bool {
        matches!(self.kind, Kind::Scale { .. } | Kind::Single { .. })
    }

    pub fn is_grid(&self) -> bool {
        matches!(self.kind, Kind::Grid { .. })
    }

    pub fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text { .. })
    }

    /// Typed, not chosen.
    pub fn is_field(&self) -> bool {
        matches!(self.kind, Kind::Text { .. } | Kind::Number { .. })
    }
}

/// One thing that is wrong, at the top of the page.
#[derive(Debug)]
pub struct ErrorView {
    /// The id of the field; empty where it is of none.
    pub to: String,
    pub text: String,
}

/// What the questions are shown with.
pub struct Painter<'a> {
    pub definition: &'a Definition,
    pub parts: &'a Parts,
    pub words: &'a Words,
    pub filled: &'a Filled,
    /// Of each question, whether it is asked.
    pub asked: &'a [bool],
    /// The part that is shown.
    pub part: usize,
    pub faults: &'a [Fault],
}

impl<'a> Painter<'a> {
    pub fn questions(&self) -> Vec<QuestionView<'a>> {
        let questions = self.definition.questions.iter().enumerate();
        questions.map(|(place, question)| self.question(place, question)).collect()
    }

    fn question(&self, place: usize, question: &'a Question) -> QuestionView<'a> {
        let (code, part) = (question.code.as_str(), self.parts.part(place));
        let asked = self.asked.get(place).copied().unwrap_or_default();
        let hint = self.hint(&question.kind);
        // Of a grid each row tells what is wrong with it.
        let by_row = question.kind.statements().iter();
        let by_row = by_row.filter_map(|row| self.row_error(question, &row.code)).count() > 0;
        let fault = self.faults_of(code).next().filter(|_| !by_row);
        let error = fault.map(|fault| fault_text(self.words, fault, ""));
        let described = [
            question.help.as_ref().map(|_| format!("h-{code}")),
            hint.as_ref().map(|_| format!("t-{code}")),
            error.as_ref().map(|_| format!("e-{code}")),
        ];
        let described = described.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let (mut max_length, mut whole, mut unit) = (0, false, None);
        match &question.kind {
            Kind::Text { max_length: most } => max_length = *most,
            Kind::Number { decimals, unit: of, min, .. } => {
                // The small keyboard of a telephone has no minus.
                whole = *decimals == 0 && *min >= Decimal::from_thousandths(0);
                unit = of.as_ref().map(|unit| self.words.of(unit));
            }
            _ => {}
        }
        let rows = question.kind.statements().iter().map(|row| RowView {
            code: &row.code,
            text: self.words.of(&row.text),
            error: self.row_error(question, &row.code),
            options: self.options(question, &format!("{code}.{}", row.code)),
        });
        QuestionView {
            kind: &question.kind,
            code,
            part,
            text: self.words.of(&question.text),
            help: question.help.as_ref().map(|help| self.words.of(help)),
            hint,
            required: question.required,
            show_if: question.show_if.as_ref().and_then(|one| serde_json::to_string(one).ok()),
            hidden: part != self.part || !asked,
            error,
            described,
            options: match question.kind {
                Kind::Grid { .. } => Vec::new(),
                _ => self.options(question, code),
            },
            rows: rows.collect(),
            typed: self.filled.one(code),
            max_length,
            whole,
            unit,
        }
    }

    fn options(&self, question: &'a Question, name: &str) -> Vec<OptionView<'a>> {
        let options = question.options();
        let steps = options.iter().filter(|option| !option.dont_know).count();
        let has_faces = self.definition.settings.faces
            && matches!(question.kind, Kind::Scale { .. } | Kind::Grid { .. });
        let view = |(place, option): (usize, &'a ChoiceOption)| OptionView {
            code: &option.code,
            text: self.words.of(&option.text),
            face: (has_faces && !option.dont_know).then(|| face(place, steps)),
            chosen: self.filled.has_chosen(name, &option.code),
        };
        options.iter().enumerate().map(view).collect()
    }

    fn hint(&self, kind: &Kind) -> Option<String> {
        match kind {
            Kind::Multiple { options, min_chosen, max_chosen } => {
                let most = max_chosen.filter(|max| (*max as usize) < options.len());
                let args =
                    |min: u32, max: u32| [("min", min.to_string()), ("max", max.to_string())];
                let (id, args) = match (min_chosen.filter(|min| *min > 1), most) {
                    (None, None) => return Some(self.words.t("page-choose-some")),
                    (None, Some(max)) => ("page-choose-at-most", args(1, max)),
                    (Some(min), None) => ("page-choose-at-least", args(min, 0)),
                    (Some(min), Some(max)) if min == max => ("page-choose-exactly", args(min, max)),
                    (Some(min), Some(max)) => ("page-choose-between", args(min, max)),
                };
                Some(self.words.with(id, &args))
            }
            Kind::Number { min, max, .. } => {
                let bounds = [("min", min), ("max", max)];
                let args =
                    bounds.map(|(name, number)| (name, decimal(self.words, &number.to_string())));
                Some(self.words.with("page-number-range", &args))
            }
            Kind::Text { .. } => Some(self.words.t("page-no-names")),
            _ => None,
        }
    }

    /// What is wrong with a question, by its pointers.
    fn faults_of(&self, code: &str) -> impl Iterator<Item = &'a Fault> {
        let at = format!("/answers/{code}");
        self.faults.iter().filter(move |fault| {
            fault
                .pointer
                .strip_prefix(&at)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    fn row_error(&self, question: &Question, row: &str) -> Option<String> {
        let whole = format!("/answers/{}", question.code);
        let at = format!("{whole}/{row}");
        let missing = self.filled.one(&format!("{}.{row}", question.code)).is_empty();
        let is_of_row = |fault: &&Fault| fault.pointer == at || fault.pointer == whole && missing;
        let fault = self.faults.iter().find(is_of_row)?;
        Some(fault_text(self.words, fault, "-row"))
    }

    /// All that is wrong, in the order of the page.
    pub fn errors(&self) -> Vec<ErrorView> {
        let mut errors = Vec::new();
        for fault in self.faults.iter().filter(|fault| !fault.pointer.starts_with("/answers/")) {
            let to = if fault.pointer == "/code" { "code" } else { "" };
            errors.push(ErrorView { to: to.to_string(), text: fault_text(self.words, fault, "") });
        }
        for question in &self.definition.questions {
            let Some(fault) = self.faults_of(&question.code).next() else { continue };
            let mut to = format!("i-{}", question.code);
            if let Some(first) = question
                .kind
                .statements()
                .iter()
                .find(|row| self.row_error(question, &row.code).is_some())
            {
                to = format!("{to}-{}", first.code);
            }
            let text = self.words.of(&question.text);
            let is_grid = matches!(question.kind, Kind::Grid { .. });
            let wrong = fault_text(self.words, fault, if is_grid { "-rows" } else { "" });
            errors.push(ErrorView { to, text: format!("{text} – {wrong}") });
        }
        errors
    }
}

/// The face of a step of a scale, spread over all faces there are.
fn face(place: usize, steps: usize) -> usize {
    let last = FACES.len() - 1;
    let between = steps.saturating_sub(1).max(1);
    // The two in the middle of four are a smile and a frown, not a face without an opinion.
    let rounded = (place * last * 2 + between) / (between * 2);
    match (steps, place) {
        (4, 1) => 1,
        (4, 2) => 3,
        _ => rounded.min(last),
    }
}

/// In the words of the page, which are a child's, where it has some. `of` is a row or the rows of
/// a grid, or nothing.
fn fault_text(words: &Words, fault: &Fault, of: &str) -> String {
    let id = match (fault.pointer.as_str(), fault.code.as_ref()) {
        ("/code", "required") => "page-fault-code-required",
        ("/code", "code_not_good") => "page-fault-code-not-good",
        ("/id", _) | (_, "unknown_question" | "not_asked") => "page-fault-form",
        (_, "required") if of == "-row" => "page-fault-required-row",
        (_, "required") if of == "-rows" => "page-fault-required-rows",
        (_, "required") => "page-fault-required",
        (_, "number_chosen") => "page-fault-number-chosen",
        (_, "range") => "page-fault-range",
        (_, "decimals") if fault.args.iter().any(|(_, value)| value == "0") => "page-fault-whole",
        (_, "decimals") => "page-fault-decimals",
        (_, "not_a_number") => "page-fault-not-a-number",
        (_, "too_long") => "page-fault-too-long",
        (_, "not_an_option" | "not_one_option") => "page-fault-not-an-option",
        (_, other) => {
            let id = format!("fault-{}", other.replace('_', "-"));
            return messages::text(words.lang, &id, &fault.args);
        }
    };
    let args: Vec<_> =
        fault.args.iter().map(|(name, value)| (*name, decimal(words, value))).collect();
    words.with(id, &args)
}

/// With the comma of Danish.
fn decimal(words: &Words, number: &str) -> String {
    match words.lang {
        messages::Lang::Da => number.replace('.', ","),
        messages::Lang::En => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faces_go_from_glad_to_sad() {
        let faces = |steps| (0..steps).map(|place| face(place, steps)).collect::<Vec<_>>();
        assert_eq!(faces(5), [0, 1, 2, 3, 4]);
        assert_eq!(faces(4), [0, 1, 3, 4]);
        assert_eq!(faces(3), [0, 2, 4]);
        assert_eq!(faces(2), [0, 4]);
    }
}
