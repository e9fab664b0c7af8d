//! `GET`, `POST` and `DELETE /api/v1/company/archive`, and `GET /api/v1/company/archive/file`: the administrator takes the company's data along, in one sealed file.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, UNIX_EPOCH},
};

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::{
    id::TenantId,
    policy::Permission,
    refusal::Code,
    time::{DAY, HOUR, Ts},
};
use http_kit::{
    App,
    auth::{StaffActor, attempts::Limit, proof},
    file_body::file_body,
    once::{Answer, Once, OnceHeader, OnceJson},
    permitted::Permitted,
    problem::{Problem, Problems},
    raw_bytes::RawBytes,
    secret::Secret,
    transfer::{Ended, InTransfer, Progress, TransferKind},
};
use portability::{
    archive::{Archive, LEAST_PASSPHRASE, Manifest},
    binding::Keys,
    export::Leaving,
    packed,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::{fs, fs::File, task::spawn_blocking};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// How long an archive can be downloaded: it is sealed, but what nobody fetches should not lie around.
const KEPT: i64 = 3 * DAY;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_company_archive, make_company_archive, remove_company_archive)).routes(routes!(download_company_archive))
}

/// How far the company's archive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArchiveState {
    /// There is none.
    None,
    /// It is being written.
    Running,
    /// It can be downloaded.
    Ready,
    /// It could not be written.
    Failed,
}

/// The company's archive.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompanyArchive {
    /// How far it is.
    pub state: ArchiveState,
    /// While it is written, what of: the name of a table, or `files`.
    #[schema(required)]
    pub step: Option<String>,
    /// How many rows or files of that are written.
    pub done: i64,
    /// Its size in bytes, once it can be downloaded.
    #[schema(required)]
    pub bytes: Option<i64>,
    /// When it was made.
    #[schema(required)]
    pub made_at: Option<Ts>,
    /// Until when it can be downloaded.
    #[schema(required)]
    pub until: Option<Ts>,
}

impl CompanyArchive {
    const fn only(state: ArchiveState) -> Self {
        Self { state, step: None, done: 0, bytes: None, made_at: None, until: None }
    }

    async fn read(app: &App, tenant: TenantId) -> Result<Self, Problem> {
        let slug = store::tenants::get(&mut app.db().read_of(tenant).await?, tenant).await?.slug;
        let last = app.in_memory().transfer.progress().filter(|progress| progress.kind == TransferKind::Export && progress.company == slug);
        let is_failed = match last {
            Some(Progress { step, done, ended: None, .. }) => {
                return Ok(Self { step: Some(step), done: i64::try_from(done).unwrap_or(i64::MAX), ..Self::only(ArchiveState::Running) });
            }
            Some(Progress { ended: Some(Ended::Failed(_)), .. }) => true,
            _ => false,
        };
        let Ok(found) = fs::metadata(packed::packed_path(&app.settings().files, tenant)).await else {
            return Ok(Self::only(if is_failed { ArchiveState::Failed } else { ArchiveState::None }));
        };
        let made_at = found.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).map(|at| Ts(at.as_millis() as i64));
        let bytes = Some(i64::try_from(found.len()).unwrap_or(i64::MAX));
        Ok(Self { bytes, made_at, until: made_at.map(|at| at.plus(KEPT)), ..Self::only(ArchiveState::Ready) })
    }
}

/// What the archive is to be sealed under.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCompanyArchive {
    /// The passphrase, of at least 12 characters. Nobody can read the archive without it, and it is kept nowhere.
    #[schema(value_type = String)]
    pub passphrase: Secret,
}

/// Archives of one company within an hour: one is written at a time, and no company keeps the others from theirs.
const MADE: Limit = Limit { tries: 3, within_ms: HOUR };

/// Whose role is only composed of what is in it gets nothing of it.
fn require_administrator(actor: &StaffActor) -> Result<Permitted, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    if actor.staff.administers() { Ok(permitted) } else { Err(Problem::not_permitted()) }
}

