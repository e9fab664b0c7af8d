//! A company is exported, imported or erased, while others are served: begun by a command, done beside everything else, and finished by another node, or at the
//! next start, if the program ends in between.

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use db::Shard;
use domain::{company, id::TenantId, refusal::Code, time::Ts};
use http_kit::{
    App,
    audit::{self, Asked, witness},
    transfer::{Ended, InTransfer, Progress, TransferKind},
};
use platform::{
    database_clock::GONE_AFTER_MS,
    erasures::{self, Erasure, Kind},
    retry::until_empty,
};
use portability::{
    archive::Archive,
    binding::Keys,
    erase,
    error::{PortError, Result},
    files,
    import::Arriving,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{
    TenantTx,
    entry_points::{self, Transfer, Way},
};
use uuid::Uuid;

use super::SetupError;

/// What was under way when a company was taken out of sight has ended after this time.
const UNDER_WAY: Duration = Duration::from_secs(2);

/// What is to be done with a company.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum NewTransfer {
    /// Writes it into an archive.
    Export {
        /// Its short name.
        slug: String,
        /// The folder to create, an absolute path.
        out: PathBuf,
        /// What the archive is sealed under.
        passphrase: Passphrase,
    },
    /// Brings it in from an archive.
    Import {
        /// The folder of the archive, an absolute path.
        from: PathBuf,
        /// What it is sealed under.
        passphrase: Passphrase,
        /// The short name it is to have; by default the one it had.
        slug: Option<String>,
    },
    /// Erases it.
    Erase {
        /// Its short name.
        slug: String,
        /// The same once more.
        confirm: String,
    },
}

/// A passphrase, which no log shows.
#[derive(Clone, Serialize, Deserialize)]
pub struct Passphrase(pub String);

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase")
    }
}

/// Begins, and returns how it is going. What can be refused at once is refused here.
pub async fn begin(app: &App, new: NewTransfer) -> std::result::Result<Progress, SetupError> {
    let refuse = SetupError::Refused;
    match new {
        NewTransfer::Export { slug, out, passphrase } => {
            let tenant = company_of(app, &slug).await?;
            let transfer = app.in_memory().transfer.begin(TransferKind::Export, &slug).map_err(refuse)?;
            spawn(app, transfer, |app, transfer| async move { export(&app, &transfer, tenant, &out, &passphrase.0).await.map(|report| (transfer, report)) });
        }
        NewTransfer::Import { from, passphrase, slug } => {
            let slug = slug.map(|raw| company::slug(&raw).map_err(|error| refuse(format!("{raw:?}: {error}")))).transpose()?;
            let name = slug.clone().unwrap_or_else(|| from.display().to_string());
            let transfer = app.in_memory().transfer.begin(TransferKind::Import, &name).map_err(refuse)?;
            spawn(app, transfer, |app, transfer| async move {
                import(&app, &transfer, &from, &passphrase.0, slug.as_deref()).await.map(|report| (transfer, report))
            });
        }
        NewTransfer::Erase { slug, confirm } => {
            let tenant = company_of(app, &slug).await?;
            if confirm != slug {
                return Err(refuse(format!("nothing was erased: to confirm it, repeat the short name, `--confirm {slug}`")));
            }
            let transfer = app.in_memory().transfer.begin(TransferKind::Erase, &slug).map_err(refuse)?;
            hide(app, tenant).await?;
            spawn(app, transfer, |app, transfer| async move {
                let report = erase_hidden(&app, &transfer, tenant).await?;
                erase_abandoned(&app, &transfer).await?;
                Ok((transfer, report))
            });
        }
    }
    app.in_memory().transfer.progress().ok_or_else(|| SetupError::Refused("it has not begun".to_owned()))
}

