//! What is heard before anything else: that somebody is in despair or danger, and that the customer wants a person.
//!
//! Missing either is the worst mistake the bot can make, and both come in words nobody thought of. So each is recognised by a small linear model (`model.rs`) over
//! the words of a line and the kinds of words they are (`classes.rs`), trained on lines and on sentences made of patterns (`training.rs` of the crate `bot-lab`); the
//! models come with the program. Plain requests are known by rules as well, and count as heard if the model finds them possible.

mod chinese;
mod classes;
mod english;
mod model;

use std::sync::LazyLock;

use self::model::Model;
use crate::bot::normal_of;
use crate::declined::after_declining;
use crate::text::{Lang, detect, list, normalise, tokens, without_codes};
use utterance::counting::only_counts;

/// A longer text, in characters, is also read sentence by sentence: among so many words, a few of despair would count for little.
const LONG: usize = 100;
/// The most sentences that are read, and the fewest bytes of one; what is shorter goes with the next.
const MOST_SENTENCES: usize = 200;
const SENTENCE: usize = 15;

/// What is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The customer wants a person.
    Person,
    /// Somebody is in despair or in danger.
    Danger,
}

/// What a line says about the need for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing.
    None,
    /// A person may be wanted: the bot offers one.
    Perhaps,
    /// A person is wanted.
    Person,
    /// Somebody may be in despair or danger: the bot says where help can be had, and offers a person.
    PossibleDanger,
    /// Somebody is in despair or danger.
    Danger,
}

/// From this probability on a person is called at once, and from the lower one on if the rules hear a request, too.
const WANTED: f32 = 0.6;
const WANTED_BY_RULES: f32 = 0.35;

/// From the first of these probabilities of danger on help is offered, from the second on a person is called. A mistaken call costs a minute, a missed one perhaps
/// a life, and whoever spoke figuratively can pass over the offer.
const fn alarming(lang: Lang) -> [f32; 2] {
    match lang {
        Lang::Zh => [0.3, 0.39],
        Lang::En => [0.32, 0.5],
    }
}

/// From this probability on one sentence among many is danger; below it, it may be.
const ALARMING_SENTENCE: f32 = 0.5;

/// From this probability on danger is plain: hardly a figure of speech comes so far, and most of what is meant does.
const PLAIN: f32 = 0.8;

/// From this probability on a person is offered.
const OFFERED: f32 = 0.45;

/// A line as it is heard, normalised, with what it says about the need for a person. The words that decline a person are those of a wish for one: what follows
/// them is heard by itself, and may be nothing.
pub(crate) fn hear(text: &str) -> (String, Need) {
    let normal = normal_of(text);
    let need = need_in(text, &normal);
    match after_declining(&normal).map(str::to_owned) {
        Some(rest) if !matches!(need, Need::Danger | Need::PossibleDanger) => {
            let need = need_in(&rest, &rest);
            (rest, need)
        }
        _ => (normal, need),
    }
}

/// What the normalised line says about the need for a person.
pub(crate) fn need(normal: &str) -> Need {
    let heard = read(normal, |lang, tokens, probability| {
        let (wish, danger) = (probability(Meaning::Person), probability(Meaning::Danger));
        let [worrying, alarming] = alarming(lang);
        if danger >= alarming {
            Need::Danger
        } else if wish >= WANTED || wish >= WANTED_BY_RULES && asks(tokens, lang) {
            Need::Person
        } else if danger >= worrying {
            Need::PossibleDanger
        } else if wish >= OFFERED {
            Need::Perhaps
        } else {
            Need::None
        }
    });
    heard.unwrap_or(Need::None)
}

/// Reads a normalised line: its language, its tokens, and how probable a meaning is; `None` if it is in no language.
fn read<T>(normal: &str, hear: impl FnOnce(Lang, &[&str], &dyn Fn(Meaning) -> f32) -> T) -> Option<T> {
    let lang = detect(normal)?;
    let words = without_codes(normal);
    let tokens = tokens(&words);
    let features = model::features(&tokens, lang);
    let probability = |meaning| {
        let found = model_of(meaning, lang).map_or(0.0, |model| model.probability(&features));
        // Few lines come so far that it is worth finding out.
        let may_be_danger = meaning == Meaning::Danger && found >= alarming(lang)[0];
        if may_be_danger && only_counts(&tokens, lang) { 0.0 } else { found }
    };
    Some(hear(lang, &tokens, &probability))
}

/// The need for a person in a text, whose normalised beginning and end are `normal`: words of danger count wherever they stand.
pub(crate) fn need_in(text: &str, normal: &str) -> Need {
    let sentences = need_in_sentences(text);
    if sentences == Need::Danger {
        return sentences;
    }
    match need(normal) {
        Need::None | Need::Perhaps if sentences == Need::PossibleDanger => sentences,
        Need::None | Need::Perhaps if a_sentence_wishes(normal) => Need::Person,
        whole => whole,
    }
}

