//! Restores an older copy of the record: how the copy is made while everybody talks, and how it is restored, with the product's commands and by hand.

use std::{
    fs,
    net::SocketAddr,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tempfile::TempDir;

use super::{
    ACKS, MORE_ACKS, Measured,
    cast::Cast,
    chapters::{self, Book},
    history::{Journal, Seen},
    ledger::Place,
    record,
    system::System,
};
use crate::{
    http::Identity,
    postgres::{DATABASE, Postgres},
    random::Random,
    server::Engine,
};

/// The file name of the record in a data folder, and in a backup.
const RECORD: &str = "yingda.db";
const BACKED_UP: &str = "record.db";
/// The sealing key in a data folder; a backup does not contain it.
const SEAL_KEY: &str = "seal.key";
/// The files that SQLite keeps beside a record.
const LOGS: [&str; 2] = ["yingda.db-wal", "yingda.db-shm"];
/// The number of conversations that are read at the same time.
const READERS: usize = 4;
/// A server that has just started may be busy: how often it is asked again, and after how long.
const BUSY_TRIES: usize = 30;
const BUSY_WAIT: Duration = Duration::from_secs(1);
/// The status with which a busy server answers.
const BUSY: &str = "503 Service Unavailable";

/// How an older copy is restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// A backup, with `yingda restore` into an empty folder.
    Restore,
    /// The record of a backup, copied over the existing one.
    Copied,
    /// The same, moved instead of copied.
    Moved,
    /// The whole data folder.
    Folder,
    /// PostgreSQL: a dump, into a new database.
    NewDatabase,
    /// PostgreSQL: a dump, into the database in use, followed by `yingda admin new-generation`.
    SameDatabase,
}

impl Way {
    /// The way of a round, and whether the server is started once more between making the copy and restoring it.
    fn of(engine: Engine, round: u64) -> (Self, bool) {
        let ways: &[_] = match engine {
            Engine::Sqlite => &[
                (Self::Restore, false),
                (Self::Copied, false),
                (Self::Moved, false),
                (Self::Folder, false),
                (Self::Copied, true),
                (Self::Moved, true),
                (Self::Folder, true),
            ],
            Engine::Postgres => &[(Self::NewDatabase, false), (Self::SameDatabase, false), (Self::NewDatabase, true), (Self::SameDatabase, true)],
        };
        ways[(round.saturating_sub(1) % ways.len() as u64) as usize]
    }
}

/// An older copy of the record.
struct Copy {
    way: Way,
    folder: TempDir,
}

/// Runs a round: everybody talks, a copy is made, everybody talks on, the copy is restored. Returns when clients were let in again, and how long servers took
/// to become ready.
pub async fn round(round: u64, engine: Engine, system: &mut System, cast: &Cast, random: &mut Random, book: &mut Book) -> anyhow::Result<(Instant, Measured)> {
    let (way, restarts) = Way::of(engine, round);
    eprintln!("round {round}: {way:?}{}", if restarts { ", after another start" } else { "" });
    let (before, mut measured) = (cast.ledger.take(), Measured::default());
    let copy = Copy::make(way, restarts, system, &mut measured).await.context("the copy")?;
    cast.until_acked(cast.acks() + ACKS + random.below(MORE_ACKS)).await?;
    if restarts && way != Way::Folder {
        restart(system, &mut measured).await?;
        cast.until_acked(cast.acks() + ACKS).await?;
    }
    system.nodes.iter().for_each(super::system::Node::shut);
    cast.until_away().await?;
    let places = cast.ledger.places();
    let journals = read(system, &places).await.context("what is rewound")?;
    // The chapter's acknowledgements are judged from their senders' logs.
    drop(cast.ledger.take());
    let down = Instant::now();
    for node in 0..system.nodes.len() {
        system.kill(node).await?;
    }
    copy.restore(system, round).await.context("the copy's return")?;
    start(system, &mut measured).await?;
    measured.down.push(down.elapsed());
    cast.sign_in_anew(system).await.context("the staff after the copy's return")?;
    let restored = read(system, &places).await.context("what was put back")?;
    measured.lost.extend(chapters::not_in(&before, &restored));
    book.end_chapter(journals, &restored);
    cast.ledger.next_chapter();
    system.nodes.iter().for_each(super::system::Node::open);
    Ok((Instant::now(), measured))
}

async fn start(system: &mut System, measured: &mut Measured) -> anyhow::Result<()> {
    for node in 0..system.nodes.len() {
        measured.ready.push(system.restart(node).await?);
    }
    Ok(())
}

async fn restart(system: &mut System, measured: &mut Measured) -> anyhow::Result<()> {
    for node in 0..system.nodes.len() {
        system.kill(node).await?;
    }
    start(system, measured).await
}

/// What the record holds of all these conversations; empty for those it does not know.
pub async fn read(system: &System, places: &[Place]) -> anyhow::Result<Vec<Journal>> {
    let to = system.nodes[0].server.address();
    let seen = |entries: Option<Vec<serde_json::Value>>| entries.iter().flatten().filter_map(Seen::read).collect::<Vec<_>>();
    let read = async |place: Place| {
        let staff = seen(find(to, &place.staff, &place.name).await?);
        let customer = match &place.customer {
            Some(customer) => seen(find(to, customer, &place.name).await?),
            None => Vec::new(),
        };
        anyhow::Ok(Journal { customer, staff })
    };
    stream::iter(places.to_vec()).map(read).buffered(READERS).try_collect().await
}

