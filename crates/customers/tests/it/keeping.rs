//! Customers as the staff find, see and keep them, over HTTP.

use domain::staff::Role;
use serde_json::{Value, json};
use testkit_app::{StaffClient, TestApp, VisitorClient};

fn id(of: &Value) -> String {
    of["id"].as_str().unwrap().to_owned()
}

async fn found(who: &StaffClient, query: &str) -> Vec<String> {
    let page = who.get(&format!("/api/v1/customers?q={query}")).await.expect(200);
    page["items"].as_array().unwrap().iter().map(id).collect()
}

async fn act(staff: &StaffClient, conversation: &str, body: Value) {
    let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::new_v4(), "body": body});
    assert_eq!(staff.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0]["t"], "ok", "{body}");
}

async fn served(app: &TestApp, agent: &StaffClient, number: &str) -> (VisitorClient, String, String) {
    let account = app.known_customer(number).await;
    let customer = id(&account.get("/api/v1/customer").await.expect(200));
    let chat = app.widget_of(&account, None).await;
    let conversation = chat.open("hello").await;
    chat.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
    act(agent, &conversation, json!({"type": "take"})).await;
    (chat, conversation, customer)
}

#[tokio::test]
async fn a_customer_is_found_by_name_number_and_address_and_by_nothing_that_changed() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let made = mira.post("/api/v1/customers", json!({"name": "欧阳 雷 (Ray)", "email": "Ray@Example.com", "mobile": "138 0013 8000"})).await.expect(201);
    let ray = id(&made);
    let ada = app.customer("ada@example.com").await;
    let seen = ada.get("/api/v1/customer").await.expect(200);
    ada.patch("/api/v1/customer", json!({"name": "Ada Lovelace", "seen": seen["updated_at"]})).await.expect(200);
    for query in ["歐陽雷", "ray", "阳雷 RAY", "%2B8613800138000", "13800138000", "8000", "ray@example.com"] {
        assert_eq!(found(&mira, query).await, [ray.as_str()], "{query}");
    }
    for query in ["lovelace ada", "ADA@example.com"] {
        assert_eq!(found(&mira, query).await, [seen["id"].as_str().unwrap()], "{query}");
    }
    let path = format!("/api/v1/customers/{ray}");
    mira.patch(&path, json!({"name": "王芳", "mobile": "13900139000", "seen": made["updated_at"]})).await.expect(200);
    for query in ["欧阳雷", "8000", "13800138000"] {
        assert_eq!(found(&mira, query).await, [""; 0], "{query}");
    }
    assert_eq!(found(&mira, "王芳").await, [ray.as_str()]);
    // Contacts are masked for everybody.
    let profile = mira.get(&path).await.expect(200);
    assert_eq!(
        profile["contacts"],
        json!([{"kind": "email", "from": "staff", "masked": "r***@example.com"}, {"kind": "phone", "from": "staff", "masked": "139****9000"}])
    );
}