/// Whoever takes everything along has what everybody signs in with, too: only administrators may, and with a proof that a session was not just left open.
async fn require_everything(app: &App, actor: &StaffActor) -> Result<Permitted, Problem> {
    let permitted = require_administrator(actor)?;
    proof::require_recent(app, actor).await?;
    Ok(permitted)
}

/// Returns how far the company's archive is.
#[utoipa::path(get, path = "/company/archive", tag = "company", security(("staff" = [])), responses((status = 200, body = CompanyArchive), Problems))]
pub async fn get_company_archive(State(app): State<App>, actor: StaffActor) -> Result<Json<CompanyArchive>, Problem> {
    actor.require(Permission::Settings)?;
    Ok(Json(CompanyArchive::read(&app, actor.tenant()).await?))
}

/// Begins to write everything that the company has into an archive, in the place of an earlier one. It has everything of one moment, and nobody is kept waiting by it.
///
/// The caller must have proved who they are within 10 minutes (403 `proof_required`, `POST /me/proof`); programs cannot do this.
#[utoipa::path(post, path = "/company/archive", tag = "company", security(("staff" = [])), params(OnceHeader), request_body = NewCompanyArchive,
    responses((status = 202, body = CompanyArchive), Problems))]
pub async fn make_company_archive(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewCompanyArchive>) -> Result<Answer, Problem> {
    let (permitted, tenant) = (require_everything(&app, &actor).await?, actor.tenant());
    if new.passphrase.as_str().chars().count() < LEAST_PASSPHRASE {
        return Err(Problem::invalid("passphrase", Code::InvalidValue, "the passphrase needs at least 12 characters"));
    }
    let slug = store::tenants::get(&mut app.db().read_of(tenant).await?, tenant).await?.slug;
    // A request that is repeated is answered again, and begins nothing.
    let begun: Arc<Mutex<Option<InTransfer>>> = Arc::default();
    let (begins, transfers, archives) = (begun.clone(), app.in_memory().transfer.clone(), app.clone());
    let done = permitted.change(&app, once, move |_| {
        Box::pin(async move {
            let mut begun = begins.lock().unwrap_or_else(PoisonError::into_inner);
            if begun.is_none() {
                archives.in_memory().archives.take(&tenant.to_string(), MADE, archives.env().now()).map_err(Problem::too_many)?;
                // Which other company is on its way is nobody's business.
                let busy = |_| {
                    archives.in_memory().archives.give_back(&tenant.to_string());
                    Problem::conflict(Code::ArchiveBusy, "another archive is being written: try again in a few minutes")
                };
                *begun = Some(transfers.begin(TransferKind::Export, &slug).map_err(busy)?);
            }
            Answer::json(StatusCode::ACCEPTED, &CompanyArchive { step: Some(String::new()), ..CompanyArchive::only(ArchiveState::Running) })
        })
    });
    let answer = done.await?;
    let transfer = begun.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(transfer) = transfer {
        // This future is large, and is moved several times.
        app.background().spawn(Box::pin(write(app.clone(), transfer, tenant, new.passphrase.reveal())));
    }
    Ok(answer)
}

/// Deletes the company's archive. Programs cannot do this.
#[utoipa::path(delete, path = "/company/archive", tag = "company", security(("staff" = [])), params(OnceHeader), responses((status = 204, description = "It is deleted"), Problems))]
pub async fn remove_company_archive(State(app): State<App>, actor: StaffActor, once: Once) -> Result<Answer, Problem> {
    actor.session()?;
    let (permitted, tenant) = (require_administrator(&actor)?, actor.tenant());
    if CompanyArchive::read(&app, tenant).await?.state != ArchiveState::Ready {
        return Err(Problem::not_found());
    }
    let answer = permitted.change(&app, once, |_| Box::pin(async { Ok(Answer::nothing()) })).await?;
    forget(&app, tenant).await.map_err(|error| Problem::internal(&error))?;
    Ok(answer)
}

/// Downloads the company's archive: a ZIP of the folder that `yingda company import` reads. Programs cannot do this.
#[utoipa::path(get, path = "/company/archive/file", tag = "company", security(("staff" = [])),
    responses((status = 200, description = "The archive", content((inline(RawBytes) = "application/zip"))), Problems))]
