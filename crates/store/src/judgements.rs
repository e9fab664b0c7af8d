//! Answers of the bot, and what customers said about them.

use db::{Tx, q};
use domain::{
    conversation::{AnswerOutcome, GivenAnswer},
    entry::fact,
    id::{ConversationId, TenantId},
};

use crate::Result;

/// The number of the bot's answers after another that are looked at to tell whether it answered anything since: more are nothing but courtesies.
const NEXT_ANSWERS: i64 = 100;

/// The bot's message with this ordinal among the messages of the staff's side, and what the customer has said about it; `None` if it is not the bot's.
pub async fn find_answer(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, ord: i64) -> Result<Option<GivenAnswer>> {
    let found: Option<(i64, String)> = q!(tx, |c| sqlx::query_as(
        "SELECT seq, facts FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND kind = 'message' AND actor_kind = 'bot' AND ord = $3"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(ord)
    .fetch_optional(c)
    .await)?;
    let Some((seq, facts)) = found else { return Ok(None) };
    let Ok(said) = serde_json::from_str::<fact::Message>(&facts) else { return Ok(None) };
    let Some(question) = said.of else { return Ok(None) };
    let later: Vec<String> = q!(tx, |c| {
        sqlx::query_scalar(
        "SELECT facts FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND seq > $3 AND kind = 'message' AND actor_kind = 'bot' ORDER BY seq LIMIT $4"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(seq)
    .bind(NEXT_ANSWERS)
    .fetch_all(c)
    .await
    })?;
    let mut later = later.iter().filter_map(|facts| serde_json::from_str::<fact::Message>(facts).ok());
    let is_last = !later.any(|later| later.ep == said.ep && later.outcome.is_some_and(|outcome| outcome != AnswerOutcome::SmallTalk));
    let judged = of_answers(tx, tenant, conversation).await?.into_iter().filter(|judged| judged.of == seq).map(|judged| judged.helpful).collect();
    Ok(Some(GivenAnswer { ord, seq, question, episode: said.ep, outcome: said.outcome, entry: said.entry.flatten(), is_last, judged }))
}

/// Everything that the customer has said about answers of the bot in a conversation, oldest first.
pub async fn of_answers(tx: &mut Tx, tenant: TenantId, conversation: ConversationId) -> Result<Vec<fact::AnswerRated>> {
    let rated: Vec<String> =
        q!(tx, |c| sqlx::query_scalar("SELECT facts FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND kind = 'answer_rated' ORDER BY seq")
            .bind(tenant.uuid())
            .bind(conversation.uuid())
            .fetch_all(c)
            .await)?;
    Ok(rated.iter().filter_map(|facts| serde_json::from_str(facts).ok()).collect())
}

/// The last message of the bot before this number of a conversation, with its number and its facts; `None` if there is none.
pub async fn last_answer_before(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, seq: i64) -> Result<Option<(i64, fact::Message)>> {
    let found: Option<(i64, String)> = q!(tx, |c| sqlx::query_as(
        "SELECT seq, facts FROM journal_entries
         WHERE tenant_id = $1 AND stream_id = $2 AND seq < $3 AND kind = 'message' AND actor_kind = 'bot' ORDER BY seq DESC LIMIT 1"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(seq)
    .fetch_optional(c)
    .await)?;
    Ok(found.and_then(|(seq, facts)| Some((seq, serde_json::from_str(&facts).ok()?))))
}

/// The words of one message as it is stored (`domain::entry::body::Message` as JSON); `None` if they were taken back or are not readable now.
pub async fn words(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, seq: i64) -> Result<Option<String>> {
    let row: Option<(Option<String>,)> = q!(tx, |c| sqlx::query_as(
        "SELECT body FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND seq = $3 AND kind = 'message' AND body_state = 'plain'"
    )
    .bind(tenant.uuid())
    .bind(conversation.uuid())
    .bind(seq)
    .fetch_optional(c)
    .await)?;
    Ok(row.and_then(|(body,)| body))
}
