//! Builds what the desk and the customer see from rows of the store.

use content::knowledge::KnowledgeEntry;
use db::Tx;
use domain::{
    contact::{CustomerContact, seen_name},
    conversation::{Conversation, Owner, REOPEN_WINDOW_MS, State},
    customer::Identifier,
    entry::{
        Body, EntryKind, Fact,
        body::{AskedAbout, AskedVia, HumanRequested, Message, ProductRef, QuestionKindRef, Rated},
        fact,
    },
    id::{AgentId, ConversationId, CustomerId, QuestionKindId, QueueId, TenantId, VisitorId},
    policy::Staff,
    stream::{StreamKind, StreamName},
    text::{self, Bilingual, Lang},
    time::Ts,
};
use seal::{
    signed::SaidOfCustomer,
    vault::{Field, Vault, hex},
};
use store_desk::{alerts::AlertRow, lists::ListRow};
use uuid::Uuid;
use wire::{
    alerts::{AlertView, OldestAlert},
    behind::BehindItem,
    conversation::{
        AccountRef, AgentRef, ContactSource, ConversationState, ConversationView, CustomerRef, OfferView, Preview, QueueRef, Settled, Wait, WaitReason,
    },
};

/// The name under which staff know a visitor who gave none: it contains the last four hex digits of the visitor's id.
pub fn customer_name(visitor: Uuid, lang: Lang) -> String {
    let hex = visitor.as_simple().to_string();
    let tail = hex[28..].to_uppercase();
    match lang {
        Lang::Zh => format!("访客 {tail}"),
        Lang::En => format!("Visitor {tail}"),
    }
}

/// An account in a row; all but its id is sealed.
#[derive(Debug, Default)]
pub struct SealedAccount {
    /// The account's id; `None` for a visitor without one.
    pub id: Option<Uuid>,
    /// The name.
    pub name: Option<Vec<u8>>,
    /// What it signs in with.
    pub identifier: Option<Vec<u8>>,
    /// What its site says of it by a signed token.
    pub signed: Option<Vec<u8>>,
}

/// The customer of a row, as a member of the staff sees them. An account is shown by its name, otherwise by what it signs in with or its site says of it, masked;
/// a visitor without an account by a number.
pub fn customer(vault: &Vault, staff: &Staff, visitor: Uuid, account: SealedAccount) -> CustomerRef {
    let (tenant, hidden) = (staff.tenant, staff.grants.hidden_contacts());
    let (id, anonymous) = (VisitorId::new(visitor), customer_name(visitor, Lang::Zh));
    let SealedAccount { id: account, name, identifier, signed } = account;
    let Some(account) = account.map(CustomerId::new) else { return CustomerRef { id, name: anonymous, account: None } };
    let opened = |field, sealed: Option<Vec<u8>>| sealed.and_then(|sealed| vault.open(tenant, account, field, &sealed));
    let identifier = opened(Field::Identifier, identifier).map(Identifier::stored);
    let said = signed.and_then(|signed| SaidOfCustomer::open(vault, tenant, account, &signed));
    let masked = identifier.clone().or_else(|| said.as_ref().and_then(SaidOfCustomer::identifier)).as_ref().map(Identifier::masked);
    let name = opened(Field::Name, name).map(|name| seen_name(name, hidden)).or_else(|| masked.clone()).unwrap_or(anonymous);
    let (verified, subject) = (identifier.map(|one| one.kind().as_str().to_owned()), said.map(|said| seen_name(said.subject, hidden)));
    let account = AccountRef { id: account, verified, masked, subject };
    CustomerRef { id, name, account: Some(account) }
}

/// Every address and number that is known of an account: what it signs in with, and what its site says of it.
pub async fn contacts(tx: &mut Tx, vault: &Vault, tenant: TenantId, row: &ListRow) -> store::Result<Vec<(ContactSource, CustomerContact)>> {
    let Some(account) = row.customer_id.map(CustomerId::new) else { return Ok(Vec::new()) };
    let stored = store_hall::customers::identifiers(tx, tenant, account).await?;
    let own = stored.into_iter().filter_map(|one| vault.open(tenant, account, Field::Identifier, &one.sealed));
    let said = row.customer_signed.as_ref().and_then(|sealed| SaidOfCustomer::open(vault, tenant, account, sealed));
    let said = said.into_iter().flat_map(|said| [said.email, said.phone]).flatten();
    let own = own.map(|text| (ContactSource::Account, text));
    Ok(own.chain(said.map(|text| (ContactSource::Site, text))).map(|(from, text)| (from, Identifier::stored(text).into())).collect())
}

