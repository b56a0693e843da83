//! Whatever the portfolio, its tables agree with each other to the øre and to the head.

use maaltal::accounts::Caller;
use maaltal::ids::ProgrammeId;
use maaltal::messages::Lang;
use maaltal::reports::faces::json;
use maaltal::reports::{Reading, TableName, Wanted};
use maaltal::store::{AsOf, Db};
use serde_json::Value;

use super::portfolio::random_programme;
use super::{exact, sum};
use crate::harness::App;

api_tests!(every_portfolio_agrees_with_itself);

const SEEDS: u64 = 24;

/// As it leaves by the API, page after page.
async fn rows(
    app: &App,
    programme: ProgrammeId,
    table: TableName,
    year: Option<i32>,
) -> Vec<Value> {
    let wanted = Wanted { table, as_of: AsOf::NOW, year, lang: Lang::Da };
    let now = app.clock.now();
    let read = move |db: &mut Db| {
        let mut rows = Vec::new();
        let mut reading = Reading::open(db, &Caller::Operator, programme, wanted, now)?;
        loop {
            let page = json::page(db, programme, reading.clone())?;
            let page = serde_json::to_value(page).expect("JSON");
            rows.extend(page["rows"].as_array().expect("rows").clone());
            // As a client does, who goes on after the last row it has.
            reading.next_rows(db)?;
            if reading.next_key().is_none() {
                return Ok(rows);
            }
        }
    };
    app.store.read(read).await.expect("a table")
}

async fn every_portfolio_agrees_with_itself(app: &App) {
    for seed in 1..=SEEDS {
        let programme = random_programme(app, seed * 20_191_010).await;
        for year in [None, Some(2021), Some(2019)] {
            agree(app, programme, year, &format!("seed {seed}, {year:?}")).await;
        }
    }
}

async fn agree(app: &App, programme: ProgrammeId, year: Option<i32>, at: &str) {
    use TableName::*;
    let table = async |name: TableName| rows(app, programme, name, year).await;
    let projects = table(Projects).await;
    let count = projects.len() as i64 * 1_000;
    let granted = sum(&projects, "amount_dkk");
    let unknown = projects.iter().filter(|row| row["amount_dkk"].is_null()).count() as i64;
    for name in [FocusAreas, ProjectTypes, Statuses] {
        let rows = table(name).await;
        assert_eq!(sum(&rows, "projects"), count, "{name}, {at}");
        assert_eq!(sum(&rows, "amount_dkk"), granted, "{name}, {at}");
        assert_eq!(sum(&rows, "projects_without_amount"), unknown * 1_000, "{name}, {at}");
        let whole = |figure: i64| if figure > 0 { 100_000 } else { 0 };
        assert_eq!(sum(&rows, "projects_share"), whole(count), "{name}, {at}");
        assert_eq!(sum(&rows, "amount_share"), whole(granted), "{name}, {at}");
    }
    let funding = table(Funding).await;
    assert_eq!(sum(&funding, "granted_dkk"), granted, "{at}");
    let kinds = ["prioritised", "open", "small_grants", "other_kinds", "without_round"];
    let by_kind: i64 = kinds.iter().map(|kind| sum(&funding, &format!("{kind}_dkk"))).sum();
    assert_eq!(by_kind, granted, "{at}");
    assert_eq!(sum(&funding, "projects_without_amount"), unknown * 1_000, "{at}");
    let last = funding.iter().rev().find_map(|row| exact(&row["cumulated_dkk"]));
    assert_eq!(last.unwrap_or(0), granted, "{at}");
    for row in &funding {
        let own = row["year"].as_i64().unwrap_or(0);
        assert!(year.is_none_or(|year| own <= i64::from(year)), "{own} is later, {at}");
    }

    let progress = table(Progress).await;
    let counted: Vec<Value> = progress
        .into_iter()
        .filter(|row| !row["project"].is_null() && row["row"] == "indicator")
        .collect();
    let participants = table(Participants).await;
    let of_indicators: Vec<Value> =
        participants.iter().filter(|row| row["row"] == "indicators").cloned().collect();
    for (one, other) in
        [("reached", "actual"), ("expected", "target"), ("at_broader_level", "at_broader_level")]
    {
        assert_eq!(sum(&of_indicators, one), sum(&counted, other), "{one}, {at}");
    }
    assert_eq!(sum(&of_indicators, "indicators"), counted.len() as i64 * 1_000, "{at}");
}
