//! What every test finds there: two programmes with real projects, made through the domain.

use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use maaltal::accounts::Caller;
use maaltal::clock::At;
use maaltal::error::Result;
use maaltal::ids::{OrganisationId, ProgrammeId, ProjectId};
use maaltal::programmes::codes::{self, CodeList};
use maaltal::programmes::{self, organisations};
use maaltal::projects;
use maaltal::store::{Db, Engine, Installation, Store};
use serde_json::{Value, json};

use super::database::Database;
use super::people::People;

/// Ids of what the tests speak of. Nordjylland's personas belong to LabSTEM Nord.
#[derive(Debug, Clone)]
pub struct World {
    pub nordjylland: ProgrammeId,
    /// LabSTEM Nord, whose holder is Aalborg Universitet.
    pub labstem: ProjectId,
    /// KRAM, of the same programme, with which no persona but secretariat and reader has to do.
    pub kram: ProjectId,
    pub university: OrganisationId,
    /// A partner of LabSTEM Nord, and the contributor's own organisation.
    pub hjoerring: OrganisationId,
    /// Another partner of LabSTEM Nord.
    pub aalborghus: OrganisationId,
    pub midtjylland: ProgrammeId,
    /// (B)STEM-kompetencer, of the other programme.
    pub bstem: ProjectId,
    pub holstebro: OrganisationId,
}

/// A day in the world of the tests.
pub fn at(text: &str) -> At {
    let moment: DateTime<Utc> = text.parse().expect("a moment");
    At::from_micros(moment.timestamp_micros()).expect("a moment in the calendar")
}

/// When the world was made.
pub fn beginning() -> At {
    at("2022-01-10T08:00:00Z")
}

/// When the tests begin.
pub fn today() -> At {
    at("2023-02-01T09:00:00Z")
}

/// The world in a database of its own, which each test gets a copy of.
pub struct Template {
    pub database: Database,
    pub world: World,
    pub people: People,
}

impl Template {
    /// Made once for each engine and process; the copies are what is dropped.
    pub fn of(engine: Engine) -> &'static Template {
        static SQLITE: OnceLock<Template> = OnceLock::new();
        static POSTGRES: OnceLock<Template> = OnceLock::new();
        let template = match engine {
            Engine::Sqlite => &SQLITE,
            Engine::Postgres => &POSTGRES,
        };
        template.get_or_init(|| {
            // A thread of its own: the store blocks, and the tests run on a runtime.
            let made = std::thread::spawn(move || {
                let database = Database::create(engine, None);
                let store = database.open();
                store.migrate().expect("the migrations");
                let world = seed(&store).expect("the world");
                let people = People::seed(&store, &world).expect("the people");
                Template { database, world, people }
            });
            made.join().expect("a template")
        })
    }
}

const OPERATOR: Caller = Caller::Operator;

fn from<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("an input of the domain")
}

fn seed(store: &Store) -> Result<World> {
    let now = beginning();
    let programme = |code: &str, da: &str, en: &str| {
        let names = from(json!({ "name_da": da, "name_en": en }));
        store.write_here(Installation, |db| programmes::create(db, &OPERATOR, code, &names, now))
    };
    let nordjylland = programme("nordjylland", "STEM i Nordjylland", "STEM in North Jutland")?;
    let midtjylland = programme("midtjylland", "STEM i Midtjylland", "STEM in Central Jutland")?;

    let nord = store.write_here(nordjylland, |db| {
        lists(db, nordjylland)?;
        let university = organisation(
            db,
            nordjylland,
            "aalborg-universitet",
            "Aalborg Universitet",
            "videregaaende",
        )?;
        let hjoerring =
            organisation(db, nordjylland, "hjoerring-gymnasium", "Hjørring Gymnasium", "stx")?;
        let aalborghus =
            organisation(db, nordjylland, "aalborghus-gymnasium", "Aalborghus Gymnasium", "stx")?;
        organisation(db, nordjylland, "amu-nordjylland", "AMU Nordjylland", "vuc")?;
        let labstem = project(
            db,
            nordjylland,
            json!({
                "code": "labstem-nord",
                "title": "LabSTEM Nord",
                "holder": "aalborg-universitet",
                "focus_area": "potentielle",
                "project_type": "kompetenceopbyggende",
                "status": "ongoing",
                "year": 2020,
                "partners": ["hjoerring-gymnasium", "aalborghus-gymnasium"],
            }),
        )?;
        let kram = project(
            db,
            nordjylland,
            json!({
                "code": "kram",
                "title": "KRAM - Kvindelige rollemodeller og ambassadører",
                "holder": "amu-nordjylland",
                "focus_area": "piger-kvinder",
                "project_type": "motiverende",
                "status": "ongoing",
                "year": 2019,
            }),
        )?;
        Ok((university, hjoerring, aalborghus, labstem, kram))
    })?;

    let (holstebro, bstem) = store.write_here(midtjylland, |db| {
        let holstebro = organisation(db, midtjylland, "uch-holstebro", "UCH Holstebro", "eud")?;
        let title = "(B)STEM-kompetencer med verdensmålene, bæredygtighed og praksis i \
                     undervisningen";
        let bstem = project(
            db,
            midtjylland,
            json!({
                "code": "bstem-kompetencer",
                "title": title,
                "holder": "uch-holstebro",
                "status": "ongoing",
            }),
        )?;
        Ok((holstebro, bstem))
    })?;

    let (university, hjoerring, aalborghus, labstem, kram) = nord;
    Ok(World {
        nordjylland,
        labstem,
        kram,
        university,
        hjoerring,
        aalborghus,
        midtjylland,
        bstem,
        holstebro,
    })
}

/// The code lists that a programme doesn't start with.
fn lists(db: &mut Db, programme: ProgrammeId) -> Result<()> {
    let words = [
        (CodeList::FocusArea, "potentielle", "De potentielle STEM'ere", "Untapped STEM talent"),
        (
            CodeList::FocusArea,
            "piger-kvinder",
            "Flere piger og kvinder i STEM",
            "More girls in STEM",
        ),
        (CodeList::ProjectType, "kompetenceopbyggende", "Kompetenceopbyggende", "Skills building"),
        (CodeList::ProjectType, "motiverende", "Motiverende", "Motivating"),
        (
            CodeList::Approach,
            "rollemodeller",
            "Møder med rollemodeller",
            "Meetings with role models",
        ),
    ];
    for (list, code, da, en) in words {
        let input = from(json!({ "code": code, "name_da": da, "name_en": en }));
        codes::create(db, &OPERATOR, programme, list, &input, beginning())?;
    }
    Ok(())
}

fn organisation(
    db: &mut Db,
    programme: ProgrammeId,
    code: &str,
    name: &str,
    education_type: &str,
) -> Result<OrganisationId> {
    let input = json!({ "code": code, "name": name, "education_type": education_type });
    organisations::create(db, &OPERATOR, programme, from(input), beginning())
}

fn project(db: &mut Db, programme: ProgrammeId, input: Value) -> Result<ProjectId> {
    projects::create(db, &OPERATOR, programme, from(input), beginning())
}
