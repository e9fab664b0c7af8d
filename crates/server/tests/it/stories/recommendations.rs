//! What visitors take an interest in is noted, learned from and recommended; what they refuse, what is gone, and what belongs to others is not.

use content::recommendation::{INTEREST_MS, Interest, ItemKind};
use domain::{entry::Changed, id::VisitorId, journal::Actor, staff::Role};
use knowledge::jobs::learn_recommendations as job;
use serde_json::{Value, json};
use service::follow::Follower;
use store::{Document, TenantTx};
use store_knowledge::recommendations::Signal;
use testkit::{eventually, ids};
use testkit_app::{TestApp, VisitorClient};
use testkit_server::Client;

/// Visitors of the past who took an interest in these goods together, and others in other goods.
async fn plant(app: &TestApp, together: &[(usize, &[&str])]) {
    let (tenant, at) = (app.company.tenant, app.app().env().now());
    let mut signals = Vec::new();
    for (visitors, items) in together {
        for _ in 0..*visitors {
            let visitor = VisitorId::new(ids::uuid());
            for item in *items {
                let interest = Interest { looked: 0, asked: 1, score: None, at };
                signals.push(Signal { visitor, kind: ItemKind::Product, item: (*item).to_owned(), interest, conversation: None });
            }
        }
    }
    let write = app.app().db().writer().write(db::Shard::Any, move |tx| {
        Box::pin(async move {
            store_knowledge::recommendations::note(tx, tenant, &signals).await?;
            store_knowledge::recommendations::learn_at(tx, tenant, at, true).await
        })
    });
    write.await.unwrap();
    learn(app).await;
}

/// What the job does, up to now.
async fn learn(app: &TestApp) {
    let (db, generation) = (app.app().db(), app.app().cluster().generation());
    let mut follower = Follower::new(job::FOLLOWER);
    follower.step(db, generation, |fed| job::take(app.app(), fed)).await.unwrap();
    job::step(app.app()).await.unwrap();
}

const FRAME: &str =
    r#"{"currency":"CNY","categories":[{"id":"phone","name":{"zh":"手机","en":"Phones"}},{"id":"lamp","name":{"zh":"灯","en":"Lamps"}}],"tag_names":{}}"#;

/// Three phones and two lamps on sale.
async fn shelf(app: &TestApp) {
    let tenant = app.company.tenant;
    let product = |(id, category): (&str, &str)| Document {
        id: id.to_owned(),
        json: json!({"id": id, "category": category, "name": {"zh": "", "en": format!("Name of {id}")}, "price_fen": 1, "stock": 1, "illustration": "phone"})
            .to_string(),
    };
    let goods = [("g-001", "phone"), ("g-002", "phone"), ("g-003", "phone"), ("g-005", "lamp"), ("g-006", "lamp")].map(product);
    let write = app.app().db().writer().write(db::Shard::Any, move |tx| {
        Box::pin(async move {
            store_hall::catalogue::put_frame(tx, tenant, FRAME).await?;
            store_hall::catalogue::put_goods(tx, tenant, 0, &goods).await?;
            TenantTx::new(tx, tenant, Actor::system()).announce(Changed::Catalogue).await
        })
    });
    write.await.unwrap();
    eventually("the goods are on sale", async || app.app().catalogue(tenant).await.unwrap().goods("g-001").map(drop)).await;
}

/// A company whose customers like two phones together, and two lamps.
async fn shop() -> TestApp {
    let app = TestApp::new().await;
    shelf(&app).await;
    plant(&app, &[(40, &["g-001", "g-002"]), (30, &["g-005", "g-006"]), (20, &["g-003"])]).await;
    app
}

async fn recommended(who: &Client, query: &str) -> Value {
    who.get(&format!("/api/v1/sites/alpha/recommendations?{query}")).await.expect(200)
}
fn reasons(found: &Value) -> Vec<(&str, &str)> {
    found["items"].as_array().unwrap().iter().map(|item| (item["id"].as_str().unwrap(), item["reason"]["type"].as_str().unwrap())).collect()
}
async fn sends_card(visitor: &VisitorClient, product: &str) -> String {
    let conversation = visitor.open("hello").await;
    assert_eq!(visitor.say(&conversation, false, json!({"type": "product", "product": product})).await["t"], "ok");
    conversation
}
/// Answers for all purposes.
async fn answer(visitor: &VisitorClient, granted: bool) {
    let answers: Vec<Value> = ["pages", "profile", "recommendations"].iter().map(|purpose| json!({"purpose": purpose, "granted": granted})).collect();
    visitor.put("/api/v1/widget/consents", json!({"answers": answers, "wording": 1, "place": "widget"})).await.expect(200);
}
async fn interests_of(app: &TestApp, visitor: &VisitorClient) -> Vec<String> {
    let id: VisitorId = visitor.session["visitor"].as_str().unwrap().parse().unwrap();
    let found = store_knowledge::recommendations::of_visitor(&mut app.app().db().read().await.unwrap(), app.company.tenant, id, 10).await.unwrap();
    found.into_iter().map(|signal| signal.item).collect()
}

