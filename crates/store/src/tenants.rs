//! Companies.

use db::{Tx, q};
use domain::{due::DueKind, id::TenantId, opening_hours::OpeningHours, text::Bilingual, time::Ts};
use uuid::Uuid;

use crate::{Result, due, table};

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

table! {
    Tenant in "tenants" of id [id] {
        fixed { access_stream: Uuid [access_stream_id], slug: String [slug], is_demo: bool [is_demo], created_at: Ts [created_at] }
        changing {
            name: Bilingual [name_zh, name_en], time_zone: String [time_zone], brand: Option<String> [brand], hours: Option<OpeningHours> [hours],
            updated_at: Ts [updated_at],
        }
    }
}

/// Adds a company; [`crate::Error::Taken`] if its slug is in use.
pub async fn insert(tx: &mut Tx, tenant: TenantId, new: &Tenant) -> Result<()> {
    table::insert(tx, tenant, new).await?;
    check_days_anew(tx, tenant).await
}

/// A company by id.
pub async fn get(tx: &mut Tx, tenant: TenantId) -> Result<Tenant> {
    let sql = table::select::<Tenant>("");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_optional(c).await)?)
}

/// Updates a company's name, time zone, colour and hours; [`crate::Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, change: &Tenant, seen: Ts) -> Result<()> {
    table::update(tx, tenant, change, seen).await?;
    check_days_anew(tx, tenant).await
}

/// Has it found out when the company's days are to be checked, which depends on its time zone.
async fn check_days_anew(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    let now = tx.now();
    due::set(tx, tenant, DueKind::DayChecks, tenant.uuid(), now).await
}
