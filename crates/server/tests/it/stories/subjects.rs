//! A subject that is no conversation goes through the same door and the same sessions: written once, followed, and resumed after a cut.

use db::{
    Tx,
    journal::{Guard, Stored},
    writer::Outcome,
};
use domain::{
    entry::{Body, Fact, body, fact},
    id::{AgentId, ConversationId, QueueId, TenantId},
    journal::{Appended, NewEntry},
    policy::{Grants, Permission, Staff},
    refusal::Code,
    staff::Role,
    stream::{StreamKind, StreamName},
};
use serde_json::{Value, json};
use service::act::{Act, Sender, Subject, submit};
use store::{Error, Result};
use testkit_app::TestApp;
use testkit_server::Realtime;
use uuid::Uuid;

use crate::stories::people::{entries, hello};

/// A queue as a subject: who manages it may write a conversation on its list.
struct List(TenantId);

impl Subject for List {
    type Ask = ConversationId;
    const KIND: StreamKind = StreamKind::Queue;

    fn check(ask: &ConversationId) -> std::result::Result<(), Code> {
        if ask.uuid().is_nil() { Err(Code::NotPermitted) } else { Ok(()) }
    }
    async fn find(tx: &mut Tx, tenant: TenantId, id: Uuid) -> Result<Option<Self>> {
        match store::routing::queue_name(tx, tenant, QueueId::new(id)).await {
            Ok(_) => Ok(Some(Self(tenant))),
            Err(Error::Db(error)) => Err(error.into()),
            Err(_) => Ok(None),
        }
    }
    fn may_see(&self, sender: &Sender) -> bool {
        matches!(sender, Sender::Staff(staff) if staff.tenant == self.0 && staff.may(Permission::ManageQueues))
    }
    async fn happen(&self, act: &Act<Self>, tx: &mut Tx) -> Result<Appended> {
        let (about, known) = (body::About { conversation: act.ask }, fact::About { conversation: act.ask, ep: 1 });
        let mut entry = NewEntry::new(act.stream(), self.0, act.sender.actor(), Body::Enter(about), Fact::Enter(known));
        (entry.client_id, entry.send_hash) = (Some(act.client_id), act.digest);
        match db::journal::append(tx, vec![(entry.into(), Guard::Any)]).await?.pop() {
            Some(Stored::New(appended) | Stored::Known(appended)) => Ok(appended),
            _ => Err(Error::Stale),
        }
    }
}

fn member(tenant: TenantId, role: Role) -> Sender {
    let agent = AgentId::new(Uuid::from_u128(7));
    Sender::Staff(Staff { agent, tenant, grants: Grants::of(role), circle: Default::default(), name: "mira".into(), number: "1".into() })
}

fn act(sender: Sender, queue: Uuid, client_id: u128) -> Act<List> {
    Act { sender, subject: queue, client_id: Uuid::from_u128(client_id), digest: 1, ask: ConversationId::new(Uuid::from_u128(9)) }
}

/// Submits an act, again while the machine is too busy for it; the number of its entry, or the code of the refusal.
async fn happens(app: &TestApp, make: impl Fn() -> Act<List>) -> std::result::Result<i64, Code> {
    testkit::eventually("an answer", || async {
        let (done, answer) = tokio::sync::oneshot::channel::<Option<Outcome>>();
        submit(app.app().db(), None, make(), None, move |outcome| {
            let _ = done.send(outcome);
        });
        answer.await.unwrap().map(|outcome| outcome.map(|appended| appended.seq).map_err(|refusal| refusal.code))
    })
    .await
}

/// The numbers of the entries in a frame, all of which are of the subject.
fn numbers(frame: &Value) -> Vec<i64> {
    entries(frame).iter().map(|entry| if entry["kind"] == "enter" { entry["seq"].as_i64().unwrap() } else { panic!("{entry}") }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subject_that_is_no_conversation_is_written_once_followed_and_resumed() {
    let app = TestApp::new().await;
    let (mira, tenant, queue) = (app.manager("mira").await, app.company.tenant, app.company.queue.uuid());
    let name = StreamName { kind: StreamKind::Queue, id: queue }.to_string();
    let write = |client_id| happens(&app, move || act(member(tenant, Role::Manager), queue, client_id));
    let mut socket = Realtime::connect(&mira).await;
    socket.send(&hello(&[&name])).await;
    let welcome = socket.until("welcome").await;
    assert!(numbers(&socket.until("reset").await).is_empty());

    assert_eq!(write(1).await, Ok(1));
    assert_eq!(numbers(&socket.until("entries").await), [1]);
    assert_eq!(write(1).await, Ok(1), "a repeated act has the numbers that it got");
    let changed = happens(&app, move || Act { digest: 2, ..act(member(tenant, Role::Manager), queue, 1) });
    assert_eq!(changed.await, Err(Code::ClientIdReused));

    // Whoever may not see it is told that it does not exist.
    let beta = app.other_company("beta").await.tenant;
    for (n, role, of, id) in [(10, Role::Agent, tenant, queue), (11, Role::Manager, beta, queue), (12, Role::Manager, tenant, Uuid::from_u128(5))] {
        let refused = happens(&app, move || act(member(of, role), id, n)).await;
        assert_eq!(refused, Err(Code::NotFound), "{n}");
    }
    let nothing = Act { ask: ConversationId::new(Uuid::nil()), ..act(member(tenant, Role::Manager), queue, 2) };
    assert_eq!(nothing.check(), Err(Code::NotPermitted));

    drop(socket);
    assert_eq!([write(3).await, write(4).await], [Ok(2), Ok(3)]);
    let mut again = Realtime::connect(&mira).await;
    again.send(&json!({"t": "hello", "version": 1, "generation": welcome["generation"], "cursors": {&name: 1}})).await;
    let mut seen = Vec::new();
    while seen.len() < 2 {
        seen.extend(numbers(&again.until("entries").await));
    }
    assert_eq!(seen, [2, 3]);
}
