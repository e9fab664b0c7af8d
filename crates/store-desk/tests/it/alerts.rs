//! Alerts of any kind about any subject: what waits, who sees it, and what an older record keeps of them.

use std::sync::Arc;

use db::{Config, Db, Engine, Shard, SqliteFiles, migrations::Migrations, q};
use domain::{
    alert::{Alert, AlertKind, AlertLevel, Sign},
    conversation::{Event, State},
    department::Department,
    id::{AgentId, ConversationId, DepartmentId, GroupId, QueueId, TenantId},
    journal::Actor,
    policy::{Grant, Grants, Reach, Staff, Standing, may_read_where_it_stands},
    staff::Role,
    stream::{StreamKind, StreamName},
    time::{MINUTE, Ts},
};
use store::{
    conversations, departments,
    groups::{self, Group},
    left_messages::{self, NewLeftMessage},
    reach::Within,
    schema::MIGRATIONS,
    staff::roster,
    visitors::{self, Pass},
};
use store_desk::alerts::{self, Chosen, Place};
use testkit::{
    Company, TestClock, TestDb,
    database::fresh_postgres,
    fixture::{Fixture, agent, read, said, write},
    on_every_engine,
};
use uuid::Uuid;

on_every_engine!(
    an_alert_waits_for_whoever_serves_its_queue_until_it_is_acknowledged,
    a_sign_of_attack_is_raised_once_an_hour_and_seen_by_those_who_see_everything,
    one_alert_of_a_kind_waits_about_a_subject_and_an_entry_raises_it_once,
    what_was_seen_and_not_answered_before_is_marked,
    an_alert_need_not_be_about_a_conversation,
    another_company_sees_and_acknowledges_nothing,
    a_flood_from_one_network_is_one_row_and_hides_nobody,
    the_loudest_come_first_and_pages_follow_one_another,
    alerts_and_left_messages_are_listed_where_the_policy_lets_the_conversation_be_read,
    an_alert_waits_for_those_of_its_queue_and_for_the_agent_of_the_conversation,
    the_alerts_of_a_queue_go_to_another,
);

async fn an_alert_waits_for_whoever_serves_its_queue_until_it_is_acknowledged(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await, fixture.agent("eve").await);
    let mine = fixture.add_queue("Mine", false, vec![ada.id]).await.id;
    let before = fixture.says(&fixture.conversation(fixture.visitor().await).await, "help me").await;
    let raised = fixture.happens(&before, Event::RaiseAlert { of: 2 }, Actor::system()).await;
    let alert = Alert::danger(raised.id, 2, mine);
    assert!(write!(db, |tx| alerts::insert(tx, tenant, &alert)).unwrap());
    assert!(
        read!(db, |tx| alerts::has_raised(tx, tenant, alert.subject, 2)).unwrap() && !read!(db, |tx| alerts::has_raised(tx, tenant, alert.subject, 3)).unwrap()
    );
    assert_eq!(read!(db, |tx| conversations::get(tx, tenant, raised.id)).unwrap().alerted_at, Some(db.now()));
    for (of, seen) in [(None, 1), (Some(agent_of(ada.id)), 1), (Some(agent_of(eve.id)), 1)] {
        let rows = read!(db, |tx| alerts::waiting(tx, tenant, Chosen { of, network: None }, None, 10)).unwrap();
        assert_eq!(rows.len(), seen, "{of:?}");
    }
    let row = read!(db, |tx| alerts::waiting(tx, tenant, Chosen::default(), None, 10)).unwrap().remove(0);
    assert_eq!((row.kind.as_str(), row.level.as_str(), row.subject_kind.as_str(), row.subject_id), ("danger", "urgent", "conversation", raised.id.uuid()));
    assert_eq!((row.seq, row.state.as_deref(), row.raised_at, row.due_at, row.done_at), (2, Some("bot"), db.now().0, None, None));
    assert!(row.body.unwrap().contains("help me"));
    // It goes with its conversation into another queue.
    let theirs = fixture.add_queue("Theirs", false, vec![eve.id]).await.id;
    write!(db, |tx| alerts::hand_on(tx, tenant, alert.subject, theirs)).unwrap();
    // Both see it, because somebody may be in danger; it waits for those of its queue.
    for (of, waits) in [(agent_of(ada.id), false), (agent_of(eve.id), true)] {
        let rows = read!(db, |tx| alerts::waiting(tx, tenant, Chosen { of: Some(of), network: None }, None, 10)).unwrap();
        assert_eq!(rows.len(), 1, "{of:?}");
        assert_eq!(read!(db, |tx| alerts::is_waiting_for(tx, tenant, alert.subject, of)).unwrap(), waits, "{of:?}");
    }
    let by_whom = eve.id;
    write!(db, |tx| alerts::finish(tx, tenant, alert.subject, by_whom)).unwrap();
    assert!(read!(db, |tx| alerts::waiting(tx, tenant, Chosen::default(), None, 10)).unwrap().is_empty());
    let done = read!(db, |tx| alerts::list_done(tx, tenant, None, None, 10)).unwrap();
    assert_eq!((done.len(), done[0].done_by.as_deref()), (1, Some("eve")));
    let after = Some(Place { loudness: 0, at: db.now(), subject: raised.id.uuid(), seq: 2, kind: "danger".into() });
    assert!(read!(db, |tx| alerts::list_done(tx, tenant, None, after, 10)).unwrap().is_empty());
    let nowhere = Some(Place { loudness: 0, at: db.now(), subject: raised.id.uuid(), seq: 2, kind: "\0".into() });
    assert!(read!(db, |tx| alerts::list_done(tx, tenant, None, nowhere, 10)).unwrap().is_empty());
}

