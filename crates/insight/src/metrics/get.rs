//! `GET /api/v1/metrics/{key}`

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::{policy::Permission, refusal::Code};
use http_kit::{
    App,
    auth::actor::StaffActor,
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
};
use wire::metrics::MetricView;

use super::{
    csv, indicator_unknown,
    query::MetricQuery,
    view::{measure, unit},
};

/// Returns an indicator over a stretch of time, point by point.
///
/// The answer is CSV with `Accept: text/csv`, or if the path ends in `.csv`.
#[utoipa::path(get, path = "/metrics/{key}", tag = "metrics", security(("staff" = [])), params(("key" = String, Path), MetricQuery),
    responses((status = 200, content((MetricView = "application/json"), (String = "text/csv"))), Problems))]
pub async fn get_metric(
    State(app): State<App>,
    actor: StaffActor,
    headers: HeaderMap,
    ValidPath(name): ValidPath<String>,
    ValidQuery(query): ValidQuery<MetricQuery>,
) -> Result<Response, Problem> {
    let permitted = actor.require(Permission::Panel)?;
    let key = name.strip_suffix(".csv").unwrap_or(&name);
    unit(key).ok_or_else(indicator_unknown)?;
    if query.keys.is_some() {
        return Err(Problem::invalid("keys", Code::InvalidValue, "the path names the indicator; use `keys` with GET /metrics only"));
    }
    let measured = measure(&app, actor.tenant(), &[key], &query).await?;
    if key.len() < name.len() || csv::is_wanted(&headers) {
        permitted.note(&app).await?;
        return super::list::as_file(key, &measured, &query);
    }
    let view = measured.views.into_iter().next().ok_or_else(indicator_unknown)?;
    Ok(Json(view).into_response())
}

#[cfg(test)]
mod tests {
    use domain::time::{DAY, HOUR};
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::{StaffClient, TestApp};

    const DIALOGUE: &str = "/api/v1/metrics/dialogue";

    async fn measured(mira: &StaffClient, path: &str, total: i64) -> Value {
        eventually("the numbers have arrived", async || {
            let metric = mira.get(path).await.expect(200);
            (metric["series"][0]["total"] == total).then_some(metric)
        })
        .await
    }
    fn values(metric: &Value) -> Vec<Value> {
        metric["series"][0]["points"].as_array().unwrap().iter().map(|point| point["value"].clone()).collect()
    }

    /// The indicators that the panel began with, and their values for the day below.
    const FOUNDING: [(&str, f64); 13] = [
        ("session_created", 4.0),
        ("session_used", 4.0),
        ("session_rated", 3.0),
        ("session_transferred", 1.0),
        ("dialogue", 5.0),
        ("no_answer", 5.0),
        ("transfer_request", 2.0),
        ("rating_good", 1.0),
        ("rating_mid", 1.0),
        ("rating_poor", 1.0),
        ("good_ratio", 1.0 / 3.0),
        ("mid_ratio", 1.0 / 3.0),
        ("poor_ratio", 1.0 / 3.0),
    ];

