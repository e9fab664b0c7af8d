//! Every counted indicator, expressed a second time in plain SQL over the record. It shares nothing with the definitions.

use std::collections::BTreeMap;

use db::q;
use domain::id::TenantId;
use testkit_app::TestApp;

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
    (
        "first_reply",
        "SELECT m.at FROM (SELECT stream_id, ep, MIN(at) AS at FROM e WHERE kind = 'message' AND actor_kind = 'agent' GROUP BY stream_id, ep) m
         WHERE EXISTS (SELECT 1 FROM e r WHERE r.stream_id = m.stream_id AND r.ep = m.ep AND (r.kind = 'human_requested' OR (r.kind = 'reopened' AND r.began = 'queue')))",
    ),
    (
        "reply",
        "SELECT at FROM said WHERE (last_reply IS NULL AND kind = 'assigned' AND how <> 'left_message') OR customer > COALESCE(last_reply, since)",
    ),
    // The answer to a left message ends no service: the conversation is reopened with the agent, and assigned to the same one, at once.
    ("handled", "SELECT at FROM held WHERE was = 1 AND how <> 'left_message'"),
    (
        "bot_reply",
        "SELECT MIN(r.at) AS at FROM replies r JOIN turns t ON t.stream_id = r.stream_id AND t.ep = r.ep AND t.seq = r.of_seq
         JOIN sessions s ON s.stream_id = r.stream_id AND s.ep = r.ep GROUP BY r.stream_id, r.ep",
    ),
    ("bot_ended", "SELECT at FROM ended"),
    ("bot_contained", "SELECT at FROM ended WHERE alone = 1"),
    ("bot_confirmed", "SELECT at FROM ended WHERE alone = 1 AND outcome = 'bot_resolved_confirmed' AND away > 259200000"),
    ("bot_assumed", "SELECT at FROM ended WHERE alone = 1 AND outcome = 'bot_resolved_assumed' AND away > 259200000"),
    ("bot_deflected", "SELECT at FROM ended WHERE alone = 1 AND away > 86400000"),
    ("bot_back", "SELECT at FROM ended WHERE alone = 1 AND away <= 259200000"),
    ("turn_answered", "SELECT at FROM answered"),
    (
        "turn_offered",
        "SELECT t.at FROM turns t JOIN answers a ON a.stream_id = t.stream_id AND a.of_seq = t.seq WHERE a.outcome = 'did_you_mean'",
    ),
    ("poor_answer", "SELECT at FROM answered WHERE poor <> ''"),
    ("poor_unhelpful", "SELECT at FROM answered WHERE poor = 'unhelpful'"),
    ("poor_asked", "SELECT at FROM answered WHERE poor = 'asked'"),
    ("poor_repeated", "SELECT at FROM answered WHERE poor = 'repeated'"),
    ("poor_rated", "SELECT at FROM answered WHERE poor = 'rated'"),
    ("work", "SELECT at FROM stretches"),
    ("busy", "SELECT at FROM stretches WHERE contacts > 0"),
    ("request_button", "SELECT at FROM requests WHERE via = 'button'"),
    ("request_words", "SELECT at FROM requests WHERE via = 'words'"),
    ("answer_rated", "SELECT at FROM answered WHERE helpful IS NOT NULL"),
    ("answer_helped", "SELECT at FROM answered WHERE helpful = 'true'"),
    ("handoff_asked", "SELECT at FROM requests WHERE reason = 'asked'"),
    ("handoff_button", "SELECT at FROM requests WHERE reason = 'button'"),
    ("handoff_wish", "SELECT at FROM requests WHERE reason = 'wish'"),
    ("handoff_misses", "SELECT at FROM requests WHERE reason = 'misses'"),
    ("handoff_mood", "SELECT at FROM requests WHERE reason = 'mood'"),
    ("handoff_repetition", "SELECT at FROM requests WHERE reason = 'repetition'"),
    ("handoff_danger", "SELECT at FROM requests WHERE reason = 'danger'"),
    ("bot_rated", "SELECT at FROM rated WHERE person = 0"),
    ("bot_rated_good", "SELECT at FROM rated WHERE person = 0 AND score > 3"),
    ("person_rated", "SELECT at FROM rated WHERE person = 1"),
    ("person_rated_good", "SELECT at FROM rated WHERE person = 1 AND score > 3"),
    ("judged_right", "SELECT at FROM answered WHERE verdict = 'right'"),
    ("judged", "SELECT at FROM answered WHERE verdict IN ('right', 'wrong')"),
];