/// Whether one of several normalised sentences wishes for a person: "三千多块的手机就这么没了？马上给我人！"
fn a_sentence_wishes(normal: &str) -> bool {
    let ends = ['。', '！', '？', '；', '.', '!', '?', ';', '\n'];
    let sentences: Vec<&str> = normal.split(ends).map(str::trim).filter(|sentence| !sentence.is_empty()).collect();
    let wishes = |sentence: &&str| read(sentence, |_, _, probability| probability(Meaning::Person)) >= Some(WANTED);
    sentences.len() > 1 && sentences.iter().any(wishes)
}

/// Whether a text says that somebody is in despair or danger: it is passed on to a person.
pub fn is_danger(text: &str) -> bool {
    // What `need_in` would find, without asking whether a person is wanted.
    let heard = read(&normal_of(text), |lang, _, probability| probability(Meaning::Danger) >= alarming(lang)[1]);
    heard == Some(true) || need_in_sentences(text) == Need::Danger
}

/// Whether a text says in plain words that somebody is in despair or danger: what still counts of somebody who says at the same moment that all is well.
pub fn is_plain_danger(text: &str) -> bool {
    let is_plain = |words: &str| read(&normal_of(words), |_, _, probability| probability(Meaning::Danger)) >= Some(PLAIN);
    is_plain(text) || text.chars().nth(LONG).is_some() && sentences(text).take(MOST_SENTENCES).any(is_plain)
}

/// Whether a text may say that somebody is in despair or danger: it is never kept to learn from.
pub fn may_be_danger(text: &str) -> bool {
    matches!(need_in(text, &normal_of(text)), Need::Danger | Need::PossibleDanger)
}

/// The danger in the sentences of a longer text, none or possible or certain: one among many that sounds dangerous may be mistaken.
fn need_in_sentences(text: &str) -> Need {
    let mut found = Need::None;
    if text.chars().nth(LONG).is_none() {
        return found;
    }
    for sentence in sentences(text).take(MOST_SENTENCES) {
        match read(&normal_of(sentence), |lang, _, probability| (probability(Meaning::Danger), alarming(lang)[1])) {
            Some((danger, _)) if danger >= ALARMING_SENTENCE => return Need::Danger,
            Some((danger, alarming)) if danger >= alarming => found = Need::PossibleDanger,
            _ => {}
        }
    }
    found
}

/// The sentences of a text.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let ends =
            |(at, c): (usize, char)| (at >= SENTENCE && matches!(c, '。' | '！' | '？' | '；' | '.' | '!' | '?' | ';' | '\n')).then(|| at + c.len_utf8());
        let end = rest.char_indices().find_map(ends).unwrap_or(rest.len());
        let (sentence, after) = rest.split_at(end);
        rest = after;
        (!sentence.is_empty()).then_some(sentence)
    })
}

/// The weights that a text uses among so many (a power of two), each once: what a model is trained on.
pub fn places(text: &str, lang: Lang, weights: usize) -> Vec<usize> {
    model::places(&model::features(&tokens(&normalise(text)), lang), weights)
}

/// Whether a line names people, machines or help, and so might be a wish for a person.
pub fn may_be_a_wish(line: &str, lang: Lang) -> bool {
    let line = classes::line_of(&tokens(&normalise(line)), lang);
    let kinds = classes::of(lang).iter().filter(|(kind, _)| matches!(kind, 'P' | 'M' | 'B'));
    kinds.flat_map(|(_, words)| list(words)).chain(["help", "帮"]).any(|word| line.contains(&classes::in_line(word, lang)))
}

/// Whether the rules hear a request for a person in the tokens of a normalised line.
pub fn asks(tokens: &[&str], lang: Lang) -> bool {
    match lang {
        Lang::Zh => chinese::asks(&tokens.concat()),
        Lang::En => english::asks(tokens),
    }
}

