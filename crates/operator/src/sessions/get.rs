//! `GET /api/v1/operator/sessions/current`

use axum::Json;
use http_kit::{
    auth::OperatorActor,
    problem::{Problem, Problems},
};

use super::OperatorSession;

/// Says whether the operator is signed in, and until when.
#[utoipa::path(get, path = "/operator/sessions/current", tag = "operator", security(("operator" = [])), responses((status = 200, body = OperatorSession), Problems))]
pub async fn get_operator_session(actor: OperatorActor) -> Result<Json<OperatorSession>, Problem> {
    Ok(Json(OperatorSession { expires_at: actor.until }))
}

#[cfg(test)]
mod tests {
    use domain::time::{Clock as _, HOUR};
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::testing::operator;

    #[tokio::test]
    async fn it_says_until_when() {
        let app = TestApp::new().await;
        let olga = operator(&app).await;
        let until = olga.get("/api/v1/operator/sessions/current").await.expect(200);
        assert_eq!(until, json!({"expires_at": app.clock.now().plus(12 * HOUR).0}));
    }
}
