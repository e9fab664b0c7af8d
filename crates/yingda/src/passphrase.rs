//! Passphrases, which are in files: an argument would be seen by everybody on the machine.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use anyhow::{Context as _, ensure};

/// The first line of a file; an error if it is empty.
pub fn read(file: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(file).with_context(|| format!("the passphrase in {}", file.display()))?;
    let line = text.lines().next().unwrap_or_default();
    ensure!(!line.is_empty(), "the first line of {} has to be the passphrase, and it is empty", file.display());
    Ok(line.to_owned())
}

/// Like [`read`], for a file that stays on the machine: an error if others can read it.
pub fn read_private(file: &Path) -> anyhow::Result<String> {
    let found = fs::metadata(file).with_context(|| format!("the passphrase in {}", file.display()))?;
    ensure!(found.permissions().mode() & 0o077 == 0, "the passphrase in {} can be read by others: chmod 600", file.display());
    read(file)
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;

    use super::*;

    #[test]
    fn a_passphrase_is_the_first_line_of_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("p");
        fs::write(&file, "correct horse \r\nmore").unwrap();
        assert_eq!(read(&file).unwrap(), "correct horse ");
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        assert!(read_private(&file).unwrap_err().to_string().contains("can be read by others"));
        fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
        assert_eq!(read_private(&file).unwrap(), "correct horse ");
        fs::write(&file, "\n").unwrap();
        assert!(read_private(&file).unwrap_err().to_string().contains("it is empty"));
        assert!(read(&folder.path().join("none")).is_err() && read_private(&folder.path().join("none")).is_err());
    }
}