async fn one_alert_of_a_kind_waits_about_a_subject_and_an_entry_raises_it_once(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, queue, ada) = (fixture.company.tenant, fixture.company.queue, fixture.agent("ada").await.id);
    let id = fixture.says(&fixture.conversation(fixture.visitor().await).await, "help me").await.id;
    let raise = async |of| {
        let alert = Alert::danger(id, of, queue);
        write!(db, |tx| alerts::insert(tx, tenant, &alert)).unwrap()
    };
    assert_eq!([raise(2).await, raise(2).await, raise(3).await], [true, false, false], "one waits already");
    write!(db, |tx| alerts::finish(tx, tenant, Alert::danger(id, 2, queue).subject, ada)).unwrap();
    assert_eq!([raise(2).await, raise(3).await], [false, true], "what was acknowledged is not raised by the same entry again");
    let waiting = async || {
        let rows = read!(db, |tx| alerts::waiting(tx, tenant, Chosen::default(), None, 10)).unwrap();
        rows.into_iter().map(|row| (row.seq, row.raised_at)).collect::<Vec<_>>()
    };
    assert_eq!(waiting().await, [(3, db.now().0)]);
    // It can wait again, from then on; not beside another.
    write!(db, |tx| alerts::wait_again(tx, tenant, &Alert::danger(id, 2, queue))).unwrap();
    assert_eq!(waiting().await, [(3, db.now().0)]);
    write!(db, |tx| alerts::finish(tx, tenant, Alert::danger(id, 3, queue).subject, ada)).unwrap();
    db.clock.advance(1_000);
    write!(db, |tx| alerts::wait_again(tx, tenant, &Alert::danger(id, 2, queue))).unwrap();
    assert_eq!(waiting().await, [(2, db.now().0)]);
    assert_eq!(read!(db, |tx| alerts::list_done(tx, tenant, None, None, 10)).unwrap().len(), 1);
}

async fn what_was_seen_and_not_answered_before_is_marked(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, queue, ada) = (fixture.company.tenant, fixture.company.queue, fixture.agent("ada").await);
    let cry = async || {
        let served = fixture.served(fixture.visitor().await, &ada).await;
        let cried = fixture.says(&served, "help me").await;
        let of = read!(db, |tx| db::journal::head(tx, tenant, cried.id.uuid())).unwrap().seq;
        let raised = fixture.happens(&cried, Event::RaiseAlert { of }, Actor::system()).await;
        write!(db, |tx| alerts::insert(tx, tenant, &Alert::danger(raised.id, of, queue))).unwrap();
        fixture.happens(&raised, Event::AcknowledgeAlert { by: ada.id }, agent(&ada)).await
    };
    let (seen, answered, ended) = (cry().await, cry().await, cry().await);
    fixture.happens(&answered, Event::AgentSays { said: said("I am here"), agent: ada.id }, agent(&ada)).await;
    fixture.happens(&ended, Event::Resolve, agent(&ada)).await;
    write!(db, |tx| forget_danger(tx, tenant)).unwrap();
    let steps = if db.url().is_some() { MIGRATIONS.postgres } else { MIGRATIONS.sqlite };
    let (_, text) = steps.iter().find(|(name, _)| *name == "0047_danger.sql").unwrap();
    for statement in text.split(';').filter(|statement| statement.trim_start().starts_with("UPDATE")) {
        write!(db, |tx| run(tx, statement)).unwrap();
    }
    for (id, expected) in [(seen.id, seen.danger_of), (answered.id, None), (ended.id, None)] {
        assert_eq!(read!(db, |tx| conversations::get(tx, tenant, id)).unwrap().danger_of, expected);
    }
    assert!(seen.danger_of.is_some());
}

