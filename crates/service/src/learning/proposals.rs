//! Questions worth teaching in groups that ask the same, each with the answer that agents gave after it. Nothing of this is published by itself.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{Hash as _, Hasher as _},
    sync::Arc,
};

use bot::{
    Bot,
    agent_replies::{self, Said},
};
use content::knowledge::MAX_QUESTION_CHARS;
use db::Db;
use domain::{
    id::{ConversationId, TenantId},
    learning::Reason,
    masking::{HIDDEN, anonymous},
    policy::Staff,
    text::{Bilingual, Lang, preview},
    time::{DAY, Ts},
};
use serde::{Deserialize, Serialize};
use store_knowledge::{
    questions::{self, Place},
    unanswered::{Noted, Unanswered, Wanted},
};
use utoipa::ToSchema;

use super::{CandidateView, lang_of, name_of, reach::Reach};
use crate::{
    bots::{Bots, Error, bot_lang},
    latest::Anything,
    recent::Source,
};

/// Questions older than this many days are no longer shown.
const SHOWN_DAYS: i64 = 90;
/// The most questions that are considered, starting with the newest.
const MOST: i64 = 2_000;
/// The most examples and phrasings of a group.
const EXAMPLES: usize = 20;
/// Of how many places of a group the words are shown.
const PLACES: usize = 50;
/// What is shown of a long line, in characters.
const SHOWN_CHARS: usize = MAX_QUESTION_CHARS;

/// The moment from which questions are shown.
const fn since(now: Ts) -> Ts {
    now.plus(-SHOWN_DAYS * DAY)
}

/// Questions that the bot can learn from.
#[derive(Debug)]
pub struct UnansweredQuestions {
    /// The most frequently asked first.
    pub items: Vec<QuestionGroup>,
    /// The number of questions in all that the reader may know.
    pub total: usize,
}

/// Questions that ask the same.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = UnansweredGroup)]
pub struct QuestionGroup {
    /// The question that represents the group, with anything that could identify a person hidden.
    pub question: String,
    /// The language of the question.
    pub lang: Lang,
    /// How often it was asked.
    pub count: usize,
    /// When it was last asked.
    pub last_at: Ts,
    /// Why it is worth teaching, strongest reason first.
    pub reasons: Vec<ReasonCount>,
    /// Different wordings of it, at most twenty, with the same things hidden.
    pub examples: Vec<String>,
    /// Wordings in which nothing had to be hidden, short enough for a new entry to begin with.
    pub phrasings: Vec<String>,
    /// Where it was asked, newest first.
    pub asked: Vec<Asked>,
    /// When it was asked and in which words, in the same order, at most the first fifty.
    pub places: Vec<AskedThen>,
    /// The entry of the draft that it belongs to: the one that most customers pressed when the bot asked back, or else the one that it resembles most.
    #[schema(required)]
    pub near: Option<CandidateView>,
    /// How many customers pressed `near`; 0 if it is only alike.
    pub pressed: usize,
    /// The entry whose answer did not help, if customers said so.
    #[schema(required)]
    pub poor: Option<EntryName>,
    /// What agents answered, if they did.
    #[schema(required)]
    pub answer: Option<MinedAnswer>,
}

/// A reason, and for how many of a group's questions it applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LearningReasonCount)]
pub struct ReasonCount {
    /// The reason.
    pub reason: Reason,
    /// The number of questions.
    pub count: usize,
}

/// An entry by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = KnowledgeEntryName)]
pub struct EntryName {
    /// The entry's id.
    pub id: String,
    /// The entry's question in both languages.
    pub name: Bilingual,
}

/// What agents answered to a question: of all their replies the most typical one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MinedAnswer {
    /// The reply without courtesies, with anything that could identify a person hidden.
    pub text: String,
    /// The language of the reply.
    pub lang: Lang,
    /// Whether something is hidden in it.
    pub masked: bool,
    /// The conversation in which it was said.
    pub conversation: ConversationId,
    /// The number of the message with which it begins.
    pub seq: i64,
    /// The number of conversations in which agents answered the question.
    pub replies: usize,
}

/// Where a question was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The conversation in which it was asked.
    pub conversation: ConversationId,
    /// The number of the customer's message.
    pub seq: i64,
}

