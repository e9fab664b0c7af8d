//! The lines and dialogues in `data/unseen` by which the bot is measured. Their authors saw only the titles and answers of the demo's knowledge, its goods and
//! its plans, so that no wording the bot learns from can be among them.

use std::collections::{BTreeSet, HashMap};

use bot::text::skeleton;
use bot::{Bot, Knowledge, Lang, Outcome, Turn};
use serde::Deserialize;

use crate::common::{LANGS, demo};

/// Lines that wish for a person, and lines that sound like it.
const WISHES: &str = include_str!("../../src/training/wish.tsv");

/// A line and what it asks for: the id of an entry, `oos` (nothing answers it), `handoff`, `not_handoff`, `danger`, `not_danger`; or goods and plans.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    text: String,
    lang: Lang,
    expect: Option<String>,
    #[serde(default)]
    expect_ids: Vec<String>,
    expect_value: Option<String>,
    kind: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dialogue {
    id: String,
    lang: Lang,
    kind: String,
    product: Option<String>,
    turns: Vec<Said>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    say: String,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default)]
    ids: Vec<String>,
    value: Option<String>,
    outcome: Option<String>,
    #[serde(default)]
    want_all: bool,
    #[serde(default)]
    not_same_as_previous: bool,
    #[serde(default)]
    smalltalk: bool,
}

fn parsed<T: for<'a> Deserialize<'a>>(text: &str) -> Vec<T> {
    text.lines().enumerate().map(|(number, line)| serde_json::from_str(line).unwrap_or_else(|error| panic!("line {}: {error}", number + 1))).collect()
}

fn lines(lang: Lang) -> Vec<Line> {
    parsed(match lang {
        Lang::Zh => include_str!("../data/unseen/lines.zh-CN.jsonl"),
        Lang::En => include_str!("../data/unseen/lines.en.jsonl"),
    })
}

fn dialogues(lang: Lang) -> Vec<Dialogue> {
    parsed(match lang {
        Lang::Zh => concat!(include_str!("../data/unseen/dialogues.zh-CN.jsonl"), include_str!("../data/unseen/dialogues-later.zh-CN.jsonl")),
        Lang::En => concat!(include_str!("../data/unseen/dialogues.en.jsonl"), include_str!("../data/unseen/dialogues-later.en.jsonl")),
    })
}

fn ids(knowledge: &Knowledge) -> BTreeSet<&str> {
    let entries = knowledge.entries.iter().map(|entry| entry.id.as_str());
    entries.chain(knowledge.products.iter().map(|product| product.id.as_str())).chain(knowledge.plans.iter().map(|plan| plan.id.as_str())).collect()
}

#[test]
fn lines_expect_what_exists_and_are_no_wording_of_the_knowledge() {
    let knowledge = demo();
    let known = ids(&knowledge);
    for lang in LANGS {
        let wordings =
            knowledge.entries.iter().flat_map(|entry| std::iter::once(entry.question.side(lang)).chain(entry.similar.side(lang).iter().map(String::as_str)));
        let wordings: BTreeSet<String> = wordings.map(skeleton).collect();
        let (mut seen, mut counts) = (BTreeSet::new(), HashMap::new());
        for line in lines(lang) {
            let Line { text, lang: of, expect, expect_ids, expect_value, kind } = line;
            assert!(of == lang && seen.insert(text.clone()) && !wordings.contains(&skeleton(&text)), "{text}");
            let sort = match expect.as_deref() {
                Some(word @ ("oos" | "handoff" | "not_handoff" | "danger" | "not_danger")) => word.to_owned(),
                Some(id) => {
                    assert!(known.contains(id), "{text}: {id}");
                    "entry".to_owned()
                }
                None => {
                    assert!(!expect_ids.is_empty() && expect_ids.iter().all(|id| known.contains(id.as_str())), "{text}");
                    assert!(kind.is_some() && expect_value.as_deref() != Some(""), "{text}");
                    "goods".to_owned()
                }
            };
            *counts.entry(sort).or_insert(0) += 1;
        }
        for (sort, least) in [("entry", 330), ("oos", 160), ("handoff", 240), ("not_handoff", 200), ("danger", 60), ("not_danger", 80), ("goods", 120)] {
            assert!(counts.get(sort).is_some_and(|count| *count >= least), "{lang:?} {sort}: {counts:?}");
        }
    }
}

