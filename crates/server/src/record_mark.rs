//! Detects that an older copy of the record was restored. Beside an embedded record there is a mark: a file that names the last acknowledged entry, written
//! before each acknowledgement, and that identifies the files of the record and of the mark itself. Each start creates the mark as a new file. If at the start
//! the record lacks that entry, is a different file, or has the mark of an earlier start, clients may know more of its history than the record does: it gets a
//! new generation. A record that is ahead of its mark was only killed in between.
//!
//! Neither the modification time nor the change time of a file counts, since these change with its owner and permissions; nor does the device number, which may
//! change after a reboot.
//!
//! A false alarm costs clients a reset, the panel its store, and programs that read `GET /api/v1/events` their place: their cursors are refused, and they start
//! over. What cannot be detected from inside has to be reported with `yingda admin new-generation`: a whole disk that was rolled back, or a copy made while the
//! program ran, such as a snapshot, that was restored before the next start, into the same files and with its mark. And a power cut hides a restore made within
//! the second before it.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read as _},
    os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::Path,
    sync::{
        OnceLock, Weak,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, UNIX_EPOCH},
};

use domain::{effect::Effect, id::TenantId, journal::StoredEntry, stream::StreamName};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The name of the record's file in the data folder.
pub const RECORD: &str = "yingda.db";
/// The name of the mark's file, beside the record.
pub const MARK: &str = "yingda.mark";
/// The name of a mark's file until it is complete.
const UNFINISHED: &str = "yingda.mark.part";
/// The mark always has this length, so that writing it needs no additional space.
const BYTES: usize = 512;

/// Identifies an entry, and distinguishes it from any other that may have the same number in a different history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastEntry {
    /// The company that the entry belongs to.
    pub tenant: TenantId,
    /// The stream that the entry is in.
    pub stream: StreamName,
    /// The entry's number in its stream.
    pub seq: i64,
    /// A digest of those parts of the entry that cannot be taken back.
    print: String,
}

impl LastEntry {
    /// Identifies a stored entry.
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

/// The content of the mark's file.
#[derive(Debug, Serialize, Deserialize)]
struct Noted {
    record: Identity,
    /// The identity of the mark's own file.
    mark: Identity,
    last: Option<LastEntry>,
}

/// Distinguishes a file from any other, even from one that later got the same inode number.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Identity {
    device: u64,
    inode: u64,
    /// When the file was created, in milliseconds; 0 if the file system does not say.
    born_ms: u64,
}

impl Identity {
    fn of(file: &Metadata) -> Self {
        let born = file.created().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        Self { device: file.dev(), inode: file.ino(), born_ms: born.and_then(|since| since.as_millis().try_into().ok()).unwrap_or(0) }
    }

    /// Whether both identify the same file. Network file systems, btrfs and overlays may get a different device number with every mount: it counts only if the
    /// creation time is not known.
    const fn is(&self, other: &Self) -> bool {
        self.inode == other.inode && self.born_ms == other.born_ms && (self.born_ms != 0 || self.device == other.device)
    }
}

/// What a mark says about the record beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marked {
    /// There is no readable mark: fine for a new record only.
    Nothing,
    /// The mark belongs to a different record, or to an earlier start.
    Otherwise,
    /// The record contains this entry, or was just created if it is `None`.
    Holds(Option<LastEntry>),
}

/// The mark of a record that is being served.
#[derive(Debug)]
pub struct RecordMark {
    file: File,
    record: Identity,
    own: Identity,
    unflushed: AtomicBool,
}

/// Reads the mark beside the record in this folder.
pub fn read(data: &Path) -> io::Result<Marked> {
    let record = Identity::of(&fs::metadata(data.join(RECORD))?);
    let Ok(mut file) = File::open(data.join(MARK)) else { return Ok(Marked::Nothing) };
    let own = Identity::of(&file.metadata()?);
    let mut text = String::new();
    let Ok(_) = file.read_to_string(&mut text) else { return Ok(Marked::Nothing) };
    let Ok(noted) = serde_json::from_str::<Noted>(text.trim_end()) else { return Ok(Marked::Nothing) };
    Ok(if noted.record.is(&record) && noted.mark.is(&own) { Marked::Holds(noted.last) } else { Marked::Otherwise })
}

