//! The sealing key: where it is kept, how it is created, and how it is recognised. It is kept outside the record that it seals, and no backup of the record
//! contains it.

use std::{
    fmt,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use seal::vault::hex;
use sha2::Sha256;

use crate::durable::{folder_of, sync_folder};

/// The name of the key's file in the data folder, unless a setting names another. It is not part of any backup.
pub const SEAL_KEY_FILE: &str = "seal.key";

/// The minimum and maximum number of characters of a key.
const LENGTH: (usize, usize) = (32, 1024);
/// Random bytes in a generated key, as with `openssl rand -base64 48`.
const MADE_BYTES: usize = 48;
/// The number of bytes of a fingerprint.
const FINGERPRINT_BYTES: usize = 16;

/// A sealing key: one line of printable ASCII.
#[derive(Clone, PartialEq, Eq)]
pub struct SealKey(String);

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SealKey").field(&self.fingerprint()).finish()
    }
}

/// Why no key is available.
#[derive(Debug, thiserror::Error)]
pub enum SealKeyError {
    /// There is no such file.
    #[error("there is no sealing key in {0}: the file does not exist")]
    Missing(PathBuf),
    /// The given text cannot be a key.
    #[error("{0} does not contain a sealing key: a key is one line of {least} to {most} printable ASCII characters without spaces, such as `openssl rand -base64 48` prints", least = LENGTH.0, most = LENGTH.1)]
    Unfit(String),
    /// The file exists, and existing files are never overwritten.
    #[error("{0} already exists, and a key never overwrites anything: name a file that does not exist")]
    Taken(PathBuf),
    /// The file could not be read or written.
    #[error("the sealing key in {0}: {1}")]
    Io(PathBuf, io::Error),
}

impl SealKey {
    /// Parses a key; `place` says where it came from, for the error. White space around it is ignored.
    pub fn parse(text: &str, place: &str) -> Result<Self, SealKeyError> {
        let key = text.trim();
        let fits = (LENGTH.0..=LENGTH.1).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(key.to_owned())) } else { Err(SealKeyError::Unfit(place.to_owned())) }
    }

    /// Reads a key's file.
    pub fn read(path: &Path) -> Result<Self, SealKeyError> {
        let bytes = fs::read(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => SealKeyError::Missing(path.to_owned()),
            _ => SealKeyError::Io(path.to_owned(), error),
        })?;
        if fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0) {
            tracing::warn!(file = %path.display(), "others on this machine can read the sealing key: close it to them, `chmod 600`");
        }
        Self::parse(&String::from_utf8_lossy(&bytes), &path.display().to_string())
    }

    /// Generates a new key and writes it to a file; see [`SealKey::write`].
    pub fn make(path: &Path) -> Result<Self, SealKeyError> {
        let mut bytes = [0_u8; MADE_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| SealKeyError::Io(path.to_owned(), io::Error::other(error)))?;
        let key = Self(STANDARD.encode(bytes));
        key.write(path)?;
        Ok(key)
    }

    /// Writes the key to a file that must not exist yet and that only its owner can read. When this returns, the complete file is on disk; a crash before that
    /// leaves no file of this name.
    pub fn write(&self, path: &Path) -> Result<(), SealKeyError> {
        let failed = |error: io::Error| SealKeyError::Io(path.to_owned(), error);
        let folder = folder_of(path);
        let name = path.file_name().ok_or_else(|| failed(io::ErrorKind::InvalidFilename.into()))?;
        let unfinished = folder.join(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
        let written = (|| {
            let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&unfinished)?;
            file.write_all(format!("{}\n", self.0).as_bytes())?;
            file.sync_all()?;
            // Unlike a rename, this fails if the name is taken.
            fs::hard_link(&unfinished, path)
        })();
        let _ = fs::remove_file(&unfinished);
        written.map_err(|error| if error.kind() == io::ErrorKind::AlreadyExists { SealKeyError::Taken(path.to_owned()) } else { failed(error) })?;
        sync_folder(folder).map_err(failed)
    }

    /// Identifies the key, as 32 hex digits; the key cannot be derived from it. It is stored in the record ([`store::entry_points::Sealed`]), and appears in
    /// messages and in the log.
    pub fn fingerprint(&self) -> String {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.bytes()) else { return String::new() };
        mac.update(b"seal key fingerprint 1");
        hex(&mac.finalize().into_bytes()[..FINGERPRINT_BYTES])
    }

    /// Signs a backup whose manifest has this digest, 64 hex digits: only a holder of the key can. The signature uses a key derived for this purpose, so that
    /// it is of no use for anything else.
    pub fn sign_backup(&self, digest: &str) -> String {
        self.backup_mac(digest).map(|mac| hex(&mac.finalize().into_bytes())).unwrap_or_default()
    }

    /// Whether a backup with this digest was signed with this key. The time it takes reveals nothing about the right signature.
    pub fn has_signed_backup(&self, digest: &str, signature: &str) -> bool {
        let bytes =
            (0..signature.len()).step_by(2).map(|at| signature.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok())).collect::<Option<Vec<u8>>>();
        bytes.zip(self.backup_mac(digest)).is_some_and(|(bytes, mac)| mac.verify_slice(&bytes).is_ok())
    }

    fn backup_mac(&self, digest: &str) -> Option<Hmac<Sha256>> {
        // HMAC takes keys of any length.
        let derived = Hmac::<Sha256>::new_from_slice(self.bytes()).ok()?.chain_update(b"backup manifest 1").finalize().into_bytes();
        Some(Hmac::<Sha256>::new_from_slice(&derived).ok()?.chain_update(digest))
    }

    /// The bytes that other keys are derived from.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Where the configuration says the key is.
