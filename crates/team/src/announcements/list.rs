//! `GET /api/v1/staff-announcements`

use axum::{Json, extract::State};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{AnnouncementView, Audience, Told};

/// What the staff are told.
#[derive(Debug, Serialize, ToSchema)]
pub struct Announcements {
    /// Those that are addressed to the caller or theirs to withdraw, most recent first.
    pub items: Vec<AnnouncementView>,
    /// How many that are addressed to the caller they have not read.
    pub unread: usize,
    /// Whom the caller may tell something; `null` if nobody.
    #[schema(required)]
    pub may_tell: Option<Told>,
}

/// Lists the announcements to the staff that are addressed to the caller, and those that they may withdraw.
#[utoipa::path(get, path = "/staff-announcements", tag = "staff", security(("staff" = [])), responses((status = 200, body = Announcements), Problems))]
pub async fn list_announcements(State(app): State<App>, actor: StaffActor) -> Result<Json<Announcements>, Problem> {
    let tenant = actor.tenant();
    let mut tx = app.db().snapshot_of(tenant).await?;
    let all = store::announcements::all(&mut tx, tenant).await?;
    let audience = Audience::as_seen_by(&mut tx, tenant, &actor.staff, &all).await?;
    let items: Vec<AnnouncementView> = all.into_iter().filter_map(|one| audience.view(one, &actor.staff)).collect();
    let unread = items.iter().filter(|one| one.to_me && one.read_at.is_none()).count();
    Ok(Json(Announcements { items, unread, may_tell: audience.reached_by(&actor.staff) }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn everybody_is_told_reads_and_confirms_and_no_other_company_hears_of_it() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        assert_eq!(ada.get("/api/v1/staff-announcements").await.expect(200), json!({"items": [], "unread": 0, "may_tell": null}));
        let made = mira.post("/api/v1/staff-announcements", json!({"title": "新资费今天生效", "text": "先看第三页。"})).await.expect(201);
        let path = format!("/api/v1/staff-announcements/{}", made["id"].as_str().unwrap());
        let told = ada.get("/api/v1/staff-announcements").await.expect(200);
        let one = &told["items"][0];
        assert_eq!((&told["unread"], &one["title"], &one["by"], &one["to_me"]), (&json!(1), &json!("新资费今天生效"), &json!("mira"), &json!(true)));
        assert_eq!((&one["read_at"], &one["read_by"]), (&json!(null), &json!(null)), "only who may withdraw it sees who has read it");
        ada.post(&format!("{path}/read"), json!({})).await.expect(204);
        ada.post(&format!("{path}/read"), json!({})).await.expect(204);
        let told = ada.get("/api/v1/staff-announcements").await.expect(200);
        assert!(told["unread"] == 0 && told["items"][0]["read_at"].is_number(), "{told}");
        let own = mira.get("/api/v1/staff-announcements").await.expect(200);
        assert_eq!((&own["items"][0]["read_by"], &own["may_tell"]), (&json!({"read": 1, "of": 2}), &json!({"everybody": true, "groups": []})));
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Manager, "bob").await;
        assert_eq!(bob.get("/api/v1/staff-announcements").await.expect(200)["items"], json!([]));
        bob.post(&format!("{path}/read"), json!({})).await.problem(404, "not_found");
        app.get("/api/v1/staff-announcements").await.problem(401, "not_signed_in");
    }
}
