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
#[utoipa::path(put, path = "/sign-in-rules", tag = "company", security(("staff" = [])), params(OnceHeader), request_body = SignInRules,
    responses((status = 200, body = SignInRules), Problems))]
pub async fn set_sign_in_rules(State(app): State<App>, actor: StaffActor, OnceJson(once, rules): OnceJson<SignInRules>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    let tenant = actor.tenant();
    let done = permitted.change(&app, once, move |tx| {
        let roles = rules.second_step_for.clone();
        Box::pin(async move {
            store::second_steps::require_for(tx, tenant, &roles).await?;
            tx.announce(Changed::Settings).await?;
            Answer::json(StatusCode::OK, &SignInRules { second_step_for: store::second_steps::required_roles(tx, tenant).await? })
        })
    });
    done.await
}
