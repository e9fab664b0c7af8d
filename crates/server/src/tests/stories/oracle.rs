//! The panel against an independent reading of the record: plain SQL over the journal, which shares nothing with the definitions.

use db::q;
use domain::time::MINUTE;
use serde_json::json;
use testkit::eventually;

use crate::{
    testing::TestApp,
    tests::stories::people::{first, new_conversation, post, send, text, working_agent},
};

/// What docs/METRICS.md says, said again in SQL. `$1`, `$2`: from, to.
const ORACLE: &[(&str, &str)] = &[
    ("session_created", "SELECT COUNT(*) FROM bot_sessions WHERE at >= $1 AND at < $2"),
    (
        "session_used",
        "SELECT COUNT(*) FROM (SELECT MIN(t.at) AS at FROM turns t JOIN bot_sessions s ON s.stream_id = t.stream_id AND s.ep = t.ep GROUP BY t.stream_id, t.ep) x WHERE at >= $1 AND at < $2",
    ),
    (
        "session_transferred",
        "SELECT COUNT(*) FROM (SELECT MIN(r.at) AS at FROM requests r JOIN bot_sessions s ON s.stream_id = r.stream_id AND s.ep = r.ep GROUP BY r.stream_id, r.ep) x WHERE at >= $1 AND at < $2",
    ),
    ("session_rated", "SELECT COUNT(*) FROM ratings WHERE at >= $1 AND at < $2"),
    ("rating_good", "SELECT COUNT(*) FROM ratings WHERE score > 3 AND at >= $1 AND at < $2"),
    ("rating_mid", "SELECT COUNT(*) FROM ratings WHERE score = 3 AND at >= $1 AND at < $2"),
    ("rating_poor", "SELECT COUNT(*) FROM ratings WHERE score < 3 AND at >= $1 AND at < $2"),
    ("dialogue", "SELECT COUNT(*) FROM turns WHERE at >= $1 AND at < $2"),
    (
        "no_answer",
        "SELECT COUNT(*) FROM turns t WHERE EXISTS (SELECT 1 FROM replies r WHERE r.stream_id = t.stream_id AND r.of = t.seq AND r.outcome = 'no_answer') AND at >= $1 AND at < $2",
    ),
    ("transfer_request", "SELECT COUNT(*) FROM requests WHERE at >= $1 AND at < $2"),
    ("wait_ended", "SELECT COUNT(*) FROM waits WHERE (kind = 'assigned' OR ms > 5000) AND at >= $1 AND at < $2"),
    ("answered", "SELECT COUNT(*) FROM waits WHERE kind = 'assigned' AND at >= $1 AND at < $2"),
    ("answered_in_time", "SELECT COUNT(*) FROM waits WHERE kind = 'assigned' AND ms <= 20000 AND at >= $1 AND at < $2"),
    ("abandoned", "SELECT COUNT(*) FROM waits WHERE kind <> 'assigned' AND ms > 5000 AND at >= $1 AND at < $2"),
];

const VIEWS: &str = "
WITH e AS (SELECT stream_id, seq, kind, at, actor_kind, facts -> '$' AS f, facts ->> 'ep' AS ep FROM journal_entries),
bot_sessions AS (SELECT stream_id, ep, at FROM e WHERE kind IN ('opened', 'reopened') AND f ->> 'with' = 'bot'),
turns AS (SELECT stream_id, ep, seq, at FROM e WHERE kind = 'message' AND actor_kind = 'customer' AND f ->> 'to' = 'bot'
    AND NOT EXISTS (SELECT 1 FROM journal_entries h WHERE h.stream_id = e.stream_id AND h.kind = 'human_requested' AND h.facts ->> 'of' = e.seq)),
