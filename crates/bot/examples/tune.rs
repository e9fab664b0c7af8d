//! Fits the weights and the gate of `bot::ranking` on the demo's knowledge, leaving out each wording once.
//!
//! `cargo run --release -p bot --example tune` prints the accuracy of each score and of the fusion (with weights fitted on other entries), and the constants to
//! copy into `ranking.rs`.

#[path = "../tests/it/common.rs"]
mod common;

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use bot::Bot;
use bot::Knowledge;
use bot::ranking::{FEATURES, RawScores, Reading, SCORE_NAMES, SCORES, rank, standard_scores};
use bot::text::Lang;

struct Case {
    right: usize,
    fold: usize,
    raw: RawScores,
    reading: Reading,
}

fn cases(knowledge: &Knowledge) -> [Vec<Case>; 2] {
    let mut cases = [Vec::new(), Vec::new()];
    for fold in 0..common::FOLDS {
        let (reduced, out) = common::without_wording(knowledge, fold);
        let bot = Bot::train(reduced);
        for lang in common::LANGS {
            for (right, line) in out[lang as usize].iter().enumerate() {
                let (raw, reading) = bot.inspect(line, lang);
                cases[lang as usize].push(Case { right, fold, raw, reading });
            }
        }
    }
    cases
}

/// Minimises the softmax loss with non-negative weights, by projected gradient descent.
fn fit(rows: &[(&Vec<[f32; SCORES]>, usize)]) -> [f32; SCORES] {
    let mut w = [0.3f32; SCORES];
    for step in 0..400 {
        let mut gradient = [0.0f64; SCORES];
        for (z, right) in rows {
            let fused: Vec<f32> = z.iter().map(|z| z.iter().zip(&w).map(|(z, w)| z * w).sum()).collect();
            let top = fused.iter().copied().fold(f32::MIN, f32::max);
            let e: Vec<f32> = fused.iter().map(|f| (f - top).exp()).collect();
            let sum: f32 = e.iter().sum();
            for (i, z) in z.iter().enumerate() {
                let share = e[i] / sum - f32::from(i == *right);
                if share.abs() > 1e-5 {
                    for (g, z) in gradient.iter_mut().zip(z) {
                        *g += f64::from(share * z);
                    }
                }
            }
        }
        let rate = 0.2 / (1.0 + step as f64 / 100.0);
        for (w, g) in w.iter_mut().zip(&gradient) {
            *w = (*w - (rate * g / rows.len() as f64) as f32).max(0.0);
        }
    }
    w
}

fn hits(order: impl Iterator<Item = (Vec<f32>, usize, usize)>) -> ([f32; 2], [f32; 2]) {
    let (mut all, mut natural) = ([0.0; 2], [0.0; 2]);
    let (mut n, mut m) = (0.0f32, 0.0f32);
    for (fused, right, fold) in order {
        let better = fused.iter().filter(|f| **f > fused[right]).count();
        n += 1.0;
        let is_natural = (1..5).contains(&fold);
        m += f32::from(is_natural);
        for (k, limit) in [1, 3].into_iter().enumerate() {
            let hit = f32::from(better < limit);
            all[k] += hit;
            natural[k] += if is_natural { hit } else { 0.0 };
        }
    }
    (all.map(|a| a / n), natural.map(|a| a / m))
}

/// One observation for the gate.
struct Seen {
    features: [f32; FEATURES],
    confidence: f32,
    good: bool,
    weight: f32,
    far: bool,
    group: usize,
    helped: bool,
}

