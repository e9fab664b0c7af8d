//! Reads who is to be invited from a table: with a header, or simply a list of addresses, as people paste it.

use domain::{id::TenantId, refusal::Code};
use http_kit::{App, problem::Problem};
use normal::text;
use tables::{Most, Row, Table, TableError};

/// The most lines of a file or a list.
pub const MAX_LINES: usize = 500;
/// The most text in all cells of a workbook together, in bytes.
const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// What a line says of somebody to invite; empty where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// The line of the file, counting from 1.
    pub line: u64,
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The number that customers see.
    pub number: String,
    /// The role, in the words of either language or as programs write it.
    pub role: String,
    /// The name of the group.
    pub group: String,
    /// The name of the department, or its path from the top with `/` between the names.
    pub department: String,
    /// The fields whose cells have a formula without a result.
    pub bad: Vec<&'static str>,
}

/// Everybody whom a file or a list names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// In the order of the lines.
    pub given: Vec<Given>,
    /// The columns that mean nothing here.
    pub ignored: Vec<String>,
}

/// A column: where its cells go, and its names, in the form [`text::name`] returns.
type Column = (fn(&mut Given) -> &mut String, &'static [&'static str]);

const COLUMNS: [Column; 6] = [
    (|of| &mut of.email, &["email", "e-mail", "mail", "email address", "e-mail address", "address", "邮箱", "邮箱地址", "电子邮箱", "电子邮件", "邮件地址"]),
    (|of| &mut of.name, &["name", "full name", "display name", "姓名", "名字", "名称"]),
    (|of| &mut of.number, &["number", "staff number", "工号", "编号"]),
    (|of| &mut of.role, &["role", "角色"]),
    (|of| &mut of.group, &["group", "team", "组", "小组", "分组", "客服分组"]),
    (|of| &mut of.department, &["department", "部门"]),
];

/// The column with this heading.
fn column(heading: &str) -> Option<Column> {
    let heading = text::name(heading);
    COLUMNS.into_iter().find(|(_, names)| names.contains(&heading.as_str()))
}

/// Reads a file or a list.
///
/// # Errors
/// It cannot be read, has too many lines, or other files are being read and the company has to wait.
pub async fn read(app: &App, tenant: TenantId, bytes: axum::body::Bytes) -> Result<Sheet, Problem> {
    let most = Most { rows: MAX_LINES, text_bytes: MAX_TEXT_BYTES };
    // One file at a time: a workbook takes memory while it is read.
    let sheets = &app.in_memory().sheets;
    let read = sheets.run(sheets.place(tenant)?, move || tables::read(&bytes, most)).await?;
    let table = read.map_err(|error| {
        let code = match error {
            TableError::Empty => Code::ImportNoRows,
            TableError::TooManyRows { .. } => Code::ImportTooMany,
            TableError::TooLargeUnpacked | TableError::TooMuchText(_) => Code::ImportTooLargeUnpacked,
            TableError::Unreadable | TableError::Broken(_) => Code::ImportUnreadable,
        };
        Problem::invalid("file", code, error.to_string())
    })?;
    if table.open_quote.is_some() {
        return Err(Problem::invalid("file", Code::ImportUnreadable, "a quotation mark is opened and never closed"));
    }
    let sheet = people(table);
    match sheet.given.len() {
        0 => Err(Problem::invalid("file", Code::ImportNoRows, "nobody is named below the header")),
        1..=MAX_LINES => Ok(sheet),
        _ => Err(Problem::invalid("file", Code::ImportTooMany, format!("more than {MAX_LINES} people; invite them in parts"))),
    }
}

/// The people in a table.
fn people(table: Table) -> Sheet {
    let Table { head, rows, .. } = table;
    let columns: Vec<Option<Column>> = head.iter().map(|heading| column(heading)).collect();
    let [(email, _), ..] = COLUMNS;
    let is_headed = columns.iter().flatten().any(|(of, _)| std::ptr::fn_addr_eq(*of, email));
    if !is_headed {
        let first = Row { line: 1, cells: head, bad: Vec::new() };
        return Sheet { given: std::iter::once(first).chain(rows).flat_map(|row| people_of(&row)).collect(), ignored: Vec::new() };
    }
    let ignored = head.iter().zip(&columns).filter(|(heading, column)| column.is_none() && !heading.trim().is_empty());
    let given = |row: &Row| {
        let mut given = Given { line: row.line, ..Given::default() };
        for (at, (cell, column)) in row.cells.iter().zip(&columns).enumerate() {
            if let Some((of, names)) = column {
                *of(&mut given) = cell.trim().to_owned();
                given.bad.extend(names.first().filter(|_| row.bad.contains(&at)));
            }
        }
        given
    };
    Sheet { given: rows.iter().map(given).collect(), ignored: ignored.map(|(heading, _)| heading.clone()).collect() }
}

