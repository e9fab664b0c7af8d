//! `GET /api/v1/files/{id}`: a file goes out, in a form in which it can do nothing.

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use domain::{
    id::{FileId, TenantId},
    policy::may_read,
};
use futures_util::stream;
use store::files::{FileOwner, StoredFile};
use tokio::{fs::File, io::AsyncReadExt as _};

use super::{accept, name, sniff::SHOWN};
use crate::{
    App,
    auth::{StaffActor, VisitorActor, staff_of},
    extract::ValidPath,
    problem::{Problem, Problems},
};

const CHUNK_BYTES: usize = 64 * 1024;
/// No script, no plugin, no frame, whatever the bytes are.
const INERT: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'");

/// A file's bytes. Small images are shown in place, all else is downloaded.
#[utoipa::path(get, path = "/files/{id}", tag = "files", security(("visitor" = []), ("staff" = [])), params(("id" = FileId, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), Problems))]
pub async fn get_file(State(app): State<App>, headers: HeaderMap, ValidPath(id): ValidPath<FileId>) -> Result<Response, Problem> {
    let (tenant, file) = if headers.contains_key(header::AUTHORIZATION) {
        let visitor = VisitorActor::of(&app, &headers).await?;
        (visitor.tenant, for_visitor(&app, &visitor, id).await?)
    } else {
        let actor = staff_of(&app, &headers).await?.ok_or_else(Problem::not_signed_in)?;
        (actor.tenant(), for_staff(&app, &actor, id).await?)
    };
    answer(&app, tenant, &file).await
}

/// A visitor may read their own uploads and what was sent in their conversations.
async fn for_visitor(app: &App, visitor: &VisitorActor, id: FileId) -> Result<StoredFile, Problem> {
    let mut tx = app.db().read().await?;
    let file = store::files::get(&mut tx, visitor.tenant, id).await?;
    if file.owner == FileOwner::Visitor(visitor.visitor) {
        return Ok(file);
    }
    let conversation = file.conversation.ok_or_else(Problem::not_found)?;
    let conversation = store::conversations::get(&mut tx, visitor.tenant, conversation).await?;
    if conversation.visitor == visitor.visitor { Ok(file) } else { Err(Problem::not_found()) }
}

/// Staff may read their own uploads and what was sent in conversations they may read.
async fn for_staff(app: &App, actor: &StaffActor, id: FileId) -> Result<StoredFile, Problem> {
    let mut tx = app.db().read().await?;
    let file = store::files::get(&mut tx, actor.tenant(), id).await?;
    if file.owner == FileOwner::Agent(actor.staff.agent) {
        return Ok(file);
    }
    let conversation = file.conversation.ok_or_else(Problem::not_found)?;
    let conversation = store::conversations::get(&mut tx, actor.tenant(), conversation).await?;
    if may_read(&actor.staff, &conversation) { Ok(file) } else { Err(Problem::not_found()) }
}

async fn answer(app: &App, tenant: TenantId, file: &StoredFile) -> Result<Response, Problem> {
    let bytes = File::open(accept::path(app, tenant, file.id)).await.map_err(|error| Problem::internal(&error))?;
    let shown = file.dimensions.is_some() && SHOWN.contains(&file.mime.as_str());
    let chunks = stream::unfold(bytes, |mut bytes| async move {
        let mut chunk = vec![0; CHUNK_BYTES];
        match bytes.read(&mut chunk).await {
            Ok(0) => None,
            Ok(n) => {
                chunk.truncate(n);
                Some((Ok(Bytes::from(chunk)), bytes))
            }
            Err(error) => Some((Err(error), bytes)),
        }
    });
    let mut response = Body::from_stream(chunks).into_response();
    let text = |value: &str| HeaderValue::from_str(value).map_err(|error| Problem::internal(&error));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, text(if shown { &file.mime } else { "application/octet-stream" })?);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size));
    headers.insert(header::CONTENT_DISPOSITION, text(&name::disposition(if shown { "inline" } else { "attachment" }, &file.name))?);
    headers.insert(header::CONTENT_SECURITY_POLICY, INERT);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    Ok(response)
}