async fn forget_danger(tx: &mut db::Tx, tenant: TenantId) -> store::Result<()> {
    q!(tx, |c| sqlx::query("UPDATE conversations SET danger_of = NULL WHERE tenant_id = $1").bind(tenant.uuid()).execute(c).await.map(drop))?;
    Ok(())
}

async fn run(tx: &mut db::Tx, statement: &'static str) -> store::Result<()> {
    q!(tx, |c| sqlx::query(statement).execute(c).await.map(drop))?;
    Ok(())
}

async fn an_alert_need_not_be_about_a_conversation(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, queue, ada) = (fixture.company.tenant, fixture.company.queue, fixture.agent("ada").await.id);
    let subject = StreamName { kind: StreamKind::Queue, id: queue.uuid() };
    let due_at = db.now().plus(MINUTE);
    let alert = Alert { kind: AlertKind::Danger, subject, seq: 1, level: AlertLevel::Warning, queue: None, due_at: Some(due_at) };
    assert!(write!(db, |tx| alerts::insert(tx, tenant, &alert)).unwrap());
    assert!(
        read!(db, |tx| alerts::waiting(tx, tenant, Chosen { of: Some(agent_of(ada)), network: None }, None, 10)).unwrap().is_empty(),
        "without a queue, managers alone see it"
    );
    let row = read!(db, |tx| alerts::waiting(tx, tenant, Chosen::default(), None, 10)).unwrap().remove(0);
    assert_eq!((row.subject_kind.as_str(), row.subject_id, row.level.as_str(), row.due_at), ("queue", queue.uuid(), "warning", Some(due_at.0)));
    assert_eq!((row.visitor_id, row.lang, row.state, row.body, row.queue_id), (None, None, None, None, None));
    write!(db, |tx| alerts::finish(tx, tenant, subject, ada)).unwrap();
    assert_eq!(read!(db, |tx| alerts::list_done(tx, tenant, Some(agent_of(ada)), None, 10)).unwrap().len(), 1);
}

async fn another_company_sees_and_acknowledges_nothing(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, queue, eve) = (fixture.company.tenant, fixture.company.queue, fixture.agent("eve").await.id);
    let theirs = Company::create(&db, "beta").await.tenant;
    let id = fixture.conversation(fixture.visitor().await).await.id;
    let alert = Alert::danger(id, 1, queue);
    assert!(write!(db, |tx| alerts::insert(tx, tenant, &alert)).unwrap());
    assert!(read!(db, |tx| alerts::waiting(tx, theirs, Chosen::default(), None, 10)).unwrap().is_empty());
    write!(db, |tx| alerts::finish(tx, theirs, alert.subject, eve)).unwrap();
    assert_eq!(read!(db, |tx| alerts::waiting(tx, tenant, Chosen::default(), None, 10)).unwrap().len(), 1);
    assert!(read!(db, |tx| alerts::list_done(tx, theirs, None, None, 10)).unwrap().is_empty());
}

/// Somebody writes from a network, and an alert is raised about that.
async fn cry_from(fixture: &Fixture, network: &[u8]) -> Uuid {
    let (db, tenant, site, queue) = (&fixture.db, fixture.company.tenant, fixture.company.site, fixture.company.queue);
    let (visitor, secret) = (fixture.visitor().await, db.uuid().as_bytes().to_vec());
    let pass = Pass { device: secret.clone(), token: secret, session: None, network: Some(network.to_vec()) };
    write!(db, |tx| async move { visitors::issue(tx, tenant, visitor, site, &pass).await }).unwrap();
    let id = fixture.conversation(visitor).await.id;
    db.clock.advance(1);
    let alert = Alert::danger(id, 1, queue);
    assert!(write!(db, |tx| alerts::insert(tx, tenant, &alert)).unwrap());
    id.uuid()
}

