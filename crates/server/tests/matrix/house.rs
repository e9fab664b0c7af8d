//! A company with one of everything, so that every path leads somewhere.

use domain::{
    id::{ConversationId, DeliveryId},
    outbox::Verdict,
    staff::Role,
    webhook::DeliveryState,
};
use serde_json::{Value, json};
use store::{
    Document,
    webhook_deliveries::{Attempt, Delivery},
};
use testkit::{
    Answer, Client, Realtime, TestApp,
    app::{StaffClient, VisitorClient},
};

use crate::document::Operation;

pub struct House {
    pub app: TestApp,
    pub agent: StaffClient,
    pub manager: StaffClient,
    pub administrator: StaffClient,
    pub visitor: VisitorClient,
    /// An administrator and a visitor of another company.
    pub foreign: StaffClient,
    pub foreign_visitor: VisitorClient,
    reply: Value,
    conversation: String,
    file: String,
    session: String,
    webhook: Value,
    dead: String,
}

impl House {
    pub async fn new() -> Self {
        Self::on(TestApp::new().await).await
    }

    /// On PostgreSQL; `None` where the test command started none.
    pub async fn on_postgres() -> Option<Self> {
        Some(Self::on(TestApp::on_postgres().await?).await)
    }

    async fn on(app: TestApp) -> Self {
        let (tenant, goods) = (app.company.tenant, vec![Document { id: "g-001".to_owned(), json: GOODS.to_owned() }]);
        let writer = app.app().db().writer();
        writer.write(db::Shard::Any, move |tx| Box::pin(async move { store::catalogue::put_goods(tx, tenant, 0, &goods).await })).await.unwrap();
        let (agent, manager, administrator) = (app.agent("ada").await, app.manager("mira").await, app.staff(Role::Administrator, "tara").await);
        let beta = app.other_company("beta").await;
        let (foreign, foreign_visitor) = (app.staff_of(&beta, Role::Administrator, "bob").await, app.visitor_of(&beta).await);
        let visitor = app.visitor().await;
        let reply = agent.post("/api/v1/canned-replies", json!({"shortcode": "own", "title": "Own", "body": {"en": "own"}})).await.expect(201);
        let file = visitor.upload("/api/v1/widget/files?name=a.txt", "text/plain", b"hello".to_vec()).await.expect(201)["id"].clone();
        let conversation = chat(&app, &visitor, &file).await;
        let sessions = agent.get("/api/v1/auth/sessions").await.expect(200);
        let session = sessions["items"][0]["id"].as_str().unwrap().to_owned();
        let file = file.as_str().unwrap().to_owned();
        let webhook = administrator.post("/api/v1/webhooks", json!({"url": "http://127.0.0.1:9/", "events": ["conversation.rated"]})).await.expect(201);
        let dead = dead_letter(&app, &webhook).await;
        Self { app, agent, manager, administrator, visitor, foreign, foreign_visitor, reply, conversation, file, session, webhook, dead }
    }

