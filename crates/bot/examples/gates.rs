//! Fits the usual gates on the demo's knowledge: `cargo run --release -p bot --example gates`, twice if the features have changed, writes
//! `src/gate/usual.json`.

#[path = "../tests/it/common.rs"]
mod common;

use std::path::Path;

use bot::{fitting::fit_afresh, gate::Gates};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gates: Gates = fit_afresh(&common::demo());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/gate/usual.json");
    std::fs::write(path, serde_json::to_string(&gates)? + "\n")?;
    for lang in common::LANGS {
        println!("{}: {:?}", lang.tag(), gates.side(lang).limits);
    }
    Ok(())
}
