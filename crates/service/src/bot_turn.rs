//! The bot's turn: it answers each message once, for the epoch the message was sent in, or hands the conversation over to a human agent.

use std::sync::Arc;

use bot::{Answer, Bot, Lang as BotLang, Outcome as Found, Thread, Turn, intent};
use db::{
    Db, Shard, Tx, journal,
    writer::{Outcome, Verdict},
};
use domain::{
    conversation::{self, AnswerOutcome, Conversation, Event, Said, State},
    effect::Effect,
    entry::{
        Body as EntryBody, Changed,
        body::{AnswerChoice, AnswerSource, AskedVia, Message},
        fact,
    },
    handoff::{self as rule, Line, Step},
    handoff_reason::HandoffReason,
    id::ConversationId,
    journal::{Actor, StoredEntry},
    learning::helps_choose,
    opening_hours::Service,
    refusal::{Code, Refusal},
    stream::StreamKind,
    text::Lang,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::{Error, Result, TenantTx, bot_threads, conversations, sends, sites::Site};
use uuid::Uuid;

use crate::{
    about,
    act::{self, Act, Sender},
    ask::Ask,
    bots::{Bots, bot_lang, lang_of_bot},
    consequence, danger, hand_over, handoff,
    handoff::{Transcript, Transcripts},
    hidden_numbers::Numbers,
};

/// The intent recorded when the bot responds to a file: there was no question.
pub const FILE: &str = "file";
/// So many earlier lines are compared with a line to tell whether it asks again.
const ASKED_BEFORE: usize = 6;
/// The bot's response to a message.
#[derive(Debug)]
pub enum Reply {
    /// The bot answers.
    Say {
        /// The answer.
        said: Box<Said>,
        /// What it remembers from now on, if that has changed.
        thread: Option<Box<Thread>>,
    },
    /// A human agent takes over.
    HandOver(HandoffReason),
    /// Somebody may be in danger: this is said at once, the staff are alerted, and a human agent takes over if one can be asked for.
    Alarm {
        /// What is said.
        said: Box<Said>,
        /// The number of the message that says so.
        about: i64,
    },
}

impl From<Said> for Reply {
    fn from(said: Said) -> Self {
        Self::Say { said: Box::new(said), thread: None }
    }
}

impl Reply {
    /// The same, with these words before what is said.
    fn after(mut self, words: &str) -> Self {
        if let Self::Say { said, .. } = &mut self
            && let Message::Answer { text, .. } = &mut said.message
        {
            *text = format!("{words}\n\n{text}");
        }
        self
    }
}

/// What the bot has to know before it responds to a message, read at one moment.
struct Known {
    transcript: Transcript,
    thread: Thread,
    site: Site,
    service: Service,
}

/// What the bot remembers after an entry.
#[derive(Serialize, Deserialize)]
struct Remembered {
    /// The number of the entry.
    of: i64,
    thread: Thread,
}

impl Known {
    /// `None` if the words of the entry were taken back: whoever did that later than this moment changed the conversation since, which is seen where something is stored.
    async fn before(db: &Db, transcripts: &Transcripts, conversation: &Conversation, entry: i64) -> Result<Option<Self>> {
        let mut tx = db.snapshot_of(conversation.tenant).await?;
        if journal::is_withdrawn(&mut tx, conversation.tenant, conversation.id.uuid(), entry).await? {
            return Ok(None);
        }
        let transcript = transcripts.before(&mut tx, conversation, entry).await?;
        let state = bot_threads::get(&mut tx, conversation).await?;
        let remembered = state.and_then(|state| serde_json::from_str(&state).ok()).filter(|known: &Remembered| known.of < entry);
        let site = store::sites::get(&mut tx, conversation.tenant, conversation.site).await?;
        let (_, service) = about::place(&mut tx, &site, conversation.about).await?;
        // It remembers nothing after a change of owner or the end of an episode, nor what it was about to say to this entry when its process ended.
        let thread = remembered.map(|known| known.thread).unwrap_or_default();
        Ok(Some(Self { transcript, thread, site, service }))
    }

    /// A person is wanted: they take over, or, while nobody is available, the bot says so.
    fn call(self, lang: Lang, of: i64, reason: HandoffReason) -> Reply {
        if self.service.open { Reply::HandOver(reason) } else { nobody_there(lang, of, self.service).into() }
    }

    /// Somebody is in danger: where help can be had, in the language of their words.
    fn alarm(&self, of: i64, about: i64, lang: BotLang) -> Reply {
        let lang = lang_of_bot(lang);
        let text = handoff::first_help(&self.site.settings.help_lines, lang, self.service.open);
        Reply::Alarm { said: Box::new(remark(AnswerOutcome::Danger, intent::DANGER, &text, lang, of)), about }
    }
}

/// Gets what the bot's response to an entry needs from outside: the vectors of what is asked, if embeddings count.
pub async fn prepare(db: &Db, bots: &Bots, bot: &Bot, conversation: &Conversation, entry: &StoredEntry) {
    if let (Some(embeddings), Some(EntryBody::Message(Message::Text { text, .. }))) = (bots.embeddings(), entry.body()) {
        embeddings.prepare(conversation.tenant, bot, &text, bot_lang(conversation.lang), db.now()).await;
    }
}

/// Decides the bot's response to an entry of a conversation it owns; `None` if there is nothing to respond to.
pub async fn reply(db: &Db, bots: &Bots, bot: &Bot, conversation: &Conversation, entry: &StoredEntry) -> Result<Option<Reply>> {
    let lang = bot_lang(conversation.lang);
    let Some(EntryBody::Message(message)) = entry.body() else { return Ok(None) };
    let Some(mut known) = Known::before(db, bots.transcripts(), conversation, entry.seq).await? else { return Ok(None) };
    let (pressed, text) = match message {
        Message::Choice { text, answer, .. } => (bot.entry_answer(&answer, bot.language_of(&text, lang)), text),
        Message::Text { text, .. } => (None, text),
        _ => {
            let said = files_are_for_people(conversation.lang, entry.seq, known.thread.notes_a_file());
            return Ok(Some(Reply::Say { said: Box::new(said), thread: Some(Box::new(known.thread)) }));
        }
    };
    // What was said to a person before the conversation was handed back is no question to the bot.
    if entry.seq < known.transcript.handed_back_at {
        return Ok(None);
    }
    let asked = Asked { seq: entry.seq, text: &text, lang, is_pressed: pressed.is_some(), thread: &known.thread };
    let turn = Turn { text: &text, lang_hint: lang, product: conversation.product.as_deref(), thread: Some(&known.thread) };
    let answer = pressed.map_or_else(|| bot.answer(&turn), |answer| answer.after_pressing(&known.thread, &text));
    let terms = Terms { offer_after_misses: known.site.settings.offer_after_misses, service: known.service };
    // Whoever may be in danger is told where help can be had, whatever else is said.
    let help = answer.offers_help().then(|| handoff::help_lines(&known.site.settings.help_lines, lang_of_bot(answer.lang)));
    let reply = match decide(bot, &known.transcript, &asked, answer, terms) {
        Decision::Alarm { about, lang } => known.alarm(entry.seq, about, lang),
        Decision::Call { reason, lang } => known.call(lang_of_bot(lang), entry.seq, reason),
        Decision::Say { said, thread } => Reply::Say { said, thread: Some(thread) },
    };
    Ok(Some(match help {
        Some(help) => reply.after(&help),
        None => reply,
    }))
}

/// A line to the bot.
pub(crate) struct Asked<'a> {
    /// The number of the message.
    pub seq: i64,
    /// Its words.
    pub text: &'a str,
    /// The language of the screen.
    pub lang: BotLang,
    /// Whether the customer pressed a question that was shown.
    pub is_pressed: bool,
    /// What the bot remembered before it.
    pub thread: &'a Thread,
}

