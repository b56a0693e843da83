//! The product with two more endpoints, which exist here and nowhere else.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::sync::{Arc, RwLock};

use actix_web::HttpServer;
use actix_web::web::{self, Data};
use diesel::prelude::*;
use diesel::upsert::excluded;
use maaltal::accounts::{Caller, Doors};
use maaltal::app::{self, State};
use maaltal::clock::{At, Clock};
use maaltal::error::{Error, Result};
use maaltal::http::{Body, Created, FromPath, Limits, Now};
use maaltal::ids::{LinkId, QuestionnaireId};
use maaltal::imports::Works;
use maaltal::store::schema::{links as link_rows, responses, tallies};
use maaltal::store::{Conn, Db, Engine, Installation, PgConn, Store};
use maaltal::surveys::answers::{Added, Cell, Compiled, added, check, named};
use maaltal::surveys::class_page::ClassPages;
use maaltal::surveys::code_key::CodeKey;
use maaltal::surveys::forms::{Forms, Received, ResponseInput};
use maaltal::surveys::intake::ResponseId;
use maaltal::surveys::site::Site;
use maaltal::surveys::{links, questionnaires, ready, versions};
use maaltal::{health, programmes};
use serde_json::json;

/// What the other two endpoints have in memory, as the product has it.
struct Others {
    store: Store,
    doors: RwLock<HashMap<String, (LinkId, Arc<Compiled>)>>,
}

/// A link, and how it is reached.
pub struct Door {
    pub token: String,
    pub link: LinkId,
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.token, self.link.0)
    }
}

impl FromStr for Door {
    type Err = String;

    fn from_str(text: &str) -> Result<Door, String> {
        let (token, link) = text.split_once('=').ok_or("no token")?;
        let link = LinkId(link.parse().map_err(|_| "no link")?);
        Ok(Door { token: token.to_string(), link })
    }
}

/// As many processors and connections as the product would take.
fn size() -> (usize, u32) {
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    (processors, (processors as u32 * 2).clamp(4, 32))
}

/// A folder, or the address of a database in PostgreSQL.
pub fn open(place: &str) -> Store {
    let (_, connections) = size();
    if place.starts_with("postgres") {
        Store::open_postgres(place, None, connections)
    } else {
        Store::open_sqlite(Path::new(place), connections)
    }
    .expect("the database")
}

/// Serves until it is killed; the first line says where.
pub fn run(place: &str, doors: &[String]) {
    let (processors, connections) = size();
    let store = open(place);
    let definition = pupils().definition().expect("a definition");
    let version = Arc::new(Compiled::new(definition).expect("it is sound"));
    let known = doors.iter().map(|door| {
        let door: Door = door.parse().expect("a door");
        (door.token, (door.link, version.clone()))
    });
    let doors = RwLock::new(known.collect());
    let others = Data::new(Others { store: store.clone(), doors });
    let key = b"a key that nobody has any use for";
    let doors = Doors::new(key, "http://localhost");
    let code_key = CodeKey::of(key).expect("a key");
    let state = State {
        clock: Clock::System,
        limits: Limits::default(),
        doors: Arc::new(doors.expect("doors")),
        class_pages: ClassPages::new(store.clone()),
        works: Works::start(store.clone(), Clock::System).expect("a thread for imports"),
        site: Site::new("http://localhost", &code_key).expect("a site"),
        forms: Forms::start(store.clone(), code_key).expect("the intake"),
        mailer: maaltal::mail::Mailer::Off,
        store,
    };
    health::count().expect("metrics, as in the product");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("{}", listener.local_addr().expect("an address"));
    let serving = async move {
        HttpServer::new(move || {
            app::build(state.clone())
                .app_data(others.clone())
                .route("/no-store/{token}", web::post().to(no_store))
                .route("/naive/{token}", web::post().to(naive))
        })
        .workers(processors)
        .worker_max_blocking_threads((connections as usize).div_ceil(processors).max(2))
        .listen(listener)?
        .run()
        .await
    };
    actix_web::rt::System::new().block_on(serving).expect("it serves");
}

fn pupils() -> &'static ready::Ready {
    ready::ALL.iter().find(|one| one.code == "elever-14-19").expect("it is ready")
}

/// A new database with so many links of one questionnaire.
pub fn seed(place: &str, links: usize) -> Result<Vec<Door>> {
    let store = open(place);
    store.migrate()?;
    let (operator, now) = (Caller::Operator, Clock::System.now());
    let names = json!({ "name_da": "STEM i Nordjylland", "name_en": "STEM in North Jutland" });
    let names = serde_json::from_value(names).map_err(Error::unexpected)?;
    let programme = store.write_here(Installation, |db| {
        programmes::create(db, &operator, "nordjylland", &names, now)
    })?;
    let definition = serde_json::to_value(pupils().definition()?).map_err(Error::unexpected)?;
    let input = json!({ "code": "efter-forloebet", "definition": definition });
    let input = serde_json::from_value(input).map_err(Error::unexpected)?;
    store.write_here(programme, |db| {
        let id = questionnaires::create_in_programme(db, &operator, programme, input, now)?;
        versions::publish(db, &operator, id, 1, now)?;
        (0..links).map(|number| door(db, id, number, now)).collect()
    })
}

