//! What a commit makes known, encoded for other nodes. A hint may be lost, duplicated or late: it only says earlier what the record says too.
//!
//! Write access to Redis must not allow anybody to put words into a customer's mouth, and read access must not reveal them: a hint is sealed under a key that
//! only the nodes have, for one generation and one company.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
};

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit,
    aead::{Aead, Payload},
};
use db::news::{Moved, is_change};
use domain::{
    effect::Effect,
    id::{AgentId, TenantId, VisitorId},
    journal::{Mark, StoredEntry},
    stream::{StreamKind, StreamName},
    time::Ts,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{
    hub::{Ringed, To},
    mailbox::LossyKey,
};

/// How many commits and frames may wait to be sent; more are dropped.
const WAITING: usize = 512;
/// A longer entry is not included: other nodes read it from the record.
const SMALL_BYTES: usize = 4 * 1024;
/// How many bytes of entries one hint includes; of further entries only the numbers are sent.
const HINT_BYTES: usize = 128 * 1024;

/// The bytes of a mark.
const MARK_BYTES: usize = 16;

/// Something that waits to be sent to other nodes.
pub enum Told {
    /// The effects of a commit.
    Committed(Vec<Effect>),
    /// A frame that may be lost.
    Lossy(TenantId, LossyFrame),
    /// A visitor now has a connection to this node (`true`), or no longer has one (`false`).
    Visitor(VisitorId, bool),
}

/// Accepts what other nodes may want to know, and never waits. Cheap to clone.
#[derive(Clone)]
pub struct Hints {
    queue: mpsc::Sender<Told>,
    up: Arc<AtomicBool>,
    dropped: Arc<AtomicU64>,
}

impl Hints {
    /// Hints are accepted while `up`; `dropped` counts the others.
    pub fn new(up: Arc<AtomicBool>, dropped: Arc<AtomicU64>) -> (Self, mpsc::Receiver<Told>) {
        let (queue, waiting) = mpsc::channel(WAITING);
        (Self { queue, up, dropped }, waiting)
    }
    /// Sends the effects of a commit.
    pub fn on_commit(&self, effects: &[Effect]) {
        if !effects.is_empty() {
            self.put(|| Told::Committed(effects.to_vec()));
        }
    }
    /// Forwards a lossy frame.
    pub fn lossy(&self, tenant: TenantId, stream: Uuid, key: LossyKey, frame: &Arc<str>, to: To) {
        self.put(|| Told::Lossy(tenant, LossyFrame { stream, key, frame: frame.to_string(), to }));
    }
    /// Reports that a visitor connected or disconnected.
    pub fn visitor(&self, visitor: VisitorId, is_here: bool) {
        self.put(|| Told::Visitor(visitor, is_here));
    }
    fn put(&self, told: impl FnOnce() -> Told) {
        if !self.up.load(Relaxed) || self.queue.try_send(told()).is_err() {
            self.dropped.fetch_add(1, Relaxed);
        }
    }
}

/// One message to the other nodes about one company.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Hint {
    /// Streams that moved.
    moved: HashMap<StreamName, MovedHint>,
    /// Short entries, encoded.
    entries: Vec<EntryHint>,
    /// Marks that rose.
    marks: Vec<(StreamName, [i64; 4])>,
    /// Agents whose state changed.
    agents: Vec<AgentId>,
    /// Frames that may be lost.
    lossy: Vec<LossyFrame>,
}

