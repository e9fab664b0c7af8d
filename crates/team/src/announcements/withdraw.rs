//! `DELETE /api/v1/staff-announcements/{id}`

use axum::extract::State;
use domain::{entry::Changed, id::AnnouncementId, policy::OverPeople};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::view::{Audience, may_withdraw};

/// Withdraws an announcement: nobody is told it any more, and who has read it is forgotten.
#[utoipa::path(delete, path = "/staff-announcements/{id}", tag = "staff", security(("staff" = [])), params(("id" = AnnouncementId, Path), OnceHeader),
    responses((status = 204, description = "The announcement was withdrawn"), Problems))]
pub async fn withdraw_announcement(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<AnnouncementId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.may(OverPeople::Follow)?.anywhere();
    let (tenant, who) = (actor.tenant(), actor.staff.clone());
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let announcement = store::announcements::get(tx, tenant, id).await?;
            if !may_withdraw(&announcement, &who) {
                return Err(Problem::not_permitted().into());
            }
            let before = Audience::read(tx, tenant).await?.view(announcement, &who);
            store::announcements::delete(tx, tenant, id).await?;
            tx.note_change(&before, &());
            tx.announce(Changed::Announcements).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn who_made_it_or_follows_everybody_withdraws_it() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let made = mira.post("/api/v1/staff-announcements", json!({"title": "x"})).await.expect(201);
        let path = format!("/api/v1/staff-announcements/{}", made["id"].as_str().unwrap());
        ada.delete(&path).await.problem(403, "not_permitted");
        app.staff(Role::Supervisor, "sam").await.delete(&path).await.problem(403, "not_permitted");
        app.manager("nora").await.delete(&path).await.expect(204);
        mira.delete(&path).await.problem(404, "not_found");
        assert_eq!(ada.get("/api/v1/staff-announcements").await.expect(200), json!({"items": [], "unread": 0, "may_tell": null}));
    }
}