fn model_of(meaning: Meaning, lang: Lang) -> Option<&'static Model<'static>> {
    static MODELS: LazyLock<[Option<Model<'static>>; 4]> = LazyLock::new(|| {
        let bytes: [&[u8]; 4] =
            [include_bytes!("person.zh.bin"), include_bytes!("person.en.bin"), include_bytes!("danger.zh.bin"), include_bytes!("danger.en.bin")];
        bytes.map(Model::read)
    });
    MODELS.get(meaning as usize * 2 + lang as usize).and_then(Option::as_ref)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_question_of_the_demo_but_one_for_a_person_is_a_request() {
        let demo = concat!(include_str!("../../../../demo/knowledge-1.jsonl"), include_str!("../../../../demo/knowledge-2.jsonl"));
        let mut heard = Vec::new();
        for line in demo.lines() {
            let entry: crate::knowledge::Entry = serde_json::from_str(line).unwrap();
            let similar = entry.similar.zh.iter().chain(&entry.similar.en);
            for text in similar.chain([&entry.question.zh, &entry.question.en]) {
                if need(&normalise(text)) == Need::Person {
                    heard.push(text.clone());
                }
            }
        }
        assert_eq!(heard, ["老年人怎么直接找人工"]);
    }

    /// Every text in a document, in both languages.
    fn texts_in(value: &serde_json::Value) -> Vec<&str> {
        match value {
            serde_json::Value::String(text) => vec![text],
            serde_json::Value::Array(all) => all.iter().flat_map(texts_in).collect(),
            serde_json::Value::Object(all) => all.values().flat_map(texts_in).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn nothing_that_is_said_in_the_demo_is_danger() {
        let phrases = [include_str!("../../../../demo/history.json"), include_str!("../../../../demo/traffic.json")];
        let knowledge = concat!(include_str!("../../../../demo/knowledge-1.jsonl"), include_str!("../../../../demo/knowledge-2.jsonl"));
        let documents: Vec<serde_json::Value> = phrases.into_iter().chain(knowledge.lines()).map(|text| serde_json::from_str(text).unwrap()).collect();
        // The answers of the knowledge are the bot's alone.
        let said = documents.iter().flat_map(|document| match document.get("answer") {
            Some(_) => [&document["question"], &document["similar"]].into_iter().flat_map(texts_in).collect(),
            None => texts_in(document),
        });
        let (dangers, rest): (Vec<&str>, Vec<&str>) = said.partition(|text| is_danger(text));
        assert!(dangers.is_empty() && rest.len() > 2_000, "{dangers:#?}, {} others", rest.len());
    }

    #[test]
    fn of_somebody_who_is_pleased_only_plain_words_of_danger_count() {
        for text in ["我不想活了", "I want to kill myself", "客服很好，可是我今晚就从楼上跳下去"] {
            assert!(is_plain_danger(text), "{text}");
        }
        for text in ["晚上也有人，省心", "累死了，不过总算办好了", "this hold music is killing me, but she fixed it"] {
            assert!(!is_plain_danger(text), "{text}");
        }
    }

    #[test]
    fn danger_is_heard_wherever_it_stands_in_a_long_text() {
        let filler = "我的宽带已经断了三天，师傅说来也没有来，账单倒是照样扣。".repeat(14);
        for text in [format!("{filler}我不想活了。{filler}"), format!("{filler}{filler}我不想活了"), format!("我不想活了。{filler}{filler}")] {
            assert!(is_danger(&text) && need_in(&text, &normal_of(&text)) == Need::Danger, "{text}");
        }
        assert!(!is_danger(&format!("{filler}{filler}")));
    }

    #[test]
    fn a_wish_is_heard_beside_another_sentence() {
        for text in ["三千多块的手机就这么没了？马上给我人！", "My order never came. Somebody human, now!"] {
            assert_eq!(need_in(text, &normal_of(text)), Need::Person, "{text}");
        }
    }

    #[test]
    fn a_number_of_something_is_no_cry_for_help() {
        for code in ["50a82c31-942a-43d0-9097-050107aa5237", "d2235864-2b32-4ae1-bd0e-4de108759e16", "lk20261101191202", "13811912010"] {
            assert_eq!(need(&normalise(&format!("我的订单 {code} 现在到哪里了？"))), Need::None, "{code}");
            assert_ne!(need(&normalise(&format!("{code} 请稍等，我看一下。"))), Need::Danger, "{code}");
        }
    }

    #[test]
    fn a_line_that_only_counts_is_no_cry_for_help() {
        for text in [
            "已经第三次了",
            "都第三次了",
            "已经打了三次电话了",
            "我已经等了三天了",
            "投诉了三次了",
            "这都第几次了",
            "我已经打了十次电话了",
            "每次都这样，已经第三次了",
            "已经第三次约好了没来",
            "我要投诉，师傅约好了没来",
            "this is the third time already",
            "I've called three times already",
            "it's the third time this month",
        ] {
            let need = need(&normalise(text));
            assert!(!matches!(need, Need::Danger | Need::PossibleDanger), "{text}: {need:?}");
        }
        for tokens in [["would", "anyone", "notice"].as_slice(), &["third", "time", "he", "hit", "me"]] {
            assert!(!only_counts(tokens, Lang::En), "{tokens:?}");
        }
        for text in ["没人会想我的吧", "他已经打了我三次了", "这是第三次割腕了"] {
            assert!(!only_counts(&tokens(text), Lang::Zh), "{text}");
        }
    }

    #[test]
    fn a_customer_who_wants_to_look_first_wants_nobody() {
        for text in ["请稍等，我看一下。", "等一下，我找找", "稍等，我去拿手机", "Hold on, let me check", "just a sec, i'll have a look first"]
        {
            assert_eq!(need(&normalise(text)), Need::None, "{text}");
        }
    }
}
