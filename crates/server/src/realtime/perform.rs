//! What a send does: load, ask policy, decide, store. Runs inside the writer, and may run again.

use std::sync::Arc;

use db::{
    Tx,
    journal::RefusedSend,
    writer::{BoxFuture, Cold, Outcome, Verdict},
};
use domain::{
    conversation::{Assignee, Channel, Conversation, Event, Opening, Owner, ReopenTo, Said, State},
    entry::Changed,
    entry::{
        body::{AskedVia, Message, Page, Routing},
        fact,
    },
    id::{AgentId, FileId, QueueId, StreamName, TenantId},
    journal::{Actor, Effect, StreamKind, Written},
    policy::{self, Permission, Scope, Staff},
    refusal::{Code, Refusal},
    routing,
    time::HOUR,
};
use store::{
    Error, Result, TenantTx, conversations,
    files::{FileOwner, StoredFile},
};

use super::{
    mailbox::Principal,
    wire::{Send, SendBody},
};
use crate::service;

/// A send on its full path.
#[derive(Clone)]
pub struct FullPath {
    /// Who sends.
    pub principal: Arc<Principal>,
    /// What.
    pub send: Arc<Send>,
    /// A digest of what.
    pub hash: i64,
}

impl Cold for FullPath {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, db::Result<Verdict>> {
        Box::pin(async move {
            let refusal = match self.perform(tx).await {
                Ok(appended) => return Ok(Verdict::Keep(Ok(appended))),
                Err(Error::Db(error)) => return Err(error),
                Err(Error::Refused(refusal)) => refusal,
                Err(Error::NotFound) => Refusal::new(Code::NotFound),
                Err(Error::Stale | Error::Taken) => Refusal::new(Code::Conflict),
            };
            // Nothing is kept for visitors of what is none of theirs: they could fill the store with it.
            let is_strange = refusal.code == Code::NotFound && matches!(*self.principal, Principal::Visitor { .. });
            Ok(match Refusal::remembered(refusal.code) {
                Some(_) if !is_strange => Verdict::Refuse(refusal, self.refused()),
                _ => Verdict::Undo(refusal),
            })
        })
    }
}

impl FullPath {
    /// How its refusal is remembered.
    fn refused(&self) -> RefusedSend {
        let (sender, begins_under) = match &*self.principal {
            Principal::Visitor { visitor, .. } => (visitor.uuid(), Some(StreamName { kind: StreamKind::Visitor, id: visitor.uuid() })),
            Principal::Staff(staff, _) => (staff.agent.uuid(), None),
        };
        let (tenant, stream) = (self.principal.tenant(), self.send.conversation.uuid());
        RefusedSend { tenant, stream, client_id: self.send.client_id, sender, send_hash: self.hash, begins_under }
    }

    async fn perform(&self, tx: &mut Tx) -> Result<domain::journal::Appended> {
        let (tenant, send) = (self.principal.tenant(), &self.send);
        let actor = actor(&self.principal);
        let before = match conversations::lock(tx, tenant, send.conversation).await? {
            Some(conversation) => conversation,
            None => self.open(tx).await?,
        };
        // Behind the lock: another node may just have stored it, or refused it, and then the state is that after it.
        match conversations::known(tx, tenant, send.conversation, send.client_id, actor.id, self.hash).await {
            Ok(Some(first)) => return Ok(first),
            // Strangers are not told that there is such a send.
            Ok(None) | Err(Error::Refused(_)) if !may_send(&self.principal, &before) => return Err(hidden(&self.principal, &self.send.body, &before)),
            Ok(None) => {}
            Err(other) => return Err(other),
        }
        if let Some(refusal) = db::journal::refusal_of(tx, &self.refused()).await? {
            return Err(refusal.into());
        }
        let event = self.event(tx, &before).await?;
        let is_left = matches!(event, Event::LeaveMessage { .. });
        let (comment, note) = match &send.body {
            SendBody::Rate { comment, solved, .. } => (Some((comment.clone(), *solved)), None),
            SendBody::Transfer { note, .. } => (None, note.clone()),
            _ => (None, None),
        };
        if let Some(text) = note {
            let noted = before.apply(Event::Note { text, files: Vec::new() }, &actor, tx.now())?;
            conversations::commit(tx, &before, noted, None).await?;
        }
        let transition = before.apply(event, &actor, tx.now())?;
        let after = transition.next.clone();
        let appended = conversations::commit(tx, &before, transition, Some((send.client_id, self.hash))).await?;
        if let Some((comment, solved)) = comment {
            conversations::save_comment(tx, &after, comment.as_deref(), solved).await?;
        }
        if is_left {
            note_left(tx, &after, appended.seq).await?;
        } else if let (Some(_), None, Principal::Staff(staff, _)) = (before.left_at, after.left_at, &*self.principal) {
            store::left_messages::finish(tx, tenant, after.id, staff.agent, true).await?;
            TenantTx::new(tx, tenant, actor).announce(Changed::LeftMessages).await?;
        }
        if before.state.owner() != after.state.owner() || before.agent != after.agent {
            route(tx, tenant).await?;
        }
        Ok(appended)
    }

