//! `POST /api/v1/erasures`

use axum::{extract::State, http::StatusCode};
use db::Shard;
use domain::{
    entry::Changed,
    erasure::{Erased, ErasureKind, ErasureReason, ErasureState},
    id::ErasureId,
    policy::Permission,
    refusal::Code,
};
use http_kit::{
    App,
    auth::StaffActor,
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use service::erasing::{self, Traces};
use store_privacy::{erasures::Erasure, settings};
use utoipa::ToSchema;

use super::view::ErasureView;
use crate::proof;

/// What is to be erased.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewErasure {
    /// What it is.
    pub kind: ErasureKind,
    /// Its id: of a conversation (`cnv_…`), also for a message; of a visitor (`vst_…`); of a customer (`cst_…`).
    pub id: String,
    /// The number of the entry, for a message.
    #[serde(default)]
    pub seq: Option<i64>,
    /// Why: `asked`, `law`, `mistake` or `not_needed`.
    pub reason: ErasureReason,
}

impl NewErasure {
    fn subject(&self) -> Result<Erased, Problem> {
        let invalid = |field: &str, why: &str| Problem::invalid(field, Code::InvalidValue, why);
        if !self.reason.is_for_staff() {
            return Err(invalid("reason", "`asked`, `law`, `mistake` or `not_needed`"));
        }
        let id = || invalid("id", "the id of what is to be erased");
        let seq = || self.seq.filter(|seq| *seq > 0).ok_or_else(|| invalid("seq", "the number of the message"));
        Ok(match self.kind {
            ErasureKind::Message => Erased::Message(self.id.parse().map_err(|_| id())?, seq()?),
            ErasureKind::Conversation => Erased::Conversation(self.id.parse().map_err(|_| id())?),
            ErasureKind::Visitor => Erased::Visitor(self.id.parse().map_err(|_| id())?),
            ErasureKind::Customer => Erased::Customer(self.id.parse().map_err(|_| id())?),
            ErasureKind::Rule => return Err(invalid("kind", "`message`, `conversation`, `visitor` or `customer`: rules are applied by themselves")),
        })
    }
}

/// Erases a message, a conversation, a visitor or a customer, for good.
///
/// From now on nobody sees it; what is stored of it is gone within seconds. If the company wants a second person to confirm, it waits for them and nothing changes
/// until then; then, programs are refused, because whoever made one could revoke it and confirm what it asked for.
#[utoipa::path(post, path = "/erasures", tag = "privacy", security(("staff" = [])), params(OnceHeader), request_body = NewErasure,
    responses((status = 201, body = ErasureView), Problems))]
pub async fn ask_for_erasure(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewErasure>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::ErasePeople)?;
    let (tenant, subject, agent, people_only) = (actor.tenant(), new.subject()?, actor.staff.agent, actor.session().err());
    let asked = (Some(agent), actor.staff.name.as_str());
    let new = Erasure::new(ErasureId::new(app.env().uuid()), subject, new.reason, asked, app.env().now());
    let mut erasure = Erasure { mark: proof::mark_of(&app.sealer(), tenant, subject), traces: Some(Traces::of(app.env().uuid()).to_json()), ..new };
    // The answer names who is erased, so it is not kept for longer than it is needed. The locks are taken in the order of those of a conversation, which comes before the company.
    let done = permitted.on(Shard::Of(subject.uuid())).change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            if settings::four_eyes(tx, tenant).await? {
                if let Some(refused) = people_only {
                    return Err(refused.into());
                }
                erasure.state = ErasureState::Waiting;
            }
            erasing::ask(tx, tenant, &erasure).await.map_err(Fault::from)?;
            tx.announce(Changed::Settings).await?;
            let erasure = store_privacy::erasures::get(tx, tenant, erasure.id).await?;
            Answer::json(StatusCode::CREATED, &ErasureView::of(erasure, agent))
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    #[tokio::test]
    async fn a_conversation_is_erased_and_only_what_happened_stays() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let conversation = app.visitor().await.open("my number is 13912345678").await;
        let asked = mira.post("/api/v1/erasures", json!({"kind": "conversation", "id": conversation, "reason": "asked"})).await.expect(201);
        assert_eq!(asked["state"], json!("running"));
        mira.get(&format!("/api/v1/conversations/{conversation}")).await.problem(404, "not_found");
        mira.post("/api/v1/erasures", json!({"kind": "conversation", "id": conversation, "reason": "asked"})).await.problem(409, "erasure_open");
        crate::jobs::erase::step(app.app()).await.unwrap();
        let read = mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200).to_string();
        assert!(!read.contains("13912345678"), "{read}");
        let done = mira.get("/api/v1/erasures").await.expect(200)["items"][0].clone();
        assert_eq!(done["state"], json!("done"), "{done}");
        assert!(done["places"].as_array().unwrap().contains(&json!({"place": "conversations", "count": 1})), "{done}");
    }

    #[tokio::test]
    async fn only_one_message_is_erased_and_the_rest_stays() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("my number is 13912345678").await;
        let body = |seq: i64| json!({"kind": "message", "id": conversation, "seq": seq, "reason": "mistake"});
        let mut desk = Realtime::connect(&mira).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {&conversation: null}})).await;
        desk.until("welcome").await;
        mira.post("/api/v1/erasures", body(2)).await.expect(201);
        let told = desk
            .find("entries", |frame| frame["t"] == "entries" && frame["entries"].as_array().is_some_and(|all| all.iter().any(|one| one["kind"] == "erased")))
            .await;
        let entry = told["entries"].as_array().unwrap().iter().find(|one| one["kind"] == "erased").unwrap().clone();
        assert_eq!(entry["body"], json!({"all": false, "side": "customer", "message": 1, "of": 2}), "connected clients forget it at once");
        mira.post("/api/v1/erasures", body(2)).await.problem(409, "erasure_open");
        crate::jobs::erase::step(app.app()).await.unwrap();
        mira.post("/api/v1/erasures", body(2)).await.problem(409, "nothing_to_erase");
        mira.post("/api/v1/erasures", body(99)).await.problem(404, "not_found");
        assert!(!crate::testing::stored(&app, &conversation).await.contains("13912345678"));
    }

    #[tokio::test]
    async fn what_does_not_fit_names_its_field() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let conversation = app.visitor().await.open("hello").await;
        for (body, field) in [
            (json!({"kind": "message", "id": conversation, "reason": "asked"}), "seq"),
            (json!({"kind": "visitor", "id": conversation, "reason": "asked"}), "id"),
            (json!({"kind": "conversation", "id": conversation, "reason": "restored"}), "reason"),
        ] {
            mira.post("/api/v1/erasures", body).await.problem_at(422, "invalid_value", field);
        }
        let body = json!({"kind": "conversation", "id": conversation, "reason": "asked"});
        app.agent("ada").await.post("/api/v1/erasures", body.clone()).await.problem(403, "not_permitted");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, Role::Administrator, "bob").await.post("/api/v1/erasures", body).await.problem(404, "not_found");
    }
}
