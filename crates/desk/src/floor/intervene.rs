//! `POST /api/v1/conversations/{id}/interventions`

use axum::extract::State;
use domain::{
    floor::MAX_REASON_CHARS,
    id::{AgentId, ConversationId},
    policy::OverPeople,
    refusal::Code,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use service::intervene::{self as floor, Wanted};
use utoipa::ToSchema;

/// What a supervisor wants to do in a conversation of an agent. Whispering is sent over the real-time protocol.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InterventionWanted {
    /// To read along. The audit notes it, and the agent sees it if the company decided so.
    Listen,
    /// To speak as well: the customer sees who joins, and the agent stays.
    Join,
    /// To speak no longer.
    Leave,
    /// To have the conversation instead of the agent.
    TakeOver,
}

/// An intervention.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIntervention {
    /// What to do.
    pub mode: InterventionWanted,
    /// To take over: the agent whom the supervisor saw with the conversation. If somebody else has it by now, the request is refused.
    #[serde(default)]
    pub seen: Option<AgentId>,
    /// To take over: why, at most 80 characters; the agent reads it.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Listens to a conversation of an agent, joins it, leaves it, or takes it over.
///
/// This takes the permission to follow that agent and, except for listening, to serve the conversation.
#[utoipa::path(post, path = "/conversations/{id}/interventions", tag = "floor", security(("staff" = [])),
    params(("id" = ConversationId, Path), OnceHeader), request_body = NewIntervention,
    responses((status = 204, description = "It is done"), Problems))]
pub async fn intervene(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<ConversationId>,
    OnceJson(once, new): OnceJson<NewIntervention>,
) -> Result<Answer, Problem> {
    let permitted = actor.may(OverPeople::Follow)?.anywhere();
    let (staff, wanted) = (actor.staff.clone(), wanted_of(new)?);
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            floor::intervene(tx, &staff, id, wanted).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

fn wanted_of(new: NewIntervention) -> Result<Wanted, Problem> {
    let reason = new.reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > MAX_REASON_CHARS || reason.chars().any(char::is_control)) {
        return Err(Problem::invalid("reason", Code::InvalidValue, "a reason is one line of at most 80 characters"));
    }
    Ok(match (new.mode, new.seen) {
        (InterventionWanted::Listen, _) => Wanted::Listen,
        (InterventionWanted::Join, _) => Wanted::Join,
        (InterventionWanted::Leave, _) => Wanted::Leave,
        (InterventionWanted::TakeOver, Some(seen)) => Wanted::TakeOver { seen, reason },
        (InterventionWanted::TakeOver, None) => return Err(Problem::invalid("seen", Code::MissingField, "say who has the conversation")),
    })
}