pub async fn download_company_archive(State(app): State<App>, actor: StaffActor) -> Result<Response, Problem> {
    actor.session()?;
    require_administrator(&actor)?.note(&app).await?;
    let path = packed::packed_path(&app.settings().files, actor.tenant());
    let file = File::open(path).await.map_err(|_| Problem::not_found())?;
    let length = file.metadata().await.map_err(|error| Problem::internal(&error))?.len();
    let mut response = file_body(file).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"company.zip\""));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Writes the archive, and says how it ended.
async fn write(app: App, transfer: InTransfer, tenant: TenantId, passphrase: String) {
    match Box::pin(try_to_write(&app, &transfer, tenant, passphrase)).await {
        Ok(()) => transfer.end(Ended::Done(json!({"company": tenant}))),
        Err(error) => {
            tracing::warn!(error = %error, company = %tenant, "the archive of a company could not be written");
            if let Err(error) = forget(&app, tenant).await {
                tracing::warn!(error = ?error, "what was written of it could not be deleted");
            }
            transfer.end(Ended::Failed(error.to_string()));
        }
    }
}

async fn try_to_write(app: &App, transfer: &InTransfer, tenant: TenantId, passphrase: String) -> portability::error::Result<()> {
    let files = app.settings().files.clone();
    let folder = packed::folder_to_pack(&files, tenant);
    forget(app, tenant).await?;
    let archive = spawn_blocking(move || Archive::create(&folder, &passphrase, env!("CARGO_PKG_VERSION"))).await.map_err(std::io::Error::other)??;
    let begun = app.env().now();
    fill(app, transfer, tenant, &archive).await?;
    aside(move || packed::pack(&files, tenant)).await?;
    // Whoever was erased in between may be in it.
    if store_privacy::erasures::began_since(&mut app.db().read_of(tenant).await?, tenant, begun).await? {
        return Err(std::io::Error::other("somebody was erased in the meantime").into());
    }
    Ok(())
}

/// Writes everything that a company takes along into an archive, and says how far that is.
///
/// # Errors
/// If the record or a file cannot be read, or the archive cannot be written; then what is in it is of no use.
pub async fn fill(app: &App, transfer: &InTransfer, tenant: TenantId, archive: &Archive) -> portability::error::Result<Manifest> {
    let on_step = |step: &str, done| transfer.step(step, done);
    let keys = Keys { sealer: app.sealer(), vault: app.vault() };
    let leaving = Leaving { db: app.db(), keys, files: &app.settings().files, tenant, version: env!("CARGO_PKG_VERSION"), on_step: &on_step };
    leaving.export(archive).await
}

