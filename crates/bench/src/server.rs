//! Runs the server under load: a process in a temporary folder, stopped by its process id.

use std::{
    fs::File,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStdout, Command},
};

use crate::{busy, fsync, percentile::Histogram, postgres::Postgres, process, procfs};

/// How long a server may take to stop by itself.
const STOP_WITHIN: Duration = Duration::from_secs(10);
/// The value that the rate limits are raised to.
const NO_LIMIT: &str = "1000000";
/// The variable that makes the server trust a proxy; there is no flag for it.
const BEHIND_PROXY: (&str, &str) = ("YINGDA_BEHIND_PROXY", "true");
/// The key that seals the record on a PostgreSQL, where no program creates one.
const SEAL_KEY: (&str, &str) = ("YINGDA_SEAL_KEY", "what-is-measured-is-not-worth-sealing");
/// What a command says that changed nothing because the server had too much to do.
const BUSY: &str = "the server is busy";
/// How long the disk is probed before the load.
const PROBE: Duration = Duration::from_secs(3);

/// The storage engine of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// SQLite, embedded in the server.
    Sqlite,
    /// PostgreSQL, a server of its own.
    Postgres,
}

impl Engine {
    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// The options of every command.
#[derive(Debug, Clone, clap::Args)]
pub struct Common {
    /// The server program; by default `yingda` next to this program.
    #[arg(long, value_name = "PATH")]
    pub server: Option<PathBuf>,
    /// Print the result as JSON on the last line.
    #[arg(long)]
    pub json: bool,
    /// Whether the server keeps its own rate limits.
    #[arg(skip)]
    pub limited: bool,
    /// Whether the server trusts what a proxy in front of it says about its clients.
    #[arg(skip)]
    pub behind_proxy: bool,
}

impl Common {
    fn program(&self) -> anyhow::Result<PathBuf> {
        let program = match &self.server {
            Some(path) => path.clone(),
            None => std::env::current_exe()?.with_file_name("yingda"),
        };
        if program.is_file() { Ok(program) } else { bail!("there is no server program {}: build it, or say --server PATH", program.display()) }
    }
}

/// What a server is given besides a folder.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The PostgreSQL that stores the record; without it, the record is in the folder.
    pub database_url: Option<String>,
    /// The Redis through which the server notifies other nodes.
    pub redis_url: Option<String>,
    /// The data folder, if not in the server's own folder.
    pub data: Option<PathBuf>,
    /// A program, with its arguments, that starts the server.
    pub under: Vec<String>,
    /// Settings for which there is no flag.
    pub environment: Vec<(&'static str, String)>,
}

/// What was measured before the load.
#[derive(Debug, Clone, Default)]
pub struct Before {
    /// The load average of the machine.
    pub load: f64,
    /// The times of the disk's flushes.
    pub disk: Histogram,
}

impl Before {
    /// Measures, and prints on stderr what runs where and what an acknowledgement means.
    pub async fn measure(common: &Common, place: &Path, durability: &str) -> anyhow::Result<Self> {
        let (load, place) = (procfs::load(), place.to_path_buf());
        let disk = tokio::task::spawn_blocking(move || fsync::probe(&place, PROBE)).await??;
        let version = procfs::version_of(&common.program()?);
        eprintln!("yingda-bench {}, {version}, Linux {}, {} processors", env!("CARGO_PKG_VERSION"), procfs::kernel(), processors());
        eprintln!("durability: {durability}");
        eprintln!("load before: {load}; flush of 4 KiB: p50 {:.2} ms, p99 {:.2} ms", disk.ms(0.5), disk.ms(0.99));
        Ok(Self { load, disk })
    }
}

/// What an acknowledgement means, the level first: none, OS cache or fsync.
pub fn durability(engine: Engine, postgres: Option<&Postgres>) -> String {
    match (engine, postgres) {
        (Engine::Sqlite, _) => "fsync: SQLite, WAL, synchronous=FULL, flushed before an acknowledgement".to_owned(),
        (Engine::Postgres, Some(own)) => format!("fsync: {}, fsync, full_page_writes and synchronous_commit on", own.version()),
        (Engine::Postgres, None) => "fsync: PostgreSQL as given; the server refuses to start where a commit is not durable".to_owned(),
    }
}

/// A running server and its folder.
pub struct Server {
    program: PathBuf,
    folder: TempDir,
    surroundings: Surroundings,
    postgres: Option<Postgres>,
    child: Option<Child>,
    stdout: Option<BufReader<ChildStdout>>,
    address: SocketAddr,
    started: u32,
    limited: bool,
    behind_proxy: bool,
    /// The load average of the machine before the start.
    pub load_before: f64,
    /// The times of the disk's flushes before the start.
    pub disk: Histogram,
}

impl Server {
    /// Starts a server and prints on stderr what it is. With `engine` PostgreSQL and no URL, a PostgreSQL is started too.
    pub async fn start(common: &Common, engine: Engine, database_url: Option<String>) -> anyhow::Result<Self> {
        let (database_url, postgres) = match (engine, database_url) {
            (Engine::Sqlite, Some(_)) => bail!("--database-url goes with --engine postgres"),
            (Engine::Sqlite, None) => (None, None),
            (Engine::Postgres, Some(url)) => (Some(url), None),
            (Engine::Postgres, None) => {
                let postgres = Postgres::start().await?;
                (Some(postgres.url()), Some(postgres))
            }
        };
        let mut server = Self::prepare(common, Surroundings { database_url, ..Surroundings::default() })?;
        server.postgres = postgres;
        let before = Before::measure(common, server.folder.path(), &server.durability()).await?;
        (server.load_before, server.disk) = (before.load, before.disk);
        server.spawn().await?;
        Ok(server)
    }

