//! The knowledge of a company's bot: questions with their answers, the sentences that the answers are checked with, and when a new version may be published.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use domain::{
    line,
    staff::DECEPTIVE,
    text::{Bilingual, Lang},
    text_enum,
};

/// The longest question or phrasing, in characters.
pub const MAX_QUESTION_CHARS: usize = 200;
/// The longest answer in one language, in characters.
pub const MAX_ANSWER_CHARS: usize = 4_000;
/// The most phrasings of one entry in one language.
pub const MAX_PHRASINGS: usize = 200;
/// The most follow-ups of one entry.
pub const MAX_RELATED: usize = 10;
/// The most entries of a company.
pub const MAX_ENTRIES: usize = 5_000;
/// The most sentences of a test set.
pub const MAX_TESTS: usize = 2_000;
/// The longest name of a category, in characters.
pub const MAX_CATEGORY_CHARS: usize = 40;
/// The longest note or reason of a version, in characters.
pub const MAX_NOTE_CHARS: usize = 500;
/// By how many percentage points the share of right answers may fall at a publication without a reason.
pub const MAX_FALL_POINTS: f64 = 1.0;

/// The name of an entry or a category: 1 to 64 of a-z, A-Z, 0-9, `_` and `-`.
pub fn is_key(raw: &str) -> bool {
    (1..=64).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// The key for a category with this name: its English words, or `fallback` if there are none.
pub fn category_key(name: &Bilingual, fallback: &str) -> String {
    let words: String = name.en.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let key = words.split_whitespace().collect::<Vec<_>>().join("_");
    if key.is_empty() { fallback.to_owned() } else { key.chars().take(40).collect::<String>().trim_end_matches('_').to_owned() }
}

/// Phrasings in both languages; the two lists need not be equally long.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Phrasings {
    /// The Chinese phrasings.
    #[serde(default)]
    #[schema(required)]
    pub zh: Vec<String>,
    /// The English phrasings.
    #[serde(default)]
    #[schema(required)]
    pub en: Vec<String>,
}

/// A question with its answer, in the form that the bot reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnowledgeEntry {
    /// The id of the entry, see [`is_key`].
    pub id: String,
    /// The key of its category.
    #[serde(default, rename = "topic")]
    pub category: String,
    /// The question as it is shown.
    pub question: Bilingual,
    /// Other ways in which people ask the question.
    #[serde(default)]
    pub similar: Phrasings,
    /// The answer as it is sent.
    #[serde(default)]
    pub answer: Bilingual,
    /// The ids of entries worth reading next.
    #[serde(default)]
    pub related: Vec<String>,
    /// The key of the button under the answer; `human` offers a person.
    #[serde(default)]
    pub action: Option<String>,
}

/// Why an entry, a category, a test or a note was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct KnowledgeError {
    /// The field of the request that the error is about.
    pub field: String,
    /// What is wrong, and what is accepted.
    pub what: String,
}

fn wrong(field: impl Into<String>, what: impl Into<String>) -> KnowledgeError {
    KnowledgeError { field: field.into(), what: what.into() }
}

/// Whether a text can be stored and has at most `max` characters.
fn fits(text: &str, max: usize) -> bool {
    !text.contains('\0') && text.chars().count() <= max
}

/// A line in the normal form in which lines are compared: without case, spaces and punctuation.
pub use normal::text::bare;

impl KnowledgeEntry {
    /// The entry without white space around its texts and without empty or repeated phrasings.
    pub fn tidied(mut self) -> Self {
        for text in [&mut self.question.zh, &mut self.question.en, &mut self.answer.zh, &mut self.answer.en] {
            *text = text.trim().to_owned();
        }
        for (question, lines) in [(&self.question.zh, &mut self.similar.zh), (&self.question.en, &mut self.similar.en)] {
            let mut seen = BTreeSet::from([bare(question)]);
            for line in lines.iter_mut() {
                *line = line.split_whitespace().collect::<Vec<_>>().join(" ");
            }
            lines.retain(|line| !bare(line).is_empty() && seen.insert(bare(line)));
        }
        let (own, mut seen) = (self.id.clone(), BTreeSet::new());
        self.related.retain(|id| *id != own && seen.insert(id.clone()));
        self
    }

