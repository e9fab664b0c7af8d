//! Labelled lines as numbers: what the classifier, its calibration and the search for mislabelled lines learn from.

use std::collections::HashMap;
use std::sync::Arc;

use crate::embed::Vectors;
use crate::features::{Blocks, Features, Vector};
use crate::stop::{Stop, Stopped};
use crate::svm::{self, OneAgainstRest, Rows};

/// A line with its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labelled<'a> {
    /// The text of the line.
    pub text: &'a str,
    /// The label of the line.
    pub label: &'a str,
}

/// Why training failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TrainError {
    /// There are fewer than two labels.
    #[error("the training lines need at least two labels")]
    TooFewLabels,
}

/// Numbered lines with their numbered labels.
#[derive(Debug)]
pub struct Sheet {
    /// The labels, in the order in which they first occur.
    pub labels: Vec<String>,
    /// The number of the label of each line.
    pub targets: Vec<u32>,
    /// The features of the lines.
    pub features: Features,
    /// The lines as vectors.
    pub rows: Rows,
    /// For each line, the number of its values that are features of words.
    pub words: Vec<u32>,
    /// For each line, the number of its features of words.
    lengths: Vec<u32>,
}

impl Sheet {
    /// Numbers the lines.
    ///
    /// # Errors
    /// [`TrainError::TooFewLabels`] for fewer than two labels.
    pub fn new(lines: &[Labelled<'_>]) -> Result<Sheet, TrainError> {
        Sheet::with_vectors(lines, None)
    }

    /// The same with the vectors of lines, if there are any.
    ///
    /// # Errors
    /// [`TrainError::TooFewLabels`] for fewer than two labels.
    pub fn with_vectors(lines: &[Labelled<'_>], vectors: Option<&Arc<dyn Vectors>>) -> Result<Sheet, TrainError> {
        let mut numbers: HashMap<&str, u32> = HashMap::new();
        let mut labels: Vec<String> = Vec::new();
        let targets: Vec<u32> = lines
            .iter()
            .map(|line| {
                *numbers.entry(line.label).or_insert_with(|| {
                    labels.push(line.label.to_owned());
                    labels.len() as u32 - 1
                })
            })
            .collect();
        if labels.len() < 2 {
            return Err(TrainError::TooFewLabels);
        }
        let blocks: Vec<Blocks> = lines.iter().map(|line| Blocks::of(line.text)).collect();
        let mut features = Features::learn(&blocks);
        if let Some(vectors) = vectors
            && let Some(size) = lines.iter().find_map(|line| vectors.of(line.text)).map(|vector| vector.len())
        {
            features = features.with_vectors(vectors, size);
        }
        let mut sheet = Sheet { labels, targets, features, rows: Rows::default(), words: Vec::new(), lengths: Vec::new() };
        for (line, blocks) in lines.iter().zip(blocks) {
            let vector = sheet.features.of(line.text, &blocks);
            sheet.rows.push(&vector.values);
            sheet.words.push(vector.words as u32);
            sheet.lengths.push(vector.length as u32);
        }
        Ok(sheet)
    }

    /// All lines in a fixed pseudo-random order.
    pub fn members(&self) -> Vec<u32> {
        svm::shuffled_numbers(self.targets.len())
    }

    /// The weights of one machine per label, learned from `members`.
    pub fn solve(&self, members: &[u32], cost: f32) -> Vec<f32> {
        self.machines(members, cost).weights()
    }

    /// The scores of the labels for the lines `asked`, learned from `members`.
    pub(crate) fn scores_of(&self, asked: &[u32], members: &[u32], cost: f32, stop: &Stop) -> Result<Vec<Vec<f32>>, Stopped> {
        self.machines(members, cost).scores(asked, stop)
    }

    fn machines<'a>(&'a self, members: &'a [u32], cost: f32) -> OneAgainstRest<'a> {
        OneAgainstRest { rows: &self.rows, members, targets: &self.targets, labels: self.labels.len(), width: self.features.count(), cost }
    }

    /// Calls `each` for each member with its position in `members` and the scores of the labels, learned without it: in `folds` parts, each scored by what the
    /// others teach.
    pub fn out_of_fold(&self, members: &[u32], cost: f32, folds: usize, mut each: impl FnMut(usize, &[f32])) {
        for fold in 0..folds {
            let kept: Vec<u32> = members.iter().enumerate().filter(|(at, _)| at % folds != fold).map(|(_, row)| *row).collect();
            let weights = self.solve(&kept, cost);
            for (at, &row) in members.iter().enumerate().filter(|(at, _)| at % folds == fold) {
                each(at, &svm::scores(&weights, self.labels.len(), self.rows.row(row as usize)));
            }
        }
    }

    /// A line of the sheet as a vector.
    pub fn vector(&self, row: u32) -> Vector {
        let at = row as usize;
        Vector { values: self.rows.row(at).to_vec(), words: self.words[at] as usize, length: self.lengths[at] as usize }
    }
}
