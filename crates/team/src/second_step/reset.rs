//! `DELETE /api/v1/staff/{id}/second-step`: removes a member's second step, for example because the phone is lost.

use axum::extract::State;
use domain::{entry::Changed, id::AgentId, policy::OverPeople};
use http_kit::{
    App,
    auth::{StaffActor, proof},
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use store::TenantTx;

/// Removes a member's authenticator app, recovery codes and passkeys, and signs them out everywhere. They sign in with the first step; if the company requires a
/// second one of their role, they set it up anew.
///
/// Only people can do this, shortly after they have proved who they are; programs are refused.
#[utoipa::path(delete, path = "/staff/{id}/second-step", tag = "staff", security(("staff" = [])), params(("id" = AgentId, Path), OnceHeader),
    responses((status = 204, description = "The member has no second step"), Problems))]
pub async fn reset_second_step(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<AgentId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.may(OverPeople::Manage)?.anywhere();
    actor.session()?;
    let tenant = actor.tenant();
    store::staff::roster::get(&mut app.db().read_of(tenant).await?, tenant, id).await?;
    // Like a link with which to reset the password: otherwise managers could take over accounts step by step.
    if !actor.staff.administers() {
        return Err(Problem::not_permitted());
    }
    // One's own as well: otherwise a session left open would be rid of the second step without it.
    proof::require_recent(&app, &actor).await?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            forget(tx, id).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

/// Removes the second step of a member and signs them out everywhere.
pub async fn forget(tx: &mut TenantTx<'_>, id: AgentId) -> store::Result<()> {
    let tenant = tx.tenant();
    store::second_steps::remove(tx, tenant, id).await?;
    store::passkeys::remove_all(tx, tenant, id).await?;
    store::staff_sessions::end_all(tx, tenant, id).await?;
    tx.announce(Changed::People).await
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::MINUTE};
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::second_step::fixture::{PASSWORD, first_step, set_up};

    #[tokio::test]
    async fn an_administrator_resets_what_a_member_has_lost() {
        let app = TestApp::new().await;
        let (tara, mira, ada) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await, app.staff(Role::Agent, "ada").await);
        app.set_password(&ada.member, PASSWORD).await;
        set_up(&app, &ada).await;
        first_step(&app, "ada").await;
        let path = format!("/api/v1/staff/{}/second-step", ada.member.id);
        mira.delete(&path).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.delete(&path).await.problem(404, "not_found");
        assert_eq!(tara.delete(&path).await.status.as_u16(), 204);
        ada.get("/api/v1/me").await.problem(401, "not_signed_in");
        app.post("/api/v1/auth/sessions", json!({"email": "ada@alpha.example", "password": PASSWORD})).await.expect(201);
    }

    #[tokio::test]
    async fn a_session_left_open_takes_no_second_step_away_and_makes_no_way_in() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.staff(Role::Agent, "ada").await);
        app.set_password(&tara.member, PASSWORD).await;
        app.set_password(&ada.member, PASSWORD).await;
        set_up(&app, &tara).await;
        app.clock.advance(11 * MINUTE);
        for member in [&tara.member, &ada.member] {
            tara.delete(&format!("/api/v1/staff/{}/second-step", member.id)).await.problem(403, "proof_required");
            tara.post(&format!("/api/v1/staff/{}/link", member.id), json!(null)).await.problem(403, "proof_required");
        }
        tara.post("/api/v1/me/proof", json!({"password": PASSWORD})).await.problem_at(422, "invalid_value", "password");
        first_step(&app, "tara").await;
        // An invitation that nobody has followed yet is no way into an account.
        let new = json!({"email": "eve@alpha.example", "name": "eve", "role": "agent"});
        let invited = tara.post("/api/v1/staff", new).await.expect(201);
        tara.post(&format!("/api/v1/staff/{}/link", invited["member"]["id"].as_str().unwrap()), json!(null)).await.expect(201);
    }
}