    /// Checks what may be saved as a draft: texts within the length limits and a question in at least one language.
    ///
    /// # Errors
    /// Returns the first field that is invalid.
    pub fn check(&self) -> Result<(), KnowledgeError> {
        if !is_key(&self.category) {
            return Err(wrong("category", "choose a category"));
        }
        for (field, text) in [("question.zh", &self.question.zh), ("question.en", &self.question.en)] {
            if !fits(text, MAX_QUESTION_CHARS) {
                return Err(wrong(field, format!("a question can have at most {MAX_QUESTION_CHARS} characters")));
            }
        }
        if bare(&self.question.zh).is_empty() && bare(&self.question.en).is_empty() {
            return Err(wrong("question", "write the question in at least one language"));
        }
        for (field, lines) in [("similar.zh", &self.similar.zh), ("similar.en", &self.similar.en)] {
            if lines.len() > MAX_PHRASINGS {
                return Err(wrong(field, format!("at most {MAX_PHRASINGS} phrasings per language")));
            }
            if let Some(at) = lines.iter().position(|line| !fits(line, MAX_QUESTION_CHARS)) {
                return Err(wrong(format!("{field}.{at}"), format!("a phrasing can have at most {MAX_QUESTION_CHARS} characters")));
            }
        }
        for (field, text) in [("answer.zh", &self.answer.zh), ("answer.en", &self.answer.en)] {
            if !fits(text, MAX_ANSWER_CHARS) {
                return Err(wrong(field, format!("an answer can have at most {MAX_ANSWER_CHARS} characters")));
            }
        }
        if self.related.len() > MAX_RELATED || self.related.iter().any(|id| !is_key(id)) {
            return Err(wrong("related", format!("at most {MAX_RELATED} follow-ups, each given by the id of an entry")));
        }
        match self.action.as_deref() {
            Some(action) if !is_key(action) => Err(wrong("action", "a button's key consists of a-z, 0-9, _ and -")),
            _ => Ok(()),
        }
    }

    /// The name of the field that is missing before the entry can be published; `None` if it has an answer.
    pub fn missing(&self) -> Option<&'static str> {
        let answered = !self.answer.zh.trim().is_empty() || !self.answer.en.trim().is_empty();
        (!answered).then_some("answer")
    }

    /// The phrasings in one language, to be changed.
    pub const fn phrasings_in(&mut self, lang: Lang) -> &mut Vec<String> {
        match lang {
            Lang::Zh => &mut self.similar.zh,
            Lang::En => &mut self.similar.en,
        }
    }

    /// The number of phrasings besides the question.
    pub fn phrasings(&self) -> usize {
        self.similar.zh.len() + self.similar.en.len()
    }

    /// The names of the fields in which it differs from a different version of the same entry.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let pairs = [
            ("category", self.category != other.category),
            ("question", self.question != other.question),
            ("similar", self.similar != other.similar),
            ("answer", self.answer != other.answer),
            ("related", self.related != other.related),
            ("action", self.action != other.action),
        ];
        pairs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }
}

/// Checks the name of a category.
///
/// # Errors
/// If both languages are empty, one is too long, or the name is deceptive: a reader could take it for a different one.
pub fn check_category_name(name: &Bilingual) -> Result<(), KnowledgeError> {
    let some = !name.zh.trim().is_empty() || !name.en.trim().is_empty();
    let short = fits(&name.zh, MAX_CATEGORY_CHARS) && fits(&name.en, MAX_CATEGORY_CHARS);
    if !some || !short {
        return Err(wrong("name", format!("a category needs a name in at least one language, at most {MAX_CATEGORY_CHARS} characters each")));
    }
    if line::deceives(name.zh.trim()) || line::deceives(name.en.trim()) { Err(wrong("name", DECEPTIVE)) } else { Ok(()) }
}

