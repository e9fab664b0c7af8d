//! `GET /api/v1/staff/{id}/work`, and where the work of a member who leaves goes.

use axum::{Json, extract::State};
use db::Tx;
use domain::{
    id::{AgentId, ConversationId, QueueId, TenantId},
    refusal::Code,
    text::Bilingual,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    fault::Fault,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use service::give_back;
use store::{TenantTx, staff::removal::Work};
use utoipa::ToSchema;

use super::get_managed;

/// How a request says that each conversation returns to its own queue.
const OWN_QUEUES: &str = "own_queues";

/// Where the conversations of a member who is disabled or removed go: `own_queues` returns each to the queue it came from, the id of a queue all of them to that one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum WorkTo {
    /// Each to the queue it came from.
    OwnQueues,
    /// All of them to this one.
    Queue(QueueId),
}

impl TryFrom<String> for WorkTo {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.parse() {
            Ok(queue) => Ok(Self::Queue(queue)),
            Err(_) if text == OWN_QUEUES => Ok(Self::OwnQueues),
            Err(_) => Err("`own_queues`, or the id of a queue"),
        }
    }
}

impl WorkTo {
    /// The queue to which all of it goes, if it is one.
    const fn queue(self) -> Option<QueueId> {
        match self {
            Self::OwnQueues => None,
            Self::Queue(queue) => Some(queue),
        }
    }
}

/// The work of a member who leaves, and where it goes.
#[derive(Debug, Clone)]
pub(super) struct Leaving {
    member: AgentId,
    to: Option<WorkTo>,
    /// The conversations that they served when this was asked for.
    served: Vec<ConversationId>,
}

impl Leaving {
    /// What a member serves now.
    pub(super) async fn read(tx: &mut Tx, tenant: TenantId, member: AgentId, to: Option<WorkTo>) -> store::Result<Self> {
        Ok(Self { member, to, served: store::conversations::served_by(tx, tenant, member).await? })
    }

    /// Locks the conversations and then the company, in the order of locks: the transaction has locked nothing before.
    pub(super) async fn lock(&self, tx: &mut TenantTx<'_>) -> store::Result<()> {
        let tenant = tx.tenant();
        give_back::lock(tx, tenant, &self.served).await?;
        tx.lock_company().await
    }

    /// Refuses that somebody leaves while nobody has said where their conversations go, or if they cannot go there.
    pub(super) async fn check(&self, tx: &mut TenantTx<'_>) -> Result<(), Fault> {
        let (tenant, member) = (tx.tenant(), self.member);
        if let Some(queue) = self.to.and_then(WorkTo::queue) {
            let unknown = || Problem::invalid("move_to", Code::InvalidValue, "there is no such queue");
            store::queues::get(tx, tenant, queue).await.map_err(Fault::if_not_found(unknown))?;
        }
        let Work { active, on_hold, snoozed, .. } = store::staff::removal::work_of(tx, tenant, member).await?;
        let open = active + on_hold + snoozed;
        if open == 0 || self.to.is_some() {
            return Ok(());
        }
        let title = format!(
            "this member serves {active} conversations, has {on_hold} on hold and {snoozed} snoozed: say in `move_to` where they go, `own_queues` or the id of a queue"
        );
        Err(Problem::in_use(Code::MemberHasWork, "move_to", open, title).into())
    }

    /// Has the conversations go where they are to go.
    pub(super) async fn hand_on(&self, tx: &mut TenantTx<'_>) -> Result<(), Fault> {
        let tenant = tx.tenant();
        let is_done = give_back::all_of(tx, tenant, self.member, self.to.and_then(WorkTo::queue), &self.served).await?;
        if is_done { Ok(()) } else { Err(Problem::busy().into()) }
    }
}

/// What a member would leave behind.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberWork {
    /// Conversations they serve.
    pub active: i64,
    /// Those that they have put on hold.
    pub on_hold: i64,
    /// Those that they have snoozed.
    pub snoozed: i64,
    /// Left messages that they take care of; these are for anybody once they are removed.
    pub left_messages: i64,
    /// The queues that nobody else serves.
    pub alone_in: Vec<Bilingual>,
}

/// Returns what a member would leave behind who is disabled or removed now.
#[utoipa::path(get, path = "/staff/{id}/work", tag = "staff", security(("staff" = [])), params(("id" = AgentId, Path)),
    responses((status = 200, body = MemberWork), Problems))]
