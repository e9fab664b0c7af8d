//! Trains what recognises a wish for a person and danger: `cargo run --release -p bot --example recognisers` writes `src/human/*.bin`.

#[path = "../tests/it/common.rs"]
mod common;

use std::path::Path;

use bot::human::training::{Meaning, train};

fn main() -> std::io::Result<()> {
    let knowledge = common::demo();
    for lang in common::LANGS {
        for (meaning, name) in [(Meaning::Person, "person"), (Meaning::Danger, "danger")] {
            let file = format!("src/human/{name}.{}.bin", &lang.tag()[..2]);
            std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(file), train(meaning, lang, &knowledge))?;
        }
    }
    Ok(())
}
