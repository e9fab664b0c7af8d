//! A server that was prepared once, for tests that each begin with a copy of its record.

use std::path::{Path, PathBuf};

use testkit::{Company, Must};

/// The contents of a stopped server's folder. They are held in memory, so that nothing is left behind.
pub struct Kept {
    files: Vec<(PathBuf, Vec<u8>)>,
    pub(super) company: Company,
}

impl Kept {
    /// Reads a folder. Anything that is not a file, such as a socket, is left out.
    pub(super) fn of(folder: &Path, company: Company) -> Self {
        let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
        while let Some(inner) = folders.pop() {
            for entry in std::fs::read_dir(inner).must("a folder") {
                let entry = entry.must("a folder's entry");
                let (kind, path) = (entry.file_type().must("its kind"), entry.path());
                if kind.is_dir() {
                    folders.push(path);
                } else if kind.is_file() {
                    let name = path.strip_prefix(folder).must("a name below the folder").to_owned();
                    files.push((name, std::fs::read(path).must("a file")));
                }
            }
        }
        Self { files, company }
    }

    /// Writes the files into a folder.
    pub(super) fn write(&self, folder: &Path) {
        for (name, bytes) in &self.files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().must("a folder around it")).must("a folder");
            std::fs::write(path, bytes).must("a file");
        }
        server::record_mark::adopt(folder).must("the copy is a record of its own");
    }
}