/// Converts rows to views for a member of the staff, with the names of what they refer to.
pub async fn rows(tx: &mut Tx, vault: &Vault, staff: &Staff, rows: Vec<ListRow>) -> store::Result<Vec<ConversationView>> {
    let tenant = staff.tenant;
    let mut views = Vec::with_capacity(rows.len());
    let ids: Vec<ConversationId> = rows.iter().map(|row| ConversationId::new(row.id)).collect();
    let mut labels = store_desk::labels::of_conversations(tx, tenant, &ids).await?;
    for mut row in rows {
        let product = match &row.product {
            Some(id) => product_ref(tx, tenant, id).await?,
            None => None,
        };
        let wait = wait(tx, tenant, &row).await?;
        let account = SealedAccount {
            id: row.customer_id,
            name: row.customer_name.take(),
            identifier: row.customer_identifier.take(),
            signed: row.customer_signed.take(),
        };
        let customer = customer(vault, staff, row.visitor_id, account);
        let labels = labels.remove(&ConversationId::new(row.id)).unwrap_or_default();
        views.push(ConversationView { wait, labels, ..view(row, customer, product) });
    }
    Ok(views)
}

/// What a member of the staff sees of a row behind a number: nothing but when it counted if they may not read the conversation.
pub async fn behind(tx: &mut Tx, vault: &Vault, staff: &Staff, row: ListRow, at: Ts) -> store::Result<BehindItem> {
    let readable = if row.may_be_read(staff) { vec![row] } else { Vec::new() };
    Ok(BehindItem::of(rows(tx, vault, staff, readable).await?.pop(), at))
}

async fn product_ref(tx: &mut Tx, tenant: TenantId, id: &str) -> store::Result<Option<ProductRef>> {
    let Some(document) = store_hall::catalogue::product_of_old(tx, tenant, id).await? else { return Ok(None) };
    Ok(serde_json::from_str(&document).ok())
}

fn view(r: ListRow, customer: CustomerRef, product: Option<ProductRef>) -> ConversationView {
    let lang = Lang::from_tag(&r.lang);
    let is_settled = State::parse(&r.state).is_some_and(|state| !state.is_open());
    let settled = is_settled.then_some(Settled { first_reply_ms: r.first_reply_ms, score: r.score });
    let subject = r.first_body.as_deref().map(|body| preview(Some(body), lang)).filter(|words| !words.is_empty());
    let preview = r.last_actor.as_ref().map(|by| Preview { by: by.clone(), text: preview(r.last_body.as_deref(), lang) });
    ConversationView {
        id: ConversationId::new(r.id),
        state: r.state,
        epoch: r.epoch,
        episode: r.episode,
        agent: r.agent_id.zip(r.agent_name).map(|(id, name)| AgentRef { id: AgentId::new(id), name }),
        queue: r.queue_id.zip(r.queue_zh.zip(r.queue_en)).map(|(id, (zh, en))| QueueRef { id: QueueId::new(id), name: Bilingual { zh, en } }),
        customer,
        lang,
        channel: r.channel,
        seq: r.seq,
        unread: (r.from_customer - r.staff_read).max(0),
        waiting_since: r.waiting_since.map(Ts),
        queued_at: r.queued_at.map(Ts),
        assigned_at: r.assigned_at.map(Ts),
        offer: r
            .offered_to
            .zip(r.offered_name)
            .zip(r.offer_until)
            .map(|((id, name), until)| OfferView { agent: AgentRef { id: AgentId::new(id), name }, until: Ts(until) }),
        resolved_at: r.resolved_at.map(Ts),
        created_at: Ts(r.created_at),
        at: Ts(r.last_at),
        due_at: r.due_at.map(Ts),
        alerted_at: r.alerted_at.map(Ts),
        // An end settles what somebody has seen.
        danger: r.danger_of.is_some() && (!is_settled || r.alerted_at.is_some()),
        labels: Vec::new(),
        about: r.about_id.zip(r.about_zh.zip(r.about_en)).map(|(id, (zh, en))| QuestionKindRef { id: QuestionKindId::new(id), name: Bilingual { zh, en } }),
        paused_at: r.paused_at.map(Ts),
        subject,
        preview,
        product,
        wait: None,
        settled,
    }
}

