//! A company with one of everything, so that every path leads somewhere.

use std::ops::Deref;

use domain::{id::AgentId, response_time::INTERVALS, staff::Role, time::Ts};
use serde_json::{Value, json};
use store::Document;
use store_knowledge::knowledge_categories::Category;
use testkit::eventually;
use testkit_app::{CustomerClient, Kept, TestApp, dead_job};
use testkit_server::{Answer, Client, puzzle::solve};
use tokio::sync::OnceCell;

use crate::matrix::{
    document::Operation,
    examples::Examples,
    furniture::{
        assertion, chat, dead_letter, erasures, is_of_consents, is_of_floor, key_in, of_consents, of_floor, of_operator, operator, png, second_step,
        single_sign_on, spare, tile,
    },
};

/// A running server with such a company.
pub struct House {
    pub app: TestApp,
    held: Held,
}

/// The company's resources and people.
#[derive(Clone)]
pub struct Held {
    pub agent: Client,
    pub agent_id: AgentId,
    pub manager: Client,
    pub administrator: Client,
    pub visitor: Client,
    pub customer: Client,
    /// An administrator and a visitor of a different company.
    pub foreign: Client,
    pub foreign_visitor: Client,
    pub operator: Client,
    operator_link: String,
    reply: Value,
    conversation: String,
    file: String,
    session: String,
    webhook: Value,
    single_sign_on: Value,
    dead: String,
    job: String,
    wall: String,
    token: String,
    board: Value,
    pub(super) own: Own,
    puzzle: Value,
    goods: Value,
    plan: Value,
    synonyms: Value,
    categories: Value,
    import: Value,
    picture: String,
    /// A member, a queue and a site that nothing needs, so that they can be removed, and a conversation in which a message was left, rated with words.
    member: Value,
    queue: Value,
    role: Value,
    /// Made of the examples of their endpoints.
    examples: Examples,
    site: Value,
    kid: String,
    left: String,
    /// An erasure that waits for a second person, and one that is done.
    erasures: [String; 2],
    member_session: String,
    /// A passkey of the manager, who has two-step verification.
    passkey: String,
    knowledge: Knowledge,
}

impl Deref for House {
    type Target = Held;
    fn deref(&self) -> &Held {
        &self.held
    }
}

/// The first house; every other house begins with a copy of its record.
static FIRST: OnceCell<(Kept, Held)> = OnceCell::const_new();

/// What belongs to the customer.
#[derive(Clone)]
pub(super) struct Own {
    pub(super) customer: Value,
    conversation: String,
    session: String,
}

/// A live entry, a sentence from the test set, and the revision of a draft that was changed and checked.
#[derive(Clone)]
struct Knowledge {
    entry: Value,
    test: Value,
    revision: Value,
}

impl Held {
    /// The same people at a different server; a puzzle is valid only at the server that issued it.
    async fn at(&self, app: &TestApp) -> Self {
        Self {
            agent: self.agent.at_server(app),
            manager: self.manager.at_server(app),
            administrator: self.administrator.at_server(app),
            visitor: self.visitor.at_server(app),
            customer: self.customer.at_server(app),
            foreign: self.foreign.at_server(app),
            foreign_visitor: self.foreign_visitor.at_server(app),
            operator: self.operator.at_server(app),
            puzzle: app.get("/api/v1/customer/puzzle").await.expect(200),
            ..self.clone()
        }
    }
}

impl House {
    pub async fn new() -> Self {
        let furnished = async || {
            let Self { app, held } = Self::on(TestApp::new().await).await;
            app.bot_is_done().await;
            (app.keep().await, held)
        };
        let (kept, held) = FIRST.get_or_init(furnished).await;
        let app = TestApp::on_kept(kept).await;
        let held = held.at(&app).await;
        Self { app, held }
    }

    /// A house on PostgreSQL; `None` if the test command started none.
    pub async fn on_postgres() -> Option<Self> {
        Some(Self::on(TestApp::on_postgres().await?).await)
    }

