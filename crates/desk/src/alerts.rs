//! `GET /api/v1/alerts`: what the staff have to know soon, such as messages that say that somebody may be in danger. These are acknowledged in their conversation,
//! over the real-time protocol.

use axum::{Json, extract::State};
use domain::{
    policy::{Permission, Scope},
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use realtime::view;
use serde::{Deserialize, Serialize};
use store_desk::alerts::Place;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use wire::alerts::AlertView;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_alerts))
}

/// Alerts per page of acknowledged ones, and the most waiting ones that are listed.
const PAGE: usize = 50;

/// Which alerts to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAlerts {
    /// Whether to list acknowledged alerts instead of waiting ones.
    #[serde(default)]
    pub done: bool,
    /// The `next` of the previous page of acknowledged alerts; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of alerts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alerts {
    /// Alerts that wait, oldest first and at most 50, or acknowledged ones, latest first.
    pub items: Vec<AlertView>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// Lists alerts. Agents see those of the queues they serve and of their own conversations, and those they acknowledged; managers see all.
#[utoipa::path(get, path = "/alerts", tag = "conversations", security(("staff" = [])), params(ListAlerts),
    responses((status = 200, body = Alerts), Problems))]
pub async fn list_alerts(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListAlerts>) -> Result<Json<Alerts>, Problem> {
    actor.require(Permission::Desk)?;
    let after = query.cursor.as_deref().map(parse_cursor).transpose()?;
    let (tenant, of) = (actor.tenant(), (!actor.staff.grants.reaches(Permission::Desk, Scope::Company)).then_some(actor.staff.agent));
    let mut tx = app.db().read().await?;
    let Page { items, next } = if query.done {
        let rows = store_desk::alerts::list_done(&mut tx, tenant, of, after, PAGE as i64 + 1).await?;
        Page::of(rows, PAGE, |last| format!("{}.{}.{}.{}", last.done_at.unwrap_or_default(), last.subject_id.as_simple(), last.seq, last.kind))
    } else {
        Page { items: store_desk::alerts::waiting(&mut tx, tenant, of, PAGE as i64).await?, next: None }
    };
    let vault = app.vault();
    Ok(Json(Alerts { items: items.into_iter().filter_map(|row| view::alert(&vault, tenant, row)).collect(), next }))
}

fn parse_cursor(raw: &str) -> Result<Place, Problem> {
    let place = || {
        let [at, subject, seq, kind] = raw.splitn(4, '.').collect::<Vec<_>>()[..] else { return None };
        Some(Place { at: Ts(at.parse().ok()?), subject: Uuid::try_parse(subject).ok()?, seq: seq.parse().ok()?, kind: kind.to_owned() })
    };
    place().ok_or_else(cursor::problem)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::{StaffClient, TestApp};
    use testkit_server::Realtime;

    async fn send(who: &StaffClient, conversation: &str, body: Value) -> Value {
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::new_v4(), "body": body});
        who.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0].clone()
    }
    async fn waiting(who: &StaffClient) -> Value {
        who.get("/api/v1/alerts").await.expect(200)["items"].clone()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn danger_is_alerted_at_once_and_waits_until_somebody_acknowledges_it() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let tenant = app.company.tenant.to_string();
        let mut desk = Realtime::connect(&ada).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {&tenant: null}})).await;
        desk.until("reset").await;
        let conversation = app.visitor().await.open("I want to kill myself").await;
        assert_eq!(desk.until("entries").await["entries"][0]["kind"], "alerts_changed");
        let items = eventually("the bot hands it over", || async { Some(waiting(&ada).await).filter(|items| items[0]["state"] == "queued") }).await;
        let alert = &items[0];
        assert_eq!((&alert["conversation"], &alert["text"], &alert["state"]), (&json!(conversation), &json!("I want to kill myself"), &json!("queued")));
        assert_eq!((&alert["done_at"], &alert["queue"], items.as_array().unwrap().len()), (&json!(null), &json!(app.company.queue.to_string()), 1));
        assert_eq!(
            (&alert["kind"], &alert["level"], &alert["subject"], &alert["due_at"]),
            (&json!("danger"), &json!("urgent"), &json!(conversation), &json!(null))
        );
        let listed = ada.get("/api/v1/conversations?list=queue").await.expect(200)["items"][0].clone();
        assert_eq!((listed["alerted_at"].is_i64(), &listed["wait"]["why"]), (true, &json!("danger")));
        let beta = app.other_company("beta").await;
        assert_eq!(waiting(&app.staff_of(&beta, domain::staff::Role::Manager, "bob").await).await, json!([]));

        assert_eq!(send(&mira, &conversation, json!({"type": "acknowledge_alert"})).await["t"], "ok");
        assert_eq!(send(&mira, &conversation, json!({"type": "acknowledge_alert"})).await["code"], "conflict");
        assert_eq!(waiting(&ada).await, json!([]));
        let done = ada.get("/api/v1/alerts?done=true").await.expect(200);
        assert_eq!((&done["items"][0]["done_by"], &done["next"]), (&json!("mira"), &json!(null)));
        for cursor in ["x", "1.2", "1.2.3", "1.2.3.danger", "1.00000000000000000000000000000001.x.danger"] {
            ada.get(&format!("/api/v1/alerts?done=true&cursor={cursor}")).await.problem_at(422, "invalid_value", "cursor");
        }
    }
}
