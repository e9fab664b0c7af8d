//! `POST /api/v1/operator/sessions`

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::refusal::Code;
use http_kit::{
    App,
    audit::Asked,
    auth::{
        OperatorActor,
        operator::{enter, require_root},
        origin, session,
    },
    extract::ValidJson,
    problem::{Problem, Problems},
};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::OperatorSession;

/// The secret of a one-time link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOperatorSession {
    /// The part of the link after the `#`.
    pub token: String,
}

/// Signs the operator in with a one-time link, which is used up.
///
/// The answer sets the cookie of a session of its own, which is valid below `/operator` and nowhere else.
#[utoipa::path(post, path = "/operator/sessions", tag = "operator", request_body = NewOperatorSession, responses((status = 201, body = OperatorSession), Problems))]
pub async fn begin_operator_session(
    State(app): State<App>,
    headers: HeaderMap,
    asked: Asked,
    ValidJson(new): ValidJson<NewOperatorSession>,
) -> Result<Response, Problem> {
    require_root()?;
    origin::refuse_foreign_page(&headers, &app)?;
    let Some((secret, expires_at)) = enter(&app, &new.token).await? else {
        let why = "this link was used, has expired, or was never made: make another one at the terminal";
        return Err(Problem::new(StatusCode::GONE, Code::LinkSpent, why));
    };
    // The body is the secret of the link.
    OperatorActor::note(&app, asked.saying(Value::Null)).await?;
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, session::set_operator(&secret)?)], Json(OperatorSession { expires_at })).into_response())
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::HOUR};
    use futures_util::future::join_all;
    use serde_json::json;
    use testkit_app::TestApp;

    use crate::{link, testing::operator};

    const SESSIONS: &str = "/api/v1/operator/sessions";
    const CURRENT: &str = "/api/v1/operator/sessions/current";

    async fn token(app: &TestApp) -> String {
        link::make(app.app()).await.unwrap().url.split_once('#').unwrap().1.to_owned()
    }

    #[tokio::test]
    async fn a_link_counts_once_and_for_an_hour() {
        let app = TestApp::new().await;
        let link = token(&app).await;
        let uses = (0..10).map(|_| app.post(SESSIONS, json!({"token": link})));
        let statuses: Vec<u16> = join_all(uses).await.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        app.post(SESSIONS, json!({"token": link})).await.problem(410, "link_spent");
        app.post(SESSIONS, json!({"token": ""})).await.problem(410, "link_spent");
        let late = token(&app).await;
        app.clock.advance(HOUR);
        app.post(SESSIONS, json!({"token": late})).await.problem(410, "link_spent");
    }

    #[tokio::test]
    async fn the_operator_is_nobody_in_a_company_and_its_staff_is_nobody_here() {
        let app = TestApp::new().await;
        let (tara, beta) = (app.staff(Role::Administrator, "tara").await, app.other_company("beta").await);
        let olga = operator(&app).await;
        olga.get(CURRENT).await.expect(200);
        for path in ["/api/v1/me", "/api/v1/company", "/api/v1/audit"] {
            olga.get(path).await.problem(401, "not_signed_in");
        }
        for stranger in [&*tara, &*app] {
            stranger.get(CURRENT).await.problem(401, "not_signed_in");
            stranger.get("/api/v1/operator/companies").await.problem(401, "not_signed_in");
        }
        // At the address of another company there is no operator.
        olga.at_company("beta").get(CURRENT).await.problem(404, "not_found");
        app.anyone_at(&beta).post(SESSIONS, json!({"token": token(&app).await})).await.problem(404, "not_found");
        // Another site's page cannot sign anybody in, or act for somebody who is.
        let foreign = app.request(reqwest::Method::POST, SESSIONS).header("sec-fetch-site", "cross-site").json(&json!({"token": token(&app).await}));
        app.send(foreign).await.problem(403, "cross_site");
    }

    #[tokio::test]
    async fn a_session_lasts_half_a_day_and_is_in_the_audit() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let olga = operator(&app).await;
        let noted = tara.get("/api/v1/audit").await.expect(200)["items"][1].clone();
        assert_eq!((&noted["operation"], &noted["by"]["kind"]), (&json!("POST /api/v1/operator/sessions"), &json!("operator")), "{noted}");
        assert_eq!((&noted["request"], &noted["by"]["name"]), (&json!(null), &json!(null)), "the secret is not kept");
        app.clock.advance(12 * HOUR - 1);
        olga.get(CURRENT).await.expect(200);
        app.clock.advance(1);
        olga.get(CURRENT).await.problem(401, "not_signed_in");
    }
}
