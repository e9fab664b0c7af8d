//! Reads adjectives as orders: dearer, the lightest.

use crate::graph::Graph;
use crate::graph::reader::Words;
use crate::graph::reading::{Order, Reading};
use crate::graph::words::ADJECTIVES;
use crate::text::{Lang, list, tokens};

impl Graph {
    pub(super) fn read_orders(&self, reading: &mut Reading, words: &Words<'_>, bounds: &[bool], explained: &mut [bool]) {
        let Words { line, masked, normal, refusals, lang, .. } = *words;
        let chinese = lang == Lang::Zh;
        let trigger = !chinese || reading.named_items().len() > 1 || list("最|更|谁|哪|比|还是|点的|些的|差").any(|mark| normal.contains(mark));
        let free: Vec<&str> = masked.iter().zip(explained.iter()).map(|(word, done)| if *done { "" } else { *word }).collect();
        for span in self.lexicons[lang as usize].adjectives.spans(masked) {
            if bounds[span.start..span.end].iter().any(|bound| *bound) {
                continue;
            }
            let before = span.start.checked_sub(1).and_then(|at| line.get(at)).map_or("", String::as_str);
            let Some(adjective) = span.groups.first().map(|group| &ADJECTIVES[*group as usize]) else { continue };
            let neutral = adjective.words.key.is_empty() || adjective.words.key == "size" || adjective.words.key == "quick";
            let superlative = if chinese {
                before == "最"
            } else {
                line[span.start..span.end]
                    .iter()
                    .any(|word| word.ends_with("est") || matches!(word.as_str(), "most" | "least" | "best" | "worst" | "maximum" | "top" | "dearest"))
                    || raw_ends_est(normal, &line[span.start])
            };
            let hidden = chinese && !superlative && free[span.start..span.end].iter().any(|word| word.is_empty());
            if hidden {
                continue;
            }
            let counted = chinese
                && (matches!(before, "多" | "几")
                    || line.get(span.end).is_some_and(|next| neutral && matches!(next.as_str(), "少" | "久" | "家" | "概" | "约" | "像" | "数" | "级")));
            if counted || chinese && !superlative && (!trigger || before.is_empty() && neutral) && !followed_by_pick(line, span.end) {
                continue;
            }
            if !chinese
                && !superlative
                && ["more", "less", "best", "better", "top", "most"].contains(&line[span.start].as_str())
                && !reading.lists
                && reading.mentions.len() < 2
                && !reading.compares
            {
                continue;
            }
            if !superlative
                && !chinese
                && reading.bounds.iter().any(|bound| bound.said)
                && ["more", "less", "higher", "lower", "bigger", "larger", "fewer", "longer"].contains(&normal_word(&line[span.start]))
            {
                continue;
            }
            explained[span.start..span.end].fill(true);
            let keys = list(adjective.words.key).filter(|key| !key.is_empty()).map(str::to_owned).collect();
            // "不要太贵的": who refuses much of it wants little
            let most = adjective.most != refusals.holds(span.start, span.end);
            reading.orders.push(Order { keys, most, superlative });
        }
    }
}

/// The longer form of a stemmed comparative, as far as they differ.
fn normal_word(word: &str) -> &str {
    match word {
        "bigger" | "big" => "bigger",
        "larger" | "larg" => "larger",
        "longer" | "long" => "longer",
        other => other,
    }
}

fn raw_ends_est(normal: &str, stem: &str) -> bool {
    let root: String = stem.chars().take(4).collect();
    tokens(normal).iter().any(|word| word.starts_with(&root) && word.ends_with("est") && word.len() > 4)
}

fn followed_by_pick(line: &[String], end: usize) -> bool {
    line.get(end).is_some_and(|next| matches!(next.as_str(), "的" | "那" | "一" | "点" | "些" | "版" | "号"))
}
