//! `PUT /api/v1/sign-in-rules`

use axum::{extract::State, http::StatusCode};
use domain::{entry::Changed, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};

use super::SignInRules;

/// Sets what the company requires of a sign-in; it counts from the next sign-in of each member on.
///
/// Only people can do this; programs are refused.
#[utoipa::path(put, path = "/sign-in-rules", tag = "company", security(("staff" = [])), params(OnceHeader), request_body = SignInRules,
    responses((status = 200, body = SignInRules), Problems))]
pub async fn set_sign_in_rules(State(app): State<App>, actor: StaffActor, OnceJson(once, rules): OnceJson<SignInRules>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    actor.session()?;
    let tenant = actor.tenant();
    let done = permitted.change(&app, once, move |tx| {
        let roles = rules.second_step_for.clone();
        Box::pin(async move {
            let before = SignInRules { second_step_for: store::second_steps::required_roles(tx, tenant).await? };
            store::second_steps::require_for(tx, tenant, &roles).await?;
            tx.announce(Changed::Settings).await?;
            let after = SignInRules { second_step_for: store::second_steps::required_roles(tx, tenant).await? };
            tx.note_change(&before, &after);
            Answer::json(StatusCode::OK, &after)
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
    async fn administrators_set_what_a_sign_in_needs_and_each_company_its_own() {
        let app = TestApp::new().await;
        let (tara, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        assert_eq!(tara.get("/api/v1/sign-in-rules").await.expect(200), json!({"second_step_for": []}));
        for roles in [json!(["manager", "administrator", "manager"]), json!(["agent"])] {
            let set = tara.put("/api/v1/sign-in-rules", json!({"second_step_for": roles})).await.expect(200);
            assert_eq!(tara.get("/api/v1/sign-in-rules").await.expect(200), set);
        }
        let changed = app.changed_by("PUT /api/v1/sign-in-rules").await;
        assert_eq!(changed, [("second_step_for".to_owned(), json!(["administrator", "manager"]), json!(["agent"]))]);
        assert_eq!(bob.get("/api/v1/sign-in-rules").await.expect(200), json!({"second_step_for": []}));
        tara.put("/api/v1/sign-in-rules", json!({"second_step_for": ["nobody"]})).await.problem_at(422, "invalid_value", "second_step_for[0]");
        mira.get("/api/v1/sign-in-rules").await.problem(403, "not_permitted");
        mira.put("/api/v1/sign-in-rules", json!({"second_step_for": []})).await.problem(403, "not_permitted");
    }
}
