//! Whether the records of participation agree with each other: what the rules promise, asked of
//! the database itself.

use std::collections::HashMap;

use super::rows::{self, CountRow, VersionRow};
use crate::error::Result;
use crate::ids::{CountId, ProgrammeId, ProjectId};
use crate::paging::Page;
use crate::participation::Period;
use crate::store::Db;

/// What does not agree, in words; nothing where all is well.
pub fn verify(db: &mut Db, programme: ProgrammeId) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut periods: HashMap<(ProjectId, String), Vec<Period>> = HashMap::new();
    let mut after = None;
    loop {
        let page = Page::of(after, 500);
        let counts = page.listing(rows::of_programme(db, programme, &page)?, |row| row.id);
        let ids: Vec<CountId> = counts.items.iter().map(|count| count.id).collect();
        let mut versions: HashMap<CountId, Vec<VersionRow>> = HashMap::new();
        for version in rows::versions(db, &ids)? {
            versions.entry(version.count_id).or_default().push(version);
        }
        for count in &counts.items {
            let versions = versions.remove(&count.id).unwrap_or_default();
            let period = Period::stored(count.period_start, count.period_end);
            if !has_its_own_key(count, period) {
                found.push(format!("count {}: its key is not the one of its parts", count.id));
            }
            if !is_one_history(&versions) {
                found.push(format!("count {}: its versions are not one history", count.id));
            }
            if versions.last().is_some_and(|version| !version.withdrawn) {
                let series = (count.project_id, count.series_key.clone());
                periods.entry(series).or_default().push(period);
            }
        }
        after = ids.last().copied();
        if counts.next_cursor.is_none() {
            break;
        }
    }
    for ((project, _), mut periods) in periods {
        periods.sort_by_key(|period| period.start());
        let overlap = periods.windows(2).find(|pair| pair[1].start() <= pair[0].end());
        if let Some(pair) = overlap {
            let from = pair[1].start();
            found.push(format!("project {project}: two periods of one series overlap from {from}"));
        }
    }
    found.sort();
    Ok(found)
}

fn has_its_own_key(count: &CountRow, period: Period) -> bool {
    let series = count.series();
    count.natural_key == series.key(Some(period)) && count.series_key == series.key(None)
}

/// Numbered from 1, each but the last superseded, the last one in force.
fn is_one_history(versions: &[VersionRow]) -> bool {
    let numbered = (1..).zip(versions).all(|(number, version)| version.number == number);
    let current = versions.iter().filter(|version| version.superseded_at.is_none()).count();
    let last = versions.last().is_some_and(|version| version.superseded_at.is_none());
    numbered && current == 1 && last
}
