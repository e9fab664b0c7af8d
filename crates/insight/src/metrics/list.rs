//! `GET /api/v1/metrics`

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::{policy::Permission, refusal::Code, time::Ts};
use http_kit::{
    App,
    auth::actor::StaffActor,
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::Serialize;
use tables::write::BYTE_ORDER_MARK;
use utoipa::ToSchema;
use warehouse::{DEFINITIONS, TimeZone};
use wire::metrics::MetricView;

use super::{
    csv,
    query::MetricQuery,
    view::{Measured, measure, table, unit},
};

/// Indicators over one stretch of time.
#[derive(Debug, Serialize, ToSchema)]
pub struct Metrics {
    /// In the requested order.
    pub items: Vec<MetricView>,
}

/// Returns several indicators over a stretch of time, all from the same state of the numbers.
///
/// With `Accept: text/csv`, the answer is CSV with a column for each indicator, or for each of its parts.
#[utoipa::path(get, path = "/metrics", tag = "metrics", security(("staff" = [])), params(MetricQuery),
    responses((status = 200, content((Metrics = "application/json"), (String = "text/csv"))), Problems))]
pub async fn list_metrics(
    State(app): State<App>,
    actor: StaffActor,
    headers: HeaderMap,
    ValidQuery(query): ValidQuery<MetricQuery>,
) -> Result<Response, Problem> {
    let permitted = actor.require(Permission::Panel)?;
    let keys: Vec<&str> = query.keys.as_deref().map_or_else(|| DEFINITIONS.keys().collect(), |keys| keys.split(',').collect());
    if let Some(missing) = keys.iter().find(|key| unit(key).is_none()) {
        let names = DEFINITIONS.keys().collect::<Vec<_>>().join(", ");
        return Err(Problem::invalid("keys", Code::InvalidValue, format!("there is no indicator {missing:?}; there are {names}")));
    }
    if let Some(twice) = keys.iter().enumerate().find(|(n, key)| keys[..*n].contains(key)) {
        return Err(Problem::invalid("keys", Code::InvalidValue, format!("{} is listed twice", twice.1)));
    }
    let measured = measure(&app, actor.tenant(), &keys, &query).await?;
    if !csv::is_wanted(&headers) {
        return Ok(Json(Metrics { items: measured.views }).into_response());
    }
    permitted.note(&app).await?;
    as_file("metrics", &measured, &query)
}

