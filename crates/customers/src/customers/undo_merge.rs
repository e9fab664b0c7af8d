//! `DELETE /api/v1/customers/{id}/merge`

use axum::extract::State;
use domain::{id::CustomerId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::{permit, seen};
use crate::table::merges;

/// Undoes that a customer is merged into another one. Both are as they were before, with what happened to each since.
#[utoipa::path(delete, path = "/customers/{id}/merge", tag = "customers", security(("staff" = [])), params(("id" = CustomerId, Path), OnceHeader),
    responses((status = 204, description = "Each stands alone again"), Problems), extensions(("x-announces" = json!(null))))]
pub async fn undo_customer_merge(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<CustomerId>, once: Once) -> Result<Answer, Problem> {
    permit(&actor)?;
    let permitted = actor.require(Permission::EditCustomers)?;
    let (tenant, staff) = (actor.tenant(), actor.staff.clone());
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            seen(tx, &staff, id).await?;
            merges::delete(tx, tenant, id).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_is_not_merged_is_not_undone() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let made = mira.post("/api/v1/customers", json!({"name": "A"})).await.expect(201);
        mira.delete(&format!("/api/v1/customers/{}/merge", made["id"].as_str().unwrap())).await.problem(404, "not_found");
    }
}