#[derive(Debug, Serialize, Deserialize)]
struct MovedHint {
    first: i64,
    seq: i64,
    pseq: i64,
    version: i64,
    said: bool,
    changed: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct EntryHint {
    stream: Uuid,
    seq: i64,
    pseq: Option<i64>,
    staff: String,
    public: Option<String>,
}

/// A frame for the followers of a stream; only its latest value counts.
#[derive(Debug, Serialize, Deserialize)]
pub struct LossyFrame {
    /// The id of the stream.
    pub stream: Uuid,
    /// Which earlier frame it replaces.
    pub key: LossyKey,
    /// The frame.
    pub frame: String,
    /// Which followers get it.
    pub to: To,
}

/// The parts of a hint, as the hub takes them.
pub struct Heard {
    /// Streams that moved.
    pub moved: Vec<Moved>,
    /// Entries for the rings of their streams.
    pub entries: Vec<(Uuid, Ringed)>,
    /// Changed marks and agents.
    pub effects: Vec<Effect>,
    /// Frames that may be lost.
    pub lossy: Vec<LossyFrame>,
}

impl Hint {
    /// Builds one hint for each company concerned.
    pub fn of(told: Vec<Told>) -> HashMap<TenantId, Self> {
        let mut hints: HashMap<TenantId, Self> = HashMap::new();
        let mut bytes = 0;
        for told in told {
            match told {
                Told::Visitor(..) => {}
                Told::Lossy(tenant, frame) => hints.entry(tenant).or_default().lossy.push(frame),
                Told::Committed(effects) => {
                    for effect in effects {
                        match effect {
                            Effect::Entry(entry) => hints.entry(entry.entry.tenant).or_default().entry(&entry, &mut bytes),
                            Effect::Conversation { now, was: _ } => {
                                if let Some(known) = hints.entry(now.tenant).or_default().moved.get_mut(&now.stream()) {
                                    known.version = known.version.max(now.version);
                                }
                            }
                            Effect::Marks { tenant, stream, customer, staff } => {
                                let marks = [customer.received, customer.read, staff.received, staff.read];
                                hints.entry(tenant).or_default().marks.push((stream, marks));
                            }
                            Effect::AgentChanged(tenant, agent) => hints.entry(tenant).or_default().agents.push(agent),
                        }
                    }
                }
            }
        }
        hints
    }

    fn entry(&mut self, entry: &StoredEntry, bytes: &mut usize) {
        // No client can follow an audit or an agent's work, on any node.
        if matches!(entry.entry.stream.kind, StreamKind::Audit | StreamKind::Work) {
            return;
        }
        let (stream, said) = (entry.entry.stream, entry.entry.changes_row());
        let changed = is_change(entry.entry.kind);
        let known = self.moved.entry(stream).or_insert(MovedHint { first: entry.seq, seq: entry.seq, pseq: 0, version: 0, said, changed });
        known.first = known.first.min(entry.seq);
        known.seq = known.seq.max(entry.seq);
        known.pseq = known.pseq.max(entry.pseq.unwrap_or(0));
        known.said |= said;
        known.changed |= changed;
        let Ringed { seq, pseq, staff, public } = Ringed::of(entry);
        if staff.len() <= SMALL_BYTES && *bytes < HINT_BYTES {
            *bytes += 2 * staff.len();
            self.entries.push(EntryHint { stream: stream.id, seq, pseq, staff: staff.to_string(), public: public.map(|text| text.to_string()) });
        }
    }

    /// Splits the hint into its parts.
    pub fn into_parts(self, tenant: TenantId) -> Heard {
        let Self { moved, entries, marks, agents, lossy } = self;
        let moved = moved.into_iter().map(|(stream, MovedHint { first, seq, pseq, version, said, changed })| Moved {
            tenant,
            stream,
            first,
            seq,
            pseq,
            version,
            said,
            changed,
        });
        let entries = entries
            .into_iter()
            .map(|EntryHint { stream, seq, pseq, staff, public }| (stream, Ringed { seq, pseq, staff: staff.into(), public: public.map(Into::into) }));
        let marks = marks.into_iter().map(|(stream, [a, b, c, d])| Effect::Marks {
            tenant,
            stream,
            customer: Mark { received: a, read: b },
            staff: Mark { received: c, read: d },
        });
        let agents = agents.into_iter().map(|agent| Effect::AgentChanged(tenant, agent));
        Heard { moved: moved.collect(), entries: entries.collect(), effects: marks.chain(agents).collect(), lossy }
    }
}

/// Seals hints so that only nodes of this installation can write and read them.
pub struct Seal {
    cipher: ChaCha20Poly1305,
    name: String,
    tries: Vec<u8>,
}

/// Some of the tries that a node counts under a key. It tells those that were made first apart from those made later, so that each cease to count in their time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// How many there are.
    pub count: usize,
    /// Until when the oldest of them counts.
    pub until: Ts,
}

