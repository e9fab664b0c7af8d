//! What a company decides for its floor, what supervisors did in conversations, and who waits too long.

use std::sync::Arc;

use domain::{
    alert::{Alert, AlertKind, AlertLevel},
    conversation::{Assignee, Event},
    entry::body::Routing,
    floor::{FloorSettings, InterventionMode, QuietHours},
    id::QueueId,
    journal::Actor,
    time::Ts,
};
use store::Error;
use store_desk::{
    alerts,
    floor::{self, Begun},
};
use testkit::{
    TestDb,
    fixture::{Fixture, agent, assignee, read, write},
    on_every_engine,
};

on_every_engine!(
    what_a_company_decides_is_kept_and_no_editor_overwrites_another,
    who_joins_has_joined_until_they_leave_or_the_episode_ends,
    who_waits_too_long_is_found_once,
);

async fn what_a_company_decides_is_kept_and_no_editor_overwrites_another(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    assert_eq!(read!(db, |tx| floor::settings(tx, tenant)).unwrap(), FloorSettings::default());
    let quiet = Some(QuietHours { from: 1_320, until: 420 });
    let first = FloorSettings { tells_of_listening: false, quiet, break_reasons: Vec::new(), updated_at: Ts(5), ..FloorSettings::default() };
    let wanted = first.clone();
    write!(db, |tx| floor::decide(tx, tenant, &wanted, Ts(0))).unwrap();
    assert_eq!(read!(db, |tx| floor::settings(tx, tenant)).unwrap(), first);
    let second = FloorSettings { updated_at: Ts(9), ..FloorSettings::default() };
    let (late, wanted) = (second.clone(), second.clone());
    assert!(matches!(write!(db, |tx| floor::decide(tx, tenant, &late, Ts(0))), Err(Error::Stale)));
    write!(db, |tx| floor::decide(tx, tenant, &wanted, Ts(5))).unwrap();
    assert_eq!(read!(db, |tx| floor::settings(tx, tenant)).unwrap(), second);
}

async fn who_joins_has_joined_until_they_leave_or_the_episode_ends(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, mira) = (fixture.company.tenant, fixture.agent("ada").await, fixture.agent("mira").await);
    let conversation = fixture.conversation(fixture.visitor().await).await.id;
    let (ada, mira) = (ada.id, mira.id);
    let begun = move |mode, reason| Begun { conversation, by: mira, mode, episode: 1, from: ada, reason };
    let joined = async |episode| read!(db, |tx| floor::has_joined(tx, tenant, conversation, mira, episode)).unwrap();
    assert!(!joined(1).await);
    write!(db, |tx| floor::begin(tx, tenant, begun(InterventionMode::Join, None))).unwrap();
    assert_eq!((joined(1).await, joined(2).await), (true, false));
    assert!(write!(db, |tx| floor::leave(tx, tenant, conversation, mira, 1)).unwrap());
    assert!(!write!(db, |tx| floor::leave(tx, tenant, conversation, mira, 1)).unwrap());
    assert!(!joined(1).await);
    write!(db, |tx| floor::begin(tx, tenant, begun(InterventionMode::Join, None))).unwrap();
    assert!(joined(1).await, "again");
    assert_eq!(read!(db, |tx| floor::taken_from(tx, tenant, conversation, ada)).unwrap(), None);
    write!(db, |tx| floor::begin(tx, tenant, begun(InterventionMode::TakeOver, Some("late")))).unwrap();
    let taken = read!(db, |tx| floor::taken_from(tx, tenant, conversation, ada)).unwrap().unwrap();
    assert_eq!((taken.by_id, taken.by_name.as_str(), taken.reason.as_deref()), (mira.uuid(), "mira", Some("late")));
    assert_eq!(read!(db, |tx| floor::taken_from(tx, tenant, conversation, mira)).unwrap(), None);
}

async fn who_waits_too_long_is_found_once(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada) = (fixture.company.tenant, fixture.agent("ada").await);
    let before = fixture.says(&fixture.conversation(fixture.visitor().await).await, "help me").await;
    let by = Assignee { agent: ada.id, name: "ada".into(), number: "1".into() };
    let served = fixture.happens(&before, Event::Take { by }, agent(&ada)).await;
    let now = db.now();
    assert!(read!(db, |tx| alerts::long_waits(tx, tenant, now)).unwrap().is_empty());
    assert!(read!(db, |tx| alerts::slow_replies(tx, tenant, now.plus(-1))).unwrap().is_empty(), "not yet");
    let found = read!(db, |tx| alerts::slow_replies(tx, tenant, now)).unwrap();
    assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [served.id.uuid()]);
    let queue = found[0].queue_id.map(QueueId::new);
    let alert = Alert::waiting(AlertKind::SlowReply, served.id, found[0].seq, AlertLevel::Warning, queue);
    assert!(write!(db, |tx| alerts::insert(tx, tenant, &alert)).unwrap());
    assert!(read!(db, |tx| alerts::slow_replies(tx, tenant, now)).unwrap().is_empty());
    assert_eq!(write!(db, |tx| alerts::end_waits(tx, tenant)).unwrap(), 0);
    assert!(!read!(db, |tx| alerts::has_waits_to_end(tx, tenant)).unwrap());
    // Who acknowledges that somebody may be in danger has not answered who waits.
    write!(db, |tx| alerts::finish(tx, tenant, alert.subject, ada.id)).unwrap();
    assert!(write!(db, |tx| alerts::finish_kind(tx, tenant, alert.subject, AlertKind::SlowReply, ada.id)).unwrap());
    assert!(!write!(db, |tx| alerts::finish_kind(tx, tenant, alert.subject, AlertKind::SlowReply, ada.id)).unwrap());
    assert!(read!(db, |tx| alerts::slow_replies(tx, tenant, now)).unwrap().is_empty(), "the same message raises it once");
    let waits = Alert::waiting(AlertKind::LongWait, served.id, 1, AlertLevel::Warning, None);
    assert!(write!(db, |tx| alerts::insert(tx, tenant, &waits)).unwrap());
    assert!(read!(db, |tx| alerts::has_waits_to_end(tx, tenant)).unwrap());
    assert_eq!(write!(db, |tx| alerts::end_waits(tx, tenant)).unwrap(), 1, "it does not wait in a queue");
    // Who is offered to somebody still waits.
    let queued = fixture.queued(fixture.visitor().await).await;
    let (id, now) = (queued.id.uuid(), db.now());
    let offer = Event::Offer { to: assignee(&ada), units: 2, until: now.plus(30_000), trace: Routing::default() };
    fixture.happens(&queued, offer, Actor::system()).await;
    assert_eq!(read!(db, |tx| alerts::long_waits(tx, tenant, now)).unwrap().iter().map(|row| row.id).collect::<Vec<_>>(), [id]);
}
