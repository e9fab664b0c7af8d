//! `POST /api/v1/auth/second-step`: takes the second step of a sign-in with a code.

use axum::{extract::State, http::HeaderMap, response::Response};
use domain::id::{AgentId, TenantId};
use http_kit::{
    App,
    audit::Asked,
    auth::origin,
    extract::ValidJson,
    fault::Fault,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{check, over, waiting};
use crate::{
    me::view::Me,
    sign_in::proved::{Proof, Proved},
};

/// A code as the second step of a sign-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondStepCode {
    /// The token of the sign-in.
    pub token: String,
    /// A code of the authenticator app, or a recovery code.
    pub code: String,
}

/// Takes the second step of a sign-in with a code of the authenticator app or a recovery code; each code is used once.
///
/// After ten wrong codes of a member within 15 minutes there is a wait; after ten of one sign-in, it begins again.
#[utoipa::path(post, path = "/auth/second-step", tag = "sign_in", request_body = SecondStepCode, responses((status = 201, body = Me), Problems))]
pub async fn give_second_step(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    asked: Asked,
    ValidJson(SecondStepCode { token, code }): ValidJson<SecondStepCode>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let (tenant, agent) = waiting(&app, &token, &asked).await?;
    count_try(&app, tenant, agent, &token).await?;
    let given = check::read(&app, tenant, agent, &code).await?;
    let proof = Proof::SecondStep { token_hash: env::hash(&token), way: given.way() };
    let proved = Proved::prepare(&app, &headers, address, (tenant, agent), (proof, asked)).await?;
    let then = proved.clone();
    let taken = Permitted::as_system(tenant).write(&app, move |tx| {
        Box::pin(async move {
            given.use_up(tx, tenant, agent).await?;
            then.settle(tx).await
        })
    });
    let next = taken.await?;
    check::forget(&app, agent).await;
    proved.answer(&app, next).await
}

/// Counts a try of the second step of a sign-in, for the member and for the sign-in.
pub(crate) async fn count_try(app: &App, tenant: TenantId, agent: AgentId, token: &str) -> Result<(), Problem> {
    check::count(app, agent).await?;
    let token_hash = env::hash(token);
    let counted = Permitted::as_system(tenant)
        .write(app, move |tx| Box::pin(async move { store::sign_in_steps::count_try(tx, tenant, &token_hash).await.map_err(Fault::if_stale(over)) }));
    counted.await
}

#[cfg(test)]
mod tests {
    use domain::{
        staff::Role,
        time::{MINUTE, SECOND},
    };
    use futures_util::future::join_all;
    use platform::env;
    use serde_json::json;
    use testkit_app::{StaffClient, TestApp};

    use crate::second_step::fixture::{PASSWORD, app_code, first_step, give, set_up};

    async fn ada(app: &TestApp) -> (StaffClient, Vec<u8>, Vec<String>) {
        let ada = app.staff(Role::Agent, "ada").await;
        app.set_password(&ada.member, PASSWORD).await;
        let (secret, codes) = set_up(app, &ada).await;
        app.clock.advance(30 * SECOND);
        (ada, secret, codes)
    }

    #[tokio::test]
    async fn after_the_password_a_code_of_the_app_is_asked_for_and_no_code_counts_twice() {
        let app = TestApp::new().await;
        let (_, secret, _) = ada(&app).await;
        let asked = first_step(&app, "ada").await;
        assert_eq!(asked["methods"], json!(["app", "recovery_code"]));
        for wrong in ["", "000000", "12345", "no code", "1234567"] {
            give(&app, &asked, wrong).await.problem_at(422, "second_step_wrong", "code");
        }
        let code = app_code(&app, &secret);
        let spaced = format!(" {} {}", &code[..3], &code[3..]);
        let begun = give(&app, &asked, &spaced).await;
        assert_eq!(begun.expect(201)["name"], "ada");
        assert!(begun.header("set-cookie").starts_with("__Host-yingda="));
        give(&app, &asked, &code).await.problem(410, "second_step_over");
        let again = first_step(&app, "ada").await;
        give(&app, &again, &code).await.problem_at(422, "second_step_wrong", "code");
        app.clock.advance(30 * SECOND);
        give(&app, &again, &app_code(&app, &secret)).await.expect(201);
    }

