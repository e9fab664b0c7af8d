//! `POST /api/v1/conversations/{id}/numbers/reveal`

use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, header},
};
use domain::{id::ConversationId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidJson, ValidPath},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use service::hidden_numbers;
use utoipa::ToSchema;

use super::led::{Led, knows_left};

/// What to reveal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealNumbers {
    /// The number of the message or note, among all entries of the conversation, whose body says `hidden_numbers`.
    pub seq: i64,
}

/// Words with their numbers in the clear, which nobody keeps.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevealedNumbers {
    /// The words as they were written.
    pub text: String,
}

/// Shows a message or a note as it was written, with the numbers that are hidden in it. The audit notes who asked, and for which one; never the numbers.
#[utoipa::path(post, path = "/conversations/{id}/numbers/reveal", tag = "conversations", security(("staff" = [])), params(("id" = ConversationId, Path)),
    request_body = RevealNumbers, responses((status = 200, body = RevealedNumbers), Problems))]
pub async fn reveal_numbers(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<ConversationId>,
    ValidJson(RevealNumbers { seq }): ValidJson<RevealNumbers>,
) -> Result<([(HeaderName, HeaderValue); 1], Json<RevealedNumbers>), Problem> {
    let held = actor.may(Permission::RevealNumbers)?;
    let (tenant, mut tx) = (actor.tenant(), app.db().snapshot_of(actor.tenant()).await?);
    let conversation = store::conversations::get(&mut tx, tenant, id).await?;
    let is_left = store::left_messages::of(&mut tx, tenant, id).await?.iter().any(|row| row.seq == seq);
    // Who serves the queue of a left message may read that message, too.
    let knows_left = is_left && knows_left(&mut tx, &actor.staff, id).await?;
    let permitted = held.over(&Led { conversation, knows_left })?;
    let text = hidden_numbers::reveal(&mut tx, &app.sealer(), tenant, id, seq).await?;
    drop(tx);
    let asked = serde_json::json!({"seq": seq}).to_string();
    // The line in the audit comes first: nothing is shown without it.
    permitted.of_upload(asked.as_bytes()).note(&app).await?;
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(RevealedNumbers { text })))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::{StaffClient, TestApp};
    use testkit_server::{Answer, Client};

    const CARD: &str = "4111 1111 1111 1111";
    const WORDS: &str = "my card 4111 1111 1111 1111 was charged twice";
    const SHORT: &str = "my card •••• 1111 was charged twice";

    async fn reveal(who: &StaffClient, conversation: &str, seq: &Value) -> Answer {
        who.post(&format!("/api/v1/conversations/{conversation}/numbers/reveal"), json!({"seq": seq})).await
    }

    async fn send(who: &Client, conversation: &str, body: Value) -> Value {
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::new_v4(), "body": body});
        who.post("/rt/send", json!({"token": who.token, "frames": [frame]})).await.expect(200)["frames"][0].clone()
    }

    async fn read(who: &Client, conversation: &str) -> Vec<Value> {
        let get = json!({"t": "get", "stream": conversation, "from": 1, "to": 99});
        who.post("/rt/send", json!({"token": who.token, "frames": [get]})).await.expect(200)["frames"][0]["entries"].as_array().cloned().unwrap_or_default()
    }

    /// The last entry with this text.
    async fn entry(who: &Client, conversation: &str, text: &str) -> Value {
        let entries = read(who, conversation).await;
        entries.iter().rev().find(|entry| entry["body"]["text"] == text).unwrap_or_else(|| panic!("{entries:?}")).clone()
    }

    #[tokio::test]
    async fn revealing_is_a_permission_and_a_line_in_the_audit_without_the_number() {
        let app = TestApp::new().await;
        let (tara, mira, ada) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await, app.agent("ada").await);
        let visitor = app.visitor().await;
        let conversation = visitor.open(WORDS).await;
        assert_eq!(entry(&visitor, &conversation, SHORT).await["body"]["hidden_numbers"], 1, "the customer sees that it is hidden");
        let said = entry(&mira, &conversation, SHORT).await;
        let answer = reveal(&mira, &conversation, &said["seq"]).await;
        assert_eq!(answer.expect(200), json!({"text": WORDS}));
        assert_eq!(answer.header("cache-control"), "no-store");
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        assert_eq!(send(&ada, &conversation, json!({"type": "take"})).await["t"], "ok");
        reveal(&ada, &conversation, &said["seq"]).await.problem(403, "not_permitted");
        // Who may reveal numbers, but not read the conversation, is refused as well.
        let noor = app
            .composed(&tara, &app.agent("noor").await, json!({"name": "noor", "grants": [{"permission": "numbers.reveal", "reach": ["company"]}], "hides": []}))
            .await;
        reveal(&noor, &conversation, &said["seq"]).await.problem(403, "not_permitted");
        let lines = eventually("the refused tries are in the audit", async || {
            let all = tara.get("/api/v1/audit").await.expect(200)["items"].clone();
            let of = |line: &&Value| line["operation"] == "POST /api/v1/conversations/{id}/numbers/reveal";
            let lines: Vec<Value> = all.as_array().unwrap().iter().filter(of).cloned().collect();
            (lines.len() == 3).then_some(lines)
        });
        let lines = lines.await;
        let done = lines.iter().find(|line| !line["refused"].is_object()).unwrap();
        assert_eq!((&done["by"]["name"], &done["object"], &done["request"]), (&json!("mira"), &json!(conversation), &json!({"seq": said["seq"]})));
        assert!(!json!(lines).to_string().contains("4111"));
    }

    #[tokio::test]
    async fn nothing_is_revealed_of_what_has_no_number_or_belongs_to_others() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "text", "text": WORDS})).await;
        let (hello, said) = (entry(&mira, &conversation, "hello").await, entry(&mira, &conversation, SHORT).await);
        for seq in [&hello["seq"], &json!(999), &json!(-1)] {
            reveal(&mira, &conversation, seq).await.problem(404, "not_found");
        }
        reveal(&mira, &conversation, &json!("one")).await.problem_at(422, "invalid_value", "seq");
        let other = app.visitor().await.open("hello").await;
        reveal(&mira, &other, &said["seq"]).await.problem(404, "not_found");
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        reveal(&bob, &conversation, &said["seq"]).await.problem(404, "not_found");
        reveal(&mira, &conversation, &said["seq"]).await.expect(200);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_the_staff_write_is_hidden_too_and_follows_corrections_and_is_gone_with_the_words() {
        let app = TestApp::new().await;
        let (mira, ada, visitor) = (app.manager("mira").await, app.agent("ada").await, app.visitor().await);
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        for body in [json!({"type": "take"}), json!({"type": "text", "text": WORDS}), json!({"type": "note", "text": "identity 340123199001011238"})] {
            assert_eq!(send(&ada, &conversation, body).await["t"], "ok");
        }
        let (said, note) = (entry(&ada, &conversation, SHORT).await, entry(&ada, &conversation, "identity 3••••8").await);
        assert_eq!(reveal(&mira, &conversation, &note["seq"]).await.expect(200)["text"], "identity 340123199001011238");
        let other = json!({"type": "correct", "of": said["seq"], "text": "I mean 5555 5555 5555 4444"});
        assert_eq!(send(&ada, &conversation, other).await["t"], "ok");
        let now = entry(&ada, &conversation, "I mean •••• 4444").await;
        assert_eq!((&now["kind"], &now["body"]["hidden_numbers"], &now["body"]["before"]), (&json!("corrected"), &json!(1), &json!(SHORT)));
        assert_eq!(reveal(&mira, &conversation, &said["seq"]).await.expect(200)["text"], "I mean 5555 5555 5555 4444");
        assert_eq!(send(&ada, &conversation, json!({"type": "correct", "of": said["seq"], "text": "never mind"})).await["t"], "ok");
        reveal(&mira, &conversation, &said["seq"]).await.problem(404, "not_found");
        let first = read(&visitor, &conversation).await.into_iter().find(|entry| entry["body"]["text"] == "never mind").unwrap();
        assert_eq!(first["body"]["hidden_numbers"], json!(null));
        assert_eq!(send(&ada, &conversation, json!({"type": "recall", "of": note["seq"]})).await["t"], "ok");
        reveal(&mira, &conversation, &note["seq"]).await.problem(404, "not_found");
        for who in [&*mira, &*ada] {
            assert!(!json!(read(who, &conversation).await).to_string().contains(CARD));
        }
    }

    #[tokio::test]
    async fn a_send_is_repeated_and_gets_the_same_number() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        let conversation = visitor.open("hello").await;
        let frame = |text: &str| json!({"t": "send", "conversation": conversation, "client_id": "0198f6f4-7c1a-7000-8000-00000000c0de", "body": {"type": "text", "text": text}});
        let say = async |text: &str| visitor.post("/rt/send", json!({"token": visitor.token, "frames": [frame(text)]})).await.expect(200)["frames"][0].clone();
        let first = say(WORDS).await;
        assert_eq!((&first["t"], &say(WORDS).await), (&json!("ok"), &first));
        assert_eq!(say("my card 5555 5555 5555 4444 was charged twice").await["code"], "client_id_reused");
        let entries = read(&mira, &conversation).await;
        assert_eq!(entries.iter().filter(|entry| entry["body"]["text"] == SHORT).count(), 1);
    }
}
