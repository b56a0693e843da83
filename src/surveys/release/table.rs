//! What is tallied of a question, and which questions hang on which.

use std::collections::{BTreeMap, BTreeSet};

/// The option under which those stand who were asked and did not answer.
pub const MISSING: &str = "";
/// How many answered, where the options don't add up to it: `multiple` and `number`.
pub const ANSWERED: &str = "#n";
pub const SUM: &str = "#sum";
pub const SQUARES: &str = "#squares";

/// What is decided on as one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableKey {
    /// A question, or a grid's statement as `grid.statement`.
    Question(String),
    /// A question among those who chose one of `options` in another one.
    Crossed { base: String, options: BTreeSet<String>, question: String },
}

impl TableKey {
    pub fn question(&self) -> &str {
        match self {
            TableKey::Question(code) => code,
            TableKey::Crossed { question, .. } => question,
        }
    }

    fn base(&self) -> Option<&str> {
        match self {
            TableKey::Question(_) => None,
            TableKey::Crossed { base, .. } => Some(base),
        }
    }
}

/// What bundles are made of: the answers to a question, or, where it is crossed, those of the
/// people in the base and those of all others, each on their own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    pub table: TableKey,
    /// Those outside of a crossed pair's base.
    pub rest: bool,
}

impl Part {
    pub fn whole(question: &str) -> Part {
        Part { table: TableKey::Question(question.to_owned()), rest: false }
    }

    /// Both sides of a crossed pair.
    pub fn sides(pair: &TableKey) -> [Part; 2] {
        [false, true].map(|rest| Part { table: pair.clone(), rest })
    }

    pub fn question(&self) -> &str {
        self.table.question()
    }

    /// The question that says on which side somebody is.
    pub fn base(&self) -> Option<&str> {
        self.table.base()
    }
}

pub type Tables = BTreeMap<TableKey, Counts>;

/// How often each option was chosen. Missing ones are 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<String, i128>);

impl Counts {
    pub const NONE: Counts = Counts(BTreeMap::new());

    pub fn add(&mut self, option: &str, count: i128) {
        let cell = self.0.entry(option.to_owned()).or_default();
        *cell = cell.saturating_add(count);
    }

    pub fn get(&self, option: &str) -> i128 {
        self.0.get(option).copied().unwrap_or_default()
    }

    pub fn plus(&mut self, other: &Counts) {
        for (option, count) in &other.0 {
            self.add(option, *count);
        }
    }

    pub fn minus(&mut self, other: &Counts) {
        for (option, count) in &other.0 {
            self.add(option, count.saturating_neg());
        }
    }

    /// All cells, `missing` and the figures of a number (`#...`) among them.
    pub fn cells(&self) -> impl Iterator<Item = (&str, i128)> {
        self.0.iter().map(|(option, count)| (option.as_str(), *count))
    }

    /// The options that were chosen.
    pub fn options(&self) -> impl Iterator<Item = (&str, i128)> {
        self.cells().filter(|(option, _)| *option != MISSING && !option.starts_with('#'))
    }

    pub fn is_zero(&self) -> bool {
        self.0.values().all(|count| *count == 0)
    }

    /// How many answered.
    pub fn answered(&self, kind: Kind) -> i128 {
        match kind {
            Kind::One => self.options().fold(0, |sum, (_, count)| sum.saturating_add(count)),
            Kind::Several | Kind::Number => self.get(ANSWERED),
        }
    }

    /// How many were asked.
    pub fn asked(&self, kind: Kind) -> i128 {
        self.answered(kind).saturating_add(self.get(MISSING))
    }
}

/// How answers to a question add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One option each: scale, single choice, a grid's statement.
    One,
    /// Several options each.
    Several,
    Number,
}

#[derive(Debug, Clone)]
pub struct Question {
    pub kind: Kind,
    /// The options that say "don't know".
    pub dont_know: BTreeSet<String>,
    /// The questions that its `show_if` looks at.
    pub hangs_on: BTreeSet<String>,
}

/// What a version of a questionnaire tallies, at the time of a release.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    questions: BTreeMap<String, Question>,
    /// By question the pair that it is crossed in: it is told apart by one base only, since two
    /// ways to divide the same people could be subtracted.
    crossed: BTreeMap<String, TableKey>,
}

impl Plan {
    pub fn new(questions: BTreeMap<String, Question>) -> Plan {
        Plan { questions, crossed: BTreeMap::new() }
    }

    /// Tallies a question crossed with the choice of `options` in another. False, and nothing is
    /// crossed, where that can't be told safely: the base takes several answers or hangs on the
    /// question, or the question has another base already.
    pub fn cross(&mut self, base: &str, options: BTreeSet<String>, question: &str) -> bool {
        let one = self.questions.get(base).is_some_and(|q| q.kind == Kind::One);
        if !one || !self.questions.contains_key(question) || self.hangs(base, question) {
            return false;
        }
        let (base, question) = (base.to_owned(), question.to_owned());
        let key = TableKey::Crossed { base, options, question: question.clone() };
        self.crossed.entry(question).or_insert_with(|| key.clone()) == &key
    }

    /// Whether what is told of one question hangs on another one, or is that one.
    fn hangs(&self, code: &str, on: &str) -> bool {
        code == on || self.parents(code).iter().any(|parent| self.hangs(parent, on))
    }

    fn parents(&self, code: &str) -> Vec<&str> {
        let base = self.pair(code).and_then(TableKey::base);
        self.hangs_on(code).chain(base).collect()
    }

    /// The questions on which it hangs whether this one is asked. What is never tallied (text) is
    /// never published, so nothing can be told of it.
    pub fn hangs_on(&self, code: &str) -> impl Iterator<Item = &str> {
        let question = self.questions.get(code).into_iter();
        let codes = question.flat_map(|question| &question.hangs_on).map(String::as_str);
        codes.filter(|code| self.questions.contains_key(*code))
    }

    /// The questions that hang on this one.
    pub fn children(&self, code: &str) -> impl Iterator<Item = &str> {
        let codes = self.questions.keys().map(String::as_str);
        codes.filter(move |child| self.parents(child).contains(&code))
    }

    /// The crossed table in whose base the choice is.
    pub fn crossed(&self, base: &str, question: &str, chosen: &str) -> Option<&TableKey> {
        self.pair(question).filter(|key| {
            matches!(key, TableKey::Crossed { base: own, options, .. }
                if own == base && options.contains(chosen))
        })
    }

    /// The pair in which the question is crossed.
    pub fn pair(&self, question: &str) -> Option<&TableKey> {
        self.crossed.get(question)
    }

    pub fn question(&self, code: &str) -> Option<&Question> {
        self.questions.get(code)
    }

    pub fn questions(&self) -> impl Iterator<Item = (&str, &Question)> {
        self.questions.iter().map(|(code, question)| (code.as_str(), question))
    }

    /// All tables.
    pub fn tables(&self) -> impl Iterator<Item = TableKey> + '_ {
        let questions = self.questions.keys().cloned().map(TableKey::Question);
        questions.chain(self.crossed.values().cloned())
    }
}
