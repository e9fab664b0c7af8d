//! `GET /api/v1/canned-replies`

use axum::{Json, extract::State};
use domain::canned_reply::CannedReply;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::CannedReplyView;
use crate::{
    App,
    auth::StaffActor,
    catalogue::search::normal,
    extract::ValidQuery,
    problem::{Problem, Problems},
};

/// Replies in one answer.
const PAGE: usize = 50;
/// Replies looked through in one statement.
const BATCH: i64 = 200;

/// Which replies.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListCannedReplies {
    /// Words that stand in the shortcode, the title or the text; none finds all.
    #[serde(default)]
    pub q: String,
    /// Where the last answer ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of replies.
#[derive(Debug, Serialize, ToSchema)]
pub struct CannedReplies {
    /// By shortcode.
    pub items: Vec<CannedReplyView>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// Lists ready-made answers.
#[utoipa::path(get, path = "/canned-replies", tag = "canned_replies", security(("staff" = [])), params(ListCannedReplies),
    responses((status = 200, body = CannedReplies), Problems))]
pub async fn list_canned_replies(
    State(app): State<App>,
    actor: StaffActor,
    ValidQuery(query): ValidQuery<ListCannedReplies>,
) -> Result<Json<CannedReplies>, Problem> {
    let wanted = normal(&query.q);
    let mut tx = app.db().read().await?;
    let (mut found, mut after) = (Vec::<CannedReply>::new(), query.cursor);
    while found.len() <= PAGE {
        let batch = store::canned_replies::list(&mut tx, actor.tenant(), after.as_deref(), BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = Some(last.shortcode.as_str().to_owned());
        found.extend(batch.into_iter().filter(|reply| holds(reply, &wanted)));
    }
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|last| last.shortcode.as_str().to_owned());
    Ok(Json(CannedReplies { items: found.into_iter().map(CannedReplyView::from).collect(), next }))
}

/// Whether each of the words stands somewhere in a reply.
fn holds(reply: &CannedReply, wanted: &str) -> bool {
    let text = normal(&format!("{} {} {} {}", reply.shortcode.as_str(), reply.title, reply.body.zh, reply.body.en));
    wanted.split(' ').all(|word| text.contains(word))
}