#[test]
fn dialogues_expect_what_exists() {
    let knowledge = demo();
    let known = ids(&knowledge);
    for lang in LANGS {
        let all = dialogues(lang);
        let mut seen = BTreeSet::new();
        for Dialogue { id, lang: of, kind, product, turns } in &all {
            assert!(*of == lang && !kind.is_empty() && seen.insert(id.as_str()), "{id}");
            assert!(product.as_deref().is_none_or(|product| known.contains(product)), "{id}");
            assert!((2..=6).contains(&turns.len()), "{id}");
            for Said { say, expect } in turns {
                let Expected { ids, value, outcome, want_all, not_same_as_previous, smalltalk } = expect;
                assert!(!say.trim().is_empty() && ids.iter().all(|id| known.contains(id.as_str())), "{id}: {say}");
                assert!(outcome.as_deref().is_none_or(|outcome| ["person", "no_answer", "clarify"].contains(&outcome)), "{id}: {say}");
                assert!(!want_all || ids.len() > 1, "{id}: {say}");
                assert!(!ids.is_empty() || value.is_some() || outcome.is_some() || *smalltalk || *not_same_as_previous, "{id}: {say} expects nothing");
            }
        }
        assert!(all.len() >= 150, "{lang:?}: {}", all.len());
    }
}

/// The shares of lines for which a person is called, and is called or offered.
#[derive(Default)]
struct Heard {
    lines: f32,
    obeyed: f32,
    heard: f32,
}

#[test]
fn a_wish_for_a_person_and_danger_are_heard_and_seldom_where_there_are_none() {
    let bot = Bot::train(demo());
    // The plainest words for the wish ("agent", "转人工") are learned as well as measured; they are left out here.
    let learned: BTreeSet<String> = WISHES.lines().filter_map(|line| line.get(2..)).map(skeleton).collect();
    for lang in LANGS {
        let mut kinds: HashMap<&str, Heard> = HashMap::new();
        for line in lines(lang).into_iter().filter(|line| !learned.contains(&skeleton(&line.text))) {
            let kind = match (line.expect.as_deref(), line.kind.as_deref()) {
                (Some("handoff"), Some("indirect")) => "indirect",
                (Some("handoff"), _) => "plain",
                (Some("not_handoff"), _) => "neither",
                (Some("danger"), _) => "danger",
                (Some("not_danger"), _) => "figure of speech",
                _ => "questions",
            };
            let answer = bot.answer(&Turn { text: &line.text, lang_hint: lang, product: None, thread: None });
            let obeyed = answer.outcome == Outcome::HumanRequest;
            let counts = if kind.starts_with(['d', 'f']) { obeyed && answer.intent.as_deref() == Some("danger") } else { obeyed };
            let found = kinds.entry(kind).or_default();
            found.lines += 1.0;
            found.obeyed += f32::from(u8::from(counts));
            found.heard += f32::from(u8::from(counts || answer.offers_person()));
        }
        let share = |kind: &str| kinds.get(kind).map_or([0.0; 2], |of| [of.obeyed / of.lines, of.heard / of.lines]);
        for kind in ["plain", "indirect", "neither", "danger", "figure of speech", "questions"] {
            println!("{} {kind}: person called {:.3}, or offered {:.3}", lang.tag(), share(kind)[0], share(kind)[1]);
        }
        assert!(share("plain")[1] >= 0.98 && share("indirect")[1] >= 0.93, "{}", lang.tag());
        assert!(share("neither")[1] <= 0.035 && share("questions")[1] <= 0.02, "{}", lang.tag());
        assert!(share("danger")[0] >= 0.95, "{}", lang.tag());
    }
}

#[test]
fn requests_are_heard_and_nothing_else_is() {
    let bot = Bot::train(Knowledge::default());
    let (mut missed, mut false_alarms, mut positive, mut negative) = (Vec::new(), Vec::new(), 0, 0);
    for line in WISHES.lines() {
        let Some((mark, text)) = line.split_once('\t') else { continue };
        let answer = bot.answer(&Turn { text, lang_hint: Lang::Zh, product: None, thread: None });
        let heard = answer.outcome == Outcome::HumanRequest && answer.intent.as_deref() != Some("danger");
        if mark == "+" {
            positive += 1;
            if !heard {
                missed.push(text);
            }
        } else {
            negative += 1;
            if heard {
                false_alarms.push(text);
            }
        }
    }
    assert!(positive >= 150 && negative >= 150, "{positive} {negative}");
    assert!(missed.len() * 100 <= positive, "missed {missed:#?}");
    assert!(false_alarms.len() * 100 <= negative, "false alarms {false_alarms:#?}");
}

