use diesel::prelude::*;
use diesel::result::QueryResult;

use super::Filter;
use crate::clock::At;
use crate::ids::{UserId, VersionId};
use crate::paging::Page;
use crate::store::schema::{
    activities, audit_entries, change_request_versions, counts, indicators, invitations, links,
    memberships, period_openings, progress_reports, questionnaires, spending_versions,
    target_versions, value_versions,
};
use crate::store::types::AnyId;
use crate::store::{AsOf, Chain, Db, on_each};

impl From<Chain> for AnyId {
    fn from(chain: Chain) -> AnyId {
        AnyId(chain.id())
    }
}

#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = audit_entries, treat_none_as_default_value = false)]
pub struct EntryRow {
    pub chain: AnyId,
    pub number: i64,
    pub at: At,
    pub actor_id: Option<UserId>,
    pub action: String,
    pub entity: String,
    pub entity_id: AnyId,
    pub version_id: Option<VersionId>,
    pub reason: Option<String>,
    pub previous_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

/// Number and hash of the newest entry.
pub fn head(db: &mut Db, chain: Chain) -> QueryResult<Option<(i64, Vec<u8>)>> {
    on_each!(db, |c| audit_entries::table
        .filter(audit_entries::chain.eq(AnyId::from(chain)))
        .order(audit_entries::number.desc())
        .select((audit_entries::number, audit_entries::hash))
        .first(c)
        .optional())
}

pub fn hash_of(db: &mut Db, chain: Chain, number: i64) -> QueryResult<Option<Vec<u8>>> {
    on_each!(db, |c| audit_entries::table
        .find((AnyId::from(chain), number))
        .select(audit_entries::hash)
        .first(c)
        .optional())
}

pub fn insert(db: &mut Db, rows: &[EntryRow]) -> QueryResult<()> {
    for batch in rows.chunks(500) {
        on_each!(db, |c| diesel::insert_into(audit_entries::table).values(batch).execute(c))?;
    }
    Ok(())
}

/// The entries about a project and about what belongs to it. A table whose things stand in the
/// trail and belong to projects has its line here. What is deleted since belongs to nothing.
macro_rules! of_project {
    ($project:expr) => {{
        macro_rules! ids {
            ($table:ident, $id:ident) => {
                $table::table.filter($table::project_id.eq($project)).select($table::$id)
            };
        }
        macro_rules! of_indicators {
            ($table:ident, $id:ident) => {
                $table::table
                    .filter($table::indicator_id.eq_any(ids!(indicators, id)))
                    .select($table::$id)
            };
        }
        audit_entries::entity_id
            .eq(AnyId($project.0))
            .or(audit_entries::entity_id.eq_any(ids!(activities, id)))
            .or(audit_entries::entity_id.eq_any(ids!(counts, id)))
            .or(audit_entries::entity_id.eq_any(ids!(indicators, id)))
            .or(audit_entries::entity_id.eq_any(of_indicators!(target_versions, revision_id)))
            .or(audit_entries::entity_id.eq_any(of_indicators!(value_versions, value_id)))
            .or(audit_entries::entity_id.eq_any(ids!(questionnaires, id)))
            .or(audit_entries::entity_id.eq_any(ids!(links, id)))
            .or(audit_entries::entity_id.eq_any(ids!(memberships, id)))
            .or(audit_entries::entity_id.eq_any(ids!(invitations, id)))
            .or(audit_entries::entity_id.eq_any(ids!(spending_versions, spending_id)))
            .or(audit_entries::entity_id.eq_any(ids!(change_request_versions, request_id)))
            .or(audit_entries::entity_id.eq_any(ids!(progress_reports, id)))
            .or(audit_entries::entity_id.eq_any(ids!(period_openings, id)))
    }};
}

pub fn list(
    db: &mut Db,
    chain: Chain,
    filter: &Filter,
    page: &Page<i64>,
) -> QueryResult<Vec<EntryRow>> {
    on_each!(db, |c| {
        let mut query = audit_entries::table
            .filter(audit_entries::chain.eq(AnyId::from(chain)))
            .select(EntryRow::as_select())
            .order(audit_entries::number.desc())
            .limit(page.fetch())
            .into_boxed();
        if let Some(number) = page.after {
            query = query.filter(audit_entries::number.lt(number));
        }
        if let Some(entity) = &filter.entity {
            query = query.filter(audit_entries::entity.eq(entity));
        }
        if let Some(id) = filter.entity_id {
            query = query.filter(audit_entries::entity_id.eq(AnyId(id)));
        }
        if let Some(action) = &filter.action {
            query = query.filter(audit_entries::action.eq(action));
        }
        if let Some(project) = filter.project {
            query = query.filter(of_project!(project));
        }
        if filter.by_operator {
            query = query.filter(audit_entries::actor_id.is_null());
        }
        if let Some(actor) = filter.actor_id {
            query = query.filter(audit_entries::actor_id.eq(actor));
        }
        if let Some(before) = filter.from.and_then(|day| day.pred_opt()) {
            query = query.filter(audit_entries::at.gt(AsOf::end_of(Some(before)).moment()));
        }
        if let Some(day) = filter.to {
            query = query.filter(audit_entries::at.le(AsOf::end_of(Some(day)).moment()));
        }
        query.load(c)
    })
}

pub fn after(db: &mut Db, chain: Chain, number: i64, limit: i64) -> QueryResult<Vec<EntryRow>> {
    on_each!(db, |c| audit_entries::table
        .filter(audit_entries::chain.eq(AnyId::from(chain)))
        .filter(audit_entries::number.gt(number))
        .order(audit_entries::number)
        .limit(limit)
        .select(EntryRow::as_select())
        .load(c))
}

pub fn chains(db: &mut Db) -> QueryResult<Vec<Chain>> {
    let ids: Vec<AnyId> = on_each!(db, |c| audit_entries::table
        .select(audit_entries::chain)
        .distinct()
        .order(audit_entries::chain)
        .load(c))?;
    Ok(ids.into_iter().map(|id| Chain::of(id.0)).collect())
}
