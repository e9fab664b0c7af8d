//! `GET /api/v1/single-sign-on/test`

use axum::{Json, extract::State};
use domain::{policy::Permission, time::MINUTE};
use http_kit::{
    App,
    auth::{StaffActor, attempts::Limit, tally::Tally},
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::sign_in::single_sign_on::provider::{Fault, Provider};

/// Tests of one company.
const PER_COMPANY: Limit = Limit { tries: 20, within_ms: MINUTE };

/// What a test of the connection found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SingleSignOnTest {
    /// Why the identity provider cannot be used; `null` if it can.
    #[schema(required)]
    pub fault: Option<Fault>,
}

/// Tests the connection: reads the identity provider's discovery document and keys anew, and finds out whether it accepts our client id and secret.
#[utoipa::path(get, path = "/single-sign-on/test", tag = "single_sign_on", security(("staff" = [])), responses((status = 200, body = SingleSignOnTest), Problems))]
pub async fn test_single_sign_on(State(app): State<App>, actor: StaffActor) -> Result<Json<SingleSignOnTest>, Problem> {
    actor.require(Permission::SetUpSingleSignOn)?;
    let tenant = actor.tenant();
    let connection = store::single_sign_on::find(&mut app.db().read().await?, tenant).await?.ok_or_else(Problem::not_found)?;
    let tests = Tally::new("single sign-on tests", &app.in_memory().single_sign_on_tests, app.cluster().redis());
    tests.take(&tenant.to_string(), PER_COMPANY, app.env().now()).await.map_err(Problem::too_many)?;
    let tested = async { Provider::find_anew(&app, connection).await?.test(&app).await };
    Ok(Json(SingleSignOnTest { fault: tested.await.err() }))
}
