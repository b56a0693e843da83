//! Code lists: what may be said about a project or a count, in Danish and English.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use diesel::result::QueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{checked_code, rows};
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Constraint, Error, Fault, Faults, Result};
use crate::ids::{CodeId, ProgrammeId};
use crate::store::Db;
use crate::store::types::text_enum;
use crate::versioned::Versioned;

text_enum! {
    /// The code lists of a programme.
    pub enum CodeList {
        FocusArea = "focus_area",
        ProjectType = "project_type",
        Approach = "approach",
        /// A tree: `ungdomsuddannelse` > `gymnasial` > `stx`.
        EducationLevel = "education_level",
        ParticipantRole = "participant_role",
        RoundKind = "round_kind",
    }
}

/// One word of a code list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Code {
    pub id: CodeId,
    pub list: CodeList,
    /// Unique in its list.
    #[schema(example = "stx")]
    pub code: String,
    /// The code above it, in a list that is a tree.
    pub parent: Option<String>,
    pub name_da: String,
    pub name_en: String,
    /// Its place in the list, from 1.
    pub position: i32,
    /// Retired codes stay where they are used and can't be chosen any more.
    pub retired: bool,
    pub version: i32,
}

impl Versioned for Code {
    fn version(&self) -> i32 {
        self.version
    }
}

/// A new code.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCode {
    #[validate(length(min = 1, max = 64))]
    pub code: String,
    #[validate(length(min = 1, max = 200))]
    pub name_da: String,
    #[validate(length(min = 1, max = 200))]
    pub name_en: String,
    /// The code above it; only `education_level` is a tree.
    pub parent: Option<String>,
    /// Last in the list where not given.
    #[validate(range(min = 1, max = 10_000))]
    pub position: Option<i32>,
}

/// What can change about a code; the code itself can't.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeUpdate {
    #[validate(length(min = 1, max = 200))]
    pub name_da: String,
    #[validate(length(min = 1, max = 200))]
    pub name_en: String,
    pub parent: Option<String>,
    #[validate(range(min = 1, max = 10_000))]
    pub position: i32,
    pub retired: bool,
}

/// All codes of a programme in memory: a few dozen, asked for by every slice.
#[derive(Debug, Clone)]
pub struct Codebook {
    codes: Vec<Code>,
    by_id: HashMap<CodeId, usize>,
    by_code: HashMap<(CodeList, String), usize>,
}

impl Codebook {
    pub fn load(db: &mut Db, programme: ProgrammeId) -> QueryResult<Codebook> {
        Ok(Codebook::of(rows::codes(db, programme)?))
    }

    /// A book of these codes, each list in its order.
    pub fn of(codes: Vec<Code>) -> Codebook {
        let by_id = codes.iter().enumerate().map(|(index, code)| (code.id, index)).collect();
        let key = |code: &Code| (code.list, code.code.clone());
        let by_code = codes.iter().enumerate().map(|(index, code)| (key(code), index)).collect();
        Codebook { codes, by_id, by_code }
    }

    /// In the order of each list.
    pub fn list(&self, list: CodeList) -> impl Iterator<Item = &Code> {
        self.codes.iter().filter(move |code| code.list == list)
    }

    pub fn get(&self, id: CodeId) -> Option<&Code> {
        self.by_id.get(&id).map(|&index| &self.codes[index])
    }

    /// The word for an id that a foreign key holds to this programme.
    pub fn word(&self, id: CodeId) -> String {
        self.get(id).map_or_else(String::new, |code| code.code.clone())
    }

    pub fn word_of(&self, id: Option<CodeId>) -> Option<String> {
        id.map(|id| self.word(id))
    }

    /// A code as it was sent, retired or not.
    pub fn find(&self, list: CodeList, code: &str) -> Option<&Code> {
        self.by_code.get(&(list, code.to_string())).map(|&index| &self.codes[index])
    }

