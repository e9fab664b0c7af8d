//! `DELETE /api/v1/skills/{id}`

use axum::extract::State;
use domain::{entry::Changed, id::SkillId, policy::Permission, refusal::Code, revision::Revision, routing::skill::Skill, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidPath, ValidQuery},
    fault::Fault,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use serde_json::json;
use store::TenantTx;
use utoipa::IntoParams;

use super::view::SkillView;

/// How a skill is deleted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeleteSkill {
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
    /// Confirms that nothing asks for it any more, and that nobody has it; without it and without `move_to`, the answer is 409 `skill_in_use` if it is in use.
    #[serde(default)]
    pub confirm: bool,
    /// The skill for which everything asks instead that asks for this one, at the same level, or the higher one where it asks for that already. Who has it is not
    /// changed.
    #[serde(default)]
    pub move_to: Option<SkillId>,
}

/// Deletes a skill. What asked for it asks for another instead, or for nothing, and goes then to anybody who serves its queue.
#[utoipa::path(delete, path = "/skills/{id}", tag = "queues", security(("staff" = [])), params(("id" = SkillId, Path), DeleteSkill, OnceHeader),
    responses((status = 204, description = "The skill was deleted"), Problems))]
pub async fn delete_skill(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<SkillId>,
    ValidQuery(DeleteSkill { seen, confirm, move_to }): ValidQuery<DeleteSkill>,
    once: Once,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageQueues)?;
    let tenant = actor.tenant();
    let removed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = SkillView::read(tx, tenant, id).await?;
            if before.updated_at != seen {
                return Err(store::Error::Stale.into());
            }
            match move_to {
                Some(to) => ask_instead(tx, id, to).await?,
                None if confirm => {}
                None => refuse_used(&before)?,
            }
            store::skills::delete(tx, tenant, id).await?;
            match move_to {
                Some(to) => tx.note_change(&before, &json!({"move_to": to})),
                None => tx.note_change(&before, &()),
            }
            tx.announce(Changed::Queues).await?;
            Ok(Answer::nothing())
        })
    });
    removed.await
}

/// What asks for a skill asks for another from now on, whose editors have to look at it again.
async fn ask_instead(tx: &mut TenantTx<'_>, from: SkillId, to: SkillId) -> Result<(), Fault> {
    let (tenant, now) = (tx.tenant(), tx.now());
    if from == to {
        return Err(Problem::invalid("move_to", Code::InvalidValue, "this is the skill that is deleted: name a different one").into());
    }
    let unknown = || Problem::invalid("move_to", Code::InvalidValue, "there is no such skill");
    let other = store::skills::get(tx, tenant, to).await.map_err(Fault::if_not_found(unknown))?;
    store::skills::ask_instead(tx, tenant, from, to).await?;
    let seen = other.updated_at;
    Ok(store::skills::update(tx, tenant, &Skill { updated_at: Revision(seen).next(now), ..other }, seen).await?)
}

fn refuse_used(skill: &SkillView) -> Result<(), Problem> {
    let (members, needs) = (skill.members.len(), skill.needs.len());
    if members + needs == 0 {
        return Ok(());
    }
    let title =
        format!("{members} members have this skill, and {needs} rules ask for it: name another in `move_to`, or send `confirm` to delete it all the same");
    let field = if needs == 0 { "confirm" } else { "move_to" };
    Err(Problem::in_use(Code::SkillInUse, field, i64::try_from(members + needs).unwrap_or(i64::MAX), title))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_skill_in_use_is_deleted_only_by_who_says_so() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let body = json!({"name": {"zh": "英语"}, "needs": [{"language": "en", "level": 2}]});
        let made = mira.post("/api/v1/skills", body).await.expect(201);
        let (id, seen) = (made["id"].as_str().unwrap(), made["updated_at"].as_i64().unwrap());
        let path = format!("/api/v1/skills/{id}?seen={seen}");
        mira.delete(&format!("/api/v1/skills/{id}?seen={}&confirm=true", seen - 1)).await.problem(409, "conflict");
        let asked = mira.delete(&path).await.problem(409, "skill_in_use");
        assert_eq!((&asked["field"], &asked["count"]), (&json!("move_to"), &json!(1)));
        assert_eq!(mira.delete(&format!("{path}&confirm=true")).await.status.as_u16(), 204);
        mira.delete(&path).await.problem(404, "not_found");
        assert_eq!(mira.get("/api/v1/skills").await.expect(200)["items"], json!([]));
    }
    #[tokio::test]
    async fn what_asks_for_a_deleted_skill_asks_for_another_instead() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let skill = async |name: &str, needs: serde_json::Value| {
            let made = mira.post("/api/v1/skills", json!({"name": {"zh": name}, "members": [{"agent": ada.member.id, "level": 3}], "needs": needs})).await;
            made.expect(201)
        };
        let queue = app.company.queue;
        let gone = skill("英语", json!([{"language": "en", "level": 2}, {"queue": queue, "level": 4}])).await;
        let kept = skill("外语", json!([{"queue": queue, "level": 3}])).await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        let [gone_id, kept_id] = [&gone, &kept].map(|of| of["id"].as_str().unwrap());
        let uses = mira.get(&format!("/api/v1/skills/{gone_id}/uses")).await.expect(200);
        assert_eq!(uses, json!({"waiting": 1, "members": 1, "queues": 1, "sites": 0, "languages": 1, "question_kinds": 0}));
        ada.get(&format!("/api/v1/skills/{gone_id}/uses")).await.problem(403, "not_permitted");
        let path = format!("/api/v1/skills/{gone_id}?seen={}", gone["updated_at"]);
        for wrong in [gone_id, "skl_00000000000000000000000000000009"] {
            mira.delete(&format!("{path}&move_to={wrong}")).await.problem_at(422, "invalid_value", "move_to");
        }
        assert_eq!(mira.delete(&format!("{path}&move_to={kept_id}")).await.status.as_u16(), 204);
        let left = mira.get("/api/v1/skills").await.expect(200)["items"].clone();
        assert_eq!(left.as_array().unwrap().len(), 1);
        let needs = left[0]["needs"].as_array().unwrap();
        assert!(needs.contains(&json!({"language": "en", "level": 2})) && needs.contains(&json!({"queue": queue, "level": 4})), "{needs:?}");
        assert!(left[0]["updated_at"].as_i64() > kept["updated_at"].as_i64());
    }
}
