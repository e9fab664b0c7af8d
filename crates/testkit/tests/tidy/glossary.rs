//! One word for one thing (docs/GLOSSARY.md).

use crate::tree::texts;

/// Words that used to mean several things, and the files and folders in which they have the meaning that is left.
const ONE_MEANING: [(&str, &[&str]); 2] = [
    (
        // The folder of letters. The storage key of the console's unsent messages keeps its name, so that none is lost.
        "outbox",
        &[
            "crates/letters/",
            "crates/hall/src/jobs/forget_messages.rs",
            "crates/platform/src/post.rs",
            "crates/portability/src/holdings.rs",
            "crates/platform/src/settings.rs",
            "crates/testkit-app/src/customer.rs",
            "crates/server/tests/it/stories/accounts.rs",
            "crates/yingda/src/config.rs",
            "e2e/stories/accounts.spec.ts",
            "e2e/stories/second-step.spec.ts",
            "e2e/support/furnish.ts",
            "e2e/support/outbox.ts",
            "e2e/stories/opening.spec.ts",
            "web/console/src/live/live.ts",
            "web/console/test/live.test.ts",
        ],
    ),
    (
        // From the bot to people.
        "handover",
        &["crates/desk/src/jobs/answer_as_bot.rs", "crates/service/src/bot_turn.rs", "web/console/src/desk/", "web/console/test/"],
    ),
];

#[test]
fn a_word_means_one_thing() {
    let mut files = texts("crates", &[".rs"]);
    files.extend(["web", "e2e"].iter().flat_map(|folder| texts(folder, &[".ts", ".tsx"])));
    files.retain(|(path, _)| !path.ends_with("tidy/glossary.rs"));
    for (word, places) in ONE_MEANING {
        for place in places {
            let is_found = files.iter().any(|(path, text)| path.starts_with(place) && text.to_lowercase().contains(word));
            assert!(is_found, "{place} does not say {word:?} any more: remove it from the list");
        }
        for (path, text) in files.iter().filter(|(path, _)| !places.iter().any(|place| path.starts_with(place))) {
            let line = text.lines().find(|line| line.to_lowercase().contains(word));
            assert!(line.is_none(), "{path}: {word:?} has a different meaning, see docs/GLOSSARY.md: {}", line.unwrap_or_default());
        }
    }
}
