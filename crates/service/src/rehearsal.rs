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
        let (text, source, shows_button) = match said.message {
            Message::Answer { text, source, offer_human, .. } => (text, source, offer_human),
            _ => Default::default(),
        };
        let (fact, asked) = (said.fact, self.seq);
        let intent = fact.intent.flatten();
        let answer =
            fact.outcome.map(|outcome| Answered { seq: asked + 1, outcome, source, intent, confidence: fact.confidence, offered: fact.offer, shows_button });
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

    /// A bot that knows one question.
    fn bot() -> Bot {
        let entry = r#"{"id":"slow","topic":"broadband","question":{"zh":"宽带慢怎么办","en":"Why is my broadband so slow?"},"similar":{"zh":[],"en":[]},"answer":{"zh":"重启光猫。","en":"Restart the modem."},"related":[],"action":null}"#;
        Bot::train(Knowledge { entries: vec![serde_json::from_str(entry).unwrap()], ..Knowledge::default() })
    }

    /// A line of a conversation in which help is offered, and nobody is called yet.
    fn may_be_danger(lang: BotLang) -> String {
        let lines = match lang {
            BotLang::Zh => include_str!("../../bot-lab/tests/data/unseen/danger.zh-CN.jsonl"),
            BotLang::En => include_str!("../../bot-lab/tests/data/unseen/danger.en.jsonl"),
        };
        let mut texts = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().unwrap().to_owned());
        texts.find(|text| bot::human::may_be_danger(text) && !bot::human::is_danger(text)).unwrap()
    }

    #[test]
    fn every_offer_of_a_person_is_a_question_that_yes_and_no_answer() {
        let bot = bot();
        let zh = |lines: &[&str]| (BotLang::Zh, lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
        let en = |lines: &[&str]| (BotLang::En, lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
        // Each ends with a line that is answered by one of the wordings that offer a person.
        let offers = [
            ("no answer", zh(&["灯塔看守人有多高"])),
            ("no answer", en(&["how tall is the lighthouse keeper"])),
            ("no answer again", zh(&["灯塔看守人有多高", "灯塔是哪年造的"])),
            ("no answer again", en(&["how tall is the lighthouse keeper", "when was the lighthouse built"])),
            ("no answer a third time", zh(&["灯塔看守人有多高", "灯塔是哪年造的", "鲸鱼会打喷嚏吗"])),
            ("no answer a third time", en(&["how tall is the lighthouse keeper", "when was the lighthouse built", "do whales sneeze"])),
            ("dissatisfied", zh(&["你真笨"])),
            ("dissatisfied", en(&["you are useless"])),
            ("angry", zh(&["你们乱扣费，气死我了，灯塔有多高"])),
            ("angry", en(&["this is ridiculous, how tall is the lighthouse"])),
            ("a machine", zh(&["你是机器人吗"])),
            ("a machine", en(&["are you a robot"])),
            ("it did not help", zh(&["宽带慢怎么办", "还是不行"])),
            ("it did not help", en(&["Why is my broadband so slow?", "I did that, it is still slow"])),
            ("it did not help again", zh(&["宽带慢怎么办", "还是不行", "还是不行"])),
            ("it did not help again", en(&["Why is my broadband so slow?", "I did that, it is still slow", "no, still slow"])),
            ("may be danger", (BotLang::Zh, vec![may_be_danger(BotLang::Zh)])),
            ("may be danger", (BotLang::En, vec![may_be_danger(BotLang::En)])),
        ];
        let mut wrong = Vec::new();
        for (cause, (lang, lines)) in offers {
            let answers: [&[&str]; 2] = match lang {
                BotLang::Zh => [&["好", "嗯", "好的", "要", "可以", "yes", "ok"], &["不用", "不用了", "算了", "不要", "no"]],
                BotLang::En => [&["yes", "ok", "sure", "yes please", "好"], &["no", "no thanks", "not now", "nope", "不用"]],
            };
            for (says, wants) in answers[0].iter().map(|says| (says, true)).chain(answers[1].iter().map(|says| (says, false))) {
                let mut conversation = Rehearsal::new(&bot);
                let mut offered = false;
                for line in &lines {
                    let (answer, has_person) = conversation.respond(line, lang, None);
                    offered = answer.outcome != Outcome::HumanRequest && (has_person || answer.offer_human);
                }
                let (answer, _) = conversation.respond(says, lang, None);
                if !offered || (answer.outcome == Outcome::HumanRequest) != wants {
                    wrong.push(format!("{cause} {lines:?} (offered: {offered}), then {says}: {:?} {:?}", answer.outcome, answer.text));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