replies AS (SELECT stream_id, f ->> 'of' AS of, f ->> 'outcome' AS outcome FROM e WHERE kind = 'message' AND actor_kind = 'bot'),
requests AS (SELECT stream_id, ep, at FROM e WHERE kind = 'human_requested'),
ratings AS (SELECT r.stream_id, r.ep, MIN(r.at) AS at,
    (SELECT l.f ->> 'score' FROM e l WHERE l.kind = 'rated' AND l.stream_id = r.stream_id AND l.ep = r.ep ORDER BY l.seq DESC LIMIT 1) AS score
  FROM e r JOIN bot_sessions s ON s.stream_id = r.stream_id AND s.ep = r.ep WHERE r.kind = 'rated' GROUP BY r.stream_id, r.ep),
waits AS (SELECT x.kind, x.at, x.at - (SELECT MIN(b.at) FROM e b WHERE b.stream_id = x.stream_id AND b.ep = x.ep AND (b.kind = 'queued' OR (b.kind = 'reopened' AND b.f ->> 'with' = 'queue'))) AS ms
  FROM e x WHERE x.seq = (SELECT MIN(y.seq) FROM e y WHERE y.stream_id = x.stream_id AND y.ep = x.ep
    AND (y.kind IN ('assigned', 'left_queue') OR (y.kind = 'reopened' AND y.f ->> 'with' = 'agent') OR (y.kind = 'resolved' AND y.f ->> 'outcome' = 'abandoned_in_queue')))
  AND (x.kind IN ('left_queue', 'resolved') OR (x.kind = 'assigned' AND x.f ->> 'how' IN ('routed', 'taken'))))
";

async fn oracle(app: &TestApp, indicator: &str, from: i64, to: i64) -> i64 {
    let (_, question) = ORACLE.iter().find(|(key, _)| *key == indicator).unwrap();
    let sql = format!("{VIEWS} {question}");
    let mut tx = app.app().db().read().await.unwrap();
    let (count,): (i64,) = q!(tx, |c| sqlx::query_as(sqlx::AssertSqlSafe(sql.clone())).bind(from).bind(to).fetch_one(c).await).unwrap();
    count
}

/// How many episodes that ended with the bot are said to have ended otherwise than by what the bot answered last; small talk is no answer.
async fn oracle_of_outcomes(app: &TestApp) -> i64 {
    let question = "SELECT COUNT(*) FROM e x WHERE x.kind = 'resolved' AND x.f ->> 'outcome' IN ('bot_resolved_assumed', 'bot_unanswered', 'dropped')
        AND x.f ->> 'outcome' <> COALESCE((SELECT CASE WHEN b.f ->> 'outcome' IN ('confident', 'attribute') THEN 'bot_resolved_assumed' ELSE 'bot_unanswered' END
          FROM e b WHERE b.stream_id = x.stream_id AND b.ep = x.ep AND b.kind = 'message' AND b.actor_kind = 'bot' AND b.seq < x.seq AND b.f ->> 'outcome' <> 'small_talk'
          ORDER BY b.seq DESC LIMIT 1), 'dropped')";
    let ended = "SELECT COUNT(DISTINCT f ->> 'outcome') FROM e WHERE kind = 'resolved' AND f ->> 'outcome' IN ('bot_unanswered', 'dropped')";
    let count = async |question: &str| {
        let sql = format!("{VIEWS} {question}");
        let mut tx = app.app().db().read().await.unwrap();
        let (count,): (i64,) = q!(tx, |c| sqlx::query_as(sqlx::AssertSqlSafe(sql.clone())).fetch_one(c).await).unwrap();
        count
    };
    assert_eq!(count(ended).await, 2, "some ended without an answer, and some before anything was asked");
    count(question).await
}

