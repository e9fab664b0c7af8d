//! Rules for source files: what may be done where.

use crate::{
    arrows,
    tree::{only_tests, root, texts, without_tests},
};

/// The most lines of a file without its tests. `make advice` speaks much earlier.
const MAX_LINES: usize = 1_000;

#[test]
fn no_rust_file_is_very_long() {
    for (path, text) in texts("crates", &[".rs"]).into_iter().filter(|(path, _)| !path.contains("/tests/")) {
        let code = without_tests(&text);
        let lines = code.lines().count();
        assert!(lines <= MAX_LINES || is_table(code), "{path} has {lines} lines and does several things");
    }
}

/// Whether a file is a table of data: most of its lines hold a row, which begins with a quotation mark or a bracket.
fn is_table(code: &str) -> bool {
    let rows = code.lines().filter(|line| line.trim_start().starts_with(['"', '(', '[', ')', ']', '}'])).count();
    2 * rows > code.lines().count()
}

/// The files of all contexts.
fn contexts() -> Vec<(String, String)> {
    arrows::contexts().iter().flat_map(|name| texts(&format!("crates/{name}/src"), &[".rs"])).collect()
}

#[test]
fn the_rules_write_no_json_by_hand() {
    for (path, text) in texts("crates/domain/src", &[".rs"]) {
        assert!(!without_tests(&text).contains("json!"), "{path}: what an entry says has a type in `entry`");
    }
}

/// Requests make all their changes through one function, which takes care of permission, company, key and announcement.
#[test]
fn no_endpoint_opens_a_transaction_by_itself() {
    for (path, text) in contexts() {
        if path.contains("/jobs/") {
            continue; // a job is not requested by anybody
        }
        let opened = without_tests(&text).matches(".writer()").count();
        assert_eq!(opened, 0, "{path}: write by `Permitted` (crates/http-kit/src/permitted.rs)");
    }
}

/// What happens in a conversation is decided in `service`, whichever entry point it came through. The demo's past is invented.
#[test]
fn no_act_is_decided_in_a_door() {
    // `domain` has the rules, `service` applies them, `store` keeps what they decided; the others speak of other events, or are for tests.
    let may_decide = ["domain", "service", "store", "warehouse", "parity", "demo", "bench", "testkit", "testkit-app", "testkit-server"];
    for (path, text) in texts("crates", &[".rs"]).into_iter().filter(|(path, _)| !may_decide.iter().any(|name| path.starts_with(&format!("crates/{name}/")))) {
        let is_made_up = path.contains("/tests/");
        let code = without_tests(&text);
        let names_event = code.match_indices("Event::").any(|(at, _)| !code[..at].ends_with(|before: char| before.is_alphanumeric()));
        let decides =
            names_event || ["conversations::lock(", "conversations::commit(", "Conversation::open(", "BotWork"].iter().any(|call| code.contains(call));
        assert!(is_made_up || !decides, "{path}: what happens in a conversation is decided in crates/service");
    }
}

