//! `POST /api/v1/staff-announcements`

use axum::{extract::State, http::StatusCode};
use domain::{
    announcement::Announcement,
    entry::Changed,
    id::{AnnouncementId, GroupId},
    policy::OverPeople,
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

use super::view::{AnnouncementView, Audience};
use crate::staff::group_unknown;

/// An announcement to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnnouncement {
    /// The title: 1 to 80 characters on one line.
    pub title: String,
    /// What it says: at most 2,000 characters.
    #[serde(default)]
    pub text: String,
    /// The group whose members are told; everybody if it is omitted, which only those may do who follow everybody.
    #[serde(default)]
    pub group: Option<GroupId>,
}

/// Tells the staff something, and notifies those who are signed in.
#[utoipa::path(post, path = "/staff-announcements", tag = "staff", security(("staff" = [])), params(OnceHeader), request_body = NewAnnouncement,
    responses((status = 201, body = AnnouncementView), Problems))]
pub async fn create_announcement(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewAnnouncement>) -> Result<Answer, Problem> {
    let held = actor.may(OverPeople::Follow)?;
    let permitted = if new.group.is_some() { held.anywhere() } else { held.everywhere()? };
    let (tenant, who) = (actor.tenant(), actor.staff.clone());
    let (id, at) = (AnnouncementId::new(app.env().uuid()), app.env().now());
    let announcement = Announcement { id, title: new.title.trim().to_owned(), text: new.text.trim().to_owned(), group: new.group, by: who.agent, at };
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let others = store::announcements::count(tx, tenant).await?;
            announcement.check(others).map_err(|error| Problem::invalid(error.field(), error.code(), error.to_string()))?;
            if let Some(group) = announcement.group {
                store::groups::get(tx, tenant, group).await.map_err(Fault::if_not_found(group_unknown))?;
            }
            let audience = Audience::read(tx, tenant).await?;
            let told = audience.reached_by(&who).map(|told| told.groups).unwrap_or_default();
            if announcement.group.is_some_and(|group| told.iter().all(|one| one.id != group)) {
                return Err(Problem::not_permitted().into());
            }
            store::announcements::insert(tx, tenant, &announcement).await?;
            tx.announce(Changed::Announcements).await?;
            let view = audience.view(announcement, &who);
            Answer::json(StatusCode::CREATED, &view)
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
    async fn what_does_not_fit_names_its_field_and_who_reaches_few_tells_few() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let path = "/api/v1/staff-announcements";
        mira.post(path, json!({"title": " "})).await.problem_at(422, "invalid_value", "title");
        mira.post(path, json!({"title": "x", "text": "长".repeat(2_001)})).await.problem_at(422, "invalid_value", "text");
        mira.post(path, json!({"title": "x", "group": "grp_00000000000000000000000000000009"})).await.problem_at(422, "invalid_value", "group");
        ada.post(path, json!({"title": "x"})).await.problem(403, "not_permitted");
        let group = mira.post("/api/v1/groups", json!({"name": "夜班"})).await.expect(201)["id"].clone();
        mira.post(path, json!({"title": "夜班注意", "group": group})).await.expect(201);
        assert_eq!(ada.get(path).await.expect(200)["items"], json!([]), "ada is not in the group");
        let sam = app.staff(Role::Supervisor, "sam").await;
        sam.post(path, json!({"title": "x"})).await.problem(403, "not_permitted");
    }
}
