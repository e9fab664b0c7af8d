//! What a company may use of the installation, and what it uses.

use db::{Tx, q, row};
use domain::{
    id::TenantId,
    refusal::{Code, Refusal},
    time::DAY,
};
use serde::{Deserialize, Serialize};

use crate::{Error, Result, fragments::use_columns};

/// What a company may use; `None` is without a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Limits {
    /// Members of the staff who are not disabled.
    pub seats: Option<i64>,
    /// Sites.
    pub sites: Option<i64>,
    /// Messages that its customers write on a day (UTC).
    pub daily_messages: Option<i64>,
    /// Text messages that are sent for it on a day (UTC); not more than the settings allow every company.
    pub daily_texts: Option<i64>,
    /// Bytes of files.
    pub storage: Option<i64>,
}

/// What a company uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Used {
    /// Members of the staff who are not disabled.
    pub seats: i64,
    /// Sites.
    pub sites: i64,
    /// Messages that its customers wrote today (UTC), to a few seconds.
    pub daily_messages: i64,
    /// Text messages that were sent for it today (UTC).
    pub daily_texts: i64,
    /// Bytes of files.
    pub storage: i64,
}

row! {
    struct UseRow {
        seat_limit: Option<i64>, site_limit: Option<i64>, daily_message_limit: Option<i64>, daily_text_limit: Option<i64>, storage_limit: Option<i64>,
        seats: i64, sites: i64, messages: i64, texts: i64, storage: i64
    }
}

row! {
    struct LimitRow { seat_limit: Option<i64>, site_limit: Option<i64>, daily_message_limit: Option<i64>, daily_text_limit: Option<i64>, storage_limit: Option<i64> }
}

/// What a company may use, and what it uses.
pub async fn usage(tx: &mut Tx, tenant: TenantId) -> Result<(Limits, Used)> {
    let today = tx.now().0.div_euclid(DAY);
    let sql = concat!("SELECT ", use_columns!("$2"), " FROM tenants t WHERE t.id = $1");
    let row: Option<UseRow> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(today).fetch_optional(c).await)?;
    let UseRow { seat_limit, site_limit, daily_message_limit, daily_text_limit, storage_limit, seats, sites, messages, texts, storage } =
        row.ok_or(Error::NotFound)?;
    let limits = Limits { seats: seat_limit, sites: site_limit, daily_messages: daily_message_limit, daily_texts: daily_text_limit, storage: storage_limit };
    Ok((limits, Used { seats, sites, daily_messages: messages, daily_texts: texts, storage }))
}

/// What a company may use.
pub async fn get(tx: &mut Tx, tenant: TenantId) -> Result<Limits> {
    let sql = "SELECT seat_limit, site_limit, daily_message_limit, daily_text_limit, storage_limit FROM tenants WHERE id = $1";
    let row: Option<LimitRow> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).fetch_optional(c).await)?;
    let LimitRow { seat_limit, site_limit, daily_message_limit, daily_text_limit, storage_limit } = row.ok_or(Error::NotFound)?;
    Ok(Limits { seats: seat_limit, sites: site_limit, daily_messages: daily_message_limit, daily_texts: daily_text_limit, storage: storage_limit })
}

/// Says what a company may use. What it uses beyond that stays.
pub async fn set(tx: &mut Tx, tenant: TenantId, limits: Limits) -> Result<()> {
    let sql = "UPDATE tenants SET seat_limit = $2, site_limit = $3, daily_message_limit = $4, storage_limit = $5, daily_text_limit = $6 WHERE id = $1";
    q!(tx, |c| sqlx::query(sql)
        .bind(tenant.uuid())
        .bind(limits.seats)
        .bind(limits.sites)
        .bind(limits.daily_messages)
        .bind(limits.storage)
        .bind(limits.daily_texts)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Refuses, with [`Code::SeatLimitReached`], one more member of the staff than a company may have.
pub async fn require_seat(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    let (limits, used) = usage(tx, tenant).await?;
    if limits.seats.is_some_and(|most| used.seats >= most) { Err(Refusal::new(Code::SeatLimitReached).into()) } else { Ok(()) }
}

/// Refuses, with [`Code::SiteLimitReached`], one more site than a company may have.
pub async fn require_site(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    let (limits, used) = usage(tx, tenant).await?;
    if limits.sites.is_some_and(|most| used.sites >= most) { Err(Refusal::new(Code::SiteLimitReached).into()) } else { Ok(()) }
}
