//! Lines with numbers and units, with a negation or a correction, and with a word that nobody knows. Their author saw only the titles of the demo's knowledge, its
//! goods and its plans. What the bot says as if it were sure must account for all of such a line.

use std::collections::BTreeMap;

use bot::{Answer, Bot, Lang, Outcome, Turn};
use serde::Deserialize;

use crate::common::{LANGS, demo};

/// A line, what may answer it, and what would be told wrong: `*` is all that is not right.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    text: String,
    lang: Lang,
    part: Part,
    sort: String,
    right: Vec<String>,
    wrong: Vec<String>,
    #[serde(rename = "note")]
    why: String,
}

/// The lines that were seen while the bot was built, and those by which it is only counted.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(rename_all = "lowercase")]
enum Part {
    Seen,
    Once,
}

fn lines() -> Vec<Line> {
    let text = concat!(include_str!("../data/unseen/accounted.zh-CN.jsonl"), include_str!("../data/unseen/accounted.en.jsonl"));
    text.lines().enumerate().map(|(number, line)| serde_json::from_str(line).unwrap_or_else(|error| panic!("line {}: {error}", number + 1))).collect()
}

/// How an answer begins that nothing is as the line says; it may name what comes near.
const NOTHING: [&str; 6] = ["没有完全符合的", "没有符合的", "现在没有现货", "Nothing fits", "None in stock", "我们不卖"];

/// What was said as if it were sure; `nothing` if that is that there is none.
fn told(answer: &Answer) -> Vec<String> {
    if NOTHING.iter().any(|head| answer.text.starts_with(head)) {
        return vec!["nothing".to_owned()];
    }
    match answer.outcome {
        Outcome::Confident | Outcome::Attribute => answer.items.iter().map(|item| item.id.clone()).collect(),
        _ => Vec::new(),
    }
}

/// So many lines are answered rightly at least, and wrongly as if sure at most.
const LEAST_RIGHT: usize = 140;
const MOST_WRONG: usize = 24;

#[derive(Default, Debug)]
struct Counts {
    lines: usize,
    right: usize,
    wrong: usize,
}

#[test]
fn what_is_said_as_if_sure_accounts_for_the_whole_line() {
    let knowledge = demo();
    let known = |id: &String| {
        knowledge.entries.iter().any(|entry| entry.id == *id)
            || knowledge.products.iter().any(|product| product.id == *id)
            || knowledge.plans.iter().any(|plan| plan.id == *id)
    };
    let all = lines();
    for line in &all {
        assert!(line.right.iter().all(known) && line.wrong.iter().all(|id| id == "*" || known(id)) && !line.wrong.is_empty(), "{}", line.text);
    }
    for lang in LANGS {
        for (sort, least) in [("number", 60), ("negation", 40), ("unknown", 30)] {
            assert!(all.iter().filter(|line| line.lang == lang && line.sort == sort).count() >= least, "{lang:?} {sort}");
        }
    }
    let bot = Bot::train(knowledge);
    let mut counts: BTreeMap<(Part, String), Counts> = BTreeMap::new();
    for Line { text, lang, part, sort, right, wrong, why } in &all {
        let answer = bot.answer(&Turn { text, lang_hint: *lang, product: None, thread: None });
        let told = told(&answer);
        let none = right.iter().all(|id| id.starts_with("kb-"));
        let is_false = |id: &String| if id == "nothing" { !none } else { !right.contains(id) && wrong.iter().any(|known| known == "*" || known == id) };
        let is_wrong = told.iter().any(is_false);
        let is_right = !told.is_empty() && !is_wrong;
        let count = counts.entry((*part, sort.clone())).or_default();
        count.lines += 1;
        count.right += usize::from(is_right);
        count.wrong += usize::from(is_wrong);
        if is_wrong && *part == Part::Seen {
            println!("wrong {sort} {text} | {told:?} | right {right:?} | {why} | {}", answer.text.replace('\n', " / ").chars().take(80).collect::<String>());
        }
        if !is_right && !is_wrong && !right.is_empty() && *part == Part::Seen {
            let offered: Vec<&str> = answer.options.iter().map(|option| option.id.as_str()).collect();
            println!("open {sort} {text} | {:?} {offered:?} | right {right:?} | {}", answer.outcome, answer.text.chars().take(40).collect::<String>());
        }
    }
    let mut all = Counts::default();
    for (key, count) in &counts {
        println!("{key:?}: {count:?}");
        all = Counts { lines: all.lines + count.lines, right: all.right + count.right, wrong: all.wrong + count.wrong };
    }
    // at first 127 were right and 42 wrong
    assert!(all.right >= LEAST_RIGHT && all.wrong <= MOST_WRONG, "{all:?}");
}
