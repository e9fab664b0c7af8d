//! `POST /api/v1/skills`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    id::SkillId,
    policy::Permission,
    refusal::Code,
    routing::skill::{MAX_SKILLS, Skill},
    text::Bilingual,
};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    check_name, holders, needs, refuse_taken, set,
    view::{SkillHolder, SkillNeed, SkillView},
};

/// A skill to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSkill {
    /// The name that the staff see: in at least one language, at most 40 characters, not used by another skill.
    pub name: Bilingual,
    /// Who has it.
    #[serde(default)]
    pub members: Vec<SkillHolder>,
    /// What asks for it.
    #[serde(default)]
    pub needs: Vec<SkillNeed>,
}

/// Adds a skill; a company has at most 200.
#[utoipa::path(post, path = "/skills", tag = "queues", security(("staff" = [])), params(OnceHeader), request_body = NewSkill,
    responses((status = 201, body = SkillView), Problems))]
pub async fn create_skill(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewSkill>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageQueues)?;
    check_name(&new.name)?;
    let (tenant, holders, needs) = (actor.tenant(), holders(&new.members)?, needs(&new.needs)?);
    let skill = Skill { id: SkillId::new(app.env().uuid()), name: new.name.trimmed(), updated_at: app.env().now() };
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            refuse_taken(tx, tenant, &skill.name, skill.id).await?;
            if store::skills::list(tx, tenant).await?.len() >= MAX_SKILLS {
                return Err(Problem::conflict(Code::TooManySkills, "a company has at most 200 skills: delete one first").into());
            }
            store::skills::insert(tx, tenant, &skill).await?;
            set(tx, tenant, skill.id, Some(&holders), Some(&needs)).await?;
            tx.announce(Changed::Queues).await?;
            Answer::json(StatusCode::CREATED, &SkillView::read(tx, tenant, skill.id).await?)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_does_not_fit_names_its_field_and_changes_nothing() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let made = mira.post("/api/v1/skills", json!({"name": {"zh": "英语", "en": "English"}})).await.expect(201);
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, domain::staff::Role::Agent, "bob").await.member.id.to_string();
        let mira_id = mira.member.id.to_string();
        for (body, status, code, field) in [
            (json!({"name": {"zh": "", "en": "English"}}), 409, "skill_name_taken", "name"),
            (json!({"name": {"zh": " "}}), 422, "invalid_value", "name"),
            (json!({"name": {"zh": "x"}, "members": [{"agent": bob, "level": 1}]}), 422, "invalid_value", "members"),
            (json!({"name": {"zh": "x"}, "members": [{"agent": mira_id, "level": 6}]}), 422, "invalid_value", "members.0.level"),
            (
                json!({"name": {"zh": "x"}, "members": [{"agent": mira_id, "level": 1}, {"agent": mira_id, "level": 2}]}),
                422,
                "invalid_value",
                "members.1.agent",
            ),
            (json!({"name": {"zh": "x"}, "needs": [{"level": 1}]}), 422, "invalid_value", "needs.0"),
            (json!({"name": {"zh": "x"}, "needs": [{"queue": beta.queue.to_string(), "level": 1}]}), 422, "invalid_value", "needs"),
            (json!({"name": {"zh": "x"}, "needs": [{"language": "zh-CN", "level": 0}]}), 422, "invalid_value", "needs.0.level"),
        ] {
            mira.post("/api/v1/skills", body).await.problem_at(status, code, field);
        }
        assert_eq!(mira.get("/api/v1/skills").await.expect(200)["items"], json!([made]));
    }
}
