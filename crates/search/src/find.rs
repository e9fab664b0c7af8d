//! Finds conversations in the index.

use std::{collections::HashMap, ops::Bound};

use tantivy::{
    DocId, Score, SegmentReader, Term,
    collector::{Collector, SegmentCollector},
    columnar::Column,
    query::{BooleanQuery, PhraseQuery, Query, RangeQuery, TermQuery},
    schema::IndexRecordOption,
};
use uuid::Uuid;

use crate::{
    Fields, Lines, Result,
    grams::{self, Sought},
    term,
};

/// Stands behind every word that begins as what is before it.
const LAST: char = char::MAX;
/// Fewer letters stand for themselves only: nearly every word begins with them.
const BEGINNING: usize = 3;

/// A conversation that was found, by a line of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The conversation.
    pub conversation: Uuid,
    /// The number of the line's entry.
    pub seq: u64,
    /// When that was said, in milliseconds since 1970.
    pub at: i64,
    /// Whether all words are in that line.
    pub is_whole: bool,
}

impl Hit {
    /// Its place among what is found: lines with all words come first, then newer ones.
    pub const fn rank(&self) -> (bool, i64, Uuid) {
        (self.is_whole, self.at, self.conversation)
    }
}

/// The conversations that were found, in order, each once.
pub type Found = Vec<Hit>;

/// The newest line of each conversation.
type Newest = HashMap<Uuid, (i64, u64)>;

impl Lines {
    /// The conversations of a company in which every word that was typed was said, in one line or in several: the newest such line of each.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn find(&self, company: Uuid, typed: &str) -> Result<Found> {
        let searcher = self.reader.searcher();
        let queries: Vec<Box<dyn Query>> = grams::of_query(typed).iter().map(|word| self.query(company, word)).collect();
        let collect = |query: &dyn Query| searcher.search(query, &NewestLines(self.fields)).map_err(crate::Error::from);
        let hit = |(conversation, (at, seq)), is_whole| Hit { conversation, seq, at, is_whole };
        let mut found: Found = match queries.as_slice() {
            [] => Vec::new(),
            [only] => collect(only.as_ref())?.into_iter().map(|line| hit(line, true)).collect(),
            several => {
                let mut whole = collect(&BooleanQuery::intersection(several.iter().map(|query| query.box_clone()).collect()))?;
                let mut of_words = Vec::with_capacity(several.len());
                for query in several {
                    of_words.push(collect(query.as_ref())?);
                }
                let rarest = of_words.iter().enumerate().min_by_key(|(_, lines)| lines.len()).map_or(0, |(n, _)| n);
                let first = std::mem::take(&mut of_words[rarest]);
                let newest = |(conversation, line): (Uuid, (i64, u64))| {
                    if let Some(line) = whole.remove(&conversation) {
                        return Some(hit((conversation, line), true));
                    }
                    let others = of_words.iter().enumerate().filter(|(n, _)| *n != rarest).map(|(_, lines)| lines.get(&conversation).copied());
                    others.collect::<Option<Vec<_>>>().map(|others| hit((conversation, others.into_iter().fold(line, Ord::max)), false))
                };
                first.into_iter().filter_map(newest).collect()
            }
        };
        found.sort_unstable_by_key(|hit| std::cmp::Reverse(hit.rank()));
        Ok(found)
    }

    fn query(&self, company: Uuid, sought: &Sought) -> Box<dyn Query> {
        let of = |gram: &str| Term::from_field_text(self.fields.words, &term(company, gram));
        match sought.grams.as_slice() {
            [only] if only.text.chars().count() >= BEGINNING => {
                // All words that begin so, however many.
                Box::new(RangeQuery::new(Bound::Included(of(&only.text)), Bound::Excluded(of(&format!("{}{LAST}", only.text)))))
            }
            [only] => Box::new(TermQuery::new(of(&only.text), IndexRecordOption::Basic)),
            several => Box::new(PhraseQuery::new_with_offset(several.iter().map(|gram| (gram.at, of(&gram.text))).collect())),
        }
    }
}

/// Collects the newest line of each conversation.
struct NewestLines(Fields);

struct OfSegment {
    high: Column<u64>,
    low: Column<u64>,
    seq: Column<u64>,
    at: Column<i64>,
    newest: Newest,
}

impl Collector for NewestLines {
    type Fruit = Newest;
    type Child = OfSegment;
    fn for_segment(&self, _: u32, segment: &SegmentReader) -> tantivy::Result<OfSegment> {
        let columns = segment.fast_fields();
        let name = |field| segment.schema().get_field_name(field).to_owned();
        Ok(OfSegment {
            high: columns.u64(&name(self.0.high))?,
            low: columns.u64(&name(self.0.low))?,
            seq: columns.u64(&name(self.0.seq))?,
            at: columns.i64(&name(self.0.at))?,
            newest: Newest::new(),
        })
    }
    fn requires_scoring(&self) -> bool {
        false
    }
    fn merge_fruits(&self, fruits: Vec<Newest>) -> tantivy::Result<Newest> {
        let mut all = Newest::new();
        for (conversation, line) in fruits.into_iter().flatten() {
            let known = all.entry(conversation).or_insert(line);
            *known = line.max(*known);
        }
        Ok(all)
    }
}

impl SegmentCollector for OfSegment {
    type Fruit = Newest;
    fn collect(&mut self, doc: DocId, _: Score) {
        let conversation = self.high.first(doc).zip(self.low.first(doc)).map(|(high, low)| Uuid::from_u64_pair(high, low));
        if let Some((conversation, line)) = conversation.zip(self.at.first(doc).zip(self.seq.first(doc))) {
            let known = self.newest.entry(conversation).or_insert(line);
            *known = line.max(*known);
        }
    }
    fn harvest(self) -> Newest {
        self.newest
    }
}
