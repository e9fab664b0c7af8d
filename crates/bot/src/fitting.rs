//! Fits the gates to a company's knowledge: each wording is left out once, the bot is trained on the rest, and asked it.
//!
//! Lines that the knowledge does not cover are of two kinds: the left-out wordings with the right entry and all that is related to it hidden, and lines about
//! everyday life that come with the program (`elsewhere.*.txt`). A company may of course be asked about what is everyday life to others, so the few of these that
//! its knowledge seems to cover best are passed over.
//!
//! A knowledge with few wordings stays near the usual gates: the fit is pulled towards them, and the less there is to fit, the more.

pub mod embedding;

use std::collections::{BTreeSet, HashSet};

use aho_corasick::AhoCorasick;

use crate::bot::Bot;
use crate::gate::{FEATURES, Gate, Gates, Limits, OF_SCORE};
use crate::knowledge::Knowledge;
use crate::ranking::{Ranking, rank};
use crate::stop::{Stop, Stopped, to_the_end};
use crate::text::{Lang, normalise};

/// The most wordings of an entry that are left out in turn.
pub const FOLDS: usize = 6;
/// With fewer wordings to leave out than this, nothing is fitted.
const LEAST: usize = 60;
/// The parts in which probabilities are computed by weights fitted to the other parts.
const PARTS: usize = 5;
/// How strongly the weights for "right" and for "covered" are pulled towards the usual ones.
const PULLS: [f64; 2] = [30.0, 10.0];
/// What a line counts whose entry was hidden, and for "covered" one from elsewhere, compared with a left-out wording.
const HIDDEN: f64 = 0.3;
const ELSEWHERE: f64 = 2.0;
/// The share of lines from elsewhere that are passed over because the knowledge seems to cover them.
const PASSED_OVER: f32 = 0.05;
/// The share of answers to left-out wordings that must be expected to be right, for Chinese and English. These wordings were written to differ from the others, so
/// of real lines more are right.
const PRECISION: [f32; 2] = [0.75, 0.821];
/// The share of lines from elsewhere that may be taken for covered where an answer is given.
const ANSWERED_ELSEWHERE: f32 = 0.12;
/// The share of lines from elsewhere for which entries may be offered, for Chinese and English.
const OFFERED_ELSEWHERE: [f32; 2] = [0.42, 0.36];

/// Where a line comes from, and with it what is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// A wording of the entry that was left out.
    Own,
    /// The same, but the entry is hidden: nothing is right.
    Hidden,
    /// A line about something else.
    Elsewhere,
}

/// A line that was asked.
struct Asked {
    origin: Origin,
    features: [f32; FEATURES],
    /// The features of the score of embeddings; zeros without one.
    embedding: [f32; OF_SCORE],
    /// Whether the first entry is right.
    right: bool,
    /// Lines of one group are in one part.
    group: usize,
    /// What the usual gate thinks, then what weights fitted to the other parts think: right, covered.
    judged: [f32; 2],
}

/// The gates of this knowledge. Takes as long as training it seven times.
pub fn fit(knowledge: &Knowledge) -> Gates {
    to_the_end(|stop| fit_until(knowledge, stop))
}

/// The same, until it is stopped.
///
/// # Errors
/// If it was stopped.
pub fn fit_until(knowledge: &Knowledge, stop: &Stop) -> Result<Gates, Stopped> {
    let usual = Gates::usual();
    let [zh, en] = ask_all(knowledge, stop)?;
    Ok(Gates { zh: gate_with_limits(Lang::Zh, zh, &usual.zh, stop)?, en: gate_with_limits(Lang::En, en, &usual.en, stop)?, embedded: None })
}

