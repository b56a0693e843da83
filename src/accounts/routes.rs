use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, delete, get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Caller;
use super::doors::{Doors, PasswordChange};
use super::invitations::{
    self, Acceptance, Invitation, InvitationLink, InvitationPreview, NewInvitation,
};
use super::machines;
use super::members::{self, Me, Member, MyMembership};
use super::resets::{self, NewPassword, NewReset, ResetLink};
use super::secret::Secret;
use super::sessions::{self, Refresh, SignIn, SignedIn};
use crate::error::{Error, Result};
use crate::http::{
    Body, Created, Deleted, FromPath, FromQuery, IdempotencyKey, Now, PageQuery, Shown,
    UserOfRequest,
};
use crate::ids::{InvitationId, MembershipId, ProgrammeId};
use crate::paging::Listing;
use crate::store::{Installation, Store};

impl FromRequest for Caller {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let token = bearer(&request)?.ok_or(Error::Unauthenticated("sign_in"))?;
            caller(&request, &token).await
        })
    }
}

/// Who is calling, where nobody needs to be. A token that is sent must be good all the same.
pub struct OptionalCaller(pub Option<Caller>);

impl FromRequest for OptionalCaller {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            match bearer(&request)? {
                None => Ok(OptionalCaller(None)),
                Some(token) => caller(&request, &token).await.map(|it| OptionalCaller(Some(it))),
            }
        })
    }
}

/// The token of the `Authorization` header. A spreadsheet sends a machine token as the password of
/// HTTP Basic; nothing else may come that way.
fn bearer(request: &HttpRequest) -> Result<Option<Secret>> {
    let Some(given) = request.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    let parts = given.to_str().ok().and_then(|value| value.split_once(' '));
    let token = match parts {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            Some(Secret::new(token.trim()))
        }
        Some((scheme, pair)) if scheme.eq_ignore_ascii_case("basic") => basic(pair.trim()),
        _ => None,
    };
    token.map(Some).ok_or(Error::Unauthenticated("bad_token"))
}

fn basic(pair: &str) -> Option<Secret> {
    let pair = String::from_utf8(STANDARD.decode(pair).ok()?).ok()?;
    let (_, password) = pair.split_once(':')?;
    machines::is_secret(password).then(|| Secret::new(password))
}

/// The session or the machine token is looked up each time, so that its end holds at once.
async fn caller(request: &HttpRequest, token: &Secret) -> Result<Caller> {
    let given = |what| Error::unexpected(format!("the app was given no {what}"));
    let doors = request.app_data::<Data<Doors>>().ok_or_else(|| given("doors"))?;
    let store = request.app_data::<Data<Store>>().ok_or_else(|| given("store"))?;
    let now = Now::extract(request).await.map_err(Error::unexpected)?;
    let caller = if machines::is_secret(token.expose()) {
        doors.machine(store, token, now.0).await?
    } else {
        let claims = doors.tokens.verify(token.expose(), now.0)?;
        store.read(move |db| sessions::caller(db, &claims)).await?
    };
    if let Some(user) = caller.actor() {
        request.extensions_mut().insert(UserOfRequest(user));
    }
    Ok(caller)
}

/// Signs in with mail address and password. After five wrong ones the account is slowed down
/// (429), never locked.
#[utoipa::path(tag = "sign-in", request_body = SignIn)]
#[post("/auth/sign-in")]
pub async fn sign_in(
    store: Data<Store>,
    doors: Data<Doors>,
    now: Now,
    body: Body<SignIn>,
) -> Result<Shown<SignedIn>> {
    Ok(Shown(doors.sign_in(&store, body.value, now.0).await?))
}

/// Gives the next access token and the next refresh token. One that was used before ends the
/// session: somebody has a copy of it.
#[utoipa::path(tag = "sign-in", request_body = Refresh)]
#[post("/auth/refresh")]
pub async fn refresh_session(
    store: Data<Store>,
    doors: Data<Doors>,
    now: Now,
    body: Body<Refresh>,
) -> Result<Shown<SignedIn>> {
    let tokens = doors.tokens.clone();
    let refresh =
        move |db: &mut _| sessions::refresh(db, &tokens, &body.value.refresh_token, now.0);
    let signed_in = store.write(Installation, refresh).await?;
    Ok(Shown(signed_in.ok_or(Error::Unauthenticated("session_ended"))?))
}

/// Ends the session, at once.
#[utoipa::path(tag = "sign-in")]
#[post("/auth/sign-out")]
pub async fn sign_out(store: Data<Store>, now: Now, caller: Caller) -> Result<Deleted> {
    store.write(Installation, move |db| sessions::end(db, &caller, now.0)).await?;
    Ok(Deleted)
}

/// Changes the account's own password. All its sessions end, this one too.
#[utoipa::path(tag = "sign-in", request_body = PasswordChange)]
#[post("/auth/password")]
pub async fn change_password(
    store: Data<Store>,
    doors: Data<Doors>,
    now: Now,
    caller: Caller,
    body: Body<PasswordChange>,
) -> Result<Deleted> {
    doors.change_password(&store, caller, body.value, now.0).await?;
    Ok(Deleted)
}

/// Makes a link with which an account's owner sets a new password; good for 24 hours and once.
/// For a secretariat, and for accounts that have roles in its programmes only.
#[utoipa::path(tag = "sign-in", params(IdempotencyKey), request_body = NewReset)]
#[post("/auth/password-resets")]
pub async fn create_password_reset(
    store: Data<Store>,
    doors: Data<Doors>,
    now: Now,
    caller: Caller,
    key: IdempotencyKey,
    body: Body<NewReset>,
) -> Result<Created<ResetLink>> {
    let once = key.bound_to(&body);
    let links = doors.links.clone();
    let link = store
        .write(Installation, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| resets::create(db, &caller, &links, &body.value.mail, now.0),
                |db, made| resets::link(db, &caller, &links, made),
            )
        })
        .await?;
    Ok(Created::unversioned("/api/v1/auth/password-resets".to_string(), link))
}

