//! The HTTP face of results.

use actix_web::get;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::accounts::Caller;
use crate::error::Result;
use crate::http::{FromPath, FromQuery, Now, Shown};
use crate::ids::{ProgrammeId, ProjectId, QuestionnaireId};
use crate::store::{AsOf, Store};
use crate::surveys::result_view::{By, Results};
use crate::surveys::results::{self, Of, Wanted};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ResultsQuery {
    /// How to split up; not at all where not given.
    #[param(inline)]
    by: Option<By>,
    /// What was released by the end of that day in Denmark; by now where not given.
    as_of: Option<NaiveDate>,
}

impl ResultsQuery {
    fn wanted(&self, now: Now) -> Wanted {
        Wanted { by: self.by, as_of: AsOf::end_of(self.as_of), now: now.0 }
    }
}

/// What a questionnaire was answered with, of the links that the caller sees: all of a project to
/// whoever sees the whole project, one organisation's to its contributor.
#[utoipa::path(tag = "results", params(("id" = QuestionnaireId, Path), ResultsQuery))]
#[get("/questionnaires/{id}/results")]
pub async fn show_questionnaire_results(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<QuestionnaireId>,
    FromQuery(query): FromQuery<ResultsQuery>,
) -> Result<Shown<Results>> {
    let of = Of::Questionnaire(id);
    Ok(Shown(results::fresh(&store, &caller, of, query.wanted(now)).await?))
}

/// What was answered through the links of a project. Core questions are added up over the
/// questionnaires that ask them.
#[utoipa::path(tag = "results", params(("id" = ProjectId, Path), ResultsQuery))]
#[get("/projects/{id}/results")]
pub async fn show_project_results(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProjectId>,
    FromQuery(query): FromQuery<ResultsQuery>,
) -> Result<Shown<Results>> {
    Ok(Shown(results::fresh(&store, &caller, Of::Project(id), query.wanted(now)).await?))
}

/// The core questions of a programme, each added up over all questionnaires that ask it; for its
/// secretariat and readers.
#[utoipa::path(tag = "results", params(("id" = ProgrammeId, Path), ResultsQuery))]
#[get("/programmes/{id}/results")]
pub async fn show_programme_results(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<ResultsQuery>,
) -> Result<Shown<Results>> {
    Ok(Shown(results::fresh(&store, &caller, Of::Programme(id), query.wanted(now)).await?))
}