fn door(db: &mut Db, of: QuestionnaireId, number: usize, now: At) -> Result<Door> {
    let class = serde_json::from_value(json!({ "label": format!("{number}.b, biologi") }));
    let class = class.map_err(Error::unexpected)?;
    let link = links::create(db, &Caller::Operator, of, class, now)?;
    let token = links::get(db, &Caller::Operator, link, now)?.token.ok_or(Error::NotFound)?;
    Ok(Door { token, link })
}

/// The store's own is not for outside of the crate.
macro_rules! on_each {
    ($db:expr, |$c:ident| $body:expr) => {
        match $db.conn() {
            Conn::Sqlite(c) => {
                let $c: &mut SqliteConnection = &mut **c;
                $body
            }
            Conn::Postgres(c) => {
                let $c: &mut PgConn = &mut **c;
                $body
            }
        }
    };
}

struct Parsed {
    link: LinkId,
    id: ResponseId,
    answers: String,
    version: Arc<Compiled>,
    added: Added,
}

/// All that the product does before it queues a response.
fn parsed(others: &Others, token: &str, input: &ResponseInput) -> Result<Parsed> {
    let known = others.doors.read().map_err(Error::unexpected)?.get(token).cloned();
    let (link, version) = known.ok_or(Error::NotFound)?;
    let answers = check(&version, &input.answers).map_err(Error::Invalid)?;
    Ok(Parsed {
        link,
        id: ResponseId::of(link, input.id),
        added: added(&version, &answers),
        answers: String::from_utf8(answers.canonical()).map_err(Error::unexpected)?,
        version,
    })
}

async fn no_store(
    others: Data<Others>,
    _: Now,
    FromPath(token): FromPath<String>,
    body: Body<ResponseInput>,
) -> Result<Created<Received>> {
    std::hint::black_box(parsed(&others, &token, &body.value)?);
    Ok(Created::unversioned(String::new(), Received { id: body.value.id }))
}

async fn naive(
    others: Data<Others>,
    now: Now,
    FromPath(token): FromPath<String>,
    body: Body<ResponseInput>,
) -> Result<Created<Received>> {
    let parsed = parsed(&others, &token, &body.value)?;
    let store = others.store.clone();
    match store.engine() {
        Engine::Sqlite => store.write(parsed.link, move |db| keep(db, &parsed, now.0)).await?,
        // Without the lock of the programme, which would make it slower still.
        Engine::Postgres => {
            let kept = move || store.write_batch_here(|db| keep(db, &parsed, now.0));
            web::block(kept).await.map_err(Error::unexpected)??;
        }
    }
    Ok(Created::unversioned(String::new(), Received { id: body.value.id }))
}

/// What the intake does for a batch, for one. The tallies are taken in the order of their keys,
/// or nearly all would end in a deadlock on PostgreSQL.
fn keep(db: &mut Db, parsed: &Parsed, now: At) -> Result<()> {
    let everybody = Cell { question: String::new(), option: String::new(), base: None };
    let row = |(cell, n): &(Cell, i64)| {
        (
            tallies::link_id.eq(parsed.link),
            tallies::question.eq(cell.question.clone()),
            tallies::option.eq(cell.option.clone()),
            tallies::base_question.eq(""),
            tallies::base_option.eq(""),
            tallies::source.eq("response"),
            tallies::n.eq(*n),
        )
    };
    let mut rows = vec![row(&(everybody, 1))];
    rows.extend(named(&parsed.version, &parsed.added).iter().map(row));
    on_each!(db, |c| {
        let is_open: i64 = link_rows::table
            .filter(link_rows::id.eq(parsed.link))
            .filter(link_rows::state.eq("open"))
            .count()
            .get_result(c)?;
        let stored: i64 = responses::table
            .filter(responses::link_id.eq(parsed.link))
            .filter(responses::id.eq(parsed.id))
            .count()
            .get_result(c)?;
        if is_open == 0 || stored > 0 {
            return Err(Error::NotFound);
        }
        diesel::insert_into(responses::table)
            .values((
                responses::link_id.eq(parsed.link),
                responses::id.eq(parsed.id),
                responses::day.eq(now.day()),
                responses::answers.eq(&parsed.answers),
            ))
            .execute(c)?;
        diesel::insert_into(tallies::table)
            .values(rows)
            .on_conflict((
                tallies::link_id,
                tallies::question,
                tallies::option,
                tallies::base_question,
                tallies::base_option,
                tallies::source,
            ))
            .do_update()
            .set(tallies::n.eq(tallies::n + excluded(tallies::n)))
            .execute(c)?;
    });
    Ok(())
}
