//! Sentence embeddings in the fusion, with vectors that the tests make up: some that know what a text is about, and some that know nothing.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use bot::embed::{Vector, Vectors};
use bot::embedded::texts;
use bot::fitting::{embedding, without_wording};
use bot::gate::Fitted;
use bot::{Bot, Knowledge, Outcome, Turn};

use crate::common;

const SIZE: usize = 24;

/// A direction that depends on nothing but the seed.
fn direction(seed: &str) -> Vec<f32> {
    let mut state = seed.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1u64 << 24) as f32 - 0.5
    };
    (0..SIZE).map(|_| (0..4).map(|_| next()).sum()).collect()
}

fn unit(values: Vec<f32>) -> Vector {
    let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    values.into_iter().map(|value| value / length).collect()
}

/// The vectors of the knowledge's texts: what the text is about counts `insight` times as much as what it happens to be.
fn vectors(knowledge: &Knowledge, insight: f32) -> HashMap<String, Vector> {
    let mut all: HashMap<String, Vector> = texts(knowledge).into_iter().map(|text| (text.clone(), unit(direction(&text)))).collect();
    for entry in &knowledge.entries {
        for lang in common::LANGS {
            let own = [entry.question.side(lang), entry.answer.side(lang)];
            for text in own.into_iter().chain(entry.similar.side(lang).iter().map(String::as_str)) {
                let text: String = bot::text::normalise(text).chars().take(400).collect();
                let chance = direction(&text);
                let about = direction(&entry.id).into_iter().zip(chance).map(|(about, chance)| insight * about + chance).collect();
                all.insert(text, unit(about));
            }
        }
    }
    all
}

/// The first entries of the demo: a fit takes as long as training seven times.
fn part() -> Knowledge {
    let mut knowledge = common::demo();
    knowledge.entries.truncate(40);
    knowledge
}

struct Planted {
    knowledge: Knowledge,
    known: HashMap<String, Vector>,
    fitted: Fitted,
}

static PLANTED: LazyLock<Planted> = LazyLock::new(|| {
    let knowledge = part();
    let known = vectors(&knowledge, 1.0);
    let fitted = embedding::fit(&knowledge, "planted", &known);
    Planted { knowledge, known, fitted }
});

#[test]
fn what_embeddings_know_counts_and_finds_unseen_wordings() {
    let Planted { knowledge, known, fitted } = &*PLANTED;
    for side in [&fitted.zh, &fitted.en] {
        assert!(side.as_ref().is_some_and(|side| side.weight >= 0.3), "{:?}", side.as_ref().map(|side| side.weight));
    }
    let stored = serde_json::to_string(&fitted).unwrap();
    assert_eq!(serde_json::from_str::<Fitted>(&stored).unwrap(), *fitted);

    let (reduced, out) = without_wording(knowledge, 2);
    let plain = Bot::train(reduced.clone());
    let lines: Arc<dyn Vectors> = Arc::new(known.clone());
    let embedded = Bot::train(reduced).with_embeddings(fitted, known, &lines);
    for lang in common::LANGS {
        let right = |bot: &Bot| {
            let is_right = |(at, line): &&(usize, String)| bot.ranked_ids(&bot::text::normalise(line), lang).0[0] == knowledge.entries[*at].id;
            out[lang as usize].iter().filter(is_right).count() as f32 / out[lang as usize].len() as f32
        };
        let (without, with) = (right(&plain), right(&embedded));
        println!("{}: top-1 {without:.3} without, {with:.3} with", lang.tag());
        assert!(with >= without + 0.1, "{} {without} {with}", lang.tag());
    }
}

#[test]
fn embeddings_that_know_nothing_count_nothing() {
    let knowledge = part();
    let fitted = embedding::fit(&knowledge, "chance", &vectors(&knowledge, 0.0));
    assert_eq!((fitted.zh, fitted.en), (None, None));
}

#[test]
fn a_line_without_a_vector_is_answered_as_if_there_were_no_embeddings() {
    let Planted { knowledge, known, fitted } = &*PLANTED;
    let nobody: Arc<dyn Vectors> = Arc::new(HashMap::<String, Vector>::new());
    let wrong: Arc<dyn Vectors> = Arc::new(Strange);
    let plain = Bot::train(knowledge.clone());
    for lines in [nobody, wrong] {
        let embedded = Bot::train(knowledge.clone()).with_embeddings(fitted, known, &lines);
        for text in ["我想换一个便宜点的套餐", "网速好慢怎么办啊", "how can i get an invoice for last month", "my phone shows no signal abroad"]
        {
            let turn = Turn { text, lang_hint: bot::Lang::Zh, product: None, thread: None };
            let (one, other) = (plain.answer(&turn), embedded.answer(&turn));
            assert_eq!((one.outcome, one.text, one.confidence), (other.outcome, other.text, other.confidence), "{text}");
        }
    }
}

/// Vectors of a different length than those of the knowledge.
struct Strange;

impl Vectors for Strange {
    fn of(&self, _: &str) -> Option<Vector> {
        Some(Arc::from([1.0; SIZE + 1]))
    }
}

#[test]
fn only_what_is_looked_up_is_to_be_embedded() {
    let Planted { knowledge, known, fitted } = &*PLANTED;
    let lines: Arc<dyn Vectors> = Arc::new(known.clone());
    let plain = Bot::train(knowledge.clone());
    let first = knowledge.entries[0].question.zh.clone();
    let embedded = Bot::train(knowledge.clone()).with_embeddings(fitted, known, &lines);
    let to_embed = |text: &str| embedded.to_embed(text, bot::Lang::Zh);
    for text in ["", "???", "你好", "转人工", "我不想活了", first.as_str()] {
        assert_eq!(to_embed(text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(to_embed("Where can I find MY bill from March"), ["where can i find my bill from march"]);
    assert!(to_embed("改号要多少钱？另外国际漫游怎么开通？").len() >= 2);
    assert_eq!(plain.to_embed("网速好慢怎么办啊", bot::Lang::Zh), Vec::<String>::new());
    let asked = embedded.answer(&Turn { text: "网速好慢怎么办啊", lang_hint: bot::Lang::Zh, product: None, thread: None });
    assert_ne!(asked.outcome, Outcome::HumanRequest);
}
