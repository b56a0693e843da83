//! Machine tokens: for Excel, Power BI or a school's own system, so that none of them needs
//! anybody's password.
//!
//! A token belongs to its programme or project and not to whoever made it. It is known by the hash
//! of its secret, and has an account of its own that nobody can sign in to: that is the actor in
//! the audit trail. What it writes stands there entry by entry; that it was used stands there once
//! a day, since one table refreshed all day long would bury everything else.

mod rates;
pub mod routes;
mod rows;
mod secret;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

pub use rates::Rates;
pub use secret::{is_secret, is_whole, of as secret_of};

use self::rows::TokenRow;
use super::doors::Links;
use super::rows::memberships;
use super::scope::{Names, Scope, ScopeView};
use super::secret::Secret;
use super::{Account, Caller, Standing, users};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Fault, Faults, Result};
use crate::ids::{OrganisationId, ProgrammeId, ProjectId, UserId};
use crate::paging::{Listing, Page};
use crate::store::types::text_enum;
use crate::store::{Chain, Db, Within};

/// How far ahead a token may end.
const LONGEST_DAYS: u64 = 2 * 366;

text_enum! {
    /// What a machine token is for; nothing else is let through with it.
    pub enum TokenAccess {
        /// Fetching tables and figures.
        Read = "read",
        /// Posting counts of participants, one by one, in batches or as files.
        Import = "import",
    }
}

text_enum! {
    /// Only an active token opens anything.
    pub enum MachineTokenState {
        Active = "active",
        /// Its last day is over.
        Expired = "expired",
        Revoked = "revoked",
    }
}

/// A program that calls.
#[derive(Debug, Clone)]
pub struct Machine {
    /// The token's id, and that of its account.
    pub id: UserId,
    programme: ProgrammeId,
    project: Option<ProjectId>,
    organisation: Option<OrganisationId>,
    access: TokenAccess,
    /// Within what it is for.
    opened: bool,
}

impl Machine {
    pub(super) fn opened(&self, to: TokenAccess) -> Machine {
        Machine { opened: self.access == to, ..self.clone() }
    }

    pub(super) fn sees(&self, programme: ProgrammeId) -> Result<()> {
        match (self.programme == programme, self.opened) {
            (true, true) => Ok(()),
            (true, false) => Err(Error::Forbidden("not_for_tokens")),
            (false, _) => Err(Error::NotFound),
        }
    }

    pub(super) fn reads_all_of(&self, programme: ProgrammeId) -> bool {
        self.sees(programme).is_ok() && self.access == TokenAccess::Read && self.project.is_none()
    }

    /// None where all of the programme are seen.
    pub(super) fn projects_in(&self, programme: ProgrammeId) -> Option<Vec<ProjectId>> {
        match self.sees(programme) {
            Ok(()) => self.project.map(|project| vec![project]),
            Err(_) => Some(Vec::new()),
        }
    }

    pub(super) fn standing(&self, programme: ProgrammeId, project: ProjectId) -> Result<Standing> {
        if self.programme != programme || self.project.is_some_and(|own| own != project) {
            return Err(Error::NotFound);
        }
        self.sees(programme)?;
        let mut standing = Standing::default();
        match (self.organisation, self.access) {
            (Some(organisation), _) => standing.contributes_for.push(organisation),
            (None, TokenAccess::Read) => standing.reader = true,
            (None, TokenAccess::Import) => standing.counter = true,
        }
        Ok(standing)
    }
}

/// A token to be made. It can't be changed afterwards: make another one, and revoke this.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMachineToken {
    pub programme_id: ProgrammeId,
    /// Only this project; the programme as a whole where not given, which is for the secretariat.
    pub project_id: Option<ProjectId>,
    /// Only the counts of this organisation in the project.
    pub organisation_id: Option<OrganisationId>,
    /// What it is used by, for whoever finds it in the list or in the audit trail.
    #[validate(length(min = 1, max = 200))]
    #[schema(example = "Power BI, årsrapport")]
    pub name: String,
    pub access: TokenAccess,
    /// Its last day, at most two years ahead.
    #[serde(deserialize_with = "crate::clock::day")]
    pub ends_on: NaiveDate,
}