async fn find(to: SocketAddr, who: &Identity, name: &str) -> anyhow::Result<Option<Vec<serde_json::Value>>> {
    for _ in 1..BUSY_TRIES {
        match record::find(to, who, name).await {
            Err(error) if error.to_string().contains(BUSY) => tokio::time::sleep(BUSY_WAIT).await,
            found => return found,
        }
    }
    record::find(to, who, name).await
}

impl Copy {
    async fn make(way: Way, restarts: bool, system: &mut System, measured: &mut Measured) -> anyhow::Result<Self> {
        let copy = Self { way, folder: tempfile::Builder::new().prefix("yingda-bench-copy-").tempdir()? };
        let backup = text(&copy.backup())?.to_owned();
        match way {
            Way::NewDatabase | Way::SameDatabase => {
                let database = system.database.clone();
                own(system)?.run("pg_dump", &database, &["--format=custom", "--exclude-schema=yingda_panel*", "--file", &backup]).await?;
            }
            Way::Folder if restarts => {
                system.kill(0).await?;
                copy_folder(&system.nodes[0].server.data(), &copy.kept_data())?;
                measured.ready.push(system.restart(0).await?);
            }
            Way::Restore | Way::Copied | Way::Moved | Way::Folder => {
                let server = &system.nodes[0].server;
                let passphrase = copy.passphrase()?;
                let sealed = if way == Way::Restore { &["--passphrase-file", text(&passphrase)?][..] } else { &[] };
                server.run(&[&["backup", "--to", &backup][..], sealed].concat()).await?;
                if way == Way::Folder {
                    // Everything but the record, which cannot be copied like this while it is in use.
                    copy_folder(&server.data(), &copy.kept_data())?;
                    remove_record(&copy.kept_data())?;
                    fs::rename(copy.backup().join(BACKED_UP), copy.kept_data().join(RECORD))?;
                }
            }
        }
        Ok(copy)
    }

    /// Restores the copy, while nothing runs.
    async fn restore(&self, system: &mut System, round: u64) -> anyhow::Result<()> {
        let (backup, data) = (self.backup(), system.nodes[0].server.data());
        match self.way {
            Way::Restore => {
                let before = self.folder.path().join("before");
                fs::rename(&data, &before)?;
                let key = before.join(SEAL_KEY);
                let passphrase = self.passphrase()?;
                let from = ["restore", "--from", text(&backup)?, "--seal-key-file", text(&key)?, "--passphrase-file", text(&passphrase)?];
                system.nodes[0].server.run(&from).await.map(drop)
            }
            Way::Copied => {
                remove_logs(&data)?;
                fs::copy(backup.join(BACKED_UP), data.join(RECORD))?;
                Ok(())
            }
            Way::Moved => {
                remove_logs(&data)?;
                Ok(fs::rename(backup.join(BACKED_UP), data.join(RECORD))?)
            }
            Way::Folder => {
                fs::remove_dir_all(&data)?;
                copy_folder(&self.kept_data(), &data)
            }
            Way::NewDatabase => {
                let fresh = format!("restored_{round}");
                let create = format!("CREATE DATABASE {fresh} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'");
                own(system)?.run("psql", DATABASE, &["--quiet", "--command", &create]).await?;
                own(system)?.run("pg_restore", &fresh, &["--exit-on-error", "--dbname", &fresh, text(&backup)?]).await?;
                for node in &mut system.nodes {
                    let through = node.to_postgres.as_ref().context("a node without its way to PostgreSQL")?.address();
                    node.server.move_to(Postgres::url_of(through, &fresh));
                }
                system.database = fresh;
                Ok(())
            }
            Way::SameDatabase => {
                let database = system.database.clone();
                let into = ["--clean", "--if-exists", "--single-transaction", "--exit-on-error", "--dbname", &database, text(&backup)?];
                own(system)?.run("pg_restore", &database, &into).await?;
                let server = &system.nodes[0].server;
                let url = server.database_url().context("a server without a database")?;
                server.admin(&["new-generation", "--database-url", &url]).await.map(drop)
            }
        }
    }

    fn backup(&self) -> PathBuf {
        self.folder.path().join("backup")
    }
    /// The file of the passphrase under which a backup is sealed.
    fn passphrase(&self) -> anyhow::Result<PathBuf> {
        let file = self.folder.path().join("passphrase");
        if !file.exists() {
            fs::write(&file, "correct horse battery staple")?;
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600))?;
        }
        Ok(file)
    }
    fn kept_data(&self) -> PathBuf {
        self.folder.path().join("kept")
    }
}

fn own(system: &System) -> anyhow::Result<&Postgres> {
    system.postgres.as_ref().context("the PostgreSQL is not ours to put back")
}

fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().context("a path that is no text")
}

fn remove_logs(data: &Path) -> anyhow::Result<()> {
    for log in LOGS.map(|log| data.join(log)).iter().filter(|log| log.exists()) {
        fs::remove_file(log)?;
    }
    Ok(())
}

fn remove_record(data: &Path) -> anyhow::Result<()> {
    remove_logs(data)?;
    Ok(fs::remove_file(data.join(RECORD))?)
}

/// Copies a folder with all its folders and regular files. Files that disappear during the copy are left out.
fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            copy_folder(&entry.path(), &to.join(entry.file_name()))?;
        } else if kind.is_file() {
            match fs::copy(entry.path(), to.join(entry.file_name())) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error).with_context(|| entry.path().display().to_string()),
                _ => {}
            }
        }
    }
    Ok(())
}
