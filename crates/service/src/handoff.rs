//! What happened with the bot since it got a conversation, read from the journal; what the bot says when it offers a person; and what the person is told.
//!
//! The journal is the memory: it survives a restart and is the same on every node, and what lies before the last beginning with the bot plays no part.

use std::sync::{Arc, Mutex, PoisonError};

use bot::mood::{Mood as BotMood, mood};
use db::Tx;
use domain::{
    conversation::{AnswerOutcome, Conversation, Owner, Said, State},
    entry::{
        Body, EntryKind, Fact,
        body::{EndedBy, Handoff, HandoffSlot, HandoffSlotName, Message, ProductRef},
    },
    erasure::changes_earlier_words,
    handoff::{self, Answered, Turn},
    handoff_reason::{HandoffReason, Mood},
    id::{ConversationId, TenantId},
    journal::{StoredEntry, View},
    opening_hours::Service,
    stream::{StreamKind, StreamName},
    text::{Bilingual, Lang},
    time::{MINUTE, Ts},
};
use store::Result;

use crate::bounded::Bounded;

/// So many of the last entries of a conversation are read.
const LAST: i64 = 120;

/// Where the bot gets a conversation: what was said before plays no part.
const BEGINNINGS: [EntryKind; 4] = [EntryKind::Opened, EntryKind::Reopened, EntryKind::HandedBack, EntryKind::LeftQueue];
/// The conversations whose transcripts are kept in memory, of a few kilobytes each, and for how long.
const MOST_KEPT: usize = 1_024;
const KEPT_MS: i64 = 10 * MINUTE;

/// What was said to the bot since it got the conversation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Transcript {
    /// The turns, oldest first.
    pub turns: Vec<Turn>,
    /// The words of each; empty for a file and for a question that was pressed.
    pub words: Vec<String>,
    /// Where the part begins that was handed back to the bot; 0 if it was not.
    pub handed_back_at: i64,
}

impl Transcript {
    /// What was said since the last of these beginnings.
    async fn since(tx: &mut Tx, c: &Conversation, beginnings: &[EntryKind]) -> Result<Self> {
        let mut this = Self::default();
        for entry in last_entries(tx, c).await?.1 {
            this.note(&entry, i64::MAX, beginnings);
        }
        Ok(this)
    }

    /// Forgets what is no longer among the last entries, those after `first`.
    fn forget_before(&mut self, first: i64) {
        if self.handed_back_at <= first {
            self.handed_back_at = 0;
        }
        let gone = self.turns.partition_point(|turn| turn.asked <= first);
        self.turns.drain(..gone);
        self.words.drain(..gone);
    }

    fn note(&mut self, entry: &StoredEntry, until: i64, restarts: &[EntryKind]) {
        let Some(kind) = EntryKind::parse(&entry.kind) else { return };
        if kind == EntryKind::HandedBack {
            self.handed_back_at = entry.seq;
        }
        if restarts.contains(&kind) && entry.seq < until && !is_undo(entry) {
            (self.turns, self.words) = Default::default();
        }
        let Some(Fact::Message(fact)) = entry.fact() else { return };
        if let Some(of) = fact.of {
            let Some(turn) = self.turns.iter_mut().find(|turn| turn.asked == of) else { return };
            let (source, shows_button) = match entry.body() {
                Some(Body::Message(Message::Answer { source, offer_human, .. })) => (source, offer_human),
                _ => (None, false),
            };
            let (Some(outcome), intent) = (fact.outcome, fact.intent.flatten()) else { return };
            turn.answer = Some(Answered { seq: entry.seq, outcome, source, intent, confidence: fact.confidence, offered: fact.offer, shows_button });
        } else if fact.to == Some(Owner::Bot) && entry.seq < until {
            let words = match entry.body() {
                Some(Body::Message(Message::Text { text, .. })) => text,
                _ => String::new(),
            };
            self.turns.push(Turn { asked: entry.seq, mood: mood_of(&words), answer: None });
            self.words.push(words);
        }
    }
}

/// Whether it is no beginning, because an agent took the end back.
fn is_undo(entry: &StoredEntry) -> bool {
    matches!(entry.fact(), Some(Fact::Reopened(fact)) if fact.undo)
}