    async fn on(app: TestApp) -> Self {
        shelf(&app).await;
        let (agent, manager, administrator) = (app.agent("ada").await, app.manager("mira").await, app.staff(Role::Administrator, "tara").await);
        let beta = app.other_company("beta").await;
        let (foreign, foreign_visitor) = (app.staff_of(&beta, Role::Administrator, "bob").await, app.visitor_of(&beta).await);
        let visitor = app.visitor().await;
        let (operator, operator_link) = operator(&app).await;
        let reply = agent.post("/api/v1/canned-replies", json!({"shortcode": "own", "title": "Own", "body": {"en": "own"}})).await.expect(201);
        let file = visitor.upload("/api/v1/widget/files?name=a.txt", "text/plain", b"hello".to_vec()).await.expect(201)["id"].clone();
        let conversation = chat(&app, &visitor, &file).await;
        let sessions = agent.get("/api/v1/auth/sessions").await.expect(200);
        let (session, file) = (sessions["items"][0]["id"].as_str().unwrap().to_owned(), file.as_str().unwrap().to_owned());
        let webhook = administrator.post("/api/v1/webhooks", json!({"url": "http://127.0.0.1:9/", "events": ["conversation.rated"]})).await.expect(201);
        let single_sign_on = administrator.put("/api/v1/single-sign-on", single_sign_on(&Value::Null)).await.expect(200);
        let dead = dead_letter(&app, &webhook).await;
        let job = dead_job(&app).await;
        let wall = manager.post("/api/v1/wall-links", json!({"name": "Floor 3"})).await.expect(201)["id"].as_str().unwrap().to_owned();
        let token = json!({"name": "CRM", "permissions": [{"permission": "desk", "reach": ["company"]}]});
        let token = administrator.post("/api/v1/tokens", token).await.expect(201)["id"].as_str().unwrap().to_owned();
        let board = manager.post("/api/v1/boards", json!({"name": "Night shift", "shared": true, "tiles": []})).await.expect(201);
        let customer = app.known_customer("ada@example.com").await;
        let own = own(&app, &customer).await;
        let puzzle = app.get("/api/v1/customer/puzzle").await.expect(200);
        // One product on sale, one deleted, one category without products, an import that waits, a picture.
        agent.delete("/api/v1/goods/g-002").await;
        let (goods, categories) = (agent.get("/api/v1/goods/g-001").await.expect(200), agent.get("/api/v1/goods-categories").await.expect(200));
        // Two plans, one of which is deleted; a group of synonyms.
        let spare = json!({"name": {"zh": "x", "en": "spare"}, "monthly_fee_fen": 1, "state": "live"});
        let plan = manager.post("/api/v1/plans", spare.clone()).await.expect(201);
        manager.post("/api/v1/plans", spare).await.expect(201);
        agent.delete("/api/v1/plans/spare-2").await;
        let synonyms = agent.post("/api/v1/knowledge/synonyms", json!({"lang": "en", "words": ["bill", "invoice"]})).await.expect(201);
        let import = agent.upload("/api/v1/goods-imports", "text/csv", b"ID,Price\ng-001,2\n".to_vec()).await.expect(201);
        let picture = agent.upload("/api/v1/goods-pictures", "image/png", png()).await.expect(201)["id"].as_str().unwrap().to_owned();
        let invited = administrator.post("/api/v1/staff", json!({"email": "new@alpha.example", "name": "new", "role": "agent"})).await.expect(201);
        let member = invited["member"].clone();
        let queue = administrator.post("/api/v1/queues", json!({"name": {"zh": "空"}})).await.expect(201);
        let desk = json!([{"permission": "desk", "reach": ["own"]}]);
        let role = administrator.post("/api/v1/roles", json!({"name": "夜班", "grants": desk})).await.expect(201);
        let examples = Examples::furnish(&administrator).await;
        let site = administrator.post("/api/v1/company/sites", site("spare", &app)).await.expect(201);
        let secrets = format!("/api/v1/company/sites/{}/secrets", site["id"].as_str().unwrap());
        let kid = administrator.post(&secrets, json!({})).await.expect(201)["kid"].as_str().unwrap().to_owned();
        let member_session = {
            let id = member["id"].as_str().unwrap();
            app.company.session(app.app().db(), id.parse().unwrap()).await;
            administrator.get(&format!("/api/v1/staff/{id}/sessions")).await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned()
        };
        let passkey = second_step(&app, manager.member.id).await;
        let other = app.visitor().await;
        let left = other.open("hello").await;
        other.say(&left, false, json!({"type": "leave_message", "text": "call me", "contact": null})).await;
        other.say(&left, false, json!({"type": "rate", "score": 2, "comment": "nobody was there"})).await;
        let erasures = erasures(&app, &manager, &administrator).await;
        let tenant = app.company.tenant;
        let category = Category { key: CATEGORY.to_owned(), name: testkit::company::both("Spare"), updated_at: Ts(1) };
        let writer = app.app().db().writer();
        let insert =
            writer.write(db::Shard::Any, move |tx| Box::pin(async move { store_knowledge::knowledge_categories::insert(tx, tenant, &category).await }));
        insert.await.unwrap();
        app.topic("plans").await;
        let knowledge = knowledge(&manager).await;
        let held = Held {
            agent: Client::clone(&agent),
            agent_id: agent.member.id,
            manager: Client::clone(&manager),
            administrator: Client::clone(&administrator),
            visitor: Client::clone(&visitor),
            customer: Client::clone(&customer),
            foreign: Client::clone(&foreign),
            foreign_visitor: Client::clone(&foreign_visitor),
            operator,
            operator_link,
            reply,
            conversation,
            file,
            session,
            webhook,
            single_sign_on,
            dead,
            job,
            wall,
            token,
            board,
            own,
            puzzle,
            goods,
            plan,
            synonyms,
            categories,
            import,
            picture,
            member,
            queue,
            role,
            examples,
            site,
            kid,
            left,
            erasures,
            member_session,
            passkey,
            knowledge,
        };
        Self { app, held }
    }

