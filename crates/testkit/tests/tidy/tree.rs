//! Access to the files of the project.

use std::path::{Path, PathBuf};

/// Folders with generated content.
const MADE: [&str; 8] = ["target", "made", "node_modules", "dist", ".git", "data", "test-results", "playwright-report"];

/// The root folder of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// All files under a folder with one of these endings, as paths relative to the project's folder, with their text.
pub fn texts(under: &str, endings: &[&str]) -> Vec<(String, String)> {
    let root = root();
    let (mut folders, mut found) = (vec![root.join(under)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if MADE.contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                found.push((path.strip_prefix(&root).unwrap().to_string_lossy().into_owned(), text));
            }
        }
    }
    found.sort();
    found
}

/// The part of a Rust file before its tests.
pub fn without_tests(text: &str) -> &str {
    &text[..tests_begin(text)]
}

/// The tests at the bottom of a Rust file.
pub fn only_tests(text: &str) -> &str {
    &text[tests_begin(text)..]
}

/// Where a file's tests begin: a module that is written out. One that is only named may stand anywhere.
fn tests_begin(text: &str) -> usize {
    const MARK: &str = "\n#[cfg(test)]\nmod ";
    let mut found = text.match_indices(MARK).map(|(at, _)| at);
    let is_written_out = |at: &usize| text[at + MARK.len()..].lines().next().is_some_and(|name| name.ends_with('{'));
    found.find(is_written_out).unwrap_or(text.len())
}
