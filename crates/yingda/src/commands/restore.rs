//! `yingda restore`

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::{
    backup::{Place, files, passphrase, told_missing},
    serve::seal_key,
};
use crate::backup::{
    folder::is_sealed,
    progress::size,
    restore::{Restored, Target},
};

/// Restores a backup into an empty folder, from which a server can then serve it. Clients that were connected start over, and everyone has to sign in again.
#[derive(Args)]
pub struct Restore {
    #[command(flatten)]
    place: Place,
    /// The folder that `yingda backup --to` created.
    #[arg(long, value_name = "PATH")]
    from: PathBuf,
    /// The file of the sealing key, to be installed where the server looks for it. Not needed if it is there already.
    #[arg(long, value_name = "FILE")]
    seal_key_file: Option<PathBuf>,
    /// Accept a backup that is not signed because the key was not available when it was made; changes to it cannot be detected.
    #[arg(long)]
    unsigned: bool,
    /// A file whose first line is the passphrase, if the backup is sealed under one; only its owner may be able to read it. Default:
    /// `backup.passphrase_file` of the configuration.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Print the result as one JSON object.
    #[arg(long)]
    json: bool,
}

impl Restore {
    /// Restores the backup and reports the result.
    pub async fn run(self) -> anyhow::Result<()> {
        let config = self.place.config()?;
        let (files, key) = (files(&config), seal_key(&config)?);
        let passphrase = if is_sealed(&self.from)? { passphrase(self.passphrase_file.as_deref(), &config)? } else { None };
        let (key_file, unsigned, passphrase) = (self.seal_key_file.as_deref(), self.unsigned, passphrase.as_deref());
        let database_url = config.database_url.as_ref().map(|url| url.reveal());
        let target = Target { data: &config.data, files: &files, key: &key, key_file, unsigned, database_url, passphrase };
        let restored = target.restore(&self.from).await?;
        told_missing(&restored.manifest.missing);
        if self.json {
            println!("{}", json_report(&config.data, &self.from, &restored));
        } else {
            println!("{}", text_report(&config.data, &restored));
        }
        Ok(())
    }
}

/// The report for programs.
fn json_report(data: &Path, from: &Path, Restored { manifest, generation, key_file }: &Restored) -> Value {
    json!({
        "restored": data, "from": from, "made_at": manifest.made_at, "version": manifest.version, "generation": generation, "seal_key": manifest.seal_key,
        "seal_key_file": key_file, "last": manifest.last,
        "record_bytes": manifest.record.bytes, "files": manifest.files.len(), "file_bytes": manifest.file_bytes(), "missing": manifest.missing,
        "signed": manifest.signature.is_some(), "sealed": manifest.sealed_header.is_some(),
    })
}

/// The report for people.
fn text_report(data: &Path, Restored { manifest, generation, key_file }: &Restored) -> String {
    let (record, many, files) = (size(manifest.record.bytes), manifest.files.len(), size(manifest.file_bytes()));
    let key = key_file.as_ref().map_or_else(String::new, |file| format!("; the sealing key: {}", file.display()));
    let generation = generation.map_or_else(|| "it gets a new generation at the next start".to_owned(), |generation| format!("generation {generation}"));
    format!(
        "restored {}: the record, {record}; files: {many}, {files}{key}\n{generation}: all clients start over, everybody has to sign in again, and wall links have to be created again",
        data.display()
    )
}
