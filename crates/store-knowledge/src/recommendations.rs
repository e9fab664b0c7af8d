//! What visitors took an interest in, and what was learned. Ids and numbers only. Whether they agree to that is in `store::consents`.

use content::recommendation::{Interest, ItemKind};
use db::{
    Tx,
    bulk::{self, Value},
    q, row,
};
use domain::{
    id::{ConversationId, CustomerId, SiteId, TenantId, VisitorId},
    revision::Revision,
    time::Ts,
};
use store::{Error, Result, people::Seen};
use uuid::Uuid;

/// A visitor's interest in an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// The visitor.
    pub visitor: VisitorId,
    /// What the item is.
    pub kind: ItemKind,
    /// Its id among those of its kind.
    pub item: String,
    /// The interest.
    pub interest: Interest,
    /// The conversation in which it was last shown.
    pub conversation: Option<ConversationId>,
}

row! {
    struct Row { visitor_id: Uuid, kind: String, item: String, at: i64, looked: i64, asked: i64, score: Option<i64>, conversation_id: Option<Uuid> }
}

fn read(row: Row) -> Option<Signal> {
    let interest = Interest { looked: row.looked, asked: row.asked, score: row.score, at: Ts(row.at) };
    let conversation = row.conversation_id.map(ConversationId::new);
    Some(Signal { visitor: VisitorId::new(row.visitor_id), kind: ItemKind::parse(&row.kind)?, item: row.item, interest, conversation })
}

/// Whether recommendations are shown, and where they are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Whether they are shown at all. If not, nothing is noted either.
    pub on: bool,
    /// The sites where they are not shown.
    pub off_sites: Vec<SiteId>,
    /// When they were last changed; an editor sends it back.
    pub updated_at: Ts,
}

impl Default for Settings {
    fn default() -> Self {
        Self { on: true, off_sites: Vec::new(), updated_at: Ts(0) }
    }
}

/// What was learned, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learned {
    /// The version: 1, 2, 3 …
    pub version: i64,
    /// When it was learned.
    pub trained_at: Ts,
    /// From how much, and how good it is.
    pub figures: String,
    /// The model.
    pub model: String,
}

/// The settings.
pub async fn settings(tx: &mut Tx, tenant: TenantId) -> Result<Settings> {
    let row: Option<(i64, String, i64)> = q!(tx, |c| sqlx::query_as("SELECT is_on, off_sites, updated_at FROM recommendation_settings WHERE tenant_id = $1")
        .bind(tenant.uuid())
        .fetch_optional(c)
        .await)?;
    let Some((on, off_sites, at)) = row else { return Ok(Settings::default()) };
    let off_sites = serde_json::from_str(&off_sites).map_err(|error| Error::Db(db::Error::Corrupt(error.to_string())))?;
    Ok(Settings { on: on != 0, off_sites, updated_at: Ts(at) })
}

