//! Finds what was altered in an audit log: entries that were changed, removed, exchanged or cut from the end, and entries that its page would not show.

use std::collections::BTreeSet;

use domain::{
    entry::{Body, EntryKind, Fact, body::Audited, fact},
    id::TenantId,
    journal::{StoredEntry, View, Words},
    stream::StreamName,
};
use seal::Sealer;
use serde::{Deserialize, Serialize};
use store::{
    audit::{self, Indexed, SignedHead},
    audit_retention,
};

use super::{
    chain::{chain, is_anchor_signed, is_signed},
    details,
};
use crate::App;

/// Entries that one step reads.
pub(super) const PAGE: i64 = 300;
/// The most missing entries that are named one by one where several in a row are missing.
const MOST_MISSING: i64 = 100;

/// How an entry was altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It is gone.
    Removed,
    /// It is not what was written, or not where it was written.
    Changed,
    /// Its details are not what was sealed.
    Unreadable,
    /// The end of the log that was signed is another one.
    Unsigned,
    /// A search does not find it, or finds something else.
    Unlisted,
    /// It is the last of those that are said to have been deleted under the retention rule, and that is not what was signed.
    Unanchored,
}

/// An entry that was altered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Altered {
    /// The company's short name.
    pub company: String,
    /// The number of the entry.
    pub seq: i64,
    /// How.
    pub why: Why,
}

/// How far a log was verified.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The number of the last entry that was verified.
    pub seq: i64,
    /// Its chain.
    pub chain: String,
}

/// A part of a log that was verified.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// How many entries there are in this part.
    pub entries: i64,
    /// Those that were altered, in order.
    pub altered: Vec<Altered>,
    /// Where the next part begins; `None` if this was the last one.
    pub next: Option<Place>,
}

/// Verifies a part of a company's log.
pub async fn step(app: &App, tenant: TenantId, company: &str, from: Place) -> store::Result<Verified> {
    let witnessed = app.in_memory().audit_witness.of(tenant);
    let mut tx = app.db().snapshot_of(tenant).await?;
    let stream = audit::stream_of(&mut tx, tenant).await?;
    let entries = db::journal::page(&mut tx, tenant, stream, View::Staff, from.seq, PAGE).await?;
    let listed = audit::index_after(&mut tx, tenant, from.seq, PAGE).await?;
    let (sealer, anchor) = (app.sealer(), audit_retention::anchor(&mut tx, tenant).await?);
    let mut log = Log { sealer: &sealer, tenant, stream, begins_after: 0, last: from, or: None, found: BTreeSet::new() };
    match anchor {
        Some(anchor) if is_anchor_signed(&sealer, tenant, &anchor) => log.begin_after(Place { seq: anchor.seq, chain: anchor.chain }),
        Some(anchor) if log.last.seq == 0 => drop(log.found.insert((anchor.seq, Why::Unanchored))),
        _ => {}
    }
    entries.iter().for_each(|entry| log.check(entry, &listed));
    let is_last = (entries.len() as i64) < PAGE;
    if is_last {
        let (head, signed) = (db::journal::head(&mut tx, tenant, stream.id).await?, audit::signed_head(&mut tx, tenant).await?);
        log.ends_at(head.seq, signed.as_ref());
        for end in signed.iter().map(|signed| (signed.seq, &signed.chain)).chain(witnessed.iter().map(|end| (end.seq, &end.chain))) {
            let stored = audit::chain_at(&mut tx, tenant, stream, end.0).await?;
            log.contains(end, stored.as_deref());
        }
    }
    let Log { found, last, .. } = log;
    let altered = found.into_iter().map(|(seq, why)| Altered { company: company.to_owned(), seq, why }).collect();
    Ok(Verified { entries: entries.len() as i64, altered, next: (!is_last).then_some(last) })
}

/// A log while it is verified, entry by entry.
struct Log<'a> {
    sealer: &'a Sealer,
    tenant: TenantId,
    stream: StreamName,
    /// The number of the last entry that was deleted under the retention rule.
    begins_after: i64,
    last: Place,
    /// What the next entry may be chained to instead, where it was the chain of the last one that was altered.
    or: Option<String>,
    found: BTreeSet<(i64, Why)>,
}

