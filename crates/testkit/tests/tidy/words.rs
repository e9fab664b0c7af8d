//! The English of documents, pages, the API document, indicators and module headers: phrases at which a native reader stumbles (docs/STYLE.md, "Words").
//! Also names of functions that say neither what they do nor what they return (docs/STYLE.md, "Names").

use crate::tree::{root, texts, without_tests};

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
/// Irregular participles and past tenses, without those that are also the verb itself, such as `cut` and `read`.
const IRREGULAR: &str = "became begun born bound broken brought built came caught chosen dealt did done drawn driven fallen fed felt forgotten fought found \
                         frozen gave given gone grown heard held hidden kept knew known laid led left lent lost made meant met paid rewound said seen sent \
                         shown slept sold spent spoken stolen stood struck stuck sworn taken taught thrown told took torn understood went woken won worn \
                         woven written wrote";
/// Verbs that end like a participle.
const VERBS: &str = "embed exceed feed need proceed seed shed speed succeed";
/// Functions that return a changed copy of a value that they are given. Those that return `Self` need no entry here.
const CHANGED_COPIES: &str = "checked escaped filled folded masked quoted rounded settled simplified squeezed tidied trimmed typed";

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

/// Whether a name is a participle and nothing else.
fn is_participle(name: &str) -> bool {
    let is_among = |words: &str, one: &str| words.split_whitespace().any(|word| word == one);
    let is_regular = name.ends_with("ed") && !name.contains('_') && !is_among(VERBS, name) && !is_among(CHANGED_COPIES, name);
    is_regular || is_among(IRREGULAR, name.strip_prefix("un").unwrap_or(name))
}

/// Whether a type is `Self`, or `Self` or a reason why there is none: constructors and changed copies of the value itself return it.
fn is_self(returned: &str) -> bool {
    returned == "Self" || returned.ends_with("Option<Self>") || returned.contains("Result<Self")
}

/// The functions of some code, each with the type that it returns.
fn functions(code: &str) -> Vec<(&str, &str)> {
    const KEYWORD: &str = "fn ";
    let is_in_name = |c: char| c.is_alphanumeric() || c == '_';
    let is_keyword = |at: &usize| {
        let line = code[..*at].rsplit('\n').next().unwrap_or_default();
        !line.ends_with(is_in_name) && !line.trim_start().starts_with("//")
    };
    let function = |at: usize| {
        let rest = &code[at + KEYWORD.len()..];
        let name = rest.split(|c: char| !is_in_name(c)).next().filter(|name| !name.is_empty())?;
        let end = [rest.find('{'), rest.find(";\n")].into_iter().flatten().min()?;
        let signature = rest[..end].split("where\n").next().unwrap_or_default();
        Some((name, signature.rsplit_once("-> ").map_or("", |(_, returned)| returned.trim())))
    };
    code.match_indices(KEYWORD).map(|(at, _)| at).filter(is_keyword).filter_map(function).collect()
}

/// The functions of some code that are named by a participle and should not be.
fn misnamed(code: &str) -> Vec<&str> {
    functions(code).into_iter().filter(|(name, returned)| is_participle(name) && !is_self(returned)).map(|(name, _)| name).collect()
}

#[test]
fn participles_are_found_and_verbs_constructors_and_changed_copies_are_not() {
    let wrong = "fn told(of: [u8; 2]) -> String {\n\
                 pub(crate) async fn locked<T>(mutex: &Mutex<T>) -> T {\n\
                 fn unknown();\n\
                 fn done(&self) -> Vec<Self> {";
    assert_eq!(misnamed(wrong), ["told", "locked", "unknown", "done"]);
    let verbs = "fn note_answer() {\nfn feed();\nfn until() {\nfn read() {\n// fn told() {\n/// Not fn seen() {\nfn trimmed(name: &str) -> String {";
    assert_eq!(misnamed(verbs), [""; 0]);
    let constructors = "fn seeded(seed: [u8; 2]) -> Self {\n\
                        fn checked(self) -> store::Result<Self> {\n\
                        fn kept<F>(of: F) -> Option<Self>\nwhere\n    F: Fn() -> u8,\n{";
    assert_eq!(misnamed(constructors), [""; 0]);
}

#[test]
fn no_function_is_named_by_a_bare_participle() {
    let is_product = |path: &str| {
        let is_test = path.starts_with("crates/testkit") || ["/tests/", "/tests.rs"].iter().any(|part| path.contains(part));
        path.contains("/src/") && !is_test
    };
    let mut wrong = Vec::new();
    for (path, text) in texts("crates", &[".rs"]).into_iter().filter(|(path, _)| is_product(path)) {
        wrong.extend(misnamed(without_tests(&text)).into_iter().map(|name| format!("{path}: {name}")));
    }
    assert!(
        wrong.is_empty(),
        "{} functions are named by a participle, which says neither what they do nor what they return. Name one with an effect by a verb (`note_answer`), one \
         that returns something by what it returns (`masked_number`), one that returns a bool `is_…` or `has_…`, and one that is told of an event `on_…`. \
         If it returns a changed copy of a value that it is given, add it to CHANGED_COPIES:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
