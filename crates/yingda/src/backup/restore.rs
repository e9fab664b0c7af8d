//! Restores a backup into an empty folder: it is verified first, assembled under a temporary name, and only then moved to where a server looks for it.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail, ensure};
use db::migrations::Standing;
use platform::{
    env::{Env, SystemClock},
    erasures::ERASURES,
    seal_key::{SEAL_KEY_FILE, SealKey, SealKeyFrom},
};
use server::record_mark::{self, RecordMark};
use store::entry_points;
use uuid::Uuid;

use super::{
    FILES, RECORD,
    copying::{self, Sum, Unfinished},
    folder::BackupFolder,
    identity::{self, Identity},
    manifest::Manifest,
    postgres::Database,
    progress::Progress,
    signature,
};
use crate::commands::data;

/// The temporary name, in the target folder, until everything is complete.
const UNFINISHED: &str = "restore.part";
/// Files that an empty folder may contain.
const HARMLESS: [&str; 3] = ["lock", SEAL_KEY_FILE, ERASURES];

/// Where to restore a backup.
pub struct Target<'a> {
    /// The data folder: missing or empty.
    pub data: &'a Path,
    /// The folder for uploaded files: missing or empty.
    pub files: &'a Path,
    /// Where the server looks for the sealing key.
    pub key: &'a SealKeyFrom,
    /// The file with the key, if the key is to be installed.
    pub key_file: Option<&'a Path>,
    /// Whether an unsigned backup is acceptable.
    pub unsigned: bool,
    /// The URL of an empty database, if the record is to be in PostgreSQL.
    pub database_url: Option<&'a str>,
    /// The passphrase, if the backup is sealed under one.
    pub passphrase: Option<&'a str>,
}

/// The result of a restore.
pub struct Restored {
    /// The manifest of the backup.
    pub manifest: Manifest,
    /// The record's new generation; in PostgreSQL it gets one at the next start.
    pub generation: Option<Uuid>,
    /// The file the sealing key was written to, if it did not exist.
    pub key_file: Option<PathBuf>,
}

/// A backup that was verified.
struct Examined {
    folder: BackupFolder,
    manifest: Manifest,
    key: SealKey,
}