/// The transcripts of conversations that go on, so that each turn reads only what is new. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Transcripts(Arc<Mutex<Bounded<(TenantId, ConversationId), Kept>>>);

type Kept = Arc<Mutex<Told>>;

/// What was said up to an entry.
#[derive(Debug, Clone, Default)]
struct Told {
    transcript: Transcript,
    up_to: i64,
}

impl Default for Transcripts {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Bounded::new(MOST_KEPT, KEPT_MS))))
    }
}

impl Transcripts {
    /// What was said in a conversation before its entry `until`.
    pub async fn before(&self, tx: &mut Tx, c: &Conversation, until: i64) -> Result<Transcript> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).get((c.tenant, c.id), tx.now());
        let mut told = kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let transcript = told.go_on(tx, c, until).await?;
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = told;
        Ok(transcript)
    }
    /// Forgets the conversations in which nothing was said for a while.
    pub fn forget_idle(&self, now: Ts) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).forget_idle(now);
    }
}

impl Told {
    /// Goes on to the entry `until`, and returns what was said before it, with the answers that were given since.
    async fn go_on(&mut self, tx: &mut Tx, c: &Conversation, until: i64) -> Result<Transcript> {
        if (1..until).contains(&self.up_to) {
            let entries = entries_after(tx, c, self.up_to).await?;
            // With as many, there may be more; and what was taken back is not kept.
            if (entries.len() as i64) < LAST && !entries.iter().any(|entry| changes_earlier_words(entry.entry.kind)) {
                let head = entries.last().map_or(self.up_to, |entry| entry.seq);
                return Ok(self.note(&entries, head, until));
            }
        }
        *self = Self::default();
        let (head, entries) = last_entries(tx, c).await?;
        Ok(self.note(&entries, head, until))
    }

    /// Adds the entries after those that are known, the last of which is `head`.
    fn note(&mut self, entries: &[StoredEntry], head: i64, until: i64) -> Transcript {
        let (before, after) = entries.split_at(entries.partition_point(|entry| entry.seq < until));
        for entry in before {
            self.transcript.note(entry, until, &BEGINNINGS);
            self.up_to = entry.seq;
        }
        self.transcript.forget_before(head - LAST);
        let mut all = self.transcript.clone();
        after.iter().for_each(|entry| all.note(entry, until, &BEGINNINGS));
        all
    }
}

/// The number of the last entry of a conversation, and the last entries.
async fn last_entries(tx: &mut Tx, c: &Conversation) -> Result<(i64, Vec<StoredEntry>)> {
    let head = db::journal::head(tx, c.tenant, c.id.uuid()).await?.seq;
    Ok((head, entries_after(tx, c, (head - LAST).max(0)).await?))
}

async fn entries_after(tx: &mut Tx, c: &Conversation, seq: i64) -> Result<Vec<StoredEntry>> {
    let stream = StreamName { kind: StreamKind::Conversation, id: c.id.uuid() };
    Ok(db::journal::page(tx, c.tenant, stream, View::Staff, seq, LAST).await?)
}

/// The mood of a line.
pub fn mood_of(line: &str) -> Mood {
    match mood(line) {
        BotMood::Calm => Mood::Calm,
        BotMood::Cross => Mood::Cross,
        BotMood::Angry => Mood::Angry,
    }
}

/// The offer that the bot just made: its reason, and the number of the message that led to it.
pub async fn open_offer(tx: &mut Tx, c: &Conversation) -> Result<Option<(HandoffReason, i64)>> {
    if c.state != State::Bot {
        return Ok(None);
    }
    let transcript = Transcript::since(tx, c, &BEGINNINGS).await?;
    // The message that asks is not answered any more.
    let answered: Vec<Turn> = transcript.turns.into_iter().filter(|turn| turn.answer.is_some()).collect();
    Ok(handoff::open_offer(&answered).zip(answered.last().map(|turn| turn.asked)))
}

/// Who ended the last episode; the program, if that is not to be found.
pub async fn ended_by(tx: &mut Tx, c: &Conversation) -> Result<EndedBy> {
    let ended = last_entries(tx, c).await?.1.into_iter().rev().find_map(|entry| match entry.fact() {
        Some(Fact::Resolved(fact)) => Some(fact.by),
        _ => None,
    });
    Ok(ended.unwrap_or(EndedBy::System))
}

