//! The rules of a definition, all of them gone through at once.

use std::collections::HashSet;

use super::{Audience, Settings};
use super::{ChoiceOption, Decimal, Definition, Kind, Question, Statement, Texts, show_if};
use crate::error::{Fault, Faults};
use crate::shape::escaped;

/// What a questionnaire may hold; texts in characters.
const MAX_QUESTIONS: usize = 200;
const MAX_OPTIONS: usize = 50;
const MAX_STATEMENTS: usize = 50;
const MAX_LANGUAGES: usize = 10;
const MAX_SCALE: usize = 11;
/// There is a face for each of so many options.
const MAX_FACES: usize = 5;
const MAX_CODE: usize = 40;
const MAX_TITLE: usize = 200;
const MAX_PAGE_TEXT: usize = 4_000;
const MAX_QUESTION_TEXT: usize = 1_000;
const MAX_OPTION_TEXT: usize = 300;
const MAX_UNIT_TEXT: usize = 30;
const MAX_FREE_TEXT: u32 = 5_000;
/// In the smallest unit, so that the squares of a million answers add up within 64 bits.
const MAX_UNITS: i64 = 1_000_000;
/// So many faults are told; who makes more has a program that is wrong in one way.
pub(super) const MAX_FAULTS: usize = 1_000;

impl Definition {
    /// All that is wrong with it, with pointers into it.
    pub fn check(&self) -> Faults {
        let mut check = Check { definition: self, faults: Faults::default() };
        check.head();
        check.questions();
        check.faults.0.truncate(MAX_FAULTS);
        check.faults
    }
}

struct Check<'a> {
    definition: &'a Definition,
    faults: Faults,
}

impl<'a> Check<'a> {
    fn fault(&mut self, pointer: impl Into<String>, code: &'static str) {
        self.faults.push(Fault::at(pointer, code));
    }

    /// `of` is what must be so many, by a word that the texts know.
    fn number_of(&mut self, pointer: &str, of: &str, found: usize, (min, max): (usize, usize)) {
        if found < min || found > max {
            let fault = Fault::at(pointer, "number_of").with("of", of);
            self.faults.push(fault.with("min", min).with("max", max));
        }
    }

    fn head(&mut self) {
        let definition = self.definition;
        let languages = &definition.languages;
        self.number_of("/languages", "languages", languages.len(), (1, MAX_LANGUAGES));
        let mut seen = HashSet::new();
        for (index, language) in languages.iter().take(MAX_LANGUAGES).enumerate() {
            let at = format!("/languages/{index}");
            if !is_language(language) {
                self.faults.push(Fault::at(&at, "not_a_language").with("value", language));
            }
            if !seen.insert(language.to_ascii_lowercase()) {
                self.faults.push(Fault::at(&at, "stands_twice").with("value", language));
            }
        }
        self.texts(&definition.title, "/title", MAX_TITLE);
        self.texts_if(definition.intro.as_ref(), "/intro", MAX_PAGE_TEXT);
        self.texts_if(definition.thanks.as_ref(), "/thanks", MAX_PAGE_TEXT);
    }

    fn questions(&mut self) {
        let definition = self.definition;
        let questions = &definition.questions;
        self.number_of("/questions", "questions", questions.len(), (1, MAX_QUESTIONS));
        let asks = |question: &Question| question.kind != Kind::Section;
        if !questions.is_empty() && !questions.iter().any(asks) {
            self.fault("/questions", "asks_nothing");
        }
        let codes = questions.iter().map(|question| question.code.as_str());
        self.codes(codes.take(MAX_QUESTIONS), "/questions", starts_with_letter);
        for (place, question) in questions.iter().take(MAX_QUESTIONS).enumerate() {
            let at = format!("/questions/{place}");
            self.question(question, &at);
            if let Some(condition) = &question.show_if {
                let at = format!("{at}/show_if");
                show_if::check(definition, place, condition, &at, &mut self.faults);
            }
        }
    }