impl Target<'_> {
    /// Restores the backup in this folder if it is intact. A failure leaves nothing behind.
    pub async fn restore(&self, backup: &Path) -> anyhow::Result<Restored> {
        let examined = self.verify(backup)?;
        self.is_empty_database().await?;
        self.put_examined(examined).await
    }

    /// Verifies a whole backup without writing anything: an error if it cannot be restored here or is not intact.
    fn verify(&self, backup: &Path) -> anyhow::Result<Examined> {
        let folder = BackupFolder::open(backup, self.passphrase)?;
        let manifest = folder.manifest()?;
        if manifest.standing(&store::schema::MIGRATIONS.numbers()) == Standing::Newer {
            let Manifest { version, schema, .. } = &manifest;
            bail!("the backup was made by a newer yingda, {version} (schema {schema}): restore it with that version or a later one");
        }
        match (manifest.is_dump(), self.database_url) {
            (true, None) => bail!("the record of this backup is from PostgreSQL: name an empty database with `--database-url`"),
            (false, Some(_)) => bail!("the record of this backup is an embedded one: restore it without `database_url`, and move it with `yingda move` then"),
            _ => {}
        }
        self.are_empty()?;
        let key = self.find_key(&manifest.seal_key)?;
        signature::check(&manifest, &key, self.unsigned)?;
        examine(&folder, &manifest)?;
        Ok(Examined { folder, manifest, key })
    }

    async fn put_examined(&self, Examined { folder: backup, manifest, key }: Examined) -> anyhow::Result<Restored> {
        let mut folder = Unfinished::default();
        folder.room(self.data)?;
        let lock = self.data.join("lock");
        let was_locked_before = lock.exists();
        let Some(_lock) = data::lock(self.data)? else { bail!("another yingda uses the data folder {}", self.data.display()) };
        // After a failure, everything is removed while the folder is still locked.
        let mut unfinished = Unfinished::default();
        if !was_locked_before {
            unfinished.also(lock);
        }
        // A server that is restarted repeatedly may have started here while the backup was verified.
        self.are_empty()?;
        unfinished.room(self.files)?;
        let done = self.put(&backup, &manifest, &key, &mut unfinished).await;
        let (generation, key_file) = done.with_context(|| format!("nothing was restored into {}", self.data.display()))?;
        unfinished.keep();
        folder.keep();
        Ok(Restored { manifest, generation, key_file })
    }

    /// An error if a folder is not empty that has to be. With PostgreSQL, the data folder has nothing of the record.
    fn are_empty(&self) -> anyhow::Result<()> {
        if self.database_url.is_none() {
            is_empty(self.data, "--data")?;
        }
        is_empty(self.files, "--files")
    }

    /// An error if there is a record in the database already.
    async fn is_empty_database(&self) -> anyhow::Result<()> {
        let Some(url) = self.database_url else { return Ok(()) };
        let engine = db::Engine::record_in(url);
        if db::look(&engine, "_sqlx_migrations", identity::now()).await?.is_some() {
            bail!("there is a record in the database already: name an empty one with `--database-url`");
        }
        Ok(())
    }

    /// The key, if it is the one the backup is sealed by; an error also if the server would find a different key, or none.
    fn find_key(&self, fingerprint: &str) -> anyhow::Result<SealKey> {
        let configured = self.key.find()?;
        let key = match (self.key_file, &configured) {
            (Some(file), _) => SealKey::read(file)?,
            (None, Some(key)) => key.clone(),
            (None, None) => bail!(
                "there is no sealing key: the file that {} names does not exist. Name the file of the key with the fingerprint {fingerprint} with `--seal-key-file`",
                self.key
            ),
        };
        for key in configured.iter().chain([&key]) {
            let found = key.fingerprint();
            ensure!(
                found == fingerprint,
                "this sealing key is not the one by which the backup is sealed: its fingerprint is {found}, and the backup's is {fingerprint}"
            );
        }
        Ok(key)
    }

    /// Installs the key where the server looks for it, if it is not there. Returns the file written.
    fn put_key(&self, key: &SealKey, unfinished: &mut Unfinished) -> anyhow::Result<Option<PathBuf>> {
        let SealKeyFrom::File(path) = self.key else { return Ok(None) };
        if path.exists() {
            return Ok(None);
        }
        key.write(path)?;
        unfinished.also(path.clone());
        Ok(Some(path.clone()))
    }

    /// Copies everything under a temporary name, changes the record's generation, and moves all of it into place, the record last.
    async fn put(
        &self,
        backup: &BackupFolder,
        manifest: &Manifest,
        key: &SealKey,
        unfinished: &mut Unfinished,
    ) -> anyhow::Result<(Option<Uuid>, Option<PathBuf>)> {
        let mut progress = Progress::begin("restoring", manifest.record.bytes + manifest.file_bytes());
        if let Some(url) = self.database_url {
            self.put_all_files(backup, manifest, unfinished, &mut progress)?;
            let key_file = self.put_key(key, unfinished)?;
            copying::sync(self.data)?;
            // Last, for it is what cannot be taken back.
            restore_dump(backup, manifest, url)?;
            return Ok((None, key_file));
        }
        let part = unfinished.folder(self.data.join(UNFINISHED))?;
        let record = part.join(RECORD);
        same(backup.take_out(RECORD, &manifest.record, &record)?.as_ref(), &manifest.record, RECORD)?;
        progress.add(manifest.record.bytes);
        let generation = renew_generation(&record, manifest).await?;
        self.put_all_files(backup, manifest, unfinished, &mut progress)?;
        let key_file = self.put_key(key, unfinished)?;
        unfinished.move_to(&record, self.data.join(record_mark::RECORD))?;
        if part.is_dir() {
            fs::remove_dir(&part)?;
        }
        unfinished.also(self.data.join(record_mark::MARK));
        RecordMark::begin(self.data, manifest.last.clone()).context("the record's mark cannot be written")?;
        copying::sync(self.data)?;
        Ok((Some(generation), key_file))
    }

    /// Copies the files under a temporary name, and moves them into place.
    fn put_all_files(&self, backup: &BackupFolder, manifest: &Manifest, unfinished: &mut Unfinished, progress: &mut Progress) -> anyhow::Result<()> {
        for company in self.put_files(backup, manifest, unfinished, progress)? {
            unfinished.move_to(&self.files.join(UNFINISHED).join(&company), self.files.join(&company))?;
        }
        if self.files.join(UNFINISHED).is_dir() {
            fs::remove_dir(self.files.join(UNFINISHED))?;
        }
        copying::sync(self.files)
    }

    /// Copies the files. Returns the company folders that were created.
    fn put_files(&self, backup: &BackupFolder, manifest: &Manifest, unfinished: &mut Unfinished, progress: &mut Progress) -> anyhow::Result<BTreeSet<PathBuf>> {
        let mut companies = BTreeSet::new();
        if manifest.files.is_empty() {
            return Ok(companies);
        }
        let part = self.files.join(UNFINISHED);
        if !part.is_dir() {
            unfinished.folder(part.clone())?;
        }
        for file in &manifest.files {
            let place = Path::new(&file.path).strip_prefix(FILES)?;
            let company = copying::folder_of(place);
            if companies.insert(company.to_owned()) {
                fs::create_dir(part.join(company)).with_context(|| format!("{} cannot be made", part.join(company).display()))?;
            }
            same(backup.take_out(&file.path, &file.sum, &part.join(place))?.as_ref(), &file.sum, &file.path)?;
            progress.add(file.sum.bytes);
        }
        copying::sync_folders(&part)?;
        Ok(companies)
    }
}

