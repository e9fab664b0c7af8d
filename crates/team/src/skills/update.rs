//! `PATCH /api/v1/skills/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{entry::Changed, id::SkillId, policy::Permission, revision::Revision, routing::skill::Skill, text::Bilingual, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    check_name, holders, needs, refuse_taken, set,
    view::{SkillHolder, SkillNeed, SkillView},
};

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillChange {
    /// A new name.
    #[serde(default)]
    pub name: Option<Bilingual>,
    /// Who has it, replacing the previous ones.
    #[serde(default)]
    pub members: Option<Vec<SkillHolder>>,
    /// What asks for it, replacing what did.
    #[serde(default)]
    pub needs: Option<Vec<SkillNeed>>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

/// Changes a skill, who has it, or what asks for it, unless somebody else has changed it in the meantime. Routing follows from then on.
#[utoipa::path(patch, path = "/skills/{id}", tag = "queues", security(("staff" = [])), params(("id" = SkillId, Path), OnceHeader),
    request_body = SkillChange, responses((status = 200, body = SkillView), Problems))]
pub async fn update_skill(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<SkillId>,
    OnceJson(once, change): OnceJson<SkillChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageQueues)?;
    let (tenant, now, seen) = (actor.tenant(), app.env().now(), change.seen);
    if let Some(name) = &change.name {
        check_name(name)?;
    }
    let holders = change.members.as_deref().map(holders).transpose()?;
    let needs = change.needs.as_deref().map(needs).transpose()?;
    let name = change.name.map(Bilingual::trimmed);
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let (before, old) = (SkillView::read(tx, tenant, id).await?, store::skills::get(tx, tenant, id).await?);
            let skill = Skill { id, name: name.unwrap_or(old.name), updated_at: Revision(seen).next(now) };
            store::skills::update(tx, tenant, &skill, seen).await?;
            refuse_taken(tx, tenant, &skill.name, id).await?;
            set(tx, tenant, id, holders.as_deref(), needs.as_deref()).await?;
            tx.announce(Changed::Queues).await?;
            let view = SkillView::read(tx, tenant, id).await?;
            tx.note_change(&before, &view);
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
    async fn a_skill_says_who_has_it_and_what_asks_for_more_than_anybody_has() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let (ada_id, queue) = (ada.member.id.to_string(), app.company.queue.to_string());
        let body = json!({"name": {"zh": "宽带", "en": "Broadband"}, "members": [{"agent": ada_id, "level": 2}], "needs": [{"queue": queue, "level": 3}]});
        let made = mira.post("/api/v1/skills", body).await.expect(201);
        assert_eq!((&made["best"], &made["is_short"]), (&json!(2), &json!(true)));
        let path = format!("/api/v1/skills/{}", made["id"].as_str().unwrap());
        let change = json!({"members": [{"agent": ada_id, "level": 4}], "needs": [{"queue": queue, "level": 3}, {"language": "en", "level": 1}], "seen": made["updated_at"]});
        let now = mira.patch(&path, change).await.expect(200);
        assert_eq!((&now["best"], &now["is_short"], &now["name"]["en"]), (&json!(4), &json!(false), &json!("Broadband")));
        mira.patch(&path, json!({"name": {"zh": "x"}, "seen": made["updated_at"]})).await.problem(409, "conflict");
        assert_eq!(mira.get("/api/v1/skills").await.expect(200)["items"], json!([now]));
        ada.get("/api/v1/skills").await.problem(403, "not_permitted");
    }
}