/// Why a row waits, if it does.
async fn wait(tx: &mut Tx, tenant: TenantId, row: &ListRow) -> store::Result<Option<Wait>> {
    let (Some(kind), Some(words)) = (row.wait_kind.as_deref().and_then(EntryKind::parse), &row.wait_body) else { return Ok(None) };
    let (reason, by) = match Body::read(kind, words, None) {
        Ok(Body::HumanRequested(HumanRequested { via: AskedVia::Words })) => (WaitReason::Words, None),
        Ok(Body::HumanRequested(HumanRequested { via: AskedVia::Button })) => (WaitReason::Button, None),
        Ok(Body::Transferred(transferred)) => (WaitReason::Transferred, Some(transferred.from_name)),
        Ok(Body::Returned(_)) => (WaitReason::Returned, None),
        Ok(Body::Reopened(_)) => (WaitReason::Reopened, None),
        _ => return Ok(None),
    };
    let answer = row.answer_facts.as_deref().and_then(|facts| serde_json::from_str::<fact::Message>(facts).ok());
    let topic = match answer.and_then(|fact| fact.entry.flatten()) {
        Some(entry) => store_knowledge::knowledge::entries_by_id(tx, tenant, &[entry]).await?.pop(),
        None => None,
    };
    let topic = topic.and_then(|document| serde_json::from_str::<KnowledgeEntry>(&document.json).ok()).map(|entry| entry.question);
    let why = match row.wait_facts.as_deref().map(|facts| Fact::read(kind, facts)) {
        Some(Ok(Fact::HumanRequested(fact))) => fact.reason,
        _ => None,
    };
    Ok(Some(Wait { reason, why, by, topic }))
}

/// What an alert may be about besides a message: the comment of a rating, or details of what it is about.
fn said_beside(body: &str) -> String {
    if let Ok(Rated { comment, .. }) = serde_json::from_str(body) {
        return comment.unwrap_or_default();
    }
    let AskedAbout { details, .. } = serde_json::from_str(body).unwrap_or_default();
    details.iter().map(|detail| detail.text.as_str()).collect::<Vec<_>>().join(" · ")
}

/// The text of a message body, cut to one line; a file is shown by its name.
pub fn preview(body: Option<&str>, lang: Lang) -> String {
    let Some(body) = body else { return String::new() };
    let Ok(message) = serde_json::from_str(body) else {
        return text::preview(&said_beside(body), 80);
    };
    let words = match &message {
        Message::File { file, .. } => &file.name,
        Message::Product { product, .. } => product.name.get(lang),
        Message::Text { text, .. } | Message::Choice { text, .. } | Message::LeftMessage { text, .. } | Message::Answer { text, .. } => text,
    };
    text::preview(words, 80)
}

/// Converts an alert for a member of the staff, with the oldest of those for which it stands; `None` if its subject is of a kind that only a later version of the program knows.
pub fn alert(vault: &Vault, staff: &Staff, row: AlertRow, oldest: Option<AlertRow>) -> Option<AlertView> {
    let subject = StreamName { kind: StreamKind::parse(&row.subject_kind)?, id: row.subject_id };
    let lang = row.lang.as_deref().map(Lang::from_tag);
    let account = SealedAccount { id: row.customer_id, name: row.customer_name, identifier: row.customer_identifier, signed: row.customer_signed };
    Some(AlertView {
        kind: row.kind,
        level: row.level,
        subject,
        conversation: (subject.kind == StreamKind::Conversation).then_some(ConversationId::new(subject.id)),
        seq: row.seq,
        customer: row.visitor_id.map(|visitor| customer(vault, staff, visitor, account)),
        lang,
        state: row.state,
        agent: row.agent_name,
        text: lang.map(|lang| preview(row.body.as_deref(), lang)).unwrap_or_default(),
        queue: row.queue_id.map(QueueId::new),
        raised_at: Ts(row.raised_at),
        due_at: row.due_at.map(Ts),
        done_at: row.done_at.map(Ts),
        done_by: row.done_by,
        network: row.network.as_deref().map(hex),
        others: row.others,
        address: row.address,
        times: row.times,
        oldest: oldest.and_then(|row| oldest_alert(vault, staff, row)),
    })
}

/// `None` if it is about something else than a conversation.
fn oldest_alert(vault: &Vault, staff: &Staff, row: AlertRow) -> Option<OldestAlert> {
    let lang = Lang::from_tag(row.lang.as_deref()?);
    let account = SealedAccount { id: row.customer_id, name: row.customer_name, identifier: row.customer_identifier, signed: row.customer_signed };
    Some(OldestAlert {
        conversation: ConversationId::new(row.subject_id),
        customer: customer(vault, staff, row.visitor_id?, account),
        lang,
        state: row.state?,
        text: preview(row.body.as_deref(), lang),
        raised_at: Ts(row.raised_at),
    })
}

/// What a conversation's customer may know of its state.
pub async fn state(tx: &mut Tx, c: &Conversation) -> store::Result<ConversationState> {
    let agent = match c.agent {
        Some(agent) if c.state.owner() == Owner::Agent || !c.state.is_open() => store::staff::get(tx, c.tenant, agent).await.ok(),
        _ => None,
    };
    Ok(ConversationState {
        state: c.state.as_str().to_owned(),
        episode: c.episode.number,
        agent_name: agent.as_ref().map(|a| a.name.clone()),
        agent_number: agent.map(|a| a.number),
        score: c.episode.score,
        reopen_until: c.reopen_until().or_else(|| c.resolved_at.map(|at| at.plus(REOPEN_WINDOW_MS))),
    })
}
