//! Linear support vector machines, one against the rest, by dual coordinate descent with shrinking
//! (Hsieh, Chang, Lin, Keerthi, Sundararajan 2008, algorithm 3; squared hinge loss).

use crate::stop::{Stop, Stopped, to_the_end};

const MOST_EPOCHS: usize = 60;
/// After so many rows it looks whether to go on.
const LOOK: usize = 1_024;
const TOLERANCE: f32 = 0.05;

/// Sparse rows, stored one after the other.
#[derive(Debug)]
pub struct Rows {
    starts: Vec<usize>,
    values: Vec<(u32, f32)>,
}

impl Default for Rows {
    fn default() -> Self {
        Rows { starts: vec![0], values: Vec::new() }
    }
}

impl Rows {
    /// Appends a row.
    pub fn push(&mut self, row: &[(u32, f32)]) {
        self.values.extend_from_slice(row);
        self.starts.push(self.values.len());
    }

    /// The row at this position.
    pub fn row(&self, at: usize) -> &[(u32, f32)] {
        &self.values[self.starts[at]..self.starts[at + 1]]
    }
}

/// The numbers 0..n in a fixed pseudo-random order.
pub(crate) fn shuffled_numbers(n: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..n as u32).collect();
    shuffle(&mut order, &mut 0x9e37_79b9_7f4a_7c15);
    order
}

fn shuffle(order: &mut [u32], state: &mut u64) {
    for at in (1..order.len()).rev() {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        order.swap(at, (*state % (at as u64 + 1)) as usize);
    }
}

/// Learning from some of the rows to tell each label from the rest.
pub(crate) struct OneAgainstRest<'a> {
    pub rows: &'a Rows,
    /// The rows to learn from.
    pub members: &'a [u32],
    /// The label of each row.
    pub targets: &'a [u32],
    /// The number of labels, and of features.
    pub labels: usize,
    pub width: usize,
    pub cost: f32,
}

impl OneAgainstRest<'_> {
    /// The weights by feature and label (`feature * labels + label`), with the constants in the last row.
    pub(crate) fn weights(&self) -> Vec<f32> {
        let columns = to_the_end(|stop| self.solve(stop, |column| column));
        let mut weights = vec![0.0; (self.width + 1) * self.labels];
        for (label, column) in columns.iter().enumerate() {
            for (feature, &value) in column.iter().enumerate() {
                weights[feature * self.labels + label] = value;
            }
        }
        weights
    }

    /// The scores of the labels for other rows, without keeping the weights.
    pub(crate) fn scores(&self, asked: &[u32], stop: &Stop) -> Result<Vec<Vec<f32>>, Stopped> {
        let score = |column: &[f32], row: u32| {
            self.rows.row(row as usize).iter().fold(column[self.width], |score, &(feature, value)| score + value * column[feature as usize])
        };
        let columns = self.solve(stop, |column| asked.iter().map(|&row| score(&column, row)).collect::<Vec<f32>>())?;
        Ok((0..asked.len()).map(|at| columns.iter().map(|scores| scores[at]).collect()).collect())
    }

    /// What is made of the weights of each label, which are learned on all processors.
    fn solve<T: Send>(&self, stop: &Stop, make: impl Fn(Vec<f32>) -> T + Sync) -> Result<Vec<T>, Stopped> {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(self.labels);
        let some = |first: usize| {
            let labels = (first..self.labels).step_by(threads);
            labels.map(|label| Ok((label, make(separate(self, label as u32, stop)?)))).collect::<Result<Vec<_>, Stopped>>()
        };
        let mut found = Vec::with_capacity(self.labels);
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|first| scope.spawn(move || some(first))).collect();
            for worker in workers {
                found.extend(worker.join().unwrap_or_else(|_| Ok(Vec::new()))?);
            }
            Ok(())
        })?;
        found.sort_unstable_by_key(|(label, _)| *label);
        Ok(found.into_iter().map(|(_, made)| made).collect())
    }
}

/// The score of each label for a row.
pub fn scores(weights: &[f32], labels: usize, row: &[(u32, f32)]) -> Vec<f32> {
    let mut scores = weights[weights.len() - labels..].to_vec();
    for &(feature, value) in row {
        let from = feature as usize * labels;
        scores.iter_mut().zip(&weights[from..from + labels]).for_each(|(score, weight)| *score += value * weight);
    }
    scores
}

/// The weights that separate one label from the rest, with the constant last.
fn separate(task: &OneAgainstRest<'_>, label: u32, stop: &Stop) -> Result<Vec<f32>, Stopped> {
    let &OneAgainstRest { rows, members, targets, labels: _, width, cost } = task;
    let diagonal = 0.5 / cost;
    let mut weights = vec![0.0f32; width + 1];
    let mut alphas = vec![0.0f32; members.len()];
    let lengths: Vec<f32> = members.iter().map(|&row| rows.row(row as usize).iter().map(|(_, value)| value * value).sum::<f32>() + 1.0 + diagonal).collect();
    let mut active: Vec<u32> = (0..members.len() as u32).collect();
    let mut state = 0x1234_5678_9abc_def1 ^ u64::from(label);
    let mut bound = f32::INFINITY;
    for _ in 0..MOST_EPOCHS {
        shuffle(&mut active, &mut state);
        let (mut highest, mut lowest) = (f32::MIN, f32::MAX);
        let mut at = 0;
        while at < active.len() {
            if at % LOOK == 0 {
                stop.look()?;
            }
            let i = active[at] as usize;
            let row = rows.row(members[i] as usize);
            let sign = if targets[members[i] as usize] == label { 1.0 } else { -1.0 };
            let score: f32 = row.iter().map(|&(feature, value)| weights[feature as usize] * value).sum::<f32>() + weights[width];
            let gradient = sign * score - 1.0 + diagonal * alphas[i];
            if alphas[i] == 0.0 && gradient > bound {
                active.swap_remove(at);
                continue;
            }
            let projected = if alphas[i] == 0.0 { gradient.min(0.0) } else { gradient };
            highest = highest.max(projected);
            lowest = lowest.min(projected);
            if projected.abs() > 1e-6 {
                let before = alphas[i];
                alphas[i] = (before - gradient / lengths[i]).max(0.0);
                let step = (alphas[i] - before) * sign;
                row.iter().for_each(|&(feature, value)| weights[feature as usize] += step * value);
                weights[width] += step;
            }
            at += 1;
        }
        if highest - lowest < TOLERANCE {
            if active.len() == members.len() {
                break;
            }
            active = (0..members.len() as u32).collect();
            bound = f32::INFINITY;
            continue;
        }
        bound = if highest > 0.0 { highest } else { f32::INFINITY };
    }
    Ok(weights)
}
