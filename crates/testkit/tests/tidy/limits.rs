//! Limits: the page of limits says by which constant each of them is set, the pages agree with the server, and no function is long.

use crate::tree::{root, texts, without_tests};

const PAGE: &str = "docs/LIMITS.md";

/// A file's code without its tests and without comments, which name what is set elsewhere.
fn code_of(text: &str) -> String {
    without_tests(text).lines().filter_map(|line| line.split("//").next()).collect::<Vec<_>>().join("\n")
}

/// Whether code holds an item by itself, not as a part of a longer name.
fn holds(code: &str, item: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(item).any(|(at, _)| !code[..at].ends_with(goes_on) && !code[at + item.len()..].starts_with(goes_on))
}

#[test]
fn each_limit_names_the_constant_that_sets_it() {
    let page = std::fs::read_to_string(root().join(PAGE)).unwrap();
    for row in page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| limit |")) {
        let cells: Vec<&str> = row.split('|').collect();
        let [_, _, _, constant, _] = cells[..] else { panic!("{PAGE}: a row has three cells: {row}") };
        let (mut code, mut named) = (None, 0);
        for span in constant.split('`').skip(1).step_by(2) {
            if span.ends_with(".rs") {
                let text = std::fs::read_to_string(root().join("crates").join(span)).unwrap_or_else(|_| panic!("{PAGE}: there is no crates/{span}: {row}"));
                code = Some(code_of(&text));
            } else {
                let code = code.as_deref().unwrap_or_else(|| panic!("{PAGE}: `{span}` stands before its file: {row}"));
                assert!(holds(code, span), "{PAGE}: `{span}` is not in the file before it: {row}");
                named += 1;
            }
        }
        assert!(named > 0, "{PAGE}: no file and constant: {row}");
    }
}

/// The server and the pages agree on the scale of ratings.
#[test]
fn the_pages_rate_on_the_servers_scale() {
    let of = |path: &str, name: &str| {
        let text = std::fs::read_to_string(root().join(path)).unwrap();
        let said = text.split(name).nth(1).and_then(|rest| rest.split_once('=')).unwrap_or_else(|| panic!("{path}: no {name}")).1;
        said.split(';').next().unwrap_or_default().trim().parse::<i64>().unwrap_or_else(|why| panic!("{path}: {name}: {why}"))
    };
    for (rust, typescript) in [("WORST:", "WORST_SCORE"), ("BEST:", "BEST_SCORE")] {
        assert_eq!(of("crates/domain/src/rating.rs", &format!("const {rust}")), of("web/api/src/rating.ts", &format!("const {typescript}")), "{rust}");
    }
}

/// The most lines of a function of the product. `make advice` speaks much earlier; whoever gets here has left it unread.
const MAX_FUNCTION_LINES: usize = 150;

/// The functions of a file, each with the number of its lines. `cargo fmt` ends a function where its first line begins.
fn functions(code: &str) -> Vec<(&str, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let is_before_name = |word: &str| ["pub", "const", "async", "unsafe", "extern"].contains(&word) || word.starts_with("pub(") || word.starts_with('"');
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let inner = line.trim_start();
        let Some((before, rest)) = inner.split_once("fn ") else { continue };
        if !before.split_whitespace().all(is_before_name) || inner.starts_with('"') {
            continue;
        }
        let (indent, name) = (line.len() - inner.len(), rest.split(['(', '<']).next().unwrap_or(rest));
        let ends = |line: &&str| line.len() - line.trim_start().len() == indent && line.trim_start().starts_with('}');
        // A line that ends the function at once: an empty or short body, or a declaration.
        let length = if line.ends_with(['}', ';']) { 1 } else { lines[at..].iter().position(ends).map_or(1, |end| end + 1) };
        // A declaration over several lines has no body of its own.
        let is_declared = lines[at..at + length]
            .iter()
            .skip(1)
            .find(|line| line.starts_with(&" ".repeat(indent)) && line.trim_start().starts_with(')'))
            .is_some_and(|line| line.ends_with(';'));
        found.push((name, if is_declared { 1 } else { length }));
    }
    found
}

#[test]
fn no_function_is_very_long() {
    let files = texts("crates", &[".rs"]);
    for (path, text) in files.iter().filter(|(path, _)| path.contains("/src/") && !path.contains("/tests/") && !path.contains("/testkit")) {
        for (name, lines) in functions(without_tests(text)) {
            assert!(lines <= MAX_FUNCTION_LINES, "{path}: {name} has {lines} lines and does several things");
        }
    }
}

#[test]
fn the_length_of_a_function_is_found() {
    let code = "impl A {\n    pub(crate) async fn long<T>(\n        &self,\n    ) -> u8\n    where\n        T: Copy,\n    {\n        1\n    }\n    fn short() {}\n}\n\
                trait B {\n    fn declared(&self);\n    fn wide(\n        &self,\n    ) -> u8;\n}\nconst fn last() -> u8 {\n    2\n}\n// of fn told() {\n";
    assert_eq!(functions(code), [("long", 8), ("short", 1), ("declared", 1), ("wide", 1), ("last", 3)]);
}