/// Reads a whole backup and compares it with its manifest.
fn examine(backup: &BackupFolder, manifest: &Manifest) -> anyhow::Result<()> {
    let mut progress = Progress::begin("examining the backup", manifest.record.bytes + manifest.file_bytes());
    let files = manifest.files.iter().map(|file| (file.path.as_str(), &file.sum));
    for (path, sum) in std::iter::once((manifest.record_name(), &manifest.record)).chain(files) {
        let found = backup.read(path, sum, |_| Ok(()))?;
        same(found.as_ref(), sum, path)?;
        progress.add(sum.bytes);
    }
    Ok(())
}

/// Checks that a file of the backup is unchanged.
fn same(found: Option<&Sum>, noted: &Sum, path: &str) -> anyhow::Result<()> {
    match found {
        Some(found) if found == noted => Ok(()),
        Some(_) => bail!("{path} in the backup is not what was backed up: the backup is damaged; use a different one"),
        None => bail!("{path} is missing in the backup: the backup is damaged; use a different one"),
    }
}

/// Restores the dump in the backup into an empty database.
fn restore_dump(backup: &BackupFolder, manifest: &Manifest, url: &str) -> anyhow::Result<()> {
    let name = manifest.record_name();
    Database::at(url)?.restore(|each| same(backup.read(name, &manifest.record, each)?.as_ref(), &manifest.record, name))
}

/// Durably gives the copy of the record a new generation, after comparing it with the manifest.
async fn renew_generation(record: &Path, manifest: &Manifest) -> anyhow::Result<Uuid> {
    let mut tx = identity::open(record).await?;
    if !manifest.is_of(&Identity::of(&mut tx).await?) {
        bail!("the backup's manifest.json belongs to a different record: the backup is damaged; use a different one");
    }
    let generation = Env::new(Arc::new(SystemClock::default())).uuid();
    entry_points::change_generation(&mut tx, generation).await?;
    Ok(generation)
}

/// An error if a folder is not empty.
fn is_empty(folder: &Path, flag: &str) -> anyhow::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.with_context(|| format!("{} cannot be read", folder.display()))?,
    };
    for entry in entries {
        let name = entry?.file_name();
        if !HARMLESS.iter().any(|harmless| name == *harmless) {
            bail!("{} is not empty, there is {:?} in it: name an empty folder with `{flag}`, or one that is not there", folder.display(), name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use testkit::TestDb;

    use super::*;
    use crate::backup::copying::read;

    #[tokio::test]
    async fn what_came_into_the_folder_while_the_backup_was_examined_is_not_written_over() {
        let (db, folder) = (TestDb::sqlite().await, tempfile::tempdir().unwrap());
        let [backup, data, files, key] = ["backup", "data", "files", "seal.key"].map(|name| folder.path().join(name));
        let sealed_by = SealKey::make(&key).unwrap();
        entry_points::installation(&db, db.uuid(), sealed_by.fingerprint()).await.unwrap();
        fs::create_dir(&backup).unwrap();
        db::aside::copy(&db.path(), &backup.join(RECORD)).await.unwrap();
        let identity = Identity::of(&mut identity::open(&backup.join(RECORD)).await.unwrap()).await.unwrap();
        let mut manifest = Manifest::begin(1, "sqlite", identity, read(&backup.join(RECORD), |_| Ok(())).unwrap());
        manifest.signature = Some(sealed_by.sign_backup(&manifest.digest().unwrap()));
        manifest.write(&backup).unwrap();

        let target = Target { data: &data, files: &files, key: &SealKeyFrom::File(key), key_file: None, unsigned: false, database_url: None, passphrase: None };
        let examined = target.verify(&backup).unwrap();
        fs::create_dir(&data).unwrap();
        for name in ["yingda.db", "yingda.db-wal", "lock"] {
            fs::write(data.join(name), "another's").unwrap();
        }
        let refused = target.put_examined(examined).await.err().unwrap().to_string();
        assert!(refused.contains("is not empty") && refused.contains("yingda.db"), "{refused}");
        let left: Vec<_> = fs::read_dir(&data).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
        assert!(left.len() == 3 && left.iter().all(|held| held == b"another's") && !files.exists());
        fs::remove_dir_all(&data).unwrap();
        target.restore(&backup).await.unwrap();
    }
}
