//! One account per role, each with a random password of its own.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::midtjylland;
use crate::accounts::{Caller, Role, Scope, Secret, members, password, users};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::ProgrammeId;
use crate::programmes::organisations::Register;
use crate::projects;
use crate::store::{Db, Installation, Store};

/// How to sign in as one of the demo's people.
pub struct SignIn {
    pub role: Role,
    /// What the role is on, in words.
    pub scope: &'static str,
    pub mail: &'static str,
    pub password: String,
}

struct Person {
    role: Role,
    scope: &'static str,
    mail: &'static str,
    name: &'static str,
}

const PEOPLE: [Person; 4] = [
    Person {
        role: Role::Secretariat,
        scope: "programmes nordjylland and midtjylland",
        mail: "sekretariat@maaltal.example",
        name: "Sekretariatet",
    },
    Person {
        role: Role::Reader,
        scope: "programme nordjylland",
        mail: "styregruppe@maaltal.example",
        name: "Styregruppen",
    },
    Person {
        role: Role::Holder,
        scope: "project labstem-nord",
        mail: "projektholder@maaltal.example",
        name: "Projektholder, LabSTEM Nord",
    },
    Person {
        role: Role::Contributor,
        scope: "project bstem, for Aarhus Tech",
        mail: "partnerskole@maaltal.example",
        name: "Koordinator, Aarhus Tech",
    },
];

pub fn make(
    store: &Store,
    nordjylland: ProgrammeId,
    midtjylland: ProgrammeId,
    now: At,
) -> Result<Vec<SignIn>> {
    let mut sign_ins = Vec::new();
    for Person { role, scope, mail, name } in PEOPLE {
        let password = random_password()?;
        let hash = password::hash(&Secret::new(password.as_str()))?;
        let user = store.write_here(Installation, |db| {
            users::add(db, &Caller::Operator, mail, name, &hash, now)
        })?;
        for programme in [nordjylland, midtjylland] {
            store.write_here(programme, |db| {
                match scope_in(db, role, programme, programme == nordjylland)? {
                    Some(scope) => {
                        members::grant(db, &Caller::Operator, user, role, scope, now).map(drop)
                    }
                    None => Ok(()),
                }
            })?;
        }
        sign_ins.push(SignIn { role, scope, mail, password });
    }
    Ok(sign_ins)
}

/// What the role is on in that programme, if anything.
fn scope_in(
    db: &mut Db,
    role: Role,
    programme: ProgrammeId,
    is_nordjylland: bool,
) -> Result<Option<Scope>> {
    let mut project = |code: &str| {
        let found = projects::by_code(db, programme, code)?;
        found.ok_or_else(|| Error::unexpected(format!("no project {code}")))
    };
    Ok(match (role, is_nordjylland) {
        (Role::Secretariat, _) | (Role::Reader, true) => Some(Scope::programme(programme)),
        (Role::Holder, true) => Some(Scope::project(programme, project("labstem-nord")?)),
        (Role::Contributor, false) => {
            let project = project(midtjylland::CODE)?;
            let school = Register::load(db, programme)?.find("aarhus-tech");
            school.map(|school| Scope::contribution(programme, project, school))
        }
        _ => None,
    })
}

/// 24 letters and digits: longer than any rule asks for, and nobody has to remember it.
fn random_password() -> Result<String> {
    let mut bytes = [0; 18];
    getrandom::fill(&mut bytes).map_err(Error::unexpected)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
