//! `GET /api/v1/warehouse`

use std::collections::HashMap;

use axum::{Json, extract::State};
use domain::{
    id::{AgentId, TenantId},
    policy::Permission,
};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use wire::warehouse_jobs::{Known, WarehouseJobsView, first_day};

use crate::{jobs::rebuild, panel};

/// Returns the jobs of the warehouse, what feeds what, and the checks of the last 30 days.
#[utoipa::path(get, path = "/warehouse", tag = "metrics", security(("staff" = [])), responses((status = 200, body = WarehouseJobsView), Problems))]
pub async fn get_warehouse(State(app): State<App>, actor: StaffActor) -> Result<Json<WarehouseJobsView>, Problem> {
    actor.require(Permission::Panel)?;
    Ok(Json(view(&app, actor.tenant()).await?))
}

async fn view(app: &App, tenant: TenantId) -> store::Result<WarehouseJobsView> {
    let (now, zone, edition) = (app.env().now(), service::hours::zone(app.db(), tenant).await?, app.panel());
    let known = Known {
        counted_until: panel::counted_until(&edition, app.db()).await?,
        since: edition.since(tenant).await?,
        editions: rebuild::state(app).await?,
        runs: app.editions().runs(tenant, &first_day(tenant, now, &zone)?.date).await?,
        names: names(app, tenant).await?,
        refused: edition.refused_facts(tenant).await?,
        tenant,
        zone,
        now,
    };
    Ok(WarehouseJobsView::of(known)?)
}

/// The names of the staff, also of those who have left.
pub async fn names(app: &App, tenant: TenantId) -> store::Result<HashMap<AgentId, String>> {
    let all = store::staff::list(&mut app.db().read_of(tenant).await?, tenant).await?;
    Ok(all.into_iter().map(|member| (member.id, member.name)).collect())
}

#[cfg(test)]
mod tests {
    use domain::time::{DAY, HOUR};
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::{StaffClient, TestApp};

    use crate::jobs::verify_days;

    /// A company in which something was counted today, and a manager of it.
    async fn counted() -> (TestApp, StaffClient) {
        let app = TestApp::new().await;
        app.visitor().await.open("hello").await;
        let mira = app.manager("mira").await;
        eventually("the bot's answer is counted", async || {
            app.feed_panel().await;
            (mira.get("/api/v1/panel").await.expect(200)["today"]["bot_reply"] == 1).then_some(())
        })
        .await;
        (app, mira)
    }

    fn job<'v>(view: &'v Value, name: &str) -> &'v Value {
        view["jobs"].as_array().unwrap().iter().find(|job| job["job"] == name).unwrap()
    }

    #[tokio::test]
    async fn yesterday_is_checked_in_the_night_and_again_when_it_is_final() {
        let (app, mira) = counted().await;
        let before = mira.get("/api/v1/warehouse").await.expect(200);
        assert_eq!((&before["days"], &job(&before, "verify")["state"]), (&json!([]), &json!("idle")), "today has not ended");
        app.clock.advance(DAY);
        // A session ends earlier.
        let mira = app.manager("mira2").await;
        app.feed_panel().await;
        verify_days::step(app.app()).await.unwrap();
        let view = mira.get("/api/v1/warehouse").await.expect(200);
        let check = &view["days"][0]["verify"];
        assert_eq!((&check["state"], &check["mismatches"], &check["asked_by"]), (&json!("fine"), &json!(0), &json!(null)), "{view}");
        assert!(check["amounts"].as_i64().unwrap() > 10 && check["rows"].as_i64().unwrap() > 0);
        assert!(check["events"].as_i64().unwrap() > 2 && check["events"] == check["facts"], "{check}");
        assert_eq!(view["layers"].as_array().unwrap().len(), 5);
        assert_eq!((&view["layers"][0]["layer"], &view["layers"][0]["count"]), (&json!("journal"), &check["facts"]));
        assert!(job(&view, "verify")["next_at"].as_i64().unwrap() > view["as_of"].as_i64().unwrap());
        verify_days::step(app.app()).await.unwrap();
        assert_eq!(mira.get("/api/v1/warehouse").await.expect(200)["days"], view["days"], "once a night is enough");
        app.clock.advance(3 * DAY + HOUR);
        let mira = app.manager("mira3").await;
        verify_days::step(app.app()).await.unwrap();
        let later = mira.get("/api/v1/warehouse").await.expect(200);
        let day = later["days"].as_array().unwrap().iter().find(|day| day["day"] == view["days"][0]["day"]).unwrap();
        assert_eq!((&day["final"], &day["verify"]["state"]), (&json!(true), &json!("fine")));
        assert!(day["verify"]["asked_at"].as_i64() > check["asked_at"].as_i64());
    }

    #[tokio::test]
    async fn only_who_may_see_the_panels_sees_the_jobs_and_only_their_companys_days() {
        let (app, _) = counted().await;
        app.get("/api/v1/warehouse").await.problem(401, "not_signed_in");
        app.agent("ada").await.get("/api/v1/warehouse").await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        app.clock.advance(DAY);
        let bob = app.staff_of(&beta, domain::staff::Role::Manager, "bob").await;
        verify_days::step(app.app()).await.unwrap();
        let theirs = bob.get("/api/v1/warehouse").await.expect(200);
        assert_eq!((&theirs["days"], &theirs["refused"]), (&json!([]), &json!([])));
    }
}