    async fn open(&self, tx: &mut Tx) -> Result<Conversation> {
        let Principal::Visitor { tenant, visitor, site, .. } = &*self.principal else { return Err(Error::NotFound) };
        let Some(open) = &self.send.open else { return Err(Error::NotFound) };
        // One open conversation per visitor and site: the visitor's own head is what two devices would fight over.
        db::journal::lock(tx, &[(tenant.uuid(), visitor.uuid(), StreamKind::Visitor)]).await?;
        // The visitor signed in while this waited: the client sends it again, with the token it has from then on.
        if store::customer_visitors::has_moved(tx, *tenant, *visitor).await? {
            return Err(Error::Db(db::Error::Busy));
        }
        // Opened while this waited: by the same send on another node.
        if let Some(opened) = conversations::lock(tx, *tenant, self.send.conversation).await? {
            return Ok(opened);
        }
        if let Some(refusal) = db::journal::refusal_of(tx, &self.refused()).await? {
            return Err(refusal.into());
        }
        if let Some(other) = conversations::open_of_visitor(tx, *tenant, *visitor, *site).await? {
            return Err(Error::Refused(Refusal::use_instead(other)));
        }
        let product = match &open.product {
            Some(product) => store::catalogue::product(tx, *tenant, product).await?.map(|_| product.clone()),
            None => None,
        };
        // The client chose the id: it must not be that of another stream.
        if db::journal::head(tx, *tenant, self.send.conversation.uuid()).await?.seq > 0 {
            return Err(Error::NotFound);
        }
        // Only what a browser can have come from: the desk shows it as a link.
        let is_web = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        let page = open.page.as_ref().filter(|page| is_web(&page.url)).map(|page| Page { title: clip(&page.title, 200), url: clip(&page.url, 2000) });
        let opening = Opening {
            id: self.send.conversation,
            tenant: *tenant,
            site: *site,
            visitor: *visitor,
            channel: Channel::Web,
            lang: open.lang,
            product,
            page: page.clone(),
        };
        let (conversation, opened) = Conversation::open(opening, tx.now());
        conversations::open(tx, &conversation, page.as_ref(), opened).await?;
        Ok(conversation)
    }

