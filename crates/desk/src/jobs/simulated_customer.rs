//! What the simulated customer does, by the ordinary acts of a visitor; [`content::practice`] decides what that is.

use content::practice::{Exercise, Happened, Next, history, is_finished, next};
use db::{Shard, journal};
use domain::{
    conversation::{Asked, Conversation},
    id::TenantId,
    journal::{Actor, StoredEntry, View},
    staff::AgentState,
    stream::{StreamKind, StreamName},
    time::{MINUTE, Ts},
};
use http_kit::App;
use service::{
    act::{self, Act, Sender},
    ask::{Ask, Beginning},
    presence,
};
use store::{entry_points::LivePractice, practice::Learner};
use uuid::Uuid;

use crate::practice::{exercise_of, lesson_of};

/// Practice ends when the learner has done nothing for so long.
pub const IDLE_MS: i64 = 30 * MINUTE;
/// More entries than an exercise has.
const MOST_ENTRIES: i64 = 500;
/// The numbers of the acts by which the customer asks for a person and goes; lines are numbered from 0.
const ASKS: u128 = 1_000;
const ENDS: u128 = 1_001;
const LEAVES: u128 = 1_002;

/// What has happened in the conversation of a learner; nothing if it has not begun.
pub(crate) async fn entries(app: &App, practice: TenantId, learner: &Learner) -> store::Result<Vec<StoredEntry>> {
    let stream = StreamName { kind: StreamKind::Conversation, id: learner.conversation.uuid() };
    Ok(journal::page(&mut app.db().read_of(practice).await?, practice, stream, View::Staff, 0, MOST_ENTRIES).await?)
}

/// Does what is due in what somebody practises: the customer says the next line, or the exercise is finished, or it ends because the learner has gone.
pub async fn step(app: &App, live: &LivePractice) -> store::Result<()> {
    let practice = live.tenant;
    let learner = store::practice::get(&mut app.db().read_of(practice).await?, practice, live.twin).await?;
    let now = app.env().now();
    let entries = entries(app, practice, &learner).await?;
    let happened = history(&entries);
    let last = happened.iter().map(|one| one.at()).fold(learner.begun_at, Ts::max);
    let Some(exercise) = exercise_of(&learner).filter(|_| live.is_held && now.since(last) < IDLE_MS) else {
        return end(app, practice, &learner).await;
    };
    if entries.is_empty() {
        open(app, practice, &learner).await;
    } else if let Next::Say(line) = next(exercise, &happened, now) {
        say(app, practice, &learner, exercise, line).await;
    }
    finish(app, live, &learner, exercise, &happened).await
}

/// Has the customer ask for a person, and say the first line.
pub(crate) async fn open(app: &App, practice: TenantId, learner: &Learner) {
    ask(app, practice, learner, ASKS, Asked::RequestHuman).await;
    if let Some(exercise) = exercise_of(learner) {
        say(app, practice, learner, exercise, 0).await;
    }
}

async fn say(app: &App, practice: TenantId, learner: &Learner, exercise: &Exercise, line: usize) {
    if let Some(words) = exercise.lines.get(line).map(|line| line.words.get(learner.lang)) {
        ask(app, practice, learner, line as u128, Asked::Text(words.to_owned())).await;
    }
}

/// Notes that the exercise is finished, once: the company keeps it as a lesson of its member.
async fn finish(app: &App, live: &LivePractice, learner: &Learner, exercise: &'static Exercise, happened: &[Happened]) -> store::Result<()> {
    if learner.finished_at.is_some() || !is_finished(exercise, happened) {
        return Ok(());
    }
    let (practice, company, twin, member, conversation) = (live.tenant, live.company, learner.twin, learner.member, learner.conversation);
    let written = app.db().writer().write(Shard::Any, move |tx| {
        Box::pin(async move {
            if store::practice::finish(tx, practice, twin, conversation).await? {
                let now = tx.now();
                store_desk::lessons::finish(tx, company, member, &lesson_of(exercise), now).await?;
            }
            Ok(())
        })
    });
    written.await
}

/// Ends what somebody practises: the customer goes, and the member as whom they practise is offered nothing more and has no session.
pub(crate) async fn end(app: &App, practice: TenantId, learner: &Learner) -> store::Result<()> {
    if !entries(app, practice, learner).await?.is_empty() {
        // Who waits leaves the queue; who is served, or has been, ends it. What does not fit is refused, and changes nothing.
        ask(app, practice, learner, LEAVES, Asked::LeaveQueue).await;
        ask(app, practice, learner, ENDS, Asked::End).await;
    }
    let (twin, conversation) = (learner.twin, learner.conversation);
    let ended = app.db().writer().write(Shard::Any, move |tx| {
        Box::pin(async move {
            if store::practice::end(tx, practice, twin, conversation).await? {
                presence::set_state(tx, practice, twin, AgentState::Offline, Actor::system(), None).await?;
            }
            Ok(())
        })
    });
    ended.await
}

/// Has the customer do something. Each act has a number, and is done once however often it is asked for.
async fn ask(app: &App, practice: TenantId, learner: &Learner, number: u128, asked: Asked) {
    let sender = Sender::Visitor { tenant: practice, visitor: learner.visitor, site: learner.site };
    let beginning = (number == ASKS).then_some(Beginning { lang: learner.lang, product: None });
    let subject = learner.conversation.uuid();
    let client_id = Uuid::from_u128(subject.as_u128() ^ (number + 1));
    let act: Act<Conversation> = Act { sender, subject, client_id, digest: 0, ask: Ask::new(beginning, asked, true, || app.sealer()) };
    if let Some(Err(refusal)) = act::outcome_of(app.db(), None, act).await {
        tracing::debug!(refusal.code = refusal.code.as_str(), "a simulated customer was refused");
    }
}