struct Random(u64);
impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// Lets the bot and the jobs do all they would do at this moment, so that nothing happens between two counts.
async fn nothing_is_left_to_do(app: &TestApp) {
    let entries = async || {
        let mut tx = app.app().db().read().await.unwrap();
        let (count,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM journal_entries").fetch_one(c).await).unwrap();
        count
    };
    eventually("nothing is left to do", async || {
        let before = entries().await;
        app.bot_is_done().await;
        crate::jobs::keep_leases::step(app.app()).await.unwrap();
        crate::jobs::sweep_conversations::step(app.app()).await.unwrap();
        crate::jobs::route_waiting::step(app.app()).await.unwrap();
        (entries().await == before).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_equals_an_independent_count_after_five_thousand_random_actions() {
    const ACTIONS: usize = 5000;
    let app = TestApp::new().await;
    let manager = app.manager("grace").await;
    let (ada, _desk) = working_agent(&app, "ada").await;
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let mut visitors = Vec::new();
    for _ in 0..60 {
        visitors.push((app.visitor().await, new_conversation()));
    }
    let mut done = 0;
    while done < ACTIONS {
        app.clock.advance(random.below(3 * MINUTE as u64) as i64);
        let n = random.below(60) as usize;
        let (visitor, conversation) = &mut visitors[n];
        let mut frames = Vec::new();
        for _ in 0..12 {
            frames.push(match random.below(14) {
                0..=5 => first(conversation, text(["hello", "how much is it", "?!", "a human please", "thanks"][random.below(5) as usize])),
                6 | 7 => first(conversation, json!({"type": "request_human", "via": "button"})),
                8 => send(conversation, json!({"type": "leave_queue"})),
                9 | 10 => send(conversation, json!({"type": "end"})),
                _ => send(conversation, json!({"type": "rate", "score": 1 + random.below(5)})),
            });
        }
        done += frames.len();
        let answers = post(visitor, frames).await;
        if answers.iter().any(|a| a["code"] == "conversation_closed") {
            *conversation = new_conversation();
        }
        // The agent answers and settles what it has, now and then.
        if random.below(3) == 0 {
            let mine = ada.get("/api/v1/conversations?list=mine").await.expect(200);
            for row in mine["items"].as_array().unwrap() {
                let id = row["id"].as_str().unwrap();
                post(&ada, vec![send(id, text("on it")), send(id, json!({"type": "resolve"}))]).await;
                done += 2;
            }
        }
        if random.below(20) == 0 {
            crate::jobs::keep_leases::step(app.app()).await.unwrap();
            crate::jobs::sweep_conversations::step(app.app()).await.unwrap();
        }
    }
    nothing_is_left_to_do(&app).await;
    app.feed_panel().await;
    let panel = manager.get("/api/v1/panel").await.expect(200);
    let now = panel["as_of"].as_i64().unwrap();
    let (from, to) = (panel["window"]["from"].as_i64().unwrap(), panel["window"]["to"].as_i64().unwrap());
    let minute = now - now % MINUTE;
    assert_eq!(oracle_of_outcomes(&app).await, 0, "an episode ended with the bot otherwise than its last answer says");
    for (key, _) in ORACLE {
        let expected = oracle(&app, key, from, to).await;
        assert_eq!(panel["today"][key], expected, "{key} today");
        let last = oracle(&app, key, minute - 59 * MINUTE, minute + MINUTE).await;
        assert_eq!(panel["last_60"][key], last, "{key} in the last 60 minutes");
        let behind = manager.get(&format!("/api/v1/panel/{key}/conversations?window=today")).await.expect(200);
        assert_eq!(behind["count"], expected, "{key}: the list behind the number");
        println!("{key}: {expected}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_is_right_with_nothing_at_all() {
    let app = TestApp::new().await;
    let manager = app.manager("grace").await;
    let panel = manager.get("/api/v1/panel").await.expect(200);
    for (key, _) in ORACLE {
        assert_eq!(panel["today"][key], 0, "{key}");
    }
    for ratio in ["good_ratio", "mid_ratio", "poor_ratio", "service_level", "abandonment"] {
        assert!(panel["today"][ratio].is_null(), "{ratio}");
    }
    app.stop().await;
}
