//! `POST /api/v1/me/proof`: proves again who one is, before the way to sign in is changed. A session left open does not suffice for that.

use axum::{extract::State, http::StatusCode};
use domain::{
    id::{AgentId, TenantId},
    refusal::Code,
};
use http_kit::{
    App,
    auth::{StaffActor, tally::Tally},
    extract::ValidJson,
    problem::{Problem, Problems},
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::check::{self, Given};
use crate::{
    me::change_password::OLD_PASSWORDS,
    passkeys::{
        ceremony::{Used, Whose},
        view::PasskeyAssertion,
    },
    sign_in::proved::Way,
};

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

impl Shown {
    const fn way(&self) -> Way {
        match self {
            Self::Password => Way::Password,
            Self::Code(given) => given.way(),
            Self::Passkey(_) => Way::Passkey,
        }
    }
}

/// Proves again who the caller is; for 10 minutes, they can then change how they sign in, and what lets others or programs in.
///
/// Members who have an authenticator app or a passkey prove it with one of these: the password alone is refused (422 `invalid_value`). Wrong codes and passkeys are
/// counted together with those of sign-ins.
///
/// It takes no `Idempotency-Key`: codes and passkeys' answers are used once.
#[utoipa::path(post, path = "/me/proof", tag = "me", security(("staff" = [])), request_body = NewProof,
    responses((status = 204, description = "It counts for 10 minutes"), Problems))]
pub async fn prove_again(State(app): State<App>, actor: StaffActor, ValidJson(proof): ValidJson<NewProof>) -> Result<StatusCode, Problem> {
    let (tenant, agent, session) = (actor.tenant(), actor.staff.agent, actor.session()?);
    let shown = match proof {
        NewProof { password: Some(password), code: None, passkey: None } => {
            refuse_less(&app, tenant, agent).await?;
            check_password(&app, &actor, password).await?
        }
        NewProof { password: None, code: Some(code), passkey: None } => {
            check::count(&app, agent).await?;
            Shown::Code(check::read(&app, tenant, agent, &code).await?)
        }
        NewProof { password: None, code: None, passkey: Some(passkey) } => {
            check::count(&app, agent).await?;
            Shown::Passkey(Box::new(Used::check(&app, Whose::Of(tenant, agent), &passkey).await?))
        }
        _ => return Err(Problem::invalid("password", Code::InvalidValue, "give exactly one of password, code and passkey")),
    };
    let is_second_step = !matches!(shown, Shown::Password);
    let steps = json!({"steps": [shown.way().as_str()]});
    let done = actor.accountable().saying(steps).on(db::Shard::Any).write(&app, move |tx| {
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
    // A password says nothing of codes that were guessed.
    if is_second_step {
        check::forget(&app, agent).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Refuses a password where the member has a second step: a stolen one could otherwise take it away.
async fn refuse_less(app: &App, tenant: TenantId, agent: AgentId) -> Result<(), Problem> {
    let mut tx = app.db().read_of(tenant).await?;
    let has_app = store::second_steps::find(&mut tx, tenant, agent).await?.is_some_and(|found| found.confirmed_at.is_some());
    if has_app || !store::passkeys::list(&mut tx, tenant, agent).await?.is_empty() {
        return Err(Problem::invalid("password", Code::InvalidValue, "you have a second step: give a code or a passkey"));
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::MINUTE};
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::{
        passkeys::device::{Device, add_passkey, origin},
        second_step::fixture::{PASSWORD, app_code, set_up},
    };

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

    #[tokio::test]
    async fn whoever_has_an_app_or_a_passkey_proves_it_with_one_of_these() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.staff(Role::Agent, "ada").await, app.staff(Role::Agent, "eve").await);
        for member in [&ada, &eve] {
            app.set_password(&member.member, PASSWORD).await;
        }
        let (secret, _) = set_up(&app, &ada).await;
        let (device, _) = add_passkey(&app, &eve, "Phone").await;
        for member in [&ada, &eve] {
            member.post("/api/v1/me/proof", json!({"password": PASSWORD})).await.problem_at(422, "invalid_value", "password");
        }
        app.clock.advance(MINUTE);
        assert_eq!(ada.post("/api/v1/me/proof", json!({"code": app_code(&app, &secret)})).await.status.as_u16(), 204);
        let options = eve.post("/api/v1/me/passkeys/options-to-prove", json!(null)).await.expect(201);
        assert_eq!(eve.post("/api/v1/me/proof", json!({"passkey": device.answer(&options, &origin(&app))})).await.status.as_u16(), 204);
    }

    #[tokio::test]
    async fn wrong_passkeys_are_counted_like_wrong_codes() {
        let app = TestApp::new().await;
        let ada = app.staff(Role::Agent, "ada").await;
        let (device, _) = add_passkey(&app, &ada, "Phone").await;
        let prove = async |device: &Device| {
            let options = ada.post("/api/v1/me/passkeys/options-to-prove", json!(null)).await.expect(201);
            ada.post("/api/v1/me/proof", json!({"passkey": device.answer(&options, &origin(&app))})).await
        };
        for _ in 0..10 {
            prove(&Device::with_new_key()).await.problem_at(422, "passkey_refused", "id");
        }
        prove(&device).await.problem(429, "too_many_requests");
        app.clock.advance(15 * MINUTE);
        assert_eq!(prove(&device).await.status.as_u16(), 204);
    }
}
