//! The categories of a company's knowledge: keys with names in both languages.

use db::{Tx, q};
use domain::{id::TenantId, text::Bilingual, time::Ts};
use store::{Error, Result, table};

/// A category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The key, which entries refer to.
    pub key: String,
    /// The name people see.
    pub name: Bilingual,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
}

table! {
    Category in "knowledge_categories" {
        key { key: String [key] }
        changing { name: Bilingual [name_zh, name_en], updated_at: Ts [updated_at] }
    }
}

/// All categories, in order of key.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Category>> {
    let sql = table::select::<Category>("ORDER BY key");
    table::all(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_all(c).await)?)
}

/// Whether a category with this key exists.
pub async fn exists(tx: &mut Tx, tenant: TenantId, key: &str) -> Result<bool> {
    let found: Option<(i64,)> = q!(tx, |c| sqlx::query_as("SELECT updated_at FROM knowledge_categories WHERE tenant_id = $1 AND key = $2")
        .bind(tenant.uuid())
        .bind(key)
        .fetch_optional(c)
        .await)?;
    Ok(found.is_some())
}

/// Adds a category; [`Error::Taken`] if its key is in use.
pub async fn insert(tx: &mut Tx, tenant: TenantId, category: &Category) -> Result<()> {
    table::insert(tx, tenant, category).await
}

/// Renames a category; [`Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, category: &Category, seen: Ts) -> Result<()> {
    table::update(tx, tenant, category, seen).await
}

/// Deletes a category.
pub async fn delete(tx: &mut Tx, tenant: TenantId, key: &str) -> Result<()> {
    let removed = q!(tx, |c| sqlx::query("DELETE FROM knowledge_categories WHERE tenant_id = $1 AND key = $2")
        .bind(tenant.uuid())
        .bind(key)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 1 { Ok(()) } else { Err(Error::NotFound) }
}