fn observe(knowledge: &Knowledge, cases: &[Case], lang: Lang) -> Result<Vec<Seen>, Box<dyn Error>> {
    let place: HashMap<&str, usize> = knowledge.entries.iter().enumerate().map(|(i, e)| (e.id.as_str(), i)).collect();
    let mut seen = Vec::new();
    for case in cases {
        let ranking = rank(lang, &case.raw, &[], case.reading);
        let good = ranking.order[0] == case.right;
        let helped = ranking.order[..3].contains(&case.right);
        seen.push(Seen { features: ranking.features, confidence: ranking.confidence, good, weight: 1.0, far: false, group: case.right, helped });
        let entry = &knowledge.entries[case.right];
        let mut hidden: Vec<bool> = vec![false; knowledge.entries.len()];
        hidden[case.right] = true;
        for id in &entry.related {
            if let Some(&at) = place.get(id.as_str()) {
                hidden[at] = true;
            }
        }
        if case.fold % 2 == 0 {
            for (at, other) in knowledge.entries.iter().enumerate() {
                hidden[at] |= other.topic == entry.topic;
            }
        }
        let ranking = rank(lang, &case.raw, &hidden, case.reading);
        seen.push(Seen { features: ranking.features, confidence: ranking.confidence, good: false, weight: 0.3, far: false, group: case.right, helped: false });
    }
    let bot = Bot::train(knowledge.clone());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/out_of_scope.tsv");
    for (at, line) in std::fs::read_to_string(path)?.lines().enumerate() {
        let Some((tag, text)) = line.split_once('\t') else { continue };
        if Lang::from_tag(tag) == lang {
            let (raw, reading) = bot.inspect(text, lang);
            let ranking = rank(lang, &raw, &[], reading);
            seen.push(Seen { features: ranking.features, confidence: ranking.confidence, good: false, weight: 4.0, far: true, group: at, helped: false });
        }
    }
    Ok(seen)
}

/// Logistic regression on standardised features; returns the weights for the raw features, with the constant last.
fn logistic(seen: &[&Seen]) -> [f64; FEATURES + 1] {
    let n = seen.len() as f64;
    let mean: Vec<f64> = (0..FEATURES).map(|f| seen.iter().map(|s| f64::from(s.features[f])).sum::<f64>() / n).collect();
    let deviation: Vec<f64> =
        (0..FEATURES).map(|f| (seen.iter().map(|s| (f64::from(s.features[f]) - mean[f]).powi(2)).sum::<f64>() / n).sqrt().max(1e-6)).collect();
    let mut w = [0.0f64; FEATURES + 1];
    let total: f64 = seen.iter().map(|s| f64::from(s.weight)).sum();
    for _ in 0..3000 {
        let mut gradient = [0.0f64; FEATURES + 1];
        for s in seen {
            let x: Vec<f64> = (0..FEATURES).map(|f| (f64::from(s.features[f]) - mean[f]) / deviation[f]).collect();
            let logit = x.iter().zip(&w).map(|(x, w)| x * w).sum::<f64>() + w[FEATURES];
            let miss = (1.0 / (1.0 + (-logit).exp()) - f64::from(u8::from(s.good))) * f64::from(s.weight);
            for (g, x) in gradient.iter_mut().zip(&x) {
                *g += miss * x;
            }
            gradient[FEATURES] += miss;
        }
        for (f, (w, g)) in w.iter_mut().zip(&gradient).enumerate() {
            let decay = if f < FEATURES { 0.003 * *w } else { 0.0 };
            *w -= 0.5 * (g / total + decay);
        }
    }
    let mut raw = [0.0; FEATURES + 1];
    raw[FEATURES] = w[FEATURES];
    for f in 0..FEATURES {
        raw[f] = w[f] / deviation[f];
        raw[FEATURES] -= w[f] * mean[f] / deviation[f];
    }
    raw
}

fn probability(w: &[f64; FEATURES + 1], features: &[f32; FEATURES]) -> f32 {
    let logit: f64 = features.iter().zip(w).map(|(x, w)| f64::from(*x) * w).sum::<f64>() + w[FEATURES];
    (1.0 / (1.0 + (-logit).exp())) as f32
}

