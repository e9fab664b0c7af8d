//! The classifier on small labelled sets of our own: the demo's wordings, each labelled with its topic.

use bot_lab::eval::{self, Report, Sets};
use bot_lab::labelled::{Part, parse};

use crate::common;

fn field(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The similar wordings to learn from, and the questions to test with.
fn sets(lang: bot::Lang, label: &str) -> [String; 2] {
    let mut sets = [format!("text,{label}\n"), format!("text,{label}\n")];
    for entry in &common::demo().entries {
        for line in entry.similar.side(lang) {
            sets[0].push_str(&format!("{},{}\n", field(line), entry.topic));
        }
        sets[1].push_str(&format!("{},{}\n", field(entry.question.side(lang)), entry.topic));
    }
    sets
}

fn report(train: &str, test: &str) -> Report {
    let [train, test] = [train, test].map(|text| parse(text, Part::Train, false).unwrap_or_else(|error| panic!("{error}")));
    eval::run(&Sets { train: &train, dev: &[], test: &test, oos: None, vectors: None }).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn topics_of_unseen_questions_are_found_in_both_languages() {
    for (lang, floor) in [(bot::Lang::Zh, 0.75), (bot::Lang::En, 0.75)] {
        let [train, test] = sets(lang, "label");
        let report = report(&train, &test);
        println!("{}: {report:?}", lang.tag());
        assert!(report.accuracy >= floor && report.macro_f1 >= floor - 0.1, "{report:?}");
        assert!(report.p99_us > 0.0 && report.train_seconds > 0.0);
    }
}

#[test]
fn the_column_category_is_accepted_and_the_report_has_the_documented_keys() {
    let [train, test] = sets(bot::Lang::En, "category");
    let report = report(&train, &test);
    let json = serde_json::to_value(&report).unwrap_or_else(|error| panic!("{error}"));
    let keys: Vec<&String> = json.as_object().into_iter().flat_map(|object| object.keys()).collect();
    let first = ["accuracy", "macro_f1", "p99_us", "train_seconds", "ece", "aurc", "coverage_at_p90", "coverage_at_p95"];
    let then = ["oos_auroc", "oos_recall", "in_scope_accuracy_at_threshold", "p50_us", "model_bytes"];
    let mut expected: Vec<&str> = first.into_iter().chain(then).collect();
    expected.sort_unstable();
    let mut keys: Vec<&str> = keys.into_iter().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, expected);
    assert!(json["oos_auroc"].is_null() && json["oos_recall"].is_null() && json["in_scope_accuracy_at_threshold"].is_null());
    assert!((0.0..=1.0).contains(&report.ece) && report.model_bytes > 1000);
}
