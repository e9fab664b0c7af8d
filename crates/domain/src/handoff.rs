//! When the bot offers a person, why a conversation goes to one, and what the person is told: pure rules over what was said since the bot got the conversation.
//!
//! A person who is asked for is called at once; everything here is about customers who have not asked. An offer is made once for a reason: only a different
//! reason leads to another one.

use crate::{
    conversation::AnswerOutcome,
    entry::body::{AnswerSource, Handoff, HandoffIntent, HandoffSlot, HandoffTurn},
    handoff_reason::{HandoffReason, Mood},
    learning::helps_choose,
    text::Bilingual,
};

/// After so many misses in a row a person is offered, unless the site says otherwise.
pub const MISSES: u8 = 2;
/// The most that a site may set.
pub const MOST_MISSES: u8 = 5;
/// So many earlier lines of the customer are looked at for their mood.
const MOOD_OF: usize = 3;
/// The most turns in a packet.
const MOST_TURNS: usize = 10;
/// The most titles in a summary.
const MOST_TITLES: usize = 3;

/// A line of the customer to the bot, and what the bot made of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Turn {
    /// The number of the customer's message.
    pub asked: i64,
    /// The mood it shows.
    pub mood: Mood,
    /// The bot's answer; `None` if there is none yet.
    pub answer: Option<Answered>,
}

/// An answer of the bot.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The number of the bot's message.
    pub seq: i64,
    /// The kind of answer.
    pub outcome: AnswerOutcome,
    /// Where it comes from.
    pub source: Option<AnswerSource>,
    /// The category of the question, if the bot recognised one.
    pub intent: Option<String>,
    /// The probability that the answer is right.
    pub confidence: Option<f32>,
    /// Why a person was offered with it.
    pub offered: Option<HandoffReason>,
    /// Whether the button for a person stood below it.
    pub shows_button: bool,
}

impl Turn {
    /// What the turn says about how well the bot is doing: `Some(true)` for a miss, `None` for small talk and the like.
    fn is_miss(&self) -> Option<bool> {
        let answer = self.answer.as_ref()?;
        match answer.outcome {
            AnswerOutcome::DidYouMean if helps_choose(answer.intent.as_deref()) => None,
            AnswerOutcome::NoAnswer | AnswerOutcome::DidYouMean => Some(true),
            AnswerOutcome::Confident | AnswerOutcome::Attribute => Some(false),
            AnswerOutcome::SmallTalk | AnswerOutcome::Closed | AnswerOutcome::Danger => None,
        }
    }
    fn offer(&self) -> Option<HandoffReason> {
        self.answer.as_ref()?.offered
    }
    /// Why a yes to the bot's words calls a person: it offered one for a reason, or its own words, which are no answer, have the button below them.
    fn question(&self) -> Option<HandoffReason> {
        let answer = self.answer.as_ref()?;
        let own = match answer.outcome {
            AnswerOutcome::NoAnswer => Some(HandoffReason::Misses),
            AnswerOutcome::SmallTalk => Some(HandoffReason::Wish),
            _ => None,
        };
        answer.offered.or(own.filter(|_| answer.shows_button))
    }
}

/// What is known of the line that the bot is about to answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Line {
    /// The mood it shows.
    pub mood: Mood,
    /// Whether it asks what was asked before.
    pub is_repeated: bool,
    /// What it hints at, if anything: [`HandoffReason::Wish`] or [`HandoffReason::Danger`].
    pub hint: Option<HandoffReason>,
    /// Whether the bot has nothing to say to it, or asks back.
    pub is_missed: bool,
    /// Whether it says that what the bot answered did not help; the bot's own words then offer a person.
    pub is_in_vain: bool,
}

/// What the bot does about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It goes on.
    GoOn,
    /// It offers a person.
    Offer(HandoffReason),
    /// Its own words offer a person already.
    Offered(HandoffReason),
    /// It calls one.
    Call(HandoffReason),
}

/// The reason of the last offer.
pub fn last_offer(past: &[Turn]) -> Option<HandoffReason> {
    past.iter().rev().find_map(Turn::offer)
}

/// The number of the message that hinted at danger, if that was the reason of the last offer.
pub fn last_worry(past: &[Turn]) -> Option<i64> {
    past.iter().rev().find(|turn| turn.offer().is_some()).filter(|turn| turn.offer() == Some(HandoffReason::Danger)).map(|turn| turn.asked)
}

/// The number of the message that led to an open offer, if the offer is because of danger.
pub fn worry(open_offer: Option<(HandoffReason, i64)>) -> Option<i64> {
    open_offer.filter(|(reason, _)| *reason == HandoffReason::Danger).map(|(_, of)| of)
}

