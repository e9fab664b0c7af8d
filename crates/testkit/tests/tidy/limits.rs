//! The page of limits says by which constant each of them is set.

use crate::tree::{root, without_tests};

const PAGE: &str = "docs/LIMITS.md";
/// A shorter page was cut.
const FEWEST: usize = 180;

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
    let mut limits = 0;
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
        limits += 1;
    }
    assert!(limits >= FEWEST, "{PAGE} has {limits} limits only");
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
