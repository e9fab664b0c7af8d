//! `DELETE /api/v1/queues/{id}`

use axum::extract::State;
use db::Shard;
use domain::{
    entry::Changed,
    id::{ConversationId, QueueId, TenantId},
    policy::Permission,
    refusal::Code,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidPath, ValidQuery},
    fault::Fault,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use serde_json::json;
use service::{give_back, requeue};
use store::{TenantTx, queues::Uses};
use utoipa::IntoParams;

use super::view::QueueView;

/// How a queue is deleted.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeleteQueue {
    /// The queue to which its conversations, its left messages and all that leads to it go. Without it, the answer is 409 `queue_in_use` with the `count` if there are
    /// conversations or left messages in it, or if a site leads to it.
    #[serde(default)]
    pub move_to: Option<QueueId>,
}

/// Deletes a queue, and has what belongs to it go to another.
///
/// Conversations that wait go on waiting there, at their age; those that are served stay with their agents. Sites, kinds of question, the overflow of other queues
/// and macros lead there from then on; without `move_to`, kinds of question lead to the queue of their site, and what would overflow into the queue stays. All of it
/// happens together or not at all; only of more than 200 conversations, the others are moved before.
#[utoipa::path(delete, path = "/queues/{id}", tag = "queues", security(("staff" = [])), params(("id" = QueueId, Path), DeleteQueue, OnceHeader),
    responses((status = 204, description = "The queue was deleted"), Problems))]
pub async fn delete_queue(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<QueueId>,
    ValidQuery(DeleteQueue { move_to }): ValidQuery<DeleteQueue>,
    once: Once,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ManageQueues)?;
    let tenant = actor.tenant();
    let deletion = Deletion { id, move_to, moved: Vec::new() };
    deletion.check(&mut app.db().read_of(tenant).await?, tenant).await?;
    if let Some(to) = move_to {
        requeue::ahead(app.db(), tenant, id, to, &actor.entry_actor()).await?;
    }
    let moved = store::queues::conversations_of(&mut app.db().read_of(tenant).await?, tenant, id).await?;
    let deletion = Deletion { moved, ..deletion };
    // Conversations are locked before the company, which this takes into its own hands therefore.
    permitted.on(Shard::Of(tenant.uuid())).change(&app, once, move |tx| Box::pin(async move { deletion.write(tx).await })).await
}

/// A deletion about to be stored.
#[derive(Clone)]
struct Deletion {
    id: QueueId,
    move_to: Option<QueueId>,
    /// The conversations that belonged to the queue when this was asked for.
    moved: Vec<ConversationId>,
}

impl Deletion {
    /// Refuses to delete what is in use, or to move it where it cannot be.
    async fn check(&self, tx: &mut db::Tx, tenant: TenantId) -> Result<(), Fault> {
        let Self { id, move_to, .. } = *self;
        store::queues::get(tx, tenant, id).await?;
        let Some(to) = move_to else {
            let uses = store::queues::uses(tx, tenant, id).await?;
            return if in_the_way(&uses) == 0 { Ok(()) } else { Err(in_use(&uses).into()) };
        };
        if to == id {
            return Err(Problem::invalid("move_to", Code::InvalidValue, "this is the queue that is deleted: name a different one").into());
        }
        let unknown = || Problem::invalid("move_to", Code::InvalidValue, "there is no such queue");
        store::queues::get(tx, tenant, to).await.map_err(Fault::if_not_found(unknown))?;
        let Some(circle) = requeue::find_circle(tx, tenant, id, to).await? else { return Ok(()) };
        let all = store::queues::all(tx, tenant).await?;
        let names = circle.iter().filter_map(|of| all.get(of)).map(|queue| queue.name.clone()).collect();
        let title = "what waits would flow over in a circle: choose a queue that does not lead back here";
        let problem = Problem::conflict(Code::QueueOverflowCircle, title);
        Err(Problem { field: Some("move_to".to_owned()), names: Some(names), ..problem }.into())
    }

    async fn write(self, tx: &mut TenantTx<'_>) -> Result<Answer, Fault> {
        let (tenant, id, move_to) = (tx.tenant(), self.id, self.move_to);
        give_back::lock(tx, tenant, &self.moved).await?;
        tx.lock_company().await?;
        self.check(tx, tenant).await?;
        let before = QueueView::read(tx, tenant, id).await?;
        // Nothing may lead back to it once its conversations have moved: what overflows would return at once.
        requeue::rules(tx, id, move_to).await?;
        if let Some(to) = move_to
            && !requeue::all_of(tx, id, to, &self.moved).await?
        {
            return Err(Problem::busy().into());
        }
        store::queues::delete(tx, tenant, id).await?;
        match move_to {
            Some(to) => tx.note_change(&before, &json!({"move_to": to})),
            None => tx.note_change(&before, &()),
        }
        tx.announce(Changed::Queues).await?;
        Ok(Answer::nothing())
    }
}

