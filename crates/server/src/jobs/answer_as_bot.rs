//! The bot's turns: every customer message that was said to it is answered, once, for the epoch it was said in.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bot::{Answer, Lang as BotLang, Outcome, Turn};
use db::{Append, Shard};
use domain::{
    conversation::{Conversation, Event, Said, State},
    entry::{
        Body, Fact,
        body::{AnswerChoice, AnswerOutcome, AnswerSource, AskedVia, Message},
        fact,
    },
    id::{ConversationId, TenantId},
    journal::{Actor, StoredEntry},
    opening_hours::Service,
    text::Lang,
    time::{SECOND, Ts},
};
use serde_json::json;
use tokio::{
    sync::{Semaphore, mpsc, oneshot},
    time::MissedTickBehavior,
};
use uuid::Uuid;

use crate::{
    App,
    realtime::{
        hub::{BotTurn, To},
        mailbox::LossyKey,
        perform::{self, BotPath},
    },
    service,
};

/// Turns that are computed at the same time.
const AT_ONCE: usize = 64;
/// Files that come within this time of each other came together, and are answered once, after the last one.
pub const TOGETHER_MS: i64 = 2 * SECOND;
/// How often it is looked whether no more files come.
const LOOK: Duration = Duration::from_millis(250);
/// The intent of what the bot says to a file: there was no question.
pub const FILE: &str = "file";
/// The intent of what the bot says to somebody who asks for a person while nobody is there.
const HUMAN_REQUEST: &str = "human_request";

/// Answers until the hub is gone.
pub async fn run(app: App, mut turns: mpsc::Receiver<BotTurn>) {
    let (room, learning) = (Arc::new(Semaphore::new(AT_ONCE)), Learning::default());
    let mut files = Files::default();
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            turn = turns.recv() => match turn {
                None => return,
                Some(BotTurn::Learn(tenant)) => learning.begin(&app, tenant),
                Some(BotTurn::Answer(entry)) if is_file(&entry) => {
                    files.came(entry, app.env().now());
                }
                Some(BotTurn::Answer(entry)) => begin(&app, &room, entry).await,
            },
            _ = look.tick(), if !files.0.is_empty() => {
                for file in files.complete(app.env().now()) {
                    begin(&app, &room, file).await;
                }
            }
        }
    }
}

/// The last file of each conversation of each company, and when it came here. The time it bears says nothing of that: it is never before that of what was said
/// before, and that may be by a clock which was ahead and was put right since.
#[derive(Debug, Default)]
struct Files(HashMap<(TenantId, Uuid), (Ts, Arc<StoredEntry>)>);

impl Files {
    /// A file came.
    fn came(&mut self, file: Arc<StoredEntry>, now: Ts) {
        self.0.insert((file.entry.tenant, file.entry.stream.id), (now, file));
    }
    /// Takes out those after which no more came.
    fn complete(&mut self, now: Ts) -> Vec<Arc<StoredEntry>> {
        // Where the clock was put back meanwhile, nobody knows how long it was.
        let is_over = |came: Ts| now < came || now.since(came) >= TOGETHER_MS;
        self.0.extract_if(|_, (came, _)| is_over(*came)).map(|(_, (_, file))| file).collect()
    }
}

fn is_file(entry: &StoredEntry) -> bool {
    matches!(entry.fact(), Some(Fact::Message(fact)) if fact.file)
}

/// Answers beside the others, as soon as there is room.
async fn begin(app: &App, room: &Arc<Semaphore>, entry: Arc<StoredEntry>) {
    let Ok(place) = room.clone().acquire_owned().await else { return };
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = answer(&app, &entry).await {
            tracing::error!(error = %error, "a bot turn failed");
        }
        drop(place);
    });
}

/// Companies whose bot is being trained, and whether something changed since that began: however many changes come, one training runs and one waits.
#[derive(Clone, Default)]
struct Learning(Arc<Mutex<HashMap<TenantId, bool>>>);