fn of(rows: &[alerts::AlertRow]) -> Vec<(Uuid, i64)> {
    rows.iter().map(|row| (row.subject_id, row.others)).collect()
}

async fn a_flood_from_one_network_is_one_row_and_hides_nobody(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let early = cry_from(&fixture, b"early").await;
    let mut flood = Vec::new();
    for _ in 0..3 {
        flood.push(cry_from(&fixture, b"flood").await);
    }
    let waiting = async || read!(db, |tx| alerts::waiting(tx, tenant, Chosen::default(), None, 50)).unwrap();
    assert_eq!(of(&waiting().await), [(flood[2], 0), (flood[1], 0), (flood[0], 0), (early, 0)], "a few are listed one by one");
    for _ in 0..60 {
        flood.push(cry_from(&fixture, b"flood").await);
    }
    let late = cry_from(&fixture, b"late").await;
    for _ in 0..57 {
        flood.push(cry_from(&fixture, b"flood").await);
    }
    let rows = waiting().await;
    assert_eq!(of(&rows), [(flood[119], 119), (late, 0), (early, 0)]);
    assert_eq!(read!(db, |tx| alerts::count_waiting(tx, tenant, None)).unwrap(), 122);

    let (which, mut after, mut listed) = (Chosen { of: None, network: rows[0].network.as_deref() }, None, Vec::new());
    for most in [50, 50, 20] {
        let page = read!(db, |tx| alerts::waiting(tx, tenant, which, after, 50)).unwrap();
        assert_eq!(page.len(), most);
        listed.extend(page.iter().map(|row| (row.subject_id, row.others)));
        after = page.last().map(alerts::AlertRow::place);
    }
    assert_eq!(listed, flood.iter().rev().map(|id| (*id, 0)).collect::<Vec<_>>());
    let oldest = async |tenant, network: &'static [u8]| read!(db, |tx| alerts::oldest_waiting(tx, tenant, None, network)).unwrap().map(|row| row.subject_id);
    assert_eq!((oldest(tenant, b"flood").await, oldest(tenant, b"nothing").await), (Some(flood[0]), None));
    let theirs = Company::create(&db, "beta").await.tenant;
    assert_eq!(oldest(theirs, b"flood").await, None);
    let (subject, ada) = (StreamName { kind: StreamKind::Conversation, id: flood[0] }, fixture.agent("ada").await.id);
    write!(db, |tx| alerts::finish(tx, tenant, subject, ada)).unwrap();
    assert_eq!(oldest(tenant, b"flood").await, Some(flood[1]), "what was acknowledged does not wait");
    let other = Chosen { of: None, network: Some(b"nothing") };
    assert!(read!(db, |tx| alerts::waiting(tx, tenant, other, None, 50)).unwrap().is_empty());
}

async fn the_loudest_come_first_and_pages_follow_one_another(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, queue) = (fixture.company.tenant, fixture.company.queue);
    let mut expected = Vec::new();
    for level in [AlertLevel::Urgent, AlertLevel::Notice, AlertLevel::Warning, AlertLevel::Urgent, AlertLevel::Notice] {
        let subject = StreamName { kind: StreamKind::Queue, id: db.uuid() };
        db.clock.advance(1);
        let alert = Alert { kind: AlertKind::Danger, subject, seq: 1, level, queue: Some(queue), due_at: None };
        assert!(write!(db, |tx| alerts::insert(tx, tenant, &alert)).unwrap());
        expected.push((level, db.now(), subject.id));
    }
    expected.sort_by_key(|(level, at, _)| std::cmp::Reverse((*level, *at)));
    let (mut after, mut listed) = (None, Vec::new());
    for _ in 0..expected.len() {
        let page = read!(db, |tx| alerts::waiting(tx, tenant, Chosen::default(), after, 1)).unwrap();
        listed.extend(page.iter().map(|row| row.subject_id));
        after = page.last().map(alerts::AlertRow::place);
    }
    assert_eq!(listed, expected.iter().map(|(.., id)| *id).collect::<Vec<_>>());
    assert!(read!(db, |tx| alerts::waiting(tx, tenant, Chosen::default(), after, 1)).unwrap().is_empty());
}

