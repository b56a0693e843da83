//! Who calls, by name.

use std::collections::HashMap;
use std::sync::LazyLock;

use maaltal::accounts::token::Tokens;
use maaltal::accounts::{Caller, Role, Scope, Secret, members, password, sessions, users};
use maaltal::clock::At;
use maaltal::error::Result;
use maaltal::ids::{SessionId, UserId};
use maaltal::store::{Installation, Store};

use super::world::{World, beginning};

/// Who calls. All but the last two belong to Nordjylland, holder and contributor to LabSTEM Nord.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Persona {
    /// Runs Nordjylland.
    Secretariat,
    /// Sits on Nordjylland's steering committee.
    Reader,
    /// Runs LabSTEM Nord at Aalborg Universitet.
    Holder,
    /// Posts Hjørring Gymnasium's counts in LabSTEM Nord.
    Contributor,
    /// Runs Midtjylland, and has nothing to do with Nordjylland.
    OtherSecretariat,
    /// A request without a token.
    Nobody,
}

/// The password of every persona.
pub const PASSWORD: &str = "Limfjorden fryser sjældent til";

/// What the tokens of the tests are signed with.
pub const SIGNING_KEY: &[u8] = b"the key of the tests, which nobody else has any use for";

impl Persona {
    pub const ALL: [Persona; 6] = [
        Persona::Secretariat,
        Persona::Reader,
        Persona::Holder,
        Persona::Contributor,
        Persona::OtherSecretariat,
        Persona::Nobody,
    ];

    pub fn mail(self) -> &'static str {
        match self {
            Persona::Secretariat => "stem@rn.dk",
            Persona::Reader => "styregruppe@rn.dk",
            Persona::Holder => "labstem@aau.dk",
            Persona::Contributor => "stem@hjoerring-gym.dk",
            Persona::OtherSecretariat => "stem@rm.dk",
            Persona::Nobody => panic!("nobody has no mail address"),
        }
    }

    fn role(self, world: &World) -> Option<(Role, Scope)> {
        let World { nordjylland, midtjylland, labstem, hjoerring, .. } = *world;
        Some(match self {
            Persona::Secretariat => (Role::Secretariat, Scope::programme(nordjylland)),
            Persona::Reader => (Role::Reader, Scope::programme(nordjylland)),
            Persona::Holder => (Role::Holder, Scope::project(nordjylland, labstem)),
            Persona::Contributor => {
                (Role::Contributor, Scope::contribution(nordjylland, labstem, hjoerring))
            }
            Persona::OtherSecretariat => (Role::Secretariat, Scope::programme(midtjylland)),
            Persona::Nobody => return None,
        })
    }
}

/// The accounts of the personas, each with a session.
#[derive(Debug, Clone)]
pub struct People(HashMap<Persona, (UserId, SessionId)>);

impl People {
    /// Accounts and roles as the operator gives them; sessions without the sign-in, which is slow
    /// on purpose.
    pub fn seed(store: &Store, world: &World) -> Result<People> {
        static HASH: LazyLock<String> =
            LazyLock::new(|| password::hash(&Secret::new(PASSWORD)).expect("a hash"));
        let (operator, now) = (Caller::Operator, beginning());
        let mut people = HashMap::new();
        for persona in Persona::ALL {
            let Some((role, scope)) = persona.role(world) else { continue };
            let user = store.write_here(Installation, |db| {
                users::add(db, &operator, persona.mail(), &format!("{persona:?}"), &HASH, now)
            })?;
            store.write_here(scope.programme, |db| {
                members::grant(db, &operator, user, role, scope, now)
            })?;
            let session = store.write_here(Installation, |db| {
                let signed_in = sessions::start(db, &tokens(), user, &HASH, now)?;
                Ok(tokens().verify(signed_in.access_token.expose(), now)?.sid)
            })?;
            people.insert(persona, (user, session));
        }
        Ok(People(people))
    }

    pub fn account(&self, persona: Persona) -> UserId {
        self.0.get(&persona).expect("a persona with an account").0
    }

    /// An access token, none for nobody.
    pub fn token(&self, persona: Persona, now: At) -> Option<String> {
        let (user, session) = *self.0.get(&persona)?;
        let token = tokens().access(user, session, now).expect("a token");
        Some(token.expose().to_string())
    }
}

fn tokens() -> Tokens {
    Tokens::new(SIGNING_KEY).expect("a signing key")
}