    async fn event(&self, tx: &mut Tx, c: &Conversation) -> Result<Event> {
        let tenant = c.tenant;
        match (&*self.principal, &self.send.body) {
            (Principal::Visitor { .. }, body @ (SendBody::Text { .. } | SendBody::Choice { .. } | SendBody::File { .. } | SendBody::Product { .. })) => {
                let said = said(tx, c, &self.principal, body).await?;
                let product = if let SendBody::Product { product } = body { Some(product.clone()) } else { None };
                Ok(Event::CustomerSays { said, reopen: reopen_to(tx, c).await?, product })
            }
            (Principal::Visitor { site, .. }, SendBody::RequestHuman { .. }) => {
                let queue = store::routing::queue_of_site(tx, tenant, *site).await?;
                let service = service::of_site_id(tx, tenant, *site).await?;
                // Who waits already is told that, whatever the hour.
                if !service.open && matches!(c.state, State::Bot | State::Resolved) {
                    return Err(Refusal::closed(service).into());
                }
                Ok(request_human(tx, c, AskedVia::Button, None, queue).await?)
            }
            (Principal::Visitor { visitor, .. }, SendBody::LeaveMessage { text, contact }) => {
                let hour_ago = tx.now().plus(-HOUR);
                let (own, near) = store::left_messages::waiting_of(tx, tenant, *visitor, hour_ago).await?;
                if own >= LEFT_AT_ONCE || near >= LEFT_NEAR {
                    return Err(Refusal::new(Code::TooManyLeft).into());
                }
                let contact = contact.as_deref().map(str::trim).filter(|contact| !contact.is_empty()).map(ToOwned::to_owned);
                Ok(Event::LeaveMessage { said: Message::LeftMessage { text: text.clone(), contact, ord: None }.into() })
            }
            (Principal::Visitor { .. }, SendBody::LeaveQueue {}) => Ok(Event::LeaveQueue),
            (Principal::Visitor { .. }, SendBody::End {}) => Ok(Event::End { bot: conversations::bot_work(tx, c).await? }),
            (Principal::Visitor { .. }, SendBody::Rate { score, comment, solved }) => {
                Ok(Event::Rate { score: *score, comment: comment.clone(), solved: *solved })
            }
            (Principal::Staff(staff, _), body @ (SendBody::Text { .. } | SendBody::File { .. })) => {
                let said = said(tx, c, &self.principal, body).await?;
                if c.left_at.is_some() && c.state.owner() != Owner::Agent {
                    TenantTx::new(tx, tenant, actor(&self.principal)).lock_company().await?;
                    store::routing::lock_agent(tx, tenant, staff.agent).await?;
                    return Ok(Event::AnswerLeft { said, by: assignee(staff) });
                }
                Ok(Event::AgentSays { said, agent: staff.agent })
            }
            (Principal::Staff(..), SendBody::Note { text, files }) => {
                let mut cards = Vec::with_capacity(files.len());
                for file in files {
                    let file = own_file(tx, tenant, &self.principal, *file).await?;
                    store::files::attach_to_note(tx, tenant, file.id, c.id).await?;
                    cards.push(file.card());
                }
                Ok(Event::Note { text: text.clone(), files: cards })
            }
            (Principal::Staff(staff, _), SendBody::Take {}) => {
                // Who fills an agent's place locks the agent, also the agent: routing counts what it serves under that lock.
                let all = store::routing::lock_agent(tx, tenant, staff.agent).await?;
                let is_full = all.iter().any(|own| own.agent == staff.agent && own.open >= own.capacity);
                if is_full && c.state.owner() == Owner::Queue {
                    return Err(Refusal::new(Code::AtCapacity).into());
                }
                Ok(Event::Take { by: assignee(staff) })
            }
            (Principal::Staff(staff, _), SendBody::Resolve {}) => {
                serves(staff, c)?;
                Ok(Event::Resolve)
            }
            (Principal::Staff(staff, _), SendBody::Transfer { to, .. }) => {
                // Whoever may take what waits may also say where it waits.
                if c.state.owner() != Owner::Queue {
                    serves(staff, c)?;
                }
                transfer(tx, c, staff, to).await
            }
            _ => Err(Refusal::new(Code::NotPermitted).into()),
        }
    }
}

/// Messages of one visitor that wait to be taken care of.
const LEFT_AT_ONCE: i64 = 5;
/// Messages that visitors of one network left within an hour and that wait.
const LEFT_NEAR: i64 = 30;
/// Most conversations given out in one transaction; the job that routes goes on with the rest.
const ROUTED_AT_ONCE: usize = 10;

/// Gives waiting conversations to free agents who serve their queue, longest wait first, until there are none of one or the other.
///
/// Whoever routes holds locks already, so it waits for no other: what somebody else has locked is theirs to give out, and the job that routes is the floor.
pub async fn route(tx: &mut Tx, tenant: TenantId) -> Result<()> {
    let now = tx.now();
    let waiting = conversations::waiting(tx, tenant).await?;
    // Queues for which nobody is free: those who wait in them do not hold the others up.
    let (mut exhausted, mut occupied, mut tried) = (Vec::<QueueId>::new(), Vec::new(), 0);
    for (id, queue, _) in waiting {
        if tried == ROUTED_AT_ONCE || exhausted.contains(&queue) {
            continue;
        }
        let Some(before) = conversations::try_lock(tx, tenant, id).await? else { continue };
        let Some((to, trace)) = pick_and_lock(tx, tenant, queue, &mut occupied).await? else {
            exhausted.push(queue);
            continue;
        };
        tried += 1;
        // Somebody may have taken it meanwhile: then the next in line.
        if let Ok(transition) = before.apply(Event::Assign { to, trace }, &Actor::system(), now) {
            conversations::commit(tx, &before, transition, None).await?;
        }
    }
    Ok(())
}

