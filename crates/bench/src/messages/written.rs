//! Measures what the record writes for the messages: bytes of its write-ahead log, and the processor time of a PostgreSQL beside the server.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, bail};
use tokio::{process::Command, task::JoinHandle};

use crate::procfs;

/// How often the log's index is read: what is written between the last look and a restart of the log is not seen.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// The header size of SQLite's index of the log: the index begins with two equal headers (sqlite.org/walformat.html, "The WAL-Index File Format").
const HEADER: usize = 48;
/// The size of the header before each page in the log.
const FRAME_HEADER: u64 = 24;
/// The query for PostgreSQL: where its files are, and how much log it has written.
const QUESTION: &str = "SELECT current_setting('data_directory') || ' ' || (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint";

/// What was written during a load.
#[derive(Debug, Clone, Copy, Default)]
pub struct Written {
    /// Bytes of the write-ahead log; `None` where they cannot be seen.
    pub wal_bytes: Option<u64>,
    /// Processor time of PostgreSQL; `None` unless it runs on this machine.
    pub database_cpu: Option<Duration>,
}

/// Measures while a load runs.
pub enum Meter {
    /// Watches SQLite's files.
    Sqlite(JoinHandle<()>, tokio::sync::watch::Receiver<Frames>),
    /// Reads PostgreSQL's figures, before and after.
    Postgres(String, Reading),
    /// Measures nothing: nothing is stored.
    Nothing,
}

/// PostgreSQL's figures at one time.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    wal: u64,
    cpu: Option<Duration>,
}

impl Meter {
    /// Starts on the record in this folder.
    pub fn sqlite(data: &Path) -> Self {
        let index = data.join("yingda.db-shm");
        let (seen, frames) = tokio::sync::watch::channel(Frames::look_at(&index));
        let looking = tokio::spawn(async move {
            let mut tick = tokio::time::interval(LOOK_EVERY);
            loop {
                tick.tick().await;
                seen.send_modify(|frames| frames.look(&read(&index)));
            }
        });
        Self::Sqlite(looking, frames)
    }

    /// Starts on a PostgreSQL.
    pub async fn postgres(url: String) -> anyhow::Result<Self> {
        let reading = Reading::take(&url).await?;
        Ok(Self::Postgres(url, reading))
    }

    /// What was written since the start.
    pub async fn finish(self) -> anyhow::Result<Written> {
        match self {
            Self::Nothing => Ok(Written::default()),
            Self::Sqlite(looking, frames) => {
                looking.abort();
                Ok(Written { wal_bytes: frames.borrow().bytes(), database_cpu: None })
            }
            Self::Postgres(url, before) => {
                let after = Reading::take(&url).await?;
                let database_cpu = before.cpu.zip(after.cpu).map(|(before, after)| after.saturating_sub(before));
                Ok(Written { wal_bytes: Some(after.wal - before.wal), database_cpu })
            }
        }
    }
}

impl Reading {
    async fn take(url: &str) -> anyhow::Result<Self> {
        let asked =
            Command::new("psql").args(["-X", "-A", "-t", "-d", url, "-c", QUESTION]).output().await.context("psql is needed to read PostgreSQL's log")?;
        let said = String::from_utf8_lossy(&asked.stdout).trim().to_owned();
        let Some((folder, wal)) = said.rsplit_once(' ') else { bail!("psql said {said:?}: {}", String::from_utf8_lossy(&asked.stderr).trim()) };
        let pid = std::fs::read_to_string(PathBuf::from(folder).join("postmaster.pid")).ok().and_then(|text| text.lines().next()?.trim().parse().ok());
        Ok(Self { wal: wal.parse()?, cpu: pid.map(procfs::cpu_of_family).transpose()? })
    }
}

/// Pages in SQLite's log, counted across its restarts.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Frames {
    last: Option<Header>,
    pages: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Header {
    page_size: u64,
    pages: u64,
    salt: [u8; 8],
}

impl Frames {
    fn look_at(index: &Path) -> Self {
        let mut frames = Self::default();
        frames.look(&read(index));
        frames
    }

    fn look(&mut self, index: &[u8]) {
        let Some(now) = header(index) else { return };
        match self.last {
            Some(last) if last.salt == now.salt => self.pages += now.pages.saturating_sub(last.pages),
            // The log was restarted.
            Some(_) => self.pages += now.pages,
            None => {}
        }
        self.last = Some(now);
    }

    fn bytes(&self) -> Option<u64> {
        self.last.map(|last| self.pages * (last.page_size + FRAME_HEADER))
    }
}

fn read(index: &Path) -> Vec<u8> {
    use std::io::Read as _;
    let mut bytes = vec![0; 2 * HEADER];
    match std::fs::File::open(index).and_then(|mut file| file.read_exact(&mut bytes)) {
        Ok(()) => bytes,
        Err(_) => Vec::new(),
    }
}

/// The header; `None` if it is just being written or never was.
fn header(index: &[u8]) -> Option<Header> {
    let (one, two) = index.get(..2 * HEADER)?.split_at(HEADER);
    if one != two || one.get(12) != Some(&1) {
        return None;
    }
    let page_size = u64::from(u16::from_ne_bytes(one[14..16].try_into().ok()?));
    let pages = u64::from(u32::from_ne_bytes(one[16..20].try_into().ok()?));
    Some(Header { page_size: if page_size == 1 { 65_536 } else { page_size }, pages, salt: one[32..40].try_into().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(pages: u32, salt: u8) -> Vec<u8> {
        let mut one = vec![0; HEADER];
        one[12] = 1;
        one[14..16].copy_from_slice(&4096_u16.to_ne_bytes());
        one[16..20].copy_from_slice(&pages.to_ne_bytes());
        one[32..40].fill(salt);
        [one.clone(), one].concat()
    }

    #[test]
    fn pages_are_counted_over_new_starts_of_the_log() {
        let mut frames = Frames::default();
        for (pages, salt) in [(100, 1), (130, 1), (130, 1), (7, 2), (9, 2)] {
            frames.look(&index(pages, salt));
        }
        assert_eq!(frames.bytes(), Some((30 + 7 + 2) * (4096 + 24)));
    }

    #[test]
    fn a_header_that_is_being_written_is_looked_at_later() {
        let mut frames = Frames::default();
        frames.look(&index(100, 1));
        let mut torn = index(120, 1);
        torn[16] ^= 1;
        frames.look(&torn);
        frames.look(&[]);
        assert_eq!(frames.bytes(), Some(0));
        frames.look(&index(121, 1));
        assert_eq!(frames.bytes(), Some(21 * 4120));
        assert_eq!(Frames::default().bytes(), None);
    }
}