/// A machine token; its secret is not kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MachineToken {
    /// Also the `actor_id` of what is done with it.
    pub id: UserId,
    pub name: String,
    pub scope: ScopeView,
    pub access: TokenAccess,
    pub state: MachineTokenState,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// The account that made it; null for the operator.
    pub created_by: Option<UserId>,
    pub created_at: At,
    pub revoked_by: Option<UserId>,
    pub revoked_at: Option<At>,
    /// The last day on which it was used; null where it never was.
    pub last_used_on: Option<NaiveDate>,
}

/// A new machine token with its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MachineTokenSecret {
    pub machine_token: MachineToken,
    /// Shown once: for `Authorization: Bearer`, or as the password of HTTP Basic with any user
    /// name. `mt_` and 72 hexadecimal digits, the last 8 of which are the CRC-32 of the 64 before
    /// them, so that one that leaked can be found and told from anything else.
    #[schema(pattern = "^mt_[0-9a-f]{72}$")]
    pub token: Secret,
}

/// A token in an address.
#[derive(Debug, Clone, Copy)]
pub struct MachineTokenId(pub UserId);

impl Within for MachineTokenId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        Ok(rows::find(db, self.0)?.ok_or(Error::NotFound)?.programme_id.into())
    }
}

impl TokenRow {
    fn state(&self, now: At) -> MachineTokenState {
        if self.revoked_at.is_some() {
            MachineTokenState::Revoked
        } else if self.ends_on < now.day() {
            MachineTokenState::Expired
        } else {
            MachineTokenState::Active
        }
    }

    fn scope(&self) -> Scope {
        Scope {
            programme: self.programme_id,
            project: self.project_id,
            organisation: self.organisation_id,
        }
    }

    fn machine(&self) -> Machine {
        Machine {
            id: self.id,
            programme: self.programme_id,
            project: self.project_id,
            organisation: self.organisation_id,
            access: self.access,
            opened: false,
        }
    }
}

/// The secretariat makes tokens for the programme and its projects, a holder for its own project.
fn may_make(caller: &Caller, programme: ProgrammeId, project: Option<ProjectId>) -> Result<()> {
    match project {
        Some(project) => caller.standing(programme, project)?.require_holder(),
        None => caller.runs_programme(programme),
    }
}

pub fn create(
    db: &mut Db,
    caller: &Caller,
    links: &Links,
    input: &NewMachineToken,
    now: At,
) -> Result<MachineTokenId> {
    let (programme, project) = (input.programme_id, input.project_id);
    caller.sees_programme(programme)?;
    let mut faults = Faults::default();
    if let Some(id) = project
        && !memberships::has_project(db, programme, id)?
    {
        return Err(Fault::at("/project_id", "not_in_programme").into());
    }
    may_make(caller, programme, project)?;
    match (project, input.organisation_id) {
        (None, Some(_)) => faults.push(Fault::at("/project_id", "required")),
        (_, Some(id)) if !memberships::has_organisation(db, programme, id)? => {
            faults.push(Fault::at("/organisation_id", "not_in_programme"));
        }
        _ => {}
    }
    let latest = now.day().checked_add_days(Days::new(LONGEST_DAYS)).unwrap_or(now.day());
    if input.ends_on < now.day() || input.ends_on > latest {
        let fault = Fault::at("/ends_on", "ends_between").with("from", now.day());
        faults.push(fault.with("to", latest));
    }
    faults.check()?;
    let id = UserId::new();
    users::insert_machine(db, id, input.name.trim(), now)?;
    let row = TokenRow {
        id,
        token_hash: links.machine_token(id).fingerprint(),
        programme_id: programme,
        project_id: project,
        organisation_id: input.organisation_id,
        name: input.name.trim().to_string(),
        access: input.access,
        ends_on: input.ends_on,
        created_by: caller.actor(),
        created_at: now,
        revoked_by: None,
        revoked_at: None,
        last_used_on: None,
    };
    rows::insert(db, &row)?;
    audit::record(db, caller.actor(), now, Event::new("machine_token.created", id))?;
    Ok(MachineTokenId(id))
}

/// The token that was just made, with its secret.
pub fn secret(
    db: &mut Db,
    caller: &Caller,
    links: &Links,
    id: MachineTokenId,
    now: At,
) -> Result<MachineTokenSecret> {
    let machine_token = get(db, caller, id, now)?;
    Ok(MachineTokenSecret { token: links.machine_token(machine_token.id), machine_token })
}