/// A free agent who serves the queue, locked, and why that one; `None` if there is none. Those whom somebody else has locked join the `occupied`.
async fn pick_and_lock(tx: &mut Tx, tenant: TenantId, queue: QueueId, occupied: &mut Vec<AgentId>) -> Result<Option<(Assignee, Routing)>> {
    let now = tx.now();
    let candidates = store::routing::candidates(tx, tenant).await?;
    let mut candidates = store::routing::serving(tx, tenant, queue, candidates).await?;
    let mut locked = None;
    loop {
        candidates.iter_mut().for_each(|candidate| candidate.is_occupied = occupied.contains(&candidate.agent));
        let (chosen, trace) = routing::pick(&candidates, now);
        let Some(chosen) = chosen.cloned() else { return Ok(None) };
        if locked == Some(chosen.agent) {
            return Ok(Some((Assignee { agent: chosen.agent, name: chosen.name, number: chosen.number }, trace)));
        }
        // The pick was made without the lock: behind it, look again.
        match store::routing::try_lock_agent(tx, tenant, chosen.agent).await? {
            Some(again) => (candidates, locked) = (store::routing::serving(tx, tenant, queue, again).await?, Some(chosen.agent)),
            None => occupied.push(chosen.agent),
        }
    }
}

/// The event of a customer who asks for a person.
pub async fn request_human(tx: &mut Tx, c: &Conversation, via: AskedVia, of: Option<i64>, queue: QueueId) -> Result<Event> {
    let name = store::routing::queue_name(tx, c.tenant, queue).await?;
    Ok(Event::RequestHuman { via, of, queue, queue_name: name.get(c.lang).to_owned() })
}

/// The entry a send becomes if the hot lane takes it: words in a conversation whose state is known and stays as it is.
pub fn hot(principal: &Principal, c: &Conversation, send: &Send, hash: i64) -> Option<(Written, i64)> {
    if !may_send(principal, c) {
        return None;
    }
    let actor = actor(principal);
    let (event, said) = match (principal, &send.body) {
        (Principal::Visitor { .. }, body @ (SendBody::Text { .. } | SendBody::Choice { .. })) => {
            let said = words(body)?;
            (Event::CustomerSays { said: said.clone(), reopen: ReopenTo::Bot, product: None }, said)
        }
        (Principal::Staff(staff, _), body @ SendBody::Text { .. }) => {
            let said = words(body)?;
            (Event::AgentSays { said: said.clone(), agent: staff.agent }, said)
        }
        _ => return None,
    };
    if !c.is_hot(&event) {
        return None;
    }
    let mut entry = c.message(&actor, said);
    entry.client_id = Some(send.client_id);
    entry.send_hash = hash;
    Some((entry.into(), c.version))
}

/// Whether the sender has anything to do with the conversation at all; what they may do in it the event decides.
pub fn may_send(principal: &Principal, c: &Conversation) -> bool {
    match principal {
        Principal::Visitor { tenant, visitor, .. } => c.tenant == *tenant && c.visitor == *visitor,
        Principal::Staff(staff, _) => policy::may_read(staff, c),
    }
}

/// What somebody is told of a conversation they may not see: that it is not there. But an agent who takes what just waited, and comes second, is told so.
fn hidden(principal: &Principal, body: &SendBody, c: &Conversation) -> Error {
    match (principal, body) {
        (Principal::Staff(staff, _), SendBody::Take {}) if staff.tenant == c.tenant && c.state.owner() == Owner::Agent => {
            Refusal::new(Code::AlreadyTaken).into()
        }
        _ => Error::NotFound,
    }
}

/// Who the sender is in the journal.
pub fn actor(principal: &Principal) -> Actor {
    match principal {
        Principal::Visitor { visitor, .. } => Actor::customer(visitor.uuid()),
        Principal::Staff(staff, _) => Actor::agent(staff.agent, &staff.name),
    }
}