/// Sets a new password, with the token of a link. All sessions of the account end.
#[utoipa::path(
    tag = "sign-in",
    params(("token" = String, Path, description = "The last part of the link")),
    request_body = NewPassword
)]
#[post("/auth/password-resets/{token}")]
pub async fn use_password_reset(
    store: Data<Store>,
    doors: Data<Doors>,
    now: Now,
    FromPath(token): FromPath<String>,
    body: Body<NewPassword>,
) -> Result<Deleted> {
    doors.reset_password(&store, Secret::new(token), body.value, now.0).await?;
    Ok(Deleted)
}

/// The signed-in account, its roles, and what they let it do.
#[utoipa::path(tag = "accounts")]
#[get("/me")]
pub async fn show_me(store: Data<Store>, caller: Caller) -> Result<Shown<Me>> {
    Ok(Shown(store.read(move |db| members::me(db, &caller)).await?))
}

/// Invites somebody to a role. The link in the answer is to be handed to the invited person; it
/// is good for seven days and once.
#[utoipa::path(tag = "accounts", params(IdempotencyKey), request_body = NewInvitation)]
#[post("/invitations")]
pub async fn create_invitation(
    store: Data<Store>,
    doors: Data<Doors>,
    now: Now,
    caller: Caller,
    key: IdempotencyKey,
    body: Body<NewInvitation>,
) -> Result<Created<InvitationLink>> {
    let once = key.bound_to(&body);
    let links = doors.links.clone();
    let programme = body.value.programme_id;
    let made = store
        .write(programme, move |db| {
            once.run(
                db,
                caller.actor(),
                now.0,
                |db| invitations::create(db, &caller, &links, &body.value, now.0),
                |db, made| invitations::link(db, &caller, &links, made, now.0),
            )
        })
        .await?;
    Ok(Created::unversioned(format!("/api/v1/programmes/{programme}/invitations"), made))
}

/// The programme's invitations, newest first; for its secretariat.
#[utoipa::path(tag = "accounts", params(("id" = ProgrammeId, Path), PageQuery))]
#[get("/programmes/{id}/invitations")]
pub async fn list_invitations(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<PageQuery>,
) -> Result<Shown<Listing<Invitation>>> {
    let page = query.page()?;
    let list = move |db: &mut _| invitations::list(db, &caller, id, &page, now.0);
    Ok(Shown(store.read(list).await?))
}

/// What an open invitation is to. For whoever has the link: no account is needed.
#[utoipa::path(
    tag = "accounts",
    params(("invitation" = String, Path, description = "The token: the last part of the link"))
)]
#[get("/invitations/{invitation}")]
pub async fn show_invitation(
    store: Data<Store>,
    now: Now,
    FromPath(token): FromPath<String>,
) -> Result<Shown<InvitationPreview>> {
    let preview = move |db: &mut _| invitations::preview(db, &Secret::new(token), now.0);
    Ok(Shown(store.read(preview).await?.1))
}

/// Withdraws an invitation that nobody has accepted.
#[utoipa::path(
    tag = "accounts",
    params(("invitation" = InvitationId, Path, description = "The invitation's id"))
)]
#[delete("/invitations/{invitation}")]
pub async fn withdraw_invitation(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<InvitationId>,
) -> Result<Deleted> {
    store.write(id, move |db| invitations::withdraw(db, &caller, id, now.0)).await?;
    Ok(Deleted)
}

/// Accepts an invitation. A new account is made from name and password; where the mail address has
/// an account, the call comes with that account's access token (409 otherwise) and adds the role.
#[utoipa::path(
    tag = "accounts",
    params(("token" = String, Path, description = "The last part of the link")),
    request_body = Acceptance
)]
#[post("/invitations/{token}/accept")]
pub async fn accept_invitation(
    store: Data<Store>,
    doors: Data<Doors>,
    now: Now,
    caller: OptionalCaller,
    FromPath(token): FromPath<String>,
    body: Body<Acceptance>,
) -> Result<Created<MyMembership>> {
    let token = Secret::new(token);
    let membership = doors.accept(&store, caller.0, token, body.value, now.0).await?;
    Ok(Created::unversioned("/api/v1/me".to_string(), membership))
}

/// Who has which role in the programme; for its secretariat.
#[utoipa::path(tag = "accounts", params(("id" = ProgrammeId, Path), PageQuery))]
#[get("/programmes/{id}/members")]
pub async fn list_members(
    store: Data<Store>,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    FromQuery(query): FromQuery<PageQuery>,
) -> Result<Shown<Listing<Member>>> {
    let page = query.page()?;
    Ok(Shown(store.read(move |db| members::list(db, &caller, id, &page)).await?))
}

/// Takes a role away, at once. The last secretariat of a programme stays (409).
#[utoipa::path(tag = "accounts", params(("id" = MembershipId, Path)))]
#[delete("/members/{id}")]
pub async fn remove_member(
    store: Data<Store>,
    now: Now,
    caller: Caller,
    FromPath(id): FromPath<MembershipId>,
) -> Result<Deleted> {
    store.write(id, move |db| members::remove(db, &caller, id, now.0)).await?;
    Ok(Deleted)
}
