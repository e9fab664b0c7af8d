//! Notices that an older copy of the record was put back. Beside an embedded record lies a file that names the last entry that was acknowledged, the record's own
//! inode and birth, and when it was written. It is written before each acknowledgement. At the start a record that lacks that entry, that is another file, or whose mark was
//! itself copied, has a history that clients may know more of: it gets another generation. A record that is ahead of its mark was only killed in between.
//!
//! A wrong alarm costs clients a reset and the panel its store. What cannot be seen from inside, such as a whole disk that was rolled back, is said by
//! `yingda admin new-generation`; and a power cut hides what was put back within the second before it.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{
        OnceLock, Weak,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, UNIX_EPOCH},
};

use domain::{
    id::{StreamName, TenantId},
    journal::{Effect, StoredEntry},
    time::{Clock as _, SECOND},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::env::SystemClock;

/// The record's file in the data folder.
pub const RECORD: &str = "yingda.db";
/// The mark's file beside it.
pub const MARK: &str = "yingda.mark";
/// The mark is always as long, so that writing it needs no room.
const BYTES: usize = 512;
/// The system notes when a file was changed by the clock that the mark is written by. A copy was changed later than it says, unless it was put back at once.
const COPIED_MS: u64 = SECOND.unsigned_abs();

/// An entry, told from any other that may stand under its number in another history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastEntry {
    /// Whose.
    pub tenant: TenantId,
    /// In which stream.
    pub stream: StreamName,
    /// Under which number.
    pub seq: i64,
    /// A digest of what cannot be taken back of it.
    print: String,
}

impl LastEntry {
    /// Of a stored entry.
    pub fn of(stored: &StoredEntry) -> Self {
        let entry = &stored.entry;
        let mut sum = Sha256::new().chain_update(&stored.kind).chain_update(stored.at.0.to_be_bytes()).chain_update(entry.send_hash.to_be_bytes());
        for id in [entry.client_id, entry.actor.id] {
            sum.update(id.unwrap_or_default().as_bytes());
        }
        let print = sum.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { tenant: entry.tenant, stream: entry.stream, seq: stored.seq, print }
    }
}

/// What the file says.
#[derive(Debug, Serialize, Deserialize)]
struct Noted {
    #[serde(flatten)]
    record: Identity,
    written_ms: i64,
    last: Option<LastEntry>,
}

/// Tells a file from any other, also from one that was later given its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Identity {
    device: u64,
    inode: u64,
    /// When the file was created; 0 where the file system does not say.
    born_ms: u64,
}

/// What a mark says of the record that lies beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marked {
    /// There is none that could be read: good for a new record only.
    Nothing,
    /// It is another record's, or was copied.
    Otherwise,
    /// The record holds this, or was just begun.
    Holds(Option<LastEntry>),
}

/// The mark of a record that is served.
#[derive(Debug)]
pub struct RecordMark {
    file: File,
    record: Identity,
    unflushed: AtomicBool,
}

/// What lies beside the record in this folder.
pub fn read(data: &Path) -> io::Result<Marked> {
    let (record, path) = (identity(&data.join(RECORD))?, data.join(MARK));
    let Ok(text) = fs::read_to_string(&path) else { return Ok(Marked::Nothing) };
    let Ok(noted) = serde_json::from_str::<Noted>(text.trim_end()) else { return Ok(Marked::Nothing) };
    let changed_ms = fs::metadata(&path).map(|meta| meta.ctime() * 1000 + meta.ctime_nsec() / 1_000_000)?;
    let is_copy = changed_ms.abs_diff(noted.written_ms) > COPIED_MS;
    Ok(if is_copy || record != noted.record { Marked::Otherwise } else { Marked::Holds(noted.last) })
}

/// Says of a record that was copied on purpose, whose clients have never seen another, that it is the one its mark belongs to.
#[cfg(test)]
pub fn adopt(data: &Path) -> io::Result<()> {
    let Ok(text) = fs::read_to_string(data.join(MARK)) else { return Ok(()) };
    let noted: Noted = serde_json::from_str(text.trim_end())?;
    RecordMark::begin(data, noted.last).map(drop)
}

impl RecordMark {
    /// Marks the record in this folder, whose last entry this is.
    pub fn begin(data: &Path, last: Option<LastEntry>) -> io::Result<Self> {
        let path: PathBuf = data.join(MARK);
        let file = File::options().create(true).truncate(false).write(true).mode(0o600).open(path)?;
        let this = Self { file, record: identity(&data.join(RECORD))?, unflushed: AtomicBool::new(false) };
        this.write(last)?;
        this.file.sync_all()?;
        Ok(this)
    }

    /// Notes what a commit left, before anybody is told of it.
    pub fn note(&self, effects: &[Effect]) {
        let last = effects.iter().rev().find_map(|effect| if let Effect::Entry(entry) = effect { Some(LastEntry::of(entry)) } else { None });
        if let Some(last) = last
            && let Err(error) = self.write(Some(last))
        {
            tracing::warn!(error = %error, "the record's mark could not be written: if an older copy is put back now, say so with `yingda admin new-generation`");
        }
    }

    /// Sees that the mark outlives a power cut.
    pub fn flush(&self) -> io::Result<()> {
        if self.unflushed.swap(false, Relaxed) { self.file.sync_all() } else { Ok(()) }
    }

