//! Takes the bot's turns: every customer message addressed to the bot is answered once, for the epoch in which it was written.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::{
    conversation::{Conversation, State},
    entry::Fact,
    id::{ConversationId, TenantId},
    journal::{ActorKind, StoredEntry},
    response_time::ResponseTime,
    time::{SECOND, Ts},
};
use http_kit::App;
use platform::in_turn::InTurn;
use realtime::{
    hub::{BotTurn, To},
    mailbox::LossyKey,
};
use service::{
    bot_turn::{self, Reply},
    bots,
};
use tokio::{sync::mpsc, time::MissedTickBehavior};
use uuid::Uuid;
use wire::frames::ServerFrame;

/// Turns computed at the same time.
const AT_ONCE: usize = 64;
/// Conversations of one company that may wait for that. What is beyond is found again by the sweep of what the bot has left unanswered.
const MOST_WAITING: usize = 1_000;
/// Files that arrive within this time of each other belong together, and are answered once, after the last one.
pub const TOGETHER_MS: i64 = 2 * SECOND;
/// How often to check whether no more files arrive.
const LOOK: Duration = Duration::from_millis(250);

/// The messages that are being answered, by conversation; companies have their turns one after the other.
type Answering = InTurn<TenantId, (TenantId, Uuid), Arc<StoredEntry>>;

/// Answers until the hub is gone.
pub async fn run(app: App, mut turns: mpsc::Receiver<BotTurn>) {
    let (answering, mut files) = (answering(&app), Files::default());
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            turn = turns.recv() => match turn {
                None => return,
                Some(BotTurn::Learn(tenant)) => learn(&app, tenant),
                Some(BotTurn::Answer(entry)) if is_file(&entry) => {
                    files.note(entry, app.env().now());
                }
                Some(BotTurn::Answer(entry)) => begin(&answering, entry),
                // While the bot is answering a conversation, its messages are late, not lost.
                Some(BotTurn::Lost(entries)) if entries.iter().any(|entry| answering.has(conversation_of(entry))) => {}
                Some(BotTurn::Lost(entries)) => for entry in entries {
                    begin(&answering, entry);
                },
            },
            _ = look.tick(), if !files.0.is_empty() => {
                for file in files.complete(app.env().now()) {
                    begin(&answering, file);
                }
            }
        }
    }
}

/// The last file of each conversation, by company, and when it arrived here. The entry's own time is no indication: it is never before that of the previous
/// message, which may come from a clock that was ahead and has since been corrected.
#[derive(Debug, Default)]
struct Files(HashMap<(TenantId, Uuid), (Ts, Arc<StoredEntry>)>);

impl Files {
    /// Notes a file that has arrived.
    fn note(&mut self, file: Arc<StoredEntry>, now: Ts) {
        self.0.insert(conversation_of(&file), (now, file));
    }
    /// Takes out the files that no further file followed.
    fn complete(&mut self, now: Ts) -> Vec<Arc<StoredEntry>> {
        // If the clock was set back in the meantime, nobody knows how long it has been.
        let is_over = |came: Ts| now < came || now.since(came) >= TOGETHER_MS;
        self.0.extract_if(|_, (came, _)| is_over(*came)).map(|(_, (_, file))| file).collect()
    }
}

/// The conversation of an entry; two companies may use the same id.
fn conversation_of(entry: &StoredEntry) -> (TenantId, Uuid) {
    (entry.entry.tenant, entry.entry.stream.id)
}

fn is_file(entry: &StoredEntry) -> bool {
    matches!(entry.fact(), Some(Fact::Message(fact)) if fact.file)
}

/// Answers as soon as there is room. What the bot says depends on what it said before, so the messages of one conversation are answered one after the other.
fn answering(app: &App) -> Answering {
    let app = app.clone();
    Answering::new(AT_ONCE, MOST_WAITING, move |entry| {
        let app = app.clone();
        async move {
            match answer(&app, &entry).await {
                // This node ends; the others' sweep takes it up.
                Ok(()) | Err(bots::Error::Stopped(_)) => {}
                Err(error) => tracing::error!(error = %error, "a bot turn failed"),
            }
        }
    })
}

fn begin(answering: &Answering, entry: Arc<StoredEntry>) {
    let (tenant, conversation) = conversation_of(&entry);
    if !answering.take(tenant, (tenant, conversation), entry) {
        tracing::debug!(tenant.id = %tenant, "the bot has too much to answer for this company, and answers this later");
    }
}

/// Trains a company's bot anew because something has changed, so that no customer has to wait for it. However many changes arrive, one training runs and one waits.
fn learn(app: &App, tenant: TenantId) {
    app.bots().forget(tenant);
    let learning = app.clone();
    app.background().spawn(async move {
        match learning.bots().of(learning.db(), tenant).await {
            Ok(_) | Err(bots::Error::Stopped(_)) => {}
            Err(error) => tracing::error!(error = %error, tenant.id = %tenant, "a bot could not be trained"),
        }
    });
}

