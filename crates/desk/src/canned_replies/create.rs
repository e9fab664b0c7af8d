//! `POST /api/v1/canned-replies`

use axum::{extract::State, http::StatusCode};
use domain::{
    canned_reply::{CannedReply, Shortcode},
    entry::Changed,
    id::CannedReplyId,
    policy::Permission,
    text::Bilingual,
};
use http_kit::{
    App,
    auth::StaffActor,
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{shortcode_taken, view::CannedReplyView};

/// A canned reply to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCannedReply {
    /// What is typed after the slash: 1 to 40 of a-z, 0-9, `_` and `-`.
    pub shortcode: String,
    /// The title shown in the list, 1 to 80 characters.
    pub title: String,
    /// The text, in at least one language, at most 4,000 characters each.
    pub body: Bilingual,
}

/// Adds a canned reply and notifies every desk.
#[utoipa::path(post, path = "/canned-replies", tag = "canned_replies", security(("staff" = [])), params(OnceHeader), request_body = NewCannedReply,
    responses((status = 201, body = CannedReplyView), Problems))]
pub async fn create_canned_reply(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewCannedReply>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditCannedReplies)?;
    let NewCannedReply { shortcode, title, body } = new;
    let tenant = actor.tenant();
    let id = CannedReplyId::new(app.env().uuid());
    let reply = CannedReply { id, tenant, shortcode: Shortcode::parse(&shortcode)?, title: title.trim().to_owned(), body, updated_at: app.env().now() };
    reply.check()?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            store_desk::canned_replies::insert(tx, tenant, &reply).await.map_err(Fault::if_taken(shortcode_taken))?;
            tx.announce(Changed::CannedReplies).await?;
            Answer::json(StatusCode::CREATED, &CannedReplyView::from(reply))
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    #[tokio::test]
    async fn creates_and_announces() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let tenant = app.company.tenant.to_string();
        let mut desk = Realtime::connect(&ada).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {&tenant: 0}})).await;
        let created = ada.post("/api/v1/canned-replies", json!({"shortcode": "hi", "title": " Greeting ", "body": {"zh": "你好", "en": ""}})).await.expect(201);
        assert_eq!((&created["shortcode"], &created["title"], &created["body"]["zh"]), (&json!("hi"), &json!("Greeting"), &json!("你好")));
        assert!(created["id"].as_str().unwrap().starts_with("crp_"));
        let told = desk.until("entries").await;
        assert_eq!((&told["stream"], &told["entries"][0]["kind"]), (&json!(tenant), &json!("canned_replies_changed")));
        let listed = ada.get("/api/v1/canned-replies").await.expect(200);
        assert_eq!(listed["items"], json!([created]));
    }

    #[tokio::test]
    async fn taken_shortcode_is_a_conflict() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let hi = json!({"shortcode": "hi", "title": "Greeting", "body": {"zh": "你好"}});
        ada.post("/api/v1/canned-replies", hi.clone()).await.expect(201);
        ada.post("/api/v1/canned-replies", hi.clone()).await.problem_at(409, "canned_reply_shortcode_taken", "shortcode");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, domain::staff::Role::Agent, "bob").await.post("/api/v1/canned-replies", hi).await.expect(201);
    }

    #[tokio::test]
    async fn what_does_not_fit_names_its_field() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        for (body, code, field) in [
            (json!({"shortcode": "Hi!", "title": "t", "body": {"zh": "x"}}), "invalid_value", "shortcode"),
            (json!({"shortcode": "hi", "title": "", "body": {"zh": "x"}}), "invalid_value", "title"),
            (json!({"shortcode": "hi", "title": "t", "body": {"zh": " ", "en": ""}}), "invalid_value", "body"),
            (json!({"shortcode": "hi", "title": "t", "body": {"zh": "x".repeat(4001)}}), "invalid_value", "body"),
            (json!({"shortcode": "hi", "title": "t"}), "missing_field", "body"),
            (json!({"shortcode": "hi", "title": "t", "body": {"zh": "x"}, "tenant_id": "x"}), "unknown_field", "tenant_id"),
            (json!({"shortcode": "hi", "title": 7, "body": {"zh": "x"}}), "invalid_value", "title"),
        ] {
            ada.post("/api/v1/canned-replies", body).await.problem_at(422, code, field);
        }
        assert_eq!(ada.get("/api/v1/canned-replies").await.expect(200)["items"], json!([]));
    }
}
