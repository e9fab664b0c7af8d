//! Labels, and the conversations that have them.

use std::collections::HashMap;

use db::{Tx, q, row};
use domain::{
    entry::body::LabelRef,
    id::{AgentId, ConversationId, LabelId, TenantId},
    label::{Label, MAX_LABELS},
    time::Ts,
};
use store::{
    AT_ONCE, Error, Result, places,
    table::{self, With},
};
use uuid::Uuid;

row! {
    struct Given { conversation_id: Uuid }
}

/// Adds a label.
pub async fn insert(tx: &mut Tx, tenant: TenantId, label: &Label) -> Result<()> {
    table::insert(tx, tenant, label).await
}

/// All labels of a company, archived ones too, in the order in which they were added.
pub async fn all(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Label>> {
    let most = i64::try_from(MAX_LABELS).unwrap_or(i64::MAX);
    let rows = q!(tx, |c| sqlx::query_as(table::select::<Label>("ORDER BY id LIMIT $2")).bind(tenant.uuid()).bind(most).fetch_all(c).await)?;
    table::all(rows)
}

/// Updates a label; [`Error::Stale`] if it changed since it was `seen`.
pub async fn update(tx: &mut Tx, tenant: TenantId, label: &Label, seen: Ts) -> Result<()> {
    table::update(tx, tenant, label, seen).await
}

/// Whether a conversation or a customer has the label.
pub async fn is_in_use(tx: &mut Tx, tenant: TenantId, id: LabelId) -> Result<bool> {
    let found: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT label_id FROM conversation_labels WHERE tenant_id = $1 AND label_id = $2
         UNION ALL SELECT label_id FROM customer_labels WHERE tenant_id = $1 AND label_id = $2 LIMIT 1"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// Deletes a label that no conversation has.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: LabelId) -> Result<()> {
    let removed = q!(tx, |c| sqlx::query("DELETE FROM labels WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if removed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Gives a conversation a label; one that it has stays as it is.
pub async fn give(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, id: LabelId, by: AgentId) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO conversation_labels (tenant_id, conversation_id, label_id, agent_id, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, conversation_id, label_id) DO NOTHING"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(id.uuid())
    .bind(by.uuid())
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Takes a label off a conversation.
pub async fn take_off(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, id: LabelId) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM conversation_labels WHERE tenant_id = $1 AND conversation_id = $2 AND label_id = $3")
        .bind(tenant.uuid())
        .bind(conversation.uuid())
        .bind(id.uuid())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The labels of each of these conversations, in the order in which they were given; those without are missing.
pub async fn of_conversations(tx: &mut Tx, tenant: TenantId, conversations: &[ConversationId]) -> Result<HashMap<ConversationId, Vec<LabelRef>>> {
    let mut found: HashMap<ConversationId, Vec<LabelRef>> = HashMap::new();
    for some in conversations.chunks(AT_ONCE) {
        let sql = format!(
            "SELECT g.conversation_id, {} FROM conversation_labels g JOIN labels t ON t.tenant_id = g.tenant_id AND t.id = g.label_id
             WHERE g.tenant_id = $1 AND g.conversation_id IN ({}) ORDER BY g.at, g.label_id",
            table::columns::<Label>(),
            places(2, some.len())
        );
        let rows: Vec<With<Label, Given>> = q!(tx, |c| {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(tenant.uuid());
            some.iter().fold(query, |query, id| query.bind(id.uuid())).fetch_all(c).await
        })?;
        for With(label, Given { conversation_id }) in rows {
            found.entry(ConversationId::new(conversation_id)).or_default().push(LabelRef::from(&label?));
        }
    }
    Ok(found)
}

/// The labels that an agent has given most often since a time, and that can still be given; the most frequent first.
pub async fn most_used_by(tx: &mut Tx, tenant: TenantId, agent: AgentId, since: Ts, limit: i64) -> Result<Vec<LabelId>> {
    let rows: Vec<(Uuid, i64)> = q!(tx, |c| sqlx::query_as(
        "SELECT g.label_id, COUNT(*) FROM conversation_labels g JOIN labels l ON l.tenant_id = g.tenant_id AND l.id = g.label_id
         WHERE g.tenant_id = $1 AND g.agent_id = $2 AND g.at >= $3 AND l.archived_at IS NULL GROUP BY g.label_id ORDER BY COUNT(*) DESC, g.label_id LIMIT $4"
    )
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .bind(since.0)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id, _)| LabelId::new(id)).collect())
}
