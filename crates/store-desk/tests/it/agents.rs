//! Labels, and notes that call colleagues.

use std::sync::Arc;

use domain::{
    id::LabelId,
    label::{Label, LabelColour},
    time::Ts,
};
use store::Error;
use store_desk::{labels, mentions};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(labels_are_given_and_taken_off, a_note_calls_a_colleague_until_they_have_seen_it);

fn label(fixture: &Fixture, name: &str) -> Label {
    let (id, tenant, name) = (LabelId::new(fixture.db.uuid()), fixture.company.tenant, testkit::company::both(name));
    Label { id, tenant, name, colour: LabelColour::Hot, archived_at: None, updated_at: fixture.db.now() }
}

async fn labels_are_given_and_taken_off(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await.id, fixture.agent("eve").await.id);
    let other = Company::create(&db, "beta").await.tenant;
    let conversation = fixture.served(fixture.visitor().await, &fixture.agent("kim").await).await.id;
    let (refund, complaint) = (label(&fixture, "refund"), label(&fixture, "complaint"));
    let stored = [refund.clone(), complaint.clone()];
    write!(db, |tx| async move {
        for label in &stored {
            labels::insert(tx, tenant, label).await?;
            labels::give(tx, tenant, conversation, label.id, ada).await?;
            labels::give(tx, tenant, conversation, label.id, eve).await?;
        }
        Ok::<_, Error>(())
    })
    .unwrap();
    assert_eq!(read!(db, |tx| labels::all(tx, tenant)).unwrap().len(), 2);
    assert_eq!(read!(db, |tx| labels::all(tx, other)).unwrap(), []);
    let given = read!(db, |tx| labels::of_conversations(tx, tenant, &[conversation])).unwrap();
    assert_eq!((given[&conversation].len(), given[&conversation][0].colour), (2, LabelColour::Hot));
    assert!(read!(db, |tx| labels::of_conversations(tx, other, &[conversation])).unwrap().is_empty());
    assert_eq!(read!(db, |tx| labels::most_used_by(tx, tenant, ada, Ts(0), 1)).unwrap().len(), 1);
    assert_eq!(read!(db, |tx| labels::most_used_by(tx, tenant, eve, Ts(0), 3)).unwrap(), [], "the first to give it has given it");

    let id = refund.id;
    assert!(read!(db, |tx| labels::is_in_use(tx, tenant, id)).unwrap());
    assert!(!read!(db, |tx| labels::is_in_use(tx, other, id)).unwrap());
    write!(db, |tx| labels::take_off(tx, tenant, conversation, id)).unwrap();
    assert!(!read!(db, |tx| labels::is_in_use(tx, tenant, id)).unwrap());
    assert!(matches!(write!(db, |tx| labels::delete(tx, other, id)), Err(Error::NotFound)));
    write!(db, |tx| labels::delete(tx, tenant, id)).unwrap();

    let (seen, archived) = (complaint.updated_at, Label { archived_at: Some(Ts(7)), updated_at: Ts(i64::MAX - 1), ..complaint });
    let (changed, stale) = (archived.clone(), archived.clone());
    write!(db, |tx| labels::update(tx, tenant, &changed, seen)).unwrap();
    assert!(matches!(write!(db, |tx| labels::update(tx, tenant, &stale, seen)), Err(Error::Stale)));
    assert_eq!(read!(db, |tx| labels::all(tx, tenant)).unwrap(), [archived]);
    assert_eq!(read!(db, |tx| labels::most_used_by(tx, tenant, ada, Ts(0), 3)).unwrap(), [], "what is archived is not offered");
}

async fn a_note_calls_a_colleague_until_they_have_seen_it(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await, fixture.agent("eve").await.id);
    let other = Company::create(&db, "beta").await.tenant;
    let conversation = fixture.served(fixture.visitor().await, &ada).await.id;
    write!(db, |tx| mentions::add(tx, tenant, eve, conversation, 1)).unwrap();
    let called = read!(db, |tx| mentions::of(tx, tenant, eve, 9)).unwrap();
    assert_eq!((called.len(), called[0].seq, called[0].seen_at), (1, 1, None));
    assert!(read!(db, |tx| mentions::of(tx, other, eve, 9)).unwrap().is_empty());
    assert!(!write!(db, |tx| mentions::see(tx, other, eve, conversation)).unwrap());
    assert!(write!(db, |tx| mentions::see(tx, tenant, eve, conversation)).unwrap());
    assert!(!write!(db, |tx| mentions::see(tx, tenant, eve, conversation)).unwrap());
    assert!(read!(db, |tx| mentions::of(tx, tenant, eve, 9)).unwrap()[0].seen_at.is_some());
    assert_eq!(read!(db, |tx| mentions::notes_for(tx, tenant, eve, conversation)).unwrap(), [1]);
    write!(db, |tx| mentions::remove(tx, other, eve, conversation, 1)).unwrap();
    assert_eq!(read!(db, |tx| mentions::of(tx, tenant, eve, 9)).unwrap().len(), 1);
    write!(db, |tx| mentions::remove(tx, tenant, eve, conversation, 1)).unwrap();
    assert!(read!(db, |tx| mentions::notes_for(tx, tenant, eve, conversation)).unwrap().is_empty());
    assert_eq!(store::conversations::called_in(&format!("{eve} x")), [eve]);
}
