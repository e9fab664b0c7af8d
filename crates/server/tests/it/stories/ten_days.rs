//! Ten days of two companies, one on Shanghai time and one on Berlin time, across the end of summer time: live panel, offline panel and plain SQL over the
//! record agree on every day and every indicator. The SQL shares nothing with the definitions.

use db::q;
use domain::{
    id::ConversationId,
    rating,
    staff::Role,
    time::{DAY, HOUR, MINUTE, Ts},
};
use serde_json::{Value, json};
use testkit::{Company, eventually};
use testkit_app::{StaffClient, TestApp, VisitorClient};
use testkit_server::Realtime;

use crate::stories::{
    moments::{all_moments, moments},
    people::{first, new_conversation, post, send, staff_socket, text},
};

/// 2026-10-20T00:00Z; in Berlin the clock goes back at 01:00Z on the 25th.
const START: Ts = Ts(1_792_454_400_000);
const CLOCK_BACK: i64 = START.0 + 5 * DAY + HOUR;
const DAYS: usize = 10;
/// Rounds per day; the clock advances in each.
const ROUNDS: usize = 60;
const VISITORS: usize = 14;
const ACTIONS: usize = 5_000;
/// What customers rate, however long the scale is: enough ratings are in its middle.
const SCORES: [i64; 5] = [rating::WORST, rating::MIDDLE - 1, rating::MIDDLE, rating::MIDDLE + 1, rating::BEST];

/// What the bot can answer.
const KNOWN: &str = "how do I change my plan";

/// A time zone's offset from UTC, as a printed calendar would give it.
fn ahead(zone: &str, at: i64) -> i64 {
    match zone {
        "Asia/Shanghai" => 8 * HOUR,
        _ if at < CLOCK_BACK => 2 * HOUR,
        _ => HOUR,
    }
}

/// The number of the day since 1970 in a time zone.
fn day_of(zone: &str, at: i64) -> i64 {
    (at + ahead(zone, at)).div_euclid(DAY)
}

/// The date of a day in October or November 2026, given as days since 1970.
fn written(day: i64) -> String {
    let of_october = day - START.0.div_euclid(DAY) + 20;
    if of_october <= 31 { format!("2026-10-{of_october:02}") } else { format!("2026-11-{:02}", of_october - 31) }
}

struct Random(u64);
impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

/// A company on one day: who is present.
struct Shift {
    company: Company,
    agent: StaffClient,
    manager: StaffClient,
    _desk: Realtime,
    visitors: Vec<(VisitorClient, String)>,
}

async fn shift(app: &TestApp, company: &Company, day: usize) -> Shift {
    let agent = app.staff_of(company, Role::Agent, &format!("ada-{day}")).await;
    let desk = staff_socket(&agent, &[]).await;
    desk::jobs::keep_leases::step(app.app()).await.unwrap();
    agent.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
    let mut visitors = Vec::new();
    for _ in 0..VISITORS {
        visitors.push((app.visitor_of(company).await, new_conversation()));
    }
    let manager = app.staff_of(company, Role::Manager, &format!("mel-{day}")).await;
    Shift { company: company.clone(), agent, manager, _desk: desk, visitors }
}

/// The agent answers and resolves at most this many of its conversations; returns the number of actions.
async fn settle(agent: &StaffClient, most: usize) -> usize {
    let mine = agent.get("/api/v1/conversations?list=mine").await.expect(200);
    let mut done = 0;
    for row in mine["items"].as_array().unwrap().iter().take(most) {
        let id = row["id"].as_str().unwrap();
        post(agent, vec![send(id, text("on it")), send(id, json!({"type": "resolve"}))]).await;
        done += 2;
    }
    done
}

/// A new visitor of a company asks the bot what it knows, and has its answer.
async fn ask_bot(app: &TestApp, company: &Company) -> (VisitorClient, String) {
    let (visitor, conversation) = (app.visitor_of(company).await, new_conversation());
    post(&visitor, vec![first(&conversation, text(KNOWN))]).await;
    // The opening, the question, the answer.
    let id: ConversationId = conversation.parse().unwrap();
    eventually("the bot has answered", async || {
        let mut tx = app.app().db().read().await.unwrap();
        let head = db::journal::head(&mut tx, company.tenant, id.uuid()).await.unwrap();
        (head.seq >= 3).then_some(())
    })
    .await;
    (visitor, conversation)
}