async fn alerts_and_left_messages_are_listed_where_the_policy_lets_the_conversation_be_read(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, general) = (fixture.company.tenant, fixture.company.queue);
    let [ada, bea, dee, eve] = [fixture.agent("ada").await.id, fixture.agent("bea").await.id, fixture.agent("dee").await.id, fixture.agent("eve").await.id];
    let other = fixture.add_queue("Theirs", false, vec![eve]).await.id;
    let at = db.now();
    let department = Department { id: DepartmentId::new(db.uuid()), parent: None, name: "Care".to_owned(), updated_at: at };
    let below = Department { id: DepartmentId::new(db.uuid()), parent: Some(department.id), name: "Night".to_owned(), updated_at: at };
    let group = Group { id: GroupId::new(db.uuid()), name: "Shop".to_owned(), department: Some(department.id), updated_at: at };
    let (of_both, of_department) = (Some(department.id), Some(below.id));
    write!(db, |tx| async move {
        departments::insert(tx, tenant, &department).await?;
        departments::insert(tx, tenant, &below).await?;
        groups::insert(tx, tenant, &group).await?;
        for (agent, department, group, role) in
            [(ada, of_both, Some(group.id), Role::Supervisor), (bea, of_both, Some(group.id), Role::Agent), (dee, of_department, None, Role::Agent)]
        {
            let mut person = roster::get(tx, tenant, agent).await?;
            let seen = person.updated_at;
            (person.department, person.group, person.role, person.updated_at) = (department, group, role, Ts(seen.0 + 1));
            roster::update(tx, tenant, &person, seen).await?;
        }
        Ok(())
    })
    .unwrap();
    let mut stood = Vec::new();
    for state in State::EACH {
        for (agent, left, alerted) in [
            (None, 0, 0),
            (Some(ada), 0, 0),
            (Some(bea), 0, 0),
            (Some(dee), 0, 0),
            (Some(eve), 0, 0),
            (Some(eve), 1, 0),
            (Some(eve), 0, 1),
            (None, 1, 0),
            (None, 0, 1),
        ] {
            for queue in [general, other] {
                let id = fixture.conversation(fixture.visitor().await).await.id;
                let alert = Alert::danger(id, 1, queue);
                let message = NewLeftMessage { conversation: id, episode: 1, seq: 1, queue, promised_by: None, contact: None };
                write!(db, |tx| async move {
                    alerts::insert(tx, tenant, &alert).await?;
                    alerts::finish(tx, tenant, alert.subject, ada).await?;
                    if left > 0 {
                        left_messages::insert(tx, tenant, message).await?;
                    }
                    stand(tx, tenant, (id, queue), *state, agent, (left, alerted)).await
                })
                .unwrap();
                stood.push((id.uuid(), Standing { tenant, state: *state, agent, queue: Some(queue), is_left: left > 0, is_alerted: alerted > 0 }));
            }
        }
    }
    let member = read!(db, |tx| store::staff::get(tx, tenant, ada)).unwrap();
    let known = read!(db, |tx| member.staff(tx)).unwrap();
    use Reach::{Company, Department as OfDepartment, Group as OfGroup, Own, Queue};
    for reach in [vec![Own], vec![Queue], vec![OfGroup], vec![OfDepartment], vec![Own, Queue, OfGroup, OfDepartment], vec![Company]] {
        let grants = Grants::known([Grant { permission: "desk".to_owned(), reach: reach.clone() }]);
        let reader = Staff { grants, ..known.clone() };
        let of = Within::reading(&reader);
        let sorted = |mut ids: Vec<Uuid>| {
            ids.sort_unstable();
            ids
        };
        let readable = |is_listed: fn(&Standing) -> bool| {
            sorted(stood.iter().filter(|(_, at)| is_listed(at) && may_read_where_it_stands(&reader, at)).map(|(id, _)| *id).collect())
        };
        let done = read!(db, |tx| alerts::list_done(tx, tenant, Some(of), None, 1000)).unwrap();
        assert_eq!(sorted(done.iter().map(|row| row.subject_id).collect()), readable(|_| true), "{reach:?}: also of what she acknowledged herself");
        let chosen = left_messages::Chosen { queue: None, known_to: Some(of) };
        let left = read!(db, |tx| left_messages::waiting(tx, tenant, chosen, None, 1000)).unwrap();
        assert_eq!(sorted(left.iter().map(|row| row.conversation_id).collect()), readable(|at| at.is_left), "{reach:?}");
    }
}

