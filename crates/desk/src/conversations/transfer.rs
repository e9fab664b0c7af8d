//! `POST /api/v1/conversation-transfers`

use std::collections::BTreeSet;

use axum::{extract::State, http::StatusCode};
use db::{Shard, Tx};
use domain::{
    conversation::{Asked, Conversation, TransferTo},
    id::{AgentId, ConversationId, QueueId, TenantId},
    policy::OverConversations,
    refusal::Code,
};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::{
    act::{self, Act, Sender},
    ask::Ask,
};
use utoipa::ToSchema;
use uuid::Uuid;

/// The most conversations that are transferred at once.
const MAX_AT_ONCE: usize = 100;

/// Conversations to transfer, and where to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTransfers {
    /// The conversations, each named once; at most 100.
    #[schema(min_items = 1, max_items = 100)]
    pub conversations: Vec<ConversationId>,
    /// The queue to which they go. Either this or `agent` is named.
    #[serde(default)]
    #[schema(nullable = false)]
    pub queue: Option<QueueId>,
    /// The colleague to whom they go. What waits in a queue can only go to another queue.
    #[serde(default)]
    #[schema(nullable = false)]
    pub agent: Option<AgentId>,
    /// A private note to go with each of them.
    #[serde(default)]
    #[schema(nullable = false)]
    pub note: Option<String>,
}

/// What became of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferOutcome {
    /// The conversation was transferred.
    Transferred,
    /// Nothing of it was changed: see `code`.
    Refused,
}

/// What became of a transfer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TransferResult {
    /// The conversation.
    pub conversation: ConversationId,
    /// What became of it.
    pub outcome: TransferOutcome,
    /// Why it was refused.
    #[schema(required)]
    pub code: Option<Code>,
}

/// What became of the transfers.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransferResults {
    /// In the order of the request.
    pub items: Vec<TransferResult>,
}

/// Transfers several conversations to a queue or to a colleague.
///
/// Each is transferred by the same rules as a single one, as a whole or not at all, whatever becomes of the others. What the caller may not see is refused with
/// `not_found`.
#[utoipa::path(post, path = "/conversation-transfers", tag = "conversations", security(("staff" = [])), params(OnceHeader), request_body = NewTransfers,
    responses((status = 200, body = TransferResults), Problems))]
pub async fn transfer_conversations(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewTransfers>) -> Result<Answer, Problem> {
    let permitted = actor.may(OverConversations::Desk)?.anywhere();
    let to = target(&new)?;
    check_target(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), to).await?;
    let NewTransfers { conversations, queue, agent, note } = new;
    let asked = Asked::Transfer { to, note: note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty()) };
    let acts: Vec<Act<Conversation>> = conversations.iter().map(|id| act_of(&app, &actor, (*id, once.id_of_part(id.uuid())), asked.clone())).collect();
    if let Some(Err(code)) = acts.first().map(Act::check) {
        return Err(Problem::invalid("note", code, "a note of at most 4,000 characters"));
    }
    let mut items = Vec::with_capacity(acts.len());
    for (conversation, act) in conversations.iter().zip(acts) {
        let code = submit(&app, act).await;
        let outcome = if code.is_none() { TransferOutcome::Transferred } else { TransferOutcome::Refused };
        items.push(TransferResult { conversation: *conversation, outcome, code });
    }
    // Each is written in its conversation; this keeps the key, and notes in the audit that it was done at once. A note to colleagues is not repeated there.
    let permitted = permitted.on(Shard::Any).saying(json!({"conversations": conversations, "queue": queue, "agent": agent}));
    permitted.change(&app, once, move |_| Box::pin(async move { Answer::json(StatusCode::OK, &TransferResults { items }) })).await
}

