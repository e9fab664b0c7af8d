//! The pages on which a site's snippet was seen.

use db::{Tx, q, row};
use domain::id::{SiteId, TenantId};

use crate::Result;

/// The number of pages stored per site; the one that was seen longest ago makes room.
pub const MOST: i64 = 20;

row! {
    /// A page on which the snippet was seen.
    pub struct Sighting {
        /// The page's address, without its query.
        pub page: String,
        /// The version of the loader.
        pub loader: i64,
        /// When it was first seen there.
        pub first_at: i64,
        /// When it was last seen there.
        pub last_at: i64,
    }
}

/// The pages on which the snippet was seen, latest first.
pub async fn list(tx: &mut Tx, tenant: TenantId, site: SiteId) -> Result<Vec<Sighting>> {
    Ok(q!(tx, |c| sqlx::query_as(
        "SELECT page, loader, first_at, last_at FROM site_sightings WHERE tenant_id = $1 AND site_id = $2 ORDER BY last_at DESC, page"
    )
    .bind(tenant.uuid())
    .bind(site.uuid())
    .fetch_all(c)
    .await)?)
}

/// Records that the snippet was seen on a page.
pub async fn note(tx: &mut Tx, tenant: TenantId, site: SiteId, page: &str, loader: i64) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO site_sightings (tenant_id, site_id, page, loader, first_at, last_at) VALUES ($1, $2, $3, $4, $5, $5)
         ON CONFLICT (tenant_id, site_id, page) DO UPDATE SET loader = excluded.loader, last_at = excluded.last_at"
    )
    .bind(tenant.uuid())
    .bind(site.uuid())
    .bind(page)
    .bind(loader)
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    q!(tx, |c| sqlx::query(
        "DELETE FROM site_sightings WHERE tenant_id = $1 AND site_id = $2 AND page NOT IN
           (SELECT page FROM site_sightings WHERE tenant_id = $1 AND site_id = $2 ORDER BY last_at DESC, page LIMIT $3)"
    )
    .bind(tenant.uuid())
    .bind(site.uuid())
    .bind(MOST)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Deletes what was seen of a site, because it is removed.
pub async fn delete_all(tx: &mut Tx, tenant: TenantId, site: SiteId) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM site_sightings WHERE tenant_id = $1 AND site_id = $2")
        .bind(tenant.uuid())
        .bind(site.uuid())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
