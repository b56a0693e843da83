//! The ways into an account, where slow work (hashing) stands between a look and a write.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::hasher::{Hasher, QUEUE};
use super::invitations::{self, Acceptance, Newcomer};
use super::machines::{self, Presented, Rates};
use super::members::MyMembership;
use super::resets::{self, NewPassword};
use super::secret::Secret;
use super::sessions::{self, SignIn, SignedIn};
use super::throttle::Throttle;
use super::token::{LinkKind, Tokens};
use super::{Caller, password, rows, users};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::UserId;
use crate::store::{Installation, Store};

/// Addresses with a secret in them, to be handed on.
#[derive(Clone)]
pub struct Links {
    tokens: Tokens,
    public_url: String,
}

impl Links {
    /// The address under which people reach the service.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    pub fn token(&self, kind: LinkKind, id: impl Into<Uuid>) -> Secret {
        self.tokens.link(kind, id)
    }

    pub fn machine_token(&self, id: UserId) -> Secret {
        machines::secret_of(self.tokens.machine_token(id))
    }

    pub fn link(&self, kind: LinkKind, id: impl Into<Uuid>) -> Secret {
        let folder = match kind {
            LinkKind::Invitation => "invitations",
            LinkKind::PasswordReset => "password-resets",
        };
        let token = self.token(kind, id);
        Secret::new(format!("{}/{folder}/{}", self.public_url, token.expose()))
    }
}

/// What the routes are given to let people in. One for the whole service: the queue and the
/// throttle are counted in it.
pub struct Doors {
    pub tokens: Tokens,
    pub hasher: Hasher,
    pub throttle: Throttle,
    pub links: Links,
    /// Of machine tokens.
    pub rates: Rates,
}

/// A change of password by the account itself.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    pub current_password: Secret,
    /// 15 to 256 characters, and nothing that is quickly guessed.
    pub password: Secret,
}

impl Doors {
    /// With the key that tokens are signed with, and the address under which people reach the
    /// service. Refuses a key that is empty, short or known.
    pub fn new(signing_key: &[u8], public_url: &str) -> Result<Doors, String> {
        Doors::with_queue(signing_key, public_url, QUEUE)
    }

    /// As [`Doors::new`], with that many places before the hasher.
    pub fn with_queue(signing_key: &[u8], public_url: &str, queue: usize) -> Result<Doors, String> {
        let tokens = Tokens::new(signing_key)?;
        let public_url = public_url.trim_end_matches('/').to_string();
        let links = Links { tokens: tokens.clone(), public_url };
        let hasher = Hasher::start(queue)?;
        let (throttle, rates) = (Throttle::default(), Rates::default());
        Ok(Doors { tokens, hasher, throttle, links, rates })
    }

    /// A new session for mail and password. Says no in one way only, and after the same time,
    /// whether the account exists or not.
    pub async fn sign_in(&self, store: &Store, input: SignIn, now: At) -> Result<SignedIn> {
        let mail = users::normal_mail(&input.mail);
        let wanted = mail.clone();
        let known = store.read(move |db| Ok(rows::user_by_mail(db, &wanted)?)).await?;
        let (user, hash) = known.map(|row| (row.id, row.password_hash)).unzip();
        let hash = hash.flatten();
        let right = self.is_right(&mail, input.password, hash.clone(), now).await?;
        match (user, hash) {
            (Some(user), Some(hash)) if right => {
                let tokens = self.tokens.clone();
                let start = move |db: &mut _| sessions::start(db, &tokens, user, &hash, now);
                store.write(Installation, start).await
            }
            _ => Err(Error::Unauthenticated("wrong_credentials")),
        }
    }

    /// Replaces the account's password, and ends all its sessions, this one too.
    pub async fn change_password(
        &self,
        store: &Store,
        caller: Caller,
        input: PasswordChange,
        now: At,
    ) -> Result<()> {
        let account = caller.account()?.clone();
        password::check(&input.password, &account.mail, &account.name)?;
        let known = store.read(move |db| Ok(rows::user(db, account.id)?)).await?;
        let hash = known.and_then(|row| row.password_hash);
        let right = self.is_right(&account.mail, input.current_password, hash.clone(), now).await?;
        let verified = match hash {
            Some(hash) if right => hash,
            _ => return Err(Error::invalid("/current_password", "wrong_password")),
        };
        let new = self.hasher.hash(input.password)?.await?;
        let change = move |db: &mut _| users::change_password(db, &caller, &verified, &new, now);
        store.write(Installation, change).await
    }

    /// Sets the password of the account that the link was made for.
    pub async fn reset_password(
        &self,
        store: &Store,
        token: Secret,
        input: NewPassword,
        now: At,
    ) -> Result<()> {
        let wanted = token.clone();
        let user = store.read(move |db| resets::open(db, &wanted, now)).await?;
        password::check(&input.password, &user.mail, &user.name)?;
        let hash = self.hasher.hash(input.password)?.await?;
        store.write(Installation, move |db| resets::apply(db, &token, &hash, now)).await?;
        self.throttle.succeeded(&user.mail);
        Ok(())
    }

    /// Accepts the invitation that the link is for.
    pub async fn accept(
        &self,
        store: &Store,
        caller: Option<Caller>,
        token: Secret,
        input: Acceptance,
        now: At,
    ) -> Result<MyMembership> {
        let (id, preview) = store.read(move |db| invitations::preview(db, &token, now)).await?;
        let newcomer = match preview.has_account {
            true => None,
            false => Some(self.newcomer(&preview.mail, input).await?),
        };
        let accept = move |db: &mut _| invitations::accept(db, caller.as_ref(), id, newcomer, now);
        store.write(id, accept).await
    }

    async fn newcomer(&self, mail: &str, input: Acceptance) -> Result<Newcomer> {
        let mut faults = Faults::default();
        let name = input.name.unwrap_or_default();
        if name.is_empty() {
            faults.push(Fault::at("/name", "required"));
        } else {
            faults.keep(users::checked_name(&name));
        }
        let Some(password) = input.password else {
            faults.push(Fault::at("/password", "required"));
            return Err(Error::Invalid(faults));
        };
        faults.keep(password::check(&password, mail, &name));
        faults.check()?;
        Ok(Newcomer { name, password_hash: self.hasher.hash(password)?.await? })
    }

    /// The program that came with a machine token.
    pub async fn machine(&self, store: &Store, token: &Secret, now: At) -> Result<Caller> {
        if !machines::is_whole(token.expose()) {
            return Err(Error::Unauthenticated("bad_token"));
        }
        let token = token.clone();
        let presented = store.read(move |db| machines::present(db, &token, now)).await?;
        let Presented { machine, programme, is_new_today } = presented;
        self.rates.take(machine.id, now)?;
        if is_new_today {
            let id = machine.id;
            store.write(programme, move |db| machines::note_use(db, id, now)).await?;
        }
        Ok(Caller::Machine(machine))
    }

    /// Holds a password against what is kept, unless too many were wrong just before.
    async fn is_right(
        &self,
        mail: &str,
        password: Secret,
        hash: Option<String>,
        now: At,
    ) -> Result<bool> {
        let answer =
            self.throttle.attempt(mail, now, || self.hasher.verify(password, hash))?.await?;
        if answer {
            self.throttle.succeeded(mail);
        }
        Ok(answer)
    }
}