impl Seal {
    /// Derives the keys from the installation's secret; `None` if no key can be derived.
    pub fn new(secret: &[u8]) -> Option<Self> {
        let derived = |purpose: &str| Sha256::new().chain_update(purpose).chain_update(secret).finalize();
        let name = derived("cluster name").iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let tries = derived("cluster tries").to_vec();
        Some(Self { cipher: ChaCha20Poly1305::new_from_slice(&derived("cluster hints")).ok()?, name, tries })
    }
    /// The name under which the tries of a key are counted. Without the secret it does not lead back to the key, which may be an address.
    pub fn name_of_tries(&self, key: &str) -> String {
        self.mark(&[b"name", key.as_bytes()])
    }
    /// What a node tells of the tries that it counts under such a name.
    pub fn write_tries(&self, name: &str, node: Uuid, tries: &[Tries]) -> String {
        let told = tries.iter().map(|Tries { count, until }| format!("{count}.{}", until.0)).collect::<Vec<_>>().join(",");
        format!("{told}.{}", self.mark(&[name.as_bytes(), node.as_bytes(), told.as_bytes()]))
    }
    /// What a node told; `None` if no node of this installation did, under this name.
    pub fn read_tries(&self, name: &str, node: Uuid, written: &str) -> Option<Vec<Tries>> {
        let (told, mark) = written.rsplit_once('.')?;
        let expected = self.mark(&[name.as_bytes(), node.as_bytes(), told.as_bytes()]);
        // Their digests are compared, so that the time it takes reveals nothing.
        let is_ours = Sha256::digest(mark) == Sha256::digest(&expected);
        let read = |told: &str| {
            let (count, until) = told.split_once('.')?;
            Some(Tries { count: count.parse().ok()?, until: Ts(until.parse().ok()?) })
        };
        if is_ours { told.split(',').map(read).collect() } else { None }
    }
    fn mark(&self, parts: &[&[u8]]) -> String {
        let parts: Vec<&[u8]> = parts.iter().flat_map(|part| [*part, &[0_u8]]).collect();
        seal::digest(&self.tries, &parts).iter().take(MARK_BYTES).map(|byte| format!("{byte:02x}")).collect()
    }
    /// The name of this installation on a Redis that others use too.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Seals a hint.
    pub fn close(&self, generation: Uuid, tenant: TenantId, hint: &Hint) -> Option<Vec<u8>> {
        let json = serde_json::to_vec(hint).ok()?;
        let mut sealed = [0_u8; 12].to_vec();
        getrandom::fill(&mut sealed).ok()?;
        let nonce: [u8; 12] = sealed[..].try_into().ok()?;
        let text = self.cipher.encrypt(&nonce.into(), Payload { msg: &json, aad: &aad(generation, tenant) }).ok()?;
        sealed.extend(text);
        Some(sealed)
    }
    /// Opens a hint; `None` if it was not sealed for this generation and company.
    pub fn open(&self, generation: Uuid, tenant: TenantId, sealed: &[u8]) -> Option<Hint> {
        let (nonce, text) = sealed.split_at_checked(12)?;
        let nonce: [u8; 12] = nonce.try_into().ok()?;
        let json = self.cipher.decrypt(&nonce.into(), Payload { msg: text, aad: &aad(generation, tenant) }).ok()?;
        serde_json::from_slice(&json).ok()
    }
}