    /// A server that does not run yet, in a folder of its own.
    pub fn prepare(common: &Common, surroundings: Surroundings) -> anyhow::Result<Self> {
        let (program, folder) = (common.program()?, tempfile::Builder::new().prefix("yingda-bench-").tempdir()?);
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let (load_before, disk, limited, behind_proxy) = (0.0, Histogram::default(), common.limited, common.behind_proxy);
        Ok(Self { program, folder, surroundings, postgres: None, child: None, stdout: None, address, started: 0, limited, behind_proxy, load_before, disk })
    }

    /// What an acknowledgement means, the level first: none, OS cache or fsync.
    pub fn durability(&self) -> String {
        let engine = if self.surroundings.database_url.is_some() { Engine::Postgres } else { Engine::Sqlite };
        durability(engine, self.postgres.as_ref())
    }

    /// Starts the process on the same data and port as before; returns the time until it was ready.
    pub async fn spawn(&mut self) -> anyhow::Result<Duration> {
        let mut command = match self.surroundings.under.split_first() {
            Some((under, arguments)) => {
                let mut command = Command::new(under);
                command.args(arguments).arg(&self.program);
                command
            }
            None => Command::new(&self.program),
        };
        command.arg("serve").arg("--data").arg(self.data()).arg("--listen").arg(self.address.to_string()).arg("--demo");
        if !self.limited {
            command.args(["--sends-per-second", NO_LIMIT, "--sends-burst", NO_LIMIT, "--connections", NO_LIMIT]);
        }
        if self.behind_proxy {
            command.env(BEHIND_PROXY.0, BEHIND_PROXY.1);
        }
        command.envs(self.surroundings.environment.iter().map(|(name, value)| (name, value)));
        if self.started == 0 {
            let surroundings = if self.behind_proxy { format!("{}={} ", BEHIND_PROXY.0, BEHIND_PROXY.1) } else { String::new() };
            let words = std::iter::once(command.as_std().get_program()).chain(command.as_std().get_args());
            eprintln!("server: {surroundings}{}", words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" "));
        }
        // Added after the line above, because a URL may contain a password.
        if let Some(url) = &self.surroundings.database_url {
            command.arg("--database-url").arg(url).env(SEAL_KEY.0, SEAL_KEY.1);
        }
        if let Some(url) = &self.surroundings.redis_url {
            command.arg("--redis-url").arg(url);
        }
        self.started += 1;
        let log = File::options().create(true).append(true).open(self.log())?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
        let begun = Instant::now();
        let mut child = command.spawn().with_context(|| format!("{} does not start", self.program.display()))?;
        let mut stdout = BufReader::new(child.stdout.take().context("the server has no stdout")?);
        let mut line = String::new();
        let read = tokio::time::timeout(process::READY_WITHIN, stdout.read_line(&mut line)).await;
        let took = begun.elapsed();
        match (read, line.trim().strip_prefix("ready http://")) {
            (Ok(Ok(_)), Some(address)) => self.address = address.parse().with_context(|| format!("the server is ready at {address:?}?"))?,
            _ => bail!("the server did not get ready; it said {line:?}, and in its log:\n{}", self.last_of_log()),
        }
        (self.child, self.stdout) = (Some(child), Some(stdout));
        Ok(took)
    }