/// Where it all goes; refuses what is wrong with the request as a whole.
fn target(new: &NewTransfers) -> Result<TransferTo, Problem> {
    if !(1..=MAX_AT_ONCE).contains(&new.conversations.len()) {
        return Err(Problem::invalid("conversations", Code::InvalidValue, format!("name 1 to {MAX_AT_ONCE} conversations at once")));
    }
    let mut known = BTreeSet::new();
    if let Some(twice) = new.conversations.iter().position(|id| !known.insert(id.uuid())) {
        return Err(Problem::invalid(format!("conversations.{twice}"), Code::InvalidValue, "name each conversation once"));
    }
    match (new.queue, new.agent) {
        (Some(queue), None) => Ok(TransferTo::Queue(queue)),
        (None, Some(agent)) => Ok(TransferTo::Agent(agent)),
        (None, None) => Err(Problem::invalid("queue", Code::MissingField, "name the queue or the agent to whom they go")),
        (Some(_), Some(_)) => Err(Problem::invalid("agent", Code::InvalidValue, "name either a queue or an agent, not both")),
    }
}

/// Refuses a queue or a colleague that the company does not have, before anything is transferred.
async fn check_target(tx: &mut Tx, tenant: TenantId, to: TransferTo) -> Result<(), Problem> {
    let (field, is_known) = match to {
        TransferTo::Queue(queue) => ("queue", store::queues::all(tx, tenant).await?.contains_key(&queue)),
        TransferTo::Agent(agent) => ("agent", store::routing::agent(tx, tenant, agent).await?.is_some()),
        TransferTo::Unknown => return Ok(()),
    };
    if is_known { Ok(()) } else { Err(Problem::invalid(field, Code::TransferTargetUnknown, "there is no such queue or colleague")) }
}

/// One of them; it has the same id when the request is repeated, because its answer was lost: a conversation that somebody has taken since stays there.
fn act_of(app: &App, actor: &StaffActor, (conversation, id): (ConversationId, Option<Uuid>), asked: Asked) -> Act<Conversation> {
    let ask = Ask::new(None, asked, false, || app.sealer());
    Act { sender: Sender::Staff(actor.staff.clone()), subject: conversation.uuid(), client_id: id.unwrap_or_else(|| app.env().uuid()), digest: 0, ask }
}