/// One visitor does several things, and now and then the agent does too; returns the number of actions.
async fn act(app: &TestApp, shift: &mut Shift, random: &mut Random) -> usize {
    let n = random.below(VISITORS);
    let (visitor, conversation) = &mut shift.visitors[n];
    let frames: Vec<Value> = (0..10)
        .map(|_| match random.below(16) {
            0..=5 => first(conversation, text(["hello", KNOWN, "how much is it", "a human please", "thanks", "?!", KNOWN][random.below(7)])),
            6 | 7 => first(conversation, json!({"type": "request_human", "via": "button"})),
            8 | 9 => send(conversation, json!({"type": "leave_queue"})),
            10 | 11 => send(conversation, json!({"type": "end"})),
            _ => send(conversation, json!({"type": "rate", "score": SCORES[random.below(SCORES.len())]})),
        })
        .collect();
    let mut done = frames.len();
    if post(visitor, frames).await.iter().any(|answer| answer["code"] == "conversation_closed") {
        *conversation = new_conversation();
    }
    if random.below(2) == 0 {
        done += settle(&shift.agent, 3).await;
    }
    // Now and then somebody asks the bot alone, and says that it helped; or says only of the answer whether it did, before or after the end.
    if random.below(12) == 0 {
        let (visitor, conversation) = ask_bot(app, &shift.company).await;
        let (end, rate) = (json!({"type": "end"}), json!({"type": "rate", "score": rating::BEST, "solved": true}));
        let judge = json!({"type": "judge_answer", "answer": 1, "helpful": random.below(2) == 0});
        let acts = [vec![end.clone(), rate.clone()], vec![judge.clone(), end.clone()], vec![end.clone(), judge.clone()], vec![judge, end, rate]];
        let acts = &acts[random.below(acts.len())];
        done += 1 + acts.len();
        post(&visitor, acts.iter().map(|act| send(&conversation, act.clone())).collect()).await;
    }
    // Now and then somebody has another question after the end.
    if random.below(12) == 0 {
        let (visitor, conversation) = ask_bot(app, &shift.company).await;
        post(&visitor, vec![send(&conversation, json!({"type": "end"})), send(&conversation, text(KNOWN))]).await;
        done += 3;
    }
    // Now and then somebody judges an answer, and sometimes thinks again.
    if random.below(4) == 0 {
        app.feed_panel().await;
        let sample = shift.manager.get("/api/v1/bot-answers/sample").await.expect(200);
        for item in sample["items"].as_array().unwrap().iter().take(2) {
            for verdict in [["right", "wrong", "unclear"][random.below(3)], ["right", "wrong"][random.below(2)]].iter().take(1 + random.below(2)) {
                let judged = json!({"conversation": item["conversation"], "of": item["of"], "verdict": verdict});
                shift.manager.post("/api/v1/bot-answers/judgements", judged).await.expect(204);
                done += 1;
            }
        }
    }
    // Now and then somebody only wants a person, and one is free within a minute.
    if random.below(3) == 0 {
        let (visitor, conversation) = (app.visitor_of(&shift.company).await, new_conversation());
        post(&visitor, vec![first(&conversation, text("hello")), send(&conversation, json!({"type": "request_human", "via": "button"}))]).await;
        app.clock.advance(random.below(40_000) as i64);
        done += 3 + settle(&shift.agent, usize::MAX).await;
        post(&shift.agent, vec![send(&conversation, json!({"type": "take"}))]).await;
        // Most of them are served, and rate it.
        if random.below(8) > 0 {
            post(&shift.agent, vec![send(&conversation, text("done")), send(&conversation, json!({"type": "resolve"}))]).await;
            post(&visitor, vec![send(&conversation, json!({"type": "rate", "score": SCORES[random.below(SCORES.len())]}))]).await;
            done += 3;
            if random.below(4) == 0 {
                post(&visitor, vec![send(&conversation, text("one more thing"))]).await;
                done += 1;
            }
        }
    }
    done
}

