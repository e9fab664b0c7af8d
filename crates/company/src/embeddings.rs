//! `GET /api/v1/company/embeddings`: how the model of sentence embeddings is doing. It is set up in the configuration, so nothing is changed here.

use axum::{Json, extract::State};
use bot::gate::Gates;
use domain::{policy::Permission, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use service::embeddings::{Condition, FailureKind, Place, Status};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_embeddings))
}

/// Sentence embeddings, with which the bot compares questions with the knowledge by their meaning.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Embeddings)]
pub struct EmbeddingsView {
    /// The model on the node that answered; `null` if none is set up.
    #[schema(required)]
    pub model: Option<EmbeddingModelView>,
    /// How much the model counts for the knowledge in force; `null` until that was computed.
    #[schema(required)]
    pub weights: Option<EmbeddingWeights>,
}

/// A model of sentence embeddings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmbeddingModel)]
pub struct EmbeddingModelView {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// How it is doing.
    pub condition: Condition,
    /// The number of numbers in a vector, once known.
    #[schema(required)]
    pub dimensions: Option<usize>,
    /// The last failure since the program started; it stays after the model recovers.
    #[schema(required)]
    pub failure: Option<EmbeddingFailure>,
}

/// Why there were no vectors.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmbeddingFailure {
    /// What kind of failure it was.
    pub kind: FailureKind,
    /// What happened, in English, as in the log.
    pub detail: String,
    /// When it was.
    pub at: Ts,
}

/// How much the model counts; a weight of the other scores is 0.05 to 0.6. Without a weight it does not help there, or there are too few wordings to tell.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmbeddingWeights {
    /// For Chinese questions.
    #[schema(required)]
    pub zh: Option<f32>,
    /// For English questions.
    #[schema(required)]
    pub en: Option<f32>,
}

impl From<Status> for EmbeddingModelView {
    fn from(status: Status) -> Self {
        let Status { model, place, condition, dimensions, failure } = status;
        let failure = failure.map(|(failure, at)| EmbeddingFailure { kind: failure.kind, detail: failure.detail, at });
        Self { name: model, place, condition, dimensions, failure }
    }
}

/// Returns how the model of sentence embeddings is doing.
#[utoipa::path(get, path = "/company/embeddings", tag = "company", security(("staff" = [])), responses((status = 200, body = EmbeddingsView), Problems))]
pub async fn get_embeddings(State(app): State<App>, actor: StaffActor) -> Result<Json<EmbeddingsView>, Problem> {
    actor.require(Permission::Settings)?;
    let Some(embeddings) = app.bots().embeddings() else { return Ok(Json(EmbeddingsView { model: None, weights: None })) };
    let gates = store_knowledge::knowledge_versions::gates(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    let fitted = gates.and_then(|json| serde_json::from_str::<Gates>(&json).ok()).and_then(|gates| gates.embedded);
    let weights = fitted
        .filter(|fitted| fitted.model == embeddings.model())
        .map(|fitted| EmbeddingWeights { zh: fitted.zh.map(|side| side.weight), en: fitted.en.map(|side| side.weight) });
    Ok(Json(EmbeddingsView { model: Some(embeddings.status().into()), weights }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn administrators_see_that_there_is_none() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        assert_eq!(tara.get("/api/v1/company/embeddings").await.expect(200), json!({"model": null, "weights": null}));
        app.manager("mira").await.get("/api/v1/company/embeddings").await.problem(403, "not_permitted");
    }
}
