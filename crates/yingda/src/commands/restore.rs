//! `yingda restore`

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::{
    backup::{Place, files, told_missing},
    serve::seal_key,
};
use crate::backup::{
    progress::size,
    restore::{Restored, Target},
};

/// Puts a backup into an empty folder, where a server then serves it; everybody who was connected before begins anew, and who had signed in does so again.
#[derive(Args)]
pub struct Restore {
    #[command(flatten)]
    place: Place,
    /// The folder that `yingda backup --to` made.
    #[arg(long, value_name = "PATH")]
    from: PathBuf,
    /// The file of the sealing key, to be put where the server looks for it. Without this: it lies there already.
    #[arg(long, value_name = "FILE")]
    seal_key_file: Option<PathBuf>,
    /// Take a backup that is not signed, one that was made where the key was not at hand: whether somebody changed it cannot be told.
    #[arg(long)]
    unsigned: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Restore {
    /// Restores and says what.
    pub async fn run(self) -> anyhow::Result<()> {
        let config = self.place.embedded("restore", "`pg_restore`")?;
        let (files, key) = (files(&config), seal_key(&config)?);
        let target = Target { data: &config.data, files: &files, key: &key, key_file: self.seal_key_file.as_deref(), unsigned: self.unsigned };
        let restored = target.restore(&self.from).await?;
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
fn said(data: &Path, from: &Path, Restored { manifest, generation, key_file }: &Restored) -> Value {
    json!({
        "restored": data, "from": from, "made_at": manifest.made_at, "version": manifest.version, "generation": generation, "seal_key": manifest.seal_key,
        "seal_key_file": key_file, "last": manifest.last,
        "record_bytes": manifest.record.bytes, "files": manifest.files.len(), "file_bytes": manifest.file_bytes(), "missing": manifest.missing,
        "signed": manifest.signature.is_some(),
    })
}

/// For people.
fn told(data: &Path, Restored { manifest, generation, key_file }: &Restored) -> String {
    let (record, many, files) = (size(manifest.record.bytes), manifest.files.len(), size(manifest.file_bytes()));
    let key = key_file.as_ref().map_or_else(String::new, |file| format!("; the sealing key: {}", file.display()));
    format!(
        "restored {}: the record, {record}; files: {many}, {files}{key}\ngeneration {generation}: everybody who was connected begins anew, and who had signed in does so again; links of walls have to be made anew",
        data.display()
    )
}
