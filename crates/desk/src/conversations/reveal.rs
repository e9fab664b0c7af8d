//! `POST /api/v1/conversations/{id}/contacts/reveal`

use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, header},
};
use domain::{
    contact::CustomerContact,
    id::ConversationId,
    policy::{self, Contact, Permission},
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidJson, ValidPath},
    problem::{Problem, Problems},
};
use realtime::view;
use serde::{Deserialize, Serialize};
use service::{company_key, leave_message::contact_of};
use utoipa::ToSchema;
use wire::conversation::ContactSource;

use super::led::{Led, knows_left};

/// What to reveal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealContacts {
    /// The kind of contact.
    pub kind: Contact,
}

/// Contacts in the clear, which nobody keeps.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevealedContacts {
    /// The contacts of this kind that are known of the customer, or were left in the conversation; at least one.
    pub contacts: Vec<RevealedContact>,
}

/// A contact in the clear.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevealedContact {
    /// Where it comes from.
    pub from: ContactSource,
    /// The number of the entry with which it was left; `null` if it was not left with a message.
    #[schema(required)]
    pub seq: Option<i64>,
    /// The number or address.
    pub text: String,
}

/// Shows the contacts of one kind in the clear. The audit notes who asked, of which customer and for which kind; never the contacts.
#[utoipa::path(post, path = "/conversations/{id}/contacts/reveal", tag = "conversations", security(("staff" = [])), params(("id" = ConversationId, Path)),
    request_body = RevealContacts, responses((status = 200, body = RevealedContacts), Problems))]
