//! `GET /api/v1/metrics/{key}/conversations`: lists exactly what a number counted.

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
use serde::Deserialize;
use utoipa::IntoParams;
use warehouse::{
    DEFINITIONS, Item, ListCursor, Part, Stretch,
    definition::{How, Measure},
    range::local,
    rows::Source,
};
use wire::behind::Behind;

use super::{
    csv, indicator_unknown,
    query::{Asked, MetricQuery, SplitName},
};
use crate::panel::list::counted_items;

/// Rows per file; a longer list has to be requested in parts.
const ROWS: i64 = 50_000;

/// The stretch of time, as `GET /metrics/{key}` takes it, and the part to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BehindMetric {
    /// The first day, or the first moment in milliseconds, as a point gives it.
    #[serde(default)]
    pub from: Option<String>,
    /// The last day, inclusive, or the first moment after the end in milliseconds, as a point gives it.
    #[serde(default)]
    pub to: Option<String>,
    /// The number of days up to `to`, or up to yesterday if `to` is omitted; 7 by default.
    #[serde(default)]
    pub days: Option<i64>,
    /// The time zone, an IANA name; the company's by default.
    #[serde(default)]
    pub tz: Option<String>,
    /// How the number was split; only what `part` counted is listed then.
    #[serde(default)]
    #[param(inline)]
    pub split: Option<SplitName>,
    /// The part, as a series gives it; if omitted, what has no part.
    #[serde(default)]
    pub part: Option<String>,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Lists what an indicator counted, newest first.
///
/// Only counts have a list; for a ratio, request a count behind it. With `Accept: text/csv`, all of it is returned as CSV, without message text and names.
#[utoipa::path(get, path = "/metrics/{key}/conversations", tag = "metrics", security(("staff" = [])), params(("key" = String, Path), BehindMetric),
    responses((status = 200, content((Behind = "application/json"), (String = "text/csv"))), Problems))]
pub async fn list_behind_metric(
    State(app): State<App>,
    actor: StaffActor,
    headers: HeaderMap,
    ValidPath(key): ValidPath<String>,
    ValidQuery(query): ValidQuery<BehindMetric>,
) -> Result<Response, Problem> {
    let permitted = actor.require(Permission::Panel)?;
    let BehindMetric { from, to, days, tz, split, part, cursor } = query;
    let count = DEFINITIONS.count(&key).ok_or_else(|| no_list(&key))?;
    let asked = MetricQuery { from, to, days, tz, ..MetricQuery::default() }.complete(&app, actor.tenant()).await?;
    let after: Option<ListCursor> = cursor.as_deref().map(http_kit::cursor::parse).transpose()?;
    let part = part_of(split, part)?;
    if csv::is_wanted(&headers) {
        permitted.note(&app).await?;
        return file(&actor, count, &asked, part, after).await;
    }
    let behind: Behind = counted_items(&app, &actor.staff, count, asked.window, part.as_ref(), after).await?;
    Ok(Json(behind).into_response())
}

fn part_of(split: Option<SplitName>, value: Option<String>) -> Result<Option<Part>, Problem> {
    match (split.and_then(|split| split.0), value) {
        (None, Some(_)) => Err(Problem::invalid("part", Code::InvalidValue, "`part` needs `split`: say what it is a part of")),
        (None, None) => Ok(None),
        (Some(_), Some(value)) if value.contains('\0') => Err(Problem::invalid("part", Code::InvalidValue, "use the value that a series has")),
        (Some(by), value) => Ok(Some(Part { by, value })),
    }
}

fn no_list(key: &str) -> Problem {
    let says = |title: String| Problem { title, ..Problem::not_found() };
    match DEFINITIONS.derivation(key).map(|derived| &derived.how) {
        Some(How::Ratio { part, whole }) => match (DEFINITIONS.count_behind(part), DEFINITIONS.count_behind(whole)) {
            (Some(part), Some(whole)) if part != whole => says(format!("a ratio has no list of its own; request {part} or {whole}")),
            (Some(one), _) | (None, Some(one)) => says(format!("a mean has no list of its own; request {one}")),
            (None, None) => says("a ratio has no list of its own".to_owned()),
        },
        Some(How::Coverage { judged, .. } | How::Calibration { judged, .. }) => {
            says(format!("what is derived from a sample has no list of its own; request {}", judged.replace("_confidence", "")))
        }
        Some(How::Percentile { .. }) => says("a percentile has no list of its own".to_owned()),
        None if DEFINITIONS.unit(key).is_some() => says("only what is counted can be listed".to_owned()),
        None => indicator_unknown(),
    }
}

async fn file(actor: &StaffActor, count: &'static Measure, asked: &Asked, part: Option<Part>, after: Option<ListCursor>) -> Result<Response, Problem> {
    let page = asked.panel.list(actor.tenant(), count, asked.window, part.as_ref(), after, ROWS).await.map_err(store::Error::from)?;
    if page.next.is_some() {
        return Err(Problem::invalid("from", Code::TooLarge, format!("these are {} rows; a file can have at most {ROWS}, so request fewer days", page.count)));
    }
    let head = if count.source == Source::DwdWork { STRETCH } else { ITEM };
    let mut text = csv::row(head.into_iter());
    for item in &page.items {
        let at = local(item.at, &asked.zone).map_err(store::Error::from)?;
        text.push_str(&csv::row(cells(item, at).iter().map(String::as_str)));
    }
    Ok(csv::file(&count.key, text))
}

