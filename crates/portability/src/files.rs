//! The files of a company: uploads, and pictures of goods. They are in a folder of its own.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use domain::id::TenantId;

use crate::packed;

/// What the names of unfinished uploads end in.
const UNFINISHED: &str = "part";

/// The folder of a company's files, below that of all files.
pub fn folder(files: &Path, tenant: TenantId) -> PathBuf {
    files.join(tenant.uuid().as_simple().to_string())
}

/// The paths of a company's files in its folder, sorted; none if it has no folder.
pub fn list(files: &Path, tenant: TenantId) -> io::Result<Vec<String>> {
    let root = folder(files, tenant);
    let (mut found, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(inside) = folders.pop() {
        let entries = match fs::read_dir(&inside) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let (kind, path) = {
                let entry = entry?;
                (entry.file_type()?, entry.path())
            };
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && path.extension().is_none_or(|ending| ending != UNFINISHED) {
                found.extend(path.strip_prefix(&root).ok().and_then(Path::to_str).map(str::to_owned));
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Deletes a company's folder, and its archive if there is one; returns how many files there were. An upload that is just being finished may make it anew: whoever calls it waits until nobody can
/// upload.
pub fn erase(files: &Path, tenant: TenantId) -> io::Result<u64> {
    let many = list(files, tenant)?.len() as u64;
    packed::remove(files, tenant)?;
    match fs::remove_dir_all(folder(files, tenant)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(many),
    }
}