/// Deletes the archive of a company, or what is written of it: because it is old, or because somebody was erased who is in it.
pub async fn forget(app: &App, tenant: TenantId) -> std::io::Result<bool> {
    let files = app.settings().files.clone();
    aside(move || packed::remove(&files, tenant)).await
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> std::io::Result<T> {
    spawn_blocking(work).await.map_err(std::io::Error::other)?
}

/// Runs the job once: deletes archives that can be downloaded no longer, and what an end of the program left of one.
pub async fn forget_old(app: &App) -> store::Result<()> {
    let files = app.settings().files.clone();
    let before = UNIX_EPOCH + Duration::from_millis(app.env().now().plus(-KEPT).0.unsigned_abs());
    aside(move || packed::remove_old(&files, before)).await.map_err(|error| store::Error::Db(db::Error::Io(error)))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/company/archive";

    #[tokio::test]
    async fn an_administrator_takes_everything_along_and_nobody_else_does() {
        let app = TestApp::new().await;
        let (tara, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
        app.visitor().await.open("my number is 13912345678").await;
        assert_eq!(tara.get(PATH).await.expect(200)["state"], "none");
        tara.get(&format!("{PATH}/file")).await.problem(404, "not_found");
        tara.post(PATH, json!({"passphrase": "too short"})).await.problem_at(422, "invalid_value", "passphrase");
        mira.post(PATH, json!({"passphrase": "correct horse battery"})).await.problem(403, "not_permitted");
        assert_eq!(tara.post(PATH, json!({"passphrase": "correct horse battery"})).await.expect(202)["state"], "running");
        let ready = testkit::eventually("it is written", async || {
            let archive = tara.get(PATH).await.expect(200);
            (archive["state"] == "ready").then_some(archive)
        })
        .await;
        let file = tara.get(&format!("{PATH}/file")).await;
        assert_eq!((file.status.as_u16(), file.body.len() as i64), (200, ready["bytes"].as_i64().unwrap()));
        assert!(file.body.starts_with(b"PK"));
        let is_in = |words: &[u8]| file.body.windows(words.len()).any(|at| at == words);
        assert!(is_in(b"archive.json") && !is_in(b"13912345678"), "what is in it is sealed");
        mira.get(&format!("{PATH}/file")).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        assert_eq!(bob.get(PATH).await.expect(200)["state"], "none");
        bob.get(&format!("{PATH}/file")).await.problem(404, "not_found");
        assert_eq!(tara.delete(PATH).await.status.as_u16(), 204);
        assert_eq!(tara.get(PATH).await.expect(200)["state"], "none");
        let audit = tara.get("/api/v1/audit").await.expect(200).to_string();
        assert!(audit.contains("/company/archive") && !audit.contains("horse"), "{audit}");
    }

    #[tokio::test]
    async fn a_session_left_open_and_a_role_that_sees_less_take_nothing_along() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let all = ["settings", "conversations.read", "contacts.reveal", "numbers.reveal", "erase_people", "audit"];
        let grants: Vec<_> = all.map(|permission| json!({"permission": permission, "reach": ["company"]})).into();
        let role = json!({"name": "keeper", "grants": grants, "hides": []});
        let keeper = app.composed(&tara, &app.agent("kim").await, role).await;
        keeper.get(PATH).await.expect(200);
        keeper.post(PATH, json!({"passphrase": "correct horse battery"})).await.problem(403, "not_permitted");
        keeper.get(&format!("{PATH}/file")).await.problem(403, "not_permitted");
        keeper.delete(PATH).await.problem(403, "not_permitted");
        app.clock.advance(11 * domain::time::MINUTE);
        tara.post(PATH, json!({"passphrase": "correct horse battery"})).await.problem(403, "proof_required");
        assert_eq!(tara.get(PATH).await.expect(200)["state"], "none");
    }

    #[tokio::test]
    async fn a_request_that_is_repeated_begins_nothing() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let ask = async || {
            let request =
                tara.request(axum::http::Method::POST, PATH).header("idempotency-key", "once-1").json(&json!({"passphrase": "correct horse battery"}));
            tara.send(request).await.expect(202)
        };
        let first = ask().await;
        let made = testkit::eventually("it is written", async || {
            let archive = tara.get(PATH).await.expect(200);
            (archive["state"] == "ready").then(|| archive["made_at"].clone())
        })
        .await;
        assert_eq!((ask().await, tara.get(PATH).await.expect(200)["made_at"].clone()), (first, made));
        // One company does not have the others wait for its archives all day.
        for n in 2..=3 {
            tara.post(PATH, json!({"passphrase": "correct horse battery"})).await.expect(202);
            testkit::eventually(&format!("it is written {n} times"), async || (tara.get(PATH).await.expect(200)["state"] == "ready").then_some(())).await;
        }
        tara.post(PATH, json!({"passphrase": "correct horse battery"})).await.problem(429, "too_many_requests");
    }

    #[tokio::test]
    async fn whoever_is_erased_is_in_no_archive_any_more() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let conversation = app.visitor().await.open("my number is 13912345678").await;
        tara.post(PATH, json!({"passphrase": "correct horse battery"})).await.expect(202);
        testkit::eventually("it is written", async || (tara.get(PATH).await.expect(200)["state"] == "ready").then_some(())).await;
        tara.post("/api/v1/erasures", json!({"kind": "conversation", "id": conversation, "reason": "asked"})).await.expect(201);
        crate::jobs::erase::step(app.app()).await.unwrap();
        assert_eq!(tara.get(PATH).await.expect(200)["state"], "none");
    }
}