fn gate(knowledge: &Knowledge, cases: &[Case], lang: Lang) -> Result<(), Box<dyn Error>> {
    let mut seen = observe(knowledge, cases, lang)?;
    let report = |name: &str, seen: &[Seen]| {
        let inside: Vec<&Seen> = seen.iter().filter(|s| s.weight == 1.0).collect();
        let mut sorted: Vec<&&Seen> = inside.iter().collect();
        sorted.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        let (mut good, mut sure) = (0.0, 1.0f32);
        let mut wanted = 0.0;
        for (i, s) in sorted.iter().enumerate() {
            good += f32::from(u8::from(s.good));
            if i > 20 && good / (i as f32 + 1.0) >= 0.75 {
                sure = s.confidence;
                wanted = good / (i as f32 + 1.0);
            }
        }
        let mut far: Vec<f32> = seen.iter().filter(|s| s.far).map(|s| s.confidence).collect();
        far.sort_by(f32::total_cmp);
        let likely = far[far.len() * 6 / 10];
        let share = |list: &[&Seen], f: &dyn Fn(&Seen) -> bool| list.iter().filter(|s| f(s)).count() as f32 / list.len() as f32;
        let outside: Vec<&Seen> = seen.iter().filter(|s| s.far).collect();
        let near: Vec<&Seen> = seen.iter().filter(|s| s.weight == 0.3).collect();
        println!(
            "{name}: sure {sure:.3} (precision {wanted:.3}) likely {likely:.3} | right {:.3} wrong {:.3} helped {:.3} | far answered {:.3} offered {:.3} | near answered {:.3}",
            share(&inside, &|s| s.good && s.confidence >= sure),
            share(&inside, &|s| !s.good && s.confidence >= sure),
            share(&inside, &|s| (s.good && s.confidence >= sure) || (s.helped && s.confidence < sure && s.confidence >= likely)),
            share(&outside, &|s| s.confidence >= sure),
            share(&outside, &|s| s.confidence < sure && s.confidence >= likely),
            share(&near, &|s| s.confidence >= sure),
        );
    };
    report("as built", &seen);
    for part in 0..5 {
        let rows: Vec<&Seen> = seen.iter().filter(|s| s.group % 5 != part).collect();
        let w = logistic(&rows);
        for s in seen.iter_mut().filter(|s| s.group % 5 == part) {
            s.confidence = probability(&w, &s.features);
        }
    }
    report("crossed ", &seen);
    for (from, to) in [(0.0, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 0.8), (0.8, 9.0)] {
        let close: Vec<&Seen> =
            seen.iter().filter(|s| s.weight == 1.0 && s.features[1] >= from && s.features[1] < to && s.confidence >= bot::ranking::sure(lang)).collect();
        let good = close.iter().filter(|s| s.good).count() as f32;
        let helped = close.iter().filter(|s| s.helped).count() as f32;
        println!("sure, margin {from}..{to}: {} right {:.2} among three {:.2}", close.len(), good / close.len() as f32, helped / close.len() as f32);
    }
    let rows: Vec<&Seen> = seen.iter().collect();
    println!("gate {:.3?}", logistic(&rows));
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let knowledge = common::demo();
    let begin = Instant::now();
    let bot = Bot::train(knowledge.clone());
    println!("train {:.3} s", begin.elapsed().as_secs_f32());
    drop(bot);
    let begin = Instant::now();
    let cases = cases(&knowledge);
    println!("folds {:.1} s", begin.elapsed().as_secs_f32());
    for lang in [Lang::Zh, Lang::En] {
        let cases = &cases[lang as usize];
        println!("== {}", lang.tag());
        let z: Vec<Vec<[f32; SCORES]>> = cases.iter().map(|c| standard_scores(&c.raw, &[])).collect();
        for (s, name) in SCORE_NAMES.iter().enumerate() {
            let (all, natural) = hits(cases.iter().map(|c| (c.raw[s].clone(), c.right, c.fold)));
            println!("{:16} all {:.3} {:.3}  natural {:.3} {:.3}", name, all[0], all[1], natural[0], natural[1]);
        }
        let fuse = |z: &Vec<[f32; SCORES]>, w: &[f32; SCORES]| -> Vec<f32> { z.iter().map(|z| z.iter().zip(w).map(|(z, w)| z * w).sum()).collect() };
        let mut crossed = Vec::new();
        for part in 0..5 {
            let rows: Vec<_> = cases.iter().zip(&z).filter(|(c, _)| c.right % 5 != part).map(|(c, z)| (z, c.right)).collect();
            let w = fit(&rows);
            crossed.extend(cases.iter().zip(&z).filter(|(c, _)| c.right % 5 == part).map(|(c, z)| (fuse(z, &w), c.right, c.fold)));
        }
        let (all, natural) = hits(crossed.into_iter());
        println!("fusion (crossed) all {:.3} {:.3}  natural {:.3} {:.3}", all[0], all[1], natural[0], natural[1]);
        let rows: Vec<_> = cases.iter().zip(&z).map(|(c, z)| (z, c.right)).collect();
        println!("weights {:.2?}", fit(&rows));
        gate(&knowledge, cases, lang)?;
    }
    Ok(())
}
