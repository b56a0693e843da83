//! Advisory locks of PostgreSQL, held until the transaction ends. Statements with an identity of
//! their own, so that each connection plans them once: the intake takes them for every batch.

use diesel::RunQueryDsl;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt};

use super::pgconn::PgConn;

pub fn alone(c: &mut PgConn, keys: Vec<i64>) -> QueryResult<()> {
    Locks::<false>(keys).execute(c).map(|_| ())
}

pub fn beside(c: &mut PgConn, keys: Vec<i64>) -> QueryResult<()> {
    Locks::<true>(keys).execute(c).map(|_| ())
}

struct Locks<const SHARED: bool>(Vec<i64>);

impl<const SHARED: bool> QueryId for Locks<SHARED> {
    type QueryId = Locks<SHARED>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<const SHARED: bool, C> RunQueryDsl<C> for Locks<SHARED> {}

impl<const SHARED: bool> QueryFragment<Pg> for Locks<SHARED> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(match SHARED {
            true => "SELECT pg_advisory_xact_lock_shared(key)",
            false => "SELECT pg_advisory_xact_lock(key)",
        });
        // Unnested in order and locked in order: the select list runs row by row.
        out.push_sql(" FROM unnest(");
        out.push_bind_param::<Array<BigInt>, _>(&self.0)?;
        out.push_sql(") WITH ORDINALITY AS t (key, n)");
        Ok(())
    }
}
