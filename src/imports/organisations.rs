//! Organisations, by their code.

use std::collections::HashMap;

use super::small::{Context, Loader};
use crate::error::Result;
use crate::ids::OrganisationId;
use crate::paging::Page;
use crate::participation::Outcome;
use crate::programmes::codes::{CodeList, Codebook};
use crate::programmes::organisations::{
    self, NewOrganisation, Organisation, OrganisationKind, OrganisationUpdate,
};
use crate::shape;
use crate::sheets::{Column, Row};
use crate::store::Db;

pub const COLUMNS: &[Column] = &[
    Column::new("organisation", &["code", "kode"], "/code", true),
    Column::new("name", &["navn"], "/name", false),
    Column::new("kind", &["slags"], "/kind", false),
    Column::new("education_type", &["uddannelsestype"], "/education_type", false),
    Column::new("institution_number", &["institutionsnummer"], "/institution_number", false),
    Column::new("cvr_number", &["cvr", "cvr_nummer"], "/cvr_number", false),
    Column::new("retired", &["udgået"], "/retired", false),
];

pub struct Organisations<'a> {
    context: Context<'a>,
    book: Codebook,
    by_code: HashMap<String, Organisation>,
}

impl<'a> Organisations<'a> {
    pub fn load(db: &mut Db, context: Context<'a>) -> Result<Organisations<'a>> {
        let mut by_code = HashMap::new();
        let mut after: Option<OrganisationId> = None;
        loop {
            let page = Page::of(after, 1_000);
            let listing = organisations::list(db, context.caller, context.programme, &page)?;
            after = listing.items.last().map(|one| one.id);
            by_code.extend(listing.items.into_iter().map(|one| (one.code.clone(), one)));
            if listing.next_cursor.is_none() {
                break;
            }
        }
        let book = Codebook::load(db, context.programme)?;
        Ok(Organisations { context, book, by_code })
    }
}

impl Loader for Organisations<'_> {
    fn key(&self, row: &Row) -> Option<String> {
        row.text("organisation").map(str::to_string)
    }

    /// What the file has no column for stays as it is.
    fn put(&mut self, db: &mut Db, mut row: Row) -> Result<Outcome> {
        let code = row.needed("organisation").to_string();
        let before = self.by_code.get(&code);
        let name = match before {
            Some(before) if !row.has("name") => before.name.clone(),
            _ => row.needed("name").to_string(),
        };
        let text = |row: &Row, column, before: Option<&String>| match row.has(column) {
            true => row.text(column).map(str::to_string),
            false => before.cloned(),
        };
        let education_type = match row.has("education_type") {
            true => row.text("education_type").map(|text| {
                let found = self.book.named(CodeList::EducationLevel, text);
                found.map_or_else(|| text.to_string(), |code| code.code.clone())
            }),
            false => before.and_then(|before| before.education_type.clone()),
        };
        let kind = match row.has("kind") {
            true => row.read("kind", "unknown_word", |text| text.parse::<OrganisationKind>().ok()),
            false => before.and_then(|before| before.kind),
        };
        let number = before.and_then(|before| before.institution_number.as_ref());
        let institution_number = text(&row, "institution_number", number);
        let number = before.and_then(|before| before.cvr_number.as_ref());
        let cvr_number = text(&row, "cvr_number", number);
        let retired = match row.has("retired") {
            true => row.yes("retired").unwrap_or(false),
            false => before.is_some_and(|before| before.retired),
        };
        let update = OrganisationUpdate {
            name,
            kind,
            education_type,
            institution_number,
            cvr_number,
            retired,
        };
        row.check()?;
        shape::held(&update)?;
        let Context { caller, programme, now } = self.context;
        match before {
            Some(before) if says(before, &update) => Ok(Outcome::Unchanged),
            Some(before) => {
                organisations::update(db, caller, before.id, before.version, update, now)?;
                Ok(Outcome::Corrected)
            }
            None => {
                let new = NewOrganisation {
                    code,
                    name: update.name.clone(),
                    kind: update.kind,
                    education_type: update.education_type.clone(),
                    institution_number: update.institution_number.clone(),
                    cvr_number: update.cvr_number.clone(),
                };
                shape::held(&new)?;
                let id = organisations::create(db, caller, programme, new, now)?;
                if update.retired {
                    organisations::update(db, caller, id, 1, update, now)?;
                }
                Ok(Outcome::Created)
            }
        }
    }
}

fn says(before: &Organisation, update: &OrganisationUpdate) -> bool {
    // What has an education type is of the kind `education`, said or not.
    let kind = update.kind.or(before.kind.filter(|_| before.education_type.is_some()));
    before.name == update.name
        && before.kind == kind
        && before.education_type == update.education_type
        && before.institution_number == update.institution_number
        && before.cvr_number == update.cvr_number
        && before.retired == update.retired
}
