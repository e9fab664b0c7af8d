//! The audit: its chain, its signed end, and what it is searched by.

use std::sync::Arc;

use domain::{
    entry::body::Audited,
    id::TenantId,
    journal::{Actor, View},
    stream::StreamName,
    time::Ts,
};
use serde_json::json;
use store::{
    Error, TenantTx,
    audit::{self, Chained, Search, SignedHead},
    audit_retention::{self, Anchor, Retention},
    entry_points, tenants,
};
use testkit::{
    TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(
    each_entry_of_an_audit_finds_the_end_before_it,
    an_end_that_is_not_the_signed_one_is_noticed,
    an_audit_is_searched_by_person_object_operation_and_time,
    a_change_is_told_field_by_field,
    what_is_deleted_leaves_an_anchor_and_never_the_end,
);

fn by() -> Actor {
    Actor { name: Some("tara".to_owned()), ..Actor::system() }
}

fn audited(operation: &str, path: &str, chain: &str) -> Audited {
    let [operation, path, chain] = [operation, path, chain].map(str::to_owned);
    Audited { operation, path, made: None, refused: None, values: String::new(), digest: String::new(), chain }
}

async fn each_entry_of_an_audit_finds_the_end_before_it(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let ends = write!(db, |tx| async move {
        let (mut tx, mut ends) = (TenantTx::new(tx, tenant, by()), Vec::new());
        for chain in ["a", "b", "c"] {
            tx.audit(|_, end| {
                ends.push(end.clone());
                Chained { entry: audited("PATCH /x/{id}", &format!("/x/{chain}"), chain), at: end.at, signature: format!("of {chain}") }
            })
            .await?;
        }
        Ok::<_, Error>(ends)
    })
    .unwrap();
    let seen: Vec<(i64, &str)> = ends.iter().map(|end| (end.seq, end.chain.as_str())).collect();
    assert_eq!(seen, [(0, ""), (1, "a"), (2, "b")]);
    let signed: Vec<Option<&str>> = ends.iter().map(|end| end.signed.as_ref().map(|head| head.signature.as_str())).collect();
    assert_eq!((signed, ends.iter().all(|end| end.is_whole)), (vec![None, Some("of a"), Some("of b")], true));
    let heads = entry_points::audit_heads(&db).await.unwrap();
    let (_, head) = heads.iter().find(|(company, _)| *company == tenant).unwrap();
    assert_eq!((head.seq, head.chain.as_str(), Some(head.clone())), (3, "c", read!(db, |tx| audit::signed_head(tx, tenant)).unwrap()));
    let stream = StreamName::audit(read!(db, |tx| tenants::get(tx, tenant)).unwrap().access_stream);
    let entries = read!(db, |tx| db::journal::page(tx, tenant, stream, View::Staff, 0, 10)).unwrap();
    assert_eq!((entries.len(), entries[1].at, &entries[1].entry.actor), (3, ends[2].at, &by()));
    assert_eq!(read!(db, |tx| db::feed::of_company(tx, tenant, db::feed::Cursor::default(), 10)).unwrap().len(), 0, "the feed does not tell it");
}

async fn an_end_that_is_not_the_signed_one_is_noticed(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let tenant = fixture.company.tenant;
    let append = async |chain: &'static str| {
        write!(db, |tx| async move {
            let mut end = None;
            TenantTx::new(tx, tenant, by())
                .audit(|_, before| {
                    end = Some(before.clone());
                    Chained { entry: audited("PATCH /x", "/x", chain), at: before.at, signature: String::new() }
                })
                .await?;
            Ok::<_, Error>(end.unwrap())
        })
        .unwrap()
    };
    append("a").await;
    append("b").await;
    let stream = read!(db, |tx| audit::stream_of(tx, tenant)).unwrap();
    assert_eq!(read!(db, |tx| audit::chain_at(tx, tenant, stream, 1)).unwrap().as_deref(), Some("a"));
    assert_eq!(read!(db, |tx| audit::chain_at(tx, tenant, stream, 3)).unwrap(), None);
    let head = |seq: i64, chain: &str| SignedHead { seq, chain: chain.to_owned(), at: Ts(1), signature: String::new() };
    for (signed, is_whole) in
        [(head(2, "b"), true), (head(1, "a"), true), (head(0, ""), true), (head(1, "x"), false), (head(2, "x"), false), (head(3, "c"), false)]
    {
        let kept = signed.clone();
        write!(db, |tx| async move { audit::sign(tx, tenant, &kept).await }).unwrap();
        assert_eq!(read!(db, |tx| audit::end_of(tx, tenant, stream)).unwrap().is_whole, is_whole, "{signed:?}");
    }
    assert!(!append("c").await.is_whole);
}

