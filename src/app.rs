//! The route table, top to bottom, and the middleware.

use std::sync::{Arc, LazyLock};

use actix_web::body::MessageBody;
use actix_web::dev::{ResourceDef, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::{Compress, Next, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse};
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::accounts::Doors;
use crate::clock::Clock;
use crate::imports::Works;
use crate::mail::Mailer;
use crate::store::Store;
use crate::surveys::class_page::ClassPages;
use crate::surveys::forms::Forms;
use crate::surveys::site::Site;
use crate::{
    accounts, health, http, imports, indicators, pages, participation, problem, programmes,
    progress_reports, projects, reports, surveys,
};

/// What the handlers are given.
#[derive(Clone)]
pub struct State {
    pub store: Store,
    pub clock: Clock,
    pub limits: http::Limits,
    pub forms: Forms,
    pub site: Site,
    pub class_pages: ClassPages,
    pub works: Works,
    /// Shared by all workers: its queue and its throttle are counted in it.
    pub doors: Arc<Doors>,
    pub mailer: Mailer,
}

/// Every route of the API, below `/api/v1`.
fn routes(api: &mut ServiceConfig) {
    // First, since a path is held against one route after the other, and thirty pupils at once come
    // to these.
    answering_routes(api);
    accounts_routes(api);
    programmes_routes(api);
    projects_routes(api);
    indicators_routes(api);
    participation_routes(api);
    surveys_routes(api);
    print_routes(api);
    imports_routes(api);
    progress_reports_routes(api);
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
    use accounts::machines::routes::*;
    api.service(create_machine_token)
        .service(list_machine_tokens)
        .service(show_machine_token)
        .service(revoke_machine_token);
}

fn projects_routes(api: &mut ServiceConfig) {
    use projects::locks::routes::*;
    use projects::routes::{change_requests::*, money::*, projects::*};
    api.service(list_projects)
        .service(create_project)
        .service(show_project)
        .service(update_project)
        .service(list_project_versions)
        .service(list_activities)
        .service(create_activity)
        .service(show_activity)
        .service(update_activity)
        .service(delete_activity)
        .service(create_project_of_application)
        .service(list_spending)
        .service(put_spending)
        .service(show_spending)
        .service(list_spending_history)
        .service(withdraw_spending)
        .service(show_finances)
        .service(list_finances)
        .service(list_project_requests)
        .service(list_programme_requests)
        .service(create_request)
        .service(show_request)
        .service(decide_request)
        .service(withdraw_request)
        .service(list_locks)
        .service(create_opening)
        .service(show_opening)
        .service(close_opening);
}

fn indicators_routes(api: &mut ServiceConfig) {
    use indicators::routes::*;
    api.service(list_indicators)
        .service(create_indicator)
        .service(list_goals)
        .service(create_goal)
        .service(show_indicator)
        .service(update_indicator)
        .service(list_revisions)
        .service(create_revision)
        .service(show_revision)
        .service(withdraw_revision)
        .service(decide_revision)
        .service(list_values)
        .service(put_value)
        .service(show_value)
        .service(list_value_history)
        .service(withdraw_value)
        .service(show_project_progress)
        .service(show_programme_progress);
}

fn participation_routes(api: &mut ServiceConfig) {
    use participation::routes::*;
    api.service(put_count)
        .service(put_counts)
        .service(list_counts)
        .service(show_count)
        .service(list_count_history)
        .service(withdraw_count);
}

fn imports_routes(api: &mut ServiceConfig) {
    use imports::routes::*;
    api.service(import_file)
        .service(list_imports)
        .service(show_import)
        .service(show_import_file)
        .service(show_import_template);
}

fn progress_reports_routes(api: &mut ServiceConfig) {
    use progress_reports::routes::{reminders::*, reports::*};
    api.service(create_reminders)
        .service(list_progress_reports)
        .service(request_progress_reports)
        .service(list_project_progress_reports)
        .service(create_progress_report)
        .service(show_progress_report)
        .service(update_progress_report)
        .service(list_progress_report_versions)
        .service(submit_progress_report)
        .service(return_progress_report)
        .service(approve_progress_report)
        .service(move_progress_report)
        .service(withdraw_progress_report);
}

fn reports_routes(api: &mut ServiceConfig) {
    use reports::routes::{answers::*, editions::*, progress_report::*, tables::*};
    api.service(list_tables)
        .service(show_table)
        .service(export_table)
        .service(export_workbook)
        .service(show_report)
        .service(show_consistency)
        .service(show_progress_report_page)
        .service(export_questionnaire_results)
        .service(export_questionnaire_codebook)
        .service(export_questionnaire_responses);
}

fn answering_routes(api: &mut ServiceConfig) {
    use surveys::routes::public::*;
    api.service(create_response).service(show_form);
}

fn surveys_routes(api: &mut ServiceConfig) {
    use surveys::routes::{handout::*, links::*, questionnaires::*, results::*, xlsform::*};
    api.service(list_project_questionnaires)
        .service(create_project_questionnaire)
        .service(list_programme_questionnaires)
        .service(create_programme_questionnaire)
        .service(validate_questionnaire)
        .service(show_questionnaire)
        .service(update_questionnaire)
        .service(delete_questionnaire)
        .service(publish_questionnaire)
        .service(close_questionnaire)
        .service(show_questionnaire_version)
        .service(create_project_questionnaire_from_xlsform)
        .service(create_programme_questionnaire_from_xlsform)
        .service(update_questionnaire_from_xlsform)
        .service(show_questionnaire_as_xlsform)
        .service(show_questionnaire_version_as_xlsform)
        .service(list_ready_questionnaires)
        .service(add_ready_core_questions)
        .service(list_core_questions)
        .service(create_core_question)
        .service(show_core_question)
        .service(update_core_question)
        .service(retire_core_question)
        .service(list_links)
        .service(create_link)
        .service(show_link)
        .service(update_link)
        .service(close_link)
        .service(show_link_status)
        .service(create_link_codes)
        .service(revoke_link_codes)
        .service(put_paper)
        .service(show_handout)
        .service(show_qr)
        .service(create_print_pages)
        .service(show_questionnaire_results)
        .service(show_project_results)
        .service(show_programme_results);
}

fn print_routes(api: &mut ServiceConfig) {
    use pages::print::routes::*;
    api.service(show_poster).service(create_code_sheet);
}

fn programmes_routes(api: &mut ServiceConfig) {
    use programmes::routes::{applications::*, lists::*, reported_facts::*, rounds::*};
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
        .service(list_audit)
        .service(list_rounds)
        .service(create_round)
        .service(show_round)
        .service(update_round)
        .service(delete_round)
        .service(list_round_versions)
        .service(list_applications)
        .service(create_application)
        .service(show_application)
        .service(update_application)
        .service(delete_application)
        .service(list_application_versions)
        .service(list_reported_facts)
        .service(put_reported_fact)
        .service(show_reported_fact)
        .service(list_reported_fact_history)
        .service(withdraw_reported_fact);
}

/// What people see in a browser; none of it is part of the API's contract.
fn pages_routes(app: &mut web::ServiceConfig) {
    use pages::routes::*;
    app.service(script).service(show_page).service(take_answers).service(embed_script);
    use pages::class::routes::*;
    app.service(class_script).service(show_class_page).service(show_class_status);
    use pages::print::routes::*;
    app.service(show_print_page).service(print_codes);
}

/// The whole application: what `serve` runs and what the tests call.
pub fn build(
    state: State,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    // Outermost last: a request passes them from the bottom up.
    App::new()
        .app_data(Data::new(state.store))
        .app_data(Data::new(state.clock))
        .app_data(Data::new(state.limits))
        .app_data(Data::new(state.forms))
        .app_data(Data::new(state.site))
        .app_data(Data::new(state.class_pages))
        .app_data(Data::new(state.works))
        .app_data(Data::new(state.mailer))
        .app_data(Data::from(state.doors))
        .wrap(from_fn(problem::render))
        .wrap(Compress::default())
        .wrap(from_fn(safe_headers))
        .wrap(from_fn(http::trace))
        .into_utoipa_app()
        .service(scope::scope("/api/v1").configure(routes))
        .into_app()
        .configure(pages_routes)
        .route("/health/live", web::get().to(health::live))
        .route("/health/ready", web::get().to(health::ready))
        .route("/openapi.yaml", web::get().to(contract))
        .route(CONTRACT_JSON, web::get().to(contract_json))
        .service(SwaggerUi::new("/docs/{_:.*}").config(Config::from(CONTRACT_JSON)))
        .default_service(web::to(nowhere))
}

/// The contract, as the handlers and types write it.
pub fn openapi() -> OpenApi {
    let (_, mut api) = App::new()
        .into_utoipa_app()
        .service(scope::scope("/api/v1").configure(routes))
        .split_for_parts();
    api.info.title = "Maaltal".to_string();
    api.info.description = Some(CONTRACT_INTRODUCTION.to_string());
    api.info.version = env!("CARGO_PKG_VERSION").to_string();
    api.info.contact = None;
    let components = api.components.get_or_insert_default();
    components.schemas.extend(http::take_schemas());
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).description(Some(
        "A machine token as the password, with any user name: for spreadsheets. A machine token \
         can be sent as `Bearer` too",
    ));
    components.add_security_scheme("machine_token", SecurityScheme::Http(basic.build()));
    let either = ["bearer", "machine_token"];
    let either = either.map(|name| SecurityRequirement::new(name, Vec::<String>::new()));
    api.security = Some(either.into());
    api
}

