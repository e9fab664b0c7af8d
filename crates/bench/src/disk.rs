//! A small disk of the benchmark's own: a file system in a file, mounted in a temporary folder, that can be filled and freed.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};
use tempfile::TempDir;

const MIB: u64 = 1024 * 1024;
/// The size of a filler's write while that fits, and then the smallest step, in bytes.
const STEPS: [usize; 2] = [MIB as usize, 4096];

/// A mounted disk.
pub struct Disk {
    folder: TempDir,
    kind: &'static str,
}

impl Disk {
    /// Creates and mounts a disk of this size: ext4 where possible, a tmpfs otherwise.
    pub fn mount(mib: u64) -> anyhow::Result<Self> {
        if fs::metadata("/proc/self")?.uid() != 0 {
            bail!("a disk can be mounted, and so filled, only by root: run this as root");
        }
        let folder = tempfile::Builder::new().prefix("yingda-bench-disk-").permissions(fs::Permissions::from_mode(0o755)).tempdir()?;
        fs::create_dir(folder.path().join("root"))?;
        let mut disk = Self { folder, kind: "ext4" };
        let ext4 = disk.mount_ext4(mib);
        if let Err(why) = ext4 {
            disk.kind = "tmpfs";
            run(Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={mib}m"), "tmpfs"]).arg(disk.root()))
                .with_context(|| format!("neither ext4 ({why:#}) nor a tmpfs can be mounted here"))?;
        }
        fs::set_permissions(disk.root(), fs::Permissions::from_mode(0o755))?;
        Ok(disk)
    }

    fn mount_ext4(&self, mib: u64) -> anyhow::Result<()> {
        let image = self.folder.path().join("image");
        File::create(&image)?.set_len(mib * MIB)?;
        // No blocks are reserved for root: full means full.
        run(Command::new("mkfs.ext4").args(["-q", "-m", "0"]).arg(&image))?;
        run(Command::new("mount").args(["-o", "loop"]).arg(&image).arg(self.root()))
    }

    /// The mount point.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }
    /// The type of the file system.
    pub const fn kind(&self) -> &'static str {
        self.kind
    }

    /// Uses up all the space that is left; may be repeated after somebody has freed some.
    pub async fn fill(&self) -> anyhow::Result<()> {
        let filler = self.filler();
        tokio::task::spawn_blocking(move || fill(&filler)).await?
    }

    /// Frees the space again.
    pub fn free(&self) -> anyhow::Result<()> {
        match fs::remove_file(self.filler()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error).context("the disk cannot be freed"),
            _ => Ok(()),
        }
    }

    fn filler(&self) -> PathBuf {
        self.root().join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: a process that is just ending may still have a file open.
        if let Err(error) = run(Command::new("umount").arg("-l").arg(self.root())) {
            eprintln!("{error:#}");
        }
    }
}

fn fill(filler: &Path) -> anyhow::Result<()> {
    let mut file = File::options().create(true).append(true).open(filler)?;
    for step in STEPS {
        let bytes = vec![0x5A; step];
        loop {
            match file.write_all(&bytes).and_then(|()| file.sync_data()) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::StorageFull => break,
                Err(error) => return Err(error).context("the disk cannot be filled"),
            }
        }
    }
    Ok(())
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let program = Path::new(command.get_program()).display().to_string();
    let output = command.output().with_context(|| format!("{program} is missing"))?;
    if !output.status.success() {
        bail!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_disk_takes_nothing_until_it_is_freed_and_is_gone_in_the_end() {
        if fs::metadata("/proc/self").unwrap().uid() != 0 {
            assert!(Disk::mount(16).err().unwrap().to_string().contains("root"));
            return;
        }
        let disk = Disk::mount(16).unwrap();
        let (root, other) = (disk.root(), disk.root().join("other"));
        fs::write(&other, "before").unwrap();
        disk.fill().await.unwrap();
        let more = File::options().append(true).open(&other).and_then(|mut file| file.write_all(&[0; 64 * 1024]));
        assert_eq!(more.unwrap_err().kind(), io::ErrorKind::StorageFull);
        disk.free().unwrap();
        disk.free().unwrap();
        fs::write(&other, vec![0; 64 * 1024]).unwrap();
        drop(disk);
        assert!(!fs::read_to_string("/proc/mounts").unwrap().contains(&root.display().to_string()));
    }
}