/// Answers one message.
async fn answer(app: &App, entry: &StoredEntry) -> Result<(), bots::Error> {
    let (tenant, id) = (entry.entry.tenant, ConversationId::new(entry.entry.stream.id));
    let Some(conversation) = load(app, tenant, id).await? else { return Ok(()) };
    if conversation.state != State::Bot {
        return Ok(());
    }
    typing(app, tenant, id);
    let bot = app.bots().of(app.db(), tenant).await?;
    bot_turn::prepare(app.db(), app.bots(), &bot, &conversation, entry).await;
    match bot_turn::reply(app.db(), app.bots(), &bot, &conversation, entry).await? {
        None => {}
        Some(Reply::HandOver(reason)) => bot_turn::hand_over(app.db(), &conversation, entry.seq, reason).await?,
        Some(Reply::Alarm { said, about }) => bot_turn::raise_alarm(app.db(), &conversation, entry.seq, about, said).await?,
        Some(Reply::Say { said, thread }) => {
            if let Some(thread) = thread {
                bot_turn::remember(app.db(), &conversation, entry.seq, *thread).await?;
            }
            bot_turn::say(app.db(), &conversation, entry.seq, said).await;
            note_time(app, entry);
        }
    }
    Ok(())
}

/// Notes how long a question waited for its answer. Files wait for others that belong to them, so they are not measured.
fn note_time(app: &App, question: &StoredEntry) {
    if is_file(question) {
        return;
    }
    let now = app.env().now();
    app.response_times().note(Some(question.entry.tenant), ResponseTime::ServerQuestionToAnswer, now.since(question.at), now);
}

async fn load(app: &App, tenant: TenantId, id: ConversationId) -> store::Result<Option<Arc<Conversation>>> {
    if let Some(known) = app.hub().head(tenant, id) {
        return Ok(Some(known));
    }
    let mut tx = app.db().read_of(tenant).await?;
    let found = store::conversations::find(&mut tx, tenant, id).await?.map(Arc::new);
    if let Some(found) = &found {
        app.hub().remember(found.clone());
    }
    Ok(found)
}

fn typing(app: &App, tenant: TenantId, id: ConversationId) {
    let frame = ServerFrame::Typing { conversation: id, by: ActorKind::Bot.as_str().to_owned(), name: None, on: true };
    let Ok(json) = serde_json::to_string(&frame) else { return };
    app.hub().lossy(tenant, id.uuid(), LossyKey::Typing(id.uuid()), &json.into(), To::All);
}

#[cfg(test)]
mod tests {
    use domain::{
        entry::EntryKind,
        id::VisitorId,
        journal::{Actor, Words, Written},
        stream::{StreamKind, StreamName},
        time::HOUR,
    };

    use super::*;

    /// A file in a conversation that has the same id in both companies.
    fn file(tenant: u128, at: Ts) -> Arc<StoredEntry> {
        let entry = Written {
            stream: StreamName { kind: StreamKind::Conversation, id: Uuid::from_u128(9) },
            tenant: TenantId::new(Uuid::from_u128(tenant)),
            kind: EntryKind::Message,
            v: 1,
            actor: Actor::customer(VisitorId::new(Uuid::from_u128(7)).uuid()),
            client_id: None,
            send_hash: 0,
            side: None,
            is_answer: false,
            body: Words::Plain("{}".to_owned()),
            staff: None,
            facts: r#"{"file":true}"#.to_owned(),
        };
        Arc::new(StoredEntry { kind: entry.kind.as_str().to_owned(), entry, seq: 1, pseq: Some(1), ord: Some(1), at })
    }

    #[test]
    fn files_wait_for_each_other_as_long_whatever_the_clock_said_before() {
        let (mut files, now) = (Files::default(), Ts(HOUR));
        files.note(file(1, now.plus(5 * HOUR)), now);
        assert_eq!(files.complete(now.plus(TOGETHER_MS - 1)).len(), 0);
        assert_eq!(files.complete(now.plus(TOGETHER_MS)).len(), 1);
        assert_eq!(files.complete(now.plus(TOGETHER_MS)).len(), 0);
        files.note(file(1, now), now);
        assert_eq!(files.complete(now.plus(-HOUR)).len(), 1, "the clock was put back while it waited");
    }

    #[test]
    fn a_file_takes_no_file_s_place_in_another_company() {
        let (mut files, now) = (Files::default(), Ts(HOUR));
        files.note(file(1, now), now);
        files.note(file(2, now), now);
        files.note(file(2, now), now);
        let mut whose: Vec<_> = files.complete(now.plus(TOGETHER_MS)).iter().map(|file| file.entry.tenant.uuid().as_u128()).collect();
        whose.sort_unstable();
        assert_eq!(whose, [1, 2]);
    }
}
