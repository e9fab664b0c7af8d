//! `POST /api/v1/widget/files` and `POST /api/v1/files`: a file comes in, as the raw body.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use domain::{id::FileId, policy::Permission, time::HOUR};
use serde::{Deserialize, Serialize};
use store::files::{FileOwner, StoredFile};
use utoipa::{IntoParams, ToSchema};

use super::accept::{self, MAX_BYTES, accept};
use crate::{
    App,
    auth::{StaffActor, VisitorActor, attempts::Limit},
    extract::{ClientAddress, ValidQuery},
    problem::{Problem, Problems},
};

/// Files of one visitor.
const PER_VISITOR: Limit = Limit { tries: 20, within_ms: HOUR };
/// Files of visitors from one network address; an office shares one.
const PER_ADDRESS: Limit = Limit { tries: 200, within_ms: HOUR };

/// What the file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UploadQuery {
    /// The name it has at the sender's.
    pub name: String,
}

/// A file that was taken in.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadedFile {
    /// Its id; send it in a conversation.
    pub id: FileId,
    /// Its name, cleaned.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// What its first bytes say it is.
    pub mime: String,
    /// Pixels, of an image that can be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<i64>,
    /// Pixels, of an image that can be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<i64>,
}

impl From<StoredFile> for UploadedFile {
    fn from(file: StoredFile) -> Self {
        let StoredFile { id, name, mime, size, dimensions, .. } = file;
        Self { id, name, size, mime, width: dimensions.map(|(width, _)| width), height: dimensions.map(|(_, height)| height) }
    }
}

/// Takes a visitor's file in, at most 20 MB.
#[utoipa::path(post, path = "/widget/files", tag = "files", security(("visitor" = [])), params(UploadQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = UploadedFile), Problems))]
pub async fn upload_visitor_file(
    State(app): State<App>,
    visitor: VisitorActor,
    address: ClientAddress,
    headers: HeaderMap,
    ValidQuery(query): ValidQuery<UploadQuery>,
    body: Body,
) -> Result<(StatusCode, Json<UploadedFile>), Problem> {
    check_length(&headers)?;
    let now = app.env().now();
    let uploads = &app.shared().uploads;
    for (key, limit) in [(format!("address {}", address.network()), PER_ADDRESS), (visitor.visitor.to_string(), PER_VISITOR)] {
        uploads.take(&key, limit, now).map_err(Problem::too_many)?;
    }
    let file = accept(&app, visitor.tenant, FileOwner::Visitor(visitor.visitor), &query.name, body).await?;
    Ok((StatusCode::CREATED, Json(file.into())))
}

/// Takes a file of the staff's in, at most 20 MB.
#[utoipa::path(post, path = "/files", tag = "files", security(("staff" = [])), params(UploadQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = UploadedFile), Problems))]
pub async fn upload_staff_file(
    State(app): State<App>,
    actor: StaffActor,
    headers: HeaderMap,
    ValidQuery(query): ValidQuery<UploadQuery>,
    body: Body,
) -> Result<(StatusCode, Json<UploadedFile>), Problem> {
    actor.require(Permission::Desk)?;
    check_length(&headers)?;
    let file = accept(&app, actor.tenant(), FileOwner::Agent(actor.staff.agent), &query.name, body).await?;
    Ok((StatusCode::CREATED, Json(file.into())))
}

/// Refuses at once what says that it is too large.
fn check_length(headers: &HeaderMap) -> Result<(), Problem> {
    let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|value| value.parse::<u64>().ok());
    if said.is_some_and(|bytes| bytes > MAX_BYTES) { Err(accept::too_large()) } else { Ok(()) }
}