/// Runs it beside everything else.
fn spawn<F>(app: &App, transfer: InTransfer, work: impl FnOnce(App, InTransfer) -> F)
where
    F: Future<Output = Result<(InTransfer, Value)>> + Send + 'static,
{
    // These futures are large, and are moved several times.
    let (running, at) = (Box::pin(work(app.clone(), transfer)), app.in_memory().transfer.clone());
    app.background().spawn(async move {
        match running.await {
            Ok((transfer, report)) => transfer.end(Ended::Done(report)),
            Err(error) => {
                tracing::warn!(error = %error, "a company could not be exported, imported or erased");
                at.fail(error.to_string());
            }
        }
    });
}

async fn company_of(app: &App, slug: &str) -> std::result::Result<TenantId, SetupError> {
    entry_points::company(app.db(), Some(slug)).await?.ok_or_else(|| SetupError::Refused(format!("there is no company with the short name {slug}")))
}

fn keys(app: &App) -> Keys {
    Keys { sealer: app.sealer(), vault: app.vault() }
}

fn this_node(app: &App) -> Uuid {
    app.cluster().this().id
}

/// Notes in the company's audit what is done at the terminal.
async fn note(app: &App, tenant: TenantId, command: &str, said: Value) -> store::Result<()> {
    let (asked, sealer) = (Asked::by_command(command, said), app.sealer());
    let noted = app
        .db()
        .writer()
        .write_patiently(Shard::Any, move |tx| Box::pin(async move { asked.note(&mut TenantTx::new(tx, tenant, audit::at_terminal()), &sealer, b"").await }));
    noted.await
}

async fn export(app: &App, transfer: &InTransfer, tenant: TenantId, out: &Path, passphrase: &str) -> Result<Value> {
    let (to, secret) = (out.to_owned(), passphrase.to_owned());
    let archive = tokio::task::spawn_blocking(move || Archive::create(&to, &secret, env!("CARGO_PKG_VERSION"))).await.map_err(std::io::Error::other)??;
    note(app, tenant, "company export", json!({"out": out})).await?;
    let manifest = match Box::pin(privacy::archive::fill(app, transfer, tenant, &archive)).await {
        Ok(manifest) => manifest,
        Err(error) => {
            // It was empty before.
            let half = out.to_owned();
            let _ = tokio::task::spawn_blocking(move || std::fs::remove_dir_all(half)).await;
            return Err(error);
        }
    };
    let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    Ok(
        json!({"company": tenant, "slug": manifest.slug, "out": out, "rows": rows, "files": manifest.files.len(), "file_bytes": bytes, "unreadable": manifest.unreadable}),
    )
}

async fn import(app: &App, transfer: &InTransfer, from: &Path, passphrase: &str, slug: Option<&str>) -> Result<Value> {
    let (folder, secret) = (from.to_owned(), passphrase.to_owned());
    let archive = tokio::task::spawn_blocking(move || Archive::open(&folder, &secret)).await.map_err(std::io::Error::other)??;
    let on_step = |step: &str, done| transfer.step(step, done);
    let files = app.settings().files.clone();
    let arriving = Arriving { db: app.db(), node: this_node(app), keys: keys(app), files: &files, slug, on_step: &on_step };
    let manifest = arriving.examine(&archive).await?;
    let tenant = TenantId::new(manifest.company);
    app.in_memory().audit_witness.forget(tenant);
    // Before it is here: otherwise it would be erased at a start in between.
    let back = Erasure::new(app.env().now(), Kind::CameBack, tenant, &tenant);
    write_erasure(app, back).await?;
    if let Err(error) = Box::pin(arriving.import(&archive, &manifest)).await {
        // A backup that has it from before it was erased must not bring it back, unless it arrives through another node.
        if !stays(app, tenant).await? {
            write_erasure(app, Erasure::new(app.env().now(), Kind::Company, tenant, &tenant)).await?;
        }
        return Err(error);
    }
    app.in_memory().addresses.forget();
    note(app, tenant, "company import", json!({"from": from})).await?;
    let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
    Ok(json!({"company": tenant, "slug": slug.unwrap_or(&manifest.slug), "rows": rows, "files": manifest.files.len()}))
}