/// The knowledge without one wording of each entry, and the wordings that were left out with the positions of their entries, Chinese first. An entry keeps its
/// last wording. Phrases of the thesaurus that occur in a left-out wording and in none that is kept are dropped too: they were written with that wording in
/// mind.
pub fn without_wording(knowledge: &Knowledge, fold: usize) -> (Knowledge, [Vec<(usize, String)>; 2]) {
    let mut reduced = knowledge.clone();
    let mut out = [Vec::new(), Vec::new()];
    for (at, entry) in reduced.entries.iter_mut().enumerate() {
        out[0].extend(take(&mut entry.question.zh, &mut entry.similar.zh, fold).map(|line| (at, line)));
        out[1].extend(take(&mut entry.question.en, &mut entry.similar.en, fold).map(|line| (at, line)));
    }
    for lang in [Lang::Zh, Lang::En] {
        let groups = if lang == Lang::Zh { &mut reduced.thesaurus.zh } else { &mut reduced.thesaurus.en };
        let phrases: BTreeSet<String> = groups.iter().flatten().map(|phrase| normalise(phrase)).collect();
        let kept = phrases_within(&phrases, reduced.entries.iter().flat_map(|entry| entry.texts(lang)));
        let left = phrases_within(&phrases, out[lang as usize].iter().map(|(_, line)| line.as_str()));
        for group in groups {
            group.retain(|phrase| {
                let phrase = normalise(phrase);
                !left.contains(&phrase) || kept.contains(&phrase)
            });
        }
    }
    (reduced, out)
}

/// Those of the phrases that occur in one of the lines.
fn phrases_within<'a>(phrases: &BTreeSet<String>, lines: impl Iterator<Item = &'a str>) -> HashSet<String> {
    let all: Vec<&String> = phrases.iter().collect();
    // It fails only for more phrases than there is memory for.
    let Ok(finder) = AhoCorasick::new(&all) else { return HashSet::new() };
    let mut is_found = vec![false; all.len()];
    for line in lines.map(normalise) {
        finder.find_overlapping_iter(&line).for_each(|found| is_found[found.pattern().as_usize()] = true);
    }
    all.into_iter().zip(is_found).filter(|(_, is_found)| *is_found).map(|(phrase, _)| phrase.clone()).collect()
}

/// Takes the wording number `fold` out of an entry, the question being the first.
fn take(question: &mut String, similar: &mut Vec<String>, fold: usize) -> Option<String> {
    if fold > similar.len() || similar.is_empty() || question.is_empty() {
        return None;
    }
    let taken = similar.remove(fold.saturating_sub(1));
    Some(if fold == 0 { std::mem::replace(question, taken) } else { taken })
}

/// Lines that are about something else, whatever the company does.
pub const fn elsewhere(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => include_str!("fitting/elsewhere.zh.txt"),
        Lang::En => include_str!("fitting/elsewhere.en.txt"),
    }
}

/// A line to ask.
struct Line<'a> {
    text: &'a str,
    lang: Lang,
    origin: Origin,
    group: usize,
    hidden: &'a [bool],
}

