//! Signing in and out for staff.

pub mod end_session;
pub mod inspect_link;
pub mod letters;
pub mod limits;
pub mod list_sessions;
pub mod new_network;
pub mod proved;
pub mod recover;
pub mod redeem_link;
pub mod sign_out;
pub mod single_sign_on;
pub mod with_password;

use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use db::Tx;
use domain::id::{AgentId, SessionId, TenantId};
use http_kit::{
    App,
    auth::{known::SignInPlace, session},
    problem::Problem,
    user_agent::user_agent,
};
use platform::{client_address::ClientAddress, env};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(inspect_link::inspect_sign_in_link))
        .routes(routes!(redeem_link::redeem_sign_in_link))
        .routes(routes!(with_password::sign_in, list_sessions::list_sessions))
        .routes(routes!(recover::recover_staff_account))
        .routes(routes!(sign_out::sign_out))
        .routes(routes!(end_session::end_session))
        .merge(single_sign_on::router())
}

/// A session that is about to begin.
#[derive(Debug, Clone)]
struct NewSession {
    id: SessionId,
    secret: String,
    user_agent: String,
    from: SignInPlace,
}

impl NewSession {
    fn prepare(app: &App, headers: &HeaderMap, address: ClientAddress) -> Result<Self, Problem> {
        let secret = app.env().secret().map_err(|error| Problem::internal(&error))?;
        Ok(Self { id: SessionId::new(app.env().uuid()), secret, user_agent: user_agent(headers), from: SignInPlace::new(app, address) })
    }
    async fn begin(&self, tx: &mut Tx, tenant: TenantId, agent: AgentId) -> store::Result<()> {
        self.from.note(tx, tenant, agent).await?;
        store::staff_sessions::forget_expired(tx, tenant).await?;
        store::staff_sessions::insert(tx, tenant, agent, self.id, &env::hash(&self.secret), &self.user_agent).await
    }
    fn answer(&self, body: impl Serialize) -> Result<Response, Problem> {
        let mut response = (StatusCode::CREATED, Json(body)).into_response();
        response.headers_mut().insert(header::SET_COOKIE, session::set(&self.secret)?);
        Ok(response)
    }
}
