//! Communities of a weighted graph by modularity (Blondel, Guillaume, Lambiotte, Lefebvre 2008, "Louvain").

use std::collections::BTreeMap;

/// The most passes over all nodes of one level.
const PASSES: usize = 20;

/// For each node, its neighbours with the weight of the edge; each edge is listed at both ends, a loop once with twice its weight.
pub(super) type Graph = Vec<Vec<(u32, f32)>>;

/// The number of the community of each node. The higher `resolution`, the smaller the communities.
pub(super) fn find(graph: &Graph, resolution: f64) -> Vec<u32> {
    let mut all: Vec<u32> = (0..graph.len() as u32).collect();
    let mut level = graph.clone();
    loop {
        let (own, count) = renumber(&move_nodes(&level, resolution));
        all.iter_mut().for_each(|community| *community = own[*community as usize]);
        if count == level.len() {
            return all;
        }
        level = merge(&level, &own, count);
    }
}

/// Moves single nodes to the community where they gain most, until none gains.
fn move_nodes(graph: &Graph, resolution: f64) -> Vec<u32> {
    let degrees: Vec<f64> = graph.iter().map(|edges| edges.iter().map(|(_, weight)| f64::from(*weight)).sum()).collect();
    let total: f64 = degrees.iter().sum::<f64>().max(1e-9);
    let mut own: Vec<u32> = (0..graph.len() as u32).collect();
    let mut sums = degrees.clone();
    let mut links = vec![0.0f64; graph.len()];
    for _ in 0..PASSES {
        let mut moves = 0;
        for (node, edges) in graph.iter().enumerate() {
            let from = own[node] as usize;
            let mut near: Vec<usize> = vec![from];
            for &(other, weight) in edges.iter().filter(|(other, _)| *other as usize != node) {
                let community = own[other as usize] as usize;
                if links[community] == 0.0 && community != from {
                    near.push(community);
                }
                links[community] += f64::from(weight);
            }
            sums[from] -= degrees[node];
            let gain = |community: usize| links[community] - resolution * sums[community] * degrees[node] / total;
            let mut best = (from, gain(from));
            for &community in &near {
                if gain(community) > best.1 + 1e-9 {
                    best = (community, gain(community));
                }
            }
            sums[best.0] += degrees[node];
            own[node] = best.0 as u32;
            moves += usize::from(best.0 != from);
            near.into_iter().for_each(|community| links[community] = 0.0);
        }
        if moves == 0 {
            break;
        }
    }
    own
}

/// The communities numbered without gaps, and how many there are.
fn renumber(own: &[u32]) -> (Vec<u32>, usize) {
    let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
    let dense = own
        .iter()
        .map(|community| {
            let fresh = numbers.len() as u32;
            *numbers.entry(*community).or_insert(fresh)
        })
        .collect();
    (dense, numbers.len())
}

/// The graph of the communities.
fn merge(graph: &Graph, own: &[u32], count: usize) -> Graph {
    let mut merged: Vec<BTreeMap<u32, f32>> = vec![BTreeMap::new(); count];
    for (node, edges) in graph.iter().enumerate() {
        for &(other, weight) in edges {
            *merged[own[node] as usize].entry(own[other as usize]).or_default() += weight;
        }
    }
    merged.into_iter().map(|edges| edges.into_iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_cliques_with_one_bridge_are_two_communities() {
        let mut graph: Graph = vec![Vec::new(); 10];
        let mut link = |a: usize, b: usize| {
            graph[a].push((b as u32, 1.0));
            graph[b].push((a as u32, 1.0));
        };
        for first in [0, 5] {
            (first..first + 5).for_each(|a| (a + 1..first + 5).for_each(|b| link(a, b)));
        }
        link(4, 5);
        let found = find(&graph, 1.0);
        assert!(found[..5].iter().all(|c| *c == found[0]) && found[5..].iter().all(|c| *c == found[5]), "{found:?}");
        assert_ne!(found[0], found[5]);
    }
}
