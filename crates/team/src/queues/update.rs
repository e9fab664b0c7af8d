//! `PATCH /api/v1/queues/{id}`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    id::{AgentId, QueueId},
    opening_hours::OpeningHours,
    policy::Permission,
    revision::Revision,
    routing::rules::QueueRules,
    text::Bilingual,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidPath, double_option},
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use store::queues::Queue;
use utoipa::ToSchema;

use super::{check, check_overflow, check_rules, needs_member, refuse_taken, set_members, view::QueueView};

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueueChange {
    /// A new name.
    #[serde(default)]
    pub name: Option<Bilingual>,
    /// Whether everybody serves it.
    #[serde(default)]
    pub everybody: Option<bool>,
    /// The members who serve it, replacing the previous ones.
    #[serde(default)]
    pub members: Option<Vec<AgentId>>,
    /// The queue's opening hours; `null` for the company's.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<OpeningHours>)]
    pub hours: Option<Option<OpeningHours>>,
    /// Who gets what waits in it, and what happens if nobody does, replacing the previous rules.
    #[serde(default)]
    pub rules: Option<QueueRules>,
    /// Confirms that it may be left with nobody to serve it; without it, the answer is 409 `queue_needs_member`.
    #[serde(default)]
    pub confirm: bool,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

impl QueueChange {
    fn apply(self, to: Queue, now: Ts) -> Queue {
        let Self { name, everybody, members: _, hours, rules, confirm: _, seen } = self;
        Queue {
            name: name.map_or(to.name, Bilingual::trimmed),
            everybody: everybody.unwrap_or(to.everybody),
            hours: hours.unwrap_or(to.hours),
            rules: rules.unwrap_or(to.rules),
            updated_at: Revision(seen).next(now),
            ..to
        }
    }
}

/// Changes a queue, unless somebody else has changed it in the meantime.
///
/// Routing and opening follow the new settings from then on.
#[utoipa::path(patch, path = "/queues/{id}", tag = "queues", security(("staff" = [])), params(("id" = QueueId, Path), OnceHeader),
    request_body = QueueChange, responses((status = 200, body = QueueView), Problems))]
