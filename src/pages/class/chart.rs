//! One question's answers, as bars and as a table.

use crate::messages::Lang;
use crate::pages::words::Words;
use crate::surveys::result_view::{FigureState, QuestionFigures, QuestionResults};

/// What the page shows of one question.
pub struct QuestionView {
    pub text: String,
    pub statement: Option<String>,
    /// In the place of figures, where there are none to be seen.
    pub hidden: Option<String>,
    /// How many answered.
    pub of: String,
    /// What the chart is, for those who don't see it.
    pub chart: String,
    pub height: usize,
    pub bars: Vec<Bar>,
    pub more: Vec<String>,
}

pub struct Bar {
    pub text: String,
    /// As much of it as fits above a bar on a narrow screen; all of it is in the table.
    pub short: String,
    pub count: i64,
    pub percent: String,
    /// In per cent.
    pub width: String,
    pub dont_know: bool,
    pub text_y: usize,
    pub y: usize,
}

const ROW: usize = 44;
const SHORT: usize = 24;

impl QuestionView {
    /// None where nothing is tallied of it.
    pub fn of(question: &QuestionResults, words: &Words) -> Option<QuestionView> {
        let group = question.groups.first()?;
        let text = words.of(&question.text).to_string();
        let statement = question.statement.as_ref().map(|one| words.of(one).to_string());
        let named = statement.as_ref().map_or(text.clone(), |one| format!("{text} {one}"));
        let mut view = QuestionView {
            chart: words.with("class-chart", &[("question", named)]),
            text,
            statement,
            hidden: None,
            of: String::new(),
            height: 0,
            bars: Vec::new(),
            more: Vec::new(),
        };
        match (group.state, &group.figures) {
            (FigureState::Shown, Some(figures)) => view.show(question, figures, words),
            (FigureState::Empty, _) => view.hidden = Some(words.t("class-empty")),
            _ => view.hidden = Some(words.t("class-suppressed")),
        }
        Some(view)
    }

    fn show(&mut self, question: &QuestionResults, figures: &QuestionFigures, words: &Words) {
        let args = [("n", figures.n.to_string()), ("missing", figures.missing.to_string())];
        self.of = words.with("class-of", &args);
        for (index, option) in figures.options.iter().enumerate() {
            let known = question.options.iter().find(|one| one.code == option.option);
            let text = known.map_or(option.option.as_str(), |one| words.of(&one.text));
            let percent = option.share.map_or("0".to_string(), |share| share.percent.to_string());
            self.bars.push(Bar {
                text: text.to_string(),
                short: short(text),
                count: option.count,
                percent: format!("{} %", local(&percent, words.lang)),
                width: percent,
                dont_know: known.is_some_and(|one| one.dont_know),
                text_y: index * ROW + 16,
                y: index * ROW + 22,
            });
        }
        self.height = self.bars.len() * ROW;
        if question.kind == "multiple" {
            self.more.push(words.t("class-several"));
        }
        if let Some(mean) = figures.mean {
            let unit = question.unit.as_ref().map(|unit| words.of(unit)).unwrap_or_default();
            let mean = local(&format!("{mean:.1}"), words.lang);
            let mean = format!("{mean} {unit}").trim_end().to_string();
            self.more.push(words.with("class-mean", &[("mean", mean)]));
        }
        if figures.held_back > 0 {
            let n = figures.held_back.to_string();
            self.more.push(words.with("class-held-back", &[("n", n)]));
        }
    }
}

fn short(text: &str) -> String {
    if text.chars().count() <= SHORT {
        return text.to_string();
    }
    let start: String = text.chars().take(SHORT - 1).collect();
    format!("{}…", start.trim_end())
}

/// With a decimal comma in Danish.
fn local(number: &str, lang: Lang) -> String {
    match lang {
        Lang::Da => number.replace('.', ","),
        Lang::En => number.to_string(),
    }
}
