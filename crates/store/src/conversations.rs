//! Conversations: loading one for a decision, saving what was decided, and finding them.

use db::{
    Tx,
    journal::{self, Guard, Stored},
    q, row,
};
use domain::{
    conversation::{AnswerOutcome, BotWork, Channel, Conversation, Episode, Offer, Outcome, Owner, RETURN_WINDOW_MS, State, Transition},
    effect::Effect,
    entry::{
        Body, EntryKind, Fact,
        body::{self, AssignedIn, Verdict},
        fact,
    },
    id::{AgentId, ConversationId, QuestionKindId, QueueId, SiteId, TenantId, VisitorId},
    journal::{Actor, Appended, Head, NewEntry, StoredEntry},
    refusal::{Code, Refusal},
    stream::{StreamKind, StreamName},
    text::Lang,
    time::Ts,
};
use std::sync::Arc;
use uuid::Uuid;

use crate::{Error, Result, bot_threads, fragments::served_states, judgements, staff::work};

row! {
    struct Row {
        tenant_id: Uuid, id: Uuid, site_id: Uuid, visitor_id: Uuid, channel: String, state: String, epoch: i64, version: i64, episode: i64, queue_id: Option<Uuid>,
        agent_id: Option<Uuid>, lang: String, product: Option<String>, created_at: i64, queued_at: Option<i64>, assigned_at: Option<i64>,
        resolved_at: Option<i64>, due_at: Option<i64>, began_with: String, episode_created_at: i64, human_requested_at: Option<i64>,
        offered_at: Option<i64>, accepted_at: Option<i64>, first_human_reply_at: Option<i64>, ended_at: Option<i64>, outcome: Option<String>, score: Option<i64>, left_at: Option<i64>,
        alerted_at: Option<i64>, danger_of: Option<i64>, units: i64, offered_to: Option<Uuid>, offer_until: Option<i64>,
        paused_at: Option<i64>, called: Option<String>, about_id: Option<Uuid>, about_at: Option<i64>, message_offered_at: Option<i64>,
        returned_at: Option<i64>,
    }
}

impl TryFrom<Row> for Conversation {
    type Error = Error;
    fn try_from(r: Row) -> Result<Self> {
        let corrupt = |what: &str| Error::Db(db::Error::Corrupt(format!("conversation {what}")));
        let episode = Episode {
            number: r.episode,
            began_with: Owner::parse(&r.began_with).ok_or_else(|| corrupt("began_with"))?,
            created_at: Ts(r.episode_created_at),
            human_requested_at: r.human_requested_at.map(Ts),
            offered_at: r.offered_at.map(Ts),
            accepted_at: r.accepted_at.map(Ts),
            first_human_reply_at: r.first_human_reply_at.map(Ts),
            ended_at: r.ended_at.map(Ts),
            outcome: r.outcome.as_deref().map(|o| Outcome::parse(o).ok_or_else(|| corrupt("outcome"))).transpose()?,
            score: r.score,
        };
        Ok(Self {
            id: ConversationId::new(r.id),
            tenant: TenantId::new(r.tenant_id),
            site: SiteId::new(r.site_id),
            visitor: VisitorId::new(r.visitor_id),
            channel: Channel::parse(&r.channel).ok_or_else(|| corrupt("channel"))?,
            state: State::parse(&r.state).ok_or_else(|| corrupt("state"))?,
            epoch: r.epoch,
            version: r.version,
            episode,
            queue: r.queue_id.map(QueueId::new),
            agent: r.agent_id.map(AgentId::new),
            lang: Lang::from_tag(&r.lang),
            product: r.product,
            created_at: Ts(r.created_at),
            queued_at: r.queued_at.map(Ts),
            assigned_at: r.assigned_at.map(Ts),
            offer: r.offered_to.zip(r.offer_until).map(|(agent, until)| Offer { agent: AgentId::new(agent), until: Ts(until) }),
            units: r.units,
            resolved_at: r.resolved_at.map(Ts),
            due_at: r.due_at.map(Ts),
            left_at: r.left_at.map(Ts),
            alerted_at: r.alerted_at.map(Ts),
            danger_of: r.danger_of,
            paused_at: r.paused_at.map(Ts),
            called: r.called.as_deref().map(called_in).unwrap_or_default(),
            about: r.about_id.map(QuestionKindId::new),
            about_at: r.about_at.map(Ts),
            message_offered_at: r.message_offered_at.map(Ts),
            returned_at: r.returned_at.map(Ts),
        })
    }
}

