//! The knowledge as a table: what its CSV file contains, and how one is read. A cell may contain several lines, each of which is a phrasing.

use std::collections::HashMap;

use content::knowledge::{KnowledgeEntry, Phrasings, bare, is_key};
use domain::text::Bilingual;
use normal::text;
use tables::{
    Table,
    write::{self, harmless},
};

use crate::draft::{categories::CategoryView, effort};

/// The columns, in the order in which they are written.
pub const COLUMNS: [&str; 10] = ["id", "category", "question_zh", "question_en", "similar_zh", "similar_en", "answer_zh", "answer_en", "related", "action"];

/// An error in a cell or in a whole row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellError {
    /// The column's name; `row` for an error in the whole row.
    pub column: String,
    /// The error's code, which pages translate.
    pub code: &'static str,
    /// A description in English, for logs.
    pub what: String,
}

/// A row that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the file on which the row begins.
    pub line: u64,
    /// The entry as the row gives it; cells of columns that the file does not have keep their values.
    pub entry: KnowledgeEntry,
    /// Whether the draft already has this entry.
    pub known: bool,
    /// How much work the entry is to learn; 0 until that was [estimated](Row::estimate).
    pub effort: i64,
    /// The errors in the row.
    pub errors: Vec<CellError>,
}

impl Row {
    /// Estimates how much work the entry is to learn, and records it as an error if it is too much.
    #[must_use]
    pub fn estimate(mut self) -> Self {
        match effort::of_entry(&self.entry) {
            Ok(effort) => self.effort = effort,
            Err(problem) => self.errors.push(CellError { column: "row".to_owned(), code: "heavy", what: problem.title }),
        }
        self
    }
}

/// Why a file is not such a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct TableError {
    /// The line, counting from 1.
    pub line: u64,
    /// What is wrong with it.
    pub what: String,
}

/// A row of any file: its cells by the names of their columns.
#[derive(Debug, Clone)]
pub struct Record {
    /// The line of the file on which the row begins.
    pub line: u64,
    /// The error in the whole row, if it has too many or too few cells, and in cells that have no value.
    pub errors: Vec<CellError>,
    cells: HashMap<String, String>,
}

impl Record {
    /// A cell, if the file has its column.
    pub fn cell(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str)
    }
    /// The lines of a cell.
    pub fn lines(&self, column: &str) -> Option<Vec<String>> {
        self.cell(column).map(|cell| cell.lines().map(str::to_owned).collect())
    }
}

/// The rows of a table that has some of these columns, at least one of `needed`. Columns without a name are left out.
///
/// # Errors
/// What prevents it from being read as such a table, with its line.
pub fn records(table: Table, columns: &[&str], needed: &[&str]) -> Result<Vec<Record>, TableError> {
    let Table { head, rows, open_quote } = table;
    if let Some((line, _)) = open_quote {
        return Err(TableError { line, what: "a quotation mark is opened on this line and never closed".to_owned() });
    }
    let header: Vec<String> = head.iter().map(|name| text::name(name)).collect();
    for (at, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if !columns.contains(&name.as_str()) {
            return Err(TableError { line: 1, what: format!("there is no column {name:?}; the columns are {}", columns.join(", ")) });
        }
        if header[..at].contains(name) {
            return Err(TableError { line: 1, what: format!("the column {name:?} appears twice") });
        }
    }
    if !needed.iter().any(|name| header.iter().any(|column| column == name)) {
        return Err(TableError { line: 1, what: format!("the first line names the columns; it must have {}", needed.join(" or ")) });
    }
    let record = |row: tables::Row| {
        let count = (!row.fits(&head)).then(|| format!("{} cells where the first line has {}", row.cells.len(), header.len()));
        let count = count.map(|what| CellError { column: "row".to_owned(), code: "cells", what });
        let without = row.bad.iter().filter_map(|at| Some((header.get(*at).filter(|name| !name.is_empty())?, row.cells.get(*at)?)));
        let without = without.map(|(name, cell)| {
            let what = format!("a formula without a result ({cell:?}); open the file in a spreadsheet and save it again");
            CellError { column: name.clone(), code: "no_value", what }
        });
        let errors = count.into_iter().chain(without).collect();
        let cells = header.iter().zip(&row.cells).filter(|(name, _)| !name.is_empty()).map(|(name, cell)| (name.clone(), cell.trim().to_owned()));
        Record { line: row.line, errors, cells: cells.collect() }
    };
    Ok(rows.into_iter().map(record).collect())
}

