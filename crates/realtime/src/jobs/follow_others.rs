//! Notifies this node's connections of what other nodes committed. Every look reads what became visible in the record since the last one, so it misses nothing;
//! hints by Redis only make it faster. On SQLite there are no other nodes.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use db::news::{Marked, Moved};
use domain::{
    effect::Effect,
    id::{AgentId, ConversationId},
    journal::View,
    refusal::Code,
    stream::StreamKind,
};
use futures_util::FutureExt as _;
use tokio::time::timeout;

use crate::{hub::Elsewhere, node::Node};

/// Time between looks while hints go through, or there is no other node: this alone must notice revocations within a second.
const RELAXED: Duration = Duration::from_millis(500);
/// Time between looks while hints do not go through.
const CLOSE: Duration = Duration::from_millis(100);
/// A look that takes longer hangs on a dead connection; the next one takes a different connection.
const AT_LATEST: Duration = Duration::from_secs(5);
/// How many entries to read at once from a stream that concerns the node itself.
const PAGE: i64 = 200;

/// Runs until the program ends.
pub async fn run(node: Node) {
    let mut failing = false;
    loop {
        let cluster = node.cluster();
        tokio::time::sleep(if cluster.is_fast() || cluster.nodes() == 1 { RELAXED } else { CLOSE }).await;
        let problem = match timeout(AT_LATEST, AssertUnwindSafe(step(&node)).catch_unwind()).await {
            Ok(Ok(Ok(()))) => None,
            Ok(Ok(Err(error))) => Some(error.to_string()),
            Ok(Err(_)) => Some("it panicked".to_owned()),
            Err(_) => Some("the record does not answer".to_owned()),
        };
        // Logged once, not ten times a second.
        if let Some(problem) = problem.as_deref().filter(|_| !failing) {
            tracing::warn!(error = problem, "what other nodes committed could not be read and will be looked for again");
        }
        failing = problem.is_some();
    }
}

/// Performs one look.
pub async fn step(node: &Node) -> store::Result<()> {
    let cluster = node.cluster();
    let mut tx = node.db().read().await?;
    let Some(news) = db::news::since(&mut tx, cluster.search_position().as_ref()).await? else { return Ok(()) };
    drop(tx);
    if is_rewound(node, &news.home).await? {
        forget_history(node);
    } else {
        tell(node, &news.moved, Source::Record).await?;
        let marks = news.marked.into_iter().map(|Marked { tenant, stream, customer, staff }| Effect::Marks { tenant, stream, customer, staff });
        node.hub().tell(marks.collect());
    }
    cluster.note_search(news.seen, node.env().now());
    Ok(())
}

/// Discards cached state, which belongs to another history.
fn forget_history(node: &Node) {
    node.bots().forget_all();
    node.catalogues().forget_all();
    node.hub().forget(Code::Moving);
}

/// Checks whether a new generation is in force, for when no other node reports it; if so, everybody connected starts over.
pub async fn begin_anew(node: &Node) -> store::Result<()> {
    if node.cluster().begin(store::entry_points::generation(node.db()).await?.0) {
        forget_history(node);
    }
    Ok(())
}

/// Whether the generation has changed since the last look.
async fn is_rewound(node: &Node, home: &str) -> store::Result<bool> {
    let (mut generation, noted) = store::entry_points::generation(node.db()).await?;
    if noted.as_deref() != Some(home) {
        store::entry_points::settle(node.db(), node.env().uuid()).await?;
        generation = store::entry_points::generation(node.db()).await?.0;
    }
    let rewound = node.cluster().begin(generation);
    if rewound {
        tracing::warn!(generation = %generation, "history was rewound: all clients start over");
    }
    Ok(rewound)
}

/// The source of the news that streams moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The record: nothing before it has been left out.
    Record,
    /// A hint from another node: hints before it may be lost, or arrive later.
    Hint,
}

/// Does on this node what streams that moved require; what is known already is skipped.
pub async fn tell(node: &Node, moved: &[Moved], source: Source) -> store::Result<()> {
    for stream in moved {
        match node.hub().elsewhere(stream) {
            Elsewhere::Told => {}
            Elsewhere::Said => node.hub().said_elsewhere(stream.tenant, ConversationId::new(stream.stream.id)),
            Elsewhere::Changed => {
                let mut tx = node.db().read_of(stream.tenant).await?;
                let found = store::conversations::find(&mut tx, stream.tenant, ConversationId::new(stream.stream.id)).await?;
                drop(tx);
                if let Some(conversation) = found {
                    node.hub().stands(Arc::new(conversation), stream);
                }
            }
            Elsewhere::Read => read(node, stream, source).await?,
        }
    }
    if moved.iter().any(|m| matches!(m.stream.kind, StreamKind::Queue | StreamKind::Agent | StreamKind::Inbox)) {
        node.hub().queues_moved();
    }
    if !moved.is_empty() {
        node.hub().catch_up();
    }
    Ok(())
}

/// Reads entries that concern the node itself, and treats them like the node's own.
async fn read(node: &Node, moved: &Moved, source: Source) -> store::Result<()> {
    let applied = node.hub().applied_up_to(moved);
    // What a hint has brought already is skipped: who has come back since a revocation must not be sent away again by it.
    let mut after = applied.unwrap_or(moved.first - 1);
    while after < moved.seq {
        let mut tx = node.db().read_of(moved.tenant).await?;
        let entries = db::journal::page(&mut tx, moved.tenant, moved.stream, View::Staff, after, PAGE).await?;
        drop(tx);
        let Some(last) = entries.last() else { break };
        after = last.seq;
        let mut effects: Vec<Effect> = entries.into_iter().map(|entry| Effect::Entry(Arc::new(entry))).collect();
        if moved.stream.kind == StreamKind::Agent {
            effects.push(Effect::AgentChanged(moved.tenant, AgentId::new(moved.stream.id)));
        }
        node.catalogues().outdated_by(&effects);
        node.hub().tell(effects);
    }
    // A hint alone does not guarantee that nothing before it is missing.
    if applied.is_some() || source == Source::Record {
        node.hub().apply_up_to(moved);
    }
    Ok(())
}
