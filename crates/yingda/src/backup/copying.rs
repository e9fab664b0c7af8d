//! Copies files and folders with their checksums, makes them durable, and removes them again if something goes wrong.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use rustix::{
    fs::{CWD, Mode, OFlags, RenameFlags, renameat_with},
    io::Errno,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The number of bytes read at a time.
pub const PIECE: usize = 1 << 18;

/// The size and checksum that identify a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// The size in bytes.
    pub bytes: u64,
    /// SHA-256, 64 hex digits.
    pub sha256: String,
}

/// Reads a whole file and returns its size and checksum; `each` is called with every piece.
pub fn read(path: &Path, each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<Sum> {
    digest(File::open(path)?, each)
}

/// Like [`read`], for a file in a backup, which others may have placed there. A file whose length
/// differs from `noted` is not read, and one that grows while it is read is read no further than that.
pub fn read_noted(path: &Path, noted: &Sum, each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<Sum> {
    let file = open_ordinary(path)?;
    let bytes = file.metadata()?.len();
    if bytes != noted.bytes {
        return Ok(Sum { bytes, sha256: String::new() });
    }
    digest(file.take(bytes.saturating_add(1)), each)
}

/// Opens a file that others may have placed there: an error if it is not a regular file but, say, a pipe, a device or a link. It never blocks.
pub fn open_ordinary(path: &Path) -> io::Result<File> {
    let ordinary = |file: &fs::Metadata| if file.is_file() { Ok(()) } else { Err(io::Error::other("it is not a regular file")) };
    ordinary(&fs::symlink_metadata(path)?)?;
    // It may have been replaced since the check.
    let file = File::from(rustix::fs::open(path, OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK, Mode::empty())?);
    ordinary(&file.metadata()?)?;
    Ok(file)
}

/// Reads everything and returns its size and checksum; `each` is called with every piece.
pub fn digest(mut file: impl io::Read, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<Sum> {
    let (mut piece, mut sum) = (vec![0; PIECE], Summing::default());
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok(sum.total());
        }
        sum.add(&piece[..read]);
        each(&piece[..read])?;
    }
}

/// The size and checksum of what is seen piece by piece.
#[derive(Default)]
pub struct Summing {
    bytes: u64,
    sum: Sha256,
}

impl Summing {
    /// Adds a piece.
    pub fn add(&mut self, piece: &[u8]) {
        self.sum.update(piece);
        self.bytes += piece.len() as u64;
    }

    /// The size and checksum of all pieces.
    pub fn total(self) -> Sum {
        Sum { bytes: self.bytes, sha256: self.sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect() }
    }
}

/// Copies a file durably to a path that does not exist yet, and returns its size and checksum. `None` if there is no such file.
pub fn copy(from: &Path, to: &Path) -> anyhow::Result<Option<Sum>> {
    if !from.is_file() {
        return Ok(None);
    }
    write_copy(from, to, |each| read(from, each))
}

/// Like [`copy`], for a file in a backup, whose length must be as noted.
pub fn copy_noted(from: &Path, to: &Path, noted: &Sum) -> anyhow::Result<Option<Sum>> {
    write_copy(from, to, |each| read_noted(from, noted, each))
}

/// Writes what is read, piece by piece, to a path that does not exist yet.
pub fn write_copy(from: &Path, to: &Path, read: impl FnOnce(&mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<Sum>) -> anyhow::Result<Option<Sum>> {
    let mut copy = File::create_new(to).with_context(|| format!("{} cannot be written", to.display()))?;
    let mut is_full = false;
    let read = read(&mut |piece| copy.write_all(piece).inspect_err(|_| is_full = true));
    match read {
        // It was deleted before it could be opened.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::remove_file(to)?;
            Ok(None)
        }
        Err(error) => {
            Err(error).with_context(|| if is_full { format!("{} cannot be written", to.display()) } else { format!("{} cannot be read", from.display()) })
        }
        Ok(sum) => {
            copy.sync_all().with_context(|| format!("{} cannot be flushed", to.display()))?;
            Ok(Some(sum))
        }
    }
}

/// Makes the names in a folder and all its subfolders durable.
pub fn sync_folders(folder: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            sync_folders(&path)?;
        }
    }
    sync(folder)
}

/// Makes a file, or the names in a folder, durable.
pub fn sync(path: &Path) -> anyhow::Result<()> {
    File::open(path).and_then(|file| file.sync_all()).with_context(|| format!("{} cannot be flushed", path.display()))
}

/// The folder that contains this path.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What has been created so far; it is removed again unless everything succeeds.
#[derive(Default)]
pub struct Unfinished(Vec<Made>);

enum Made {
    /// A file, or a folder with everything in it.
    Whole(PathBuf),
    /// A folder in which others may have placed something since; it is removed only while it is empty.
    Room(PathBuf),
}

