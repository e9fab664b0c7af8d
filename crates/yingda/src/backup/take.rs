//! Makes a backup: first the record, as of one moment, then the files it refers to, so that each of them is there.

use std::{
    collections::{BTreeSet, HashSet},
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, bail, ensure};
use db::{Engine, SqliteFiles, Tx, aside};
use desk::files::accept;
use domain::id::TenantId;
use hall::pictures::{self, make::Size};
use platform::seal_key::SealKeyFrom;
use server::record_mark;
use store::entry_points::{self, Kept};
use uuid::Uuid;

use super::{
    DUMP, FILES, RECORD,
    copying::{self, Sum, Unfinished},
    folder::BackupFolder,
    identity::{self, Identity},
    manifest::{FileSum, Manifest, POSTGRES, SQLITE},
    postgres::Database,
    progress::Progress,
    signature,
};

/// The folder, in the data folder, for the copy of the record until it is sealed.
const ASIDE: &str = "backup.part";
/// The number of files read from the record at a time.
const AT_ONCE: usize = 500;
/// How often the growing copy of the record is checked.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The result of a backup.
pub struct BackedUp {
    /// The manifest of the backup.
    pub manifest: Manifest,
    /// The paths of missing files that the record still refers to: nobody deleted them, but they are not where they should be.
    pub lost: Vec<String>,
    /// Why it could not be signed, if it is unsigned.
    pub unsigned: Option<String>,
}

/// What to back up.
pub struct Source<'a> {
    /// The data folder.
    pub data: &'a Path,
    /// The folder of uploaded files.
    pub files: &'a Path,
    /// Where the server looks for the sealing key.
    pub key: &'a SealKeyFrom,
    /// The URL of PostgreSQL, if the record is there.
    pub database_url: Option<&'a str>,
    /// The passphrase under which it is to be sealed.
    pub passphrase: Option<&'a str>,
}

