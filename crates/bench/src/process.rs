//! Processes that were started: signals to them, and the end of their logs.

use std::{path::Path, time::Duration};

use anyhow::Context as _;
use tokio::process::Command;

/// How long a program may take to become ready: long enough for a machine that many others use.
pub const READY_WITHIN: Duration = Duration::from_secs(300);

/// The last lines of a log.
pub fn last_lines(log: &Path) -> String {
    let log = std::fs::read(log).unwrap_or_default();
    let log = String::from_utf8_lossy(&log);
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

/// Sends a signal to one process.
pub async fn signal(name: &str, pid: u32) -> anyhow::Result<()> {
    Command::new("kill").arg(name).arg(pid.to_string()).status().await.context("kill")?;
    Ok(())
}