    /// The conversation that the visitor has.
    pub fn conversation(&self) -> &str {
        &self.conversation
    }

    /// The path with ids of the first company in place of names, and with a valid query.
    pub fn path(&self, operation: &Operation) -> String {
        let id = match operation.path.as_str() {
            _ if self.examples.id(operation).is_some() => self.examples.id(operation).unwrap_or_default(),
            path if path.contains("/operator/") => &self.app.company.tenant.to_string(),
            path if path.contains("/canned-replies/") => self.reply["id"].as_str().unwrap(),
            path if path.contains("/customer/conversations/") => &self.own.conversation,
            path if path.contains("/customer/sessions/") => &self.own.session,
            path if path.contains("/conversations/") || path.contains("/records/") => &self.conversation,
            path if path.contains("/knowledge/entries/") => self.knowledge.entry["id"].as_str().unwrap(),
            path if path.contains("/knowledge/categories/") => CATEGORY,
            path if path.contains("/knowledge/tests/") => self.knowledge.test["id"].as_str().unwrap(),
            path if path.contains("/knowledge/synonyms/") => self.synonyms["id"].as_str().unwrap(),
            path if path.contains("/knowledge/graph/") => "g-001",
            path if path.contains("/knowledge/graph-units/") => "spare",
            path if path.contains("/files/") => &self.file,
            path if path.contains("/auth/sessions/") => &self.session,
            path if path.contains("/me/passkeys/") => &self.passkey,
            "/api/v1/plans/{id}/restore" => "spare-2",
            path if path.contains("/plans/") => "spare",
            path if path.ends_with("/restore") => "g-002",
            path if path.contains("/goods/") => "g-001",
            path if spare(path).is_some() => spare(path).unwrap_or_default(),
            path if path.contains("/wall-links/") => &self.wall,
            path if path.contains("/tokens/") => &self.token,
            path if path.contains("/boards/") => self.board["id"].as_str().unwrap(),
            path if path.contains("/goods-categories/") => "spare",
            path if path.contains("/goods-imports/") => self.import["id"].as_str().unwrap(),
            path if path.contains("/webhooks/") => self.webhook["id"].as_str().unwrap(),
            path if path.contains("/staff/") => self.member["id"].as_str().unwrap(),
            path if path.contains("/queues/") => self.queue["id"].as_str().unwrap(),
            path if path.contains("/dead-jobs/") => &self.job,
            path if path.contains("/roles/") => self.role["id"].as_str().unwrap(),
            path if path.contains("/company/sites/") => self.site["id"].as_str().unwrap(),
            path if path.contains("/left-messages/") || path.contains("/rating-comments/") => &self.left,
            "/api/v1/erasures/{id}/proof" => &self.erasures[1],
            path if path.contains("/erasures/") => &self.erasures[0],
            path if path.contains("/people/") => self.own.customer["id"].as_str().unwrap(),
            path => {
                assert!(!path.contains("{id}"), "{path}: say here what its id is");
                ""
            }
        };
        let path = operation
            .path
            .replace("{id}", id)
            .replace("{key}", key_in(&operation.path))
            .replace("{indicator}", "dialogue")
            .replace("{delivery}", &self.dead)
            .replace("{lesson}", id)
            .replace("{kid}", &self.kid)
            .replace("{picture}", &self.picture)
            .replace("{session}", &self.member_session)
            .replace("{day}", "2026-11-19")
            .replace("{number}", "1");
        assert!(!path.contains('{'), "{path}: say here what stands in the path");
        let seen = if operation.path.contains("/skills/") { "seen=1".to_owned() } else { format!("seen={}", self.member["updated_at"]) };
        let query: Vec<&str> = operation
            .query
            .iter()
            .filter_map(|name| match (name.as_str(), operation.path.as_str()) {
                ("seen", "/api/v1/staff/{id}" | "/api/v1/skills/{id}") => Some(seen.as_str()),
                ("list", _) => Some("list=mine"),
                ("state", "/api/v1/webhooks/{id}/deliveries") => Some("state=dead"),
                ("state", "/api/v1/knowledge/entries") => Some("state=new"),
                ("company", _) => Some("company=alpha"),
                ("size", _) => Some("size=small"),
                ("done", _) => Some("done=true"),
                ("limit", "/api/v1/events") => Some("limit=9"),
                ("window", _) => Some("window=today"),
                ("days", _) => Some("days=7"),
                ("name", _) => Some("name=a.txt"),
                ("q", _) => Some("q=x"),
                ("format", "/api/v1/goods-export") => Some("format=csv"),
                ("format", _) => Some("format=json"),
                ("after", path) if path.starts_with("/api/v1/customer/") => Some("after=0"),
                ("cursor", "/api/v1/audit") => Some("cursor=9"),
                ("cursor", "/api/v1/dead-jobs") => Some("cursor=9999999999999.job_00000000000000000000000000000001"),
                ("cursor", "/api/v1/customer/conversations") => Some("cursor=9999999999999.cnv_00000000000000000000000000000001"),
                ("cursor", "/api/v1/goods/{id}/conversations") => Some("cursor=9999999999999.00000000000000000000000000000001"),
                ("text", _) => Some("text=hello"),
                ("from", "/api/v1/knowledge/changes") => Some("from=1"),
                ("apply", _) => Some("apply=false"),
                ("place", _) => Some("place=home"),
                _ => None,
            })
            .collect();
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    /// A valid body, for operations that take JSON.
    pub fn body(&self, operation: &Operation) -> Value {
        if let Some(body) = self.examples.body(operation) {
            return body;
        }
        match operation.name().as_str() {
            name if is_of_consents(name) => of_consents(name),
            name if is_of_floor(name) => of_floor(name),
            name if name.contains("/operator/") => of_operator(name, &self.operator_link),
            "POST /api/v1/response-times" | "POST /api/v1/sites/{key}/response-times" => json!({"page": {"counts": vec![1; INTERVALS], "sum_ms": 9}}),
            "POST /api/v1/auth/links/inspect" => json!({"token": "0"}),
            "POST /api/v1/auth/links/redeem" => json!({"token": "0", "password": "long enough"}),
            "POST /api/v1/auth/single-sign-on" => json!({"email": "ada@alpha.example"}),
            "POST /api/v1/auth/single-sign-on/finish" => json!({"company": format!("tnt_{}", "0".repeat(32)), "state": "0", "code": "0"}),
            "PUT /api/v1/single-sign-on" => single_sign_on(&self.single_sign_on["updated_at"]),
            "POST /api/v1/auth/sessions" => json!({"email": "nobody@alpha.example", "password": "long enough"}),
            "POST /api/v1/auth/recoveries" => json!({"email": "nobody@alpha.example", "lang": "en", "proof": solve(&self.puzzle)}),
            "POST /api/v1/company-openings" => json!({"email": "noor@muyu.example", "lang": "en", "proof": solve(&self.puzzle)}),
            "POST /api/v1/company-openings/confirm" => json!({"handle": "0", "code": "000000", "name": "Muyu", "slug": "muyu"}),
            "POST /api/v1/knowledge/templates" => json!({"trade": "shop"}),
            "POST /api/v1/auth/second-step" | "POST /api/v1/auth/second-step/setup/confirm" => json!({"token": "0", "code": "000000"}),
            "POST /api/v1/auth/second-step/setup" | "POST /api/v1/auth/second-step/passkey-options" => json!({"token": "0"}),
            "POST /api/v1/auth/second-step/passkey" => json!({"token": "0", "passkey": assertion()}),
            "POST /api/v1/auth/passkey-sessions" => assertion(),
            "PUT /api/v1/me/second-step" => json!({"code": "000000"}),
            "POST /api/v1/me/proof" => json!({"password": "wrong", "code": null, "passkey": null}),
            "POST /api/v1/me/passkeys" => json!({"token": "0", "name": "Phone", "id": "AAAA", "client_data": "AAAA", "attestation": "AAAA"}),
            "PATCH /api/v1/me/passkeys/{id}" => json!({"name": "Phone"}),
            "POST /api/v1/me/view" => json!({"role": "agent"}),
            "PUT /api/v1/audit/retention" => json!({"kept_days": 366}),
            "POST /api/v1/alerts/acknowledge" => json!({"subject": format!("acc_{}", "0".repeat(32))}),
            "PUT /api/v1/address-rules" => json!({"staff_allowed": [], "staff_denied": [], "visitors_denied": []}),
            "PUT /api/v1/sign-in-rules" => json!({"second_step_for": ["agent"]}),
            "POST /api/v1/canned-replies" => json!({"shortcode": "new", "title": "New", "body": {"zh": "新", "en": "new"}}),
            "PATCH /api/v1/canned-replies/{id}" => {
                json!({"shortcode": "own", "title": "Own", "body": {"zh": "", "en": "own"}, "seen": self.reply["updated_at"]})
            }
            "POST /api/v1/wall-links" => json!({"name": "Floor 4"}),
            "POST /api/v1/tokens" => json!({"name": "ERP", "permissions": [{"permission": "desk", "reach": ["own"]}], "ranges": ["192.0.2.0/24"]}),
            "POST /api/v1/tokens/{id}/secret" => json!({"overlap_s": 60}),
            "POST /api/v1/bot-answers/judgements" => json!({"conversation": self.conversation, "of": 2, "verdict": "right"}),
            "POST /api/v1/customers/{id}/merge" => json!({"into": self.own.customer["id"]}),
            "POST /api/v1/erasures" => json!({"kind": "message", "id": self.conversation, "seq": 2, "reason": "asked"}),
            "PUT /api/v1/erasures/settings" => json!({"four_eyes": false}),
            "POST /api/v1/company/archive" => json!({"passphrase": "correct horse battery"}),
            "PUT /api/v1/retention" => json!({"conversations": 3653, "files": null, "views": null}),
            "POST /api/v1/customer/closure" => json!({"password": "wrong", "handle": "0", "code": "000000"}),
            "POST /api/v1/boards" => json!({"name": "Bot", "shared": true, "tiles": [tile()]}),
            "PATCH /api/v1/boards/{id}" => json!({"name": "Bot", "shared": true, "tiles": [tile()], "seen": self.board["updated_at"]}),
            "POST /api/v1/webhooks" => json!({"url": "http://127.0.0.1:9/", "description": "x", "events": ["conversation.rated"], "bodies": false}),
            "PATCH /api/v1/webhooks/{id}" => json!({
                "url": "http://127.0.0.1:9/x", "description": "x", "events": ["conversation.rated"], "bodies": true, "enabled": true,
                "seen": self.webhook["updated_at"],
            }),
            "POST /api/v1/goods" => json!({
                "category": "phone", "name": {"zh": "新", "en": "new"}, "price_fen": 5, "stock": 1, "state": "draft", "tags": ["5g"], "illustration": "phone",
                "picture": self.picture, "attributes": [], "selling_points": {"zh": [], "en": []}, "description": {"zh": "", "en": ""},
            }),
            "PATCH /api/v1/goods/{id}" => json!({"price_fen": 5, "reason": "x", "stock": 2, "seen": self.goods["updated_at"]}),
            "POST /api/v1/plans" => json!({
                "name": {"zh": "新", "en": "new"}, "monthly_fee_fen": 5, "data_gb": 1, "voice_min": 1, "sms": 1, "broadband_mbps": 1, "contract_months": 1,
                "roaming": {"data_gb": 1, "voice_min": 1, "destinations": 1}, "audience": "everyone", "notes": {"zh": "", "en": ""},
                "supplementary_cards": {"max": 2, "free": 1}, "state": "draft",
            }),
            "PATCH /api/v1/plans/{id}" => json!({
                "name": {"zh": "新", "en": "new"}, "monthly_fee_fen": 5, "data_gb": 1, "voice_min": 1, "sms": 1, "broadband_mbps": 1, "contract_months": 1,
                "roaming": {"data_gb": 1, "voice_min": 1, "destinations": 1}, "audience": "everyone", "notes": {"zh": "", "en": ""},
                "supplementary_cards": {"max": 2, "free": 1}, "state": "off", "seen": self.plan["updated_at"],
            }),
            "POST /api/v1/knowledge/synonyms" => json!({"lang": "en", "words": ["plan", "tariff"], "anyway": false}),
            "PATCH /api/v1/knowledge/synonyms/{id}" => json!({"words": ["bill", "statement"], "anyway": false, "seen": self.synonyms["updated_at"]}),
            "PUT /api/v1/knowledge/graph/{id}" => json!({
                "aliases": {"zh": ["甲"], "en": ["a"]}, "relations": [{"kind": "upgrade_of", "to": "spare"}], "faqs": [self.knowledge.entry["id"]], "seen": 0,
            }),
            "PUT /api/v1/knowledge/graph-units/{id}" => json!({"unit": "g", "seen": 0}),
            "POST /api/v1/goods-categories" => json!({"name": {"zh": "灯", "en": "Lamps"}}),
            "PATCH /api/v1/goods-categories/{id}" => json!({"name": {"zh": "伞", "en": "Umbrellas"}, "position": 0, "seen": self.categories["updated_at"]}),
            "PUT /api/v1/goods-currency" => json!({"currency": "SGD"}),
            "POST /api/v1/goods-imports/{id}/apply" => json!({"seen": self.import["seen"]}),
            "POST /api/v1/staff" => json!({
                "email": "newer@alpha.example", "name": "newer", "number": "0777", "role": "agent", "group": self.examples.made("/api/v1/groups")["id"], "queues": [self.queue["id"]], "capacity": 3,
            }),
            "PATCH /api/v1/staff/{id}" => json!({
                "name": "newer", "number": "0777", "role": "agent", "group": self.examples.made("/api/v1/groups")["id"], "capacity": 3, "queues": [], "disabled": false,
                "seen": self.member["updated_at"],
            }),
            "POST /api/v1/roles" => json!({"name": "newer", "about": "x", "grants": [{"permission": "desk", "reach": ["own", "queue"]}], "hides": ["phone"]}),
            "PATCH /api/v1/roles/{id}" => json!({
                "name": "newer", "about": "x", "grants": [{"permission": "panel", "reach": ["company"]}], "hides": [], "seen": self.role["updated_at"],
            }),
            "POST /api/v1/staff-invitations" => json!({
                "people": [{"email": "newest@alpha.example", "name": "newest", "role": "agent", "group": self.examples.made("/api/v1/groups")["id"]}], "lang": "en",
            }),
            "POST /api/v1/queues" => json!({"name": {"zh": "新", "en": "new"}, "everybody": true, "members": [], "hours": null}),
            "PATCH /api/v1/queues/{id}" => json!({
                "name": {"zh": "新", "en": "new"}, "everybody": true, "members": [], "hours": {"week": {}, "days": [], "answer_within_h": 4},
                "seen": self.queue["updated_at"],
            }),
            "POST /api/v1/conversation-transfers" => json!({"conversations": [self.conversation], "queue": self.queue["id"]}),
            "POST /api/v1/conversations/{id}/contacts/reveal" => json!({"kind": "phone"}),
            "POST /api/v1/conversations/{id}/numbers/reveal" => json!({"seq": 1}),
            "PATCH /api/v1/rating-comments/{id}" => json!({"episode": 1, "handled": true}),
            "PATCH /api/v1/left-messages/{id}" => json!({"owner": null, "handled": true}),
            "PATCH /api/v1/company" => json!({
                "name": {"zh": "新", "en": "new"}, "time_zone": "UTC", "brand": "#123456", "hours": null, "seen": self.company_seen(),
            }),
            "POST /api/v1/sites/{key}/sightings" => json!({"page": "https://shop.example/", "loader": 1}),
            "POST /api/v1/company/sites" => site("newer", &self.app),
            "POST /api/v1/company/sites/{id}/secrets" => json!({"public_key": null}),
            "PATCH /api/v1/company/sites/{id}" => {
                let mut change = site("newer", &self.app);
                change["state"] = json!("paused");
                change["seen"] = self.site["updated_at"].clone();
                change
            }
            "POST /api/v1/knowledge/entries" => entry("Another question"),
            "PATCH /api/v1/knowledge/entries/{id}" => {
                let mut change = entry("The same, changed once more");
                change["removed"] = json!(false);
                change["seen"] = self.knowledge.entry["updated_at"].clone();
                change
            }
            "POST /api/v1/knowledge/categories" => json!({"name": {"zh": "宽带", "en": "Broadband"}}),
            "PATCH /api/v1/knowledge/categories/{id}" => json!({"name": {"zh": "新", "en": "New"}, "seen": 1}),
            "POST /api/v1/knowledge/tests" => json!({"sentence": "another", "lang": "en", "expected": "no_answer"}),
            "PUT /api/v1/knowledge/tests/{id}" => json!({
                "sentence": "changed", "lang": "en", "expected": "human", "seen": self.knowledge.test["updated_at"],
            }),
            "POST /api/v1/knowledge/publish" => json!({"revision": self.knowledge.revision, "note": "x", "reason": "x"}),
            "POST /api/v1/knowledge/suspects/settle" => {
                json!({"entry": self.knowledge.entry["id"], "lang": "en", "text": "one", "settled": "keep", "to": null})
            }
            "POST /api/v1/knowledge/unanswered/settle" => json!({"asked": [], "settled": "dismissed", "entry": "kb-1"}),
            "PUT /api/v1/recommendations" => json!({"on": true, "off_sites": [], "seen": 0}),
            "PUT /api/v1/me/password" => json!({"old": "wrong", "password": "correct horse battery"}),
            "PUT /api/v1/me/state" => json!({"state": "available", "reason": "back"}),
            "POST /api/v1/widget/sessions" => json!({"site": "alpha", "device": null, "sealed": null, "lang": "en", "ticket": null}),
            "POST /api/v1/customer/registrations" => json!({
                "site": "alpha", "identifier": "eve@example.com", "password": "correct horse battery", "lang": "en", "proof": solve(&self.puzzle),
            }),
            "POST /api/v1/customer/registrations/confirm" | "POST /api/v1/customer/identifiers/confirm" => json!({"handle": "0", "code": "123456"}),
            "POST /api/v1/customer/sessions" => {
                json!({"site": "alpha", "identifier": "eve@example.com", "password": "long enough", "proof": solve(&self.puzzle)})
            }
            "POST /api/v1/customer/recoveries" => json!({"site": "alpha", "identifier": "ada@example.com", "lang": "en", "proof": solve(&self.puzzle)}),
            "POST /api/v1/customer/recoveries/inspect" => json!({"handle": "0"}),
            "POST /api/v1/customer/recoveries/redeem" => json!({"handle": "0", "code": "123456", "password": "correct horse battery"}),
            "PUT /api/v1/customer/password" => json!({"old": "wrong", "password": "correct horse battery"}),
            "PATCH /api/v1/customer" => json!({"name": "Ada", "lang": "en", "seen": self.own.customer["updated_at"]}),
            "POST /api/v1/customer/step-up" => json!({"via": "email"}),
            "POST /api/v1/customer/identifiers" => json!({"identifier": "13800138000", "handle": "0", "code": "123456"}),
            name => panic!("{name} takes a body: say here what fits"),
        }
    }

    /// When the company was last changed, which is when it was created.
    fn company_seen(&self) -> i64 {
        self.reply["updated_at"].as_i64().unwrap()
    }

    /// A client that the operation does not reject outright.
    pub fn welcome(&self, operation: &Operation) -> &Client {
        match operation.path.as_str() {
            _ if self.examples.has(operation) => &self.administrator,
            path if path.starts_with("/api/v1/widget/") => &self.visitor,
            path if path == "/api/v1/customer" || path.starts_with("/api/v1/customer/") => &self.customer,
            path if path.starts_with("/api/v1/operator/") => &self.operator,
            "/api/v1/staff/{id}/second-step" | "/api/v1/me/view" | "/api/v1/erasures/settings" | "/api/v1/erasures/{id}/confirm" => &self.administrator,
            // Only a company without any knowledge can begin with a template.
            "/api/v1/knowledge/templates" => &self.foreign,
            path if "webhooks events company labels consents dead-jobs audit roles address-rules sign-in-rules single-sign-on tokens retention"
                .split(' ')
                .any(|of| path["/api/v1/".len()..].starts_with(of)) =>
            {
                &self.administrator
            }
            _ => &self.manager,
        }
    }

    /// Sends a request as this client, with a valid body if the operation takes one.
    pub async fn ask(&self, who: &Client, operation: &Operation, path: &str) -> Answer {
        // The other company has none, so that nothing is asked of an identity provider.
        let asks_provider = operation.name() == "POST /api/v1/auth/single-sign-on";
        let request = if asks_provider { who.at_company("beta").request(operation.method.clone(), path) } else { who.request(operation.method.clone(), path) };
        let request = match (&operation.body, operation.takes_bytes) {
            (Some(_), _) => request.json(&self.body(operation)),
            (None, true) => request.header("content-type", "text/plain").body("hello"),
            (None, false) => request,
        };
        who.send(request).await
    }
}

/// Two products, and two categories, one of which is empty.
async fn shelf(app: &TestApp) {
    const FRAME: &str =
        r#"{"currency":"CNY","categories":[{"id":"phone","name":{"zh":"x","en":"x"}},{"id":"spare","name":{"zh":"y","en":"y"}}],"tag_names":{}}"#;
    let tenant = app.company.tenant;
    let goods = ["g-001", "g-002"].map(|id| Document { id: id.to_owned(), json: GOODS.replace("g-001", id) });
    let write = app.app().db().writer().write(db::Shard::Any, move |tx| {
        Box::pin(async move {
            store_hall::catalogue::put_frame(tx, tenant, FRAME).await?;
            store_hall::catalogue::put_goods(tx, tenant, 0, &goods).await?;
            store::TenantTx::new(tx, tenant, domain::journal::Actor::system()).announce(domain::entry::Changed::Catalogue).await
        })
    });
    write.await.unwrap();
}

const GOODS: &str = r#"{"id":"g-001","category":"phone","name":{"zh":"x","en":"x"},"price_fen":1,"stock":1,"illustration":"phone",
    "attributes":[{"key":"spare","label":{"zh":"重量","en":"Weight"},"value":{"zh":"180","en":"180"},"unit":""}]}"#;