/// What happened with the bot, for the person who gets the conversation from it; `None` if the bot does not have it.
pub async fn packet(tx: &mut Tx, c: &Conversation, reason: HandoffReason) -> Result<Option<Box<Handoff>>> {
    if c.state != State::Bot {
        return Ok(None);
    }
    let transcript = Transcript::since(tx, c, &[EntryKind::Opened, EntryKind::Reopened, EntryKind::HandedBack]).await?;
    let mut slots = Vec::new();
    if let Some(id) = c.about
        && let Some(kind) = store::question_kinds::find(tx, c.tenant, id).await?
    {
        slots.push(HandoffSlot { name: HandoffSlotName::Question, id: id.to_string(), title: kind.name.get(c.lang).to_owned() });
    }
    if let Some(id) = &c.product
        && let Some(document) = store_hall::catalogue::product_of_old(tx, c.tenant, id).await?
        && let Ok(product) = serde_json::from_str::<ProductRef>(&document)
    {
        slots.push(HandoffSlot { name: HandoffSlotName::Product, id: id.clone(), title: product.name.get(c.lang).to_owned() });
    }
    let is_attribute = |answer: &&Answered| answer.outcome == AnswerOutcome::Attribute;
    let subject = transcript.turns.iter().rev().filter_map(|turn| turn.answer.as_ref()).find(is_attribute).and_then(|answer| answer.source.clone());
    if let Some(source) = subject.filter(|source| slots.iter().all(|slot| slot.id != source.id)) {
        slots.push(HandoffSlot { name: HandoffSlotName::Subject, id: source.id, title: source.title });
    }
    Ok(Some(Box::new(handoff::packet(reason, &transcript.turns, slots))))
}

/// The bot's answer whose own words offer a person; while nobody is available, they are replaced by the offer of leaving a message.
#[must_use]
pub fn with_own_offer(mut said: Said, reason: HandoffReason, service: Service) -> Said {
    if !service.open {
        return offering(said, reason, service);
    }
    said.fact.offer = Some(reason);
    said
}

/// The bot's answer with the offer of a person, or, while nobody is available, of leaving a message.
#[must_use]
pub fn offering(mut said: Said, reason: HandoffReason, service: Service) -> Said {
    let Message::Answer { outcome, text, lang, offer_human, opens_at, promised_by, .. } = &mut said.message else { return said };
    let offer = offer(reason, *lang, service.open);
    *text = match outcome {
        // The offer says as much.
        AnswerOutcome::NoAnswer => offer,
        AnswerOutcome::SmallTalk if *offer_human => offer,
        // What the customer may press stands below the last words.
        AnswerOutcome::DidYouMean => format!("{offer}\n\n{text}"),
        _ => format!("{text}\n\n{offer}"),
    };
    *offer_human = true;
    if !service.open {
        (*opens_at, *promised_by) = (service.opens_at, service.promised_by);
    }
    said.fact.offer = Some(reason);
    said
}

fn offer(reason: HandoffReason, lang: Lang, is_open: bool) -> String {
    let why = match (reason, lang) {
        (HandoffReason::Misses, Lang::Zh) => "这个我还是没有可靠的答案，不想乱猜。",
        (HandoffReason::Misses, Lang::En) => "I still have no reliable answer, and I would rather not guess.",
        (HandoffReason::Mood, Lang::Zh) => "给您添麻烦了，实在抱歉。",
        (HandoffReason::Mood, Lang::En) => "I am sorry for the trouble this has caused you.",
        (HandoffReason::Repetition, Lang::Zh) => "看来前面说的没有帮到您。",
        (HandoffReason::Repetition, Lang::En) => "It seems that what I said did not help.",
        _ => "",
    };
    let how = match (lang, is_open) {
        (Lang::Zh, true) => "要不要转人工？点下面或回复“好”就行，前面说过的不用再讲。",
        (Lang::En, true) => "Shall I get a person? Press the button below or say yes; you will not have to repeat anything.",
        (Lang::Zh, false) => "现在没有人工客服在线，您可以留言，客服会在这里答复您。",
        (Lang::En, false) => "Nobody is here right now. Leave a message and an agent will answer you here.",
    };
    let gap = if lang == Lang::En && !why.is_empty() { " " } else { "" };
    format!("{why}{gap}{how}")
}

