//! The status report as a page, of the demo's real projects: on a phone, on a computer, on paper.

use std::path::PathBuf;

use maaltal::accounts::Caller;
use maaltal::clock::{At, Clock};
use maaltal::demo;
use maaltal::error::Result;
use maaltal::messages::Lang;
use maaltal::paging::Page;
use maaltal::programmes;
use maaltal::progress_reports::{self, Filter, ReportState};
use maaltal::reports::faces::{page, progress_report};
use maaltal::reports::{Asked, Edition};
use maaltal::store::{AsOf, Db, Engine};
use maaltal::surveys::code_key::CodeKey;

use super::driver::{Browser, Setup};
use super::world::apart;
use crate::home::Home;

/// A page of the demo in Danish and in English, as files: it needs nothing beside itself.
fn written(page: fn(&mut Db, Lang, At) -> Result<String>) -> Vec<PathBuf> {
    let home = Home::new(Engine::Sqlite);
    let store = home.open();
    let now = Clock::System.now();
    let key = CodeKey::of(b"the key of the tests, which nobody else has any use for");
    demo::load(&store, key.expect("a key"), now).expect("the demo");
    let write = |lang: Lang| {
        let html = store.read_here(|db| page(db, lang, now)).expect("the page");
        let name = format!("maaltal-report-{}.html", uuid::Uuid::new_v4().simple());
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, html).expect("a file");
        file
    };
    [Lang::Da, Lang::En].map(write).to_vec()
}

fn yearly(db: &mut Db, lang: Lang, now: At) -> Result<String> {
    let asked = Asked { as_of: AsOf::NOW, year: Some(2023), lang };
    let programme = programmes::by_code(db, &Caller::Operator, "nordjylland")?.id;
    let edition = Edition::open(db, &Caller::Operator, programme, asked, now)?;
    page::report(db, &edition)
}

/// The draft that the demo has of LabSTEM Nord's report on 2023.
fn of_a_project(db: &mut Db, lang: Lang, now: At) -> Result<String> {
    let programme = programmes::by_code(db, &Caller::Operator, "nordjylland")?.id;
    let drafts = Filter { state: Some(ReportState::Draft), ..Filter::default() };
    let page = Page::of(None, 1);
    let found = progress_reports::list(db, &Caller::Operator, programme, &drafts, &page, now)?;
    let id = found.items.first().expect("a draft").id;
    progress_report::page(&progress_reports::get(db, &Caller::Operator, id, lang, now)?, lang)
}

/// Nothing sticks out of the page that is open, and axe has nothing against it.
async fn is_fit(browser: &Browser, words: &str) {
    for width in [320, 360, 768, 1280] {
        browser.size(width, 800).await;
        assert!(browser.fits().await, "{words}: something sticks out at {width}");
        let faults = browser.audit().await;
        assert!(faults.is_empty(), "{words} at {width}:\n{}", faults.join("\n"));
    }
}

#[actix_web::test]
async fn a_progress_report_is_read_on_a_phone_and_on_a_computer() {
    let browser = Browser::start(Setup::USUAL).await;
    let files = apart(|| written(of_a_project));
    for (file, words) in files.iter().zip(["Måltal og det nåede", "Targets and what was reached"])
    {
        browser.open(&format!("file://{}", file.display())).await;
        browser.wait_for(words).await;
        is_fit(&browser, words).await;
        std::fs::remove_file(file).expect("the file");
    }
}

#[actix_web::test]
async fn the_report_is_read_on_a_phone_and_on_a_computer() {
    let browser = Browser::start(Setup::USUAL).await;
    let files = apart(|| written(yearly));
    for (file, words) in files.iter().zip(["Støtte efter indsatsområde", "Support by focus area"])
    {
        browser.open(&format!("file://{}", file.display())).await;
        browser.wait_for(words).await;
        is_fit(&browser, words).await;
        // A card names what stands in it, and letters of a chart are letters that one can read.
        browser.size(360, 800).await;
        let label = "const cell = document.querySelector('#funding tbody td:nth-child(2)');
            const head = document.querySelector('#funding th:nth-child(2)').textContent;
            return String(getComputedStyle(cell, '::before').content.includes(head))";
        assert_eq!(browser.text_of(label).await, "true");
        let letters = "const sizes = [...document.querySelectorAll('.chart')].map(chart =>
                13 * chart.getBoundingClientRect().width / chart.viewBox.baseVal.width);
            return String(Math.min(...sizes))";
        let smallest: f64 = browser.text_of(letters).await.parse().expect("a size");
        assert!(smallest >= 11.0, "{smallest} px");
        browser.look_at_print(&format!("report-{}", words.len())).await;
        std::fs::remove_file(file).expect("the file");
    }
}
