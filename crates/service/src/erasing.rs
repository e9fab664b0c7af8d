//! Erases what somebody said, or who they are: hides it at once, and then takes it back part by part, each in a transaction of its own. What was done is not done
//! again, so an erasure goes on where it was interrupted.

use std::{collections::BTreeSet, sync::Arc};

use db::{
    Tx,
    journal::{self, Guard, Why},
};
use domain::{
    conversation::Event,
    effect::Effect,
    entry::{
        Body, Changed, Fact,
        body::{self, MessageSide},
        fact,
    },
    erasure::{Erased, ErasureState},
    id::{ConversationId, CustomerId, ErasureId, FileId, TenantId, VisitorId},
    journal::{Actor, ActorKind, NewEntry},
    refusal::{Code, Refusal},
    stream::{StreamKind, StreamName},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::{Error, Result, TenantTx, conversations, visitors};
use store_privacy::{
    Places, add,
    conversations::{self as hidden, Said},
    count,
    erasures::{self, Erasure},
    learned, people,
};

use uuid::Uuid;

use crate::route::route;

/// The entries of a conversation that are erased in one transaction.
const ENTRIES: i64 = 200;

/// Stores an erasure, and begins it unless it waits for a second person.
///
/// # Errors
/// [`Error::NotFound`] if there is nothing of this id, and a refusal if it is being erased already or if there is nothing to erase.
pub async fn ask(tx: &mut Tx, tenant: TenantId, new: &Erasure) -> Result<()> {
    let subject = new.subject.ok_or(Error::NotFound)?;
    refuse_twice(tx, tenant, subject).await?;
    exists(tx, tenant, subject).await?;
    ask_again(tx, tenant, new).await
}

/// Stores an erasure of what is known to be in the record, also if nobody sees it: a backup may have been made between hiding and erasing.
///
/// # Errors
/// A refusal if it is being erased already.
pub async fn ask_again(tx: &mut Tx, tenant: TenantId, new: &Erasure) -> Result<()> {
    refuse_twice(tx, tenant, new.subject.ok_or(Error::NotFound)?).await?;
    erasures::insert(tx, tenant, new).await?;
    if new.state == ErasureState::Running { begin(tx, tenant, new).await } else { Ok(()) }
}

async fn refuse_twice(tx: &mut Tx, tenant: TenantId, subject: Erased) -> Result<()> {
    if erasures::open_of(tx, tenant, subject).await?.is_some() { Err(Refusal::new(Code::ErasureOpen).into()) } else { Ok(()) }
}

/// What still leads to a person while they are being erased; it is deleted with the last step.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Traces {
    /// What the successors of visitors are derived from. Nobody knows it afterwards, so nobody can tell whom a successor was.
    pub seed: Uuid,
    /// The visitors, as they are found.
    #[serde(default)]
    pub visitors: BTreeSet<Uuid>,
    /// Under which digests letters to the person wait, as hex digits.
    #[serde(default)]
    pub lanes: BTreeSet<String>,
    /// The files of a message.
    #[serde(default)]
    pub files: Vec<FileId>,
}

