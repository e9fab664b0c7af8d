//! Goods as staff manage them: the document customers see and, beside it, who sees it, when it changed, whether it was deleted, and its past prices.

use std::collections::HashMap;

use content::goods::{GoodsState, Product};
use db::{
    Tx,
    bulk::{self, Value},
    q, row,
};
use domain::{
    id::{AgentId, TenantId},
    time::Ts,
};
use store::{Error, Result, table, table::With};
use uuid::Uuid;

/// A product with what only staff know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The document.
    pub product: Product,
    /// Who sees it.
    pub state: GoodsState,
    /// When it was last changed; editors send it back so that they do not overwrite each other's changes.
    pub updated_at: Ts,
    /// When it was deleted, if it was; it can be restored for a while.
    pub deleted_at: Option<Ts>,
}

/// A change of price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceChange {
    /// The id.
    pub id: Uuid,
    /// The id of the product.
    pub goods: String,
    /// The price before, in the smallest currency unit; `None` for the first price.
    pub old_fen: Option<i64>,
    /// The new price, in the smallest currency unit.
    pub new_fen: i64,
    /// The currency as an ISO 4217 code.
    pub currency: String,
    /// The reason; empty if none was given.
    pub reason: String,
    /// The member who made the change.
    pub agent: Option<AgentId>,
    /// The time of the change.
    pub at: Ts,
}

/// A price change and the name of the member who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastPrice {
    /// The change.
    pub change: PriceChange,
    /// The member's name.
    pub by: Option<String>,
}

/// The version of a product that an editor must have seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The id of the product.
    pub id: String,
    /// When it was last changed.
    pub updated_at: Ts,
    /// Whether it was deleted.
    pub deleted: bool,
}

row! {
    #[derive(Debug)]
    struct Row { document: String, state: String, updated_at: i64, deleted_at: Option<i64> }
}
row! {
    struct By { name: Option<String> }
}
table! {
    PriceChange in "goods_prices" {
        key { goods: String [goods_id], id: Uuid [id] }
        fixed {
            old_fen: Option<i64> [old_fen], new_fen: i64 [new_fen], currency: String [currency], reason: String [reason], agent: Option<AgentId> [agent_id],
            at: Ts [at],
        }
    }
}

impl TryFrom<Row> for Kept {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let product = serde_json::from_str(&row.document).map_err(|error| corrupt(&error.to_string()))?;
        let state = GoodsState::parse(&row.state).ok_or_else(|| corrupt(&row.state))?;
        Ok(Self { product, state, updated_at: Ts(row.updated_at), deleted_at: row.deleted_at.map(Ts) })
    }
}

fn corrupt(what: &str) -> Error {
    Error::Db(db::Error::Corrupt(format!("goods: {what}")))
}
fn document(product: &Product) -> Result<String> {
    serde_json::to_string(product).map_err(|error| corrupt(&error.to_string()))
}

/// A product as read from the store, not yet parsed, so that many can be parsed on a thread where that blocks nobody else.
#[derive(Debug)]
pub struct Unopened(Row);

impl Unopened {
    /// Parses the product.
    pub fn open(self) -> Result<Kept> {
        self.0.try_into()
    }
}

/// All goods that are not deleted, in the order customers see.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Unopened>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT document, state, updated_at, deleted_at FROM goods WHERE tenant_id = $1 AND deleted_at IS NULL ORDER BY position, id"
    )
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(Unopened).collect())
}

