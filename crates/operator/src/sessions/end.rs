//! `DELETE /api/v1/operator/sessions/current`

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use http_kit::{
    App,
    auth::{OperatorActor, session},
    problem::{Problem, Problems},
};

/// Signs the operator out.
#[utoipa::path(delete, path = "/operator/sessions/current", tag = "operator", security(("operator" = [])),
    responses((status = 204, description = "The session has ended"), Problems))]
pub async fn end_operator_session(State(app): State<App>, actor: OperatorActor) -> Result<Response, Problem> {
    actor.leave(&app).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, session::clear_operator()?)]).into_response())
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    use crate::testing::operator;

    #[tokio::test]
    async fn whoever_signed_out_is_nobody_and_others_stay() {
        let app = TestApp::new().await;
        let (olga, otto) = (operator(&app).await, operator(&app).await);
        let current = "/api/v1/operator/sessions/current";
        let ended = olga.delete(current).await;
        ended.expect(204);
        assert!(ended.header("set-cookie").contains("Max-Age=0"));
        olga.get(current).await.problem(401, "not_signed_in");
        olga.delete(current).await.problem(401, "not_signed_in");
        otto.get(current).await.expect(200);
    }
}