impl Traces {
    /// With nothing found yet.
    pub fn of(seed: Uuid) -> Self {
        Self { seed, ..Self::default() }
    }
    /// What an erasure has found so far.
    pub fn read(erasure: &Erasure) -> Self {
        erasure.traces.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }
    /// The form that is stored.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
    /// Whom the numbers count in place of a visitor.
    pub fn successor(&self, visitor: VisitorId) -> VisitorId {
        let digest = Sha256::new().chain_update(self.seed.as_bytes()).chain_update(visitor.uuid().as_bytes()).finalize();
        let bytes: [u8; 16] = std::array::from_fn(|n| digest[n]);
        VisitorId::new(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

async fn exists(tx: &mut Tx, tenant: TenantId, subject: Erased) -> Result<()> {
    let is_there = match subject {
        Erased::Message(id, seq) => {
            conversations::get(tx, tenant, id).await?;
            let entry = hidden::entries_after(tx, tenant, id, seq - 1, 1).await?.pop().filter(|entry| entry.seq == seq).ok_or(Error::NotFound)?;
            if !entry.has_words() || entry.body.is_none() {
                return Err(Refusal::new(Code::NothingToErase).into());
            }
            true
        }
        Erased::Conversation(id) => conversations::find(tx, tenant, id).await?.is_some(),
        Erased::Visitor(id) => people::is_visitor(tx, tenant, id).await?,
        Erased::Customer(id) => people::is_customer(tx, tenant, id).await?,
    };
    if is_there { Ok(()) } else { Err(Error::NotFound) }
}

/// Hides what is to be erased, in the transaction that decides it: from the commit on, no member of the staff sees it, and the person is signed out everywhere.
pub async fn begin(tx: &mut Tx, tenant: TenantId, erasure: &Erasure) -> Result<()> {
    match erasure.subject.ok_or(Error::NotFound)? {
        Erased::Message(id, seq) => begin_message(tx, tenant, erasure, (id, seq)).await,
        Erased::Conversation(id) => hide_conversation(tx, tenant, id).await,
        Erased::Visitor(id) => hide_visitor(tx, tenant, id).await,
        Erased::Customer(id) => {
            people::sign_out(tx, tenant, id).await?;
            for visitor in people::visitors_of(tx, tenant, id).await? {
                hide_visitor(tx, tenant, visitor).await?;
            }
            Ok(())
        }
    }
}

/// Ends a conversation, and hides it until it is erased.
pub async fn hide_conversation(tx: &mut Tx, tenant: TenantId, id: ConversationId) -> Result<()> {
    close(tx, tenant, id).await?;
    hidden::hide(tx, tenant, id).await?;
    tell(tx, tenant, id, None).await
}

async fn begin_message(tx: &mut Tx, tenant: TenantId, erasure: &Erasure, (id, seq): (ConversationId, i64)) -> Result<()> {
    conversations::lock(tx, tenant, id).await?.ok_or(Error::NotFound)?;
    let Some(entry) = hidden::entries_after(tx, tenant, id, seq - 1, 1).await?.pop().filter(|entry| entry.seq == seq) else { return Ok(()) };
    let traces = Traces { files: files_in(&entry), ..Traces::read(erasure) };
    erasures::set_traces(tx, tenant, erasure.id, &traces.to_json()).await?;
    let mut places = forget_learned(tx, tenant, std::slice::from_ref(&entry)).await?;
    // What the bot told the agents quotes what was said before.
    let quotes = hidden::handoffs_after(tx, tenant, id, seq).await?;
    count(&mut places, "summaries", journal::withdraw(tx, tenant, id.uuid(), &quotes, Why::Erased).await?);
    let corrections = hidden::corrections_of(tx, tenant, id, seq).await?;
    journal::withdraw(tx, tenant, id.uuid(), &corrections, Why::Erased).await?;
    store::hidden_numbers::forget(tx, tenant, id, seq).await?;
    count(&mut places, "messages", journal::withdraw(tx, tenant, id.uuid(), &[seq], Why::Erased).await?);
    erasures::add_places(tx, tenant, erasure.id, places).await?;
    for quote in quotes {
        let Some(quote) = hidden::entries_after(tx, tenant, id, quote - 1, 1).await?.pop() else { continue };
        tell(tx, tenant, id, Some(&quote)).await?;
    }
    tell(tx, tenant, id, Some(&entry)).await
}

/// The files that a message or a note shows.
pub(crate) fn files_in(entry: &Said) -> Vec<FileId> {
    #[derive(Deserialize)]
    struct Card {
        id: FileId,
    }
    #[derive(Deserialize)]
    struct Cards {
        file: Option<Card>,
        #[serde(default)]
        files: Vec<Card>,
    }
    let Some(Cards { file, files }) = entry.body.as_deref().and_then(|body| serde_json::from_str(body).ok()) else { return Vec::new() };
    file.into_iter().chain(files).map(|card| card.id).collect()
}

/// The entries of a conversation that are nothing but some of these files, so that they go with them. An entry that also says something stays without its files.
pub async fn entries_of_files(tx: &mut Tx, tenant: TenantId, id: ConversationId, files: &[FileId]) -> Result<Vec<i64>> {
    let (mut found, mut after) = (Vec::new(), 0);
    loop {
        let said = hidden::entries_after(tx, tenant, id, after, ENTRIES).await?;
        let Some(last) = said.last().map(|entry| entry.seq) else { return Ok(found) };
        after = last;
        let goes = |entry: &&Said| entry.has_words() && words_of(entry).is_empty() && files_in(entry).iter().any(|file| files.contains(file));
        found.extend(said.iter().filter(goes).map(|entry| entry.seq));
    }
}

fn words_of(entry: &Said) -> String {
    let text = entry.body.as_deref().and_then(|body| serde_json::from_str::<Text>(body).ok()).and_then(|body| body.text);
    text.unwrap_or_default().trim().to_owned()
}

/// Takes entries of a conversation back, and tells everybody who follows it.
pub async fn take_back(tx: &mut Tx, tenant: TenantId, erasure: ErasureId, id: ConversationId, seqs: &[i64]) -> Result<()> {
    journal::lock(tx, &[(tenant.uuid(), id.uuid(), StreamKind::Conversation)]).await?;
    let mut places = Places::new();
    for seq in seqs {
        let Some(entry) = hidden::entries_after(tx, tenant, id, seq - 1, 1).await?.pop().filter(|entry| entry.seq == *seq) else { continue };
        count(&mut places, "messages", journal::withdraw(tx, tenant, id.uuid(), &[*seq], Why::Erased).await?);
        tell(tx, tenant, id, Some(&entry)).await?;
    }
    erasures::add_places(tx, tenant, erasure, places).await
}

async fn hide_visitor(tx: &mut Tx, tenant: TenantId, visitor: VisitorId) -> Result<()> {
    for id in hidden::open_of(tx, tenant, visitor).await? {
        hide_conversation(tx, tenant, id).await?;
    }
    hidden::hide_all(tx, tenant, visitor).await?;
    visitors::revoke(tx, tenant, visitor).await
}

/// Ends a conversation that is open: nobody goes on with what is erased.
async fn close(tx: &mut Tx, tenant: TenantId, id: ConversationId) -> Result<()> {
    let Some(before) = conversations::lock(tx, tenant, id).await? else { return Ok(()) };
    if !before.state.is_open() {
        return Ok(());
    }
    let (bot, now) = (conversations::bot_work(tx, &before).await?, tx.now());
    let transition = before.apply(Event::Expire { bot }, &Actor::system(), now)?;
    conversations::commit(tx, &before, transition, None).await?;
    route(tx, tenant).await
}

/// Has everybody who follows a conversation forget an entry, or everything that was said.
async fn tell(tx: &mut Tx, tenant: TenantId, id: ConversationId, entry: Option<&Said>) -> Result<()> {
    let (ep, version) = hidden::episode_of(tx, tenant, id).await?;
    let side = |entry: &Said| if entry.actor_kind == ActorKind::Customer.as_str() { MessageSide::Customer } else { MessageSide::Staff };
    let erased = body::Erased {
        side: entry.filter(|entry| entry.ord.is_some()).map(side),
        message: entry.and_then(|entry| entry.ord),
        of: entry.map(|entry| entry.seq),
        all: entry.is_none(),
    };
    let stream = StreamName { kind: StreamKind::Conversation, id: id.uuid() };
    let entry = NewEntry::new(stream, tenant, Actor::system(), Body::Erased(erased), Fact::Erased(fact::InEpisode { ep }));
    let guard = if entry_is_all(&entry) { Guard::Becomes(version) } else { Guard::Any };
    journal::append(tx, vec![(entry.into(), guard)]).await?;
    Ok(())
}

const fn entry_is_all(entry: &NewEntry) -> bool {
    matches!(&entry.body, Body::Erased(body::Erased { all: true, .. }))
}

/// Where an erasure of a conversation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The erasure that counts what is erased.
    pub erasure: ErasureId,
    /// The conversation.
    pub conversation: ConversationId,
    /// Whom the numbers count in place of the visitor, if the visitor is erased, too.
    pub successor: Option<VisitorId>,
}

/// What the text of a message is read from.
#[derive(Deserialize)]
struct Text {
    text: Option<String>,
}

/// Erases some entries of a conversation after a number; returns the number of the last one, or `None` if there are no more.
pub async fn erase_entries(tx: &mut Tx, tenant: TenantId, part: &Part, after: i64) -> Result<Option<i64>> {
    let id = part.conversation;
    journal::lock(tx, &[(tenant.uuid(), id.uuid(), StreamKind::Conversation)]).await?;
    if after == 0 {
        // Whoever was not told when it was hidden is told now.
        tell(tx, tenant, id, None).await?;
    }
    let said = hidden::entries_after(tx, tenant, id, after, ENTRIES).await?;
    let Some(last) = said.last().map(|entry| entry.seq) else { return Ok(None) };
    let mut places = forget_learned(tx, tenant, &said).await?;
    let words: Vec<i64> = said.iter().filter(|entry| entry.has_words() && entry.body.is_some()).map(|entry| entry.seq).collect();
    count(&mut places, "messages", journal::withdraw(tx, tenant, id.uuid(), &words, Why::Erased).await?);
    erasures::add_places(tx, tenant, part.erasure, places).await?;
    Ok((said.len() as i64 == ENTRIES).then_some(last))
}

/// Erases what the bot learned from messages.
pub(crate) async fn forget_learned(tx: &mut Tx, tenant: TenantId, said: &[Said]) -> Result<Places> {
    let mut places = Places::new();
    for entry in said.iter().filter(|entry| entry.noted.is_some()) {
        let text = words_of(entry);
        if text.is_empty() {
            continue;
        }
        if let Some(taught) = &entry.taught {
            add(&mut places, learned::forget_phrasing(tx, tenant, taught, &text).await?);
        }
        add(&mut places, learned::forget_sentence(tx, tenant, &text).await?);
    }
    if places.contains_key("phrasings") {
        TenantTx::new(tx, tenant, Actor::system()).announce(Changed::PublishedKnowledge).await?;
    }
    Ok(places)
}

/// Erases what a conversation has beside its entries and files, and shows it again, without words.
pub async fn erase_beside(tx: &mut Tx, tenant: TenantId, part: &Part) -> Result<()> {
    let Part { erasure, conversation, successor } = part;
    journal::lock(tx, &[(tenant.uuid(), conversation.uuid(), StreamKind::Conversation)]).await?;
    let mut places = hidden::erase_beside(tx, tenant, *conversation, *successor).await?;
    count(&mut places, "conversations", 1);
    let changed = [("questions", Changed::Unanswered), ("left_messages", Changed::LeftMessages), ("alerts", Changed::Alerts)];
    for (_, changed) in changed.into_iter().filter(|(place, _)| places.contains_key(*place)) {
        TenantTx::new(tx, tenant, Actor::system()).announce(changed).await?;
    }
    erasures::add_places(tx, tenant, *erasure, places).await?;
    if let Some(now) = conversations::find(tx, tenant, *conversation).await? {
        let was = Some(now.place());
        tx.effect(Effect::Conversation { now: Arc::new(now), was });
    }
    Ok(())
}

/// Erases what one message has elsewhere, after its files.
pub async fn erase_message(tx: &mut Tx, tenant: TenantId, erasure: ErasureId, (conversation, seq): (ConversationId, i64)) -> Result<()> {
    let places = hidden::erase_message(tx, tenant, conversation, seq).await?;
    erasures::add_places(tx, tenant, erasure, places).await
}

/// Notes which files are gone.
pub async fn erase_files(tx: &mut Tx, tenant: TenantId, erasure: ErasureId, files: &[FileId]) -> Result<()> {
    let places = hidden::delete_files(tx, tenant, files).await?;
    erasures::add_places(tx, tenant, erasure, places).await
}

/// Erases a visitor whose conversations are erased.
pub async fn erase_visitor(tx: &mut Tx, tenant: TenantId, erasure: ErasureId, visitor: VisitorId, successor: VisitorId) -> Result<()> {
    let places = people::erase_visitor(tx, tenant, visitor, successor).await?;
    erasures::add_places(tx, tenant, erasure, places).await
}

/// Erases a customer whose visitors are erased.
pub async fn erase_customer(tx: &mut Tx, tenant: TenantId, erasure: ErasureId, customer: CustomerId) -> Result<()> {
    let places = people::erase_customer(tx, tenant, customer).await?;
    erasures::add_places(tx, tenant, erasure, places).await
}