/// When and in which words a question was asked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AskedThen {
    /// When it was asked.
    pub at: Ts,
    /// The customer's words, with anything that could identify a person hidden.
    pub text: String,
}

/// Open questions as they were read, newest first, and what a member may know of their conversations.
struct Open {
    questions: Vec<Unanswered>,
    reach: Reach,
}

/// Reads the open questions, whether the member may know them or not, and says from what a result for this reader is computed.
async fn open(db: &Db, reader: &Staff, wanted: Wanted) -> store::Result<(Open, Source)> {
    let mut tx = db.snapshot_of(reader.tenant).await?;
    let now = tx.now();
    let revision = store_knowledge::knowledge_drafts::state(&mut tx, reader.tenant).await?.revision;
    let questions = store_knowledge::unanswered::open(&mut tx, reader.tenant, Wanted { since: wanted.since.max(since(now)), ..wanted }, MOST).await?;
    let reach = Reach::of(&mut tx, reader, questions.iter().map(|one| one.noted.conversation)).await?;
    let mut digest = std::hash::DefaultHasher::new();
    for Unanswered { noted: Noted { conversation, seq, at, lang, reason, about }, text: _ } in &questions {
        (conversation, seq, at.0, lang.tag(), reason.as_str(), about, reach.may_read(*conversation)).hash(&mut digest);
    }
    Ok((Open { questions, reach }, Source { grants: reader.grants, revision, questions: digest.finish() }))
}

/// The same without what the member may not know. This takes a while.
async fn only_known(mut open: Open) -> Result<Open, Error> {
    let known = move || {
        open.reach.retain(&mut open.questions, |one| (one.noted.conversation, one.text.as_str()));
        open
    };
    tokio::task::spawn_blocking(known).await.map_err(|_| Error::Training)
}

/// The number of questions of the last 90 days that nobody has settled, as far as a member may know them.
///
/// # Errors
/// If the store cannot be read.
pub async fn count(bots: &Bots, db: &Db, reader: &Staff) -> Result<i64, Error> {
    if reader.reads_everything() {
        let mut tx = db.read_of(reader.tenant).await.map_err(store::Error::from)?;
        let now = tx.now();
        return Ok(store_knowledge::unanswered::count(&mut tx, reader.tenant, since(now)).await?);
    }
    let wanted = Wanted::since(Ts(0));
    let (open, source) = open(db, reader, wanted).await?;
    let count = async { Ok(only_known(open).await?.questions.len() as i64) };
    bots.counts().get((reader.tenant, reader.agent, wanted), source, db.now(), count).await
}

/// The questions of the last 90 days that nobody has settled, as far as they are `wanted` and a member may know them, grouped by what they ask. Lines about
/// despair or danger are never among them. What was grouped for this member less than a minute ago is returned again if the questions and the draft are the same.
///
/// # Errors
/// If the store cannot be read, or the draft's bot cannot be trained.
pub async fn list(bots: &Bots, db: &Db, reader: &Staff, wanted: Wanted) -> Result<Arc<UnansweredQuestions>, Error> {
    let (open, source) = open(db, reader, wanted).await?;
    let found = bots.groupings().get((reader.tenant, reader.agent, wanted), source, db.now(), group_all(bots, db, reader.tenant, open)).await?;
    found.downcast().map_err(|_| Error::Training)
}

/// Those of these questions that a member may know, whether they are settled or not: by the same rule as in the list, so that the others are to the member as
/// if nobody had asked them.
///
/// # Errors
/// If the store cannot be read.
pub async fn known_questions(db: &Db, reader: &Staff, mut asked: Vec<Place>) -> Result<Vec<Place>, Error> {
    if reader.reads_everything() {
        return Ok(asked);
    }
    let (Open { questions, .. }, _) = open(db, reader, Wanted::since(Ts(0))).await?;
    let mut tx = db.snapshot_of(reader.tenant).await.map_err(store::Error::from)?;
    let mut said = questions::texts(&mut tx, reader.tenant, &asked).await?;
    said.extend(questions.into_iter().map(|one| (place_of(&one), one.text)));
    let reach = Reach::of(&mut tx, reader, said.keys().map(|(conversation, _)| *conversation)).await?;
    drop(tx);
    let only_known = move || {
        let mut said: Vec<(Place, String)> = said.into_iter().collect();
        reach.retain(&mut said, |((conversation, _), text)| (*conversation, text.as_str()));
        let known: HashSet<Place> = said.into_iter().map(|(place, _)| place).collect();
        asked.retain(|place| known.contains(place));
        asked
    };
    tokio::task::spawn_blocking(only_known).await.map_err(|_| Error::Training)
}

