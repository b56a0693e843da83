//! The projects of a programme as the tables take them, and what was granted to some of them.

use std::collections::HashMap;

use chrono::Datelike;

use super::catalogue::Walk;
use crate::error::Result;
use crate::messages::Lang;
use crate::paging::{MAX_LIMIT, Page};
use crate::programmes::codes::{Code, Codebook};
use crate::programmes::rounds;
use crate::projects::{self, Filter, Project};
use crate::store::Db;

/// What every table of projects is made of, so that all of them agree.
pub struct Portfolio {
    pub book: Codebook,
    /// By year, those without one last, and then by code.
    pub projects: Vec<Project>,
}

impl Portfolio {
    /// Up to and including the year that is asked for.
    pub fn load(db: &mut Db, walk: &Walk) -> Result<Portfolio> {
        let book = Codebook::load(db, walk.programme)?;
        let mut found: Vec<Project> = Vec::new();
        loop {
            let page = Page::of(found.last().map(|project| project.id), MAX_LIMIT);
            let all = Filter::default();
            let next = projects::list(db, walk.caller, walk.programme, &all, walk.as_of, &page)?;
            found.extend(next.items);
            if next.next_cursor.is_none() {
                break;
            }
        }
        let mut projects = found;
        projects.retain(|project| walk.is_up_to(project.year));
        if walk.year.is_some() {
            let rounds = rounds::all(db, walk.programme, walk.as_of)?;
            let years: HashMap<&str, i32> =
                rounds.iter().map(|round| (round.code.as_str(), round.year)).collect();
            for project in &mut projects {
                leave_out_later(walk, project, &years);
            }
        }
        projects.sort_by(|a, b| {
            let key = |one: &Project| (one.year.is_none(), one.year, one.code.clone());
            key(a).cmp(&key(b))
        });
        Ok(Portfolio { book, projects })
    }

    /// What was granted to those of them that `is_in` takes.
    pub fn support(&self, is_in: impl Fn(&Project) -> bool) -> Support {
        let projects: Vec<&Project> =
            self.projects.iter().filter(|project| is_in(project)).collect();
        let missing = projects.iter().filter(|project| project.granted_ore.is_none());
        Support {
            projects: projects.len(),
            amount: projects.iter().filter_map(|project| project.granted_ore).sum(),
            without_amount: missing.map(|project| project.code.clone()).collect(),
        }
    }
}

/// What a later round granted to a project of an earlier year.
fn leave_out_later(walk: &Walk, project: &mut Project, years: &HashMap<&str, i32>) {
    let before = project.grants.len();
    project.grants.retain(|grant| {
        let round = grant.round.as_deref().and_then(|code| years.get(code).copied());
        walk.is_up_to(round.or(grant.granted_on.map(|day| day.year())))
    });
    if project.grants.len() < before {
        let amounts = project.grants.iter().map(|grant| grant.amount_ore);
        project.granted_ore = amounts.reduce(i64::saturating_add);
    }
}

/// How many projects, and what was granted to them as far as that is known.
#[derive(Debug, Clone)]
pub struct Support {
    pub projects: usize,
    /// In øre.
    amount: i64,
    /// The codes of those whose grant is not known.
    pub without_amount: Vec<String>,
}

impl Support {
    /// Not known where no project's grant is. Nothing where there is no project.
    pub fn amount(&self) -> Option<i64> {
        let unknown = self.projects > 0 && self.without_amount.len() == self.projects;
        (!unknown).then_some(self.amount)
    }

    /// For shares: what is known.
    pub fn known(&self) -> i64 {
        self.amount
    }
}

/// A code's name in the reader's language.
pub fn name(lang: Lang, code: &Code) -> String {
    match lang {
        Lang::Da => code.name_da.clone(),
        Lang::En => code.name_en.clone(),
    }
}
