//! How the index follows the record, on both engines.

use std::{collections::BTreeSet, sync::Arc};

use db::{Shard, q};
use domain::{
    id::{AgentId, ConversationId, CustomerId, TenantId},
    policy::{Grants, Staff},
    staff::Role,
    time::Ts,
};
use records::table::{
    found::{self, Filter, Person},
    said,
};
use serde_json::json;
use testkit::eventually;
use testkit_app::TestApp;

use crate::searching::{all, index};

#[tokio::test]
async fn what_is_said_is_found_by_itself_and_erased_words_are_gone() {
    let app = TestApp::new().await;
    let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
    let conversation = visitor.open("my parcel is wet").await;
    eventually("the job has read it", async || all(&mira, "q=parcel").await.contains(&conversation).then_some(())).await;
    mira.post("/api/v1/erasures", json!({"kind": "conversation", "id": conversation, "reason": "asked"})).await.expect(201);
    eventually("it is erased", async || {
        index(&app).await;
        all(&mira, "q=parcel").await.is_empty().then_some(())
    })
    .await;
}

#[tokio::test]
async fn while_a_conversation_is_erased_in_steps_none_of_its_words_come_back() {
    let app = TestApp::new().await;
    let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
    let conversation = visitor.open("my parcel is wet").await;
    index(&app).await;
    let (tenant, id) = (mira.member.tenant, conversation.parse::<ConversationId>().unwrap());
    app.app().db().writer().write(Shard::Of(id.uuid()), move |tx| Box::pin(service::erasing::hide_conversation(tx, tenant, id))).await.unwrap();
    index(&app).await;
    let mut tx = app.app().db().read_of(tenant).await.unwrap();
    assert_eq!(said::erasing(&mut tx, tenant).await.unwrap(), BTreeSet::from([id.uuid()]));
    drop(tx);
    // Shown again as after the last step, but with its words where they were: they would be found if they had been put in again.
    let shown = app.app().db().writer().write(Shard::Of(id.uuid()), move |tx| {
        Box::pin(async move {
            let shown = q!(tx, |c| sqlx::query("UPDATE conversations SET erasing_at = NULL WHERE tenant_id = $1 AND id = $2")
                .bind(tenant.uuid())
                .bind(id.uuid())
                .execute(c)
                .await
                .map(drop));
            store::Result::Ok(shown?)
        })
    });
    shown.await.unwrap();
    assert_eq!((all(&mira, "q=parcel").await, all(&mira, "").await), (vec![], vec![conversation]));
}

#[tokio::test]
async fn both_engines_find_the_same() {
    let mut found = Vec::new();
    for app in [Some(TestApp::new().await), TestApp::on_postgres().await].into_iter().flatten() {
        let (ada, visitor) = (app.agent("ada").await, app.visitor().await);
        let conversation = visitor.open("宽带断了").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        app.visitor().await.open("宽带慢").await;
        index(&app).await;
        let auditor = app.staff(Role::Auditor, "olga").await;
        let mut lengths = Vec::new();
        for query in
            ["", "q=宽带", "q=断了", "queue=que_00000000000000000000000000000000", "rating=good", "from=2020-01-01", "outcome=resolved&q=宽带", "product=g-1"]
        {
            lengths.push((query, all(&ada, query).await.len(), all(&auditor, query).await.len()));
        }
        found.push(lengths);
        statements(&app, ada.member.tenant, conversation.parse().unwrap()).await;
    }
    assert!(found.iter().all(|lengths| *lengths == found[0]), "{found:?}");
    assert_eq!(found[0][..3], [("", 1, 2), ("q=宽带", 1, 2), ("q=断了", 1, 1)]);
}

/// What is read for the index and for what is shown of it.
async fn statements(app: &TestApp, tenant: TenantId, conversation: ConversationId) {
    let mut tx = app.app().db().read_of(tenant).await.unwrap();
    assert!(said::erasing(&mut tx, tenant).await.unwrap().is_empty());
    let all = said::until(&mut tx, tenant, conversation, i64::MAX).await.unwrap();
    let first = all.iter().find(|one| one.words().as_deref() == Some("宽带断了")).unwrap();
    let keys = BTreeSet::from([(conversation.uuid(), first.seq), (conversation.uuid(), 999)]);
    let these = said::these(&mut tx, tenant, &keys).await.unwrap();
    assert_eq!(these.iter().map(|one| (one.seq, one.words())).collect::<Vec<_>>(), [(first.seq, first.words())]);
    let [before, after] = said::around(&mut tx, tenant, conversation, first.seq, 1).await.unwrap();
    assert_eq!((before[0].words(), after.iter().all(|line| line.seq > first.seq)), (first.words(), true));
    let (agent, grants) = (AgentId::new(uuid::Uuid::nil()), Grants::of(Role::Manager));
    let manager = Staff { agent, tenant, grants, circle: Arc::default(), name: String::new(), number: String::new() };
    let (newest, next) = found::newest(&mut tx, tenant, &manager, &Filter::default(), (Ts(i64::MAX), uuid::Uuid::max()), 1).await.unwrap();
    assert_eq!((newest.len(), next), (1, Some((newest[0].created_at, newest[0].id.uuid()))));
    let customer = Filter { customer: Some(Person::Customer(CustomerId::new(uuid::Uuid::nil()))), ..Filter::default() };
    for (filter, expected) in [(Filter::default(), 1), (customer, 0)] {
        assert_eq!(found::among(&mut tx, tenant, &manager, &filter, &[conversation.uuid()]).await.unwrap().len(), expected);
    }
}

#[tokio::test]
async fn the_index_of_another_record_begins_anew() {
    let app = TestApp::new().await;
    app.visitor().await.open("where is my parcel").await;
    index(&app).await;
    let app = TestApp::on_kept(&app.keep().await).await;
    let mira = app.manager("mira").await;
    app.visitor().await.open("my parcel is wet").await;
    index(&app).await;
    assert_eq!((all(&mira, "q=parcel").await.len(), all(&mira, "").await.len()), (2, 2));
}
