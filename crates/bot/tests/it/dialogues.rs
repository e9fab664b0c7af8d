//! Complete conversations with the demo's bot, line by line, from `data/dialogues.jsonl`.
//!
//! A turn specifies what the customer says and the outcome, and, if they matter, the source, words that the answer contains, an option that is offered, and
//! whether a person is offered.

use crate::common;
use bot::{Bot, Lang, Thread, Turn};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dialogue {
    screen: Lang,
    page: Option<String>,
    turns: Vec<Said>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    say: String,
    outcome: String,
    source: Option<String>,
    #[serde(default)]
    has: Vec<String>,
    option: Option<String>,
    human: Option<bool>,
    lang: Option<Lang>,
}

#[test]
fn golden_dialogues_go_as_written() {
    let bot = Bot::train(common::demo());
    let mut wrong = Vec::new();
    let mut turns = 0;
    for (number, line) in include_str!("../data/dialogues.jsonl").lines().enumerate() {
        let dialogue: Dialogue = serde_json::from_str(line).unwrap_or_else(|error| panic!("line {}: {error}", number + 1));
        let mut thread = Thread::default();
        for said in &dialogue.turns {
            turns += 1;
            let turn = Turn { text: &said.say, lang_hint: dialogue.screen, product: dialogue.page.as_deref(), thread: Some(&thread) };
            let answer = bot.answer(&turn);
            let source = answer.source.as_ref().map(|source| source.id.as_str());
            let fits = answer.outcome.name() == said.outcome
                && said.source.as_deref().is_none_or(|wanted| source == Some(wanted))
                && said.has.iter().all(|piece| answer.text.contains(piece.as_str()))
                && said.option.as_ref().is_none_or(|wanted| answer.options.iter().any(|option| option.id == *wanted))
                && said.human.is_none_or(|wanted| answer.offer_human == wanted)
                && answer.lang == said.lang.unwrap_or(dialogue.screen);
            if !fits {
                wrong.push(format!(
                    "line {}: {:?} -> {} {:.2} {source:?} {:?} {:?}",
                    number + 1,
                    said.say,
                    answer.outcome.name(),
                    answer.confidence,
                    answer.text,
                    answer.options
                ));
            }
            thread = answer.thread;
        }
    }
    assert!(turns >= 100, "{turns} turns");
    assert!(wrong.is_empty(), "{} of {turns} turns\n{}", wrong.len(), wrong.join("\n"));
}
