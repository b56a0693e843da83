//! Portfolios that nobody thought of.

use maaltal::accounts::Caller;
use maaltal::clock::At;
use maaltal::error::Result;
use maaltal::ids::{ProgrammeId, ProjectId};
use maaltal::indicators::{self, Owner};
use maaltal::participation::{self, CountInput};
use maaltal::programmes::codes::{self, CodeList};
use maaltal::programmes::{self, organisations, rounds};
use maaltal::projects;
use maaltal::store::{Db, Installation};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::harness::{App, Persona::*};

const OPERATOR: Caller = Caller::Operator;
const KINDS: [&str; 3] = ["open", "prioritised", "small_grants"];
const LEVELS: [&str; 3] = ["stx", "gymnasial", "grundskole"];

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % end
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> Option<&'a str> {
        let at = self.below(words.len() as u64 + 1) as usize;
        words.get(at).copied()
    }
}

fn from<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("an input of the domain")
}

pub async fn round(app: &App, code: &str, year: i32, kind: &str, areas: &[&str]) {
    let body = json!({ "code": code, "year": year, "kind": kind, "focus_areas": areas });
    let path = format!("/programmes/{}/rounds", app.world.nordjylland);
    app.post(&path).by(Secretariat).json(body).await.expect(201);
}

/// In the programme of the tests, which has its codes and schools.
pub async fn random_portfolio(app: &App, seed: u64) {
    fill(app, app.world.nordjylland, seed).await;
}

/// A programme of its own with what that seed gives.
pub async fn random_programme(app: &App, seed: u64) -> ProgrammeId {
    let now = app.clock.now();
    let make = move |db: &mut Db| {
        let code = format!("terning-{seed}");
        let names = from(json!({ "name_da": code, "name_en": code }));
        programmes::create(db, &OPERATOR, &code, &names, now)
    };
    let programme = app.store.write(Installation, make).await.expect("a programme");
    let lists = move |db: &mut Db| {
        for (list, code) in [
            (CodeList::FocusArea, "potentielle"),
            (CodeList::FocusArea, "piger-kvinder"),
            (CodeList::ProjectType, "kompetenceopbyggende"),
            (CodeList::ProjectType, "motiverende"),
            (CodeList::Approach, "rollemodeller"),
        ] {
            let input = from(json!({ "code": code, "name_da": code, "name_en": code }));
            codes::create(db, &OPERATOR, programme, list, &input, now)?;
        }
        for (code, level) in
            [("aalborg-universitet", "videregaaende"), ("hjoerring-gymnasium", "stx")]
        {
            let input = json!({ "code": code, "name": code, "education_type": level });
            organisations::create(db, &OPERATOR, programme, from(input), now)?;
        }
        Ok(())
    };
    app.store.write(programme, lists).await.expect("its codes and schools");
    fill(app, programme, seed).await;
    programme
}

async fn fill(app: &App, programme: ProgrammeId, seed: u64) {
    let now = app.clock.now();
    let fill = move |db: &mut Db| throw(db, programme, &mut Dice(seed), now);
    app.store.write(programme, fill).await.expect("a portfolio");
}

fn throw(db: &mut Db, programme: ProgrammeId, dice: &mut Dice, now: At) -> Result<()> {
    for year in 2019..=2023 {
        for kind in KINDS {
            let input = json!({ "code": format!("{year}-{kind}"), "year": year, "kind": kind });
            rounds::create(db, &OPERATOR, programme, from(input), now)?;
        }
    }
    for number in 0..1 + dice.below(14) {
        let year = 2019 + dice.below(4) as i32;
        let grants: Vec<Value> = (0..dice.below(4))
            .map(|_| {
                // A later round may add to a project.
                let later = i32::from(dice.below(4) == 0);
                let kind = dice.one_of(&KINDS);
                let round = kind.map(|kind| format!("{}-{kind}", year + later));
                json!({ "amount_ore": 1 + dice.below(5_000_000_000), "round": round })
            })
            .collect();
        let code = format!("p-{number}");
        let input = json!({
            "code": code,
            "title": format!("Projekt {number}: =1+1; \"æøå\""),
            "holder": "aalborg-universitet",
            "focus_area": dice.one_of(&["potentielle", "piger-kvinder"]),
            "project_type": dice.one_of(&["kompetenceopbyggende", "motiverende"]),
            "status": dice.one_of(&["planned", "ongoing", "completed"]).unwrap_or("cancelled"),
            "year": (dice.below(5) > 0).then_some(year),
            "period_start": dice.one_of(&["2019", "2019-08", "2019-08-15"]),
            "partners": dice.one_of(&["hjoerring-gymnasium"]).into_iter().collect::<Vec<_>>(),
            "approaches": dice.one_of(&["rollemodeller"]).into_iter().collect::<Vec<_>>(),
            "grants": grants,
        });
        let project = projects::create(db, &OPERATOR, programme, from(input), now)?;
        people(db, project, &code, dice, now)?;
    }
    Ok(())
}

/// Some indicators, and some counts that they take, or don't.
fn people(db: &mut Db, project: ProjectId, code: &str, dice: &mut Dice, now: At) -> Result<()> {
    for number in 0..dice.below(3) {
        let target = match dice.below(3) {
            0 => json!({ "shape": "at_least", "minimum": 1 + dice.below(5_000) }),
            1 => json!({ "shape": "classes", "classes": 16, "estimated_pupils": 448 }),
            _ => json!({ "shape": "none" }),
        };
        let level: Vec<&str> = dice.one_of(&LEVELS).into_iter().collect();
        let input = json!({
            "code": format!("{code}-{number}"), "title": "Elever", "level": "output",
            "unit": "people", "source": "participation",
            "filter": { "roles": ["pupil"], "education_levels": level },
            "first_target": { "target": target },
        });
        indicators::create(db, &OPERATOR, Owner::Project(project), from(input), now)?;
    }
    for role in ["pupil", "teacher"] {
        let input: CountInput = from(json!({
            "organisation": null, "period": { "calendar_year": 2019 + dice.below(4) },
            "role": role, "education_level": dice.one_of(&LEVELS), "counting": "unique",
            "participants": dice.below(3_000),
        }));
        participation::put(db, &OPERATOR, project, &input, now)?;
    }
    Ok(())
}
