//! Records which questions the bot could not answer, from the journal's feed: where they were asked, not what was said.

use std::{collections::BTreeMap, time::Duration};

use store::TenantTx;

use db::{Shard, feed};
use domain::{
    conversation::AnswerOutcome,
    entry::{Changed, EntryKind, Fact},
    id::{ConversationId, TenantId},
    journal::{Actor, ActorKind},
    text::Lang,
    time::Ts,
};
use http_kit::App;
use uuid::Uuid;

use service::bot_turn::FILE;

/// How soon editors see a question after the bot has said that it does not know.
const EVERY: Duration = Duration::from_secs(1);
/// Entries read at a time.
const BATCH: i64 = 2_000;
/// Questions recorded per write.
const PER_WRITE: usize = 100;

type Question = (ConversationId, i64, Ts, Lang);

/// The question that an entry leaves unanswered, if any. Files do not count as questions.
fn question(fact: &feed::Fact) -> Option<Question> {
    if fact.kind != EntryKind::Message.as_str() || fact.actor_kind != ActorKind::Bot.as_str() {
        return None;
    }
    let Ok(Fact::Message(said)) = Fact::read(EntryKind::Message, &fact.facts) else { return None };
    let silent = said.outcome == Some(AnswerOutcome::NoAnswer) && said.intent.flatten().as_deref() != Some(FILE);
    let lang = said.lang.unwrap_or_default();
    said.of.filter(|_| silent).map(|of| (ConversationId::new(fact.stream_id), of, Ts(fact.at), lang))
}

/// A node's position in the feed, and its generation. The record has a position too, but that moves only when something was found or a whole batch was read.
#[derive(Debug, Default)]
pub struct Place(Option<(Uuid, feed::Cursor)>);

/// Runs until the program ends, on the node that leads.
pub async fn run(app: App) {
    let mut place = Place::default();
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if app.cluster().leads()
            && let Err(error) = step(&app, &mut place).await
        {
            tracing::warn!(error = %error, "unanswered questions could not be noted and will be tried again");
        }
    }
}

/// Continues from where the last step ended, until there is nothing new.
pub async fn step(app: &App, place: &mut Place) -> store::Result<()> {
    let (generation, _) = store::entry_points::generation(app.db()).await?;
    loop {
        let mut tx = app.db().read().await?;
        let from = match place.0.filter(|(of, _)| *of == generation) {
            Some((_, cursor)) => cursor,
            None => store::entry_points::unanswered_position(&mut tx, generation).await?,
        };
        let facts = feed::after(&mut tx, from, BATCH).await?;
        drop(tx);
        let Some(to) = facts.last().map(|fact| feed::Cursor { xid: fact.xid, pos: fact.pos }) else { return Ok(()) };
        let found = note(app, &facts).await?;
        let whole = facts.len() as i64 == BATCH;
        if found || whole {
            let write =
                app.db().writer().write(Shard::Any, move |tx| Box::pin(async move { store::entry_points::move_unanswered_position(tx, generation, to).await }));
            write.await?;
        }
        place.0 = Some((generation, to));
        if !whole {
            return Ok(());
        }
    }
}

/// Records what these facts left unanswered; returns whether there was anything.
async fn note(app: &App, facts: &[feed::Fact]) -> store::Result<bool> {
    let mut found: BTreeMap<TenantId, Vec<Question>> = BTreeMap::new();
    for fact in facts {
        if let Some(question) = question(fact) {
            found.entry(TenantId::new(fact.tenant_id)).or_default().push(question);
        }
    }
    for (&tenant, questions) in &found {
        for part in questions.chunks(PER_WRITE) {
            let part = part.to_vec();
            let write = app.db().writer().write(Shard::Of(tenant.uuid()), move |tx| {
                Box::pin(async move {
                    if store::unanswered::note(tx, tenant, &part).await? > 0 {
                        TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Unanswered).await?;
                    }
                    Ok::<_, store::Error>(())
                })
            });
            write.await?;
        }
    }
    Ok(!found.is_empty())
}
