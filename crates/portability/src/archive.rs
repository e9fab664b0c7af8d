//! The archive of a company: a folder of sealed files. docs/EXPORT.md describes it.
//!
//! A key is derived from the passphrase, and from that one for each file, bound to the file's name; a file is sealed in chunks, the last of which is marked. So
//! nothing in it can be changed, cut off or exchanged unnoticed, and nothing is known without the passphrase but how large the files are.

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Component, Path, PathBuf},
};

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _,
    aead::stream::{DecryptorBE32, EncryptorBE32},
};
use db::{
    cells::{Cell, Kind},
    migrations::Standing,
};
use domain::id::TenantId;
use seal::{digest, vault::hex};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{holdings::Table, rows::Row};

/// The form of archives that this release writes, and the only one that it reads.
pub const FORMAT: u32 = 1;
/// The file that says how to derive the key.
pub const HEADER: &str = "archive.json";
/// The file that lists all others.
const MANIFEST: &str = "manifest";
/// What the names of sealed files end in.
const ENDING: &str = "sealed";
/// The least number of characters of a passphrase.
pub const LEAST_PASSPHRASE: usize = 12;
/// How much is sealed at a time, in bytes.
const CHUNK: usize = 64 * 1024;
/// What sealing adds to a chunk, in bytes.
const TAG: usize = 16;
/// The nonce of the first chunk; each file has a key of its own.
const NONCE: [u8; 7] = [0; 7];
/// How the key is derived: Argon2id with 64 MiB and three passes.
const DERIVATION: (u32, u32, u32) = (64 * 1024, 3, 1);

/// Why an archive cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    Io(String, io::Error),
    /// It is not what was exported.
    #[error("the archive was altered or is damaged ({0}): nothing was imported; use a different copy")]
    Altered(String),
    /// It does not open with this passphrase.
    #[error("this is not the passphrase with which the archive was sealed")]
    WrongPassphrase,
    /// The passphrase is too short to protect it.
    #[error("the passphrase has to have at least {LEAST_PASSPHRASE} characters")]
    WeakPassphrase,
    /// A newer release wrote it.
    #[error("the archive was made by a newer yingda, {version}: import it with that version or a later one")]
    Newer {
        /// The version that wrote it.
        version: String,
    },
    /// An older release wrote it, whose rows are of another form.
    #[error("the archive was made by yingda {version}, whose tables are of another form: import it with that version, update it, and export it again")]
    Older {
        /// The version that wrote it.
        version: String,
    },
    /// There is something where it is to be written.
    #[error("{0} exists already and is not empty: name a folder that does not exist")]
    Taken(PathBuf),
    /// There is no archive.
    #[error("{0} is not the folder of an export: there is no {HEADER} in it")]
    Missing(PathBuf),
    /// The key cannot be derived.
    #[error("the key cannot be derived")]
    NoKey,
}

/// The result of work on an archive.
pub type Result<T> = std::result::Result<T, ArchiveError>;

/// What is readable without the passphrase.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    format: u32,
    version: String,
    /// Base64.
    salt: String,
    /// By which the passphrase is recognised: a keyed digest, in hex.
    check: String,
}

/// What an archive contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the program that wrote it.
    pub version: String,
    /// The greatest number of a step of the schema.
    pub schema: i64,
    /// The numbers of all of them; none in an archive from before they were written down.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub steps: BTreeSet<i64>,
    /// When it was made, in milliseconds since 1970.
    pub made_at: i64,
    /// The company's id.
    pub company: Uuid,
    /// The company's short name.
    pub slug: String,
    /// The keys of its sites, which have to be unique where it is imported.
    pub site_keys: Vec<String>,
    /// How many sealed values did not open and were left out.
    pub unreadable: u64,
    /// The tables, in the order in which they can be inserted.
    pub tables: Vec<TableFile>,
    /// The uploaded files and pictures.
    pub files: Vec<UploadedFile>,
}

/// The rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFile {
    /// The table's name.
    pub name: String,
    /// How many rows there are.
    pub rows: u64,
    /// SHA-256 of the lines, in hex.
    pub sha256: String,
}

/// An uploaded file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadedFile {
    /// Its path in the company's folder.
    pub path: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}

/// An archive that is being written or read. Cheap to clone.
#[derive(Clone)]
pub struct Archive {
    folder: PathBuf,
    key: [u8; 32],
}

