//! The status report as a page, of the demo's real projects: on a phone, on a computer, on paper.

use std::path::PathBuf;

use maaltal::accounts::Caller;
use maaltal::clock::Clock;
use maaltal::demo;
use maaltal::messages::Lang;
use maaltal::programmes;
use maaltal::reports::faces::page;
use maaltal::reports::{Asked, Edition};
use maaltal::store::{AsOf, Engine};
use maaltal::surveys::code_key::CodeKey;

use super::driver::{Browser, Setup};
use super::world::apart;
use crate::home::Home;

/// The page in Danish and in English, as files: it needs nothing beside itself.
fn written() -> Vec<PathBuf> {
    let home = Home::new(Engine::Sqlite);
    let store = home.open();
    let now = Clock::System.now();
    let key = CodeKey::of(b"the key of the tests, which nobody else has any use for");
    demo::load(&store, key.expect("a key"), now).expect("the demo");
    let write = |lang: Lang| {
        let asked = Asked { as_of: AsOf::NOW, year: Some(2023), lang };
        let html = store.read_here(|db| {
            let programme = programmes::by_code(db, &Caller::Operator, "nordjylland")?.id;
            let edition = Edition::open(db, &Caller::Operator, programme, asked, now)?;
            page::report(db, &edition)
        });
        let name = format!("maaltal-report-{}.html", uuid::Uuid::new_v4().simple());
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, html.expect("the page")).expect("a file");
        file
    };
    [Lang::Da, Lang::En].map(write).to_vec()
}

#[actix_web::test]
async fn the_report_is_read_on_a_phone_and_on_a_computer() {
    let browser = Browser::start(Setup::USUAL).await;
    let files = apart(written);
    for (file, words) in files.iter().zip(["Støtte efter indsatsområde", "Support by focus area"])
    {
        browser.open(&format!("file://{}", file.display())).await;
        browser.wait_for(words).await;
        for width in [320, 360, 768, 1280] {
            browser.size(width, 800).await;
            assert!(browser.fits().await, "{words}: something sticks out at {width}");
            let faults = browser.audit().await;
            assert!(faults.is_empty(), "{words} at {width}:\n{}", faults.join("\n"));
        }
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