#[tokio::test]
async fn newcomers_see_what_is_popular_and_a_product_what_belongs_to_it() {
    let app = shop().await;
    let home = recommended(&app, "place=home").await;
    assert_eq!((&home["on"], &home["wanted"]), (&json!(true), &json!(null)));
    assert_eq!(reasons(&home)[..2], [("g-001", "popular_in"), ("g-002", "popular_in")]);
    assert_eq!(home["items"][0]["reason"]["of"]["en"], "Phones");
    let beside = recommended(&app, "place=page&about=g-001").await;
    assert_eq!(reasons(&beside)[0], ("g-002", "also_looked"));
    assert!(reasons(&beside).iter().all(|(id, _)| *id != "g-001"), "{beside}");
    assert_eq!(beside["items"][0]["reason"]["of"]["en"], "Name of g-001");
    assert_eq!(recommended(&app, "place=answer&about=kb-001").await["items"], json!([]), "an answer about no product is followed by none");
    app.get("/api/v1/sites/alpha/recommendations?place=moon").await.problem_at(422, "invalid_value", "place");
    app.get("/api/v1/sites/nothing/recommendations?place=home").await.problem(404, "not_found");
}

#[tokio::test]
async fn what_a_visitor_asked_about_counts_for_the_visitor_and_is_shown_to_the_agent() {
    let app = shop().await;
    let visitor = app.visitor().await;
    let conversation = sends_card(&visitor, "g-005").await;
    learn(&app).await;
    assert_eq!(interests_of(&app, &visitor).await.len(), 0, "nobody agrees by silence");
    answer(&visitor, true).await;
    assert_eq!(visitor.say(&conversation, false, json!({"type": "product", "product": "g-005"})).await["t"], "ok");
    learn(&app).await;
    assert_eq!(interests_of(&app, &visitor).await, ["g-005"]);
    let home = recommended(&visitor, "place=home").await;
    assert_eq!(reasons(&home)[0], ("g-006", "because_of"));
    let manager = app.manager("mira").await;
    let beside = manager.get(&format!("/api/v1/conversations/{conversation}/recommendations")).await.expect(200);
    assert_eq!(reasons(&beside)[0].0, "g-006");
    let stranger = {
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await
    };
    stranger.get(&format!("/api/v1/conversations/{conversation}/recommendations")).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_refusal_deletes_what_was_noted_and_ends_the_noting() {
    let app = shop().await;
    let visitor = app.visitor().await;
    answer(&visitor, true).await;
    let conversation = sends_card(&visitor, "g-005").await;
    learn(&app).await;
    assert_eq!(interests_of(&app, &visitor).await, ["g-005"]);
    assert_eq!(visitor.put("/api/v1/widget/recommendations", json!({"wanted": false})).await.expect(200), json!({"wanted": false}));
    assert_eq!(interests_of(&app, &visitor).await, ["g-005"], "what they asked about is another purpose");
    answer(&visitor, false).await;
    assert_eq!(interests_of(&app, &visitor).await.len(), 0);
    visitor.say(&conversation, false, json!({"type": "product", "product": "g-001"})).await;
    visitor.post("/api/v1/widget/views", json!({"kind": "product", "id": "g-001"})).await.expect(204);
    // From the beginning of the feed: not even what was said before the refusal comes back.
    learn(&app).await;
    assert_eq!(interests_of(&app, &visitor).await.len(), 0);
    for query in ["place=home", "place=page&about=g-001"] {
        let found = recommended(&visitor, query).await;
        assert_eq!((&found["wanted"], &found["items"]), (&json!(false), &json!([])));
    }
    let manager = app.manager("mira").await;
    let beside = manager.get(&format!("/api/v1/conversations/{conversation}/recommendations")).await.expect(200);
    assert_eq!((&beside["wanted"], &beside["items"]), (&json!(false), &json!([])));
    app.put("/api/v1/widget/recommendations", json!({"wanted": true})).await.problem(401, "not_signed_in");
    visitor.put("/api/v1/widget/recommendations", json!({"wanted": "yes"})).await.problem_at(422, "invalid_value", "wanted");
}

#[tokio::test]
async fn views_are_noted_only_with_the_visitors_agreement() {
    let app = shop().await;
    let visitor = app.visitor().await;
    let look = async |kind: &str, id: &str| visitor.post("/api/v1/widget/views", json!({"kind": kind, "id": id})).await;
    look("product", "g-005").await.expect(204);
    assert_eq!(interests_of(&app, &visitor).await.len(), 0);
    visitor.put("/api/v1/widget/recommendations", json!({"wanted": true})).await.expect(200);
    look("product", "g-005").await.expect(204);
    assert_eq!(interests_of(&app, &visitor).await, ["g-005"]);
    assert_eq!(reasons(&recommended(&visitor, "place=home").await)[0], ("g-006", "because_of"));
    look("product", "g-999").await.problem_at(422, "invalid_value", "id");
    look("question", "kb-001").await.problem_at(422, "invalid_value", "id");
    look("person", "g-001").await.problem_at(422, "invalid_value", "kind");
}

#[tokio::test]
async fn what_is_noted_of_a_customer_is_in_the_customers_own_file() {
    let app = shop().await;
    let (ada, eve) = (app.customer("ada@example.com").await, app.customer("eve@example.com").await);
    let visitor = app.widget_of(&ada, None).await;
    answer(&visitor, true).await;
    for _ in 0..2 {
        visitor.post("/api/v1/widget/views", json!({"kind": "product", "id": "g-002"})).await.expect(204);
    }
    app.clock.advance(1_000);
    sends_card(&visitor, "g-005").await;
    learn(&app).await;
    let file = ada.get("/api/v1/customer/export?format=json").await.expect(200);
    let noted: Vec<_> = file["interests"].as_array().unwrap().iter().map(|one| (&one["id"], &one["name"]["en"], &one["looked"], &one["asked"])).collect();
    assert_eq!(
        noted,
        [(&json!("g-005"), &json!("Name of g-005"), &json!(0), &json!(1)), (&json!("g-002"), &json!("Name of g-002"), &json!(2), &json!(0))],
        "{file}"
    );
    let document: Value = serde_json::from_str(&server::openapi::json()).unwrap();
    let fields = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(fields(&file["interests"][0]), fields(&document["components"]["schemas"]["ExportedInterest"]["properties"]));
    let page = String::from_utf8(ada.get("/api/v1/customer/export?format=html").await.body.clone()).unwrap();
    assert!(page.contains("Name of g-005") && page.contains("Name of g-002"), "{page}");
    assert_eq!(eve.get("/api/v1/customer/export?format=json").await.expect(200)["interests"], json!([]));
    answer(&visitor, false).await;
    assert_eq!(ada.get("/api/v1/customer/export?format=json").await.expect(200)["interests"], json!([]));
}

#[tokio::test]
async fn what_is_withdrawn_or_out_of_stock_is_never_recommended() {
    let app = shop().await;
    let manager = app.manager("mira").await;
    let change = async |change: Value| {
        let mut change = change;
        change["seen"] = manager.get("/api/v1/goods/g-002").await.expect(200)["updated_at"].clone();
        manager.patch("/api/v1/goods/g-002", change).await.expect(200);
    };
    let is_shown = async || {
        let found = recommended(&app, "place=page&about=g-001").await;
        reasons(&found).iter().any(|(id, _)| *id == "g-002")
    };
    assert!(is_shown().await);
    change(json!({"stock": 0})).await;
    eventually("it is out of stock", async || (!is_shown().await).then_some(())).await;
    change(json!({"stock": 5})).await;
    eventually("it is back", async || is_shown().await.then_some(())).await;
    change(json!({"state": "off"})).await;
    eventually("it is withdrawn", async || (!is_shown().await).then_some(())).await;
}

#[tokio::test]
async fn another_company_gets_and_gives_nothing() {
    let app = shop().await;
    let beta = app.other_company("beta").await;
    let stranger = app.visitor_of(&beta).await;
    stranger.get("/api/v1/sites/alpha/recommendations?place=home").await.problem(404, "not_found");
    let theirs = stranger.get("/api/v1/sites/beta/recommendations?place=page&about=g-001").await.expect(200);
    assert_eq!((&theirs["on"], &theirs["items"]), (&json!(true), &json!([])), "nothing is shown rather than filler");
    let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
    let overview = bob.get("/api/v1/recommendations").await.expect(200);
    assert_eq!((&overview["interests"], &overview["learned"]), (&json!(0), &json!(null)));
    bob.put("/api/v1/recommendations", json!({"on": false, "off_sites": [app.company.site], "seen": 0})).await.expect(200);
    assert!(!recommended(&app, "place=home").await["items"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn managers_see_how_good_it_is_and_switch_it_off() {
    let app = shop().await;
    let (manager, agent) = (app.manager("mira").await, app.agent("ada").await);
    agent.get("/api/v1/recommendations").await.problem(403, "not_permitted");
    let overview = manager.get("/api/v1/recommendations").await.expect(200);
    let learned = &overview["learned"];
    assert_eq!((&overview["on"], &overview["interests"], &overview["visitors"]), (&json!(true), &json!(160), &json!(90)));
    assert_eq!((&learned["by_taste"], &learned["items"], &learned["hits"]["asked"]), (&json!(true), &json!(5), &json!(70)));
    assert_eq!((&learned["pairs"][0]["one"]["id"], &learned["pairs"][0]["together"]), (&json!("g-001"), &json!(40)));
    let version = learned["version"].clone();
    manager.post("/api/v1/recommendations/learn", json!(null)).await.expect(202);
    eventually("it is learned anew", async || {
        let learned = manager.get("/api/v1/recommendations").await.expect(200)["learned"].clone();
        (learned["version"] != version).then_some(())
    })
    .await;
    let seen = &overview["updated_at"];
    let here = manager.put("/api/v1/recommendations", json!({"on": true, "off_sites": [app.company.site], "seen": seen})).await.expect(200);
    assert_eq!(here["sites"][0]["on"], false);
    assert_eq!(recommended(&app, "place=home").await, json!({"on": false, "wanted": null, "items": []}));
    manager.put("/api/v1/recommendations", json!({"on": false, "off_sites": [], "seen": seen})).await.problem(409, "conflict");
    let off = manager.put("/api/v1/recommendations", json!({"on": false, "off_sites": [], "seen": here["updated_at"]})).await.expect(200);
    assert_eq!((&off["on"], &off["interests"], &off["learned"]), (&json!(false), &json!(0), &json!(null)));
    let visitor = app.visitor().await;
    answer(&visitor, true).await;
    sends_card(&visitor, "g-005").await;
    learn(&app).await;
    assert_eq!(interests_of(&app, &visitor).await.len(), 0, "nothing is noted while it is off");
}

#[tokio::test]
async fn an_interest_lasts_half_a_year() {
    let app = shop().await;
    app.clock.advance(INTEREST_MS + 1);
    let manager = app.manager("mira").await;
    learn(&app).await;
    let overview = manager.get("/api/v1/recommendations").await.expect(200);
    assert_eq!((&overview["interests"], &overview["learned"]["items"]), (&json!(0), &json!(0)));
    assert_eq!(recommended(&app, "place=home").await["items"], json!([]));
}

#[tokio::test]
async fn it_is_the_same_on_postgres() {
    let Some(app) = TestApp::on_postgres().await else { return };
    shelf(&app).await;
    let visitor = app.visitor().await;
    answer(&visitor, true).await;
    sends_card(&visitor, "g-001").await;
    plant(&app, &[(40, &["g-001", "g-002"])]).await;
    // A transaction of another test keeps back what is newer than itself.
    let is_noted = async || {
        learn(&app).await;
        (interests_of(&app, &visitor).await == ["g-001"]).then_some(())
    };
    eventually("the interest is noted", is_noted).await;
    assert_eq!(reasons(&recommended(&visitor, "place=home").await)[0], ("g-002", "because_of"));
    let overview = app.manager("mira").await.get("/api/v1/recommendations").await.expect(200);
    assert_eq!((&overview["learned"]["by_taste"], &overview["learned"]["hits"]["asked"]), (&json!(true), &json!(40)));
    answer(&visitor, false).await;
    assert_eq!(interests_of(&app, &visitor).await.len(), 0);
}
