//! The application in one test: its own database with the seeded world, a clock that stands still
//! until it is moved, and personas who are signed in.

mod call;
pub mod contract;
#[path = "../../common/database.rs"]
mod database;
mod people;
mod session;
pub mod world;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::to_bytes;
use actix_web::dev::Service;
use actix_web::test::{TestRequest, init_service};
use diesel::RunQueryDsl;
use maaltal::accounts::Doors;
use maaltal::accounts::hasher::QUEUE;
use maaltal::app::{self, State};
use maaltal::clock::Clock;
use maaltal::http::Limits;
use maaltal::ids::UserId;
use maaltal::store::{Conn, Db, Engine, Installation, Store};
use maaltal::surveys::class_page::ClassPages;
use maaltal::surveys::code_key::CodeKey;
use maaltal::surveys::forms::Forms;
use maaltal::surveys::site::Site;

pub use call::{Answer, Call};
use database::Database;
use people::People;
pub use people::{PASSWORD, Persona, SIGNING_KEY};
pub use session::{Session, last_part};
use world::{Template, World};

type Answering = Pin<Box<dyn Future<Output = Answer>>>;

pub struct App {
    service: Box<dyn Fn(TestRequest) -> Answering>,
    pub store: Store,
    pub clock: Clock,
    pub world: World,
    people: People,
    // Last, since everything above has it open.
    _database: Database,
}

impl App {
    pub async fn on(engine: Engine) -> App {
        App::with_queue(engine, QUEUE).await
    }

    /// With that many places before the hasher.
    pub async fn with_queue(engine: Engine, queue: usize) -> App {
        let template = Template::of(engine);
        let database = Database::create(engine, Some(&template.database));
        let store = database.open();
        let clock = Clock::set_to(world::today());
        // Small enough that a test can go past them.
        let limits = Limits { json: 64 << 10, upload: 256 << 10, ..Limits::default() };
        let code_key = CodeKey::of(SIGNING_KEY).expect("a key");
        let doors = Doors::with_queue(SIGNING_KEY, "https://maaltal.example", queue);
        let state = State {
            store: store.clone(),
            clock: clock.clone(),
            limits,
            doors: Arc::new(doors.expect("doors")),
            class_pages: ClassPages::new(store.clone()),
            site: Site::new("https://maaltal.example", &code_key).expect("a site"),
            forms: Forms::start(store.clone(), code_key).expect("the intake"),
        };
        let service = Rc::new(init_service(app::build(state)).await);
        let service = move |request: TestRequest| -> Answering {
            let service = service.clone();
            Box::pin(async move {
                let response = service.call(request.to_request()).await.expect("an answer");
                let headers = response.headers().iter().map(|(name, value)| {
                    let value = String::from_utf8_lossy(value.as_bytes());
                    (name.to_string(), value.into_owned())
                });
                let headers = headers.collect();
                let status = response.status().as_u16();
                let body = to_bytes(response.into_body()).await;
                let body = body.unwrap_or_else(|_| panic!("the body broke off"));
                Answer { status, headers, body }
            })
        };
        App {
            service: Box::new(service),
            store,
            clock,
            world: template.world.clone(),
            people: template.people.clone(),
            _database: database,
        }
    }

    /// An access token, as fresh as the clock says.
    pub fn token(&self, persona: Persona) -> Option<String> {
        self.people.token(persona, self.clock.now())
    }

    /// The persona's account.
    pub fn account(&self, persona: Persona) -> UserId {
        self.people.account(persona)
    }

    async fn answer_to(&self, request: TestRequest) -> Answer {
        (self.service)(request).await
    }

    /// One statement straight into the database, as somebody with access to it could do.
    pub async fn by_hand(&self, statement: &'static str) {
        let run = move |db: &mut Db| {
            match db.conn() {
                Conn::Sqlite(c) => diesel::sql_query(statement).execute(&mut **c)?,
                Conn::Postgres(c) => diesel::sql_query(statement).execute(&mut **c)?,
            };
            Ok(())
        };
        self.store.write(Installation, run).await.expect(statement);
    }

    pub fn get(&self, path: &str) -> Call<'_> {
        Call::new(self, "GET", path)
    }

    pub fn put(&self, path: &str) -> Call<'_> {
        Call::new(self, "PUT", path)
    }

    pub fn post(&self, path: &str) -> Call<'_> {
        Call::new(self, "POST", path)
    }

    pub fn delete(&self, path: &str) -> Call<'_> {
        Call::new(self, "DELETE", path)
    }
}
