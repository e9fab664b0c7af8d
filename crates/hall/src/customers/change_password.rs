//! `PUT /api/v1/customer/password`

use axum::{extract::State, http::StatusCode};
use domain::refusal::Code;
use http_kit::{
    App,
    audit::Asked,
    auth::{CustomerActor, password::Passwords},
    extract::ValidJson,
    fault::Fault,
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{act::Act, identifiers_of, limits};

/// The current password, and the new one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The current password.
    pub old: String,
    /// The new password: at least 10 characters, at most 256 bytes, and not one of those that are guessed first.
    pub password: String,
}

/// Changes the customer's password; every other session ends.
#[utoipa::path(put, path = "/customer/password", tag = "customers", security(("customer" = [])), request_body = PasswordChange, responses((status = 204, description = "The new password counts; the other sessions have ended"), Problems))]
pub async fn change_customer_password(
    State(app): State<App>,
    actor: CustomerActor,
    asked: Asked,
    ValidJson(PasswordChange { old, password }): ValidJson<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let CustomerActor { tenant, customer, session } = actor;
    let (stored, identifiers) = {
        let mut tx = app.db().read_of(actor.tenant).await?;
        (store_hall::customers::get(&mut tx, tenant, customer).await?.password_hash, identifiers_of(&app, &mut tx, tenant, customer).await?)
    };
    for identifier in &identifiers {
        Passwords::check_for(&password, Some(identifier))?;
    }
    Passwords::check_for(&password, None)?;
    limits::may_try_old_password(&app, customer).await?;
    let wrong = || Problem::invalid("old", Code::PasswordWrong, "the current password is wrong");
    if !app.in_memory().passwords.customers.fits(old, stored.clone()).await? {
        return Err(wrong());
    }
    limits::old_password_fits(&app, customer).await;
    let hash = app.in_memory().passwords.customers.hash_checked(password).await?;
    let act = Act::new(&app, asked);
    let changed = actor.oneself().write(&app, move |tx| {
        Box::pin(async move {
            // Fails if another request with the same old password was faster.
            store_hall::customers::hold_password(tx, tenant, customer, &stored).await.map_err(Fault::if_stale(wrong))?;
            store_hall::customers::set_password(tx, tenant, customer, &hash).await?;
            store_hall::customer_codes::spend_all(tx, tenant, customer).await?;
            store_hall::customer_sessions::end_others(tx, tenant, customer, Some(session)).await?;
            Ok(act.note(tx, tenant, customer).await?)
        })
    });
    changed.await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use domain::time::MINUTE;
    use serde_json::json;
    use testkit_app::{CUSTOMER_PASSWORD, TestApp};

    #[tokio::test]
    async fn the_old_one_changes_it_and_the_other_browsers_are_signed_out() {
        let app = TestApp::new().await;
        let here = app.customer("ada.love@example.com").await;
        let there = app.sign_in_again(&here).await;
        let change = |old: &str, new: &str| here.put("/api/v1/customer/password", json!({"old": old, "password": new}));
        change("wrong", "staple for the battery").await.problem_at(422, "password_wrong", "old");
        change(CUSTOMER_PASSWORD, "short").await.problem_at(422, "password_too_short", "password");
        change(CUSTOMER_PASSWORD, "1234567890").await.problem_at(422, "password_too_common", "password");
        change(CUSTOMER_PASSWORD, "hello ada.love").await.problem_at(422, "password_holds_identifier", "password");
        there.get("/api/v1/customer").await.expect(200);
        assert_eq!(change(CUSTOMER_PASSWORD, "staple for the battery").await.status.as_u16(), 204);
        there.get("/api/v1/customer").await.problem(401, "not_signed_in");
        here.get("/api/v1/customer").await.expect(200);
        let sign_in =
            |password: &str| app.post("/api/v1/customer/sessions", json!({"site": "alpha", "identifier": "ada.love@example.com", "password": password}));
        sign_in(CUSTOMER_PASSWORD).await.problem(401, "sign_in_failed");
        sign_in("staple for the battery").await.expect(201);
    }

    #[tokio::test]
    async fn of_two_changes_with_one_old_password_one_succeeds() {
        let app = TestApp::new().await;
        let here = app.customer("ada@example.com").await;
        let there = app.sign_in_again(&here).await;
        let change = |who: &testkit_app::CustomerClient, new: &str| {
            let (who, body) = (who.clone(), json!({"old": CUSTOMER_PASSWORD, "password": new}));
            async move { who.put("/api/v1/customer/password", body).await.status.as_u16() }
        };
        let (one, other) = futures_util::future::join(change(&here, "staple for the battery"), change(&there, "battery for the staple")).await;
        let done = [one, other].into_iter().filter(|status| *status == 204).count();
        assert_eq!(done, 1, "{one} {other}");
        assert!([one, other].contains(&422) || [one, other].contains(&401), "{one} {other}");
    }

    #[tokio::test]
    async fn a_stolen_session_cannot_try_passwords_without_end() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        let change = |old: &str| ada.put("/api/v1/customer/password", json!({"old": old, "password": "staple for the battery"}));
        for _ in 0..5 {
            change("wrong").await.problem_at(422, "password_wrong", "old");
        }
        change(CUSTOMER_PASSWORD).await.problem(429, "too_many_requests");
        app.clock.advance(15 * MINUTE);
        assert_eq!(change(CUSTOMER_PASSWORD).await.status.as_u16(), 204);
    }
}
