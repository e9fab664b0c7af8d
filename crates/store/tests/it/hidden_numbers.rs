//! Words as they were written, in whose entries numbers are hidden.

use std::sync::Arc;

use store::hidden_numbers;
use testkit::{
    Company, TestDb,
    fixture::{Fixture, read, write},
    on_every_engine,
};

on_every_engine!(the_words_of_an_entry_are_kept_replaced_and_forgotten);

async fn the_words_of_an_entry_are_kept_replaced_and_forgotten(db: Arc<TestDb>) {
    let fixture = Fixture::new(&db).await;
    let (tenant, beta) = (fixture.company.tenant, Company::create(&db, "beta").await.tenant);
    let [one, two] = [fixture.conversation(fixture.visitor().await).await.id, fixture.conversation(fixture.visitor().await).await.id];
    let find = async |tenant, conversation, seq| read!(db, |tx| hidden_numbers::find(tx, tenant, conversation, seq)).unwrap();
    assert_eq!(find(tenant, one, 2).await, None);
    for (conversation, seq, sealed) in [(one, 2, b"first"), (one, 3, b"third"), (two, 2, b"other"), (one, 2, b"again")] {
        write!(db, |tx| hidden_numbers::put(tx, tenant, conversation, seq, sealed)).unwrap();
    }
    assert_eq!(find(tenant, one, 2).await.as_deref(), Some(&b"again"[..]));
    assert_eq!(find(beta, one, 2).await, None);
    write!(db, |tx| hidden_numbers::forget(tx, beta, one, 2)).unwrap();
    write!(db, |tx| hidden_numbers::forget(tx, tenant, one, 3)).unwrap();
    assert_eq!((find(tenant, one, 2).await.is_some(), find(tenant, one, 3).await), (true, None));
    write!(db, |tx| hidden_numbers::forget(tx, tenant, one, 2)).unwrap();
    assert_eq!((find(tenant, one, 2).await, find(tenant, two, 2).await.as_deref()), (None, Some(&b"other"[..])));
}
