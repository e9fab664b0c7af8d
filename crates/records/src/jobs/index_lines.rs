//! Follows the record, and puts what was said into the index: each node for itself, whichever leads.
//!
//! What is recalled, corrected or erased is an entry of its own. When one is read, everything of its conversation is taken out, and what is left is put in again:
//! an entry that was read earlier has no words any more by then, so none stays.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::Ordering,
    time::Duration,
};

use db::feed::{Cursor, Fed};
use domain::{
    entry::EntryKind,
    id::{ConversationId, TenantId},
    stream::StreamKind,
};
use http_kit::App;
use search::{Line, Place};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    lines::{Own, blocking},
    table::said::{self, Said},
};

/// A start is not made slower by it.
const FIRST_AFTER: Duration = Duration::from_secs(1);
/// What follows each other within this time is written together.
const TOGETHER: Duration = Duration::from_millis(500);
/// How soon it looks again without being woken: another node may have written.
const AT_LEAST_EVERY: Duration = Duration::from_secs(1);
/// How soon it tries again what failed.
const AGAIN_AFTER: Duration = Duration::from_secs(5);
/// For so many times as long as it worked, it leaves the machine to what people wait for.
const REST: u32 = 9;
/// Where so many messages a second are written on this node, that is more: then it falls behind, and catches up afterwards.
const CROWDED: f64 = 2_000.0;
const REST_IN_A_CROWD: u32 = 60;
/// The longest rest: after a start it has much to read.
const LONGEST_REST: Duration = Duration::from_secs(5);
/// How many entries are read at once, and how many times before they are written.
const BATCH: usize = 2_000;
const BATCHES: usize = 10;

/// Runs until the program ends.
pub async fn run(app: App) {
    tokio::time::sleep(FIRST_AFTER).await;
    let mut last = Load::of(&app);
    loop {
        let begun = Load::of(&app);
        let (batches, rest) = if begun.messages_a_second_since(last) > CROWDED { (1, REST_IN_A_CROWD) } else { (BATCHES, REST) };
        last = begun;
        match read_on(&app, batches).await {
            Ok(has_more) => {
                tokio::time::sleep((begun.at.elapsed() * rest).clamp(TOGETHER, LONGEST_REST)).await;
                if !has_more {
                    let _ = tokio::time::timeout(AT_LEAST_EVERY, app.hub().wait_for_commit()).await;
                }
            }
            Err(error) => {
                tracing::warn!(error = %error, "what was said could not be indexed and will be tried again");
                Own::of(&app).close().await;
                tokio::time::sleep(AGAIN_AFTER).await;
            }
        }
    }
}

/// How many messages this node had written at a moment.
#[derive(Clone, Copy)]
struct Load {
    at: Instant,
    messages: u64,
}

impl Load {
    fn of(app: &App) -> Self {
        Self { at: Instant::now(), messages: app.db().stats().hot.load(Ordering::Relaxed) }
    }

    fn messages_a_second_since(self, before: Self) -> f64 {
        self.messages.saturating_sub(before.messages) as f64 / (self.at - before.at).as_secs_f64().max(f64::MIN_POSITIVE)
    }
}

/// Reads on in the record, and writes what was said; returns whether there may be more.
pub async fn step(app: &App) -> store::Result<bool> {
    read_on(app, BATCHES).await
}

async fn read_on(app: &App, batches: usize) -> store::Result<bool> {
    let (own, generation) = (Own::of(app), app.cluster().generation());
    let _turn = own.turn.lock().await;
    let lines = own.lines(app).await?;
    let mut place = lines.place();
    if place.generation != generation {
        own.set_complete(false);
        let anew = lines.clone();
        blocking(move || anew.begin_anew(generation)).await?;
        place = Place { generation, ..Place::default() };
    }
    let (fed, has_more) = read(app, place, batches).await?;
    if let Some(last) = fed.last() {
        let place = Place { generation, xid: last.xid, pos: last.pos, at: last.at };
        let Changes { taken_out, said } = Changes::of(app, &fed).await?;
        blocking(move || lines.apply(&taken_out, &said, place)).await?;
    }
    own.set_complete(!has_more);
    Ok(has_more)
}

async fn read(app: &App, place: Place, batches: usize) -> store::Result<(Vec<Fed>, bool)> {
    let (mut all, mut after) = (Vec::new(), Cursor { xid: place.xid, pos: place.pos });
    for _ in 0..batches {
        let fed = app.db().feed(place.generation, after, BATCH).await?;
        let is_last = fed.len() < BATCH;
        all.extend(fed);
        after = all.last().map_or(after, Fed::cursor);
        if is_last {
            return Ok((all, false));
        }
    }
    Ok((all, true))
}

/// What entries change in the index.
#[derive(Default)]
struct Changes {
    /// By company.
    taken_out: Vec<(Uuid, Uuid)>,
    said: Vec<Line>,
}

/// What was fed of a company.
#[derive(Default)]
struct OfCompany {
    /// Conversations in which something was recalled, corrected or erased, and their last entry that was fed.
    changed: BTreeMap<Uuid, i64>,
    /// What was said, by conversation and number.
    new: BTreeSet<(Uuid, i64)>,
}

impl Changes {
    async fn of(app: &App, fed: &[Fed]) -> store::Result<Self> {
        let mut companies: BTreeMap<Uuid, OfCompany> = BTreeMap::new();
        for entry in fed.iter().filter(|entry| entry.stream_kind == StreamKind::Conversation.as_str()) {
            let OfCompany { changed, new } = companies.entry(entry.tenant_id).or_default();
            match EntryKind::parse(&entry.kind) {
                Some(kind) if said::KINDS.contains(&kind) => {
                    new.insert((entry.stream_id, entry.seq));
                }
                Some(EntryKind::Recalled | EntryKind::NoteRecalled | EntryKind::Corrected | EntryKind::NoteCorrected | EntryKind::Erased) => {
                    let last = changed.entry(entry.stream_id).or_default();
                    *last = entry.seq.max(*last);
                }
                _ => {}
            }
        }
        let mut changes = Self::default();
        for (company, OfCompany { changed, mut new }) in companies {
            let tenant = TenantId::new(company);
            new.retain(|(conversation, seq)| changed.get(conversation).is_none_or(|last| seq > last));
            let mut tx = app.db().read_of(tenant).await?;
            // Words go in steps while a conversation is erased: none of it comes back. Looked up first, so that it has no words any more if it is not among these any more.
            let erasing = said::erasing(&mut tx, tenant).await?;
            let mut found = said::these(&mut tx, tenant, &new).await?;
            for (conversation, last) in changed {
                found.extend(said::until(&mut tx, tenant, ConversationId::new(conversation), last).await?);
                changes.taken_out.push((company, conversation));
            }
            changes.said.extend(found.into_iter().filter(|said| !erasing.contains(&said.stream_id)).filter_map(|said| line(company, said)));
        }
        Ok(changes)
    }
}

fn line(company: Uuid, said: Said) -> Option<Line> {
    let text = said.words()?;
    Some(Line { company, conversation: said.stream_id, seq: said.seq.try_into().ok()?, at: said.at, text })
}

/// Takes out what is left of companies that are gone, and every word of what was taken out.
pub async fn forget(app: &App) -> store::Result<()> {
    let own = Own::of(app);
    // A company that begins meanwhile is not read before it is known.
    let _turn = own.turn.lock().await;
    let lines = own.lines(app).await?;
    let known = store::entry_points::every_company(app.db()).await?.into_iter().map(TenantId::uuid).collect::<Vec<_>>();
    blocking(move || lines.keep_companies(&known).and_then(|()| lines.purge())).await
}