/// Calls `each` for every line with what was trained to be asked it: without the wording, or on everything for lines from elsewhere.
fn each_line<T>(
    knowledge: &Knowledge,
    stop: &Stop,
    train: impl Fn(Knowledge) -> Result<T, Stopped>,
    mut each: impl FnMut(&T, &Line<'_>),
) -> Result<(), Stopped> {
    let places = knowledge.positions();
    for fold in 0..FOLDS {
        stop.look()?;
        let (reduced, out) = without_wording(knowledge, fold);
        let trained = train(reduced)?;
        for lang in [Lang::Zh, Lang::En] {
            for (at, text) in &out[lang as usize] {
                stop.look()?;
                let mut hidden = vec![false; knowledge.entries.len()];
                each(&trained, &Line { text, lang, origin: Origin::Own, group: *at, hidden: &hidden });
                let entry = &knowledge.entries[*at];
                hidden[*at] = true;
                entry.related.iter().filter_map(|id| places.get(id.as_str())).for_each(|&near| hidden[near] = true);
                if fold % 2 == 0 {
                    hidden.iter_mut().zip(&knowledge.entries).for_each(|(hidden, other)| *hidden |= other.topic == entry.topic);
                }
                each(&trained, &Line { text, lang, origin: Origin::Hidden, group: *at, hidden: &hidden });
            }
        }
    }
    let trained = train(knowledge.clone())?;
    for lang in [Lang::Zh, Lang::En] {
        for (group, text) in elsewhere(lang).lines().enumerate() {
            stop.look()?;
            each(&trained, &Line { text, lang, origin: Origin::Elsewhere, group, hidden: &[] });
        }
    }
    Ok(())
}

fn ask_all(knowledge: &Knowledge, stop: &Stop) -> Result<[Vec<Asked>; 2], Stopped> {
    let mut lines = [Vec::new(), Vec::new()];
    let train = |knowledge| Bot::train_until(knowledge, Gates::usual(), stop);
    each_line(knowledge, stop, train, |bot, line| {
        let (raw, reading) = bot.inspect(line.text, line.lang);
        let ranking = rank(line.lang, Gates::usual().side(line.lang), &raw, line.hidden, reading);
        lines[line.lang as usize].push(question_of(line, &ranking));
    })?;
    Ok(lines.map(pass_over))
}

fn question_of(line: &Line<'_>, ranking: &Ranking) -> Asked {
    let right = line.origin == Origin::Own && ranking.order.first() == Some(&line.group);
    let judged = [ranking.confidence, ranking.covered];
    Asked { origin: line.origin, features: ranking.features, embedding: ranking.embedding, right, group: line.group, judged }
}

/// The lines without those from elsewhere that the knowledge seems to cover best.
fn pass_over(lines: Vec<Asked>) -> Vec<Asked> {
    let (mut far, mut near): (Vec<Asked>, Vec<Asked>) = lines.into_iter().partition(|line| line.origin == Origin::Elsewhere);
    far.sort_by(|a, b| a.judged[1].total_cmp(&b.judged[1]));
    far.truncate(far.len() - (far.len() as f32 * PASSED_OVER) as usize);
    near.extend(far);
    near
}

fn gate_with_limits(lang: Lang, mut lines: Vec<Asked>, usual: &Gate, stop: &Stop) -> Result<Gate, Stopped> {
    if lines.iter().filter(|line| line.origin == Origin::Own).count() < LEAST {
        return Ok(usual.clone());
    }
    for part in 0..PARTS {
        stop.look()?;
        let gate = gate_of(lines.iter().filter(|line| line.group % PARTS != part), usual);
        for line in lines.iter_mut().filter(|line| line.group % PARTS == part) {
            line.judged = [gate.right(&line.features, &line.embedding), gate.coverage(&line.features, &line.embedding)];
        }
    }
    Ok(Gate { limits: limits(&lines, lang), ..gate_of(lines.iter(), usual) })
}

/// The weights fitted to some lines.
fn gate_of<'a>(lines: impl Iterator<Item = &'a Asked> + Clone, usual: &Gate) -> Gate {
    let scaled = |line: &Asked| -> Vec<f64> {
        let scale = usual.centre.iter().zip(&usual.spread);
        line.features.iter().chain(&line.embedding).zip(scale).map(|(value, (centre, spread))| f64::from((value - centre) / spread)).chain([1.0]).collect()
    };
    let rows = |good: fn(&Asked) -> bool, weights: [f64; 3]| -> Vec<Row> {
        lines.clone().map(|line| Row { x: scaled(line), good: good(line), weight: weights[line.origin as usize] }).collect()
    };
    Gate {
        right: logistic(&rows(|line| line.right, [1.0, HIDDEN, 1.0]), &usual.right, PULLS[0]),
        covered: logistic(&rows(|line| line.origin == Origin::Own, [1.0, HIDDEN, ELSEWHERE]), &usual.covered, PULLS[1]),
        ..usual.clone()
    }
}

/// The limits above which the share `PRECISION` of the answers to left-out wordings is expected to be right, and lines from elsewhere are answered rarely enough.
/// What weights fitted to other lines expect is counted, corrected so that over all lines as many are expected to be right as were: near the limit there are too
/// few answers to count those.
fn limits(lines: &[Asked], lang: Lang) -> Limits {
    let mut far: Vec<f32> = lines.iter().filter(|line| line.origin == Origin::Elsewhere).map(|line| line.judged[1]).collect();
    far.sort_by(|a, b| b.total_cmp(a));
    let exceeded_by = |share: f32| far.get((far.len() as f32 * share) as usize).copied().unwrap_or(0.5);
    let surely_covered = exceeded_by(ANSWERED_ELSEWHERE);
    let own = lines.iter().filter(|line| line.origin == Origin::Own && line.judged[1] >= surely_covered);
    let (mut own, rights): (Vec<f32>, Vec<f32>) = own.map(|line| (line.judged[0], f32::from(u8::from(line.right)))).unzip();
    // As many are expected to be right as were.
    let correction = rights.iter().sum::<f32>() / own.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    own.sort_by(|a, b| b.total_cmp(a));
    let (mut sure, mut expected) = (1.0, 0.0);
    for (at, confidence) in own.into_iter().enumerate() {
        expected += (confidence * correction).min(1.0);
        if expected < PRECISION[lang as usize] * (at + 1) as f32 {
            break;
        }
        sure = confidence;
    }
    Limits { sure, surely_covered, likely: exceeded_by(OFFERED_ELSEWHERE[lang as usize]) }
}

