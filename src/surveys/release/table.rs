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
    /// By base question and question.
    crossed: BTreeMap<(String, String), TableKey>,
    /// By question the tables that hang on it.
    children: BTreeMap<String, Vec<TableKey>>,
}

impl Plan {
    pub fn new(questions: BTreeMap<String, Question>) -> Plan {
        let mut plan = Plan { questions, ..Plan::default() };
        for key in plan.tables().collect::<Vec<_>>() {
            plan.adopt(key);
        }
        plan
    }

    /// Tallies a question crossed with the choice of `options` in another. False, and nothing is
    /// crossed, where that can't be told safely: the base takes several answers, or the pair
    /// has another base already (the two could be subtracted).
    pub fn cross(&mut self, base: &str, options: BTreeSet<String>, question: &str) -> bool {
        let one = self.questions.get(base).is_some_and(|q| q.kind == Kind::One);
        let pair = (base.to_owned(), question.to_owned());
        if !one || base == question || !self.questions.contains_key(question) {
            return false;
        }
        let key =
            TableKey::Crossed { base: base.to_owned(), options, question: question.to_owned() };
        if let Some(before) = self.crossed.get(&pair) {
            return *before == key;
        }
        self.crossed.insert(pair, key.clone());
        self.adopt(key);
        true
    }

    fn adopt(&mut self, key: TableKey) {
        for parent in self.parents(&key) {
            self.children.entry(parent.question().to_owned()).or_default().push(key.clone());
        }
    }

    /// The tables that hang on this one.
    pub fn children(&self, key: &TableKey) -> &[TableKey] {
        match key {
            TableKey::Question(code) => self.children.get(code).map_or(&[], Vec::as_slice),
            TableKey::Crossed { .. } => &[],
        }
    }

    /// The crossed table in whose base the choice is.
    pub fn crossed(&self, base: &str, question: &str, chosen: &str) -> Option<&TableKey> {
        self.crossed.get(&(base.to_owned(), question.to_owned())).filter(
            |key| matches!(key, TableKey::Crossed { options, .. } if options.contains(chosen)),
        )
    }

    pub fn question(&self, code: &str) -> Option<&Question> {
        self.questions.get(code)
    }

    pub fn kind(&self, key: &TableKey) -> Option<Kind> {
        self.question(key.question()).map(|question| question.kind)
    }

    /// All tables.
    pub fn tables(&self) -> impl Iterator<Item = TableKey> + '_ {
        let questions = self.questions.keys().cloned().map(TableKey::Question);
        questions.chain(self.crossed.values().cloned())
    }

    /// The tables whose bundles those of this one are unions of. What is never tallied (text) is
    /// never published, so nothing can be told of it.
    pub fn parents(&self, key: &TableKey) -> Vec<TableKey> {
        match key {
            TableKey::Question(code) => (self.questions.get(code).into_iter())
                .flat_map(|question| &question.hangs_on)
                .filter(|code| self.questions.contains_key(*code))
                .map(|code| TableKey::Question(code.clone()))
                .collect(),
            TableKey::Crossed { base, question, .. } => {
                vec![TableKey::Question(base.clone()), TableKey::Question(question.clone())]
            }
        }
    }
}