impl Source<'_> {
    /// Makes a backup: a folder at `to`, which must not exist yet. It gets that name once it is complete and on disk; a failure leaves nothing behind.
    pub async fn back_up(&self, to: &Path) -> anyhow::Result<BackedUp> {
        let served = self.data.join(record_mark::RECORD);
        ensure!(
            self.database_url.is_some() || served.is_file(),
            "the record {} does not exist: `--data` names the data folder of the server",
            served.display()
        );
        ensure!(fs::symlink_metadata(to).is_err(), "{} already exists: name a new folder with `--to`", to.display());
        let parent = copying::folder_of(to);
        ensure!(parent.is_dir(), "the folder {} for the backup does not exist", parent.display());
        for (kept, what) in [(self.data, "the data folder"), (self.files, "the folder of uploaded files")] {
            ensure!(!lies_in(parent, kept), "{} lies in {what} {}: name a place outside of it, best on another disk", to.display(), kept.display());
        }
        let unfinished_name = unfinished_name(to)?;
        if fs::symlink_metadata(&unfinished_name).is_ok() {
            bail!("{} is there: another backup to the same place runs, or one was interrupted; then delete it", unfinished_name.display());
        }
        let made_at = identity::now().0;
        let mut unfinished = Unfinished::default();
        let part = unfinished.folder(unfinished_name)?;
        let folder = BackupFolder::begin(&part, self.passphrase)?;
        let (mut manifest, missing) = match self.database_url {
            None => self.copy_embedded(&served, &folder, made_at).await?,
            Some(url) => self.dump(url, &folder, made_at).await?,
        };
        let lost = still_named(&self.engine(&served), missing).await?;
        let unsigned = match signature::sign(&manifest, self.data, self.key).await {
            Ok(signature) => {
                manifest.signature = Some(signature);
                None
            }
            Err(error) => Some(error.to_string()),
        };
        folder.write_manifest(&manifest)?;
        copying::sync_folders(&part)?;
        unfinished.move_to(&part, to.to_owned())?;
        copying::sync(parent)?;
        unfinished.keep();
        Ok(BackedUp { manifest, lost, unsigned })
    }

    fn engine(&self, served: &Path) -> Engine {
        match self.database_url {
            None => Engine::Sqlite(SqliteFiles { path: served.to_owned(), durable: true }),
            Some(url) => Engine::record_in(url),
        }
    }

    /// Copies an embedded record and the files that the copy refers to. Returns those that are missing.
    async fn copy_embedded(&self, served: &Path, folder: &BackupFolder, made_at: i64) -> anyhow::Result<(Manifest, Missing)> {
        // SQLite writes the copy as it is. What is sealed must not have been readable where it is kept.
        let aside = if folder.is_sealed() { Some(Aside::begin(self.data)?) } else { None };
        let copy = aside.as_ref().map_or_else(|| folder.path(RECORD), |aside| aside.folder.join(RECORD));
        copy_record(served, &copy).await.context("the record cannot be copied")?;
        let mut tx = identity::open(&copy).await?;
        is_of_this_version(&aside::steps_of_file(&mut tx).await?)?;
        let identity = Identity::of(&mut tx).await?;
        let record = if folder.is_sealed() { folder.put(&copy, RECORD)?.context("the copy of the record is gone")? } else { sum_of(&copy)? };
        let mut manifest = Manifest::begin(made_at, SQLITE, identity, record);
        manifest.sealed_header = folder.header_sum()?;
        let places = places(&mut tx).await?;
        tx.close().await;
        let missing = self.copy_files(folder, places, &mut manifest)?;
        Ok((manifest, missing))
    }

    /// Dumps a record in PostgreSQL, and copies the files that it refers to. Returns those that are missing.
    async fn dump(&self, url: &str, folder: &BackupFolder, made_at: i64) -> anyhow::Result<(Manifest, Missing)> {
        let look = async || db::look(&self.engine(Path::new("")), "installation", identity::now()).await?.context("there is no record in this database");
        let mut tx = look().await?;
        is_of_this_version(&aside::steps(&mut tx).await?)?;
        // What is in the dump is at least this.
        let identity = Identity::of(&mut tx).await?;
        let mut named = places(&mut tx).await?;
        tx.close().await;
        let database = Database::at(url)?;
        let record = folder.put_pieces(DUMP, |each| database.dump(each)).context("the record cannot be dumped")?;
        let mut manifest = Manifest::begin(made_at, POSTGRES, identity, record);
        manifest.sealed_header = folder.header_sum()?;
        // Each file that the dump names was named before it or is named after it.
        let mut tx = look().await?;
        let known: HashSet<PathBuf> = named.iter().map(|(_, place)| place.clone()).collect();
        named.extend(places(&mut tx).await?.into_iter().filter(|(_, place)| !known.contains(place)));
        tx.close().await;
        let missing = self.copy_files(folder, named, &mut manifest)?;
        Ok((manifest, missing))
    }

    /// Copies these files. Returns those that are missing.
    fn copy_files(&self, folder: &BackupFolder, places: Vec<(Owned, PathBuf)>, manifest: &mut Manifest) -> anyhow::Result<Missing> {
        ensure!(places.is_empty() || self.files.is_dir(), "the folder of uploaded files {} is not there: say where it is with `--files`", self.files.display());
        let (mut progress, mut missing) = (Progress::begin("copying files", 0), Vec::new());
        for (of, place) in places {
            let path = format!("{FILES}/{}", place.display());
            match folder.put(&self.files.join(&place), &path)? {
                Some(sum) => {
                    progress.add(sum.bytes);
                    manifest.files.push(FileSum { path, sum });
                }
                None => {
                    manifest.missing.push(path.clone());
                    missing.push((of, path));
                }
            }
        }
        Ok(missing)
    }
}

/// An error unless the record has the schema that this program knows.
fn is_of_this_version(steps: &BTreeSet<i64>) -> anyhow::Result<()> {
    let own = store::schema::MIGRATIONS.numbers();
    let [lacks, beyond] = [own.difference(steps).count(), steps.difference(&own).count()];
    ensure!(
        (lacks, beyond) == (0, 0),
        "the record's schema is not the one of this program (it lacks {lacks} steps, and has {beyond} that this program does not know): back it up with the \
         version that serves it"
    );
    Ok(())
}

/// The checksum of the copy of the record, which is on disk then.
fn sum_of(copy: &Path) -> anyhow::Result<Sum> {
    let sum = copying::read(copy, |_| Ok(())).context("the copy of the record cannot be read")?;
    copying::sync(copy)?;
    Ok(sum)
}

/// The folder in the data folder for the copy of the record, until it is sealed. It is removed however this ends, at the latest by the next backup.
struct Aside {
    folder: PathBuf,
    #[expect(dead_code, reason = "held, not read")]
    lock: File,
}

impl Aside {
    fn begin(data: &Path) -> anyhow::Result<Self> {
        let folder = data.join(ASIDE);
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let lock = File::open(&folder).with_context(|| format!("{} cannot be opened", folder.display()))?;
        ensure!(
            !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)),
            "another sealed backup is being made of {}: wait until it has ended",
            data.display()
        );
        for left in fs::read_dir(&folder)? {
            fs::remove_file(left?.path())?;
        }
        Ok(Self { folder, lock })
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("{} could not be removed: {error}", self.folder.display());
        }
    }
}

