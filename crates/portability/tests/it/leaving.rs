//! A company leaves with everything, is erased, and comes back or arrives elsewhere.

use std::{path::Path, sync::Arc};

use db::{Db, Shard, cells::Cell};
use domain::id::{ConversationId, TenantId};
use portability::{
    archive::{Archive, ArchiveError},
    binding::Keys,
    erase,
    error::PortError,
    export::Leaving,
    files,
    holdings::{Leaves, leaving, tables},
    import::Arriving,
    rows::{self, Whose},
};
use seal::company_key::{CompanyKey, Sealed};
use store::entry_points;
use testkit::{Company, TestDb, on_every_engine};
use uuid::Uuid;

use crate::plant::{keys, opened, plant, planted};

const PASSPHRASE: &str = "correct horse battery";
/// The node that does it.
const NODE: Uuid = Uuid::from_u128(7);

on_every_engine!(
    what_left_and_came_back_is_equal_row_by_row,
    what_another_node_has_taken_over_is_left_to_it,
    an_erased_company_leaves_nothing,
    an_import_that_fails_leaves_nothing,
    what_cannot_arrive_is_refused
);

fn tenant() -> TenantId {
    TenantId::new(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001))
}

async fn export(db: &Db, keys: &Keys, files: &Path, tenant: TenantId, to: &Path) -> portability::archive::Manifest {
    let archive = Archive::create(to, PASSPHRASE, "1.0.0").unwrap();
    Leaving { db, keys: keys.clone(), files, tenant, version: "1.0.0", on_step: &|_, _| () }.export(&archive).await.unwrap()
}

async fn import(db: &Db, keys: &Keys, files: &Path, slug: Option<&str>, from: &Path, passphrase: &str) -> Result<TenantId, PortError> {
    let archive = Archive::open(from, passphrase)?;
    let arriving = Arriving { db, node: NODE, keys: keys.clone(), files, slug, on_step: &|_, _| () };
    let manifest = arriving.examine(&archive).await?;
    arriving.import(&archive, &manifest).await
}

async fn erase_all(db: &Db, tenant: TenantId) -> erase::Erased {
    erase::begin(db, tenant, NODE).await.unwrap();
    let erased = erase::rows(db, tenant, NODE, |_| ()).await.unwrap();
    erase::end(db, tenant, NODE).await.unwrap();
    erased
}

/// All that leaves of a company, opened.
async fn all(db: &Db, tenant: TenantId, keys: &Keys) -> Vec<(&'static str, Vec<rows::Row>)> {
    let mut all = Vec::new();
    for table in leaving() {
        all.push((table.name, opened(db, table, tenant, keys).await));
    }
    all
}

fn put_files(root: &Path, tenant: TenantId) {
    std::fs::create_dir_all(files::folder(root, tenant)).unwrap();
    std::fs::write(files::folder(root, tenant).join("a"), vec![7; 100_000]).unwrap();
    std::fs::write(files::folder(root, tenant).join("b-small"), "the bytes of a picture").unwrap();
    std::fs::write(files::folder(root, tenant).join("c.part"), "unfinished").unwrap();
}

async fn what_left_and_came_back_is_equal_row_by_row(db: Arc<TestDb>) {
    let (folder, tenant, keys) = (tempfile::tempdir().unwrap(), tenant(), keys(b"one key"));
    plant(&db, tenant, &keys).await;
    Company::create(&db, "another").await;
    let root = folder.path().join("data");
    put_files(&root, tenant);
    let (conversation, own_key) = (ConversationId::new(Uuid::from_u128(7)), key_of(&db, tenant, &keys).await);
    let sealed = own_key.seal(Sealed::Contact, conversation, "13800138000").unwrap();
    let before = all(&db, tenant, &keys).await;
    assert!(before.iter().all(|(_, rows)| !rows.is_empty()), "a row of each table leaves");
    let manifest = export(&db, &keys, &root, tenant, &folder.path().join("out")).await;
    assert_eq!((manifest.unreadable, manifest.files.len()), (0, 2));
    for entry in walk(folder.path().join("out").as_path()) {
        let bytes = std::fs::read(&entry).unwrap();
        assert!(!contains(&bytes, b".example") && !contains(&bytes, b"picture"), "{} is sealed", entry.display());
    }

    erase_all(&db, tenant).await;
    files::erase(&root, tenant).unwrap();
    // It arrives under another key, as elsewhere.
    let other = self::keys(b"another key");
    import(&db, &other, &root, None, &folder.path().join("out"), PASSPHRASE).await.unwrap();
    let after = all(&db, tenant, &other).await;
    for ((name, before), (_, after)) in before.iter().zip(&after) {
        // The chain is another key's; that it is right was seen when it was opened.
        let strip = |rows: &[rows::Row]| {
            if name.starts_with("audit_heads") { Vec::new() } else { rows.iter().map(|row| without_chain(&without_arrival(name, row))).collect::<Vec<_>>() }
        };
        let digests = |row: &rows::Row| without_arrival(name, row).iter().filter(|cell| **cell != Cell::Null).count();
        assert_eq!(before.iter().map(digests).collect::<Vec<_>>(), after.iter().map(digests).collect::<Vec<_>>(), "{name}");
        assert_eq!(strip(before), strip(after), "{name}");
    }
    assert_eq!(files::list(&root, tenant).unwrap(), ["a", "b-small"]);
    assert_eq!(std::fs::read(files::folder(&root, tenant).join("a")).unwrap(), vec![7; 100_000]);
    assert_eq!(entry_points::transfers(&db).await.unwrap(), []);
    assert_eq!(entry_points::arrived_at(&mut db.read().await.unwrap(), tenant).await.unwrap(), Some(db.now()));
    assert_eq!(entry_points::company(&db, Some(&planted(tenant, "tenants", "slug"))).await.unwrap(), Some(tenant));
    // What the company's own key had sealed opens, and that key does under the other installation's.
    assert_eq!(key_of(&db, tenant, &other).await.open(Sealed::Contact, conversation, &sealed).as_deref(), Some("13800138000"));
    // Nothing of what is sealed opens under the first key.
    let sealed = tables().find(|table| table.name == "customers").unwrap();
    assert_eq!(opened(&db, sealed, tenant, &keys).await[0][2], Cell::Null);
}