    /// Ends the process at once, as a power cut would.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().await?;
        }
        self.stdout = None;
        Ok(())
    }

    /// The status with which the process ended, if it has ended by itself.
    pub fn exit_status(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        match &mut self.child {
            Some(child) => Ok(child.try_wait()?),
            None => Ok(None),
        }
    }

    /// Stops the process, and the PostgreSQL that was started for it.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        if let (Some(pid), Some(mut child)) = (self.pid(), self.child.take()) {
            process::signal("-TERM", pid).await?;
            if tokio::time::timeout(STOP_WITHIN, child.wait()).await.is_err() {
                child.kill().await?;
            }
        }
        match self.postgres.take() {
            Some(postgres) => postgres.stop().await,
            None => Ok(()),
        }
    }

    /// The process id; `None` if the server does not run.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().and_then(Child::id)
    }
    /// The process id; an error if the server does not run.
    pub fn running(&self) -> anyhow::Result<u32> {
        self.pid().context("the server is not running")
    }
    /// The address that the server listens on.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
    /// The URL of the server's PostgreSQL; `None` on SQLite.
    pub fn database_url(&self) -> Option<String> {
        self.surroundings.database_url.clone()
    }
    /// The server's data folder.
    pub fn data(&self) -> PathBuf {
        self.surroundings.data.clone().unwrap_or_else(|| self.folder.path().join("data"))
    }
    /// The last lines of the server's log.
    pub fn last_of_log(&self) -> String {
        process::last_lines(&self.log())
    }
    /// Sets the URL of the database that the server uses from its next start on.
    pub fn move_to(&mut self, database_url: String) {
        self.surroundings.database_url = Some(database_url);
    }
    /// Runs `yingda admin …` on the server's data; returns what it printed.
    pub async fn admin(&self, arguments: &[&str]) -> anyhow::Result<String> {
        self.run(&[&["admin"], arguments].concat()).await
    }
    /// Runs `yingda …` on the server's data folder, again while the server is busy; returns what it printed.
    pub async fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        for _ in 0..busy::TRIES {
            match self.run_once(arguments).await {
                Err(error) if error.to_string().contains(BUSY) => tokio::time::sleep(busy::WAIT).await,
                ran => return ran,
            }
        }
        self.run_once(arguments).await
    }

    async fn run_once(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new(&self.program);
        if self.surroundings.database_url.is_some() {
            command.env(SEAL_KEY.0, SEAL_KEY.1);
        }
        let output = command.args(arguments).arg("--data").arg(self.data()).output().await?;
        if !output.status.success() {
            bail!("yingda {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(0, std::num::NonZero::get)
}
