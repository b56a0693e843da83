//! A new password for whoever forgot theirs: a link from the secretariat or the operator, good for
//! 24 hours and once.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::doors::Links;
use super::rows::{self, ResetRow, UserRow, memberships};
use super::secret::Secret;
use super::token::LinkKind;
use super::{Caller, Membership, Role, users};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Error, Result};
use crate::ids::{ProgrammeId, ResetId, UserId};
use crate::store::Db;

/// How long a link is good for, in seconds.
const GOOD_SECONDS: i64 = 24 * 60 * 60;

/// Whose password is to be set anew.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReset {
    #[validate(length(min = 1, max = 254))]
    #[schema(example = "koordinator@aalborg-katedralskole.dk")]
    pub mail: String,
}

/// The link that is to be handed to the account's owner, and to nobody else.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResetLink {
    pub id: ResetId,
    pub mail: String,
    /// Whoever has it can set the account's password.
    pub link: Secret,
    pub expires_at: At,
}

/// The new password.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// 15 to 256 characters, and nothing that is quickly guessed.
    pub password: Secret,
}

/// How much of an account lies within the programmes that somebody runs.
#[derive(Debug, PartialEq, Eq)]
enum Reach {
    Nothing,
    Part,
    Whole,
}

fn reach(maker: &[Membership], account: &[Membership]) -> Reach {
    let runs = |programme: ProgrammeId| {
        maker.iter().any(|one| one.role == Role::Secretariat && one.programme == programme)
    };
    match account.iter().filter(|one| runs(one.programme)).count() {
        0 => Reach::Nothing,
        within if within == account.len() => Reach::Whole,
        _ => Reach::Part,
    }
}

/// Makes a link. A secretariat makes one only for an account that has no role elsewhere: it could
/// use the link itself, and would then hold the roles of another programme.
pub fn create(db: &mut Db, caller: &Caller, links: &Links, mail: &str, now: At) -> Result<ResetId> {
    let maker = match caller {
        Caller::Operator => None,
        Caller::Machine(_) => return Err(Error::Forbidden("not_for_tokens")),
        Caller::User(account) => {
            if !account.memberships.iter().any(|one| one.role == Role::Secretariat) {
                return Err(Error::Forbidden("secretariat_only"));
            }
            Some(account)
        }
    };
    let user = rows::user_by_mail(db, &users::normal_mail(mail))?.ok_or(Error::NotFound)?;
    if let Some(maker) = maker {
        match reach(&maker.memberships, &memberships::of_user(db, user.id)?) {
            Reach::Nothing => return Err(Error::NotFound),
            Reach::Part => return Err(Error::Forbidden("account_elsewhere")),
            Reach::Whole => {}
        }
    }
    if user.disabled_at.is_some() {
        return Err(Error::Conflict("account_is_disabled"));
    }
    let id = ResetId::new();
    let row = ResetRow {
        id,
        token_hash: links.token(LinkKind::PasswordReset, id).fingerprint(),
        user_id: user.id,
        made_by: caller.actor(),
        created_at: now,
        expires_at: now.plus_seconds(GOOD_SECONDS),
        used_at: None,
    };
    rows::insert_reset(db, &row)?;
    audit::record(db, caller.actor(), now, Event::new("password_reset.created", id))?;
    Ok(id)
}

/// The link, for whoever made it.
pub fn link(db: &mut Db, caller: &Caller, links: &Links, id: ResetId) -> Result<ResetLink> {
    let row = rows::reset(db, id)?.filter(|row| row.made_by == caller.actor());
    let row = row.ok_or(Error::NotFound)?;
    let user = rows::user(db, row.user_id)?.ok_or(Error::NotFound)?;
    Ok(ResetLink {
        id,
        mail: user.mail,
        link: links.link(LinkKind::PasswordReset, id),
        expires_at: row.expires_at,
    })
}

/// The account that a link leads to, while it is good.
pub(super) fn open(db: &mut Db, token: &Secret, now: At) -> Result<UserRow> {
    let row = rows::reset_by_hash(db, &token.fingerprint())?;
    let row = row.filter(|row| token.is_of(&row.token_hash)).ok_or(Error::NotFound)?;
    let user = rows::user(db, row.user_id)?.ok_or(Error::NotFound)?;
    let is_open = row.used_at.is_none() && row.expires_at > now && user.disabled_at.is_none();
    if is_open && still_may(db, row.made_by, user.id)? {
        Ok(user)
    } else {
        Err(Error::Conflict("reset_over"))
    }
}

/// Roles change after a link is made: whoever made it must still be allowed to.
fn still_may(db: &mut Db, maker: Option<UserId>, user: UserId) -> Result<bool> {
    let Some(maker) = maker else { return Ok(true) };
    let disabled = rows::user(db, maker)?.is_none_or(|row| row.disabled_at.is_some());
    let (makers, account) = (memberships::of_user(db, maker)?, memberships::of_user(db, user)?);
    Ok(!disabled && reach(&makers, &account) == Reach::Whole)
}

/// Sets the password that the link's owner chose; every session of the account ends.
pub(super) fn apply(db: &mut Db, token: &Secret, password_hash: &str, now: At) -> Result<()> {
    let user = open(db, token, now)?;
    users::replace_password(db, Some(user.id), user.id, password_hash, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::MembershipId;

    fn member(role: Role, programme: ProgrammeId) -> Membership {
        let id = MembershipId::new();
        Membership { id, role, programme, project: None, organisation: None }
    }

    #[test]
    fn a_secretariat_reaches_accounts_of_its_own_programmes_only() {
        let (nord, midt) = (ProgrammeId::new(), ProgrammeId::new());
        let secretariat = [member(Role::Secretariat, nord), member(Role::Reader, midt)];
        let of = |account: &[Membership]| reach(&secretariat, account);
        assert_eq!(of(&[member(Role::Holder, nord)]), Reach::Whole);
        assert_eq!(of(&[member(Role::Holder, nord), member(Role::Reader, nord)]), Reach::Whole);
        assert_eq!(of(&[member(Role::Holder, nord), member(Role::Holder, midt)]), Reach::Part);
        assert_eq!(of(&[member(Role::Holder, midt)]), Reach::Nothing);
        // An account without any role is nobody's to take over.
        assert_eq!(of(&[]), Reach::Nothing);
    }
}
