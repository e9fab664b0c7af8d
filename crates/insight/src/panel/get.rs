//! `GET /api/v1/panel`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::actor::StaffActor,
    problem::{Problem, Problems},
};
use wire::panel::PanelView;

/// Returns the live panel.
#[utoipa::path(get, path = "/panel", tag = "panel", security(("staff" = [])), responses((status = 200, body = PanelView), Problems))]
pub async fn get_panel(State(app): State<App>, actor: StaffActor) -> Result<Json<PanelView>, Problem> {
    actor.require(Permission::Panel)?;
    let panel = app.panel();
    let counted_until = super::counted_until(&panel, app.db()).await?;
    Ok(Json(super::view(&app, &panel, actor.tenant(), counted_until).await?))
}

#[cfg(test)]
mod tests {
    use domain::time::{DAY, MINUTE};
    use serde_json::json;
    use testkit::eventually;
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    #[tokio::test]
    async fn an_empty_panel_is_right() {
        let app = TestApp::new().await;
        let panel = app.manager("mira").await.get("/api/v1/panel").await.expect(200);
        for window in ["today", "yesterday", "last_week", "last_60"] {
            assert_eq!((&panel[window]["session_created"], &panel[window]["good_ratio"]), (&json!(0), &json!(null)), "{window}");
        }
        assert_eq!(panel["minutes"]["dialogue"].as_array().unwrap().len(), 60);
        assert_eq!((&panel["now"]["waiting"], &panel["now"]["longest_wait_since"]), (&json!(0), &json!(null)));
        assert_eq!(panel["now"]["utilisation"], json!(null), "nobody is available");
        let (begun, now) = (panel["data_from"].as_i64().unwrap(), panel["as_of"].as_i64().unwrap());
        assert!((now - 15 * MINUTE..=now).contains(&begun), "its data begins with the company: {begun} of {now}");
    }

    #[tokio::test]
    async fn what_happens_is_counted_for_ones_own_company() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        let beta = app.other_company("beta").await;
        let foreign = app.staff_of(&beta, domain::staff::Role::Manager, "bob").await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        let counted = eventually("the panel counts the request", async || {
            let panel = mira.get("/api/v1/panel").await.expect(200);
            (panel["today"]["transfer_request"] == 1).then_some(panel)
        })
        .await;
        assert_eq!((&counted["today"]["session_created"], &counted["now"]["waiting"]), (&json!(1), &json!(1)));
        let queue = &counted["queues"][0];
        assert_eq!((&queue["waiting"], &queue["slots"], &queue["service_level"]), (&json!(1), &json!(0), &json!(null)));
        assert_eq!(queue["longest_wait_since"], counted["now"]["longest_wait_since"]);
        assert_eq!(foreign.get("/api/v1/panel").await.expect(200)["today"]["session_created"], json!(0));
        app.agent("ada").await.get("/api/v1/panel").await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn the_same_day_a_week_ago_is_counted_up_to_the_same_moment() {
        let app = TestApp::new().await;
        app.visitor().await.open("hello").await;
        app.feed_panel().await;
        app.clock.advance(7 * DAY - MINUTE);
        let mira = app.manager("mira").await;
        let before = mira.get("/api/v1/panel").await.expect(200);
        assert_eq!((&before["last_week"]["session_created"], &before["yesterday"]["session_created"]), (&json!(0), &json!(0)));
        app.clock.advance(2 * MINUTE);
        let after = mira.get("/api/v1/panel").await.expect(200);
        assert_eq!((&after["last_week"]["session_created"], &after["yesterday"]["session_created"]), (&json!(1), &json!(0)));
        assert_eq!(after["today"]["session_created"], json!(0));
    }

    #[tokio::test]
    async fn a_queue_tells_who_could_serve_it_and_how_soon_its_waits_were_answered() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let ada = app.agent("ada").await;
        ada.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
        let mut desk = Realtime::connect(&ada).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}, "lists": ["mine"]})).await;
        desk.until("welcome").await;
        let mut floor = Realtime::connect(&mira).await;
        floor.send(&json!({"t": "hello", "version": 1, "cursors": {}, "lists": ["mine"]})).await;
        floor.until("welcome").await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        let counted = eventually("the answered wait is counted", async || {
            let panel = mira.get("/api/v1/panel").await.expect(200);
            (panel["today"]["answered"] == 1).then_some(panel)
        })
        .await;
        let (queue, now) = (&counted["queues"][0], &counted["now"]);
        assert_eq!((&queue["service_level"], &counted["today"]["service_level"]), (&json!(1.0), &json!(1.0)));
        assert_eq!((&queue["slots_used"], &queue["slots"]), (&json!(1), &now["slots"]));
        assert!(now["slots"].as_i64().unwrap() > 1);
        let used = now["slots_used"].as_f64().unwrap() / now["slots"].as_f64().unwrap();
        assert!((now["utilisation"].as_f64().unwrap() - used).abs() < 1e-12);
        assert_eq!((&now["agents_available"], &now["agents_online"]), (&json!(1), &json!(1)), "a manager who watches is not on shift");
        ada.put("/api/v1/me/state", json!({"state": "break"})).await.expect(200);
        let held = mira.get("/api/v1/panel").await.expect(200);
        assert_eq!(
            (&held["now"]["active"], &held["now"]["slots_used"], &held["now"]["slots"]),
            (&json!(1), &json!(1), &json!(1)),
            "what is held counts, whoever holds it"
        );
        assert_eq!((&held["queues"][0]["slots_used"], &held["queues"][0]["slots"]), (&json!(1), &json!(1)));
    }
}
