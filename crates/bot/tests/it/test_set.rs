//! The demo's own test set, used as by an editor who checks the knowledge before publishing it.

use bot::{Bot, Lang, Outcome, Turn};
use serde::Deserialize;

use crate::common;

#[derive(Deserialize)]
struct Sentence {
    sentence: String,
    lang: Lang,
    expected: String,
}

#[test]
fn the_demos_own_test_set_passes() {
    let bot = Bot::train(common::demo());
    let (mut right, mut wrong, mut all) = (0, Vec::new(), 0);
    for line in include_str!("../../../../demo/knowledge-tests.jsonl").lines() {
        let Sentence { sentence, lang, expected } = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let answer = bot.answer(&Turn { text: &sentence, lang_hint: lang, product: None, thread: None });
        let (source, outcome) = (answer.source.map(|source| source.id), answer.outcome);
        let asked_back = answer.options.iter().any(|option| option.id == expected) || expected == "no_answer" && outcome == Outcome::DidYouMean;
        all += 1;
        let fits = match expected.as_str() {
            "no_answer" => outcome == Outcome::NoAnswer,
            "human" => outcome == Outcome::HumanRequest,
            entry => source.as_deref() == Some(entry),
        };
        if fits {
            right += 1;
        } else if !(asked_back || outcome == Outcome::NoAnswer) {
            wrong.push(format!("{sentence}: {source:?} {}", outcome.name()));
        }
    }
    println!("{right} of {all} right, wrong: {wrong:#?}");
    assert!(all >= 60 && right * 100 >= all * 82, "{right} of {all}");
    assert!(wrong.len() * 100 <= all * 8, "{wrong:#?}");
}
