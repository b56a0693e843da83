//! The tables that can be taken out: one file for each, or for a few that are made alike.

pub mod answers;
mod applications;
mod approaches;
pub mod catalogue;
mod changes;
pub mod codebook;
mod computed;
mod consistency;
mod core_questions;
#[cfg(test)]
mod docs;
mod facts;
mod funding;
mod learnings;
mod participants;
mod participation;
mod partners;
mod portfolio;
mod progress;
mod projects;
mod reported;
mod response_rates;
pub mod results;
mod rows;
mod shares;
mod standing;
mod support;
mod survey_indicators;

pub use catalogue::{About, Kind, Table, Walk};

use crate::messages::{self, Lang};
use crate::store::types::text_enum;

text_enum! {
    /// The tables that can be taken out.
    pub enum TableName {
        Funding = "funding",
        Applications = "applications",
        FocusAreas = "focus_areas",
        Partners = "partners",
        Participants = "participants",
        ProjectTypes = "project_types",
        Approaches = "approaches",
        Statuses = "statuses",
        Progress = "progress",
        Projects = "projects",
        Learnings = "learnings",
        CoreQuestions = "core_questions",
        SurveyIndicators = "survey_indicators",
        /// Figures that a report prints, held against the computed ones.
        Reported = "reported",
        /// What does not fit together.
        Consistency = "consistency",
        Participation = "participation",
        /// What questionnaires were answered with.
        Results = "results",
        /// What the codes of `results` mean.
        Codebook = "codebook",
        /// The programme's core questions, added up over questionnaires, split up as `results` are.
        CoreResults = "core_results",
        /// Before against after.
        Changes = "changes",
        /// How many of those who could answer did.
        ResponseRates = "response_rates",
    }
}

impl TableName {
    pub fn table(self) -> &'static Table {
        match self {
            TableName::Funding => &funding::TABLE,
            TableName::Applications => &applications::TABLE,
            TableName::FocusAreas => &support::FOCUS_AREAS,
            TableName::Partners => &partners::TABLE,
            TableName::Participants => &participants::TABLE,
            TableName::ProjectTypes => &support::PROJECT_TYPES,
            TableName::Approaches => &approaches::TABLE,
            TableName::Statuses => &support::STATUSES,
            TableName::Progress => &progress::TABLE,
            TableName::Projects => &projects::TABLE,
            TableName::Learnings => &learnings::TABLE,
            TableName::CoreQuestions => &core_questions::TABLE,
            TableName::SurveyIndicators => &survey_indicators::TABLE,
            TableName::Reported => &reported::TABLE,
            TableName::Consistency => &consistency::TABLE,
            TableName::Participation => &participation::TABLE,
            TableName::Results => &results::TABLE,
            TableName::Codebook => &codebook::TABLE,
            TableName::CoreResults => &results::CORE_TABLE,
            TableName::Changes => &changes::TABLE,
            TableName::ResponseRates => &response_rates::TABLE,
        }
    }

    pub fn columns(self) -> Vec<About> {
        self.table().columns()
    }

    /// Whether it is a sheet of the workbook and a part of the report. The others are long, and of
    /// use to programs only.
    pub fn in_report(self) -> bool {
        use TableName::*;
        !matches!(self, Participation | Results | Codebook | CoreResults | Changes | ResponseRates)
    }

    /// Whether answers to questionnaires are in it.
    pub fn reads_answers(self) -> bool {
        use TableName::*;
        let answers =
            matches!(self, CoreQuestions | Results | CoreResults | Changes | ResponseRates);
        answers || matches!(self, Progress | SurveyIndicators | Consistency)
    }

    /// What people call it.
    pub fn title(self, lang: Lang) -> String {
        messages::text(lang, &format!("table-{}", self.as_str().replace('_', "-")), &[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_and_column_is_called_something() {
        for lang in [Lang::Da, Lang::En] {
            let is_written = |id: &str| assert!(messages::is_written(lang, id), "{id}");
            for table in TableName::ALL {
                let own = table.as_str().replace('_', "-");
                is_written(&format!("table-{own}"));
                if table.in_report() {
                    is_written(&format!("sheet-{own}"));
                    is_written(&format!("about-{own}"));
                }
                for column in table.columns() {
                    let title = catalogue::title(lang, table.as_str(), column.name);
                    assert!(!title.starts_with("column-"), "{table}.{} is {title}", column.name);
                }
            }
        }
    }
}
