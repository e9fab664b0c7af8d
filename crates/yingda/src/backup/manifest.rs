//! A backup's description of itself: `manifest.json` in its folder.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{Read as _, Write as _},
    path::{Component, Path},
};

use anyhow::{Context as _, bail, ensure};
use db::migrations::Standing;
use serde::{Deserialize, Serialize};
use server::record_mark::LastEntry;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    DUMP, FILES, RECORD,
    copying::{self, Sum},
    identity::Identity,
};

/// The name of the file.
const NAME: &str = "manifest.json";
/// The maximum size read; that is enough for millions of files.
pub const MOST_BYTES: u64 = 1 << 30;
/// The format of the backups this program makes, and the only one it reads.
const FORMAT: u32 = 1;

/// How the engines are called.
pub const SQLITE: &str = "sqlite";
/// The same of PostgreSQL.
pub const POSTGRES: &str = "postgres";

/// The content of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The format of the backup: 1.
    pub format: u32,
    /// The version of the program that made it.
    pub version: String,
    /// When it was begun, in milliseconds since 1970.
    pub made_at: i64,
    /// `sqlite`, or `postgres`.
    pub engine: String,
    /// The greatest number of a step of the record's schema.
    pub schema: i64,
    /// The numbers of all of them; none in a backup from before they were written down.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub steps: BTreeSet<i64>,
    /// The generation it was taken from.
    pub generation: Uuid,
    /// The fingerprint of the key the record is sealed by; no backup contains the key itself.
    pub seal_key: String,
    /// The last entry in it.
    pub last: Option<LastEntry>,
    /// The record's size and checksum.
    pub record: Sum,
    /// Files and pictures, each with its path in the backup.
    pub files: Vec<FileSum>,
    /// The paths of files that the record refers to but that could not be found to copy.
    pub missing: Vec<String>,
    /// If it is sealed under a passphrase: SHA-256 of the file that says how the key is derived, which is not sealed itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed_header: Option<String>,
    /// Proves that it was made by someone with the sealing key ([`platform::seal_key::SealKey::sign_backup`]
    /// of [`Manifest::digest`]); `None` if the key was not available.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

/// A file with its size and checksum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSum {
    /// Its path in the backup: `files/COMPANY/NAME`.
    pub path: String,
    /// Its size and checksum.
    #[serde(flatten)]
    pub sum: Sum,
}

impl Manifest {
    /// A manifest of this record without any files yet, begun at that time (milliseconds since 1970).
    pub fn begin(made_at: i64, engine: &str, Identity { steps, generation, seal_key, last }: Identity, record: Sum) -> Self {
        let (version, engine) = (env!("CARGO_PKG_VERSION").to_owned(), engine.to_owned());
        let (files, missing) = (Vec::new(), Vec::new());
        let schema = steps.last().copied().unwrap_or(0);
        Self {
            format: FORMAT,
            version,
            made_at,
            engine,
            schema,
            steps,
            generation,
            seal_key,
            last,
            record,
            files,
            missing,
            sealed_header: None,
            signature: None,
        }
    }

    /// Whether this is the record in it.
    pub fn is_of(&self, record: &Identity) -> bool {
        let Identity { steps, generation, seal_key, last } = record;
        self.standing(steps) == Standing::Equal && (self.generation, &self.seal_key, &self.last) == (*generation, seal_key, last)
    }

    /// How its record's schema stands to one of these steps.
    pub fn standing(&self, own: &BTreeSet<i64>) -> Standing {
        Standing::of(&self.steps, self.schema, own)
    }

    /// Whether the record was in PostgreSQL.
    pub fn is_dump(&self) -> bool {
        self.engine == POSTGRES
    }

    /// The name of the record's file in it.
    pub fn record_name(&self) -> &'static str {
        if self.is_dump() { DUMP } else { RECORD }
    }

    /// The total size of all files in bytes.
    pub fn file_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.sum.bytes).sum()
    }

    /// The SHA-256 of everything in it except its signature, as 64 hex digits.
    pub fn digest(&self) -> anyhow::Result<String> {
        let said = serde_json::to_vec(&Self { signature: None, ..self.clone() })?;
        Ok(Sha256::digest(said).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Writes it into a backup, durably.
    pub fn write(&self, backup: &Path) -> anyhow::Result<()> {
        let path = backup.join(NAME);
        let written = File::create_new(&path).and_then(|mut file| {
            file.write_all(&serde_json::to_vec_pretty(self)?)?;
            file.sync_all()
        });
        written.with_context(|| format!("{} cannot be written", path.display()))
    }

    /// Reads the manifest of a backup, if this program knows its format.
    pub fn read(backup: &Path) -> anyhow::Result<Self> {
        let path = backup.join(NAME);
        let mut text = Vec::new();
        match copying::open_ordinary(&path).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut text)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                bail!("{} is no backup: it holds no {NAME}; name the folder that `yingda backup --to` made", backup.display())
            }
            read => read.with_context(|| format!("{} cannot be read", path.display()))?,
        };
        parse(&text, &path)
    }
}

/// The manifest in the file with this path, if this program knows its format.
pub fn parse(text: &[u8], path: &Path) -> anyhow::Result<Manifest> {
    #[derive(Deserialize)]
    struct Form {
        format: u32,
        version: String,
    }
    let form: Form = serde_json::from_slice(text).with_context(|| format!("{} is damaged: use a different backup", path.display()))?;
    ensure!(form.format <= FORMAT, "the backup was made by a newer yingda, {}: restore it with that version", form.version);
    let manifest: Manifest = serde_json::from_slice(text).with_context(|| format!("{} is damaged: use a different backup", path.display()))?;
    for file in &manifest.files {
        ensure!(is_inside(&file.path), "{} is damaged: {:?} is no place in a backup", path.display(), file.path);
    }
    Ok(manifest)
}

/// Whether a path leads to a file of a company and nowhere else.
fn is_inside(path: &str) -> bool {
    let parts: Vec<Component<'_>> = Path::new(path).components().collect();
    parts.len() == 3 && parts[0].as_os_str() == FILES && parts.iter().all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let sum = Sum { bytes: 3, sha256: "00".into() };
        let identity = Identity { steps: BTreeSet::from([1, 23]), generation: Uuid::from_u128(1), seal_key: "ab".into(), last: None };
        let mut manifest = Manifest::begin(1, SQLITE, identity, sum.clone());
        manifest.files.push(FileSum { path: "files/a/b".into(), sum });
        manifest
    }

    #[test]
    fn what_was_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Manifest::read(folder.path()).unwrap_err().to_string().contains("is no backup"));
        manifest().write(folder.path()).unwrap();
        assert_eq!(Manifest::read(folder.path()).unwrap(), manifest());
    }

    #[test]
    fn another_form_and_a_path_that_leads_out_are_refused() {
        let told = |text: &str| {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(NAME), text).unwrap();
            format!("{:#}", Manifest::read(folder.path()).unwrap_err())
        };
        assert!(told(r#"{"format": 2, "version": "9.0.0", "new": true}"#).contains("a newer yingda, 9.0.0"));
        assert!(told("{").contains("is damaged"));
        let text = serde_json::to_string(&manifest()).unwrap();
        for out in ["files/../x", "/files/a", "../files/a/b", "files/a", "files/a/b/c", "record.db"] {
            assert!(told(&text.replace("files/a/b", out)).contains("no place in a backup"), "{out}");
        }
        assert!(told(&text.replace("\"missing\"", "\"mising\"")).contains("is damaged"));
    }
}