/// Writes entries as CSV that spreadsheets open with the right characters.
///
/// # Errors
/// None when writing to memory; the writer's type requires them.
pub fn to_csv(entries: &[KnowledgeEntry]) -> Result<Vec<u8>, csv::Error> {
    let mut out = write::csv(csv::Terminator::Any(b'\n'));
    out.write_record(COLUMNS)?;
    for entry in entries {
        let KnowledgeEntry { id, category, question, similar, answer, related, action } = entry;
        let (similar_zh, similar_en, related) = (similar.zh.join("\n"), similar.en.join("\n"), related.join(" "));
        let cells =
            [id, category, &question.zh, &question.en, &similar_zh, &similar_en, &answer.zh, &answer.en, &related, action.as_deref().unwrap_or_default()];
        out.write_record(cells.map(harmless))?;
    }
    out.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// Reads a table. A row with an id is about the entry with that id, known or new. A row without one is about the entry with the same question, or else about a
/// new one that gets its id from `fresh`.
///
/// # Errors
/// What prevents the file from being read at all, with its line.
pub fn read(table: Table, known: &[KnowledgeEntry], categories: &[CategoryView], mut fresh: impl FnMut() -> String) -> Result<Vec<Row>, TableError> {
    let by_id: HashMap<&str, &KnowledgeEntry> = known.iter().map(|entry| (entry.id.as_str(), entry)).collect();
    let mut by_question: HashMap<String, &KnowledgeEntry> = HashMap::new();
    for entry in known {
        for question in [&entry.question.zh, &entry.question.en] {
            by_question.entry(bare(question)).or_insert(entry);
        }
    }
    let (mut rows, mut lines): (Vec<Row>, HashMap<String, u64>) = (Vec::new(), HashMap::new());
    for record in records(table, &COLUMNS, &["id", "question_zh", "question_en"])? {
        let cell = |name: &str| record.cell(name);
        let question = |name: &str| cell(name).map(bare).filter(|question| !question.is_empty()).and_then(|question| by_question.get(&question).copied());
        let id = cell("id").filter(|id| !id.is_empty());
        let found = match id {
            Some(id) => by_id.get(id).copied(),
            None => question("question_zh").or_else(|| question("question_en")),
        };
        let base = found.cloned().unwrap_or_else(|| KnowledgeEntry { id: id.map_or_else(&mut fresh, str::to_owned), ..KnowledgeEntry::default() });
        let mut row = Row { line: record.line, entry: filled(base, &cell), known: found.is_some(), effort: 0, errors: record.errors.clone() };
        let twice = lines.get(&row.entry.id).copied();
        check(&mut row, categories, twice);
        lines.entry(row.entry.id.clone()).or_insert(row.line);
        rows.push(row);
    }
    Ok(rows)
}

fn filled<'a>(mut entry: KnowledgeEntry, cell: &impl Fn(&str) -> Option<&'a str>) -> KnowledgeEntry {
    let lines = |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let side = |text: &mut Bilingual, zh: &str, en: &str| {
        text.zh = cell(zh).map_or_else(|| std::mem::take(&mut text.zh), str::to_owned);
        text.en = cell(en).map_or_else(|| std::mem::take(&mut text.en), str::to_owned);
    };
    side(&mut entry.question, "question_zh", "question_en");
    side(&mut entry.answer, "answer_zh", "answer_en");
    let Phrasings { zh, en } = std::mem::take(&mut entry.similar);
    entry.similar = Phrasings { zh: cell("similar_zh").map_or(zh, lines), en: cell("similar_en").map_or(en, lines) };
    if let Some(category) = cell("category").filter(|category| !category.is_empty()) {
        entry.category = category.to_owned();
    }
    if let Some(related) = cell("related") {
        entry.related = related.split_whitespace().map(str::to_owned).collect();
    }
    if let Some(action) = cell("action") {
        entry.action = Some(action.to_owned()).filter(|action| !action.is_empty());
    }
    entry.tidied()
}

