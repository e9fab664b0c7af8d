//! Measures questions over goods and plans, and dialogues, with the lines in `tests/data/unseen`: `cargo run --release -p bot-lab --example threads -- dev|held [lines]`.
//! `dev` is the half that was looked at while the bot was written, `held` the other.

use std::error::Error;
use std::path::Path;

use bot::{Bot, Knowledge, fitting};
use bot_lab::{dialogues, replay};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let entries = [read("knowledge-1.jsonl")?, read("knowledge-2.jsonl")?];
    let knowledge = Knowledge::parse(&[&entries[0], &entries[1]], &read("synonyms.json")?, &read("goods.json")?, &read("plans.json")?, "")?;
    let cache = std::env::temp_dir().join("yingda-gates.json");
    let gates = match std::fs::read_to_string(&cache).ok().and_then(|json| serde_json::from_str(&json).ok()) {
        Some(gates) => gates,
        None => fitting::fit(&knowledge),
    };
    std::fs::write(&cache, serde_json::to_string(&gates)?)?;
    let bot = Bot::with_gates(knowledge, gates);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let dev = arguments.first().is_none_or(|half| half == "dev");
    let shows = |what: &str| arguments.iter().any(|argument| argument == what);
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/unseen");
    for lang in ["zh-CN", "en"] {
        let lines = std::fs::read_to_string(data.join(format!("lines.{lang}.jsonl")))?;
        let all: Vec<&str> = lines.lines().filter(|line| !line.contains("danger")).collect();
        let goods: Vec<&str> =
            all.iter().copied().filter(|line| line.contains("expect_ids")).enumerate().filter(|(at, _)| (at % 2 == 1) == dev).map(|(_, line)| line).collect();
        let rest: Vec<&str> = all.iter().copied().filter(|line| !line.contains("expect_ids")).collect();
        let questions = replay::questions(&goods.join("\n"), &bot)?;
        let (shares, reactions) = replay::run(&bot, &questions);
        println!("{lang} goods {} {:?}", questions.len(), shares["all"].graph_right);
        if shows("goods") {
            for (question, reaction) in questions.iter().zip(&reactions) {
                if !replay::is_right(question, reaction) {
                    println!(
                        "  ✗ {} | want {:?} {:?} | {} {:?} {:?}",
                        question.text,
                        question.expect_ids,
                        question.expect_value,
                        reaction.decision,
                        reaction.ids,
                        reaction.value.chars().take(90).collect::<String>()
                    );
                }
            }
        }
        let questions = replay::questions(&rest.join("\n"), &bot)?;
        let (shares, reactions) = replay::run(&bot, &questions);
        println!("{lang} faq {}", serde_json::to_string(&shares["all"])?);
        if shows("faq") {
            for (question, reaction) in questions.iter().zip(&reactions) {
                let wrong = reaction.decision == "attribute" || reaction.ids.iter().any(|id| !id.starts_with("kb"));
                if wrong {
                    println!(
                        "  ✗ {} | want {:?} | {} {:?} {:?}",
                        question.text,
                        question.expect,
                        reaction.decision,
                        reaction.ids,
                        reaction.value.chars().take(60).collect::<String>()
                    );
                }
            }
        }
        let talks = std::fs::read_to_string(data.join(format!("dialogues.{lang}.jsonl")))?;
        let talks: Vec<&str> = talks.lines().enumerate().filter(|(at, _)| (at % 2 == 1) == dev).map(|(_, line)| line).collect();
        let talks = dialogues::dialogues(&talks.join("\n"), &bot)?;
        let (shares, reactions) = dialogues::run(|| dialogues::Alone::new(&bot), &talks);
        println!("{lang} dialogues {} {}", talks.len(), serde_json::to_string(&shares["all"])?);
        if shows("dialogues") {
            let expected: Vec<_> = talks.iter().flat_map(|talk| talk.turns.iter().map(|said| &said.expect)).collect();
            for (reaction, expect) in reactions.iter().zip(expected) {
                let mark = if reaction.right {
                    " "
                } else if reaction.decision == "confident" || reaction.decision == "attribute" {
                    "✗✗"
                } else {
                    "✗"
                };
                println!(
                    "  {mark} {} {} {} | {:?} {:?} {:?} | {} {:?} {:?}",
                    reaction.id,
                    reaction.turn,
                    reaction.text,
                    expect.ids,
                    expect.value,
                    expect.outcome,
                    reaction.decision,
                    reaction.ids,
                    reaction.value.chars().take(50).collect::<String>()
                );
            }
        }
    }
    Ok(())
}
