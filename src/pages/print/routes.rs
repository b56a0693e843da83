//! The print pages: with a bearer token as part of the API, and with a pass for a browser.

use std::collections::BTreeMap;

use actix_web::body::BoxBody;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, Responder, get, post};
use serde::Deserialize;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, RefOr, Response, ResponseBuilder};
use utoipa::{IntoParams, IntoResponses};
use validator::Validate;

use super::Paper;
use crate::accounts::{Caller, sessions};
use crate::error::{Error, Faults, Result};
use crate::http::{Body, FormPairs, FromPath, FromQuery, Now, RequestId};
use crate::ids::LinkId;
use crate::pages::answering;
use crate::pages::shell::Asked;
use crate::problem::{self, FaultView};
use crate::store::Store;
use crate::surveys::codes::{self, CodesWanted, NewCodes};
use crate::surveys::forms::Forms;
use crate::surveys::handout::{self, Face};
use crate::surveys::site::Site;

/// 200 with a page.
pub struct Page(HttpResponse);

impl Responder for Page {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.0
    }
}

impl IntoResponses for Page {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let response = ResponseBuilder::new()
            .description("A page to be printed")
            .content("text/html", ContentBuilder::new().schema(Some(text)).build())
            .build();
        BTreeMap::from([("200".to_string(), response.into())])
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LangQuery {
    /// One of the questionnaire's languages; the link's where not given.
    lang: Option<String>,
}

/// A poster for the class: address, QR code, and what it is about.
#[utoipa::path(tag = "links", params(("id" = LinkId, Path), LangQuery))]
#[get("/links/{id}/poster")]
pub async fn show_poster(
    store: Data<Store>,
    site: Data<Site>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<LinkId>,
    FromQuery(query): FromQuery<LangQuery>,
) -> Result<Page> {
    let face = store.read(move |db| handout::face(db, &caller, id, now.0)).await?;
    Ok(Page(Paper::new(&face, &site, query.lang.as_deref(), "").poster()?))
}

/// Makes codes for one answer each, as a sheet to be printed and cut up. They are given this once.
/// Sent again it makes others.
#[utoipa::path(
    tag = "links",
    params(("id" = LinkId, Path), LangQuery),
    request_body = CodesWanted
)]
#[post("/links/{id}/code-sheet")]
#[allow(clippy::too_many_arguments)] // all that a sheet, a moment and a caller are
pub async fn create_code_sheet(
    store: Data<Store>,
    forms: Data<Forms>,
    site: Data<Site>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<LinkId>,
    FromQuery(query): FromQuery<LangQuery>,
    body: Body<CodesWanted>,
) -> Result<Page> {
    let (face, made) = made(&store, &forms, caller, id, body.value, now).await?;
    Ok(Page(Paper::new(&face, &site, query.lang.as_deref(), "").sheet(&made)?))
}

async fn made(
    store: &Store,
    forms: &Forms,
    caller: Caller,
    link: LinkId,
    wanted: CodesWanted,
    now: Now,
) -> Result<(Face, NewCodes)> {
    let key = forms.code_key().clone();
    let make = move |db: &mut _| {
        let face = handout::face(db, &caller, link, now.0)?;
        Ok((face, codes::make(db, &caller, link, &wanted, &key, now.0)?))
    };
    store.write(link, make).await
}

/// Who opens a page with a pass sees what whoever asked for the pass sees now. Without a session
/// that is still on there is nothing here.
async fn opened(store: &Store, site: &Site, pass: &str, now: Now) -> Result<(Caller, Face)> {
    let pass = site.read_pass(pass, now.0)?;
    let open = move |db: &mut _| {
        let caller = sessions::caller_in(db, pass.session).map_err(|_| Error::NotFound)?;
        let face = handout::face(db, &caller, pass.link, now.0)?;
        Ok((caller, face))
    };
    store.read(open).await
}

fn refused(error: &Error, request: &HttpRequest) -> HttpResponse {
    problem::log(error, &RequestId::of(&request.extensions()));
    answering::refused(error, &Asked::of(request))
}

#[get("/print/{pass}/{page}")]
pub async fn show_print_page(
    store: Data<Store>,
    site: Data<Site>,
    now: Now,
    path: Result<FromPath<(String, String)>>,
    request: HttpRequest,
) -> HttpResponse {
    let asked = Asked::of(&request);
    let shown = async {
        let FromPath((pass, page)) = path?;
        let (_, face) = opened(&store, &site, &pass, now).await?;
        let paper = Paper::new(&face, &site, asked.lang.as_deref(), &asked.accepted);
        match page.as_str() {
            // For the class, whatever the browser of whoever prints it prefers.
            "poster" => Paper::new(&face, &site, asked.lang.as_deref(), "").poster(),
            "handout" => Ok(paper.handout()),
            "codes" => Ok(paper.codes_wanted(None, None)),
            _ => Err(Error::NotFound),
        }
    };
    shown.await.unwrap_or_else(|error| refused(&error, &request))
}

#[post("/print/{pass}/codes")]
pub async fn print_codes(
    store: Data<Store>,
    forms: Data<Forms>,
    site: Data<Site>,
    now: Now,
    path: Result<FromPath<String>>,
    pairs: Result<FormPairs>,
    request: HttpRequest,
) -> HttpResponse {
    let asked = Asked::of(&request);
    let shown = async {
        let (caller, face) = opened(&store, &site, &path?.0, now).await?;
        let paper = Paper::new(&face, &site, asked.lang.as_deref(), &asked.accepted);
        let typed = pairs?.0.into_iter().find(|(name, _)| name == "count").map(|(_, text)| text);
        let typed = typed.unwrap_or_default();
        let lang = paper.words.lang;
        let wrong = |text: String| Ok(paper.codes_wanted(Some(&typed), Some(text)));
        let wanted = typed.trim().parse().ok().map(|count| CodesWanted { count });
        let Some(wanted) = wanted.filter(|wanted| wanted.validate().is_ok()) else {
            return wrong(paper.words.t("codes-how-many"));
        };
        match made(&store, &forms, caller, face.link, wanted, now).await {
            Ok((_, made)) => paper.sheet(&made),
            Err(Error::Invalid(Faults(faults))) => {
                let told = faults.iter().map(|fault| FaultView::of(fault, lang).detail);
                wrong(told.collect::<Vec<_>>().join(" "))
            }
            Err(Error::Conflict(code)) => wrong(problem::text_of(code, lang)),
            Err(error) => Err(error),
        }
    };
    let mut answer = shown.await.unwrap_or_else(|error| refused(&error, &request));
    answer
        .headers_mut()
        .insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    answer
}