/// Where help can be had, for somebody who seems to be in despair or in danger: the site's own text, or the usual one.
pub fn help_lines(own: &Bilingual, lang: Lang) -> String {
    let (own, usual) = match lang {
        Lang::Zh => (&own.zh, USUAL_ZH),
        Lang::En => (&own.en, USUAL_EN),
    };
    if own.trim().is_empty() { usual.to_owned() } else { own.clone() }
}

const USUAL_ZH: &str =
    "您说的事很要紧。如果您或身边的人有危险，请马上拨打 110（报警）、120（急救）或 119（火警）。心里难受、想找人说说话，可以拨打全国统一心理援助热线 12356。";
const USUAL_EN: &str = "I take what you wrote seriously. If you or somebody near you is in danger, call your local emergency number now (in China 110 for the police, 120 for an ambulance, \
    119 for fire; 112 in Europe, 911 in North America). If you are struggling and need to talk, you can call a crisis line at any time; in China, dial 12356.";

/// What the bot says to somebody who seems to be in despair or in danger.
pub fn first_help(own: &Bilingual, lang: Lang, is_open: bool) -> String {
    let next = match (lang, is_open) {
        (Lang::Zh, true) => "我这就通知客服，请他们尽快来和您说话。",
        (Lang::En, true) => "I am alerting a person right now, so that somebody comes to talk to you.",
        (Lang::Zh, false) => "现在没有客服在线，我已经通知他们，会尽快来和您说话。",
        (Lang::En, false) => "Nobody is here at the moment; I have alerted the team to what you wrote.",
    };
    format!("{}\n\n{next}", help_lines(own, lang))
}

#[cfg(test)]
mod tests {
    use domain::{
        conversation::AnswerOutcome,
        entry::body::Message,
        id::SiteId,
        journal::{Actor, Words, Written},
    };
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn entry(seq: i64, kind: EntryKind, facts: &serde_json::Value, text: &str) -> StoredEntry {
        let entry = Written {
            stream: StreamName { kind: StreamKind::Conversation, id: Uuid::from_u128(9) },
            tenant: TenantId::new(Uuid::from_u128(1)),
            kind,
            v: 1,
            actor: Actor::customer(Uuid::from_u128(7)),
            client_id: None,
            send_hash: 0,
            side: None,
            is_answer: false,
            body: Words::Plain(json!({"type": "text", "text": text}).to_string()),
            staff: None,
            facts: facts.to_string(),
        };
        StoredEntry { kind: entry.kind.as_str().to_owned(), entry, seq, pseq: Some(seq), ord: None, at: Ts(seq) }
    }

    #[test]
    fn what_is_kept_of_a_conversation_says_the_same_as_reading_it_again() {
        // Questions come in pairs, the first is answered before and the second after the next pair; now and then the conversation begins anew.
        let mut entries = Vec::new();
        let mut asked = Vec::new();
        for seq in 1..=400 {
            let question = json!({"ep": 1, "to": "bot"});
            entries.push(match seq % 10 {
                _ if seq % 97 == 0 => entry(seq, EntryKind::Reopened, &json!({}), ""),
                _ if seq % 131 == 0 => entry(seq, EntryKind::HandedBack, &json!({}), ""),
                1 | 2 | 5 | 6 => {
                    asked.push(seq);
                    entry(seq, EntryKind::Message, &question, &format!("question {seq}!"))
                }
                3 | 7 => entry(seq, EntryKind::Message, &json!({"ep": 1, "of": seq - 2, "outcome": "confident", "intent": "bill"}), "answer"),
                8 | 9 => entry(seq, EntryKind::Message, &json!({"ep": 1, "of": seq - 6, "outcome": "no_answer", "intent": null, "offer": "misses"}), "answer"),
                _ => entry(seq, EntryKind::Message, &json!({"ep": 1, "to": "agent"}), "to a person"),
            });
        }
        let (mut told, mut head, mut with_answers) = (Told::default(), 0, 0);
        for (at, until) in asked.iter().enumerate() {
            // The bot is late by up to some entries, and now and then asked about an earlier one.
            let until = if at % 23 == 0 { asked[at / 2] } else { *until };
            head = head.max(until + (at as i64 * 7) % 15).min(400);
            let first = (head - LAST).max(0);
            if told.up_to >= until {
                told = Told { up_to: first, ..Told::default() };
            }
            let kept = told.note(&entries[told.up_to as usize..head as usize], head, until);
            let mut read = Transcript::default();
            entries[first as usize..head as usize].iter().for_each(|entry| read.note(entry, until, &BEGINNINGS));
            assert_eq!(kept, read, "before {until} of {head}");
            with_answers += usize::from(kept.turns.len() > 20 && kept.turns.iter().any(|turn| turn.answer.is_some()));
        }
        assert!(with_answers > 20, "{with_answers}");
    }