/// A contact is shown whole where it is revealed, which the audit notes, and nowhere else.
#[test]
fn contacts_are_shown_whole_only_where_they_are_revealed() {
    let shown: Vec<String> = texts("crates", &[".rs"])
        .into_iter()
        .filter(|(path, text)| path.contains("/src/") && without_tests(text).contains(".clear_text()"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(shown, ["crates/customers/src/customers/reveal.rs", "crates/desk/src/conversations/reveal.rs"]);
}

/// Roles are defined in terms of permissions in one place; all other code asks for a permission and its scope.
#[test]
fn only_the_policy_tells_one_role_from_another() {
    for (path, text) in texts("crates", &[".rs"]).into_iter().filter(|(path, _)| {
        path.contains("/src/")
            && !["bench", "testkit", "testkit-app", "testkit-server", "yingda"].iter().any(|name| path.starts_with(&format!("crates/{name}/")))
    }) {
        let is_test = path.contains("/tests/");
        if is_test || path.starts_with("crates/domain/src/policy/") {
            continue;
        }
        for role in ["Role::Agent", "Role::Manager", "Role::Administrator"] {
            assert!(!without_tests(&text).contains(role), "{path}: {role}");
        }
    }
}

/// Where code points are counted off rightly: in keys and browsers' names, which are ASCII, and around digits, where nothing is shown of what is counted off.
const COUNTED_OFF: [&str; 5] = [
    "crates/content/src/goods.rs",
    "crates/content/src/knowledge.rs",
    "crates/http-kit/src/user_agent.rs",
    "crates/normal/src/secret_numbers.rs",
    "crates/normal/src/secret_numbers/identity.rs",
];

#[test]
fn text_is_cut_between_characters() {
    // The bot works on code points, and what only measures or tests shows nothing to anybody.
    let shows_nothing = ["bot", "bot-lab", "bench", "demo", "testkit", "utterance"].map(|name| format!("crates/{name}/"));
    for (path, text) in texts("crates", &[".rs"]).into_iter().filter(|(path, _)| !shows_nothing.iter().any(|of| path.starts_with(of.as_str()))) {
        if path.contains("/tests") || COUNTED_OFF.contains(&path.as_str()) {
            continue;
        }
        let cuts = |line: &&str| line.split_once(".chars()").is_some_and(|(_, rest)| rest.contains(".take(") && rest.contains(".collect"));
        let cut = without_tests(&text).lines().find(cuts);
        assert_eq!(cut, None, "{path}: domain::graphemes cuts text without splitting what people see as one character");
    }
}

#[test]
fn no_test_sleeps() {
    for (path, text) in texts("crates", &[".rs"]) {
        let is_test = path.contains("/tests/") || path.starts_with("crates/testkit");
        let code = if is_test { text.as_str() } else { only_tests(&text) };
        let code = if path.ends_with("tidy/sources.rs") { "" } else { code };
        assert!(!code.contains("sleep("), "{path} sleeps in a test");
    }
    for folder in ["e2e", "web"] {
        for (path, text) in texts(folder, &[".ts", ".tsx"]) {
            if path.starts_with("e2e") || path.contains("/test/") || path.contains(".test.") {
                for timed in ["waitForTimeout", "await sleep("] {
                    assert!(!text.contains(timed), "{path}: {timed}");
                }
                // Stories wait as long as the server tells them; 0 ms lets the tasks that are due run.
                for timed in ["setTimeout(done, ", "setTimeout(resolve, "].into_iter().filter(|_| folder == "web") {
                    let takes_time = text.split(timed).skip(1).any(|delay| delay.starts_with(|c: char| ('1'..='9').contains(&c)));
                    assert!(!takes_time, "{path}: {timed}…)");
                }
            }
        }
    }
}

#[test]
fn every_story_names_the_language_it_is_told_in() {
    /// The first tag; in a loop over pages, the language of the page.
    const TAGS: [&str; 4] = [r#""@zh-CN""#, r#""@en""#, r#""@both""#, "`@${lang}`"];
    for (path, text) in texts("e2e/stories", &[".ts"]) {
        for story in text.replace("readOnly(", "test(").split("test(").skip(1).map(str::trim_start).filter(|story| story.starts_with(['"', '`'])) {
            let told = story.split("async").next().unwrap_or_default();
            let tag = told.split_once("tag: ").map_or("", |(_, rest)| rest.trim_start_matches('['));
            assert!(TAGS.iter().any(|language| tag.starts_with(language)), "{path}: nothing runs this story, as it names no language: {told}");
        }
    }
}

#[test]
fn no_endpoint_is_without_a_test() {
    for (path, text) in contexts() {
        if text.contains("#[utoipa::path") {
            let names: Vec<&str> = without_tests(&text).split("pub async fn ").skip(1).filter_map(|rest| rest.split('(').next()).collect();
            let stories = texts("crates/server/tests/it", &[".rs"]);
            let in_story = |name: &str| stories.iter().any(|(_, story)| story.contains(name));
            assert!(!only_tests(&text).is_empty() || names.iter().all(|name| in_story(name)), "{path} has no tests at its bottom");
        }
    }
}

#[test]
fn the_changes_can_be_joined_to_a_changelog() {
    let joined = std::process::Command::new("node").arg(root().join("scripts/changelog.mjs")).output().unwrap();
    assert!(joined.status.success(), "{}", String::from_utf8_lossy(&joined.stderr));
    let joined = String::from_utf8(joined.stdout).unwrap();
    for (path, text) in texts("changes", &[".md"]).iter().filter(|(path, _)| !path.ends_with("README.md")) {
        assert!(joined.contains(text.trim()), "{path} is not in it");
    }
}

#[test]
fn what_a_stranger_looks_for_is_there() {
    for path in [
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "SECURITY.md",
        "Makefile",
        "config.example.toml",
        ".ci/run",
        "docs/ARCHITECTURE.md",
        "docs/EVENTS.md",
        "docs/PERMISSIONS.md",
        "docs/PROTOCOL.md",
        "docs/STYLE.md",
        "docs/TESTING.md",
        "docs/openapi.json",
    ] {
        assert!(root().join(path).exists(), "{path} is missing");
    }
}

#[test]
fn links_in_the_documents_lead_somewhere() {
    let mut links = 0;
    for (path, text) in texts(".", &[".md"]) {
        let folder = root().join(&path).parent().unwrap().to_owned();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains("://") && !file.starts_with("mailto:") {
                links += 1;
                assert!(folder.join(file).exists(), "{path}: {target}");
            }
        }
    }
    assert!(links > 0, "no links were found");
}

#[test]
fn the_locales_of_each_page_hold_the_same_files() {
    for page in ["console", "hall", "widget"] {
        let names = |lang: &str| {
            let in_folder = texts(&format!("web/{page}/locales/{lang}"), &[".json"]).into_iter().map(|(path, _)| path.rsplit('/').next().unwrap().to_owned());
            let beside = texts(&format!("web/{page}/src"), &[&format!(".{lang}.json")]).into_iter().map(|(path, _)| path.replace(&format!(".{lang}."), "."));
            in_folder.chain(beside).collect::<Vec<_>>()
        };
        assert!(!names("en").is_empty());
        assert_eq!(names("zh-CN"), names("en"), "{page}");
    }
}

#[test]
fn no_test_lies_where_none_is_compiled() {
    let without: Vec<_> = texts("crates", &["Cargo.toml"]).into_iter().filter(|(_, text)| text.contains("[lib]\ntest = false")).collect();
    assert!(!without.is_empty(), "no crate says so any more: this rule may go");
    for (manifest, _) in without {
        for (path, text) in texts(&manifest.replace("Cargo.toml", "src"), &[".rs"]) {
            assert!(!text.contains("#[cfg(test)]") && !text.contains("#[test]"), "{path} has tests that are never compiled: {manifest} says `test = false`");
        }
    }
}

/// What only the crate of a normal form does. Whoever needs it asks that crate, so that no text has two normal forms (docs/STYLE.md).
const NORMAL_FORMS: [(&str, &str); 8] = [
    ("nfkc()", "normal"),
    ("nfc()", "normal"),
    ("idna::", "normal"),
    ("\\u{200b}", "normal"),
    ("csv::Reader", "tables"),
    ("calamine::", "tables"),
    ("encoding_rs::", "tables"),
    ("from_utf16", "tables"),
];

#[test]
fn each_kind_of_text_has_one_normal_form() {
    for (path, text) in
        texts("crates", &[".rs"]).into_iter().filter(|(path, _)| path.contains("/src/") && !path.ends_with("/tests.rs") && !path.contains("/tests/"))
    {
        let code = without_tests(&text);
        for (sign, owner) in NORMAL_FORMS {
            let is_owner = path.starts_with(&format!("crates/{owner}/"));
            assert!(is_owner || !code.contains(sign), "{path}: {sign} belongs in crates/{owner}, which has the normal form");
        }
    }
    let pages = texts("web/console/src", &[".ts", ".tsx"]);
    for (path, text) in pages.into_iter().filter(|(path, _)| !path.ends_with("/lib/normal.ts")) {
        for sign in [".toLowerCase().includes(", ".normalize(\"NFKC\")"] {
            assert!(!text.contains(sign), "{path}: search by `folded` (web/console/src/lib/normal.ts)");
        }
    }
}
