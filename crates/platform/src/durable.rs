//! Creates and moves files so that their names survive a power cut. A file's bytes are flushed with the file, its name only with the folder that contains it.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// Creates a folder with all missing parents, durably: when this returns, the names of the created folders are on disk.
pub async fn make_folder(folder: &Path) -> io::Result<()> {
    let folder = folder.to_owned();
    aside(move || make_folder_with(&folder, sync_folder)).await
}

/// Moves a flushed file to its place below `root`, durably: when this returns, its name is on disk, and so are those of the folders between. Another upload may
/// have created these a moment ago without having flushed them yet.
pub async fn put(part: &Path, path: &Path, root: &Path) -> io::Result<()> {
    let [part, path, root] = [part, path, root].map(PathBuf::from);
    aside(move || put_with(&part, &path, &root, sync_folder)).await
}

/// Flushes the names in a folder to disk.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some file systems, such as some network ones, cannot flush folders: there is nothing to wait for.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

/// The folder that contains this path.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn make_folder_with(folder: &Path, mut sync: impl FnMut(&Path) -> io::Result<()>) -> io::Result<()> {
    let missing: Vec<&Path> = folder.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.exists()).collect();
    fs::create_dir_all(folder)?;
    missing.into_iter().try_for_each(|made| sync(folder_of(made)))
}

fn put_with(part: &Path, path: &Path, root: &Path, mut sync: impl FnMut(&Path) -> io::Result<()>) -> io::Result<()> {
    fs::rename(part, path)?;
    let folder = folder_of(path);
    sync(folder)?;
    folder.ancestors().skip(1).take_while(|above| above.starts_with(root)).try_for_each(sync)
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_has_its_name_before_the_folders_above_it_are_flushed() {
        let data = tempfile::tempdir().unwrap();
        let root = data.path().join("files");
        let (part, path) = (root.join("company/a.part"), root.join("company/a"));
        make_folder(folder_of(&path)).await.unwrap();
        fs::write(&part, "a").unwrap();
        let mut flushed = Vec::new();
        let record = |folder: &Path| {
            flushed.push((folder.to_owned(), path.exists()));
            Ok(())
        };
        put_with(&part, &path, &root, record).unwrap();
        assert_eq!(flushed, [(root.join("company"), true), (root.clone(), true)]);

        fs::write(&part, "b").unwrap();
        assert!(put_with(&part, &path, &root, |_| Err(io::ErrorKind::StorageFull.into())).is_err(), "what is not on disk is no success");
        fs::write(&part, "c").unwrap();
        put(&part, &path, &root).await.unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"c");
    }

    #[test]
    fn whatever_was_made_is_flushed_in_the_folder_above_it() {
        let data = tempfile::tempdir().unwrap();
        let company = data.path().join("files/company");
        let made = || {
            let mut flushed = Vec::new();
            let record = |folder: &Path| {
                assert!(company.is_dir());
                flushed.push(folder.to_owned());
                Ok(())
            };
            make_folder_with(&company, record).unwrap();
            flushed
        };
        assert_eq!(made(), [data.path().join("files"), data.path().to_owned()]);
        assert_eq!(made(), Vec::<PathBuf>::new());
    }
}