/// Records the errors in a row; a category may be given by its key or by its name in either language.
fn check(row: &mut Row, categories: &[CategoryView], twice: Option<u64>) {
    let mut wrong = |column: &str, code, what: String| row.errors.push(CellError { column: column.to_owned(), code, what });
    let entry = &mut row.entry;
    if !is_key(&entry.id) {
        wrong("id", "id", "an id has 1 to 64 characters: a-z, A-Z, 0-9, _ and -".to_owned());
    }
    if let Some(line) = twice {
        wrong("id", "twice", format!("line {line} has the same entry"));
    }
    let wanted = text::name(&entry.category);
    let category =
        categories.iter().find(|known| [&known.key, &known.name.zh, &known.name.en].into_iter().any(|name| !wanted.is_empty() && text::name(name) == wanted));
    match category {
        Some(category) => entry.category = category.key.clone(),
        None => wrong("category", "category", format!("there is no category {:?}", entry.category)),
    }
    if let (Err(error), Some(_)) = (entry.check(), category) {
        wrong(&error.field.replace('.', "_"), "value", error.what);
    }
}

#[cfg(test)]
mod tests {
    use content::knowledge::MAX_ENTRIES;
    use domain::time::Ts;
    use tables::Most;

    use super::*;

    fn plans() -> Vec<CategoryView> {
        vec![CategoryView { key: "plans".into(), name: Bilingual { zh: "套餐".into(), en: "Plans".into() }, entries: 0, updated_at: Ts(1) }]
    }
    fn entry() -> KnowledgeEntry {
        KnowledgeEntry {
            id: "kb-1".into(),
            category: "plans".into(),
            question: Bilingual { zh: "怎么换，套餐".into(), en: "Change \"plan\"".into() },
            similar: Phrasings { zh: vec!["换一个".into(), "改套餐".into()], en: vec![] },
            answer: Bilingual { zh: "=1+1\n第二行".into(), en: "'@x;=1+1".into() },
            related: vec!["kb-2".into(), "kb-3".into()],
            action: Some("human".into()),
        }
    }
    fn rows(text: &str) -> Result<Vec<Row>, TableError> {
        let most = Most { rows: MAX_ENTRIES, text_bytes: 1024 };
        let table = tables::of_text(text, most).map_err(|error| TableError { line: 1, what: error.to_string() })?;
        read(table, &[entry()], &plans(), || "new".to_owned())
    }

    #[test]
    fn what_was_written_is_read_back() {
        let text = String::from_utf8(to_csv(&[entry()]).unwrap()).unwrap();
        assert!(text.contains("\"'=1+1\n") && text.contains(",\"''@x;=1+1\",\"kb-2 kb-3\",\"human\"\n"), "{text}");
        let read = rows(&text).unwrap();
        assert_eq!((read.len(), &read[0].entry, read[0].known, &read[0].errors), (1, &entry(), true, &vec![]));
    }

    #[test]
    fn a_row_is_about_the_entry_with_its_id_or_its_question_and_keeps_what_it_does_not_name() {
        let read = rows("question_zh,answer_en\n怎么换 套餐？,New\n别的问题,Other\n\nkb,\n").unwrap();
        assert_eq!((read[0].entry.id.as_str(), read[0].entry.answer.en.as_str(), read[0].entry.similar.zh.len()), ("kb-1", "New", 2));
        assert_eq!((read[1].entry.id.as_str(), read[1].known, read[1].line), ("new", false, 3));
        assert_eq!(read[2].line, 5);
    }

    #[test]
    fn each_bad_cell_is_named() {
        let long = "长".repeat(201);
        let text =
            format!("id,category,question_zh,similar_zh\na b,套餐,问,\nx,火车,问二,\ny,Plans,,\nz,plans,问三,{long}\nz,plans,问四,\nw,plans\nv,plans,#REF!,\n");
        let told: Vec<(u64, String, &str)> =
            rows(&text).unwrap().into_iter().flat_map(|row| row.errors.into_iter().map(move |e| (row.line, e.column, e.code))).collect();
        let expected = [
            (2, "id", "id"),
            (3, "category", "category"),
            (4, "question", "value"),
            (5, "similar_zh_0", "value"),
            (6, "id", "twice"),
            (7, "row", "cells"),
            (7, "question", "value"),
            (8, "question_zh", "no_value"),
        ];
        assert_eq!(told, expected.map(|(line, column, code)| (line, column.to_owned(), code)));
    }

    #[test]
    fn a_file_that_is_no_such_table_is_refused_with_its_line() {
        for (text, what) in [("a,b\n1,2\n", "no column \"a\""), ("id,id\n", "twice"), ("category\nplans\n", "must have id"), ("", "empty")] {
            let error = rows(text).unwrap_err();
            assert!(error.line == 1 && error.what.contains(what), "{error}");
        }
        assert_eq!(rows("id,question_zh\nkb-1,\"问\n").unwrap_err().line, 2);
    }
}
