//! One connection over any transport: it takes frames in and gives lines out. The transports only move bytes.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use db::{journal, writer::Fence};
use domain::{
    id::ConversationId,
    journal::{Appended, Mark, Side, View},
    policy::{OverConversations, Permission},
    refusal::{Code, Refusal},
    response_time::ResponseTime,
    stream::{StreamKind, StreamName},
};
use machines::{
    delivery::{Delivery, Followed, Input, Output},
    ingress::{SendOrder, TokenBucket},
};
use service::act::{self, Act, Subject};
use tokio::time::Instant;
use uuid::Uuid;
use wire::{
    encode::{self, Reset},
    frames::{ClientFrame, Hello, ListName, MAX_PAGE, MAX_STREAMS, MAX_STREAMS_OF_VISITOR, Marks, Send, ServerFrame, VERSION},
    lines::{Lines, WRITE_BYTES, push},
};

use crate::{
    access,
    hub::To,
    lists::{self, Shown},
    mailbox::{Answer, LossyKey, Mail, Mailbox, Principal},
    marks::MarkBuffer,
    node::Node,
    older,
    response_times::ms_since,
    submit, view,
};

/// How many sends of a connection may be on their way to the disk.
const MAX_IN_FLIGHT: usize = 64;
/// How many entries are read for one page.
const PAGE_ENTRIES: i64 = 200;
/// For how many conversations of one connection the order of sends is kept at the same time.
const MAX_CONVERSATIONS: usize = 64;
/// Frames that store nothing (hello, get, mark, typing, ping), per second and at once; a connection that sends more is cut off.
const ASKS_PER_SECOND: f64 = 50.0;
const ASKS_BURST: f64 = 200.0;
/// How many streams of a hello count as one such frame: each is looked up.
const STREAMS_PER_ASK: usize = 10;
/// How many entries a reset contains.
const RESET_ENTRIES: i64 = 50;
/// How long the record may take for one answer.
const READ_WITHIN: Duration = Duration::from_secs(8);
/// The mean time between beats, in milliseconds.
pub const BEAT_MS: i64 = 25_000;
/// The current position of a stream.
struct Found {
    /// The stream's last number in the reader's view.
    head: i64,
    /// How far the customer has got.
    customer: Mark,
    /// How far the furthest member of the staff has got.
    staff: Mark,
}

/// Why a connection ends: the code of a last `no`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Close(pub Code);

/// One connection.
pub struct Session {
    node: Node,
    mailbox: Arc<Mailbox>,
    delivery: Delivery,
    bucket: TokenBucket,
    asks: TokenBucket,
    order: SendOrder,
    in_flight: usize,
    fences: Vec<(Uuid, Arc<Fence>)>,
    beaten: Vec<(StreamName, i64)>,
    opened: Vec<StreamName>,
    asked: VecDeque<(StreamName, i64, i64)>,
    /// When the sends were received whose acknowledgements wait to be written.
    acknowledged: Vec<Instant>,
    /// The conversations in the lists that were sent.
    shown: Shown,
}

impl Drop for Session {
    fn drop(&mut self) {
        for followed in self.delivery.streams() {
            self.node.hub().leave(followed.stream.id, &self.mailbox);
        }
        self.node.hub().disconnect(&self.mailbox);
    }
}

impl Session {
    /// A connection of somebody whose identity has been proved.
    pub fn new(node: Node, principal: Principal) -> Self {
        let mailbox = Mailbox::new(principal);
        mailbox.note_activity(node.env().now());
        node.hub().connect(&mailbox);
        let settings = node.settings();
        let bucket = TokenBucket::new(settings.sends_per_second, settings.sends_burst, node.env().now());
        let asks = TokenBucket::new(ASKS_PER_SECOND, ASKS_BURST, node.env().now());
        Self {
            node,
            mailbox,
            delivery: Delivery::default(),
            bucket,
            asks,
            order: SendOrder::default(),
            in_flight: 0,
            fences: Vec::new(),
            beaten: Vec::new(),
            opened: Vec::new(),
            asked: VecDeque::new(),
            acknowledged: Vec::new(),
            shown: Shown::default(),
        }
    }

    /// The mailbox through which the connection is notified.
    pub fn mailbox(&self) -> Arc<Mailbox> {
        self.mailbox.clone()
    }

