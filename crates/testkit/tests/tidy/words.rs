//! The English of documents, pages, the API document, indicators and module headers: phrases at which a native reader stumbles (docs/STYLE.md, "Words").

use crate::tree::{root, texts};

/// What is not written, in lower case. A phrase matches whole words.
const AVOIDED: [&str; 15] = [
    "is none",
    "are none",
    "was none",
    "were none",
    "good for nothing",
    "mend",
    "mends",
    "mended",
    "kept out",
    "thrown away",
    "made new",
    "the way out",
    "a yes",
    "heard of",
    "meanwhile",
];
/// Heads of sentences that have no subject.
const HEADLESS: [&str; 5] = ["who ", "whoever ", "whose ", "who's ", "whom "];
const CHANGELOG: &str = "CHANGELOG.md";

/// The changelog up to the latest release, whose text stays as it was.
fn unreleased(changelog: &str) -> &str {
    changelog.match_indices("\n## [").nth(1).map_or(changelog, |(released, _)| &changelog[..released])
}

/// The phrases of a line that are avoided.
fn faults(line: &str) -> Vec<&'static str> {
    let lower = line.to_lowercase();
    let is_inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-');
    let stands_alone = |at: usize, phrase: &str| !is_inside(lower[..at].chars().next_back()) && !is_inside(lower[at + phrase.len()..].chars().next());
    let is_wrong = |at: usize, phrase: &str| stands_alone(at, phrase) && !lower[..at].ends_with("there ");
    let mut found: Vec<_> = AVOIDED.into_iter().filter(|phrase| lower.match_indices(phrase).any(|(at, _)| is_wrong(at, phrase))).collect();
    let text = lower.trim_start_matches(|c: char| c.is_whitespace() || c == '-' || c == '*');
    // A question may begin so.
    if !text.contains('?') {
        found.extend(HEADLESS.into_iter().filter(|head| text.starts_with(head)));
    }
    found
}

#[test]
fn the_patterns_are_found() {
    assert_eq!(faults("What is not one is none."), ["is none"]);
    assert_eq!(faults("- Who has left loses its place."), ["who "]);
    assert!(faults("If there is none, it is created.").is_empty());
    assert!(faults("Who may do what? Mendel knows; renewed, so is nonetheless.").is_empty());
}

#[test]
fn english_is_written_as_a_native_writes_it() {
    let mut wrong = Vec::new();
    let mut check = |path: &str, number: usize, line: &str| {
        wrong.extend(faults(line).into_iter().map(|phrase| format!("{path}:{}: “{}” in: {}", number + 1, phrase.trim(), line.trim())))
    };
    let file = |path: &str| (path.to_owned(), std::fs::read_to_string(root().join(path)).unwrap());
    let documents = ["docs", "bench", "deploy"].into_iter().flat_map(|folder| texts(folder, &[".md"])).chain(["README.md", "SECURITY.md", CHANGELOG].map(file));
    for (path, text) in documents {
        let mut in_code = false;
        let text = if path == CHANGELOG { unreleased(&text) } else { &text };
        for (number, line) in text.lines().enumerate() {
            in_code ^= line.trim_start().starts_with("```");
            // The table of STYLE.md quotes what it advises against.
            let is_quoted = in_code || path == "docs/STYLE.md" && line.starts_with('|');
            if !is_quoted {
                check(&path, number, line);
            }
        }
    }
    let pages = texts("web", &[".json"]).into_iter().filter(|(path, _)| path.contains("/locales/en/"));
    for (path, text) in pages.chain(["docs/openapi.json", "crates/warehouse/indicators.json"].map(file)) {
        for (number, line) in text.lines().enumerate() {
            // A label, or the description of a field, may begin with "Who".
            check(&path, number, line);
        }
    }
    for (path, text) in texts("crates", &[".rs"]) {
        for (number, line) in text.lines().enumerate().filter(|(_, line)| line.starts_with("//!")) {
            check(&path, number, line.trim_start_matches("//!"));
        }
    }
    assert!(wrong.is_empty(), "{} lines; docs/STYLE.md says what to write instead:\n{}", wrong.len(), wrong.join("\n"));
}