fn views(postgres: bool) -> String {
    let fact = |name: &str| if postgres { format!("(facts::jsonb ->> '{name}')") } else { format!("CAST(json_extract(facts, '$.{name}') AS TEXT)") };
    let [ep, with, to, of, outcome, score, how] = ["ep", "with", "to", "of", "outcome", "score", "how"].map(fact);
    let [via, entry, verdict, question, reason] = ["via", "entry", "verdict", "question", "reason"].map(fact);
    let [since, until, state, open] = ["since", "until", "state", "open"].map(fact);
    // SQLite reads a truth value as a number.
    let helpful = format!("CASE {} WHEN '1' THEN 'true' WHEN '0' THEN 'false' ELSE {} END", fact("helpful"), fact("helpful"));
    format!(
        "WITH RECURSIVE e AS (SELECT stream_id, seq, kind, at, actor_kind, {ep} AS ep, {with} AS began, {to} AS said_to, CAST({of} AS BIGINT) AS of_seq, {outcome} AS outcome,
           CAST({score} AS BIGINT) AS score, {how} AS how, {via} AS via, {entry} AS entry, {verdict} AS verdict,
           CAST({question} AS BIGINT) AS question, {reason} AS reason, {helpful} AS helpful FROM journal_entries WHERE tenant_id = $1 AND stream_id IN (SELECT id FROM conversations WHERE tenant_id = $1)),
         worked AS (SELECT CAST({since} AS BIGINT) AS at, CAST({until} AS BIGINT) AS until, CAST({open} AS BIGINT) AS contacts, {state} AS state
           FROM journal_entries WHERE tenant_id = $1 AND kind = 'worked'),
         stretches AS (SELECT at, until, contacts FROM worked WHERE at < until AND (state = 'available' OR (state = 'break' AND contacts > 0))
           UNION ALL SELECT at - at % 900000 + 900000, until, contacts FROM stretches WHERE at - at % 900000 + 900000 < until),
         sessions AS (SELECT stream_id, ep, at FROM e WHERE kind IN ('opened', 'reopened') AND began = 'bot'),
         turns AS (SELECT stream_id, ep, seq, at FROM e WHERE kind = 'message' AND actor_kind = 'customer' AND said_to = 'bot'
           AND NOT EXISTS (SELECT 1 FROM e h WHERE h.stream_id = e.stream_id AND h.kind = 'human_requested' AND h.of_seq = e.seq)),
         replies AS (SELECT stream_id, ep, at, of_seq, outcome FROM e WHERE kind = 'message' AND actor_kind = 'bot'),
         requests AS (SELECT stream_id, ep, seq, at, via, reason FROM e WHERE kind = 'human_requested'),
         answers AS (SELECT stream_id, of_seq, outcome, entry FROM e WHERE kind = 'message' AND actor_kind = 'bot'
           AND NOT EXISTS (SELECT 1 FROM e l WHERE l.stream_id = e.stream_id AND l.of_seq = e.of_seq AND l.actor_kind = 'bot' AND l.kind = 'message' AND l.seq > e.seq)),
         verdicts AS (SELECT stream_id, of_seq, verdict FROM e WHERE kind = 'answer_judged'
           AND NOT EXISTS (SELECT 1 FROM e l WHERE l.stream_id = e.stream_id AND l.of_seq = e.of_seq AND l.kind = 'answer_judged' AND l.seq > e.seq)),
         helps AS (SELECT stream_id, question, helpful FROM e WHERE kind = 'answer_rated'
           AND NOT EXISTS (SELECT 1 FROM e l WHERE l.stream_id = e.stream_id AND l.question = e.question AND l.kind = 'answer_rated' AND l.seq > e.seq)),
         scores AS (SELECT stream_id, ep, score, (SELECT MIN(f.at) FROM e f WHERE f.kind = 'rated' AND f.stream_id = e.stream_id AND f.ep = e.ep) AS at FROM e
           WHERE kind = 'rated' AND NOT EXISTS (SELECT 1 FROM e l WHERE l.kind = 'rated' AND l.stream_id = e.stream_id AND l.ep = e.ep AND l.seq > e.seq)),
         rated AS (SELECT at, score, CASE WHEN EXISTS (SELECT 1 FROM e a WHERE a.stream_id = scores.stream_id AND a.ep = scores.ep
             AND (a.kind = 'assigned' OR (a.kind = 'reopened' AND a.began = 'agent'))) THEN 1 ELSE 0 END AS person FROM scores),
         steps AS (SELECT stream_id, ep, seq, at, 1 AS turn FROM turns UNION ALL SELECT stream_id, ep, seq, at, 0 FROM requests
           UNION ALL SELECT stream_id, ep, seq, at, 0 FROM e WHERE kind = 'message' AND actor_kind = 'customer' AND said_to = 'bot'
             AND NOT EXISTS (SELECT 1 FROM turns t WHERE t.stream_id = e.stream_id AND t.seq = e.seq)),
         walked AS (SELECT p.stream_id, p.ep, p.at, p.turn, CASE WHEN a.outcome IN ('confident', 'attribute') THEN a.entry END AS entry, a.outcome, v.verdict, h.helpful,
             LEAD(p.turn) OVER w AS next_turn, LEAD(CASE WHEN a.outcome IN ('confident', 'attribute') THEN a.entry END) OVER w AS next_entry
           FROM steps p LEFT JOIN answers a ON a.stream_id = p.stream_id AND a.of_seq = p.seq AND p.turn = 1
           LEFT JOIN verdicts v ON v.stream_id = p.stream_id AND v.of_seq = p.seq
           LEFT JOIN helps h ON h.stream_id = p.stream_id AND h.question = p.seq
           WINDOW w AS (PARTITION BY p.stream_id, p.ep ORDER BY p.seq)),
         answered AS (SELECT w.at, w.verdict, w.helpful, CASE WHEN w.verdict = 'wrong' THEN 'judged' WHEN w.helpful = 'false' THEN 'unhelpful' WHEN w.next_turn = 0 THEN 'asked'
             WHEN w.next_turn = 1 AND w.next_entry = w.entry THEN 'repeated' WHEN w.next_turn IS NULL AND s.score < 3 THEN 'rated' ELSE '' END AS poor
           FROM walked w LEFT JOIN scores s ON s.stream_id = w.stream_id AND s.ep = w.ep WHERE w.turn = 1 AND w.outcome IN ('confident', 'attribute')),
         returns AS (SELECT stream_id, ep, at FROM e WHERE kind = 'came_back'
           UNION ALL SELECT stream_id, CAST(CAST(ep AS BIGINT) - 1 AS TEXT), at FROM e WHERE kind = 'reopened'),
         first_return AS (SELECT stream_id, ep, MIN(at) AS at FROM returns GROUP BY stream_id, ep),
         ratings AS (SELECT r.stream_id, r.ep, MIN(r.at) AS at,
           (SELECT l.score FROM e l WHERE l.kind = 'rated' AND l.stream_id = r.stream_id AND l.ep = r.ep ORDER BY l.seq DESC LIMIT 1) AS score
           FROM e r JOIN sessions s ON s.stream_id = r.stream_id AND s.ep = r.ep WHERE r.kind = 'rated' GROUP BY r.stream_id, r.ep),
         queued AS (SELECT stream_id, ep, MIN(at) AS at FROM e WHERE kind = 'queued' OR (kind = 'reopened' AND began = 'queue') GROUP BY stream_id, ep),
         ends AS (SELECT stream_id, ep, MIN(seq) AS seq FROM e
           WHERE kind IN ('assigned', 'left_queue') OR (kind = 'reopened' AND began = 'agent') OR (kind = 'resolved' AND outcome = 'abandoned_in_queue') GROUP BY stream_id, ep),
         waits AS (SELECT e.kind, e.at, e.at - q.at AS ms FROM ends x JOIN e ON e.stream_id = x.stream_id AND e.seq = x.seq
           JOIN queued q ON q.stream_id = x.stream_id AND q.ep = x.ep
           WHERE e.kind IN ('left_queue', 'resolved') OR (e.kind = 'assigned' AND e.how IN ('routed', 'taken'))),
         bounds AS (SELECT stream_id, seq, at, kind, COALESCE(how, '') AS how, CASE WHEN kind IN ('assigned', 'reopened') THEN 1 ELSE 0 END AS gets FROM e
           WHERE kind IN ('assigned', 'queued', 'returned', 'handed_back', 'resolved') OR (kind = 'reopened' AND began = 'agent')),
         held AS (SELECT at, how, LAG(gets) OVER (PARTITION BY stream_id ORDER BY seq) AS was FROM bounds),
         before AS (SELECT e.stream_id, e.seq, e.at, e.kind, e.actor_kind, MAX(b.seq) OVER w AS since,
             MAX(CASE WHEN e.kind = 'message' AND e.actor_kind = 'agent' THEN e.seq END) OVER w AS agent,
             MAX(CASE WHEN e.kind = 'message' AND e.said_to = 'agent' THEN e.seq END) OVER w AS customer
           FROM e LEFT JOIN bounds b ON b.stream_id = e.stream_id AND b.seq = e.seq
           WINDOW w AS (PARTITION BY e.stream_id ORDER BY e.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
         said AS (SELECT m.at, m.since, m.customer, b.kind, b.how, CASE WHEN m.agent > m.since THEN m.agent END AS last_reply
           FROM before m JOIN bounds b ON b.stream_id = m.stream_id AND b.seq = m.since AND b.gets = 1
           WHERE m.kind = 'message' AND m.actor_kind = 'agent'),
         marks AS (SELECT stream_id, ep, 'began' AS mark, at FROM sessions UNION ALL SELECT stream_id, ep, 'turn', at FROM turns
           UNION ALL SELECT stream_id, ep, 'request', at FROM requests UNION ALL SELECT stream_id, ep, 'end', at FROM e WHERE kind = 'resolved'),
         marked AS (SELECT stream_id, ep, MIN(CASE WHEN mark = 'end' THEN at END) AS at, MAX(CASE WHEN mark = 'began' THEN 1 END) AS began,
           MAX(CASE WHEN mark = 'turn' THEN 1 END) AS turn, MAX(CASE WHEN mark = 'request' THEN 1 END) AS request FROM marks GROUP BY stream_id, ep),
         ended AS (SELECT m.at, x.outcome, CASE WHEN m.request = 1 OR x.outcome IN ('left_message', 'resolved') THEN 0 ELSE 1 END AS alone,
             COALESCE(r.at - m.at, 1000000000000) AS away FROM marked m
           LEFT JOIN first_return r ON r.stream_id = m.stream_id AND r.ep = m.ep
           JOIN episodes x ON x.tenant_id = $1 AND x.conversation_id = m.stream_id AND CAST(x.number AS TEXT) = m.ep
           WHERE m.began = 1 AND m.turn = 1 AND m.at IS NOT NULL) "
    )
}

/// Every moment at which an indicator was counted in a company.
pub async fn moments(app: &TestApp, tenant: TenantId, question: &str) -> Vec<i64> {
    let sql = format!("{} {question}", views(app.database_url().is_some()));
    let mut tx = app.app().db().read().await.unwrap();
    let rows: Vec<(i64,)> = q!(tx, |c| sqlx::query_as(sqlx::AssertSqlSafe(sql.clone())).bind(tenant.uuid()).fetch_all(c).await).unwrap();
    rows.into_iter().map(|(at,)| at).collect()
}

/// The moments of all of [`MOMENTS`], in one statement: what they share is read once.
pub async fn all_moments(app: &TestApp, tenant: TenantId) -> BTreeMap<&'static str, Vec<i64>> {
    let questions: Vec<String> = MOMENTS.iter().enumerate().map(|(n, (_, question))| format!("SELECT {n} AS n, q.at FROM ({question}) q")).collect();
    let sql = format!("{} {}", views(app.database_url().is_some()), questions.join(" UNION ALL "));
    let mut tx = app.app().db().read().await.unwrap();
    let rows: Vec<(i32, i64)> = q!(tx, |c| sqlx::query_as(sqlx::AssertSqlSafe(sql.clone())).bind(tenant.uuid()).fetch_all(c).await).unwrap();
    let mut all: BTreeMap<&str, Vec<i64>> = MOMENTS.iter().map(|(key, _)| (*key, Vec::new())).collect();
    for (n, at) in rows {
        all.get_mut(MOMENTS[n as usize].0).unwrap().push(at);
    }
    all
}

#[test]
fn every_count_is_said_again() {
    let said: Vec<&str> = MOMENTS.iter().map(|(key, _)| *key).collect();
    assert!(warehouse::DEFINITIONS.counts().all(|count| said.contains(&count.key.as_str())), "`MOMENTS` lacks one of indicators.json");
}
