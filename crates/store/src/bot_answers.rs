//! What customers asked the bot and what it answered, in words.

use db::{Tx, journal, q};
use domain::{
    conversation::Conversation,
    entry::{
        Body, Fact,
        body::{AnswerChoice, AnswerSource, Message},
        fact,
    },
    id::{ConversationId, TenantId},
    journal::{ActorKind, StoredEntry, View},
    stream::{StreamKind, StreamName},
    text::Lang,
};

use crate::Result;

/// Entries after a message among which its answer is looked for.
const NEAR: i64 = 40;
/// Last entries of a conversation among which is looked for what the bot offered.
const LAST: i64 = 200;

/// A question and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct BotAnswer {
    /// The customer's words.
    pub question: String,
    /// The bot's words.
    pub answer: String,
    /// Their language.
    pub lang: Lang,
    /// What it answered from.
    pub source: Option<AnswerSource>,
}

/// The question `of` of a conversation and the last answer to it; `None` if there is none, or if the words are no longer kept.
pub async fn find(tx: &mut Tx, tenant: TenantId, conversation: ConversationId, of: i64) -> Result<Option<BotAnswer>> {
    let stream = StreamName { kind: StreamKind::Conversation, id: conversation.uuid() };
    let entries = journal::page(tx, tenant, stream, View::Staff, of - 1, NEAR).await?;
    let question = entries.iter().find(|entry| entry.seq == of && entry.entry.actor.kind == ActorKind::Customer).and_then(words);
    let answers = entries.iter().rev().filter(|entry| entry.entry.actor.kind == ActorKind::Bot);
    let answer = answers.filter(|entry| matches!(entry.fact(), Some(Fact::Message(fact)) if fact.of == Some(of))).find_map(StoredEntry::body);
    Ok(match (question, answer) {
        (Some(question), Some(Body::Message(Message::Answer { text, lang, source, .. }))) => Some(BotAnswer { question, answer: text, lang, source }),
        _ => None,
    })
}

/// Whether the bot offered a question, with this id and in these words, in the current episode of a conversation and among its last entries: as one that may have
/// been meant, or as a related one.
pub async fn has_offered(tx: &mut Tx, conversation: &Conversation, id: &str, text: &str) -> Result<bool> {
    // The bound is on the key, so that no more is read where the bot said little.
    let rows: Vec<(Option<String>, String)> = q!(tx, |c| {
        sqlx::query_as(
            "SELECT body, facts FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2
           AND seq > (SELECT h.seq FROM journal_heads h WHERE h.tenant_id = $1 AND h.stream_id = $2) - $3
           AND kind = 'message' AND actor_kind = 'bot' AND body_state = 'plain' ORDER BY seq DESC",
        )
        .bind(conversation.tenant.uuid())
        .bind(conversation.id.uuid())
        .bind(LAST)
        .fetch_all(c)
        .await
    })?;
    let is_now = |facts: &str| serde_json::from_str::<fact::Message>(facts).is_ok_and(|said| said.ep == conversation.episode.number);
    let mut messages = rows.iter().filter(|(_, facts)| is_now(facts)).filter_map(|(body, _)| serde_json::from_str(body.as_deref()?).ok());
    let is_asked_for = |choice: &AnswerChoice| choice.id == id && choice.text == text;
    Ok(messages.any(|message| matches!(message, Message::Answer { options, related, .. } if options.iter().chain(&related).any(is_asked_for))))
}

/// What a customer wrote, or pressed.
fn words(entry: &StoredEntry) -> Option<String> {
    match entry.body()? {
        Body::Message(Message::Text { text, .. } | Message::Choice { text, .. }) => Some(text),
        _ => None,
    }
}
