//! A marker in each kind of object that somebody may not read.

use domain::{
    id::AgentId,
    stream::{StreamKind, StreamName},
};
use serde_json::{Value, json};
use testkit_app::TestApp;
use testkit_server::Client;

use super::{
    callers::{Callers, say},
    furniture::single_sign_on,
    house::House,
};

/// What stands where, and who looks for it.
#[derive(Default)]
pub struct Plants {
    /// The marker of each kind of object.
    pub markers: Vec<(&'static str, String)>,
    /// The ids of what was planted, with the beginning of the paths in which they stand.
    pub ids: Vec<(&'static str, String)>,
    /// The streams that somebody follows.
    pub streams: Vec<String>,
    /// Words to search for.
    pub words: Vec<String>,
    /// Those who look, beside the further callers.
    pub callers: Vec<(&'static str, Client)>,
}

impl Plants {
    /// The marker of a kind: a word that nothing else contains.
    fn word(&mut self, kind: &'static str) -> String {
        let word = format!("xq{}xq", kind.replace(' ', ""));
        self.marker(kind, &json!(word));
        word
    }
    fn marker(&mut self, kind: &'static str, marker: &Value) {
        let marker = marker.as_str().unwrap_or_else(|| panic!("{kind}: {marker}"));
        assert!(marker.len() >= 8, "{kind}: {marker}");
        self.markers.push((kind, marker.to_owned()));
    }
    fn id(&mut self, begins: &'static str, id: &Value) {
        self.ids.push((begins, id.as_str().unwrap().to_owned()));
    }
    fn conversation(&mut self, id: &str) {
        for begins in ["/api/v1/conversations/", "/api/v1/customer/conversations/"] {
            self.id(begins, &json!(id));
        }
        self.streams.push(id.to_owned());
    }
}

/// Plants everything.
pub async fn plant(callers: &Callers) -> Plants {
    let (house, mut plants) = (&callers.house, Plants::default());
    let app = &house.app;
    people(callers, &mut plants).await;
    waiting(house, &mut plants).await;
    left(app, &mut plants).await;
    served(house, &mut plants).await;
    of_customer(app, &mut plants).await;
    content(house, &mut plants).await;
    settings(house, &mut plants).await;
    secrets(callers, &mut plants).await;
    for word in ["message", "goods", "plan", "question", "reply", "colleague", "profile"] {
        plants.words.push(format!("xq{word}xq"));
    }
    let queues = house.manager.get("/api/v1/queues").await.expect(200);
    plants.streams.extend(queues["items"].as_array().unwrap().iter().map(|queue| queue["id"].as_str().unwrap().to_owned()));
    plants.streams.extend([app.company.tenant.to_string(), house.agent_id.to_string()]);
    plants.streams.extend(hidden_streams(house).await);
    for key in ["waiting", "dialogue", "rating_poor", "first_reply", "poor_rated"] {
        plants.id("/api/v1/panel/", &json!(key));
        plants.id("/api/v1/metrics/", &json!(key));
    }
    app.feed_panel().await;
    plants
}

/// Those who look: everybody of the house, and a member of the queue whose role hides contacts.
async fn people(callers: &Callers, plants: &mut Plants) {
    let (house, app) = (&callers.house, &callers.house.app);
    let hides = json!({"name": "xqrolexq", "grants": [{"permission": "desk", "reach": ["own", "queue"]}], "hides": ["phone", "email"]});
    plants.word("role");
    let (hiding, hiding_now) = with_role(house, "hiding", hides).await;
    let built_in = house.administrator.get("/api/v1/roles").await.expect(200);
    let all = built_in["items"].as_array().unwrap().iter().find(|role| role["id"] == "administrator").unwrap()["grants"].clone();
    let but_reveal: Vec<&Value> = all.as_array().unwrap().iter().filter(|grant| !grant["permission"].as_str().unwrap().ends_with(".reveal")).collect();
    assert!(but_reveal.len() > 10, "{all}");
    let (_, masked) = with_role(house, "masked", json!({"name": "Masked", "grants": but_reveal, "hides": ["phone", "email"]})).await;
    callers.also_serves(hiding).await;
    plants.callers = vec![
        ("nobody", Client::clone(app)),
        ("visitor", house.visitor.clone()),
        ("stranger", house.foreign_visitor.clone()),
        ("customer", house.customer.clone()),
        ("agent", house.agent.clone()),
        ("hiding", hiding_now),
        ("manager", house.manager.clone()),
        ("admin", house.administrator.clone()),
        ("masked", masked),
        ("foreign", house.foreign.clone()),
    ];
}

/// A new member with a composed role.
async fn with_role(house: &House, name: &str, role: Value) -> (AgentId, Client) {
    let app = &house.app;
    let role = house.administrator.post("/api/v1/roles", role).await.expect(201)["id"].clone();
    let member = app.agent(name).await.member.id;
    let path = format!("/api/v1/staff/{member}");
    let seen = house.administrator.get(&path).await.expect(200)["updated_at"].clone();
    house.administrator.patch(&path, json!({"role": role, "seen": seen})).await.expect(200);
    // A change of role ends the sessions.
    (member, app.with_cookie(&app.company.session(app.app().db(), member).await))
}

async fn well(who: &Client, conversation: &str, body: Value) {
    let answer = say(who, conversation, &body).await;
    assert_eq!(answer["t"], "ok", "{body}: {answer}");
}

/// The conversation that waits: a message, a note and a file, and what will be said while everybody listens.
async fn waiting(house: &House, plants: &mut Plants) {
    plants.conversation(house.conversation());
    let (name, bytes) = (plants.word("file name"), plants.word("file"));
    let file = house.visitor.upload(&format!("/api/v1/widget/files?name={name}.txt"), "text/plain", bytes.into_bytes()).await.expect(201);
    plants.id("/api/v1/files/", &file["id"]);
    well(&house.visitor, house.conversation(), json!({"type": "file", "file": file["id"]})).await;
    well(&house.visitor, house.conversation(), json!({"type": "text", "text": plants.word("message")})).await;
    well(&house.manager, house.conversation(), json!({"type": "note", "text": plants.word("note")})).await;
    plants.word("said");
    plants.word("said note");
}

/// A message that somebody left, with a number.
async fn left(app: &TestApp, plants: &mut Plants) {
    let leaver = app.visitor().await;
    let left = leaver.open("hello").await;
    well(&leaver, &left, json!({"type": "request_human", "via": "button"})).await;
    plants.conversation(&left);
    plants.streams.push(leaver.session["visitor"].as_str().unwrap().to_owned());
    plants.marker("left number", &json!("13987654321"));
    let body = json!({"type": "leave_message", "text": plants.word("left"), "contact": "13987654321"});
    well(&leaver, &left, body).await;
}

/// A conversation that the agent served and that was rated.
async fn served(house: &House, plants: &mut Plants) {
    let rater = house.app.visitor().await;
    let served = rater.open("hello").await;
    plants.conversation(&served);
    well(&rater, &served, json!({"type": "request_human", "via": "button"})).await;
    well(&house.agent, &served, json!({"type": "take"})).await;
    well(&rater, &served, json!({"type": "text", "text": plants.word("served")})).await;
    well(&house.agent, &served, json!({"type": "text", "text": plants.word("answer")})).await;
    well(&house.agent, &served, json!({"type": "note", "text": plants.word("served note")})).await;
    well(&house.agent, &served, json!({"type": "resolve"})).await;
    well(&rater, &served, json!({"type": "rate", "score": 1, "comment": plants.word("comment"), "solved": false})).await;
}

/// A customer with an account, who talks to the bot.
async fn of_customer(app: &TestApp, plants: &mut Plants) {
    let address = plants.word("address");
    let customer = app.known_customer(&format!("{address}@example.com")).await;
    let seen = customer.get("/api/v1/customer").await.expect(200)["updated_at"].clone();
    customer.patch("/api/v1/customer", json!({"name": plants.word("customer"), "lang": "en", "seen": seen})).await.expect(200);
    let widget = app.widget_of(&customer, None).await;
    let conversation = widget.open(&plants.word("asked")).await;
    app.bot_is_done().await;
    plants.conversation(&conversation);
    plants.callers.push(("owner", Client::clone(&customer)));
}

/// What the company prepares: drafts, canned replies, a board of one's own.
async fn content(house: &House, plants: &mut Plants) {
    let both = |text: &str| json!({"zh": text, "en": text});
    let draft = json!({"category": "plans", "question": both(&plants.word("question")), "answer": both(&plants.word("draft"))});
    let draft = house.manager.post("/api/v1/knowledge/entries", draft).await.expect(201);
    plants.id("/api/v1/knowledge/entries/", &draft["id"]);
    let test = json!({"sentence": plants.word("test"), "lang": "en", "expected": "no_answer"});
    house.manager.post("/api/v1/knowledge/tests", test).await.expect(201);
    let goods = json!({"category": "phone", "name": both(&plants.word("goods")), "price_fen": 5, "stock": 1, "state": "draft"});
    let goods = house.manager.post("/api/v1/goods", goods).await.expect(201);
    for begins in ["/api/v1/goods/", "/api/v1/knowledge/graph/", "/api/v1/sites/alpha/goods/"] {
        plants.id(begins, &goods["id"]);
    }
    let plan = json!({"name": both(&plants.word("plan")), "monthly_fee_fen": 5, "state": "draft"});
    let plan = house.manager.post("/api/v1/plans", plan).await.expect(201);
    plants.id("/api/v1/plans/", &plan["id"]);
    let reply = json!({"shortcode": "planted", "title": "Planted", "body": both(&plants.word("reply"))});
    house.manager.post("/api/v1/canned-replies", reply).await.expect(201);
    let profile = json!({"name": plants.word("profile"), "note": plants.word("profile note")});
    let profile = house.manager.post("/api/v1/customers", profile).await.expect(201);
    plants.id("/api/v1/customers/", &profile["id"]);
    let board = json!({"name": plants.word("board"), "shared": false, "tiles": []});
    let board = house.manager.post("/api/v1/boards", board).await.expect(201);
    plants.id("/api/v1/boards/", &board["id"]);
}

/// What administrators set up, and what only the audit knows any more.
async fn settings(house: &House, plants: &mut Plants) {
    let tara = &house.administrator;
    let gone = tara.post("/api/v1/departments", json!({"name": plants.word("audit")})).await.expect(201);
    tara.delete(&format!("/api/v1/departments/{}", gone["id"].as_str().unwrap())).await;
    let webhook = json!({"url": format!("http://127.0.0.1:9/{}", plants.word("webhook")), "events": ["conversation.rated"]});
    let webhook = tara.post("/api/v1/webhooks", webhook).await.expect(201);
    plants.id("/api/v1/webhooks/", &webhook["id"]);
    plants.marker("webhook secret", &webhook["secret"]);
    let seen = tara.get("/api/v1/single-sign-on").await.expect(200)["connection"]["updated_at"].clone();
    let mut connection = single_sign_on(&seen);
    connection["client_id"] = json!(plants.word("sign on"));
    connection["client_secret"] = json!(plants.word("sign on secret"));
    tara.put("/api/v1/single-sign-on", connection).await.expect(200);
    let token = json!({"name": plants.word("token"), "permissions": [{"permission": "desk", "reach": ["own"]}]});
    plants.marker("token secret", &tara.post("/api/v1/tokens", token).await.expect(201)["secret"]);
    let wall = json!({"name": plants.word("wall")});
    plants.marker("wall secret", &house.manager.post("/api/v1/wall-links", wall).await.expect(201)["token"]);
    let member = json!({"email": format!("{}@alpha.example", plants.word("staff address")), "name": plants.word("colleague"), "role": "agent"});
    let invited = tara.post("/api/v1/staff", member).await.expect(201);
    plants.id("/api/v1/staff/", &invited["member"]["id"]);
    let (_, link) = invited["link"].as_str().unwrap().split_once('#').unwrap();
    plants.marker("invitation", &json!(link));
    let site = tara.get("/api/v1/company/sites").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    plants.id("/api/v1/company/sites/", &json!(site));
    let secret = tara.post(&format!("/api/v1/company/sites/{site}/secrets"), json!({})).await.expect(201);
    plants.marker("site secret", &secret["secret"]);
}

/// What lets somebody in.
async fn secrets(callers: &Callers, plants: &mut Plants) {
    let house = &callers.house;
    let app = house.administrator.post("/api/v1/me/second-step", Value::Null).await.expect(201);
    plants.marker("app", &json!(app["setup_key"].as_str().unwrap().replace(' ', "")));
    let codes = house.manager.post("/api/v1/me/recovery-codes", Value::Null).await.expect(201);
    plants.marker("recovery code", &codes["recovery_codes"][0]);
    plants.marker("session", &json!(house.manager.cookie));
    plants.marker("customer session", &json!(house.customer.customer));
    plants.marker("visitor session", &json!(house.visitor.token));
}

/// The streams of the company that have names of their own, which nobody outside the record knows.
async fn hidden_streams(house: &House) -> Vec<String> {
    let app = &house.app;
    let mut tx = app.app().db().read().await.unwrap();
    let access = store::tenants::get(&mut tx, app.company.tenant).await.unwrap().access_stream;
    let inbox = store::staff::get(&mut tx, app.company.tenant, house.agent_id).await.unwrap().inbox;
    let work = StreamName::work(inbox.uuid(), app.env().now());
    [StreamName { kind: StreamKind::Access, id: access }, StreamName::audit(access), work]
        .map(|stream| stream.to_string())
        .into_iter()
        .chain([inbox.to_string()])
        .collect()
}
