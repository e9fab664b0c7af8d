//! Goods as staff manage them: the document customers see and, beside it, who sees it, when it changed, whether it was deleted, and its past prices.

use db::{Tx, q, row};
use domain::{
    goods::{GoodsState, Product},
    id::{AgentId, TenantId},
    time::Ts,
};
use uuid::Uuid;

use crate::{Error, Result};

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
    struct PriceRow {
        goods_id: String, id: Uuid, old_fen: Option<i64>, new_fen: i64, currency: String, reason: String, agent_id: Option<Uuid>, at: i64, name: Option<String>,
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
pub async fn thrown(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Unopened>> {
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
    if !crate::can_be_stored(id) {
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
    let (eights, rest) = rows.as_chunks::<8>();
    for eight in eights {
        q!(tx, |c| {
            let mut query = sqlx::query(
                "INSERT INTO goods (tenant_id, id, position, document, category, state, picture_id, updated_at) VALUES
             ($1, $2, $3, $4, $5, $6, $7, $8),
             ($1, $9, $10, $11, $12, $13, $14, $15),
             ($1, $16, $17, $18, $19, $20, $21, $22),
             ($1, $23, $24, $25, $26, $27, $28, $29),
             ($1, $30, $31, $32, $33, $34, $35, $36),
             ($1, $37, $38, $39, $40, $41, $42, $43),
             ($1, $44, $45, $46, $47, $48, $49, $50),
             ($1, $51, $52, $53, $54, $55, $56, $57)
             ON CONFLICT (tenant_id, id) DO UPDATE SET document = excluded.document, category = excluded.category, state = excluded.state,
               picture_id = excluded.picture_id, updated_at = excluded.updated_at, deleted_at = NULL",
            )
            .bind(tenant.uuid());
            for (kept, position, json) in eight {
                query = query.bind(&kept.product.id).bind(position).bind(json).bind(&kept.product.category).bind(kept.state.as_str());
                query = query.bind(kept.product.picture.map(domain::id::PictureId::uuid)).bind(kept.updated_at.0);
            }
            query.execute(c).await.map(drop)
        })?;
    }
    for (kept, position, json) in rest {
        q!(tx, |c| sqlx::query(
            "INSERT INTO goods (tenant_id, id, position, document, category, state, picture_id, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (tenant_id, id) DO UPDATE SET document = excluded.document, category = excluded.category, state = excluded.state,
               picture_id = excluded.picture_id, updated_at = excluded.updated_at, deleted_at = NULL"
        )
        .bind(tenant.uuid())
        .bind(&kept.product.id)
        .bind(position)
        .bind(json)
        .bind(&kept.product.category)
        .bind(kept.state.as_str())
        .bind(kept.product.picture.map(domain::id::PictureId::uuid))
        .bind(kept.updated_at.0)
        .execute(c)
        .await
        .map(drop))?;
    }
    crate::goods_numbers::reach(tx, tenant, all.iter().map(|kept| kept.product.id.as_str())).await
}

/// Records price changes.
pub async fn note_prices(tx: &mut Tx, tenant: TenantId, changes: &[PriceChange]) -> Result<()> {
    let (eights, rest) = changes.as_chunks::<8>();
    for eight in eights {
        q!(tx, |c| {
            let mut query = sqlx::query(
                "INSERT INTO goods_prices (tenant_id, goods_id, id, old_fen, new_fen, currency, reason, agent_id, at) VALUES
             ($1, $2, $3, $4, $5, $6, $7, $8, $9),
             ($1, $10, $11, $12, $13, $14, $15, $16, $17),
             ($1, $18, $19, $20, $21, $22, $23, $24, $25),
             ($1, $26, $27, $28, $29, $30, $31, $32, $33),
             ($1, $34, $35, $36, $37, $38, $39, $40, $41),
             ($1, $42, $43, $44, $45, $46, $47, $48, $49),
             ($1, $50, $51, $52, $53, $54, $55, $56, $57),
             ($1, $58, $59, $60, $61, $62, $63, $64, $65)",
            )
            .bind(tenant.uuid());
            for change in eight {
                query = query.bind(&change.goods).bind(change.id).bind(change.old_fen).bind(change.new_fen).bind(&change.currency).bind(&change.reason);
                query = query.bind(change.agent.map(AgentId::uuid)).bind(change.at.0);
            }
            query.execute(c).await.map(drop)
        })?;
    }
    for change in rest {
        q!(tx, |c| sqlx::query(
            "INSERT INTO goods_prices (tenant_id, goods_id, id, old_fen, new_fen, currency, reason, agent_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        )
        .bind(tenant.uuid())
        .bind(&change.goods)
        .bind(change.id)
        .bind(change.old_fen)
        .bind(change.new_fen)
        .bind(&change.currency)
        .bind(&change.reason)
        .bind(change.agent.map(AgentId::uuid))
        .bind(change.at.0)
        .execute(c)
        .await
        .map(drop))?;
    }
    Ok(())
}

/// A product's past prices, most recent first, at most `limit`.
pub async fn prices(tx: &mut Tx, tenant: TenantId, id: &str, limit: i64) -> Result<Vec<PastPrice>> {
    let rows: Vec<PriceRow> = q!(tx, |c| sqlx::query_as(
        "SELECT p.goods_id, p.id, p.old_fen, p.new_fen, p.currency, p.reason, p.agent_id, p.at, a.name FROM goods_prices p
         LEFT JOIN agents a ON a.tenant_id = p.tenant_id AND a.id = p.agent_id
         WHERE p.tenant_id = $1 AND p.goods_id = $2 ORDER BY p.at DESC, p.id DESC LIMIT $3"
    )
    .bind(tenant.uuid())
    .bind(id)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    let past = |row: PriceRow| {
        let PriceRow { goods_id, id, old_fen, new_fen, currency, reason, agent_id, at, name } = row;
        let change = PriceChange { id, goods: goods_id, old_fen, new_fen, currency, reason, agent: agent_id.map(AgentId::new), at: Ts(at) };
        PastPrice { change, by: name }
    };
    Ok(rows.into_iter().map(past).collect())
}