async fn group_all(bots: &Bots, db: &Db, tenant: TenantId, open: Open) -> Result<Anything, Error> {
    let Open { questions, reach } = only_known(open).await?;
    let harmless = tokio::task::spawn_blocking(move || questions.into_iter().filter(|one| !bot::human::may_be_danger(&one.text)).collect::<Vec<_>>());
    let questions = harmless.await.map_err(|_| Error::Training)?;
    let places: Vec<Place> = questions.iter().map(place_of).collect();
    let said = questions::said_after(&mut db.read_of(tenant).await.map_err(store::Error::from)?, tenant, &places).await?;
    let bot = bots.some_draft_of(db, tenant).await?;
    let sorted = tokio::task::spawn_blocking(move || {
        let lines: Vec<(&str, bot::Lang)> = questions.iter().map(|one| (one.text.as_str(), bot_lang(one.noted.lang))).collect();
        let items = bot.alike(&lines).iter().map(|members| group(&bot, members, &questions, (&said, &reach))).collect();
        let all: Anything = Arc::new(UnansweredQuestions { items, total: questions.len() });
        all
    });
    sorted.await.map_err(|_| Error::Training)
}

const fn place_of(one: &Unanswered) -> Place {
    (one.noted.conversation, one.noted.seq)
}

/// A customer's words as they are shown, with anything that could identify a person hidden.
fn masked_line(text: &str) -> String {
    preview(&anonymous(text.trim()), SHOWN_CHARS)
}

/// What was said after each of the questions, and what the reader may know of it.
type Replies<'a> = (&'a HashMap<Place, Vec<questions::Said>>, &'a Reach);

fn group(bot: &Bot, members: &[usize], questions: &[Unanswered], replies: Replies<'_>) -> QuestionGroup {
    let leader = &questions[members[0]];
    let mut seen = HashSet::new();
    let different: Vec<String> =
        members.iter().map(|&at| anonymous(questions[at].text.trim())).filter(|text| seen.insert(bot::text::skeleton(text))).take(EXAMPLES).collect();
    let mut asked: Vec<&Unanswered> = members.iter().map(|&at| &questions[at]).collect();
    asked.sort_by_key(|one| std::cmp::Reverse(one.noted.at));
    let (near, pressed) = nearest(bot, leader, &asked);
    let poor = most_frequent(asked.iter().filter(|one| one.noted.reason == Reason::NotHelpful)).map(|(id, _)| id);
    QuestionGroup {
        question: masked_line(&leader.text),
        lang: lang_of(&leader.text, leader.noted.lang),
        count: members.len(),
        last_at: asked.first().map_or(leader.noted.at, |one| one.noted.at),
        reasons: reasons(&asked),
        phrasings: different.iter().filter(|text| !text.contains(HIDDEN) && text.chars().count() <= MAX_QUESTION_CHARS).cloned().collect(),
        examples: different.iter().map(|text| preview(text, SHOWN_CHARS)).collect(),
        places: asked.iter().take(PLACES).map(|one| AskedThen { at: one.noted.at, text: masked_line(&one.text) }).collect(),
        answer: typical_answer(&asked, replies),
        asked: asked.iter().map(|one| Asked { conversation: one.noted.conversation, seq: one.noted.seq }).collect(),
        near,
        pressed,
        poor: poor.and_then(|id| Some(EntryName { name: name_of(bot, id)?, id: id.to_owned() })),
    }
}

fn reasons(asked: &[&Unanswered]) -> Vec<ReasonCount> {
    let count = |reason: Reason| asked.iter().filter(|one| one.noted.reason == reason).count();
    let all = Reason::EACH.iter().rev().map(|&reason| ReasonCount { reason, count: count(reason) });
    all.filter(|one| one.count > 0).collect()
}

/// The entry that most of these questions are about; of equals, the first in order of id.
fn most_frequent<'a>(asked: impl Iterator<Item = &'a &'a Unanswered>) -> Option<(&'a str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for about in asked.filter_map(|one| one.noted.about.as_deref()) {
        *counts.entry(about).or_default() += 1;
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count)
}

