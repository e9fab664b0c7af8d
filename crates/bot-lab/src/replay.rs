//! Asks a bot questions whose answers are known, and counts how it does: the figures that `yingda bot replay` prints.

use std::collections::{BTreeMap, BTreeSet};

use bot::text::normalise;
use bot::{Answer, Bot, Lang, Outcome, Turn, intent};
use serde::{Deserialize, Serialize};

/// A question and what is right: `expect`, or `expect_ids` and `expect_value`.
#[derive(Debug, Clone, Deserialize)]
pub struct Question {
    /// What the customer writes.
    pub text: String,
    /// The language of the screen.
    pub lang: Lang,
    /// The id of the entry that answers it; `oos` if nothing does; `handoff` if a person is wanted, `not_handoff` if it merely sounds like it;
    /// `danger` if somebody is in despair or danger, `not_danger` if it merely sounds like it.
    pub expect: Option<String>,
    /// The products and plans the answer is about.
    #[serde(default)]
    pub expect_ids: Vec<String>,
    /// What the answer must contain besides.
    pub expect_value: Option<String>,
}

/// Why questions cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// A line is not JSON of the expected shape.
    #[error("line {line}: {source}; a line is {{\"text\", \"lang\", \"expect\"}} or {{\"text\", \"lang\", \"expect_ids\", \"expect_value\"}}")]
    Line { line: usize, source: serde_json::Error },
    /// A line says nothing about what is right.
    #[error("line {0}: neither `expect` nor `expect_ids` is given")]
    NothingExpected(usize),
    /// An entry that is expected does not exist.
    #[error("line {line}: the knowledge has no entry {id:?}; `expect` is the id of an entry, oos, handoff, not_handoff, danger or not_danger")]
    NoEntry { line: usize, id: String },
    /// There are no questions.
    #[error("there are no questions")]
    Empty,
}

/// What the bot did with a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reaction {
    /// The question.
    pub text: String,
    /// The outcome's name, such as `did_you_mean`; `handoff_offered` if a person was offered.
    pub decision: String,
    /// The sources of the answer, or what was offered, in order.
    pub ids: Vec<String>,
    /// The text of the answer.
    pub value: String,
}

/// Shares of the questions they are about, 0 to 1; `None` if there are no such questions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shares {
    /// The right entry is ranked first.
    pub top1: Option<f64>,
    /// The right entry is among the first three.
    pub top3: Option<f64>,
    /// Answered with the right entry.
    pub answered_right: Option<f64>,
    /// Answered with anything else.
    pub answered_wrong: Option<f64>,
    /// Answered with the right entry, or offered it among at most three.
    pub helped: Option<f64>,
    /// Out of scope, and answered all the same.
    pub oos_answered: Option<f64>,
    /// Out of scope, and entries were offered.
    pub oos_offered: Option<f64>,
    /// A person was wanted, and was called or offered.
    pub handoff_recall: Option<f64>,
    /// A person was wanted, and was called.
    pub handoff_obeyed: Option<f64>,
    /// No person was wanted, but one was called or offered.
    pub handoff_false: Option<f64>,
    /// Somebody is in despair or danger, and a person was called at once.
    pub danger_called: Option<f64>,
    /// The same, or help or a person was offered.
    pub danger_helped: Option<f64>,
    /// Nobody is in danger, but a person was called as if somebody were.
    pub danger_false: Option<f64>,
    /// The answer is about exactly the products and plans expected, and contains the value.
    pub graph_right: Option<f64>,
}

/// How often something was the case, of how many.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    yes: u32,
    all: u32,
}

impl Count {
    fn note(&mut self, yes: bool) {
        self.yes += u32::from(yes);
        self.all += 1;
    }

    fn share(self) -> Option<f64> {
        (self.all > 0).then(|| f64::from(self.yes) / f64::from(self.all))
    }
}

/// The counts behind [`Shares`].
#[derive(Debug, Clone, Default)]
struct Counts {
    top: [Count; 2],
    right: Count,
    wrong: Count,
    helped: Count,
    oos: [Count; 2],
    wanted: [Count; 2],
    unwanted: Count,
    danger: [Count; 2],
    no_danger: Count,
    graph: Count,
}

/// What can be expected of a question besides an entry.
const NO_ENTRY: [&str; 5] = ["oos", "handoff", "not_handoff", "danger", "not_danger"];

/// Reads questions, one JSON object a line.
///
/// # Errors
/// The first line that is not a question about this knowledge.
pub fn questions(text: &str, bot: &Bot) -> Result<Vec<Question>, QuestionError> {
    let mut questions = Vec::new();
    for (line, text) in text.lines().enumerate().map(|(at, text)| (at + 1, text)).filter(|(_, text)| !text.trim().is_empty()) {
        let question: Question = serde_json::from_str(text).map_err(|source| QuestionError::Line { line, source })?;
        match &question.expect {
            None if question.expect_ids.is_empty() => return Err(QuestionError::NothingExpected(line)),
            Some(id) if !NO_ENTRY.contains(&id.as_str()) && !bot.knows_entry(id) => {
                return Err(QuestionError::NoEntry { line, id: id.clone() });
            }
            _ => questions.push(question),
        }
    }
    if questions.is_empty() { Err(QuestionError::Empty) } else { Ok(questions) }
}