    #[tokio::test]
    async fn each_founding_indicator_tells_its_window_grain_zone_state_and_what_it_counted() {
        let app = TestApp::new().await;
        for (n, score) in [Some(5), Some(3), Some(1), None].into_iter().enumerate() {
            let visitor = app.visitor().await;
            let conversation = visitor.open("does a comet phone its mother").await;
            // A customer who leaves before the bot has answered does not count as left without an answer.
            app.bot_is_done().await;
            for _ in 0..if n == 2 { 2 } else { 0 } {
                visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
                visitor.say(&conversation, false, json!({"type": "leave_queue"})).await;
            }
            let Some(score) = score else {
                visitor.say(&conversation, false, json!({"type": "text", "text": "do glaciers sing"})).await;
                app.bot_is_done().await;
                continue;
            };
            for body in [json!({"type": "end"}), json!({"type": "rate", "score": score})] {
                visitor.say(&conversation, false, body).await;
            }
        }
        app.clock.advance(3 * DAY);
        let (mira, now) = (app.manager("mira").await, domain::time::Clock::now(&app.clock).0);
        let days = "from=2026-11-19&to=2026-11-20&tz=Asia/Shanghai";
        measured(&mira, &format!("/api/v1/metrics/no_answer?{days}"), 5).await;
        let known = mira.get("/api/v1/indicators").await.expect(200);
        for (key, total) in FOUNDING {
            let metric = mira.get(&format!("/api/v1/metrics/{key}?{days}")).await.expect(200);
            let unit = &known.as_array().unwrap().iter().find(|one| one["key"] == key).unwrap()["unit"];
            assert_eq!((&metric["key"], &metric["unit"], &metric["grain"], &metric["time_zone"]), (&json!(key), unit, &json!("day"), &json!("Asia/Shanghai")));
            let points = metric["series"][0]["points"].as_array().unwrap();
            let midnight = "2026-11-18T16:00:00Z".parse::<jiff::Timestamp>().unwrap().as_millisecond();
            let edges: Vec<_> = points.iter().map(|point| (point["from"].as_i64().unwrap(), point["to"].as_i64().unwrap())).collect();
            assert_eq!(edges, [(midnight, midnight + DAY), (midnight + DAY, midnight + 2 * DAY)], "{key}");
            assert_eq!((metric["from"].as_i64(), metric["to"].as_i64(), metric["as_of"].as_i64()), (Some(midnight), Some(midnight + 2 * DAY), Some(now)));
            let told: Vec<_> = points.iter().map(|point| (point["final"].clone(), point["as_of"].as_i64())).collect();
            assert_eq!(told, [(json!(true), Some(now)), (json!(false), Some(now))], "{key}");
            let ratio = key.ends_with("_ratio");
            assert_eq!(points[0]["value"], if ratio { Value::Null } else { json!(0) }, "{key} on the day before");
            for value in [&points[1]["value"], &metric["series"][0]["total"]] {
                assert!((value.as_f64().unwrap() - total).abs() < 1e-9, "{key}: {value}");
            }
            let hours = mira.get(&format!("/api/v1/metrics/{key}?{days}&grain=hour")).await.expect(200);
            assert_eq!((values(&hours).len(), &hours["series"][0]["total"]), (48, &metric["series"][0]["total"]), "{key}");
            let behind = mira.get(&format!("/api/v1/metrics/{key}/conversations?from={}&to={}", points[1]["from"], points[1]["to"])).await;
            if ratio {
                behind.problem(404, "not_found");
            } else {
                let list = behind.expect(200);
                assert_eq!((list["count"].as_f64(), list["items"].as_array().unwrap().len() as f64), (Some(total), total), "{key}");
            }
        }
    }

    #[tokio::test]
    async fn a_week_has_seven_days_and_today_is_not_among_them_unless_it_is_asked_for() {
        let app = TestApp::new().await;
        app.visitor().await.open("how much is it").await;
        app.clock.advance(DAY);
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        visitor.open("and the battery").await;
        let nobody = app.other_company("beta").await;
        let empty = app.staff_of(&nobody, domain::staff::Role::Manager, "bob").await.get(DIALOGUE).await.expect(200);
        let week = measured(&mira, DIALOGUE, 1).await;
        assert!(empty["data_from"].as_i64() > week["data_from"].as_i64(), "before a company was added, it has no zeros: {empty}");
        assert_eq!(values(&week), [0, 0, 0, 0, 0, 0, 1].map(Value::from));
        let begun = week["data_from"].as_i64().unwrap();
        assert!(begun % (15 * domain::time::MINUTE) == 0 && week["series"][0]["points"][6]["from"].as_i64().unwrap() <= begun, "{begun}");
        let with_today = measured(&mira, "/api/v1/metrics/dialogue?from=2026-11-20&to=2026-11-21", 2).await;
        assert_eq!(values(&with_today), [1, 1].map(Value::from));
        assert_eq!((&week["grain"], &week["time_zone"], &week["unit"]), (&json!("day"), &json!("Asia/Shanghai"), &json!("turn")));
        let points = with_today["series"][0]["points"].as_array().unwrap();
        assert_eq!(
            (points[0]["to"].as_i64(), points[1]["to"].as_i64()),
            (points[1]["from"].as_i64(), Some(domain::time::Clock::now(&app.clock).minute().0 + 60_000))
        );
    }