    /// The cursors of all followed streams, as opaque text.
    pub fn cursors(&self) -> String {
        let cursors: BTreeMap<String, i64> = self.delivery.streams().iter().filter_map(|f| f.sent.map(|sent| (f.stream.to_string(), sent))).collect();
        serde_json::to_string(&cursors).unwrap_or_default()
    }

    /// Follows the streams that a hello asks for, and answers with a welcome.
    pub async fn hello(&mut self, hello: Hello, out: &mut Lines) -> Result<(), Close> {
        self.mailbox.note_activity(self.node.env().now());
        check_version(&hello)?;
        let most = if matches!(self.mailbox.principal(), Principal::Visitor { .. }) { MAX_STREAMS_OF_VISITOR } else { MAX_STREAMS };
        if hello.cursors.len() > most {
            return Err(Close(Code::TooManyStreams));
        }
        self.asks.take_some(asks_of(&hello) - 1, self.node.env().now()).map_err(|_| Close(Code::TooFast))?;
        // Cursors of a different history, or without one, mean nothing; only zero, the start, is valid in any history.
        let same_history = hello.generation == Some(self.node.cluster().generation());
        let wanted: Vec<StreamName> = hello.cursors.keys().filter_map(|name| name.parse().ok()).collect();
        for old in self.delivery.streams().iter().map(|f| f.stream).collect::<Vec<_>>() {
            if !wanted.contains(&old) {
                self.leave(old);
            }
        }
        let (mut heads, mut marks) = (BTreeMap::new(), BTreeMap::new());
        for (name, cursor) in &hello.cursors {
            let Ok(stream) = name.parse::<StreamName>() else {
                encode::no_stream(out, name);
                continue;
            };
            let cursor = cursor.filter(|c| *c >= 0 && (same_history || *c == 0));
            match self.follow(stream, cursor).await {
                Ok(Some(found)) => {
                    heads.insert(name.clone(), found.head);
                    if stream.kind == StreamKind::Conversation {
                        marks.insert(name.clone(), Marks { customer: found.customer.into(), staff: found.staff.into() });
                    }
                }
                Ok(None) => push(out, &ServerFrame::Gone { stream, code: Code::NoAccess }),
                Err(error) => {
                    tracing::warn!(error = %error, "a hello could not be answered");
                    return Err(Close(Code::Busy));
                }
            }
        }
        if matches!(self.mailbox.principal(), Principal::Staff(..)) {
            self.node.hub().console_came();
        }
        let generation = self.node.cluster().generation();
        push(out, &ServerFrame::Welcome { generation, heads, marks, now: self.node.env().now(), beat_ms: BEAT_MS });
        self.lists(&hello, out).await.map_err(|error| busy(&error))
    }

    /// Notes a frame that stores nothing: its sender is there, and may send such frames only so often.
    pub fn note_frame(&mut self) -> Result<(), Close> {
        let now = self.node.env().now();
        self.mailbox.note_activity(now);
        self.asks.take(now).map_err(|_| Close(Code::TooFast))
    }

    /// Handles one frame.
    pub async fn frame(&mut self, frame: ClientFrame, out: &mut Lines) -> Result<(), Close> {
        match &frame {
            ClientFrame::Send(_) => self.mailbox.note_activity(self.node.env().now()),
            _ => self.note_frame()?,
        }
        match frame {
            ClientFrame::Hello(hello) => return self.hello(hello, out).await,
            ClientFrame::Send(send) => return self.send(send),
            ClientFrame::Get { stream, from, to } => self.get(stream, from, to, out),
            ClientFrame::Mark { stream, received, read } => self.mark(stream, Mark { received, read }),
            ClientFrame::Typing { conversation, on } => self.typing(conversation, on),
            ClientFrame::Ping {} => {
                let heads = self.changed_heads();
                push(out, &ServerFrame::Pong { heads });
            }
        }
        Ok(())
    }

    /// The regular beat, which is also a `pong`.
    pub fn beat(&mut self, out: &mut Lines) {
        let heads = self.changed_heads();
        push(out, &ServerFrame::Pong { heads });
    }