/// Does one of them; returns why it was refused.
async fn submit(app: &App, act: Act<Conversation>) -> Option<Code> {
    match act::outcome_of(app.db(), None, act).await {
        Some(Ok(_)) => None,
        Some(Err(refusal)) => Some(refusal.code),
        None => Some(Code::Busy),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};

    const PATH: &str = "/api/v1/conversation-transfers";

    async fn asks(app: &TestApp, words: &str) -> String {
        let visitor = app.visitor().await;
        let conversation = visitor.open(words).await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        conversation
    }
    async fn takes(who: &StaffClient, conversation: &str) {
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::from_u128(1), "body": {"type": "take"}});
        assert_eq!(who.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0]["t"], "ok");
    }
    async fn queue(by: &StaffClient) -> String {
        by.post("/api/v1/queues", json!({"name": {"zh": "别的"}})).await.expect(201)["id"].as_str().unwrap().to_owned()
    }
    fn codes(answer: &Value) -> Vec<&Value> {
        answer["items"].as_array().unwrap().iter().map(|item| &item["code"]).collect()
    }

    #[tokio::test]
    async fn several_go_to_a_queue_at_once_and_each_says_what_became_of_it() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let other = queue(&mira).await;
        let (waiting, served, ended) = (asks(&app, "one").await, asks(&app, "two").await, asks(&app, "three").await);
        takes(&ada, &served).await;
        takes(&ada, &ended).await;
        let end = json!({"t": "send", "conversation": ended, "client_id": uuid::Uuid::from_u128(2), "body": {"type": "resolve"}});
        ada.post("/rt/send", json!({"frames": [end]})).await.expect(200);
        let all = json!({"conversations": [waiting, served, ended, "cnv_00000000000000000000000000000009"], "queue": other, "note": "the others know more"});
        let done = mira.post(PATH, all.clone()).await.expect(200);
        assert_eq!(codes(&done), [&json!(null), &json!(null), &json!("not_active"), &json!("not_found")], "{done}");
        for id in [&waiting, &served] {
            let moved = mira.get(&format!("/api/v1/conversations/{id}")).await.expect(200);
            assert_eq!((&moved["state"], &moved["queue"]["id"]), (&json!("queued"), &json!(other)));
        }
        assert_eq!(codes(&mira.post(PATH, all).await.expect(200))[0], "already_there");
        let acts = app.acts_of("/conversation-transfers").await;
        assert_eq!(acts.len(), 2);
    }

    #[tokio::test]
    async fn a_colleague_is_given_no_more_than_they_can_serve_and_nothing_that_waits() {
        let app = TestApp::new().await;
        let (mira, ada, eve) = (app.manager("mira").await, app.agent("ada").await, app.agent("eve").await);
        let path = format!("/api/v1/staff/{}", eve.member.id);
        let seen = mira.get(&path).await.expect(200)["updated_at"].clone();
        mira.patch(&path, json!({"capacity": 1, "seen": seen})).await.expect(200);
        let (first, second, waiting) = (asks(&app, "one").await, asks(&app, "two").await, asks(&app, "three").await);
        takes(&ada, &first).await;
        takes(&ada, &second).await;
        eve.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
        let mut desk = testkit_server::Realtime::connect(&eve).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}, "lists": ["mine"]})).await;
        desk.until("welcome").await;
        // Eve is free, and is given what waits at once.
        testkit::eventually("eve has it", async || {
            let opened = mira.get(&format!("/api/v1/conversations/{waiting}")).await.expect(200);
            (opened["agent"]["name"] == "eve").then_some(())
        })
        .await;
        let done = mira.post(PATH, json!({"conversations": [first], "agent": eve.member.id})).await.expect(200);
        assert_eq!(codes(&done), ["transfer_target_not_free"], "{done}");
        mira.patch(&path, json!({"capacity": 2, "seen": mira.get(&path).await.expect(200)["updated_at"]})).await.expect(200);
        let done = mira.post(PATH, json!({"conversations": [first, second], "agent": eve.member.id})).await.expect(200);
        assert_eq!(codes(&done), [&json!(null), &json!("transfer_target_not_free")], "{done}");
        let fourth = asks(&app, "four").await;
        let done = mira.post(PATH, json!({"conversations": [fourth], "agent": eve.member.id})).await.expect(200);
        assert_eq!(codes(&done), ["transfer_target_not_free"]);
    }

    #[tokio::test]
    async fn what_is_wrong_as_a_whole_changes_nothing() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let (other, conversation) = (queue(&mira).await, asks(&app, "one").await);
        let many: Vec<String> = (0..101).map(|n| format!("cnv_{n:032x}")).collect();
        let beta = app.other_company("beta").await;
        let foreign = app.staff_of(&beta, domain::staff::Role::Manager, "bob").await;
        for (body, field) in [
            (json!({"conversations": many, "queue": other}), "conversations"),
            (json!({"conversations": [], "queue": other}), "conversations"),
            (json!({"conversations": [conversation, conversation], "queue": other}), "conversations.1"),
            (json!({"conversations": [conversation]}), "queue"),
            (json!({"conversations": [conversation], "queue": other, "agent": ada.member.id}), "agent"),
            (json!({"conversations": [conversation], "queue": beta.queue}), "queue"),
            (json!({"conversations": [conversation], "agent": foreign.member.id}), "agent"),
            (json!({"conversations": [conversation], "queue": other, "note": "x".repeat(70_000)}), "note"),
        ] {
            let refused = mira.post(PATH, body).await;
            assert_eq!((refused.status.as_u16(), refused.json()["field"].clone()), (422, json!(field)));
        }
        let still = mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
        assert_eq!(still["queue"]["id"], json!(app.company.queue));
        // Nobody moves what they do not see: here, what belongs to another company.
        let done = foreign.post(PATH, json!({"conversations": [conversation], "queue": beta.queue})).await.expect(200);
        assert_eq!(codes(&done), ["not_found"]);
        let nia = app.staff(domain::staff::Role::KnowledgeEditor, "nia").await;
        nia.post(PATH, json!({"conversations": [conversation], "queue": other})).await.problem(403, "not_permitted");
    }
}
