//! Runs a PostgreSQL of the benchmark's own: in a temporary folder, on a free port, and stopped by its process id.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _},
        process::ExitStatusExt as _,
    },
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::{process, procfs};

const STOP_WITHIN: Duration = Duration::from_secs(15);
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// The number of ports that are tried.
const PORTS: u32 = 5;
/// Enough connections for several servers with their pools.
const CONNECTIONS: &str = "max_connections=300";

/// The database that a server uses at first.
pub const DATABASE: &str = "postgres";

/// How a PostgreSQL is brought down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fall {
    /// SIGKILL to the server and to each of its processes.
    Kill,
    /// An immediate stop: connections end at once, and the server recovers at its next start.
    Immediate,
    /// A fast stop, as before a restart.
    Fast,
}

/// A PostgreSQL; it runs unless it was brought down.
pub struct Postgres {
    folder: TempDir,
    cluster: PathBuf,
    programs: PathBuf,
    user: Option<(u32, u32)>,
    child: Option<Child>,
    port: u16,
    settings: Vec<String>,
}

impl Postgres {
    /// Creates a cluster and starts it.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_in(None, &[]).await
    }

    /// Starts a standby of this one, and returns when each commit here waits until it is on the standby's disk too.
    pub async fn synchronous_standby(&self) -> anyhow::Result<Self> {
        let mut standby = Self::prepare(None, &[])?;
        let mut copy = standby.program("pg_basebackup");
        let from = format!("host=127.0.0.1 port={} user=postgres", self.port);
        copy.args(["-d", &from, "-R", "-X", "stream", "-c", "fast", "-D"]).arg(&standby.cluster);
        let output = copy.output().await?;
        if !output.status.success() {
            bail!("pg_basebackup: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        standby.begin().await?;
        for sql in ["ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"] {
            self.run("psql", DATABASE, &["--quiet", "--command", sql]).await?;
        }
        let begun = Instant::now();
        let mut tick = tokio::time::interval(LOOK_EVERY);
        // Division by zero is an error, which psql says by its status.
        let is_synchronous = "SELECT 1 / count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
        while self.run("psql", DATABASE, &["--quiet", "--command", is_synchronous]).await.is_err() {
            tick.tick().await;
            if begun.elapsed() > process::READY_WITHIN {
                bail!("the standby does not follow:\n{}", standby.last_of_log());
            }
        }
        Ok(standby)
    }

    /// Makes a standby the primary, and returns when it can be written to.
    pub async fn promote(&self) -> anyhow::Result<()> {
        let mut promote = self.program("pg_ctl");
        let output = promote.arg("-D").arg(&self.cluster).args(["-w", "-s", "promote"]).output().await?;
        if !output.status.success() {
            bail!("pg_ctl promote: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(())
    }

    /// The same, with the cluster in this folder and with these settings.
    pub async fn start_in(place: Option<&Path>, settings: &[&str]) -> anyhow::Result<Self> {
        let mut postgres = Self::prepare(place, settings)?;
        let mut make = postgres.program("initdb");
        let made = make.arg("-D").arg(&postgres.cluster).args(["--locale=C", "--encoding=UTF8", "-A", "trust", "-U", "postgres", "--no-instructions"]);
        let output = made.output().await?;
        if !output.status.success() {
            bail!("{:?}: {}", make.as_std(), String::from_utf8_lossy(&output.stderr).trim());
        }
        postgres.begin().await?;
        Ok(postgres)
    }

    /// The folder of a cluster that is still empty.
    fn prepare(place: Option<&Path>, settings: &[&str]) -> anyhow::Result<Self> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("yingda-bench-postgres-").permissions(fs::Permissions::from_mode(0o755)).tempdir()?;
        let cluster = place.unwrap_or(folder.path()).join("cluster");
        // PostgreSQL refuses to run as root: in that case its own user owns the folder.
        let user = if fs::metadata("/proc/self")?.uid() == 0 { Some(user_of("postgres")?) } else { None };
        fs::create_dir(&cluster)?;
        fs::set_permissions(&cluster, fs::Permissions::from_mode(0o700))?;
        if let Some((uid, gid)) = user {
            std::os::unix::fs::chown(&cluster, Some(uid), Some(gid))?;
        }
        let mut settings: Vec<String> = settings.iter().map(|s| (*s).to_owned()).collect();
        settings.extend(["listen_addresses=127.0.0.1".to_owned(), CONNECTIONS.to_owned()]);
        Ok(Self { folder, cluster, programs, user, child: None, port: free_port()?, settings })
    }

    /// Starts the server for the first time, on a port that is free.
    async fn begin(&mut self) -> anyhow::Result<()> {
        for _ in 1..PORTS {
            match self.spawn().await {
                // Something else took the port in the meantime.
                Err(_) if self.last_of_log().contains("could not bind") => self.port = free_port()?,
                spawned => return spawned,
            }
        }
        self.spawn().await
    }

    /// Starts the server on the existing cluster, and waits until it is ready.
    pub async fn spawn(&mut self) -> anyhow::Result<()> {
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = self.program("postgres");
        command.arg("-D").arg(&self.cluster).arg("-k").arg(self.folder.path()).args(["-p", &self.port.to_string()]);
        self.settings.iter().for_each(|setting| {
            command.args(["-c", setting]);
        });
        if let Some((uid, _)) = self.user {
            std::os::unix::fs::chown(self.folder.path(), Some(uid), None)?;
        }
        self.child = Some(command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).kill_on_drop(true).spawn()?);
        let begun = Instant::now();
        let mut tick = tokio::time::interval(Duration::from_millis(100));
        while begun.elapsed() < process::READY_WITHIN {
            tick.tick().await;
            let asked = self.program("pg_isready").args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]).status().await?;
            if asked.success() {
                return Ok(());
            }
            if let Some(status) = self.exit_status()? {
                bail!("PostgreSQL ended with {status}:\n{}", self.last_of_log());
            }
        }
        bail!("PostgreSQL did not get ready:\n{}", self.last_of_log())
    }

    /// Brings the server down, and waits until none of its processes is left.
    pub async fn fall(&mut self, how: Fall) -> anyhow::Result<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        let Some(pid) = child.id() else { return Ok(()) };
        // A process that loses its parent ends by itself, but not at once; and while one is left, no other PostgreSQL may start on its files.
        let own = procfs::children(pid);
        match how {
            Fall::Kill => {
                // Paused first, so that it starts no more of them.
                process::signal("-STOP", pid).await?;
                for one in procfs::children(pid) {
                    process::signal("-KILL", one.pid).await?;
                }
                process::signal("-KILL", pid).await?;
            }
            Fall::Immediate => process::signal("-QUIT", pid).await?,
            Fall::Fast => process::signal("-INT", pid).await?,
        }
        tokio::time::timeout(STOP_WITHIN, child.wait()).await.context("PostgreSQL does not stop")??;
        let begun = Instant::now();
        let mut tick = tokio::time::interval(LOOK_EVERY);
        while own.iter().any(procfs::Process::is_there) {
            tick.tick().await;
            if begun.elapsed() > STOP_WITHIN {
                bail!("processes of PostgreSQL are left");
            }
        }
        Ok(())
    }

    /// The status with which the server ended, if it is not running.
    pub fn exit_status(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        match &mut self.child {
            Some(child) => Ok(child.try_wait()?),
            None => Ok(Some(ExitStatus::from_raw(0))),
        }
    }

    /// The process id; `None` if it does not run.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().and_then(Child::id)
    }
    /// The address that the server listens on.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }
    /// The URL of its database.
    pub fn url(&self) -> String {
        Self::url_at(self.address())
    }
    /// The same at a different address.
    pub fn url_at(address: SocketAddr) -> String {
        Self::url_of(address, DATABASE)
    }
    /// The URL of one of its databases at an address.
    pub fn url_of(address: SocketAddr, database: &str) -> String {
        format!("postgres://postgres@{address}/{database}")
    }
    /// Runs one of PostgreSQL's own programs, which finds the server through the environment; an error if the program fails.
    pub async fn run(&self, name: &str, database: &str, arguments: &[&str]) -> anyhow::Result<()> {
        let mut command = Command::new(self.programs.join(name));
        let address = self.address();
        command.env("PGHOST", address.ip().to_string()).env("PGPORT", address.port().to_string()).env("PGUSER", "postgres").env("PGDATABASE", database);
        let output = command.args(arguments).output().await?;
        if !output.status.success() {
            bail!("{name} {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(())
    }
    /// The version that the server reports.
    pub fn version(&self) -> String {
        procfs::version_of(&self.programs.join("postgres"))
    }

    /// Stops the server and waits until it is gone.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.fall(Fall::Fast).await
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir("/");
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        command
    }
    fn log(&self) -> PathBuf {
        self.folder.path().join("postgres.log")
    }
    fn last_of_log(&self) -> String {
        process::last_lines(&self.log())
    }
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

impl Drop for Postgres {
    /// Whatever has happened: its processes end, and what they share is released, before the folder is deleted.
    fn drop(&mut self) {
        if self.child.is_some() {
            let mut stop = self.program("pg_ctl").into_std();
            let stopped = stop.arg("-D").arg(&self.cluster).args(["-m", "immediate", "-w", "-t", "10", "-s", "stop"]).stderr(Stdio::null()).status();
            if !stopped.is_ok_and(|status| status.success()) {
                eprintln!("PostgreSQL in {} had to be killed", self.cluster.display());
            }
        }
    }
}

/// The ids of a user and of its group.
fn user_of(name: &str) -> anyhow::Result<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd")?;
    let fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| fields.first() == Some(&name));
    let fields = fields.with_context(|| format!("there is no user {name}: PostgreSQL does not run as root"))?;
    let number = |n: usize| fields.get(n).and_then(|field| field.parse().ok()).context("/etc/passwd is not as expected");
    Ok((number(2)?, number(3)?))
}

/// The newest of Debian's PostgreSQL programs.
fn programs() -> anyhow::Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").context("PostgreSQL is not installed: give --database-url")?;
    let number = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<u32>().ok());
    let newest = versions.filter_map(|entry| entry.ok().map(|e| e.path())).filter(|path| path.join("bin/initdb").is_file()).max_by_key(number);
    Ok(newest.context("PostgreSQL is not installed: give --database-url")?.join("bin"))
}
