//! Pages of somebody else: of a school that embeds a questionnaire, or of somebody who may not.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use actix_web::web::{self, Data, Html};
use actix_web::{App, HttpRequest, HttpServer};

/// One server under several names, which to a browser are several sites. It lives as long as the
/// test.
pub struct Elsewhere {
    port: u16,
    pages: Pages,
}

type Pages = Arc<Mutex<HashMap<String, String>>>;

impl Elsewhere {
    pub fn start() -> Elsewhere {
        let pages = Pages::default();
        let served = pages.clone();
        let app = move || {
            let data = Data::from(served.clone());
            App::new().app_data(data).default_service(web::to(show))
        };
        let server = HttpServer::new(app).workers(1).disable_signals();
        let server = server.bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = server.addrs()[0].port();
        actix_web::rt::spawn(server.run());
        Elsewhere { port, pages }
    }

    /// The origin of a site of that name.
    pub fn origin(&self, name: &str) -> String {
        format!("http://{name}.localhost:{}", self.port)
    }

    /// Puts up a page of plain HTML; its address at that site.
    pub fn put(&self, site: &str, path: &str, body: &str) -> String {
        let html = format!(
            "<!doctype html><html lang=da><meta charset=utf-8><title>Vores forløb</title>\
             <body style='margin:0'><h1>Vores forløb</h1>{body}<p>Kontakt os på kontoret.</p>"
        );
        self.pages.lock().expect("the pages").insert(path.to_string(), html);
        format!("{}{path}", self.origin(site))
    }
}

async fn show(request: HttpRequest, pages: Data<Mutex<HashMap<String, String>>>) -> Option<Html> {
    let page = pages.lock().expect("the pages").get(request.path()).cloned();
    page.map(Html::new)
}
