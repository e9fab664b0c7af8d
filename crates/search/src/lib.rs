//! Finds conversations by what was said in them: an index of lines beside the record, from which it can be made again at any time.
//!
//! Lines are written together with the place up to which the record was read, in one commit: after a crash the index goes on there, and nothing is missing.
//! A company's words are looked up under its own key: what another one has is not even counted.

mod find;
mod grams;

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use tantivy::{
    Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term,
    directory::{Directory as _, INDEX_WRITER_LOCK, MmapDirectory, error::LockError},
    indexer::IndexWriterOptions,
    schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{PreTokenizedString, Token},
};
use uuid::Uuid;

pub use find::{Found, Hit};
pub use grams::{Part, excerpt, words};

/// How words are cut and stored. An index of another number is made again.
const FORMAT: u32 = 2;
/// The memory in which lines are collected before they are written, in bytes: the least that the library accepts.
const MEMORY: usize = 15_000_000;
/// How many processes can have an index in one folder, each its own.
const PROCESSES: usize = 32;

/// Why an index cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The index, or a file of it.
    #[error("the search index: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// Its folder.
    #[error("the folder of the search index: {0}")]
    Io(#[from] io::Error),
}

/// The result of work on an index.
pub type Result<T> = std::result::Result<T, Error>;

/// A line that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The company.
    pub company: Uuid,
    /// The conversation.
    pub conversation: Uuid,
    /// The number of its entry.
    pub seq: u64,
    /// When it was said, in milliseconds since 1970.
    pub at: i64,
    /// What was said.
    pub text: String,
}

/// Up to where the record was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// Which record: of another one, nothing holds.
    pub generation: Uuid,
    /// The transaction (0 on SQLite).
    pub xid: i64,
    /// The position.
    pub pos: i64,
    /// When the last entry was stored, in milliseconds since 1970.
    pub at: i64,
}

/// What is committed with the lines.
#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    format: u32,
    place: Place,
}

/// The fields of a line.
#[derive(Debug, Clone, Copy)]
struct Fields {
    words: Field,
    company: Field,
    /// What the lines of a conversation are taken out by.
    whose: Field,
    /// The halves of the conversation's id.
    high: Field,
    low: Field,
    seq: Field,
    at: Field,
}

/// An index of lines. Only one process writes to its folder.
pub struct Lines {
    writer: Mutex<IndexWriter>,
    /// Apart from the writer: whoever asks does not wait for the disk.
    place: Mutex<Place>,
    reader: IndexReader,
    fields: Fields,
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let positions = TextFieldIndexing::default().set_tokenizer("raw").set_fieldnorms(false).set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let fields = Fields {
        words: schema.add_text_field("words", TextOptions::default().set_indexing_options(positions)),
        company: schema.add_u64_field("company", INDEXED),
        whose: schema.add_u64_field("whose", INDEXED),
        high: schema.add_u64_field("high", FAST),
        low: schema.add_u64_field("low", FAST),
        seq: schema.add_u64_field("seq", FAST),
        at: schema.add_i64_field("at", FAST),
    };
    (schema.build(), fields)
}

/// The lower half of an id, which is random: enough to tell companies apart, whose ids are ours.
fn key(id: Uuid) -> u64 {
    id.as_u64_pair().1
}

/// The key of a conversation of a company. Clients choose the ids of conversations, also such as another company has, or that share a half: nobody can choose this.
fn whose(company: Uuid, conversation: Uuid) -> u64 {
    key(Uuid::new_v5(&company, conversation.as_bytes()))
}

/// A word as it is looked up: under the company's key.
fn term(company: Uuid, gram: &str) -> String {
    format!("{:016x}{gram}", key(company))
}

/// Whether something else than what is stored in the index keeps it from being read: it may be whole.
const fn is_of_the_disk(error: &tantivy::TantivyError) -> bool {
    use tantivy::{TantivyError, directory::error::OpenReadError};
    matches!(
        error,
        TantivyError::IoError(_)
            | TantivyError::OpenDirectoryError(_)
            | TantivyError::OpenWriteError(_)
            | TantivyError::OpenReadError(OpenReadError::IoError { .. })
            | TantivyError::LockFailure(..)
            | TantivyError::SystemError(_)
    )
}

