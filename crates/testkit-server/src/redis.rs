//! A Redis that belongs to one test: it can be stopped, suspended and restarted.

use std::process::Stdio;

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::{Child, Command},
};

use testkit::{Must, eventually};

/// A running `redis-server` on a socket of its own; it ends with the test.
pub struct TestRedis {
    folder: TempDir,
    child: Option<Child>,
}

impl TestRedis {
    /// Starts a Redis; `make test` makes sure that there is one to start.
    pub async fn start() -> Self {
        let mut redis = Self { folder: tempfile::tempdir().must("a temporary folder"), child: None };
        redis.again().await;
        redis
    }

    /// The address of the Redis.
    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    /// Kills it, as a crash would.
    pub async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().await.must("redis-server ends");
        }
    }

    /// Starts it again, empty.
    pub async fn again(&mut self) {
        let _ = std::fs::remove_file(self.socket());
        let mut command = Command::new("redis-server");
        command.args(["--port", "0", "--save", "", "--appendonly", "no", "--dir"]).arg(self.folder.path()).arg("--unixsocket").arg(self.socket());
        command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
        self.child = Some(command.spawn().must("redis-server (Debian: apt-get install redis-server)"));
        let socket = self.socket();
        eventually("redis-server listens", || {
            let socket = socket.clone();
            async move { tokio::net::UnixStream::connect(socket).await.ok() }
        })
        .await;
    }

    /// What it answers to a command of somebody else who can reach it.
    pub async fn answer(&self, command: &str) -> String {
        let mut stream = tokio::net::UnixStream::connect(self.socket()).await.must("a connection to redis-server");
        stream.write_all(format!("{command}\r\nQUIT\r\n").as_bytes()).await.must("a command");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.must("an answer");
        answer
    }

    /// Suspends it: connections stay open, nothing is answered.
    pub async fn hang(&self) {
        self.signal("STOP").await;
    }

    /// Resumes it.
    pub async fn wake(&self) {
        self.signal("CONT").await;
    }

    async fn signal(&self, name: &str) {
        let pid = self.child.as_ref().and_then(Child::id).must("redis-server runs").to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status().await.must("a signal");
        assert!(sent.success());
    }

    fn socket(&self) -> std::path::PathBuf {
        self.folder.path().join("redis.sock")
    }
}
