//! What a person meets, in Chromium: the page of a questionnaire, by itself and embedded, and what
//! is printed. Pictures of every state are left in `target/browser/`.

#[path = "common/client.rs"]
#[allow(dead_code, reason = "other tests need more of it")]
mod client;
#[path = "common/database.rs"]
mod database;
#[path = "common/home.rs"]
mod home;
#[path = "common/service.rs"]
#[allow(dead_code, reason = "other tests need more of it")]
mod service;
#[path = "common/words.rs"]
mod words;

mod browser {
    mod answering;
    mod branching;
    mod codes;
    mod driver;
    mod elsewhere;
    mod embedding;
    mod faults;
    mod handing_out;
    mod hostile;
    mod line;
    mod looks;
    mod page;
    mod report;
    mod states;
    mod trail;
    mod twice;
    mod weight;
    mod world;
}
