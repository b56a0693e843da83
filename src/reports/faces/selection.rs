//! What of each table people get to see, and how wide it is.

use crate::reports::tables::TableName;

/// What people get to see of a table: names and figures. Codes are for programs.
pub fn columns(table: TableName) -> &'static [&'static str] {
    match table {
        TableName::Funding => &[
            "year",
            "envelope_dkk",
            "prioritised_dkk",
            "open_dkk",
            "small_grants_dkk",
            "without_round_dkk",
            "granted_dkk",
            "cumulated_dkk",
            "projects_without_amount",
            "reported_envelope_dkk",
            "reported_prioritised_dkk",
            "reported_open_dkk",
            "reported_cumulated_dkk",
        ],
        TableName::Applications => &[
            "year",
            "received",
            "granted",
            "rejected",
            "success_rate",
            "applied_dkk",
            "granted_dkk",
            "reported_received",
            "reported_granted",
            "reported_rejected",
            "reported_success_rate",
        ],
        TableName::FocusAreas | TableName::ProjectTypes => &[
            "name",
            "projects",
            "projects_share",
            "amount_dkk",
            "amount_share",
            "projects_without_amount",
            "reported_projects",
            "reported_amount_dkk",
            "reported_share",
        ],
        TableName::Statuses => &[
            "status",
            "projects",
            "projects_share",
            "amount_dkk",
            "projects_without_amount",
            "reported_projects",
        ],
        TableName::Partners => {
            &["name", "projects", "horizontal", "vertical", "of_projects", "reported_projects"]
        }
        TableName::Reported => &[
            "measure_name",
            "year",
            "dimension",
            "category_name",
            "category",
            "printed",
            "printed_value",
            "computed",
            "lacking",
            "held",
            "page",
        ],
        TableName::Consistency => &["severity", "text", "found", "expected", "address"],
        TableName::Participants => &[
            "row",
            "education_level_name",
            "role_name",
            "indicators",
            "expected",
            "originally_expected",
            "reached",
            "at_broader_level",
            "indicators_without_actual",
        ],
        TableName::Approaches => &["name", "focus_area_name", "projects", "of_projects"],
        TableName::Progress => &[
            "project_title",
            "assessment",
            "title",
            "original_target",
            "target_text",
            "actual",
            "percent",
            "at_broader_level",
            "reported",
            "state",
        ],
        TableName::Projects => &[
            "year",
            "title",
            "holder_name",
            "focus_area_name",
            "project_type_name",
            "status",
            "amount_dkk",
            "period_start",
            "period_end",
            "summary",
        ],
        TableName::Learnings => {
            &["title", "holder_name", "assessment", "learnings", "deviations", "source"]
        }
        TableName::CoreQuestions => &[
            "text",
            "education_level_name",
            "state",
            "option_text",
            "count",
            "n",
            "share",
            "missing",
        ],
        TableName::SurveyIndicators => {
            &["project", "title", "target", "actual", "positive", "base", "missing", "state"]
        }
        TableName::Participation
        | TableName::Results
        | TableName::Codebook
        | TableName::CoreResults
        | TableName::Changes
        | TableName::ResponseRates => &[],
    }
}

/// Whether it is printed across.
pub fn is_wide(table: TableName) -> bool {
    matches!(
        table,
        TableName::Funding
            | TableName::Reported
            | TableName::Progress
            | TableName::Projects
            | TableName::CoreQuestions
            | TableName::SurveyIndicators
    )
}
