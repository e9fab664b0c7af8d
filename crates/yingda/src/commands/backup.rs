//! `yingda backup`

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;
use serde::Serialize;
use serde_json::json;
use server::setup::admin::{self, Command, Reply};

use crate::{
    backup::{manifest::Manifest, progress::size, take::Source},
    config::Config,
};

/// Files that are named, of those that were not there.
const NAMED: usize = 10;

/// Copies the record, as of one moment, and the files it names into a new folder.
#[derive(Args)]
pub struct Backup {
    #[command(flatten)]
    place: Place,
    /// The folder to make; nothing may lie there yet.
    #[arg(long, value_name = "PATH")]
    to: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Which installation.
#[derive(Args, Serialize)]
pub struct Place {
    /// A configuration file; see config.example.toml.
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    config: Option<PathBuf>,
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,
    /// Where uploaded files lie, if not in the data folder.
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<PathBuf>,
    /// PostgreSQL, if the record lives there: it is backed up and restored by its own tools.
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<String>,
}

impl Place {
    /// The configuration of an installation whose record is embedded.
    pub fn embedded(&self, verb: &str, tool: &str) -> anyhow::Result<Config> {
        let config = Config::read(self.config.as_deref(), self)?;
        if config.database_url.is_some() {
            bail!(
                "the record lies in PostgreSQL, where `yingda {verb}` does not reach: {tool} does this; the steps are in docs/RUNBOOK.md under \"Backup\" and \"After a restore\""
            );
        }
        Ok(config)
    }
}

/// Where uploads lie as the configuration says.
pub fn files(config: &Config) -> PathBuf {
    config.files.clone().unwrap_or_else(|| config.data.join("files"))
}

impl Backup {
    /// Makes the backup and says what is in it.
    pub async fn run(self) -> anyhow::Result<()> {
        let config = self.place.embedded("backup", "`pg_dump`")?;
        // A server that runs may have been told by a flag where its files lie.
        let files = match admin::ask(&config.data, &Command::Files).await {
            Ok(Reply::Files(files)) => files,
            _ => files(&config),
        };
        let manifest = Source { data: &config.data, files: &files }.back_up(&self.to).await?;
        told_missing(&manifest.missing);
        if self.json {
            println!("{}", said(&self.to, &manifest));
        } else {
            println!("{}", told(&self.to, &manifest));
        }
        Ok(())
    }
}

/// For programs.
fn said(to: &Path, manifest: &Manifest) -> serde_json::Value {
    let Manifest { version, made_at, engine, schema, generation, seal_key, last, record, files, missing, .. } = manifest;
    json!({
        "backup": to, "version": version, "made_at": made_at, "engine": engine, "schema": schema, "generation": generation, "seal_key": seal_key, "last": last,
        "record_bytes": record.bytes, "files": files.len(), "file_bytes": manifest.file_bytes(), "missing": missing,
    })
}

/// For people.
fn told(to: &Path, manifest: &Manifest) -> String {
    let last = manifest.last.as_ref().map_or_else(|| "no entry".to_owned(), |last| format!("up to entry {} of {}", last.seq, last.stream));
    format!(
        "backup {}: the record, {} {last}; files: {}, {}\nnot in it: the sealing key (fingerprint {}), without which it is good for nothing, and the panel's numbers, which are made anew",
        to.display(),
        size(manifest.record.bytes),
        manifest.files.len(),
        size(manifest.file_bytes()),
        manifest.seal_key,
    )
}

/// Names the files that the record names and that were not there.
pub fn told_missing(missing: &[String]) {
    if missing.is_empty() {
        return;
    }
    let more = if missing.len() > NAMED { ", …" } else { "" };
    let named = missing.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    eprintln!("{} files that the record names were not there, as when they are removed meanwhile: {named}{more}", missing.len());
}
