//! Who may do what: every route, by every persona, on its own things, on others' and on nothing.
//! A route of `openapi.yaml` without a line here fails.

use std::collections::BTreeSet;

use self::table::{Of::*, TABLE};
use self::things::Things;
use crate::harness::{App, Persona, contract};

mod bodies;
mod table;
mod things;
mod tokens;

api_tests!(everybody_gets_what_is_theirs);

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