/// The members whom notes in a conversation call, as they are stored: their ids with spaces between.
pub fn called_in(stored: &str) -> Vec<AgentId> {
    stored.split(' ').filter_map(|id| id.parse().ok()).collect()
}

fn called_as(called: &[AgentId]) -> String {
    called.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// A conversation of this tenant, if it exists. One that is being erased does not until that is done.
pub async fn find(tx: &mut Tx, tenant: TenantId, id: ConversationId) -> Result<Option<Conversation>> {
    let row: Option<Row> = q!(tx, |c| {
        sqlx::query_as(
        "SELECT c.tenant_id, c.id, c.site_id, c.visitor_id, c.channel, c.state, c.epoch, c.version, c.episode, c.queue_id, c.agent_id, c.lang, c.product, c.created_at,
           c.queued_at, c.assigned_at, c.resolved_at, c.due_at, e.began_with, e.created_at AS episode_created_at, e.human_requested_at, e.offered_at, e.accepted_at,
           e.first_human_reply_at, e.ended_at, e.outcome, e.score, c.left_at, c.alerted_at, c.danger_of, c.units, c.offered_to, c.offer_until,
           c.paused_at, c.called, c.about_id, c.about_at, c.message_offered_at, c.returned_at
         FROM conversations c JOIN episodes e ON e.tenant_id = c.tenant_id AND e.conversation_id = c.id AND e.number = c.episode
         WHERE c.tenant_id = $1 AND c.id = $2 AND c.erasing_at IS NULL"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .fetch_optional(c)
    .await
    })?;
    row.map(Conversation::try_from).transpose()
}

/// A conversation of this tenant; [`Error::NotFound`] if it does not exist.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: ConversationId) -> Result<Conversation> {
    find(tx, tenant, id).await?.ok_or(Error::NotFound)
}

/// Locks a conversation's head, then loads it: decisions based on it hold until the commit.
pub async fn lock(tx: &mut Tx, tenant: TenantId, id: ConversationId) -> Result<Option<Conversation>> {
    journal::lock(tx, &[(tenant.uuid(), id.uuid(), StreamKind::Conversation)]).await?;
    find(tx, tenant, id).await
}

/// Like [`lock`], without waiting: also `None` while another transaction holds the lock.
pub async fn try_lock(tx: &mut Tx, tenant: TenantId, id: ConversationId) -> Result<Option<Conversation>> {
    if journal::try_lock(tx, tenant, id.uuid()).await? { find(tx, tenant, id).await } else { Ok(None) }
}

/// The visitor's conversation on a site that is open or contains an unhandled message left for later, if there is one.
pub async fn open_of_visitor(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, site: SiteId) -> Result<Option<ConversationId>> {
    let found: Option<(Uuid,)> = q!(tx, |c| {
        sqlx::query_as(
        "SELECT id FROM conversations WHERE tenant_id = $1 AND visitor_id = $2 AND site_id = $3 AND (state NOT IN ('resolved', 'closed') OR left_at IS NOT NULL
           OR state = 'resolved' AND alerted_at IS NOT NULL) ORDER BY created_at DESC LIMIT 1"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .bind(site.uuid())
    .fetch_optional(c)
    .await
    })?;
    Ok(found.map(|(id,)| ConversationId::new(id)))
}

/// The conversation a returning visitor continues: the open one, or the most recent one that can still be reopened.
pub async fn current_of_visitor(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, site: SiteId) -> Result<Option<ConversationId>> {
    let found: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT id FROM conversations WHERE tenant_id = $1 AND visitor_id = $2 AND site_id = $3 AND state <> 'closed'
         ORDER BY CASE WHEN state = 'resolved' THEN 1 ELSE 0 END, created_at DESC LIMIT 1"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .bind(site.uuid())
    .fetch_optional(c)
    .await)?;
    Ok(found.map(|(id,)| ConversationId::new(id)))
}

