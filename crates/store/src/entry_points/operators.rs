//! The installation's operator, who is of no company: how they sign in, and what they see of each company, which is never what was said.

use db::{Db, Tx, feed::Cursor, q, row};
use domain::{
    id::TenantId,
    text::Bilingual,
    time::{DAY, Ts},
};
use uuid::Uuid;

use crate::{
    Result,
    fragments::{is_here, use_columns},
    limits::{Limits, Used},
    tenants::Address,
};

/// What an operator signs in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatorKey {
    /// A link that counts once.
    Link,
    /// A session.
    Session,
}

impl OperatorKey {
    const fn text(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Session => "session",
        }
    }
}

/// Stores a link or a session; those that have expired are forgotten.
pub async fn add_operator_key(tx: &mut Tx, hash: &[u8], kind: OperatorKey, expires_at: Ts) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query("DELETE FROM operator_keys WHERE expires_at <= $1").bind(now.0).execute(c).await.map(drop))?;
    q!(tx, |c| sqlx::query("INSERT INTO operator_keys (token_hash, kind, created_at, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(hash)
        .bind(kind.text())
        .bind(now.0)
        .bind(expires_at.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Takes a link or a session away; says whether it was there and had not expired.
pub async fn take_operator_key(tx: &mut Tx, hash: &[u8], kind: OperatorKey) -> Result<bool> {
    let now = tx.now();
    let done = q!(tx, |c| sqlx::query("DELETE FROM operator_keys WHERE token_hash = $1 AND kind = $2 AND expires_at > $3")
        .bind(hash)
        .bind(kind.text())
        .bind(now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(done > 0)
}

/// Until when this is a link or a session of an operator; `None` if it is not.
pub async fn operator_key_until(db: &Db, hash: &[u8], kind: OperatorKey) -> Result<Option<Ts>> {
    let mut tx = db.read().await?;
    let now = tx.now();
    let sql = "SELECT expires_at FROM operator_keys WHERE token_hash = $1 AND kind = $2 AND expires_at > $3";
    let row: Option<(i64,)> = q!(tx, |c| sqlx::query_as(sql).bind(hash).bind(kind.text()).bind(now.0).fetch_optional(c).await)?;
    Ok(row.map(|(until,)| Ts(until)))
}

/// A company as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Which company it is, where it is found, and whether anybody is served there.
    pub address: Address,
    /// Its name.
    pub name: Bilingual,
    /// When it was added.
    pub created_at: Ts,
    /// What it may use.
    pub limits: Limits,
    /// What it uses.
    pub used: Used,
}

row! {
    struct OverviewRow {
        id: Uuid, slug: String, name_zh: String, name_en: String, host: Option<String>, is_root: i64, created_at: i64, suspended_at: Option<i64>,
        seat_limit: Option<i64>, site_limit: Option<i64>, daily_message_limit: Option<i64>, daily_text_limit: Option<i64>, storage_limit: Option<i64>,
        seats: i64, sites: i64, messages: i64, texts: i64, storage: i64
    }
}

impl From<OverviewRow> for Overview {
    fn from(row: OverviewRow) -> Self {
        Self {
            address: Address {
                tenant: TenantId::new(row.id),
                slug: row.slug,
                host: row.host,
                is_root: row.is_root != 0,
                suspended_at: row.suspended_at.map(Ts),
                // From where it is used is not the operator's to see.
                rules: None,
            },
            name: Bilingual { zh: row.name_zh, en: row.name_en },
            created_at: Ts(row.created_at),
            limits: Limits {
                seats: row.seat_limit,
                sites: row.site_limit,
                daily_messages: row.daily_message_limit,
                daily_texts: row.daily_text_limit,
                storage: row.storage_limit,
            },
            used: Used { seats: row.seats, sites: row.sites, daily_messages: row.messages, daily_texts: row.texts, storage: row.storage },
        }
    }
}

/// Which companies are looked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct CompanySearch<'a> {
    /// What their short name or name contains, in lower case; everything contains the empty text.
    pub words: &'a str,
    /// Whether they are suspended, if that matters.
    pub is_suspended: Option<bool>,
    /// Only this one.
    pub only: Option<TenantId>,
}

/// Companies in the order of their short names, those after `after`, at most `most`.
pub async fn companies(db: &Db, search: CompanySearch<'_>, after: &str, most: i64) -> Result<Vec<Overview>> {
    if !crate::can_be_stored(search.words) || !crate::can_be_stored(after) {
        return Ok(Vec::new());
    }
    let mut tx = db.read().await?;
    let today = tx.now().0.div_euclid(DAY);
    // A text contains a word if it is shorter without it.
    let sql = concat!(
        "SELECT t.id, t.slug, t.name_zh, t.name_en, t.host, t.is_root, t.created_at, t.suspended_at, ",
        use_columns!("$1"),
        " FROM tenants t WHERE t.slug > $2 AND t.practice_of IS NULL
           AND ($3 = '' OR LENGTH(t.slug) > LENGTH(REPLACE(t.slug, $3, '')) OR LENGTH(t.name_zh) > LENGTH(REPLACE(LOWER(t.name_zh), $3, ''))
             OR LENGTH(t.name_en) > LENGTH(REPLACE(LOWER(t.name_en), $3, '')))
           AND ($4 = 2 OR (t.suspended_at IS NOT NULL) = ($4 = 1)) AND ($5 IS NULL OR t.id = $5) AND ",
        is_here!("t.id"),
        " ORDER BY t.slug LIMIT $6"
    );
    let rows: Vec<OverviewRow> = q!(tx, |c| sqlx::query_as(sql)
        .bind(today)
        .bind(after)
        .bind(search.words)
        .bind(search.is_suspended.map_or(2_i64, i64::from))
        .bind(search.only.map(|only| only.uuid()))
        .bind(most)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(Overview::from).collect())
}

/// How many companies there are, and how many of them are suspended.
pub async fn company_counts(db: &Db) -> Result<(i64, i64)> {
    let mut tx = db.read().await?;
    let sql = concat!("SELECT COUNT(*), COUNT(suspended_at) FROM tenants WHERE practice_of IS NULL AND ", is_here!("tenants.id"));
    Ok(q!(tx, |c| sqlx::query_as(sql).fetch_one(c).await)?)
}

row! {
    /// The jobs of a kind that wait, and those that were given up.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct JobCount {
        /// The kind of work.
        pub kind: String,
        /// How many wait.
        pub waiting: i64,
        /// How many were given up.
        pub dead: i64,
        /// When the one that has waited longest was asked for.
        pub oldest_at: Option<i64>,
    }
}

/// The jobs of all companies, by kind.
pub async fn job_counts(db: &Db) -> Result<Vec<JobCount>> {
    let mut tx = db.read().await?;
    Ok(q!(tx, |c| sqlx::query_as(
        "SELECT kind, COUNT(CASE WHEN state = 'waiting' THEN 1 END) AS waiting, COUNT(CASE WHEN state = 'dead' THEN 1 END) AS dead,
           MIN(CASE WHEN state = 'waiting' THEN created_at END) AS oldest_at
         FROM jobs GROUP BY kind ORDER BY kind"
    )
    .fetch_all(c)
    .await)?)
}

/// How many messages the customers of a company wrote on a day, between two places of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The company.
    pub tenant: TenantId,
    /// The day (UTC), in days since the epoch.
    pub day: i64,
    /// How many.
    pub messages: i64,
    /// The place of the last one.
    pub to: Cursor,
}

/// The place up to which the messages of a company's day are counted; the beginning if none are.
pub async fn messages_counted_to(tx: &mut Tx, tenant: TenantId, day: i64) -> Result<Cursor> {
    let row: Option<(i64, i64)> = q!(tx, |c| sqlx::query_as("SELECT transaction_id, pos FROM message_days WHERE tenant_id = $1 AND day = $2")
        .bind(tenant.uuid())
        .bind(day)
        .fetch_optional(c)
        .await)?;
    Ok(row.map_or_else(Cursor::default, |(xid, pos)| Cursor { xid, pos }))
}

/// Adds messages to a company's day; what was counted for days before `oldest` is forgotten.
pub async fn count_messages(tx: &mut Tx, counted: Counted, oldest: i64) -> Result<()> {
    let Counted { tenant, day, messages, to } = counted;
    // A company that was erased in the meantime has no days any more.
    q!(tx, |c| sqlx::query(
        "INSERT INTO message_days (tenant_id, day, messages, transaction_id, pos) SELECT id, $2, $3, $4, $5 FROM tenants WHERE id = $1
         ON CONFLICT (tenant_id, day) DO UPDATE SET messages = message_days.messages + excluded.messages, transaction_id = excluded.transaction_id,
           pos = excluded.pos"
    )
    .bind(tenant.uuid())
    .bind(day)
    .bind(messages)
    .bind(to.xid)
    .bind(to.pos)
    .execute(c)
    .await
    .map(drop))?;
    let forget = "DELETE FROM message_days WHERE tenant_id = $1 AND day < $2";
    q!(tx, |c| sqlx::query(forget).bind(tenant.uuid()).bind(oldest).execute(c).await.map(drop))?;
    Ok(())
}

/// The companies whose customers have written as many messages today (UTC) as they may.
pub async fn companies_out_of_messages(db: &Db) -> Result<Vec<TenantId>> {
    let mut tx = db.read().await?;
    let today = tx.now().0.div_euclid(DAY);
    let sql = "SELECT t.id FROM tenants t JOIN message_days d ON d.tenant_id = t.id AND d.day = $1 WHERE t.daily_message_limit IS NOT NULL AND t.daily_message_limit <= d.messages";
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(sql).bind(today).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| TenantId::new(id)).collect())
}
