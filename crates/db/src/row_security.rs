//! Row-level security on PostgreSQL: what is read for one company is read as a role that sees no row of another, whatever the statement asks for.
//!
//! The role cannot sign in and owns nothing; the program takes it on for the length of a transaction. Everything else (the writers, the feed, jobs that go over
//! all companies, the lookups from which a company becomes known) stays with the owner of the tables, whom policies do not bind.
//! Source: PostgreSQL 15, chapter 5.8.

use domain::id::TenantId;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqlSafeStr as _, SqlStr};

use crate::Result;

/// The role. It is one for all databases of a PostgreSQL; what it may read is granted in each.
const ROLE: &str = "yingda_reader";
/// "insufficient_privilege": the program's role may not create or grant roles.
const NOT_PERMITTED: &str = "42501";
/// "duplicate_object" and "unique_violation": another node was faster.
const THERE: [&str; 2] = ["42710", "23505"];

/// What a transaction of this isolation level begins with, in which only this company's rows are seen.
pub fn begin_for(tenant: TenantId, level: &str) -> SqlStr {
    let tenant = tenant.uuid();
    AssertSqlSafe(format!("BEGIN ISOLATION LEVEL {level} READ ONLY; SET LOCAL ROLE {ROLE}; SET LOCAL yingda.tenant = '{tenant}'")).into_sql_str()
}

/// Creates the role, what it may read, and a policy for each table of the schema that has a company; what is there already is left alone. Returns whether rows
/// are kept apart: the program's own role may be permitted neither to create the role nor to take it on.
pub async fn arrange(conn: &mut PgConnection, schema: &str) -> Result<bool> {
    let mut tx = conn.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('row security ' || $1, 0))").bind(schema).execute(&mut *tx).await?;
    let (there,): (bool,) = sqlx::query_as("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)").bind(ROLE).fetch_one(&mut *tx).await?;
    if !there && !try_to(&mut tx, &format!("CREATE ROLE {ROLE} NOLOGIN")).await? {
        return Ok(false);
    }
    if !can_take_it_on(&mut tx).await? {
        let granted = try_to(&mut tx, &format!("GRANT {ROLE} TO CURRENT_USER")).await?;
        if !granted || !can_take_it_on(&mut tx).await? {
            return Ok(false);
        }
    }
    let statements: Vec<(String,)> = sqlx::query_as(MISSING).bind(schema).bind(ROLE).fetch_all(&mut *tx).await?;
    if !statements.is_empty() {
        let statements = statements.into_iter().map(|(statement,)| statement).collect::<Vec<_>>().join("; ");
        tx.execute(AssertSqlSafe(statements)).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// The statements that grant and protect what is not yet: tables with a company's rows, the companies themselves, and tables that belong to no company.
/// The policies name no role, so that a dump is restored on a PostgreSQL that does not know it yet.
const MISSING: &str = "\
    WITH of AS (
      SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, c.relrowsecurity AS guarded,
        CASE WHEN c.relname = 'tenants' THEN 'id' ELSE (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') END AS company
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')
    )
    SELECT format('GRANT USAGE ON SCHEMA %I TO %I', $1, $2) WHERE NOT has_schema_privilege($2, $1, 'USAGE')
    UNION ALL SELECT format('GRANT SELECT ON %s TO %I', name, $2) FROM of WHERE NOT has_table_privilege($2, oid, 'SELECT')
    UNION ALL SELECT format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name) FROM of WHERE company IS NOT NULL AND NOT guarded
    UNION ALL SELECT format('CREATE POLICY of_company ON %s FOR SELECT USING (%I = (SELECT current_setting(''yingda.tenant'')::uuid))', name, company)
      FROM of WHERE company IS NOT NULL AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = of.oid AND p.polname = 'of_company')";

async fn can_take_it_on(tx: &mut PgConnection) -> Result<bool> {
    try_to(tx, &format!("SET LOCAL ROLE {ROLE}; RESET ROLE")).await
}

/// Runs a statement that this program's role may not be permitted to run; returns whether it was. A role that exists in the meantime counts as created.
async fn try_to(tx: &mut PgConnection, statement: &str) -> Result<bool> {
    let mut inner = tx.begin().await?;
    match inner.execute(AssertSqlSafe(statement.to_owned())).await {
        Ok(_) => {
            inner.commit().await?;
            Ok(true)
        }
        Err(sqlx::Error::Database(error)) if error.code().is_some_and(|code| code == NOT_PERMITTED) => Ok(false),
        Err(sqlx::Error::Database(error)) if error.code().is_some_and(|code| THERE.contains(&code.as_ref())) => Ok(true),
        Err(error) => Err(error.into()),
    }
}