/// A conversation of the customer, and another session of theirs.
async fn own(app: &TestApp, customer: &CustomerClient) -> Own {
    let me = customer.get("/api/v1/customer").await.expect(200);
    let conversation = app.widget_of(customer, None).await.open("hello").await;
    let session = app.session_beside(customer).await;
    Own { customer: me, conversation, session }
}

/// A site with every setting.
fn site(key: &str, app: &TestApp) -> Value {
    let both = |text: &str| json!({"zh": text, "en": text});
    json!({
        "key": key, "queue": app.company.queue.to_string(), "name": both("a"), "bot_name": both("b"), "greeting": both("c"), "privacy_note": both("d"),
        "brand": null, "side": "end", "questions": [], "origins": [], "asks_rating": true, "message_when_unstaffed": false, "offer_after_misses": 3, "help_lines": {"zh": "打 110", "en": "Call 112"},
    })
}

/// A key in the form of an id, so that what is tried with ids of other resources can be tried with it.
const CATEGORY: &str = "topic_00000000000000000000000000000000";

fn entry(question: &str) -> Value {
    let both = |text: &str| json!({"zh": text, "en": text});
    json!({
        "category": "plans", "question": both(question), "similar": {"zh": ["一"], "en": ["one"]}, "answer": both("An answer"), "related": [], "action": "human",
    })
}

