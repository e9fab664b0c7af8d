//! `POST /api/v1/response-times` and `POST /api/v1/sites/{key}/response-times`: what a page measured.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use domain::{
    id::TenantId,
    refusal::Code,
    response_time::{Histogram, HistogramFault, INTERVALS, MOST_REPORTED, ResponseTime},
    time::{HOUR, MINUTE},
};
use http_kit::{
    App, addressed,
    auth::{StaffActor, attempts::Limit, origin, tally::Tally},
    extract::{ValidJson, ValidPath},
    problem::{Problem, Problems},
};
use platform::client_address::ClientAddress;
use serde::Deserialize;
use utoipa::ToSchema;

/// Reports of one member of the staff, from all tabs and devices.
const PER_MEMBER: Limit = Limit { tries: 60, within_ms: MINUTE };
/// Reports of the pages of visitors from one network address, which an office shares.
const PER_ADDRESS: Limit = Limit { tries: 600, within_ms: MINUTE };
/// The most times of one kind that a report counts for: a page reports once a minute, and nobody does anything more often.
const MOST_COUNTED: u64 = 60;
/// The times of one kind that count of all that the pages of visitors report from one network. It has no name, and weighs as one person does.
const OF_NETWORK: Limit = Limit { tries: 3, within_ms: HOUR };
/// The times of one kind that count of all that a member of the staff reports.
const OF_MEMBER: Limit = Limit { tries: 60, within_ms: HOUR };

/// What a page measured since its last report; what it did not measure is left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResponseTimeReport {
    /// From sending a message to its acknowledgement.
    #[serde(default)]
    pub send_to_ack: Option<ReportedTimes>,
    /// From sending a question to the bot's answer.
    #[serde(default)]
    pub question_to_answer: Option<ReportedTimes>,
    /// From the start of the navigation until the page could be used.
    #[serde(default)]
    pub page: Option<ReportedTimes>,
}

/// Times by interval.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportedTimes {
    /// The number of times in each interval, at most 600 in all. The upper edges of the intervals are 10, 25, 50, 100, 150, 200, 300, 500, 750, 1,000, 1,500,
    /// 2,000, 3,000, 5,000, 10,000, 30,000 and 60,000 ms; longer times count in the last.
    #[schema(min_items = 17, max_items = 17)]
    pub counts: Vec<u64>,
    /// What the times add up to, in milliseconds; each is at most 60,000.
    pub sum_ms: u64,
}

impl ResponseTimeReport {
    /// The times by what was measured.
    fn times(self) -> Result<Vec<(ResponseTime, Histogram)>, Problem> {
        let Self { send_to_ack, question_to_answer, page } = self;
        let all = [(ResponseTime::SendToAck, send_to_ack), (ResponseTime::QuestionToAnswer, question_to_answer), (ResponseTime::Page, page)];
        let measured = all.into_iter().filter_map(|(kind, times)| Some((kind, times?)));
        measured.map(|(kind, times)| Ok((kind, histogram(kind, &times)?))).collect()
    }
}

fn histogram(kind: ResponseTime, times: &ReportedTimes) -> Result<Histogram, Problem> {
    let wrong = |field: &str, code, title: String| Problem::invalid(format!("{}.{field}", kind.as_str()), code, title);
    Histogram::reported(&times.counts, times.sum_ms).map_err(|fault| match fault {
        HistogramFault::Intervals => wrong("counts", Code::InvalidValue, format!("give one count for each of the {INTERVALS} intervals")),
        HistogramFault::TooMany => wrong("counts", Code::TooLarge, format!("at most {MOST_REPORTED} times in one report")),
        HistogramFault::Sum => wrong("sum_ms", Code::InvalidValue, "as many times cannot add up to this: each is at most 60,000 ms".to_owned()),
    })
}

/// Reports what a page of the console measured. The times become part of the company's, without the name of the member.
#[utoipa::path(post, path = "/response-times", tag = "metrics", security(("staff" = [])), request_body = ResponseTimeReport,
    responses((status = 204, description = "The times were noted"), Problems))]
