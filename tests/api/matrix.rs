//! Who may do what: every route, by every persona, on its own things, on others' and on nothing.
//! A route of `openapi.yaml` without a line here fails.

use std::collections::BTreeSet;

use self::things::Things;
use crate::harness::{App, Persona, contract};

mod bodies;
mod things;
mod tokens;

api_tests!(everybody_gets_what_is_theirs);

/// What a line of the table is about.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    /// A programme, or something that everybody in it shares.
    Programme,
    /// A project or a part of one: holder and contributor have their own only.
    Project,
    /// The caller's own account or session: whoever is signed in.
    Account,
    /// For whoever holds a secret or knows a password: no token is asked for.
    Secret,
}
use Of::*;

/// Method, address, and how it goes on one's own things for secretariat, reader, holder,
/// contributor, the other programme's secretariat, nobody: `Y` let through, `F` 403, `N` 404,
/// `U` 401. On other things everybody else's is 404, as is what does not exist.
const TABLE: &[(&str, &str, Of, &str)] = &[
    // accounts
    ("POST", "/auth/sign-in", Secret, "YYYYYY"),
    ("POST", "/auth/refresh", Secret, "YYYYYY"),
    ("POST", "/auth/sign-out", Account, "YYYYYU"),
    ("POST", "/auth/password", Account, "YYYYYU"),
    ("POST", "/auth/password-resets", Account, "YFFFNU"),
    ("POST", "/auth/password-resets/{token}", Secret, "YYYYYY"),
    ("GET", "/me", Account, "YYYYYU"),
    ("POST", "/invitations", Programme, "YFFFNU"),
    ("GET", "/invitations/{invitation}", Secret, "YYYYYY"),
    ("POST", "/invitations/{token}/accept", Secret, "YYYYYY"),
    ("DELETE", "/invitations/{invitation}", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/invitations", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/members", Programme, "YFFFNU"),
    ("POST", "/machine-tokens", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/machine-tokens", Programme, "YFYFNU"),
    ("GET", "/machine-tokens/{id}", Project, "YFYFNU"),
    ("DELETE", "/machine-tokens/{id}", Project, "YFYFNU"),
    // programmes
    ("GET", "/programmes", Account, "YYYYYU"),
    ("GET", "/programmes/{id}", Programme, "YYYYNU"),
    ("PUT", "/programmes/{id}", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/codes/{list}", Programme, "YYYYNU"),
    ("POST", "/programmes/{id}/codes/{list}", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/codes/{list}/{code}", Programme, "YYYYNU"),
    ("PUT", "/programmes/{id}/codes/{list}/{code}", Programme, "YFFFNU"),
    ("DELETE", "/programmes/{id}/codes/{list}/{code}", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/organisations", Programme, "YYYYNU"),
    ("POST", "/programmes/{id}/organisations", Programme, "YFFFNU"),
    ("GET", "/organisations/{id}", Programme, "YYYYNU"),
    ("PUT", "/organisations/{id}", Programme, "YFFFNU"),
    ("DELETE", "/organisations/{id}", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/audit", Programme, "YFFFNU"),
    // projects
    ("GET", "/programmes/{id}/projects", Programme, "YYYYNU"),
    ("POST", "/programmes/{id}/projects", Programme, "YFFFNU"),
    ("GET", "/projects/{id}", Project, "YYYYNU"),
    ("PUT", "/projects/{id}", Project, "YFFFNU"),
    ("GET", "/projects/{id}/history", Project, "YYYYNU"),
    ("GET", "/projects/{id}/activities", Project, "YYYYNU"),
    ("POST", "/projects/{id}/activities", Project, "YFFFNU"),
    ("GET", "/activities/{id}", Project, "YYYYNU"),
    ("PUT", "/activities/{id}", Project, "YFFFNU"),
    ("DELETE", "/activities/{id}", Project, "YFFFNU"),
    // rounds, applications, reported facts
    ("GET", "/programmes/{id}/rounds", Programme, "YYYYNU"),
    ("POST", "/programmes/{id}/rounds", Programme, "YFFFNU"),
    ("GET", "/rounds/{id}", Programme, "YYYYNU"),
    ("PUT", "/rounds/{id}", Programme, "YFFFNU"),
    ("GET", "/rounds/{id}/history", Programme, "YYYYNU"),
    ("DELETE", "/rounds/{id}", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/applications", Programme, "YYFFNU"),
    ("POST", "/programmes/{id}/applications", Programme, "YFFFNU"),
    ("GET", "/applications/{id}", Programme, "YYFFNU"),
    ("PUT", "/applications/{id}", Programme, "YFFFNU"),
    ("GET", "/applications/{id}/history", Programme, "YYFFNU"),
    ("POST", "/applications/{id}/project", Programme, "YFFFNU"),
    ("DELETE", "/applications/{id}", Programme, "YFFFNU"),
    ("GET", "/programmes/{id}/reported-facts", Programme, "YYFFNU"),
    ("PUT", "/programmes/{id}/reported-facts", Programme, "YFFFNU"),
    ("GET", "/reported-facts/{id}", Programme, "YYFFNU"),
    ("GET", "/reported-facts/{id}/history", Programme, "YYFFNU"),
    ("POST", "/reported-facts/{id}/withdraw", Programme, "YFFFNU"),
    // money, requests for changes
    ("GET", "/projects/{id}/spending", Project, "YYYFNU"),
    ("PUT", "/projects/{id}/spending", Project, "YFYFNU"),
    ("GET", "/spending/{id}", Project, "YYYFNU"),
    ("GET", "/spending/{id}/history", Project, "YYYFNU"),
    ("POST", "/spending/{id}/withdraw", Project, "YFYFNU"),
    ("GET", "/projects/{id}/finances", Project, "YYYFNU"),
    ("GET", "/programmes/{id}/finances", Programme, "YYFFNU"),
    ("GET", "/projects/{id}/requests", Project, "YYYFNU"),
    ("POST", "/projects/{id}/requests", Project, "YFYFNU"),
    ("GET", "/programmes/{id}/requests", Programme, "YYFFNU"),
    ("GET", "/requests/{id}", Project, "YYYFNU"),
    ("PUT", "/requests/{id}/decision", Project, "YFFFNU"),
    ("DELETE", "/requests/{id}", Project, "YFFFNU"),
    // counts
    ("PUT", "/projects/{id}/counts", Project, "YFYYNU"),
    ("PUT", "/projects/{id}/counts/batch", Project, "YFYYNU"),
    ("GET", "/projects/{id}/counts", Project, "YYYYNU"),
    ("GET", "/counts/{id}", Project, "YYYYNU"),
    ("GET", "/counts/{id}/history", Project, "YYYYNU"),
    ("POST", "/counts/{id}/withdraw", Project, "YFYYNU"),
    ("POST", "/programmes/{id}/imports", Programme, "YFYYNU"),
    ("GET", "/programmes/{id}/imports", Programme, "YYYYNU"),
    ("GET", "/imports/{id}", Project, "YYNNNU"),
    ("GET", "/imports/{id}/file", Project, "YYNNNU"),
    ("GET", "/projects/{id}/imports/{kind}/template", Project, "YFYYNU"),
    // indicators, targets, values
    ("GET", "/programmes/{id}/indicators", Programme, "YYYYNU"),
    ("POST", "/programmes/{id}/indicators", Programme, "YFFFNU"),
    ("GET", "/projects/{id}/indicators", Project, "YYYYNU"),
    ("POST", "/projects/{id}/indicators", Project, "YFFFNU"),
    ("GET", "/indicators/{id}", Project, "YYYYNU"),
    ("PUT", "/indicators/{id}", Project, "YFFFNU"),
    ("GET", "/indicators/{id}/revisions", Project, "YYYFNU"),
    ("POST", "/indicators/{id}/revisions", Project, "YFYFNU"),
    ("GET", "/revisions/{id}", Project, "YYYFNU"),
    ("PUT", "/revisions/{id}/decision", Project, "YFFFNU"),
    ("DELETE", "/revisions/{id}", Project, "YFFFNU"),
    ("PUT", "/indicators/{id}/values", Project, "YFYFNU"),
    ("GET", "/indicators/{id}/values", Project, "YYYFNU"),
    ("GET", "/values/{id}", Project, "YYYFNU"),
    ("GET", "/values/{id}/history", Project, "YYYFNU"),
    ("POST", "/values/{id}/withdraw", Project, "YFYFNU"),
    ("GET", "/projects/{id}/progress", Project, "YYYFNU"),
    ("GET", "/programmes/{id}/progress", Programme, "YYFFNU"),
    // results
    ("GET", "/questionnaires/{id}/results", Project, "YYYYNU"),
    ("GET", "/projects/{id}/results", Project, "YYYYNU"),
    ("GET", "/programmes/{id}/results", Programme, "YYFFNU"),
    // reports
    ("GET", "/programmes/{id}/exports/{table}", Programme, "YYFFNU"),
    ("GET", "/questionnaires/{id}/results.csv", Project, "YYYYNU"),
    ("GET", "/questionnaires/{id}/codebook.csv", Project, "YYYYNU"),
    ("GET", "/questionnaires/{id}/responses.csv", Project, "YFYFNU"),
    // questionnaires
    ("GET", "/projects/{id}/questionnaires", Project, "YYYYNU"),
    ("POST", "/projects/{id}/questionnaires", Project, "YFYFNU"),
    ("GET", "/programmes/{id}/questionnaires", Programme, "YYYYNU"),
    ("POST", "/programmes/{id}/questionnaires", Programme, "YFFFNU"),
    ("POST", "/questionnaires/validate", Programme, "YYYYNU"),
    ("GET", "/questionnaires/{id}", Project, "YYYYNU"),
    ("PUT", "/questionnaires/{id}", Project, "YFYFNU"),
    ("DELETE", "/questionnaires/{id}", Project, "YFYFNU"),
    ("POST", "/questionnaires/{id}/publish", Project, "YFYFNU"),
    ("GET", "/questionnaires/{id}/versions/{number}", Project, "YYYYNU"),
    ("GET", "/programmes/{id}/core-questions", Programme, "YYYYNU"),
    ("POST", "/programmes/{id}/core-questions", Programme, "YFFFNU"),
    ("GET", "/core-questions/{id}", Programme, "YYYYNU"),
    ("PUT", "/core-questions/{id}", Programme, "YFFFNU"),
    ("POST", "/core-questions/{id}/retire", Programme, "YFFFNU"),
    // links
    ("GET", "/questionnaires/{id}/links", Project, "YYYYNU"),
    ("POST", "/questionnaires/{id}/links", Project, "YFYYNU"),
    ("GET", "/links/{id}", Project, "YYYYNU"),
    ("PUT", "/links/{id}", Project, "YFYYNU"),
    ("GET", "/links/{id}/status", Project, "YYYYNU"),
    ("POST", "/links/{id}/codes", Project, "YFYYNU"),
    ("DELETE", "/links/{id}/codes", Project, "YFYYNU"),
    ("PUT", "/links/{id}/paper", Project, "YFYYNU"),
    ("POST", "/links/{id}/close", Project, "YFYYNU"),
    ("POST", "/questionnaires/{id}/close", Project, "YFYFNU"),
    ("GET", "/links/{token}/form", Secret, "YYYYYY"),
    ("POST", "/links/{token}/responses", Secret, "YYYYYY"),
    // last, since it takes a persona its role
    ("DELETE", "/members/{id}", Programme, "YFFFNU"),
];

fn letter(status: u16) -> char {
    match status {
        401 => 'U',
        403 => 'F',
        404 => 'N',
        _ => 'Y',
    }
}

async fn everybody_gets_what_is_theirs(app: &App) {
    let listed: BTreeSet<_> = TABLE
        .iter()
        .map(|(method, path, ..)| (method.to_string(), format!("/api/v1{path}")))
        .collect();
    let routes: BTreeSet<_> = contract::operations().into_iter().collect();
    let missing: Vec<_> = routes.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&routes).collect();
    assert!(missing.is_empty(), "routes without a line in tests/api/matrix.rs: {missing:#?}");
    assert!(gone.is_empty(), "lines of tests/api/matrix.rs without a route: {gone:#?}");

    let world = &app.world;
    let (nord, midt) = (world.nordjylland.to_string(), world.midtjylland.to_string());
    let school = || ("hjoerring-gymnasium", world.hjoerring.to_string());
    let by = Persona::Secretariat;
    let own = Things::within(app, by, nord.clone(), world.labstem.to_string(), school()).await;
    let sibling = Things::within(app, by, nord, world.kram.to_string(), school()).await;
    let other = ("uch-holstebro", world.holstebro.to_string());
    let by = Persona::OtherSecretariat;
    let foreign = Things::within(app, by, midt, world.bstem.to_string(), other).await;
    let absent = Things::absent();

    let machines = tokens::made(app, &own.programme).await;
    let mut wrong = Vec::new();
    for (method, template, of, own_letters) in TABLE {
        let other_project = format!("{}NNNU", &own_letters[..2]);
        let other_programme = format!("NNNN{}U", &own_letters[..1]);
        let places: &[(&str, &Things, &str)] = match of {
            Programme => &[
                ("absent", &absent, "NNNNNU"),
                ("foreign", &foreign, &other_programme),
                ("own", &own, own_letters),
            ],
            Project => &[
                ("absent", &absent, "NNNNNU"),
                ("foreign", &foreign, &other_programme),
                ("another project", &sibling, &other_project),
                ("own", &own, own_letters),
            ],
            Account => &[("own", &own, own_letters)],
            Secret => continue,
        };
        for (place, things, expected) in places {
            for (token, wanted) in machines.iter().zip(tokens::letters(method, template, place)) {
                // They have their own pace.
                app.clock.advance(1);
                let answer = things.send(app, method, template, Some(token)).await;
                let got = letter(answer.status);
                if got != wanted || answer.status >= 500 || answer.status == 400 {
                    wrong.push(format!(
                        "{method} {template}, {place}, machine token: {wanted} wanted, {answer:?}"
                    ));
                }
            }
            // The least powerful first: what they are refused is still there for the others.
            for (index, persona) in Persona::ALL.into_iter().enumerate().rev() {
                // Who is signed in may end its own session, which the other lines still need.
                let ends = matches!(*template, "/auth/sign-out" | "/auth/password");
                if ends && persona != Persona::Nobody {
                    continue;
                }
                let token = app.token(persona);
                let answer = things.send(app, method, template, token.as_deref()).await;
                let (got, wanted) = (letter(answer.status), expected.chars().nth(index));
                if Some(got) != wanted || answer.status >= 500 || answer.status == 400 {
                    wrong.push(format!(
                        "{method} {template}, {place}, {persona:?}: {wanted:?} wanted, {answer:?}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