/// The terms on which a site offers a person.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    /// The number of misses in a row after which a person is offered; 0 for never.
    pub offer_after_misses: u8,
    /// Whether somebody is there.
    pub service: Service,
}

/// What comes of the bot's answer.
pub(crate) enum Decision {
    /// Somebody is in danger, or may be and wants a person.
    Alarm {
        /// The number of the message that says so.
        about: i64,
        /// The language of the customer's words.
        lang: BotLang,
    },
    /// A person is wanted.
    Call {
        /// Why.
        reason: HandoffReason,
        /// The language of the customer's words.
        lang: BotLang,
    },
    /// It is said, perhaps with the offer of a person.
    Say {
        /// What is said.
        said: Box<Said>,
        /// What the bot remembers from now on.
        thread: Box<Thread>,
    },
}

/// Decides what comes of the bot's answer to a line, given what was said before.
pub(crate) fn decide(bot: &Bot, before: &Transcript, asked: &Asked<'_>, mut answer: Answer, terms: Terms) -> Decision {
    // Words that offer a person by the way may also be taken note of.
    let is_question = rule::open_offer(&before.turns).is_some() || !bot::mood::takes_note(asked.text);
    let offered = rule::open_question(&before.turns).filter(|_| !asked.is_pressed && is_question);
    let says_yes = offered.and_then(|_| bot::mood::agrees(asked.text));
    let accepted = offered.filter(|_| says_yes == Some(true));
    let (lang, worry) = (answer.lang, rule::last_worry(&before.turns));
    let call = |reason| match reason {
        HandoffReason::Danger => Decision::Alarm { about: worry.unwrap_or(asked.seq), lang },
        reason => Decision::Call { reason, lang },
    };
    let outcome = match answer.outcome {
        Found::HumanRequest if answer.intent.as_deref() == Some(intent::DANGER) => return Decision::Alarm { about: asked.seq, lang },
        // Whoever may be in danger and asks for a person is no less urgent for asking plainly.
        Found::HumanRequest if worry.is_some() => return call(HandoffReason::Danger),
        // "No, I do not need a person" names one and wants none.
        Found::HumanRequest if says_yes == Some(false) => AnswerOutcome::SmallTalk,
        Found::HumanRequest => return call(accepted.unwrap_or(HandoffReason::Asked)),
        Found::Confident => AnswerOutcome::Confident,
        Found::DidYouMean => AnswerOutcome::DidYouMean,
        Found::NoAnswer => AnswerOutcome::NoAnswer,
        Found::SmallTalk => AnswerOutcome::SmallTalk,
        Found::Attribute => AnswerOutcome::Attribute,
    };
    if let Some(reason) = accepted {
        return call(reason);
    }
    if says_yes == Some(false) {
        let said = answer_message(bot::acknowledgement(answer.lang), AnswerOutcome::SmallTalk, asked.seq);
        return Decision::Say { said: Box::new(said), thread: Box::new(asked.thread.clone()) };
    }
    let line = if asked.is_pressed { Line::default() } else { line_of(bot, before, asked, &answer) };
    let thread = Box::new(std::mem::take(&mut answer.thread));
    let said = answer_message(answer, outcome, asked.seq);
    let said = match rule::step(&before.turns, line, terms.offer_after_misses) {
        Step::GoOn => said,
        Step::Offer(reason) => handoff::offering(said, reason, terms.service),
        Step::Offered(reason) => handoff::with_own_offer(said, reason, terms.service),
        Step::Call(reason) => return call(reason),
    };
    Decision::Say { said: Box::new(said), thread }
}

