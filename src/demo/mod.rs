//! Two regions' real programmes, and made-up answers that say so, loaded through the same calls
//! that people's requests take.
//! `demo/README.md` says how the files become records.

mod midtjylland;
mod nordjylland;
mod people;
mod progress_reports;
mod reported;
mod surveys;
mod texts;

use serde::de::DeserializeOwned;

pub use people::SignIn;

use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{OrganisationId, ProgrammeId, ProjectId};
use crate::programmes::organisations::{self, NewOrganisation};
use crate::programmes::{self, ProgrammeNames};
use crate::projects;
use crate::store::{Db, Installation, Store};
use crate::surveys::code_key::CodeKey;
use crate::surveys::ready;

/// Loads both programmes and makes one account per role. With the key of the installation's codes,
/// since answers go the way that everybody's go.
pub fn load(store: &Store, key: CodeKey, now: At) -> Result<Vec<SignIn>> {
    let nordjylland = programme(store, "nordjylland", "Region Nordjylland", now)?;
    store.write_here(nordjylland, |db| {
        nordjylland::load(db, nordjylland, now)?;
        progress_reports::load(db, nordjylland, now)?;
        reported::load(db, nordjylland, now)
    })?;
    let midtjylland = programme(store, "midtjylland", "Region Midtjylland", now)?;
    let classes = store.write_here(midtjylland, |db| midtjylland::load(db, midtjylland, now))?;
    surveys::answer(store, key, &classes, now)?;
    people::make(store, nordjylland, midtjylland, now)
}

/// What the printed lines look at.
pub struct Places {
    pub programme: ProgrammeId,
    pub project: ProjectId,
    /// The token of a link that takes answers; none once it is closed.
    pub open_link: Option<String>,
}

pub fn places(db: &mut Db, now: At) -> Result<Places> {
    let mut find = |programme: &str, project: &str| {
        let programme = programmes::by_code(db, &Caller::Operator, programme)?.id;
        let project = projects::by_code(db, programme, project)?.ok_or(Error::NotFound)?;
        Ok::<_, Error>((programme, project))
    };
    let (programme, project) = find("nordjylland", "labstem-nord")?;
    let (_, asking) = find("midtjylland", midtjylland::CODE)?;
    Ok(Places { programme, project, open_link: surveys::open_link(db, asking, now)? })
}

fn programme(store: &Store, code: &str, name: &str, now: At) -> Result<ProgrammeId> {
    let names = ProgrammeNames { name_da: name.to_string(), name_en: name.to_string() };
    store.write_here(Installation, |db| {
        ready::new_programme(db, &Caller::Operator, code, &names, now)
    })
}

fn organisation(
    db: &mut Db,
    programme: ProgrammeId,
    name: &str,
    now: At,
) -> Result<OrganisationId> {
    let input = NewOrganisation {
        code: slug(name),
        name: name.to_string(),
        kind: None,
        education_type: None,
        institution_number: None,
        cvr_number: None,
    };
    organisations::create(db, &Caller::Operator, programme, input, now)
}

/// A code from a name: `Aarhus Tech` is `aarhus-tech`, `Videnskabsmødet` is `videnskabsmoedet`.
fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.to_lowercase().chars() {
        match c {
            'æ' => slug.push_str("ae"),
            'ø' => slug.push_str("oe"),
            'å' => slug.push_str("aa"),
            'é' => slug.push('e'),
            c if c.is_ascii_alphanumeric() => slug.push(c),
            _ if !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.trim_matches('-').to_string()
}

/// The rows of an embedded CSV file.
fn rows<T: DeserializeOwned>(file: &str) -> Result<Vec<T>> {
    csv::Reader::from_reader(file.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(Error::unexpected)
}
