//! Runs a Redis of the benchmark's own: in a temporary folder, on a free port, without persistence, and stopped by its process id.

use std::{
    fs::File,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    process::{Child, Command},
};

use crate::process;

const PROGRAM: &str = "redis-server";
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// A Redis; it runs unless it was ended.
pub struct Redis {
    folder: TempDir,
    port: u16,
    child: Option<Child>,
}

impl Redis {
    /// Starts a Redis.
    pub async fn start() -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("yingda-bench-redis-").tempdir()?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut redis = Self { folder, port, child: None };
        redis.spawn().await?;
        Ok(redis)
    }

    /// Starts it, empty, on the same port.
    pub async fn spawn(&mut self) -> anyhow::Result<()> {
        let log = self.folder.path().join("redis.log");
        let out = File::options().create(true).append(true).open(&log)?;
        let mut command = Command::new(PROGRAM);
        command.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]).arg("--dir").arg(self.folder.path());
        command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out).kill_on_drop(true);
        self.child = Some(command.spawn().with_context(|| format!("{PROGRAM} does not start: install Redis"))?);
        let begun = Instant::now();
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        while begun.elapsed() < process::READY_WITHIN {
            tick.tick().await;
            if self.answers().await {
                return Ok(());
            }
        }
        bail!("Redis did not get ready:\n{}", process::last_lines(&log))
    }

    async fn answers(&self) -> bool {
        let asked = async {
            let mut stream = TcpStream::connect(self.address()).await?;
            stream.write_all(b"PING\r\n").await?;
            let mut answer = [0; 5];
            stream.read_exact(&mut answer).await?;
            std::io::Result::Ok(&answer == b"+PONG")
        };
        matches!(tokio::time::timeout(Duration::from_secs(1), asked).await, Ok(Ok(true)))
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }
    /// The URL of a Redis at this address.
    pub fn url_at(address: SocketAddr) -> String {
        format!("redis://{address}")
    }

    /// Pauses the process: it answers nobody, and its connections stay open.
    pub async fn freeze(&self) -> anyhow::Result<()> {
        process::signal("-STOP", self.pid()?).await
    }
    /// Lets the process go on.
    pub async fn thaw(&self) -> anyhow::Result<()> {
        process::signal("-CONT", self.pid()?).await
    }
    /// Ends the process with SIGKILL.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        match self.child.take() {
            Some(mut child) => Ok(child.kill().await?),
            None => Ok(()),
        }
    }
    /// Lets the process end by itself.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        let pid = self.pid()?;
        if let Some(mut child) = self.child.take() {
            process::signal("-TERM", pid).await?;
            tokio::time::timeout(STOP_WITHIN, child.wait()).await.context("Redis does not stop")??;
        }
        Ok(())
    }

    fn pid(&self) -> anyhow::Result<u32> {
        self.child.as_ref().and_then(Child::id).context("Redis is not running")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_frozen_redis_is_silent_until_it_thaws_and_a_killed_one_comes_back() {
        let mut redis = Redis::start().await.unwrap();
        assert!(redis.answers().await);
        redis.freeze().await.unwrap();
        assert!(!redis.answers().await);
        redis.thaw().await.unwrap();
        assert!(redis.answers().await);
        redis.kill().await.unwrap();
        assert!(!redis.answers().await);
        redis.spawn().await.unwrap();
        redis.stop().await.unwrap();
        assert!(!redis.answers().await);
    }
}
