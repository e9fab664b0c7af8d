//! Chat: people talk while nodes die, links break and disks fill; in the end everybody has everything, once and in order.

use std::collections::BTreeMap;

use domain::{
    conversation::{Channel, Conversation, Opening},
    entry::{Body, Fact, body, fact},
    id::{ConversationId, SiteId, TenantId, VisitorId},
    journal::{Actor, Head, View},
    stream::{StreamKind, StreamName},
    text::Lang,
};
use uuid::Uuid;

use super::{
    Outcome, Variant,
    device::Device,
    journal::Stream,
    node::{BEGINNING, GENERATION, Node},
    world::{Happening, World},
    writer,
};
use crate::{
    client_connection::{ClientConnection, Memory, Transport},
    faults::{
        checker,
        history::{self, ClientLog, Seen},
    },
    random::Random,
};

/// The number of the first stream.
const FIRST: u128 = 1_000;
/// How long things go wrong.
const TROUBLED_MS: i64 = 12_000;
/// One seed in this many begins with a long history, so that clients without state are reset.
const LONG_HISTORY: u64 = 25;

/// The stream of a conversation.
pub fn stream(c: usize) -> StreamName {
    StreamName { kind: StreamKind::Conversation, id: Uuid::from_u128(FIRST + c as u128) }
}
/// The conversation of a stream.
pub fn index(stream: StreamName) -> usize {
    (stream.id.as_u128() - FIRST) as usize
}
/// The visitor of a conversation.
pub fn visitor(c: usize) -> Uuid {
    Uuid::from_u128(50 + c as u128)
}
/// The transports that a device tries, in this order.
pub fn transports(random: &mut Random) -> Vec<Transport> {
    use Transport::{Poll, Socket, Stream};
    match random.below(5) {
        0..3 => vec![Socket, Stream, Poll],
        3 => vec![Stream, Poll],
        _ => vec![Poll],
    }
}

/// Plays one seed.
pub fn play(random: Random, variant: Option<Variant>, traced: bool) -> Outcome {
    let mut world = set_up(random, variant, traced);
    world.run();
    judge(world)
}

fn set_up(random: Random, variant: Option<Variant>, traced: bool) -> World {
    let mut world = World::new(random, variant, traced);
    world.wildness = [0, 2, 10, 30][world.below(4) as usize];
    world.queue_holds = [20, 24, 32, 64][world.below(4) as usize];
    let (nodes, conversations) = (1 + world.below(3) as usize, 1 + world.below(2) as usize);
    let long = world.diary.random.below(LONG_HISTORY) == 0;
    for c in 0..conversations {
        let history = if long { 480 + world.below(60) } else { world.below(3) };
        begin(&mut world, c, history);
        if world.chance(60) {
            writer::give(&mut world, c, 1);
        }
    }
    world.nodes.extend((0..nodes).map(|_| Node::default()));
    for node in 0..nodes {
        world.start(node);
    }
    for c in 0..conversations {
        for device in 0..1 + world.below(2) {
            place(&mut world, format!("visitor {c}, device {device}"), View::Customer, None, &[c]);
        }
    }
    let all: Vec<usize> = (0..conversations).collect();
    for agent in 1..=1 + world.below(2).unsigned_abs() {
        place(&mut world, format!("agent {agent}"), View::Staff, Some(agent.into()), &all);
    }
    world.diary.after(50, Happening::Trouble);
    world.diary.after(TROUBLED_MS, Happening::Heal);
    world
}

fn place(world: &mut World, name: String, view: View, agent: Option<u128>, conversations: &[usize]) {
    let cursors = conversations.iter().map(|c| (stream(*c), if world.chance(50) { None } else { Some(0) })).collect();
    let memory = Memory { generation: Some(GENERATION), cursors, unsent: Vec::new() };
    let order = transports(&mut world.diary.random);
    let attentive = agent.is_some() || world.chance(60);
    let numbering = if view == View::Customer { history::View::Customer } else { history::View::Staff };
    let log = |c: &usize| ClientLog::new(format!("{name} in {c}"), *c, numbering);
    let machine = ClientConnection::new(memory, order, attentive, world.diary.now);
    let to_say = 2 + world.diary.random.below(14) as u32;
    let logs = conversations.iter().map(log).collect();
    world.devices.push(Device::new(machine, view, agent, logs, to_say, attentive, world.diary.now));
    let (d, tick, say) = (world.devices.len() - 1, world.below(500), world.below(3_000));
    world.diary.after(tick, Happening::Tick(d));
    world.diary.after(say, Happening::Say(d));
}

/// A conversation with the bot that already has some history.
fn begin(world: &mut World, c: usize, history: i64) {
    let (tenant, site) = (TenantId::new(Uuid::from_u128(1)), SiteId::new(Uuid::from_u128(2)));
    let (id, visitor) = (ConversationId::new(stream(c).id), VisitorId::new(visitor(c)));
    let opening = Opening { id, tenant, site, visitor, channel: Channel::Web, lang: Lang::Zh, product: None };
    let (conversation, opened) = Conversation::open(opening, BEGINNING);
    let more = conversation.entry(
        Actor::system(),
        Body::Rated(body::Rated { score: 5, comment: None, solved: None, reasons: vec![] }),
        Fact::Rated(fact::Rated { ep: 1, score: 5, solved: None, reasons: vec![] }),
    );
    let head = Head { version: conversation.version, ..Head::default() };
    world.journal.streams.push(Stream { head, conversation, rows: Vec::new(), refused: BTreeMap::new() });
    if let Some(mut tx) = world.journal.begin([c].into()) {
        world.journal.append(&mut tx, c, &opened, BEGINNING);
        for _ in 0..history {
            world.journal.append(&mut tx, c, &more, BEGINNING);
        }
        world.journal.end(tx, true);
    }
}

/// Compares the clients' logs with the record.
fn judge(mut world: World) -> Outcome {
    let seen = |view: View, stream: &Stream| -> Vec<Seen> {
        stream.rows.iter().filter_map(|row| row.of(view).map(|seq| Seen { seq, print: row.print, said: row.client_id })).collect()
    };
    let journals: Vec<history::Journal> =
        world.journal.streams.iter().map(|s| history::Journal { customer: seen(View::Customer, s), staff: seen(View::Staff, s) }).collect();
    let mut logs: Vec<ClientLog> = world.devices.iter_mut().flat_map(|device| std::mem::take(&mut device.logs)).collect();
    for log in &mut logs {
        let view = if log.view == history::View::Customer { View::Customer } else { View::Staff };
        log.must_reach = world.journal.head(log.conversation, view);
    }
    let verdict = checker::check(&logs, &journals);
    for finding in verdict.findings {
        world.diary.violate(finding);
    }
    for (d, device) in world.devices.iter().enumerate() {
        if device.machine.unanswered_count() > 0 && world.diary.is_clean() {
            world.diary.violations.push(format!("device {d} was never answered {} of its sends", device.machine.unanswered_count()));
        }
    }
    if world.gave_up && world.diary.is_clean() {
        world.diary.violations.push("it never became quiet".to_owned());
    }
    let (virtual_ms, events) = (world.diary.lasted_ms(), world.diary.events);
    let (trace, violations) = world.diary.close();
    Outcome { violations, trace, events, acked: verdict.acked, virtual_ms, ..Outcome::default() }
}
