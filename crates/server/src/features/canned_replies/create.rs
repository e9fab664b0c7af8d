//! `POST /api/v1/canned-replies`

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    canned_reply::{CannedReply, Shortcode},
    id::CannedReplyId,
    policy::Permission,
    text::Bilingual,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{shortcode_taken, view::CannedReplyView};
use crate::{
    App,
    auth::StaffActor,
    extract::ValidJson,
    problem::{Problem, Problems},
};

/// A ready-made answer to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCannedReply {
    /// What is typed after the slash: 1 to 40 of a-z, 0-9, `_` and `-`.
    pub shortcode: String,
    /// What the list shows, 1 to 80 characters.
    pub title: String,
    /// The words, at least in one language, at most 4,000 characters each.
    pub body: Bilingual,
}

/// Adds a ready-made answer and tells every desk.
#[utoipa::path(post, path = "/canned-replies", tag = "canned_replies", security(("staff" = [])), request_body = NewCannedReply,
    responses((status = 201, body = CannedReplyView), Problems))]
pub async fn create_canned_reply(
    State(app): State<App>,
    actor: StaffActor,
    ValidJson(new): ValidJson<NewCannedReply>,
) -> Result<(StatusCode, Json<CannedReplyView>), Problem> {
    actor.require(Permission::EditCannedReplies)?;
    let NewCannedReply { shortcode, title, body } = new;
    let (tenant, by) = (actor.tenant(), actor.entry_actor());
    let id = CannedReplyId::new(app.env().uuid());
    let reply = CannedReply { id, tenant, shortcode: Shortcode::parse(&shortcode)?, title: title.trim().to_owned(), body, updated_at: app.env().now() };
    reply.check()?;
    let stored = reply.clone();
    let done =
        app.db().writer().write(db::Shard::Of(tenant.uuid()), move |tx| Box::pin(async move { store::canned_replies::insert(tx, tenant, &stored, by).await }));
    match done.await {
        Ok(()) => Ok((StatusCode::CREATED, Json(reply.into()))),
        Err(store::Error::Conflict) => Err(shortcode_taken()),
        Err(other) => Err(other.into()),
    }
}
