//! Brings a company from an archive into a record.
//!
//! Everything is read and compared before anything is written. Then the company arrives ([`store::entry_points::transfers`]): nobody sees it until its last row is
//! there. If something fails, or the program ends in between, what has arrived is erased; a node that another one took for gone brings in nothing more.

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
};

use db::{Db, Shard, cells::Cell};
use domain::{id::TenantId, time::Ts};
use store::entry_points::{self, Way};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{
    archive::{self, Archive, ArchiveError, Manifest, UploadedFile, table_file, uploaded_file},
    binding::{Binding, Keys},
    erase,
    error::{PortError, Result, aside},
    files,
    holdings::{Table, leaving},
    rows::{self, AT_ONCE, Positions, Row},
};

/// The table whose rows come last: they are signatures over what came before.
const LAST: &str = "audit_heads";
/// How many pages of rows may be read ahead of the record.
const AHEAD: usize = 4;

/// A record that a company arrives in.
pub struct Arriving<'a> {
    /// The record.
    pub db: &'a Db,
    /// The node that has it arrive.
    pub node: Uuid,
    /// The keys that the record is sealed by.
    pub keys: Keys,
    /// The folder of all files.
    pub files: &'a Path,
    /// The short name that the company is to have; by default the one it had.
    pub slug: Option<&'a str>,
    /// Is told the name of what is being written, and how many rows or files of it are.
    pub on_step: &'a (dyn Fn(&str, u64) + Send + Sync),
}

impl Arriving<'_> {
    /// Reads all of the archive and says what is in it; refused if it is not what was exported, or if the company cannot arrive here.
    pub async fn examine(&self, archive: &Archive) -> Result<Manifest> {
        let opened = archive.clone();
        let manifest = aside(move || {
            let manifest = opened.manifest(&store::schema::MIGRATIONS.numbers())?;
            opened.verify(&manifest).map(|()| manifest)
        });
        let manifest = manifest.await?;
        if !manifest.tables.iter().map(|table| table.name.as_str()).eq(leaving().map(|table| table.name)) {
            return Err(ArchiveError::Altered("the list of tables".to_owned()).into());
        }
        let (tenant, slug) = (TenantId::new(manifest.company), self.slug.unwrap_or(&manifest.slug));
        let mut tx = self.db.read().await?;
        if entry_points::slug_of(&mut tx, tenant).await?.is_some() {
            return Err(refusal(format!("this company is in the record already, with the id {tenant}: erase it first, or leave it")));
        }
        if entry_points::is_slug_taken(&mut tx, slug).await? {
            return Err(refusal(format!("there is another company with the short name {slug}: give this one a different name with `--slug`")));
        }
        if let Some(key) = entry_points::taken_site_key(&mut tx, &manifest.site_keys).await? {
            return Err(refusal(format!("a site of another company has the key {key}, which has to be unique")));
        }
        Ok(manifest)
    }

    /// Brings the company in. What has arrived is erased if anything fails.
    pub async fn import(&self, archive: &Archive, manifest: &Manifest) -> Result<TenantId> {
        let (tenant, node) = (TenantId::new(manifest.company), self.node);
        let slug = self.slug.unwrap_or(&manifest.slug).to_owned();
        let begin = self
            .db
            .writer()
            .write_patiently(Shard::Any, move |tx| Box::pin(async move { entry_points::begin_transfer(tx, tenant, Way::Arriving, &slug, node).await }));
        begin.await.map_err(|error| match error {
            store::Error::Taken => refusal("this company is being imported or erased: wait until that is done".to_owned()),
            other => other.into(),
        })?;
        match self.arrive(archive, manifest, tenant).await {
            Ok(()) => Ok(tenant),
            Err(error) => {
                self.turn_back(tenant).await?;
                Err(error)
            }
        }
    }

    async fn arrive(&self, archive: &Archive, manifest: &Manifest, tenant: TenantId) -> Result<()> {
        let (slug, node) = (self.slug.unwrap_or(&manifest.slug).to_owned(), self.node);
        self.put_files(archive, manifest, tenant).await?;
        let (mut binding, mut last) = (Binding::new(self.keys.clone(), tenant), Vec::new());
        for table in leaving() {
            if table.name == LAST {
                last.push(table);
            } else {
                self.table(archive, table, &mut binding, tenant).await?;
            }
        }
        for table in last {
            self.table(archive, table, &mut binding, tenant).await?;
        }
        let end = self.db.writer().write_patiently(Shard::Any, move |tx| {
            let slug = slug.clone();
            Box::pin(async move {
                entry_points::rename_company(tx, tenant, &slug).await?;
                entry_points::end_transfer(tx, tenant, node).await
            })
        });
        Ok(end.await?)
    }

    /// Inserts the rows of a table.
    async fn table(&self, archive: &Archive, table: &'static Table, binding: &mut Binding, tenant: TenantId) -> Result<()> {
        let (send, mut pages) = mpsc::channel::<Vec<Row>>(AHEAD);
        let (archive, node) = (archive.clone(), self.node);
        let reading = tokio::task::spawn_blocking(move || read_rows(&archive, table, tenant, &send));
        let has_root = entry_points::has_root(&mut self.db.read().await?).await?;
        let mut written = 0;
        while let Some(page) = pages.recv().await {
            let mut sealed = Vec::with_capacity(page.len());
            for row in page {
                let mut row = binding.seal(table, row).ok_or_else(|| ArchiveError::Altered(table.name.to_owned()))?;
                settle(table, &mut row, &Arrival { tenant, has_root, at: self.db.now() });
                sealed.push(row);
            }
            for chunk in rows::chunks(sealed) {
                written += chunk.len() as u64;
                let write = self.db.writer().write_patiently(Shard::Any, move |tx| {
                    Box::pin(async move {
                        entry_points::hold_transfer(tx, tenant, node).await?;
                        Ok::<_, store::Error>(rows::insert(tx, table, &chunk, Positions::New).await?)
                    })
                });
                write.await.map_err(|error| port_error(error, table))?;
            }
            (self.on_step)(table.name, written);
        }
        reading.await.map_err(std::io::Error::other)??;
        Ok(())
    }

    async fn put_files(&self, archive: &Archive, manifest: &Manifest, tenant: TenantId) -> Result<()> {
        let folder = files::folder(self.files, tenant);
        for (n, file) in manifest.files.iter().enumerate() {
            let (archive, file, folder) = (archive.clone(), file.clone(), folder.clone());
            aside(move || put_file(&archive, &file, &folder)).await?;
            (self.on_step)("files", n as u64 + 1);
        }
        Ok(())
    }

    /// Erases what has arrived.
    async fn turn_back(&self, tenant: TenantId) -> Result<()> {
        let node = self.node;
        let turn = self.db.writer().write_patiently(Shard::Any, move |tx| Box::pin(async move { entry_points::turn_back(tx, tenant, node).await }));
        turn.await?;
        erase::rows(self.db, tenant, node, |_| ()).await?;
        let root = self.files.to_owned();
        aside::<_, std::io::Error>(move || files::erase(&root, tenant)).await?;
        Ok(erase::end(self.db, tenant, node).await?)
    }
}

