//! Linear support vector machines, one against the rest, by dual coordinate descent with shrinking
//! (Hsieh, Chang, Lin, Keerthi, Sundararajan 2008, algorithm 3; squared hinge loss).

const MOST_EPOCHS: usize = 60;
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

/// The weights by feature and label (`feature * labels + label`), with the constants in the last row. `members` are the rows to learn from.
pub(crate) fn one_against_rest(rows: &Rows, members: &[u32], targets: &[u32], labels: usize, width: usize, cost: f32) -> Vec<f32> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(labels);
    let mut columns: Vec<Vec<f32>> = Vec::with_capacity(labels);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| {
                scope.spawn(move || {
                    let own = (first..labels).step_by(threads);
                    own.map(|label| (label, separate(rows, members, targets, label as u32, width, cost))).collect::<Vec<_>>()
                })
            })
            .collect();
        let mut solved: Vec<(usize, Vec<f32>)> = workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect();
        solved.sort_unstable_by_key(|(label, _)| *label);
        columns.extend(solved.into_iter().map(|(_, column)| column));
    });
    let mut weights = vec![0.0; (width + 1) * labels];
    for (label, column) in columns.iter().enumerate() {
        for (feature, &value) in column.iter().enumerate() {
            weights[feature * labels + label] = value;
        }
    }
    weights
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
fn separate(rows: &Rows, members: &[u32], targets: &[u32], label: u32, width: usize, cost: f32) -> Vec<f32> {
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
    weights
}