pub async fn reveal_contacts(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<ConversationId>,
    ValidJson(RevealContacts { kind }): ValidJson<RevealContacts>,
) -> Result<([(HeaderName, HeaderValue); 1], Json<RevealedContacts>), Problem> {
    let held = actor.may(Permission::RevealContacts)?;
    let (tenant, mut tx) = (actor.tenant(), app.db().snapshot_of(actor.tenant()).await?);
    let conversation = store::conversations::get(&mut tx, tenant, id).await?;
    let knows_left = knows_left(&mut tx, &actor.staff, id).await?;
    let led = Led { conversation, knows_left };
    let permitted = held.over(&led)?;
    let row = store_desk::lists::one(&mut tx, tenant, id).await?.filter(|_| policy::may_read(&actor.staff, &led.conversation));
    let mut known: Vec<(ContactSource, Option<i64>, CustomerContact)> = Vec::new();
    if let Some(row) = &row {
        known.extend(view::contacts(&mut tx, &app.vault(), tenant, row).await?.into_iter().map(|(from, contact)| (from, None, contact)));
    }
    let left = store::left_messages::of(&mut tx, tenant, id).await?;
    let key = company_key::find(&mut tx, &app.sealer(), tenant).await?;
    drop(tx);
    known.extend(left.iter().filter_map(|row| Some((ContactSource::LeftMessage, Some(row.seq), contact_of(row, key.as_ref())?))));
    known.retain(|(.., contact)| contact.kind() == kind);
    if known.is_empty() {
        return Err(Problem::not_found());
    }
    let about = row.and_then(|row| row.customer_id).map(domain::id::CustomerId::new);
    let about = about.map_or_else(|| led.conversation.visitor.to_string(), |customer| customer.to_string());
    let asked = serde_json::json!({"kind": kind}).to_string();
    // The line in the audit comes first: nothing is shown without it.
    permitted.making(&about).of_upload(asked.as_bytes()).note(&app).await?;
    let contacts = known.into_iter().map(|(from, seq, contact)| RevealedContact { from, seq, text: contact.clear_text() }).collect();
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(RevealedContacts { contacts })))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::{StaffClient, TestApp, VisitorClient};
    use testkit_server::{Client, Realtime};

    const NUMBER: &str = "13812340007";
    const ADDRESS: &str = "li.lei@secret.example";
    const CHAT: &str = "WeChat lily_4711";

    /// A member whose role is composed of these permissions over the whole company, and hides these contacts.
    async fn member(app: &TestApp, name: &str, permissions: &[&str], hides: &[&str]) -> StaffClient {
        let tara = app.staff(Role::Administrator, &format!("tara-{name}")).await;
        let grants: Vec<Value> = permissions.iter().map(|one| json!({"permission": one, "reach": ["company"]})).collect();
        app.composed(&tara, &app.agent(name).await, json!({"name": name, "grants": grants, "hides": hides})).await
    }

    /// A customer who signs in with a number, and leaves an address, and how else they can be reached.
    async fn customer(app: &TestApp) -> (VisitorClient, String) {
        let chat = app.widget_of(&app.known_customer(NUMBER).await, None).await;
        let conversation = chat.open("hello").await;
        leave(&chat, &conversation, ADDRESS).await;
        leave(&chat, &conversation, CHAT).await;
        (chat, conversation)
    }

    async fn leave(chat: &VisitorClient, conversation: &str, contact: &str) {
        let left = chat.say(conversation, false, json!({"type": "leave_message", "text": "call me", "contact": contact})).await;
        assert_eq!(left["t"], "ok", "{left}");
    }

    fn shows(told: &impl ToString) -> Vec<&'static str> {
        let told = told.to_string();
        [NUMBER, ADDRESS, CHAT].into_iter().filter(|contact| told.contains(contact)).collect()
    }

    /// Everything that a connection is sent of a conversation until this number of messages was left in it: from memory, from the record, and an older page.
    async fn frames(who: &Client, conversation: &str, from: Value) -> String {
        let mut desk = Realtime::connect(who).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {(conversation): from}, "lists": ["mine", "queue"]})).await;
        let mut told = String::new();
        loop {
            let text = desk.next().await.expect("a frame").to_string();
            told += &text;
            if text.contains("left_message") {
                break;
            }
        }
        desk.send(&json!({"t": "get", "stream": conversation, "from": 1, "to": 50})).await;
        told + &desk.until("page").await.to_string()
    }

    #[tokio::test]
    async fn what_a_role_hides_is_in_no_body_and_no_frame() {
        let app = TestApp::new().await;
        let (chat, conversation) = customer(&app).await;
        let everything = ["desk", "conversations.read", "panel", "integrations", "goods.asked", "audit", "contacts.reveal"];
        let eve = member(&app, "eve", &everything, &["phone", "email"]).await;
        let ada = member(&app, "ada", &everything, &[]).await;
        let paths = [
            "conversations?list=queue",
            "conversations?list=mine",
            &format!("conversations/{conversation}"),
            "left-messages",
            "alerts",
            "panel/bot/conversations?window=today",
            "panel/dialogue/conversations?window=today",
            "events?bodies=true&limit=500",
            "audit",
        ];
        for path in paths {
            let body = eve.get(&format!("/api/v1/{path}")).await.expect(200);
            assert_eq!(shows(&body), [""; 0], "{path}: {body}");
        }
        let left = eve.get("/api/v1/left-messages").await.expect(200)["items"].clone();
        assert_eq!((&left[0]["contact"], &left[0]["contact_masked"]), (&json!("l***@secret.example"), &json!("email")));
        assert_eq!((&left[1]["contact"], &left[1]["contact_masked"]), (&json!("•••"), &json!("address")));
        let opened = eve.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
        assert_eq!(opened["visitor"]["contacts"], json!([{"kind": "phone", "from": "account", "masked": "138****0007"}]));
        for from in [json!(0), json!(null)] {
            let told = frames(&eve, &conversation, from).await;
            assert_eq!(shows(&told), [""; 0], "{told}");
            assert!(told.contains("l***@secret.example"), "{told}");
        }
        let tended =
            eve.patch(&format!("/api/v1/left-messages/{conversation}"), json!({"owner": eve.get("/api/v1/me").await.expect(200)["agent"]})).await.expect(200);
        assert_eq!(shows(&tended), [""; 0]);
        // Who hides nothing sees in the list what the customer wrote. Entries have it masked for everybody, like what customers sign in with.
        assert_eq!(shows(&ada.get("/api/v1/left-messages").await.expect(200)), [ADDRESS, CHAT]);
        let told = frames(&ada, &conversation, json!(0)).await;
        assert_eq!((shows(&told), told.contains("l***@secret.example")), (vec![], true), "{told}");
        let mut desks = [Realtime::connect(&eve).await, Realtime::connect(&ada).await];
        for desk in &mut desks {
            desk.send(&json!({"t": "hello", "version": 1, "cursors": {(&conversation): null}})).await;
            desk.until("reset").await;
        }
        leave(&chat, &conversation, "zhao@secret.example").await;
        for mut desk in desks {
            let entries = desk.find("the message", |frame| frame["t"] == "entries" && frame.to_string().contains("left_message")).await;
            assert!(entries.to_string().contains(r#""contact":"z***@secret.example","contact_masked":"email""#), "{entries}");
        }
    }

    #[tokio::test]
    async fn revealing_is_a_permission_and_a_line_in_the_audit_without_the_contact() {
        let app = TestApp::new().await;
        let (_, conversation) = customer(&app).await;
        let path = format!("/api/v1/conversations/{conversation}/contacts/reveal");
        let eve = member(&app, "eve", &["desk", "contacts.reveal"], &["phone", "email", "address"]).await;
        let answer = eve.post(&path, json!({"kind": "phone"})).await;
        assert_eq!(answer.expect(200)["contacts"], json!([{"from": "account", "seq": null, "text": format!("+86{NUMBER}")}]));
        assert_eq!(answer.header("cache-control"), "no-store");
        let left = eve.get("/api/v1/left-messages").await.expect(200)["items"].clone();
        for (at, kind, text) in [(0, "email", ADDRESS), (1, "address", CHAT)] {
            let shown = eve.post(&path, json!({"kind": kind})).await.expect(200)["contacts"].clone();
            assert_eq!(shown, json!([{"from": "left_message", "seq": left[at]["seq"], "text": text}]));
        }
        let noor = member(&app, "noor", &["desk"], &["phone"]).await;
        noor.post(&path, json!({"kind": "phone"})).await.problem(403, "not_permitted");
        let rosa = member(&app, "rosa", &["contacts.reveal"], &["phone"]).await;
        rosa.post(&path, json!({"kind": "phone"})).await.problem(403, "not_permitted");
        eve.post(&path, json!({"kind": "scent"})).await.problem_at(422, "invalid_value", "kind");
        let tara = app.staff(Role::Administrator, "tara").await;
        let lines = eventually("the refused tries are in the audit", async || {
            let all = tara.get("/api/v1/audit").await.expect(200)["items"].clone();
            let of = |line: &&Value| line["operation"] == "POST /api/v1/conversations/{id}/contacts/reveal";
            let lines: Vec<Value> = all.as_array().unwrap().iter().filter(of).cloned().collect();
            (lines.len() == 5).then_some(lines)
        })
        .await;
        let (refused, done): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line["refused"].is_object());
        assert_eq!(refused.len(), 2);
        let kinds: Vec<_> = done.iter().rev().map(|line| (line["by"]["name"].clone(), line["request"].clone())).collect();
        assert_eq!(kinds, ["phone", "email", "address"].map(|kind| (json!("eve"), json!({"kind": kind}))));
        assert_eq!(done[0]["object"], eve.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200)["visitor"]["account"]["id"]);
        assert_eq!(shows(&json!(lines)), [""; 0]);
    }

    #[tokio::test]
    async fn nothing_is_revealed_of_what_is_not_known_or_belongs_to_others() {
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        let path = format!("/api/v1/conversations/{conversation}/contacts/reveal");
        let mira = app.manager("mira").await;
        mira.post(&path, json!({"kind": "phone"})).await.problem(404, "not_found");
        // The bot has it: an agent may not read it.
        app.agent("ada").await.post(&path, json!({"kind": "phone"})).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.post(&path, json!({"kind": "phone"})).await.problem(404, "not_found");
        // A left message that was handled is known to who serves its queue, and the customer's account is not.
        let (chat, conversation) = customer(&app).await;
        let (ada, path) = (app.agent("eda").await, format!("/api/v1/conversations/{conversation}/contacts/reveal"));
        ada.patch(&format!("/api/v1/left-messages/{conversation}"), json!({"handled": true})).await.expect(200);
        drop(chat);
        ada.post(&path, json!({"kind": "phone"})).await.problem(404, "not_found");
        assert_eq!(ada.post(&path, json!({"kind": "email"})).await.expect(200)["contacts"][0]["text"], ADDRESS);
    }
}
