//! What a response adds to the tallies.

use super::compiled::{Compiled, State};
use super::{Answer, Answers};
use crate::surveys::definition::{Kind, Question, Statement};

/// One figure of a tally: how many chose an option of a question.
///
/// The question is its code, or `grid.statement`. The option is its code, or
/// - empty: asked and not answered,
/// - `#n`: how many answered, of a multiple choice or a number, whose other cells don't add up to it,
/// - `#sum` and `#squares`: of numbers, in the question's smallest unit (hundredths where it has
///   two decimals).
///
/// Who was not asked stands in no cell of the question. Free text stands in none at all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    pub question: String,
    pub option: String,
    /// Of a crossed tally: question and option of those who are counted.
    pub base: Option<(String, String)>,
}

/// What asked and not answered is tallied as.
const MISSING: &str = "";

/// What one response adds to the tallies: cells by their number in its version, and how much. Without
/// any text of its own, as the intake hands it from one thread to another.
pub type Added = Vec<(usize, i64)>;

/// What the response adds, found out before it is queued.
pub fn added(version: &Compiled, answers: &Answers) -> Added {
    let mut all = Vec::with_capacity(answers.0.len() + 4);
    let mut state = State::new(version);
    for (question, step) in version.steps() {
        // Of answers that were checked, it is always known what was asked.
        if state.shows(step) != Some(true) {
            continue;
        }
        let answer = answers.get(&question.code);
        if let Some(answer) = answer {
            state.put(step, question, answer);
        }
        add(question, answer, |cell, increment| all.push((step.cells + cell, increment)));
    }
    all
}

/// What the response adds to each cell, in the order of the cells.
pub fn cells(version: &Compiled, answers: &Answers) -> Vec<(Cell, i64)> {
    named(version, &added(version, answers))
}

/// The same by the cells themselves, in their order.
pub fn named(version: &Compiled, added: &[(usize, i64)]) -> Vec<(Cell, i64)> {
    let cell = |(cell, increment): &(usize, i64)| Some((version.cell(*cell)?.clone(), *increment));
    let mut cells: Vec<_> = added.iter().filter_map(cell).collect();
    cells.sort_unstable();
    cells
}

/// All that a question's answers can add to. [`add`] counts on their order.
pub(super) fn cells_of(question: &Question) -> Vec<Cell> {
    let code = question.code.as_str();
    let cell = |name: &str, option: &str| {
        let (question, option) = (name.to_string(), option.to_string());
        Cell { question, option, base: None }
    };
    let of = |name: &str, figures: &[&str]| {
        let options = question.options().iter().map(|option| option.code.as_str());
        let all = [MISSING].into_iter().chain(figures.iter().copied()).chain(options);
        all.map(|option| cell(name, option)).collect::<Vec<_>>()
    };
    match &question.kind {
        Kind::Section | Kind::Text { .. } => Vec::new(),
        Kind::Scale { .. } | Kind::Single { .. } => of(code, &[]),
        Kind::Multiple { .. } => of(code, &["#n"]),
        Kind::Number { .. } => of(code, &["#n", "#sum", "#squares"]),
        Kind::Grid { statements, .. } => {
            let name = |statement: &Statement| format!("{code}.{}", statement.code);
            statements.iter().flat_map(|statement| of(&name(statement), &[])).collect()
        }
    }
}

/// Gives the place of each cell among [`cells_of`] the question.
fn add(question: &Question, answer: Option<&Answer>, mut add: impl FnMut(usize, i64)) {
    let options = question.options();
    let place = |code: &String| options.iter().position(|option| option.code == *code);
    match (&question.kind, answer) {
        (Kind::Section | Kind::Text { .. }, _) => {}
        (Kind::Grid { statements, .. }, answer) => {
            let rows = match answer {
                Some(Answer::Grid(rows)) => Some(rows),
                _ => None,
            };
            for (index, statement) in statements.iter().enumerate() {
                let chosen = rows.and_then(|rows| rows.get(&statement.code));
                let chosen = chosen.and_then(place).map_or(0, |place| 1 + place);
                add(index * (1 + options.len()) + chosen, 1);
            }
        }
        (Kind::Scale { .. } | Kind::Single { .. }, Some(Answer::One(option))) => {
            add(place(option).map_or(0, |place| 1 + place), 1);
        }
        (Kind::Multiple { .. }, Some(Answer::Several(chosen))) => {
            add(1, 1);
            chosen.iter().filter_map(place).for_each(|place| add(2 + place, 1));
        }
        (Kind::Number { decimals, .. }, Some(Answer::Number(number))) => {
            let units = number.units(*decimals).unwrap_or(0);
            add(1, 1);
            add(2, units);
            // At most a million, squared.
            add(3, units.saturating_mul(units));
        }
        (_, _) => add(0, 1),
    }
}

/// The cells of a response crossed: for each pair of a base question and a question, what the
/// response adds to the question's cells among those who answered the base question as it did.
pub fn crossed(cells: &[(Cell, i64)], pairs: &[(String, String)]) -> Vec<(Cell, i64)> {
    let of = |name: &str| {
        let name = name.to_string();
        cells.iter().filter(move |(cell, _)| cell.question == name && cell.base.is_none())
    };
    let mut crossed = Vec::new();
    for (base, question) in pairs {
        for (from, _) in of(base).filter(|(cell, _)| !cell.option.starts_with('#')) {
            for (cell, increment) in of(question) {
                let base = Some((from.question.clone(), from.option.clone()));
                crossed.push((Cell { base, ..cell.clone() }, *increment));
            }
        }
    }
    crossed.sort_unstable();
    crossed
}

/// Mean and spread of the numbers that were answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    pub mean: f64,
    /// The sample's standard deviation; of a single answer there is none.
    pub deviation: Option<f64>,
}

/// From the cells `#n`, `#sum` and `#squares` of a number with so many decimals, summed over
/// whatever is shown together. None where nobody answered.
pub fn moments(decimals: u8, n: i64, sum: i128, squares: i128) -> Option<Moments> {
    if n < 1 {
        return None;
    }
    let unit = 10_f64.powi(decimals.into());
    let count = n as f64;
    // Whole numbers up to the last step: the difference of two large squares loses no digit.
    let spread = (i128::from(n) * squares - sum * sum) as f64;
    let deviation = || (spread.max(0.0) / (count * (count - 1.0))).sqrt() / unit;
    Some(Moments { mean: sum as f64 / count / unit, deviation: (n > 1).then(deviation) })
}
