use std::collections::HashMap;

use chrono::NaiveDate;

use super::{ProjectProgress, View};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::ProjectId;
use crate::indicators::rows;
use crate::store::{AsOf, Db};
use crate::{participation, projects};

/// How a project stood on a day, by what is on record now: targets that held then, counts whose
/// period had begun, values up to it, and the answers that are released. Asks nobody whether they
/// may know.
pub fn by_day(db: &mut Db, project: ProjectId, day: NaiveDate, now: At) -> Result<ProjectProgress> {
    let programme = projects::programme_of(db, project)?;
    let mut view = View::load(db, programme, AsOf::NOW, now)?;
    view.day = view.day.min(day);
    let line = rows::project(db, project, AsOf::NOW)?.ok_or(Error::NotFound)?;
    let begun = Some(view.day);
    let totals = participation::totals_begun_by(db, programme, Some(project), begun, AsOf::NOW)?;
    let totals = HashMap::from([(project, totals)]);
    view.projects(db, vec![line], &totals)?.pop().ok_or(Error::NotFound)
}
