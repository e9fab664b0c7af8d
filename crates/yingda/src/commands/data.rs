//! The data folder and its lock: one program at a time.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use anyhow::Context as _;
use server::setup::FirstLink;

/// Held while the program uses a data folder; the system lets go of it when the program ends, however it ends.
pub struct DataLock(#[expect(dead_code, reason = "held, not read")] File);

/// Creates the folder if there is none; nobody else may look into it.
pub fn create(data: &Path) -> anyhow::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(data).with_context(|| format!("the data folder {} cannot be made", data.display()))?;
    // Also one that was there before.
    fs::set_permissions(data, Permissions::from_mode(0o700)).with_context(|| format!("the data folder {} cannot be closed to others", data.display()))
}

/// Takes the folder; `None` if another program has it.
pub fn lock(data: &Path) -> anyhow::Result<Option<DataLock>> {
    let path = data.join("lock");
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path).with_context(|| format!("{} cannot be opened", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(DataLock(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("{} cannot be locked", path.display())),
    }
}

/// Tells whoever started the program how the staff get in: on stderr, and in a file only its owner can read.
pub fn tell_first_links(data: &Path, links: &[FirstLink]) -> anyhow::Result<()> {
    if links.is_empty() {
        return Ok(());
    }
    let text: String = links.iter().map(|FirstLink { role, name, url }| format!("{:<13} {name}  {url}\n", role.as_str())).collect();
    eprint!("\nOne-time sign-in links:\n{text}\n");
    let path = data.join("first-sign-in.txt");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&path)?;
    file.write_all(text.as_bytes()).with_context(|| format!("{} cannot be written", path.display()))
}
