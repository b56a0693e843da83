//! What is handed out of a link.

use std::collections::BTreeMap;

use actix_web::body::BoxBody;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder, get, post};
use utoipa::IntoResponses;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, RefOr, Response, ResponseBuilder};

use crate::accounts::Caller;
use crate::error::Result;
use crate::http::{FromPath, Now, Shown};
use crate::ids::LinkId;
use crate::store::Store;
use crate::surveys::handout::{self, Handout, PrintPages};
use crate::surveys::qr::Qr;
use crate::surveys::site::Site;

/// 200 with a picture.
pub struct Svg(String);

impl Responder for Svg {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .content_type("image/svg+xml")
            .insert_header((header::CACHE_CONTROL, "private, no-cache"))
            .body(self.0)
    }
}

impl IntoResponses for Svg {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let response = ResponseBuilder::new()
            .description("A picture")
            .content("image/svg+xml", ContentBuilder::new().schema(Some(text)).build())
            .build();
        BTreeMap::from([("200".to_string(), response.into())])
    }
}

/// Where the link is answered, the class's own page, and what puts the questionnaire into a page;
/// for whoever hands it out.
#[utoipa::path(tag = "links", params(("id" = LinkId, Path)))]
#[get("/links/{id}/handout")]
pub async fn show_handout(
    store: Data<Store>,
    site: Data<Site>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<LinkId>,
) -> Result<Shown<Handout>> {
    let get = move |db: &mut _| handout::get(db, &caller, id, &site, now.0);
    Ok(Shown(store.read(get).await?))
}

/// A QR code of the link's address, with medium error correction and its quiet zone.
#[utoipa::path(tag = "links", params(("id" = LinkId, Path)))]
#[get("/links/{id}/qr.svg")]
pub async fn show_qr(
    store: Data<Store>,
    site: Data<Site>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<LinkId>,
) -> Result<Svg> {
    let face = store.read(move |db| handout::face(db, &caller, id, now.0)).await?;
    Ok(Svg(Qr::of(&face.address(&site))?.svg()))
}

/// Addresses of print pages that a browser can open without a token, for an hour. Nothing of them
/// is stored.
#[utoipa::path(tag = "links", params(("id" = LinkId, Path)))]
#[post("/links/{id}/print-pages")]
pub async fn create_print_pages(
    store: Data<Store>,
    site: Data<Site>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<LinkId>,
) -> Result<Shown<PrintPages>> {
    let make = move |db: &mut _| handout::print_pages(db, &caller, id, &site, now.0);
    Ok(Shown(store.read(make).await?))
}
