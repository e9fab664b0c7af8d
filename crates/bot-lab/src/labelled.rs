//! Reads labelled lines, and lines without labels, from the formats in which they are usually kept.
//!
//! | what | how |
//! |---|---|
//! | CSV | a header with `text` and `label` (or `category`) |
//! | JSON lines | one object per line with `sentence` (or `text`) and `label`, a text or a number |
//! | a folder | the files `seq.in` and `label`, line by line |
//! | one JSON object | `train`, `val`, `test` and `oos_train`, `oos_val`, `oos_test`, each a list of pairs of text and label |

use std::path::{Path, PathBuf};

use bot::suspects::Row;
use serde_json::Value;

use crate::csv::{self, CsvError};

/// Which part of a file with several parts is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What is learned from.
    Train,
    /// What choices are made on.
    Dev,
    /// What is measured on.
    Test,
}

impl Part {
    fn keys(self) -> [&'static str; 2] {
        match self {
            Part::Train => ["train", "oos_train"],
            Part::Dev => ["val", "oos_val"],
            Part::Test => ["test", "oos_test"],
        }
    }
}

/// Why a text is not a set of lines. Lines and entries count from 1.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The CSV is invalid.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// A line is not JSON.
    #[error("line {line}: not a JSON object: {source}; write one object per line, such as {{\"sentence\":\"…\",\"label\":\"…\"}}")]
    Json {
        /// The line.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A field is missing, empty or of the wrong kind.
    #[error("line {line}: the field {field:?} is missing or empty; it must be {kind}")]
    Field {
        /// The line.
        line: usize,
        /// The name of the field.
        field: &'static str,
        /// What it must be.
        kind: &'static str,
    },
    /// An entry of a list of pairs is not a pair of texts.
    #[error("{key:?}, entry {entry}: not a pair of texts; write [\"text\", \"label\"]")]
    Pair {
        /// The list.
        key: &'static str,
        /// The entry.
        entry: usize,
    },
    /// A list is missing from an object with several parts.
    #[error("the list {0:?} is missing or empty; the object needs train, val and test, each a list of [\"text\", \"label\"]")]
    Missing(&'static str),
    /// The two files of a folder have different numbers of lines.
    #[error("seq.in has {texts} lines and label has {labels}; line n of one belongs to line n of the other")]
    Unequal {
        /// The lines of `seq.in`.
        texts: usize,
        /// The lines of `label`.
        labels: usize,
    },
    /// There is nothing to read.
    #[error("there are no lines")]
    Empty,
}

/// Why a file cannot be read as lines.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read at all.
    #[error("cannot read {file}: {source}")]
    File {
        /// The file.
        file: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// Its text is invalid.
    #[error("{file}: {problem}")]
    Content {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        problem: Problem,
    },
}

/// Reads the labelled lines of a file or folder. Of a file with several parts, `part` is read, and the lines out of scope only `with_oos`.
///
/// # Errors
/// The file, and the line and field of the first fault.
pub fn read(path: &Path, part: Part, with_oos: bool) -> Result<Vec<Row>, ReadError> {
    let content = |problem| ReadError::Content { file: path.to_owned(), problem };
    if path.is_dir() {
        return pair_up(&load(&path.join("seq.in"))?, &load(&path.join("label"))?).map_err(content);
    }
    parse(&load(path)?, part, with_oos).map_err(content)
}

/// Whether a file has parts of its own, so that it can stand for the lines to learn from, to choose on and to measure on.
///
/// # Errors
/// If the file cannot be read.
pub fn has_parts(path: &Path) -> Result<bool, ReadError> {
    Ok(!path.is_dir() && object(&load(path)?).is_some())
}

/// Reads texts without labels: CSV with a column `text`, JSON lines with `text` (or `sentence`), or one text per line; empty lines are skipped.
///
/// # Errors
/// The file, and the line and field of the first fault.
pub fn read_texts(path: &Path) -> Result<Vec<String>, ReadError> {
    parse_texts(&load(path)?).map_err(|problem| ReadError::Content { file: path.to_owned(), problem })
}

fn load(path: &Path) -> Result<String, ReadError> {
    let unreadable = |source| ReadError::File { file: path.to_owned(), source };
    let bytes = std::fs::read(path).map_err(unreadable)?;
    tables::text(&bytes).ok_or_else(|| unreadable(std::io::Error::new(std::io::ErrorKind::InvalidData, "the file is neither UTF-8, UTF-16 nor GBK text")))
}

/// The labelled lines of a text in any of the formats that are one file.
///
/// # Errors
/// The line and field of the first fault.
pub fn parse(text: &str, part: Part, with_oos: bool) -> Result<Vec<Row>, Problem> {
    if let Some(object) = object(text) {
        return part_of(&object, part, with_oos);
    }
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('{') {
        return Ok(csv::labelled_rows(text)?);
    }
    let mut rows = Vec::new();
    for (line, value) in json_lines(text) {
        let value = value?;
        let label = match value.get("label") {
            Some(Value::String(label)) => label.trim().to_owned(),
            Some(Value::Number(label)) => label.to_string(),
            _ => String::new(),
        };
        if label.is_empty() {
            return Err(Problem::Field { line, field: "label", kind: "a text or a number" });
        }
        rows.push((text_of(&value, line, "sentence")?, label));
    }
    if rows.is_empty() { Err(Problem::Empty) } else { Ok(rows) }
}

fn parse_texts(text: &str) -> Result<Vec<String>, Problem> {
    let text = text.trim_start_matches('\u{feff}');
    let texts: Vec<String> = if text.trim_start().starts_with('{') {
        json_lines(text).map(|(line, value)| text_of(&value?, line, "text")).collect::<Result<_, _>>()?
    } else {
        match csv::texts(text) {
            Some(texts) => texts?,
            None => text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        }
    };
    if texts.is_empty() { Err(Problem::Empty) } else { Ok(texts) }
}

fn json_lines(text: &str) -> impl Iterator<Item = (usize, Result<Value, Problem>)> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| (at + 1, serde_json::from_str(line).map_err(|source| Problem::Json { line: at + 1, source })))
}

