//! Trains what recognises a wish for a person and danger: `cargo run --release -p bot-lab --example recognisers` writes `crates/bot/src/human/*.bin`, and what they
//! were learned from into `digests.txt` beside them.

#[path = "../tests/it/common.rs"]
mod common;

use std::path::Path;

use bot_lab::training::train;

fn main() -> std::io::Result<()> {
    let knowledge = common::demo();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bot/src/human");
    for (name, meaning, lang) in common::models() {
        std::fs::write(folder.join(format!("{name}.bin")), train(meaning, lang, &knowledge))?;
    }
    std::fs::write(folder.join("digests.txt"), common::digests(&knowledge))
}
