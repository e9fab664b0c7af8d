//! `PUT /api/v1/me/second-step`: sets up two-step verification with the first code of the app.

use axum::{Json, extract::State};
use db::Tx;
use domain::id::{AgentId, TenantId};
use http_kit::{
    App,
    auth::{StaffActor, proof},
    extract::ValidJson,
    fault::Fault,
    problem::{Problem, Problems},
};
use normal::typed::typed;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{RecoveryCodes, already_set_up, check, new_codes, totp};

/// The first code of an authenticator app.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MyFirstCode {
    /// The code that the app shows.
    pub code: String,
}

/// Has the code of the app asked for at each sign-in from now on; returns the recovery codes, which are shown once.
///
/// It takes no `Idempotency-Key`: if the request is repeated, two-step verification is set up already.
#[utoipa::path(put, path = "/me/second-step", tag = "me", security(("staff" = [])), request_body = MyFirstCode, responses((status = 200, body = RecoveryCodes), Problems))]
pub async fn confirm_my_second_step(
    State(app): State<App>,
    actor: StaffActor,
    ValidJson(MyFirstCode { code }): ValidJson<MyFirstCode>,
) -> Result<Json<RecoveryCodes>, Problem> {
    proof::require_recent(&app, &actor).await?;
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    check::count(&app, agent).await?;
    let first = read_first(&app, tenant, agent, &code).await?;
    let (codes, digests) = new_codes(&app, agent)?;
    let done = actor.accountable().on(db::Shard::Any).write(&app, move |tx| Box::pin(async move { first.confirm(tx, tenant, agent, &digests).await }));
    done.await?;
    check::forget(&app, agent).await;
    Ok(Json(codes))
}

/// The first code of an app that is being set up: the sealed secret, and the time step.
#[derive(Debug, Clone)]
pub(super) struct First {
    sealed: Vec<u8>,
    step: i64,
}

impl First {
    /// Sets up two-step verification. Of several at once exactly one succeeds.
    pub(super) async fn confirm(&self, tx: &mut Tx, tenant: TenantId, agent: AgentId, digests: &[Vec<u8>]) -> Result<(), Fault> {
        store::second_steps::confirm(tx, tenant, agent, &self.sealed, self.step).await.map_err(Fault::if_stale(already_set_up))?;
        Ok(store::second_steps::set_recovery_codes(tx, tenant, agent, digests).await?)
    }
}

/// Checks the first code of an app that is being set up.
pub(super) async fn read_first(app: &App, tenant: TenantId, agent: AgentId, code: &str) -> Result<First, Problem> {
    let found = store::second_steps::find(&mut app.db().read_of(tenant).await?, tenant, agent).await?.ok_or_else(check::wrong)?;
    if found.confirmed_at.is_some() {
        return Err(already_set_up());
    }
    let secret = super::open(app, tenant, agent, &found.secret)?;
    let step = check::digits(&typed(code)).and_then(|code| totp::step_of(&secret, code, app.env().now(), 0)).ok_or_else(check::wrong)?;
    Ok(First { sealed: found.secret, step })
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::second_step::fixture::{app_code, secret_of, set_up};

    #[tokio::test]
    async fn the_first_code_sets_it_up_once() {
        let app = TestApp::new().await;
        let ada = app.staff(Role::Agent, "ada").await;
        ada.put("/api/v1/me/second-step", json!({"code": "000000"})).await.problem_at(422, "second_step_wrong", "code");
        let begun = ada.post("/api/v1/me/second-step", json!(null)).await.expect(201);
        let secret = secret_of(begun["setup_key"].as_str().unwrap());
        let all = futures_util::future::join_all((0..5).map(|_| ada.put("/api/v1/me/second-step", json!({"code": app_code(&app, &secret)})))).await;
        let statuses: Vec<u16> = all.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        let (other, _) = set_up(&app, &app.staff(Role::Agent, "eve").await).await;
        assert_ne!(other, secret);
    }
}
