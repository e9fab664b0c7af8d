//! Makes a backup: first the record, as of one moment, then the files it refers to, so that each of them is there.

use std::{
    fs,
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
    FILES, RECORD,
    copying::{self, Unfinished},
    identity::{self, Identity},
    manifest::{FileSum, Manifest},
    progress::Progress,
    signature,
};

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
}

impl Source<'_> {
    /// Makes a backup: a folder at `to`, which must not exist yet. It gets that name once it is complete and on disk; a failure leaves nothing behind.
    pub async fn back_up(&self, to: &Path) -> anyhow::Result<BackedUp> {
        let served = self.data.join(record_mark::RECORD);
        ensure!(served.is_file(), "the record {} does not exist: `--data` names the data folder of the server", served.display());
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
        copy_record(&served, &part.join(RECORD)).await.context("the record cannot be copied")?;
        let mut tx = identity::open(&part.join(RECORD)).await?;
        let (schema, own) = (aside::schema(&mut tx).await?.unwrap_or(0), store::schema::MIGRATIONS.last());
        ensure!(schema == own, "the record has the schema {schema} and this program knows {own}: back it up with the version that serves it");
        let identity = Identity::of(&mut tx).await?;
        let record = copying::read(&part.join(RECORD), |_| Ok(())).context("the copy of the record cannot be read")?;
        let mut manifest = Manifest::begin(made_at, identity, record);
        let missing = self.copy_files(&part, &mut tx, &mut manifest).await?;
        tx.close().await;
        let lost = still_named(&served, missing).await?;
        copying::sync(&part.join(RECORD))?;
        let unsigned = match signature::sign(&manifest, self.data, self.key).await {
            Ok(signature) => {
                manifest.signature = Some(signature);
                None
            }
            Err(error) => Some(error.to_string()),
        };
        manifest.write(&part)?;
        copying::sync_folders(&part)?;
        unfinished.move_to(&part, to.to_owned())?;
        copying::sync(parent)?;
        unfinished.keep();
        Ok(BackedUp { manifest, lost, unsigned })
    }

    /// Copies the files that the record refers to. Returns those that are missing.
    async fn copy_files(&self, part: &Path, tx: &mut Tx, manifest: &mut Manifest) -> anyhow::Result<Vec<(Owned, String)>> {
        fs::create_dir(part.join(FILES))?;
        let places = places(tx).await?;
        ensure!(places.is_empty() || self.files.is_dir(), "the folder of uploaded files {} is not there: say where it is with `--files`", self.files.display());
        let (mut progress, mut missing) = (Progress::begin("copying files", 0), Vec::new());
        for (of, place) in places {
            let path = format!("{FILES}/{}", place.display());
            let to = part.join(FILES).join(&place);
            if let Some(folder) = to.parent().filter(|folder| !folder.is_dir()) {
                fs::create_dir(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
            }
            match copying::copy(&self.files.join(&place), &to)? {
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

/// Something the record refers to, and the company it belongs to.
type Owned = (TenantId, Kept);

/// The paths of those missing files that the record, as it is now, still refers to. Deleting a file deletes it from the record first.
async fn still_named(record: &Path, missing: Vec<(Owned, String)>) -> anyhow::Result<Vec<String>> {
    let mut named = Vec::new();
    if missing.is_empty() {
        return Ok(named);
    }
    let engine = Engine::Sqlite(SqliteFiles { path: record.to_owned(), durable: true });
    let mut tx = db::look(&engine, "files", identity::now()).await?.context("the record cannot be asked for the files that are missing")?;
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
        let lost = async || still_named(&db.path(), vec![((tenant, Kept::File(id)), "files/x".to_owned())]).await.unwrap();
        assert_eq!(lost().await, ["files/x"]);
        let later = created_at.plus(1);
        let removing = db.writer().write::<_, store::Error, _>(db::Shard::Any, move |tx| Box::pin(files::forget_unsent(tx, tenant, id, later)));
        assert!(removing.await.unwrap());
        assert!(lost().await.is_empty());
    }
}