    /// A code that may be chosen today.
    pub fn choose(&self, list: CodeList, code: &str, pointer: &str) -> Result<CodeId, Fault> {
        match self.find(list, code) {
            Some(code) if code.retired => {
                Err(Fault::at(pointer, "retired_code").with("value", &code.code))
            }
            Some(code) => Ok(code.id),
            None => Err(Fault::at(pointer, "unknown_code").with("value", code).with("list", list)),
        }
    }

    /// As [`Codebook::choose`]; what was chosen before may stay though it is retired.
    pub fn choose_or_keep(
        &self,
        list: CodeList,
        code: &str,
        had: &[CodeId],
        pointer: &str,
    ) -> Result<CodeId, Fault> {
        match self.find(list, code) {
            Some(found) if had.contains(&found.id) => Ok(found.id),
            _ => self.choose(list, code, pointer),
        }
    }

    /// The words of those codes that are of that list, in its order.
    pub fn words(&self, list: CodeList, ids: &[CodeId]) -> Vec<String> {
        let chosen = self.list(list).filter(|code| ids.contains(&code.id));
        chosen.map(|code| code.code.clone()).collect()
    }

    /// As [`Codebook::choose`], where nothing may be chosen too.
    pub fn choose_if(
        &self,
        list: CodeList,
        code: Option<&str>,
        pointer: &str,
    ) -> Result<Option<CodeId>, Fault> {
        code.map(|code| self.choose(list, code, pointer)).transpose()
    }

    /// The code that a query parameter asks for.
    pub fn asked_for(
        &self,
        list: CodeList,
        code: Option<&str>,
        parameter: &str,
    ) -> Result<Option<CodeId>> {
        let Some(code) = code else { return Ok(None) };
        match self.find(list, code) {
            Some(found) => Ok(Some(found.id)),
            None => {
                let fault = Fault::at(parameter, "unknown_code").with("value", code);
                Err(Error::Malformed(Faults(vec![fault.with("list", list)])))
            }
        }
    }

    /// A code by what a person writes in a file: the code, or its Danish or English name.
    pub fn named(&self, list: CodeList, text: &str) -> Option<&Code> {
        let text = text.trim();
        let same = |name: &str| name.to_lowercase() == text.to_lowercase();
        self.find(list, text).or_else(|| {
            let mut found = self
                .list(list)
                .filter(|code| same(&code.code) || same(&code.name_da) || same(&code.name_en));
            // A name that two codes share names neither.
            found.next().filter(|_| found.next().is_none())
        })
    }

    /// The codes above this one in the tree, nearest first.
    pub fn above(&self, id: CodeId) -> Vec<CodeId> {
        let mut above = Vec::new();
        let mut at = self.get(id);
        while let Some(parent) = at.and_then(|code| self.parent(code)) {
            if above.contains(&parent.id) {
                break;
            }
            above.push(parent.id);
            at = Some(parent);
        }
        above
    }

    /// This code and all below it.
    pub fn within(&self, id: CodeId) -> HashSet<CodeId> {
        let below = |code: &&Code| code.id == id || self.above(code.id).contains(&id);
        self.codes.iter().filter(below).map(|code| code.id).collect()
    }

    fn parent(&self, code: &Code) -> Option<&Code> {
        self.find(code.list, code.parent.as_deref()?)
    }
}

pub fn list(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    list: CodeList,
) -> Result<Vec<Code>> {
    caller.sees_programme(programme)?;
    Ok(Codebook::load(db, programme)?.list(list).cloned().collect())
}

pub fn get(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    list: CodeList,
    code: &str,
) -> Result<Code> {
    caller.sees_programme(programme)?;
    Codebook::load(db, programme)?.find(list, code).cloned().ok_or(Error::NotFound)
}

