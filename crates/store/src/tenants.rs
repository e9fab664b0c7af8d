//! Companies.

use db::{Tx, q, row};
use domain::{id::TenantId, opening_hours::OpeningHours, text::Bilingual, time::Ts};
use uuid::Uuid;

use crate::{Error, Result, queues};

/// A company of this installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// The id, which also names the company's own stream.
    pub id: TenantId,
    /// The stream of its revocations.
    pub access_stream: Uuid,
    /// A short name, unique in the installation.
    pub slug: String,
    /// The name.
    pub name: Bilingual,
    /// The IANA name of its time zone, which determines where its days begin.
    pub time_zone: String,
    /// Whether it was created by `--demo`.
    pub is_demo: bool,
    /// The colour, `#rrggbb`, of sites that have not chosen one.
    pub brand: Option<String>,
    /// The opening hours of queues that have none of their own; `None` means always open.
    pub hours: Option<OpeningHours>,
    /// When it was added.
    pub created_at: Ts,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
}

row! {
    struct Row {
        id: Uuid, access_stream_id: Uuid, slug: String, name_zh: String, name_en: String, time_zone: String, is_demo: i64, brand: Option<String>,
        hours: Option<String>, created_at: i64, updated_at: i64,
    }
}

impl TryFrom<Row> for Tenant {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let Row { id, access_stream_id, slug, name_zh, name_en, time_zone, is_demo, brand, hours, created_at, updated_at } = row;
        Ok(Self {
            id: TenantId::new(id),
            access_stream: access_stream_id,
            slug,
            name: Bilingual { zh: name_zh, en: name_en },
            time_zone,
            is_demo: is_demo != 0,
            brand,
            hours: queues::hours(hours)?,
            created_at: Ts(created_at),
            updated_at: Ts(updated_at),
        })
    }
}

/// Adds a company; [`Error::Taken`] if its slug is in use.
pub async fn insert(tx: &mut Tx, tenant: TenantId, new: &Tenant) -> Result<()> {
    let hours = queues::hours_json(new.hours.as_ref())?;
    q!(tx, |c| sqlx::query(
        "INSERT INTO tenants (id, access_stream_id, slug, name_zh, name_en, time_zone, is_demo, brand, hours, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    )
    .bind(tenant.uuid())
    .bind(new.access_stream)
    .bind(&new.slug)
    .bind(&new.name.zh)
    .bind(&new.name.en)
    .bind(&new.time_zone)
    .bind(i64::from(new.is_demo))
    .bind(new.brand.as_deref())
    .bind(&hours)
    .bind(new.created_at.0)
    .bind(new.updated_at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// A company by id.
pub async fn get(tx: &mut Tx, tenant: TenantId) -> Result<Tenant> {
    let row: Option<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT id, access_stream_id, slug, name_zh, name_en, time_zone, is_demo, brand, hours, created_at, updated_at FROM tenants WHERE id = $1"
    )
    .bind(tenant.uuid())
    .fetch_optional(c)
    .await)?;
    row.ok_or(Error::NotFound)?.try_into()
}

/// Updates a company's name, time zone, colour and hours; [`Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, change: &Tenant, seen: Ts) -> Result<()> {
    let hours = queues::hours_json(change.hours.as_ref())?;
    let changed = q!(tx, |c| sqlx::query(
        "UPDATE tenants SET name_zh = $3, name_en = $4, time_zone = $5, brand = $6, hours = $7, updated_at = $8 WHERE id = $1 AND updated_at = $2"
    )
    .bind(tenant.uuid())
    .bind(seen.0)
    .bind(&change.name.zh)
    .bind(&change.name.en)
    .bind(&change.time_zone)
    .bind(change.brand.as_deref())
    .bind(&hours)
    .bind(change.updated_at.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if changed == 0 {
        return Err(Error::Stale);
    }
    Ok(())
}
