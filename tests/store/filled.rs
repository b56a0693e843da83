//! The demo, and whatever it has no rows of: a report that is approved, locked days that are opened,
//! a file that was taken in, codes of a link, money, requests. So that something of every table
//! travels.

use maaltal::accounts::Caller;
use maaltal::clock::At;
use maaltal::ids::{ProgrammeId, ProjectId};
use maaltal::imports::{self, ImportKind, Sent};
use maaltal::messages::Lang;
use maaltal::paging::Page;
use maaltal::progress_reports::{self, reminders};
use maaltal::projects::{self, change_requests, locks, spending};
use maaltal::sheets::File;
use maaltal::store::{Db, Store};
use maaltal::surveys::code_key::CodeKey;
use maaltal::surveys::{codes, links, questionnaires};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const OPERATOR: Caller = Caller::Operator;

const APPLICATIONS: &str = "\
ansøgning;runde;ansøger;titel;uddannelsesniveauer;ansøgt_kr;indstilling;afgørelse;bevilget_kr;afgjort
2020-001;2020-open;EUC Nord;Computational Thinking igen;stx|htx;500000,50;tilsagn;tilsagn;400000;2020-06-01
2020-002;2020-open;Firmaet ApS;Robotter;;250000;afslag;afslag;;2020-06-01
";

const APPROACHES: &str = "\
project,approaches
labstem-nord,opkvalificering|rollemodeller
potentielle-stemere,vejledning
";

fn input<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("an input")
}

fn project(db: &mut Db, programme: ProgrammeId, code: &str) -> ProjectId {
    projects::by_code(db, programme, code).expect("a look").expect("a project")
}

pub fn fill(store: &Store, nord: ProgrammeId, midt: ProgrammeId, key: &CodeKey, now: At) {
    take_in(store, nord, ImportKind::Applications, APPLICATIONS, now);
    take_in(store, nord, ImportKind::Projects, APPROACHES, now);
    store.write_here(nord, |db| money(db, nord, now)).expect("money and requests");
    store.write_here(nord, |db| approved(db, nord, now)).expect("an approved report");
    store.write_here(midt, |db| with_codes(db, midt, key, now)).expect("a link with codes");
}

fn take_in(store: &Store, programme: ProgrammeId, kind: ImportKind, text: &str, now: At) {
    let file = File::of(text.as_bytes()).expect("a file");
    let (dry_run, partial) = (false, false);
    let sent = Sent { caller: OPERATOR, programme, kind, file, sheet: None, dry_run, partial, now };
    let done = imports::import_here(store, sent, Lang::En, &|| now, &mut |_| {}).expect("a file");
    assert!(done.applied, "{done:?}");
}

fn money(db: &mut Db, programme: ProgrammeId, now: At) -> maaltal::error::Result<()> {
    let over = project(db, programme, "potentielle-stemere");
    let spent = json!({ "on_date": "2022-12-31", "spent_ore": 30_000_050, "note": "æøå" });
    spending::put(db, &OPERATOR, over, input(spent), now)?;
    let later = json!({
        "change": { "kind": "extension", "period_end": "2023-06" }, "reason": "Skoler var lukket",
    });
    let request = change_requests::request(db, &OPERATOR, over, input(later), now)?;
    let agreed = input(json!({ "decision": "agreed" }));
    change_requests::decide(db, &OPERATOR, request, agreed, now)?;
    Ok(())
}

/// The report that the demo has overdue, all the way, and its period opened again.
fn approved(db: &mut Db, programme: ProgrammeId, now: At) -> maaltal::error::Result<()> {
    let wording = reminders::Wording {
        lang: Lang::Da,
        address: "https://maaltal.example".to_string(),
        by_mail: false,
    };
    let all = input(json!({}));
    let reminded = reminders::prepare(db, &OPERATOR, programme, &all, &wording, now)?;
    assert!(!reminded.is_empty(), "the demo has an overdue report");
    let labstem = project(db, programme, "labstem-nord");
    let page = Page::of(None, 100);
    let listed = progress_reports::list_of(db, &OPERATOR, labstem, &page, now)?;
    let report = listed.items.into_iter().find(|one| one.overdue).expect("an overdue report");
    let (id, number) = (report.id, report.version);
    let written = json!({
        "narrative": "Forløbene er gennemført på skolerne.", "assessment": "good",
        "assessment_comment": "Underviserne er i gang",
    });
    progress_reports::edit(db, &OPERATOR, id, number, input(written), now)?;
    progress_reports::submit(db, &OPERATOR, id, number + 1, now)?;
    let approval = input(json!({ "assessment": "acceptable", "comment": "Få skoler" }));
    progress_reports::approve(db, &OPERATOR, id, number + 2, approval, now)?;
    let opening = json!({
        "start": report.period_start, "end": report.period_end, "reason": "Talt forkert",
        "open_until": now.day(),
    });
    locks::open(db, &OPERATOR, labstem, input(opening), now)?;
    Ok(())
}

fn with_codes(
    db: &mut Db,
    programme: ProgrammeId,
    key: &CodeKey,
    now: At,
) -> maaltal::error::Result<()> {
    let bstem = project(db, programme, "bstem");
    let page = Page::of(None, 100);
    let listed = questionnaires::list_of_project(db, &OPERATOR, bstem, &page)?;
    let pupils = listed.items.iter().find(|one| one.code == "elever-14-19");
    let wanted = json!({
        "label": "3.b, htx", "organisation": "aarhus-tech", "education_level": "htx",
        "wave": "after", "class_size": 20, "language": "da", "access": "codes",
    });
    let pupils = pupils.expect("a questionnaire of pupils").id;
    let link = links::create(db, &OPERATOR, pupils, input(wanted), now)?;
    codes::make(db, &OPERATOR, link, &codes::CodesWanted { count: 3 }, key, now)?;
    Ok(())
}