pub async fn get_member_work(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<AgentId>) -> Result<Json<MemberWork>, Problem> {
    let (person, _) = get_managed(&app, &actor, id).await?;
    let tenant = actor.tenant();
    let mut tx = app.db().snapshot_of(tenant).await?;
    let Work { active, on_hold, snoozed, left_messages } = store::staff::removal::work_of(&mut tx, tenant, id).await?;
    let alone = if person.disabled_at.is_some() { Vec::new() } else { store::staff::roster::alone_in(&mut tx, tenant, id).await? };
    Ok(Json(MemberWork { active, on_hold, snoozed, left_messages, alone_in: alone.into_iter().map(|(_, name)| name).collect() }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};

    async fn says(who: &StaffClient, conversation: &str, n: u128, body: Value) {
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::from_u128(n), "body": body});
        assert_eq!(who.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0]["t"], "ok");
    }

    /// Two conversations of ada: one that she serves, and one that she has snoozed.
    async fn work(app: &TestApp, ada: &StaffClient) -> [String; 2] {
        let mut all = Vec::new();
        for n in 0..2 {
            let visitor = app.visitor().await;
            let conversation = visitor.open("hello").await;
            visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
            says(ada, &conversation, 10 + n, json!({"type": "take"})).await;
            all.push(conversation);
        }
        let until = app.env().now().plus(domain::time::HOUR);
        says(ada, &all[1], 20, json!({"type": "snooze", "until": until})).await;
        all.try_into().unwrap()
    }

    #[tokio::test]
    async fn whoever_leaves_says_where_the_work_goes() {
        let app = TestApp::new().await;
        let (mira, ada, eve) = (app.manager("mira").await, app.agent("ada").await, app.agent("eve").await);
        let other = mira.post("/api/v1/queues", json!({"name": {"zh": "别的"}})).await.expect(201)["id"].as_str().unwrap().to_owned();
        let conversations = work(&app, &ada).await;
        let path = format!("/api/v1/staff/{}", ada.member.id);
        let left = mira.get(&format!("{path}/work")).await.expect(200);
        assert_eq!(left, json!({"active": 1, "on_hold": 0, "snoozed": 1, "left_messages": 0, "alone_in": []}));
        eve.get(&format!("{path}/work")).await.problem(403, "not_permitted");
        let seen = mira.get(&path).await.expect(200)["updated_at"].clone();
        let disable = |to: Value| json!({"disabled": true, "seen": seen, "move_to": to});
        let asked = mira.patch(&path, json!({"disabled": true, "seen": seen})).await.problem_at(409, "member_has_work", "move_to");
        assert_eq!(asked["count"], 2);
        let removal = format!("{path}?seen={seen}");
        assert_eq!(mira.delete(&removal).await.problem_at(409, "member_has_work", "move_to")["count"], 2);
        for wrong in ["que_00000000000000000000000000000009", "their_desk"] {
            mira.patch(&path, disable(json!(wrong))).await.problem_at(422, "invalid_value", "move_to");
            mira.delete(&format!("{removal}&move_to={wrong}")).await.problem_at(422, "invalid_value", "move_to");
        }
        let beta = app.other_company("beta").await;
        mira.patch(&path, disable(json!(beta.queue))).await.problem_at(422, "invalid_value", "move_to");
        assert_eq!(mira.get(&format!("{path}/work")).await.expect(200), left, "nothing has been moved");

        assert_eq!(mira.patch(&path, disable(json!(other))).await.expect(200)["status"], "disabled");
        for conversation in &conversations {
            let moved = mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
            assert_eq!((&moved["state"], &moved["queue"]["id"]), (&json!("queued"), &json!(other)));
        }
        assert_eq!(mira.get(&format!("{path}/work")).await.expect(200)["active"], 0);
    }

    #[tokio::test]
    async fn whoever_is_removed_returns_the_work_to_its_own_queues() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let conversations = work(&app, &ada).await;
        let path = format!("/api/v1/staff/{}", ada.member.id);
        let seen = mira.get(&path).await.expect(200)["updated_at"].clone();
        assert_eq!(mira.delete(&format!("{path}?seen={seen}&move_to=own_queues")).await.status.as_u16(), 204);
        for conversation in &conversations {
            let moved = mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
            assert_eq!((&moved["state"], &moved["queue"]["id"]), (&json!("queued"), &json!(app.company.queue)));
        }
    }
}
