//! Plans as staff manage them: the document customers see and, beside it, who sees it, when it changed, and whether it was deleted.

use content::{goods::GoodsState, plan::Plan};
use db::{Tx, q};
use domain::{id::TenantId, time::Ts};
use store::{Result, table};

/// A plan with what only staff know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPlan {
    /// The id of the plan.
    pub id: String,
    /// Its place among the plans.
    pub position: i64,
    /// The document.
    pub plan: Plan,
    /// Who sees it.
    pub state: GoodsState,
    /// When it was last changed; editors send it back so that they do not overwrite each other's changes.
    pub updated_at: Ts,
    /// When it was deleted, if it was.
    pub deleted_at: Option<Ts>,
}

table! {
    KeptPlan in "plans" {
        key { id: String [id] }
        fixed { position: i64 [position] }
        changing { plan: Plan [document], state: GoodsState [state], updated_at: Ts [updated_at], deleted_at: Option<Ts> [deleted_at] }
    }
}

/// All plans, deleted ones included, in display order.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<KeptPlan>> {
    table::all(q!(tx, |c| sqlx::query_as(table::select::<KeptPlan>("ORDER BY position, id")).bind(tenant.uuid()).fetch_all(c).await)?)
}

/// A plan by its id, deleted or not.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: &str) -> Result<KeptPlan> {
    if !store::can_be_stored(id) {
        return Err(store::Error::NotFound);
    }
    table::one(q!(tx, |c| sqlx::query_as(table::select::<KeptPlan>("AND id = $2")).bind(tenant.uuid()).bind(id).fetch_optional(c).await)?)
}

/// Adds a plan; [`store::Error::Taken`] if its id is in use, even by a deleted one.
pub async fn insert(tx: &mut Tx, tenant: TenantId, plan: &KeptPlan) -> Result<()> {
    table::insert(tx, tenant, plan).await
}

/// Updates a plan; [`store::Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, plan: &KeptPlan, seen: Ts) -> Result<()> {
    table::update(tx, tenant, plan, seen).await
}
