//! Accounts: signing in, passwords, invitations, roles.

mod invitations;
mod machines;
mod members;
mod passwords;
mod sign_in;
mod tokens;

use maaltal::accounts::{Caller, Role, Scope, members as domain, users};
use maaltal::ids::UserId;
use maaltal::store::Installation;

use crate::harness::App;

/// What the operator's command line does.
async fn disable(app: &App, user: UserId) {
    let now = app.clock.now();
    let disable = move |db: &mut _| users::disable(db, &Caller::Operator, user, now);
    app.store.write(Installation, disable).await.expect("disabled");
}

async fn enable(app: &App, user: UserId) {
    let now = app.clock.now();
    let enable = move |db: &mut _| users::enable(db, &Caller::Operator, user, now);
    app.store.write(Installation, enable).await.expect("enabled");
}

async fn grant(app: &App, user: UserId, role: Role, scope: Scope) -> String {
    let now = app.clock.now();
    let grant = move |db: &mut _| domain::grant(db, &Caller::Operator, user, role, scope, now);
    app.store.write(scope.programme, grant).await.expect("granted").to_string()
}
