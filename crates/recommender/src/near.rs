//! The neighbours of each item: a blend of shrunk cosines and EASE.

use super::{
    FEWEST_VISITORS,
    ease::{self, Triangle},
    pairs::Known,
};

/// How many visitors in common count as half of what they would if they were many.
const SHRINKAGE: f32 = 10.0;
/// How much the cosine counts beside EASE.
const COSINE: f32 = 0.3;
/// The ridge of EASE, for each visitor of an item on average; rare items are explained by others only as far as there is evidence.
const RIDGE: f32 = 0.5;
/// The least ridge, which keeps the factors positive.
const LEAST_RIDGE: f32 = 20.0;
/// The strongest pairs that are returned.
const STRONGEST: usize = 20;

/// Neighbours by item, each with its weight, strongest first.
type Near = Vec<Vec<(u32, f32)>>;

/// Learns the neighbours of each item, at most `most`, and the strongest pairs: two items and how many visitors they share.
pub(super) fn learn(known: &Known, most: usize) -> (Near, Vec<(u32, u32, u32)>) {
    let n = known.items.len();
    let (mut gram, mut together) = (Triangle::new(n), Triangle::new(n));
    for row in &known.rows {
        for (i, weight) in row {
            for (j, other) in row {
                if j <= i {
                    *gram.at_mut(*i as usize, *j as usize) += weight * other;
                    *together.at_mut(*i as usize, *j as usize) += 1.0_f32;
                }
            }
        }
    }
    let own: Vec<f32> = (0..n).map(|i| gram.at(i, i)).collect();
    let cosine = |gram: &Triangle, i: usize, j: usize, shared: f32| gram.at(i, j) / (own[i] * own[j]).sqrt().max(f32::EPSILON) * shared / (shared + SHRINKAGE);
    // What too few visitors share is not a neighbour, whatever its weight.
    let mut near: Near = vec![Vec::new(); n];
    let mut strongest: Vec<(f32, u32, u32, u32)> = Vec::new();
    for i in 0..n {
        for j in 0..i {
            let shared = together.at(i, j);
            if shared >= FEWEST_VISITORS as f32 {
                let like = cosine(&gram, i, j, shared);
                near[i].push((j as u32, like * COSINE));
                near[j].push((i as u32, like * COSINE));
                strongest.push((like, j as u32, i as u32, shared as u32));
            }
        }
        if strongest.len() > 100 * STRONGEST {
            keep(&mut strongest, |pair| pair.0, STRONGEST);
        }
    }
    drop(together);
    let mean = own.iter().sum::<f32>() / n.max(1) as f32;
    gram.add_to_diagonal((mean * RIDGE).max(LEAST_RIDGE));
    if ease::invert(&mut gram) {
        let own: Vec<f32> = (0..n).map(|i| gram.at(i, i)).collect();
        for (from, all) in near.iter_mut().enumerate() {
            for (to, weight) in all {
                *weight -= gram.at(from, *to as usize) / own[*to as usize];
            }
        }
    }
    for all in &mut near {
        all.retain(|(_, weight)| *weight > 0.0);
        keep(all, |neighbour| neighbour.1, most);
    }
    keep(&mut strongest, |pair| pair.0, STRONGEST);
    (near, strongest.into_iter().map(|(_, one, other, shared)| (one, other, shared)).collect())
}

/// Keeps the `most` largest, largest first; equal ones in their order.
fn keep<T>(all: &mut Vec<T>, size: impl Fn(&T) -> f32, most: usize) {
    all.sort_by(|one, other| size(other).total_cmp(&size(one)));
    all.truncate(most);
}
