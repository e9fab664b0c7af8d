//! A running `yingda serve`.

use std::{
    path::Path,
    process::{Output, Stdio},
};

use testkit::in_time;
use testkit_server::Client;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

/// The program with the environment of a plain terminal.
fn yingda() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yingda"));
    command.env_remove("YINGDA_TEST_DATABASE_URL").env_remove("YINGDA_BIN").stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// The sealing key given to all programs on one PostgreSQL; on SQLite each creates its own.
pub const SEAL_KEY: &str = "the-same-key-on-all-nodes-of-these-tests";

fn given(mut command: Command, args: &[&str]) -> Command {
    if args.contains(&"--database-url") && !args.contains(&"--seal-key-file") {
        command.env("YINGDA_SEAL_KEY", SEAL_KEY);
    }
    command
}

/// Runs a command until it ends.
pub async fn run(args: &[&str]) -> Output {
    in_time("the command ends", given(yingda(), args).args(args).output()).await.unwrap()
}

/// Like [`run`], with this sealing key in the environment.
pub async fn run_with_key(key: &str, args: &[&str]) -> Output {
    in_time("the command ends", yingda().env("YINGDA_SEAL_KEY", key).args(args).output()).await.unwrap()
}

/// Like [`run`], through a program that starts the given command.
pub async fn run_under(under: &[&str], args: &[&str]) -> Output {
    let mut command = Command::new(under[0]);
    command.args(&under[1..]).arg(env!("CARGO_BIN_EXE_yingda")).args(args).stdin(Stdio::null()).kill_on_drop(true);
    in_time("the command ends", command.output()).await.unwrap()
}

/// Starts a command that may be killed before it ends.
pub fn start(args: &[&str]) -> Started {
    Started(given(yingda(), args).args(args).stdout(Stdio::null()).spawn().unwrap())
}

/// A command that was started.
pub struct Started(Child);

/// How a command ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ending {
    /// By itself, and well.
    Done,
    /// By a signal.
    Killed,
}

impl Started {
    /// Whether it has ended by itself; it has to end well.
    pub fn ended(&mut self) -> Option<Ending> {
        let status = self.0.try_wait().unwrap()?;
        assert!(status.success(), "{status}");
        Some(Ending::Done)
    }

    /// Kills it, unless it has ended by itself.
    pub async fn kill(mut self) -> Ending {
        self.0.start_kill().unwrap();
        let status = in_time("the command ends", self.0.wait()).await.unwrap();
        assert!(status.success() || status.code().is_none(), "{status}");
        if status.success() { Ending::Done } else { Ending::Killed }
    }
}

pub struct Serving {
    child: Child,
    stdout: Lines<BufReader<ChildStdout>>,
    pub client: Client,
}

impl Serving {
    /// Starts on a free port and waits until it is ready.
    pub async fn start(data: &Path, more: &[&str]) -> Self {
        Self::run(yingda(), data, more).await
    }

    /// Like [`Serving::start`], through a program that starts the given command.
    pub async fn start_under(under: &[&str], data: &Path, more: &[&str]) -> Self {
        let mut command = Command::new(under[0]);
        command.args(&under[1..]).arg(env!("CARGO_BIN_EXE_yingda")).stdin(Stdio::null()).kill_on_drop(true);
        Self::run(command, data, more).await
    }

    async fn run(command: Command, data: &Path, more: &[&str]) -> Self {
        let mut command = given(command, more);
        command.arg("serve").arg("--data").arg(data).args(["--listen", "127.0.0.1:0"]).args(more);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = in_time("a line on stdout", stdout.next_line()).await.unwrap();
        let Some(base) = ready.as_deref().and_then(|line| line.strip_prefix("ready ")) else {
            panic!("not ready: {ready:?} {}", rest(&mut child).await);
        };
        Self { client: Client::new(base), child, stdout }
    }

    /// The limits on its open files: current and maximum.
    pub fn open_files(&self) -> (u64, u64) {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", self.child.id().unwrap())).unwrap();
        let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
        let mut numbers = line.split_whitespace().map(|number| number.parse().unwrap_or(0));
        (numbers.next().unwrap(), numbers.next().unwrap())
    }

    /// Sends a signal, as `kill` would.
    pub async fn signal(&self, name: &str) {
        let pid = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().await.unwrap().success());
    }

    /// Waits for it to end; returns the exit code, the rest of stdout, and stderr.
    pub async fn ended(mut self) -> (Option<i32>, String, String) {
        let status = in_time("the program ends", self.child.wait()).await.unwrap();
        let mut more = String::new();
        while let Some(line) = self.stdout.next_line().await.unwrap() {
            more.push_str(&line);
        }
        (status.code(), more, rest(&mut self.child).await)
    }
}

async fn rest(child: &mut Child) -> String {
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).await.unwrap();
    text
}