impl Archive {
    /// Begins an archive in a folder that does not exist or is empty.
    pub fn create(folder: &Path, passphrase: &str, version: &str) -> Result<Self> {
        if passphrase.chars().count() < LEAST_PASSPHRASE {
            return Err(ArchiveError::WeakPassphrase);
        }
        fs::create_dir_all(folder).map_err(|error| at(folder, error))?;
        if fs::read_dir(folder).map_err(|error| at(folder, error))?.next().is_some() {
            return Err(ArchiveError::Taken(folder.to_owned()));
        }
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|_| ArchiveError::NoKey)?;
        let key = derive(passphrase, &salt)?;
        let header = Header { format: FORMAT, version: version.to_owned(), salt: BASE64.encode(salt), check: check(&key) };
        let json = serde_json::to_vec_pretty(&header).map_err(|error| at(folder, error.into()))?;
        let path = folder.join(HEADER);
        fs::write(&path, json).map_err(|error| at(&path, error))?;
        Ok(Self { folder: folder.to_owned(), key })
    }

    /// Opens an archive.
    pub fn open(folder: &Path, passphrase: &str) -> Result<Self> {
        let path = folder.join(HEADER);
        let json = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(ArchiveError::Missing(folder.to_owned())),
            json => json.map_err(|error| at(&path, error))?,
        };
        // A later form may have any fields but these two.
        let said: Value = serde_json::from_slice(&json).map_err(|_| alteration(HEADER))?;
        let version = said.get("version").and_then(Value::as_str).unwrap_or_default().to_owned();
        match said.get("format").and_then(Value::as_u64) {
            Some(format) if format == u64::from(FORMAT) => {}
            Some(format) if format > u64::from(FORMAT) => return Err(ArchiveError::Newer { version }),
            _ => return Err(alteration(HEADER)),
        }
        let header: Header = serde_json::from_value(said).map_err(|_| alteration(HEADER))?;
        let salt = BASE64.decode(&header.salt).map_err(|_| alteration(HEADER))?;
        let key = derive(passphrase, &salt)?;
        if header.check != check(&key) {
            return Err(ArchiveError::WrongPassphrase);
        }
        Ok(Self { folder: folder.to_owned(), key })
    }

    /// SHA-256 of the file that says how to derive the key, in hex: a sealed file that names it shows whether that one was altered.
    pub fn header_sum(&self) -> Result<String> {
        let path = self.folder.join(HEADER);
        Ok(hex(&Sha256::digest(fs::read(&path).map_err(|error| at(&path, error))?)))
    }

    /// Begins a sealed file; its name is a path in the archive.
    pub fn write(&self, name: &str) -> Result<SealedFile> {
        let path = self.path(name)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| at(folder, error))?;
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(|error| at(&path, error))?;
        let encryptor = EncryptorBE32::from_aead(self.cipher(name), &NONCE.into());
        Ok(SealedFile { path, file: BufWriter::new(file), encryptor, pending: Vec::with_capacity(CHUNK), sum: Sha256::new(), bytes: 0 })
    }

    /// Reads a sealed file, chunk by chunk; returns its SHA-256 in hex and its length.
    pub fn read(&self, name: &str, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<(String, u64)> {
        let path = self.path(name)?;
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(alteration(name)),
            file => file.map_err(|error| at(&path, error))?,
        };
        let (mut file, mut decryptor) = (BufReader::new(file), DecryptorBE32::from_aead(self.cipher(name), &NONCE.into()));
        let (mut sum, mut bytes) = (Sha256::new(), 0);
        let mut chunk = next_chunk(&mut file).map_err(|error| at(&path, error))?;
        loop {
            let next = next_chunk(&mut file).map_err(|error| at(&path, error))?;
            if next.is_empty() {
                let opened = decryptor.decrypt_last(&chunk[..]).map_err(|_| alteration(name))?;
                sum.update(&opened);
                bytes += opened.len() as u64;
                take(&opened)?;
                return Ok((hex(&sum.finalize()), bytes));
            }
            let opened = decryptor.decrypt_next(&chunk[..]).map_err(|_| alteration(name))?;
            sum.update(&opened);
            bytes += opened.len() as u64;
            take(&opened)?;
            chunk = next;
        }
    }

    /// Writes the manifest, which completes the archive.
    pub fn finish(&self, manifest: &Manifest) -> Result<()> {
        let mut file = self.write(MANIFEST)?;
        file.write(&serde_json::to_vec(manifest).map_err(|error| at(&self.folder, error.into()))?)?;
        file.finish()?;
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(|error| at(&self.folder, error))
    }

    /// Reads the manifest, and refuses one of a release whose schema has not exactly these steps.
    pub fn manifest(&self, own: &BTreeSet<i64>) -> Result<Manifest> {
        let mut json = Vec::new();
        self.read(MANIFEST, |chunk| {
            json.extend_from_slice(chunk);
            Ok(())
        })?;
        let manifest: Manifest = serde_json::from_slice(&json).map_err(|_| alteration(MANIFEST))?;
        match Standing::of(&manifest.steps, manifest.schema, own) {
            Standing::Newer => Err(ArchiveError::Newer { version: manifest.version }),
            Standing::Older => Err(ArchiveError::Older { version: manifest.version }),
            Standing::Equal => Ok(manifest),
        }
    }

    /// Reads everything once, and compares it with the manifest.
    pub fn verify(&self, manifest: &Manifest) -> Result<()> {
        for table in &manifest.tables {
            let (sum, _) = self.read(&table_file(&table.name), |_| Ok(()))?;
            if sum != table.sha256 {
                return Err(alteration(&table.name));
            }
        }
        for file in &manifest.files {
            if !is_inside(&file.path) {
                return Err(alteration(&file.path));
            }
            if self.read(&uploaded_file(&file.path), |_| Ok(()))? != (file.sha256.clone(), file.bytes) {
                return Err(alteration(&file.path));
            }
        }
        Ok(())
    }

    fn cipher(&self, name: &str) -> ChaCha20Poly1305 {
        let key = digest(&self.key, &[b"file 1", name.as_bytes()]);
        let mut fixed = [0; 32];
        fixed.iter_mut().zip(key).for_each(|(place, byte)| *place = byte);
        ChaCha20Poly1305::new(&fixed.into())
    }

    /// Where the sealed form of a file is.
    pub fn path(&self, name: &str) -> Result<PathBuf> {
        if !is_inside(name) {
            return Err(alteration(name));
        }
        Ok(self.folder.join(format!("{name}.{ENDING}")))
    }
}