/// Why the staff are told what happened with the bot when a message is left; `None` if a person could have been asked for.
pub fn reason_left(is_open: bool, worry: Option<i64>) -> Option<HandoffReason> {
    (!is_open).then_some(if worry.is_some() { HandoffReason::Danger } else { HandoffReason::OffHours })
}

/// Why a person was offered with the bot's last words, if one was.
pub fn open_offer(past: &[Turn]) -> Option<HandoffReason> {
    past.last().and_then(Turn::offer)
}

/// Whether the bot's last words ask if a person is wanted, so that a "yes" calls one and a "no" does not; why it would be called.
pub fn open_question(past: &[Turn]) -> Option<HandoffReason> {
    past.last().and_then(Turn::question)
}

/// What to do about a person, given the turns since the bot got the conversation and the line to answer now. `misses` is the number of misses in a row after
/// which a person is offered; 0 for never.
pub fn step(past: &[Turn], now: Line, misses: u8) -> Step {
    let last = last_offer(past);
    // Whoever hints at it twice wants it.
    if let (Some(hint), Some(before @ (HandoffReason::Wish | HandoffReason::Danger))) = (now.hint, last) {
        return Step::Call(if before == HandoffReason::Danger { before } else { hint });
    }
    // One offer at a time: whatever else may be a reason, the answer to "still not" is one.
    if now.is_in_vain {
        return Step::Offered(HandoffReason::Repetition);
    }
    let missed_before = past.iter().rev().filter_map(Turn::is_miss).take_while(|missed| *missed).count();
    let was_cross = past.iter().rev().take(MOOD_OF).any(|turn| turn.mood >= Mood::Cross);
    let is_angry = now.mood == Mood::Angry || now.mood == Mood::Cross && (was_cross || missed_before > 0);
    let has_missed_often = misses > 0 && now.is_missed && missed_before + 1 >= usize::from(misses);
    let reasons = [
        now.hint,
        is_angry.then_some(HandoffReason::Mood),
        now.is_repeated.then_some(HandoffReason::Repetition),
        has_missed_often.then_some(HandoffReason::Misses),
    ];
    reasons.into_iter().flatten().find(|reason| last != Some(*reason)).map_or(Step::GoOn, Step::Offer)
}

/// The packet for the person who gets the conversation: what the customer asked the bot, what the bot tried, and what else is known.
pub fn packet(reason: HandoffReason, turns: &[Turn], slots: Vec<HandoffSlot>) -> Handoff {
    let told = turns.iter().rev().find(|turn| turn.is_miss().is_some()).and_then(|turn| turn.answer.as_ref());
    let intent = told.and_then(|answer| Some(HandoffIntent { topic: answer.intent.clone()?, confidence: answer.confidence }));
    let shown = turns.iter().skip(turns.len().saturating_sub(MOST_TURNS)).map(|turn| HandoffTurn {
        asked: turn.asked,
        answered: turn.answer.as_ref().map(|answer| answer.seq),
        outcome: turn.answer.as_ref().map(|answer| answer.outcome),
        source: turn.answer.as_ref().and_then(|answer| answer.source.clone()),
    });
    let mood = turns.iter().rev().take(MOOD_OF).map(|turn| turn.mood).max().unwrap_or_default();
    Handoff { reason, summary: summary(reason, turns), intent, mood, slots, turns: shown.collect() }
}

