//! `/healthz` and `/metrics`, for whoever operates the program.

use std::{collections::BTreeMap, fmt::Write as _, sync::atomic::Ordering::Relaxed};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, HeaderName, header},
    response::IntoResponse,
    routing::get,
};
use domain::response_time::{EDGES_MS, Histogram, ResponseTime};
use http_kit::{App, problem::Problem};
use platform::egress::{Cost, Costs, Purpose};
use serde::Serialize;

/// What a proxy adds.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The routes of this module.
pub fn router() -> Router<App> {
    Router::new().route("/healthz", get(healthz)).route("/metrics", get(metrics))
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
}

/// Answers 200 while the record can be read; 503 while it cannot, and as soon as the program has been asked to stop.
async fn healthz(State(app): State<App>) -> Result<Json<Health>, Problem> {
    if app.cluster().is_draining() {
        return Err(Problem::busy());
    }
    store::entry_points::tenants(app.db()).await.map_err(|_| Problem::busy())?;
    Ok(Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") }))
}

/// How long the feed has been waiting, in milliseconds; 0 while the record cannot be queried, which `/healthz` reports.
async fn horizon_lag(app: &App) -> u64 {
    let asked = async { db::feed::horizon_lag_ms(&mut app.db().read().await?).await };
    asked.await.ok().flatten().map_or(0, i64::unsigned_abs)
}

/// Response times as histograms, in seconds. They are not told apart by company, so that there are not more series than kinds and intervals.
fn histograms(times: &BTreeMap<ResponseTime, Histogram>) -> String {
    const NAME: &str = "yingda_response_seconds";
    let mut text = format!("# HELP {NAME} How long people and requests waited, by what was measured.\n# TYPE {NAME} histogram\n");
    for kind in ResponseTime::EACH {
        let (times, kind) = (times.get(kind).copied().unwrap_or_default(), kind.as_str());
        let mut up_to = 0;
        for (edge, count) in EDGES_MS.iter().zip(times.counts()) {
            up_to += count;
            let _ = writeln!(text, "{NAME}_bucket{{kind=\"{kind}\",le=\"{}\"}} {up_to}", *edge as f64 / 1000.0);
        }
        let _ = writeln!(text, "{NAME}_bucket{{kind=\"{kind}\",le=\"+Inf\"}} {up_to}");
        let _ = writeln!(text, "{NAME}_sum{{kind=\"{kind}\"}} {}\n{NAME}_count{{kind=\"{kind}\"}} {up_to}", times.sum_ms() as f64 / 1000.0);
    }
    text
}

/// What outgoing requests cost, by purpose.
fn egress_costs(costs: &Costs) -> String {
    let mut text = String::new();
    let mut family = |name: &str, help: &str, number: fn(&Cost) -> u64| {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter");
        for purpose in Purpose::ALL {
            let _ = writeln!(text, "{name}{{purpose=\"{}\"}} {}", purpose.as_str(), number(&costs.in_sum(purpose)));
        }
    };
    family("yingda_egress_requests_total", "Outgoing requests that have ended.", |cost| cost.requests);
    family("yingda_egress_sent_bytes_total", "Bytes sent by outgoing requests.", |cost| cost.bytes_out);
    family("yingda_egress_received_bytes_total", "Bytes received by outgoing requests.", |cost| cost.bytes_in);
    family("yingda_egress_milliseconds_total", "Time that outgoing requests took.", |cost| cost.ms);
    text
}

/// Prometheus text exposition format, version 0.0.4. Only direct requests get it: through the proxy, anybody could read it, and count for example
/// the text messages that others cause.
async fn metrics(State(app): State<App>, headers: HeaderMap) -> Result<impl IntoResponse, Problem> {
    if app.settings().behind_proxy && headers.contains_key(FORWARDED_FOR) {
        return Err(Problem::not_found());
    }
    let stats = app.db().stats();
    let mut text = String::new();
    let mut counter = |name: &str, help: &str, value: u64| {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {value}");
    };
    counter("yingda_db_statements_total", "Statements that were run on the record.", app.db().statements());
    counter("yingda_db_commits_total", "Commits of the record.", stats.commits.load(Relaxed));
    counter("yingda_db_hot_appends_total", "Entries that went through the bulk lane.", stats.hot.load(Relaxed));
    counter("yingda_db_cold_appends_total", "Entries that went through their closure.", stats.cold.load(Relaxed));
    counter("yingda_db_closures_total", "Closures run by the writer.", stats.closures.load(Relaxed));
    counter("yingda_db_busy_total", "Writes that were told to come back later.", stats.busy.load(Relaxed));
    counter("yingda_db_overlong_total", "Closures rolled back for taking too long.", stats.overlong.load(Relaxed));
    counter("yingda_db_retries_total", "Batches that were run again.", stats.retries.load(Relaxed));
    counter("yingda_db_commit_microseconds_total", "Time spent in commits.", stats.commit_us.load(Relaxed));
    let cluster = app.cluster();
    if let Some(redis) = cluster.redis() {
        counter("yingda_cluster_hints_dropped_total", "Hints that Redis did not carry; the record says the same a little later.", redis.dropped_count());
    }
    let _ = writeln!(text, "# HELP yingda_http_responses_total Requests answered.\n# TYPE yingda_http_responses_total counter");
    for class in 1..=5 {
        let _ = writeln!(text, "yingda_http_responses_total{{class=\"{class}xx\"}} {}", app.in_memory().counters.of_class(class));
    }
    text.push_str(&egress_costs(app.egress().costs()));
    text.push_str(&histograms(&app.response_times().of_process()));
    let mut gauge = |name: &str, help: &str, value: u64| {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
    };
    gauge("yingda_journal_horizon_lag_ms", "Time for which the feed has been waiting for an open transaction of the database.", horizon_lag(&app).await);
    let ahead = app.in_memory().stamps.ahead(app.env().now()).unsigned_abs();
    gauge("yingda_journal_ahead_ms", "Time until the clock reaches the newest time of an entry: above some seconds it ran ahead and was put back.", ahead);
    if app.settings().database_url.is_some() {
        let behind = u64::try_from(app.env().now().since(cluster.looked_at())).unwrap_or(0);
        gauge(
            "yingda_cluster_clock_offset_milliseconds",
            "By how much this machine's clock differs from the database's, which is gone by.",
            app.env().clock().corrected_by().unsigned_abs(),
        );
        gauge("yingda_cluster_nodes", "Nodes on this record that live.", cluster.nodes());
        gauge("yingda_cluster_sweep_lag_milliseconds", "Since the record was last looked through for what other nodes committed.", behind);
        gauge("yingda_cluster_leads", "Whether this node does what one is enough for.", u64::from(cluster.leads()));
    }
    if cluster.redis().is_some() {
        gauge("yingda_redis_up", "Whether Redis carries hints between nodes.", u64::from(cluster.is_fast()));
    }
    // While the record cannot be queried, `/healthz` reports it.
    let (backup, failed) = store::entry_points::last_backups(app.db()).await.unwrap_or_default();
    let (made, bytes) = backup.map_or((0, 0), |backup| (backup.begun_at.0.unsigned_abs() / 1000, backup.bytes.unsigned_abs()));
    gauge("yingda_backup_last_seconds", "When the last backup that the program made was begun, in seconds since 1970; 0 if it has made none.", made);
    gauge("yingda_backup_last_bytes", "Bytes of the last backup that the program made.", bytes);
    gauge("yingda_backup_failing", "Whether a backup has failed since the last one that was made.", u64::from(failed.is_some()));
    gauge("yingda_db_wal_bytes", "Bytes of the write-ahead log.", stats.wal_bytes.load(Relaxed));
    let _ = writeln!(
        text,
        "# HELP yingda_build_info The program.\n# TYPE yingda_build_info gauge\nyingda_build_info{{version=\"{}\",engine=\"{}\"}} 1",
        env!("CARGO_PKG_VERSION"),
        app.db().engine()
    );
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}

#[cfg(test)]
mod tests {
    use domain::time::{Clock as _, HOUR};
    use serde_json::json;
    use testkit_app::TestApp;

    use super::*;

    #[tokio::test]
    async fn health_says_ok_and_the_version() {
        let app = TestApp::new().await;
        assert_eq!(app.get("/healthz").await.expect(200), json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}));
    }

    #[tokio::test]
    async fn a_clock_that_was_put_back_is_seen_until_it_has_caught_up() {
        let app = TestApp::new().await;
        let ahead = async || {
            let text = String::from_utf8(app.get("/metrics").await.body).unwrap();
            let value = text.lines().find_map(|line| line.strip_prefix("yingda_journal_ahead_ms "));
            value.unwrap().parse::<i64>().unwrap()
        };
        let (visitor, begun) = (app.visitor().await, app.clock.now());
        app.clock.advance(20 * HOUR);
        let name = visitor.open("from tomorrow").await;
        assert_eq!(ahead().await, 0);
        app.clock.set(begun.plus(HOUR));
        assert_eq!(ahead().await, 19 * HOUR);
        let stored = visitor.say(&name, false, json!({"type": "text", "text": "from today"})).await;
        assert_eq!(stored["at"], begun.plus(20 * HOUR).0, "time never runs backwards in a stream");
        assert_eq!(ahead().await, 19 * HOUR);
        app.clock.advance(19 * HOUR);
        assert_eq!(ahead().await, 0);
        app.stop().await;
    }

    #[tokio::test]
    async fn metrics_are_not_for_what_comes_through_the_proxy() {
        let app = TestApp::behind_proxy().await;
        assert_eq!(app.get("/metrics").await.status, 200);
        app.from_address("203.0.113.7").get("/metrics").await.problem(404, "not_found");
    }

    #[tokio::test]
    async fn metrics_are_in_the_text_format_and_count() {
        let app = TestApp::new().await;
        app.get("/api/v1/nothing").await.problem(404, "not_found");
        let answer = app.get("/metrics").await;
        assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
        let text = String::from_utf8(answer.body).unwrap();
        assert!(text.contains("\nyingda_http_responses_total{class=\"4xx\"} 1\n"), "{text}");
        for purpose in ["webhooks", "sms", "embeddings", "single_sign_on"] {
            assert!(text.contains(&format!("\nyingda_egress_requests_total{{purpose=\"{purpose}\"}} 0\n")), "{text}");
        }
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(name.starts_with("yingda_") && value.parse::<f64>().is_ok(), "{line}");
            let series = name.split('{').next().unwrap();
            let of_histogram = ["_bucket", "_sum", "_count"].iter().find_map(|part| series.strip_suffix(part));
            let family = of_histogram.filter(|family| text.contains(&format!("# TYPE {family} histogram"))).unwrap_or(series);
            assert!(text.contains(&format!("# TYPE {family} ")), "{line}");
        }
    }

    #[test]
    fn a_histogram_counts_up_to_each_edge() {
        let mut times = Histogram::default();
        [20, 100, 90_000].into_iter().for_each(|ms| times.add(ms));
        let text = histograms(&BTreeMap::from([(ResponseTime::Page, times)]));
        let value = |series: &str| text.lines().find_map(|line| line.strip_prefix(&format!("yingda_response_seconds_{series} "))).unwrap().to_owned();
        let up_to = |le: &str| value(&format!("bucket{{kind=\"page\",le=\"{le}\"}}"));
        assert_eq!(["0.01", "0.025", "0.1", "30", "60", "+Inf"].map(up_to), ["0", "1", "2", "2", "3", "3"]);
        assert_eq!((value("sum{kind=\"page\"}"), value("count{kind=\"page\"}")), ("60.12".to_owned(), "3".to_owned()));
        assert_eq!(value("count{kind=\"server_request\"}"), "0", "what was not measured yet is there as well");
    }
}
