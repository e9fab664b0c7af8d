//! Finds lines that are probably mislabelled: confident learning (Northcutt, Jiang, Chuang 2021) on out-of-fold shares of labels.
//!
//! Each line is scored by what other lines teach. A line is suspect if a different label is ahead of its own and reaches the share that is usual for lines of
//! that label, or if its own label is so far behind that it is more probably arbitrary than not. The suspects are left out, and all lines are scored again by
//! what is left, until the suspects hardly change.

pub mod phrasings;

use serde::Serialize;

use crate::sheet::{Labelled, Sheet, TrainError};
use crate::stop::{Stop, Stopped, to_the_end};

/// The parts in which lines are scored by what the others teach.
const FOLDS: usize = 4;
/// How often lines are scored again at most.
const ROUNDS: usize = 4;
/// The cost of errors; a low one is not misled by single lines.
const COST: f32 = 0.5;
/// The scale of scores in the shares of labels.
const SHARPNESS: f32 = 4.0;
/// From which probability on that its label is arbitrary a line is suspect.
const LEAST: f32 = 0.5;

/// A text with its label.
pub type Row = (String, String);

/// A line that is probably mislabelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suspect {
    /// The number of the row, from 1 for the first below the header.
    pub row: usize,
    /// The label that it has.
    pub label: String,
    /// The label that it probably should have.
    pub likely: String,
}

/// What is known of one line: the best label of all, and how far its own is behind, 0 if it is the best itself.
#[derive(Debug, Clone, Copy, Default)]
struct Verdict {
    likely: usize,
    behind: f32,
    suspect: bool,
}

/// The rows that are probably mislabelled, most suspicious first: as many as seem to be, or with a `budget` that many.
///
/// # Errors
/// [`TrainError::TooFewLabels`] for fewer than two labels.
pub fn find(rows: &[Row], budget: Option<usize>) -> Result<Vec<Suspect>, TrainError> {
    let lines: Vec<Labelled<'_>> = rows.iter().map(|(text, label)| Labelled { text, label }).collect();
    let sheet = Sheet::new(&lines)?;
    let found = to_the_end(|stop| find_until(&sheet, budget, stop));
    Ok(found)
}

fn find_until(sheet: &Sheet, budget: Option<usize>, stop: &Stop) -> Result<Vec<Suspect>, Stopped> {
    let members = sheet.members();
    let mut verdicts = vec![Verdict::default(); members.len()];
    for _ in 0..ROUNDS {
        let before: Vec<bool> = verdicts.iter().map(|verdict| verdict.suspect).collect();
        verdicts = judge(sheet, &members, &before, stop)?;
        let changed = verdicts.iter().zip(&before).filter(|(verdict, before)| verdict.suspect != **before).count();
        if changed * 200 <= members.len() {
            break;
        }
    }
    let mut found: Vec<(usize, Verdict)> = members.iter().map(|row| *row as usize).zip(verdicts).filter(|(_, verdict)| verdict.behind > 0.0).collect();
    if budget.is_none() {
        found.retain(|(_, verdict)| verdict.suspect);
    }
    found.sort_by(|a, b| b.1.behind.total_cmp(&a.1.behind).then(a.0.cmp(&b.0)));
    found.truncate(budget.unwrap_or(usize::MAX));
    let name = |label: usize| sheet.labels[label].clone();
    Ok(found.into_iter().map(|(row, verdict)| Suspect { row: row + 1, label: name(sheet.targets[row] as usize), likely: name(verdict.likely) }).collect())
}