const CONTRACT_INTRODUCTION: &str = "\
Targets, participation and questionnaire results of education programmes, from one set of records.

Errors are `application/problem+json` (RFC 9457), in Danish or English by `Accept-Language`. Lists
page by `cursor`. What can be edited at its own address carries an `ETag` and needs `If-Match`.
POSTs that create take an `Idempotency-Key`. Times are UTC; days are counted in Europe/Copenhagen.";

/// Where the page with the documentation reads it.
const CONTRACT_JSON: &str = "/docs/openapi.json";

/// Made when somebody asks: each worker would hold a whole contract otherwise.
async fn contract_json() -> HttpResponse {
    static JSON: LazyLock<String> = LazyLock::new(|| openapi().to_json().unwrap_or_default());
    HttpResponse::Ok().content_type("application/json").body(JSON.as_str())
}

async fn contract() -> HttpResponse {
    static YAML: LazyLock<String> = LazyLock::new(|| openapi().to_yaml().unwrap_or_default());
    HttpResponse::Ok().content_type("application/yaml").body(YAML.as_str())
}

/// Where no route matched: 405 if another method would have, else 404.
async fn nowhere(request: HttpRequest) -> HttpResponse {
    static KNOWN: LazyLock<Vec<(ResourceDef, String)>> = LazyLock::new(known_addresses);
    match KNOWN.iter().find(|(address, _)| address.is_match(request.path())) {
        Some((_, allowed)) => HttpResponse::build(StatusCode::METHOD_NOT_ALLOWED)
            .insert_header((header::ALLOW, allowed.as_str()))
            .finish(),
        None => HttpResponse::NotFound().finish(),
    }
}

