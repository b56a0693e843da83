//! How every indicator of a programme stands, for the tables that are made of that.

use std::collections::HashSet;

use super::catalogue::Walk;
use super::portfolio::Portfolio;
use crate::error::Result;
use crate::ids::ProjectId;
use crate::indicators::progress::{self, ProgrammeProgress, Progress, ProjectProgress};
use crate::paging::Page;
use crate::store::Db;

/// Each has dozens of indicators.
const PAGE: u32 = 100;

/// The programme's own goals, and its projects in the portfolio's order.
pub struct Standing {
    pub goals: Vec<Progress>,
    pub projects: Vec<ProjectProgress>,
}

impl Walk<'_> {
    /// How indicators stood by the end of the year that is asked for, or stand now.
    pub fn progress(&self, db: &mut Db, page: &Page<ProjectId>) -> Result<ProgrammeProgress> {
        let Walk { caller, programme, as_of, now, .. } = *self;
        progress::of_programme(db, caller, programme, page, as_of, self.until(), now)
    }
}

impl Standing {
    pub fn load(db: &mut Db, walk: &Walk, portfolio: &Portfolio) -> Result<Standing> {
        let wanted: HashSet<ProjectId> = portfolio.projects.iter().map(|one| one.id).collect();
        let (mut goals, mut projects) = (Vec::new(), Vec::new());
        let mut after = None;
        loop {
            let page = Page::of(after, PAGE);
            let found = walk.progress(db, &page)?;
            after = found.projects.last().map(|project| project.project_id);
            goals.extend(found.goals);
            projects.extend(found.projects.into_iter().filter(|p| wanted.contains(&p.project_id)));
            if found.next_cursor.is_none() {
                break;
            }
        }
        let place = |id: ProjectId| portfolio.projects.iter().position(|one| one.id == id);
        projects.sort_by_key(|project| place(project.project_id));
        Ok(Standing { goals, projects })
    }
}
