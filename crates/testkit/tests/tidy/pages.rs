//! Rules for the TypeScript of the pages and of their stories.

use crate::tree::texts;

/// All TypeScript that people write, with its path.
fn typescript() -> Vec<(String, String)> {
    ["web", "e2e"].into_iter().flat_map(|folder| texts(folder, &[".ts", ".tsx"])).collect()
}

/// The lines on which a doc comment shares its line with code. Behind a field it describes the next one, and the formatter puts it before the semicolon.
fn displaced_comments(text: &str) -> Vec<&str> {
    let is_displaced = |line: &&str| {
        let line = line.trim();
        let is_behind_code = !line.starts_with("/**") && line.contains("/** ");
        let has_code_behind = line.starts_with("/**") && line.split_once("*/").is_some_and(|(_, rest)| !rest.is_empty());
        let ends_one = line.starts_with('*') && line.split_once("*/").is_some_and(|(_, rest)| !rest.is_empty());
        is_behind_code || has_code_behind || ends_one
    };
    text.lines().filter(is_displaced).collect()
}

#[test]
fn a_doc_comment_stands_above_what_it_describes() {
    let mut comments = 0;
    for (path, text) in typescript() {
        comments += text.matches("/**").count();
        assert_eq!(displaced_comments(&text), Vec::<&str>::new(), "{path}: give the comment a line of its own, above the field it describes");
    }
    assert!(comments > 1_000, "only {comments} comments were found");
}

#[test]
fn a_displaced_doc_comment_is_found() {
    for displaced in [
        "  day: string /** Whether it can no longer change. */;",
        "  } /** Replaces the usual text. */;",
        "    | \"same\" /** How it is expressed. */;",
        "  /** Unique on the page. */ id: string;",
        "f({ name }: { /** What the row is about. */ name: string }) {",
        "   */;",
    ] {
        assert_eq!(displaced_comments(displaced), [displaced]);
    }
    for fine in ["  /** Whether it can no longer change. */\n  final: boolean;", "/**\n * Of two lines.\n */\nlet a;", "  include: [\"test/**/*.test.ts\"],", "  a * b;"] {
        assert_eq!(displaced_comments(fine), Vec::<&str>::new());
    }
}