/// Whether a company is in the record to stay, or arrives.
async fn stays(app: &App, tenant: TenantId) -> store::Result<bool> {
    match entry_points::transfers(app.db()).await?.into_iter().find(|transfer| transfer.tenant == tenant) {
        Some(transfer) => Ok(transfer.way == Way::Arriving),
        None => Ok(entry_points::slug_of(&mut app.db().read().await?, tenant).await?.is_some()),
    }
}

/// Takes a company out of sight, and notes outside the record that it is erased.
async fn hide(app: &App, tenant: TenantId) -> Result<()> {
    erase::begin(app.db(), tenant, this_node(app)).await?;
    write_erasure(app, Erasure::new(app.env().now(), Kind::Company, tenant, &tenant)).await
}

async fn write_erasure(app: &App, erasure: Erasure) -> Result<()> {
    let data = app.settings().data.clone();
    let written = tokio::task::spawn_blocking(move || erasures::note(&data, &[erasure])).await.map_err(std::io::Error::other)?;
    written.map_err(|error| PortError::Io(erasures::ERASURES.to_owned(), error))
}

/// Erases everything of a company that is out of sight; returns how much there was in each place.
async fn erase_hidden(app: &App, transfer: &InTransfer, tenant: TenantId) -> Result<Value> {
    forget_in_memory(app, tenant);
    let node = this_node(app);
    let rows = erase::rows(app.db(), tenant, node, |table| transfer.step(table, 0)).await?;
    transfer.step("panel", 0);
    let mut panel = app.editions().erase(tenant).await?;
    // What was being written for the company when it went out of sight.
    tokio::time::sleep(UNDER_WAY).await;
    forget_in_memory(app, tenant);
    let late = erase::rows(app.db(), tenant, node, |_| ()).await?;
    panel += app.editions().erase(tenant).await?;
    transfer.step("files", 0);
    let root = app.settings().files.clone();
    let erased = tokio::task::spawn_blocking(move || files::erase(&root, tenant)).await.map_err(std::io::Error::other)?;
    let files = erased.map_err(|error| PortError::Io("the company's files".to_owned(), error))?;
    app.post().forget_company(tenant).await.map_err(|error| PortError::Io("the messages in files".to_owned(), error))?;
    app.in_memory().audit_witness.forget(tenant);
    witness::step(app).await?;
    // Nothing that was deleted is in any file of an embedded database then.
    if !until_empty(|| empty_logs(app)).await {
        tracing::warn!("the log of a database still holds what was erased: it goes with the next checkpoints, or when the program ends");
    }
    erase::end(app.db(), tenant, node).await?;
    // Other nodes do so within an hour, and so does this one if it could not now.
    if let Err(error) = records::jobs::index_lines::forget(app).await {
        tracing::warn!(error = %error, "the search index still has words of a company that was erased; it is tried again");
    }
    let record: u64 = rows.values().chain(late.values()).sum();
    let tables: Vec<Value> = rows.iter().map(|(place, count)| json!({"place": place, "count": count})).collect();
    Ok(json!({"erased": tenant, "rows": record, "panel": panel, "files": files, "places": tables}))
}

/// Erases the companies in which the staff of companies practised that are erased.
async fn erase_abandoned(app: &App, transfer: &InTransfer) -> Result<()> {
    for practice in entry_points::abandoned_practices(app.db()).await? {
        hide(app, practice).await?;
        Box::pin(erase_hidden(app, transfer, practice)).await?;
    }
    Ok(())
}

fn forget_in_memory(app: &App, tenant: TenantId) {
    app.hub().forget_company(tenant, Code::SignedOut);
    app.bots().drop_company(tenant);
    app.catalogues().forget(tenant);
    app.in_memory().addresses.forget();
}

/// Empties the logs of embedded databases; returns whether nothing was in the way.
async fn empty_logs(app: &App) -> db::Result<bool> {
    Ok(app.db().empty_log().await? & app.editions().empty_logs().await?)
}

