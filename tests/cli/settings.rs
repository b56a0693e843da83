//! A wrong setting is one clear line and exit 2; what is asked for rightly and fails is exit 1.

use maaltal::store::Engine;

use super::program::{Folder, failure, maaltal, on, output};
use crate::database::Database;

#[track_caller]
fn one_line(words: &str, naming: &str) {
    assert_eq!(words.lines().count(), 1, "{words}");
    assert!(words.starts_with("error: ") && words.contains(naming), "{words}");
}

#[test]
fn a_wrong_setting_is_one_line_and_exit_2() {
    let folder = Folder::new();
    let data = folder.join("data");
    for (arguments, naming) in [
        (&["serve", "--listen", "everywhere"][..], "--listen"),
        (&["serve", "--public-url", "ftp://maaltal.example"], "--public-url"),
        (&["serve", "--metrics", "loud"], "--metrics"),
        (&["serve", "--signing-key-file", "/nowhere/key"], "/nowhere/key"),
        (&["programme", "list", "--connections", "0"], "--connections"),
        (&["programme", "list", "--log", "maaltal=shout"], "--log"),
        (&["export", "gossip", "--programme", "nordjylland"], "gossip"),
        (&["export", "progress"], "--programme"),
        (&["user", "add", "a@b.dk", "--name", "A", "--role", "king"], "king"),
    ] {
        one_line(&failure(on(&data, arguments), 2), naming);
    }
}

#[test]
fn a_wrong_variable_is_named_too() {
    let with = |name: &str, value: &str| {
        let answer = maaltal().args(["programme", "list"]).env(name, value).output();
        failure(answer.expect("the program starts"), 2)
    };
    one_line(&with("DATABASE_URL", "mysql://db.example/maaltal"), "DATABASE_URL");
    one_line(&with("DATABASE_URL", "postgres://db.example:many/maaltal"), "DATABASE_URL");
    one_line(&with("MAALTAL_CONNECTIONS", "lots"), "connections");
    one_line(&with("MAALTAL_DATABASE_URL_FILE", "/nowhere/url"), "/nowhere/url");
}

#[test]
fn a_signing_key_must_be_given_with_postgresql_and_be_worth_the_name() {
    let database = Database::create(Engine::Postgres, None);
    let with = |key: Option<&str>| {
        let mut command = maaltal();
        command.args(["serve", "--listen", "127.0.0.1:0", "--metrics", "off"]);
        command.env("DATABASE_URL", database.address());
        if let Some(key) = key {
            command.env("MAALTAL_SIGNING_KEY", key);
        }
        failure(command.output().expect("the program starts"), 2)
    };
    one_line(&with(None), "MAALTAL_SIGNING_KEY");
    one_line(&with(Some("too short")), "32");
    one_line(&with(Some("change-me-change-me-change-me-change-me")), "key");
}

#[test]
fn a_mail_server_needs_a_sender_and_never_tells_its_password() {
    let folder = Folder::new();
    let with = |url: &str, from: Option<&str>| {
        let mut command = maaltal();
        command.args(["serve", "--listen", "127.0.0.1:0", "--metrics", "off"]);
        command.arg("--data").arg(folder.join("data")).env("MAALTAL_SMTP_URL", url);
        if let Some(from) = from {
            command.env("MAALTAL_MAIL_FROM", from);
        }
        failure(command.output().expect("the program starts"), 2)
    };
    one_line(&with("smtps://user:hemmeligt@mail.example", None), "MAALTAL_MAIL_FROM");
    one_line(&with("smtps://user:hemmeligt@mail.example", Some("nobody")), "mail address");
    let wrong = with("https://user:hemmeligt@mail.example", Some("maaltal@example.dk"));
    one_line(&wrong, "smtp://");
    assert!(!wrong.contains("hemmeligt"), "{wrong}");
}

#[test]
fn what_is_not_there_is_exit_1() {
    let folder = Folder::new();
    let data = folder.join("data");
    let words = failure(on(&data, &["export", "progress", "--programme", "sjaelland"]), 1);
    one_line(&words, "sjaelland");
    one_line(
        &failure(on(&data, &["user", "disable", "nobody@rn.example"]), 1),
        "nobody@rn.example",
    );
}

#[test]
fn the_same_commands_work_on_postgresql() {
    let database = Database::create(Engine::Postgres, None);
    let run = |arguments: &[&str]| {
        let command = maaltal().args(arguments).env("DATABASE_URL", database.address()).output();
        command.expect("the program starts")
    };
    one_line(&failure(run(&["programme", "list"]), 1), "maaltal migrate");
    output(run(&["migrate"]));
    output(run(&["programme", "add", "nordjylland", "--name-da", "Region Nordjylland"]));
    let list = output(run(&["programme", "list"]));
    assert!(list.contains("nordjylland,Region Nordjylland"), "{list}");
    output(run(&["export", "progress", "--programme", "nordjylland"]));
    output(run(&["verify"]));
}

#[test]
fn an_account_is_made_listed_shut_out_and_let_in() {
    let folder = Folder::new();
    let data = folder.join("data");
    let secret = folder.join("password");
    std::fs::write(&secret, "tolv glade elever i et laboratorium\n").expect("a file");
    let secret = secret.to_str().expect("UTF-8");
    output(on(&data, &["programme", "add", "nordjylland", "--name-da", "Region Nordjylland"]));
    let mail = "sekretariat@rn.example";
    output(on(
        &data,
        &[
            "user",
            "add",
            mail,
            "--name",
            "Sekretariatet",
            "--role",
            "secretariat",
            "--programme",
            "nordjylland",
            "--password-file",
            secret,
        ],
    ));
    let list = |expected: &str| {
        let list = output(on(&data, &["user", "list"]));
        assert!(list.lines().any(|line| line == expected), "{list}");
    };
    list("sekretariat@rn.example,Sekretariatet,false,secretariat");
    output(on(&data, &["user", "disable", mail]));
    list("sekretariat@rn.example,Sekretariatet,true,secretariat");
    output(on(&data, &["user", "enable", mail]));
    output(on(&data, &["user", "password", mail, "--password-file", secret]));
    let again = ["user", "add", mail, "--name", "Sekretariatet", "--password-file", secret];
    one_line(&failure(on(&data, &again), 1), mail);
}

#[test]
fn a_password_that_is_quickly_guessed_is_refused() {
    let folder = Folder::new();
    let data = folder.join("data");
    let secret = folder.join("password");
    std::fs::write(&secret, "123456789012345\n").expect("a file");
    let secret = secret.to_str().expect("UTF-8");
    let add = ["user", "add", "a@rn.example", "--name", "A", "--password-file", secret];
    one_line(&failure(on(&data, &add), 1), "/password");
}

#[test]
fn the_contract_is_written_out() {
    let contract = output(maaltal().arg("openapi").output().expect("the program starts"));
    assert!(contract.starts_with("openapi: 3.1"), "{contract}");
}