/// Scores each member by what the members of other parts teach that are not suspect, and judges it.
fn judge(sheet: &Sheet, members: &[u32], suspect: &[bool], stop: &Stop) -> Result<Vec<Verdict>, Stopped> {
    let mut all: Vec<Vec<f32>> = vec![Vec::new(); members.len()];
    for fold in 0..FOLDS {
        let kept: Vec<u32> = (0..members.len()).filter(|at| at % FOLDS != fold && !suspect[*at]).map(|at| members[at]).collect();
        let asked: Vec<u32> = members.iter().copied().skip(fold).step_by(FOLDS).collect();
        let scores = sheet.scores_of(&asked, &kept, COST, stop)?;
        (fold..).step_by(FOLDS).zip(scores).for_each(|(at, scores)| all[at] = scores);
    }
    let own = |at: usize| sheet.targets[members[at] as usize] as usize;
    let mut gaps = Gaps::default();
    let mut verdicts = Vec::with_capacity(all.len());
    for (at, scores) in all.iter().enumerate() {
        let likely = largest(scores);
        let behind = scores[likely] - scores[own(at)];
        gaps.count(scores, likely, own(at));
        verdicts.push(Verdict { likely, behind, suspect: false });
    }
    let limit = gaps.limit();
    let shares: Vec<Vec<f32>> = all.into_iter().map(to_shares).collect();
    // What share a label usually has among the lines that carry it and are not suspect.
    let mut usual = vec![(0.0f32, 0.0f32); sheet.labels.len()];
    for (at, shares) in shares.iter().enumerate().filter(|(at, _)| !suspect[*at]) {
        usual[own(at)].0 += shares[own(at)];
        usual[own(at)].1 += 1.0;
    }
    let usual: Vec<f32> = usual.into_iter().map(|(sum, count)| if count > 0.0 { sum / count } else { 1.0 }).collect();
    for (at, (verdict, shares)) in verdicts.iter_mut().zip(&shares).enumerate() {
        let is_confident = verdict.likely != own(at) && shares[verdict.likely] >= usual[verdict.likely];
        verdict.suspect = is_confident || verdict.behind >= limit;
    }
    Ok(verdicts)
}

fn largest(values: &[f32]) -> usize {
    (0..values.len()).max_by(|a, b| values[*a].total_cmp(&values[*b])).unwrap_or(0)
}

/// The width of a bin of gaps.
const WIDTH: f32 = 0.05;
const BINS: usize = 60;

/// How far labels are behind the best one of a line: the labels that lines carry, and arbitrary ones.
struct Gaps {
    own: [f32; BINS],
    any: [f32; BINS],
}

impl Default for Gaps {
    fn default() -> Self {
        Gaps { own: [0.0; BINS], any: [0.0; BINS] }
    }
}

impl Gaps {
    fn count(&mut self, scores: &[f32], likely: usize, own: usize) {
        let bin = |label: usize| (((scores[likely] - scores[label]) / WIDTH) as usize).min(BINS - 1);
        if own != likely {
            self.own[bin(own)] += 1.0;
        }
        (0..scores.len()).filter(|label| *label != likely && *label != own).for_each(|label| self.any[bin(label)] += 1.0);
    }

    /// The gap from which on a label is more probably arbitrary than not. Lines with arbitrary labels are counted where hardly any others are: beyond the
    /// median gap of arbitrary labels. Infinite if there is no such gap.
    fn limit(&self) -> f32 {
        let total = self.any.iter().sum::<f32>();
        if total == 0.0 {
            return f32::INFINITY;
        }
        let (mut beyond, mut own_beyond) = (0.0, 0.0);
        for bin in (0..BINS).rev() {
            if beyond >= total / 2.0 {
                break;
            }
            beyond += self.any[bin];
            own_beyond += self.own[bin];
        }
        let arbitrary = own_beyond / beyond;
        let around = |counts: &[f32; BINS], bin: usize| counts[bin.saturating_sub(1)..(bin + 2).min(BINS)].iter().sum::<f32>();
        let is_arbitrary = |bin: &usize| around(&self.any, *bin) * arbitrary >= LEAST * around(&self.own, *bin);
        let first = (0..BINS).rev().take_while(is_arbitrary).last();
        first.map_or(f32::INFINITY, |bin| bin as f32 * WIDTH)
    }
}

fn to_shares(mut scores: Vec<f32>) -> Vec<f32> {
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    scores.iter_mut().for_each(|score| *score = (SHARPNESS * (*score - top)).exp());
    let sum: f32 = scores.iter().sum();
    scores.iter_mut().for_each(|score| *score /= sum);
    scores
}