pub fn create(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    list: CodeList,
    input: &NewCode,
    now: At,
) -> Result<CodeId> {
    caller.runs_programme(programme)?;
    checked_code(&input.code, "/code")?;
    let book = Codebook::load(db, programme)?;
    let parent = parent_of(&book, list, input.parent.as_deref())?;
    let last = book.list(list).map(|code| code.position).max().unwrap_or(0);
    let row = rows::NewCodeRow {
        id: CodeId::new(),
        programme_id: programme,
        list,
        code: &input.code,
        parent_id: parent,
        name_da: &input.name_da,
        name_en: &input.name_en,
        position: input.position.unwrap_or(last + 1),
        retired: false,
        version: 1,
    };
    rows::insert_codes(db, std::slice::from_ref(&row)).or_taken("/code")?;
    audit::record(db, caller.actor(), now, Event::new("code.created", row.id))?;
    Ok(row.id)
}

/// Which code of which list is meant.
pub struct CodeAddress<'a> {
    pub programme: ProgrammeId,
    pub list: CodeList,
    pub code: &'a str,
}

pub fn update(
    db: &mut Db,
    caller: &Caller,
    at: &CodeAddress,
    seen: i32,
    input: &CodeUpdate,
    now: At,
) -> Result<Code> {
    let (book, code) = for_change(db, caller, at, seen)?;
    let parent = parent_of(&book, at.list, input.parent.as_deref())?;
    if let Some(parent) = parent
        && book.within(code.id).contains(&parent)
    {
        return Err(Error::invalid("/parent", "circle"));
    }
    // What counted as part of the old parent would count as part of the new one, back in time too.
    let moved =
        parent != code.parent.as_deref().and_then(|word| Some(book.find(at.list, word)?.id));
    if moved && rows::are_counted(db, &book.within(code.id))? {
        return Err(Error::Conflict("code_has_past"));
    }
    rows::update_code(db, code.id, parent, input, seen + 1)?;
    audit::record(db, caller.actor(), now, Event::new("code.updated", code.id))?;
    get(db, caller, at.programme, at.list, at.code)
}

/// Deletes a code that nothing uses; one that is in use can be retired instead.
pub fn delete(db: &mut Db, caller: &Caller, at: &CodeAddress, seen: i32, now: At) -> Result<()> {
    let (_, code) = for_change(db, caller, at, seen)?;
    rows::delete_code(db, code.id).or_conflict("code_in_use")?;
    audit::record(db, caller.actor(), now, Event::new("code.deleted", code.id))
}

fn for_change(
    db: &mut Db,
    caller: &Caller,
    at: &CodeAddress,
    seen: i32,
) -> Result<(Codebook, Code)> {
    caller.runs_programme(at.programme)?;
    let book = Codebook::load(db, at.programme)?;
    let code = book.find(at.list, at.code).cloned().ok_or(Error::NotFound)?;
    code.check_seen(seen)?;
    Ok((book, code))
}

fn parent_of(
    book: &Codebook,
    list: CodeList,
    parent: Option<&str>,
) -> Result<Option<CodeId>, Fault> {
    let Some(parent) = parent else { return Ok(None) };
    if list != CodeList::EducationLevel {
        return Err(Fault::at("/parent", "not_a_tree").with("list", list));
    }
    book.find(list, parent).map(|code| Some(code.id)).ok_or_else(|| {
        Fault::at("/parent", "unknown_code").with("value", parent).with("list", list)
    })
}

/// Several words of which each is chosen once, sorted, since their order says nothing.
pub fn each_once<T: Copy + Eq + Hash + Ord>(
    words: &[String],
    list: &str,
    faults: &mut Faults,
    choose: impl Fn(&str, &str) -> Result<T, Fault>,
) -> Vec<T> {
    let mut seen = HashSet::new();
    for (index, word) in words.iter().enumerate() {
        let pointer = format!("{list}/{index}");
        if let Some(id) = faults.keep(choose(word, &pointer))
            && !seen.insert(id)
        {
            faults.push(Fault::at(pointer, "chosen_twice").with("value", word));
        }
    }
    let mut chosen: Vec<T> = seen.into_iter().collect();
    chosen.sort();
    chosen
}