/// The columns of a file of conversations, turns or requests.
const ITEM: [&str; 5] = ["at", "conversation", "episode", "entry", "score"];
/// The columns of a file of stretches at work.
const STRETCH: [&str; 5] = ["at", "agent", "state", "conversations", "ms"];

/// A row of the file.
fn cells(item: &Item, at: String) -> [String; 5] {
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    match &item.stretch {
        Some(Stretch { agent, state, conversations, ms }) => [at, agent.to_string(), state.as_str().to_owned(), conversations.to_string(), ms.to_string()],
        None => [at, item.conversation.to_string(), item.episode.to_string(), number(item.seq), number(item.score)],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit::eventually;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_point_opens_as_many_as_it_counts() {
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("how much is it").await;
        visitor.say(&conversation, false, json!({"type": "text", "text": "and the battery"})).await;
        app.clock.advance(domain::time::DAY);
        let mira = app.manager("mira").await;
        let point = eventually("both turns are counted", async || {
            let metric = mira.get("/api/v1/metrics/dialogue?days=1").await.expect(200);
            Some(metric["series"][0]["points"][0].clone()).filter(|point| point["value"] == 2)
        })
        .await;
        let path = format!("/api/v1/metrics/dialogue/conversations?from={}&to={}", point["from"], point["to"]);
        let behind = mira.get(&path).await.expect(200);
        assert_eq!((&behind["count"], behind["items"].as_array().unwrap().len()), (&point["value"], 2));
        assert_eq!((&behind["items"][0]["text"], &behind["items"][1]["conversation"]["id"]), (&json!("and the battery"), &json!(conversation)));
        let by_day = mira.get("/api/v1/metrics/dialogue/conversations?from=2026-11-20&to=2026-11-20").await.expect(200);
        assert_eq!(by_day, behind);
        assert_eq!(mira.get("/api/v1/metrics/dialogue/conversations?from=2026-11-19&to=2026-11-19").await.expect(200)["count"], 0);
        let csv = mira.send(mira.request(reqwest::Method::GET, &path).header("accept", "text/csv")).await;
        let text = String::from_utf8(csv.body).unwrap();
        assert_eq!((text.lines().count(), text.lines().next()), (3, Some(r#""at","conversation","episode","entry","score""#)));
        assert!(text.contains(&conversation) && !text.contains("battery"), "{text}");
    }

    #[tokio::test]
    async fn a_part_of_a_split_number_opens_as_many_as_it_counts() {
        let app = TestApp::new().await;
        let (mira, visitor, other) = (app.manager("mira").await, app.visitor().await, app.visitor().await);
        let asking = visitor.open("how much is it").await;
        visitor.say(&asking, false, json!({"type": "request_human", "via": "button"})).await;
        other.open("and the battery").await;
        let (all, queue) = ("days=1&to=2026-11-20", app.company.queue.to_string());
        let split = eventually("both turns are counted", async || {
            let metric = mira.get(&format!("/api/v1/metrics/dialogue?{all}&split=queue")).await.expect(200);
            (metric["series"].as_array().unwrap().len() == 2).then_some(metric)
        })
        .await;
        let parts: Vec<_> = split["series"].as_array().unwrap().iter().map(|one| (one["part"].clone(), one["total"].clone())).collect();
        assert_eq!(parts, [(json!(null), json!(1)), (json!(queue), json!(1))]);
        assert!(split["series"][1]["name"]["en"].is_string() && split["series"][0]["name"].is_null(), "{split}");
        let of = async |part: &str| mira.get(&format!("/api/v1/metrics/dialogue/conversations?{all}&split=queue{part}")).await.expect(200);
        let waited = of(&format!("&part={queue}")).await;
        assert_eq!((&waited["count"], &waited["items"][0]["conversation"]["id"]), (&json!(1), &json!(asking)));
        assert_eq!((&of("").await["count"], &of("&part=que_0").await["count"]), (&json!(1), &json!(0)));
        let sessions = mira.get(&format!("/api/v1/metrics/session_created/conversations?{all}&split=queue&part={queue}")).await.expect(200);
        assert_eq!((&sessions["count"], &sessions["items"][0]["conversation"]["id"]), (&json!(1), &json!(asking)));
        mira.get(&format!("/api/v1/metrics/dialogue/conversations?{all}&part=web")).await.problem_at(422, "invalid_value", "part");
    }

    #[tokio::test]
    async fn what_has_no_list_says_what_has() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let ratio = mira.get("/api/v1/metrics/good_ratio/conversations").await.problem(404, "not_found");
        assert!(ratio["title"].as_str().unwrap().contains("rating_good"), "{ratio}");
        for (key, count) in [
            ("first_reply_mean", "first_reply"),
            ("handle_mean", "handled"),
            ("occupancy", "busy or work"),
            ("concurrency", "busy"),
            ("slot_share", "busy or work"),
        ] {
            let mean = mira.get(&format!("/api/v1/metrics/{key}/conversations")).await.problem(404, "not_found");
            assert!(mean["title"].as_str().unwrap().ends_with(&format!("request {count}")), "{mean}");
        }
        mira.get("/api/v1/metrics/nothing/conversations").await.problem(404, "not_found");
        mira.get("/api/v1/metrics/dialogue/conversations?cursor=x").await.problem_at(422, "invalid_value", "cursor");
        mira.get("/api/v1/metrics/dialogue/conversations?from=2026-11-19&to=2026-11-18").await.problem_at(422, "invalid_value", "to");
        app.agent("ada").await.get("/api/v1/metrics/dialogue/conversations").await.problem(403, "not_permitted");
    }
}