struct Row {
    /// The scaled features and a one.
    x: Vec<f64>,
    good: bool,
    weight: f64,
}

/// Logistic regression by Newton's method, with weights pulled towards `usual`; the constant is free.
fn logistic(rows: &[Row], usual: &[f32], pull: f64) -> Vec<f32> {
    let n = usual.len();
    let usual: Vec<f64> = usual.iter().map(|&weight| f64::from(weight)).collect();
    let mut weights = usual.clone();
    for _ in 0..12 {
        let mut slope = vec![0.0; n];
        let mut bend = vec![0.0; n * n];
        for row in rows {
            let logit: f64 = row.x.iter().zip(&weights).map(|(x, w)| x * w).sum();
            let p = 1.0 / (1.0 + (-logit).exp());
            let (miss, curve) = ((p - f64::from(u8::from(row.good))) * row.weight, (p * (1.0 - p)).max(1e-6) * row.weight);
            for (i, x) in row.x.iter().enumerate() {
                slope[i] += miss * x;
                row.x[..=i].iter().zip(&mut bend[i * n..]).for_each(|(other, sum)| *sum += curve * x * other);
            }
        }
        for i in 0..n {
            let pull = if i + 1 < n { pull } else { 1e-3 };
            slope[i] += pull * (weights[i] - usual[i]);
            bend[i * n + i] += pull;
        }
        let step = solve(bend, slope);
        weights.iter_mut().zip(&step).for_each(|(weight, step)| *weight -= step);
        if step.iter().all(|step| step.abs() < 1e-7) {
            break;
        }
    }
    weights.into_iter().map(|weight| weight as f32).collect()
}

/// The solution of a system whose matrix is symmetric and positive definite and given by its lower half, by Cholesky's method.
fn solve(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Vec<f64> {
    let n = right.len();
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| matrix[i * n + k] * matrix[j * n + k]).sum();
            let value = matrix[i * n + j] - sum;
            matrix[i * n + j] = if i == j { value.max(1e-12).sqrt() } else { value / matrix[j * n + j] };
        }
    }
    for i in 0..n {
        let sum: f64 = (0..i).map(|k| matrix[i * n + k] * right[k]).sum();
        right[i] = (right[i] - sum) / matrix[i * n + i];
    }
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| matrix[k * n + i] * right[k]).sum();
        right[i] = (right[i] - sum) / matrix[i * n + i];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Entry;

    #[test]
    fn what_is_solved_solves_the_system() {
        let matrix = vec![4.0, 0.0, 0.0, 2.0, 5.0, 0.0, 1.0, 3.0, 6.0];
        let found = solve(matrix, vec![9.0, 21.0, 25.0]);
        let whole = [[4.0, 2.0, 1.0], [2.0, 5.0, 3.0], [1.0, 3.0, 6.0]];
        for (row, right) in whole.iter().zip([9.0, 21.0, 25.0]) {
            assert!((row.iter().zip(&found).map(|(a, b)| a * b).sum::<f64>() - right).abs() < 1e-9);
        }
    }

    #[test]
    fn little_knowledge_keeps_the_usual_gates() {
        let entry = Entry { id: "a".to_owned(), ..Entry::default() };
        assert_eq!(fit(&Knowledge { entries: vec![entry], ..Knowledge::default() }), Gates::usual());
        assert_eq!(fit(&Knowledge::default()), Gates::usual());
    }

    #[test]
    fn an_entry_keeps_its_last_wording() {
        let mut entry = Entry::default();
        entry.question.zh = "怎么换套餐".to_owned();
        entry.similar.en = vec!["change plan".to_owned()];
        let knowledge = Knowledge { entries: vec![entry.clone()], ..Knowledge::default() };
        for fold in 0..FOLDS {
            let (reduced, out) = without_wording(&knowledge, fold);
            assert_eq!((reduced.entries[0].clone(), out), (entry.clone(), [Vec::new(), Vec::new()]));
        }
    }
}
