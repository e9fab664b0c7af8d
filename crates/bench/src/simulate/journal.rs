//! A model of the record: conversations with their heads, entries in the order of their numbers, transactions that hold locks and may be lost.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    conversation::{Conversation, Event, Transition},
    entry::{Audience, EntryKind},
    journal::{Actor, ActorKind, Head, NewEntry, View},
    refusal::Code,
    time::Ts,
};
use uuid::Uuid;

use super::Variant;

/// A stored entry, as far as the simulation needs it.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Distinguishes entries, whatever their numbers.
    pub print: u64,
    /// Its number among all entries.
    pub seq: i64,
    /// Its number among public entries; `None` if it is not public.
    pub pseq: Option<i64>,
    /// The kind of entry.
    pub kind: EntryKind,
    /// The kind of actor who caused it.
    pub by: ActorKind,
    /// The sender's own id.
    pub client_id: Option<Uuid>,
    /// The transaction that wrote it.
    pub xid: u64,
    /// Its position in the order of writing, which is not the order of the commits.
    pub pos: u64,
}

impl Row {
    /// The entry's number for a reader.
    pub const fn of(&self, view: View) -> Option<i64> {
        match view {
            View::Staff => Some(self.seq),
            View::Customer => self.pseq,
        }
    }
    /// Whether customers must not see it.
    pub fn is_staff(&self) -> bool {
        self.kind.audience() == Audience::Staff
    }
}

/// A conversation and its stream.
#[derive(Debug, Clone)]
pub struct Stream {
    /// The head row.
    pub head: Head,
    /// The conversation's row.
    pub conversation: Conversation,
    /// The entries.
    pub rows: Vec<Row>,
    /// Sends that were refused, and why.
    pub refused: BTreeMap<Uuid, Code>,
}

/// A transaction: what it saw of the streams that it locked, and what it did with them.
#[derive(Debug)]
pub struct Tx {
    xid: u64,
    staged: BTreeMap<usize, Stream>,
    /// The entries that it wrote, by conversation.
    pub wrote: Vec<(usize, Row)>,
    /// The conversations that it changed or looked at.
    pub seen: BTreeSet<usize>,
    /// The numbers of what the bot said too late.
    pub late: Vec<i64>,
    /// Planted: the heads to number from instead of the head rows.
    pub memory: Option<HashMap<usize, Head>>,
}

/// The record.
#[derive(Debug, Default)]
pub struct Journal {
    /// The streams.
    pub streams: Vec<Stream>,
    locked: BTreeSet<usize>,
    running: BTreeSet<u64>,
    xids: u64,
    positions: u64,
    prints: u64,
}

impl Journal {
    /// Begins a transaction that locks these conversations; `None` while another transaction holds one of them.
    pub fn begin(&mut self, conversations: BTreeSet<usize>) -> Option<Tx> {
        if conversations.iter().any(|c| self.locked.contains(c)) {
            return None;
        }
        self.xids += 1;
        self.running.insert(self.xids);
        // Rows stay where they are: a transaction only adds.
        let staged = conversations.iter().map(|c| (*c, self.streams[*c].shallow())).collect();
        self.locked.extend(&conversations);
        Some(Tx { xid: self.xids, staged, wrote: Vec::new(), seen: BTreeSet::new(), late: Vec::new(), memory: None })
    }

    /// Ends a transaction; nobody has seen anything of it before, and if it is not kept nobody ever will.
    pub fn end(&mut self, tx: Tx, kept: bool) {
        self.running.remove(&tx.xid);
        for (c, staged) in tx.staged {
            self.locked.remove(&c);
            if kept {
                let stream = &mut self.streams[c];
                (stream.head, stream.conversation) = (staged.head, staged.conversation);
                stream.rows.extend(staged.rows);
                stream.refused.extend(staged.refused);
            }
        }
    }

