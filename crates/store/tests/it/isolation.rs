//! A different company can neither see nor change anything, even with the right ids.

use std::sync::Arc;

use domain::{
    id::{SessionId, TenantId},
    journal::{Actor, Mark, Side, View},
    staff::AgentState,
    time::{DAY, Ts},
};
use store::{Error, bot_answers, conversations, groups, queues, routing, sign_in_links, sites, staff, staff_sessions, visitors};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(another_company_reads_nothing, another_company_changes_nothing);

/// A company with one of everything, and a company that has no part in it.
struct Both {
    fixture: Fixture,
    stranger: TenantId,
    member: staff::Member,
    conversation: domain::conversation::Conversation,
    session: SessionId,
}

async fn both(db: &Arc<TestDb>) -> Both {
    let fixture = Fixture::new(db).await;
    let stranger = Company::create(db, "beta").await.tenant;
    let tenant = fixture.company.tenant;
    let member = fixture.agent("ada").await;
    let conversation = fixture.served(fixture.visitor().await, &member).await;
    fixture.queued(fixture.visitor().await).await;
    fixture.resolved(fixture.visitor().await, &member).await;
    let (agent, session, until) = (member.id, SessionId::new(db.uuid()), db.now().plus(DAY));
    write!(db, |tx| async move {
        staff_sessions::insert(tx, tenant, agent, session, b"session", "").await?;
        sign_in_links::insert(tx, tenant, agent, b"link", until).await
    })
    .unwrap();
    Both { fixture, stranger, member, conversation, session }
}

macro_rules! nothing {
    ($db:expr, $($call:expr),* $(,)?) => {$(
        let found = { let call = $call; let mut tx = $db.read().await.unwrap(); call(&mut tx).await };
        assert!(found, stringify!($call));
    )*};
}

async fn another_company_reads_nothing(db: Arc<TestDb>) {
    let b = both(&db).await;
    let (other, agent, visitor, cnv, site) = (b.stranger, b.member.id, b.conversation.visitor, b.conversation.id, b.fixture.company.site);
    nothing!(
        db,
        async |tx: &mut db::Tx| matches!(staff::get(tx, other, agent).await, Err(Error::NotFound)),
        async |tx: &mut db::Tx| staff::list(tx, other).await.unwrap().is_empty(),
        async |tx: &mut db::Tx| groups::of_agents(tx, other).await.unwrap().is_empty(),
        async |tx: &mut db::Tx| staff_sessions::list(tx, other, agent).await.unwrap().is_empty(),
        async |tx: &mut db::Tx| matches!(sites::get(tx, other, site).await, Err(Error::NotFound)),
        async |tx: &mut db::Tx| conversations::find(tx, other, cnv).await.unwrap().is_none(),
        async |tx: &mut db::Tx| matches!(conversations::get(tx, other, cnv).await, Err(Error::NotFound)),
        async |tx: &mut db::Tx| conversations::open_of_visitor(tx, other, visitor, site).await.unwrap().is_none(),
        async |tx: &mut db::Tx| conversations::current_of_visitor(tx, other, visitor, site).await.unwrap().is_none(),
        async |tx: &mut db::Tx| routing::line(tx, other).await.unwrap().is_empty(),
        async |tx: &mut db::Tx| routing::at_work(tx, other).await.unwrap().is_empty(),
        async |tx: &mut db::Tx| routing::agent(tx, other, agent).await.unwrap().is_none(),
        async |tx: &mut db::Tx| queues::members_at_work(tx, other).await.unwrap().is_empty(),
        async |tx: &mut db::Tx| conversations::served_by(tx, other, agent).await.unwrap().is_empty(),
        async |tx: &mut db::Tx| bot_answers::find(tx, other, cnv, 2).await.unwrap().is_none(),
        async |tx: &mut db::Tx| routing::candidates(tx, other).await.unwrap().is_empty(),
        async |tx: &mut db::Tx| routing::queues(tx, other).await.unwrap().iter().all(|(id, _, waiting)| *id != b.fixture.company.queue && *waiting == 0),
        async |tx: &mut db::Tx| queues::loads(tx, other).await.unwrap().iter().all(|load| load.id != b.fixture.company.queue && load.waiting == 0),
        async |tx: &mut db::Tx| matches!(routing::queue_name(tx, other, b.fixture.company.queue).await, Err(Error::NotFound)),
        async |tx: &mut db::Tx| matches!(routing::queue_of_site(tx, other, site).await, Err(Error::NotFound)),
        async |tx: &mut db::Tx| routing::recent_services(tx, other, Ts(0)).await.unwrap().is_empty(),
        async |tx: &mut db::Tx| visitors::first_seen(tx, other, visitor).await.unwrap().is_none(),
        async |tx: &mut db::Tx| db::journal::page(tx, other, b.conversation.stream(), View::Staff, 0, 10).await.unwrap().is_empty(),
        async |tx: &mut db::Tx| db::journal::head(tx, other, cnv.uuid()).await.unwrap().seq == 0,
        async |tx: &mut db::Tx| db::journal::marks(tx, other, cnv.uuid()).await.unwrap() == (Mark::default(), Mark::default()),
    );
}

