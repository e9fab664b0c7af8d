//! Recognises that the customer wants a person.
//!
//! A missed request is the worst mistake the bot can make, so the rules are broad; they must not match a question about people ("is there a manual",
//! "人工智能是什么"), a refusal ("不用人工"), a report ("the agent said …") or a question about the bot itself ("are you human?").

mod chinese;
mod english;

use crate::text::{Lang, detect, tokens};

/// Whether the normalised line asks for a person, in either language.
pub(crate) fn wants_human(normal: &str) -> bool {
    let words = tokens(normal);
    match detect(normal) {
        Some(Lang::Zh) => chinese::asks(&words.concat()),
        Some(Lang::En) => english::asks(&words),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normalise;

    const LINES: &str = include_str!("../../tests/data/human.tsv");

    #[test]
    fn no_question_of_the_demo_but_one_for_a_person_is_a_request() {
        let demo = concat!(include_str!("../../../../demo/knowledge-1.jsonl"), include_str!("../../../../demo/knowledge-2.jsonl"));
        let mut heard = Vec::new();
        for line in demo.lines() {
            let entry: crate::knowledge::Entry = serde_json::from_str(line).unwrap();
            let similar = entry.similar.zh.iter().chain(&entry.similar.en);
            for text in similar.chain([&entry.question.zh, &entry.question.en]) {
                if wants_human(&normalise(text)) {
                    heard.push(text.clone());
                }
            }
        }
        assert_eq!(heard, ["老年人怎么直接找人工"]);
    }

    #[test]
    fn requests_are_heard_and_nothing_else_is() {
        let (mut missed, mut false_alarms, mut positive, mut negative) = (Vec::new(), Vec::new(), 0, 0);
        for line in LINES.lines() {
            let Some((mark, text)) = line.split_once('\t') else { continue };
            let heard = wants_human(&normalise(text));
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
}
