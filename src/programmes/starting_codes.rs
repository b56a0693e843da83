//! The education levels, roles and kinds of rounds that every programme starts with: the Danish
//! school system, who takes part in projects in it, and how one applies for money.

use std::collections::HashMap;

use super::codes::CodeList;
use super::rows::{self, NewCodeRow};
use crate::error::{Error, Result};
use crate::ids::{CodeId, ProgrammeId};
use crate::store::Db;

/// list, code, parent, name_da, name_en
const CODES: &str = include_str!("starting_codes.csv");

pub fn insert(db: &mut Db, programme: ProgrammeId) -> Result<()> {
    let mut ids: HashMap<(CodeList, String), CodeId> = HashMap::new();
    let mut positions: HashMap<CodeList, i32> = HashMap::new();
    let mut reader = csv::Reader::from_reader(CODES.as_bytes());
    let records: Vec<csv::StringRecord> =
        reader.records().collect::<Result<_, _>>().map_err(Error::unexpected)?;
    let mut codes = Vec::with_capacity(records.len());
    for record in &records {
        let list: CodeList = record[0].parse().map_err(Error::Unexpected)?;
        let position = positions.entry(list).or_insert(0);
        *position += 1;
        let id = CodeId::new();
        codes.push(NewCodeRow {
            id,
            programme_id: programme,
            list,
            code: &record[1],
            parent_id: ids.get(&(list, record[2].to_string())).copied(),
            name_da: &record[3],
            name_en: &record[4],
            position: *position,
            retired: false,
            version: 1,
        });
        ids.insert((list, record[1].to_string()), id);
    }
    Ok(rows::insert_codes(db, &codes)?)
}