/// Asks all questions. Returns the shares by the tag of the language and for `all`, and what was done with each question.
pub fn run(bot: &Bot, questions: &[Question]) -> (BTreeMap<String, Shares>, Vec<Reaction>) {
    let (mut counts, mut reactions) = (BTreeMap::<String, Counts>::new(), Vec::with_capacity(questions.len()));
    for question in questions {
        let answer = bot.answer(&Turn { text: &question.text, lang_hint: question.lang, product: None, thread: None });
        for of in [question.lang.tag(), "all"] {
            counts.entry(of.to_owned()).or_default().note(bot, question, &answer);
        }
        reactions.push(reaction(question, answer));
    }
    (counts.into_iter().map(|(of, counts)| (of, counts.shares())).collect(), reactions)
}

impl Counts {
    fn note(&mut self, bot: &Bot, question: &Question, answer: &Answer) {
        let answers = matches!(answer.outcome, Outcome::Confident | Outcome::Attribute);
        let offers = answer.outcome == Outcome::DidYouMean;
        let alarmed = answer.intent.as_deref() == Some(intent::DANGER);
        let (called, offered) = (answer.outcome == Outcome::HumanRequest, answer.offers_person());
        match question.expect.as_deref() {
            Some("oos") => {
                self.oos[0].note(answers);
                self.oos[1].note(offers);
            }
            Some("handoff") => {
                self.wanted[0].note(called || offered);
                self.wanted[1].note(called);
            }
            Some("not_handoff") => self.unwanted.note(called || offered),
            Some("danger") => {
                self.danger[0].note(alarmed);
                self.danger[1].note(called || offered);
            }
            Some("not_danger") => self.no_danger.note(alarmed),
            Some(id) => {
                let (order, _) = bot.ranked_ids(&normalise(&question.text), question.lang);
                self.top[0].note(order.first() == Some(&id));
                self.top[1].note(order.iter().take(3).any(|one| *one == id));
                let right = answers && answer.source.as_ref().is_some_and(|source| source.id == id);
                self.right.note(right);
                self.wrong.note(answers && !right);
                self.helped.note(right || offers && answer.options.iter().take(3).any(|option| option.id == id));
            }
            None => self.graph.note(answers && fits(question, answer.items.iter().map(|item| &item.id), &answer.text)),
        }
    }

    fn shares(&self) -> Shares {
        Shares {
            top1: self.top[0].share(),
            top3: self.top[1].share(),
            answered_right: self.right.share(),
            answered_wrong: self.wrong.share(),
            helped: self.helped.share(),
            oos_answered: self.oos[0].share(),
            oos_offered: self.oos[1].share(),
            handoff_recall: self.wanted[0].share(),
            handoff_obeyed: self.wanted[1].share(),
            handoff_false: self.unwanted.share(),
            danger_called: self.danger[0].share(),
            danger_helped: self.danger[1].share(),
            danger_false: self.no_danger.share(),
            graph_right: self.graph.share(),
        }
    }
}

/// Whether an answer about these products and plans, with this text, is about exactly what is expected, and says the value.
fn fits<'a>(question: &Question, ids: impl Iterator<Item = &'a String>, text: &str) -> bool {
    ids.collect::<BTreeSet<_>>() == question.expect_ids.iter().collect() && question.expect_value.as_deref().is_none_or(|value| contains_value(text, value))
}

/// Whether a reaction to a question over goods and plans is right, as [`run`] counts.
pub fn is_right(question: &Question, reaction: &Reaction) -> bool {
    let answers = [Outcome::Confident, Outcome::Attribute].map(Outcome::name).contains(&reaction.decision.as_str());
    answers && fits(question, reaction.ids.iter(), &reaction.value)
}

/// Whether a text says a value. Punctuation, spaces, and separators within numbers do not count; a number counts only whole.
pub(crate) fn contains_value(text: &str, value: &str) -> bool {
    let (text, value) = (words_and_numbers(text), words_and_numbers(value));
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let of_number = |c: Option<char>| digit(c) || c == Some('.');
    !value.is_empty()
        && text.match_indices(&value).any(|(at, _)| {
            let (before, after) = (text[..at].chars().next_back(), text[at + value.len()..].chars().next());
            let goes_on = digit(value.chars().next()) && of_number(before) || digit(value.chars().next_back()) && of_number(after);
            !goes_on
        })
}