    #[test]
    fn an_end_that_is_taken_back_begins_nothing() {
        let question = json!({"ep": 1, "to": "bot"});
        for (undo, kept) in [(true, 1), (false, 0)] {
            let facts = json!({"ep": 1, "with": "agent", "lang": "en", "channel": "web", "site": SiteId::new(Uuid::from_u128(3)), "queue": null, "undo": undo});
            let mut read = Transcript::default();
            for one in [entry(1, EntryKind::Message, &question, "a question"), entry(2, EntryKind::Reopened, &facts, "")] {
                assert!(one.fact().is_some());
                read.note(&one, i64::MAX, &BEGINNINGS);
            }
            assert_eq!(read.turns.len(), kept, "{undo}");
        }
    }

    fn open() -> Service {
        Service { open: true, opens_at: None, promised_by: None }
    }
    fn text(said: &Said) -> (&str, bool) {
        let Message::Answer { text, offer_human, .. } = &said.message else { panic!("{said:?}") };
        (text, *offer_human)
    }

    #[test]
    fn an_offer_goes_with_the_answer_and_takes_the_place_of_none() {
        let answer = |outcome, text| Said::from(Message::answer(outcome, text, Lang::En, None));
        let found = offering(answer(AnswerOutcome::Confident, "Dial *100#."), HandoffReason::Mood, open());
        assert_eq!(
            text(&found).0,
            "Dial *100#.\n\nI am sorry for the trouble this has caused you. Shall I get a person? Press the button below or say yes; you will not have to repeat anything."
        );
        assert_eq!((text(&found).1, found.fact.offer), (true, Some(HandoffReason::Mood)));
        let missed = offering(answer(AnswerOutcome::NoAnswer, "I do not know."), HandoffReason::Misses, open());
        assert!(text(&missed).0.starts_with("I still have no reliable answer"), "{missed:?}");
        let asks = offering(answer(AnswerOutcome::DidYouMean, "Which one?"), HandoffReason::Repetition, open());
        assert!(text(&asks).0.ends_with("\n\nWhich one?"), "{asks:?}");
        let closed = Service { open: false, ..open() };
        assert!(text(&offering(answer(AnswerOutcome::NoAnswer, "x"), HandoffReason::Misses, closed)).0.contains("Leave a message"));
    }

    #[test]
    fn words_that_offer_a_person_stay_unless_nobody_is_there() {
        let answer = || {
            Said::from(Message::Answer {
                outcome: AnswerOutcome::SmallTalk,
                text: "A person can look into it.".to_owned(),
                lang: Lang::En,
                source: None,
                options: Vec::new(),
                related: Vec::new(),
                offer_human: true,
                opens_at: None,
                promised_by: None,
                ord: None,
            })
        };
        let told = with_own_offer(answer(), HandoffReason::Repetition, open());
        assert_eq!((text(&told).0, told.fact.offer), ("A person can look into it.", Some(HandoffReason::Repetition)));
        let closed = with_own_offer(answer(), HandoffReason::Repetition, Service { open: false, ..open() });
        assert!(text(&closed).0.contains("Leave a message") && closed.fact.offer.is_some(), "{closed:?}");
    }

    #[test]
    fn help_is_named_in_the_customers_language_and_as_the_site_says() {
        let own = Bilingual { zh: String::new(), en: "Call 0800 1111.".to_owned() };
        assert!(first_help(&own, Lang::En, true).starts_with("Call 0800 1111.\n\n"));
        let zh = first_help(&own, Lang::Zh, false);
        assert!(["110", "120", "12356"].iter().all(|number| zh.contains(number)), "{zh}");
    }
}
