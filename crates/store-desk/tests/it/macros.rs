//! Macros.

use std::sync::Arc;

use domain::{
    id::MacroId,
    macros::{Macro, MacroAct},
};
use store::Error;
use store_desk::macros;
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(everybody_has_the_shared_ones_and_each_their_own);

async fn everybody_has_the_shared_ones_and_each_their_own(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, other) = (fixture.company.tenant, Company::create(&db, "beta").await.tenant);
    let (ada, eve) = (fixture.agent("ada").await.id, fixture.agent("eve").await.id);
    let new =
        |owner| Macro { id: MacroId::new(db.uuid()), owner, name: testkit::company::both("Done"), acts: vec![MacroAct::Resolve {}], updated_at: db.now() };
    let (shared, own) = (new(None), new(Some(ada)));
    for one in [shared.clone(), own.clone()] {
        write!(db, |tx| macros::insert(tx, tenant, &one)).unwrap();
    }
    assert_eq!(read!(db, |tx| macros::of_member(tx, tenant, ada)).unwrap(), [shared.clone(), own.clone()]);
    assert_eq!(read!(db, |tx| macros::of_member(tx, tenant, eve)).unwrap(), std::slice::from_ref(&shared));
    assert_eq!(read!(db, |tx| macros::of_member(tx, other, ada)).unwrap(), []);
    let queue = fixture.company.queue;
    assert_eq!(read!(db, |tx| macros::to_queue(tx, tenant, queue)).unwrap(), [], "none of them transfers");
    for (company, owner, count) in [(tenant, None, 1), (tenant, Some(ada), 1), (tenant, Some(eve), 0), (other, None, 0), (other, Some(ada), 0)] {
        assert_eq!(read!(db, |tx| macros::count(tx, company, owner)).unwrap(), count, "each has as many as are theirs");
    }
    let id = own.id;
    assert_eq!(read!(db, |tx| macros::get(tx, tenant, ada, id)).unwrap(), own);
    assert!(matches!(read!(db, |tx| macros::get(tx, tenant, eve, id)), Err(Error::NotFound)));
    let changed = Macro { acts: vec![MacroAct::Note { text: "x".into() }], updated_at: db.now().plus(1), ..own.clone() };
    let (now, seen) = (changed.clone(), own.updated_at);
    write!(db, |tx| macros::update(tx, tenant, &now, seen)).unwrap();
    let late = changed.clone();
    assert!(matches!(write!(db, |tx| macros::update(tx, tenant, &late, seen)), Err(Error::Stale)));
    assert!(matches!(write!(db, |tx| macros::delete(tx, other, id)), Err(Error::NotFound)));
    write!(db, |tx| macros::delete(tx, tenant, id)).unwrap();
    assert_eq!(read!(db, |tx| macros::of_member(tx, tenant, ada)).unwrap(), [shared]);
}
