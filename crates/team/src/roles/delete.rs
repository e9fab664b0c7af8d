//! `DELETE /api/v1/roles/{id}`

use axum::extract::State;
use domain::{entry::Changed, id::RoleId, policy::Permission, refusal::Code, staff::Role};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    fault::Fault,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use store::TenantTx;

use super::{require_covered, view::RoleView};

/// Removes a composed role that nobody has, and that neither single sign-on nor the rules of signing in name.
///
/// Only people can do this; programs are refused.
#[utoipa::path(delete, path = "/roles/{id}", tag = "roles", security(("staff" = [])), params(("id" = Role, Path), OnceHeader),
    responses((status = 204, description = "The role was deleted"), Problems))]
pub async fn delete_role(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<RoleId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageRoles)?;
    actor.session()?;
    let (tenant, staff) = (actor.tenant(), actor.staff);
    let removed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let gone = store::roles::get(tx, tenant, id).await?;
            require_covered(&staff, gone.grants)?;
            refuse_named(tx, Role::Composed(id)).await?;
            let members = store::roles::delete(tx, tenant, id).await?;
            if members > 0 {
                return Err(
                    Problem::in_use(Code::RoleInUse, "members", members, format!("{members} members have this role: give them another one first")).into()
                );
            }
            tx.note_change(&RoleView::composed(gone, members, true), &());
            tx.announce(Changed::People).await?;
            Ok(Answer::nothing())
        })
    });
    removed.await
}

/// Refuses to delete a role that settings name, which would then let in nobody, or everybody without a second step.
async fn refuse_named(tx: &mut TenantTx<'_>, role: Role) -> Result<(), Fault> {
    let tenant = tx.tenant();
    let connection = store::single_sign_on::find(tx, tenant).await?;
    if connection.is_some_and(|connection| connection.rules().given_roles().any(|given| given == role)) {
        return Err(Problem::conflict(Code::RoleInSingleSignOn, "single sign-on gives this role: choose another one there first").into());
    }
    if store::second_steps::required_roles(tx, tenant).await?.contains(&role) {
        let title = "the rules of signing in require a second step of this role: take it out there first";
        return Err(Problem::conflict(Code::RoleInSignInRules, title).into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};

    async fn compose(tara: &StaffClient, name: &str, permission: &str) -> (Value, String) {
        let made = tara.post("/api/v1/roles", json!({"name": name, "grants": [{"permission": permission, "reach": ["company"]}]})).await.expect(201);
        (made["id"].clone(), format!("/api/v1/roles/{}", made["id"].as_str().unwrap()))
    }

    async fn change(tara: &StaffClient, who: &StaffClient, mut change: Value) -> testkit_server::Answer {
        let path = format!("/api/v1/staff/{}", who.member.id);
        change["seen"] = tara.get(&path).await.expect(200)["updated_at"].clone();
        tara.patch(&path, change).await
    }

    #[tokio::test]
    async fn a_role_is_deleted_once_nobody_has_it_and_cannot_be_given_any_more() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await);
        let (role, path) = compose(&tara, "night", "panel").await;
        // A disabled member has it, too.
        change(&tara, &ada, json!({"role": role})).await.expect(200);
        change(&tara, &ada, json!({"disabled": true, "confirm": true})).await.expect(200);
        let refused = tara.delete(&path).await.problem(409, "role_in_use");
        assert_eq!((&refused["field"], &refused["count"]), (&json!("members"), &json!(1)));
        change(&tara, &ada, json!({"role": "agent"})).await.expect(200);
        tara.delete(&path).await.expect(204);
        tara.delete(&path).await.problem(404, "not_found");
        assert!(tara.get("/api/v1/roles").await.expect(200)["items"].as_array().unwrap().iter().all(|one| one["id"] != role));
        change(&tara, &ada, json!({"role": role})).await.problem_at(422, "invalid_value", "role");
        let audit = tara.get("/api/v1/audit?operation=DELETE%20%2Fapi%2Fv1%2Froles%2F%7Bid%7D").await.expect(200);
        let noted: Vec<_> = audit["items"].as_array().unwrap().iter().map(|entry| (&entry["object"], &entry["refused"])).collect();
        assert_eq!(noted, [(&role, &Value::Null)]);
        compose(&tara, "night", "desk").await;
    }

    #[tokio::test]
    async fn a_role_that_settings_name_stays_and_the_answer_says_where() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let (role, path) = compose(&tara, "night", "panel").await;
        let mut connection = json!({"issuer": "https://id.example.com", "client_id": "yingda", "client_secret": "sesame", "domains": ["alpha.example"],
            "creates": true, "required": false, "role_otherwise": role});
        let made = tara.put("/api/v1/single-sign-on", connection.clone()).await.expect(200);
        tara.delete(&path).await.problem(409, "role_in_single_sign_on");
        (connection["role_otherwise"], connection["seen"]) = (json!("agent"), made["updated_at"].clone());
        tara.put("/api/v1/single-sign-on", connection).await.expect(200);
        tara.put("/api/v1/sign-in-rules", json!({"second_step_for": [role]})).await.expect(200);
        tara.delete(&path).await.problem(409, "role_in_sign_in_rules");
        tara.put("/api/v1/sign-in-rules", json!({"second_step_for": []})).await.expect(200);
        tara.delete(&path).await.expect(204);
    }

    #[tokio::test]
    async fn only_who_composes_roles_deletes_them_and_none_that_goes_beyond_theirs() {
        let app = TestApp::new().await;
        let (tara, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
        let ((composer, _), (_, beyond), (_, within)) =
            (compose(&tara, "composer", "roles.manage").await, compose(&tara, "beyond", "settings").await, compose(&tara, "within", "roles.manage").await);
        mira.delete(&within).await.problem(403, "not_permitted");
        tara.delete("/api/v1/roles/agent").await.problem(404, "not_found");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.delete(&within).await.problem(404, "not_found");
        change(&tara, &mira, json!({"role": composer})).await.expect(200);
        let mira = mira.with_cookie(&app.company.session(app.app().db(), mira.member.id).await);
        mira.delete(&beyond).await.problem(403, "not_permitted");
        mira.delete(&within).await.expect(204);
        tara.delete(&beyond).await.expect(204);
    }
}