pub fn get(db: &mut Db, caller: &Caller, id: MachineTokenId, now: At) -> Result<MachineToken> {
    let row = rows::find(db, id.0)?.ok_or(Error::NotFound)?;
    may_make(caller, row.programme_id, row.project_id)?;
    let scope = Names::one(db, row.scope())?;
    Ok(shown(row, scope, now))
}

/// The programme's tokens, the newest first: all of them for the secretariat, and for a holder
/// those of its own projects.
pub fn list(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    page: &Page<UserId>,
    now: At,
) -> Result<Listing<MachineToken>> {
    caller.sees_programme(programme)?;
    let own = match caller {
        _ if caller.runs_programme(programme).is_ok() => None,
        Caller::User(account) => Some(held_projects(account, programme)),
        _ => return Err(Error::Forbidden("not_for_tokens")),
    };
    if own.as_ref().is_some_and(Vec::is_empty) {
        return Err(Error::Forbidden("holder_only"));
    }
    let rows = page.listing(rows::list(db, programme, own.as_deref(), page)?, |row| row.id);
    let scopes: Vec<Scope> = rows.items.iter().map(TokenRow::scope).collect();
    let names = Names::load(db, &scopes)?;
    Ok(rows.map(|row| {
        let scope = names.of(row.scope());
        shown(row, scope, now)
    }))
}

fn held_projects(account: &Account, programme: ProgrammeId) -> Vec<ProjectId> {
    let held = account
        .memberships
        .iter()
        .filter(|one| one.programme == programme && one.role == super::Role::Holder);
    held.filter_map(|one| one.project).collect()
}

/// Ends a token, at once; it stays in the list.
pub fn revoke(db: &mut Db, caller: &Caller, id: MachineTokenId, now: At) -> Result<()> {
    let row = rows::find(db, id.0)?.ok_or(Error::NotFound)?;
    may_make(caller, row.programme_id, row.project_id)?;
    if row.revoked_at.is_some() {
        return Ok(());
    }
    rows::revoke(db, row.id, caller.actor(), now)?;
    audit::record(db, caller.actor(), now, Event::new("machine_token.revoked", row.id))
}

/// A token that was sent, if it is in force.
pub struct Presented {
    pub machine: Machine,
    pub programme: ProgrammeId,
    /// Nobody has used it today.
    pub is_new_today: bool,
}

pub fn present(db: &mut Db, token: &Secret, now: At) -> Result<Presented> {
    let row = rows::find_by_hash(db, &token.fingerprint())?;
    let row = row.filter(|row| token.is_of(&row.token_hash));
    let row = row.ok_or(Error::Unauthenticated("bad_token"))?;
    match row.state(now) {
        MachineTokenState::Active => Ok(Presented {
            machine: row.machine(),
            programme: row.programme_id,
            is_new_today: row.last_used_on != Some(now.day()),
        }),
        _ => Err(Error::Unauthenticated("machine_token_over")),
    }
}

/// Records the first use on a day.
pub fn note_use(db: &mut Db, id: UserId, now: At) -> Result<()> {
    let row = rows::find(db, id)?.ok_or(Error::Unauthenticated("machine_token_over"))?;
    if row.last_used_on == Some(now.day()) {
        return Ok(());
    }
    rows::note_use(db, id, now.day())?;
    audit::record(db, Some(id), now, Event::new("machine_token.used", id))
}

/// The caller that went on under that account, for work that is finished later.
pub(super) fn machine_of(db: &mut Db, id: UserId, now: At) -> Result<Option<Machine>> {
    let row = rows::find(db, id)?;
    Ok(row.filter(|row| row.state(now) == MachineTokenState::Active).map(|row| row.machine()))
}

fn shown(row: TokenRow, scope: ScopeView, now: At) -> MachineToken {
    MachineToken {
        id: row.id,
        state: row.state(now),
        name: row.name,
        scope,
        access: row.access,
        ends_on: row.ends_on,
        created_by: row.created_by,
        created_at: row.created_at,
        revoked_by: row.revoked_by,
        revoked_at: row.revoked_at,
        last_used_on: row.last_used_on,
    }
}

impl From<Uuid> for MachineTokenId {
    fn from(id: Uuid) -> MachineTokenId {
        MachineTokenId(id.into())
    }
}

impl From<MachineTokenId> for Uuid {
    fn from(id: MachineTokenId) -> Uuid {
        id.0.into()
    }
}

impl<'de> Deserialize<'de> for MachineTokenId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<MachineTokenId, D::Error> {
        UserId::deserialize(from).map(MachineTokenId)
    }
}