impl Learning {
    fn begin(&self, app: &App, tenant: TenantId) {
        if let Some(again) = self.companies().get_mut(&tenant) {
            *again = true;
            return;
        }
        self.companies().insert(tenant, false);
        let (this, app) = (self.clone(), app.clone());
        tokio::spawn(async move {
            loop {
                app.bots().forget(tenant);
                if let Err(error) = app.bots().of(app.db(), tenant).await {
                    tracing::error!(error = %error, tenant.id = %tenant, "a bot could not be trained");
                }
                if !this.is_wanted_again(tenant) {
                    return;
                }
            }
        });
    }
    /// Whether something changed meanwhile; if not, the company is done with.
    fn is_wanted_again(&self, tenant: TenantId) -> bool {
        let mut companies = self.companies();
        let again = companies.get_mut(&tenant).is_some_and(std::mem::take);
        if !again {
            companies.remove(&tenant);
        }
        again
    }
    fn companies(&self) -> MutexGuard<'_, HashMap<TenantId, bool>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers one message.
pub async fn answer(app: &App, entry: &StoredEntry) -> Result<(), crate::bots::Error> {
    let (tenant, id) = (entry.entry.tenant, ConversationId::new(entry.entry.stream.id));
    let Some(conversation) = load(app, tenant, id).await? else { return Ok(()) };
    if conversation.state != State::Bot {
        return Ok(());
    }
    typing(app, tenant, id);
    let bot = app.bots().of(app.db(), tenant).await?;
    let Some(Body::Message(message)) = entry.body() else { return Ok(()) };
    let lang = if conversation.lang == Lang::En { BotLang::En } else { BotLang::Zh };
    let recent = app.live().subjects().get((tenant, id), conversation.product.as_deref());
    let (pressed, text) = match message {
        Message::Choice { text, answer, .. } => (bot.entry_answer(&answer, lang), text),
        Message::Text { text, .. } => (None, text),
        _ => return files_are_for_people(app, &conversation, entry).await,
    };
    let answer =
        pressed.unwrap_or_else(|| bot.answer(&Turn { text: &text, lang_hint: lang, product: conversation.product.as_deref(), recent: recent.as_deref() }));
    let outcome = match answer.outcome {
        Outcome::HumanRequest => {
            let service = service::of_site_id(&mut app.db().read().await.map_err(store::Error::from)?, tenant, conversation.site).await?;
            return if service.open { hand_over(app, conversation.as_ref(), entry.seq).await } else { nobody_there(app, &conversation, entry, service).await };
        }
        Outcome::Confident => AnswerOutcome::Confident,
        Outcome::DidYouMean => AnswerOutcome::DidYouMean,
        Outcome::NoAnswer => AnswerOutcome::NoAnswer,
        Outcome::SmallTalk => AnswerOutcome::SmallTalk,
        Outcome::Attribute => AnswerOutcome::Attribute,
    };
    if let Some(subject) = &answer.subject {
        app.live().subjects().put((tenant, id), conversation.product.as_deref(), subject.clone());
    }
    say(app, &conversation, entry, answered(answer, outcome, entry.seq)).await;
    Ok(())
}

/// The bot's answer to the message `of`, as it is said.
fn answered(answer: Answer, outcome: AnswerOutcome, of: i64) -> Said {
    let lang = if answer.lang == BotLang::En { Lang::En } else { Lang::Zh };
    let choices = |options: Vec<bot::Opt>| options.into_iter().map(|option| AnswerChoice { id: option.id, text: option.text }).collect();
    let source = answer.source.map(|source| AnswerSource { id: source.id, title: source.title });
    let fact = fact::Message {
        of: Some(of),
        outcome: Some(outcome),
        intent: Some(answer.intent),
        entry: Some(source.as_ref().map(|source| source.id.clone())),
        lang: Some(lang),
        confidence: Some((answer.confidence * 1000.0).round() / 1000.0),
        ..fact::Message::default()
    };
    let message = Message::Answer {
        outcome,
        text: answer.text,
        lang,
        source,
        options: choices(answer.options),
        related: choices(answer.related),
        offer_human: answer.offer_human,
        opens_at: None,
        promised_by: None,
        ord: None,
    };
    Said { message, fact }
}

/// What the bot says without having looked for an answer: `intent` tells why.
fn remark(outcome: AnswerOutcome, intent: &str, text: &str, lang: Lang, of: i64) -> Said {
    let fact = fact::Message { of: Some(of), outcome: Some(outcome), intent: Some(Some(intent.to_owned())), ..fact::Message::default() };
    Said { message: Message::answer(outcome, text, lang, None), fact }
}

async fn load(app: &App, tenant: TenantId, id: ConversationId) -> store::Result<Option<Arc<Conversation>>> {
    if let Some(known) = app.hub().head(tenant, id) {
        return Ok(Some(known));
    }
    let mut tx = app.db().read().await?;
    let found = store::conversations::find(&mut tx, tenant, id).await?.map(Arc::new);
    if let Some(found) = &found {
        app.hub().remember(found.clone());
    }
    Ok(found)
}

fn typing(app: &App, tenant: TenantId, id: ConversationId) {
    let frame = json!({"t": "typing", "conversation": id, "by": "bot", "on": true}).to_string();
    app.hub().lossy(tenant, id.uuid(), LossyKey::Typing(id.uuid()), &frame.into(), To::All);
}

/// Stores what the bot says, unless the conversation is not its own any more.
pub async fn say(app: &App, conversation: &Arc<Conversation>, answers: &StoredEntry, said: Said) {
    let name = bot_name(app, conversation).await;
    let epoch = conversation.epoch;
    let event = Event::BotSays { said: said.clone(), epoch };
    let hot = conversation.is_hot(&event).then(|| {
        let mut entry = conversation.message(&Actor::bot(&name), said.clone());
        entry.client_id = Some(perform::answer_id(conversation.id, answers.seq));
        (entry.into(), conversation.version)
    });
    let path = BotPath { tenant: conversation.tenant, conversation: conversation.id, said, epoch, of: answers.seq, name };
    let (done, wait) = oneshot::channel();
    let reply = Box::new(move |result: db::Result<db::writer::Outcome>| {
        let _ = done.send(result.is_ok());
    });
    app.db().writer().append(Append { conversation: conversation.id.uuid(), hot, otherwise: Box::new(path), fence: None, reply });
    let _ = wait.await;
}

/// The customer asked for a person in words.
async fn hand_over(app: &App, conversation: &Conversation, of: i64) -> Result<(), crate::bots::Error> {
    let (tenant, id, site, visitor, epoch) = (conversation.tenant, conversation.id, conversation.site, conversation.visitor, conversation.epoch);
    app.db()
        .writer()
        .write(Shard::Of(id.uuid()), move |tx| {
            Box::pin(async move {
                let Some(before) = store::conversations::lock(tx, tenant, id).await? else { return Ok(()) };
                if before.state != State::Bot || before.epoch != epoch {
                    return Ok(());
                }
                let queue = store::routing::queue_of_site(tx, tenant, site).await?;
                let event = perform::request_human(tx, &before, AskedVia::Words, Some(of), queue).await?;
                let transition = before.apply(event, &Actor::customer(visitor.uuid()), tx.now())?;
                store::conversations::commit(tx, &before, transition, None).await?;
                perform::route(tx, tenant).await
            })
        })
        .await?;
    Ok(())
}

/// A person was asked for in words while nobody is there: the bot says so, and that a message can be left.
async fn nobody_there(app: &App, conversation: &Arc<Conversation>, entry: &StoredEntry, service: Service) -> Result<(), crate::bots::Error> {
    let text = match conversation.lang {
        Lang::Zh => "现在不在人工服务时间。您可以留言，客服会在这里答复您；也可以继续问我。",
        Lang::En => "Nobody is here right now. Leave a message and a colleague will answer you here, or go on asking me.",
    };
    let mut said = remark(AnswerOutcome::Closed, HUMAN_REQUEST, text, conversation.lang, entry.seq);
    if let Message::Answer { opens_at, promised_by, .. } = &mut said.message {
        (*opens_at, *promised_by) = (service.opens_at, service.promised_by);
    }
    say(app, conversation, entry, said).await;
    Ok(())
}

/// The bot cannot look at files, and says so, once for all that came together.
async fn files_are_for_people(app: &App, conversation: &Arc<Conversation>, entry: &StoredEntry) -> Result<(), crate::bots::Error> {
    let text = match conversation.lang {
        Lang::Zh => "文件收到了。我看不了里面的内容，可以找人工来看。",
        Lang::En => "That has arrived. I cannot look inside files, but a person can.",
    };
    say(app, conversation, entry, remark(AnswerOutcome::NoAnswer, FILE, text, conversation.lang, entry.seq)).await;
    Ok(())
}

/// What the bot calls itself on this site.
async fn bot_name(app: &App, conversation: &Conversation) -> String {
    let Ok(mut tx) = app.db().read().await else { return String::new() };
    let site = store::sites::get(&mut tx, conversation.tenant, conversation.site).await;
    site.map(|site| site.settings.bot_name.get(conversation.lang).to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::{
        entry::EntryKind,
        id::{StreamName, VisitorId},
        journal::{StreamKind, Words, Written},
        time::HOUR,
    };

    use super::*;

    /// A file in a conversation that both companies call the same.
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
            body: Words::Plain("{}".to_owned()),
            staff: None,
            facts: r#"{"file":true}"#.to_owned(),
        };
        Arc::new(StoredEntry { kind: entry.kind.as_str().to_owned(), entry, seq: 1, pseq: Some(1), ord: Some(1), at })
    }

    #[test]
    fn files_wait_for_each_other_as_long_whatever_the_clock_said_before() {
        let (mut files, now) = (Files::default(), Ts(HOUR));
        files.came(file(1, now.plus(5 * HOUR)), now);
        assert_eq!(files.complete(now.plus(TOGETHER_MS - 1)).len(), 0);
        assert_eq!(files.complete(now.plus(TOGETHER_MS)).len(), 1);
        assert_eq!(files.complete(now.plus(TOGETHER_MS)).len(), 0);
        files.came(file(1, now), now);
        assert_eq!(files.complete(now.plus(-HOUR)).len(), 1, "the clock was put back while it waited");
    }

    #[test]
    fn a_file_takes_no_file_s_place_in_another_company() {
        let (mut files, now) = (Files::default(), Ts(HOUR));
        files.came(file(1, now), now);
        files.came(file(2, now), now);
        files.came(file(2, now), now);
        let mut whose: Vec<_> = files.complete(now.plus(TOGETHER_MS)).iter().map(|file| file.entry.tenant.uuid().as_u128()).collect();
        whose.sort_unstable();
        assert_eq!(whose, [1, 2]);
    }
}