/// Updates the settings; [`Error::Stale`] if they changed since they were last read. Returns them as they are now.
pub async fn set(tx: &mut Tx, tenant: TenantId, settings: &Settings) -> Result<Settings> {
    let at = Revision(settings.updated_at).next(tx.now());
    let off_sites = serde_json::to_string(&settings.off_sites).map_err(|error| Error::Db(db::Error::Corrupt(error.to_string())))?;
    let changed = q!(tx, |c| sqlx::query(
        "INSERT INTO recommendation_settings (tenant_id, is_on, off_sites, updated_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id) DO UPDATE SET is_on = excluded.is_on, off_sites = excluded.off_sites, updated_at = excluded.updated_at
           WHERE recommendation_settings.updated_at = $5"
    )
    .bind(tenant.uuid())
    .bind(i64::from(settings.on))
    .bind(&off_sites)
    .bind(at.0)
    .bind(settings.updated_at.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if changed == 1 { Ok(Settings { updated_at: at, ..settings.clone() }) } else { Err(Error::Stale) }
}

/// Deletes what was learned and up to `portion` of what visitors took an interest in; returns whether there may be more of it. What they chose stays.
pub async fn forget(tx: &mut Tx, tenant: TenantId, portion: i64) -> Result<bool> {
    q!(tx, |c| sqlx::query("DELETE FROM recommendation_models WHERE tenant_id = $1").bind(tenant.uuid()).execute(c).await.map(drop))?;
    let gone = q!(tx, |c| sqlx::query(
        "DELETE FROM recommendation_signals WHERE (tenant_id, visitor_id, kind, item) IN
           (SELECT tenant_id, visitor_id, kind, item FROM recommendation_signals WHERE tenant_id = $1 LIMIT $2)"
    )
    .bind(tenant.uuid())
    .bind(portion)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(gone >= portion.unsigned_abs())
}

row! {
    struct Place { id: Uuid, visitor_id: Uuid }
}

/// The visitors of these conversations.
pub async fn visitors_of(tx: &mut Tx, tenant: TenantId, conversations: &[ConversationId]) -> Result<Vec<(ConversationId, VisitorId)>> {
    let head = "SELECT c.id, c.visitor_id FROM conversations c WHERE (c.tenant_id, c.id) IN (VALUES";
    let keys: Vec<_> = conversations.iter().map(|id| vec![Value::Uuid(tenant.uuid()), Value::Uuid(id.uuid())]).collect();
    let rows: Vec<Place> = bulk::select(tx, head, &keys, ")").await?;
    Ok(rows.into_iter().map(|row| (ConversationId::new(row.id), VisitorId::new(row.visitor_id))).collect())
}

/// Adds to what visitors took an interest in. No two may be of the same visitor and item.
pub async fn note(tx: &mut Tx, tenant: TenantId, signals: &[Signal]) -> Result<()> {
    let row = |signal: &Signal| {
        let Signal { visitor, kind, interest, conversation, .. } = signal;
        vec![
            Value::Uuid(tenant.uuid()),
            Value::Uuid(visitor.uuid()),
            Value::Text(Some(kind.as_str())),
            Value::Owned(Some(signal.item.clone())),
            Value::Int(Some(interest.at.0)),
            Value::Int(Some(interest.looked)),
            Value::Int(Some(interest.asked)),
            Value::Int(interest.score),
            Value::Id(conversation.map(ConversationId::uuid)),
        ]
    };
    let rows: Vec<_> = signals.iter().map(row).collect();
    let head = "INSERT INTO recommendation_signals (tenant_id, visitor_id, kind, item, at, looked, asked, score, conversation_id) VALUES";
    let tail = "ON CONFLICT (tenant_id, visitor_id, kind, item) DO UPDATE SET
           at = CASE WHEN excluded.at > recommendation_signals.at THEN excluded.at ELSE recommendation_signals.at END,
           looked = recommendation_signals.looked + excluded.looked, asked = recommendation_signals.asked + excluded.asked,
           score = COALESCE(excluded.score, recommendation_signals.score),
           conversation_id = COALESCE(excluded.conversation_id, recommendation_signals.conversation_id)";
    bulk::execute(tx, head, &rows, tail).await?;
    Ok(())
}

/// Notes how a conversation was rated with everything that it was about.
pub async fn rate(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, score: i64) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE recommendation_signals SET score = $3 WHERE tenant_id = $1 AND conversation_id = $2")
        .bind(tenant.uuid())
        .bind(conversation.uuid())
        .bind(score)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// What a visitor took an interest in, as any visitor of the same account, latest first.
pub async fn of_visitor(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, limit: i64) -> Result<Vec<Signal>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT visitor_id, kind, item, at, looked, asked, score, conversation_id FROM recommendation_signals WHERE tenant_id = $1
           AND (visitor_id = $2 OR visitor_id IN (SELECT other.visitor_id FROM customer_visitors own
             JOIN customer_visitors other ON other.tenant_id = own.tenant_id AND other.customer_id = own.customer_id
             WHERE own.tenant_id = $1 AND own.visitor_id = $2))
         ORDER BY at DESC, kind, item, visitor_id LIMIT $3"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().filter_map(read).collect())
}

/// What the holder of an account took an interest in, on all sites, latest first; the same item once per site.
pub async fn of_customer(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<Vec<Signal>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT visitor_id, kind, item, at, looked, asked, score, conversation_id FROM recommendation_signals WHERE tenant_id = $1
           AND visitor_id IN (SELECT visitor_id FROM customer_visitors WHERE tenant_id = $1 AND customer_id = $2)
         ORDER BY at DESC, kind, item, visitor_id"
    )
    .bind(tenant.uuid())
    .bind(customer.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().filter_map(read).collect())
}

/// What the company's visitors took an interest in, latest first.
pub async fn latest(tx: &mut Tx, tenant: TenantId, limit: i64) -> Result<Vec<Signal>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT visitor_id, kind, item, at, looked, asked, score, conversation_id FROM recommendation_signals
         WHERE tenant_id = $1 ORDER BY at DESC, visitor_id, kind, item LIMIT $2"
    )
    .bind(tenant.uuid())
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().filter_map(read).collect())
}

