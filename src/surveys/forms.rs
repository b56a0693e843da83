//! The public side of a link: what whoever has its token is shown, and the check of what comes
//! back. Nobody signs in here, and nothing is kept of who it was.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::{Uuid, Version};
use validator::Validate;

use super::answers::{Compiled, added, check};
use super::code_key::CodeKey;
use super::intake::{Checked, Intake, ResponseId, Verdict};
use super::open_form::{OpenForm, PublicForm};
use super::room::{Room, Share};
use super::stamp::StampKey;
use super::throttle::Throttle;
use super::{rows, token, versions};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{LinkId, VersionId};
use crate::store::{Db, Store};

/// One response.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResponseInput {
    /// A random UUID (version 4, and no other) that the form makes before it is filled in. The
    /// same answers under the same id are stored once, however often they are sent.
    pub id: Uuid,
    /// The code, where the link asks for one.
    #[validate(length(max = 64))]
    #[schema(example = "4TZKQ7MB")]
    pub code: Option<String>,
    /// The form's `stamp`. Without a good one the response is stored all the same, and counted as
    /// suspicious.
    #[validate(length(max = 64))]
    #[schema(example = "AAAAAGPbGgAqZ0m3M8cUX4u1sQk")]
    pub stamp: Option<String>,
    /// By question code: the code of an option, a list of them, a number, a text, or for a grid
    /// an object with the code of an option by the code of each statement.
    #[schema(value_type = Object, example = json!({"u_samarbejde": "ja", "u_forstaaelse": "hoej"}))]
    pub answers: Map<String, Value>,
}

/// That a response is stored.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Received {
    /// As the form made it.
    pub id: Uuid,
}

/// What never changes about the link behind a token.
#[derive(Clone)]
struct Door {
    link: LinkId,
    version: Arc<Compiled>,
    /// How many of the link's forms are being read, and how many answers wait to be stored.
    reading: Share,
    waiting: Share,
}

impl Door {
    fn new(link: LinkId, version: Arc<Compiled>) -> Door {
        Door { link, version, reading: Share::default(), waiting: Share::default() }
    }
}

/// So many forms are read at once, half of them of the same link.
const READERS: usize = 512;

/// So many links and versions are kept in memory; then the next ones take their place.
const DOORS: usize = 10_000;
const VERSIONS: usize = 200;

/// Guesses at tokens that nobody has: so many at once, and so many a second.
const TOKEN_BURST: i64 = 500;
const TOKENS_A_SECOND: i64 = 100;
/// Guesses at codes of one link.
const CODE_BURST: i64 = 100;
const CODES_A_SECOND: i64 = 5;

/// The open forms, with what they need in memory. Cheap to clone.
#[derive(Clone)]
pub struct Forms {
    store: Store,
    intake: Intake,
    code_key: CodeKey,
    stamp_key: StampKey,
    shared: Arc<Shared>,
}

struct Shared {
    doors: RwLock<HashMap<String, Door>>,
    versions: RwLock<HashMap<VersionId, Arc<Compiled>>>,
    /// One budget for all: a token is guessed among all links, so by address would slow down
    /// nobody who has many, and a whole school that has one.
    tokens: Throttle<()>,
    readers: Arc<Room>,
    codes: Throttle<LinkId>,
}

impl Forms {
    /// Starts the writer that stores what is answered. Codes are known by the key.
    pub fn start(store: Store, code_key: CodeKey) -> Result<Forms> {
        let intake = Intake::start(store.clone())?;
        let shared = Shared {
            doors: RwLock::default(),
            versions: RwLock::default(),
            tokens: Throttle::new(TOKEN_BURST, TOKENS_A_SECOND),
            readers: Room::new(READERS),
            codes: Throttle::new(CODE_BURST, CODES_A_SECOND),
        };
        let stamp_key = StampKey::of(&code_key)?;
        Ok(Forms { store, intake, code_key, stamp_key, shared: Arc::new(shared) })
    }

    /// What codes are made with, so that they are known here.
    pub fn code_key(&self) -> &CodeKey {
        &self.code_key
    }

    /// Waits until all that was taken is stored. Blocks: for the end of the program.
    pub fn drain(&self) {
        self.intake.drain();
    }

    /// The form as it is now.
    pub async fn show(&self, typed: &str, now: At) -> Result<PublicForm> {
        Ok(self.open(typed, now).await?.into())
    }

