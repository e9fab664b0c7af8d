//! Words as they were written, in whose entry numbers are shortened: sealed by the company's key, and erased with the entry's words.

use db::{Tx, q};
use domain::id::{ConversationId, TenantId};

use crate::Result;

/// Keeps the words of an entry as they were written, sealed, in place of those that were kept before.
pub async fn put(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, seq: i64, sealed: &[u8]) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO hidden_numbers (tenant_id, conversation_id, seq, sealed) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, conversation_id, seq) DO UPDATE SET sealed = excluded.sealed"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(seq)
    .bind(sealed)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The words of an entry as they were written, sealed; `None` if no number is hidden in it, or if the words are gone.
pub async fn find(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, seq: i64) -> Result<Option<Vec<u8>>> {
    let row: Option<(Vec<u8>,)> = q!(tx, |c| sqlx::query_as("SELECT sealed FROM hidden_numbers WHERE tenant_id = $1 AND conversation_id = $2 AND seq = $3")
        .bind(tenant.uuid())
        .bind(conversation.uuid())
        .bind(seq)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(|(sealed,)| sealed))
}

/// Forgets the words of an entry as they were written, because the entry has none any more, or others.
pub async fn forget(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, seq: i64) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM hidden_numbers WHERE tenant_id = $1 AND conversation_id = $2 AND seq = $3")
        .bind(tenant.uuid())
        .bind(conversation.uuid())
        .bind(seq)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
