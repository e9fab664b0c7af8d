//! What the bot remembers of a conversation it has, for the questions that follow up. A lost one is no harm: the bot merely forgets.

use db::{Tx, q};
use domain::{
    conversation::Conversation,
    id::{ConversationId, TenantId},
};

use crate::Result;

/// The state of the thread, as JSON, if it was stored in the conversation's current epoch and episode.
pub async fn get(tx: &mut Tx, of: &Conversation) -> Result<Option<String>> {
    let found: Option<(String,)> =
        q!(tx, |c| sqlx::query_as("SELECT state FROM bot_threads WHERE tenant_id = $1 AND conversation_id = $2 AND epoch = $3 AND episode = $4")
            .bind(of.tenant.uuid())
            .bind(of.id.uuid())
            .bind(of.epoch)
            .bind(of.episode.number)
            .fetch_optional(c)
            .await)?;
    Ok(found.map(|(state,)| state))
}

/// The conversation, epoch and episode that a thread belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its epoch.
    pub epoch: i64,
    /// The number of its episode.
    pub episode: i64,
}

/// Stores the state of a thread in place of the previous one, unless that is of a later epoch.
pub async fn put(tx: &mut Tx, tenant: TenantId, place: Place, state: &str) -> Result<()> {
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO bot_threads (tenant_id, conversation_id, epoch, episode, state, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant_id, conversation_id) DO UPDATE SET epoch = excluded.epoch, episode = excluded.episode, state = excluded.state,
           updated_at = excluded.updated_at WHERE bot_threads.epoch <= excluded.epoch"
    )
    .bind(tenant.uuid())
    .bind(place.conversation.uuid())
    .bind(place.epoch)
    .bind(place.episode)
    .bind(state)
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Deletes the state of the thread: the bot no longer has the conversation.
pub(crate) async fn forget(tx: &mut Tx, tenant: TenantId, conversation: ConversationId) -> Result<()> {
    q!(tx, |c| sqlx::query("DELETE FROM bot_threads WHERE tenant_id = $1 AND conversation_id = $2")
        .bind(tenant.uuid())
        .bind(conversation.uuid())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