#[tokio::test]
async fn an_agent_sees_whom_they_serve_and_whom_they_added_and_nobody_of_another_company() {
    let app = TestApp::new().await;
    let (ada, bob, mira) = (app.agent("ada").await, app.agent("bob").await, app.manager("mira").await);
    let (_chat, _, served) = served(&app, &ada, "13800138000").await;
    let added = id(&ada.post("/api/v1/customers", json!({"name": "Li Lei"})).await.expect(201));
    let others = id(&mira.post("/api/v1/customers", json!({"name": "Han Meimei"})).await.expect(201));
    let list = async |who: &StaffClient| {
        let page = who.get("/api/v1/customers").await.expect(200);
        page["items"].as_array().unwrap().iter().map(id).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(list(&ada).await, [served.clone(), added.clone()].into());
    assert!(list(&bob).await.is_empty() && found(&bob, "8000").await.is_empty());
    assert_eq!(list(&mira).await, [served.clone(), added.clone(), others.clone()].into());
    for path in ["", "/timeline"] {
        ada.get(&format!("/api/v1/customers/{others}{path}")).await.problem(404, "not_found");
        bob.get(&format!("/api/v1/customers/{served}{path}")).await.problem(404, "not_found");
        ada.get(&format!("/api/v1/customers/{served}{path}")).await.expect(200);
    }
    let beta = app.other_company("beta").await;
    let eve = app.staff_of(&beta, Role::Manager, "eve").await;
    assert!(list(&eve).await.is_empty() && found(&eve, "8000").await.is_empty());
    eve.get(&format!("/api/v1/customers/{served}")).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_timeline_has_what_happened_and_of_conversations_only_what_may_be_read() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
    let (chat, conversation, customer) = served(&app, &ada, "13800138000").await;
    app.clock.advance(1_000);
    act(&ada, &conversation, json!({"type": "resolve"})).await;
    chat.say(&conversation, false, json!({"type": "rate", "score": 5, "comment": "很快", "solved": true})).await;
    let path = format!("/api/v1/customers/{customer}/timeline");
    let timeline = mira.get(&path).await.expect(200);
    let kinds: Vec<&str> = timeline["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds[0], "rating");
    for kind in ["conversation", "visited", "added"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    let rating = &timeline["items"][0];
    assert_eq!(
        [&rating["score"], &rating["comment"], &rating["solved"], &rating["conversation"]],
        [&json!(5), &json!("很快"), &json!(true), &json!(conversation)]
    );
    let profile = mira.get(&format!("/api/v1/customers/{customer}")).await.expect(200);
    assert_eq!(profile["conversations"], json!(1));
    let behind = mira.get(&format!("/api/v1/records?customer={customer}")).await.expect(200);
    assert_eq!(behind["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_number_that_another_customer_has_is_noted_only_on_purpose() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    app.known_customer("13800138000").await;
    let new = json!({"name": "Li Lei", "mobile": "138-0013-8000"});
    mira.post("/api/v1/customers", new.clone()).await.problem_at(409, "customer_known", "mobile");
    let made = mira.post("/api/v1/customers", json!({"name": "Li Lei", "mobile": "138-0013-8000", "confirmed": true})).await.expect(201);
    assert_eq!(found(&mira, "8000").await.len(), 2);
    // One's own number is no other's.
    let path = format!("/api/v1/customers/{}", id(&made));
    let third = mira.post("/api/v1/customers", json!({"name": "Wang Fang", "mobile": "13900139000"})).await.expect(201);
    mira.patch(&path, json!({"mobile": "13900139000", "seen": made["updated_at"]})).await.problem_at(409, "customer_known", "mobile");
    mira.patch(&format!("/api/v1/customers/{}", id(&third)), json!({"mobile": "13900139000", "seen": third["updated_at"]})).await.expect(200);
}

#[tokio::test]
async fn whoever_registers_with_a_number_that_the_staff_noted_has_an_account_of_their_own() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let noted = id(&mira.post("/api/v1/customers", json!({"name": "Li Lei", "email": "li@example.com", "note": "never to be told"})).await.expect(201));
    let account = app.customer("li@example.com").await;
    let own = account.get("/api/v1/customer").await.expect(200);
    assert_ne!(id(&own), noted);
    assert_eq!(own["name"], json!(null));
    assert_eq!(found(&mira, "li@example.com").await.len(), 2);
}

#[tokio::test]
async fn a_customer_who_is_erased_is_gone_with_what_was_noted() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let made = mira.post("/api/v1/customers", json!({"name": "Li Lei", "mobile": "13800138000", "note": "calls"})).await.expect(201);
    let path = format!("/api/v1/customers/{}", id(&made));
    mira.post("/api/v1/erasures", json!({"kind": "customer", "id": id(&made), "reason": "asked"})).await.expect(201);
    // At once, however long the rest of it takes.
    mira.get(&path).await.problem(404, "not_found");
    assert!(found(&mira, "8000").await.is_empty());
    let is_done = async || (mira.get("/api/v1/erasures").await.expect(200)["items"][0]["state"] == "done").then_some(());
    testkit::eventually("the customer is erased", is_done).await;
    for table in ["customer_facts", "customer_terms", "customers_with_terms", "customers"] {
        assert_eq!(rows(&app, table).await, 0, "{table}");
    }
}

async fn rows(app: &TestApp, table: &str) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
    let (count,): (i64,) = db::q!(&mut app.app().db().read().await.unwrap(), |c| sqlx::query_as(sql).fetch_one(c).await).unwrap();
    count
}

#[tokio::test]
async fn a_visit_to_a_site_that_is_gone_is_left_out_and_a_masked_name_that_is_sent_back_changes_nothing() {
    let app = TestApp::new().await;
    let (ada, mira, tara) = (app.agent("ada").await, app.manager("mira").await, app.staff(Role::Administrator, "tara").await);
    let (_chat, conversation, customer) = served(&app, &ada, "13800138000").await;
    act(&ada, &conversation, json!({"type": "resolve"})).await;
    let site = id(&tara.get("/api/v1/company/sites").await.expect(200)["items"][0]);
    let both = |text: &str| json!({"zh": text, "en": text});
    let other = json!({"key": "shop", "queue": app.company.queue.to_string(), "name": both("a"), "bot_name": both("b"), "greeting": both("c"), "privacy_note": both("d")});
    tara.post("/api/v1/company/sites", other).await.expect(201);
    assert_eq!(tara.delete(&format!("/api/v1/company/sites/{site}")).await.status.as_u16(), 204);
    let timeline = mira.get(&format!("/api/v1/customers/{customer}/timeline")).await.expect(200);
    assert!(timeline["items"].as_array().unwrap().iter().all(|item| item["kind"] != "visited"), "{timeline}");

    let role = json!({"name": "Callers", "grants": [{"permission": "desk", "reach": ["company"]}, {"permission": "customers.edit", "reach": ["company"]}], "hides": ["phone"]});
    let cal = app.composed(&tara, &app.agent("cal").await, role).await;
    let made = mira.post("/api/v1/customers", json!({"name": "13900139000"})).await.expect(201);
    let path = format!("/api/v1/customers/{}", id(&made));
    assert_eq!(cal.get(&path).await.expect(200)["name"], "139****9000");
    cal.patch(&path, json!({"name": "139****9000", "note": "calls", "seen": made["updated_at"]})).await.expect(200);
    let after = mira.get(&path).await.expect(200);
    assert_eq!([&after["name"], &after["note"]], ["13900139000", "calls"]);
}

/// Everything that pages and the customers themselves are shown of these.
async fn shown(mira: &StaffClient, accounts: &[(&testkit_app::CustomerClient, &str)]) -> Vec<Value> {
    let mut all = Vec::new();
    for (account, customer) in accounts {
        let path = format!("/api/v1/customers/{customer}");
        for answer in [mira.get(&path).await, mira.get(&format!("{path}/timeline")).await, mira.get(&format!("/api/v1/records?customer={customer}")).await] {
            all.push(answer.expect(200));
        }
        let mut export = account.get("/api/v1/customer/export?format=json").await.expect(200);
        export.as_object_mut().unwrap().remove("exported_at");
        all.push(export);
    }
    all
}

#[tokio::test]
async fn after_merge_and_undo_everything_is_as_before_and_what_was_begun_meanwhile_stays_with_whom_it_was_begun() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
    let (one, two) = (app.known_customer("13800138000").await, app.known_customer("li@example.com").await);
    let (first, second) = (id(&one.get("/api/v1/customer").await.expect(200)), id(&two.get("/api/v1/customer").await.expect(200)));
    let (chat, other_chat) = (app.widget_of(&one, None).await, app.widget_of(&two, None).await);
    for chat in [&chat, &other_chat] {
        let conversation = chat.open("hello").await;
        chat.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        act(&ada, &conversation, json!({"type": "take"})).await;
        act(&ada, &conversation, json!({"type": "resolve"})).await;
    }
    app.bot_is_done().await;
    app.feed_panel().await;
    let accounts = [(&one, first.as_str()), (&two, second.as_str())];
    let before = shown(&mira, &accounts).await;

    let merged = mira.post(&format!("/api/v1/customers/{first}/merge"), json!({"into": second})).await.expect(200);
    assert_eq!(
        (id(&merged), id(&merged["merged"][0]), &merged["merged"][0]["merged_by"], &merged["conversations"]),
        (second.clone(), first.clone(), &json!("mira"), &json!(2))
    );
    for query in ["8000", "li@example.com"] {
        assert_eq!(found(&mira, query).await, [second.as_str()], "{query}");
    }
    assert_eq!(mira.get(&format!("/api/v1/records?customer={second}")).await.expect(200)["items"].as_array().unwrap().len(), 2);
    let away = mira.get(&format!("/api/v1/customers/{first}")).await.expect(200);
    assert_eq!(away["merged_into"]["id"], json!(second));
    // Customers see nothing of it.
    assert_eq!(one.get("/api/v1/customer/conversations").await.expect(200)["items"].as_array().unwrap().len(), 1);

    let meanwhile = app.widget_of(&one, Some(&chat)).await.open("another matter").await;
    app.bot_is_done().await;
    assert_eq!(mira.delete(&format!("/api/v1/customers/{first}/merge")).await.status.as_u16(), 204);
    let of = async |customer: &str| {
        let records = mira.get(&format!("/api/v1/records?customer={customer}")).await.expect(200);
        records["items"].as_array().unwrap().iter().map(id).collect::<Vec<_>>()
    };
    assert!(of(&first).await.contains(&meanwhile) && !of(&second).await.contains(&meanwhile));
    // The other one is as before in everything.
    let after = shown(&mira, &accounts).await;
    assert_eq!(after[4..], before[4..]);
    let without = |values: &[Value]| values.iter().map(|value| value.to_string().contains(&meanwhile)).collect::<Vec<_>>();
    assert_eq!(without(&before[..4]), [false; 4]);
    assert_eq!(after[0]["merged_into"], json!(null));
}

#[tokio::test]
async fn whoever_is_erased_leaves_the_other_one_alone_again() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let new = async |name: &str| id(&mira.post("/api/v1/customers", json!({"name": name})).await.expect(201));
    let (gone, stays) = (new("Li Lei").await, new("Li Ray").await);
    mira.post(&format!("/api/v1/customers/{stays}/merge"), json!({"into": gone})).await.expect(200);
    mira.post("/api/v1/erasures", json!({"kind": "customer", "id": gone, "reason": "asked"})).await.expect(201);
    let is_done = async || (mira.get("/api/v1/erasures").await.expect(200)["items"][0]["state"] == "done").then_some(());
    testkit::eventually("the customer is erased", is_done).await;
    assert_eq!(mira.get(&format!("/api/v1/customers/{stays}")).await.expect(200)["merged_into"], json!(null));
    assert_eq!(found(&mira, "ray").await, [stays.as_str()]);
}