impl Lines {
    /// Opens the index in a folder, or makes an empty one if there is none, or none of this form. If another process has it, a neighbour of it is opened.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn open(folder: &Path) -> Result<Self> {
        let mut last = None;
        for n in 1..=PROCESSES {
            match Self::open_one(&folder.join(n.to_string())) {
                Err(Error::Index(tantivy::TantivyError::LockFailure(LockError::LockBusy, _))) => {}
                Err(error) => {
                    last = Some(error);
                    break;
                }
                opened => return opened,
            }
        }
        Err(last.unwrap_or_else(|| io::Error::other("too many processes have an index there").into()))
    }

    fn open_one(folder: &PathBuf) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let (schema, fields) = schema();
        let directory = || MmapDirectory::open(folder).map_err(tantivy::TantivyError::from);
        let options = IndexWriterOptions::builder().num_worker_threads(1).num_merge_threads(1).memory_budget_per_thread(MEMORY).build();
        let open = || {
            let index = Index::open_or_create(directory()?, schema.clone())?;
            let payload = index.load_metas()?.payload.and_then(|text| serde_json::from_str::<Payload>(&text).ok());
            let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
            Ok::<_, tantivy::TantivyError>((index, reader, payload))
        };
        // What another process has is not even looked at: it may be of another form.
        let lock = directory()?.acquire_lock(&INDEX_WRITER_LOCK).map_err(|error| tantivy::TantivyError::LockFailure(error, None))?;
        let (index, reader, payload) = match open() {
            // Of another form, or damaged: the record has all of it.
            Err(error) if !is_of_the_disk(&error) => {
                fs::remove_dir_all(folder)?;
                fs::create_dir_all(folder)?;
                open()?
            }
            opened => opened?,
        };
        drop(lock);
        let writer = index.writer_with_options(options)?;
        let of_this_form = payload.filter(|payload| payload.format == FORMAT);
        let place = of_this_form.as_ref().map(|payload| payload.place).unwrap_or_default();
        let lines = Self { writer: Mutex::new(writer), place: Mutex::new(place), reader, fields };
        if of_this_form.is_none() {
            lines.begin_anew(Uuid::nil())?;
        }
        Ok(lines)
    }

    fn writer(&self) -> MutexGuard<'_, IndexWriter> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Up to where the record was read.
    pub fn place(&self) -> Place {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets everything, to read a record from its beginning.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn begin_anew(&self, generation: Uuid) -> Result<()> {
        let mut writer = self.writer();
        writer.delete_all_documents()?;
        self.commit(&mut writer, Place { generation, ..Place::default() })
    }

    /// Adds lines, after everything of some conversations was taken out (each by its company), of which the lines are all that is left, and notes up to where the record was read.
    ///
    /// # Errors
    /// If the index cannot be written: then nothing of it counts.
    pub fn apply(&self, taken_out: &[(Uuid, Uuid)], lines: &[Line], place: Place) -> Result<()> {
        let mut writer = self.writer();
        let written = self.write(&writer, taken_out, lines);
        if let Err(error) = written {
            writer.rollback()?;
            return Err(error);
        }
        self.commit(&mut writer, place)
    }

    fn write(&self, writer: &IndexWriter, taken_out: &[(Uuid, Uuid)], lines: &[Line]) -> Result<()> {
        for (company, conversation) in taken_out {
            writer.delete_term(Term::from_field_u64(self.fields.whose, whose(*company, *conversation)));
        }
        for line in lines {
            writer.add_document(self.document(line))?;
        }
        Ok(())
    }

    fn document(&self, line: &Line) -> TantivyDocument {
        let token = |gram: grams::Gram| Token { position: gram.at, text: term(line.company, &gram.text), ..Token::default() };
        let tokens = grams::of_text(&line.text).into_iter().map(token).collect();
        let (high, low) = line.conversation.as_u64_pair();
        let mut document = TantivyDocument::default();
        document.add_pre_tokenized_text(self.fields.words, PreTokenizedString { text: String::new(), tokens });
        document.add_u64(self.fields.company, key(line.company));
        document.add_u64(self.fields.whose, whose(line.company, line.conversation));
        document.add_u64(self.fields.high, high);
        document.add_u64(self.fields.low, low);
        document.add_u64(self.fields.seq, line.seq);
        document.add_i64(self.fields.at, line.at);
        document
    }

    /// Takes out everything of companies that are not among these.
    ///
    /// # Errors
    /// If the index cannot be read or written.
    pub fn keep_companies(&self, known: &[Uuid]) -> Result<()> {
        let known: BTreeSet<u64> = known.iter().copied().map(key).collect();
        let mut gone = BTreeSet::new();
        for segment in self.reader.searcher().segment_readers() {
            let index = segment.inverted_index(self.fields.company)?;
            let mut terms = index.terms().stream()?;
            while terms.advance() {
                gone.extend(terms.key().try_into().map(u64::from_be_bytes).ok().filter(|company| !known.contains(company)));
            }
        }
        if gone.is_empty() {
            return Ok(());
        }
        let mut writer = self.writer();
        for company in gone {
            writer.delete_term(Term::from_field_u64(self.fields.company, company));
        }
        let place = self.place();
        self.commit(&mut writer, place)
    }

    /// Writes the files anew in which there still are words of what was taken out: until then it is not found any more, but not gone from the disk.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn purge(&self) -> Result<()> {
        let mut writer = self.writer();
        for segment in writer.index().searchable_segment_metas()? {
            if segment.has_deletes() {
                writer.merge(&[segment.id()]).wait()?;
            }
        }
        writer.garbage_collect_files().wait()?;
        self.reader.reload()?;
        Ok(())
    }

    fn commit(&self, writer: &mut IndexWriter, place: Place) -> Result<()> {
        let payload = serde_json::to_string(&Payload { format: FORMAT, place }).map_err(io::Error::other)?;
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&payload);
        prepared.commit()?;
        self.reader.reload()?;
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = place;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACME: Uuid = Uuid::from_u128(7);
    const BETA: Uuid = Uuid::from_u128(8);

    fn line(company: Uuid, conversation: u128, seq: u64, text: &str) -> Line {
        Line { company, conversation: Uuid::from_u128(conversation), seq, at: i64::try_from(seq).unwrap() * 10, text: text.to_owned() }
    }
    fn at(pos: i64) -> Place {
        Place { generation: Uuid::from_u128(1), xid: 0, pos, at: pos * 10 }
    }
    fn found(lines: &Lines, company: Uuid, typed: &str) -> Vec<(u128, u64)> {
        let found = lines.find(company, typed).unwrap();
        found.iter().map(|hit| (hit.conversation.as_u128(), hit.seq)).collect()
    }

    #[test]
    fn conversations_are_found_by_words_of_both_languages_newest_first_and_each_once() {
        let folder = tempfile::tempdir().unwrap();
        let lines = Lines::open(folder.path()).unwrap();
        let said = [
            line(ACME, 1, 1, "我想问一下流量包的资费"),
            line(ACME, 1, 2, "The X9 delivered today"),
            line(ACME, 2, 3, "流量還剩多少？"),
            line(ACME, 2, 4, "資費太貴"),
            line(BETA, 3, 5, "流量包"),
        ];
        lines.apply(&[], &said, at(5)).unwrap();
        for (typed, expected) in [
            ("流量", vec![(2, 3), (1, 1)]),
            ("流量包", vec![(1, 1)]),
            ("流量包的资费", vec![(1, 1)]),
            ("費", vec![(2, 4), (1, 1)]),
            ("ｘ９", vec![(1, 2)]),
            ("deliv", vec![(1, 2)]),
            ("X9 资费", vec![(1, 2)]),
            // Both words in one line come before both in one conversation.
            ("流量 资费", vec![(1, 1), (2, 4)]),
            ("量流", vec![]),
            ("资费 delivered 还剩", vec![]),
            ("？", vec![]),
        ] {
            assert_eq!(found(&lines, ACME, typed), expected, "{typed}");
        }
        assert_eq!((found(&lines, BETA, "流量"), found(&lines, Uuid::from_u128(9), "流量")), (vec![(3, 5)], vec![]));
    }

    #[test]
    fn what_is_taken_out_is_found_no_more_and_the_place_is_kept_with_what_was_read() {
        let folder = tempfile::tempdir().unwrap();
        {
            let lines = Lines::open(folder.path()).unwrap();
            assert_eq!(lines.place(), Place::default());
            lines.apply(&[], &[line(ACME, 1, 1, "one two"), line(ACME, 1, 2, "two"), line(BETA, 2, 3, "two")], at(3)).unwrap();
            lines.apply(&[(ACME, Uuid::from_u128(1))], &[line(ACME, 1, 2, "three")], at(4)).unwrap();
            assert_eq!((found(&lines, ACME, "two"), found(&lines, ACME, "three")), (vec![], vec![(1, 2)]));
            // A second process has one of its own.
            assert_eq!(Lines::open(folder.path()).unwrap().place(), Place::default());
        }
        let lines = Lines::open(folder.path()).unwrap();
        assert_eq!((lines.place(), found(&lines, ACME, "three"), has_leftovers(&lines)), (at(4), vec![(1, 2)], true));
        lines.keep_companies(&[BETA]).unwrap();
        assert_eq!((found(&lines, ACME, "three"), found(&lines, BETA, "two"), lines.place()), (vec![], vec![(2, 3)], at(4)));
        lines.purge().unwrap();
        assert_eq!((found(&lines, BETA, "two"), has_leftovers(&lines)), (vec![(2, 3)], false));
        lines.begin_anew(Uuid::from_u128(2)).unwrap();
        assert_eq!((found(&lines, BETA, "two"), lines.place().generation), (vec![], Uuid::from_u128(2)));
        lines.apply(&[], &[line(ACME, 1, 1, "one two")], at(1)).unwrap();
        assert_eq!(found(&lines, ACME, "two"), [(1, 1)]);
    }

    #[test]
    fn nobody_takes_out_what_another_company_or_conversation_has_by_choosing_an_id_like_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let lines = Lines::open(folder.path()).unwrap();
        let alike = (1 << 64) | 1;
        lines.apply(&[], &[line(ACME, 1, 1, "one"), line(ACME, alike, 2, "one"), line(BETA, 1, 3, "one")], at(3)).unwrap();
        lines.apply(&[(ACME, Uuid::from_u128(1))], &[], at(4)).unwrap();
        assert_eq!((found(&lines, ACME, "one"), found(&lines, BETA, "one")), (vec![(alike, 2)], vec![(1, 3)]));
    }

    #[test]
    fn a_beginning_stands_for_however_many_words() {
        let folder = tempfile::tempdir().unwrap();
        let lines = Lines::open(folder.path()).unwrap();
        let said: Vec<Line> = (1..=300).map(|n| line(ACME, n.into(), n, &format!("order {}", 202_600_000 + n))).collect();
        lines.apply(&[], &said, at(300)).unwrap();
        lines.apply(&[], &[line(BETA, 1, 1, "order 202699999"), line(ACME, 301, 301, "order 2027")], at(301)).unwrap();
        assert_eq!(found(&lines, ACME, "order 2026").len(), 300);
        assert_eq!((found(&lines, ACME, "202600300"), found(&lines, BETA, "2026").len()), (vec![(300, 300)], 1));
    }

    /// Whether there still are words in its files of what was taken out.
    fn has_leftovers(lines: &Lines) -> bool {
        lines.reader.searcher().segment_readers().iter().any(tantivy::SegmentReader::has_deletes)
    }

    #[test]
    fn one_that_is_damaged_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        Lines::open(folder.path()).unwrap().apply(&[], &[line(ACME, 1, 1, "one")], at(1)).unwrap();
        fs::write(folder.path().join("1/meta.json"), "{").unwrap();
        let lines = Lines::open(folder.path()).unwrap();
        assert_eq!((lines.place(), found(&lines, ACME, "one")), (Place::default(), vec![]));
    }
}