impl Log<'_> {
    /// What is before was deleted under the retention rule.
    fn begin_after(&mut self, anchor: Place) {
        self.begins_after = anchor.seq;
        if self.last.seq < anchor.seq {
            self.last = anchor;
        }
    }

    /// Checks the next entry.
    fn check(&mut self, stored: &StoredEntry, listed: &[Indexed]) {
        if stored.seq <= self.begins_after {
            self.found.insert((stored.seq, Why::Changed));
            return;
        }
        let (before, or, seq) = (std::mem::take(&mut self.last), self.or.take(), stored.seq);
        self.are_missing(before.seq + 1, seq - 1);
        let body = stored.body();
        let Some(Body::Audited(entry)) = &body else {
            self.found.insert((seq, Why::Changed));
            self.last = Place { seq, chain: String::new() };
            return;
        };
        let by = &stored.entry.actor;
        let linked_to = |before: &str| chain(self.sealer, before, self.tenant, seq, stored.at, by, entry);
        let expected = linked_to(&before.chain);
        // An entry after a gap, or after one that cannot be read, is chained to what nobody has any more.
        let is_alone = before.seq + 1 < seq || (before.seq > 0 && before.chain.is_empty());
        let is_linked = is_alone || entry.chain == expected || or.is_some_and(|or| entry.chain == linked_to(&or));
        self.or = (!is_linked).then_some(expected);
        if !is_linked || !self.is_as_written(stored, entry) {
            self.found.insert((seq, Why::Changed));
        }
        if details::open(self.sealer, self.tenant, entry).is_none() && !details::is_erased(self.sealer, self.tenant, entry) {
            self.found.insert((seq, Why::Unreadable));
        }
        if !listed.iter().any(|row| row.seq == seq && is_listed(row, stored, entry)) {
            self.found.insert((seq, Why::Unlisted));
        }
        self.last = Place { seq, chain: entry.chain.clone() };
    }

    /// Whether the row has nothing but what such an entry is written with.
    fn is_as_written(&self, stored: &StoredEntry, entry: &Audited) -> bool {
        let (words, _) = Body::Audited(entry.clone()).to_json_parts();
        let written = &stored.entry;
        stored.kind == EntryKind::Audited.as_str()
            && written.v == EntryKind::Audited.version()
            && matches!(&written.body, Words::Plain(stored) if *stored == words)
            && written.staff.is_none()
            && written.facts == Fact::Audited(fact::Nothing {}).to_json()
            && (written.client_id, written.send_hash, stored.pseq, stored.ord) == (None, 0, None, None)
            && written.stream == self.stream
    }

    /// Compares the end with the number in the stream's head, and with its signature.
    fn ends_at(&mut self, head: i64, signed: Option<&SignedHead>) {
        let last = self.last.seq;
        self.are_missing(last + 1, head);
        let is_right = signed.is_some_and(|head| head.seq == last && is_signed(self.sealer, self.tenant, head));
        if head < last || (!is_right && (last > 0 || signed.is_some())) {
            self.found.insert((last, Why::Unsigned));
        }
    }

    /// Compares the log with an end that it had once, where it now has an entry with the chain `stored`.
    fn contains(&mut self, (seq, chain): (i64, &String), stored: Option<&str>) {
        if seq > self.last.seq {
            self.are_missing(self.last.seq + 1, seq);
        } else if stored.is_some_and(|stored| stored != chain) {
            self.found.insert((seq, Why::Changed));
        }
    }

    fn are_missing(&mut self, first: i64, last: i64) {
        self.found.extend((first..=last).take(MOST_MISSING as usize).map(|seq| (seq, Why::Removed)));
    }
}

/// Whether a search finds an entry by what it is. What was written by earlier releases is found by what it made only.
fn is_listed(row: &Indexed, stored: &StoredEntry, entry: &Audited) -> bool {
    let Indexed { seq: _, at, actor_id, operation, object } = row;
    let is_object = object.as_deref() == entry.object() || (object.is_none() && entry.made.is_none());
    (*at, *actor_id, operation) == (stored.at.0, stored.entry.actor.id, &entry.operation) && is_object
}