fn known_addresses() -> Vec<(ResourceDef, String)> {
    let methods = |item: &PathItem| {
        let all = [
            (Method::GET, &item.get),
            (Method::PUT, &item.put),
            (Method::POST, &item.post),
            (Method::DELETE, &item.delete),
        ];
        let has = all.into_iter().filter(|(_, operation)| operation.is_some());
        has.map(|(method, _)| method.to_string()).collect::<Vec<_>>().join(", ")
    };
    let paths = openapi().paths.paths;
    let mut known: Vec<_> =
        paths.iter().map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item))).collect();
    for path in ["/health/live", "/health/ready", "/openapi.yaml", "/embed.js", "/s/_/{name}"] {
        known.push((ResourceDef::new(path), Method::GET.to_string()));
    }
    known.push((ResourceDef::new("/s/{token}"), "GET, POST".to_string()));
    known
}

/// The API is data: no browser has a reason to run, frame or sniff any of it. The page with its
/// documentation runs what is embedded here and nothing from elsewhere.
async fn safe_headers(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    const DATA: &str = "default-src 'none'; frame-ancestors 'none'";
    const DOCS: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
                        img-src 'self' data:; frame-ancestors 'none'";
    let policy = if request.path().starts_with("/docs") { DOCS } else { DATA };
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    for (name, value) in
        [(header::REFERRER_POLICY, "no-referrer"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")]
    {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A page says itself what it needs, and who may frame it.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    Ok(response)
}
