//! What is written of one project, and of another in the same words.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::FindingCode::*;
use super::Severity::{Error, Warning};
use super::{Case, Finding, Subject};
use crate::error::Result;
use crate::ids::ProjectId;
use crate::progress_reports;
use crate::projects::Project;
use crate::store::Db;

/// So many words in a row are in two texts by copying only.
const RUN: usize = 10;

pub fn check(db: &mut Db, case: &mut Case) -> Result<()> {
    let projects = case.records.portfolio.projects.clone();
    let mut written: HashMap<ProjectId, Vec<String>> = HashMap::new();
    for project in &projects {
        written.entry(project.id).or_default().extend(project.summary.clone());
    }
    for report in progress_reports::assessed(db, case.walk.programme, case.walk.as_of)? {
        let own = written.entry(report.project).or_default();
        own.extend(report.learnings);
        own.extend(report.deviations);
    }
    let same = summaries(case, &projects);
    runs(case, &projects, &written, &same);
    Ok(())
}

fn plain(text: &str) -> Vec<String> {
    let word = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.split_whitespace().map(word).filter(|word| !word.is_empty()).collect()
}

/// One project's description is another's. The pairs.
fn summaries(case: &mut Case, projects: &[Project]) -> BTreeSet<(String, String)> {
    let mut by_text: BTreeMap<Vec<String>, &Project> = BTreeMap::new();
    let mut same = BTreeSet::new();
    for project in projects {
        let Some(text) = project.summary.as_deref().map(plain) else { continue };
        match by_text.get(&text) {
            Some(first) => {
                let finding = Finding::new(SameSummary, Error, Subject::project(project));
                case.find(finding.with("title", &project.title).with("other", &first.title));
                same.insert((first.code.clone(), project.code.clone()));
            }
            None => {
                by_text.insert(text, project);
            }
        }
    }
    same
}

/// A run of words of one project's texts that stands in another's too: once for each pair.
fn runs(
    case: &mut Case,
    projects: &[Project],
    written: &HashMap<ProjectId, Vec<String>>,
    same: &BTreeSet<(String, String)>,
) {
    let mut by_run: HashMap<Vec<String>, usize> = HashMap::new();
    let mut told: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (at, project) in projects.iter().enumerate() {
        for text in written.get(&project.id).into_iter().flatten() {
            let words = plain(text);
            for run in words.windows(RUN) {
                let first = *by_run.entry(run.to_vec()).or_insert(at);
                let other = &projects[first];
                let pair = (other.code.clone(), project.code.clone());
                if first != at && !same.contains(&pair) && told.insert((first, at)) {
                    let finding = Finding::new(SameWords, Warning, Subject::project(project));
                    let finding = finding.with("title", &project.title);
                    case.find(finding.with("other", &other.title).with("words", run.join(" ")));
                }
            }
        }
    }
}
