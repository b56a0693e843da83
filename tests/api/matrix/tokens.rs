//! The same table for programs: one token for reading and one for importing.

use super::bodies::machine_token;
use crate::harness::{App, Persona};

/// What machine tokens of the programme are let through to, for reading and for importing. Anything
/// else in their programme is 403 for them, and whatever is elsewhere 404.
const TOKENS: &[(&str, &str, &str)] = &[
    // A list of none.
    ("GET", "/programmes", "YY"),
    ("PUT", "/projects/{id}/counts", "FY"),
    ("PUT", "/projects/{id}/counts/batch", "FY"),
    ("GET", "/projects/{id}/counts", "YF"),
    ("POST", "/programmes/{id}/imports", "FY"),
    ("GET", "/programmes/{id}/imports", "FY"),
    // Somebody else's.
    ("GET", "/imports/{id}", "FN"),
    ("GET", "/imports/{id}/file", "FN"),
    ("GET", "/projects/{id}/progress", "YF"),
    ("GET", "/programmes/{id}/progress", "YF"),
    ("GET", "/questionnaires/{id}/results", "YF"),
    ("GET", "/projects/{id}/results", "YF"),
    ("GET", "/programmes/{id}/results", "YF"),
    ("GET", "/programmes/{id}/exports/{table}", "YF"),
    ("GET", "/programmes/{id}/tables", "YF"),
    ("GET", "/programmes/{id}/tables/{table}", "YF"),
    ("GET", "/programmes/{id}/workbook", "YF"),
    ("GET", "/programmes/{id}/report", "YF"),
    ("GET", "/programmes/{id}/report/consistency", "YF"),
    ("GET", "/questionnaires/{id}/results.csv", "YF"),
    ("GET", "/questionnaires/{id}/codebook.csv", "YF"),
];

/// How it goes for each of the two.
pub fn letters(method: &str, template: &str, place: &str) -> [char; 2] {
    if matches!(place, "absent" | "foreign") {
        return ['N'; 2];
    }
    // Of one project or another, since these tokens are the programme's.
    let through = TOKENS.iter().find(|(m, t, _)| *m == method && *t == template);
    let mut letters = through.map_or("FF", |(_, _, letters)| letters).chars();
    [letters.next().expect("a letter"), letters.next().expect("two letters")]
}

/// The two, of a programme.
pub async fn made(app: &App, programme: &str) -> [String; 2] {
    let make = async |access: &str| {
        let body = machine_token(programme, None, access);
        let made = app.post("/machine-tokens").by(Persona::Secretariat).json(body).await;
        made.expect(201).json()["token"].as_str().expect("a token").to_string()
    };
    [make("read").await, make("import").await]
}