/// Checks the note of a version, or the reason for publishing although the result of the check fell.
///
/// # Errors
/// If it is too long.
pub fn check_note(field: &str, text: &str) -> Result<(), KnowledgeError> {
    if fits(text, MAX_NOTE_CHARS) { Ok(()) } else { Err(wrong(field, format!("at most {MAX_NOTE_CHARS} characters"))) }
}

/// What the bot is expected to do with a sentence of the test set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// It should answer with this entry.
    Entry(String),
    /// It should say that it has no answer.
    NoAnswer,
    /// It should pass the customer on to a person.
    Human,
}

impl Expected {
    /// The form that is stored and sent: `no_answer`, `human`, or the id of an entry.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Entry(id) => id,
            Self::NoAnswer => "no_answer",
            Self::Human => "human",
        }
    }
    /// Parses the stored form.
    ///
    /// # Errors
    /// If it is neither one of the two words nor the id of an entry.
    pub fn parse(raw: &str) -> Result<Self, KnowledgeError> {
        match raw {
            "no_answer" => Ok(Self::NoAnswer),
            "human" => Ok(Self::Human),
            id if is_key(id) => Ok(Self::Entry(id.to_owned())),
            _ => Err(wrong("expected", "it must be no_answer, human, or the id of an entry")),
        }
    }
}

/// What a run over the knowledge tries in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunOf {
    /// The test set, put to the live version and to the draft.
    Tests,
    /// The phrasings of the draft, in search of those that probably belong to a different entry.
    Suspects,
    /// The questions that customers asked yesterday, put to the live version and to the draft.
    Yesterday,
}

text_enum!(RunOf { Tests = "tests", Suspects = "suspects", Yesterday = "yesterday" });

/// Checks a sentence of the test set.
///
/// # Errors
/// If it has no words or is too long.
pub fn check_sentence(sentence: &str) -> Result<(), KnowledgeError> {
    if fits(sentence, MAX_QUESTION_CHARS) && !bare(sentence).is_empty() {
        return Ok(());
    }
    Err(wrong("sentence", format!("a sentence needs text, at most {MAX_QUESTION_CHARS} characters")))
}

/// What the bot did with a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Did {
    /// It answered with this entry.
    Answered(String),
    /// It offered these entries to choose from.
    Offered(Vec<String>),
    /// It said that it has no answer.
    SaidNothing,
    /// It passed the customer on to a person.
    HandedOver,
    /// It did something else: small talk, or a property from the catalogue.
    Other,
}

/// How good the bot's reaction to a test sentence was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = KnowledgeTestVerdict)]
pub enum Verdict {
    /// The bot did what was expected.
    Right,
    /// The bot had no answer although one was expected, and said so or asked back; or it asked back or passed the customer on although no answer was expected.
    DontKnow,
    /// The bot said something that was not expected.
    Wrong,
}

text_enum!(Verdict { Right = "right", DontKnow = "dont_know", Wrong = "wrong" });

/// Judges what the bot did with a sentence.
pub fn judge(expected: &Expected, did: &Did) -> Verdict {
    match (expected, did) {
        (Expected::Entry(wanted), Did::Answered(given)) if wanted == given => Verdict::Right,
        (Expected::Entry(wanted), Did::Offered(given)) if given.contains(wanted) => Verdict::DontKnow,
        (Expected::NoAnswer, Did::SaidNothing) | (Expected::Human, Did::HandedOver) => Verdict::Right,
        (Expected::Entry(_) | Expected::Human, Did::SaidNothing) | (Expected::NoAnswer, Did::Offered(_) | Did::HandedOver) => Verdict::DontKnow,
        _ => Verdict::Wrong,
    }
}

