//! What the kernel reports about the server and the machine.

use std::{fs, path::Path, process::Command, time::Duration};

use anyhow::Context as _;

/// The unit in which the kernel counts processor time (`getconf CLK_TCK`, 100 on every Linux we run on).
const TICKS_PER_SECOND: u64 = 100;

/// The memory that a process holds, in bytes.
pub fn rss_bytes(pid: u32) -> anyhow::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("the server's memory cannot be read")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("/proc has no VmRSS")?;
    let kib: u64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kib * 1024)
}

/// The processor time that a process has used, user and system.
pub fn cpu(pid: u32) -> anyhow::Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("the server's processor time cannot be read")?;
    ticks(&stat).map(|ticks| Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
}

fn ticks(stat: &str) -> anyhow::Result<u64> {
    Ok(field(stat, 11)? + field(stat, 12)?)
}

/// The `n`th field after the program's name, which is in parentheses and may contain anything.
fn field(stat: &str, n: usize) -> anyhow::Result<u64> {
    let (_, rest) = stat.rsplit_once(')').context("/proc/…/stat has no name")?;
    rest.split_whitespace().nth(n).and_then(|f| f.parse::<u64>().ok()).context("/proc/…/stat is too short")
}

/// The processor time of a process, of the running processes that it started, and of those that have ended.
pub fn cpu_of_family(pid: u32) -> anyhow::Result<Duration> {
    let mut sum = 0;
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(other) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // A process may end while it is examined.
        let Ok(stat) = fs::read_to_string(format!("/proc/{other}/stat")) else { continue };
        if other == pid {
            sum += field(&stat, 11)? + field(&stat, 12)? + field(&stat, 13)? + field(&stat, 14)?;
        } else if field(&stat, 1)? == u64::from(pid) {
            sum += field(&stat, 11)? + field(&stat, 12)?;
        }
    }
    Ok(Duration::from_millis(sum * 1000 / TICKS_PER_SECOND))
}

/// Whether a process has a thread of this name.
pub fn has_thread(pid: u32, name: &str) -> anyhow::Result<bool> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).context("the server's threads cannot be read")?;
    // A thread may end while it is examined.
    Ok(threads.flatten().any(|thread| fs::read_to_string(thread.path().join("comm")).is_ok_and(|comm| comm.trim() == name)))
}

/// A process; the start time distinguishes it from a later one with the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Process {
    /// The process id.
    pub pid: u32,
    started: u64,
}

impl Process {
    /// Whether it is still running.
    pub fn is_there(&self) -> bool {
        stat_of(self.pid).is_some_and(|stat| stat.started == self.started && !stat.is_dead)
    }
}

/// The running processes that a process has started.
pub fn children(of: u32) -> Vec<Process> {
    let all = fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let of_it = |pid: u32| stat_of(pid).filter(|stat| stat.parent == of && !stat.is_dead).map(|stat| Process { pid, started: stat.started });
    all.filter_map(of_it).collect()
}

struct Stat {
    parent: u32,
    started: u64,
    is_dead: bool,
}

fn stat_of(pid: u32) -> Option<Stat> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some(Stat { parent: fields.get(1)?.parse().ok()?, started: fields.get(19)?.parse().ok()?, is_dead: matches!(*fields.first()?, "Z" | "X") })
}

/// The load average of the last minute.
pub fn load() -> f64 {
    fs::read_to_string("/proc/loadavg").ok().and_then(|text| text.split_whitespace().next().and_then(|n| n.parse().ok())).unwrap_or(0.0)
}

/// The kernel's release.
pub fn kernel() -> String {
    fs::read_to_string("/proc/sys/kernel/osrelease").map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// Raises the number of files that this process and those it starts may open to the most the machine allows.
pub fn raise_open_files_limit() -> anyhow::Result<()> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let raised = rustix::process::Rlimit { current: limit.maximum, maximum: limit.maximum };
    rustix::process::setrlimit(rustix::process::Resource::Nofile, raised).context("the limit of open files cannot be raised")
}

/// The number of files that this process may have open.
pub fn open_files_limit() -> u64 {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    line.and_then(|line| line.split_whitespace().next().and_then(|n| n.parse().ok())).unwrap_or(1024)
}

/// The version that a program reports.
pub fn version_of(program: &Path) -> String {
    let said = Command::new(program).arg("--version").output();
    said.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_found_behind_any_name() {
        let stat = "42 (a ) b) S 1 42 42 0 -1 4194560 1 2 3 4 700 50 0 0 20 0 8 0 100 1 1";
        assert_eq!(ticks(stat).unwrap(), 750);
        assert!(ticks("nothing").is_err());
    }

    #[test]
    fn a_process_knows_itself() {
        let me = std::process::id();
        assert!(rss_bytes(me).unwrap() > 100_000);
        assert!(cpu(me).unwrap() <= cpu_of_family(me).unwrap());
        assert!(open_files_limit() > 0 && !kernel().is_empty());
        assert!(!has_thread(me, "no such thread").unwrap());
    }

    #[test]
    fn a_child_is_known_until_it_ends() {
        let mut child = Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
        let known = children(std::process::id()).into_iter().find(|process| process.pid == child.id()).unwrap();
        assert!(known.is_there());
        child.kill().unwrap();
        // It may be a zombie until it has been waited for.
        child.wait().unwrap();
        assert!(!known.is_there());
    }
}