/// The entry that the group belongs to, and how many customers pressed it: what people pressed says more than what looks alike.
fn nearest(bot: &Bot, leader: &Unanswered, asked: &[&Unanswered]) -> (Option<CandidateView>, usize) {
    let alike = |best| bot.similar(&leader.text, bot_lang(leader.noted.lang), None, best);
    let pressed = most_frequent(asked.iter().filter(|one| one.noted.reason == Reason::Chosen));
    let Some((id, count)) = pressed else { return (alike(1).into_iter().next().map(CandidateView::from), 0) };
    let Some(name) = name_of(bot, id) else { return (alike(1).into_iter().next().map(CandidateView::from), 0) };
    let found = alike(3).into_iter().find(|candidate| candidate.id == id).map(CandidateView::from);
    let question = if lang_of(&leader.text, leader.noted.lang) == Lang::En { &name.en } else { &name.zh }.clone();
    let chosen = || CandidateView { id: id.to_owned(), question, name, score: 0.0, nearest: String::new(), shared: Vec::new(), synonyms: Vec::new() };
    (Some(found.unwrap_or_else(chosen)), count)
}

/// The most typical of the first replies that agents gave after these questions and that the reader may know; one in which nothing has to be hidden, if there
/// is one.
fn typical_answer(asked: &[&Unanswered], (said, reach): Replies<'_>) -> Option<MinedAnswer> {
    let reply = |one: &&Unanswered| {
        let later = said.get(&place_of(one))?;
        let lines: Vec<Said<'_>> = later.iter().map(|said| Said { by_agent: said.by_agent, text: &said.text }).collect();
        let reply = agent_replies::first_reply(&lines).filter(|reply| !bot::human::may_be_danger(&reply.text))?;
        Some((one.noted.conversation, later[reply.at].seq, anonymous(&reply.text)))
    };
    let mut found: Vec<(ConversationId, i64, String)> = asked.iter().filter_map(reply).collect();
    let mut seen = HashSet::new();
    // Two questions of a conversation may have the same answer.
    found.retain(|(conversation, seq, _)| seen.insert((*conversation, *seq)));
    reach.retain(&mut found, |(conversation, _, text)| (*conversation, text.as_str()));
    let replies = found.iter().map(|(conversation, ..)| *conversation).collect::<HashSet<_>>().len();
    if found.iter().any(|(.., text)| !text.contains(HIDDEN)) {
        found.retain(|(.., text)| !text.contains(HIDDEN));
    }
    let texts: Vec<&str> = found.iter().map(|(.., text)| text.as_str()).collect();
    let (conversation, seq, text) = found.get(agent_replies::most_typical(&texts)?)?.clone();
    let lang = lang_of(&text, Lang::Zh);
    Some(MinedAnswer { masked: text.contains(HIDDEN), lang, conversation, seq, replies, text })
}

#[cfg(test)]
mod tests {
    use domain::{
        conversation::State,
        id::{AgentId, VisitorId},
        policy::{Grants, Standing},
        staff::Role,
    };
    use store::people::Seen;
    use store_knowledge::questions::Origin;
    use uuid::Uuid;

    use super::*;

    fn asked(conversation: u128, reason: Reason, about: Option<&str>) -> Unanswered {
        let conversation = ConversationId::new(Uuid::from_u128(conversation));
        let noted = Noted { conversation, seq: 2, at: Ts(conversation.uuid().as_u128() as i64), lang: Lang::Zh, reason, about: about.map(str::to_owned) };
        Unanswered { noted, text: "异地怎么换卡".to_owned() }
    }
    fn said(seq: i64, by_agent: bool, text: &str) -> questions::Said {
        questions::Said { seq, by_agent, text: text.to_owned() }
    }