/// Teaches the bot of a company its only answer.
async fn teach(app: &TestApp, company: &Company) {
    let mira = app.staff_of(company, Role::Manager, "mira").await;
    let category = mira.post("/api/v1/knowledge/categories", json!({"name": {"zh": "套餐", "en": "Plans"}})).await.expect(201)["key"].clone();
    let entry = json!({"category": category, "question": {"en": KNOWN}, "answer": {"en": "In any shop."}});
    mira.post("/api/v1/knowledge/entries", entry).await.expect(201);
    let revision = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
    mira.post("/api/v1/knowledge/publish", json!({"revision": revision})).await.expect(200);
}

/// Plays ten days in both companies.
async fn live_through(app: &TestApp, companies: &[Company; 2]) {
    let (mut random, mut done) = (Random(0x9E37_79B9_7F4A_7C15), 0);
    for day in 0..DAYS {
        let mut shifts = [shift(app, &companies[0], day).await, shift(app, &companies[1], day).await];
        for round in 0..ROUNDS {
            done += act(app, &mut shifts[random.below(2)], &mut random).await;
            for shift in &shifts {
                // A session that nobody uses ends.
                shift.manager.get("/api/v1/me").await.expect(200);
                store::entry_points::agents_seen(app.app().db(), vec![(shift.company.tenant, shift.agent.member.id)], app.env().now()).await.unwrap();
            }
            service::work::note(app.app().db(), app.env().now()).await.unwrap();
            let into = (round as i64 + 1) * DAY / ROUNDS as i64 - random.below(20 * MINUTE as usize) as i64;
            let next = Ts(START.0 + day as i64 * DAY + into);
            app.clock.set(next.max(domain::time::Clock::now(&app.clock)));
            if round % 4 == 0 {
                desk::jobs::keep_leases::step(app.app()).await.unwrap();
                desk::jobs::sweep_conversations::step(app.app()).await.unwrap();
            }
        }
        for shift in &shifts {
            shift.agent.put("/api/v1/me/state", json!({"state": "offline"})).await;
        }
        app.clock.set(Ts(START.0 + (day as i64 + 1) * DAY));
    }
    assert!(done >= ACTIONS, "{done} actions");
    // Customers who went back to the bot before it had answered are answered by the sweep.
    app.clock.advance(MINUTE);
    eventually("the bot is done", || async {
        desk::jobs::sweep_conversations::step(app.app()).await.unwrap();
        let open = store::entry_points::unanswered_by_bot(app.app().db(), Ts(i64::MAX), Ts(i64::MAX), 10).await.unwrap();
        open.is_empty().then_some(())
    })
    .await;
    app.feed_panel().await;
}

fn points(metric: &Value) -> &Vec<Value> {
    metric["series"][0]["points"].as_array().unwrap()
}

