//! Every counted indicator, expressed a second time in plain SQL over the record. It shares nothing with the definitions.

use db::q;
use domain::id::TenantId;

use crate::testing::TestApp;

/// The statements of docs/METRICS.md in SQL: the moments at which each indicator was counted.
pub const MOMENTS: &[(&str, &str)] = &[
    ("session_created", "SELECT at FROM sessions"),
    ("session_used", "SELECT MIN(t.at) AS at FROM turns t JOIN sessions s ON s.stream_id = t.stream_id AND s.ep = t.ep GROUP BY t.stream_id, t.ep"),
    ("session_transferred", "SELECT MIN(r.at) AS at FROM requests r JOIN sessions s ON s.stream_id = r.stream_id AND s.ep = r.ep GROUP BY r.stream_id, r.ep"),
    ("session_rated", "SELECT at FROM ratings"),
    ("rating_good", "SELECT at FROM ratings WHERE score > 3"),
    ("rating_mid", "SELECT at FROM ratings WHERE score = 3"),
    ("rating_poor", "SELECT at FROM ratings WHERE score < 3"),
    ("dialogue", "SELECT at FROM turns"),
    (
        "no_answer",
        "SELECT at FROM turns t WHERE EXISTS (SELECT 1 FROM replies r WHERE r.stream_id = t.stream_id AND r.of_seq = t.seq AND r.outcome = 'no_answer')",
    ),
    ("transfer_request", "SELECT at FROM requests"),
    ("wait_ended", "SELECT at FROM waits WHERE kind = 'assigned' OR ms > 5000"),
    ("answered", "SELECT at FROM waits WHERE kind = 'assigned'"),
    ("answered_in_time", "SELECT at FROM waits WHERE kind = 'assigned' AND ms <= 20000"),
    ("abandoned", "SELECT at FROM waits WHERE kind <> 'assigned' AND ms > 5000"),
];

fn views(postgres: bool) -> String {
    let fact = |name: &str| if postgres { format!("(facts::jsonb ->> '{name}')") } else { format!("CAST(json_extract(facts, '$.{name}') AS TEXT)") };
    let [ep, with, to, of, outcome, score, how] = ["ep", "with", "to", "of", "outcome", "score", "how"].map(fact);
    format!(
        "WITH e AS (SELECT stream_id, seq, kind, at, actor_kind, {ep} AS ep, {with} AS began, {to} AS said_to, CAST({of} AS BIGINT) AS of_seq, {outcome} AS outcome,
           CAST({score} AS BIGINT) AS score, {how} AS how FROM journal_entries WHERE tenant_id = $1 AND stream_id IN (SELECT id FROM conversations WHERE tenant_id = $1)),
         sessions AS (SELECT stream_id, ep, at FROM e WHERE kind IN ('opened', 'reopened') AND began = 'bot'),
         turns AS (SELECT stream_id, ep, seq, at FROM e WHERE kind = 'message' AND actor_kind = 'customer' AND said_to = 'bot'
           AND NOT EXISTS (SELECT 1 FROM e h WHERE h.stream_id = e.stream_id AND h.kind = 'human_requested' AND h.of_seq = e.seq)),
         replies AS (SELECT stream_id, of_seq, outcome FROM e WHERE kind = 'message' AND actor_kind = 'bot'),
         requests AS (SELECT stream_id, ep, at FROM e WHERE kind = 'human_requested'),
         ratings AS (SELECT r.stream_id, r.ep, MIN(r.at) AS at,
           (SELECT l.score FROM e l WHERE l.kind = 'rated' AND l.stream_id = r.stream_id AND l.ep = r.ep ORDER BY l.seq DESC LIMIT 1) AS score
           FROM e r JOIN sessions s ON s.stream_id = r.stream_id AND s.ep = r.ep WHERE r.kind = 'rated' GROUP BY r.stream_id, r.ep),
         queued AS (SELECT stream_id, ep, MIN(at) AS at FROM e WHERE kind = 'queued' OR (kind = 'reopened' AND began = 'queue') GROUP BY stream_id, ep),
         ends AS (SELECT stream_id, ep, MIN(seq) AS seq FROM e
           WHERE kind IN ('assigned', 'left_queue') OR (kind = 'reopened' AND began = 'agent') OR (kind = 'resolved' AND outcome = 'abandoned_in_queue') GROUP BY stream_id, ep),
         waits AS (SELECT e.kind, e.at, e.at - q.at AS ms FROM ends x JOIN e ON e.stream_id = x.stream_id AND e.seq = x.seq
           JOIN queued q ON q.stream_id = x.stream_id AND q.ep = x.ep
           WHERE e.kind IN ('left_queue', 'resolved') OR (e.kind = 'assigned' AND e.how IN ('routed', 'taken'))) "
    )
}

/// Every moment at which an indicator was counted in a company.
pub async fn moments(app: &TestApp, tenant: TenantId, question: &str) -> Vec<i64> {
    let sql = format!("{} {question}", views(app.database_url().is_some()));
    let mut tx = app.app().db().read().await.unwrap();
    let rows: Vec<(i64,)> = q!(tx, |c| sqlx::query_as(sqlx::AssertSqlSafe(sql.clone())).bind(tenant.uuid()).fetch_all(c).await).unwrap();
    rows.into_iter().map(|(at,)| at).collect()
}

#[test]
fn every_count_is_said_again() {
    let said: Vec<&str> = MOMENTS.iter().map(|(key, _)| *key).collect();
    assert!(warehouse::DEFINITIONS.counts.iter().all(|count| said.contains(&count.key.as_str())), "`MOMENTS` lacks one of indicators.json");
}
