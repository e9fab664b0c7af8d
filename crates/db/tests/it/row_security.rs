//! On PostgreSQL, what is read for one company is apart from what belongs to others, whatever the statement asks for.

use std::sync::Arc;

use db::{
    Shard, Tx,
    journal::{self, Guard},
    q,
};
use domain::{id::TenantId, journal::Written};
use testkit::{TestDb, on_every_engine};
use uuid::Uuid;

use crate::appending::entry;

on_every_engine!(a_statement_that_names_no_company_sees_the_rows_of_one, a_reader_returns_as_it_was_lent, what_is_read_for_a_company_cannot_be_written);

/// One entry of each of two companies; returns the companies.
async fn both(db: &TestDb) -> [TenantId; 2] {
    let (own, other) = (entry(1, 0, "own"), Written { tenant: TenantId::new(Uuid::from_u128(2)), ..entry(9, 0, "foreign") });
    let tenants = [own.tenant, other.tenant];
    for new in [own, other] {
        let shard = Shard::Of(new.stream.id);
        let add = db.writer().write::<_, db::Error, _>(shard, move |tx| Box::pin(async move { journal::append(tx, vec![(new, Guard::Any)]).await.map(drop) }));
        add.await.unwrap();
    }
    tenants
}

async fn companies(tx: &mut Tx) -> Vec<Uuid> {
    let rows: Vec<(Uuid,)> = q!(tx, |c| sqlx::query_as("SELECT DISTINCT tenant_id FROM journal_entries ORDER BY tenant_id").fetch_all(c).await).unwrap();
    rows.into_iter().map(|(tenant,)| tenant).collect()
}

async fn a_statement_that_names_no_company_sees_the_rows_of_one(db: Arc<TestDb>) {
    let tenants = both(&db).await;
    assert_eq!(db.keeps_rows_apart(), db.engine() == "postgres");
    for tenant in tenants {
        for mut tx in [db.read_of(tenant).await.unwrap(), db.snapshot_of(tenant).await.unwrap()] {
            let seen = companies(&mut tx).await;
            assert_eq!(seen, if db.keeps_rows_apart() { vec![tenant.uuid()] } else { tenants.map(TenantId::uuid).to_vec() });
        }
    }
}

async fn a_reader_returns_as_it_was_lent(db: Arc<TestDb>) {
    let tenants = both(&db).await;
    for _ in 0..20 {
        drop(db.read_of(tenants[0]).await.unwrap());
        assert_eq!(companies(&mut db.read().await.unwrap()).await, tenants.map(TenantId::uuid));
    }
}

async fn what_is_read_for_a_company_cannot_be_written(db: Arc<TestDb>) {
    let [own, _] = both(&db).await;
    let mut tx = db.read_of(own).await.unwrap();
    q!(tx, |c| sqlx::query("DELETE FROM journal_entries WHERE tenant_id = $1").bind(own.uuid()).execute(c).await.map(drop)).unwrap_err();
}