    fn question(&mut self, question: &'a Question, at: &str) {
        let max = if question.kind == Kind::Section { MAX_PAGE_TEXT } else { MAX_QUESTION_TEXT };
        self.texts(&question.text, &format!("{at}/text"), max);
        self.texts_if(question.help.as_ref(), &format!("{at}/help"), MAX_QUESTION_TEXT);
        match &question.kind {
            Kind::Scale { options } => self.scale(options, at),
            Kind::Single { options } => {
                self.number_of_options(options, at);
                self.options(options, at);
            }
            Kind::Multiple { options, min_chosen, max_chosen } => {
                self.number_of_options(options, at);
                self.options(options, at);
                self.chosen(options.len(), *min_chosen, *max_chosen, at);
                if let Some(index) = options.iter().position(|option| option.dont_know) {
                    self.fault(format!("{at}/options/{index}/dont_know"), "dont_know_of_several");
                }
            }
            Kind::Grid { statements, options } => {
                self.statements(statements, &format!("{at}/statements"));
                self.scale(options, at);
            }
            Kind::Number { min, max, unit, decimals } => {
                self.texts_if(unit.as_ref(), &format!("{at}/unit"), MAX_UNIT_TEXT);
                self.number(*min, *max, *decimals, at);
            }
            Kind::Text { max_length } => self.free_text(*max_length, at),
            Kind::Section => {
                if question.required {
                    self.fault(format!("{at}/required"), "section_asks_nothing");
                }
                if question.core.is_some() {
                    self.fault(format!("{at}/core"), "section_asks_nothing");
                }
            }
        }
    }

    /// Options in order, with "don't know" after them.
    fn scale(&mut self, options: &'a [ChoiceOption], at: &str) {
        let dont_know = options.iter().filter(|option| option.dont_know).count();
        let steps = options.len() - dont_know;
        let Settings { faces, .. } = self.definition.settings;
        if faces && (MAX_FACES + 1..=MAX_SCALE).contains(&steps) {
            let fault = Fault::at(format!("{at}/options"), "too_many_for_faces");
            self.faults.push(fault.with("max", MAX_FACES));
        }
        // One "don't know" is no step; a second is a mistake of its own.
        let found = options.len() - dont_know.min(1);
        self.number_of(&format!("{at}/options"), "steps", found, (2, MAX_SCALE));
        self.options(options, at);
        let early = options.iter().rev().skip(1).rev().position(|option| option.dont_know);
        if let (Some(index), 1) = (early, dont_know) {
            self.fault(format!("{at}/options/{index}/dont_know"), "dont_know_not_last");
        }
    }

    fn number_of_options(&mut self, options: &[ChoiceOption], at: &str) {
        self.number_of(&format!("{at}/options"), "options", options.len(), (2, MAX_OPTIONS));
    }

    fn options(&mut self, options: &'a [ChoiceOption], at: &str) {
        let at = format!("{at}/options");
        let options = options.get(..MAX_OPTIONS).unwrap_or(options);
        self.codes(options.iter().map(|option| option.code.as_str()), &at, |_| true);
        let mut dont_know = 0;
        for (index, option) in options.iter().enumerate() {
            let at = format!("{at}/{index}");
            self.texts(&option.text, &format!("{at}/text"), MAX_OPTION_TEXT);
            dont_know += usize::from(option.dont_know);
            if option.dont_know && dont_know > 1 {
                self.fault(format!("{at}/dont_know"), "dont_know_twice");
            }
            if option.dont_know && option.positive {
                self.fault(format!("{at}/positive"), "dont_know_positive");
            }
        }
    }

    fn statements(&mut self, statements: &'a [Statement], at: &str) {
        self.number_of(at, "statements", statements.len(), (1, MAX_STATEMENTS));
        let statements = statements.get(..MAX_STATEMENTS).unwrap_or(statements);
        let codes = statements.iter().map(|statement| statement.code.as_str());
        self.codes(codes, at, starts_with_letter);
        for (index, statement) in statements.iter().enumerate() {
            self.texts(&statement.text, &format!("{at}/{index}/text"), MAX_QUESTION_TEXT);
        }
    }