    #[tokio::test]
    async fn a_sign_in_is_one_line_of_the_audit_with_its_steps_and_wrong_codes_are_counted() {
        let app = TestApp::new().await;
        let (member, secret, codes) = ada(&app).await;
        let asked = first_step(&app, "ada").await;
        assert!(app.acts_of("/auth/sessions").await.is_empty(), "nobody is signed in before the second step");
        for _ in 0..3 {
            give(&app, &asked, "000000").await.problem_at(422, "second_step_wrong", "code");
        }
        give(&app, &asked, &app_code(&app, &secret)).await.expect(201);
        give(&app, &first_step(&app, "ada").await, &codes[0]).await.expect(201);
        let lines = app.acts_of("/auth/second-step").await;
        let steps: Vec<_> = lines.iter().map(|line| line.details.request["steps"].clone()).collect();
        assert_eq!(steps, [json!(["password", "app"]), json!(["password", "recovery_code"])]);
        assert!(lines.iter().all(|line| line.by.name.as_deref() == Some("ada") && line.details.from.is_some()));
        // With a link, nothing has happened before the second step.
        let token = app.link(Role::Agent).await;
        let asked = app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": "staple for the battery"})).await.expect(202);
        assert!(app.acts_of("/auth/links/redeem").await.is_empty(), "{asked}");
        assert_eq!(app.refusals(3).await, vec![("POST /api/v1/auth/second-step".to_owned(), "second_step_wrong".to_owned()); 3]);
        let tried = app.audit().await.into_iter().find(|line| line.entry.refused.is_some()).unwrap();
        assert_eq!(tried.entry.made, Some(member.member.id.to_string()), "whose sign-in it was");
        let text = format!("{:?}", app.audit().await);
        assert!([codes[0].as_str(), "staple"].iter().all(|secret| !text.contains(secret)), "{text}");
    }

    #[tokio::test]
    async fn of_fifty_uses_of_a_code_at_once_exactly_one_succeeds() {
        let app = TestApp::new().await;
        let (ada, secret, codes) = ada(&app).await;
        let (tenant, agent) = (ada.member.tenant, ada.member.id);
        for is_of_the_app in [true, false] {
            let code = if is_of_the_app { app_code(&app, &secret) } else { codes[0].clone() };
            // Fifty sign-ins that wait, as if the password had been given fifty times.
            let write = app.app().db().writer().write(db::Shard::Any, move |tx| {
                Box::pin(async move {
                    for n in 0..50 {
                        store::sign_in_steps::insert(tx, tenant, agent, &env::hash(&format!("token {n} {is_of_the_app}")), "password", None).await?;
                    }
                    Ok::<_, store::Error>(())
                })
            });
            write.await.unwrap();
            let asked: Vec<_> = (0..50).map(|n| json!({"token": format!("token {n} {is_of_the_app}")})).collect();
            let statuses: Vec<u16> = join_all(asked.iter().map(|asked| give(&app, asked, &code))).await.iter().map(|answer| answer.status.as_u16()).collect();
            assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
            assert!(statuses.iter().all(|status| matches!(status, 201 | 422 | 429)), "{statuses:?}");
            app.clock.advance(15 * MINUTE);
        }
    }

    #[tokio::test]
    async fn after_ten_wrong_codes_there_is_a_wait_however_often_the_sign_in_begins_again() {
        let app = TestApp::new().await;
        let (_, secret, _) = ada(&app).await;
        for _ in 0..2 {
            let asked = first_step(&app, "ada").await;
            for _ in 0..5 {
                give(&app, &asked, "000000").await.problem_at(422, "second_step_wrong", "code");
            }
        }
        let asked = first_step(&app, "ada").await;
        let refused = give(&app, &asked, &app_code(&app, &secret)).await;
        refused.problem(429, "too_many_requests");
        assert_eq!(refused.header("retry-after"), "900");
        app.clock.advance(15 * MINUTE);
        give(&app, &asked, &app_code(&app, &secret)).await.problem(410, "second_step_over");
        give(&app, &first_step(&app, "ada").await, &app_code(&app, &secret)).await.expect(201);
    }

    #[tokio::test]
    async fn a_recovery_code_is_used_once_and_a_new_password_ends_what_waits() {
        let app = TestApp::new().await;
        let (ada, secret, codes) = ada(&app).await;
        assert_eq!(codes.len(), 10);
        let typed = codes[0].to_uppercase().replace('-', " ");
        give(&app, &first_step(&app, "ada").await, &typed).await.expect(201);
        let asked = first_step(&app, "ada").await;
        give(&app, &asked, &codes[0]).await.problem_at(422, "second_step_wrong", "code");
        assert_eq!(ada.get("/api/v1/me/second-step").await.expect(200)["recovery_codes_left"], json!(9));
        let changed = ada.put("/api/v1/me/password", json!({"old": PASSWORD, "password": "staple for the battery"})).await;
        assert_eq!(changed.status.as_u16(), 204);
        give(&app, &asked, &app_code(&app, &secret)).await.problem(410, "second_step_over");
    }

    #[tokio::test]
    async fn a_link_is_no_way_around_the_second_step_and_changes_nothing_before_it() {
        let app = TestApp::new().await;
        let (ada, secret, _) = ada(&app).await;
        let token = app.link(Role::Agent).await;
        let redeem = async || app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": "staple for the battery"})).await;
        let answer = redeem().await;
        answer.expect(202);
        assert_eq!(answer.header("set-cookie"), "");
        // Whoever has stolen the link has changed nothing, and its owner can still use it.
        ada.get("/api/v1/me").await.expect(200);
        first_step(&app, "ada").await;
        let asked = redeem().await.expect(202);
        give(&app, &asked, &app_code(&app, &secret)).await.expect(201);
        ada.get("/api/v1/me").await.problem(401, "not_signed_in");
        app.post("/api/v1/auth/sessions", json!({"email": "ada@alpha.example", "password": PASSWORD})).await.problem(401, "sign_in_failed");
        redeem().await.problem(410, "link_spent");
    }
}
