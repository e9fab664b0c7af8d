//! Companies.

use db::{Tx, q, row};
use domain::{id::TenantId, text::Bilingual, time::Ts};
use uuid::Uuid;

use crate::{Error, Result};

/// A company of this installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id; also the name of its own stream.
    pub id: TenantId,
    /// The stream of its revocations.
    pub access_stream: Uuid,
    /// A short name, unique in the installation.
    pub slug: String,
    /// What it calls itself.
    pub name: Bilingual,
    /// An IANA time zone: where its days begin.
    pub time_zone: String,
    /// Whether it was made by `--demo`.
    pub is_demo: bool,
    /// Since when.
    pub created_at: Ts,
}

row! {
    struct Row { id: Uuid, access_stream_id: Uuid, slug: String, name_zh: String, name_en: String, time_zone: String, is_demo: i64, created_at: i64 }
}

impl From<Row> for Tenant {
    fn from(row: Row) -> Self {
        let Row { id, access_stream_id, slug, name_zh, name_en, time_zone, is_demo, created_at } = row;
        Self {
            id: TenantId::new(id),
            access_stream: access_stream_id,
            slug,
            name: Bilingual { zh: name_zh, en: name_en },
            time_zone,
            is_demo: is_demo != 0,
            created_at: Ts(created_at),
        }
    }
}

/// Adds a company; [`Error::Conflict`] if its slug is taken.
pub async fn insert(tx: &mut Tx, tenant: TenantId, new: &Tenant) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO tenants (id, access_stream_id, slug, name_zh, name_en, time_zone, is_demo, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(tenant.uuid())
    .bind(new.access_stream)
    .bind(&new.slug)
    .bind(&new.name.zh)
    .bind(&new.name.en)
    .bind(&new.time_zone)
    .bind(i64::from(new.is_demo))
    .bind(new.created_at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// A company.
pub async fn get(tx: &mut Tx, tenant: TenantId) -> Result<Tenant> {
    let row: Option<Row> =
        q!(tx, |c| sqlx::query_as("SELECT id, access_stream_id, slug, name_zh, name_en, time_zone, is_demo, created_at FROM tenants WHERE id = $1")
            .bind(tenant.uuid())
            .fetch_optional(c)
            .await)?;
    row.map(Tenant::from).ok_or(Error::NotFound)
}