/// Takes companies out of sight that were erased, and that a backup brought back; [`finish`] erases them. This is done before anybody is served, and only then:
/// what this node knows of companies that came back in the meantime may be less than another one knows.
pub async fn hide_again(app: &App) -> store::Result<()> {
    for tenant in erased_before(app).await? {
        match erase::begin(app.db(), tenant, this_node(app)).await {
            Ok(()) => tracing::warn!(company = %tenant, "a company that had been erased was in the record again, as after a restore, and is erased again"),
            // Another node that starts as well was faster.
            Err(store::Error::Taken | store::Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Finishes what a node that is gone was doing, or what this one could not do to its end: a company that was arriving is turned back, and one that was being erased
/// is erased.
pub async fn finish(app: &App) -> store::Result<()> {
    let gone_before = app.env().now().plus(-GONE_AFTER_MS);
    for stranded in entry_points::stranded_transfers(app.db(), this_node(app), gone_before).await? {
        // What this node is doing just now is among them.
        let Ok(transfer) = app.in_memory().transfer.begin(TransferKind::Erase, &stranded.slug) else { return Ok(()) };
        if !take(app, &stranded, gone_before).await? {
            transfer.end(Ended::Failed("another node has gone on with it".to_owned()));
            continue;
        }
        let tenant = stranded.tenant;
        // It may have ended before this was noted; twice does no harm.
        write_erasure(app, Erasure::new(app.env().now(), Kind::Company, tenant, &tenant)).await.map_err(of_the_store)?;
        finish_one(app, transfer, tenant).await?;
        tracing::info!(company = %tenant, "a company that was being erased, or had not arrived completely, is erased");
    }
    if entry_points::abandoned_practices(app.db()).await?.is_empty() {
        return Ok(());
    }
    let Ok(transfer) = app.in_memory().transfer.begin(TransferKind::Erase, "practice") else { return Ok(()) };
    let erased = erase_abandoned(app, &transfer).await;
    transfer.end(erased.as_ref().map_or_else(|error| Ended::Failed(error.to_string()), |()| Ended::Done(Value::Null)));
    erased.map_err(of_the_store)
}

/// Has this node go on with what another one was doing; returns whether it was still to be had.
async fn take(app: &App, stranded: &Transfer, gone_before: Ts) -> store::Result<bool> {
    let (tenant, node) = (stranded.tenant, this_node(app));
    let take = app.db().writer().write_patiently(Shard::Any, move |tx| {
        Box::pin(async move {
            let is_taken = entry_points::take_transfer(tx, tenant, node, gone_before).await?;
            entry_points::turn_back(tx, tenant, node).await?;
            Ok::<_, store::Error>(is_taken)
        })
    });
    take.await
}

async fn finish_one(app: &App, transfer: InTransfer, tenant: TenantId) -> store::Result<()> {
    match Box::pin(erase_hidden(app, &transfer, tenant)).await {
        Ok(report) => {
            transfer.end(Ended::Done(report));
            Ok(())
        }
        Err(error) => Err(of_the_store(error)),
    }
}

fn of_the_store(error: PortError) -> store::Error {
    match error {
        PortError::Store(error) => error,
        other => store::Error::Db(db::Error::Io(std::io::Error::other(other))),
    }
}

/// The companies in the record that were erased, and have not come back by an import since: of those that did, another node's list may be the one that says so.
async fn erased_before(app: &App) -> store::Result<Vec<TenantId>> {
    let list = erasures::load(&app.settings().data).await.map_err(db::Error::Io)?;
    let on_their_way: Vec<TenantId> = entry_points::transfers(app.db()).await?.into_iter().map(|transfer| transfer.tenant).collect();
    let (mut found, mut tx) = (Vec::new(), app.db().read().await?);
    for erasure in list.into_iter().filter(|erasure| erasure.kind == Kind::Company) {
        let tenant = erasure.tenant();
        if on_their_way.contains(&tenant) || found.contains(&tenant) || entry_points::slug_of(&mut tx, tenant).await?.is_none() {
            continue;
        }
        let is_back = entry_points::arrived_at(&mut tx, tenant).await?.is_some_and(|at| at.0 > erasure.at);
        if !is_back {
            found.push(tenant);
        }
    }
    Ok(found)
}
