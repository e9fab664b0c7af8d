//! `PUT /api/v1/me/password`: changes the caller's own password.

use axum::{extract::State, http::StatusCode};
use domain::{refusal::Code, time::MINUTE};
use http_kit::{
    App,
    auth::{StaffActor, attempts::Limit, password::Passwords, tally::Tally},
    extract::ValidJson,
    fault::Fault,
    problem::{Problem, Problems},
    secret::Secret,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// Wrong old passwords of one member: a session left open must not allow guessing the password.
pub const OLD_PASSWORDS: Limit = Limit { tries: 5, within_ms: 15 * MINUTE };

/// The current password, and the new one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MyPasswordChange {
    /// The current password.
    #[schema(value_type = String)]
    pub old: Secret,
    /// The new password: at least 10 characters, at most 256 bytes.
    #[schema(value_type = String)]
    pub password: Secret,
}

/// Changes the caller's own password; all their other sessions and sign-in links end.
///
/// It takes no `Idempotency-Key`: if the request is repeated, the old password no longer matches.
#[utoipa::path(put, path = "/me/password", tag = "me", security(("staff" = [])), request_body = MyPasswordChange, responses((status = 204, description = "The new password counts; the other sessions have ended"), Problems))]
pub async fn change_my_password(
    State(app): State<App>,
    actor: StaffActor,
    ValidJson(MyPasswordChange { old, password }): ValidJson<MyPasswordChange>,
) -> Result<StatusCode, Problem> {
    let (tenant, agent, session) = (actor.staff.tenant, actor.staff.agent, actor.session()?);
    let (old, password) = (old.reveal(), password.reveal());
    Passwords::check(&password)?;
    let tries = Tally::new("old passwords of staff", &app.in_memory().old_passwords, app.cluster().redis());
    let wrong = || Problem::invalid("old", Code::PasswordWrong, "the current password is wrong");
    let key = agent.to_string();
    tries.take(&key, OLD_PASSWORDS, app.env().now()).await.map_err(Problem::too_many)?;
    let Some(stored) = actor.member.password_hash.clone() else { return Err(wrong()) };
    if !app.in_memory().passwords.staff.fits(old, stored.clone()).await? {
        return Err(wrong());
    }
    let hash = app.in_memory().passwords.staff.hash_checked(password).await?;
    tries.forget(&key).await;
    let changed = actor.accountable().on(db::Shard::Any).write(&app, move |tx| {
        Box::pin(async move {
            // Fails if another request with the same old password was faster.
            store::staff::hold_password(tx, tenant, agent, &stored).await.map_err(Fault::if_stale(wrong))?;
            store::staff::set_password(tx, tenant, agent, &hash).await?;
            store::staff_sessions::end_others(tx, tenant, agent, session).await?;
            Ok(store::sign_in_links::spend_all(tx, tenant, agent).await?)
        })
    });
    changed.await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::MINUTE};
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn the_old_one_changes_it_and_the_other_browsers_are_signed_out() {
        let app = TestApp::new().await;
        for role in [Role::Agent, Role::Manager, Role::Administrator] {
            let name = format!("ada-{role:?}").to_lowercase();
            let here = app.staff(role, &name).await;
            app.set_password(&here.member, "long enough").await;
            let there = here.with_cookie(&app.company.session(app.app().db(), here.member.id).await);
            let change = |old: &str, new: &str| here.put("/api/v1/me/password", json!({"old": old, "password": new}));
            change("wrong", "staple for the battery").await.problem_at(422, "password_wrong", "old");
            change("long enough", "short").await.problem_at(422, "password_too_short", "password");
            there.get("/api/v1/me").await.expect(200);
            assert_eq!(change("long enough", "staple for the battery").await.status.as_u16(), 204);
            there.get("/api/v1/me").await.problem(401, "not_signed_in");
            here.get("/api/v1/me").await.expect(200);
            let sign_in = |password: &str| app.post("/api/v1/auth/sessions", json!({"email": format!("{name}@alpha.example"), "password": password}));
            sign_in("long enough").await.problem(401, "sign_in_failed");
            sign_in("staple for the battery").await.expect(201);
        }
    }

    #[tokio::test]
    async fn a_session_left_open_is_not_good_for_trying_passwords() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        app.set_password(&ada.member, "long enough").await;
        let change = |old: &str| ada.put("/api/v1/me/password", json!({"old": old, "password": "staple for the battery"}));
        for _ in 0..5 {
            ada.put("/api/v1/me/password", json!({"old": "long enough", "password": "short"})).await.problem_at(422, "password_too_short", "password");
        }
        for _ in 0..5 {
            change("wrong").await.problem_at(422, "password_wrong", "old");
        }
        change("long enough").await.problem(429, "too_many_requests");
        app.clock.advance(15 * MINUTE);
        assert_eq!(change("long enough").await.status.as_u16(), 204);
    }
}
