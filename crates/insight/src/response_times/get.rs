//! `GET /api/v1/response-times`

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::Deserialize;
use utoipa::IntoParams;
use warehouse::Grain;
use wire::response_times::ResponseTimes;

use super::view::{table, view};
use crate::metrics::{csv, query::MetricQuery};

/// A stretch of time.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ResponseTimeQuery {
    /// The first day, such as `2026-11-14`, or the first moment in milliseconds, a whole minute.
    #[serde(default)]
    pub from: Option<String>,
    /// The last day, inclusive, or the first moment after the end in milliseconds, a whole minute.
    #[serde(default)]
    pub to: Option<String>,
    /// The number of days up to `to`, or up to yesterday if `to` is omitted; 7 by default.
    #[serde(default)]
    pub days: Option<i64>,
    /// The length of the points: at most 400 days by day, 62 by hour, 2 by minute.
    #[serde(default)]
    pub grain: Option<Grain>,
    /// The time zone, an IANA name; the company's by default.
    #[serde(default)]
    pub tz: Option<String>,
}

impl From<ResponseTimeQuery> for MetricQuery {
    fn from(ResponseTimeQuery { from, to, days, grain, tz }: ResponseTimeQuery) -> Self {
        Self { from, to, days, grain, tz, ..Self::default() }
    }
}

/// Returns the company's response times over a stretch of time, point by point, with their targets.
///
/// With `Accept: text/csv`, the answer is CSV with a row for each point of each kind.
#[utoipa::path(get, path = "/response-times", tag = "metrics", security(("staff" = [])), params(ResponseTimeQuery),
    responses((status = 200, content((ResponseTimes = "application/json"), (String = "text/csv"))), Problems))]
pub async fn get_response_times(
    State(app): State<App>,
    actor: StaffActor,
    headers: HeaderMap,
    ValidQuery(query): ValidQuery<ResponseTimeQuery>,
) -> Result<Response, Problem> {
    let permitted = actor.require(Permission::Panel)?;
    let asked = MetricQuery::from(query).complete(&app, actor.tenant()).await?;
    let pieces = asked.pieces()?;
    let timings = app.editions().timings(actor.tenant(), &pieces).await.map_err(store::Error::from)?;
    let times = view(&asked, &pieces, timings, app.env().now());
    if !csv::is_wanted(&headers) {
        return Ok(Json(times).into_response());
    }
    permitted.note(&app).await?;
    Ok(csv::file("response-times", table(&asked, &times)?))
}

#[cfg(test)]
mod tests {
    use domain::{
        response_time::ResponseTime,
        time::{Clock as _, HOUR, MINUTE},
    };
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::{StaffClient, TestApp};

    use crate::jobs::store_response_times;

    const TODAY: &str = "/api/v1/response-times?from=2026-11-20&to=2026-11-20";