    /// The path with ids of the first company in place of names.
    pub fn path(&self, operation: &Operation) -> String {
        let id = match operation.path.as_str() {
            path if path.contains("/canned-replies/") => self.reply["id"].as_str().unwrap(),
            path if path.contains("/conversations/") => &self.conversation,
            path if path.contains("/files/") => &self.file,
            path if path.contains("/auth/sessions/") => &self.session,
            path if path.contains("/goods/") => "g-001",
            path if path.contains("/webhooks/") => self.webhook["id"].as_str().unwrap(),
            path => {
                assert!(!path.contains("{id}"), "{path}: say here what its id is");
                ""
            }
        };
        let path = operation.path.replace("{id}", id).replace("{key}", "alpha").replace("{indicator}", "dialogue").replace("{delivery}", &self.dead);
        assert!(!path.contains('{'), "{path}: say here what stands in the path");
        let query: Vec<&str> = operation
            .query
            .iter()
            .filter_map(|name| match (name.as_str(), operation.path.as_str()) {
                ("list", _) => Some("list=mine"),
                ("state", _) => Some("state=dead"),
                ("limit", "/api/v1/events") => Some("limit=9"),
                ("window", _) => Some("window=today"),
                ("name", _) => Some("name=a.txt"),
                ("q", _) => Some("q=x"),
                _ => None,
            })
            .collect();
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    /// A body that fits, for operations that take JSON.
    pub fn body(&self, operation: &Operation) -> Value {
        match operation.name().as_str() {
            "POST /api/v1/auth/links/inspect" => json!({"token": "0"}),
            "POST /api/v1/auth/links/redeem" => json!({"token": "0", "password": "long enough"}),
            "POST /api/v1/auth/sessions" => json!({"email": "nobody@alpha.example", "password": "long enough"}),
            "POST /api/v1/canned-replies" => json!({"shortcode": "new", "title": "New", "body": {"zh": "新", "en": "new"}}),
            "PATCH /api/v1/canned-replies/{id}" => {
                json!({"shortcode": "own", "title": "Own", "body": {"zh": "", "en": "own"}, "seen": self.reply["updated_at"]})
            }
            "POST /api/v1/webhooks" => json!({"url": "http://127.0.0.1:9/", "description": "x", "events": ["conversation.rated"], "bodies": false}),
            "PATCH /api/v1/webhooks/{id}" => json!({
                "url": "http://127.0.0.1:9/x", "description": "x", "events": ["conversation.rated"], "bodies": true, "enabled": true,
                "seen": self.webhook["updated_at"],
            }),
            "PUT /api/v1/me/state" => json!({"state": "available", "reason": "back"}),
            "POST /api/v1/widget/sessions" => json!({"site": "alpha", "device": null, "sealed": null, "lang": "en"}),
            name => panic!("{name} takes a body: say here what fits"),
        }
    }

    /// Somebody whom the operation does not turn away at the door.
    pub fn welcome(&self, operation: &Operation) -> &Client {
        match operation.path.as_str() {
            path if path.starts_with("/api/v1/widget/") => &self.visitor,
            path if path.starts_with("/api/v1/webhooks") || path == "/api/v1/events" => &self.administrator,
            _ => &self.manager,
        }
    }

    /// Asks as somebody, with a body that fits where one is taken.
    pub async fn ask(&self, who: &Client, operation: &Operation, path: &str) -> Answer {
        let request = who.request(operation.method.clone(), path);
        let request = match (&operation.body, operation.takes_bytes) {
            (Some(_), _) => request.json(&self.body(operation)),
            (None, true) => request.header("content-type", "text/plain").body("hello"),
            (None, false) => request,
        };
        who.send(request).await
    }
}

const GOODS: &str = r#"{"id":"g-001","category":"phone","name":{"zh":"x","en":"x"},"price_fen":1,"stock":1,"illustration":"phone"}"#;

/// A delivery that was given up.
async fn dead_letter(app: &TestApp, webhook: &Value) -> String {
    let (tenant, now, id) = (app.company.tenant, app.env().now(), DeliveryId::new(app.env().uuid()));
    let (webhook, stream, kind) = (webhook["id"].as_str().unwrap().parse().unwrap(), app.env().uuid(), "conversation.rated".to_owned());
    let (state, due_at, created_at) = (DeliveryState::Pending, now, now);
    let delivery = Delivery {
        id,
        webhook,
        stream,
        seq: 1,
        kind,
        state,
        attempts: 0,
        attempts_before: 0,
        first_at: None,
        due_at,
        last_code: None,
        ended_at: None,
        created_at,
    };
    let attempt = Attempt { number: 1, at: now.0, duration_ms: 1, status: None, code: "unreachable".to_owned(), excerpt: String::new() };
    let write = app.app().db().writer().write(db::Shard::Any, move |tx| {
        Box::pin(async move {
            store::webhook_deliveries::insert(tx, tenant, std::slice::from_ref(&delivery)).await?;
            store::webhook_deliveries::record(tx, tenant, &delivery, Verdict::Dead, Some(&attempt)).await
        })
    });
    write.await.unwrap();
    id.to_string()
}

/// Opens a conversation in which the visitor sends a file.
async fn chat(app: &TestApp, visitor: &VisitorClient, file: &Value) -> String {
    let mut chat = Realtime::connect(app).await;
    chat.send(&json!({"t": "hello", "version": 1, "token": visitor.session["token"], "cursors": {}})).await;
    chat.until("welcome").await;
    let conversation = ConversationId::new(app.env().uuid()).to_string();
    let (client_id, body) = (app.env().uuid().to_string(), json!({"type": "file", "file": file}));
    chat.send(&json!({"t": "send", "conversation": conversation, "client_id": client_id, "body": body, "open": {"lang": "en"}})).await;
    chat.until("ok").await;
    conversation
}
