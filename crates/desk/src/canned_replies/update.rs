//! `PATCH /api/v1/canned-replies/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{
    canned_reply::{CannedReply, Shortcode},
    entry::Changed,
    id::CannedReplyId,
    policy::Permission,
    revision::Revision,
    text::Bilingual,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{shortcode_taken, view::CannedReplyView};

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CannedReplyChange {
    /// A new shortcode.
    #[serde(default)]
    pub shortcode: Option<String>,
    /// A new title.
    #[serde(default)]
    pub title: Option<String>,
    /// A new text.
    #[serde(default)]
    pub body: Option<Bilingual>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

impl CannedReplyChange {
    fn apply(self, to: &CannedReply, now: Ts) -> Result<CannedReply, Problem> {
        let shortcode = self.shortcode.map_or(Ok(to.shortcode.clone()), |raw| Shortcode::parse(&raw))?;
        let title = self.title.map_or_else(|| to.title.clone(), |title| title.trim().to_owned());
        let updated_at = Revision(to.updated_at).next(now);
        let changed = CannedReply { id: to.id, tenant: to.tenant, shortcode, title, body: self.body.unwrap_or_else(|| to.body.clone()), updated_at };
        changed.check()?;
        Ok(changed)
    }
}

/// Changes a canned reply, unless somebody else has changed it in the meantime, and notifies every desk.
#[utoipa::path(patch, path = "/canned-replies/{id}", tag = "canned_replies", security(("staff" = [])), params(("id" = CannedReplyId, Path), OnceHeader),
    request_body = CannedReplyChange, responses((status = 200, body = CannedReplyView), Problems))]
pub async fn update_canned_reply(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<CannedReplyId>,
    OnceJson(once, change): OnceJson<CannedReplyChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditCannedReplies)?;
    let (tenant, seen) = (actor.tenant(), change.seen);
    let found = store_desk::canned_replies::get(&mut app.db().read_of(actor.tenant()).await?, tenant, id).await?;
    if found.updated_at != seen {
        return Err(store::Error::Stale.into());
    }
    let changed = change.apply(&found, app.env().now())?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = store_desk::canned_replies::get(tx, tenant, id).await?;
            if before.updated_at != seen {
                return Err(store::Error::Stale.into());
            }
            store_desk::canned_replies::update(tx, tenant, &changed, seen).await.map_err(Fault::if_taken(shortcode_taken))?;
            tx.announce(Changed::CannedReplies).await?;
            let view = CannedReplyView::from(changed);
            tx.note_change(&CannedReplyView::from(before), &view);
            Answer::json(StatusCode::OK, &view)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn two_editors_do_not_overwrite_each_other() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.agent("ada").await, app.agent("eve").await);
        let created = ada.post("/api/v1/canned-replies", json!({"shortcode": "hi", "title": "t", "body": {"zh": "一"}})).await.expect(201);
        let path = format!("/api/v1/canned-replies/{}", created["id"].as_str().unwrap());
        let seen = &created["updated_at"];
        let changed = ada.patch(&path, json!({"body": {"zh": "二"}, "seen": seen})).await.expect(200);
        assert_eq!((&changed["body"]["zh"], &changed["title"]), (&json!("二"), &json!("t")));
        eve.patch(&path, json!({"body": {"zh": "三"}, "seen": seen})).await.problem(409, "conflict");
        eve.patch(&path, json!({"title": "neu", "seen": changed["updated_at"]})).await.expect(200);
        let listed = ada.get("/api/v1/canned-replies").await.expect(200);
        assert_eq!((&listed["items"][0]["title"], &listed["items"][0]["body"]["zh"]), (&json!("neu"), &json!("二")));
    }

    #[tokio::test]
    async fn a_taken_shortcode_is_not_given_twice() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let add = |shortcode: &'static str| ada.post("/api/v1/canned-replies", json!({"shortcode": shortcode, "title": "t", "body": {"zh": "x"}}));
        let (one, _) = (add("one").await.expect(201), add("two").await.expect(201));
        let path = format!("/api/v1/canned-replies/{}", one["id"].as_str().unwrap());
        ada.patch(&path, json!({"shortcode": "two", "seen": one["updated_at"]})).await.problem_at(409, "canned_reply_shortcode_taken", "shortcode");
        ada.patch(&path, json!({"shortcode": "three", "seen": one["updated_at"]})).await.expect(200);
    }

    #[tokio::test]
    async fn another_companys_reply_is_as_good_as_none() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, domain::staff::Role::Administrator, "bob").await;
        let one = ada.post("/api/v1/canned-replies", json!({"shortcode": "one", "title": "t", "body": {"zh": "x"}})).await.expect(201);
        let change = json!({"title": "stolen", "seen": one["updated_at"]});
        let foreign = bob.patch(&format!("/api/v1/canned-replies/{}", one["id"].as_str().unwrap()), change.clone()).await;
        let missing = bob.patch("/api/v1/canned-replies/crp_00000000000000000000000000000001", change).await;
        let without_id = |answer: &testkit_server::Answer| {
            let mut problem = answer.problem(404, "not_found");
            problem["request_id"] = json!(null);
            problem
        };
        assert_eq!(without_id(&foreign), without_id(&missing));
        assert_eq!(ada.get("/api/v1/canned-replies").await.expect(200)["items"][0], one);
    }
}