/// Compares every day and every indicator in both zones, and the live panel in the company's own time zone.
async fn compare(app: &TestApp, company: &Company, own: &str) {
    let manager = app.staff_of(company, Role::Manager, "grace").await;
    let live = manager.get("/api/v1/panel").await.expect(200);
    let now = live["as_of"].as_i64().unwrap();
    assert_eq!(live["time_zone"], own);
    let minute = now - now % MINUTE;
    let all = all_moments(app, company.tenant).await;
    for zone in ["Asia/Shanghai", "Europe/Berlin"] {
        let (first_day, today) = (day_of(zone, START.0), day_of(zone, now));
        let path = format!("/api/v1/metrics?from={}&to={}&tz={zone}", written(first_day), written(today));
        let metrics = manager.get(&path).await.expect(200);
        let metric = |key: &str| metrics["items"].as_array().unwrap().iter().find(|one| one["key"] == key).unwrap().clone();
        for (key, counted) in &all {
            // The bot knows a single answer here: it hardly asks back, and its answers are not often the last word.
            let is_rare = ["poor_", "handoff_", "answer_"].iter().any(|begins| key.starts_with(begins)) || ["turn_offered", "bot_assumed"].contains(key);
            assert!(counted.len() > DAYS || is_rare, "there is too little of {key}: {}", counted.len());
            let offline = metric(key);
            for (n, point) in points(&offline).iter().enumerate() {
                let day = first_day + n as i64;
                let expected = counted.iter().filter(|at| day_of(zone, **at) == day).count();
                assert_eq!(point["value"], expected, "{key} on {} in {zone}", written(day));
                let length = (point["to"].as_i64().unwrap() - point["from"].as_i64().unwrap()) / HOUR;
                let expected = if zone == "Europe/Berlin" && written(day) == "2026-10-25" { 25 } else { 24 };
                assert!(length == expected || day == today, "{} of {zone} has {length} hours", written(day));
            }
            assert_eq!(points(&offline).len() as i64, today - first_day + 1);
            assert_eq!(offline["series"][0]["total"], counted.len(), "{key} in all, {zone}");
            let behind =
                manager.get(&format!("/api/v1/metrics/{key}/conversations?from={}&to={}&tz={zone}", written(today - 2), written(today - 2))).await.expect(200);
            assert_eq!(behind["count"], points(&offline)[(today - 2 - first_day) as usize]["value"], "{key}: the list behind a day");
            if zone == own && live["today"].get(*key).is_some() {
                assert_eq!(live["today"][key], points(&offline)[(today - first_day) as usize]["value"], "{key}: live and offline today");
                let last = counted.iter().filter(|at| (minute - 59 * MINUTE..minute + MINUTE).contains(at)).count();
                assert_eq!(live["last_60"][key], last, "{key} in the last 60 minutes");
            }
        }
        for (ratio, part, whole) in [
            ("good_ratio", "rating_good", "session_rated"),
            ("mid_ratio", "rating_mid", "session_rated"),
            ("poor_ratio", "rating_poor", "session_rated"),
            ("service_level", "answered_in_time", "wait_ended"),
            ("abandonment", "abandoned", "wait_ended"),
            ("transfer_ratio", "session_transferred", "session_created"),
            ("no_answer_ratio", "no_answer", "dialogue"),
            ("containment", "bot_contained", "bot_ended"),
            ("deflection", "bot_deflected", "bot_ended"),
            ("poor_answer_ratio", "poor_answer", "turn_answered"),
            ("precision", "judged_right", "judged"),
            ("first_reply_mean", "first_reply_sum", "first_reply"),
        ] {
            for (n, point) in points(&metric(ratio)).iter().enumerate() {
                let of = |key: &str| points(&metric(key))[n]["value"].as_f64().unwrap();
                let whole = of(whole);
                let (told, expected) = (point["value"].as_f64(), (whole > 0.0).then(|| of(part) / whole));
                // The last digit may be lost on the way through JSON.
                let is = told.zip(expected).map_or(told == expected, |(told, expected)| (told - expected).abs() <= 1e-12 * expected.abs());
                assert!(is, "{ratio}: {told:?}, not {expected:?}");
            }
        }
    }
    // Without repeated requests in a session, changed ratings, and reopened sessions, this would prove little.
    let count = async |question: &str| moments(app, company.tenant, question).await.len();
    assert!(count("SELECT at FROM requests").await > count("SELECT MIN(at) AS at FROM requests GROUP BY stream_id, ep").await);
    assert!(count("SELECT at FROM e WHERE kind = 'rated'").await > count("SELECT at FROM ratings").await);
    assert!(
        count("SELECT at FROM e WHERE kind = 'reopened' AND began = 'bot'").await > 0
            && count("SELECT at FROM e WHERE kind = 'reopened' AND began <> 'bot'").await > 0
    );
}

async fn ten_days(app: TestApp) {
    app.clock.set(START);
    let companies = [app.company.clone(), app.other_company("berlin").await];
    let berlin = companies[1].tenant;
    let moved = app.app().db().writer().write::<_, db::Error, _>(db::Shard::Any, move |tx| {
        Box::pin(async move {
            let sql = "UPDATE tenants SET time_zone = 'Europe/Berlin' WHERE id = $1";
            Ok(q!(tx, |c| sqlx::query(sql).bind(berlin.uuid()).execute(c).await.map(drop))?)
        })
    });
    moved.await.unwrap();
    for company in &companies {
        teach(&app, company).await;
    }
    live_through(&app, &companies).await;
    compare(&app, &companies[0], "Asia/Shanghai").await;
    compare(&app, &companies[1], "Europe/Berlin").await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_day_of_ten_is_the_same_live_offline_and_in_plain_sql() {
    ten_days(TestApp::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_day_of_ten_is_the_same_live_offline_and_in_plain_sql_on_postgresql() {
    let Some(app) = TestApp::on_postgres().await else { return };
    ten_days(app).await;
}
