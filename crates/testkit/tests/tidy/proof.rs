//! Everything that the documents call proven is tested under the name they give.

use crate::tree::root;

const PAGE: &str = "docs/TESTING.md";
const CHAPTER: &str = "\n## The proof\n";
/// A table with fewer rows has been truncated.
const FEWEST: usize = 60;

/// Whether a file contains a test with this name.
fn is_tested(file: &str, text: &str, name: &str) -> bool {
    if !file.ends_with(".rs") {
        return ["test", "readOnly"].iter().any(|told| text.contains(&format!("\n{told}(\"{name}")));
    }
    let lines: Vec<&str> = text.lines().collect();
    let Some(at) = lines.iter().position(|line| line.contains(&format!("fn {name}("))) else { return false };
    let attributes = lines[..at].iter().rev().take_while(|line| line.trim().starts_with("#["));
    let on_engines = text.split_once("on_every_engine!(").is_some_and(|(_, names)| names.split(')').next().unwrap_or_default().contains(name));
    attributes.into_iter().any(|line| line.contains("test")) || on_engines
}

#[test]
fn every_test_that_the_proof_names_is_there() {
    let page = std::fs::read_to_string(root().join(PAGE)).unwrap();
    let (_, chapter) = page.split_once(CHAPTER).unwrap();
    let chapter = chapter.split("\n## ").next().unwrap_or_default();
    let mut named = 0;
    for (file, name) in chapter.split('`').skip(1).step_by(2).filter_map(|words| words.split_once(": ")) {
        let text = std::fs::read_to_string(root().join(file)).unwrap_or_else(|_| panic!("{PAGE} names {file}, which is not there"));
        assert!(is_tested(file, &text, name), "{PAGE} names a test that {file} does not hold: {name}");
        named += 1;
    }
    assert!(named >= FEWEST, "the proof names {named} tests only");
    for row in chapter.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| **") && !line.starts_with("| what")) {
        assert!(row.matches('`').count() >= 2, "nothing holds: {row}");
    }
}