row! {
    struct SeenRow { visitor_id: Uuid, customer_id: Option<Uuid>, network: Option<Vec<u8>> }
}

/// Who the visitors are of whom interests are noted: what tells one person from another.
pub async fn visitors_seen(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Seen>> {
    let rows: Vec<SeenRow> = q!(tx, |c| sqlx::query_as(
        "SELECT s.visitor_id, cv.customer_id, v.network FROM (SELECT DISTINCT visitor_id FROM recommendation_signals WHERE tenant_id = $1) s
         LEFT JOIN visitors v ON v.tenant_id = $1 AND v.id = s.visitor_id
         LEFT JOIN customer_visitors cv ON cv.tenant_id = $1 AND cv.visitor_id = s.visitor_id"
    )
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    let read = |row: SeenRow| Seen { visitor: VisitorId::new(row.visitor_id), account: row.customer_id.map(CustomerId::new), network: row.network };
    Ok(rows.into_iter().map(read).collect())
}

/// What tells one interest from another.
pub type Key = (VisitorId, ItemKind, String);

/// Interests of visitors of networks that have more than `most`, without the latest ones of each network; at most `limit`.
pub async fn excess(tx: &mut Tx, tenant: TenantId, most: i64, limit: i64) -> Result<Vec<Key>> {
    let rows: Vec<(Uuid, String, String)> = q!(tx, |c| sqlx::query_as(
        "SELECT r.visitor_id, r.kind, r.item FROM (
           SELECT s.visitor_id, s.kind, s.item, ROW_NUMBER() OVER (PARTITION BY v.network ORDER BY s.at DESC, s.visitor_id, s.kind, s.item) AS nth
           FROM recommendation_signals s JOIN visitors v ON v.tenant_id = s.tenant_id AND v.id = s.visitor_id
           WHERE s.tenant_id = $1 AND v.network IS NOT NULL) r
         WHERE r.nth > $2 LIMIT $3"
    )
    .bind(tenant.uuid())
    .bind(most)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().filter_map(|(visitor, kind, item)| Some((VisitorId::new(visitor), ItemKind::parse(&kind)?, item))).collect())
}

/// Deletes these interests.
pub async fn delete(tx: &mut Tx, tenant: TenantId, keys: &[Key]) -> Result<()> {
    let row = |(visitor, kind, item): &Key| {
        vec![Value::Uuid(tenant.uuid()), Value::Uuid(visitor.uuid()), Value::Text(Some(kind.as_str())), Value::Owned(Some(item.clone()))]
    };
    let rows: Vec<_> = keys.iter().map(row).collect();
    let head = "WITH which (tenant_id, visitor_id, kind, item) AS (VALUES";
    let tail = ") DELETE FROM recommendation_signals WHERE (tenant_id, visitor_id, kind, item) IN (SELECT tenant_id, visitor_id, kind, item FROM which)";
    bulk::execute(tx, head, &rows, tail).await?;
    Ok(())
}

/// How many interests are kept, and of how many visitors.
pub async fn count(tx: &mut Tx, tenant: TenantId) -> Result<(i64, i64)> {
    Ok(q!(tx, |c| sqlx::query_as("SELECT COUNT(*), COUNT(DISTINCT visitor_id) FROM recommendation_signals WHERE tenant_id = $1")
        .bind(tenant.uuid())
        .fetch_one(c)
        .await)?)
}

/// Deletes interests last shown before a time and those beyond the `most` latest: about `portion`, the oldest first. Returns whether there may be more.
pub async fn trim(tx: &mut Tx, tenant: TenantId, before: Ts, most: i64, portion: i64) -> Result<bool> {
    let beyond: Option<(i64,)> = q!(tx, |c| sqlx::query_as("SELECT at FROM recommendation_signals WHERE tenant_id = $1 ORDER BY at DESC LIMIT 1 OFFSET $2")
        .bind(tenant.uuid())
        .bind(most)
        .fetch_optional(c)
        .await)?;
    let from = beyond.map_or(before.0, |(at,)| before.0.max(at + 1));
    let gone = q!(tx, |c| sqlx::query(
        "DELETE FROM recommendation_signals WHERE tenant_id = $1 AND at < $2
           AND at <= COALESCE((SELECT s.at FROM recommendation_signals s WHERE s.tenant_id = $1 ORDER BY s.at LIMIT 1 OFFSET $3), $2)"
    )
    .bind(tenant.uuid())
    .bind(from)
    .bind(portion - 1)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(gone >= portion.unsigned_abs())
}

/// Hands what a visitor took an interest in over to an account's own visitor.
pub async fn pass_on(tx: &mut Tx, tenant: TenantId, from: VisitorId, into: VisitorId) -> Result<()> {
    let mut all = of_visitor(tx, tenant, from, i64::MAX).await?;
    all.iter_mut().for_each(|signal| signal.visitor = into);
    note(tx, tenant, &all).await?;
    q!(tx, |c| sqlx::query("DELETE FROM recommendation_signals WHERE tenant_id = $1 AND visitor_id = $2")
        .bind(tenant.uuid())
        .bind(from.uuid())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The version of what was last learned; 0 if nothing was.
pub async fn version(tx: &mut Tx, tenant: TenantId) -> Result<i64> {
    let row: Option<(i64,)> =
        q!(tx, |c| sqlx::query_as("SELECT version FROM recommendation_models WHERE tenant_id = $1").bind(tenant.uuid()).fetch_optional(c).await)?;
    Ok(row.map_or(0, |(version,)| version))
}

/// What was last learned, and when it is learned again; `None` if nothing has been noted yet.
pub async fn model(tx: &mut Tx, tenant: TenantId) -> Result<Option<(Option<Learned>, Ts)>> {
    type Columns = (i64, i64, Option<i64>, Option<String>, Option<String>);
    let row: Option<Columns> =
        q!(tx, |c| sqlx::query_as("SELECT version, due_at, trained_at, figures, model FROM recommendation_models WHERE tenant_id = $1")
            .bind(tenant.uuid())
            .fetch_optional(c)
            .await)?;
    let read = |(version, due_at, trained_at, figures, model): Columns| {
        let learned = || Some(Learned { version, trained_at: Ts(trained_at?), figures: figures?, model: model? });
        (learned(), Ts(due_at))
    };
    Ok(row.map(read))
}

/// Stores what was learned as the next version, and when it is to be learned again. Nothing is stored if everything was forgotten meanwhile.
pub async fn put_learned(tx: &mut Tx, tenant: TenantId, learned: &Learned, due_at: Ts) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "UPDATE recommendation_models SET version = version + 1, due_at = $2, trained_at = $3, figures = $4, model = $5 WHERE tenant_id = $1"
    )
    .bind(tenant.uuid())
    .bind(due_at.0)
    .bind(learned.trained_at.0)
    .bind(&learned.figures)
    .bind(&learned.model)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Has a company's model learned at a time, unless it has been learned or is to be learned before; `again` even if it was learned.
pub async fn learn_at(tx: &mut Tx, tenant: TenantId, at: Ts, again: bool) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO recommendation_models (tenant_id, version, due_at) VALUES ($1, 0, $2)
         ON CONFLICT (tenant_id) DO UPDATE SET due_at = excluded.due_at WHERE $3 = 1 AND recommendation_models.due_at > excluded.due_at"
    )
    .bind(tenant.uuid())
    .bind(at.0)
    .bind(i64::from(again))
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