/// The letters and digits of a text; numbers that follow each other stay apart, those with separators do not. A full-width comma separates numbers.
fn words_and_numbers(text: &str) -> String {
    let letters: Vec<char> = normalise(&text.replace('，', "；")).chars().collect();
    let mut out = String::with_capacity(letters.len());
    for (at, c) in letters.iter().enumerate() {
        if c.is_alphanumeric() {
            out.push(*c);
            continue;
        }
        let next = letters[at..].iter().find(|c| c.is_alphanumeric());
        if *c != ',' && out.ends_with(|c: char| c.is_ascii_digit()) && next.is_some_and(char::is_ascii_digit) {
            out.push(if *c == '.' && letters.get(at + 1).is_some_and(char::is_ascii_digit) { '.' } else { '_' });
        }
    }
    out
}

/// Whether a person is called or offered.
pub(crate) fn asked_for_person(answer: &Answer) -> bool {
    answer.outcome == Outcome::HumanRequest || answer.offers_person()
}

/// The sources of an answer, or what it offers, in order.
pub(crate) fn ids_of(answer: &Answer) -> Vec<String> {
    answer.items.iter().map(|source| source.id.clone()).chain(answer.options.iter().map(|option| option.id.clone())).collect()
}

fn reaction(question: &Question, answer: Answer) -> Reaction {
    let decision = if answer.offers_person() { "handoff_offered" } else { answer.outcome.name() };
    Reaction { text: question.text.clone(), decision: decision.to_owned(), ids: ids_of(&answer), value: answer.text }
}

#[cfg(test)]
mod tests {
    use bot::Knowledge;

    use super::*;

    fn bot() -> Bot {
        let entries = r#"{"id":"a","topic":"t","question":{"zh":"怎么换套餐","en":"how do I change my plan"},"similar":{"zh":[],"en":[]},"answer":{"zh":"找客服","en":"ask us"},"related":[],"action":null}
{"id":"b","topic":"t","question":{"zh":"怎么退货","en":"how do I return a parcel"},"similar":{"zh":[],"en":[]},"answer":{"zh":"寄回","en":"send it back"},"related":[],"action":null}"#;
        Bot::train(Knowledge::parse(&[entries], r#"{"zh":[],"en":[]}"#, r#"{"goods":[]}"#, r#"{"plans":[]}"#, "").unwrap())
    }

    #[test]
    fn shares_are_of_the_questions_they_are_about() {
        let bot = bot();
        let lines = r#"{"text":"how do I change my plan","lang":"en","expect":"a"}
{"text":"how do I change my plan?","lang":"en","expect":"b"}
{"text":"我要转人工","lang":"zh-CN","expect":"handoff"}
{"text":"怎么退货","lang":"zh-CN","expect":"not_handoff"}
{"text":"我不想活了","lang":"zh-CN","expect":"danger"}
{"text":"怎么退货？","lang":"zh-CN","expect":"danger"}
{"text":"我要转人工","lang":"zh-CN","expect":"danger"}
{"text":"热死了","lang":"zh-CN","expect":"not_danger"}
{"text":"我不想活了","lang":"zh-CN","expect":"not_danger"}"#;
        let (shares, reactions) = run(&bot, &questions(lines, &bot).unwrap());
        let (en, zh) = (&shares["en"], &shares["zh-CN"]);
        assert_eq!((en.top1, en.answered_right, en.answered_wrong, en.handoff_recall), (Some(0.5), Some(0.5), Some(0.5), None));
        assert_eq!((zh.handoff_recall, zh.handoff_obeyed, zh.handoff_false, zh.top1), (Some(1.0), Some(1.0), Some(0.0), None));
        assert_eq!((zh.danger_called, zh.danger_helped, zh.danger_false), (Some(1.0 / 3.0), Some(2.0 / 3.0), Some(0.5)));
        assert_eq!((reactions.len(), reactions[0].decision.as_str(), &reactions[0].ids), (9, "confident", &vec!["a".to_owned()]));
        assert_eq!(shares["all"].top1, Some(0.5));
    }

    #[test]
    fn a_number_counts_only_whole() {
        for (text, value) in [
            ("暖汀 鲜藏 418，3299 元", "418"),
            ("灵犀 BE7，599 元", "599"),
            ("¥4,999 now", "4999"),
            ("13 800 138", "13-800-138"),
            ("1.18 kg", "1.18"),
            ("It costs 599. 3 colours", "599"),
        ] {
            assert!(contains_value(text, value), "{text} {value}");
        }
        for (text, value) in [("¥4,999", "999"), ("1.18 kg", "18"), ("418", "41"), ("a", "")] {
            assert!(!contains_value(text, value), "{text} {value}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said_with_its_number() {
        let bot = bot();
        let error = |text: &str| questions(text, &bot).unwrap_err().to_string();
        assert!(error("\n{\"text\":1}").starts_with("line 2: "));
        assert!(error(r#"{"text":"a","lang":"en"}"#).contains("neither"));
        assert!(error(r#"{"text":"a","lang":"en","expect":"kb-9"}"#).contains("kb-9"));
        assert!(error("").contains("no questions"));
    }
}
