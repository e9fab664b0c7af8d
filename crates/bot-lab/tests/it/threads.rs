//! How many questions over goods and plans, and turns of dialogues, are answered rightly.

use bot::{Bot, Lang};
use bot_lab::{dialogues, replay};

use crate::common::{LANGS, demo};

/// The floor for the second half of the questions over goods and plans, by language.
const GOODS_UNSEEN: [f64; 2] = [0.82, 0.88];
/// The floor for the turns of dialogues that nobody looked at while the bot was written, by language.
const TURNS_UNSEEN: [f64; 2] = [0.81, 0.74];
/// The most turns answered wrongly as if the bot were sure, and of those that nobody looked at.
const MOST_WRONG: [f64; 2] = [0.055, 0.1];

fn lines(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => include_str!("../data/unseen/lines.zh-CN.jsonl"),
        Lang::En => include_str!("../data/unseen/lines.en.jsonl"),
    }
}

/// The dialogues, and those that were written later and only measured.
fn talks(lang: Lang) -> [&'static str; 2] {
    match lang {
        Lang::Zh => [include_str!("../data/unseen/dialogues.zh-CN.jsonl"), include_str!("../data/unseen/dialogues-later.zh-CN.jsonl")],
        Lang::En => [include_str!("../data/unseen/dialogues.en.jsonl"), include_str!("../data/unseen/dialogues-later.en.jsonl")],
    }
}

/// The lines of one half: the first was looked at while the bot was written, the second once, after it was measured.
fn half<'a>(lines: impl Iterator<Item = &'a str>, second: bool) -> String {
    lines.enumerate().filter(|(at, _)| (at % 2 == 0) == second).map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}

#[test]
fn questions_over_goods_and_plans_are_answered_from_the_right_items() {
    let bot = Bot::train(demo());
    for lang in LANGS {
        let shares = [false, true].map(|second| {
            let questions = half(lines(lang).lines().filter(|line| line.contains("expect_ids")), second);
            let (shares, _) = replay::run(&bot, &replay::questions(&questions, &bot).unwrap());
            shares["all"].graph_right.unwrap()
        });
        println!("{} goods and plans right: {:.3}, and {:.3} of the second half", lang.tag(), shares[0], shares[1]);
        assert!(shares[0] >= 0.88 && shares[1] >= GOODS_UNSEEN[lang as usize], "{} {shares:?}", lang.tag());
    }
}

#[test]
fn dialogues_keep_their_thread() {
    let bot = Bot::train(demo());
    for lang in LANGS {
        let shares = talks(lang).map(|talks| {
            let talks = dialogues::dialogues(talks, &bot).unwrap();
            let (shares, _) = dialogues::run(|| dialogues::Alone::new(&bot), &talks);
            shares["all"].clone()
        });
        println!("{} dialogues: {:?}", lang.tag(), shares);
        assert!(shares[0].right >= 0.80 && shares[1].right >= TURNS_UNSEEN[lang as usize], "{}", lang.tag());
        for (shares, most) in shares.iter().zip(MOST_WRONG) {
            assert!(shares.confident_wrong <= most && shares.repeated == Some(0.0), "{} {shares:?}", lang.tag());
        }
    }
}

/// Short answers after options, related questions, lists and the offer of a person. The author of those with ids `f-…` saw only what the bot offers.
const SHORT_ANSWERS: &str = include_str!("../data/short-answers.jsonl");

#[test]
fn short_answers_do_what_is_meant_and_nothing_refused_is_given() {
    let bot = Bot::train(demo());
    assert!(SHORT_ANSWERS.lines().count() >= 120);
    // whether a yes calls a person is decided outside the bot
    let lines: Vec<&str> = SHORT_ANSWERS.lines().filter(|line| !line.contains(r#""kind": "person""#)).collect();
    let talks = dialogues::dialogues(&lines.join("\n"), &bot).unwrap();
    let (shares, reactions) = dialogues::run(|| dialogues::Alone::new(&bot), &talks);
    let wrong: Vec<_> = reactions.iter().filter(|reaction| !reaction.right).collect();
    for lang in LANGS {
        let shares = &shares[lang.tag()];
        assert!(shares.right >= 0.95 && shares.refused_given == 0, "{} {shares:?} {wrong:#?}", lang.tag());
    }
}