/// What happened with the bot, in one or two sentences. It holds no words of the customer: those are in the messages that the packet refers to.
fn summary(reason: HandoffReason, turns: &[Turn]) -> Bilingual {
    let asked: Vec<bool> = turns.iter().filter_map(Turn::is_miss).collect();
    let (all, missed) = (asked.len(), asked.iter().filter(|missed| **missed).count());
    if all == 0 {
        let (zh, en) = match reason {
            HandoffReason::Danger => ("客户写的话让人担心，请先看原话。", "What the customer wrote is worrying: read it first."),
            _ => ("客户没有先问机器人问题。", "The customer has not asked the bot anything."),
        };
        return Bilingual { zh: zh.to_owned(), en: en.to_owned() };
    }
    let count = |n: usize, one: &str, more: &str| if n == 1 { one.to_owned() } else { more.replace("{n}", &n.to_string()) };
    let questions = count(all, "one question", "{n} questions");
    let (zh, en) = match (all - missed, missed) {
        (answered, 0) => (format!("机器人回答了 {answered} 个。"), count(answered, "the bot answered it.", "the bot answered all of them.")),
        (0, missed) => ("机器人都没有答上来。".to_owned(), count(missed, "the bot had no answer.", "the bot had an answer to none of them.")),
        (answered, missed) => {
            (format!("机器人回答了 {answered} 个，{missed} 个没有答上来。"), format!("the bot answered {answered} and had no answer to {missed}."))
        }
    };
    let mut titles: Vec<&str> = Vec::new();
    for title in turns.iter().rev().filter_map(|turn| turn.answer.as_ref()?.source.as_ref()).map(|source| source.title.as_str()) {
        if titles.len() < MOST_TITLES && !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles.reverse();
    let (zh_titles, en_titles) = match titles.as_slice() {
        [] => Default::default(),
        titles => {
            let quoted: Vec<String> = titles.iter().map(|title| format!("“{title}”")).collect();
            (format!("答案来自{}。", quoted.join("、")), format!(" Answered from {}.", quoted.join(", ")))
        }
    };
    Bilingual { zh: format!("客户问了 {all} 个问题，{zh}{zh_titles}"), en: format!("The customer asked {questions}; {en}{en_titles}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use HandoffReason::{Danger, Misses, Mood as Anger, OffHours, Repetition, Wish};

    fn turn(outcome: AnswerOutcome, offered: Option<HandoffReason>) -> Turn {
        let answer = Answered { seq: 2, outcome, source: None, intent: None, confidence: None, offered, shows_button: false };
        Turn { asked: 1, mood: Mood::Calm, answer: Some(answer) }
    }
    fn missed() -> Turn {
        turn(AnswerOutcome::NoAnswer, None)
    }
    const MISS: Line = Line { mood: Mood::Calm, is_repeated: false, hint: None, is_missed: true, is_in_vain: false };

    #[test]
    fn a_person_is_offered_after_so_many_misses_in_a_row() {
        let small_talk = turn(AnswerOutcome::SmallTalk, None);
        let answered = turn(AnswerOutcome::Confident, None);
        for (past, misses, expected) in [
            (vec![], 2, Step::GoOn),
            (vec![missed()], 2, Step::Offer(Misses)),
            (vec![missed(), small_talk.clone()], 2, Step::Offer(Misses)),
            (vec![missed(), answered.clone()], 2, Step::GoOn),
            (vec![], 1, Step::Offer(Misses)),
            (vec![missed(), missed()], 4, Step::GoOn),
            (vec![missed(), missed()], 0, Step::GoOn),
        ] {
            assert_eq!(step(&past, MISS, misses), expected, "{past:?} {misses}");
        }
        assert_eq!(step(&[missed(), missed()], Line::default(), 2), Step::GoOn, "an answer is no miss");
    }

    #[test]
    fn the_same_reason_leads_to_one_offer_and_another_reason_to_another() {
        let offered = |reason| turn(AnswerOutcome::NoAnswer, Some(reason));
        assert_eq!(step(&[offered(Misses)], MISS, 2), Step::GoOn);
        assert_eq!(step(&[offered(Misses), turn(AnswerOutcome::Confident, None), missed()], MISS, 2), Step::GoOn);
        let angry = Line { mood: Mood::Angry, ..MISS };
        assert_eq!(step(&[offered(Misses)], angry, 2), Step::Offer(Anger));
        assert_eq!(step(&[offered(Misses), offered(Anger)], angry, 2), Step::Offer(Misses));
        assert_eq!((open_offer(&[offered(Anger)]), open_offer(&[offered(Anger), missed()])), (Some(Anger), None));
    }

    #[test]
    fn the_button_below_words_of_the_bot_is_a_question_also_where_no_reason_is_noted() {
        let with_button = |outcome, offered| {
            let mut turn = turn(outcome, offered);
            turn.answer.as_mut().unwrap().shows_button = true;
            open_question(&[turn])
        };
        assert_eq!(with_button(AnswerOutcome::NoAnswer, None), Some(Misses));
        assert_eq!(with_button(AnswerOutcome::SmallTalk, None), Some(Wish));
        assert_eq!(with_button(AnswerOutcome::SmallTalk, Some(Danger)), Some(Danger));
        // The words of an entry are the company's, and end with no question.
        assert_eq!(with_button(AnswerOutcome::Confident, None), None);
        assert_eq!(with_button(AnswerOutcome::Confident, Some(Anger)), Some(Anger));
        assert_eq!((open_question(&[missed()]), open_question(&[])), (None, None));
    }

    #[test]
    fn anger_is_heard_at_once_and_displeasure_with_what_came_before() {
        let cross = Line { mood: Mood::Cross, ..Line::default() };
        assert_eq!(step(&[], Line { mood: Mood::Angry, ..Line::default() }, 2), Step::Offer(Anger));
        assert_eq!(step(&[], cross, 2), Step::GoOn);
        assert_eq!(step(&[missed()], cross, 2), Step::Offer(Anger));
        let was_cross = Turn { mood: Mood::Cross, ..turn(AnswerOutcome::Confident, None) };
        assert_eq!(step(std::slice::from_ref(&was_cross), cross, 2), Step::Offer(Anger));
        let answered = || turn(AnswerOutcome::Confident, None);
        assert_eq!(step(&[was_cross, answered(), answered(), answered()], cross, 2), Step::GoOn);
    }

    #[test]
    fn who_hints_at_a_person_twice_gets_one() {
        let wish = Line { hint: Some(HandoffReason::Wish), ..Line::default() };
        assert_eq!(step(&[], wish, 2), Step::Offer(Wish));
        assert_eq!(step(&[turn(AnswerOutcome::SmallTalk, Some(Wish)), missed()], wish, 2), Step::Call(Wish));
        let again = Line { is_repeated: true, ..Line::default() };
        assert_eq!(step(&[turn(AnswerOutcome::SmallTalk, Some(Wish))], again, 2), Step::Offer(Repetition));
    }

    #[test]
    fn who_may_be_in_danger_and_hints_at_it_or_at_a_person_again_is_in_danger() {
        let danger = Line { hint: Some(Danger), ..Line::default() };
        assert_eq!(step(&[], danger, 2), Step::Offer(Danger));
        let offered = |reason| turn(AnswerOutcome::SmallTalk, Some(reason));
        for (before, now) in [(Danger, Danger), (Danger, Wish), (Wish, Danger)] {
            assert_eq!(step(&[offered(before), missed()], Line { hint: Some(now), ..Line::default() }, 2), Step::Call(Danger));
        }
        let worrying = Turn { asked: 7, ..offered(Danger) };
        assert_eq!((last_worry(&[offered(Wish), worrying.clone(), missed()]), last_worry(&[worrying, offered(Wish)])), (Some(7), None));
    }

    #[test]
    fn whoever_leaves_a_message_is_told_of_where_nobody_could_be_asked_for() {
        assert_eq!([reason_left(true, None), reason_left(true, Some(2))], [None, None]);
        assert_eq!([reason_left(false, None), reason_left(false, Some(2))], [Some(OffHours), Some(Danger)]);
        assert_eq!([worry(None), worry(Some((Wish, 2))), worry(Some((Danger, 2)))], [None, None, Some(2)]);
    }

    #[test]
    fn who_says_that_it_did_not_help_gets_one_offer_whatever_else_is_a_reason() {
        let in_vain = Line { mood: Mood::Angry, is_repeated: true, is_in_vain: true, ..MISS };
        assert_eq!(step(&[missed()], in_vain, 2), Step::Offered(Repetition));
        let offered = turn(AnswerOutcome::SmallTalk, Some(Repetition));
        assert_eq!(step(std::slice::from_ref(&offered), in_vain, 2), Step::Offered(Repetition), "the words differ each time");
        let again = Line { is_repeated: true, ..Line::default() };
        assert_eq!((step(std::slice::from_ref(&offered), again, 2), open_offer(&[offered])), (Step::GoOn, Some(Repetition)));
    }

    #[test]
    fn a_packet_says_what_was_asked_and_refers_to_the_messages() {
        let source = |title: &str| Some(AnswerSource { id: "kb-1".into(), title: title.into() });
        let mut answered = turn(AnswerOutcome::Confident, None);
        answered.answer.as_mut().unwrap().source = source("怎么换套餐");
        let mut last = Turn { mood: Mood::Cross, asked: 5, ..missed() };
        last.answer.as_mut().unwrap().intent = Some("roaming".into());
        let whole = packet(HandoffReason::Button, &[answered.clone(), turn(AnswerOutcome::SmallTalk, None), last], Vec::new());
        assert_eq!(whole.summary.zh, "客户问了 2 个问题，机器人回答了 1 个，1 个没有答上来。答案来自“怎么换套餐”。");
        assert_eq!(whole.summary.en, "The customer asked 2 questions; the bot answered 1 and had no answer to 1. Answered from “怎么换套餐”.");
        assert_eq!((whole.turns.len(), whole.turns[2].asked, whole.mood), (3, 5, Mood::Cross));
        assert_eq!(whole.intent.map(|intent| intent.topic).as_deref(), Some("roaming"));
        let nothing = packet(HandoffReason::Button, &[], Vec::new());
        assert_eq!(packet(Danger, &[], Vec::new()).summary.en, "What the customer wrote is worrying: read it first.");
        assert_eq!((nothing.summary.en.as_str(), nothing.turns.len()), ("The customer has not asked the bot anything.", 0));
        let one = packet(HandoffReason::Misses, &[missed()], Vec::new()).summary;
        assert_eq!(one.en, "The customer asked one question; the bot had no answer.");
        let many = packet(HandoffReason::Asked, &vec![answered; 12], Vec::new());
        assert_eq!((many.turns.len(), many.summary.zh.as_str()), (10, "客户问了 12 个问题，机器人回答了 12 个。答案来自“怎么换套餐”。"));
    }
}