    fn chosen(&mut self, options: usize, min: Option<u32>, max: Option<u32>, at: &str) {
        for (name, bound) in [("min_chosen", min), ("max_chosen", max)] {
            if bound.is_some_and(|bound| bound == 0 || bound as usize > options) {
                let fault = Fault::at(format!("{at}/{name}"), "range").with("min", 1);
                self.faults.push(fault.with("max", options));
            }
        }
        if let (Some(min), Some(max)) = (min, max)
            && min > max
        {
            self.fault(format!("{at}/max_chosen"), "max_below_min");
        }
    }

    fn number(&mut self, min: Decimal, max: Decimal, decimals: u8, at: &str) {
        if decimals > 3 {
            let fault = Fault::at(format!("{at}/decimals"), "range").with("min", 0);
            self.faults.push(fault.with("max", 3));
            return;
        }
        for (name, bound) in [("min", min), ("max", max)] {
            let at = format!("{at}/{name}");
            match bound.units(decimals) {
                None => {
                    let fault = Fault::at(at, "decimals").with("decimals", decimals);
                    self.faults.push(fault);
                }
                Some(units) if units.abs() > MAX_UNITS => {
                    let most = MAX_UNITS / 10_i64.pow(decimals.into());
                    let fault = Fault::at(at, "range").with("min", -most).with("max", most);
                    self.faults.push(fault);
                }
                Some(_) => {}
            }
        }
        if min > max {
            self.fault(format!("{at}/max"), "max_below_min");
        }
    }

    fn free_text(&mut self, max_length: u32, at: &str) {
        let Definition { audience, settings, .. } = self.definition;
        if *audience == Audience::Pupil && !settings.free_text_allowed {
            self.fault(format!("{at}/type"), "free_text_off");
        }
        if !(1..=MAX_FREE_TEXT).contains(&max_length) {
            let fault = Fault::at(format!("{at}/max_length"), "range").with("min", 1);
            self.faults.push(fault.with("max", MAX_FREE_TEXT));
        }
    }

    /// Codes are well-formed and none stands twice.
    fn codes<'c>(
        &mut self,
        codes: impl Iterator<Item = &'c str>,
        at: &str,
        starts_well: fn(&str) -> bool,
    ) {
        let mut seen = HashSet::new();
        for (index, code) in codes.enumerate() {
            let at = format!("{at}/{index}/code");
            if !is_code(code) || !starts_well(code) {
                let kind =
                    if starts_well("1") { "not_an_option_code" } else { "not_a_question_code" };
                self.fault(&at, kind);
            }
            if !seen.insert(code) {
                self.faults.push(Fault::at(&at, "stands_twice").with("value", code));
            }
        }
    }

    fn texts_if(&mut self, texts: Option<&Texts>, at: &str, max: usize) {
        if let Some(texts) = texts {
            self.texts(texts, at, max);
        }
    }

    /// There is a text in each of the questionnaire's languages and in no other.
    fn texts(&mut self, texts: &Texts, at: &str, max: usize) {
        let languages = &self.definition.languages;
        for language in languages.iter().take(MAX_LANGUAGES) {
            if texts.get(language).is_none_or(|text| text.trim().is_empty()) {
                let at = format!("{at}/{}", escaped(language));
                self.faults.push(Fault::at(at, "text_missing").with("language", language));
            }
        }
        for (language, text) in texts.iter().take(2 * MAX_LANGUAGES) {
            let at = format!("{at}/{}", escaped(language));
            if !languages.contains(language) {
                self.faults.push(Fault::at(&at, "language_not_listed").with("language", language));
            }
            if text.chars().nth(max).is_some() {
                self.faults.push(Fault::at(&at, "too_long").with("max", max));
            }
            if text.contains('\0') {
                self.faults.push(Fault::at(&at, "nul"));
            }
        }
    }
}

fn is_code(code: &str) -> bool {
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    (1..=MAX_CODE).contains(&code.len()) && code.bytes().all(fits)
}

fn starts_with_letter(code: &str) -> bool {
    code.starts_with(|first: char| first.is_ascii_lowercase())
}

/// `da`, `pt-BR`, `zh-Hans`: a language of two or three small letters, and what narrows it.
pub(in crate::surveys) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or("");
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && tag.len() <= 20
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}
