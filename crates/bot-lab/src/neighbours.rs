//! The lines of a training set that are nearest to a line: cosines of words and pairs of words, by an inverted index.

use bot::sheet::Sheet;

/// Features that more than this share of lines have say little, take most of the time, and are passed over.
const COMMON: f64 = 0.1;

/// An inverted index of lines.
#[derive(Debug)]
pub(crate) struct Neighbours {
    starts: Vec<u32>,
    postings: Vec<(u32, f32)>,
    lines: usize,
}

impl Neighbours {
    /// Indexes `members` of a sheet; lines are numbered by their position in `members`.
    pub(crate) fn new(sheet: &Sheet, members: &[u32]) -> Neighbours {
        let words = |row: u32| &sheet.rows.row(row as usize)[..sheet.words[row as usize] as usize];
        let mut starts = vec![0u32; sheet.features.count() + 1];
        members.iter().for_each(|&row| words(row).iter().for_each(|(feature, _)| starts[*feature as usize + 1] += 1));
        let most = ((members.len() as f64 * COMMON) as u32).max(20);
        starts.iter_mut().for_each(|count| *count = if *count > most { 0 } else { *count });
        for feature in 1..starts.len() {
            starts[feature] += starts[feature - 1];
        }
        let mut next = starts.clone();
        let mut postings = vec![(0, 0.0); starts.last().map_or(0, |&end| end as usize)];
        for (at, &row) in members.iter().enumerate() {
            for &(feature, value) in words(row) {
                let place = &mut next[feature as usize];
                if *place < starts[feature as usize + 1] {
                    postings[*place as usize] = (at as u32, value);
                    *place += 1;
                }
            }
        }
        Neighbours { starts, postings, lines: members.len() }
    }

    /// The approximate number of bytes that the index takes.
    pub(crate) fn bytes(&self) -> usize {
        self.postings.len() * 8 + self.starts.len() * 4
    }

    /// The cosine of each line with the given features of words.
    pub(crate) fn cosines(&self, words: &[(u32, f32)]) -> Vec<f32> {
        let mut cosines = vec![0.0; self.lines];
        for &(feature, value) in words {
            let range = self.starts[feature as usize] as usize..self.starts[feature as usize + 1] as usize;
            for &(line, weight) in &self.postings[range] {
                cosines[line as usize] += value * weight;
            }
        }
        cosines
    }
}
