//! What stands in the house of the matrix and takes more than one request to get there.

use connect::table::webhook_deliveries::{Attempt, Delivery};
use desk::jobs::answer_as_bot::TOGETHER_MS;
use domain::{
    announcement::Announcement,
    id::{AgentId, ConversationId, DeliveryId, PasskeyId},
    label::{Label, LabelColour},
    macros::{Macro, MacroAct},
    question_kind::QuestionKind,
    routing::skill::Skill,
    time::Ts,
    visitor_block::VisitorBlock,
    webhook::DeliveryState,
};
use machines::webhook_queue::Verdict;
use serde_json::{Value, json};
use store::passkeys::Passkey;
use testkit::eventually;
use testkit_app::{TestApp, VisitorClient};
use testkit_server::{Client, Realtime};

/// A delivery that has been given up.
pub(super) async fn dead_letter(app: &TestApp, webhook: &Value) -> String {
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
            connect::table::webhook_deliveries::insert(tx, tenant, std::slice::from_ref(&delivery)).await?;
            connect::table::webhook_deliveries::record(tx, tenant, &delivery, Verdict::Dead, Some(&attempt)).await
        })
    });
    write.await.unwrap();
    id.to_string()
}

/// A label; and a conversation in which the visitor sends a file.
pub(super) async fn chat(app: &TestApp, visitor: &VisitorClient, file: &Value) -> String {
    label(app).await;
    let mut chat = Realtime::connect(app).await;
    chat.send(&json!({"t": "hello", "version": 1, "token": visitor.session["token"], "cursors": {}})).await;
    chat.until("welcome").await;
    let conversation = ConversationId::new(app.env().uuid()).to_string();
    let (client_id, body) = (app.env().uuid().to_string(), json!({"type": "file", "file": file}));
    chat.send(&json!({"t": "send", "conversation": conversation, "client_id": client_id, "body": body, "open": {"lang": "en"}})).await;
    chat.until("ok").await;
    // The bot waits for more files.
    app.clock.advance(TOGETHER_MS);
    conversation
}

/// A passkey's answer to a challenge that was never made.
pub(super) fn assertion() -> Value {
    json!({"token": "0", "id": "AAAA", "client_data": "AAAA", "authenticator_data": "AAAA", "signature": "AAAA"})
}

/// Two-step verification and a passkey of a member, as the record has them; returns the passkey's id.
pub(super) async fn second_step(app: &TestApp, agent: AgentId) -> String {
    let (tenant, id, now) = (app.company.tenant, PasskeyId::new(app.env().uuid()), app.env().now());
    let passkey = Passkey { id, tenant, agent, credential_id: vec![1], credential: "{}".to_owned(), name: "Phone".to_owned(), created_at: now, used_at: None };
    let write = app.app().db().writer().write(db::Shard::Any, move |tx| {
        Box::pin(async move {
            store::second_steps::begin(tx, tenant, agent, b"secret").await?;
            store::second_steps::confirm(tx, tenant, agent, b"secret", 1).await?;
            store::passkeys::insert(tx, tenant, &passkey).await
        })
    });
    write.await.unwrap();
    id.to_string()
}

/// A connection to an identity provider at which nobody answers.
pub(super) fn single_sign_on(seen: &Value) -> Value {
    json!({
        "issuer": "http://127.0.0.1:9", "client_id": "yingda", "client_secret": "sesame", "domains": ["alpha.example"], "groups_claim": "groups",
        "roles": [{"group": "desk", "role": "agent"}], "role_otherwise": null, "creates": false, "required": false, "seen": seen,
    })
}

/// An erasure that waits for a second person, and one that is done.
pub(super) async fn erasures(app: &TestApp, manager: &Client, administrator: &Client) -> [String; 2] {
    let conversation = app.visitor().await.open("spare").await;
    let ask = async |of: Value| manager.post("/api/v1/erasures", of).await.expect(201)["id"].as_str().unwrap().to_owned();
    let done = ask(json!({"kind": "message", "id": conversation, "seq": 2, "reason": "mistake"})).await;
    eventually("the message is erased", async || {
        let all = manager.get("/api/v1/erasures").await.expect(200);
        (all["items"][0]["state"] == "done").then_some(())
    })
    .await;
    administrator.put("/api/v1/erasures/settings", json!({"four_eyes": true})).await.expect(200);
    [ask(json!({"kind": "conversation", "id": conversation, "reason": "asked"})).await, done]
}

