//! The demo's first start, whatever the day: nothing of its past alarms anybody, and what its pages show is there.

use db::feed::{self, Cursor};
use domain::{
    id::TenantId,
    staff::Role,
    time::{DAY, HOUR},
};
use knowledge::jobs::{learn_recommendations, note_unanswered};
use serde_json::Value;
use service::{danger, follow::Follower};
use testkit::clock::START;
use testkit_app::{StaffClient, TestApp};
use warehouse::DEFINITIONS;

/// How many poor answers the page shows at first.
const SHOWN: usize = 10;

/// At four moments of a year; with `ALL` set, as `make test-all` does, at twelve.
#[tokio::test(flavor = "multi_thread")]
async fn the_demo_begins_the_same_on_any_day() {
    let step = if std::env::var_os("ALL").is_some() { 1 } else { 3 };
    for moment in (0..12).step_by(step) {
        let now = START.plus(moment * (33 * DAY + 5 * HOUR));
        let app = TestApp::with_demo_since(now).await;
        let demo = app.demo().await;
        let mira = app.staff_of(&demo, Role::Manager, "mira").await;
        follow(&app).await;
        assert_eq!(unheard(&app, demo.tenant).await, 0, "{now:?}: nobody comes to somebody's help in the past");
        assert_eq!(mira.get("/api/v1/alerts").await.expect(200)["waiting"], 0, "{now:?}");
        every_number_has_its_list(&mira).await;
        let poor = poorest(&mira).await;
        assert!(poor.iter().take(SHOWN).any(|row| row["source"] == "entry"), "{now:?}: {poor:#?}");
        app.stop().await;
    }
}

/// Everybody who follows the feed, and the panel, take in everything without a failure.
async fn follow(app: &TestApp) {
    let (app, db, generation) = (app, app.app().db(), app.app().cluster().generation());
    app.hear().await;
    let mut unanswered = Follower::new(note_unanswered::FOLLOWER);
    unanswered.step(db, generation, |fed| note_unanswered::take(app.app(), fed)).await.unwrap();
    let mut interests = Follower::new(learn_recommendations::FOLLOWER);
    interests.step(db, generation, |fed| learn_recommendations::take(app.app(), fed)).await.unwrap();
    app.feed_panel().await;
}

/// How many entries of the demo's conversations are still to be heard for danger.
async fn unheard(app: &TestApp, demo: TenantId) -> usize {
    let mut tx = app.app().db().read().await.unwrap();
    let at = store::entry_points::feed_position(&mut tx, danger::FOLLOWER, app.app().cluster().generation()).await.unwrap();
    let rest = feed::after(&mut tx, at.unwrap_or(Cursor::default()), i64::MAX).await.unwrap();
    rest.iter().filter(|fact| fact.tenant_id == demo.uuid() && fact.stream_kind == "conversation").count()
}

async fn every_number_has_its_list(mira: &StaffClient) {
    let panel = mira.get("/api/v1/panel").await.expect(200);
    let mut listed = 0;
    for window in ["today", "last_60"] {
        for count in DEFINITIONS.counts() {
            let Some(number) = panel[window][&count.key].as_i64() else { continue };
            let behind = mira.get(&format!("/api/v1/panel/{}/conversations?window={window}", count.key)).await.expect(200);
            assert_eq!(behind["count"], number, "{window} {}", count.key);
            assert_eq!(behind["items"].as_array().unwrap().is_empty(), number == 0, "{window} {}", count.key);
            listed += number;
        }
    }
    assert!(listed > 20, "the last hour is lively: {panel:#}");
}

/// What the bot answered from, the most poor answers first.
async fn poorest(mira: &StaffClient) -> Vec<Value> {
    let metrics = mira.get("/api/v1/metrics?keys=poor_answer&split=entry&days=7").await.expect(200);
    let mut rows: Vec<Value> = metrics["items"][0]["series"].as_array().unwrap().clone();
    rows.retain(|row| row["total"].as_i64() > Some(0));
    rows.sort_by_key(|row| -row["total"].as_i64().unwrap());
    rows
}
