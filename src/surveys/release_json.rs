//! How a release is kept: its plan and its tallies as JSON.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::release::{Counts, Kind, Plan, Question, Snapshot, TableKey};
use crate::error::{Error, Result};

#[derive(Serialize, Deserialize)]
struct PlanJson {
    questions: BTreeMap<String, QuestionJson>,
    crossed: Vec<CrossedJson>,
}

#[derive(Serialize, Deserialize)]
struct QuestionJson {
    kind: KindJson,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    dont_know: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    hangs_on: BTreeSet<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KindJson {
    One,
    Several,
    Number,
}

#[derive(Serialize, Deserialize)]
struct CrossedJson {
    base: String,
    options: BTreeSet<String>,
    question: String,
}

#[derive(Serialize, Deserialize)]
struct TallyJson {
    answered: SnapshotJson,
    paper: SnapshotJson,
}

#[derive(Serialize, Deserialize)]
struct SnapshotJson {
    n: i64,
    tables: Vec<TableJson>,
}

#[derive(Serialize, Deserialize)]
struct TableJson {
    question: String,
    /// Question and options of those who are counted, in a crossed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    among: Option<(String, BTreeSet<String>)>,
    counts: BTreeMap<String, i64>,
}

pub fn write_plan(plan: &Plan) -> Result<Value> {
    let mut questions = BTreeMap::new();
    let mut crossed = Vec::new();
    for key in plan.tables() {
        match key {
            TableKey::Question(code) => {
                let Some(Question { kind, dont_know, hangs_on }) = plan.question(&code) else {
                    continue;
                };
                let kind = match kind {
                    Kind::One => KindJson::One,
                    Kind::Several => KindJson::Several,
                    Kind::Number => KindJson::Number,
                };
                let (dont_know, hangs_on) = (dont_know.clone(), hangs_on.clone());
                questions.insert(code, QuestionJson { kind, dont_know, hangs_on });
            }
            TableKey::Crossed { base, options, question } => {
                crossed.push(CrossedJson { base, options, question });
            }
        }
    }
    serde_json::to_value(PlanJson { questions, crossed }).map_err(Error::unexpected)
}

pub fn read_plan(plan: &Value) -> Result<Plan> {
    let PlanJson { questions, crossed } = PlanJson::deserialize(plan).map_err(Error::unexpected)?;
    let question = |QuestionJson { kind, dont_know, hangs_on }| {
        let kind = match kind {
            KindJson::One => Kind::One,
            KindJson::Several => Kind::Several,
            KindJson::Number => Kind::Number,
        };
        Question { kind, dont_know, hangs_on }
    };
    let questions = questions.into_iter().map(|(code, one)| (code, question(one))).collect();
    let mut plan = Plan::new(questions);
    for CrossedJson { base, options, question } in crossed {
        if !plan.cross(&base, options, &question) {
            return Err(Error::unexpected(format!("a release can't cross {base} and {question}")));
        }
    }
    Ok(plan)
}

pub fn write_tally(answered: &Snapshot, paper: &Snapshot) -> Result<Value> {
    let tally = TallyJson { answered: written(answered)?, paper: written(paper)? };
    serde_json::to_value(tally).map_err(Error::unexpected)
}

fn written(snapshot: &Snapshot) -> Result<SnapshotJson> {
    let mut tables = Vec::new();
    for (key, counts) in &snapshot.tables {
        let (question, among) = match key {
            TableKey::Question(code) => (code.clone(), None),
            TableKey::Crossed { base, options, question } => {
                (question.clone(), Some((base.clone(), options.clone())))
            }
        };
        let mut written = BTreeMap::new();
        for (option, count) in counts.cells() {
            written.insert(option.to_string(), i64::try_from(count).map_err(Error::unexpected)?);
        }
        tables.push(TableJson { question, among, counts: written });
    }
    Ok(SnapshotJson { n: snapshot.n, tables })
}

/// What was answered on the page, and on paper.
pub fn read_tally(tally: &Value) -> Result<(Snapshot, Snapshot)> {
    let TallyJson { answered, paper } = TallyJson::deserialize(tally).map_err(Error::unexpected)?;
    Ok((read(answered), read(paper)))
}

fn read(json: SnapshotJson) -> Snapshot {
    let mut snapshot = Snapshot::new(json.n);
    for TableJson { question, among, counts } in json.tables {
        let key = match among {
            None => TableKey::Question(question),
            Some((base, options)) => TableKey::Crossed { base, options, question },
        };
        let mut table = Counts::default();
        counts.iter().for_each(|(option, count)| table.add(option, i128::from(*count)));
        snapshot.tables.insert(key, table);
    }
    snapshot
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_comes_back_as_it_was_written() {
        let question = |kind, dont_know: &[&str], hangs_on: &[&str]| {
            let set = |codes: &[&str]| codes.iter().map(|code| code.to_string()).collect();
            Question { kind, dont_know: set(dont_know), hangs_on: set(hangs_on) }
        };
        let questions = BTreeMap::from([
            ("u_samarbejde".to_string(), question(Kind::One, &[], &[])),
            ("u_forstaaelse".to_string(), question(Kind::One, &["ved_ikke"], &["u_samarbejde"])),
            ("timer".to_string(), question(Kind::Number, &[], &[])),
        ]);
        let mut plan = Plan::new(questions);
        let yes = BTreeSet::from(["ja".to_string()]);
        assert!(plan.cross("u_samarbejde", yes, "u_forstaaelse"));
        let mut answered = Snapshot::new(7);
        answered.add(&plan, None, "u_samarbejde", "ja", 6);
        answered.add(&plan, None, "timer", "#squares", 1 << 60);
        answered.add(&plan, Some(("u_samarbejde", "ja")), "u_forstaaelse", "hoej", 5);
        let paper = Snapshot::default();

        let read = read_plan(&write_plan(&plan).expect("JSON")).expect("a plan");
        assert_eq!(format!("{read:?}"), format!("{plan:?}"));
        let tally = write_tally(&answered, &paper).expect("JSON");
        assert_eq!(read_tally(&tally).expect("a tally"), (answered, paper));
    }
}
