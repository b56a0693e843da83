//! Invitations: a link that the secretariat hands on, good for seven days and once.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::doors::Links;
use super::members::{self, MyMembership};
use super::rows::memberships::{self, InvitationRow};
use super::scope::{Names, Scope, ScopeView};
use super::secret::Secret;
use super::token::LinkKind;
use super::{Caller, Role, rows, users};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{InvitationId, OrganisationId, ProgrammeId, ProjectId};
use crate::paging::{Listing, Page};
use crate::store::types::text_enum;
use crate::store::{Chain, Db, Within};

/// How long an invitation is good for, in seconds.
const GOOD_SECONDS: i64 = 7 * 24 * 60 * 60;

text_enum! {
    /// Where an invitation stands. Only an open one can be accepted.
    pub enum InvitationState {
        Open = "open",
        Accepted = "accepted",
        Withdrawn = "withdrawn",
        Expired = "expired",
    }
}

/// Who is invited, and to what.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    pub programme_id: ProgrammeId,
    #[validate(email, length(min = 3, max = 254))]
    #[schema(example = "koordinator@aalborg-katedralskole.dk")]
    pub mail: String,
    pub role: Role,
    /// For a holder and a contributor, and for nobody else.
    pub project_id: Option<ProjectId>,
    /// For a contributor: whose counts may be posted and seen.
    pub organisation_id: Option<OrganisationId>,
}

/// An invitation, for the programme's secretariat.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Invitation {
    pub id: InvitationId,
    pub mail: String,
    pub role: Role,
    pub scope: ScopeView,
    pub state: InvitationState,
    pub created_at: At,
    pub expires_at: At,
}

/// An invitation with the link that is to be handed on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InvitationLink {
    pub invitation: Invitation,
    /// Whoever has it can accept the invitation: it is for the invited person only.
    pub link: Secret,
}

/// An open invitation, for whoever was handed the link.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InvitationPreview {
    pub mail: String,
    pub role: Role,
    pub scope: ScopeView,
    pub expires_at: At,
    /// Whether the mail address has an account: then the invitation is accepted signed in to it,
    /// and without a name or a password.
    pub has_account: bool,
}

/// How an invitation is accepted: with name and password where an account is to be made, with
/// nothing (`{}`) where the mail address has one.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The person's name, for the new account.
    #[validate(length(min = 1, max = 200))]
    #[schema(example = "Mette Kirkegaard")]
    pub name: Option<String>,
    /// 15 to 256 characters, and nothing that is quickly guessed.
    pub password: Option<Secret>,
}

/// An account to be made: the password is hashed before, outside of the transaction.
pub struct Newcomer {
    pub name: String,
    pub password_hash: String,
}

impl Within for InvitationId {
    fn chain(&self, db: &mut Db) -> Result<Chain> {
        let row = memberships::invitation(db, *self)?.ok_or(Error::NotFound)?;
        Ok(row.programme_id.into())
    }
}

impl InvitationRow {
    fn scope(&self) -> Scope {
        Scope {
            programme: self.programme_id,
            project: self.project_id,
            organisation: self.organisation_id,
        }
    }

    fn state(&self, now: At) -> InvitationState {
        if self.accepted_at.is_some() {
            InvitationState::Accepted
        } else if self.withdrawn_at.is_some() {
            InvitationState::Withdrawn
        } else if self.expires_at <= now {
            InvitationState::Expired
        } else {
            InvitationState::Open
        }
    }

    fn require_open(self, now: At) -> Result<InvitationRow> {
        match self.state(now) {
            InvitationState::Open => Ok(self),
            _ => Err(Error::Conflict("invitation_over")),
        }
    }
}

pub fn create(
    db: &mut Db,
    caller: &Caller,
    links: &Links,
    input: &NewInvitation,
    now: At,
) -> Result<InvitationId> {
    caller.runs_programme(input.programme_id)?;
    let scope = Scope {
        programme: input.programme_id,
        project: input.project_id,
        organisation: input.organisation_id,
    };
    scope.check(db, input.role)?;
    let mail = users::normal_mail(&input.mail);
    if let Some(user) = rows::user_by_mail(db, &mail)?
        && members::has(db, user.id, input.role, scope)?
    {
        return Err(Error::Conflict("already_member"));
    }
    let id = InvitationId::new();
    let row = InvitationRow {
        id,
        token_hash: links.token(LinkKind::Invitation, id).fingerprint(),
        programme_id: scope.programme,
        mail,
        role: input.role,
        project_id: scope.project,
        organisation_id: scope.organisation,
        invited_by: caller.actor(),
        created_at: now,
        expires_at: now.plus_seconds(GOOD_SECONDS),
        accepted_at: None,
        withdrawn_at: None,
    };
    memberships::insert_invitation(db, &row)?;
    audit::record(db, caller.actor(), now, Event::new("invitation.created", id))?;
    Ok(id)
}