pub async fn report_response_times(State(app): State<App>, actor: StaffActor, ValidJson(report): ValidJson<ResponseTimeReport>) -> Result<StatusCode, Problem> {
    let reports = Tally::new("reports of staff", &app.in_memory().staff_reports, app.cluster().redis());
    reports.take(&actor.staff.agent.to_string(), PER_MEMBER, app.env().now()).await.map_err(Problem::too_many)?;
    note(&app, actor.tenant(), report, Some((&actor.staff.agent.to_string(), OF_MEMBER))).await
}

/// Reports what the chat or the hall measured on a page of this site. The times become part of the company's, without a trace of the visitor.
#[utoipa::path(post, path = "/sites/{key}/response-times", tag = "sites", params(("key" = String, Path)), request_body = ResponseTimeReport,
    responses((status = 204, description = "The times were noted"), Problems))]
pub async fn report_site_response_times(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    ValidPath(key): ValidPath<String>,
    ValidJson(report): ValidJson<ResponseTimeReport>,
) -> Result<StatusCode, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let site = addressed::site(&app, &key).await?.ok_or_else(Problem::not_found)?;
    if !address.is_this_machine() {
        let reports = Tally::new("reports of pages", &app.in_memory().page_reports, app.cluster().redis());
        reports.take_from(address, PER_ADDRESS, app.env().now()).await.map_err(Problem::too_many)?;
    }
    let network = address.widest_network();
    note(&app, site.tenant, report, (!address.is_this_machine()).then_some((network.as_str(), OF_NETWORK))).await
}