    /// Writes what the client has to be sent, up to about one write; more may be left. If the record does not answer, the connection ends and the client
    /// reconnects.
    pub async fn drain(&mut self, out: &mut Lines) -> Result<(), Close> {
        tokio::time::timeout(READ_WITHIN, self.give(out)).await.unwrap_or(Err(Close(Code::Busy)))
    }

    async fn give(&mut self, out: &mut Lines) -> Result<(), Close> {
        let mail = self.mailbox.take();
        if let Some(code) = mail.closed {
            return Err(Close(code));
        }
        self.tell(mail, out).await.map_err(|error| busy(&error))?;
        for stream in std::mem::take(&mut self.opened) {
            // What this connection has just begun is followed from its first entry.
            if self.follow(stream, Some(0)).await.is_err() {
                return Err(Close(Code::Busy));
            }
        }
        while out.len() < WRITE_BYTES && !self.asked.is_empty() {
            if self.piece(out).await.is_err() {
                return Err(Close(Code::Busy));
            }
        }
        while out.len() < WRITE_BYTES {
            let Some(next) = self.delivery.next_output() else { break };
            let done = match next {
                Output::Page { stream, view, after } => self.page(stream, view, after, out).await,
                Output::Reset { stream, view } => self.reset(stream, view, out).await,
            };
            if let Err(error) = done {
                tracing::warn!(error = %error, "a page could not be read");
                return Err(Close(Code::Busy));
            }
        }
        Ok(())
    }

    /// Notes that everything in the lines so far was written to the connection: how long the sends acknowledged in it took.
    pub fn on_written(&mut self) {
        let (tenant, now) = (self.tenant(), self.node.env().now());
        for received in self.acknowledged.drain(..) {
            self.node.response_times().note(Some(tenant), ResponseTime::ServerSendToAck, ms_since(received), now);
        }
    }

    /// Whether [`Self::drain`] left something.
    pub fn has_more(&mut self) -> bool {
        self.delivery.is_pending() || !self.asked.is_empty()
    }

    fn tenant(&self) -> domain::id::TenantId {
        self.mailbox.principal().tenant()
    }

    async fn tell(&mut self, mail: Mail, out: &mut Lines) -> store::Result<()> {
        for answer in mail.answers {
            self.in_flight = self.in_flight.saturating_sub(1);
            self.answer(answer, out);
        }
        for (stream, head) in mail.raised {
            self.delivery.step(Input::Raised(stream, head));
        }
        for stream in mail.gone {
            self.leave(stream);
            push(out, &ServerFrame::Gone { stream, code: Code::NoAccess });
        }
        for (_, frame) in mail.lossy {
            out.push_str(&frame);
            out.push('\n');
        }
        let mailbox = self.mailbox.clone();
        let Principal::Staff(staff, _) = mailbox.principal() else { return Ok(()) };
        lists::tell(&self.node, staff, &mut self.shown, (mail.rows, mail.colleagues), out).await
    }

    fn answer(&mut self, answer: Answer, out: &mut Lines) {
        let Answer { stream, client_id, outcome, received } = answer;
        if outcome.is_some() {
            self.order.settle(stream.id, client_id);
        }
        match outcome {
            Some(Ok(Appended { seq, pseq, at })) => {
                let seq = if self.mailbox.principal().view() == View::Customer { pseq.unwrap_or(seq) } else { seq };
                push(out, &ServerFrame::Ok { client_id, seq, at });
                self.acknowledged.push(received);
                if !self.delivery.streams().iter().any(|f| f.stream == stream) && matches!(self.mailbox.principal(), Principal::Visitor { .. }) {
                    self.opened.push(stream);
                }
            }
            Some(Err(refusal)) => push(out, &ServerFrame::refused(client_id, refusal)),
            None => {
                self.order.put_back(stream.id, client_id);
                push(out, &ServerFrame::Busy { client_id, retry_ms: 500 });
            }
        }
    }

    async fn follow(&mut self, stream: StreamName, cursor: Option<i64>) -> db::Result<Option<Found>> {
        let view = self.mailbox.principal().view();
        // Subscribe first, then check and read: whatever comes in between, an entry or the loss of the permission, is noticed by one or the other.
        self.node.hub().follow(stream.id, &self.mailbox);
        let held = self.delivery.streams().iter().any(|f| f.stream == stream);
        if !held {
            self.delivery.step(Input::Follow(Followed { stream, view, sent: Some(0), head: 0 }));
        }
        let looked = self.look(stream).await;
        let Ok(Some(found)) = looked else {
            self.leave(stream);
            return looked;
        };
        if !held {
            self.delivery.step(Input::Leave(stream));
        }
        self.delivery.step(Input::Follow(Followed { stream, view, sent: cursor, head: found.head }));
        Ok(Some(found))
    }

