//! Sites and queues.

use std::sync::Arc;

use domain::{
    id::{QueueId, SiteId},
    site::SiteState,
    text::Bilingual,
};
use store::{
    Error, queues,
    sites::{self, Site, SiteSettings},
};
use testkit::{
    TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(a_site_is_kept_whole, a_queue_is_added);

async fn a_site_is_kept_whole(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let settings = SiteSettings { brand: Some("#0A6A78".to_owned()), questions: vec!["kb-001".to_owned()], ..SiteSettings::default() };
    let site = Site {
        id: SiteId::new(db.uuid()),
        tenant: fixture.company.tenant,
        key: "shop".to_owned(),
        settings,
        queue: fixture.company.queue,
        state: SiteState::Active,
        updated_at: db.now(),
    };
    let stored = site.clone();
    write!(db, |tx| sites::insert(tx, stored.tenant, &stored)).unwrap();
    assert_eq!(read!(db, |tx| sites::get(tx, site.tenant, site.id)).unwrap(), site);
    let again = Site { id: SiteId::new(db.uuid()), ..site };
    assert!(matches!(write!(db, |tx| sites::insert(tx, again.tenant, &again)), Err(Error::Taken)));
}

async fn a_queue_is_added(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, queue) = (
        fixture.company.tenant,
        queues::Queue {
            id: QueueId::new(db.uuid()),
            name: Bilingual { zh: "宽带".to_owned(), en: "Broadband".to_owned() },
            everybody: true,
            hours: None,
            rules: domain::routing::rules::QueueRules::default(),
            updated_at: db.now(),
        },
    );
    let stored = queue.clone();
    write!(db, |tx| queues::insert(tx, tenant, &stored)).unwrap();
    assert_eq!(read!(db, |tx| store::routing::queue_name(tx, tenant, queue.id)).unwrap(), queue.name);
}