/// Counts the times in the present minute of the server's clock: that of the page may be wrong. Of the same person, so many count; of this machine, all.
async fn note(app: &App, tenant: TenantId, report: ResponseTimeReport, by: Option<(&str, Limit)>) -> Result<StatusCode, Problem> {
    let now = app.env().now();
    let counted = Tally::new("response times", &app.in_memory().counted_times, app.cluster().redis());
    for (kind, times) in report.times()? {
        let mut most = times.count().min(MOST_COUNTED);
        if let Some((who, limit)) = by {
            let (key, mut allowed) = (format!("{tenant} {} {who}", kind.as_str()), 0);
            while allowed < most && counted.take(&key, limit, now).await.is_ok() {
                allowed += 1;
            }
            most = allowed;
        }
        if most > 0 {
            app.response_times().add(Some(tenant), kind, &times.at_most(most, now.0.unsigned_abs()), now);
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use domain::response_time::INTERVALS;
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::{StaffClient, TestApp};

    use super::PER_MEMBER;
    use crate::jobs::store_response_times;

    const STAFF: &str = "/api/v1/response-times";
    const SITE: &str = "/api/v1/sites/alpha/response-times";

    /// Counts with so many times in one interval.
    fn counts(interval: usize, count: u64) -> Value {
        let mut counts = vec![0; INTERVALS];
        counts[interval] = count;
        json!(counts)
    }
    fn page(count: u64, sum_ms: u64) -> Value {
        json!({"page": {"counts": counts(9, count), "sum_ms": sum_ms}})
    }

    #[tokio::test]
    async fn what_pages_report_is_counted_for_their_company() {
        let app = TestApp::new().await;
        let beta = app.other_company("beta").await;
        let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
        let bob = app.staff_of(&beta, domain::staff::Role::Manager, "bob").await;
        assert_eq!(ada.post(STAFF, page(2, 1_700)).await.status.as_u16(), 204);
        assert_eq!(app.post(SITE, page(3, 2_700)).await.status.as_u16(), 204);
        assert_eq!(app.post(SITE, json!({})).await.status.as_u16(), 204, "a page may have measured nothing");
        let of = async |who: &StaffClient| {
            let times = who.get("/api/v1/response-times?from=2026-11-20&to=2026-11-20").await.expect(200);
            let page = times["items"].as_array().unwrap().iter().find(|one| one["kind"] == "page").unwrap();
            page["total"].clone()
        };
        let ours = eventually("the times are stored", async || {
            store_response_times::step(app.app()).await.unwrap();
            let ours = of(&mira).await;
            (ours["count"] == 5).then_some(ours)
        })
        .await;
        assert!(ours["p95_ms"].as_f64().unwrap() > 750.0, "{ours}");
        assert_eq!(of(&bob).await, json!({"count": 0, "p50_ms": null, "p90_ms": null, "p95_ms": null, "p99_ms": null}));
    }

    #[tokio::test]
    async fn a_wrong_report_names_its_field_and_counts_nothing() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        for (body, code, field) in [
            (json!({"page": {"counts": [1, 2], "sum_ms": 3}}), "invalid_value", "page.counts"),
            (json!({"send_to_ack": {"counts": counts(0, 601), "sum_ms": 3}}), "too_large", "send_to_ack.counts"),
            (json!({"question_to_answer": {"counts": counts(0, 1), "sum_ms": 60_001}}), "invalid_value", "question_to_answer.sum_ms"),
            (json!({"page": {"counts": counts(0, 1)}}), "missing_field", "page.sum_ms"),
            (json!({"page": {"counts": counts(0, 1), "sum_ms": -1}}), "invalid_value", "page.sum_ms"),
            (json!({"page": {"counts": counts(0, 1), "sum_ms": 1, "visitor": "x"}}), "unknown_field", "page.visitor"),
            (json!({"server_request": {"counts": counts(0, 1), "sum_ms": 1}}), "unknown_field", "server_request"),
        ] {
            ada.post(STAFF, body.clone()).await.problem_at(422, code, field);
            app.post(SITE, body).await.problem_at(422, code, field);
        }
        let pages = app.app().response_times().of_process();
        assert!(pages.keys().all(|kind| kind.as_str().starts_with("server_")), "{pages:?}");
    }

    #[tokio::test]
    async fn strangers_do_not_report_for_the_staff_and_nobody_for_a_site_that_is_not_there() {
        let app = TestApp::new().await;
        app.post(STAFF, page(1, 900)).await.problem(401, "not_signed_in");
        app.post("/api/v1/sites/nothing/response-times", page(1, 900)).await.problem(404, "not_found");
        let foreign = reqwest::Client::new().post(format!("{}{SITE}", app.base)).header("origin", "https://evil.example").json(&page(1, 900));
        app.send(foreign).await.problem(403, "cross_site");
    }

    #[tokio::test]
    async fn a_member_reports_only_so_often() {
        let app = TestApp::new().await;
        let (ada, bea) = (app.agent("ada").await, app.agent("bea").await);
        for _ in 0..PER_MEMBER.tries {
            assert_eq!(ada.post(STAFF, json!({})).await.status.as_u16(), 204);
        }
        ada.post(STAFF, json!({})).await.problem(429, "too_many_requests");
        assert_eq!(bea.post(STAFF, json!({})).await.status.as_u16(), 204);
    }

    #[tokio::test]
    async fn one_network_weighs_as_one_person_does() {
        let app = TestApp::behind_proxy().await;
        let mira = app.manager("mira").await;
        let report = |interval, count, ms: u64| json!({"page": {"counts": counts(interval, count), "sum_ms": count * ms}});
        for n in 0..100 {
            app.from_address(&format!("198.51.100.{n}")).post(SITE, report(4, 1, 120)).await.expect(204);
        }
        // As many as a page may, from as many addresses as one customer of a provider holds.
        for n in 0..100 {
            app.from_address(&format!("2001:db8:7:{n:x}::1")).post(SITE, report(16, 60, 49_000)).await.expect(204);
        }
        let total = eventually("the times are stored", async || {
            store_response_times::step(app.app()).await.unwrap();
            let times = mira.get("/api/v1/response-times?from=2026-11-20&to=2026-11-20").await.expect(200);
            let page = times["items"].as_array().unwrap().iter().find(|one| one["kind"] == "page").unwrap()["total"].clone();
            (page["count"].as_u64() >= Some(100)).then_some(page)
        })
        .await;
        assert_eq!(total["count"], 103);
        assert!(total["p95_ms"].as_f64().unwrap() <= 150.0, "{total}");
    }
}
