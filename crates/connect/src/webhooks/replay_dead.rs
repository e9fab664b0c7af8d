//! `POST /api/v1/webhooks/{id}/replay`

use axum::{extract::State, http::StatusCode};
use domain::{id::WebhookId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

/// Dead letters replayed by one request, in one transaction.
const AT_ONCE: i64 = 500;

/// The result of replaying dead letters.
#[derive(Debug, Serialize, ToSchema)]
pub struct Replayed {
    /// How many dead letters are retried.
    pub replayed: i64,
    /// How many dead letters are left, at least; repeat the request for these.
    pub left: i64,
}

/// Retries an endpoint's dead letters from the beginning, oldest first, 500 at a time.
#[utoipa::path(post, path = "/webhooks/{id}/replay", tag = "webhooks", security(("staff" = [])), params(("id" = WebhookId, Path), OnceHeader),
    responses((status = 200, body = Replayed), Problems))]
pub async fn replay_dead_deliveries(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<WebhookId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Integrations)?;
    let tenant = actor.tenant();
    let (_, dead) = crate::table::webhook_deliveries::counts(&mut app.db().read_of(tenant).await?, tenant, id).await?;
    let replayed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            crate::table::webhooks::get(tx, tenant, id).await?;
            let replayed = crate::table::webhook_deliveries::replay_dead(tx, tenant, id, AT_ONCE).await?;
            let replayed = i64::try_from(replayed).unwrap_or(AT_ONCE);
            Answer::json(StatusCode::OK, &Replayed { replayed, left: (dead - replayed).max(0) })
        })
    });
    replayed.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::{TestApp, dead_letter};
    use testkit_server::{Receiver, receiver::Answers};

    #[tokio::test]
    async fn all_dead_letters_are_tried_again() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let receiver = Receiver::new(Answers::With(410, "", "")).await;
        let (path, _) = dead_letter(&app, &tara, &receiver).await;
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.post(&format!("{path}/replay"), json!({})).await.problem(404, "not_found");
        assert_eq!(tara.post(&format!("{path}/replay"), json!({})).await.expect(200), json!({"replayed": 1, "left": 0}));
        assert_eq!(tara.post(&format!("{path}/replay"), json!({})).await.expect(200), json!({"replayed": 0, "left": 0}));
    }
}