/// A company that comes into a record.
struct Arrival {
    tenant: TenantId,
    /// Whether another company is at the root of the address.
    has_root: bool,
    at: Ts,
}

/// Gives the company a short name that nobody finds, until it is here, and notes when it arrived; it does not take the root of the address from a company that has
/// it.
fn settle(table: &Table, row: &mut Row, arrival: &Arrival) {
    if table.name != "tenants" {
        return;
    }
    for (column, cell) in table.columns().zip(row) {
        match column.name {
            "slug" => *cell = Cell::Text(erase::hidden_slug(arrival.tenant)),
            "arrived_at" => *cell = Cell::Int(arrival.at.0),
            // No archive makes a company one in which another's staff practise.
            "practice_of" => *cell = Cell::Null,
            "is_root" if arrival.has_root => *cell = Cell::Int(0),
            _ => {}
        }
    }
}

/// Reads the rows of a table, page by page.
fn read_rows(archive: &Archive, table: &'static Table, tenant: TenantId, send: &mpsc::Sender<Vec<Row>>) -> std::result::Result<(), ArchiveError> {
    let (mut rest, mut page) = (Vec::new(), Vec::new());
    let altered = || ArchiveError::Altered(table.name.to_owned());
    archive.read(&table_file(table.name), |chunk| {
        rest.extend_from_slice(chunk);
        let whole = rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        for line in rest.get(..whole).unwrap_or_default().split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let row = archive::parse(table, line).filter(|row| archive::is_of(table, row, tenant)).ok_or_else(altered)?;
            page.push(row);
            if page.len() as i64 >= AT_ONCE {
                // Whoever inserts them has given up: the reason is known there.
                let _ = send.blocking_send(std::mem::take(&mut page));
            }
        }
        rest.drain(..whole);
        Ok(())
    })?;
    if !rest.is_empty() {
        return Err(altered());
    }
    if !page.is_empty() {
        let _ = send.blocking_send(page);
    }
    Ok(())
}

fn put_file(archive: &Archive, file: &UploadedFile, folder: &Path) -> Result<()> {
    let path = folder.join(&file.path);
    if !archive::is_inside(&file.path) {
        return Err(ArchiveError::Altered(file.path.clone()).into());
    }
    if let Some(above) = path.parent() {
        fs::create_dir_all(above)?;
    }
    let mut out = File::create(&path)?;
    archive.read(&uploaded_file(&file.path), |chunk| Ok(out.write_all(chunk)?))?;
    Ok(out.sync_all()?)
}

fn refusal(why: String) -> PortError {
    PortError::Refused(why)
}

/// What is unique in the whole installation and taken already makes the import fail; the error names the table.
fn port_error(error: store::Error, table: &Table) -> PortError {
    match error {
        store::Error::Taken => refusal(format!("something of the company is here already, in another company ({}): nothing was imported", table.name)),
        other => other.into(),
    }
}