/// A picture of three by two pixels.
pub(super) fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(3, 2).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The installation's operator, and the secret of another link of theirs.
pub(super) async fn operator(app: &TestApp) -> (Client, String) {
    let link = async || operator::link::make(app.app()).await.unwrap().url.split_once('#').unwrap().1.to_owned();
    let begun = app.post("/api/v1/operator/sessions", json!({"token": link().await})).await;
    begun.expect(201);
    (app.with_operator(begun.header("set-cookie").split(['=', ';']).nth(1).unwrap()), link().await)
}

/// A valid body for what the operator does.
pub(super) fn of_operator(name: &str, link: &str) -> Value {
    if name.ends_with("/limits") {
        json!({"seats": 100})
    } else if name.ends_with("/suspension") {
        json!({"suspended": true})
    } else {
        json!({"token": link})
    }
}

/// Whether it is about what people allow to be stored about them, labels, or notes that call somebody.
pub(super) fn is_of_consents(name: &str) -> bool {
    [
        "/consents",
        "/consents/settings",
        "/widget/page",
        "/widget/recommendations",
        "/widget/views",
        "/labels",
        "/labels/{id}",
        "/mentions/seen",
        "/staff-announcements",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

/// A valid body for that.
pub(super) fn of_consents(name: &str) -> Value {
    if name.ends_with("/staff-announcements") {
        json!({"title": "New tariffs today", "text": "See page 3.", "group": null})
    } else if name.ends_with("/mentions/seen") {
        json!({"conversation": "cnv_00000000000000000000000000000001"})
    } else if name.ends_with("/labels/{id}") {
        json!({"name": {"zh": "改", "en": "changed"}, "colour": "warn", "archived": true, "seen": 1})
    } else if name.ends_with("}/labels") {
        json!({"labels": [LABEL]})
    } else if name.ends_with("/labels") {
        json!({"name": {"zh": "新", "en": "new"}, "colour": "hot"})
    } else if name.ends_with("/settings") {
        json!({"pages": false, "profile": true})
    } else if name.ends_with("/page") {
        json!({"title": "Shop", "url": "https://shop.example/"})
    } else if name.ends_with("/recommendations") {
        json!({"wanted": true})
    } else if name.ends_with("/views") {
        json!({"kind": "product", "id": "g-001"})
    } else {
        json!({"answers": [{"purpose": "pages", "granted": true}], "wording": 1, "place": "hall"})
    }
}

/// Whether it is about what supervisors do and decide, about skills, kinds of question, macros and practice, or about blocking somebody.
pub(super) fn is_of_floor(name: &str) -> bool {
    [
        "/interventions",
        "/floor/settings",
        "/staff/{id}/state",
        "/skills",
        "/skills/{id}",
        "/question-kinds",
        "/question-kinds/{id}",
        "/macros",
        "/macros/{id}",
        "/block",
        "/begin",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

/// A valid body for that.
pub(super) fn of_floor(name: &str) -> Value {
    if name.ends_with("/interventions") {
        json!({"mode": "listen"})
    } else if name.ends_with("/skills") {
        json!({"name": {"zh": "新", "en": "new"}, "needs": [{"language": "en", "level": 2}]})
    } else if name.ends_with("/skills/{id}") {
        json!({"name": {"zh": "改", "en": "changed"}, "members": [], "needs": [], "seen": 1})
    } else if name.ends_with("/macros") {
        json!({"name": {"zh": "新", "en": "new"}, "own": false, "acts": [{"type": "note", "text": "x"}, {"type": "resolve"}]})
    } else if name.ends_with("/macros/{id}") {
        json!({"name": {"zh": "改", "en": "changed"}, "acts": [{"type": "resolve"}], "seen": 1})
    } else if name.ends_with("/question-kinds") {
        json!({"name": {"zh": "新", "en": "new"}, "details": [{"label": {"zh": "订单号", "en": "Order"}, "required": true}]})
    } else if name.ends_with("/question-kinds/{id}") {
        json!({"name": {"zh": "改", "en": "changed"}, "queue": null, "details": [], "archived": true, "seen": 1})
    } else if name.ends_with("/block") {
        json!({"reason": "insults", "until": null})
    } else if name.ends_with("/begin") {
        json!({"lang": "en"})
    } else if name.ends_with("/state") {
        json!({"state": "busy", "reason": "reports"})
    } else {
        json!({"tells_of_listening": false, "slow_reply": {"after_s": 60, "level": "urgent"}, "long_wait": {"after_s": null, "level": "notice"},
               "quiet": null, "break_reasons": [{"zh": "用餐", "en": "Lunch"}], "seen": 0})
    }
}

/// A tile with every setting.
pub(super) fn tile() -> Value {
    json!({"indicator": "dialogue", "form": "line", "range": "days_7", "split": "lang", "part": "en", "wide": true})
}

/// The key of an indicator, of an exercise, or of a site, by the path of an operation about it.
pub(super) fn key_in(path: &str) -> &'static str {
    match path {
        path if path.contains("/metrics/") => "dialogue",
        path if path.contains("/practice-exercises/") => "bill",
        _ => "alpha",
    }
}

/// The id of what nobody uses, by the path of an operation about such a thing.
pub(super) fn spare(path: &str) -> Option<&'static str> {
    let all = [
        ("/labels/", LABEL),
        ("/skills/", SKILL),
        ("/lessons/", "tour:agent"),
        ("/staff-announcements/", ANNOUNCEMENT),
        ("/question-kinds/", QUESTION),
        ("/macros/", MACRO),
        ("/visitor-blocks/", BLOCKED),
    ];
    all.into_iter().find(|(part, _)| path.contains(part)).map(|(_, id)| id)
}

const LABEL: &str = "lbl_00000000000000000000000000000001";
const SKILL: &str = "skl_00000000000000000000000000000001";
const ANNOUNCEMENT: &str = "ann_00000000000000000000000000000001";
const QUESTION: &str = "qkd_00000000000000000000000000000001";
const MACRO: &str = "mcr_00000000000000000000000000000001";

/// A visitor who is blocked, and does nothing else.
const BLOCKED: &str = "vst_00000000000000000000000000000001";

/// A label that no conversation has, a skill that nobody has, an announcement to everybody, a kind of question that no site asks for, a macro, and a visitor who is blocked.
async fn label(app: &TestApp) {
    let tenant = app.company.tenant;
    let (id, name) = (LABEL.parse().unwrap(), testkit::company::both("Spare"));
    let label = Label { id, tenant, name, colour: LabelColour::Plain, archived_at: None, updated_at: Ts(1) };
    let skill = Skill { id: SKILL.parse().unwrap(), name: testkit::company::both("Spare"), updated_at: Ts(1) };
    let block = VisitorBlock {
        visitor: BLOCKED.parse().unwrap(),
        conversation: ConversationId::new(app.env().uuid()),
        reason: "insults".to_owned(),
        by: AgentId::new(app.env().uuid()),
        at: Ts(1),
        until: None,
    };
    let (of_announcement, by, title) = (ANNOUNCEMENT.parse().unwrap(), AgentId::new(uuid::Uuid::nil()), "Hello".to_owned());
    let announcement = Announcement { id: of_announcement, title, text: String::new(), group: None, by, at: Ts(1) };
    let spare_macro =
        Macro { id: MACRO.parse().unwrap(), owner: None, name: testkit::company::both("Spare"), acts: vec![MacroAct::Resolve {}], updated_at: Ts(1) };
    let name = testkit::company::both("Spare");
    let question = QuestionKind { id: QUESTION.parse().unwrap(), name, queue: None, details: Vec::new(), archived_at: None, updated_at: Ts(1) };
    let write = app.app().db().writer().write(db::Shard::Any, move |tx| {
        Box::pin(async move {
            store::question_kinds::insert(tx, tenant, &question).await?;
            store_desk::macros::insert(tx, tenant, &spare_macro).await?;
            store::announcements::insert(tx, tenant, &announcement).await?;
            store::visitor_blocks::put(tx, tenant, &block).await?;
            store::skills::insert(tx, tenant, &skill).await?;
            store_desk::labels::insert(tx, tenant, &label).await
        })
    });
    write.await.unwrap();
}
