//! Companies by where a request is addressed to.

use db::{Db, Tx, q};
use domain::id::TenantId;
use uuid::Uuid;

use crate::{Result, fragments::is_here, table, tenants::Address};

/// The companies of this installation, oldest first, without those that are arriving or being erased, and without those in which the staff of others practise.
pub async fn tenants(db: &Db) -> Result<Vec<TenantId>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid,)> =
        q!(tx, |c| sqlx::query_as(concat!("SELECT id FROM tenants WHERE practice_of IS NULL AND ", is_here!("tenants.id"), " ORDER BY created_at, id"))
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(|(id,)| TenantId::new(id)).collect())
}

/// Every company of the record, also those that are arriving, being erased, or for practice.
pub async fn every_company(db: &Db) -> Result<Vec<TenantId>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT id FROM tenants").fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| TenantId::new(id)).collect())
}

/// The company with this slug; without a slug, the only company there is.
pub async fn company(db: &Db, slug: Option<&str>) -> Result<Option<TenantId>> {
    if slug.is_some_and(|slug| !crate::can_be_stored(slug)) {
        return Ok(None);
    }
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT id FROM tenants WHERE ($1 IS NULL OR slug = $1) AND practice_of IS NULL AND ",
        is_here!("tenants.id"),
        " LIMIT 2"
    ))
    .bind(slug)
    .fetch_all(c)
    .await)?;
    Ok(if let [(id,)] = rows[..] { Some(TenantId::new(id)) } else { None })
}

/// Whether a site of some company has this key.
pub async fn is_site_key_taken(tx: &mut Tx, key: &str) -> Result<bool> {
    let (found,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM sites WHERE key = $1").bind(key).fetch_one(c).await)?;
    Ok(found > 0)
}

/// What a request is addressed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum At<'a> {
    /// The root of the installation's address.
    Root,
    /// A path below `/o/` and this slug.
    Slug(&'a str),
    /// A host name that is not the installation's, with a port if that is not the usual one.
    Host(&'a str),
}

/// The company that is found there.
pub async fn company_at(db: &Db, at: At<'_>) -> Result<Option<Address>> {
    let (condition, given) = match at {
        At::Root => (concat!("WHERE practice_of IS NULL AND is_root = 1 AND ", is_here!("t.id")), None),
        At::Slug(slug) => (concat!("WHERE practice_of IS NULL AND slug = $1 AND ", is_here!("t.id")), Some(slug)),
        At::Host(host) => (concat!("WHERE practice_of IS NULL AND host = $1 AND ", is_here!("t.id")), Some(host)),
    };
    if given.is_some_and(|given| !crate::can_be_stored(given)) {
        return Ok(None);
    }
    let mut tx = db.read().await?;
    let sql = table::select_any::<Address>("", "", condition);
    table::any(match given {
        Some(given) => q!(tx, |c| sqlx::query_as(sql).bind(given).fetch_optional(c).await)?,
        None => q!(tx, |c| sqlx::query_as(sql).fetch_optional(c).await)?,
    })
}

/// The companies for which nobody is served.
pub async fn suspended_companies(db: &Db) -> Result<Vec<TenantId>> {
    let mut tx = db.read().await?;
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT id FROM tenants WHERE suspended_at IS NOT NULL").fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| TenantId::new(id)).collect())
}