/// Makes the mark fit a record that was copied on purpose and whose clients have never seen a different one.
pub fn adopt(data: &Path) -> io::Result<()> {
    let Ok(text) = fs::read_to_string(data.join(MARK)) else { return Ok(()) };
    let noted: Noted = serde_json::from_str(text.trim_end())?;
    RecordMark::begin(data, noted.last).map(drop)
}

impl RecordMark {
    /// Marks the record in this folder, whose last entry is given. The mark is a new file, distinct from any that was there.
    pub fn begin(data: &Path, last: Option<LastEntry>) -> io::Result<Self> {
        let unfinished = data.join(UNFINISHED);
        let begun = Self::write_first(data, &unfinished, last).and_then(|this| {
            fs::rename(&unfinished, data.join(MARK))?;
            File::open(data)?.sync_all()?;
            Ok(this)
        });
        begun.inspect_err(|_| drop(fs::remove_file(&unfinished)))
    }

    fn write_first(data: &Path, unfinished: &Path, last: Option<LastEntry>) -> io::Result<Self> {
        let file = File::options().create(true).truncate(true).write(true).mode(0o600).open(unfinished)?;
        let (record, own) = (Identity::of(&fs::metadata(data.join(RECORD))?), Identity::of(&file.metadata()?));
        let this = Self { file, record, own, unflushed: AtomicBool::new(false) };
        this.write(last)?;
        this.file.sync_all()?;
        Ok(this)
    }

    /// Notes the last entry of a commit, before anybody is notified of it.
    pub fn note(&self, effects: &[Effect]) {
        let last = effects.iter().rev().find_map(|effect| if let Effect::Entry(entry) = effect { Some(LastEntry::of(entry)) } else { None });
        if let Some(last) = last
            && let Err(error) = self.write(Some(last))
        {
            tracing::warn!(error = %error, "the record's mark could not be written: if an older copy is put back now, say so with `yingda admin new-generation`");
        }
    }

    /// Ensures that the mark survives a power cut.
    pub fn flush(&self) -> io::Result<()> {
        if self.unflushed.swap(false, Relaxed) { self.file.sync_all() } else { Ok(()) }
    }

    fn write(&self, last: Option<LastEntry>) -> io::Result<()> {
        let mut line = serde_json::to_vec(&Noted { record: self.record, mark: self.own, last })?;
        line.resize(BYTES, b' ');
        self.file.write_all_at(&line, 0)?;
        self.unflushed.store(true, Relaxed);
        Ok(())
    }
}