    fn of<'a>(times: &'a Value, kind: &str) -> &'a Value {
        times["items"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap()
    }

    /// The times at this address once this many of a kind are stored.
    async fn stored(app: &TestApp, mira: &StaffClient, path: &str, kind: &str, count: i64) -> Value {
        eventually("the times are stored", async || {
            store_response_times::step(app.app()).await.unwrap();
            let times = mira.get(path).await.expect(200);
            (of(&times, kind)["total"]["count"] == count).then_some(times)
        })
        .await
    }

    /// Notes a time of the first company now.
    fn note(app: &TestApp, kind: ResponseTime, ms: i64) {
        app.app().response_times().note(Some(app.company.tenant), kind, ms, app.clock.now());
    }

    #[tokio::test]
    async fn each_kind_comes_with_its_target_and_its_percentiles_by_point() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        for _ in 0..10 {
            note(&app, ResponseTime::QuestionToAnswer, 400);
        }
        app.clock.advance(HOUR);
        note(&app, ResponseTime::QuestionToAnswer, 4_000);
        let times = stored(&app, &mira, &format!("{TODAY}&grain=hour"), "question_to_answer", 11).await;
        let kinds: Vec<_> = times["items"].as_array().unwrap().iter().map(|one| (one["kind"].clone(), one["target_ms"].clone())).collect();
        let expected: Vec<_> = ResponseTime::EACH.iter().map(|kind| (json!(kind.as_str()), json!(kind.target_ms()))).collect();
        assert_eq!(kinds, expected);
        let answers = of(&times, "question_to_answer");
        let points = answers["points"].as_array().unwrap();
        // Ten and eleven in the morning are the last two hours.
        assert_eq!((points.len(), times["grain"].clone(), times["time_zone"].clone()), (12, json!("hour"), json!("Asia/Shanghai")));
        assert_eq!([9, 10, 11].map(|n| points[n]["values"]["count"].clone()), [0, 10, 1].map(Value::from));
        assert_eq!((&points[9]["values"]["p95_ms"], &answers["total"]["count"]), (&Value::Null, &json!(11)));
        let p95 = |values: &Value| values["p95_ms"].as_f64().unwrap();
        assert!(p95(&points[10]["values"]) > 300.0 && p95(&points[10]["values"]) <= 500.0, "{points:?}");
        assert!(p95(&points[11]["values"]) > 3_000.0 && p95(&answers["total"]) > 3_000.0, "{answers}");
        let minute = app.clock.now().minute();
        let last = mira.get(&format!("/api/v1/response-times?grain=minute&from={}&to={}", minute.0, minute.plus(MINUTE).0)).await.expect(200);
        assert_eq!(of(&last, "question_to_answer")["points"].as_array().unwrap().len(), 1);
        assert_eq!(of(&last, "question_to_answer")["total"]["count"], 1);
    }

    #[tokio::test]
    async fn the_server_measures_itself() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        visitor.open("how much is it").await;
        app.bot_is_done().await;
        mira.get("/api/v1/me").await.expect(200);
        for kind in ["server_question_to_answer", "server_send_to_ack"] {
            stored(&app, &mira, TODAY, kind, 1).await;
        }
        eventually("the requests are stored", async || {
            store_response_times::step(app.app()).await.unwrap();
            let times = mira.get(TODAY).await.expect(200);
            (of(&times, "server_request")["total"]["count"].as_i64() > Some(1)).then_some(())
        })
        .await;
    }

    #[tokio::test]
    async fn the_same_times_come_as_csv() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        note(&app, ResponseTime::Page, 10);
        stored(&app, &mira, TODAY, "page", 1).await;
        let answer = mira.send(mira.request(reqwest::Method::GET, TODAY).header("accept", "text/csv")).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "text/csv; charset=utf-8"));
        let text = String::from_utf8(answer.body).unwrap();
        let rows: Vec<_> = text.lines().collect();
        assert_eq!(rows[0], r#""from","to","kind","target_ms","count","p50_ms","p90_ms","p95_ms","p99_ms""#);
        assert_eq!(rows.len(), 1 + ResponseTime::EACH.len());
        assert!(rows.contains(&r#""2026-11-20T00:00+08:00","2026-11-20T10:01+08:00","page","2000","1","5","9","10","10""#), "{text}");
        assert!(rows[1].ends_with(r#""send_to_ack","200","0","","","","""#), "{text}");
    }

    #[tokio::test]
    async fn only_those_who_may_see_the_panel_read_them_and_a_wrong_question_says_what_is_wrong() {
        let app = TestApp::new().await;
        app.agent("ada").await.get(TODAY).await.problem(403, "not_permitted");
        app.get(TODAY).await.problem(401, "not_signed_in");
        let mira = app.manager("mira").await;
        for (query, code, field) in [
            ("from=2026-11-19&to=2026-11-18", "invalid_value", "to"),
            ("from=2026-01-01&to=2026-11-19&grain=hour", "invalid_value", "from"),
            ("grain=week", "invalid_value", "grain"),
            ("split=queue", "unknown_field", "split"),
        ] {
            mira.get(&format!("/api/v1/response-times?{query}")).await.problem_at(422, code, field);
        }
    }
}