async fn another_company_changes_nothing(db: Arc<TestDb>) {
    let b = both(&db).await;
    let (other, tenant, agent, visitor, cnv) = (b.stranger, b.fixture.company.tenant, b.member.id, b.conversation.visitor, b.conversation.id);
    let (session, stream) = (b.session, b.conversation.stream());
    assert!(matches!(write!(db, |tx| staff::set_password(tx, other, agent, "stolen")), Err(Error::NotFound)));
    assert!(matches!(write!(db, |tx| staff::change_state(tx, other, agent, AgentState::Break, Actor::system(), None)), Err(Error::NotFound)));
    assert!(matches!(write!(db, |tx| sign_in_links::spend(tx, other, b"link")), Err(Error::Stale)));
    assert!(matches!(write!(db, |tx| staff_sessions::end(tx, other, agent, session)), Err(Error::NotFound)));
    write!(db, |tx| staff_sessions::end_all(tx, other, agent)).unwrap();
    let session = domain::id::SessionId::new(db.uuid());
    write!(db, |tx| staff_sessions::end_others(tx, other, agent, session)).unwrap();
    write!(db, |tx| sign_in_links::spend_all(tx, other, agent)).unwrap();
    write!(db, |tx| staff_sessions::touch(tx, other, session)).unwrap();
    assert_eq!(write!(db, |tx| staff_sessions::forget_expired(tx, other)).unwrap(), 0);
    write!(db, |tx| conversations::put_off(tx, other, cnv, Ts(1))).unwrap();
    assert_eq!(write!(db, |tx| conversations::lock(tx, other, cnv)).unwrap(), None);
    assert_eq!(write!(db, |tx| conversations::try_lock(tx, other, cnv)).unwrap(), None);
    write!(db, |tx| visitors::revoke(tx, other, visitor)).unwrap();
    store::entry_points::agents_seen(&db, vec![(other, agent)], Ts(1)).await.unwrap();
    write!(db, |tx| async move { Ok(db::journal::raise_mark(tx, other, stream, Side::Staff, agent.uuid(), Mark { received: 9, read: 9 }).await?) }).unwrap();

    assert_eq!(read!(db, |tx| staff::get(tx, tenant, agent)).unwrap(), b.member);
    assert_eq!(read!(db, |tx| staff_sessions::list(tx, tenant, agent)).unwrap().len(), 1);
    assert_eq!(read!(db, |tx| conversations::get(tx, tenant, cnv)).unwrap(), b.conversation);
    assert_eq!(read!(db, |tx| db::journal::marks(tx, tenant, cnv.uuid())).unwrap(), (Mark::default(), Mark::default()));
    assert_eq!(read!(db, |tx| routing::candidates(tx, tenant)).unwrap()[0].last_seen_at, None);
    assert!(write!(db, |tx| sign_in_links::spend(tx, tenant, b"link")).is_ok());
}