pub async fn update_queue(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<QueueId>,
    OnceJson(once, change): OnceJson<QueueChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageQueues)?;
    let tenant = actor.tenant();
    let found = store::queues::get(&mut app.db().read_of(tenant).await?, tenant, id).await?;
    let (members, confirm, seen) = (change.members.clone(), change.confirm, change.seen);
    if found.updated_at != seen {
        return Err(store::Error::Stale.into());
    }
    let queue = change.apply(found, app.env().now());
    check(&queue.name, queue.hours.as_ref())?;
    check_rules(&queue.rules)?;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = QueueView::read(tx, tenant, id).await?;
            let attended = store::queues::is_attended(tx, tenant, id).await?;
            let served = store::queues::serving(tx, tenant, id).await?;
            check_overflow(tx, tenant, &queue).await?;
            store::queues::update(tx, tenant, &queue, seen).await?;
            refuse_taken(tx, tenant, &queue.name, id).await?;
            if let Some(members) = members {
                set_members(tx, tenant, id, &members).await?;
            }
            if attended && !confirm && !store::queues::is_attended(tx, tenant, id).await? {
                return Err(needs_member(queue.name).into());
            }
            let serve = store::queues::serving(tx, tenant, id).await?;
            store::reach::begin_anew(tx, tenant, served.symmetric_difference(&serve).copied()).await?;
            tx.announce(Changed::Queues).await?;
            let view = QueueView::read(tx, tenant, id).await?;
            tx.note_change(&before, &view);
            Answer::json(StatusCode::OK, &view)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::{StaffClient, TestApp};
    use testkit_server::Realtime;

    async fn change(by: &StaffClient, id: &str, mut change: Value) -> testkit_server::Answer {
        let all = by.get("/api/v1/queues").await.expect(200);
        let queue = all["items"].as_array().unwrap().iter().find(|queue| queue["id"] == id).unwrap().clone();
        change["seen"] = queue["updated_at"].clone();
        by.patch(&format!("/api/v1/queues/{id}"), change).await
    }
    async fn at_work(agent: &StaffClient) -> Realtime {
        agent.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
        let mut desk = Realtime::connect(agent).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}, "lists": ["mine"]})).await;
        desk.until("welcome").await;
        desk
    }

    #[tokio::test]
    async fn only_members_are_given_what_waits_and_others_are_not_held_up() {
        let app = TestApp::new().await;
        let (mira, ada, eve) = (app.manager("mira").await, app.agent("ada").await, app.agent("eve").await);
        let general = app.company.queue.to_string();
        change(&mira, &general, json!({"everybody": false, "members": [eve.member.id.to_string()]})).await.expect(200);
        let _desk = at_work(&ada).await;
        let ask = async |words: &str| {
            let visitor = app.visitor().await;
            let conversation = visitor.open(words).await;
            visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
            conversation
        };
        // Ada is free and alone, but does not serve this queue.
        let first = ask("for eve").await;
        let owner = async |conversation: &str| mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200)["agent"]["name"].clone();
        assert_eq!(owner(&first).await, Value::Null);
        // A conversation waiting behind it in a queue that everybody serves is assigned to her anyway.
        let site = app.get("/api/v1/sites/alpha").await.expect(200)["key"].clone();
        assert_eq!(site, "alpha");
        let other = mira.post("/api/v1/queues", json!({"name": {"zh": "别的"}})).await.expect(201)["id"].as_str().unwrap().to_owned();
        let taken = ask("moved").await;
        let by_mira = json!({"frames": [
            {"t": "send", "conversation": taken, "client_id": uuid::Uuid::from_u128(1), "body": {"type": "take"}},
            {"t": "send", "conversation": taken, "client_id": uuid::Uuid::from_u128(2), "body": {"type": "transfer", "to": other}},
        ]});
        mira.post("/rt/send", by_mira).await.expect(200);
        eventually("ada is given what everybody serves", async || (owner(&taken).await == "ada").then_some(())).await;
        assert_eq!(owner(&first).await, Value::Null);
        // As soon as she is made a member, the waiting one is assigned to her too.
        change(&mira, &general, json!({"members": [eve.member.id.to_string(), ada.member.id.to_string()]})).await.expect(200);
        eventually("ada is given what waited", async || (owner(&first).await == "ada").then_some(())).await;
    }

    #[tokio::test]
    async fn a_queue_is_left_without_anybody_only_by_who_says_so() {
        let app = TestApp::new().await;
        let (mira, ada, eve) = (app.manager("mira").await, app.agent("ada").await, app.agent("eve").await);
        let (ada_id, eve_id) = (ada.member.id.to_string(), eve.member.id.to_string());
        let made =
            mira.post("/api/v1/queues", json!({"name": {"zh": "账单", "en": "Bills"}, "everybody": false, "members": [ada_id, eve_id]})).await.expect(201);
        let id = made["id"].as_str().unwrap();
        let seen = mira.get("/api/v1/staff?q=ada").await.expect(200)["items"][0]["updated_at"].clone();
        mira.patch(&format!("/api/v1/staff/{ada_id}"), json!({"disabled": true, "seen": seen})).await.expect(200);
        // Eve is the only one left who can serve, though not the only member.
        for members in [json!([ada_id]), json!([])] {
            let asked = change(&mira, id, json!({"members": members})).await.problem_at(409, "queue_needs_member", "members");
            assert_eq!(asked["names"], json!([{"zh": "账单", "en": "Bills"}]));
        }
        let body = json!({"name": {"zh": "新"}, "everybody": false, "members": [ada_id]});
        mira.post("/api/v1/queues", body).await.problem_at(409, "queue_needs_member", "members");
        let emptied = change(&mira, id, json!({"members": [], "confirm": true})).await.expect(200);
        assert_eq!((&emptied["members"], &emptied["everybody"]), (&json!([]), &json!(false)));
        // A queue that already has nobody can be renamed without confirmation.
        change(&mira, id, json!({"name": {"zh": "账单二", "en": ""}})).await.expect(200);
        change(&mira, id, json!({"everybody": true})).await.expect(200);
        change(&mira, id, json!({"everybody": false})).await.problem_at(409, "queue_needs_member", "members");
    }

    #[tokio::test]
    async fn hours_hold_at_once_and_two_editors_do_not_overwrite_each_other() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let (queue, path) = (app.company.queue.to_string(), format!("/api/v1/queues/{}", app.company.queue));
        let never = json!({"week": {"mon": [], "tue": [], "wed": [], "thu": [], "fri": [], "sat": [], "sun": []}, "days": [], "answer_within_h": 2});
        let seen = mira.get("/api/v1/queues").await.expect(200)["items"][0]["updated_at"].clone();
        let closed = mira.patch(&path, json!({"hours": never, "seen": seen})).await.expect(200);
        assert_eq!(closed["service"], json!({"open": false, "opens_at": null, "promised_by": null}));
        assert_eq!(app.get("/api/v1/sites/alpha").await.expect(200)["service"]["open"], false);
        mira.patch(&path, json!({"name": {"zh": "x"}, "seen": seen})).await.problem(409, "conflict");
        let open = change(&mira, &queue, json!({"hours": null})).await.expect(200);
        assert_eq!((&open["service"]["open"], &open["name"]), (&json!(true), &json!({"zh": "General", "en": "General"})));
        assert_eq!(app.get("/api/v1/sites/alpha").await.expect(200)["service"]["open"], true);
    }
}
