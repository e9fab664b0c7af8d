//! The demo's knowledge, shared by the tests.

use std::path::Path;

use bot::text::normalise;
use bot::{Entry, Knowledge, Lang};

/// The knowledge of the demo operator.
pub fn demo() -> Knowledge {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let entries = [read("knowledge-1.jsonl"), read("knowledge-2.jsonl")];
    let parsed = Knowledge::parse(&[&entries[0], &entries[1]], &read("synonyms.json"), &read("goods.json"), &read("plans.json"));
    parsed.unwrap_or_else(|error| panic!("{error}"))
}

/// Both languages.
pub const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];

/// The number of wordings of an entry: the question and five similar ones.
pub const FOLDS: usize = 6;

/// The knowledge without one wording of each entry, and the wordings that were left out, Chinese first. Phrases of the thesaurus that occur in a left-out
/// wording and in none that is kept are dropped too: they were written with that wording in mind.
pub fn without_wording(knowledge: &Knowledge, fold: usize) -> (Knowledge, [Vec<String>; 2]) {
    let mut reduced = knowledge.clone();
    let mut out = [Vec::new(), Vec::new()];
    for entry in &mut reduced.entries {
        out[0].push(take(&mut entry.question.zh, &mut entry.similar.zh, fold));
        out[1].push(take(&mut entry.question.en, &mut entry.similar.en, fold));
    }
    for lang in LANGS {
        let kept: Vec<String> = reduced.entries.iter().flat_map(|entry| texts(entry, lang)).map(normalise).collect();
        let left: Vec<String> = out[lang as usize].iter().map(|line| normalise(line)).collect();
        let groups = if lang == Lang::Zh { &mut reduced.thesaurus.zh } else { &mut reduced.thesaurus.en };
        for group in groups {
            group.retain(|phrase| {
                let phrase = normalise(phrase);
                let within = |lines: &[String]| lines.iter().any(|line| line.contains(&phrase));
                !within(&left) || within(&kept)
            });
        }
    }
    (reduced, out)
}

fn texts(entry: &Entry, lang: Lang) -> impl Iterator<Item = &str> {
    let fixed = [entry.question.side(lang), entry.answer.side(lang)];
    fixed.into_iter().chain(entry.similar.side(lang).iter().map(String::as_str))
}

fn take(question: &mut String, similar: &mut Vec<String>, fold: usize) -> String {
    let taken = similar.remove(fold.saturating_sub(1));
    if fold == 0 { std::mem::replace(question, taken) } else { taken }
}
