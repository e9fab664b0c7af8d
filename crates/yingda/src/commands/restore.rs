//! `yingda restore`

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::backup::{Place, files, told_missing};
use crate::backup::{
    progress::size,
    restore::{Restored, Target},
};

/// Puts a backup into an empty folder, where a server then serves it; everybody who was connected before begins anew.
#[derive(Args)]
pub struct Restore {
    #[command(flatten)]
    place: Place,
    /// The folder that `yingda backup --to` made.
    #[arg(long, value_name = "PATH")]
    from: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Restore {
    /// Restores and says what.
    pub async fn run(self) -> anyhow::Result<()> {
        let config = self.place.embedded("restore", "`pg_restore`")?;
        let restored = Target { data: &config.data, files: &files(&config) }.restore(&self.from).await?;
        told_missing(&restored.manifest.missing);
        if self.json {
            println!("{}", said(&config.data, &self.from, &restored));
        } else {
            println!("{}", told(&config.data, &restored));
        }
        Ok(())
    }
}

/// For programs.
fn said(data: &Path, from: &Path, Restored { manifest, generation }: &Restored) -> Value {
    json!({
        "restored": data, "from": from, "made_at": manifest.made_at, "version": manifest.version, "generation": generation, "last": manifest.last,
        "record_bytes": manifest.record.bytes, "files": manifest.files.len(), "file_bytes": manifest.file_bytes(), "missing": manifest.missing,
    })
}

/// For people.
fn told(data: &Path, Restored { manifest, generation }: &Restored) -> String {
    let (record, many, files) = (size(manifest.record.bytes), manifest.files.len(), size(manifest.file_bytes()));
    format!("restored {}: the record, {record}; files: {many}, {files}\ngeneration {generation}: everybody who was connected begins anew", data.display())
}