/// Flushes the mark every second, for as long as it is in use.
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

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, time::UNIX_EPOCH};

    use domain::{
        entry::EntryKind,
        id::TenantId,
        journal::{Actor, Words, Written},
        stream::{StreamKind, StreamName},
    };
    use platform::seal_key::SEAL_KEY_FILE;
    use tempfile::TempDir;
    use testkit_app::started_on;
    use uuid::Uuid;

    use super::{BYTES, Identity, LastEntry, MARK, Noted, RECORD};

    /// Starts a server on the folder, lets this many entries be stored, and stops it with everything it runs; returns the generation it served.
    fn serve(folder: &Path, entries: u128) -> Uuid {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let generation = runtime.block_on(async {
            let app = started_on(folder).await;
            for _ in 0..entries {
                let client_id = Some(app.env().uuid());
                app.db()
                    .writer()
                    .write::<_, db::Error, _>(db::Shard::Any, move |tx| Box::pin(db::journal::note(tx, Written { client_id, ..changed() })))
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

    fn identity(folder: &Path, name: &str) -> Identity {
        Identity::of(&fs::metadata(folder.join(name)).unwrap())
    }

    /// The entry that the mark in a folder names.
    fn last(folder: &Path) -> Option<LastEntry> {
        serde_json::from_str::<Noted>(fs::read_to_string(folder.join(MARK)).unwrap().trim_end()).unwrap().last
    }

    fn changed() -> Written {
        Written {
            stream: StreamName { kind: StreamKind::Tenant, id: Uuid::from_u128(1) },
            tenant: TenantId::new(Uuid::from_u128(1)),
            kind: EntryKind::SettingsChanged,
            v: 1,
            actor: Actor::system(),
            client_id: None,
            send_hash: 0,
            side: None,
            is_answer: false,
            body: Words::Plain("{}".into()),
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

    /// Serves, keeps a copy, serves on, restores the copy; returns whether that was noticed, and noticed only once.
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
        // Everything copied over everything: the same files, with an older mark in them.
        let over = |data: &Path, kept: &Path| {
            assert_ne!(last(data), last(kept));
            let (file, written) = (identity(data, RECORD), fs::metadata(kept.join(MARK)).unwrap().modified().unwrap());
            copy(kept, data, &[RECORD, MARK, SEAL_KEY_FILE]);
            // As `cp -a` does it.
            fs::File::options().write(true).open(data.join(MARK)).unwrap().set_modified(written).unwrap();
            assert!(identity(data, RECORD).is(&file));
        };
        assert!(is_noticed(over), "cp of the whole folder over it");
        assert!(is_noticed(|data, _| fs::remove_file(data.join(MARK)).unwrap()), "no mark");
        assert!(is_noticed(|data, _| fs::write(data.join(MARK), "?").unwrap()), "an unreadable mark");
    }

    #[test]
    fn what_is_no_copy_is_not_taken_for_one() {
        let other_rights = |data: &Path, _: &Path| {
            for name in [RECORD, MARK] {
                let file = fs::File::options().write(true).open(data.join(name)).unwrap();
                // Neither the modification time nor the change time counts, whichever way it changed.
                file.set_modified(UNIX_EPOCH).unwrap();
                file.set_permissions(fs::Permissions::from_mode(0o640)).unwrap();
            }
        };
        assert!(!is_noticed(other_rights), "chown, chmod, touch");
        let moved = |data: &Path, _: &Path| {
            let elsewhere = data.with_extension("elsewhere");
            fs::rename(data, &elsewhere).unwrap();
            fs::rename(elsewhere, data).unwrap();
        };
        assert!(!is_noticed(moved), "mv and back");
        let mounted = |data: &Path, _: &Path| {
            let mut noted: Noted = serde_json::from_str(fs::read_to_string(data.join(MARK)).unwrap().trim_end()).unwrap();
            noted.record.device += 1;
            noted.mark.device += 1;
            fs::write(data.join(MARK), serde_json::to_vec(&noted).unwrap()).unwrap();
        };
        assert!(!is_noticed(mounted), "another number of the device");
        let file = Identity { device: 1, inode: 2, born_ms: 3 };
        assert!(file.is(&Identity { device: 9, ..file }), "mounted again");
        assert!(![Identity { inode: 9, ..file }, Identity { born_ms: 9, ..file }, Identity { born_ms: 0, ..file }].iter().any(|other| file.is(other)));
        let unborn = Identity { born_ms: 0, ..file };
        assert!(unborn.is(&unborn) && !unborn.is(&Identity { device: 9, ..unborn }), "nothing better is known");
    }

    #[test]
    fn the_longest_mark_fits_its_room() {
        let id = Identity { device: u64::MAX, inode: u64::MAX, born_ms: u64::MAX };
        let stream = StreamName { kind: StreamKind::Conversation, id: Uuid::max() };
        let last = LastEntry { tenant: TenantId::new(Uuid::max()), stream, seq: i64::MAX, print: "f".repeat(16) };
        assert!(serde_json::to_vec(&Noted { record: id, mark: id, last: Some(last) }).unwrap().len() <= BYTES);
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