#[derive(Debug, Clone)]
pub enum SealKeyFrom {
    /// The key itself, given in the environment.
    Given(SealKey),
    /// The file that contains it, which may not exist yet.
    File(PathBuf),
}

impl SealKeyFrom {
    /// The key, or `None` if its file does not exist.
    pub fn find(&self) -> Result<Option<SealKey>, SealKeyError> {
        match self {
            Self::Given(key) => Ok(Some(key.clone())),
            Self::File(path) => match SealKey::read(path) {
                Err(SealKeyError::Missing(_)) => Ok(None),
                found => found.map(Some),
            },
        }
    }
}

impl fmt::Display for SealKeyFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(_) => f.write_str("YINGDA_SEAL_KEY"),
            Self::File(path) => write!(f, "`seal_key_file` ({})", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_closed_to_others_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(SEAL_KEY_FILE);
        assert!(matches!(SealKey::read(&path), Err(SealKeyError::Missing(_))));
        assert!(SealKeyFrom::File(path.clone()).find().unwrap().is_none());
        let made = SealKey::make(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(SealKey::read(&path).unwrap(), made);
        assert!(matches!(SealKey::make(&path), Err(SealKeyError::Taken(_))), "never over an existing one");
        assert_eq!(SealKey::read(&path).unwrap(), made);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
        let other = SealKey::parse(&"k".repeat(40), "x").unwrap();
        assert!(matches!(other.write(&path), Err(SealKeyError::Taken(_))), "nor is one that was given");
        assert_eq!((SealKey::read(&path).unwrap(), fs::read_dir(folder.path()).unwrap().count()), (made.clone(), 1));
        assert_ne!(SealKey::make(&folder.path().join("another")).unwrap(), made);
        assert!(matches!(SealKey::make(&folder.path().join("no folder").join("x")), Err(SealKeyError::Io(..))));
    }

    #[test]
    fn what_openssl_prints_is_a_key_and_what_is_short_broken_or_binary_is_none() {
        let line = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ";
        assert_eq!(SealKey::parse(&format!("{line}\r\n"), "x").unwrap(), SealKey::parse(line, "y").unwrap());
        for unfit in
            ["", "short", &"k".repeat(31), &"k".repeat(1025), &format!("{line}\n{line}"), &format!("{line} x"), &"é".repeat(40), &format!("{line}\u{0}")]
        {
            assert!(SealKey::parse(unfit, "seal.key").unwrap_err().to_string().starts_with("seal.key does not contain a sealing key"), "{unfit:?}");
        }
    }

    #[test]
    fn a_backup_is_signed_by_its_key_alone_and_the_signature_shows_nothing_of_it() {
        let [one, other] = ["a", "b"].map(|letter| SealKey::parse(&letter.repeat(40), "x").unwrap());
        let signature = one.sign_backup("digest");
        assert!(one.has_signed_backup("digest", &signature) && signature.len() == 64 && signature != one.sign_backup("another"));
        assert!(!one.has_signed_backup("another", &signature) && !other.has_signed_backup("digest", &signature));
        for forged in ["", "00", &signature[..62], &signature[..63], &"é".repeat(32), &format!("{signature}00"), &one.fingerprint()] {
            assert!(!one.has_signed_backup("digest", forged), "{forged}");
        }
    }

    #[test]
    fn a_fingerprint_tells_keys_apart_and_shows_nothing_of_them() {
        let [one, other] = ["a", "b"].map(|letter| SealKey::parse(&letter.repeat(40), "x").unwrap());
        assert_eq!((one.fingerprint(), one.fingerprint().len()), (one.clone().fingerprint(), 32));
        assert_ne!(one.fingerprint(), other.fingerprint());
        assert!(!format!("{one:?} {:?}", SealKeyFrom::Given(one.clone())).contains("aaaa"));
    }
}
