//! What a page costs, and what comes with it.

use serde_json::json;

use super::driver::{Browser, Setup};
use super::world::{World, robots};

/// What fits into the first round trip of a connection: ten packets.
pub const MOST_BYTES: u64 = 14_336;

#[actix_web::test]
async fn a_page_with_all_it_loads_fits_into_one_round_trip() {
    let world = World::new();
    let mut links: Vec<_> = ["elever-7-9", "elever-10-13", "elever-14-19", "undervisere"]
        .iter()
        .map(|ready| (ready.to_string(), world.class(ready)))
        .collect();
    let robots = world.publish("robotter", robots());
    links.push(("robots".to_string(), world.hand_out(&robots, json!({}))));
    for (name, link) in links {
        // A profile of its own, so that nothing is cached.
        let browser = Browser::start(Setup::USUAL).await;
        browser.open(&world.page(&link)).await;
        browser.wait_for("LabSTEM Nord").await;
        let loaded = browser.loaded().await;
        let bytes: u64 = loaded.iter().map(|one| one.bytes).sum();
        assert!((1..=MOST_BYTES).contains(&bytes), "{name}: {bytes} bytes, {loaded:#?}");
        assert!(loaded.iter().all(|one| one.bytes > 0), "{loaded:#?}");
        // As the page itself sees it, without headers.
        let entries = browser.text_of(
            "return String([...performance.getEntriesByType('navigation'), \
             ...performance.getEntriesByType('resource')] \
             .reduce((sum, one) => sum + one.encodedBodySize, 0))",
        );
        let bodies: u64 = entries.await.parse().expect("a number");
        assert!((1..=bytes).contains(&bodies), "{bodies} of {bytes}");
        if name == "robots" {
            // And no less so where it comes back with faults.
            browser.press("Send svar").await;
            browser.wait_for("Noget mangler at blive rettet").await;
            let bytes: u64 = browser.loaded().await.iter().map(|one| one.bytes).sum();
            assert!((1..=MOST_BYTES).contains(&bytes), "{bytes} bytes with faults");
        }
        browser.leaves_no_trace().await;
    }
}