/// The name of the file with the rows of a table.
pub fn table_file(table: &str) -> String {
    format!("tables/{table}.ndjson")
}

/// The name of the sealed form of an uploaded file.
pub fn uploaded_file(path: &str) -> String {
    format!("files/{path}")
}

/// Whether a path leads to no place outside.
pub fn is_inside(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// A file that is being sealed.
pub struct SealedFile {
    path: PathBuf,
    file: BufWriter<File>,
    encryptor: EncryptorBE32<ChaCha20Poly1305>,
    pending: Vec<u8>,
    sum: Sha256,
    bytes: u64,
}

impl SealedFile {
    /// Appends bytes.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        self.sum.update(bytes);
        self.bytes += bytes.len() as u64;
        while !bytes.is_empty() {
            // A full chunk is sealed when it is known that it is not the last one.
            if self.pending.len() == CHUNK {
                let sealed = self.encryptor.encrypt_next(&self.pending[..]).map_err(|_| ArchiveError::NoKey)?;
                self.file.write_all(&sealed).map_err(|error| at(&self.path, error))?;
                self.pending.clear();
            }
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK - self.pending.len()));
            self.pending.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Seals the last chunk and flushes the file; returns SHA-256 of what was written, in hex, and its length.
    pub fn finish(mut self) -> Result<(String, u64)> {
        let sealed = self.encryptor.encrypt_last(&self.pending[..]).map_err(|_| ArchiveError::NoKey)?;
        let done = self.file.write_all(&sealed).and_then(|()| self.file.flush()).and_then(|()| self.file.get_ref().sync_all());
        done.map_err(|error| at(&self.path, error))?;
        Ok((hex(&self.sum.finalize()), self.bytes))
    }
}

/// A row as a line of JSON: ids as they are written, bytes in base64.
pub fn line(table: &Table, row: &Row) -> String {
    let value = |cell: &Cell| match cell {
        Cell::Null => Value::Null,
        Cell::Id(id) => Value::String(id.to_string()),
        Cell::Bytes(bytes) => Value::String(BASE64.encode(bytes)),
        Cell::Int(number) => Value::from(*number),
        Cell::Text(text) => Value::String(text.clone()),
    };
    let fields: Map<String, Value> = table.columns().zip(row).map(|(column, cell)| (column.name.to_owned(), value(cell))).collect();
    Value::Object(fields).to_string()
}

/// A row from its line; `None` if it is none of this table.
pub fn parse(table: &Table, line: &[u8]) -> Option<Row> {
    let fields: Map<String, Value> = serde_json::from_slice(line).ok()?;
    let cell = |kind: Kind, value: &Value| {
        Some(match (kind, value) {
            (_, Value::Null) => Cell::Null,
            (Kind::Id, Value::String(id)) => Cell::Id(id.parse().ok()?),
            (Kind::Bytes, Value::String(bytes)) => Cell::Bytes(BASE64.decode(bytes).ok()?),
            (Kind::Int, number) => Cell::Int(number.as_i64()?),
            (Kind::Text, Value::String(text)) => Cell::Text(text.clone()),
            _ => return None,
        })
    };
    (fields.len() == table.columns().count()).then_some(())?;
    table.columns().map(|column| cell(column.kind, fields.get(column.name)?)).collect()
}