/// The invitation with its link, for the secretariat that made it.
pub fn link(
    db: &mut Db,
    caller: &Caller,
    links: &Links,
    id: InvitationId,
    now: At,
) -> Result<InvitationLink> {
    let row = memberships::invitation(db, id)?.ok_or(Error::NotFound)?;
    caller.runs_programme(row.programme_id)?;
    let scope = Names::one(db, row.scope())?;
    Ok(InvitationLink {
        invitation: shown(row, scope, now),
        link: links.link(LinkKind::Invitation, id),
    })
}

/// The programme's invitations, newest first; for its secretariat.
pub fn list(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    page: &Page<InvitationId>,
    now: At,
) -> Result<Listing<Invitation>> {
    caller.runs_programme(programme)?;
    let rows = page.listing(memberships::invitations(db, programme, page)?, |row| row.id);
    let scopes: Vec<Scope> = rows.items.iter().map(InvitationRow::scope).collect();
    let names = Names::load(db, &scopes)?;
    Ok(rows.map(|row| {
        let scope = names.of(row.scope());
        shown(row, scope, now)
    }))
}

/// Takes back an invitation that nobody has accepted; its link leads nowhere from then on.
pub fn withdraw(db: &mut Db, caller: &Caller, id: InvitationId, now: At) -> Result<()> {
    let row = memberships::invitation(db, id)?.ok_or(Error::NotFound)?;
    caller.runs_programme(row.programme_id)?;
    match row.state(now) {
        InvitationState::Withdrawn => return Ok(()),
        InvitationState::Accepted => return Err(Error::Conflict("invitation_over")),
        InvitationState::Open | InvitationState::Expired => {}
    }
    memberships::withdraw_invitation(db, id, now)?;
    audit::record(db, caller.actor(), now, Event::new("invitation.withdrawn", id))
}

/// What the link is an invitation to: the secret in it is what lets one see that.
pub fn preview(db: &mut Db, token: &Secret, now: At) -> Result<(InvitationId, InvitationPreview)> {
    let row = memberships::invitation_by_hash(db, &token.fingerprint())?;
    let row = row.filter(|row| token.is_of(&row.token_hash)).ok_or(Error::NotFound)?;
    let row = row.require_open(now)?;
    let preview = InvitationPreview {
        has_account: rows::user_by_mail(db, &row.mail)?.is_some(),
        scope: Names::one(db, row.scope())?,
        mail: row.mail,
        role: row.role,
        expires_at: row.expires_at,
    };
    Ok((row.id, preview))
}

/// Accepts an invitation whose link was shown. A mail address without an account gets one; one
/// that has an account must be signed in to it, since a link alone is no proof of being its owner.
pub fn accept(
    db: &mut Db,
    caller: Option<&Caller>,
    id: InvitationId,
    newcomer: Option<Newcomer>,
    now: At,
) -> Result<MyMembership> {
    let row = memberships::invitation(db, id)?.ok_or(Error::NotFound)?.require_open(now)?;
    let (user, is_new) = match (rows::user_by_mail(db, &row.mail)?, newcomer) {
        (Some(known), _) => {
            let signed_in = caller.and_then(Caller::actor);
            if signed_in != Some(known.id) {
                return Err(Error::Conflict("sign_in_first"));
            }
            (known.id, false)
        }
        (None, Some(newcomer)) => {
            let Newcomer { name, password_hash } = newcomer;
            let made = users::insert(db, &row.mail, &name, &password_hash, now);
            // Name and mail are known to be good, so another programme's invitation was first.
            let taken = |error| match error {
                Error::Invalid(_) => Error::Conflict("sign_in_first"),
                other => other,
            };
            (made.map_err(taken)?, true)
        }
        // Accounts are never deleted, so it had one when the link was shown.
        (None, None) => return Err(Error::unexpected("an account is gone")),
    };
    if is_new {
        audit::record(db, Some(user), now, Event::new("user.created", user))?;
    }
    memberships::accept_invitation(db, id, now)?;
    audit::record(db, Some(user), now, Event::new("invitation.accepted", id))?;
    let membership = members::add(db, Some(user), user, row.role, row.scope(), now)?;
    Ok(MyMembership {
        id: membership,
        role: row.role,
        scope: Names::one(db, row.scope())?,
        may: row.role.may().to_vec(),
    })
}

fn shown(row: InvitationRow, scope: ScopeView, now: At) -> Invitation {
    Invitation {
        id: row.id,
        state: row.state(now),
        mail: row.mail,
        role: row.role,
        scope,
        created_at: row.created_at,
        expires_at: row.expires_at,
    }
}
