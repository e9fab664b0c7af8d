//! Asks the demo's bot questions from the command line: `cargo run --release -p bot --example ask -- [--on g-001] "question" …`.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use bot::{Bot, Knowledge, Lang, Turn};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let knowledge =
        Knowledge::parse(&[&read("knowledge-1.jsonl")?, &read("knowledge-2.jsonl")?], &read("synonyms.json")?, &read("goods.json")?, &read("plans.json")?, "")?;
    let bot = Bot::train(knowledge);
    let mut page = None;
    let mut recent: Option<String> = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(text) = arguments.next() {
        if text == "--on" {
            page = arguments.next();
            recent = None;
            continue;
        }
        let begin = Instant::now();
        let answer = bot.answer(&Turn { text: &text, lang_hint: Lang::Zh, product: page.as_deref(), recent: recent.as_deref() });
        let micros = begin.elapsed().as_micros();
        println!("> {text}   [{micros} us]\n  {} {:.2} {:?} human={}", answer.outcome.name(), answer.confidence, answer.intent, answer.offer_human);
        println!("  {}", answer.text.replace('\n', "\n  "));
        for option in &answer.options {
            println!("  ? {} {}", option.id, option.text);
        }
        if let Some(source) = &answer.source {
            println!("  source {} {}", source.id, source.title);
        }
        recent = answer.subject.or(recent);
    }
    Ok(())
}