/// Two published versions, the second of which is live; a draft with changes; and a check of the draft.
async fn knowledge(manager: &Client) -> Knowledge {
    let revision = async || manager.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
    let publish = async || manager.post("/api/v1/knowledge/publish", json!({"revision": revision().await})).await.expect(200);
    let made = manager.post("/api/v1/knowledge/entries", entry("A question")).await.expect(201);
    publish().await;
    let path = format!("/api/v1/knowledge/entries/{}", made["id"].as_str().unwrap());
    let made = manager.patch(&path, json!({"question": {"zh": "改", "en": "Changed"}, "seen": made["updated_at"]})).await.expect(200);
    publish().await;
    let changed = manager.patch(&path, json!({"question": {"zh": "再改", "en": "Changed again"}, "seen": made["updated_at"]})).await.expect(200);
    let test = manager.post("/api/v1/knowledge/tests", json!({"sentence": "a sentence", "lang": "en", "expected": "no_answer"})).await.expect(201);
    manager.post("/api/v1/knowledge/evaluations", json!({})).await.expect(202);
    eventually("the draft is checked", async || {
        let run = manager.get("/api/v1/knowledge").await.expect(200)["run"].clone();
        (run["state"] == "done").then_some(())
    })
    .await;
    Knowledge { entry: changed, test, revision: revision().await }
}
