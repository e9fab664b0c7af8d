//! Measures the classifier on a pair of files: `cargo run --release -p bot --example measure -- TRAIN TEST [OOS]`. With one file and a cost, it prints the
//! out-of-fold accuracy (5 folds) on that file.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use bot::classify::{Classifier, Labelled};
use bot::eval::Sets;
use bot::labelled::{Part, has_parts, read};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [train, test] | [train, test, _] if test.parse::<f32>().is_err() => {
            let oos = arguments.get(2).map(String::as_str);
            let part = |file: &str, part: Part| read(Path::new(file), part, oos.is_some());
            let dev = if has_parts(Path::new(train))? { part(train, Part::Dev)? } else { Vec::new() };
            let (train, test) = (part(train, Part::Train)?, part(test, Part::Test)?);
            let report = bot::eval::run(&Sets { train: &train, dev: &dev, test: &test, oos })?;
            println!("{}", serde_json::to_string(&report)?);
        }
        [train, cost] => {
            let rows = read(Path::new(train), Part::Train, false)?;
            let cost: f32 = cost.parse()?;
            let (mut right, mut counts) = (0, BTreeMap::<&str, [usize; 3]>::new());
            for fold in 0..5 {
                let part = |inside: bool| rows.iter().enumerate().filter(move |(at, _)| (at * 7919 % 5 == fold) == inside).map(|(_, row)| row);
                let lines: Vec<Labelled<'_>> = part(false).map(|(text, label)| Labelled { text, label }).collect();
                let classifier = Classifier::train(&lines, Some(cost))?;
                for (text, label) in part(true) {
                    let found = classifier.classify(text).label;
                    let known = rows.iter().find(|(_, l)| l == found).map_or("", |(_, l)| l.as_str());
                    counts.entry(label).or_default()[0] += 1;
                    counts.entry(known).or_default()[1] += 1;
                    if found == label {
                        right += 1;
                        counts.entry(label).or_default()[2] += 1;
                    }
                }
                if fold == 0 {
                    println!("{} bytes", classifier.bytes());
                }
            }
            let f1: f64 = counts.values().map(|c| 2.0 * c[2] as f64 / (c[0] + c[1]) as f64).sum::<f64>() / counts.len() as f64;
            println!("cost {cost} out-of-fold accuracy {:.4} macro-F1 {f1:.4}", f64::from(right) / rows.len() as f64);
        }
        _ => eprintln!("measure TRAIN TEST [OOS] | measure TRAIN COST"),
    }
    Ok(())
}
