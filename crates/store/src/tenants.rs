//! Companies.

use db::{Tx, q};
use domain::{address_rules::AddressRules, due::DueKind, id::TenantId, opening_hours::OpeningHours, text::Bilingual, time::Ts};
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

/// Adds a company; [`crate::Error::Taken`] if its slug is in use. If it is the only one, it is the one at the root of the installation's address.
pub async fn insert(tx: &mut Tx, tenant: TenantId, new: &Tenant) -> Result<()> {
    table::insert(tx, tenant, new).await?;
    let sql = "UPDATE tenants SET is_root = 1 WHERE id = $1 AND (SELECT COUNT(*) FROM tenants) = 1";
    q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).execute(c).await.map(drop))?;
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

/// Where a company is found, and whether anybody is served there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The company.
    pub tenant: TenantId,
    /// Its short name, by which it is found below `/o/`.
    pub slug: String,
    /// The host name of its own, with a port if that is not the usual one.
    pub host: Option<String>,
    /// Whether it is the one at the root of the installation's address.
    pub is_root: bool,
    /// Since when nobody is served.
    pub suspended_at: Option<Ts>,
    /// From where it is used; `None` means from everywhere.
    pub rules: Option<AddressRules>,
}

table! {
    Address in "tenants" of tenant [id] {
        fixed { slug: String [slug], is_root: bool [is_root] }
        changing { host: Option<String> [host], suspended_at: Option<Ts> [suspended_at], rules: Option<AddressRules> [address_rules] }
    }
}

/// Where a company is found.
pub async fn address(tx: &mut Tx, tenant: TenantId) -> Result<Address> {
    let sql = table::select::<Address>("");
    table::one(q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_optional(c).await)?)
}

/// Gives a company a host name of its own, or takes it away; [`crate::Error::Taken`] if another company has it.
pub async fn set_host(tx: &mut Tx, tenant: TenantId, host: Option<&str>) -> Result<()> {
    let sql = "UPDATE tenants SET host = $2 WHERE id = $1";
    q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(host).execute(c).await.map(drop)).map_err(Into::into)
}

/// Sets from where a company is used.
pub async fn set_address_rules(tx: &mut Tx, tenant: TenantId, rules: &AddressRules) -> Result<()> {
    let json = serde_json::to_string(rules).map_err(|error| db::Error::Corrupt(error.to_string()))?;
    let sql = "UPDATE tenants SET address_rules = $2 WHERE id = $1";
    q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(json).execute(c).await.map(drop)).map_err(Into::into)
}

/// What a company has begun with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beginnings {
    /// How many people work there.
    pub members: i64,
    /// How many conversations it has had, at most 100.
    pub conversations: i64,
}

/// What a company has begun with.
pub async fn beginnings(tx: &mut Tx, tenant: TenantId) -> Result<Beginnings> {
    let sql = "SELECT (SELECT COUNT(*) FROM agents WHERE tenant_id = $1 AND disabled_at IS NULL AND is_program = 0),
                 (SELECT COUNT(*) FROM (SELECT 1 FROM conversations WHERE tenant_id = $1 LIMIT 100) c)";
    let (members, conversations): (i64, i64) = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_one(c).await)?;
    Ok(Beginnings { members, conversations })
}

/// Suspends a company, or has it served again; says whether that changed anything.
pub async fn set_suspended(tx: &mut Tx, tenant: TenantId, is_suspended: bool) -> Result<bool> {
    let at = is_suspended.then_some(tx.now().0);
    let sql = "UPDATE tenants SET suspended_at = $2 WHERE id = $1 AND (suspended_at IS NULL) <> ($2 IS NULL)";
    let done = q!(tx, |c| sqlx::query(sql).bind(tenant.uuid()).bind(at).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done > 0)
}

/// Has it found out when the company's days are to be checked, which depends on its time zone.
async fn check_days_anew(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    let now = tx.now();
    due::set(tx, tenant, DueKind::DayChecks, tenant.uuid(), now).await
}
