//! Conversations with the bot that nobody has and nothing stores, under the rules that hold for real ones: how `yingda bot dialogues` measures.

use bot::{Answer, Bot, Lang as BotLang, Outcome, Thread, Turn};
use domain::{
    conversation::{AnswerOutcome, Said},
    entry::body::Message,
    handoff::{Answered, MISSES, Turn as Noted},
    opening_hours::Service,
};

use crate::{
    bot_turn::{Asked, Decision, Terms, decide},
    handoff::{Transcript, mood_of},
};

/// A conversation with a bot on a site that has changed nothing of when a person is offered, while somebody is there.
pub struct Rehearsal<'a> {
    bot: &'a Bot,
    transcript: Transcript,
    thread: Thread,
    seq: i64,
}

impl<'a> Rehearsal<'a> {
    /// A conversation that begins.
    pub fn new(bot: &'a Bot) -> Self {
        Self { bot, transcript: Transcript::default(), thread: Thread::default(), seq: 1 }
    }

    /// Answers the next line of the customer, whose screen is in `lang` and shows the product or plan `product`: with the words that are said, and whether a
    /// person is called, or offered in these words.
    pub fn respond(&mut self, line: &str, lang: BotLang, product: Option<&str>) -> (Answer, bool) {
        let answer = self.bot.answer(&Turn { text: line, lang_hint: lang, product, thread: Some(&self.thread) });
        let asked = Asked { seq: self.seq, text: line, lang, is_pressed: false, thread: &self.thread };
        let terms = Terms { offer_after_misses: MISSES, service: Service { open: true, opens_at: None, promised_by: None } };
        match decide(self.bot, &self.transcript, &asked, answer.clone(), terms) {
            Decision::Say { said, thread } => {
                self.thread = *thread;
                // To a no, the bot says no more than that it has understood.
                let declines = said.fact.outcome == Some(AnswerOutcome::SmallTalk) && answer.outcome != Outcome::SmallTalk;
                let answer = if declines { bot::acknowledgement(answer.lang) } else { answer };
                let (text, has_person) = self.note(line, *said);
                (Answer { text, ..answer }, has_person)
            }
            // A customer who goes on talking has been handed back.
            Decision::Alarm { .. } | Decision::Call { .. } => {
                (self.transcript, self.thread) = Default::default();
                (Answer { outcome: Outcome::HumanRequest, text: String::new(), ..answer }, true)
            }
        }
    }

    fn note(&mut self, line: &str, said: Said) -> (String, bool) {
        let (text, source) = match said.message {
            Message::Answer { text, source, .. } => (text, source),
            _ => Default::default(),
        };
        let (fact, asked) = (said.fact, self.seq);
        let intent = fact.intent.flatten();
        let answer = fact.outcome.map(|outcome| Answered { seq: asked + 1, outcome, source, intent, confidence: fact.confidence, offered: fact.offer });
        self.transcript.turns.push(Noted { asked, mood: mood_of(line), answer });
        self.transcript.words.push(line.to_owned());
        self.seq += 2;
        (text, fact.offer.is_some())
    }
}

#[cfg(test)]
mod tests {
    use bot::Knowledge;

    use super::*;

    #[test]
    fn a_person_is_offered_and_called_as_in_a_real_conversation() {
        let bot = Bot::train(Knowledge::default());
        let mut conversation = Rehearsal::new(&bot);
        let mut say = |line| conversation.respond(line, BotLang::En, None);
        let unknown = "how tall is the lighthouse keeper";
        assert!(!say(unknown).1, "one miss");
        let (answer, has_person) = say("when was the lighthouse built");
        assert!(has_person && answer.text.contains("Shall I get a person"), "{answer:?}");
        let (answer, has_person) = say("yes please");
        assert_eq!((answer.outcome, has_person), (Outcome::HumanRequest, true));
        assert!(!say(unknown).1, "it counts anew");
    }

    #[test]
    fn an_offer_of_a_person_is_taken_up_or_declined_in_many_words() {
        let bot = Bot::train(Knowledge::default());
        for (lang, unknown, answers, wants) in [
            (
                BotLang::En,
                ["how tall is the lighthouse keeper", "when was the lighthouse built"],
                ["yes", "that would be great, thanks", "ok then", "sure, why not"],
                true,
            ),
            (
                BotLang::En,
                ["how tall is the lighthouse keeper", "when was the lighthouse built"],
                ["no", "No, I'm fine", "no thanks", "I don't need a person, thanks"],
                false,
            ),
            (BotLang::Zh, ["灯塔看守人有多高", "灯塔是哪年造的"], ["好", "那就转吧", "嗯好", "可以，麻烦了"], true),
            (BotLang::Zh, ["灯塔看守人有多高", "灯塔是哪年造的"], ["不用", "先不用了吧", "还是算了", "不用转人工"], false),
        ] {
            for line in answers {
                let mut conversation = Rehearsal::new(&bot);
                let offered = unknown.map(|unknown| conversation.respond(unknown, lang, None).1);
                assert_eq!(offered, [false, true], "{line}");
                let (answer, has_person) = conversation.respond(line, lang, None);
                assert_eq!((answer.outcome == Outcome::HumanRequest, has_person), (wants, wants), "{line}: {answer:?}");
            }
        }
    }
}