/// Stores a new conversation with its first entry, and notifies the visitor's other devices. [`Error::NotFound`] if the id, which the customer chose, is that
/// of an existing stream: anyone who reads the conversation would read that stream too.
pub async fn open(tx: &mut Tx, conversation: &Conversation, opened: NewEntry) -> Result<()> {
    let taken: Option<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT id FROM visitors WHERE tenant_id = $1 AND id = $2
         UNION ALL SELECT id FROM agents WHERE tenant_id = $1 AND (id = $2 OR inbox_id = $2)
         UNION ALL SELECT id FROM queues WHERE tenant_id = $1 AND id = $2
         UNION ALL SELECT id FROM tenants WHERE id = $1 AND (id = $2 OR access_stream_id = $2)"
    )
    .bind(conversation.tenant.uuid())
    .bind(conversation.id.uuid())
    .fetch_optional(c)
    .await)?;
    if taken.is_some() {
        return Err(Error::NotFound);
    }
    insert(tx, conversation).await?;
    save_episode(tx, conversation).await?;
    journal::append(tx, vec![(opened.into(), Guard::Becomes(conversation.version))]).await?;
    let stream = StreamName { kind: StreamKind::Visitor, id: conversation.visitor.uuid() };
    journal::note(tx, aside(conversation, stream, Aside::Current)).await?;
    tx.effect(Effect::Conversation { now: Arc::new(conversation.clone()), was: None });
    Ok(())
}

/// Locks what opening a conversation of a visitor touches, and returns the former conversations in which the return is to be noted. Conversations are locked before
/// visitors, as everywhere: somebody who has locked such a conversation may be waiting for its visitor.
pub async fn lock_to_open(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, id: ConversationId) -> Result<Vec<ConversationId>> {
    let former = ended_lately(tx, tenant, visitor, id).await?;
    if !former.is_empty() {
        let heads: Vec<_> = former.iter().map(|former| (tenant.uuid(), former.uuid(), StreamKind::Conversation)).collect();
        journal::lock(tx, &heads).await?;
    }
    journal::lock(tx, &[(tenant.uuid(), visitor.uuid(), StreamKind::Visitor)]).await?;
    Ok(former)
}

/// Notes in those of these conversations, which [`lock_to_open`] locked, in which it is not noted yet, that the customer came back. One that ended only after they
/// were locked is not among them: its customer had not left.
pub async fn note_return(tx: &mut Tx, opened: &Conversation, former: &[ConversationId]) -> Result<()> {
    if former.is_empty() {
        return Ok(());
    }
    let tenant = opened.tenant;
    // Another device may have opened one, and noted it, before they were locked.
    for id in ended_lately(tx, tenant, opened.visitor, opened.id).await?.into_iter().filter(|id| former.contains(id)) {
        let earlier = get(tx, tenant, id).await?;
        let fact = fact::InEpisode { ep: earlier.episode.number };
        let entry = earlier.entry(Actor::customer(opened.visitor.uuid()), Body::CameBack(body::Nothing {}), Fact::CameBack(fact));
        journal::note(tx, entry).await?;
    }
    Ok(())
}

/// The conversations of a visitor, except one, that ended a short while ago, and in which it is not noted yet that the customer came back.
async fn ended_lately(tx: &mut Tx, tenant: TenantId, visitor: VisitorId, except: ConversationId) -> Result<Vec<ConversationId>> {
    let now = tx.now();
    let ended: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(
        "SELECT c.id FROM conversations c JOIN episodes e ON e.tenant_id = c.tenant_id AND e.conversation_id = c.id AND e.number = c.episode
         WHERE c.tenant_id = $1 AND c.visitor_id = $2 AND c.id <> $3 AND e.ended_at >= $4 AND NOT EXISTS (
           SELECT 1 FROM journal_entries j WHERE j.tenant_id = c.tenant_id AND j.stream_id = c.id AND j.kind = 'came_back' AND j.at >= e.ended_at)
         ORDER BY c.id LIMIT 8"
    )
    .bind(tenant.uuid())
    .bind(visitor.uuid())
    .bind(except.uuid())
    .bind(now.plus(-RETURN_WINDOW_MS).0)
    .fetch_all(c)
    .await)?;
    Ok(ended.into_iter().map(|(id,)| ConversationId::new(id)).collect())
}

