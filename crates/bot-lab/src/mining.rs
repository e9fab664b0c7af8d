//! Finds out what unanswered lines ask: clusters of lines, each named by its most central one.
//!
//! Each line is linked to the lines nearest to it, by common words and by the main directions of all lines; the clusters are the communities of this graph.

mod communities;
mod embedding;

use std::collections::HashMap;

use bot::features::{Blocks, Features};
use bot::svm::Rows;
use bot::text::skeleton;
use serde::Serialize;

use self::communities::Graph;
use self::embedding::Points;

/// To how many lines a line is linked.
const LINKS: usize = 10;
/// How many candidates for links are compared word by word.
const CANDIDATES: usize = 40;
/// The share of common words in the likeness of two lines; the rest is the cosine in the main directions.
const WORDS: f32 = 0.5;
/// Lines that are less alike are not linked.
const LEAST_LIKENESS: f32 = 0.25;
/// The higher, the smaller the clusters.
const RESOLUTION: f64 = 4.0;
/// Clusters of fewer lines are left out: they say nothing about what many ask.
const LEAST_LINES: usize = 3;

/// Lines that ask the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cluster {
    /// The most central line.
    pub name: String,
    /// All lines, as they were given and in the same order.
    pub texts: Vec<String>,
}

/// The clusters of `lines`, largest first. Lines that are like no others, and clusters of fewer than three, are left out.
pub fn clusters(lines: &[String]) -> Vec<Cluster> {
    if lines.is_empty() {
        return Vec::new();
    }
    let piles = piles(lines);
    let blocks: Vec<Blocks> = piles.iter().map(|pile| Blocks::of(&lines[pile[0]])).collect();
    let features = Features::learn(&blocks);
    let mut rows = Rows::default();
    blocks.iter().for_each(|blocks| rows.push(&unit(features.vector(blocks).values)));
    let points = Points::new(&rows, piles.len(), features.count());
    let graph = graph(&rows, &points, piles.len());
    let communities = communities::find(&graph, RESOLUTION);

    let mut members: Vec<Vec<usize>> = vec![Vec::new(); piles.len()];
    communities.iter().enumerate().for_each(|(pile, community)| members[*community as usize].push(pile));
    let mut found = Vec::new();
    for members in members {
        let mut own: Vec<usize> = members.iter().flat_map(|pile| piles[*pile].iter().copied()).collect();
        if own.len() < LEAST_LINES {
            continue;
        }
        own.sort_unstable();
        let name = lines[piles[most_central(&rows, &points, &members)][0]].clone();
        found.push((own[0], Cluster { name, texts: own.into_iter().map(|line| lines[line].clone()).collect() }));
    }
    found.sort_by_key(|(first, cluster)| (std::cmp::Reverse(cluster.texts.len()), *first));
    found.into_iter().map(|(_, cluster)| cluster).collect()
}

/// The positions of lines that differ only in spaces and punctuation.
fn piles(lines: &[String]) -> Vec<Vec<usize>> {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut piles: Vec<Vec<usize>> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let pile = *numbers.entry(skeleton(line)).or_insert(piles.len());
        if pile == piles.len() {
            piles.push(Vec::new());
        }
        piles[pile].push(at);
    }
    piles
}

/// The features sorted by number, with unit length in all.
fn unit(mut values: Vec<(u32, f32)>) -> Vec<(u32, f32)> {
    values.sort_unstable_by_key(|(feature, _)| *feature);
    let length = values.iter().map(|(_, value)| value * value).sum::<f32>().sqrt().max(1e-9);
    values.iter_mut().for_each(|(_, value)| *value /= length);
    values
}

/// The cosine of two lines whose features are sorted.
fn cosine(a: &[(u32, f32)], b: &[(u32, f32)]) -> f32 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while let (Some((x, v)), Some((y, w))) = (a.get(i), b.get(j)) {
        if x == y {
            sum += v * w;
        }
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    sum
}

/// Links each line to the lines nearest to it.
fn graph(rows: &Rows, points: &Points, count: usize) -> Graph {
    let mut graph: Graph = vec![Vec::new(); count];
    for line in 0..count {
        let mut near: Vec<(f32, usize)> = (0..count).filter(|other| *other != line).map(|other| (points.cosine(line, other), other)).collect();
        keep_highest(&mut near, CANDIDATES);
        near.iter_mut().for_each(|(likeness, other)| *likeness = (1.0 - WORDS) * *likeness + WORDS * cosine(rows.row(line), rows.row(*other)));
        keep_highest(&mut near, LINKS);
        for (likeness, other) in near.into_iter().filter(|(likeness, _)| *likeness >= LEAST_LIKENESS) {
            graph[line].push((other as u32, likeness));
            graph[other].push((line as u32, likeness));
        }
    }
    graph
}

/// Keeps the entries with the highest values; of equals, those that come first.
fn keep_highest(values: &mut Vec<(f32, usize)>, count: usize) {
    let order = |a: &(f32, usize), b: &(f32, usize)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    if values.len() > count {
        values.select_nth_unstable_by(count, order);
        values.truncate(count);
    }
    values.sort_unstable_by(order);
}

/// The line that is most like all others of its cluster.
fn most_central(rows: &Rows, points: &Points, members: &[usize]) -> usize {
    let mut words: HashMap<u32, f32> = HashMap::new();
    let mut centre = vec![0.0; members.first().map_or(0, |line| points.point(*line).len())];
    for &line in members {
        rows.row(line).iter().for_each(|(feature, value)| *words.entry(*feature).or_default() += value);
        centre.iter_mut().zip(points.point(line)).for_each(|(sum, value)| *sum += value);
    }
    let likeness = |line: usize| {
        let common: f32 = rows.row(line).iter().map(|(feature, value)| value * words.get(feature).copied().unwrap_or(0.0)).sum();
        let along: f32 = points.point(line).iter().zip(&centre).map(|(value, sum)| value * sum).sum();
        WORDS * common + (1.0 - WORDS) * along
    };
    let best = members.iter().copied().map(|line| (likeness(line), std::cmp::Reverse(line))).max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    best.map_or(0, |(_, std::cmp::Reverse(line))| line)
}
