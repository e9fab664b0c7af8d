//! Measuring, searching for mislabelled lines and clustering, on lines that are made up from words of their own for each label.

use std::collections::{BTreeMap, BTreeSet};

use bot::suspects::{self, Row};
use bot_lab::eval::{self, EvalError, Sets};
use bot_lab::mining;

/// Repeatable pseudo-random numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % sides
    }
}

/// A word for a number, without syllables in common with most others.
fn word(number: usize) -> String {
    const HEADS: [&str; 15] = ["ba", "ke", "di", "fo", "gu", "ha", "je", "li", "mo", "nu", "pra", "que", "ri", "sto", "tru"];
    const TAILS: [&str; 11] = ["b", "ck", "d", "ft", "g", "lm", "n", "p", "rs", "t", "x"];
    format!("{}{}{}{}", HEADS[number % 15], TAILS[number % 11], HEADS[number / 15 % 15], TAILS[number * 7 / 15 % 11])
}

/// Lines of `labels` labels from number `first` on: three of eight words of the label among five that any line can have.
fn rows(first: usize, labels: usize, lines: usize, dice: &mut Dice) -> Vec<Row> {
    let mut rows = Vec::new();
    for at in 0..lines {
        let label = first + at % labels;
        let mut words: Vec<String> = (0..3).map(|_| word(100 + label * 8 + dice.roll(8))).collect();
        words.extend((0..5).map(|_| word(dice.roll(60))));
        rows.push((words.join(" "), format!("label {label}")));
    }
    rows
}

/// Lines of words that no label has.
fn outside(lines: usize, from: usize, dice: &mut Dice) -> Vec<Row> {
    let line = |dice: &mut Dice| (0..8).map(|at| word(if at < 3 { from + dice.roll(400) } else { dice.roll(60) })).collect::<Vec<_>>().join(" ");
    (0..lines).map(|_| (line(dice), "oos".to_owned())).collect()
}

#[test]
fn probabilities_are_honest_and_sure_lines_are_right() {
    let mut dice = Dice(1);
    let (train, mut test) = (rows(0, 12, 900, &mut dice), rows(0, 12, 300, &mut dice));
    // A fifth of the test lines cannot be told apart.
    test.iter_mut().take(60).for_each(|(text, _)| *text = word(dice.roll(60)));
    let report = eval::run(&Sets { train: &train, dev: &[], test: &test, oos: None, vectors: None }).unwrap_or_else(|error| panic!("{error}"));
    assert!(report.accuracy > 0.75, "{report:?}");
    assert!(report.ece < 0.12 && report.aurc < 0.09, "{report:?}");
    assert!(report.coverage_at_p95 > 0.7 && report.coverage_at_p95 <= report.coverage_at_p90, "{report:?}");
    assert_eq!((report.oos_auroc, report.oos_recall, report.in_scope_accuracy_at_threshold), (None, None, None));
}

#[test]
fn lines_out_of_scope_are_rejected_whether_or_not_there_are_examples() {
    let mut dice = Dice(2);
    let mut train = rows(0, 12, 900, &mut dice);
    let mut dev = rows(0, 12, 200, &mut dice);
    dev.extend(outside(60, 1000, &mut dice));
    let mut test = rows(0, 12, 300, &mut dice);
    test.extend(outside(100, 1500, &mut dice));
    let check = |train: &[Row], dev: &[Row]| {
        let report = eval::run(&Sets { train, dev, test: &test, oos: Some("oos"), vectors: None }).unwrap_or_else(|error| panic!("{error}"));
        assert!(report.oos_auroc.is_some_and(|auroc| auroc > 0.95), "{report:?}");
        assert!(report.oos_recall.is_some_and(|recall| recall > 0.8), "{report:?}");
        assert!(report.in_scope_accuracy_at_threshold.is_some_and(|accuracy| accuracy > 0.8), "{report:?}");
    };
    check(&train, &[]);
    check(&train, &dev);
    train.extend(outside(60, 1000, &mut dice));
    check(&train, &dev);
    let error = eval::run(&Sets { train: &train, dev: &dev, test: &test, oos: Some("OOS"), vectors: None }).unwrap_err();
    assert_eq!(error, EvalError::NoSuchLabel("OOS".to_owned()));
}

