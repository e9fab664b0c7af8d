//! The demo's knowledge, shared by the tests.

use std::path::Path;

use bot::{Knowledge, Lang};

/// The knowledge of the demo operator.
pub fn demo() -> Knowledge {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let entries = [read("knowledge-1.jsonl"), read("knowledge-2.jsonl")];
    let parsed = Knowledge::parse(&[&entries[0], &entries[1]], &read("synonyms.json"), &read("goods.json"), &read("plans.json"), "");
    parsed.unwrap_or_else(|error| panic!("{error}"))
}

/// Both languages.
pub const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];
