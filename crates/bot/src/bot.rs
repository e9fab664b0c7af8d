//! placeholder
use crate::knowledge::Knowledge;
use crate::ranking::{RawScores, Reading};
use crate::retrieval::{Index, build};
use crate::text::Lang;

/// b
#[derive(Debug)]
pub struct Bot { knowledge: Knowledge, indexes: [Index; 2] }
impl Bot {
    /// t
    pub fn train(knowledge: Knowledge) -> Bot { let indexes = build(&knowledge); Bot { knowledge, indexes } }
    /// i
    pub fn inspect(&self, text: &str, lang: Lang) -> (RawScores, Reading) { self.indexes[lang as usize].scores(text) }
    /// k
    pub fn knowledge(&self) -> &Knowledge { &self.knowledge }
}
