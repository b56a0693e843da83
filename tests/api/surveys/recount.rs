//! `maaltal verify` finds what somebody did to tallies and releases by hand.

use maaltal::surveys::{releases, tally};

use super::results::{answer, answered, close, results};
use super::{class, published};
use crate::harness::{App, Persona::*};

api_tests!(
    what_is_untouched_agrees,
    a_release_that_says_more_than_its_tally_is_found,
    a_count_that_falls_is_found,
    a_release_that_was_taken_away_is_found,
    an_answer_that_was_changed_is_found,
    a_tally_that_was_changed_is_found,
);

/// A closed link with three releases.
async fn three_releases(app: &App) -> String {
    let place = published(app).await;
    let path = format!("{place}/results");
    let link = answered(app, &place, class(), &[("hoej", 3), ("nogen", 2)]).await;
    results(app, Holder, &path).await;
    app.clock.advance(60);
    answer(app, &link, &[("hoej", 3), ("nogen", 3)]).await;
    results(app, Holder, &path).await;
    app.clock.advance(60);
    answer(app, &link, &[("hoej", 5), ("nogen", 2)]).await;
    close(app, &link).await;
    assert_eq!(found(app).await, (0, vec![]), "nothing was planted yet");
    place
}

/// How many tallies differ, and which releases are wrong.
async fn found(app: &App) -> (usize, Vec<i32>) {
    let differences = app.store.read(tally::verify).await.expect("a recount");
    let wrong = app.store.read(releases::verify).await.expect("recomputed");
    (differences.len(), wrong.into_iter().map(|one| one.number).collect())
}

async fn what_is_untouched_agrees(app: &App) {
    let place = three_releases(app).await;
    answered(app, &place, class(), &[("hoej", 6)]).await;
    let empty = answered(app, &place, class(), &[]).await;
    close(app, &empty).await;
    results(app, Holder, &format!("{place}/results")).await;
    assert_eq!(found(app).await, (0, vec![]));
}

async fn a_release_that_says_more_than_its_tally_is_found(app: &App) {
    three_releases(app).await;
    app.by_hand("UPDATE releases SET n = n + 1 WHERE number = 2").await;
    assert_eq!(found(app).await, (0, vec![2]));
}

async fn a_count_that_falls_is_found(app: &App) {
    three_releases(app).await;
    app.by_hand(
        "UPDATE releases SET n = (SELECT n FROM releases r WHERE r.number = 3),
             tally = (SELECT tally FROM releases r WHERE r.number = 3) WHERE number = 1",
    )
    .await;
    assert_eq!(found(app).await, (0, vec![2]), "the second holds less than the first now");
    app.by_hand(
        "UPDATE releases SET n = (SELECT n FROM releases r WHERE r.number = 2),
             tally = (SELECT tally FROM releases r WHERE r.number = 2) WHERE number <> 2",
    )
    .await;
    assert_eq!(found(app).await, (0, vec![3]), "the last is not all there is");
}

async fn a_release_that_was_taken_away_is_found(app: &App) {
    three_releases(app).await;
    app.by_hand("DELETE FROM releases WHERE number = 2").await;
    assert_eq!(found(app).await, (0, vec![3]));
    app.by_hand("DELETE FROM releases WHERE number = 3").await;
    assert_eq!(found(app).await, (0, vec![1]), "not the last word of a closed link");
    app.by_hand("DELETE FROM releases").await;
    assert_eq!(found(app).await, (0, vec![1]), "there should be one");
}

async fn an_answer_that_was_changed_is_found(app: &App) {
    three_releases(app).await;
    app.by_hand("UPDATE responses SET answers = REPLACE(answers, 'hoej', 'slet_ikke')").await;
    assert_eq!(found(app).await, (2, vec![]));
}

async fn a_tally_that_was_changed_is_found(app: &App) {
    three_releases(app).await;
    app.by_hand("UPDATE tallies SET n = n - 1 WHERE question = 'u_forstaaelse' AND n = 7").await;
    let (differences, wrong) = found(app).await;
    assert_eq!((differences, wrong), (1, vec![3]));
}