    #[test]
    fn the_answer_is_what_agents_say_first_and_mostly_with_nothing_personal_in_it() {
        let all = [1, 2, 3].map(|n| asked(n, Reason::HandedOver, None));
        let all: Vec<&Unanswered> = all.iter().collect();
        let said: HashMap<Place, Vec<questions::Said>> = HashMap::from([
            (place_of(all[0]), vec![said(5, true, "您好，请稍等。"), said(6, true, "带身份证到任何营业厅都可以换卡。")]),
            (place_of(all[1]), vec![said(4, false, "快点"), said(7, true, "异地换卡带身份证到营业厅就可以换。")]),
            (place_of(all[2]), vec![said(9, true, "您的号码13800138000带身份证到营业厅可以换卡。")]),
        ]);
        let mined = super::typical_answer(&all, (&said, &Reach::Everything)).unwrap();
        assert_eq!((mined.text.as_str(), mined.masked, mined.replies), ("带身份证到任何营业厅都可以换卡。", false, 3));
        assert_eq!((mined.conversation, mined.seq), (all[0].noted.conversation, 6));
        let hidden = super::typical_answer(&all[2..], (&said, &Reach::Everything)).unwrap();
        assert_eq!((hidden.text.as_str(), hidden.masked), ("您的号码•••带身份证到营业厅可以换卡。", true));
        assert_eq!(super::typical_answer(&all, (&HashMap::new(), &Reach::Everything)), None);
    }

    #[test]
    fn a_colleagues_reply_is_proposed_where_it_may_be_read_or_was_given_to_three_people() {
        let all = [1, 2, 3].map(|n| asked(n, Reason::HandedOver, None));
        let all: Vec<&Unanswered> = all.iter().collect();
        let (reader, colleague) = (AgentId::new(Uuid::from_u128(7)), AgentId::new(Uuid::from_u128(8)));
        let reach = |agents: [AgentId; 3], visitors: [u128; 3]| {
            let tenant = TenantId::new(Uuid::nil());
            let origin = |(agent, visitor): (AgentId, u128)| Origin {
                standing: Standing { tenant, state: State::Active, agent: Some(agent), queue: None, is_left: false, is_alerted: false },
                by: Seen { visitor: VisitorId::new(Uuid::from_u128(visitor)), account: None, network: None },
            };
            let origins = all.iter().map(|one| one.noted.conversation).zip(agents.into_iter().zip(visitors).map(origin)).collect();
            let grants = Grants::of(Role::Agent);
            Reach::Part { reader: Staff { agent: reader, tenant, grants, circle: Default::default(), name: String::new(), number: String::new() }, origins }
        };
        let replies = |words: [&str; 3]| -> HashMap<Place, Vec<questions::Said>> {
            all.iter().map(|one| place_of(one)).zip(words.map(|words| vec![said(6, true, words)])).collect()
        };
        let different = replies(["带身份证到任何营业厅都可以换卡。", "寄回旧卡以后我们给您寄新的卡。", "在掌上营业厅里点换卡就可以办理。"]);
        let same = replies(["带身份证到任何营业厅都可以换卡。", "带身份证到任何营业厅都可以换卡！", "带身份证到任何营业厅都可以换卡"]);
        let answer = |said, reach: &Reach| super::typical_answer(&all, (said, reach)).map(|mined| (mined.text, mined.replies));
        assert_eq!(answer(&different, &reach([colleague; 3], [1, 2, 3])), None);
        assert_eq!(answer(&different, &reach([colleague, reader, colleague], [1, 2, 3])), Some(("寄回旧卡以后我们给您寄新的卡。".to_owned(), 1)));
        assert_eq!(answer(&same, &reach([colleague; 3], [1, 2, 3])).map(|(_, replies)| replies), Some(3));
        assert_eq!(answer(&same, &reach([colleague; 3], [1, 2, 2])), None, "two people are not three");
    }

    #[test]
    fn reasons_are_counted_and_what_people_pressed_most_is_found() {
        let all = [
            asked(1, Reason::Chosen, Some("kb-2")),
            asked(2, Reason::Chosen, Some("kb-1")),
            asked(3, Reason::Chosen, Some("kb-1")),
            asked(4, Reason::Unsure, None),
        ];
        let all: Vec<&Unanswered> = all.iter().collect();
        assert_eq!(reasons(&all), [ReasonCount { reason: Reason::Chosen, count: 3 }, ReasonCount { reason: Reason::Unsure, count: 1 }]);
        assert_eq!(most_frequent(all.iter()), Some(("kb-1", 2)));
        assert_eq!(most_frequent(all[..2].iter()), Some(("kb-1", 1)));
        assert_eq!(most_frequent(all[3..].iter()), None);
    }
}