    /// The conversation as the transaction sees it.
    pub fn conversation<'a>(&self, tx: &'a Tx, c: usize) -> &'a Conversation {
        &tx.staged[&c].conversation
    }

    /// The row that a send got before, if it did.
    pub fn earlier_row(&self, tx: &Tx, c: usize, client_id: Uuid) -> Option<Row> {
        self.streams[c].rows.iter().chain(&tx.staged[&c].rows).rev().find(|row| row.client_id == Some(client_id)).copied()
    }

    /// Why an earlier copy of a send was refused, if it was.
    pub fn refusal(&self, tx: &Tx, c: usize, client_id: Uuid) -> Option<Code> {
        self.streams[c].refused.get(&client_id).or_else(|| tx.staged[&c].refused.get(&client_id)).copied()
    }

    /// Remembers that a send was refused.
    pub fn refuse(tx: &mut Tx, c: usize, client_id: Uuid, why: Code) {
        if let Some(staged) = tx.staged.get_mut(&c) {
            staged.refused.insert(client_id, why);
        }
    }

    /// Numbers an entry from the head row and writes it.
    pub fn append(&mut self, tx: &mut Tx, c: usize, entry: &NewEntry, now: Ts) -> Row {
        (self.prints, self.positions) = (self.prints + 1, self.positions + 1);
        let staged = tx.staged.entry(c).or_insert_with(|| self.streams[c].shallow());
        if let Some(memory) = &tx.memory {
            staged.head = memory.get(&c).copied().unwrap_or(staged.head);
        }
        let (seq, pseq, _, _) = staged.head.count(entry.kind(), entry.side, now);
        if let Some(memory) = &mut tx.memory {
            memory.insert(c, staged.head);
        }
        let row = Row { print: self.prints, seq, pseq, kind: entry.kind(), by: entry.actor.kind, client_id: entry.client_id, xid: tx.xid, pos: self.positions };
        staged.rows.push(row);
        tx.wrote.push((c, row));
        tx.seen.insert(c);
        row
    }

    /// Decides an event and writes the resulting entries; the sender's own entry carries the sender's id.
    pub fn apply(&mut self, tx: &mut Tx, c: usize, event: Event, actor: &Actor, own: Option<Uuid>, now: Ts) -> Result<Row, Code> {
        tx.seen.insert(c);
        let Transition { next, mut entries, own: index, consequences: _ } =
            self.conversation(tx, c).apply(event, actor, now).map_err(|refusal| refusal.code)?;
        entries[index].client_id = own;
        let rows: Vec<Row> = entries.iter().map(|entry| self.append(tx, c, entry, now)).collect();
        if let Some(staged) = tx.staged.get_mut(&c) {
            staged.conversation = next;
        }
        Ok(rows[index])
    }

    /// The last number that a reader can see.
    pub fn head(&self, c: usize, view: View) -> i64 {
        self.streams[c].head.of(view)
    }

    /// The entries after a number, in a reader's numbering.
    pub fn page(&self, c: usize, view: View, after: i64, most: usize) -> Vec<Row> {
        self.streams[c].rows.iter().filter(|row| row.of(view).is_some_and(|n| n > after)).take(most).copied().collect()
    }

    /// What was written since the last sweep, and where the next one begins: nothing that is still uncommitted may be passed over.
    pub fn sweep(&self, from: u64, variant: Option<Variant>) -> (BTreeSet<usize>, u64) {
        let by_position = variant == Some(Variant::SweepSkipsLateCommits);
        let at = |row: &Row| if by_position { row.pos } else { row.xid };
        let mut found = BTreeSet::new();
        let mut last = from;
        for (c, stream) in self.streams.iter().enumerate() {
            for row in stream.rows.iter().rev().take_while(|row| at(row) >= from) {
                found.insert(c);
                last = last.max(at(row) + 1);
            }
        }
        let oldest = self.running.first().copied().unwrap_or(self.xids + 1);
        (found, if by_position { last } else { oldest })
    }
}

impl Stream {
    /// The stream without its rows and refusals.
    fn shallow(&self) -> Self {
        Self { head: self.head, conversation: self.conversation.clone(), rows: Vec::new(), refused: BTreeMap::new() }
    }
}