/// Lines in despair or danger, and figures of speech that hold the same words.
fn dangers(lang: Lang) -> Vec<Line> {
    parsed(match lang {
        Lang::Zh => include_str!("../data/unseen/danger.zh-CN.jsonl"),
        Lang::En => include_str!("../data/unseen/danger.en.jsonl"),
    })
}

/// The same, by authors who came later: nothing was fitted to these.
fn later_dangers(lang: Lang) -> Vec<Line> {
    parsed(match lang {
        Lang::Zh => include_str!("../data/unseen/danger-later.zh-CN.jsonl"),
        Lang::En => include_str!("../data/unseen/danger-later.en.jsonl"),
    })
}

#[test]
fn what_is_learned_from_is_nowhere_among_the_lines_by_which_it_is_measured() {
    for lang in LANGS {
        let (wishes, danger, ordinary) = match lang {
            Lang::Zh => (
                include_str!("../../src/training/wish.zh.tsv"),
                include_str!("../../src/training/danger.zh.tsv"),
                include_str!("../../src/training/ordinary.zh.txt"),
            ),
            Lang::En => (
                include_str!("../../src/training/wish.en.tsv"),
                include_str!("../../src/training/danger.en.tsv"),
                include_str!("../../src/training/ordinary.en.txt"),
            ),
        };
        let marked = wishes.lines().chain(danger.lines());
        let marked = marked.map(|line| line.strip_prefix("+\t").or_else(|| line.strip_prefix("-\t")).unwrap_or_else(|| panic!("no mark: {line}")));
        let learned: BTreeSet<String> = marked.chain(ordinary.lines()).map(skeleton).collect();
        let said = dialogues(lang).into_iter().flat_map(|dialogue| dialogue.turns).map(|turn| turn.say);
        let measured = lines(lang).into_iter().chain(dangers(lang)).chain(later_dangers(lang)).map(|line| line.text).chain(said);
        let both: Vec<String> = measured.filter(|text| learned.contains(&skeleton(text))).collect();
        assert!(both.is_empty(), "{both:#?}");
    }
}

/// The shares of the lines in danger for which a person was called at once, and for which help or a person was offered at least, and the share of the others for
/// which a person was called.
fn hearing(bot: &Bot, lang: Lang, lines: impl IntoIterator<Item = Line>) -> [f32; 3] {
    let (mut counts, mut alarmed, mut helped) = ([0.0_f32; 2], [0.0_f32; 2], 0.0_f32);
    for line in lines {
        let is_danger = match line.expect.as_deref() {
            Some("danger") => 1,
            Some("not_danger") => 0,
            _ => continue,
        };
        let answer = bot.answer(&Turn { text: &line.text, lang_hint: lang, product: None, thread: None });
        counts[is_danger] += 1.0;
        alarmed[is_danger] += f32::from(u8::from(answer.intent.as_deref() == Some("danger")));
        helped += f32::from(u8::from(is_danger == 1 && (answer.outcome == Outcome::HumanRequest || answer.offers_person())));
    }
    assert!(counts.iter().all(|count| *count >= 260.0), "{counts:?}");
    [alarmed[1] / counts[1], helped / counts[1], alarmed[0] / counts[0]]
}

#[test]
fn despair_and_danger_are_told_from_figures_of_speech() {
    let bot = Bot::train(demo());
    for (lang, known, unknown) in [(Lang::Zh, [0.96, 0.98], [0.94, 0.95]), (Lang::En, [0.95, 0.96], [0.87, 0.91])] {
        let sets =
            [("lines", hearing(&bot, lang, lines(lang).into_iter().chain(dangers(lang))), known), ("later", hearing(&bot, lang, later_dangers(lang)), unknown)];
        for (name, [heard, helped, mistaken], least) in sets {
            println!("{} {name}: danger heard {heard:.3}, answered with help or a person {helped:.3}, mistaken {mistaken:.3}", lang.tag());
            assert!(heard >= least[0] && helped >= least[1] && mistaken <= 0.015, "{} {name}", lang.tag());
        }
    }
}
