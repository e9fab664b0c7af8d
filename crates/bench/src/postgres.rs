//! A PostgreSQL of our own: in a temporary folder, on a free port, ended by its id.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::server;

const READY_WITHIN: Duration = Duration::from_secs(60);
const STOP_WITHIN: Duration = Duration::from_secs(15);

/// A running PostgreSQL.
pub struct Postgres {
    folder: TempDir,
    child: Child,
    port: u16,
    version: String,
}

impl Postgres {
    /// Makes a cluster and starts it.
    pub async fn start() -> anyhow::Result<Self> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("yingda-bench-postgres-").permissions(fs::Permissions::from_mode(0o755)).tempdir()?;
        let cluster = folder.path().join("cluster");
        // PostgreSQL refuses to run as root: then its own user takes the folder.
        let as_root = fs::metadata("/proc/self").map(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0)?;
        let mut make = Command::new("install");
        if as_root {
            make.args(["-o", "postgres", "-g", "postgres"]);
        }
        run(make.args(["-d", "-m", "0700"]).arg(&cluster)).await?;
        let initdb = programs.join("initdb");
        run(user(as_root, &initdb).arg("-D").arg(&cluster).args(["--locale=C", "--encoding=UTF8", "-A", "trust", "-U", "postgres", "--no-instructions"]))
            .await?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let log = File::create(folder.path().join("postgres.log"))?;
        let child = user(as_root, &programs.join("postgres"))
            .arg("-D")
            .arg(&cluster)
            .arg("-k")
            .arg(&cluster)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let version = crate::procfs::version_of(&programs.join("postgres"));
        let postgres = Self { folder, child, port, version };
        postgres.wait(&programs).await?;
        Ok(postgres)
    }

    async fn wait(&self, programs: &Path) -> anyhow::Result<()> {
        let begun = Instant::now();
        let mut tick = tokio::time::interval(Duration::from_millis(100));
        while begun.elapsed() < READY_WITHIN {
            tick.tick().await;
            let asked = Command::new(programs.join("pg_isready")).args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]).status().await?;
            if asked.success() {
                return Ok(());
            }
        }
        bail!("PostgreSQL did not get ready:\n{}", fs::read_to_string(self.folder.path().join("postgres.log")).unwrap_or_default())
    }

    /// How to reach it.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
    /// What it says it is.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Ends it and waits until it is gone.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        // With `runuser` the child is not PostgreSQL itself; its own file names the process.
        let file = self.folder.path().join("cluster/postmaster.pid");
        let pid = fs::read_to_string(&file).ok().and_then(|text| text.lines().next().and_then(|line| line.trim().parse().ok()));
        if let Some(pid) = pid {
            server::signal("-INT", pid).await?;
        }
        tokio::time::timeout(STOP_WITHIN, self.child.wait()).await.context("PostgreSQL does not stop")??;
        Ok(())
    }
}

fn user(as_root: bool, program: &Path) -> Command {
    if !as_root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
    command
}

async fn run(command: &mut Command) -> anyhow::Result<()> {
    let output = command.output().await?;
    if !output.status.success() {
        bail!("{:?}: {}", command.as_std(), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

/// The newest of Debian's PostgreSQL programs.
fn programs() -> anyhow::Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").context("PostgreSQL is not installed: give --database-url")?;
    let number = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<u32>().ok());
    let newest = versions.filter_map(|entry| entry.ok().map(|e| e.path())).filter(|path| path.join("bin/initdb").is_file()).max_by_key(number);
    Ok(newest.context("PostgreSQL is not installed: give --database-url")?.join("bin"))
}