    fn write(&self, last: Option<LastEntry>) -> io::Result<()> {
        let mut line = serde_json::to_vec(&Noted { record: self.record, written_ms: SystemClock::default().now().0, last })?;
        line.resize(BYTES, b' ');
        self.file.write_all_at(&line, 0)?;
        self.unflushed.store(true, Relaxed);
        Ok(())
    }
}

/// Flushes a mark each second, for as long as somebody writes it.
pub async fn keep_flushed(mark: Weak<OnceLock<RecordMark>>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let Some(mark) = mark.upgrade() else { return };
        let flushed = tokio::task::spawn_blocking(move || mark.get().map_or(Ok(()), RecordMark::flush)).await;
        if let Ok(Err(error)) = flushed {
            tracing::warn!(error = %error, "the record's mark could not be flushed and will be again");
        }
    }
}

fn identity(record: &Path) -> io::Result<Identity> {
    let meta = fs::metadata(record)?;
    let born = meta.created().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    Ok(Identity { device: meta.dev(), inode: meta.ino(), born_ms: born.and_then(|since| since.as_millis().try_into().ok()).unwrap_or(0) })
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use domain::{
        id::{StreamName, TenantId},
        journal::{Actor, Body, EntryKind, NewEntry, StreamKind},
    };
    use tempfile::TempDir;
    use uuid::Uuid;

    use super::{MARK, RECORD};
    use crate::{seal_key::SEAL_KEY_FILE, testing::started_on};

    /// Starts a server on the folder, lets this many entries be stored, and ends it with all it runs; the generation it served.
    fn serve(folder: &Path, entries: u128) -> Uuid {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let generation = runtime.block_on(async {
            let app = started_on(folder).await;
            for _ in 0..entries {
                let client_id = Some(app.env().uuid());
                app.db()
                    .writer()
                    .write::<_, db::Error, _>(db::Shard::Any, move |tx| Box::pin(db::journal::note(tx, NewEntry { client_id, ..changed() })))
                    .await
                    .unwrap();
            }
            let (generation, _) = store::entry_points::generation(app.db()).await.unwrap();
            app.db().close().await;
            generation
        });
        drop(runtime);
        assert!(!folder.join("yingda.db-wal").exists(), "the record is one file");
        generation
    }

    fn changed() -> NewEntry {
        NewEntry {
            stream: StreamName { kind: StreamKind::Tenant, id: Uuid::from_u128(1) },
            tenant: TenantId::new(Uuid::from_u128(1)),
            kind: EntryKind::SettingsChanged,
            v: 1,
            actor: Actor::system(),
            client_id: None,
            send_hash: 0,
            side: None,
            body: Body::Plain("{}".into()),
            staff: None,
            facts: "{}".into(),
        }
    }

    fn copy(from: &Path, to: &Path, names: &[&str]) {
        fs::create_dir_all(to).unwrap();
        for name in names {
            fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }

    /// Serves, keeps a copy, serves on, puts the copy back; whether that was noticed, once.
    fn is_noticed(put_back: impl Fn(&Path, &Path)) -> bool {
        let (data, kept) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let data = data.path();
        let first = serve(data, 3);
        copy(data, kept.path(), &[RECORD, MARK, SEAL_KEY_FILE]);
        assert_eq!(serve(data, 3), first, "a restart is no restore");
        put_back(data, kept.path());
        let then = serve(data, 1);
        assert_eq!(serve(data, 0), then, "it is noticed once");
        then != first
    }

    #[test]
    fn an_older_copy_that_is_put_back_is_noticed_however_it_is_done() {
        assert!(is_noticed(|data, kept| copy(kept, data, &[RECORD])), "cp over the record");
        assert!(is_noticed(|data, kept| fs::rename(kept.join(RECORD), data.join(RECORD)).unwrap()), "mv over the record");
        let replace = |data: &Path, kept: &Path| {
            fs::remove_dir_all(data).unwrap();
            copy(kept, data, &[RECORD, MARK, SEAL_KEY_FILE]);
        };
        assert!(is_noticed(replace), "another folder in its place");
        // Everything over everything: the same files, an older mark in them, written some time before it was copied.
        let over = |data: &Path, kept: &Path| {
            let mark = fs::read_to_string(data.join(MARK)).unwrap();
            let older: serde_json::Value = serde_json::from_str(fs::read_to_string(kept.join(MARK)).unwrap().trim_end()).unwrap();
            let written = older["written_ms"].as_i64().unwrap();
            copy(kept, data, &[RECORD]);
            fs::write(data.join(MARK), older.to_string().replace(&written.to_string(), &(written - 5_000).to_string())).unwrap();
            assert_ne!(mark, older.to_string());
        };
        assert!(is_noticed(over), "cp of the whole folder over it");
        assert!(is_noticed(|data, _| fs::remove_file(data.join(MARK)).unwrap()), "no mark");
        assert!(is_noticed(|data, _| fs::write(data.join(MARK), "?").unwrap()), "an unreadable mark");
    }

    #[test]
    fn a_record_that_is_ahead_of_its_mark_was_only_killed() {
        let data = TempDir::new().unwrap();
        let first = serve(data.path(), 3);
        let mark = fs::read(data.path().join(MARK)).unwrap();
        serve(data.path(), 3);
        // As if the program had ended between the commit and the mark: the same file, written a moment ago.
        let file = fs::OpenOptions::new().write(true).open(data.path().join(MARK)).unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, &mark, 0).unwrap();
        super::adopt(data.path()).unwrap();
        assert_eq!(serve(data.path(), 0), first);
    }
}
