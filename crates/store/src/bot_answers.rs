//! What customers asked the bot and what it answered, in words.

use db::{Tx, journal};
use domain::{
    entry::{
        Body, Fact,
        body::{AnswerSource, Message},
    },
    id::{ConversationId, TenantId},
    journal::{ActorKind, StoredEntry, View},
    stream::{StreamKind, StreamName},
    text::Lang,
};

use crate::Result;

/// Entries after a message among which its answer is looked for.
const NEAR: i64 = 40;

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

/// What a customer wrote, or pressed.
fn words(entry: &StoredEntry) -> Option<String> {
    match entry.body()? {
        Body::Message(Message::Text { text, .. } | Message::Choice { text, .. }) => Some(text),
        _ => None,
    }
}