/// How the sentences of a test set were answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Score {
    /// The number of sentences with the verdict `right`.
    pub right: u32,
    /// The number of sentences with the verdict `dont_know`.
    pub dont_know: u32,
    /// The number of sentences with the verdict `wrong`.
    pub wrong: u32,
}

impl Score {
    /// Counts one sentence.
    pub const fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Right => self.right += 1,
            Verdict::DontKnow => self.dont_know += 1,
            Verdict::Wrong => self.wrong += 1,
        }
    }
    /// The number of sentences in total.
    pub const fn total(&self) -> u32 {
        self.right + self.dont_know + self.wrong
    }
    /// The share of right answers in per cent; 100 if there are no sentences.
    pub fn points(&self) -> f64 {
        if self.total() == 0 { 100.0 } else { f64::from(self.right) * 100.0 / f64::from(self.total()) }
    }
    /// Whether a draft with this score may replace the live version, which answered the same sentences with the score `live`.
    pub fn may_follow(&self, live: &Self) -> bool {
        live.points() - self.points() <= MAX_FALL_POINTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(text: &str) -> Bilingual {
        Bilingual { zh: text.to_owned(), en: String::new() }
    }
    fn entry() -> KnowledgeEntry {
        KnowledgeEntry {
            id: "kb-1".into(), category: "plans".into(), question: both("怎么换套餐"), answer: both("在营业厅换。"), ..KnowledgeEntry::default()
        }
    }

    #[test]
    fn an_entry_reads_the_form_of_the_demo_and_keeps_it() {
        let json = r#"{"id":"kb-1","topic":"plans","question":{"zh":"问","en":"q"},"similar":{"zh":["一"],"en":[]},"answer":{"zh":"答","en":"a"},"related":["kb-2"],"action":null}"#;
        let entry: KnowledgeEntry = serde_json::from_str(json).unwrap();
        assert_eq!((entry.category.as_str(), entry.similar.zh.len(), entry.action.as_deref()), ("plans", 1, None));
        assert_eq!(serde_json::to_string(&entry).unwrap(), json);
    }

    #[test]
    fn what_does_not_fit_names_its_field() {
        let long = "长".repeat(MAX_QUESTION_CHARS + 1);
        let cases: Vec<(&str, KnowledgeEntry)> = vec![
            ("category", KnowledgeEntry { category: "no spaces".into(), ..entry() }),
            ("question", KnowledgeEntry { question: both(" ？"), ..entry() }),
            ("question.zh", KnowledgeEntry { question: both(&long), ..entry() }),
            ("similar.zh.1", KnowledgeEntry { similar: Phrasings { zh: vec!["好".into(), long.clone()], en: vec![] }, ..entry() }),
            ("similar.en", KnowledgeEntry { similar: Phrasings { zh: vec![], en: vec!["x".into(); MAX_PHRASINGS + 1] }, ..entry() }),
            ("answer.zh", KnowledgeEntry { answer: both(&"长".repeat(MAX_ANSWER_CHARS + 1)), ..entry() }),
            ("related", KnowledgeEntry { related: vec!["a b".into()], ..entry() }),
            ("action", KnowledgeEntry { action: Some(String::new()), ..entry() }),
        ];
        assert_eq!(entry().check(), Ok(()));
        for (field, entry) in cases {
            assert_eq!(entry.check().unwrap_err().field, field);
        }
    }

    #[test]
    fn repeated_and_empty_phrasings_are_dropped() {
        let lines = ["怎么 换套餐？", "", "换一个套餐", "换一个套餐！", " 套餐  在哪改 "].map(str::to_owned).to_vec();
        let tidy =
            KnowledgeEntry { similar: Phrasings { zh: lines, en: vec![] }, related: vec!["kb-1".into(), "kb-2".into(), "kb-2".into()], ..entry() }.tidied();
        assert_eq!(tidy.similar.zh, ["换一个套餐", "套餐 在哪改"]);
        assert_eq!(tidy.related, ["kb-2"]);
        // Lines are compared as the bot reads them.
        let lines = ["換一個套餐", "换一\u{200b}个套餐", "换一个ＶＩＰ套餐", "换一个 vip 套餐"].map(str::to_owned).to_vec();
        let tidy = KnowledgeEntry { similar: Phrasings { zh: lines, en: vec![] }, ..entry() }.tidied();
        assert_eq!(tidy.similar.zh, ["換一個套餐", "换一个ＶＩＰ套餐"]);
    }

    #[test]
    fn without_an_answer_it_stays_a_draft() {
        assert_eq!(entry().missing(), None);
        assert_eq!(KnowledgeEntry { answer: both("  "), ..entry() }.missing(), Some("answer"));
    }

    #[test]
    fn the_fields_that_differ_are_named() {
        assert_eq!(entry().differences(&entry()), [] as [&str; 0]);
        assert_eq!(KnowledgeEntry { answer: both("另一个"), category: "bills".into(), ..entry() }.differences(&entry()), ["category", "answer"]);
    }

    #[test]
    fn a_verdict_is_right_honest_or_wrong() {
        let wanted = Expected::Entry("a".into());
        for (expected, did, verdict) in [
            (&wanted, Did::Answered("a".into()), Verdict::Right),
            (&wanted, Did::Answered("b".into()), Verdict::Wrong),
            (&wanted, Did::Offered(vec!["b".into(), "a".into()]), Verdict::DontKnow),
            (&wanted, Did::Offered(vec!["b".into()]), Verdict::Wrong),
            (&wanted, Did::SaidNothing, Verdict::DontKnow),
            (&wanted, Did::Other, Verdict::Wrong),
            (&Expected::NoAnswer, Did::SaidNothing, Verdict::Right),
            (&Expected::NoAnswer, Did::Offered(vec!["a".into()]), Verdict::DontKnow),
            (&Expected::NoAnswer, Did::Answered("a".into()), Verdict::Wrong),
            (&Expected::Human, Did::HandedOver, Verdict::Right),
            (&Expected::Human, Did::Answered("a".into()), Verdict::Wrong),
        ] {
            assert_eq!(judge(expected, &did), verdict, "{expected:?} {did:?}");
        }
    }

    #[test]
    fn a_draft_may_fall_by_one_point_and_no_more() {
        let of = |right: u32| Score { right, dont_know: 0, wrong: 200 - right };
        assert!(of(188).may_follow(&of(190)));
        assert!(!of(187).may_follow(&of(190)));
        assert!(of(199).may_follow(&of(190)));
        assert!(Score::default().may_follow(&Score::default()));
    }

    #[test]
    fn a_category_s_name_deceives_nobody() {
        let name = |en: &str| Bilingual { zh: "套餐".into(), en: en.into() };
        assert_eq!(check_category_name(&name("Plans")), Ok(()));
        for bad in ["\u{2800}", "\u{202e}snalp", "Plans\u{3164}", "Pl\u{430}ns"] {
            assert_eq!(check_category_name(&name(bad)).map_err(|error| error.what), Err(DECEPTIVE.to_owned()), "{bad:?}");
        }
    }

    #[test]
    fn a_category_gets_a_key_from_its_english_name() {
        let name = |en: &str| Bilingual { zh: "套餐".into(), en: en.into() };
        assert_eq!(category_key(&name("Plans & add-ons"), "x"), "plans_add_ons");
        assert_eq!(category_key(&name(""), "topic_1"), "topic_1");
        assert!(is_key(&category_key(&name(&"Long words ".repeat(20)), "x")));
    }

    #[test]
    fn an_expectation_survives_its_text() {
        for expected in [Expected::NoAnswer, Expected::Human, Expected::Entry("kb-7".into())] {
            assert_eq!(Expected::parse(expected.as_str()), Ok(expected));
        }
        assert!(Expected::parse("").is_err());
    }
}
