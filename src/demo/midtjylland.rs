//! One project's results chain: activities with their assumptions, indicators, nine partner
//! schools, two classes and a few teachers with made-up answers.

use serde::Deserialize;

use super::surveys::{Class, Surveys};
use super::{organisation, slug};
use crate::accounts::Caller;
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{ProgrammeId, ProjectId};
use crate::indicators::revisions::{NewPart, NewRevision};
use crate::indicators::target::Target;
use crate::indicators::{self, CountFilter, IndicatorLevel, IndicatorSource, NewIndicator, Owner};
use crate::participation::Counting;
use crate::projects::activities::{self, NewActivity};
use crate::projects::{self, ProjectInput, ProjectStatus};
use crate::store::Db;

const PROJECT: &str = include_str!("../../demo/midtjylland/project.json");

pub const CODE: &str = "bstem";

#[derive(Deserialize)]
struct Chain {
    programme: String,
    title: String,
    partner_schools: Vec<String>,
    activities: Vec<Activity>,
    indicators: Vec<Indicator>,
    assumptions: Vec<Assumption>,
}

#[derive(Deserialize)]
struct Activity {
    number: i32,
    about: String,
}

#[derive(Deserialize)]
struct Assumption {
    activity: i32,
    about: String,
}

#[derive(Deserialize)]
struct Indicator {
    activity: i32,
    level: IndicatorLevel,
    about: String,
    source: String,
    role: Option<String>,
    target_min: Option<i32>,
    target_min_percent: Option<i32>,
    per_partner_school: Option<i32>,
    base: Option<String>,
    note: Option<String>,
    status: Option<String>,
}

/// Loads all but the answers, and gives the links that are to be answered.
pub fn load(db: &mut Db, programme: ProgrammeId, now: At) -> Result<Vec<Class>> {
    let chain: Chain = serde_json::from_str(PROJECT).map_err(Error::unexpected)?;
    organisation(db, programme, &chain.programme, now)?;
    for school in &chain.partner_schools {
        organisation(db, programme, school, now)?;
    }
    let input = ProjectInput {
        code: CODE.to_string(),
        title: chain.title.clone(),
        summary: None,
        holder: slug(&chain.programme),
        focus_area: None,
        project_type: None,
        status: ProjectStatus::Ongoing,
        year: Some(2022),
        strategic: false,
        period_start: None,
        period_end: None,
        extensions: Vec::new(),
        approaches: Vec::new(),
        partners: chain.partner_schools.iter().map(|school| slug(school)).collect(),
        grants: Vec::new(),
        total_budget_ore: None,
        own_cofinancing_ore: None,
        other_cofinancing_ore: None,
        reason: None,
    };
    let project = projects::create(db, &Caller::Operator, programme, input, now)?;
    activities(db, project, &chain, now)?;
    let surveys = Surveys::read()?;
    surveys.publish(db, programme, project, now)?;
    for (index, indicator) in chain.indicators.iter().enumerate() {
        let code = format!("{CODE}-{}-{:02}", indicator.activity, index + 1);
        let survey = surveys.rule(&code);
        let title = match survey {
            Some(_) => surveys.marked(&indicator.about),
            None => indicator.about.clone(),
        };
        let input = NewIndicator {
            code,
            activity: Some(indicator.activity),
            title,
            survey,
            ..indicator.input(&chain.partner_schools)
        };
        indicators::create(db, &Caller::Operator, Owner::Project(project), input, now)?;
    }
    surveys.hand_out(db, project, now)
}

fn activities(db: &mut Db, project: ProjectId, chain: &Chain, now: At) -> Result<()> {
    for activity in &chain.activities {
        let own = chain.assumptions.iter().filter(|one| one.activity == activity.number);
        let input = NewActivity {
            number: Some(activity.number),
            title: activity.about.clone(),
            assumptions: own.map(|one| one.about.clone()).collect(),
        };
        activities::create(db, &Caller::Operator, project, input, now)?;
    }
    Ok(())
}

impl Indicator {
    fn input(&self, schools: &[String]) -> NewIndicator {
        let (source, unit) = match self.source.as_str() {
            "participation" => (IndicatorSource::Participation, "people"),
            "survey count" => (IndicatorSource::Survey, "people"),
            "survey share" => (IndicatorSource::Survey, "percent"),
            _ => (IndicatorSource::Manual, "number"),
        };
        let filter = CountFilter {
            roles: self.role.iter().cloned().collect(),
            education_levels: Vec::new(),
            organisation: None,
            counting: Counting::Unique,
        };
        let notes = [&self.base, &self.note, &self.status];
        let notes: Vec<&str> = notes.into_iter().flatten().map(String::as_str).collect();
        NewIndicator {
            code: String::new(),
            activity: None,
            title: self.about.clone(),
            note: Some(notes.join("; ")).filter(|note| !note.is_empty()),
            level: self.level,
            unit: unit.to_string(),
            source,
            filter: (source == IndicatorSource::Participation).then_some(filter),
            survey: None,
            position: None,
            first_target: self.target().map(|target| NewRevision {
                target,
                parts: self.parts(schools),
                planned: Vec::new(),
                holds_from: None,
                reason: None,
                reported: false,
                source_note: None,
            }),
        }
    }

    fn target(&self) -> Option<Target> {
        match (self.target_min, self.target_min_percent) {
            (Some(minimum), _) => Some(Target::AtLeast { minimum: minimum.into() }),
            (None, Some(percent)) => Some(Target::AtLeastPercent { percent: percent.into() }),
            (None, None) => None,
        }
    }

    fn parts(&self, schools: &[String]) -> Vec<NewPart> {
        let Some(minimum) = self.per_partner_school else { return Vec::new() };
        schools.iter().map(|school| NewPart { organisation: slug(school), minimum }).collect()
    }
}