/// Whether the row is the company's.
pub fn is_of(table: &Table, row: &Row, tenant: TenantId) -> bool {
    let place = table.columns().position(|column| Some(column.name) == table.company_column());
    place.and_then(|at| row.get(at)) == Some(&Cell::Id(tenant.uuid()))
}

fn next_chunk(file: &mut impl io::Read) -> io::Result<Vec<u8>> {
    let mut chunk = Vec::with_capacity(CHUNK + TAG);
    file.take((CHUNK + TAG) as u64).read_to_end(&mut chunk)?;
    Ok(chunk)
}

fn derive(passphrase: &str, salt: &[u8]) -> Result<[u8; 32]> {
    let (memory, passes, lanes) = DERIVATION;
    let params = Params::new(memory, passes, lanes, Some(32)).map_err(|_| ArchiveError::NoKey)?;
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(passphrase.as_bytes(), salt, &mut key).map_err(|_| ArchiveError::NoKey)?;
    Ok(key)
}

fn check(key: &[u8; 32]) -> String {
    hex(&digest(key, &[b"check 1"]))
}

fn at(path: &Path, error: io::Error) -> ArchiveError {
    ArchiveError::Io(path.display().to_string(), error)
}

fn alteration(what: &str) -> ArchiveError {
    ArchiveError::Altered(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSPHRASE: &str = "a long passphrase";

    fn read(archive: &Archive, name: &str) -> Result<Vec<u8>> {
        let mut all = Vec::new();
        archive.read(name, |chunk| {
            all.extend_from_slice(chunk);
            Ok(())
        })?;
        Ok(all)
    }

    #[test]
    fn what_was_sealed_is_read_again_and_nothing_of_it_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::create(folder.path(), PASSPHRASE, "1").unwrap();
        for length in [0, 5, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let (name, bytes) = (format!("files/{length}"), b"secret!".iter().copied().cycle().take(length).collect::<Vec<u8>>());
            let mut file = archive.write(&name).unwrap();
            bytes.chunks(1000).for_each(|part| file.write(part).unwrap());
            let (sum, written) = file.finish().unwrap();
            assert_eq!((written, read(&archive, &name).unwrap()), (length as u64, bytes));
            assert_eq!(archive.read(&name, |_| Ok(())).unwrap().0, sum);
            let sealed = fs::read(folder.path().join(format!("{name}.sealed"))).unwrap();
            assert!(!sealed.windows(6).any(|part| part == b"secret"));
        }
        assert!(matches!(Archive::open(folder.path(), "another passphrase"), Err(ArchiveError::WrongPassphrase)));
        assert!(matches!(Archive::create(folder.path(), PASSPHRASE, "1"), Err(ArchiveError::Taken(_))));
        assert!(matches!(Archive::create(&folder.path().join("x"), "elevenchars", "1"), Err(ArchiveError::WeakPassphrase)));
        assert!(archive.write("../out").is_err() && archive.write("/out").is_err());
    }

    #[test]
    fn a_file_that_was_changed_cut_or_exchanged_does_not_open() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::create(folder.path(), PASSPHRASE, "1").unwrap();
        for name in ["files/a", "files/b"] {
            let mut file = archive.write(name).unwrap();
            file.write(&vec![7; 2 * CHUNK + 9]).unwrap();
            file.finish().unwrap();
        }
        let (a, b) = (folder.path().join("files/a.sealed"), folder.path().join("files/b.sealed"));
        let whole = fs::read(&a).unwrap();
        let mut changed = whole.clone();
        changed[9] ^= 1;
        for bytes in [changed, whole[..CHUNK + TAG].to_vec(), [&whole[..], b"x"].concat(), fs::read(&b).unwrap(), Vec::new()] {
            fs::write(&a, bytes).unwrap();
            assert!(matches!(read(&archive, "files/a"), Err(ArchiveError::Altered(_))));
        }
        fs::write(&a, whole).unwrap();
        assert_eq!(read(&archive, "files/a").unwrap().len(), 2 * CHUNK + 9);
    }

    #[test]
    fn an_archive_of_a_later_form_is_refused_as_such() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(HEADER), r#"{"format": 2, "version": "9.0.0"}"#).unwrap();
        assert!(matches!(Archive::open(folder.path(), PASSPHRASE), Err(ArchiveError::Newer { version }) if version == "9.0.0"));
        assert!(matches!(Archive::open(&folder.path().join("none"), PASSPHRASE), Err(ArchiveError::Missing(_))));
    }
}
