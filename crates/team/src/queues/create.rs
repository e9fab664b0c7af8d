//! `POST /api/v1/queues`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    id::{AgentId, QueueId},
    opening_hours::OpeningHours,
    policy::Permission,
    refusal::Code,
    routing::rules::QueueRules,
    text::Bilingual,
};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use store::queues::Queue;
use utoipa::ToSchema;

use super::{check, check_overflow, check_rules, needs_member, refuse_taken, set_members, view::QueueView};

/// A queue to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQueue {
    /// The name shown to staff and customers: in at least one language, at most 40 characters, not used by another queue.
    pub name: Bilingual,
    /// Whether everybody serves it.
    #[serde(default = "yes")]
    pub everybody: bool,
    /// The members who serve it if not everybody does.
    #[serde(default)]
    pub members: Vec<AgentId>,
    /// The queue's opening hours; if omitted, the company's.
    #[serde(default)]
    pub hours: Option<OpeningHours>,
    /// Who gets what waits in it, and what happens if nobody does; what is omitted is as it is by default.
    #[serde(default)]
    pub rules: QueueRules,
    /// Confirms that nobody may serve it for now because all its members are disabled; without it, the answer is 409 `queue_needs_member`.
    #[serde(default)]
    pub confirm: bool,
}

const fn yes() -> bool {
    true
}

/// Adds a queue.
#[utoipa::path(post, path = "/queues", tag = "queues", security(("staff" = [])), params(OnceHeader), request_body = NewQueue,
    responses((status = 201, body = QueueView), Problems))]
pub async fn create_queue(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewQueue>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageQueues)?;
    let NewQueue { name, everybody, members, hours, rules, confirm } = new;
    check(&name, hours.as_ref())?;
    check_rules(&rules)?;
    if !everybody && members.is_empty() {
        return Err(Problem::invalid("members", Code::InvalidValue, "name at least one member, or let everybody serve the queue"));
    }
    let tenant = actor.tenant();
    let queue = Queue { id: QueueId::new(app.env().uuid()), name: name.trimmed(), everybody, hours, rules, updated_at: app.env().now() };
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            refuse_taken(tx, tenant, &queue.name, queue.id).await?;
            check_overflow(tx, tenant, &queue).await?;
            store::queues::insert(tx, tenant, &queue).await?;
            set_members(tx, tenant, queue.id, &members).await?;
            if !confirm && !store::queues::is_attended(tx, tenant, queue.id).await? {
                return Err(needs_member(queue.name).into());
            }
            let serve = store::queues::serving(tx, tenant, queue.id).await?;
            store::reach::begin_anew(tx, tenant, serve).await?;
            tx.announce(Changed::Queues).await?;
            Answer::json(StatusCode::CREATED, &QueueView::read(tx, tenant, queue.id).await?)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    #[tokio::test]
    async fn a_queue_is_added_and_told() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let tenant = app.company.tenant.to_string();
        let mut floor = Realtime::connect(&mira).await;
        floor.send(&json!({"t": "hello", "version": 1, "cursors": {&tenant: 0}})).await;
        let hours = json!({"week": {"mon": [{"from": "09:00", "to": "18:00"}], "tue": [], "wed": [], "thu": [], "fri": [], "sat": [], "sun": []},
            "days": [{"date": "2026-10-01", "name": "国庆", "intervals": []}], "answer_within_h": 3});
        let body = json!({"name": {"zh": "宽带", "en": "Broadband"}, "everybody": false, "members": [ada.member.id.to_string()], "hours": hours});
        let made = mira.post("/api/v1/queues", body).await.expect(201);
        assert_eq!((&made["members"], &made["hours"], &made["everybody"]), (&json!([ada.member.id.to_string()]), &hours, &json!(false)));
        assert_eq!(floor.until("entries").await["entries"][0]["kind"], "queues_changed");
        ada.post("/api/v1/queues", json!({"name": {"zh": "x"}})).await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn what_does_not_fit_names_its_field() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Agent, "bob").await;
        let hours = |mon: Value| json!({"name": {"zh": "x"}, "hours": {"week": {"mon": mon}}});
        for (body, status, code, field) in [
            (json!({"name": {"zh": " ", "en": ""}}), 422, "invalid_value", "name"),
            (json!({"name": {"zh": "长".repeat(41)}}), 422, "invalid_value", "name.zh"),
            (json!({"name": {"zh": "x", "en": "\u{202e}selas"}}), 422, "name_deceptive", "name.en"),
            (json!({"name": {"zh": "\u{2800}"}}), 422, "name_deceptive", "name.zh"),
            (json!({"name": {"zh": "x"}, "everybody": false}), 422, "invalid_value", "members"),
            (json!({"name": {"zh": "x"}, "everybody": false, "members": [bob.member.id.to_string()]}), 422, "invalid_value", "members"),
            (hours(json!([{"from": "18:00", "to": "09:00"}])), 422, "interval_ends_before_it_begins", "hours.week.mon.0.to"),
            (hours(json!([{"from": "09:00", "to": "12:00"}, {"from": "11:00", "to": "13:00"}])), 422, "intervals_overlap", "hours.week.mon.1"),
            (hours(json!([{"from": "9", "to": "12:00"}])), 422, "invalid_value", "hours.week.mon.0.from"),
            (json!({"name": {"zh": "", "en": "General"}}), 409, "queue_name_taken", "name"),
        ] {
            mira.post("/api/v1/queues", body).await.problem_at(status, code, field);
        }
        assert_eq!(mira.get("/api/v1/queues").await.expect(200)["items"].as_array().unwrap().len(), 1);
    }
}
