//! Runs programs under libfiu, so that their flushes to disk can be made to fail while they run.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf, time::Duration};

use anyhow::{Context as _, bail};
use tempfile::TempDir;
use tokio::process::Command;

const RUN: &str = "fiu-run";
const CONTROL: &str = "fiu-ctrl";
/// The calls that are made to fail, with "input/output error".
const FAILURES: [&str; 2] = ["enable name=posix/io/sync/fsync,failinfo=5", "enable name=posix/io/sync/fdatasync,failinfo=5"];
/// A process that has just ended does not answer, and the control program would wait forever.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// A folder with the pipes through which libfiu is controlled.
pub struct Flushes(TempDir);

impl Flushes {
    /// Creates the folder, if libfiu is installed.
    pub async fn new() -> anyhow::Result<Self> {
        for program in [RUN, CONTROL] {
            Command::new(program).arg("-h").output().await.with_context(|| format!("{program} is missing: install fiu-utils (libfiu)"))?;
        }
        let folder = tempfile::Builder::new().prefix("yingda-bench-fiu-").tempdir()?;
        // Each process creates its own pipes, whatever user it runs as.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777))?;
        Ok(Self(folder))
    }

    /// What has to precede a program and its arguments.
    pub fn under(&self) -> Vec<String> {
        vec![RUN.to_owned(), "-x".to_owned(), "-f".to_owned(), self.pipes().display().to_string()]
    }

    /// Makes each flush of this process fail from now on.
    pub async fn fail(&self, pid: u32) -> anyhow::Result<()> {
        let mut command = Command::new(CONTROL);
        command.arg("-f").arg(self.pipes()).kill_on_drop(true);
        FAILURES.iter().for_each(|what| {
            command.args(["-c", what]);
        });
        let output = tokio::time::timeout(ANSWERS_WITHIN, command.arg(pid.to_string()).output());
        let output = output.await.with_context(|| format!("process {pid} does not hear that its flushes shall fail"))??;
        let said = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() || said.contains("Error") {
            bail!("{CONTROL}: {} {}", said.trim(), String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(())
    }

    fn pipes(&self) -> PathBuf {
        self.0.path().join("fiu")
    }
}