    /// The current position of a stream; `None` if it may not be read.
    async fn look(&self, stream: StreamName) -> db::Result<Option<Found>> {
        let mut tx = self.node.db().read_of(self.tenant()).await?;
        if !access::may_follow(&mut tx, &self.node, self.mailbox.principal(), stream).await? {
            return Ok(None);
        }
        let (head, (customer, staff)) = journal::head_and_marks(&mut tx, self.tenant(), stream.id).await?;
        Ok(Some(Found { head: head.of(self.mailbox.principal().view()), customer, staff }))
    }

    fn leave(&mut self, stream: StreamName) {
        self.delivery.step(Input::Leave(stream));
        self.node.hub().leave(stream.id, &self.mailbox);
    }

    async fn page(&mut self, stream: StreamName, view: View, after: i64, out: &mut Lines) -> db::Result<()> {
        let reader = self.mailbox.principal().reader();
        let mut last = after;
        let mut lines: Vec<Arc<str>> = Vec::new();
        if let Some(recent) = self.node.hub().recent(self.tenant(), stream.id, reader, after) {
            let mut bytes = 0;
            for (number, text) in recent {
                last = number;
                bytes += text.len();
                lines.push(text);
                if bytes > WRITE_BYTES {
                    break;
                }
            }
        }
        if lines.is_empty() {
            let mut tx = self.node.db().read_of(self.tenant()).await?;
            for stored in journal::page(&mut tx, self.tenant(), stream, view, after, PAGE_ENTRIES).await? {
                if let Some(text) = encode::entry(&stored, reader) {
                    last = if view == View::Customer { stored.pseq.unwrap_or(stored.seq) } else { stored.seq };
                    lines.push(text.into());
                }
                if lines.iter().map(|l| l.len()).sum::<usize>() > WRITE_BYTES {
                    break;
                }
            }
        }
        if lines.is_empty() {
            // There is a head but no entries after the cursor: the store lost what it had numbered.
            tracing::error!(stream = %stream, after, "entries are missing");
            self.leave(stream);
            push(out, &ServerFrame::Gone { stream, code: Code::Lost });
            return Ok(());
        }
        encode::entries(out, stream, &lines);
        self.delivery.step(Input::Sent(stream, last));
        Ok(())
    }

    async fn reset(&mut self, stream: StreamName, view: View, out: &mut Lines) -> db::Result<()> {
        let tenant = self.tenant();
        let mut tx = self.node.db().snapshot_of(tenant).await?;
        let (head, (customer, staff)) = journal::head_and_marks(&mut tx, tenant, stream.id).await?;
        let head = head.of(view);
        let entries = journal::page(&mut tx, tenant, stream, view, (head - RESET_ENTRIES).max(0), RESET_ENTRIES).await?;
        let (mut state, mut marks) = (None, None);
        if stream.kind == StreamKind::Conversation {
            marks = Some(Marks { customer: customer.into(), staff: staff.into() });
            if let Ok(Some(c)) = store::conversations::find(&mut tx, tenant, ConversationId::new(stream.id)).await {
                state = view::state(&mut tx, &c).await.ok();
            }
        }
        // The newest entries that fit into a few writes, at least one; a client asks for older ones.
        let (reader, mut lines, mut bytes) = (self.mailbox.principal().reader(), Vec::new(), 0);
        for line in entries.iter().rev().filter_map(|stored| encode::entry(stored, reader)) {
            bytes += line.len();
            if bytes > 4 * WRITE_BYTES && !lines.is_empty() {
                break;
            }
            lines.push(line);
        }
        lines.reverse();
        let generation = self.node.cluster().generation();
        encode::reset(out, stream, &Reset { generation, seq: head, state, marks }, &lines);
        // The snapshot is the new position; a head that was pushed in the meantime is kept.
        let known = self.delivery.streams().iter().find(|f| f.stream == stream).map_or(head, |f| f.head);
        self.delivery.step(Input::Leave(stream));
        self.delivery.step(Input::Follow(Followed { stream, view, sent: Some(head), head: if known - head > MAX_PAGE { head } else { known.max(head) } }));
        Ok(())
    }

