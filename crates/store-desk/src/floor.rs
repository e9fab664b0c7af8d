//! The supervisors' floor: what a company decided for it, and what supervisors did in conversations of their agents.

use db::{Tx, q, row};
use domain::{
    alert::AlertLevel,
    floor::{FloorSettings, InterventionMode, QuietHours, Threshold},
    id::{AgentId, ConversationId, TenantId},
    time::Ts,
};
use store::{Error, Result};
use uuid::Uuid;

row! {
    struct SettingsRow {
        tells_of_listening: i64, slow_reply_s: Option<i64>, slow_reply_level: String, long_wait_s: Option<i64>, long_wait_level: String,
        quiet_from: Option<i64>, quiet_until: Option<i64>, break_reasons: String, updated_at: i64,
    }
}

/// What a company decided; the defaults, if it has not decided anything.
pub async fn settings(tx: &mut Tx, tenant: TenantId) -> Result<FloorSettings> {
    let row: Option<SettingsRow> = q!(tx, |c| sqlx::query_as(
        "SELECT tells_of_listening, slow_reply_s, slow_reply_level, long_wait_s, long_wait_level, quiet_from, quiet_until, break_reasons, updated_at
         FROM floor_settings WHERE tenant_id = $1"
    )
    .bind(tenant.uuid())
    .fetch_optional(c)
    .await)?;
    let Some(row) = row else { return Ok(FloorSettings::default()) };
    let corrupt = |what: &str| Error::Db(db::Error::Corrupt(format!("floor_settings.{what}")));
    let threshold = |after_s, level: &str| -> Result<Threshold> { Ok(Threshold { after_s, level: AlertLevel::parse(level).ok_or_else(|| corrupt("level"))? }) };
    Ok(FloorSettings {
        tells_of_listening: row.tells_of_listening != 0,
        slow_reply: threshold(row.slow_reply_s, &row.slow_reply_level)?,
        long_wait: threshold(row.long_wait_s, &row.long_wait_level)?,
        quiet: row.quiet_from.zip(row.quiet_until).map(|(from, until)| QuietHours { from, until }),
        break_reasons: serde_json::from_str(&row.break_reasons).map_err(|_| corrupt("break_reasons"))?,
        updated_at: Ts(row.updated_at),
    })
}

/// Stores what a company decided; [`Error::Stale`] if that changed since it was `seen`, which is 0 where nothing was decided before.
pub async fn decide(tx: &mut Tx, tenant: TenantId, new: &FloorSettings, seen: Ts) -> Result<()> {
    let FloorSettings { tells_of_listening, slow_reply, long_wait, quiet, break_reasons, updated_at } = new;
    let reasons = serde_json::to_string(break_reasons).map_err(|e| Error::Db(db::Error::Corrupt(e.to_string())))?;
    let changed = q!(tx, |c| sqlx::query(
        "INSERT INTO floor_settings (tenant_id, tells_of_listening, slow_reply_s, slow_reply_level, long_wait_s, long_wait_level, quiet_from, quiet_until,
           break_reasons, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (tenant_id) DO UPDATE SET tells_of_listening = excluded.tells_of_listening, slow_reply_s = excluded.slow_reply_s,
           slow_reply_level = excluded.slow_reply_level, long_wait_s = excluded.long_wait_s, long_wait_level = excluded.long_wait_level,
           quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, break_reasons = excluded.break_reasons, updated_at = excluded.updated_at
         WHERE floor_settings.updated_at = $11"
    )
    .bind(tenant.uuid())
    .bind(i64::from(*tells_of_listening))
    .bind(slow_reply.after_s)
    .bind(slow_reply.level.as_str())
    .bind(long_wait.after_s)
    .bind(long_wait.level.as_str())
    .bind(quiet.map(|quiet| quiet.from))
    .bind(quiet.map(|quiet| quiet.until))
    .bind(&reasons)
    .bind(updated_at.0)
    .bind(seen.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if changed == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// What a supervisor does in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun<'a> {
    /// The conversation.
    pub conversation: ConversationId,
    /// The supervisor.
    pub by: AgentId,
    /// What they do.
    pub mode: InterventionMode,
    /// The number of the conversation's episode.
    pub episode: i64,
    /// The agent who has the conversation.
    pub from: AgentId,
    /// Why, in the supervisor's words.
    pub reason: Option<&'a str>,
}

/// Records that a supervisor begins something in a conversation, instead of the last time that they did.
pub async fn begin(tx: &mut Tx, tenant: TenantId, begun: Begun<'_>) -> Result<()> {
    let Begun { conversation, by, mode, episode, from, reason } = begun;
    let now = tx.now();
    q!(tx, |c| sqlx::query(
        "INSERT INTO interventions (tenant_id, conversation_id, agent_id, mode, episode, from_id, reason, began_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (tenant_id, conversation_id, agent_id, mode) DO UPDATE SET episode = excluded.episode, from_id = excluded.from_id,
           reason = excluded.reason, began_at = excluded.began_at, ended_at = NULL"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(by.uuid())
    .bind(mode.as_str())
    .bind(episode)
    .bind(from.uuid())
    .bind(reason)
    .bind(now.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Whether a supervisor has joined a conversation in this episode and not left it.
pub async fn has_joined(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, by: AgentId, episode: i64) -> Result<bool> {
    let found: Option<(i64,)> = q!(tx, |c| sqlx::query_as(
        "SELECT began_at FROM interventions
         WHERE tenant_id = $1 AND conversation_id = $2 AND agent_id = $3 AND mode = 'join' AND episode = $4 AND ended_at IS NULL"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(by.uuid())
    .bind(episode)
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// Records that a supervisor who had joined leaves. Returns whether they had.
pub async fn leave(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, by: AgentId, episode: i64) -> Result<bool> {
    let now = tx.now();
    let changed = q!(tx, |c| sqlx::query(
        "UPDATE interventions SET ended_at = $5
         WHERE tenant_id = $1 AND conversation_id = $2 AND agent_id = $3 AND mode = 'join' AND episode = $4 AND ended_at IS NULL"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(by.uuid())
    .bind(episode)
    .bind(now.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(changed > 0)
}

row! {
    /// The last take-over of a conversation from an agent.
    #[derive(Debug, PartialEq, Eq)]
    pub struct TakenRow {
        /// Who took it over.
        pub by_id: Uuid,
        /// That member's name.
        pub by_name: String,
        /// Why, in their words.
        pub reason: Option<String>,
        /// When.
        pub at: i64,
    }
}

/// Who last took a conversation over from an agent, if somebody did.
pub async fn taken_from(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, from: AgentId) -> Result<Option<TakenRow>> {
    Ok(q!(tx, |c| sqlx::query_as(
        "SELECT i.agent_id AS by_id, a.name AS by_name, i.reason, i.began_at AS at FROM interventions i
         JOIN agents a ON a.tenant_id = i.tenant_id AND a.id = i.agent_id
         WHERE i.tenant_id = $1 AND i.conversation_id = $2 AND i.from_id = $3 AND i.mode = 'take_over' ORDER BY i.began_at DESC LIMIT 1"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(from.uuid())
    .fetch_optional(c)
    .await)?)
}
