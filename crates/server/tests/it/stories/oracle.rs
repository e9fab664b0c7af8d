//! The panel against an independent reading of the record: plain SQL over the journal, which shares nothing with the definitions.

use db::q;
use domain::{rating, time::MINUTE};
use serde_json::json;
use testkit::eventually;
use testkit_app::TestApp;

use crate::stories::{
    moments::{MOMENTS, all_moments, moments},
    people::{first, new_conversation, post, send, text, working_agent},
};

/// The number of episodes that ended with the bot but whose recorded outcome does not match the bot's last answer; small talk is not an answer.
async fn oracle_of_outcomes(app: &TestApp) -> i64 {
    let wrong = "SELECT COUNT(*) FROM e x WHERE x.kind = 'resolved' AND x.outcome IN ('bot_resolved_assumed', 'bot_unanswered', 'dropped')
        AND x.outcome <> COALESCE((SELECT CASE WHEN b.outcome IN ('confident', 'attribute') THEN 'bot_resolved_assumed' ELSE 'bot_unanswered' END
          FROM e b WHERE b.stream_id = x.stream_id AND b.ep = x.ep AND b.kind = 'message' AND b.actor_kind = 'bot' AND b.seq < x.seq AND b.outcome <> 'small_talk'
          ORDER BY b.seq DESC LIMIT 1), 'dropped')";
    let ended = "SELECT COUNT(DISTINCT outcome) FROM e WHERE kind = 'resolved' AND outcome IN ('bot_unanswered', 'dropped')";
    assert_eq!(moments(app, app.company.tenant, ended).await, [2], "some ended without an answer, and some before anything was asked");
    moments(app, app.company.tenant, wrong).await[0]
}

/// Whether the live panel shows it; what it leaves out is read from the days.
fn is_live(key: &str) -> bool {
    warehouse::DEFINITIONS.live_keys().any(|live| live == key)
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

/// Lets the bot and the jobs do everything they would do at this moment, so that nothing happens between two counts.
async fn nothing_is_left_to_do(app: &TestApp) {
    let entries = async || {
        let mut tx = app.app().db().read().await.unwrap();
        let (count,): (i64,) = q!(tx, |c| sqlx::query_as("SELECT COUNT(*) FROM journal_entries").fetch_one(c).await).unwrap();
        count
    };
    eventually("nothing is left to do", async || {
        let before = entries().await;
        app.bot_is_done().await;
        desk::jobs::keep_leases::step(app.app()).await.unwrap();
        desk::jobs::sweep_conversations::step(app.app()).await.unwrap();
        desk::jobs::route_waiting::step(app.app()).await.unwrap();
        service::work::note(app.app().db(), app.env().now()).await.unwrap();
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
                _ => send(conversation, json!({"type": "rate", "score": rating::WORST + random.below(rating::BEST as u64) as i64})),
            });
        }
        done += frames.len();
        let answers = post(visitor, frames).await;
        if answers.iter().any(|a| a["code"] == "conversation_closed") {
            *conversation = new_conversation();
        }
        // Now and then, the agent answers and resolves what it has.
        if random.below(3) == 0 {
            let mine = ada.get("/api/v1/conversations?list=mine").await.expect(200);
            for row in mine["items"].as_array().unwrap() {
                let id = row["id"].as_str().unwrap();
                post(&ada, vec![send(id, text("on it")), send(id, json!({"type": "resolve"}))]).await;
                done += 2;
            }
        }
        // Mostly, the agent's console is there.
        if random.below(4) > 0 {
            store::entry_points::agents_seen(app.app().db(), vec![(app.company.tenant, ada.member.id)], app.env().now()).await.unwrap();
            service::work::note(app.app().db(), app.env().now()).await.unwrap();
        }
        if random.below(20) == 0 {
            desk::jobs::keep_leases::step(app.app()).await.unwrap();
            desk::jobs::sweep_conversations::step(app.app()).await.unwrap();
        }
    }
    nothing_is_left_to_do(&app).await;
    app.feed_panel().await;
    let panel = manager.get("/api/v1/panel").await.expect(200);
    let now = panel["as_of"].as_i64().unwrap();
    let (from, to) = (panel["window"]["from"].as_i64().unwrap(), panel["window"]["to"].as_i64().unwrap());
    let minute = now - now % MINUTE;
    let path = format!("/api/v1/metrics?from={from}&to={}&grain=hour", minute + MINUTE);
    let metrics = manager.get(&path).await.expect(200)["items"].as_array().unwrap().clone();
    assert_eq!(oracle_of_outcomes(&app).await, 0, "an episode ended with the bot otherwise than its last answer says");
    for (key, counted) in all_moments(&app, app.company.tenant).await {
        let within = |from: i64, to: i64| counted.iter().filter(|at| (from..to).contains(at)).count();
        let expected = within(from, to);
        if is_live(key) {
            assert_eq!(panel["today"][key], expected, "{key} today");
            let last = within(minute - 59 * MINUTE, minute + MINUTE);
            assert_eq!(panel["last_60"][key], last, "{key} in the last 60 minutes");
        } else {
            let offline = metrics.iter().find(|metric| metric["key"] == key).unwrap();
            assert_eq!(offline["series"][0]["total"], expected, "{key} today");
        }
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
    for (key, _) in MOMENTS.iter().filter(|(key, _)| is_live(key)) {
        assert_eq!(panel["today"][key], 0, "{key}");
    }
    for ratio in ["good_ratio", "mid_ratio", "poor_ratio", "service_level", "abandonment"] {
        assert!(panel["today"][ratio].is_null(), "{ratio}");
    }
    app.stop().await;
}
