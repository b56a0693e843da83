//! The route table, top to bottom, and the middleware.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::{Compress, DefaultHeaders, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

use crate::clock::Clock;
use crate::store::Store;
use crate::{accounts, http, problem, programmes};

/// What the handlers are given.
#[derive(Clone)]
pub struct State {
    pub store: Store,
    pub clock: Clock,
    pub limits: http::Limits,
}

/// Every route of the API, below `/api/v1`.
fn routes(api: &mut ServiceConfig) {
    accounts_routes(api);
    programmes_routes(api);
    projects_routes(api);
    indicators_routes(api);
    participation_routes(api);
    reports_routes(api);
}

fn accounts_routes(api: &mut ServiceConfig) {
    use accounts::routes::*;
    api.service(sign_in)
        .service(refresh_session)
        .service(sign_out)
        .service(change_password)
        .service(create_password_reset)
        .service(use_password_reset)
        .service(show_me)
        .service(create_invitation)
        .service(list_invitations)
        .service(show_invitation)
        .service(withdraw_invitation)
        .service(accept_invitation)
        .service(list_members)
        .service(remove_member);
}

fn projects_routes(_api: &mut ServiceConfig) {}

fn indicators_routes(_api: &mut ServiceConfig) {}

fn participation_routes(_api: &mut ServiceConfig) {}

fn reports_routes(_api: &mut ServiceConfig) {}

fn programmes_routes(api: &mut ServiceConfig) {
    use programmes::routes::*;
    api.service(list_programmes)
        .service(show_programme)
        .service(update_programme)
        .service(list_codes)
        .service(create_code)
        .service(show_code)
        .service(update_code)
        .service(delete_code)
        .service(list_organisations)
        .service(create_organisation)
        .service(show_organisation)
        .service(update_organisation)
        .service(delete_organisation)
        .service(list_audit);
}

/// The contract, as the handlers and types write it.
pub fn openapi() -> OpenApi {
    let (_, mut api) = App::new()
        .into_utoipa_app()
        .service(scope::scope("/api/v1").configure(routes))
        .split_for_parts();
    let components = api.components.get_or_insert_default();
    components.schemas.extend(http::take_schemas());
    api
}
