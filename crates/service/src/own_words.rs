//! What somebody does about words that were said: takes their own back, corrects them, quotes others.

use db::{
    Tx,
    journal::{self, Why},
};
use domain::{
    conversation::{Asked, Conversation, Event, Spoken},
    entry::{Body, Changed, EntryKind},
    id::FileId,
    journal::{Actor, ActorKind, View},
    refusal::{Code, Refusal},
    time::{HOUR, Ts},
};
use store::{Error, Result, TenantTx, hidden_numbers};
use store_privacy::conversations as hidden;

use crate::{act::Sender, danger, erasing};

/// How many entries are looked at together for other messages with the same file.
const ENTRIES: i64 = 200;
/// Clocks of nodes may differ by less than this, in milliseconds: an entry may seem older than the file that it shows.
const CLOCKS_DIFFER_MS: i64 = HOUR;

/// The message or note with a number, as the sender counts the entries; refused if there is none that they see.
pub async fn find_spoken(tx: &mut Tx, c: &Conversation, sender: &Sender, number: i64) -> Result<Spoken> {
    let view = if matches!(sender, Sender::Visitor { .. }) { View::Customer } else { View::Staff };
    let found = journal::page(tx, c.tenant, c.stream(), view, number.saturating_sub(1), 1).await?.pop();
    let is_it = |spoken: &Spoken| if view == View::Customer { spoken.pseq == Some(number) } else { spoken.seq == number };
    found.as_ref().and_then(Spoken::of).filter(is_it).ok_or_else(|| Refusal::new(Code::MessageUnknown).into())
}

/// An event whose words quote the message with a number.
pub async fn quoting(tx: &mut Tx, c: &Conversation, sender: &Sender, (event, said, of): (Event, &Asked, i64)) -> Result<Event> {
    let quote = find_spoken(tx, c, sender, of).await?.quote(!matches!(said, Asked::Note { .. })).map_err(Refusal::new)?;
    Ok(event.quoting(quote).map_err(Refusal::new)?)
}

/// Words whose author takes them back or corrects them, with what has to be known for that.
pub async fn own(tx: &mut Tx, c: &Conversation, sender: &Sender, number: i64) -> Result<Spoken> {
    let spoken = find_spoken(tx, c, sender, number).await?;
    let mut called = Vec::new();
    for agent in spoken.calls() {
        let notes = store_desk::mentions::notes_for(tx, c.tenant, agent, c.id).await?;
        if notes.iter().any(|seq| *seq != spoken.seq) {
            called.push(agent);
        }
    }
    let corrections = hidden::corrections_of(tx, c.tenant, c.id, spoken.seq).await?.len();
    Ok(spoken.known(called, corrections))
}

/// Takes words back that their author recalled: from the journal, with their corrections, from what the bot remembers and learned of them, and with their files.
pub async fn take_back(tx: &mut Tx, c: &Conversation, seq: i64) -> Result<()> {
    let (tenant, id) = (c.tenant, c.id);
    let Some(entry) = hidden::entries_after(tx, tenant, id, seq - 1, 1).await?.pop().filter(|entry| entry.seq == seq) else { return Ok(()) };
    let mut gone = hidden::corrections_of(tx, tenant, id, seq).await?;
    gone.push(seq);
    let is_customers = entry.actor_kind == ActorKind::Customer.as_str();
    let is_alarming = is_customers && entry.body.as_deref().is_some_and(|body| danger::says_danger(&entry.kind, body));
    if is_customers {
        erasing::forget_learned(tx, tenant, std::slice::from_ref(&entry)).await?;
        if hidden::erase_message(tx, tenant, id, seq).await?.contains_key("questions") {
            TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Unanswered).await?;
        }
    }
    hidden_numbers::forget(tx, tenant, id, seq).await?;
    journal::withdraw(tx, tenant, id.uuid(), &gone, Why::Recalled).await?;
    take_back_files(tx, c, &erasing::files_in(&entry)).await?;
    if store_desk::alerts::has_raised(tx, tenant, c.stream(), seq).await? {
        // Pages that list it have its words.
        TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Alerts).await?;
    } else if is_alarming {
        // Whoever takes back that they are in danger may be in danger still.
        danger::alert(tx, c, seq).await?;
    }
    Ok(())
}

/// Nobody gets the files of words that were taken back, or the staff alone if a note shows them.
async fn take_back_files(tx: &mut Tx, c: &Conversation, files: &[FileId]) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let mut since = tx.now();
    for file in files {
        match store_desk::files::get(tx, c.tenant, *file).await {
            Ok(file) => since = since.min(file.created_at),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    let shown = shown_since(tx, c, since.plus(-CLOCKS_DIFFER_MS)).await?;
    for file in files {
        let mut kinds = shown.iter().filter(|(shown, _)| shown == file).map(|(_, kind)| *kind);
        match kinds.clone().next() {
            Some(_) if kinds.any(|kind| kind == EntryKind::Message) => {}
            Some(_) => store_desk::files::hide(tx, c.tenant, *file).await?,
            None => store_desk::files::recall(tx, c.tenant, *file).await?,
        }
    }
    Ok(())
}

/// The files that messages and notes since a time show, with the kind of what shows them. Nothing shows a file before it was uploaded, so a long conversation is not read
/// to its beginning.
async fn shown_since(tx: &mut Tx, c: &Conversation, since: Ts) -> Result<Vec<(FileId, EntryKind)>> {
    let (mut shown, mut before) = (Vec::new(), i64::MAX);
    loop {
        let page = hidden::messages_before(tx, c.tenant, c.id, (before, since), ENTRIES).await?;
        let Some(first) = page.last() else { return Ok(shown) };
        before = first.seq;
        for entry in &page {
            let Some(kind) = EntryKind::parse(&entry.kind) else { continue };
            shown.extend(erasing::files_in(entry).into_iter().map(|file| (file, kind)));
        }
    }
}

/// Has an entry say something else from now on, as its author corrected it.
pub async fn correct(tx: &mut Tx, c: &Conversation, seq: i64, now: &Body) -> Result<()> {
    let (words, _) = now.to_json_parts();
    hidden_numbers::forget(tx, c.tenant, c.id, seq).await?;
    Ok(journal::set_body(tx, c.tenant, c.stream(), seq, &words).await?)
}
