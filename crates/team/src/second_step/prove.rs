//! `POST /api/v1/me/proof`: proves again who one is, before the way to sign in is changed. A session left open does not suffice for that.

use axum::{extract::State, http::StatusCode};
use domain::{
    refusal::Code,
    time::{MINUTE, Ts},
};
use http_kit::{
    App,
    auth::{StaffActor, tally::Tally},
    extract::ValidJson,
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::check::{self, Given};
use crate::{
    me::change_password::OLD_PASSWORDS,
    passkeys::{ceremony::Used, view::PasskeyAssertion},
};

/// How long a proof counts, in milliseconds.
const RECENT_MS: i64 = 10 * MINUTE;

/// A proof of who one is: exactly one of these.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProof {
    /// The password.
    #[serde(default)]
    pub password: Option<String>,
    /// A code of the authenticator app, or a recovery code.
    #[serde(default)]
    pub code: Option<String>,
    /// A passkey, for the options of `POST /me/passkeys/options-to-prove`.
    #[serde(default)]
    pub passkey: Option<PasskeyAssertion>,
}

/// What was proved, and has to be used up.
#[derive(Debug, Clone)]
enum Shown {
    Password,
    Code(Given),
    Passkey(Box<Used>),
}

/// Proves again who the caller is; for 10 minutes, they can then change how they sign in.
///
/// It takes no `Idempotency-Key`: codes and passkeys' answers are used once.
#[utoipa::path(post, path = "/me/proof", tag = "me", security(("staff" = [])), request_body = NewProof,
    responses((status = 204, description = "It counts for 10 minutes"), Problems))]
pub async fn prove_again(State(app): State<App>, actor: StaffActor, ValidJson(proof): ValidJson<NewProof>) -> Result<StatusCode, Problem> {
    let (tenant, agent, session) = (actor.tenant(), actor.staff.agent, actor.session);
    let shown = match proof {
        NewProof { password: Some(password), code: None, passkey: None } => check_password(&app, &actor, password).await?,
        NewProof { password: None, code: Some(code), passkey: None } => {
            check::count(&app, agent).await?;
            Shown::Code(check::read(&app, tenant, agent, &code).await?)
        }
        NewProof { password: None, code: None, passkey: Some(passkey) } => Shown::Passkey(Box::new(Used::check(&app, Some((tenant, agent)), &passkey).await?)),
        _ => return Err(Problem::invalid("password", Code::InvalidValue, "give exactly one of password, code and passkey")),
    };
    let done = actor.oneself().on(db::Shard::Any).write(&app, move |tx| {
        Box::pin(async move {
            match &shown {
                Shown::Password => {}
                Shown::Code(given) => given.use_up(tx, tenant, agent).await?,
                Shown::Passkey(used) => used.note(tx).await?,
            }
            Ok(store::staff_sessions::prove(tx, tenant, session).await?)
        })
    });
    done.await?;
    check::forget(&app, agent).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Checks the password, as often as an old one may be tried.
async fn check_password(app: &App, actor: &StaffActor, password: String) -> Result<Shown, Problem> {
    let tries = Tally::new("old passwords of staff", &app.in_memory().old_passwords, app.cluster().redis());
    let key = actor.staff.agent.to_string();
    tries.take(&key, OLD_PASSWORDS, app.env().now()).await.map_err(Problem::too_many)?;
    let is_right = match actor.member.password_hash.clone() {
        Some(stored) => app.in_memory().passwords.staff.fits(password, stored).await?,
        None => false,
    };
    if !is_right {
        return Err(Problem::invalid("password", Code::PasswordWrong, "the password is wrong"));
    }
    tries.forget(&key).await;
    Ok(Shown::Password)
}

/// Refuses a caller who has not proved recently who they are, by signing in or by `POST /me/proof`.
pub async fn require_recent(app: &App, actor: &StaffActor) -> Result<(), Problem> {
    let proved_at: Ts = store::staff_sessions::proved_at(&mut app.db().read().await?, actor.tenant(), actor.session).await?;
    if app.env().now().since(proved_at) <= RECENT_MS {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, Code::ProofRequired, "prove again who you are first: POST /api/v1/me/proof"))
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::MINUTE};
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::second_step::fixture::PASSWORD;

    #[tokio::test]
    async fn a_proof_is_exactly_one_thing_and_may_be_wrong_five_times() {
        let app = TestApp::new().await;
        let ada = app.staff(Role::Agent, "ada").await;
        app.set_password(&ada.member, PASSWORD).await;
        let prove = |proof: serde_json::Value| ada.post("/api/v1/me/proof", proof);
        prove(json!({})).await.problem_at(422, "invalid_value", "password");
        prove(json!({"code": "000000"})).await.problem_at(422, "second_step_wrong", "code");
        for _ in 0..5 {
            prove(json!({"password": "wrong"})).await.problem_at(422, "password_wrong", "password");
        }
        prove(json!({"password": PASSWORD})).await.problem(429, "too_many_requests");
        app.clock.advance(15 * MINUTE);
        assert_eq!(prove(json!({"password": PASSWORD})).await.status.as_u16(), 204);
    }
}