#[cfg(test)]
mod tests {
    use domain::{
        entry::Body,
        id::ConversationId,
        journal::View,
        staff::Role,
        stream::{StreamKind, StreamName},
    };
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp, VisitorClient};
    use testkit_server::Realtime;

    async fn says(who: &StaffClient, conversation: &str, n: u128, body: Value) -> Value {
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::from_u128(n), "body": body});
        who.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0].clone()
    }

    /// A conversation that ada serves.
    async fn served(app: &TestApp, ada: &StaffClient) -> (VisitorClient, String) {
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        assert_eq!(says(ada, &conversation, 1, json!({"type": "take"})).await["t"], "ok");
        (visitor, conversation)
    }

    /// The kinds of what a reader gets of the conversation.
    async fn kinds(reader: &mut Realtime, conversation: &str, hello: Value) -> Vec<String> {
        let mut hello = hello;
        hello["cursors"] = json!({conversation: null});
        reader.send(&hello).await;
        let entries = reader.until("reset").await["entries"].clone();
        // An answer of the bot that came too late may be anywhere.
        let kinds = entries.as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap().to_owned());
        kinds.filter(|kind| kind != "bot_superseded").collect()
    }

    #[tokio::test]
    async fn a_supervisor_listens_whispers_and_joins_and_the_customer_sees_only_the_last() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let (visitor, conversation) = served(&app, &ada).await;
        let path = format!("/api/v1/conversations/{conversation}/interventions");
        assert_eq!(mira.post(&path, json!({"mode": "listen"})).await.status.as_u16(), 204);
        assert_eq!(says(&mira, &conversation, 2, json!({"type": "text", "text": "hi"})).await["code"], "not_yours", "who only listens says nothing");
        assert_eq!(says(&mira, &conversation, 3, json!({"type": "whisper", "text": "offer a refund"})).await["t"], "ok");
        assert_eq!(says(&ada, &conversation, 4, json!({"type": "whisper", "text": "to myself"})).await["code"], "not_permitted");
        assert_eq!(mira.post(&path, json!({"mode": "join"})).await.status.as_u16(), 204);
        assert_eq!(says(&mira, &conversation, 5, json!({"type": "text", "text": "I am here too"})).await["t"], "ok");
        assert_eq!(says(&ada, &conversation, 6, json!({"type": "text", "text": "and so am I"})).await["t"], "ok", "the agent goes on");
        assert_eq!(mira.post(&path, json!({"mode": "leave"})).await.status.as_u16(), 204);
        mira.post(&path, json!({"mode": "leave"})).await.problem(409, "not_active");
        assert_eq!(says(&mira, &conversation, 7, json!({"type": "text", "text": "again"})).await["code"], "not_yours");
        let mut desk = Realtime::connect(&ada).await;
        let seen = kinds(&mut desk, &conversation, json!({"t": "hello", "version": 1})).await;
        let since_taken = seen.iter().rposition(|kind| kind == "assigned").unwrap() + 1;
        assert_eq!(seen[since_taken..], ["listened", "whispered", "joined", "message", "message", "left"]);
        let mut widget = Realtime::connect(&app).await;
        let seen = kinds(&mut widget, &conversation, json!({"t": "hello", "version": 1, "token": visitor.session["token"]})).await;
        let since_taken = seen.iter().rposition(|kind| kind == "assigned").unwrap() + 1;
        assert_eq!(seen[since_taken..], ["joined", "message", "message", "left"]);
        let mine = ada.get("/api/v1/conversations?list=mine").await.expect(200);
        assert_eq!(mine["items"][0]["id"], conversation.as_str(), "it is still hers");
    }

    #[tokio::test]
    async fn a_company_may_keep_from_agents_that_somebody_listens() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let (_, conversation) = served(&app, &ada).await;
        let mut settings = mira.get("/api/v1/floor/settings").await.expect(200);
        settings["seen"] = settings["updated_at"].clone();
        settings["tells_of_listening"] = json!(false);
        settings.as_object_mut().unwrap().remove("updated_at");
        mira.put("/api/v1/floor/settings", settings).await.expect(200);
        mira.post(&format!("/api/v1/conversations/{conversation}/interventions"), json!({"mode": "listen"})).await;
        let mut desk = Realtime::connect(&ada).await;
        let seen = kinds(&mut desk, &conversation, json!({"t": "hello", "version": 1})).await;
        assert!(!seen.iter().any(|kind| kind == "listened"), "{seen:?}");
        assert_eq!(app.acts_of("/interventions").await.len(), 1, "the audit knows");
    }

    #[tokio::test]
    async fn of_two_supervisors_one_has_it_and_the_agent_learns_who_and_why() {
        let app = TestApp::new().await;
        let (mira, otto, ada) = (app.manager("mira").await, app.manager("otto").await, app.agent("ada").await);
        let (_, conversation) = served(&app, &ada).await;
        let path = format!("/api/v1/conversations/{conversation}/interventions");
        mira.post(&path, json!({"mode": "take_over"})).await.problem_at(422, "missing_field", "seen");
        let take = json!({"mode": "take_over", "seen": ada.member.id, "reason": "the customer asked for a manager"});
        assert_eq!(mira.post(&path, take.clone()).await.status.as_u16(), 204);
        otto.post(&path, take).await.problem(409, "already_taken");
        assert_eq!(ada.get("/api/v1/conversations?list=mine").await.expect(200)["items"], json!([]));
        assert_eq!(mira.get("/api/v1/conversations?list=mine").await.expect(200)["items"][0]["agent"]["name"], "mira");
        let id: ConversationId = conversation.parse().unwrap();
        let (tenant, stream) = (app.company.tenant, StreamName { kind: StreamKind::Conversation, id: id.uuid() });
        let mut tx = app.app().db().read_of(tenant).await.unwrap();
        let entries = db::journal::page(&mut tx, tenant, stream, View::Staff, 0, 50).await.unwrap();
        let from = entries.iter().find_map(|stored| if let Some(Body::TakenFrom(taken)) = stored.body() { Some(taken.from_name) } else { None });
        assert_eq!(from.as_deref(), Some("ada"));
        let taken = ada.get(&format!("/api/v1/conversations/{conversation}/taken")).await.expect(200);
        let taken = &taken["taken"];
        assert_eq!((&taken["by"], &taken["reason"]), (&json!("mira"), &json!("the customer asked for a manager")));
        assert_eq!(otto.get(&format!("/api/v1/conversations/{conversation}/taken")).await.expect(200)["taken"], json!(null));
    }

    #[tokio::test]
    async fn who_does_not_follow_the_agent_does_nothing() {
        let app = TestApp::new().await;
        let (ada, eve, sam) = (app.agent("ada").await, app.agent("eve").await, app.staff(Role::Supervisor, "sam").await);
        let (_, conversation) = served(&app, &ada).await;
        let path = format!("/api/v1/conversations/{conversation}/interventions");
        eve.post(&path, json!({"mode": "listen"})).await.problem(403, "not_permitted");
        sam.post(&path, json!({"mode": "listen"})).await.problem(404, "not_found");
        let beta = app.other_company("beta").await;
        let foreign = app.staff_of(&beta, Role::Manager, "bob").await;
        foreign.post(&path, json!({"mode": "join"})).await.problem(404, "not_found");
    }
}
