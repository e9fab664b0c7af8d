//! Groups of words that mean the same.

use content::synonyms::Synonyms;
use db::{Tx, q};
use domain::{
    id::{SynonymsId, TenantId},
    time::Ts,
};
use store::{Error, Result, table};

/// All groups, in the order in which the bot reads them.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Synonyms>> {
    table::all(q!(tx, |c| sqlx::query_as(table::select::<Synonyms>("ORDER BY position, id")).bind(tenant.uuid()).fetch_all(c).await)?)
}

/// A group by its id.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: SynonymsId) -> Result<Synonyms> {
    table::one(q!(tx, |c| sqlx::query_as(table::select::<Synonyms>("AND id = $2")).bind(tenant.uuid()).bind(id.uuid()).fetch_optional(c).await)?)
}

/// Adds groups.
pub async fn insert(tx: &mut Tx, tenant: TenantId, groups: &[Synonyms]) -> Result<()> {
    table::insert_all(tx, tenant, groups).await
}

/// Updates the words of a group; [`Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, group: &Synonyms, seen: Ts) -> Result<()> {
    table::update(tx, tenant, group, seen).await
}

/// Deletes a group.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: SynonymsId) -> Result<()> {
    let removed = q!(tx, |c| sqlx::query("DELETE FROM synonyms WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 1 { Ok(()) } else { Err(Error::NotFound) }
}