/// Stores what the bot remembers of a conversation after the entry `of`, unless its words were taken back meanwhile. It is stored before the answer is said: once a
/// customer can reply to the answer, the bot knows what it said.
pub async fn remember(db: &Db, conversation: &Conversation, of: i64, thread: Thread) -> Result<()> {
    let place = bot_threads::Place { conversation: conversation.id, epoch: conversation.epoch, episode: conversation.episode.number };
    let (tenant, state) = (conversation.tenant, serde_json::to_string(&Remembered { of, thread }).unwrap_or_default());
    let id = conversation.id.uuid();
    db.writer()
        .write(Shard::Of(id), move |tx| {
            Box::pin(async move {
                journal::lock(tx, &[(tenant.uuid(), id, StreamKind::Conversation)]).await?;
                if journal::is_withdrawn(tx, tenant, id, of).await? {
                    return Ok(());
                }
                bot_threads::put(tx, tenant, place, &state).await
            })
        })
        .await
}

/// What the rules of handing over have to know of a line and of the bot's answer to it. Whether the same entry answers it as before is not asked: the bot says so
/// itself where it is a different question.
fn line_of(bot: &Bot, before: &Transcript, asked: &Asked<'_>, answer: &Answer) -> Line {
    let is_small_talk = answer.outcome == Found::SmallTalk;
    let earlier: Vec<&str> = before.words.iter().rev().take(ASKED_BEFORE).map(String::as_str).filter(|words| !words.is_empty()).collect();
    Line {
        mood: handoff::mood_of(asked.text),
        is_repeated: !is_small_talk && !bot::is_short_answer(asked.text) && bot.asks_again(asked.text, &earlier, asked.lang),
        hint: answer.wishes_person.then_some(if answer.may_be_danger { HandoffReason::Danger } else { HandoffReason::Wish }),
        is_missed: matches!(answer.outcome, Found::NoAnswer | Found::DidYouMean) && !helps_choose(answer.intent.as_deref()),
        is_in_vain: is_small_talk && !answer.wishes_person && answer.offers_person(),
    }
}

