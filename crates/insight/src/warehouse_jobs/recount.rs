//! `POST /api/v1/warehouse/days/{day}/recount`

use axum::{Json, extract::State, http::StatusCode};
use domain::{policy::Permission, refusal::Code, time::DAY};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};
use warehouse::{CompanyDay, runs::MOST_DAYS_BACK};
use wire::warehouse_jobs::RunView;

use super::get::names;

/// Counts a day that has ended again: its rows from the events, and its amounts from the rows. Then it is checked.
///
/// It begins within seconds; `GET /api/v1/warehouse` says how far it has come. While it has not ended, the same request is answered with the same run.
#[utoipa::path(post, path = "/warehouse/days/{day}/recount", tag = "metrics", security(("staff" = [])), params(("day" = String, Path)),
    responses((status = 202, body = RunView), Problems))]
pub async fn recount_day(State(app): State<App>, actor: StaffActor, ValidPath(day): ValidPath<String>) -> Result<(StatusCode, Json<RunView>), Problem> {
    let permitted = actor.require(Permission::RecountDays)?;
    let (now, tenant) = (app.env().now(), actor.tenant());
    let zone = service::hours::zone(app.db(), tenant).await?;
    let closed = CompanyDay::parse(tenant, &day, &zone).filter(|day| day.window.to <= now && now.since(day.window.from) <= MOST_DAYS_BACK * DAY);
    let rule = format!("a day that has ended, at most {MOST_DAYS_BACK} days ago, such as 2026-11-14");
    let day = closed.ok_or_else(|| Problem::invalid("day", Code::InvalidValue, rule))?;
    // Nothing is counted again that the audit does not know of.
    permitted.write(&app, |_| Box::pin(async { Ok(()) })).await?;
    let run = app.editions().ask_recount(&day, actor.staff.agent, now).await.map_err(store::Error::from)?;
    Ok((StatusCode::ACCEPTED, Json(RunView::of(&run, &names(&app, tenant).await?))))
}

#[cfg(test)]
mod tests {
    use domain::time::DAY;
    use serde_json::json;
    use testkit::eventually;
    use testkit_app::TestApp;

    use crate::jobs::verify_days;

    fn path(day: &str) -> String {
        format!("/api/v1/warehouse/days/{day}/recount")
    }

    #[tokio::test]
    async fn a_day_is_counted_again_once_however_often_somebody_asks() {
        let app = TestApp::new().await;
        app.visitor().await.open("hello").await;
        app.clock.advance(DAY);
        let mira = app.manager("mira").await;
        eventually("everything is counted", async || {
            app.feed_panel().await;
            let view = mira.get("/api/v1/warehouse").await.expect(200);
            (view["counted_until"] == view["as_of"] && !view["days"].as_array().unwrap().is_empty()).then_some(())
        })
        .await;
        let day = mira.get("/api/v1/warehouse").await.expect(200)["days"][0]["day"].as_str().unwrap().to_owned();
        let asked = mira.post(&path(&day), json!({})).await.expect(202);
        assert_eq!((&asked["kind"], &asked["asked_by_name"], &asked["day"]), (&json!("recount"), &json!("mira"), &json!(day)));
        let ended = eventually("it has ended", async || {
            verify_days::step(app.app()).await.unwrap();
            let run = mira.get("/api/v1/warehouse").await.expect(200)["days"][0]["recount"].clone();
            (run["state"] == "fine").then_some(run)
        })
        .await;
        assert_eq!((&ended["changed"], &ended["mismatches"], &ended["asked_at"]), (&json!(0), &json!(0), &asked["asked_at"]));
        assert_eq!(ended["progress"]["done"], ended["progress"]["total"]);
        assert!(ended["ended_at"].as_i64() >= ended["begun_at"].as_i64());
    }

    #[tokio::test]
    async fn a_day_that_has_not_ended_or_is_none_is_refused_and_so_is_an_agent() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        for day in ["2999-01-01", "9999-12-31", "2019-01-01", "2026-02-30", "yesterday", "20261119"] {
            mira.post(&path(day), json!({})).await.problem_at(422, "invalid_value", "day");
        }
        app.agent("ada").await.post(&path("2026-11-01"), json!({})).await.problem(403, "not_permitted");
        app.post(&path("2026-11-01"), json!({})).await.problem(401, "not_signed_in");
        assert_eq!(mira.get("/api/v1/warehouse").await.expect(200)["days"], json!([]), "nothing was begun");
    }
}
