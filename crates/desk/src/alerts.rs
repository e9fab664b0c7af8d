//! `GET /api/v1/alerts`: what the staff have to know soon, such as messages that say that somebody may be in danger. These are acknowledged in their conversation,
//! over the real-time protocol.

use axum::{Json, extract::State};
use domain::{
    alert::{AlertKind, AlertLevel},
    conversation::State as ConversationState,
    id::{ConversationId, QueueId, TenantId},
    policy::{Permission, Scope},
    stream::{StreamKind, StreamName},
    text::Lang,
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
use seal::vault::Vault;
use serde::{Deserialize, Serialize};
use store::alerts::{AlertRow, Place};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use wire::conversation::CustomerRef;

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

/// What the staff have to know soon, until somebody acknowledges it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Alert)]
pub struct AlertView {
    /// The kind of alert. Kinds are added; one that is unknown is shown by its level.
    #[schema(value_type = AlertKind)]
    pub kind: String,
    /// How urgent it is.
    #[schema(value_type = AlertLevel)]
    pub level: String,
    /// What it is about: the name of a stream.
    pub subject: StreamName,
    /// The conversation, if it is about one; `customer`, `lang` and `state` are `null` otherwise.
    #[schema(required)]
    pub conversation: Option<ConversationId>,
    /// The number of the entry that raised it, such as a message of the conversation.
    pub seq: i64,
    /// The customer who writes in it.
    #[schema(required)]
    pub customer: Option<CustomerRef>,
    /// The customer's language.
    #[schema(required)]
    pub lang: Option<Lang>,
    /// The state of the conversation now.
    #[schema(required, value_type = Option<ConversationState>)]
    pub state: Option<String>,
    /// The name of the member of staff who serves it, or served it last.
    #[schema(required)]
    pub agent: Option<String>,
    /// The beginning of the message; empty if it was removed, or if no message raised it.
    pub text: String,
    /// The queue whose members see it besides the managers: for a message, that of the site on which it was written.
    #[schema(required)]
    pub queue: Option<QueueId>,
    /// When it was raised.
    pub raised_at: Ts,
    /// When somebody has to have seen to it; `null` if as soon as possible.
    #[schema(required)]
    pub due_at: Option<Ts>,
    /// When it was acknowledged.
    #[schema(required)]
    pub done_at: Option<Ts>,
    /// The name of the member of staff who acknowledged it.
    #[schema(required)]
    pub done_by: Option<String>,
}

impl AlertView {
    /// `None` if the subject is of a kind that only a later version of the program knows.
    fn new(vault: &Vault, tenant: TenantId, row: AlertRow) -> Option<Self> {
        let subject = subject_of(&row)?;
        let lang = row.lang.as_deref().map(Lang::from_tag);
        let account = (row.customer_id, row.customer_name, row.customer_identifier);
        Some(Self {
            kind: row.kind,
            level: row.level,
            subject,
            conversation: Some(subject).filter(|subject| subject.kind == StreamKind::Conversation).map(|subject| ConversationId::new(subject.id)),
            seq: row.seq,
            customer: row.visitor_id.map(|visitor| view::customer(vault, tenant, visitor, account)),
            lang,
            state: row.state,
            agent: row.agent_name,
            text: lang.map(|lang| view::preview(row.body.as_deref(), lang)).unwrap_or_default(),
            queue: row.queue_id.map(QueueId::new),
            raised_at: Ts(row.raised_at),
            due_at: row.due_at.map(Ts),
            done_at: row.done_at.map(Ts),
            done_by: row.done_by,
        })
    }
}

fn subject_of(row: &AlertRow) -> Option<StreamName> {
    Some(StreamName { kind: StreamKind::parse(&row.subject_kind)?, id: row.subject_id })
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
        let rows = store::alerts::list_done(&mut tx, tenant, of, after, PAGE as i64 + 1).await?;
        Page::of(rows, PAGE, |last| format!("{}.{}.{}.{}", last.done_at.unwrap_or_default(), last.subject_id.as_simple(), last.seq, last.kind))
    } else {
        Page { items: store::alerts::waiting(&mut tx, tenant, of, PAGE as i64).await?, next: None }
    };
    let vault = app.vault();
    Ok(Json(Alerts { items: items.into_iter().filter_map(|row| AlertView::new(&vault, tenant, row)).collect(), next }))
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