fn assignee(staff: &Staff) -> Assignee {
    Assignee { agent: staff.agent, name: staff.name.clone(), number: staff.number.clone() }
}

fn serves(staff: &Staff, c: &Conversation) -> Result<()> {
    let manages = staff.grants.reaches(Permission::Desk, Scope::Company);
    if c.agent == Some(staff.agent) || manages { Ok(()) } else { Err(Refusal::new(Code::NotYours).into()) }
}

async fn transfer(tx: &mut Tx, c: &Conversation, staff: &Staff, to: &str) -> Result<Event> {
    let from_name = staff.name.clone();
    if let Ok(queue) = to.parse::<QueueId>() {
        let name = store::routing::queue_name(tx, c.tenant, queue).await?;
        return Ok(Event::TransferToQueue { queue, queue_name: name.get(c.lang).to_owned(), from_name });
    }
    let agent: AgentId = to.parse().map_err(|_| Refusal::new(Code::TransferTargetUnknown))?;
    let now = tx.now();
    let all = store::routing::lock_agent(tx, c.tenant, agent).await?;
    let colleague = all.iter().find(|candidate| candidate.agent == agent).ok_or(Refusal::new(Code::TransferTargetUnknown))?;
    if !colleague.is_free(now) {
        return Err(Refusal::new(Code::TransferTargetNotFree).into());
    }
    let to = Assignee { agent, name: colleague.name.clone(), number: colleague.number.clone() };
    Ok(Event::TransferToAgent { to, from_name })
}

async fn reopen_to(tx: &mut Tx, c: &Conversation) -> Result<ReopenTo> {
    let Some(last) = c.agent.filter(|_| !c.state.is_open()) else { return Ok(ReopenTo::Bot) };
    let now = tx.now();
    let all = store::routing::lock_agent(tx, c.tenant, last).await?;
    if let Some(there) = all.into_iter().find(|candidate| candidate.agent == last && candidate.is_free(now)) {
        return Ok(ReopenTo::Agent(Assignee { agent: last, name: there.name, number: there.number }));
    }
    // Nobody waits in a queue that is closed, or is no more.
    let open = match c.queue {
        Some(queue) => service::of_queue(tx, c.tenant, queue).await?.open,
        None => false,
    };
    Ok(if open { ReopenTo::Queue } else { ReopenTo::Bot })
}

/// Notes a message that was just left, with what was promised.
async fn note_left(tx: &mut Tx, c: &Conversation, seq: i64) -> Result<()> {
    let queue = match c.queue {
        Some(queue) => queue,
        None => store::routing::queue_of_site(tx, c.tenant, c.site).await?,
    };
    let promised_by = service::of_queue(tx, c.tenant, queue).await?.promised_by;
    let new = store::left_messages::NewLeftMessage { conversation: c.id, episode: c.episode.number, seq, queue, promised_by };
    store::left_messages::insert(tx, c.tenant, new).await?;
    TenantTx::new(tx, c.tenant, Actor::system()).announce(Changed::LeftMessages).await
}

fn words(body: &SendBody) -> Option<Said> {
    match body {
        SendBody::Text { text } => Some(Said::text(text)),
        SendBody::Choice { text, answer } => Some(Said {
            message: Message::Choice { text: text.clone(), answer: answer.clone(), ord: None },
            fact: fact::Message { choice: Some(answer.clone()), ..fact::Message::default() },
        }),
        _ => None,
    }
}

async fn said(tx: &mut Tx, c: &Conversation, principal: &Principal, body: &SendBody) -> Result<Said> {
    match body {
        SendBody::File { file } => {
            let file = own_file(tx, c.tenant, principal, *file).await?;
            store::files::attach(tx, c.tenant, file.id, c.id).await?;
            Ok(Said { message: Message::File { file: file.card(), ord: None }, fact: fact::Message { file: true, ..fact::Message::default() } })
        }
        SendBody::Product { product } => {
            let document = store::catalogue::product(tx, c.tenant, product).await?.ok_or(Refusal::new(Code::ProductUnknown))?;
            let card = serde_json::from_str(&document).map_err(|e| Error::Db(db::Error::Corrupt(e.to_string())))?;
            // A card is not a question: it is no dialogue with the bot.
            let fact = fact::Message { card: Some(product.clone()), ..fact::Message::default() };
            Ok(Said { message: Message::Product { product: card }, fact })
        }
        other => words(other).ok_or_else(|| Refusal::new(Code::NotPermitted).into()),
    }
}

