//! Rules for the TypeScript of the pages and of their stories.

use crate::tree::texts;

/// The most lines of a component, a hook or any other function at the top of a file. `make advice` speaks much earlier.
const MAX_FUNCTION_LINES: usize = 150;
/// The most lines of a file.
const MAX_FILE_LINES: usize = 1_000;
/// Generated from the API document.
const GENERATED: &str = "web/api/src/schema.ts";

/// A state machine whose states share their variables, and a table of texts.
const LONG_FUNCTIONS: [(&str, &str); 2] = [("web/api/src/stream.ts", "openStream"), ("web/console/src/lib/problem.ts", "texts")];

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
    for (path, text) in typescript() {
        assert_eq!(displaced_comments(&text), Vec::<&str>::new(), "{path}: give the comment a line of its own, above the field it describes");
    }
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
    for fine in [
        "  /** Whether it can no longer change. */\n  final: boolean;",
        "/**\n * Of two lines.\n */\nlet a;",
        "  include: [\"test/**/*.test.ts\"],",
        "  a * b;",
    ] {
        assert_eq!(displaced_comments(fine), Vec::<&str>::new());
    }
}

/// The code of the pages themselves, without their tests.
fn sources() -> impl Iterator<Item = (String, String)> {
    let is_test = |path: &str| path.contains("/test/") || path.contains(".test.");
    texts("web", &[".ts", ".tsx"]).into_iter().filter(move |(path, _)| path != GENERATED && !is_test(path))
}

/// The name of the function that begins on a line, and the line on which it ends. The formatter indents all of it but its signature.
fn function_of(lines: &[&str]) -> Option<(String, &'static str)> {
    let first = lines.first()?.trim_start_matches("export ").trim_start_matches("default ").trim_start_matches("async ");
    let name_of = |rest: &str| rest.trim_start_matches(['*', ' ']).chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    if let Some(rest) = first.strip_prefix("function") {
        return Some((name_of(rest), "}"));
    }
    let rest = first.strip_prefix("const ")?;
    // The signature of an arrow function may take several lines. A statement that ends before its last one is something else.
    let signature = lines.iter().filter(|line| !line.starts_with(' ')).find(|line| line.ends_with("=> {") || line.ends_with(';'))?;
    signature.ends_with('{').then(|| (name_of(rest), "};"))
}

/// The functions at the top of a file with their lines.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < lines.len() {
        let Some((name, end)) = function_of(&lines[at..]) else {
            at += 1;
            continue;
        };
        let length = lines[at..].iter().position(|line| *line == end).map_or(1, |last| last + 1);
        found.push((name, length));
        at += length;
    }
    found
}

#[test]
fn components_and_files_of_the_pages_are_not_very_long() {
    for (path, text) in sources() {
        for (name, lines) in functions(&text) {
            let is_known = LONG_FUNCTIONS.contains(&(path.as_str(), name.as_str()));
            assert!(lines <= MAX_FUNCTION_LINES || is_known, "{path}: {name} has {lines} lines: give what it knows besides a place of its own");
        }
        let lines = text.lines().count();
        assert!(lines <= MAX_FILE_LINES, "{path} has {lines} lines");
    }
}

/// The fields in which people write text of their own, and which would run all of it in the direction of the page. Addresses, passwords, numbers and the like
/// have one direction.
fn undirected(text: &str) -> Vec<&str> {
    let has_one = ["checkbox", "radio", "file", "hidden", "email", "password", "date", "color", "time", "number", "organization"];
    let begins = |name: &'static str| text.match_indices(name).filter(|(at, found)| text[at + found.len()..].starts_with(char::is_whitespace));
    let tags = ["<textarea", "<input"].into_iter().flat_map(begins).map(|(at, _)| text[at..].split("/>").next().unwrap_or_default());
    let is_free = |tag: &&str| !tag.contains("dir=\"auto\"") && !has_one.iter().any(|kind| tag.contains(&format!("\"{kind}\""))) && !tag.contains(" hidden");
    tags.filter(is_free).collect()
}

#[test]
fn text_is_written_in_its_own_direction() {
    for (path, text) in sources().filter(|(path, _)| path.ends_with(".tsx")) {
        assert_eq!(undirected(&text), Vec::<&str>::new(), "{path}: people also write from right to left; dir=\"auto\" follows what is typed");
    }
}

#[test]
fn a_field_without_a_direction_is_found() {
    for open in ["<textarea\n  value={a}\n", "<input type=\"text\" value={a} ", "<input\n  onChange={(e) => set(e)}\n"] {
        assert_eq!(undirected(&format!("{open}/>")), [open]);
    }
    for fine in
        ["<textarea dir=\"auto\" />", "<input type=\"checkbox\" />", "<input type={shown ? \"text\" : \"password\"} />", "<Input value={a} />", "<inputs />"]
    {
        assert_eq!(undirected(fine), Vec::<&str>::new());
    }
}

/// The lines that ask an event for its key, and so would act on a key that an input method needs.
fn bare_keys(text: &str) -> Vec<&str> {
    let asks = |line: &&str| {
        let of_event = line.match_indices(".key").any(|(at, found)| {
            let name = line[..at].trim_end_matches('?').rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            let goes_on = line[at + found.len()..].starts_with(|c: char| c.is_alphanumeric());
            !goes_on && (name == "e" || name.to_lowercase().ends_with("event"))
        });
        let is_taken_apart = ["onKeyDown={({", "onKeyUp={({", "}: KeyboardEvent"].iter().any(|start| line.contains(start));
        of_event || is_taken_apart || ["isComposing", "keyCode", "onPressEnter"].iter().any(|word| line.contains(word))
    };
    text.lines().filter(asks).collect()
}

#[test]
fn a_key_is_read_where_input_methods_are_known() {
    for (path, text) in sources().filter(|(path, _)| path != "web/api/src/keys.ts") {
        assert_eq!(bare_keys(&text), Vec::<&str>::new(), "{path}: ask `pressed` or `signPressed` of web/api/src/keys.ts for the key");
    }
}

#[test]
fn a_bare_look_at_a_key_is_found() {
    for bare in [
        "if (event.key === \"Enter\") add();",
        "const act = acts[keyEvent.key];",
        "if (e?.key !== \"F6\") return;",
        "if (event.nativeEvent.isComposing) return;",
        "if (e.keyCode === 229) return;",
        "onKeyDown={({ key }) => key === \"Enter\" && add()}",
        "const onKey = ({ key }: KeyboardEvent) => go(key);",
        "<Input onPressEnter={add} />",
    ] {
        assert_eq!(bare_keys(bare), [bare]);
    }
    for fine in ["pressed(event) === \"Enter\"", "<Row key={one.key} />", "event.keys", "const { key }: StorageEvent = event;", "line.key === home.key"] {
        assert_eq!(bare_keys(fine), Vec::<&str>::new());
    }
}

#[test]
fn the_length_of_a_function_is_counted_from_its_first_line_to_its_last() {
    let text = "import a;\n\nexport function Card({\n  a,\n}: {\n  a: string;\n}) {\n  if (a) {\n    return;\n  }\n}\n\nconst all = [\n  1,\n];\n\nexport const useX = (\n  a: string,\n) => {\n  a();\n};\n\
                async function run() {\n}\nexport const short = () => 1;\nconst of = () => ({\n  a: () => {\n  },\n});\n";
    assert_eq!(functions(text), [("Card".to_owned(), 9), ("useX".to_owned(), 5), ("run".to_owned(), 2)]);
}
