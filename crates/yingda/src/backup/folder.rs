//! The folder of a backup: files as they are, or each of them sealed under a passphrase.
//!
//! What is sealed has the form of a company's archive ([`portability::archive`]): nothing can be changed, cut off or exchanged unnoticed, and nothing is
//! known without the passphrase but how many files there are and how large.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use portability::archive::{Archive, ArchiveError, HEADER, SealedFile};

use super::{
    copying::{self, Sum, Summing},
    manifest::{self, Manifest},
};

/// The name of the sealed manifest.
const SEALED_MANIFEST: &str = "backup";
/// The most bytes of the file that says how to derive the key.
const MOST_HEADER: u64 = 1 << 20;

/// A backup's folder that is being written or read.
pub enum BackupFolder {
    /// Readable for everybody who may read the files.
    Plain(PathBuf),
    /// Sealed under a passphrase.
    Sealed(PathBuf, Archive),
}

impl BackupFolder {
    /// Begins a backup in an empty folder; sealed if there is a passphrase.
    pub fn begin(folder: &Path, passphrase: Option<&str>) -> anyhow::Result<Self> {
        let Some(passphrase) = passphrase else { return Ok(Self::Plain(folder.to_owned())) };
        let archive = Archive::create(folder, passphrase, env!("CARGO_PKG_VERSION")).map_err(in_words)?;
        copying::sync(&folder.join(HEADER))?;
        Ok(Self::Sealed(folder.to_owned(), archive))
    }

    /// Opens a backup; an error if it is sealed and there is no passphrase, or a different one.
    pub fn open(folder: &Path, passphrase: Option<&str>) -> anyhow::Result<Self> {
        if !is_sealed(folder)? {
            return Ok(Self::Plain(folder.to_owned()));
        }
        let Some(passphrase) = passphrase else { bail!("the backup {} is sealed: name the file of its passphrase with `--passphrase-file`", folder.display()) };
        Ok(Self::Sealed(folder.to_owned(), Archive::open(folder, passphrase).map_err(in_words)?))
    }

    /// Whether it is sealed under a passphrase.
    pub const fn is_sealed(&self) -> bool {
        matches!(self, Self::Sealed(..))
    }

    /// Copies a file into it, durably; returns its size and checksum. `None` if there is no such file.
    pub fn put(&self, from: &Path, name: &str) -> anyhow::Result<Option<Sum>> {
        match self {
            Self::Plain(folder) => copying::copy(from, &with_folder(&folder.join(name))?),
            Self::Sealed(_, archive) => {
                let file = match fs::File::open(from) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                    file => file.with_context(|| format!("{} cannot be read", from.display()))?,
                };
                let mut sealed = archive.write(name).map_err(in_words)?;
                copying::digest(file, |piece| write(&mut sealed, piece)).with_context(|| format!("{} cannot be backed up", from.display()))?;
                let (sha256, bytes) = sealed.finish().map_err(in_words)?;
                Ok(Some(Sum { bytes, sha256 }))
            }
        }
    }

    /// Writes what is read, piece by piece, into it, durably; returns its size and checksum.
    pub fn put_pieces(&self, name: &str, read: impl FnOnce(&mut dyn FnMut(&[u8]) -> io::Result<()>) -> anyhow::Result<()>) -> anyhow::Result<Sum> {
        match self {
            Self::Plain(folder) => {
                let path = folder.join(name);
                let mut file = fs::File::create_new(&path).with_context(|| format!("{} cannot be written", path.display()))?;
                let mut sum = Summing::default();
                read(&mut |piece| {
                    sum.add(piece);
                    file.write_all(piece)
                })?;
                file.sync_all().with_context(|| format!("{} cannot be flushed", path.display()))?;
                Ok(sum.total())
            }
            Self::Sealed(_, archive) => {
                let mut sealed = archive.write(name).map_err(in_words)?;
                read(&mut |piece| write(&mut sealed, piece))?;
                let (sha256, bytes) = sealed.finish().map_err(in_words)?;
                Ok(Sum { bytes, sha256 })
            }
        }
    }

    /// Writes the manifest, which completes the backup.
    pub fn write_manifest(&self, manifest: &Manifest) -> anyhow::Result<()> {
        match self {
            Self::Plain(folder) => manifest.write(folder),
            Self::Sealed(_, archive) => {
                let mut sealed = archive.write(SEALED_MANIFEST).map_err(in_words)?;
                sealed.write(&serde_json::to_vec(manifest)?).map_err(in_words)?;
                sealed.finish().map_err(in_words)?;
                Ok(())
            }
        }
    }

    /// What the manifest notes of the folder itself: the checksum of the file that says how to derive the key, which is not sealed.
    pub fn header_sum(&self) -> anyhow::Result<Option<String>> {
        match self {
            Self::Plain(_) => Ok(None),
            Self::Sealed(_, archive) => Ok(Some(archive.header_sum().map_err(in_words)?)),
        }
    }

    /// Reads the manifest, if this program knows its format.
    pub fn manifest(&self) -> anyhow::Result<Manifest> {
        match self {
            Self::Plain(folder) => Manifest::read(folder),
            Self::Sealed(folder, archive) => {
                let path = archive.path(SEALED_MANIFEST).map_err(in_words)?;
                ensure!(
                    path.exists(),
                    "{} is no backup, or not all of it is there: a company's archive is brought in by `yingda company import`",
                    folder.display()
                );
                let mut text = Vec::new();
                self.read_sealed(archive, SEALED_MANIFEST, |piece| {
                    ensure_length(text.len() + piece.len())?;
                    text.extend_from_slice(piece);
                    Ok(())
                })?;
                let manifest = manifest::parse(&text, &path)?;
                ensure!(manifest.sealed_header == self.header_sum()?, "{HEADER} in the backup was altered: the backup is damaged; use a different one");
                Ok(manifest)
            }
        }
    }

    /// Reads a file of the backup, of which this was noted; `each` is called with every piece. `None` if it is not there.
    pub fn read(&self, name: &str, noted: &Sum, each: impl FnMut(&[u8]) -> io::Result<()>) -> anyhow::Result<Option<Sum>> {
        match self {
            Self::Plain(folder) => match copying::read_noted(&folder.join(name), noted, each) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                read => Ok(Some(read.with_context(|| format!("{name} in the backup cannot be read"))?)),
            },
            Self::Sealed(_, archive) if archive.path(name).map_err(in_words)?.symlink_metadata().is_err() => Ok(None),
            Self::Sealed(_, archive) => Ok(Some(self.read_sealed(archive, name, each)?)),
        }
    }

    /// Copies a file of the backup, of which this was noted, durably to a path that does not exist yet. `None` if it is not there.
    pub fn take_out(&self, name: &str, noted: &Sum, to: &Path) -> anyhow::Result<Option<Sum>> {
        match self {
            Self::Plain(folder) => copying::copy_noted(&folder.join(name), to, noted),
            Self::Sealed(_, archive) => copying::write_copy(&self.path(name), to, |each| self.read_sealed(archive, name, each).map_err(io::Error::other)),
        }
    }

    /// Where a file is in it, as it is.
    pub fn path(&self, name: &str) -> PathBuf {
        match self {
            Self::Plain(folder) | Self::Sealed(folder, _) => folder.join(name),
        }
    }

    fn read_sealed(&self, archive: &Archive, name: &str, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> anyhow::Result<Sum> {
        // Others may have placed it there.
        copying::open_ordinary(&archive.path(name).map_err(in_words)?).with_context(|| format!("{name} in the backup cannot be read"))?;
        let read = archive.read(name, |piece| each(piece).map_err(|error| ArchiveError::Io(self.path(name).display().to_string(), error)));
        let (sha256, bytes) = read.map_err(in_words)?;
        Ok(Sum { bytes, sha256 })
    }
}

