//! Measures the time of a turn, the training time and the memory use on the demo: `cargo run --release -p bot --example latency`.

#[path = "../tests/it/common.rs"]
mod common;

use std::time::Instant;

use bot::{Bot, Turn};

/// The resident memory in KiB; 0 if the system does not report it.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn main() {
    let knowledge = common::demo();
    let before = resident();
    let begin = Instant::now();
    let bot = Bot::train(knowledge.clone());
    println!("train {:.3} s, resident {} KiB more", begin.elapsed().as_secs_f32(), resident().saturating_sub(before));
    let mut lines: Vec<(String, bot::Lang)> = Vec::new();
    for fold in 0..bot::fitting::FOLDS {
        let (_, out) = bot::fitting::without_wording(&knowledge, fold);
        for lang in common::LANGS {
            // One word is appended, so that no line is found letter for letter.
            let tail = if lang == bot::Lang::Zh { "来着" } else { " indeed" };
            lines.extend(out[lang as usize].iter().map(|(_, line)| (format!("{line}{tail}"), lang)));
        }
    }
    for lang in common::LANGS {
        for page in [None, Some("g-001")] {
            let mut times: Vec<u128> = Vec::new();
            for _ in 0..5 {
                for (text, _) in lines.iter().filter(|(_, own)| *own == lang) {
                    let begin = Instant::now();
                    let answer = bot.answer(&Turn { text, lang_hint: lang, product: page, thread: None });
                    times.push(begin.elapsed().as_nanos());
                    assert!(answer.confidence.is_finite());
                }
            }
            times.sort_unstable();
            let at = |share: usize| times[times.len() * share / 100] as f64 / 1000.0;
            println!("{} page {page:?}: {} turns, p50 {:.0} us, p99 {:.0} us", lang.tag(), times.len(), at(50), at(99));
        }
    }
    let begin = Instant::now();
    let typed = ["流量", "怎么", "liul", "怎么充值"];
    for _ in 0..500 {
        for text in typed {
            assert!(bot.suggest(text, bot::Lang::Zh, 4).len() <= 4);
        }
    }
    println!("suggest {:.0} us", begin.elapsed().as_secs_f64() * 1e6 / 2000.0);
}
