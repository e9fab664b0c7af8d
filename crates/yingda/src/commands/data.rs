//! The data folder and its lock, which allows one program at a time.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io::{IsTerminal as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use anyhow::Context as _;
use server::setup::FirstLink;

/// Held while the program uses a data folder; the operating system releases it when the program ends, however it ends.
pub struct DataLock(#[expect(dead_code, reason = "held, not read")] [File; 2]);

/// Creates the folder if it does not exist, accessible to its owner only.
pub fn create(data: &Path) -> anyhow::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(data).with_context(|| format!("the data folder {} cannot be made", data.display()))?;
    // Also for a folder that existed already.
    fs::set_permissions(data, Permissions::from_mode(0o700)).with_context(|| format!("the data folder {} cannot be closed to others", data.display()))
}

/// Locks the folder; `None` if another program holds the lock.
///
/// Someone tidying up may delete the file `lock`, but not the folder that contains the database, so the folder is locked too. The database file itself is not:
/// SQLite's locks on it are lost as soon as anything in this process closes it.
pub fn lock(data: &Path) -> anyhow::Result<Option<DataLock>> {
    let path = data.join("lock");
    let opened = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
    let file = opened.with_context(|| format!("{} cannot be opened", path.display()))?;
    let folder = File::open(data).with_context(|| format!("the data folder {} cannot be opened", data.display()))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error).with_context(|| format!("{} cannot be locked", path.display())),
    }
    match folder.try_lock() {
        // Some network file systems cannot lock folders. SQLite is not safe on them; with PostgreSQL, the lock on the file has to suffice.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(DataLock([file, folder]))),
        Err(TryLockError::WouldBlock) => Ok(None),
    }
}

/// Makes the folder of uploads, if it exists elsewhere, accessible to its owner only. A folder that belongs to someone else stays as it is.
pub fn close(files: &Path) {
    let is_open = fs::metadata(files).is_ok_and(|files| files.permissions().mode() & 0o077 != 0);
    if is_open && let Err(error) = fs::set_permissions(files, Permissions::from_mode(0o700)) {
        tracing::warn!(error = %error, files = %files.display(), "others on this machine can look into the folder of uploads, and it cannot be closed to them");
    }
}

/// Tells the operator how staff sign in for the first time: in a file only its owner can read and, if stderr is a terminal, on the terminal. Any other output
/// is stored, such as by systemd's journal or in a container's log.
pub fn tell_first_links(data: &Path, links: &[FirstLink]) -> anyhow::Result<()> {
    if links.is_empty() {
        return Ok(());
    }
    let text: String = links.iter().map(|FirstLink { role, name, url }| format!("{:<13} {name}  {url}\n", role.text())).collect();
    let path = data.join("first-sign-in.txt");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&path)?;
    file.write_all(text.as_bytes()).with_context(|| format!("{} cannot be written", path.display()))?;
    eprint!("{}", sign_in_notice(&text, &path, std::io::stderr().is_terminal()));
    Ok(())
}

fn sign_in_notice(links: &str, path: &Path, is_terminal: bool) -> String {
    if is_terminal { format!("\nOne-time sign-in links:\n{links}\n") } else { format!("One-time sign-in links: {}\n", path.display()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_shown_where_a_person_reads_and_nowhere_else() {
        let (links, path) = ("agent  林夏  http://x/console/welcome#secret\n", Path::new("/data/first-sign-in.txt"));
        assert!(sign_in_notice(links, path, true).contains(links));
        assert_eq!(sign_in_notice(links, path, false), "One-time sign-in links: /data/first-sign-in.txt\n");
    }
}
