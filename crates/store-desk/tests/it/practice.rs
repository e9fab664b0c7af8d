//! What agents work with where they practise.

use std::sync::Arc;

use domain::{
    canned_reply::{CannedReply, Shortcode},
    id::{CannedReplyId, MacroId},
    macros::{Macro, MacroAct},
};
use store_desk::{canned_replies, labels, macros, practice};
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(what_a_company_has_at_the_desk_is_copied_in_place_of_the_former_copy);

async fn what_a_company_has_at_the_desk_is_copied_in_place_of_the_former_copy(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (company, ada, eve) = (fixture.company.tenant, fixture.agent("ada").await.id, fixture.agent("eve").await.id);
    let practised = Company::create(&db, "practice").await;
    let (place, twin) = (practised.tenant, practised.member(&db, domain::policy::LEAST_ROLE, "twin").await.id);
    let reply = CannedReply {
        id: CannedReplyId::new(db.uuid()),
        tenant: company,
        shortcode: Shortcode::parse("hello").unwrap(),
        title: "Hello".to_owned(),
        body: testkit::company::both("Hello"),
        updated_at: db.now(),
    };
    let of = |owner| Macro { id: MacroId::new(db.uuid()), owner, name: testkit::company::both("Done"), acts: vec![MacroAct::Resolve {}], updated_at: db.now() };
    let (shared, own, hers) = (of(None), of(Some(ada)), of(Some(eve)));
    let added = reply.clone();
    write!(db, |tx| canned_replies::insert(tx, company, &added)).unwrap();
    for one in [shared.clone(), own.clone(), hers] {
        write!(db, |tx| macros::insert(tx, company, &one)).unwrap();
    }
    for _ in 0..2 {
        write!(db, |tx| practice::copy(tx, company, place, ada, twin)).unwrap();
        assert_eq!(read!(db, |tx| canned_replies::list(tx, place, None, 9)).unwrap(), [CannedReply { tenant: place, ..reply.clone() }]);
        let copied = read!(db, |tx| macros::of_member(tx, place, twin)).unwrap();
        assert_eq!(copied.iter().map(|one| (one.id, one.owner)).collect::<Vec<_>>(), [(shared.id, None), (own.id, Some(twin))]);
        assert_eq!(read!(db, |tx| labels::all(tx, place)).unwrap(), read!(db, |tx| labels::all(tx, company)).unwrap());
    }
}