/// All deleted goods that still exist, most recently deleted first.
pub async fn list_deleted(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Unopened>> {
    let rows: Vec<Row> = q!(tx, |c| sqlx::query_as(
        "SELECT document, state, updated_at, deleted_at FROM goods WHERE tenant_id = $1 AND deleted_at IS NOT NULL ORDER BY deleted_at DESC, id"
    )
    .bind(tenant.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(Unopened).collect())
}

/// Permanently deletes a product and its prices if it was deleted before that time. Returns whether it did.
pub async fn forget(tx: &mut Tx, tenant: TenantId, id: &str, thrown: Ts) -> Result<bool> {
    let gone = q!(tx, |c| sqlx::query("DELETE FROM goods WHERE tenant_id = $1 AND id = $2 AND deleted_at < $3")
        .bind(tenant.uuid())
        .bind(id)
        .bind(thrown.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if gone == 1 {
        q!(tx, |c| sqlx::query("DELETE FROM goods_prices WHERE tenant_id = $1 AND goods_id = $2").bind(tenant.uuid()).bind(id).execute(c).await.map(drop))?;
    }
    Ok(gone == 1)
}

/// A product by id, deleted or not.
pub async fn find(tx: &mut Tx, tenant: TenantId, id: &str) -> Result<Option<Kept>> {
    if !store::can_be_stored(id) {
        return Ok(None);
    }
    let row: Option<Row> = q!(tx, |c| sqlx::query_as("SELECT document, state, updated_at, deleted_at FROM goods WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id)
        .fetch_optional(c)
        .await)?;
    row.map(Kept::try_from).transpose()
}

/// A product by id that is not deleted.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: &str) -> Result<Kept> {
    find(tx, tenant, id).await?.filter(|kept| kept.deleted_at.is_none()).ok_or(Error::NotFound)
}

/// When each product, deleted or not, was last changed: enough to tell whether anything is different from before.
pub async fn versions(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Version>> {
    let rows: Vec<(String, i64, Option<i64>)> =
        q!(tx, |c| sqlx::query_as("SELECT id, updated_at, deleted_at FROM goods WHERE tenant_id = $1 ORDER BY id").bind(tenant.uuid()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, updated_at, deleted_at)| Version { id, updated_at: Ts(updated_at), deleted: deleted_at.is_some() }).collect())
}

/// The category of each product, also of deleted ones.
pub async fn categories(tx: &mut Tx, tenant: TenantId) -> Result<HashMap<String, String>> {
    let rows: Vec<(String, String)> = q!(tx, |c| sqlx::query_as("SELECT id, category FROM goods WHERE tenant_id = $1").bind(tenant.uuid()).fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

/// The number of products in a category, not counting deleted ones.
pub async fn in_category(tx: &mut Tx, tenant: TenantId, category: &str) -> Result<i64> {
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM goods WHERE tenant_id = $1 AND category = $2 AND deleted_at IS NULL")
        .bind(tenant.uuid())
        .bind(category)
        .fetch_one(c)
        .await)?;
    Ok(count)
}

/// Adds a product before all others; [`Error::Taken`] if its id is in use, even by a deleted product.
pub async fn insert(tx: &mut Tx, tenant: TenantId, kept: &Kept) -> Result<()> {
    let json = document(&kept.product)?;
    q!(tx, |c| sqlx::query(
        "INSERT INTO goods (tenant_id, id, position, document, category, state, picture_id, updated_at)
         VALUES ($1, $2, (SELECT COALESCE(MIN(position), 1) - 1 FROM goods WHERE tenant_id = $1), $3, $4, $5, $6, $7)"
    )
    .bind(tenant.uuid())
    .bind(&kept.product.id)
    .bind(&json)
    .bind(&kept.product.category)
    .bind(kept.state.as_str())
    .bind(kept.product.picture.map(domain::id::PictureId::uuid))
    .bind(kept.updated_at.0)
    .execute(c)
    .await
    .map(drop))?;
    crate::goods_numbers::reach(tx, tenant, [kept.product.id.as_str()]).await
}

/// Updates a product; [`Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, kept: &Kept, seen: Ts) -> Result<()> {
    let json = document(&kept.product)?;
    let changed = q!(tx, |c| {
        sqlx::query(
        "UPDATE goods SET document = $4, category = $5, state = $6, picture_id = $7, updated_at = $8, deleted_at = $9 WHERE tenant_id = $1 AND id = $2 AND updated_at = $3"
    )
    .bind(tenant.uuid())
    .bind(&kept.product.id)
    .bind(seen.0)
    .bind(&json)
    .bind(&kept.product.category)
    .bind(kept.state.as_str())
    .bind(kept.product.picture.map(domain::id::PictureId::uuid))
    .bind(kept.updated_at.0)
    .bind(kept.deleted_at.map(|at| at.0))
    .execute(c)
    .await
    .map(|done| done.rows_affected())
    })?;
    if changed == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Stores many products at once, replacing those with the same id; new ones are placed before all others, in this order.
pub async fn put(tx: &mut Tx, tenant: TenantId, all: &[Kept]) -> Result<()> {
    let (first,): (i64,) =
        q!(tx, |c| sqlx::query_as("SELECT COALESCE(MIN(position), 0) FROM goods WHERE tenant_id = $1").bind(tenant.uuid()).fetch_one(c).await)?;
    let mut rows = Vec::with_capacity(all.len());
    for (position, kept) in (first - i64::try_from(all.len()).unwrap_or(0)..).zip(all) {
        rows.push((kept, position, document(&kept.product)?));
    }
    let rows: Vec<Vec<Value<'_>>> = rows
        .iter()
        .map(|(kept, position, json)| {
            vec![
                Value::Uuid(tenant.uuid()),
                Value::Text(Some(&kept.product.id)),
                Value::Int(Some(*position)),
                Value::Text(Some(json)),
                Value::Text(Some(&kept.product.category)),
                Value::Text(Some(kept.state.as_str())),
                Value::Id(kept.product.picture.map(domain::id::PictureId::uuid)),
                Value::Int(Some(kept.updated_at.0)),
            ]
        })
        .collect();
    bulk::execute(
        tx,
        "INSERT INTO goods (tenant_id, id, position, document, category, state, picture_id, updated_at) VALUES",
        &rows,
        "ON CONFLICT (tenant_id, id) DO UPDATE SET document = excluded.document, category = excluded.category, state = excluded.state,
           picture_id = excluded.picture_id, updated_at = excluded.updated_at, deleted_at = NULL",
    )
    .await
    .map_err(table::taken_error)?;
    crate::goods_numbers::reach(tx, tenant, all.iter().map(|kept| kept.product.id.as_str())).await
}

/// Records price changes.
pub async fn note_prices(tx: &mut Tx, tenant: TenantId, changes: &[PriceChange]) -> Result<()> {
    table::insert_all(tx, tenant, changes).await
}

/// A product's past prices, most recent first, at most `limit`.
pub async fn prices(tx: &mut Tx, tenant: TenantId, id: &str, limit: i64) -> Result<Vec<PastPrice>> {
    let sql = table::select_with::<PriceChange>(
        "a.name",
        "LEFT JOIN agents a ON a.tenant_id = t.tenant_id AND a.id = t.agent_id",
        "AND t.goods_id = $2 ORDER BY t.at DESC, t.id DESC LIMIT $3",
    );
    let rows: Vec<With<PriceChange, By>> = q!(tx, |c| sqlx::query_as(sql).bind(tenant.uuid()).bind(id).bind(limit).fetch_all(c).await)?;
    rows.into_iter().map(|With(change, By { name })| Ok(PastPrice { change: change?, by: name })).collect()
}
