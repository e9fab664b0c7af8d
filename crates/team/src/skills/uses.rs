//! `GET /api/v1/skills/{id}/uses`

use axum::{Json, extract::State};
use domain::{
    id::SkillId,
    policy::Permission,
    routing::skill::{Asking, NeededFor, needs_of},
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

/// What asks for a skill, who has it, and who waits for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SkillUses {
    /// Conversations that wait for somebody who has it.
    pub waiting: i64,
    /// Members who have it.
    pub members: i64,
    /// Queues that ask for it.
    pub queues: i64,
    /// Sites that ask for it.
    pub sites: i64,
    /// Languages that ask for it.
    pub languages: i64,
    /// Kinds of question that ask for it.
    pub question_kinds: i64,
}

/// Returns what asks for a skill, who has it, and who waits for it.
#[utoipa::path(get, path = "/skills/{id}/uses", tag = "queues", security(("staff" = [])), params(("id" = SkillId, Path)),
    responses((status = 200, body = SkillUses), Problems))]
pub async fn get_skill_uses(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<SkillId>) -> Result<Json<SkillUses>, Problem> {
    actor.require(Permission::ManageQueues)?;
    let tenant = actor.tenant();
    let mut tx = app.db().snapshot_of(tenant).await?;
    store::skills::get(&mut tx, tenant, id).await?;
    let needs = store::skills::needs(&mut tx, tenant).await?;
    let members = store::skills::holders(&mut tx, tenant).await?.remove(&id).unwrap_or_default().len();
    let line = store::routing::line(&mut tx, tenant).await?;
    let asks = |one: &&store::routing::InLine| {
        let asking = Asking { queue: one.queue, site: one.site, lang: one.lang, question: one.about };
        needs_of(&needs, asking).iter().any(|level| level.skill == id)
    };
    let count = |of: usize| i64::try_from(of).unwrap_or(i64::MAX);
    let of = |is: fn(&NeededFor) -> bool| count(needs.iter().filter(|need| need.level.skill == id && is(&need.of)).count());
    Ok(Json(SkillUses {
        waiting: count(line.iter().filter(asks).count()),
        members: count(members),
        queues: of(|of| matches!(of, NeededFor::Queue(_))),
        sites: of(|of| matches!(of, NeededFor::Site(_))),
        languages: of(|of| matches!(of, NeededFor::Language(_))),
        question_kinds: of(|of| matches!(of, NeededFor::Question(_))),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_asks_for_a_skill_is_counted_for_who_sets_skills_up() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let skill = mira.post("/api/v1/skills", json!({"name": {"zh": "账单"}})).await.expect(201)["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/skills/{skill}/uses");
        let uses = mira.get(&path).await.expect(200);
        assert!(uses.as_object().is_some_and(|all| !all.is_empty()), "{uses}");
        ada.get(&path).await.problem(403, "not_permitted");
        mira.get("/api/v1/skills/skl_00000000000000000000000000000009/uses").await.problem(404, "not_found");
    }
}