async fn an_audit_is_searched_by_person_object_operation_and_time(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, other) = (fixture.company.tenant, testkit::Company::create(&db, "beta").await.tenant);
    let ada = fixture.agent("ada").await;
    let (agent, of) = (Actor::agent(ada.id, "Ada"), ada.id.uuid());
    for (who, operation, path) in
        [(by(), "PATCH /goods/{id}", "/goods/g-1"), (agent.clone(), "PATCH /goods/{id}", "/goods/g-2"), (agent, "DELETE /goods/{id}", "/goods/g-1")]
    {
        write!(db, |tx| async move {
            let mut tx = TenantTx::new(tx, tenant, who);
            tx.audit(|tx, _| Chained { entry: audited(operation, path, path), at: tx.now(), signature: String::new() }).await
        })
        .unwrap();
    }
    let found = async |tenant: TenantId, wanted: Search, before: i64, limit: i64| -> Vec<i64> {
        read!(db, |tx| audit::search(tx, tenant, &wanted, before, limit)).unwrap().into_iter().map(|found| found.seq).collect()
    };
    let any = Search::default;
    assert_eq!(found(tenant, any(), i64::MAX, 9).await, [3, 2, 1]);
    assert_eq!((found(tenant, any(), 3, 1).await, found(other, any(), i64::MAX, 9).await), (vec![2], vec![]));
    assert_eq!(found(tenant, Search { person: Some(of), ..any() }, i64::MAX, 9).await, [3, 2]);
    assert_eq!(found(tenant, Search { object: Some("g-1".to_owned()), ..any() }, i64::MAX, 9).await, [3, 1]);
    assert_eq!(found(tenant, Search { operation: Some("DELETE /goods/{id}".to_owned()), ..any() }, i64::MAX, 9).await, [3]);
    let at = read!(db, |tx| audit::search(tx, tenant, &Search::default(), 2, 1)).unwrap()[0].at;
    assert_eq!(found(tenant, Search { to: Some(at), ..any() }, i64::MAX, 9).await, [] as [i64; 0]);
    assert!(found(tenant, Search { from: Some(at), ..any() }, i64::MAX, 9).await.contains(&1));
    let (people, operations) = (read!(db, |tx| audit::people(tx, tenant)).unwrap(), read!(db, |tx| audit::operations(tx, tenant)).unwrap());
    assert!(people.contains(&(of, "Ada".to_owned())));
    assert_eq!(operations, ["DELETE /goods/{id}", "PATCH /goods/{id}"]);
    let listed = read!(db, |tx| audit::index_after(tx, tenant, 1, 9)).unwrap();
    assert_eq!(listed.iter().map(|row| (row.seq, row.object.as_deref())).collect::<Vec<_>>(), [(2, Some("g-2")), (3, Some("g-1"))]);
    assert!(read!(db, |tx| audit::operations(tx, other)).unwrap().is_empty());
}

async fn what_is_deleted_leaves_an_anchor_and_never_the_end(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, other) = (fixture.company.tenant, testkit::Company::create(&db, "beta").await.tenant);
    for chain in ["a", "b", "c"] {
        for company in [tenant, other] {
            write!(db, |tx| async move {
                let mut tx = TenantTx::new(tx, company, by());
                tx.audit(|tx, _| Chained { entry: audited("PATCH /x", "/x", chain), at: tx.now(), signature: String::new() }).await
            })
            .unwrap();
        }
        db.clock.advance(1);
    }
    let now = db.now();
    let first = read!(db, |tx| audit::search(tx, tenant, &Search::default(), 2, 1)).unwrap()[0].at;
    let due = async |before: Ts, limit: i64| read!(db, |tx| audit_retention::due(tx, tenant, before, limit)).unwrap().map(|(seq, _, chain)| (seq, chain));
    assert_eq!((due(first, 9).await, due(now, 1).await), (None, Some((1, "a".to_owned()))));
    assert_eq!(due(now, 9).await, Some((2, "b".to_owned())), "the end stays");
    let anchor = Anchor { seq: 2, chain: "b".to_owned(), at: first, deleted_at: now, signature: "s".to_owned() };
    let earlier = Anchor { seq: 1, ..anchor.clone() };
    for until in [anchor.clone(), earlier] {
        write!(db, |tx| async move { audit_retention::forget(tx, tenant, &until).await }).unwrap();
        assert_eq!(read!(db, |tx| audit_retention::anchor(tx, tenant)).unwrap().as_ref(), Some(&anchor));
    }
    let left = async |company: TenantId| read!(db, |tx| audit::search(tx, company, &Search::default(), i64::MAX, 9)).unwrap().len();
    assert_eq!((left(tenant).await, left(other).await, due(now, 9).await), (1, 3, None));
    assert_eq!(read!(db, |tx| audit_retention::anchor(tx, other)).unwrap(), None);
    for kept in [None, Some(200), Some(300), None] {
        let kept = kept.map(|kept_days| Retention { kept_days, signature: "s".to_owned() });
        let set = kept.clone();
        write!(db, |tx| async move { audit_retention::set_retention(tx, tenant, set.as_ref()).await }).unwrap();
        let found = (read!(db, |tx| audit_retention::retention(tx, tenant)).unwrap(), read!(db, |tx| audit_retention::retention(tx, other)).unwrap());
        assert_eq!(found, (kept, None));
    }
}

async fn a_change_is_told_field_by_field(db: Arc<TestDb>) {
    let tenant = Fixture::new(&db).await.company.tenant;
    let changes = write!(db, |tx| async move {
        let mut tx = TenantTx::new(tx, tenant, by());
        let before = json!({"name": {"zh": "甲", "en": "A"}, "stock": 3, "tags": ["a"], "updated_at": 1});
        tx.note_change(&before, &json!({"name": {"zh": "甲", "en": "B"}, "stock": 3, "tags": ["a", "b"], "note": "n", "updated_at": 2}));
        tx.note_change(&(), &json!({"id": "x"}));
        tx.note_change(&json!({"text": "y".repeat(500)}), &());
        let changes = tx.take_changes();
        assert!(tx.take_changes().is_empty());
        Ok::<_, Error>(changes)
    })
    .unwrap();
    let told = serde_json::to_value(&changes).unwrap();
    let expected = json!([
        {"field": "name.en", "before": "A", "after": "B"},
        {"field": "note", "before": null, "after": "n"},
        {"field": "tags", "before": ["a"], "after": ["a", "b"]},
        {"field": "id", "before": null, "after": "x"},
        {"field": "text", "before": format!("{}…", "y".repeat(400)), "after": null},
    ]);
    assert_eq!(told, expected);
}
