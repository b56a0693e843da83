//! Portfolios that nobody thought of.

use serde_json::{Value, json};

use crate::harness::{App, Persona::*};

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

pub async fn round(app: &App, code: &str, year: i32, kind: &str, areas: &[&str]) {
    let body = json!({ "code": code, "year": year, "kind": kind, "focus_areas": areas });
    let path = format!("/programmes/{}/rounds", app.world.nordjylland);
    app.post(&path).by(Secretariat).json(body).await.expect(201);
}

pub async fn random_portfolio(app: &App, seed: u64) {
    let mut dice = Dice(seed);
    for year in 2019..=2022 {
        for kind in ["open", "prioritised", "small_grants"] {
            round(app, &format!("{year}-{kind}"), year, kind, &[]).await;
        }
    }
    let path = format!("/programmes/{}/projects", app.world.nordjylland);
    for number in 0..12 {
        let year = 2019 + dice.below(4) as i32;
        let grants: Vec<Value> = (0..dice.below(4))
            .map(|_| {
                let kind = dice.one_of(&["open", "prioritised", "small_grants"]);
                let round = kind.map(|kind| format!("{year}-{kind}"));
                json!({ "amount_ore": 1 + dice.below(5_000_000_000), "round": round })
            })
            .collect();
        let body = json!({
            "code": format!("p-{number}"),
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
        let made = app.post(&path).by(Secretariat).json(body).await.expect(201).json();
        let project = made["id"].as_str().expect("an id").to_string();
        people(app, &project, &format!("p-{number}"), &mut dice).await;
    }
}

/// Some indicators, and some counts that they take, or don't.
async fn people(app: &App, project: &str, code: &str, dice: &mut Dice) {
    let levels = ["stx", "gymnasial", "grundskole"];
    for number in 0..dice.below(3) {
        let target = match dice.below(3) {
            0 => json!({ "shape": "at_least", "minimum": 1 + dice.below(5_000) }),
            1 => json!({ "shape": "classes", "classes": 16, "estimated_pupils": 448 }),
            _ => json!({ "shape": "none" }),
        };
        let level: Vec<&str> = dice.one_of(&levels).into_iter().collect();
        let body = json!({
            "code": format!("{code}-{number}"), "title": "Elever", "level": "output",
            "unit": "people", "source": "participation",
            "filter": { "roles": ["pupil"], "education_levels": level },
            "first_target": { "target": target },
        });
        let path = format!("/projects/{project}/indicators");
        app.post(&path).by(Secretariat).json(body).await.expect(201);
    }
    for role in ["pupil", "teacher"] {
        let body = json!({
            "organisation": null, "period": { "calendar_year": 2022 }, "role": role,
            "education_level": dice.one_of(&levels), "counting": "unique",
            "participants": dice.below(3_000),
        });
        let path = format!("/projects/{project}/counts");
        app.put(&path).by(Secretariat).json(body).await.expect(201);
    }
}
