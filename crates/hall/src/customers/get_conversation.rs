//! `GET /api/v1/customer/conversations/{id}`: returns what was said, as far as it was meant for the customer.

use axum::{Json, extract::State};
use db::journal;
use domain::{
    id::ConversationId,
    journal::View,
    refusal::Code,
    stream::{StreamKind, StreamName},
};
use http_kit::{
    App,
    auth::CustomerActor,
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};
use wire::{
    encode::{self, Reader},
    entries::Entry,
};

/// Entries per page.
const PAGE: i64 = 200;

/// Where to continue.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GetOwnConversation {
    /// The last number that is already known; 0 for the beginning.
    #[serde(default)]
    #[param(default = 0, minimum = 0)]
    pub after: i64,
}

/// A page of a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnTranscript {
    /// Entries in the form that customers receive, oldest first.
    #[schema(value_type = Vec<Entry>)]
    pub items: Vec<Box<RawValue>>,
    /// The number after which to continue; `null` on the last page.
    #[schema(required)]
    pub next: Option<i64>,
}

/// Returns what was said in one of the customer's own conversations.
///
/// Notes and other entries for staff are not included.
#[utoipa::path(get, path = "/customer/conversations/{id}", tag = "customers", security(("customer" = [])), params(("id" = ConversationId, Path), GetOwnConversation),
    responses((status = 200, body = OwnTranscript), Problems))]
pub async fn get_own_conversation(
    State(app): State<App>,
    actor: CustomerActor,
    ValidPath(id): ValidPath<ConversationId>,
    ValidQuery(GetOwnConversation { after }): ValidQuery<GetOwnConversation>,
) -> Result<Json<OwnTranscript>, Problem> {
    if after < 0 {
        return Err(Problem::invalid("after", Code::InvalidValue, "give the number of an entry, or 0 for the beginning"));
    }
    let mut tx = app.db().snapshot_of(actor.tenant).await?;
    actor.require_own(&mut tx, id).await?;
    let stream = StreamName { kind: StreamKind::Conversation, id: id.uuid() };
    let entries = journal::page(&mut tx, actor.tenant, stream, View::Customer, after, PAGE).await?;
    let next = entries.last().filter(|_| entries.len() as i64 == PAGE).and_then(|last| last.pseq);
    let texts = entries.iter().filter_map(|entry| encode::entry(entry, Reader::Customer));
    let items = texts.map(RawValue::from_string).collect::<Result<_, _>>().map_err(|error| Problem::internal(&error))?;
    Ok(Json(OwnTranscript { items, next }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    #[tokio::test]
    async fn what_was_said_is_read_again_without_what_the_staff_noted() {
        let app = TestApp::new().await;
        let (ada, mira) = (app.customer("ada@example.com").await, app.manager("mira").await);
        let chat = app.widget_of(&ada, None).await;
        let conversation = chat.open("where is my order").await;
        chat.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        let mut desk = testkit_server::Realtime::connect(&mira).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
        desk.until("welcome").await;
        for (n, body) in
            [json!({"type": "take"}), json!({"type": "note", "text": "secret"}), json!({"type": "text", "text": "on its way"})].into_iter().enumerate()
        {
            desk.send(&json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::from_u128(n as u128 + 1), "body": body})).await;
            desk.until("ok").await;
        }
        let read = ada.get(&format!("/api/v1/customer/conversations/{conversation}")).await.expect(200);
        assert!(!read.to_string().contains("secret"), "{read}");
        let said: Vec<&Value> =
            read["items"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "message").map(|entry| &entry["body"]["text"]).collect();
        assert!(said.contains(&&json!("where is my order")) && said.contains(&&json!("on its way")), "{read}");
        let numbers: Vec<i64> = read["items"].as_array().unwrap().iter().map(|entry| entry["seq"].as_i64().unwrap()).collect();
        assert_eq!(numbers, (1..=numbers.len() as i64).collect::<Vec<_>>());
        let rest = ada.get(&format!("/api/v1/customer/conversations/{conversation}?after=2")).await.expect(200);
        assert_eq!(rest["items"][0]["seq"], 3);
        ada.get(&format!("/api/v1/customer/conversations/{conversation}?after=-1")).await.problem_at(422, "invalid_value", "after");
        ada.get(&format!("/api/v1/customer/conversations/{conversation}?after={}", u64::MAX)).await.problem_at(422, "invalid_value", "after");
        let beyond = ada.get(&format!("/api/v1/customer/conversations/{conversation}?after={}", i64::MAX)).await.expect(200);
        assert_eq!(beyond["items"], json!([]));
    }

    #[tokio::test]
    async fn somebody_elses_conversation_is_not_found_whatever_id_is_guessed() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.customer("ada@example.com").await, app.customer("eve@example.com").await);
        let (chat, anonymous) = (app.widget_of(&ada, None).await, app.visitor().await);
        for conversation in [chat.open("mine").await, anonymous.open("nobody's").await] {
            eve.get(&format!("/api/v1/customer/conversations/{conversation}")).await.problem(404, "not_found");
        }
        eve.get("/api/v1/customer/conversations/cnv_00000000000000000000000000000001").await.problem(404, "not_found");
    }
}