/// The bot's answer to the message `of`, as a message to store.
fn answer_message(answer: Answer, outcome: AnswerOutcome, of: i64) -> Said {
    let lang = lang_of_bot(answer.lang);
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

/// A remark the bot makes without having looked for an answer; `intent` says why.
fn remark(outcome: AnswerOutcome, intent: &str, text: &str, lang: Lang, of: i64) -> Said {
    let fact = fact::Message { of: Some(of), outcome: Some(outcome), intent: Some(Some(intent.to_owned())), ..fact::Message::default() };
    Said { message: Message::answer(outcome, text, lang, None), fact }
}

/// The answer when the customer asked in words for a human agent and nobody is available: the bot says so, and that the customer can leave a message.
fn nobody_there(lang: Lang, of: i64, service: Service) -> Said {
    let text = match lang {
        Lang::Zh => "现在没有人工客服在线。您可以留言，客服会在这里答复您；也可以继续问我。",
        Lang::En => "Nobody is here right now. Leave a message and an agent will answer you here, or keep asking me.",
    };
    let mut said = remark(AnswerOutcome::Closed, intent::HUMAN_REQUEST, text, lang, of);
    if let Message::Answer { opens_at, promised_by, .. } = &mut said.message {
        (*opens_at, *promised_by) = (service.opens_at, service.promised_by);
    }
    said
}

/// The answer to files: the bot cannot look at them and says so, once for all files that arrived together; for later ones it only says that they have come.
fn files_are_for_people(lang: Lang, of: i64, is_first: bool) -> Said {
    let text = match (lang, is_first) {
        (Lang::Zh, true) => "文件收到了，但我看不了里面的内容，可以找人工来看。",
        (Lang::Zh, false) => "这份也收到了，和前面的放在一起，人工接手时都能看到。",
        (Lang::En, true) => "I have received it. I cannot look inside files, but a person can.",
        (Lang::En, false) => "I have received this one too. Whoever takes over will see them all.",
    };
    remark(AnswerOutcome::NoAnswer, FILE, text, lang, of)
}

/// Stores the bot's answer to the message `of`, unless the bot no longer owns the conversation, or the message was taken back. Returns once that is decided.
pub async fn say(db: &Db, conversation: &Arc<Conversation>, of: i64, said: Box<Said>) {
    let sender = Sender::Bot { tenant: conversation.tenant, name: name(db, conversation).await };
    let act = Act {
        sender,
        subject: conversation.id.uuid(),
        client_id: answer_id(conversation.id, of),
        digest: 0,
        ask: Ask {
            channel: conversation.channel,
            beginning: None,
            asked: conversation::Asked::Answer { said, epoch: conversation.epoch, of },
            numbers: Numbers::default(),
            sealer: None,
        },
    };
    act::outcome_of(db, Some(&**conversation), act).await;
}

/// The bot's display name on this site.
async fn name(db: &Db, conversation: &Conversation) -> String {
    let Ok(mut tx) = db.read_of(conversation.tenant).await else { return String::new() };
    let site = store::sites::get(&mut tx, conversation.tenant, conversation.site).await;
    site.map(|site| site.settings.bot_name.get(conversation.lang).to_owned()).unwrap_or_default()
}

/// Handles a request for a human agent that the customer made in the message `of`.
pub async fn hand_over(db: &Db, conversation: &Conversation, of: i64, reason: HandoffReason) -> Result<()> {
    let Conversation { tenant, id, epoch, .. } = *conversation;
    db.writer()
        .write(Shard::Of(id.uuid()), move |tx| {
            Box::pin(async move {
                let Some(before) = conversations::lock(tx, tenant, id).await? else { return Ok(()) };
                if before.state != State::Bot || before.epoch != epoch || journal::is_withdrawn(tx, tenant, id.uuid(), of).await? {
                    return Ok(());
                }
                pass_on(tx, &before, of, reason).await
            })
        })
        .await
}

/// The conversation goes from the bot to its queue, and whoever gets it is told what happened.
async fn pass_on(tx: &mut Tx, before: &Conversation, of: i64, reason: HandoffReason) -> Result<()> {
    let site = store::sites::get(tx, before.tenant, before.site).await?;
    let (queue, _) = about::place(tx, &site, before.about).await?;
    let event = hand_over::request_human(tx, before, (AskedVia::Words, Some(of)), reason, queue).await?;
    let customer = Actor::customer(before.visitor.uuid());
    let transition = before.apply(event, &customer, tx.now())?;
    consequence::commit(tx, before, transition, &customer, None).await.map(drop)
}

/// Somebody may be in danger, as the message `about` says: tells where help can be had, alerts the staff, and hands over if a person can be asked for. All of it
/// happens, or nothing. `of` is the message that the bot answers.
pub async fn raise_alarm(db: &Db, conversation: &Conversation, of: i64, about: i64, said: Box<Said>) -> Result<()> {
    let Conversation { tenant, id, epoch, .. } = *conversation;
    let bot = Actor::bot(&name(db, conversation).await);
    let said = Arc::new(said);
    db.writer()
        .write(Shard::Of(id.uuid()), move |tx| {
            let (bot, said) = (bot.clone(), said.clone());
            Box::pin(async move {
                let Some(before) = conversations::lock(tx, tenant, id).await? else { return Ok(()) };
                let known = sends::find(tx, tenant, id.uuid(), answer_id(id, of), None, 0).await?;
                // Whoever took the words back has alerted the staff by that.
                let is_gone = journal::is_withdrawn(tx, tenant, id.uuid(), of).await?;
                if before.state != State::Bot || before.epoch != epoch || known.is_some() || is_gone {
                    return Ok(());
                }
                // Of a worrying message that is gone, the request for a person remains.
                let about = if journal::is_withdrawn(tx, tenant, id.uuid(), about).await? { of } else { about };
                let answered = before.apply(Event::BotSays { said: (**said).clone(), epoch }, &bot, tx.now())?;
                conversations::commit(tx, &before, answered, Some((answer_id(id, of), 0))).await?;
                let alerted = danger::alert(tx, &before, about).await?;
                let site = store::sites::get(tx, tenant, before.site).await?;
                if about::place(tx, &site, before.about).await?.1.open {
                    pass_on(tx, &alerted, of, HandoffReason::Danger).await?;
                    // The alert is older: who reads it is to see where the conversation is now.
                    TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Alerts).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Runs a bot answer on the full path: if the bot no longer owns the conversation, the answer is dropped and recorded as superseded.
pub(crate) async fn run(act: &Act<Conversation>, tx: &mut Tx) -> db::Result<Verdict> {
    match perform(act, tx).await {
        Ok(outcome) => Ok(Verdict::Keep(outcome)),
        Err(Error::Db(error)) => Err(error),
        Err(_) => Ok(Verdict::Undo(Refusal::new(Code::NotFound))),
    }
}

async fn perform(act: &Act<Conversation>, tx: &mut Tx) -> Result<Outcome> {
    let conversation::Asked::Answer { said, epoch, of } = &act.ask.asked else { return Err(Error::NotFound) };
    let tenant = act.sender.tenant();
    let before = conversations::lock(tx, tenant, ConversationId::new(act.subject)).await?.ok_or(Error::NotFound)?;
    if let Some(first) = sends::find(tx, tenant, act.subject, act.client_id, None, act.digest).await? {
        return Ok(Ok(first));
    }
    if journal::is_withdrawn(tx, tenant, act.subject, *of).await? {
        return Ok(Err(Refusal::new(Code::WordsGone)));
    }
    let actor = act.sender.actor();
    match before.apply(Event::BotSays { said: (**said).clone(), epoch: *epoch }, &actor, tx.now()) {
        Ok(transition) => Ok(Ok(conversations::commit(tx, &before, transition, Some((act.client_id, act.digest))).await?)),
        Err(refusal) => {
            // Recorded under its own id, so that a customer who returns to the bot still gets an answer to this message.
            let dropped = superseded_id(act.client_id, *epoch);
            if sends::find(tx, tenant, act.subject, dropped, None, 0).await?.is_some() {
                return Ok(Err(refusal));
            }
            let mut entry = before.bot_superseded(actor, *of, *epoch);
            entry.client_id = Some(dropped);
            journal::append(tx, vec![(entry.into(), journal::Guard::Becomes(before.version))]).await?;
            let was = Some(before.place());
            tx.effect(Effect::Conversation { now: Arc::new(before), was });
            Ok(Err(refusal))
        }
    }
}

/// The id under which the answer to a message is stored. It is the same on every node, so a message is answered only once.
fn answer_id(conversation: ConversationId, of: i64) -> Uuid {
    id_of(&Sha256::new().chain_update(conversation.uuid().as_bytes()).chain_update(of.to_be_bytes()).finalize())
}

/// The id under which it is recorded, once, that an answer computed for this epoch was dropped.
fn superseded_id(answer: Uuid, epoch: i64) -> Uuid {
    id_of(&Sha256::new().chain_update(answer.as_bytes()).chain_update(epoch.to_be_bytes()).finalize())
}

fn id_of(sum: &[u8]) -> Uuid {
    uuid::Builder::from_custom_bytes(std::array::from_fn(|i| sum[i])).into_uuid()
}
