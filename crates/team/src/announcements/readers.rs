//! `GET /api/v1/staff-announcements/{id}/readers`

use axum::{Json, extract::State};
use domain::{
    id::{AgentId, AnnouncementId},
    policy::OverPeople,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{Audience, may_withdraw};

/// Somebody to whom an announcement is addressed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnnouncementReader)]
pub struct Reader {
    /// The member's id.
    pub id: AgentId,
    /// The member's name.
    pub name: String,
    /// When they read it; `null` if they have not.
    #[schema(required)]
    pub read_at: Option<Ts>,
}

/// To whom an announcement is addressed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnnouncementReaders)]
pub struct Readers {
    /// Those who have not read it first, then by name.
    pub items: Vec<Reader>,
}

/// Lists to whom an announcement is addressed, and who has read it, for those who may withdraw it.
#[utoipa::path(get, path = "/staff-announcements/{id}/readers", tag = "staff", security(("staff" = [])), params(("id" = AnnouncementId, Path)),
    responses((status = 200, body = Readers), Problems))]
pub async fn list_readers(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<AnnouncementId>) -> Result<Json<Readers>, Problem> {
    actor.may(OverPeople::Follow)?.anywhere();
    let mut tx = app.db().snapshot_of(actor.tenant()).await?;
    let announcement = store::announcements::get(&mut tx, actor.tenant(), id).await?;
    if !may_withdraw(&announcement, &actor.staff) {
        return Err(Problem::not_permitted());
    }
    let all = Audience::read(&mut tx, actor.tenant()).await?.of(&announcement);
    let mut items: Vec<Reader> = all.into_iter().map(|(id, name, read_at)| Reader { id, name, read_at }).collect();
    items.sort_by(|one, other| (one.read_at.is_some(), &one.name, one.id).cmp(&(other.read_at.is_some(), &other.name, other.id)));
    Ok(Json(Readers { items }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn who_has_not_read_it_comes_first() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let made = mira.post("/api/v1/staff-announcements", json!({"title": "x"})).await.expect(201);
        let path = format!("/api/v1/staff-announcements/{}", made["id"].as_str().unwrap());
        ada.post(&format!("{path}/read"), json!({})).await.expect(204);
        let readers = mira.get(&format!("{path}/readers")).await.expect(200);
        let names: Vec<_> = readers["items"].as_array().unwrap().iter().map(|one| (one["name"].as_str().unwrap(), one["read_at"].is_number())).collect();
        assert_eq!(names, [("mira", false), ("ada", true)]);
        ada.get(&format!("{path}/readers")).await.problem(403, "not_permitted");
    }
}
