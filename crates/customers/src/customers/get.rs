//! `GET /api/v1/customers/{id}`

use axum::{Json, extract::State};
use domain::id::CustomerId;
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};

use super::{
    permit,
    view::{CustomerProfile, profile},
};

/// Returns a customer.
#[utoipa::path(get, path = "/customers/{id}", tag = "customers", security(("staff" = [])), params(("id" = CustomerId, Path)),
    responses((status = 200, body = CustomerProfile), Problems))]
pub async fn get_customer_profile(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<CustomerId>) -> Result<Json<CustomerProfile>, Problem> {
    permit(&actor)?;
    let mut tx = app.db().snapshot_of(actor.tenant()).await?;
    Ok(Json(profile(&mut tx, &app.vault(), &actor.staff, id).await?))
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_customer_of_nobody_is_not_found() {
        let app = TestApp::new().await;
        let unknown = format!("/api/v1/customers/cst_{}", "0".repeat(32));
        app.manager("mira").await.get(&unknown).await.problem(404, "not_found");
        app.get(&unknown).await.problem(401, "not_signed_in");
    }
}