/// What stands between two addresses, or around one.
const AROUND: [char; 14] = ['<', '>', '(', ')', '"', ',', ';', '，', '；', '、', '《', '》', '（', '）'];

/// The people of a line without a header: each address, with the name beside it. A line without an address is one that is wrong.
fn people_of(row: &Row) -> Vec<Given> {
    let cells: Vec<(Vec<&str>, Vec<&str>)> = row
        .cells
        .iter()
        .map(|cell| cell.split(|c: char| c.is_whitespace() || AROUND.contains(&c)).filter(|word| !word.is_empty()).partition(|word| word.contains(['@', '＠'])))
        .collect();
    if !row.bad.is_empty() {
        return vec![Given { line: row.line, email: row.cells.join(" ").trim().to_owned(), bad: vec!["email"], ..Given::default() }];
    }
    let addresses: usize = cells.iter().map(|(addresses, _)| addresses.len()).sum();
    if addresses == 0 {
        return vec![Given { line: row.line, email: row.cells.join(" ").trim().to_owned(), ..Given::default() }];
    }
    let beside = cells.iter().find(|(addresses, words)| addresses.is_empty() && !words.is_empty()).map(|(_, words)| words.join(" "));
    let of = |(found, words): &(Vec<&str>, Vec<&str>)| {
        let name = match (found.len(), words.is_empty()) {
            (1, false) => words.join(" "),
            (1, true) if addresses == 1 => beside.clone().unwrap_or_default(),
            _ => String::new(),
        };
        found.iter().map(|email| Given { line: row.line, email: (*email).to_owned(), name: name.clone(), ..Given::default() }).collect::<Vec<_>>()
    };
    cells.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Sheet {
        people(tables::read(text.as_bytes(), Most { rows: MAX_LINES, text_bytes: MAX_TEXT_BYTES }).unwrap())
    }
    fn named(text: &str) -> Vec<(u64, String, String)> {
        of(text).given.into_iter().map(|one| (one.line, one.email, one.name)).collect()
    }
    fn one(line: u64, email: &str, name: &str) -> (u64, String, String) {
        (line, email.to_owned(), name.to_owned())
    }

    #[test]
    fn a_list_is_read_as_people_paste_it() {
        for (text, expected) in [
            ("ada@x.example", vec![one(1, "ada@x.example", "")]),
            ("ada@x.example\nbob@x.example", vec![one(1, "ada@x.example", ""), one(2, "bob@x.example", "")]),
            ("Ada Li <ada@x.example>; bob@x.example", vec![one(1, "ada@x.example", "Ada Li"), one(1, "bob@x.example", "")]),
            ("ada@x.example, bob@x.example", vec![one(1, "ada@x.example", ""), one(1, "bob@x.example", "")]),
            ("ada@x.example bob@x.example", vec![one(1, "ada@x.example", ""), one(1, "bob@x.example", "")]),
            ("林夏\tlin@x.example", vec![one(1, "lin@x.example", "林夏")]),
            ("lin@x.example,林夏\nada@x.example,Ada", vec![one(1, "lin@x.example", "林夏"), one(2, "ada@x.example", "Ada")]),
            ("林夏（lin@x.example）、周敏（min@x.example）", vec![one(1, "lin@x.example", ""), one(1, "min@x.example", "")]),
            ("nobody", vec![one(1, "nobody", "")]),
        ] {
            assert_eq!(named(text), expected, "{text}");
        }
    }

    #[test]
    fn a_table_is_read_by_its_headings_in_either_language() {
        let sheet = of("姓名,邮箱,工号,角色,分组,部门,备注\n林夏,lin@x.example,0301,agent,账单组,客服/北区,新人\n");
        let given = Given {
            line: 2,
            email: "lin@x.example".to_owned(),
            name: "林夏".to_owned(),
            number: "0301".to_owned(),
            role: "agent".to_owned(),
            group: "账单组".to_owned(),
            department: "客服/北区".to_owned(),
            bad: Vec::new(),
        };
        assert_eq!(sheet, Sheet { given: vec![given], ignored: vec!["备注".to_owned()] });
        assert_eq!(named("E-Mail;Name\nada@x.example;Ada\n"), [one(2, "ada@x.example", "Ada")]);
        assert_eq!(of("email,name\n").given, []);
        let bad = |text: &str| of(text).given.into_iter().map(|given| given.bad).collect::<Vec<_>>();
        assert_eq!(bad("email,name,note\nada@x.example,#REF!,#N/A\nbob@x.example,Bob,\n"), [vec!["name"], vec![]]);
        assert_eq!(bad("ada@x.example\n#REF!,bob@x.example\n"), [vec![], vec!["email"]]);
    }
}