/// A member with the reaches of an agent.
fn agent_of(agent: AgentId) -> Within {
    Within { agent, bits: 0b101 }
}

/// Puts a conversation into a queue and a state, with an agent; something was left in it, or an alert waits.
async fn stand(
    tx: &mut db::Tx,
    tenant: TenantId,
    (id, queue): (ConversationId, QueueId),
    state: State,
    agent: Option<AgentId>,
    waits: (i64, i64),
) -> store::Result<()> {
    let since = |waits: i64| (waits > 0).then_some(waits);
    q!(tx, |c| sqlx::query(
        "UPDATE conversations SET state = $3, agent_id = $4, left_at = $5, alerted_at = $6, queue_id = $7 WHERE tenant_id = $1 AND id = $2"
    )
    .bind(tenant.uuid())
    .bind(id.uuid())
    .bind(state.as_str())
    .bind(agent.map(AgentId::uuid))
    .bind(since(waits.0))
    .bind(since(waits.1))
    .bind(queue.uuid())
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

async fn an_alert_waits_for_those_of_its_queue_and_for_the_agent_of_the_conversation(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, bea, eve) = (fixture.company.tenant, fixture.agent("ada").await, fixture.agent("bea").await, fixture.agent("eve").await);
    let mine = fixture.add_queue("Mine", false, vec![ada.id]).await.id;
    let before = fixture.served(fixture.visitor().await, &bea).await;
    let raised = fixture.happens(&before, Event::RaiseAlert { of: 2 }, Actor::system()).await;
    let alert = Alert::danger(raised.id, 2, mine);
    assert!(write!(db, |tx| alerts::insert(tx, tenant, &alert)).unwrap());
    let (theirs, mut seen) = (Company::create(&db, "beta").await.tenant, Vec::new());
    for (tenant, of) in [(tenant, agent_of(ada.id)), (tenant, agent_of(bea.id)), (tenant, agent_of(eve.id)), (theirs, agent_of(ada.id))] {
        seen.push(read!(db, |tx| alerts::is_waiting_for(tx, tenant, alert.subject, of)).unwrap());
    }
    assert_eq!(seen, [true, true, false, false]);
    let of = bea.id;
    assert_eq!(read!(db, |tx| alerts::count_waiting(tx, tenant, Some(agent_of(of)))).unwrap(), 1);
    write!(db, |tx| alerts::finish(tx, tenant, alert.subject, of)).unwrap();
    assert!(!read!(db, |tx| alerts::is_waiting_for(tx, tenant, alert.subject, agent_of(of))).unwrap());
    assert_eq!(read!(db, |tx| alerts::count_waiting(tx, tenant, None)).unwrap(), 0);
}

/// How many steps there were before alerts could be of any kind.
const BEFORE: usize = 39;
const OLD: Migrations = Migrations { sqlite: MIGRATIONS.sqlite.split_at(BEFORE).0, postgres: MIGRATIONS.postgres.split_at(BEFORE).0 };

async fn open(engine: &Engine, migrations: Migrations) -> Db {
    Db::open(Config { engine: engine.clone(), migrations, clock: Arc::new(TestClock::default()), on_commit: Arc::new(|_| ()) }).await.unwrap()
}

/// What waited and what was acknowledged before is there; of several that waited in one conversation, the first.
async fn what_was_raised_before_stays(engine: Engine) {
    let id = |n: u128| Uuid::from_u128(n);
    let (tenant, conversation, other, queue, agent) = (id(1), id(2), id(3), id(4), id(5));
    let old = open(&engine, OLD).await;
    let rows =
        [(conversation, 2, 100, None), (conversation, 5, 200, Some(300)), (conversation, 7, 400, None), (conversation, 9, 500, None), (other, 1, 600, None)];
    let filled: store::Result<()> = old
        .writer()
        .write(Shard::Any, move |tx| {
            Box::pin(async move {
                for (conversation, seq, raised_at, done_at) in rows {
                    q!(tx, |c| sqlx::query(
                        "INSERT INTO alerts (tenant_id, conversation_id, seq, queue_id, raised_at, done_at, done_by) VALUES ($1, $2, $3, $4, $5, $6, $7)"
                    )
                    .bind(tenant)
                    .bind(conversation)
                    .bind(seq)
                    .bind(queue)
                    .bind(raised_at)
                    .bind(done_at)
                    .bind(done_at.map(|_: i64| agent))
                    .execute(c)
                    .await
                    .map(drop))?;
                }
                Ok(())
            })
        })
        .await;
    filled.unwrap();
    old.close().await;
    let new = open(&engine, MIGRATIONS).await;
    let tenant = TenantId::new(tenant);
    let waiting = read!(new, |tx| alerts::waiting(tx, tenant, Chosen::default(), None, 10)).unwrap();
    let of = |rows: &[alerts::AlertRow]| rows.iter().map(|row| (row.subject_id, row.seq, row.raised_at)).collect::<Vec<_>>();
    assert_eq!(of(&waiting), [(other, 1, 600), (conversation, 2, 100)]);
    let known = waiting
        .iter()
        .all(|row| (row.kind.as_str(), row.level.as_str(), row.subject_kind.as_str(), row.queue_id) == ("danger", "urgent", "conversation", Some(queue)));
    assert!(known, "{:?}", of(&waiting));
    let done = read!(new, |tx| alerts::list_done(tx, tenant, None, None, 10)).unwrap();
    assert_eq!((of(&done), done[0].done_at), (vec![(conversation, 5, 200)], Some(300)));
    new.close().await;
}

#[tokio::test]
async fn what_was_raised_before_stays_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    what_was_raised_before_stays(Engine::Sqlite(SqliteFiles { path: folder.path().join("yingda.db"), durable: true })).await;
}