/// Something the record refers to, and the company it belongs to.
type Owned = (TenantId, Kept);
/// What was not found, with its path in a backup.
type Missing = Vec<(Owned, String)>;

/// The paths of those missing files that the record, as it is now, still refers to. Deleting a file deletes it from the record first.
async fn still_named(engine: &Engine, missing: Missing) -> anyhow::Result<Vec<String>> {
    let mut named = Vec::new();
    if missing.is_empty() {
        return Ok(named);
    }
    let mut tx = db::look(engine, "files", identity::now()).await?.context("the record cannot be asked for the files that are missing")?;
    for ((tenant, kept), path) in missing {
        if entry_points::is_kept(&mut tx, tenant, kept).await? {
            named.push(path);
        }
    }
    tx.close().await;
    Ok(named)
}

/// The paths, within the folder of uploads, of everything the record refers to.
async fn places(tx: &mut Tx) -> anyhow::Result<Vec<(Owned, PathBuf)>> {
    let (limit, mut places) = (AT_ONCE as i64, Vec::new());
    for of_files in [true, false] {
        let mut after = (TenantId::new(Uuid::nil()), Uuid::nil());
        loop {
            let found = if of_files { entry_points::kept_files(tx, after, limit).await? } else { entry_points::kept_pictures(tx, after, limit).await? };
            for &(tenant, kept) in &found {
                match kept {
                    Kept::File(id) => {
                        places.push(((tenant, kept), accept::place(tenant, id)));
                        after = (tenant, id.uuid());
                    }
                    Kept::Picture(id) => {
                        places.extend(Size::EACH.map(|size| ((tenant, kept), pictures::place(tenant, id, size))));
                        after = (tenant, id.uuid());
                    }
                }
            }
            if found.len() < AT_ONCE {
                break;
            }
        }
    }
    Ok(places)
}

/// Copies the record and reports progress while it takes.
async fn copy_record(record: &Path, to: &Path) -> anyhow::Result<()> {
    let total = fs::metadata(record).map_or(0, |file| file.len());
    let (mut progress, mut tick) = (Progress::begin("copying the record", total), tokio::time::interval(LOOK_EVERY));
    let mut copying = std::pin::pin!(aside::copy(record, to));
    loop {
        tokio::select! {
            copied = &mut copying => return Ok(copied?),
            _ = tick.tick() => progress.at(fs::metadata(to).map_or(0, |file| file.len())),
        }
    }
}

/// Whether a folder is this one or is inside it, also through links.
fn lies_in(folder: &Path, this: &Path) -> bool {
    let (Ok(folder), Ok(this)) = (folder.canonicalize(), this.canonicalize()) else { return false };
    folder.starts_with(this)
}

/// The name of a backup until it is complete.
fn unfinished_name(to: &Path) -> anyhow::Result<PathBuf> {
    let mut name = to.file_name().with_context(|| format!("{} is no name for a folder", to.display()))?.to_owned();
    name.push(".part");
    Ok(to.with_file_name(name))
}

#[cfg(test)]
mod tests {
    use domain::id::{FileId, VisitorId};
    use store_desk::files::{self, FileOwner, StoredFile};
    use testkit::{Company, TestDb};

    use super::*;

    #[tokio::test]
    async fn a_file_that_was_removed_meanwhile_is_not_lost() {
        let db = TestDb::sqlite().await;
        let (tenant, id) = (Company::create(&db, "alpha").await.tenant, FileId::new(db.uuid()));
        let (owner, created_at) = (FileOwner::Visitor(VisitorId::new(db.uuid())), db.now());
        let (name, mime) = ("a".to_owned(), "b".to_owned());
        let file = StoredFile { id, owner, conversation: None, is_private: false, name, mime, size: 1, dimensions: None, created_at };
        let writing = db.writer().write::<_, store::Error, _>(db::Shard::Any, move |tx| Box::pin(async move { files::insert(tx, tenant, &file).await }));
        writing.await.unwrap();
        let engine = Engine::Sqlite(SqliteFiles { path: db.path(), durable: true });
        let lost = async || still_named(&engine, vec![((tenant, Kept::File(id)), "files/x".to_owned())]).await.unwrap();
        assert_eq!(lost().await, ["files/x"]);
        let later = created_at.plus(1);
        let removing = db.writer().write::<_, store::Error, _>(db::Shard::Any, move |tx| Box::pin(files::forget_unsent(tx, tenant, id, later)));
        assert!(removing.await.unwrap());
        assert!(lost().await.is_empty());
    }
}
