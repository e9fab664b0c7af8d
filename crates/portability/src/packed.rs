//! An archive as one file: a ZIP of its folder, which compresses nothing because what is sealed cannot be compressed. Unpacked, it is the folder again.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use domain::id::TenantId;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// The folder of packed archives, below that of all files.
const ARCHIVES: &str = "archives";

/// Where the packed archive of a company is, if there is one.
pub fn packed_path(files: &Path, tenant: TenantId) -> PathBuf {
    files.join(ARCHIVES).join(format!("{}.zip", tenant.uuid().as_simple()))
}

/// The folder in which the archive of a company is written before it is packed.
pub fn folder_to_pack(files: &Path, tenant: TenantId) -> PathBuf {
    files.join(ARCHIVES).join(tenant.uuid().as_simple().to_string())
}

/// Packs the folder of a company's archive, and deletes it. The packed archive is there when it is whole.
pub fn pack(files: &Path, tenant: TenantId) -> io::Result<()> {
    let (from, to) = (folder_to_pack(files, tenant), packed_path(files, tenant));
    let half = to.with_extension("part");
    let mut packed = ZipWriter::new(File::create(&half)?);
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
    let mut folders = vec![from.clone()];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(&inside)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&from).map_err(io::Error::other)?.to_str().ok_or_else(|| io::Error::other("a name that is no text"))?;
            packed.start_file(name, options)?;
            io::copy(&mut File::open(&path)?, &mut packed)?;
        }
    }
    packed.finish()?.sync_all()?;
    fs::rename(&half, &to)?;
    fs::remove_dir_all(from)
}

/// Deletes the archive of a company, packed or being written; returns whether there was one.
pub fn remove(files: &Path, tenant: TenantId) -> io::Result<bool> {
    let to = packed_path(files, tenant);
    let gone = [fs::remove_dir_all(folder_to_pack(files, tenant)), fs::remove_file(to.with_extension("part")), fs::remove_file(to)];
    let mut was_there = false;
    for one in gone {
        match one {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            done => was_there |= done.is_ok(),
        }
    }
    Ok(was_there)
}

/// Deletes the archives, packed or begun, that nobody has written to since a time.
pub fn remove_old(files: &Path, before: SystemTime) -> io::Result<()> {
    let all = match fs::read_dir(files.join(ARCHIVES)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        all => all?,
    };
    for entry in all {
        let entry = entry?;
        let found = entry.metadata()?;
        if found.modified()? >= before {
            continue;
        }
        if found.is_dir() { fs::remove_dir_all(entry.path())? } else { fs::remove_file(entry.path())? }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_was_packed_unpacks_to_the_same_and_is_gone_when_it_is_removed() {
        let files = tempfile::tempdir().unwrap();
        let tenant = TenantId::new(Uuid::from_u128(7));
        let folder = folder_to_pack(files.path(), tenant);
        fs::create_dir_all(folder.join("files/a")).unwrap();
        fs::write(folder.join("archive.json"), "{}").unwrap();
        fs::write(folder.join("files/a/b.sealed"), [7; 9]).unwrap();
        pack(files.path(), tenant).unwrap();
        assert!(!folder.exists());
        let mut packed = zip::ZipArchive::new(File::open(packed_path(files.path(), tenant)).unwrap()).unwrap();
        let out = tempfile::tempdir().unwrap();
        packed.extract(out.path()).unwrap();
        assert_eq!(fs::read(out.path().join("files/a/b.sealed")).unwrap(), [7; 9]);
        assert!(remove(files.path(), tenant).unwrap());
        assert!(!remove(files.path(), tenant).unwrap());
    }

    #[test]
    fn old_archives_go_whole_or_half_written_and_newer_ones_stay() {
        let files = tempfile::tempdir().unwrap();
        let tenant = TenantId::new(Uuid::from_u128(7));
        remove_old(files.path(), SystemTime::UNIX_EPOCH).unwrap();
        fs::create_dir_all(folder_to_pack(files.path(), tenant)).unwrap();
        fs::write(packed_path(files.path(), tenant), "PK").unwrap();
        let written = fs::metadata(packed_path(files.path(), tenant)).unwrap().modified().unwrap();
        remove_old(files.path(), written - Duration::from_secs(60)).unwrap();
        assert!(packed_path(files.path(), tenant).exists());
        remove_old(files.path(), written + Duration::from_secs(60)).unwrap();
        assert!(!remove(files.path(), tenant).unwrap());
    }
}