#[tokio::test]
async fn what_was_raised_before_stays_on_postgres() {
    let Some(database) = fresh_postgres().await else { return };
    what_was_raised_before_stays(Engine::record_in(database.url())).await;
    database.drop_it().await;
}

async fn a_sign_of_attack_is_raised_once_an_hour_and_seen_by_those_who_see_everything(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    let sign = Sign { kind: AlertKind::Flood, network: "203.0.113.7".to_owned(), times: 200 };
    let about = Alert::sign(db.uuid(), &sign, db.now());
    assert!(write!(db, |tx| alerts::insert(tx, tenant, &about)).unwrap());
    write!(db, |tx| {
        let sign = sign.clone();
        async move { alerts::describe(tx, tenant, &about, &sign).await }
    })
    .unwrap();
    assert!(!write!(db, |tx| alerts::insert(tx, tenant, &about)).unwrap(), "once an hour");
    let told = read!(db, |tx| alerts::waiting(tx, tenant, Chosen::default(), None, 10)).unwrap().remove(0);
    assert_eq!((told.kind.as_str(), told.address.as_deref(), told.times), ("flood", Some("203.0.113.7"), Some(200)));
    let agents = read!(db, |tx| alerts::waiting(tx, tenant, Chosen { of: Some(agent_of(ada.id)), network: None }, None, 10)).unwrap();
    assert!(agents.is_empty(), "signs of attack are for those who see everything");
    write!(db, |tx| alerts::finish(tx, tenant, about.subject, ada.id)).unwrap();
    assert_eq!(read!(db, |tx| alerts::count_waiting(tx, tenant, None)).unwrap(), 0);
}

async fn the_alerts_of_a_queue_go_to_another(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let (from, to) = (fixture.add_queue("From", true, Vec::new()).await.id, fixture.add_queue("To", true, Vec::new()).await.id);
    let before = fixture.says(&fixture.conversation(fixture.visitor().await).await, "help me").await;
    let raised = fixture.happens(&before, Event::RaiseAlert { of: 2 }, Actor::system()).await;
    let alert = Alert::danger(raised.id, 2, from);
    assert!(write!(db, |tx| alerts::insert(tx, tenant, &alert)).unwrap());
    assert!(write!(db, |tx| alerts::hand_on_all(tx, tenant, from, to)).unwrap());
    assert!(!write!(db, |tx| alerts::hand_on_all(tx, tenant, from, to)).unwrap(), "none is left");
}
