//! `GET /api/v1/mentions`

use axum::{Json, extract::State};
use domain::{
    entry::{Body, EntryKind},
    id::ConversationId,
    policy::OverConversations,
    text,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use store_desk::mentions::MentionRow;
use utoipa::ToSchema;

/// The number of notes that are listed.
const LISTED: i64 = 50;

/// A note that calls whoever asks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NoteMention)]
pub struct MentionView {
    /// The conversation.
    pub conversation: ConversationId,
    /// The number of the note in it.
    pub seq: i64,
    /// When it was written.
    pub at: Ts,
    /// The name of who wrote it.
    pub by: String,
    /// The note, at most 80 characters on one line; empty if it was erased.
    pub text: String,
    /// Whether it was seen.
    pub seen: bool,
}

impl From<MentionRow> for MentionView {
    fn from(row: MentionRow) -> Self {
        let note = row.body.and_then(|body| Body::read(EntryKind::Note, &body, None).ok());
        let words = if let Some(Body::Note(note)) = note { text::preview(&note.text, 80) } else { String::new() };
        Self {
            conversation: ConversationId::new(row.conversation_id),
            seq: row.seq,
            at: Ts(row.at),
            by: row.by.unwrap_or_default(),
            text: words,
            seen: row.seen_at.is_some(),
        }
    }
}

/// The notes that call whoever asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct Mentions {
    /// Those in conversations that are open, most recent first; at most 50.
    pub items: Vec<MentionView>,
    /// How many of them were not seen.
    pub unseen: usize,
}

/// Lists the notes in open conversations that call whoever asks.
#[utoipa::path(get, path = "/mentions", tag = "conversations", security(("staff" = [])), responses((status = 200, body = Mentions), Problems))]
pub async fn list_mentions(State(app): State<App>, actor: StaffActor) -> Result<Json<Mentions>, Problem> {
    if !actor.staff.grants.holds(OverConversations::Read) {
        actor.may(OverConversations::Desk)?.anywhere();
    }
    let mut tx = app.db().read_of(actor.tenant()).await?;
    let rows = store_desk::mentions::of(&mut tx, actor.tenant(), actor.staff.agent, LISTED).await?;
    let items: Vec<MentionView> = rows.into_iter().map(MentionView::from).collect();
    let unseen = items.iter().filter(|one| !one.seen).count();
    Ok(Json(Mentions { items, unseen }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn who_works_with_no_conversations_is_called_by_none() {
        let app = TestApp::new().await;
        assert_eq!(app.agent("ada").await.get("/api/v1/mentions").await.expect(200), json!({"items": [], "unseen": 0}));
        app.staff(Role::KnowledgeEditor, "kim").await.get("/api/v1/mentions").await.problem(403, "not_permitted");
        app.get("/api/v1/mentions").await.problem(401, "not_signed_in");
    }
}
