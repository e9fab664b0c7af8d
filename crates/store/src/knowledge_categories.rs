//! The categories of a company's knowledge: keys with names in both languages.

use db::{Tx, q, row};
use domain::{id::TenantId, text::Bilingual, time::Ts};

use crate::{Error, Result};

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

row! {
    struct Row { key: String, name_zh: String, name_en: String, updated_at: i64 }
}

impl From<Row> for Category {
    fn from(row: Row) -> Self {
        Self { key: row.key, name: Bilingual { zh: row.name_zh, en: row.name_en }, updated_at: Ts(row.updated_at) }
    }
}

/// All categories, in order of key.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Category>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as("SELECT key, name_zh, name_en, updated_at FROM knowledge_categories WHERE tenant_id = $1 ORDER BY key")
        .bind(tenant.uuid())
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(Category::from).collect())
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
    q!(tx, |c| sqlx::query("INSERT INTO knowledge_categories (tenant_id, key, name_zh, name_en, updated_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(tenant.uuid())
        .bind(&category.key)
        .bind(&category.name.zh)
        .bind(&category.name.en)
        .bind(category.updated_at.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Renames a category; [`Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, category: &Category, seen: Ts) -> Result<()> {
    let changed = q!(tx, |c| sqlx::query(
        "UPDATE knowledge_categories SET name_zh = $4, name_en = $5, updated_at = $6 WHERE tenant_id = $1 AND key = $2 AND updated_at = $3"
    )
    .bind(tenant.uuid())
    .bind(&category.key)
    .bind(seen.0)
    .bind(&category.name.zh)
    .bind(&category.name.en)
    .bind(category.updated_at.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if changed == 1 { Ok(()) } else { Err(Error::Stale) }
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
