//! `POST /api/v1/staff-announcements/{id}/read`

use axum::extract::State;
use domain::id::AnnouncementId;
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

/// The caller has read an announcement that is addressed to them. Once is enough: a repetition changes nothing.
///
/// Nobody is told: among thousands of members, everybody's console would ask again for every one who reads.
#[utoipa::path(post, path = "/staff-announcements/{id}/read", tag = "staff", security(("staff" = [])), params(("id" = AnnouncementId, Path), OnceHeader),
    responses((status = 204, description = "It is noted as read"), Problems))]
pub async fn confirm_announcement(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<AnnouncementId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.oneself();
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let announcement = store::announcements::get(tx, tenant, id).await?;
            if announcement.group.is_some() && announcement.group != store::staff::roster::get(tx, tenant, agent).await?.group {
                return Err(store::Error::NotFound.into());
            }
            store::announcements::read(tx, tenant, id, agent).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_is_addressed_to_others_cannot_be_confirmed() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let group = mira.post("/api/v1/groups", json!({"name": "夜班"})).await.expect(201)["id"].clone();
        let made = mira.post("/api/v1/staff-announcements", json!({"title": "x", "group": group})).await.expect(201);
        ada.post(&format!("/api/v1/staff-announcements/{}/read", made["id"].as_str().unwrap()), json!({})).await.problem(404, "not_found");
        ada.post("/api/v1/staff-announcements/ann_00000000000000000000000000000009/read", json!({})).await.problem(404, "not_found");
    }
}
