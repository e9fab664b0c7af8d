//! What customers said to the bot, read back out of the journal for those who teach it.

use std::collections::HashMap;

use db::{
    Tx,
    bulk::{self, Value},
    q, row,
};
use domain::{
    conversation::{Owner, State},
    entry::{body::Message, fact},
    id::{AgentId, ConversationId, CustomerId, QueueId, TenantId, VisitorId},
    journal::ActorKind,
    policy::Standing,
    text::Lang,
    time::Ts,
};
use store::{Result, people::Seen};
use uuid::Uuid;

/// Where something was said: the conversation, and the number of the message.
pub type Place = (ConversationId, i64);

/// The entries read at a time while looking back.
const PAGE: i64 = 2_000;
/// The most entries that are looked through.
const MOST_READ: i64 = 200_000;

/// A question that a customer typed while the bot had the conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Where it was asked.
    pub place: Place,
    /// The language of the customer's screen.
    pub lang: Lang,
    /// The customer's words.
    pub text: String,
}

/// A message after a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The number of the message.
    pub seq: i64,
    /// Whether an agent said it; otherwise it was the customer.
    pub by_agent: bool,
    /// The text.
    pub text: String,
}

row! {
    struct LookedAt { pos: i64, at: i64, stream_id: Uuid, seq: i64, lang: Option<String>, body: Option<String>, facts: Option<String> }
}

row! {
    struct Later { stream_id: Uuid, of: i64, seq: i64, actor_kind: String, body: Option<String> }
}

row! {
    struct OriginRow {
        id: Uuid, state: String, agent_id: Option<Uuid>, queue_id: Option<Uuid>, left_at: Option<i64>, alerted_at: Option<i64>, visitor_id: Uuid, customer_id: Option<Uuid>,
        network: Option<Vec<u8>>
    }
}

/// Who said something, and what decides who may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// How the conversation stands.
    pub standing: Standing,
    /// Its customer.
    pub by: Seen,
}

/// The longest stored message, in characters, that is read back: what is longer is neither a question nor an answer to learn from.
macro_rules! most_read_back {
    () => {
        "3000"
    };
}
pub(crate) use most_read_back;