    /// The link as it is now, with all that a page says of it.
    pub async fn open(&self, typed: &str, now: At) -> Result<OpenForm> {
        let door = self.door(typed, now).await?;
        let place = self.shared.readers.enter(&door.reading)?;
        let stamp = self.stamp_key.stamp(door.link, now);
        let read = move |db: &mut Db| {
            let _place = place;
            OpenForm::read(db, door.link, door.version, stamp, now)
        };
        self.store.read(read).await
    }

    /// Takes a response, and comes back when it is on disk.
    pub async fn take(&self, typed: &str, input: ResponseInput, now: At) -> Result<Received> {
        let door = self.door(typed, now).await?;
        let mut faults = Faults::default();
        // Of an id that is not random another form may have made the same, and one is lost.
        if input.id.get_version() != Some(Version::Random) {
            faults.push(Fault::at("/id", "not_a_random_id"));
        }
        let answers = match check(&door.version, &input.answers) {
            Ok(answers) => answers,
            Err(Faults(more)) => {
                faults.0.extend(more);
                return Err(Error::Invalid(faults));
            }
        };
        faults.check()?;
        let stamp = input.stamp.as_deref();
        let id = ResponseId::of(door.link, input.id);
        let canonical = String::from_utf8(answers.canonical()).map_err(Error::unexpected)?;
        let code = match input.code.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(code) => {
                if let Err(slow) = self.shared.codes.check(&door.link, now) {
                    // Who sends again what is stored is guessing nothing.
                    let known = self.known(door.link, id, &canonical).await?.ok_or(slow)?;
                    return known.into_result().map(|()| Received { id: input.id });
                }
                // What can't be a code is none, and hashed like one.
                let code = token::read_code(code).unwrap_or_default();
                Some(self.code_key.hash(door.link, &code))
            }
        };
        let response = Checked {
            link: door.link,
            id,
            code,
            added: added(&door.version, &answers),
            version: door.version,
            answers: canonical,
            suspicious: !stamp.is_some_and(|stamp| self.stamp_key.is_good(door.link, stamp, now)),
            now,
        };
        let verdict = self.intake.take(response, &door.waiting).await?;
        if verdict == Verdict::CodeUnknown {
            self.shared.codes.failed(door.link, now);
        }
        verdict.into_result()?;
        Ok(Received { id: input.id })
    }

    /// What the intake would say of a response under an id that is stored; None where none is.
    async fn known(&self, link: LinkId, id: ResponseId, answers: &str) -> Result<Option<Verdict>> {
        let find = move |db: &mut _| Ok::<_, Error>(rows::answers::stored(db, link, &[id])?.pop());
        let stored = self.store.read(find).await?;
        Ok(stored.map(|(_, same)| match same == answers {
            true => Verdict::Known,
            false => Verdict::Differs,
        }))
    }

    /// The link behind a token. One that was found before is found in memory, so that who guesses
    /// holds up nobody who answers.
    async fn door(&self, typed: &str, now: At) -> Result<Door> {
        let token = token::read_token(typed).ok_or(Error::NotFound)?;
        if let Some(door) = read(&self.shared.doors, &token) {
            return Ok(door);
        }
        self.shared.tokens.check(&(), now)?;
        let forms = self.clone();
        let key = token.clone();
        let found = self.store.read(move |db| forms.look_up(db, &key)).await?;
        match found {
            Some(door) => {
                keep(&self.shared.doors, token, door.clone(), DOORS);
                Ok(door)
            }
            None => {
                self.shared.tokens.failed((), now);
                Err(Error::NotFound)
            }
        }
    }

    fn look_up(&self, db: &mut Db, token: &str) -> Result<Option<Door>> {
        let Some((link, version)) = rows::links::by_token(db, token)? else { return Ok(None) };
        if let Some(version) = read(&self.shared.versions, &version) {
            return Ok(Some(Door::new(link, version)));
        }
        let compiled = Arc::new(versions::compiled(db, version)?);
        keep(&self.shared.versions, version, compiled.clone(), VERSIONS);
        Ok(Some(Door::new(link, compiled)))
    }
}

fn read<K: Eq + std::hash::Hash, V: Clone>(of: &RwLock<HashMap<K, V>>, key: &K) -> Option<V> {
    of.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
}

/// Whatever is kept can be found again, so it matters little what has to go.
fn keep<K: Eq + std::hash::Hash, V>(of: &RwLock<HashMap<K, V>>, key: K, value: V, most: usize) {
    let mut kept = of.write().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= most {
        kept.clear();
    }
    kept.insert(key, value);
}