/// The company's own key.
async fn key_of(db: &Db, tenant: TenantId, keys: &Keys) -> CompanyKey {
    let stored = store::company_keys::find(&mut db.read().await.unwrap(), tenant).await.unwrap().unwrap();
    CompanyKey::open_key(&keys.sealer, tenant, &stored).unwrap()
}

/// When a company arrived is noted anew, and it is not one in which another's staff practise.
fn without_arrival(table: &str, row: &rows::Row) -> rows::Row {
    let known = tables().find(|known| known.name == table);
    let columns: Vec<_> = known.into_iter().flat_map(|table| table.columns().map(|column| column.name)).collect();
    let is_new = |n: usize| columns.get(n).is_some_and(|name| ["arrived_at", "practice_of"].contains(name));
    row.iter().enumerate().map(|(n, cell)| if is_new(n) { Cell::Null } else { cell.clone() }).collect()
}

/// The chain of an audited entry stands in its body.
fn without_chain(row: &rows::Row) -> rows::Row {
    row.iter()
        .map(|cell| match cell {
            Cell::Text(text) if text.contains("\"chain\":") => Cell::Text(text.split("\"chain\":").next().unwrap_or_default().to_owned()),
            other => other.clone(),
        })
        .collect()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

async fn an_erased_company_leaves_nothing(db: Arc<TestDb>) {
    let (first, second, keys) = (tenant(), TenantId::new(Uuid::from_u128(2)), keys(b"key"));
    plant(&db, first, &keys).await;
    plant(&db, second, &keys).await;
    let erased = erase_all(&db, first).await;
    assert_eq!(erased.len(), tables().filter(|table| table.company_column().is_some()).count(), "each table had a row: {erased:?}");
    for table in tables().filter(|table| table.company_column().is_some()) {
        let mut tx = db.read().await.unwrap();
        let many = async |tx: &mut db::Tx, tenant| rows::count(tx, table, Whose::Company(tenant)).await.unwrap();
        assert_eq!((many(&mut tx, first).await, many(&mut tx, second).await > 0), (0, true), "{}", table.name);
    }
    assert!(matches!(erase::begin(&db, first, NODE).await, Err(store::Error::NotFound)), "it is erased once");
    if db.engine() == "sqlite" {
        let (path, log) = (db.path(), db.path().with_extension("db-wal"));
        let files = db::SqliteFiles { path: path.clone(), durable: true };
        testkit::eventually("the log is empty", async || db::empty_log(&db::Engine::Sqlite(files.clone())).await.unwrap().then_some(())).await;
        let bytes = [std::fs::read(path).unwrap(), std::fs::read(log).unwrap_or_default()].concat();
        let names = |tenant: TenantId| tenant.uuid().as_simple().to_string().into_bytes();
        assert!(contains(&bytes, &names(second)) && !contains(&bytes, &names(first)), "not a byte of it is left in the files");
    }
}

async fn what_another_node_has_taken_over_is_left_to_it(db: Arc<TestDb>) {
    let (folder, tenant, keys, another) = (tempfile::tempdir().unwrap(), tenant(), keys(b"key"), Uuid::from_u128(8));
    plant(&db, tenant, &keys).await;
    let (out, root) = (folder.path().join("out"), folder.path().join("data"));
    export(&db, &keys, &root, tenant, &out).await;
    let taken = async || {
        let gone_before = db.now().plus(1);
        let take =
            db.writer().write_patiently(Shard::Any, move |tx| Box::pin(async move { entry_points::take_transfer(tx, tenant, another, gone_before).await }));
        take.await
    };
    erase::begin(&db, tenant, NODE).await.unwrap();
    assert!(taken().await.unwrap());
    assert!(matches!(erase::rows(&db, tenant, NODE, |_| ()).await, Err(store::Error::Stale)));
    assert!(matches!(erase::end(&db, tenant, NODE).await, Err(store::Error::Stale)));
    assert!(entry_points::slug_of(&mut db.read().await.unwrap(), tenant).await.unwrap().is_some(), "nothing was erased");
    erase::rows(&db, tenant, another, |_| ()).await.unwrap();
    // It is still on its way out there, and cannot arrive here.
    let why = import(&db, &keys, &root, None, &out, PASSPHRASE).await.unwrap_err().to_string();
    assert!(why.contains("is being imported or erased"), "{why}");
    assert_eq!(entry_points::transfers(&db).await.unwrap()[0].node, another);
    erase::end(&db, tenant, another).await.unwrap();
}

async fn an_import_that_fails_leaves_nothing(db: Arc<TestDb>) {
    let (folder, tenant, keys) = (tempfile::tempdir().unwrap(), tenant(), keys(b"key"));
    plant(&db, tenant, &keys).await;
    let (out, root) = (folder.path().join("out"), folder.path().join("data"));
    put_files(&root, tenant);
    export(&db, &keys, &root, tenant, &out).await;
    erase_all(&db, tenant).await;
    files::erase(&root, tenant).unwrap();
    // A row that refers to nothing stops it in the middle; a file that is altered stops it before it begins.
    let archive = Archive::open(&out, PASSPHRASE).unwrap();
    let arriving = Arriving { db: &db, node: NODE, keys: keys.clone(), files: &root, slug: None, on_step: &|_, _| () };
    let manifest = arriving.examine(&archive).await.unwrap();
    std::fs::write(out.join("tables/visitors.ndjson.sealed"), "altered").unwrap();
    assert!(matches!(arriving.import(&archive, &manifest).await, Err(PortError::Archive(ArchiveError::Altered(_)))));
    for table in tables().filter(|table| table.company_column().is_some()) {
        assert_eq!(rows::count(&mut db.read().await.unwrap(), table, Whose::Company(tenant)).await.unwrap(), 0, "{}", table.name);
    }
    assert_eq!((entry_points::transfers(&db).await.unwrap(), files::list(&root, tenant).unwrap()), (vec![], vec![]));
    assert!(matches!(arriving.examine(&archive).await, Err(PortError::Archive(ArchiveError::Altered(_)))));
}

async fn what_cannot_arrive_is_refused(db: Arc<TestDb>) {
    let (folder, tenant, keys) = (tempfile::tempdir().unwrap(), tenant(), keys(b"key"));
    plant(&db, tenant, &keys).await;
    let (out, root) = (folder.path().join("out"), folder.path().join("data"));
    export(&db, &keys, &root, tenant, &out).await;
    let said = async |slug: Option<&str>, passphrase: &str| import(&db, &keys, &root, slug, &out, passphrase).await.unwrap_err().to_string();
    assert!(said(None, PASSPHRASE).await.contains("in the record already"));
    assert!(said(None, "wrong passphrase").await.contains("not the passphrase"));
    erase_all(&db, tenant).await;
    let other = Company::create(&db, "taken").await;
    assert!(said(Some("taken"), PASSPHRASE).await.contains("another company with the short name taken"));
    let key = planted(tenant, "sites", "key");
    let (site, of) = (other.site, other.tenant);
    let mut rows = opened(&db, leaving().find(|table| table.name == "sites").unwrap(), of, &keys).await;
    assert_eq!(rows[0][1], Cell::Id(site.uuid()));
    rows[0][1] = Cell::Id(Uuid::from_u128(9));
    rows[0][2] = Cell::Text(key);
    let row = rows.remove(0);
    let write = db.writer().write::<_, store::Error, _>(Shard::Any, move |tx| {
        Box::pin(async move { Ok(rows::insert(tx, tables().find(|table| table.name == "sites").unwrap(), &[row], rows::Positions::New).await?) })
    });
    write.await.unwrap();
    assert!(said(None, PASSPHRASE).await.contains("has the key"));
    assert!(tables().any(|table| matches!(table.leaves, Leaves::Stays(_))));
}