/// A file the sender uploaded.
async fn own_file(tx: &mut Tx, tenant: TenantId, principal: &Principal, file: FileId) -> Result<StoredFile> {
    let owner = match principal {
        Principal::Visitor { visitor, .. } => FileOwner::Visitor(*visitor),
        Principal::Staff(staff, _) => FileOwner::Agent(staff.agent),
    };
    let file = store::files::get(tx, tenant, file).await?;
    if file.owner == owner { Ok(file) } else { Err(Error::NotFound) }
}

fn clip(text: &str, max: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(max).collect()
}

/// Stores a bot answer on its full path: dropped, and recorded as superseded, if the conversation is not the bot's any more.
#[derive(Clone)]
pub struct BotPath {
    /// Whose.
    pub tenant: TenantId,
    /// Where.
    pub conversation: domain::id::ConversationId,
    /// What it says.
    pub said: Said,
    /// The epoch it was computed for.
    pub epoch: i64,
    /// The number of the message it answers.
    pub of: i64,
    /// Under which name.
    pub name: String,
}

impl Cold for BotPath {
    fn run<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, db::Result<Verdict>> {
        Box::pin(async move {
            match self.perform(tx).await {
                Ok(outcome) => Ok(Verdict::Keep(outcome)),
                Err(Error::Db(error)) => Err(error),
                Err(_) => Ok(Verdict::Undo(Refusal::new(Code::NotFound))),
            }
        })
    }
}

impl BotPath {
    async fn perform(&self, tx: &mut Tx) -> Result<Outcome> {
        let before = conversations::lock(tx, self.tenant, self.conversation).await?.ok_or(Error::NotFound)?;
        let own = answer_id(self.conversation, self.of);
        if let Some(first) = conversations::known(tx, self.tenant, self.conversation, own, None, 0).await? {
            return Ok(Ok(first));
        }
        let actor = Actor::bot(&self.name);
        match before.apply(Event::BotSays { said: self.said.clone(), epoch: self.epoch }, &actor, tx.now()) {
            Ok(transition) => Ok(Ok(conversations::commit(tx, &before, transition, Some((own, 0))).await?)),
            Err(refusal) => {
                // Under an id of its own: who comes back to the bot is still owed an answer.
                let dropped = superseded_id(own, self.epoch);
                if conversations::known(tx, self.tenant, self.conversation, dropped, None, 0).await?.is_some() {
                    return Ok(Err(refusal));
                }
                let mut entry = before.bot_superseded(actor, self.of, self.epoch);
                entry.client_id = Some(dropped);
                db::journal::append(tx, vec![(entry.into(), db::journal::Guard::Becomes(before.version))]).await?;
                let was = Some(before.place());
                tx.effect(Effect::Conversation { now: Arc::new(before), was });
                Ok(Err(refusal))
            }
        }
    }
}

/// The id under which the answer to a message is stored: the same message is answered once, by whoever gets to it first.
pub fn answer_id(conversation: domain::id::ConversationId, of: i64) -> uuid::Uuid {
    use sha2::{Digest as _, Sha256};
    id_of(&Sha256::new().chain_update(conversation.uuid().as_bytes()).chain_update(of.to_be_bytes()).finalize())
}

/// The id under which it is recorded, once, that an answer computed for that epoch was dropped.
fn superseded_id(answer: uuid::Uuid, epoch: i64) -> uuid::Uuid {
    use sha2::{Digest as _, Sha256};
    id_of(&Sha256::new().chain_update(answer.as_bytes()).chain_update(epoch.to_be_bytes()).finalize())
}

fn id_of(sum: &[u8]) -> uuid::Uuid {
    uuid::Builder::from_custom_bytes(std::array::from_fn(|i| sum[i])).into_uuid()
}

/// A stable digest of what is sent, to notice the same id with other words.
pub fn digest(body: &SendBody) -> i64 {
    use sha2::{Digest as _, Sha256};
    let text = serde_json::to_vec(body).unwrap_or_default();
    let sum = Sha256::digest(&text);
    i64::from_be_bytes(std::array::from_fn(|i| sum[i]))
}