    #[tokio::test]
    async fn a_day_is_final_when_its_late_facts_can_have_come_and_today_never_is() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let week = mira.get("/api/v1/metrics/session_created?from=2026-11-16&to=2026-11-20").await.expect(200);
        let told: Vec<_> = week["series"][0]["points"].as_array().unwrap().iter().map(|point| point["final"].as_bool().unwrap()).collect();
        // It is ten in the morning of the 20th: the 16th ended 82 hours ago, the 17th 58.
        assert_eq!(told, [true, false, false, false, false]);
        assert!(week["series"][0]["points"].as_array().unwrap().iter().all(|point| point["as_of"] == week["as_of"]));
        app.clock.advance(14 * HOUR);
        let later = app.manager("grace").await.get("/api/v1/metrics/session_created?from=2026-11-17&to=2026-11-17").await.expect(200);
        assert_eq!(later["series"][0]["points"][0]["final"], true);
    }

    #[tokio::test]
    async fn a_day_is_a_day_of_the_zone_that_is_asked_for() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        // Ten in the morning in Shanghai is nine in the evening of the day before in New York.
        visitor.open("hello").await;
        let there = measured(&mira, "/api/v1/metrics/session_created?from=2026-11-19&to=2026-11-19&tz=America/New_York", 1).await;
        assert_eq!((&there["time_zone"], values(&there)), (&json!("America/New_York"), vec![json!(1)]));
        let here = mira.get("/api/v1/metrics/session_created?from=2026-11-19&to=2026-11-20").await.expect(200);
        assert_eq!(values(&here), [0, 1].map(Value::from));
    }

    #[tokio::test]
    async fn hours_and_minutes_add_up_to_the_day() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        visitor.open("hello").await;
        for (grain, pieces) in [("day", 1), ("hour", 11), ("minute", 601)] {
            let metric = measured(&mira, &format!("{DIALOGUE}?from=2026-11-20&to=2026-11-20&grain={grain}"), 1).await;
            assert_eq!(values(&metric).len(), pieces, "{grain}");
            assert_eq!(values(&metric).iter().filter_map(Value::as_i64).sum::<i64>(), 1, "{grain}");
        }
    }

    #[tokio::test]
    async fn a_ratio_without_ratings_has_no_value_and_divides_nothing() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let ratio = mira.get("/api/v1/metrics/good_ratio?compare=previous").await.expect(200);
        assert_eq!(ratio["series"][0]["total"], Value::Null);
        assert!(values(&ratio).iter().all(Value::is_null) && values(&ratio).len() == 7);
        assert_eq!(ratio["compare"]["series"][0]["total"], Value::Null);
    }

    #[tokio::test]
    async fn the_period_before_and_the_same_weekdays_are_where_the_calendar_has_them() {
        let app = TestApp::new().await;
        app.visitor().await.open("hello").await;
        app.clock.advance(3 * DAY);
        let mira = app.manager("mira").await;
        let before = eventually("the numbers have arrived", async || {
            let metric = mira.get("/api/v1/metrics/session_created?from=2026-11-21&to=2026-11-22&compare=previous").await.expect(200);
            (metric["compare"]["series"][0]["total"] == 1).then_some(metric)
        })
        .await;
        let compared: Vec<_> = before["compare"]["series"][0]["points"].as_array().unwrap().iter().map(|point| point["value"].clone()).collect();
        assert_eq!(compared, [0, 1].map(Value::from), "the 19th and the 20th");
        app.clock.advance(4 * DAY);
        let weekday = app.manager("grace").await.get("/api/v1/metrics/session_created?from=2026-11-26&to=2026-11-27&compare=weekday").await.expect(200);
        assert_eq!(weekday["compare"]["series"][0]["total"], 1, "Thursday the 19th and Friday the 20th, up to this time of day");
        assert_eq!(weekday["compare"]["to"].as_i64().unwrap() + 7 * DAY, weekday["to"].as_i64().unwrap());
    }

    #[tokio::test]
    async fn a_number_is_split_by_what_its_conversations_have() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        visitor.open("hello").await;
        measured(&mira, "/api/v1/metrics/dialogue?days=1&to=2026-11-20", 1).await;
        let site = app.company.site.to_string();
        for (split, part) in [("channel", "web"), ("lang", "en"), ("site", site.as_str())] {
            for key in ["session_created", "dialogue"] {
                let metric = mira.get(&format!("/api/v1/metrics/{key}?days=1&to=2026-11-20&split={split}")).await.expect(200);
                let parts: Vec<_> = metric["series"].as_array().unwrap().iter().map(|one| (one["part"].clone(), one["total"].clone())).collect();
                assert_eq!(parts, [(json!(part), json!(1))], "{key} by {split}");
            }
        }
        let none = mira.get("/api/v1/metrics/dialogue?days=1&to=2026-11-20&split=none").await.expect(200);
        assert_eq!((&none["split"], &none["series"][0]["part"]), (&Value::Null, &Value::Null));
    }

    #[tokio::test]
    async fn what_the_bot_answered_from_says_what_it_is() {
        let app = TestApp::new().await;
        app.topic("plans").await;
        let mira = app.manager("mira").await;
        let body = json!({"category": "plans", "question": {"zh": "怎么换套餐"}, "answer": {"zh": "在大厅里换。"}});
        let entry = mira.post("/api/v1/knowledge/entries", body).await.expect(201)["id"].clone();
        let revision = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
        mira.post("/api/v1/knowledge/publish", json!({"revision": revision})).await.expect(200);
        app.bot_is_done().await;
        app.visitor().await.open("怎么换套餐").await;
        measured(&mira, "/api/v1/metrics/turn_answered?days=1&to=2026-11-20", 1).await;
        let metric = mira.get("/api/v1/metrics/turn_answered?days=1&to=2026-11-20&split=entry").await.expect(200);
        let one = &metric["series"][0];
        assert_eq!((&one["part"], &one["name"]["zh"], &one["source"]), (&entry, &json!("怎么换套餐"), &json!("entry")));
        let by_lang = mira.get("/api/v1/metrics/turn_answered?days=1&to=2026-11-20&split=lang").await.expect(200);
        assert_eq!(by_lang["series"][0].get("source"), None);
    }

    #[tokio::test]
    async fn the_same_numbers_come_as_csv() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        visitor.open("hello").await;
        measured(&mira, "/api/v1/metrics/dialogue?days=2&to=2026-11-20", 1).await;
        let csv = mira.get("/api/v1/metrics/dialogue.csv?days=2&to=2026-11-20").await;
        assert_eq!((csv.status.as_u16(), csv.header("content-type")), (200, "text/csv; charset=utf-8"));
        let text = String::from_utf8(csv.body).unwrap();
        let rows: Vec<_> = text.lines().collect();
        assert_eq!(rows[0], r#""from","to","final","as_of","definition","dialogue""#);
        let version = warehouse::DEFINITIONS.version;
        let first = format!(r#""2026-11-19T00:00+08:00","2026-11-20T00:00+08:00","false","2026-11-20T10:00+08:00","{version}","0""#);
        assert_eq!(rows[1], first, "{text}");
        assert!(rows[2].ends_with(&format!(r#","{version}","1""#)) && rows.len() == 3, "{text}");
        let request = mira.request(reqwest::Method::GET, "/api/v1/metrics/dialogue?days=2&to=2026-11-20").header("accept", "text/csv");
        assert_eq!(mira.send(request).await.body, text.as_bytes());
    }

    #[tokio::test]
    async fn what_cannot_be_answered_says_which_part_of_the_question_is_wrong() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        for (query, code, field) in [
            ("from=2026-11-19&to=2026-11-18", "invalid_value", "to"),
            ("from=2026-11-19", "missing_field", "to"),
            ("from=2025-10-01&to=2026-11-19", "invalid_value", "from"),
            ("from=2026-01-01&to=2026-11-19&grain=hour", "invalid_value", "from"),
            ("from=2026-11-17&to=2026-11-19&grain=minute", "invalid_value", "from"),
            ("from=2026-11-19&to=2026-11-21", "invalid_value", "to"),
            ("from=19.11.2026&to=2026-11-19", "invalid_value", "from"),
            ("from=2026-11-31&to=2026-11-19", "invalid_value", "from"),
            ("from=9999-11-30&to=9999-12-31", "invalid_value", "from"),
            ("from=1&to=2026-11-19", "invalid_value", "from"),
            ("from=2026-11-18&to=2026-11-19&days=2", "invalid_value", "days"),
            ("days=0", "invalid_value", "days"),
            ("days=401", "invalid_value", "days"),
            ("tz=Mars/Olympus", "invalid_value", "tz"),
            ("grain=week", "invalid_value", "grain"),
            ("split=mood", "invalid_value", "split"),
            ("compare=never", "invalid_value", "compare"),
            ("keys=dialogue", "invalid_value", "keys"),
            ("since=1", "unknown_field", "since"),
        ] {
            mira.get(&format!("{DIALOGUE}?{query}")).await.problem_at(422, code, field);
        }
        mira.get(&format!("{DIALOGUE}?days=400")).await.expect(200);
    }

    #[tokio::test]
    async fn a_name_that_is_none_is_told_which_there_are() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let problem = mira.get("/api/v1/metrics/chat_cnt").await.problem(404, "not_found");
        assert!(problem["title"].as_str().unwrap().contains("dialogue, no_answer"), "{problem}");
        app.agent("ada").await.get(DIALOGUE).await.problem(403, "not_permitted");
        app.get(DIALOGUE).await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn another_companys_numbers_are_its_own() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        let beta = app.other_company("beta").await;
        let foreign = app.staff_of(&beta, domain::staff::Role::Manager, "bob").await;
        visitor.open("hello").await;
        measured(&mira, "/api/v1/metrics/dialogue?days=1&to=2026-11-20", 1).await;
        for split in ["none", "lang"] {
            let theirs = foreign.get(&format!("/api/v1/metrics/dialogue?days=1&to=2026-11-20&split={split}")).await.expect(200);
            assert!(theirs["series"].as_array().unwrap().iter().all(|one| one["total"] == 0), "{theirs}");
        }
    }
}
