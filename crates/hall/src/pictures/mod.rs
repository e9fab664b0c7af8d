//! Pictures of goods: uploaded by staff, re-encoded in two sizes, shown to everybody.

pub mod get;
pub mod make;
pub mod upload;

use std::path::{Path, PathBuf};

use axum::extract::DefaultBodyLimit;
use domain::id::{PictureId, TenantId};
use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(upload::upload_picture)).layer(DefaultBodyLimit::max(make::MAX_BYTES)).routes(routes!(get::get_picture))
}

/// The path of a picture's bytes.
pub fn path(app: &App, tenant: TenantId, id: PictureId, size: make::Size) -> PathBuf {
    app.settings().files.join(place(tenant, id, size))
}

/// The path of a picture's bytes within the folder of uploads.
pub fn place(tenant: TenantId, id: PictureId, size: make::Size) -> PathBuf {
    Path::new(&tenant.uuid().as_simple().to_string()).join(format!("{}-{}", id.uuid().as_simple(), size.as_str()))
}
