//! `GET /api/v1/audit/choices`

use axum::{Json, extract::State};
use domain::{id::AgentId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

/// Somebody who occurs in the audit.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditPerson {
    /// The member's id.
    pub id: AgentId,
    /// The name they had when they last did something.
    pub name: String,
}

/// What the audit can be searched by.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditChoices {
    /// Who occurs in it, by name, also if they are no longer members.
    pub people: Vec<AuditPerson>,
    /// Which operations occur in it.
    pub operations: Vec<String>,
}

/// Lists who and which operations occur in the audit, for searching it.
#[utoipa::path(get, path = "/audit/choices", tag = "company", security(("staff" = [])), responses((status = 200, body = AuditChoices), Problems))]
pub async fn list_audit_choices(State(app): State<App>, actor: StaffActor) -> Result<Json<AuditChoices>, Problem> {
    actor.require(Permission::SeeAudit)?;
    let (mut tx, tenant) = (app.db().read_of(actor.tenant()).await?, actor.tenant());
    let people = store::audit::people(&mut tx, tenant).await?.into_iter().map(|(id, name)| AuditPerson { id: AgentId::new(id), name }).collect();
    Ok(Json(AuditChoices { people, operations: store::audit::operations(&mut tx, tenant).await? }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/audit/choices";

    #[tokio::test]
    async fn people_are_listed_by_the_name_they_had_last_also_after_they_left() {
        let app = TestApp::new().await;
        let (tara, mira, ada) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await, app.agent("ada").await);
        mira.post("/api/v1/groups", json!({"name": "Night"})).await.expect(201);
        let path = format!("/api/v1/staff/{}", mira.member.id);
        let rename = async |name: &str| {
            let seen = tara.get(&path).await.expect(200)["updated_at"].clone();
            tara.patch(&path, json!({"name": name, "seen": seen})).await.expect(200);
        };
        rename("zoe").await;
        let (mira_was, tara_is) = (json!({"id": mira.member.id, "name": "mira"}), json!({"id": tara.member.id, "name": "tara"}));
        let choices = tara.get(PATH).await.expect(200);
        assert_eq!(
            choices,
            json!({"people": [mira_was, tara_is], "operations": ["PATCH /api/v1/staff/{id}", "POST /api/v1/groups"]}),
            "and not who only looks"
        );
        mira.post("/api/v1/groups", json!({"name": "Day"})).await.expect(201);
        let seen = tara.get(&path).await.expect(200)["updated_at"].clone();
        tara.delete(&format!("{path}?seen={seen}")).await.expect(204);
        assert_eq!(tara.get(PATH).await.expect(200)["people"], json!([tara_is, {"id": mira.member.id, "name": "zoe"}]));
        ada.get(PATH).await.problem(403, "not_permitted");
        app.get(PATH).await.problem(401, "not_signed_in");
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        assert_eq!(bob.get(PATH).await.expect(200), json!({"people": [], "operations": []}));
    }
}