    /// Notes the request; [`Self::drain`] answers it piece by piece.
    fn get(&mut self, stream: StreamName, from: i64, to: i64, out: &mut Lines) {
        if !self.delivery.streams().iter().any(|f| f.stream == stream) {
            push(out, &ServerFrame::Gone { stream, code: Code::NotFollowed });
            return;
        }
        match older::range(from, to) {
            Some((from, to)) => self.asked.push_back((stream, from, to)),
            None => push(out, &ServerFrame::unread(stream, Code::BadRange)),
        }
    }

    /// Writes the next piece of the oldest request.
    async fn piece(&mut self, out: &mut Lines) -> db::Result<()> {
        let Some((stream, from, to)) = self.asked.pop_front() else { return Ok(()) };
        let last = older::piece(&self.node, self.mailbox.principal(), stream, (from, to), out).await?;
        if last < to {
            self.asked.push_front((stream, last + 1, to));
        }
        Ok(())
    }

    fn send(&mut self, send: Send) -> Result<(), Close> {
        let known = self.node.hub().head(self.tenant(), send.conversation);
        let quota = submit::check_quota(&self.node, &send.body, self.mailbox.principal());
        self.submit(known.as_deref(), submit::act_of(&self.node, send, self.mailbox.principal()), quota)
    }

    /// Passes an act on any subject to the writer, in the order of this connection's acts on it; the answer comes through the mailbox.
    fn submit<S: Subject>(&mut self, known: Option<&S>, act: Act<S>, quota: Result<(), Code>) -> Result<(), Close> {
        let (stream, client_id) = (act.stream(), act.client_id);
        let (mailbox, received) = (self.mailbox.clone(), Instant::now());
        let told = move |outcome| mailbox.put(|mail| mail.answers.push(Answer { stream, client_id, outcome, received }));
        self.in_flight += 1;
        if let Err(code) = quota.and_then(|()| submit::check(&act, self.mailbox.principal())) {
            told(Some(Err(Refusal::new(code))));
            return self.count_refusal();
        }
        let fence = self.fence(stream.id);
        let value = fence.value();
        let is_taken = self.order.arrive(stream.id, client_id, value)
            && self.in_flight <= MAX_IN_FLIGHT
            && self.bucket.take(self.node.env().now()).is_ok()
            && self.node.limits().take(self.mailbox.principal(), self.node.env().now()).is_ok();
        if !is_taken {
            self.order.put_back(stream.id, client_id);
            told(None);
            return self.count_refusal();
        }
        self.order.hand_over(stream.id, client_id, value);
        act::submit(self.node.db(), known, act, Some((fence, value)), told);
        Ok(())
    }

    /// Counts a send that was not accepted. A connection that keeps sending more of them than a client that waits would is cut off.
    fn count_refusal(&mut self) -> Result<(), Close> {
        let flood = self.order.waiting() > MAX_CONVERSATIONS || self.asks.take(self.node.env().now()).is_err();
        if flood { Err(Close(Code::TooFast)) } else { Ok(()) }
    }

    /// Handles a frame that needs no following: a mark or typing of a client without a socket, who may see the conversation.
    pub async fn aside(&mut self, frame: ClientFrame) {
        let stream = match &frame {
            ClientFrame::Mark { stream, .. } => *stream,
            ClientFrame::Typing { conversation, .. } => StreamName { kind: StreamKind::Conversation, id: conversation.uuid() },
            _ => return,
        };
        if matches!(self.follow(stream, Some(0)).await, Ok(Some(_))) {
            let _ = self.frame(frame, &mut Lines::new()).await;
        }
    }

    /// The fence of a conversation, which is created if necessary.
    fn fence(&mut self, conversation: Uuid) -> Arc<Fence> {
        if let Some((_, fence)) = self.fences.iter().find(|(of, _)| *of == conversation) {
            return fence.clone();
        }
        if self.fences.len() > MAX_CONVERSATIONS {
            // Drop those that nothing waits for any more.
            self.fences.retain(|(of, fence)| Arc::strong_count(fence) > 1 || self.order.remembers(*of));
        }
        let fence = Arc::new(Fence::default());
        self.fences.push((conversation, fence.clone()));
        fence
    }