fn aad(generation: Uuid, tenant: TenantId) -> Vec<u8> {
    [*generation.as_bytes(), *tenant.uuid().as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use domain::{
        entry::EntryKind,
        journal::{Actor, Side, Words, Written},
    };

    use super::*;

    fn entry(tenant: u128, stream: u128, seq: i64, text: &str) -> Effect {
        let tenant = TenantId::new(Uuid::from_u128(tenant));
        let entry = Written {
            stream: StreamName { kind: StreamKind::Conversation, id: Uuid::from_u128(stream) },
            tenant,
            kind: EntryKind::Message,
            v: 1,
            actor: Actor::system(),
            client_id: None,
            send_hash: 0,
            side: Some(Side::Customer),
            is_answer: false,
            body: Words::Plain(format!(r#"{{"text":"{text}"}}"#)),
            staff: None,
            facts: "{}".into(),
        };
        Effect::Entry(Arc::new(StoredEntry { entry, kind: "message".into(), seq, pseq: Some(seq), ord: Some(seq), at: Ts(0) }))
    }

    #[test]
    fn a_stream_is_told_once_and_long_words_are_left_in_the_record() {
        let long = "x".repeat(2 * SMALL_BYTES);
        let mut hints = Hint::of(vec![Told::Committed(vec![entry(1, 7, 4, "a"), entry(2, 8, 1, "b"), entry(1, 7, 5, &long)])]);
        assert_eq!(hints.len(), 2);
        let tenant = TenantId::new(Uuid::from_u128(1));
        let heard = hints.remove(&tenant).unwrap().into_parts(tenant);
        assert_eq!(heard.moved.iter().map(|m| (m.first, m.seq, m.said)).collect::<Vec<_>>(), [(4, 5, true)]);
        assert_eq!(heard.entries.iter().map(|(_, ringed)| ringed.seq).collect::<Vec<_>>(), [4]);
    }

    #[test]
    fn what_is_not_of_this_installation_generation_and_company_is_no_hint() {
        let (seal, other) = (Seal::new(b"secret").unwrap(), Seal::new(b"other").unwrap());
        let (one, two) = (TenantId::new(Uuid::from_u128(1)), TenantId::new(Uuid::from_u128(2)));
        let now = Uuid::from_u128(9);
        let sealed = seal.close(now, one, &Hint::default()).unwrap();
        assert!(seal.open(now, one, &sealed).is_some());
        assert!(seal.open(Uuid::nil(), one, &sealed).is_none() && seal.open(now, two, &sealed).is_none() && other.open(now, one, &sealed).is_none());
        assert!(seal.open(now, one, b"").is_none() && seal.open(now, one, &sealed[..20]).is_none());
    }

    #[test]
    fn tries_are_told_by_nodes_only_and_their_names_lead_nowhere() {
        let (seal, other) = (Seal::new(b"secret").unwrap(), Seal::new(b"other").unwrap());
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let name = seal.name_of_tries("sign-ins 203.0.113.7");
        let plain: String = Sha256::digest("sign-ins 203.0.113.7").iter().take(MARK_BYTES).map(|byte| format!("{byte:02x}")).collect();
        assert!(name == seal.name_of_tries("sign-ins 203.0.113.7") && name != plain && name != other.name_of_tries("sign-ins 203.0.113.7"));
        let tries = vec![Tries { count: 3, until: Ts(900_000) }];
        let written = seal.write_tries(&name, one, &tries);
        assert_eq!(seal.read_tries(&name, one, &written).as_ref(), Some(&tries));
        let more = vec![Tries { count: 1, until: Ts(900_000) }, Tries { count: 2, until: Ts(950_000) }];
        assert_eq!(seal.read_tries(&name, one, &seal.write_tries(&name, one, &more)), Some(more));
        assert_eq!(
            [seal.read_tries("other", one, &written), seal.read_tries(&name, two, &written), other.read_tries(&name, one, &written)],
            [None, None, None]
        );
        let mark = written.rsplit_once('.').unwrap().1;
        for forged in
            ["", "3", "3.900000", "3.900000.", "999.900000.00", &format!("999.900000.{mark}"), &format!("3.999999.{mark}"), &format!("39.00000.{mark}")]
        {
            assert_eq!(seal.read_tries(&name, one, forged), None, "{forged}");
        }
    }

    #[test]
    fn while_nobody_carries_them_hints_are_dropped_and_counted() {
        let (up, dropped) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (hints, mut waiting) = Hints::new(up.clone(), dropped.clone());
        hints.on_commit(&[entry(1, 7, 1, "a")]);
        up.store(true, Relaxed);
        for seq in 2..WAITING as i64 + 4 {
            hints.on_commit(&[entry(1, 7, seq, "a")]);
        }
        assert_eq!(dropped.load(Relaxed), 3);
        assert!(waiting.try_recv().is_ok());
    }
}