impl Unfinished {
    /// Creates a folder that only its owner can read; an error if it exists.
    pub fn folder(&mut self, path: PathBuf) -> anyhow::Result<PathBuf> {
        fs::create_dir(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        self.0.push(Made::Whole(path.clone()));
        Ok(path)
    }

    /// Creates a folder that others look for, and its parent folders, as far as they do not exist.
    pub fn room(&mut self, path: &Path) -> anyhow::Result<()> {
        let missing: Vec<_> = path.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists()).map(Path::to_owned).collect();
        // The folders that contain them are removed after them.
        self.0.extend(missing.into_iter().rev().map(Made::Room));
        fs::create_dir_all(path).with_context(|| format!("{} cannot be made", path.display()))
    }

    /// Moves something that was created to a path that does not exist yet; an error if it does.
    pub fn move_to(&mut self, from: &Path, to: PathBuf) -> anyhow::Result<()> {
        let moved = match renameat_with(CWD, from, CWD, &to, RenameFlags::NOREPLACE) {
            // Not every file system can do that atomically.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) if fs::symlink_metadata(&to).is_err() => fs::rename(from, &to),
            moved => moved.map_err(io::Error::from),
        };
        moved.with_context(|| format!("{} cannot be moved to {}", from.display(), to.display()))?;
        self.0.push(Made::Whole(to));
        Ok(())
    }

    /// Adds something that was created elsewhere.
    pub fn also(&mut self, path: PathBuf) {
        self.0.push(Made::Whole(path));
    }

    /// Keeps everything, because all of it succeeded.
    pub fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        for made in self.0.drain(..).rev() {
            let (gone, path) = match made {
                Made::Whole(path) if path.is_dir() => (fs::remove_dir_all(&path), path),
                Made::Whole(path) => (fs::remove_file(&path), path),
                Made::Room(path) => (fs::remove_dir(&path), path),
            };
            match gone {
                Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty) => {
                    eprintln!("{} is unfinished and could not be removed: {error}", path.display());
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_what_its_sum_says_and_nothing_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let [from, to] = ["from", "to"].map(|name| folder.path().join(name));
        assert_eq!(copy(&from, &to).unwrap(), None);
        fs::write(&from, "abc").unwrap();
        let sum = copy(&from, &to).unwrap().unwrap();
        assert_eq!((sum.bytes, sum.sha256.as_str()), (3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        assert_eq!(read(&to, |_| Ok(())).unwrap(), sum);
        fs::write(&from, "other").unwrap();
        assert!(copy(&from, &to).unwrap_err().to_string().contains("to cannot be written"));
        assert_eq!(fs::read(&to).unwrap(), b"abc");
    }

    #[test]
    fn what_is_no_ordinary_file_or_of_another_length_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let [file, pipe, link, endless] = ["file", "pipe", "link", "endless"].map(|name| folder.path().join(name));
        fs::write(&file, "abc").unwrap();
        rustix::fs::mknodat(CWD, &pipe, rustix::fs::FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &endless).unwrap();
        let noted = read(&file, |_| Ok(())).unwrap();
        for other in [&pipe, &link, &endless, &folder.path().to_owned(), &PathBuf::from("/dev/zero")] {
            let error = read_noted(other, &noted, |_| Ok(())).unwrap_err();
            assert_eq!(error.to_string(), "it is not a regular file", "{}", other.display());
        }
        let unread = |_: &[u8]| panic!("it was read");
        fs::write(&file, "abcd").unwrap();
        assert_eq!(read_noted(&file, &noted, unread).unwrap().bytes, 4);
        assert_eq!(read_noted(&file, &Sum { bytes: 5, ..noted }, unread).unwrap().bytes, 4);
    }

    #[test]
    fn what_is_unfinished_goes_and_what_was_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine"), "x").unwrap();
        let mut unfinished = Unfinished::default();
        let part = unfinished.folder(folder.path().join("part")).unwrap();
        fs::write(part.join("a"), "a").unwrap();
        unfinished.move_to(&part.join("a"), folder.path().join("b")).unwrap();
        fs::write(part.join("c"), "c").unwrap();
        assert!(unfinished.move_to(&part.join("c"), folder.path().join("mine")).unwrap_err().to_string().contains("cannot be moved"));
        assert_eq!(fs::read(folder.path().join("mine")).unwrap(), b"x");
        let [deep, deeper] = ["deep/er", "deep/er/still"].map(|name| folder.path().join(name));
        unfinished.room(&deep).unwrap();
        unfinished.room(&deeper).unwrap();
        drop(unfinished);
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["mine"]);
        let mut unfinished = Unfinished::default();
        unfinished.room(&deeper).unwrap();
        fs::write(deep.join("another's"), "x").unwrap();
        drop(unfinished);
        assert!(deep.join("another's").exists() && !deeper.exists(), "what others put there stays");
    }
}