/// How much is in the way of deleting a queue: what customers wait for, and what would lead nowhere.
pub(super) const fn in_the_way(uses: &Uses) -> i64 {
    let Uses { waiting, active, on_hold, snoozed, with_bot, left_messages, sites, question_kinds: _, skills: _ } = *uses;
    waiting + active + on_hold + snoozed + with_bot + left_messages + sites
}

fn in_use(uses: &Uses) -> Problem {
    let Uses { waiting, active, on_hold, snoozed, with_bot, left_messages, sites, .. } = *uses;
    let served = active + on_hold + snoozed + with_bot;
    let title = format!(
        "{waiting} conversations wait in this queue, {served} are served from it, {left_messages} messages were left for it, and {sites} sites lead to it: \
         name the queue they go to in `move_to`"
    );
    Problem::in_use(Code::QueueInUse, "move_to", in_the_way(uses), title)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp, VisitorClient};

    async fn queue(by: &StaffClient, name: &str, rules: Option<Value>) -> String {
        let mut new = json!({"name": {"zh": name}});
        if let Some(rules) = rules {
            new["rules"] = rules;
        }
        by.post("/api/v1/queues", new).await.expect(201)["id"].as_str().unwrap().to_owned()
    }
    fn rules(overflow: &str) -> Value {
        json!({"order": "balanced", "last_agent_first": false, "priority": 0, "relax_every_s": 0, "units": 1, "overflow": {"after_s": 3_600, "above": null, "to": overflow}})
    }
    async fn waits(app: &TestApp, words: &str) -> (VisitorClient, String) {
        let visitor = app.visitor().await;
        let conversation = visitor.open(words).await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        (visitor, conversation)
    }
    async fn says(who: &StaffClient, conversation: &str, n: u128, body: Value) {
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::from_u128(n), "body": body});
        assert_eq!(who.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0]["t"], "ok");
    }

    #[tokio::test]
    async fn a_queue_in_use_stays_and_the_answer_says_how_much_is_in_the_way() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let refused = mira.delete(&format!("/api/v1/queues/{}", app.company.queue)).await.problem(409, "queue_in_use");
        assert_eq!((&refused["field"], &refused["count"]), (&json!("move_to"), &json!(1)));
        let other = mira.post("/api/v1/queues", json!({"name": {"zh": "别的"}})).await.expect(201)["id"].as_str().unwrap().to_owned();
        let (visitor, conversation) = waits(&app, "hello").await;
        says(&ada, &conversation, 1, json!({"type": "take"})).await;
        says(&ada, &conversation, 2, json!({"type": "transfer", "to": other})).await;
        let path = format!("/api/v1/queues/{other}");
        let refused = mira.delete(&path).await.problem(409, "queue_in_use");
        assert_eq!((&refused["field"], &refused["count"]), (&json!("move_to"), &json!(1)));
        visitor.say(&conversation, false, json!({"type": "end"})).await;
        let kind = mira.post("/api/v1/question-kinds", json!({"name": {"zh": "退费"}, "queue": other})).await.expect(201);
        assert_eq!(kind["queue"], json!(other));
        assert_eq!(mira.delete(&path).await.status.as_u16(), 204);
        mira.delete(&path).await.problem(404, "not_found");
        // A kind of question that led to it leads to the site's, and is changed like any other.
        let left = mira.get("/api/v1/question-kinds").await.expect(200)["items"][0].clone();
        assert_eq!(left["queue"], json!(null));
        let change = json!({"name": {"zh": "退款"}, "queue": left["queue"], "seen": left["updated_at"]});
        mira.patch(&format!("/api/v1/question-kinds/{}", kind["id"].as_str().unwrap()), change).await.expect(200);
        // The conversation served from it continues with the bot.
        let answer = visitor.say(&conversation, false, json!({"type": "text", "text": "one more thing"})).await;
        assert_eq!(answer["t"], "ok", "{answer}");
        assert_eq!(mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200)["state"], "bot");
        ada.delete(&format!("/api/v1/queues/{}", app.company.queue)).await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn what_belongs_to_a_deleted_queue_goes_to_another_with_everything_that_leads_to_it() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let general = app.company.queue.to_string();
        let other = queue(&mira, "别的", None).await;
        let flows = queue(&mira, "溢出", Some(rules(&general))).await;
        let kind = mira.post("/api/v1/question-kinds", json!({"name": {"zh": "退费"}, "queue": general})).await.expect(201);
        mira.post("/api/v1/skills", json!({"name": {"zh": "英语"}, "needs": [{"queue": general, "level": 2}]})).await.expect(201);
        let acts = json!([{"type": "transfer", "queue": general}]);
        let made = ada.post("/api/v1/macros", json!({"name": {"zh": "转"}, "own": true, "acts": acts})).await.expect(201);
        let (_first, waiting) = waits(&app, "I wait").await;
        let (_second, held) = waits(&app, "I am served").await;
        says(&ada, &held, 1, json!({"type": "take"})).await;
        says(&ada, &held, 2, json!({"type": "hold"})).await;
        let waited = mira.get(&format!("/api/v1/conversations/{waiting}")).await.expect(200)["queued_at"].clone();
        let path = format!("/api/v1/queues/{general}");
        let uses = mira.get(&format!("{path}/uses")).await.expect(200);
        let counts = ["waiting", "active", "on_hold", "snoozed", "left_messages", "sites", "question_kinds", "skills", "overflow_from", "macros", "in_the_way"];
        assert_eq!(counts.map(|of| uses[of].as_i64().unwrap()), [1, 0, 1, 0, 0, 1, 1, 1, 1, 1, 3], "{uses}");
        app.clock.advance(60_000);
        assert_eq!(mira.delete(&format!("{path}?move_to={other}")).await.status.as_u16(), 204);

        let [moved, kept] = [&waiting, &held].map(|id| format!("/api/v1/conversations/{id}"));
        let (moved, kept) = (mira.get(&moved).await.expect(200), mira.get(&kept).await.expect(200));
        assert_eq!((&moved["state"], &moved["queue"]["id"], &moved["queued_at"]), (&json!("queued"), &json!(other), &waited));
        assert_eq!((&kept["state"], &kept["queue"]["id"], &kept["agent"]["name"]), (&json!("on_hold"), &json!(other), &json!("ada")));
        let kinds = mira.get("/api/v1/question-kinds").await.expect(200);
        assert_eq!((&kinds["items"][0]["id"], &kinds["items"][0]["queue"]), (&kind["id"], &json!(other)));
        let queues = mira.get("/api/v1/queues").await.expect(200);
        let flowing = queues["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(flows)).unwrap();
        assert_eq!(flowing["rules"]["overflow"]["to"], json!(other));
        let macros = ada.get("/api/v1/macros").await.expect(200);
        assert_eq!((&macros["items"][0]["id"], &macros["items"][0]["acts"][0]["queue"]), (&made["id"], &json!(other)));
        assert_eq!(mira.get("/api/v1/skills").await.expect(200)["items"][0]["needs"], json!([]));
        assert!(app.changed_by("DELETE /api/v1/queues/{id}").await.iter().any(|(field, _, after)| field == "move_to" && *after == json!(other)));
        // Customers of the site wait there from now on.
        let (_third, next) = waits(&app, "I come later").await;
        assert_eq!(mira.get(&format!("/api/v1/conversations/{next}")).await.expect(200)["queue"]["id"], json!(other));
    }

    #[tokio::test]
    async fn where_it_cannot_go_nothing_is_moved() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let general = app.company.queue.to_string();
        let path = format!("/api/v1/queues/{general}");
        let (last, first) = (queue(&mira, "尾", Some(rules(&general))).await, "que_00000000000000000000000000000009");
        let middle = queue(&mira, "中", Some(rules(&last))).await;
        let (_visitor, conversation) = waits(&app, "I wait").await;
        mira.delete(&format!("{path}?move_to={general}")).await.problem_at(422, "invalid_value", "move_to");
        mira.delete(&format!("{path}?move_to={first}")).await.problem_at(422, "invalid_value", "move_to");
        let beta = app.other_company("beta").await;
        mira.delete(&format!("{path}?move_to={}", beta.queue)).await.problem_at(422, "invalid_value", "move_to");
        let circle = mira.delete(&format!("{path}?move_to={middle}")).await.problem_at(409, "queue_overflow_circle", "move_to");
        assert_eq!(circle["names"].as_array().unwrap().len(), 2, "{circle}");
        let still = mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
        assert_eq!(still["queue"]["id"], json!(general));
        // What overflowed into it has nowhere to flow then.
        assert_eq!(mira.delete(&format!("{path}?move_to={last}")).await.status.as_u16(), 204);
        let queues = mira.get("/api/v1/queues").await.expect(200);
        let left = queues["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(last)).unwrap();
        assert_eq!(left["rules"]["overflow"], json!(null), "{left}");
    }
}