#[test]
fn the_order_and_the_labels_of_the_test_set_change_no_choice() {
    let mut dice = Dice(3);
    let (train, test) = (rows(0, 6, 300, &mut dice), rows(0, 6, 60, &mut dice));
    let measure = |test: &[Row]| eval::run(&Sets { train: &train, dev: &[], test, oos: None, vectors: None }).unwrap_or_else(|error| panic!("{error}"));
    let turned: Vec<Row> = test.iter().rev().cloned().collect();
    let (one, two) = (measure(&test), measure(&turned));
    assert_eq!((one.accuracy, one.model_bytes), (two.accuracy, two.model_bytes));
    assert!((one.ece - two.ece).abs() < 1e-9);
}

#[test]
fn labels_changed_at_a_known_rate_are_found() {
    let mut dice = Dice(4);
    let mut noisy = rows(0, 12, 1200, &mut dice);
    let clean = noisy.clone();
    let mut changed = BTreeSet::new();
    for (at, row) in noisy.iter_mut().enumerate() {
        if dice.roll(5) == 0 {
            let other = (at + 1 + dice.roll(11)) % 12;
            row.1 = format!("label {other}");
            changed.insert(at + 1);
        }
    }
    let found = suspects::find(&noisy, None).unwrap_or_else(|error| panic!("{error}"));
    let right = found.iter().filter(|suspect| changed.contains(&suspect.row)).count() as f64;
    let (precision, recall) = (right / found.len() as f64, right / changed.len() as f64);
    assert!(precision >= 0.85 && recall >= 0.85, "precision {precision:.3}, recall {recall:.3} of {}", changed.len());
    for suspect in &found {
        assert_eq!(suspect.label, noisy[suspect.row - 1].1);
        assert_ne!(suspect.label, suspect.likely);
    }
    let repaired = found.iter().filter(|suspect| clean[suspect.row - 1].1 == suspect.likely).count() as f64;
    assert!(repaired >= 0.8 * right, "{repaired} of {right}");

    let ten = suspects::find(&noisy, Some(10)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(ten, found[..10], "a budget keeps the most suspicious");
    let few = suspects::find(&clean, None).unwrap_or_else(|error| panic!("{error}"));
    assert!(few.len() <= 24, "{} of 1200 right labels are suspect", few.len());
    assert!(suspects::find(&clean[..1], None).is_err());
}

#[test]
fn what_is_asked_is_found_without_labels() {
    let mut dice = Dice(5);
    let rows = rows(0, 12, 600, &mut dice);
    let lines: Vec<String> = rows.iter().map(|(text, _)| text.clone()).collect();
    let labels: BTreeMap<&str, &str> = rows.iter().map(|(text, label)| (text.as_str(), label.as_str())).collect();
    let clusters = mining::clusters(&lines);
    let (mut pure, mut all, mut recovered) = (0, 0, BTreeSet::new());
    for cluster in &clusters {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        cluster.texts.iter().for_each(|text| *counts.entry(labels[text.as_str()]).or_default() += 1);
        let (label, most) = counts.into_iter().max_by_key(|(_, count)| *count).unwrap_or_default();
        pure += most;
        all += cluster.texts.len();
        if cluster.texts.len() >= 5 {
            recovered.insert(label);
        }
        assert!(cluster.texts.contains(&cluster.name));
    }
    assert!(recovered.len() >= 11 && pure * 4 >= all * 3 && all >= 500, "{recovered:?}, {pure} of {all}, {} clusters", clusters.len());
    assert!(clusters.is_sorted_by(|a, b| a.texts.len() >= b.texts.len()));
    assert_eq!(clusters, mining::clusters(&lines), "the same lines give the same clusters");
}

#[test]
fn few_and_equal_lines_are_no_problem() {
    let lines = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
    assert!(mining::clusters(&[]).is_empty());
    assert!(mining::clusters(&lines(&["hello"])).is_empty());
    assert!(mining::clusters(&lines(&["?", "!"])).is_empty());
    let same = mining::clusters(&lines(&["where is it", "Where is it?", "where is it!", "退款多久到账"]));
    assert_eq!(same.first().map(|cluster| cluster.texts.len()), Some(3), "{same:?}");
}