fn text_of(value: &Value, line: usize, field: &'static str) -> Result<String, Problem> {
    let text = ["sentence", "text"].into_iter().find_map(|name| value.get(name)?.as_str()).unwrap_or_default();
    if text.trim().is_empty() { Err(Problem::Field { line, field, kind: "a text" }) } else { Ok(text.to_owned()) }
}

/// The text as one object with several parts, if it is one.
fn object(text: &str) -> Option<Value> {
    let is_object = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let value: Value = if is_object { serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()? } else { return None };
    ["train", "val", "test"].into_iter().any(|key| value.get(key).is_some_and(Value::is_array)).then_some(value)
}

fn part_of(object: &Value, part: Part, with_oos: bool) -> Result<Vec<Row>, Problem> {
    let [own, oos] = part.keys();
    let mut rows = Vec::new();
    for key in [own, oos].into_iter().take(1 + usize::from(with_oos)) {
        let list = object.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if key == own && list.is_empty() {
            return Err(Problem::Missing(key));
        }
        for (at, pair) in list.iter().enumerate() {
            match pair.as_array().map(Vec::as_slice) {
                Some([Value::String(text), Value::String(label)]) if !text.trim().is_empty() && !label.trim().is_empty() => {
                    rows.push((text.clone(), label.trim().to_owned()));
                }
                _ => return Err(Problem::Pair { key, entry: at + 1 }),
            }
        }
    }
    Ok(rows)
}

fn pair_up(texts: &str, labels: &str) -> Result<Vec<Row>, Problem> {
    let (texts, labels): (Vec<&str>, Vec<&str>) = (texts.lines().collect(), labels.lines().collect());
    if texts.len() != labels.len() {
        return Err(Problem::Unequal { texts: texts.len(), labels: labels.len() });
    }
    let mut rows = Vec::with_capacity(texts.len());
    for (at, (text, label)) in texts.into_iter().zip(labels).enumerate() {
        for (field, value) in [("seq.in", text), ("label", label)] {
            if value.trim().is_empty() {
                return Err(Problem::Field { line: at + 1, field, kind: "a text" });
            }
        }
        rows.push((text.to_owned(), label.trim().to_owned()));
    }
    if rows.is_empty() { Err(Problem::Empty) } else { Ok(rows) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str, label: &str) -> Row {
        (text.to_owned(), label.to_owned())
    }

    #[test]
    fn json_lines_take_numbers_and_texts_as_labels() {
        let text = "{\"sentence\":\"a\",\"label\":7,\"label_desc\":\"x\"}\n\n{\"text\":\"b\",\"label\":\"y\"}\n";
        assert_eq!(parse(text, Part::Train, false).unwrap(), [row("a", "7"), row("b", "y")]);
    }

    #[test]
    fn an_object_is_read_by_its_parts() {
        let text = r#"{"train":[["a","x"]],"val":[["b","x"]],"test":[["c","x"]],"oos_val":[["d","oos"]]}"#;
        assert_eq!(parse(text, Part::Train, true).unwrap(), [row("a", "x")]);
        assert_eq!(parse(text, Part::Dev, true).unwrap(), [row("b", "x"), row("d", "oos")]);
        assert_eq!(parse(text, Part::Dev, false).unwrap(), [row("b", "x")]);
        assert!(parse(r#"{"train":[["a"]]}"#, Part::Train, true).unwrap_err().to_string().starts_with("\"train\", entry 1"));
        assert!(parse(r#"{"train":[["a","b"]]}"#, Part::Test, true).unwrap_err().to_string().contains("\"test\" is missing"));
    }

    #[test]
    fn two_files_of_a_folder_go_line_by_line() {
        assert_eq!(pair_up("a\nb\n", "x\ny\n").unwrap(), [row("a", "x"), row("b", "y")]);
        assert!(pair_up("a\nb\n", "x\n").unwrap_err().to_string().starts_with("seq.in has 2 lines and label has 1"));
        assert!(pair_up("a\nb\n", "x\n\n").unwrap_err().to_string().contains("line 2: the field \"label\""));
    }

    #[test]
    fn faults_are_named_with_line_and_field() {
        let message = |text: &str| parse(text, Part::Train, false).unwrap_err().to_string();
        assert!(message("{\"sentence\":\"a\",\"label\":1}\n{\"sentence\":\"a\"}").starts_with("line 2: the field \"label\""));
        assert!(message("{\"label\":1}").starts_with("line 1: the field \"sentence\""));
        assert!(message("{\"sentence\":\"a\",\"label\":1}\n{oops").starts_with("line 2: not a JSON object"));
        let error = read(Path::new("no/such/file.csv"), Part::Train, false).unwrap_err();
        assert!(error.to_string().starts_with("cannot read no/such/file.csv"));
    }

    #[test]
    fn texts_come_as_lines_csv_or_json() {
        for text in ["a, b\n\nc\n", "id,text\n1,\"a, b\"\n2,c\n", "{\"text\":\"a, b\"}\n{\"sentence\":\"c\"}\n"] {
            assert_eq!(parse_texts(text).unwrap(), ["a, b", "c"], "{text}");
        }
        assert!(parse_texts("\n").is_err());
        assert!(parse_texts("text,id\n,1\n").unwrap_err().to_string().contains("line 2, column 1 (text)"));
    }
}