/// Notes that a member of staff judged the bot's answer to a message of a customer; [`Error::NotFound`] if the bot did not answer that message.
pub async fn note_judgement(tx: &mut Tx, tenant: TenantId, by: Actor, id: ConversationId, of: i64, verdict: Verdict) -> Result<()> {
    let conversation = get(tx, tenant, id).await?;
    let asked: Option<(String,)> = q!(tx, |c| sqlx::query_as(
        "SELECT facts FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND seq = $3 AND kind = 'message' AND actor_kind = 'customer'"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .bind(of)
    .fetch_optional(c)
    .await)?;
    let Some(Fact::Message(asked)) = asked.and_then(|(facts,)| Fact::read(EntryKind::Message, &facts).ok()) else { return Err(Error::NotFound) };
    if asked.to != Some(Owner::Bot) {
        return Err(Error::NotFound);
    }
    let fact = Fact::AnswerJudged(fact::AnswerJudged { ep: asked.ep, of, verdict });
    let entry = conversation.entry(by, Body::AnswerJudged(body::AnswerJudged { of, verdict }), fact);
    Ok(journal::note(tx, entry).await?)
}

async fn insert(tx: &mut Tx, c0: &Conversation) -> Result<()> {
    q!(tx, |c| sqlx::query(
        "INSERT INTO conversations (tenant_id, id, site_id, visitor_id, channel, state, epoch, version, episode, lang, product, created_at, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    )
    .bind(c0.tenant.uuid())
    .bind(c0.id.uuid())
    .bind(c0.site.uuid())
    .bind(c0.visitor.uuid())
    .bind(c0.channel.as_str())
    .bind(c0.state.as_str())
    .bind(c0.epoch)
    .bind(c0.version)
    .bind(c0.episode.number)
    .bind(c0.lang.tag())
    .bind(c0.product.clone())
    .bind(c0.created_at.0)
    .bind(c0.due_at.map(|at| at.0))
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Stores the page on which a conversation takes place, sealed by the company's key; its customer has to have agreed to that.
pub async fn set_page(tx: &mut Tx, tenant: TenantId, id: ConversationId, sealed: &str) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE conversations SET page = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(sealed)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Stores a conversation that took place elsewhere, in its final state, with its last episode. Earlier episodes are stored with [`import_episode`], and the
/// comments of ratings with [`save_comment`].
pub async fn import(tx: &mut Tx, conversation: &Conversation, entries: Vec<StoredEntry>, head: Head) -> Result<()> {
    let n = conversation;
    insert(tx, n).await?;
    save(tx, n).await?;
    save_episode(tx, n).await?;
    journal::import(tx, entries, Head { version: n.version, ..head }).await?;
    Ok(())
}

/// Stores an earlier episode of an imported conversation, which is given as it was when that episode ended.
pub async fn import_episode(tx: &mut Tx, conversation: &Conversation) -> Result<()> {
    save_episode(tx, conversation).await
}

/// When the first of the conversations began that began at `from` or later, and before `until`.
pub async fn first_began(tx: &mut Tx, tenant: TenantId, from: Ts, until: Ts) -> Result<Option<Ts>> {
    let (first,): (Option<i64>,) =
        q!(tx, |c| sqlx::query_as("SELECT MIN(created_at) FROM conversations WHERE tenant_id = $1 AND created_at >= $2 AND created_at < $3")
            .bind(tenant.uuid())
            .bind(from.0)
            .bind(until.0)
            .fetch_one(c)
            .await)?;
    Ok(first.map(Ts))
}

/// Stores the result of an event: the entries, the row, the episode, and the entries in inboxes and queues; its consequences are carried out by the caller. `own` is
/// the sender's id and digest.
pub async fn commit(tx: &mut Tx, before: &Conversation, transition: Transition, own: Option<(Uuid, i64)>) -> Result<Appended> {
    let Transition { next, mut entries, own: index, consequences: _ } = transition;
    if let Some((client_id, hash)) = own
        && let Some(entry) = entries.get_mut(index)
    {
        entry.client_id = Some(client_id);
        entry.send_hash = hash;
    }
    let pending = entries.into_iter().map(|entry| (entry.into(), Guard::Becomes(next.version))).collect();
    let answer = journal::append(tx, pending).await?.into_iter().nth(index);
    let appended = match answer {
        Some(Stored::New(appended) | Stored::Known(appended)) => appended,
        Some(Stored::Reused) => return Err(Refusal::new(Code::ClientIdReused).into()),
        Some(Stored::Stale) | None => return Err(Error::Stale),
    };
    if next != *before {
        save(tx, &next).await?;
        if next.episode != before.episode || next.agent != before.agent {
            save_episode(tx, &next).await?;
        }
        if before.state == State::Bot && next.state != State::Bot {
            bot_threads::forget(tx, next.tenant, next.id).await?;
        }
        tell_others(tx, before, &next).await?;
    }
    tx.effect(Effect::Conversation { now: Arc::new(next), was: Some(before.place()) });
    Ok(appended)
}

/// The number of the bot's most recent answers that are looked at to tell what it did.
const LAST_ANSWERS: i64 = 100;

/// What the bot has done for the customer in the current episode, while it owns the conversation; once it was handed back, since then.
pub async fn bot_work(tx: &mut Tx, c0: &Conversation) -> Result<BotWork> {
    if c0.state != State::Bot {
        return Ok(BotWork::Nothing);
    }
    let said: Vec<(i64, String)> = q!(tx, |c| sqlx::query_as(
        "SELECT seq, facts FROM journal_entries WHERE tenant_id = $1 AND stream_id = $2 AND kind = 'message' AND actor_kind = 'bot'
           AND seq > COALESCE((SELECT MAX(b.seq) FROM journal_entries b WHERE b.tenant_id = $1 AND b.stream_id = $2 AND b.kind = 'handed_back'), 0)
         ORDER BY seq DESC LIMIT $3"
    )
    .bind(c0.tenant.uuid())
    .bind(c0.id.uuid())
    .bind(LAST_ANSWERS)
    .fetch_all(c)
    .await)?;
    let said = said.iter().filter_map(|(seq, facts)| Some((*seq, serde_json::from_str::<fact::Message>(facts).ok()?)));
    let in_episode = said.filter(|(_, fact)| fact.ep == c0.episode.number);
    let answers: Vec<(i64, AnswerOutcome)> = in_episode.filter_map(|(seq, fact)| Some((seq, fact.outcome?))).collect();
    let judged = judgements::of_answers(tx, c0.tenant, c0.id).await?;
    let last_word = |seq: i64| judged.iter().rfind(|judged| judged.of == seq).map(|judged| judged.helpful);
    Ok(BotWork::of(answers.into_iter().map(|(seq, outcome)| (outcome, last_word(seq)))))
}

/// Stores the comment of the rating beside its score.
pub async fn save_comment(tx: &mut Tx, c0: &Conversation, comment: Option<&str>, solved: Option<bool>) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE episodes SET comment = $4, solved = $5 WHERE tenant_id = $1 AND conversation_id = $2 AND number = $3")
        .bind(c0.tenant.uuid())
        .bind(c0.id.uuid())
        .bind(c0.episode.number)
        .bind(comment.map(str::to_owned))
        .bind(solved.map(i64::from))
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The conversations an agent serves.
pub async fn served_by(tx: &mut Tx, tenant: TenantId, agent: AgentId) -> Result<Vec<ConversationId>> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as(concat!(
        "SELECT id FROM conversations WHERE tenant_id = $1 AND agent_id = $2 AND state IN ",
        served_states!(),
        " ORDER BY id"
    ))
    .bind(tenant.uuid())
    .bind(agent.uuid())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| ConversationId::new(id)).collect())
}

/// Moves the time at which the conversation is due to be looked at.
pub async fn put_off(tx: &mut Tx, tenant: TenantId, id: ConversationId, due_at: Ts) -> Result<()> {
    q!(tx, |c| sqlx::query("UPDATE conversations SET due_at = $3 WHERE tenant_id = $1 AND id = $2")
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(due_at.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

async fn save(tx: &mut Tx, n: &Conversation) -> Result<()> {
    q!(tx, |c| {
        sqlx::query(
        "UPDATE conversations SET state = $3, epoch = $4, version = $5, episode = $6, queue_id = $7, agent_id = $8, product = $9, queued_at = $10,
           assigned_at = $11, resolved_at = $12, due_at = $13, left_at = $14, alerted_at = $15, danger_of = $16, units = $17, offered_to = $18, offer_until = $19,
           paused_at = $20, called = $21, about_id = $22, about_at = $23, message_offered_at = $24, returned_at = $25
         WHERE tenant_id = $1 AND id = $2"
    )
    .bind(n.tenant.uuid())
    .bind(n.id.uuid())
    .bind(n.state.as_str())
    .bind(n.epoch)
    .bind(n.version)
    .bind(n.episode.number)
    .bind(n.queue.map(QueueId::uuid))
    .bind(n.agent.map(AgentId::uuid))
    .bind(n.product.clone())
    .bind(n.queued_at.map(|at| at.0))
    .bind(n.assigned_at.map(|at| at.0))
    .bind(n.resolved_at.map(|at| at.0))
    .bind(n.due_at.map(|at| at.0))
    .bind(n.left_at.map(|at| at.0))
    .bind(n.alerted_at.map(|at| at.0))
    .bind(n.danger_of)
    .bind(n.units)
    .bind(n.offer.map(|offer| offer.agent.uuid()))
    .bind(n.offer.map(|offer| offer.until.0))
    .bind(n.paused_at.map(|at| at.0))
    .bind(Some(called_as(&n.called)).filter(|called| !called.is_empty()))
    .bind(n.about.map(QuestionKindId::uuid))
    .bind(n.about_at.map(|at| at.0))
    .bind(n.message_offered_at.map(|at| at.0))
    .bind(n.returned_at.map(|at| at.0))
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}

async fn save_episode(tx: &mut Tx, n: &Conversation) -> Result<()> {
    let e = &n.episode;
    q!(tx, |c| {
        sqlx::query(
        "INSERT INTO episodes (tenant_id, conversation_id, number, began_with, created_at, human_requested_at, accepted_at, first_human_reply_at, ended_at, outcome, score, agent_id, offered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (tenant_id, conversation_id, number) DO UPDATE SET human_requested_at = excluded.human_requested_at, accepted_at = excluded.accepted_at,
           first_human_reply_at = excluded.first_human_reply_at, ended_at = excluded.ended_at, outcome = excluded.outcome, score = excluded.score, agent_id = excluded.agent_id,
           offered_at = excluded.offered_at"
    )
    .bind(n.tenant.uuid())
    .bind(n.id.uuid())
    .bind(e.number)
    .bind(e.began_with.as_str())
    .bind(e.created_at.0)
    .bind(e.human_requested_at.map(|at| at.0))
    .bind(e.accepted_at.map(|at| at.0))
    .bind(e.first_human_reply_at.map(|at| at.0))
    .bind(e.ended_at.map(|at| at.0))
    .bind(e.outcome.map(Outcome::as_str))
    .bind(e.score)
    .bind(n.agent.map(AgentId::uuid))
    .bind(e.offered_at.map(|at| at.0))
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// Writes to the inboxes of agents and the streams of queues that gained or lost the conversation.
async fn tell_others(tx: &mut Tx, before: &Conversation, next: &Conversation) -> Result<()> {
    let serving = |c: &Conversation| if c.state.owner() == Owner::Agent { c.agent } else { None };
    let waiting = |c: &Conversation| if c.state.owner() == Owner::Queue { c.queue } else { None };
    let (had, has) = (serving(before), serving(next));
    if had != has {
        for (agent, what) in [(had, Aside::Released), (has, Aside::Assigned)] {
            let Some(agent) = agent else { continue };
            if let Some(stretch) = work::begin(tx, next.tenant, agent).await? {
                let is_assigned = what == Aside::Assigned;
                let change = work::Change { open: if is_assigned { 1 } else { -1 }, is_assigned, ..work::Change::default() };
                let inbox = StreamName { kind: StreamKind::Inbox, id: stretch.inbox.uuid() };
                let worked = work::turn(tx, &stretch, change).await?;
                let entries = std::iter::once(aside(next, inbox, what)).chain(worked);
                journal::append(tx, entries.map(|entry| (entry.into(), Guard::Any)).collect()).await?;
            }
            tx.effect(Effect::AgentChanged(next.tenant, agent));
        }
    }
    let (stood, stands) = (waiting(before), waiting(next));
    if stood != stands {
        for (queue, what) in [(stood, Aside::Leave), (stands, Aside::Enter)] {
            if let Some(queue) = queue {
                journal::note(tx, aside(next, StreamName { kind: StreamKind::Queue, id: queue.uuid() }, what)).await?;
            }
        }
    }
    Ok(())
}

/// What an entry in another stream says about a conversation.
#[derive(Clone, Copy, PartialEq)]
enum Aside {
    /// In the visitor's stream: it is now their current conversation.
    Current,
    /// In an inbox: it was assigned to the agent.
    Assigned,
    /// In an inbox: it was taken away from the agent.
    Released,
    /// In a queue: it began to wait there.
    Enter,
    /// In a queue: it no longer waits there.
    Leave,
}

/// An entry about a conversation in another stream.
fn aside(c: &Conversation, stream: StreamName, what: Aside) -> NewEntry {
    let about = body::About { conversation: c.id };
    let known = fact::About { conversation: c.id, ep: c.episode.number };
    let (body, fact) = match what {
        Aside::Current => (Body::Current(about), Fact::Current(known)),
        Aside::Assigned => (Body::Assigned(AssignedIn::Inbox(about)), Fact::Assigned(fact::AssignedIn::Inbox(known))),
        Aside::Released => (Body::Released(about), Fact::Released(known)),
        Aside::Enter => (Body::Enter(about), Fact::Enter(known)),
        Aside::Leave => (Body::Leave(about), Fact::Leave(known)),
    };
    NewEntry::new(stream, c.tenant, Actor::system(), body, fact)
}
