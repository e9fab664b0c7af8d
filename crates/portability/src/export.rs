//! Writes everything that a company takes along into an archive.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use db::{Db, Tx, cells::Cell};
use domain::id::TenantId;

use crate::{
    archive::{Archive, Manifest, SealedFile, TableFile, UploadedFile, line, table_file, uploaded_file},
    binding::{Binding, Keys},
    error::{Result, aside},
    files,
    holdings::{Table, leaving},
    rows::{self, Whose},
};

/// How much of a file is read at a time, in bytes.
const READ: usize = 256 * 1024;

/// A company that leaves.
pub struct Leaving<'a> {
    /// The record.
    pub db: &'a Db,
    /// The keys that the record is sealed by.
    pub keys: Keys,
    /// The folder of all files.
    pub files: &'a Path,
    /// The company.
    pub tenant: TenantId,
    /// The version of the program.
    pub version: &'a str,
    /// Is told the name of what is being written, and how many rows or files of it are.
    pub on_step: &'a (dyn Fn(&str, u64) + Send + Sync),
}

impl Leaving<'_> {
    /// Writes the archive. The rows are those of one moment.
    pub async fn export(&self, archive: &Archive) -> Result<Manifest> {
        let mut tx = self.db.snapshot_of(self.tenant).await?;
        let slug = store::entry_points::slug_of(&mut tx, self.tenant).await?.ok_or(store::Error::NotFound)?;
        let site_keys = site_keys(&mut tx, self.tenant).await?;
        let (mut binding, mut tables) = (Binding::new(self.keys.clone(), self.tenant), Vec::new());
        for table in leaving() {
            tables.push(self.table(&mut tx, archive, table, &mut binding).await?);
        }
        drop(tx);
        let files = self.seal_uploads(archive).await?;
        let steps = store::schema::MIGRATIONS.numbers();
        let manifest = Manifest {
            version: self.version.to_owned(),
            schema: steps.last().copied().unwrap_or(0),
            steps,
            made_at: self.db.now().0,
            company: self.tenant.uuid(),
            slug,
            site_keys,
            unreadable: binding.unreadable(),
            tables,
            files,
        };
        let (archive, finished) = (archive.clone(), manifest.clone());
        aside(move || archive.finish(&finished)).await?;
        Ok(manifest)
    }

    async fn table(&self, tx: &mut Tx, archive: &Archive, table: &'static Table, binding: &mut Binding) -> Result<TableFile> {
        let (opened, name) = (archive.clone(), table_file(table.name));
        let mut file = aside(move || opened.write(&name)).await?;
        let (mut after, mut written): (Option<Vec<Cell>>, u64) = (None, 0);
        loop {
            let page = rows::page(tx, table, Whose::Company(self.tenant), after.as_deref()).await?;
            let Some(last) = page.last() else { break };
            after = Some(rows::key_of(table, last));
            let mut lines = String::new();
            for row in page.into_iter().filter_map(|row| binding.open(table, row)) {
                lines.push_str(&line(table, &row));
                lines.push('\n');
                written += 1;
            }
            file = append(file, lines.into_bytes()).await?;
            (self.on_step)(table.name, written);
        }
        let (sha256, _) = aside(move || file.finish()).await?;
        Ok(TableFile { name: table.name.to_owned(), rows: written, sha256 })
    }

    async fn seal_uploads(&self, archive: &Archive) -> Result<Vec<UploadedFile>> {
        let (root, tenant) = (self.files.to_owned(), self.tenant);
        let paths = aside::<_, std::io::Error>(move || files::list(&root, tenant)).await?;
        let folder = files::folder(self.files, tenant);
        let mut all = Vec::with_capacity(paths.len());
        for path in paths {
            let (archive, from) = (archive.clone(), folder.join(&path));
            if let Some(file) = aside(move || seal_file(&archive, &from, path)).await? {
                all.push(file);
            }
            (self.on_step)("files", all.len() as u64);
        }
        Ok(all)
    }
}

/// The keys of a company's sites.
async fn site_keys(tx: &mut Tx, tenant: TenantId) -> Result<Vec<String>> {
    let (mut keys, mut after): (Vec<String>, Option<Vec<Cell>>) = (Vec::new(), None);
    let Some(table) = leaving().find(|table| table.name == "sites") else { return Ok(keys) };
    let place = table.columns().position(|column| column.name == "key").unwrap_or_default();
    loop {
        let page = rows::page(tx, table, Whose::Company(tenant), after.as_deref()).await?;
        let Some(last) = page.last() else { return Ok(keys) };
        after = Some(rows::key_of(table, last));
        keys.extend(page.iter().filter_map(|row| if let Some(Cell::Text(key)) = row.get(place) { Some(key.clone()) } else { None }));
    }
}

async fn append(mut file: SealedFile, bytes: Vec<u8>) -> Result<SealedFile> {
    Ok(aside(move || file.write(&bytes).map(|()| file)).await?)
}

/// Seals a file; `None` if it has been removed in the meantime.
fn seal_file(archive: &Archive, from: &PathBuf, path: String) -> Result<Option<UploadedFile>> {
    let mut file = match File::open(from) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let (mut sealed, mut buffer) = (archive.write(&uploaded_file(&path))?, vec![0; READ]);
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => sealed.write(buffer.get(..read).unwrap_or_default())?,
        }
    }
    let (sha256, bytes) = sealed.finish()?;
    Ok(Some(UploadedFile { path, bytes, sha256 }))
}