/// The text of a message, if it has one that somebody wrote.
fn text_of(body: Option<&str>) -> Option<String> {
    match serde_json::from_str(body?).ok()? {
        Message::Text { text, .. } if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

/// What customers typed to the bot between two moments, newest first; requests for a person that were recognised at once and pressed questions are left out.
/// At most the company's last 200,000 entries are looked through.
pub async fn asked_bot(tx: &mut Tx, tenant: TenantId, from: Ts, until: Ts) -> Result<Vec<Asked>> {
    let (mut found, mut before, mut read) = (Vec::new(), i64::MAX, 0);
    loop {
        let page: Vec<LookedAt> = q!(tx, |c| sqlx::query_as(concat!(
            "SELECT e.pos, e.at, e.stream_id, e.seq, c.lang,
               CASE WHEN e.kind = 'message' AND e.actor_kind = 'customer' AND e.body_state = 'plain' AND LENGTH(e.body) <= ",
            most_read_back!(),
            " THEN e.body END AS body,
               CASE WHEN e.kind = 'message' AND e.actor_kind = 'customer' THEN e.facts END AS facts
             FROM journal_entries e LEFT JOIN conversations c ON c.tenant_id = e.tenant_id AND c.id = e.stream_id
             WHERE e.tenant_id = $1 AND e.pos < $2 ORDER BY e.pos DESC LIMIT $3"
        ))
        .bind(tenant.uuid())
        .bind(before)
        .bind(PAGE)
        .fetch_all(c)
        .await)?;
        let Some(last) = page.last() else { return Ok(found) };
        (before, read) = (last.pos, read + page.len() as i64);
        let is_over = last.at < from.0 || read >= MOST_READ;
        found.extend(page.into_iter().filter(|row| (from.0..until.0).contains(&row.at)).filter_map(question_in));
        if is_over {
            return Ok(found);
        }
    }
}

fn question_in(row: LookedAt) -> Option<Asked> {
    let said: fact::Message = serde_json::from_str(row.facts.as_deref()?).ok()?;
    if said.to != Some(Owner::Bot) || said.command {
        return None;
    }
    let text = text_of(row.body.as_deref())?;
    Some(Asked { place: (ConversationId::new(row.stream_id), row.seq), lang: row.lang.as_deref().map(Lang::from_tag).unwrap_or_default(), text })
}

/// The words of customers at these places; places whose words were taken back are left out.
pub async fn texts(tx: &mut Tx, tenant: TenantId, places: &[Place]) -> Result<HashMap<Place, String>> {
    let rows: Vec<(Uuid, i64, Option<String>)> = bulk::select(
        tx,
        "WITH which (tenant_id, stream_id, seq) AS (VALUES",
        &places_of(tenant, places),
        concat!(
            ") SELECT e.stream_id, e.seq, e.body FROM which
           JOIN journal_entries e ON e.tenant_id = which.tenant_id AND e.stream_id = which.stream_id AND e.seq = which.seq
         WHERE e.kind = 'message' AND e.body_state = 'plain' AND LENGTH(e.body) <= ",
            most_read_back!()
        ),
    )
    .await?;
    Ok(rows.into_iter().filter_map(|(stream, seq, body)| Some(((ConversationId::new(stream), seq), text_of(body.as_deref())?))).collect())
}

/// What the customer and agents said after each of these places, in order: at most twelve messages among the next hundred entries. Places without any are left out.
pub async fn said_after(tx: &mut Tx, tenant: TenantId, places: &[Place]) -> Result<HashMap<Place, Vec<Said>>> {
    let rows: Vec<Later> = bulk::select(
        tx,
        "WITH which (tenant_id, stream_id, seq) AS (VALUES",
        &places_of(tenant, places),
        concat!(
            "), later AS (
           SELECT e.stream_id, which.seq AS of, e.seq, e.actor_kind, e.body, ROW_NUMBER() OVER (PARTITION BY e.stream_id, which.seq ORDER BY e.seq) AS place
           FROM which JOIN journal_entries e ON e.tenant_id = which.tenant_id AND e.stream_id = which.stream_id
             AND e.seq > which.seq AND e.seq <= which.seq + 100
           WHERE e.kind = 'message' AND e.actor_kind IN ('customer', 'agent') AND e.body_state = 'plain' AND LENGTH(e.body) <= ",
            most_read_back!(),
            ")
         SELECT stream_id, of, seq, actor_kind, body FROM later WHERE place <= 12 ORDER BY stream_id, of, seq"
        ),
    )
    .await?;
    let mut found: HashMap<Place, Vec<Said>> = HashMap::new();
    for row in rows {
        if let Some(text) = text_of(row.body.as_deref()) {
            let said = Said { seq: row.seq, by_agent: row.actor_kind == ActorKind::Agent.as_str(), text };
            found.entry((ConversationId::new(row.stream_id), row.of)).or_default().push(said);
        }
    }
    Ok(found)
}

/// Where these conversations stand, and whose they are.
pub async fn origins(tx: &mut Tx, tenant: TenantId, conversations: &[ConversationId]) -> Result<HashMap<ConversationId, Origin>> {
    let keys: Vec<_> = conversations.iter().map(|id| vec![Value::Uuid(tenant.uuid()), Value::Uuid(id.uuid())]).collect();
    let rows: Vec<OriginRow> = bulk::select(
        tx,
        "WITH which (tenant_id, id) AS (VALUES",
        &keys,
        ") SELECT c.id, c.state, c.agent_id, c.queue_id, c.left_at, c.alerted_at, c.visitor_id, cv.customer_id, v.network FROM which
           JOIN conversations c ON c.tenant_id = which.tenant_id AND c.id = which.id
           LEFT JOIN visitors v ON v.tenant_id = c.tenant_id AND v.id = c.visitor_id
           LEFT JOIN customer_visitors cv ON cv.tenant_id = c.tenant_id AND cv.visitor_id = c.visitor_id",
    )
    .await?;
    let origin = |row: OriginRow| {
        let standing = Standing {
            tenant,
            state: State::parse(&row.state)?,
            agent: row.agent_id.map(AgentId::new),
            queue: row.queue_id.map(QueueId::new),
            is_left: row.left_at.is_some(),
            is_alerted: row.alerted_at.is_some(),
        };
        let by = Seen { visitor: VisitorId::new(row.visitor_id), account: row.customer_id.map(CustomerId::new), network: row.network };
        Some((ConversationId::new(row.id), Origin { standing, by }))
    };
    Ok(rows.into_iter().filter_map(origin).collect())
}

fn places_of(tenant: TenantId, places: &[Place]) -> Vec<Vec<Value<'static>>> {
    places.iter().map(|(stream, seq)| vec![Value::Uuid(tenant.uuid()), Value::Uuid(stream.uuid()), Value::Int(Some(*seq))]).collect()
}
