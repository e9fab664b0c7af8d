//! `yingda backup`

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{bail, ensure};
use clap::Args;
use domain::time::Ts;
use serde::Serialize;
use serde_json::json;
use server::setup::admin::{self, Command, MadeBackup, Reply};

use super::serve::seal_key;
use crate::{
    backup::{
        identity,
        manifest::Manifest,
        progress::size,
        take::{BackedUp, Source},
    },
    config::Config,
    passphrase,
};

/// The maximum number of missing files that are named.
const NAMED: usize = 10;
/// How long a server may take to say where uploaded files are stored.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Copies the record, as of one moment, and the files it refers to into a new folder.
#[derive(Args)]
pub struct Backup {
    #[command(flatten)]
    place: Place,
    /// The folder to create; it must not exist yet.
    #[arg(long, value_name = "PATH")]
    to: PathBuf,
    /// The file of the sealing key, if no server is running; the backup is signed with it.
    #[arg(long, value_name = "FILE")]
    seal_key_file: Option<PathBuf>,
    /// A file whose first line is the passphrase, of at least 12 characters, under which the backup is sealed; only its owner may be able to read it.
    /// Default: `backup.passphrase_file` of the configuration. Without either, the backup is not sealed.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Print the result as one JSON object.
    #[arg(long)]
    json: bool,
}

/// Which installation to act on.
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
    /// The folder of uploaded files, if it is not in the data folder.
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<PathBuf>,
    /// The URL of PostgreSQL, if the record is stored there; `pg_dump` and `pg_restore` have to be installed. A backup is restored into an empty database.
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<String>,
}

impl Place {
    /// The configuration of the installation.
    pub fn config(&self) -> anyhow::Result<Config> {
        Config::read(self.config.as_deref(), self)
    }
}

/// The folder of uploads according to the configuration.
pub fn files(config: &Config) -> PathBuf {
    config.files.clone().unwrap_or_else(|| config.data.join("files"))
}

impl Backup {
    /// Makes the backup and reports its content. Also fails if the backup was made but files are lost; the backup is then kept.
    pub async fn run(self) -> anyhow::Result<()> {
        let mut config = self.place.config()?;
        if self.seal_key_file.is_some() {
            config.seal_key_file.clone_from(&self.seal_key_file);
        }
        let passphrase = passphrase(self.passphrase_file.as_deref(), &config)?;
        let (files, key) = (self.find_files(&config).await?, seal_key(&config)?);
        let database_url = config.database_url.as_ref().map(|url| url.reveal());
        let source = Source { data: &config.data, files: &files, key: &key, database_url, passphrase: passphrase.as_deref() };
        let begun_at = identity::now();
        let made = source.back_up(&self.to).await;
        self.note(&config.data, begun_at, passphrase.is_some(), &made).await;
        let BackedUp { manifest, lost, unsigned } = made?;
        if let Some(why) = unsigned {
            eprintln!(
                "the backup is not signed, for the key is not at hand ({why}): whether it was changed nobody can tell later; name the key with `--seal-key-file`"
            );
        }
        let removed: Vec<String> = manifest.missing.iter().filter(|path| !lost.contains(path)).cloned().collect();
        told_missing(&removed);
        if self.json {
            println!("{}", json_report(&self.to, &manifest, &lost));
        } else {
            println!("{}", text_report(&self.to, &manifest));
        }
        if !lost.is_empty() {
            let (many, all) = (lost.len(), manifest.files.len() + manifest.missing.len());
            bail!(
                "the backup {} was made and lacks {many} of {all} files that the record goes on naming, for they are not in {}: {}. See that the folder of uploads is mounted there, or say \
                 with `--files` where it is; then back up again, and keep the older backups until that is done",
                self.to.display(),
                files.display(),
                first_few(&lost)
            );
        }
        Ok(())
    }

    /// Tells the running server, if there is one, so that whoever operates it sees when the last backup was made.
    async fn note(&self, data: &Path, begun_at: Ts, is_sealed: bool, made: &anyhow::Result<BackedUp>) {
        let (bytes, failure) = match made {
            Ok(made) if made.lost.is_empty() => (made.manifest.record.bytes + made.manifest.file_bytes(), None),
            Ok(made) => (0, Some(format!("{} files that the record names are missing", made.lost.len()))),
            Err(error) => (0, Some(format!("{error:#}"))),
        };
        let place = std::path::absolute(&self.to).unwrap_or_else(|_| self.to.clone());
        let note = Command::NoteBackup(MadeBackup { begun_at, place, bytes, is_sealed, failure });
        // Without a server there is nobody to tell, and the backup is made or not made all the same.
        let _ = tokio::time::timeout(ANSWER_WITHIN, admin::ask(data, &note)).await;
    }

    /// The folder of uploaded files. A running server is asked, because it may have been given the
    /// folder by a flag; the configuration is used only if no server is running and none was killed.
    async fn find_files(&self, config: &Config) -> anyhow::Result<PathBuf> {
        let asked = tokio::time::timeout(ANSWER_WITHIN, admin::ask(&config.data, &Command::Files)).await;
        let why = match asked.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
            Ok(Reply::Files(files)) => return Ok(files),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(files(config)),
            Ok(Reply::Error(why)) => why,
            Ok(_) => "it says something else".to_owned(),
            Err(error) => error.to_string(),
        };
        let socket = config.data.join(admin::SOCKET);
        ensure!(
            self.place.files.is_some(),
            "no server tells on {} where uploaded files lie ({why}): say it with `--files`, or start the server",
            socket.display()
        );
        Ok(files(config))
    }
}

/// The passphrase in the file that was named, or else in the one of the configuration; `None` if there is neither.
pub fn passphrase(named: Option<&Path>, config: &Config) -> anyhow::Result<Option<String>> {
    named.or(config.backup.passphrase_file.as_deref()).map(passphrase::read_private).transpose()
}

/// The report for programs.
fn json_report(to: &Path, manifest: &Manifest, lost: &[String]) -> serde_json::Value {
    let Manifest { version, made_at, engine, schema, generation, seal_key, last, record, files, missing, sealed_header, signature, .. } = manifest;
    json!({
        "backup": to, "version": version, "made_at": made_at, "engine": engine, "schema": schema, "generation": generation, "seal_key": seal_key, "last": last,
        "record_bytes": record.bytes, "files": files.len(), "file_bytes": manifest.file_bytes(), "missing": missing, "lost": lost, "signed": signature.is_some(), "sealed": sealed_header.is_some(),
    })
}

/// The report for people.
fn text_report(to: &Path, manifest: &Manifest) -> String {
    let last = manifest.last.as_ref().map_or_else(|| "no entry".to_owned(), |last| format!("up to entry {} of {}", last.seq, last.stream));
    let sealed = if manifest.sealed_header.is_some() { ", sealed under the passphrase" } else { "" };
    format!(
        "backup {}{sealed}: the record, {} {last}; files: {}, {}\nnot in it: the sealing key (fingerprint {}), without which it is useless, and the panel's numbers, which are computed again",
        to.display(),
        size(manifest.record.bytes),
        manifest.files.len(),
        size(manifest.file_bytes()),
        manifest.seal_key,
    )
}

/// Lists the files that the record refers to but that are missing.
pub fn told_missing(missing: &[String]) {
    if missing.is_empty() {
        return;
    }
    eprintln!("{} files that the record refers to were missing; they may have been removed during the backup: {}", missing.len(), first_few(missing));
}

/// The first few of these paths.
fn first_few(paths: &[String]) -> String {
    let more = if paths.len() > NAMED { ", …" } else { "" };
    format!("{}{more}", paths.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", "))
}
