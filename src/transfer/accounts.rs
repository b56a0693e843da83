//! Who a programme names: matched by mail address on the other side, or made and disabled.
//!
//! What was recorded says who did it by an id, which is part of the audit trail's hashes and so
//! never changes. Where the other side knows a person under another id, the old one stays as an
//! account that nobody can sign in to, and the person's roles go to the account that is there.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::shape::{self, travelling};
use super::wrong;
use crate::clock::At;
use crate::error::Result;
use crate::ids::{ProgrammeId, UserId};
use crate::store::schema::users;
use crate::store::{Db, Engine, on_each};

/// An account as it travels: without its password.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub id: Uuid,
    pub mail: String,
    pub name: String,
    /// When it was made, in microseconds.
    pub created_at: i64,
}

/// Every account that a row of the programme names.
pub fn select(engine: Engine, programme: ProgrammeId) -> String {
    let mut named = Vec::new();
    for table in travelling() {
        let filter = shape::filter(engine, table.name, programme);
        named.extend(
            table
                .accounts()
                .map(|column| format!("SELECT {} FROM {} WHERE {filter}", column.name, table.name)),
        );
    }
    let filter = format!("id IN ({})", named.join(" UNION "));
    let all = shape::shapes().into_iter().find(|table| table.name == "users");
    let Some(mut table) = all else { return "SELECT '' AS line WHERE 1 = 0".to_string() };
    table.columns.retain(|column| matches!(column.name, "id" | "mail" | "name" | "created_at"));
    table.select(engine, &filter)
}

/// Where the accounts of the file are now.
#[derive(Default)]
pub struct Accounts {
    /// Those that are here under another id.
    elsewhere: HashMap<Uuid, Uuid>,
    pub matched: usize,
    pub made: usize,
}

impl Accounts {
    pub fn add(&mut self, db: &mut Db, account: Account, now: At) -> Result<()> {
        let id = UserId(account.id);
        let by_id: Option<String> =
            on_each!(db, |c| users::table.find(id).select(users::mail).first(c).optional())?;
        if by_id.is_some() {
            self.matched += 1;
            return Ok(());
        }
        let by_mail: Option<UserId> = on_each!(db, |c| users::table
            .filter(users::mail.eq(&account.mail))
            .select(users::id)
            .first(c)
            .optional())?;
        let mail = match by_mail {
            Some(here) => {
                self.matched += 1;
                self.elsewhere.insert(account.id, here.0);
                format!("moved:{}", account.id)
            }
            None => {
                self.made += 1;
                account.mail
            }
        };
        let made = At::from_micros(account.created_at).ok_or_else(|| wrong("no moment"))?;
        let row = (
            users::id.eq(id),
            users::mail.eq(mail),
            users::name.eq(account.name),
            users::password_hash.eq(None::<String>),
            users::disabled_at.eq(Some(now)),
            users::created_at.eq(made),
        );
        on_each!(db, |c| diesel::insert_into(users::table).values(row).execute(c))?;
        Ok(())
    }

    /// A role goes to the account that is here, and its key with it.
    pub fn give_role(&self, row: &mut serde_json::Map<String, serde_json::Value>) -> Option<()> {
        let user = Uuid::parse_str(row.get("user_id")?.as_str()?).ok()?;
        let here = self.elsewhere.get(&user)?;
        let key = row.get("natural_key")?.as_str()?;
        let (_, rest) = key.split_once('/')?;
        let key = format!("{here}/{rest}");
        row.insert("natural_key".to_string(), key.into());
        row.insert("user_id".to_string(), here.simple().to_string().into());
        Some(())
    }
}