/// Writes numbers as a file.
pub fn as_file(name: &str, measured: &Measured, query: &MetricQuery) -> Result<Response, Problem> {
    let first = measured.views.first();
    let zone = first.and_then(|view| TimeZone::get(&view.time_zone).ok()).unwrap_or(TimeZone::UTC);
    let now = first.map_or(Ts(0), |view| view.as_of);
    let mark = if query.lang.is_some() { BYTE_ORDER_MARK } else { "" };
    Ok(csv::file(name, format!("{mark}{}", table(measured, &zone, now, query.lang)?)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit::eventually;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn all_indicators_come_in_one_answer_and_as_one_table() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        visitor.open("hello").await;
        let metrics = eventually("the numbers have arrived", async || {
            let metrics = mira.get("/api/v1/metrics?days=2&to=2026-11-20&compare=previous").await.expect(200);
            (metrics["items"][0]["series"][0]["total"] == 1).then_some(metrics)
        })
        .await;
        let indicators = mira.get("/api/v1/indicators").await.expect(200);
        let keys = |list: &serde_json::Value| list.as_array().unwrap().iter().map(|one| one["key"].clone()).collect::<Vec<_>>();
        let counted: Vec<_> = warehouse::DEFINITIONS.keys().map(serde_json::Value::from).collect();
        assert_eq!(keys(&metrics["items"]), counted);
        assert!(keys(&indicators).starts_with(&counted));
        let csv = |path: &'static str| mira.send(mira.request(reqwest::Method::GET, path).header("accept", "text/csv"));
        let text = String::from_utf8(csv("/api/v1/metrics?days=2&to=2026-11-20&keys=dialogue,good_ratio&compare=previous&lang=zh-CN").await.body).unwrap();
        let rows: Vec<_> = text.lines().collect();
        assert_eq!(rows[0], "\u{feff}\"起\",\"止\",\"已定\",\"截至\",\"口径版本\",\"机器人对话\",\"机器人对话（对比）\",\"好评率\",\"好评率（对比）\"");
        assert!(rows[2].ends_with(&format!(r#","{}","1","0","","""#, warehouse::DEFINITIONS.version)) && rows.len() == 3, "{text}");
    }

    #[tokio::test]
    async fn a_table_follows_the_split_and_the_zone_also_where_nothing_happened() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        eventually("the numbers have arrived", async || {
            let metric = mira.get("/api/v1/metrics/transfer_request?days=1&to=2026-11-20").await.expect(200);
            (metric["series"][0]["total"] == 1).then_some(())
        })
        .await;
        let csv = async |query: &str| {
            let path = format!("/api/v1/metrics?keys=session_rated,transfer_request&days=1&to=2026-11-20&tz=Asia/Kathmandu&{query}");
            String::from_utf8(mira.send(mira.request(reqwest::Method::GET, &path).header("accept", "text/csv")).await.body).unwrap()
        };
        let plain = csv("split=queue").await;
        let rows: Vec<_> = plain.lines().collect();
        assert_eq!(rows[0], format!(r#""from","to","final","as_of","definition","transfer_request/{}""#, app.company.queue));
        assert!(
            rows[1].starts_with(r#""2026-11-20T00:00+05:45","2026-11-20T07:46+05:45","false","#)
                && rows[1].ends_with(&format!(r#","{}","1""#, warehouse::DEFINITIONS.version)),
            "{plain}"
        );
        for (query, head) in
            [("split=lang&lang=zh-CN", "转人工请求/英文"), ("split=lang&lang=en", "Requests for a person/English"), ("split=channel&lang=en", "/Web")]
        {
            let text = csv(query).await;
            assert!(text.lines().next().unwrap().ends_with(&format!("{head}\"")), "{text}");
        }
        // Nobody rated: there is no part, but the days are listed.
        let empty = mira.send(mira.request(reqwest::Method::GET, "/api/v1/metrics?keys=session_rated&days=2&split=lang").header("accept", "text/csv")).await;
        assert_eq!(String::from_utf8(empty.body).unwrap().lines().count(), 3);
    }

    #[tokio::test]
    async fn a_split_into_more_values_than_may_be_requested_says_so() {
        let app = TestApp::new().await;
        let (visitor, other) = (app.visitor().await, app.visitor().await);
        let asking = visitor.open("how much is it").await;
        visitor.say(&asking, false, json!({"type": "request_human", "via": "button"})).await;
        other.open("and the battery").await;
        app.clock.advance(domain::time::DAY);
        let (mira, minutes) = (app.manager("mira").await, "from=2026-11-19&to=2026-11-20&grain=minute&split=queue");
        eventually("both turns have a part", async || {
            let metrics = mira.get(&format!("/api/v1/metrics?keys=dialogue&{minutes}")).await.expect(200);
            (metrics["items"][0]["series"].as_array().unwrap().len() == 2).then_some(())
        })
        .await;
        // Two parts, 2,880 minutes, and every indicator.
        let problem = mira.get(&format!("/api/v1/metrics?{minutes}")).await.problem_at(422, "invalid_value", "split");
        assert!(problem["title"].as_str().unwrap().contains("more than 300000 values"), "{problem}");
        mira.get("/api/v1/metrics?from=2026-11-19&to=2026-11-20&split=queue").await.expect(200);
    }

    #[tokio::test]
    async fn names_that_are_none_or_come_twice_are_refused() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        for keys in ["dialogue,chats", "", "dialogue,dialogue"] {
            mira.get(&format!("/api/v1/metrics?keys={keys}")).await.problem_at(422, "invalid_value", "keys");
        }
        let two = mira.get("/api/v1/metrics?keys=poor_ratio,dialogue").await.expect(200);
        assert_eq!((&two["items"][0]["key"], &two["items"][1]["key"]), (&json!("poor_ratio"), &json!("dialogue")));
        app.agent("ada").await.get("/api/v1/metrics").await.problem(403, "not_permitted");
    }
}