    fn mark(&self, stream: StreamName, mark: Mark) {
        let follows = self.delivery.streams().iter().any(|f| f.stream == stream);
        if !follows || stream.kind != StreamKind::Conversation || self.mailbox.principal().only_reads() {
            return;
        }
        let (side, member) = match self.mailbox.principal() {
            Principal::Visitor { visitor, .. } => (Side::Customer, visitor.uuid()),
            Principal::Staff(staff, _) => {
                // Only the agent who serves it has read it; a manager who looks in has not.
                if self.node.hub().head(self.tenant(), ConversationId::new(stream.id)).is_none_or(|c| c.agent != Some(staff.agent)) {
                    return;
                }
                (Side::Staff, staff.agent.uuid())
            }
        };
        self.node.marks().raise(MarkBuffer::key(self.tenant(), stream, side, member), mark);
    }

    fn typing(&self, conversation: ConversationId, on: bool) {
        if !self.delivery.streams().iter().any(|f| f.stream.id == conversation.uuid()) || self.mailbox.principal().only_reads() {
            return;
        }
        let (by, name, to_staff) = match self.mailbox.principal() {
            Principal::Visitor { .. } => ("customer", None, true),
            Principal::Staff(staff, _) => {
                // Only the agent who serves it is shown as typing.
                if self.node.hub().head(self.tenant(), conversation).is_none_or(|c| c.agent != Some(staff.agent)) {
                    return;
                }
                ("agent", Some(staff.name.clone()), false)
            }
        };
        let frame = ServerFrame::Typing { conversation, by: by.into(), name, on };
        let Ok(json) = serde_json::to_string(&frame) else { return };
        let key = LossyKey::Typing(conversation.uuid());
        self.node.hub().lossy(self.tenant(), conversation.uuid(), key, &json.into(), if to_staff { To::Staff } else { To::Customer });
    }

    async fn lists(&mut self, hello: &Hello, out: &mut Lines) -> store::Result<()> {
        let Principal::Staff(staff, _) = self.mailbox.principal().clone() else { return Ok(()) };
        // The lists are for those who serve conversations.
        let wants = |list| hello.lists.contains(&list) && staff.grants.holds(OverConversations::Desk);
        let (wants_mine, wants_queue) = (wants(ListName::Mine), wants(ListName::Queue));
        let panel = hello.panel && staff.may(Permission::Panel);
        self.mailbox.want(wants_mine, wants_queue, panel);
        if panel {
            self.node.wake_panel();
        }
        self.shown.clear();
        if wants_mine || wants_queue {
            self.shown = lists::whole(&self.node, &staff, wants_mine, wants_queue, out).await?;
        }
        Ok(())
    }

    fn changed_heads(&mut self) -> BTreeMap<String, i64> {
        let heads: Vec<(StreamName, i64)> = self.delivery.streams().iter().map(|f| (f.stream, f.head)).collect();
        let changed = heads.iter().filter(|now| !self.beaten.contains(now)).map(|(stream, head)| (stream.to_string(), *head)).collect();
        self.beaten = heads;
        changed
    }
}

/// How many frames a hello counts as, since it looks up its streams.
pub fn asks_of(hello: &Hello) -> u32 {
    1 + u32::try_from(hello.cursors.len().min(MAX_STREAMS) / STREAMS_PER_ASK).unwrap_or(u32::MAX)
}

/// Refuses a version that is not supported here; called before anything else is looked at.
pub const fn check_version(hello: &Hello) -> Result<(), Close> {
    if hello.version == VERSION { Ok(()) } else { Err(Close(Code::UpgradeRequired)) }
}

/// The record could not be read: the client reconnects and is then sent everything.
fn busy(error: &store::Error) -> Close {
    tracing::warn!(error = %error, "a connection could not be told what changed");
    Close(Code::Busy)
}

/// The last line of a connection that ends.
pub fn last_words(close: Close) -> String {
    let mut out = String::new();
    push(&mut out, &ServerFrame::ends(close.0));
    out
}