/// Whether the backup in this folder is sealed; an error if the file that says how it is sealed cannot be read.
pub fn is_sealed(folder: &Path) -> anyhow::Result<bool> {
    let path = folder.join(HEADER);
    match copying::open_ordinary(&path).and_then(|file| file.metadata()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        found => {
            ensure!(
                found.with_context(|| format!("{} cannot be read", path.display()))?.len() <= MOST_HEADER,
                "{} is damaged: use a different backup",
                path.display()
            );
            Ok(true)
        }
    }
}

fn ensure_length(bytes: usize) -> io::Result<()> {
    if bytes as u64 > manifest::MOST_BYTES { Err(io::Error::other("it is too long")) } else { Ok(()) }
}

fn write(sealed: &mut SealedFile, piece: &[u8]) -> io::Result<()> {
    sealed.write(piece).map_err(|error| match error {
        ArchiveError::Io(_, error) => error,
        other => io::Error::other(other),
    })
}

/// The path, after the folder that contains it was made.
fn with_folder(path: &Path) -> anyhow::Result<PathBuf> {
    let folder = copying::folder_of(path);
    if !folder.is_dir() {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    Ok(path.to_owned())
}

/// An error of the archive, said of a backup.
fn in_words(error: ArchiveError) -> anyhow::Error {
    match error {
        ArchiveError::Altered(name) => anyhow::anyhow!("{name} in the backup is not what was backed up: the backup is damaged; use a different one"),
        ArchiveError::WrongPassphrase => anyhow::anyhow!("this is not the passphrase under which the backup is sealed, or {HEADER} in it is damaged"),
        ArchiveError::Newer { version } => anyhow::anyhow!("the backup was made by a newer yingda, {version}: restore it with that version or a later one"),
        ArchiveError::Io(path, error) => anyhow::Error::new(error).context(path),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSPHRASE: &str = "a long passphrase";

    #[test]
    fn what_was_put_in_comes_out_and_only_with_the_passphrase() {
        let folder = tempfile::tempdir().unwrap();
        let [from, to, sealed] = ["from", "to", "sealed"].map(|name| folder.path().join(name));
        fs::write(&from, "planted".repeat(30_000)).unwrap();
        let backup = BackupFolder::begin(&sealed, Some(PASSPHRASE)).unwrap();
        assert!(backup.put(&folder.path().join("none"), "files/a/b").unwrap().is_none());
        let sum = backup.put(&from, "files/a/c").unwrap().unwrap();
        assert_eq!(sum, copying::read(&from, |_| Ok(())).unwrap());
        let told = |passphrase| BackupFolder::open(&sealed, passphrase).err().unwrap().to_string();
        assert!(told(None).contains("--passphrase-file") && told(Some("another passphrase")).contains("not the passphrase"));
        let backup = BackupFolder::open(&sealed, Some(PASSPHRASE)).unwrap();
        assert!(backup.is_sealed() && backup.read("files/a/b", &sum, |_| Ok(())).unwrap().is_none());
        assert_eq!(backup.take_out("files/a/c", &sum, &to).unwrap().unwrap(), sum);
        assert_eq!(fs::read(&to).unwrap(), fs::read(&from).unwrap());
        assert!(!fs::read(sealed.join("files/a/c.sealed")).unwrap().windows(7).any(|part| part == b"planted"));
        assert!(backup.manifest().unwrap_err().to_string().contains("is no backup"));
    }
}
