//! The main activities of a project's results chain, in their order, with what each takes for
//! granted.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::activity_rows::{self as rows, ActivityRow};
use super::standing;
use crate::accounts::Caller;
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Constraint, Error, Fault, Faults, Result};
use crate::ids::{ActivityId, ProjectId};
use crate::store::Db;
use crate::versioned::Versioned;

const LONGEST_ASSUMPTION: usize = 2_000;

/// A main activity of a project.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Activity {
    pub id: ActivityId,
    pub project_id: ProjectId,
    /// Its place in the results chain, unique in the project; counts and indicators name it.
    #[schema(example = 1)]
    pub number: i32,
    pub title: String,
    /// What must hold for the activity to lead to its outcomes.
    pub assumptions: Vec<String>,
    pub version: i32,
}

impl Versioned for Activity {
    fn version(&self) -> i32 {
        self.version
    }
}

/// A new activity.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewActivity {
    /// After the last one where not given.
    #[validate(range(min = 1, max = 1_000))]
    pub number: Option<i32>,
    #[validate(length(min = 1, max = 500))]
    pub title: String,
    /// 1 to 2,000 characters each.
    #[serde(default)]
    #[validate(length(max = 50))]
    pub assumptions: Vec<String>,
}

/// The whole of an activity.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivityUpdate {
    #[validate(range(min = 1, max = 1_000))]
    pub number: i32,
    #[validate(length(min = 1, max = 500))]
    pub title: String,
    /// 1 to 2,000 characters each.
    #[validate(length(max = 50))]
    pub assumptions: Vec<String>,
}

/// The activities of a project in their order. Asks nobody whether they may know.
pub fn list_of(db: &mut Db, project: ProjectId) -> Result<Vec<Activity>> {
    Ok(rows::activities(db, project)?.into_iter().map(Activity::from).collect())
}

/// The number of each activity of a project, which is what people call it.
pub fn numbers(db: &mut Db, project: ProjectId) -> Result<HashMap<ActivityId, i32>> {
    Ok(rows::activity_numbers(db, project)?.into_iter().collect())
}

pub fn list(db: &mut Db, caller: &Caller, project: ProjectId) -> Result<Vec<Activity>> {
    standing(db, caller, project)?;
    list_of(db, project)
}

pub fn get(db: &mut Db, caller: &Caller, id: ActivityId) -> Result<Activity> {
    let row = rows::activity(db, id)?.ok_or(Error::NotFound)?;
    standing(db, caller, row.project_id)?;
    Ok(row.into())
}

pub fn create(
    db: &mut Db,
    caller: &Caller,
    project: ProjectId,
    input: NewActivity,
    now: At,
) -> Result<ActivityId> {
    standing(db, caller, project)?.1.require_secretariat()?;
    check(&input.assumptions)?;
    let last = rows::activity_numbers(db, project)?.into_iter().map(|(_, number)| number).max();
    let id = ActivityId::new();
    let row = ActivityRow {
        id,
        project_id: project,
        number: input.number.unwrap_or(last.unwrap_or(0) + 1),
        title: input.title,
        assumptions: Value::from(input.assumptions),
        version: 1,
    };
    rows::insert_activity(db, &row).or_taken("/number")?;
    audit::record(db, caller.actor(), now, Event::new("activity.created", id))?;
    Ok(id)
}

pub fn update(
    db: &mut Db,
    caller: &Caller,
    id: ActivityId,
    seen: i32,
    input: ActivityUpdate,
    now: At,
) -> Result<Activity> {
    let old = for_change(db, caller, id, seen)?;
    check(&input.assumptions)?;
    let row = ActivityRow {
        id,
        project_id: old.project_id,
        number: input.number,
        title: input.title,
        assumptions: Value::from(input.assumptions),
        version: seen + 1,
    };
    rows::update_activity(db, &row).or_taken("/number")?;
    audit::record(db, caller.actor(), now, Event::new("activity.updated", id))?;
    Ok(row.into())
}

/// Deletes an activity that no count and no indicator names.
pub fn delete(db: &mut Db, caller: &Caller, id: ActivityId, seen: i32, now: At) -> Result<()> {
    for_change(db, caller, id, seen)?;
    rows::delete_activity(db, id).or_conflict("activity_in_use")?;
    audit::record(db, caller.actor(), now, Event::new("activity.deleted", id))
}

fn for_change(db: &mut Db, caller: &Caller, id: ActivityId, seen: i32) -> Result<Activity> {
    let row = rows::activity(db, id)?.ok_or(Error::NotFound)?;
    standing(db, caller, row.project_id)?.1.require_secretariat()?;
    let activity = Activity::from(row);
    activity.check_seen(seen)?;
    Ok(activity)
}

fn check(assumptions: &[String]) -> Result<()> {
    let mut faults = Faults::default();
    for (index, text) in assumptions.iter().enumerate() {
        if !(1..=LONGEST_ASSUMPTION).contains(&text.chars().count()) {
            let fault = Fault::at(format!("/assumptions/{index}"), "length").with("min", 1);
            faults.push(fault.with("max", LONGEST_ASSUMPTION));
        }
    }
    faults.check()
}

impl From<ActivityRow> for Activity {
    fn from(row: ActivityRow) -> Activity {
        let texts = row.assumptions.as_array().map(Vec::as_slice).unwrap_or_default();
        Activity {
            id: row.id,
            project_id: row.project_id,
            number: row.number,
            title: row.title,
            assumptions: texts
                .iter()
                .filter_map(|text| text.as_str().map(str::to_string))
                .collect(),
            version: row.version,
        }
    }
}
