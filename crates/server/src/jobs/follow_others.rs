//! Tells this node's connections what other nodes committed. Every look reads what became visible in the record since the last one, so it misses nothing; hints
//! by Redis only make it sooner. There are no others on SQLite.

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

use crate::{App, realtime::hub::Elsewhere};

/// Between looks while hints go through, or nobody else is there: revocations must be heard of within a second by this alone.
const RELAXED: Duration = Duration::from_millis(500);
/// Between looks while they do not.
const CLOSE: Duration = Duration::from_millis(100);
/// A look that takes longer hangs on a connection that is none any more; the next one takes another.
const AT_LATEST: Duration = Duration::from_secs(5);
/// Entries read at once of a stream that concerns the node itself.
const PAGE: i64 = 200;

/// Until the program ends.
pub async fn run(app: App) {
    let mut failing = false;
    loop {
        let cluster = app.live().cluster();
        tokio::time::sleep(if cluster.is_fast() || cluster.nodes() == 1 { RELAXED } else { CLOSE }).await;
        let problem = match timeout(AT_LATEST, AssertUnwindSafe(step(&app)).catch_unwind()).await {
            Ok(Ok(Ok(()))) => None,
            Ok(Ok(Err(error))) => Some(error.to_string()),
            Ok(Err(_)) => Some("it panicked".to_owned()),
            Err(_) => Some("the record does not answer".to_owned()),
        };
        // Once, not ten times a second.
        if let Some(problem) = problem.as_deref().filter(|_| !failing) {
            tracing::warn!(error = problem, "what other nodes committed could not be read and will be looked for again");
        }
        failing = problem.is_some();
    }
}

/// One look.
pub async fn step(app: &App) -> store::Result<()> {
    let cluster = app.live().cluster();
    let mut tx = app.db().read().await?;
    let Some(news) = db::news::since(&mut tx, cluster.seen().as_ref()).await? else { return Ok(()) };
    drop(tx);
    if is_rewound(app, &news.home).await? {
        forget_history(app);
    } else {
        tell(app, &news.moved, Source::Record).await?;
        let marks = news.marked.into_iter().map(|Marked { tenant, stream, customer, staff }| Effect::Marks { tenant, stream, customer, staff });
        app.hub().tell(marks.collect());
    }
    cluster.looked(news.seen, app.env().now());
    Ok(())
}

/// What was known belongs to another history.
fn forget_history(app: &App) {
    app.bots().forget_all();
    app.shared().catalogues.forget_all();
    app.hub().forget(Code::Moving);
}

/// Looks whether another generation is in force, where no other node tells; then everybody connected begins anew.
pub async fn begin_anew(app: &App) -> store::Result<()> {
    if app.live().cluster().begin(store::entry_points::generation(app.db()).await?.0) {
        forget_history(app);
    }
    Ok(())
}

/// Whether another generation is in force than at the last look.
async fn is_rewound(app: &App, home: &str) -> store::Result<bool> {
    let (mut generation, noted) = store::entry_points::generation(app.db()).await?;
    if noted.as_deref() != Some(home) {
        store::entry_points::settle(app.db(), app.env().uuid()).await?;
        generation = store::entry_points::generation(app.db()).await?.0;
    }
    let rewound = app.live().cluster().begin(generation);
    if rewound {
        tracing::warn!(generation = %generation, "history was rewound: everybody connected begins anew");
    }
    Ok(rewound)
}

/// Who says that streams moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The record: nothing before it is left out.
    Record,
    /// Another node, by a hint: hints before it may be lost, or come later.
    Hint,
}

/// Tells what streams that moved mean here; what is known already is passed over.
pub async fn tell(app: &App, moved: &[Moved], source: Source) -> store::Result<()> {
    for stream in moved {
        match app.hub().elsewhere(stream) {
            Elsewhere::Told => {}
            Elsewhere::Said => app.hub().said_elsewhere(stream.tenant, ConversationId::new(stream.stream.id)),
            Elsewhere::Changed => {
                let mut tx = app.db().read().await?;
                let found = store::conversations::find(&mut tx, stream.tenant, ConversationId::new(stream.stream.id)).await?;
                drop(tx);
                if let Some(conversation) = found {
                    app.hub().stands(Arc::new(conversation), stream);
                }
            }
            Elsewhere::Read => read(app, stream, source).await?,
        }
    }
    if moved.iter().any(|m| matches!(m.stream.kind, StreamKind::Queue | StreamKind::Agent | StreamKind::Inbox)) {
        app.hub().queues_moved();
    }
    if !moved.is_empty() {
        app.hub().catch_up();
    }
    Ok(())
}

/// Reads entries that concern the node itself, and does with them what it does with its own.
async fn read(app: &App, moved: &Moved, source: Source) -> store::Result<()> {
    let applied = app.hub().applied(moved);
    let mut after = applied.unwrap_or(moved.first - 1).min(moved.first - 1);
    while after < moved.seq {
        let mut tx = app.db().read().await?;
        let entries = db::journal::page(&mut tx, moved.tenant, moved.stream, View::Staff, after, PAGE).await?;
        drop(tx);
        let Some(last) = entries.last() else { break };
        after = last.seq;
        let mut effects: Vec<Effect> = entries.into_iter().map(|entry| Effect::Entry(Arc::new(entry))).collect();
        if moved.stream.kind == StreamKind::Agent {
            effects.push(Effect::AgentChanged(moved.tenant, AgentId::new(moved.stream.id)));
        }
        app.shared().outdated_by(&effects);
        app.hub().tell(effects);
    }
    // A hint alone does not say that nothing before it is missing.
    if applied.is_some() || source == Source::Record {
        app.hub().apply_up_to(moved);
    }
    Ok(())
}
