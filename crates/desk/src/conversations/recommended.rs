//! `GET /api/v1/conversations/{id}/recommendations`

use axum::{Json, extract::State};
use domain::{id::ConversationId, policy};
use http_kit::recommended::Recommendations;
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    problem::{Problem, Problems},
};
use service::recommend::show::{Place, Wish, recommend};

/// Recommends what the customer of a conversation may be interested in.
#[utoipa::path(get, path = "/conversations/{id}/recommendations", tag = "conversations", security(("staff" = [])), params(("id" = ConversationId, Path)),
    responses((status = 200, body = Recommendations), Problems))]
pub async fn recommend_in_conversation(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<ConversationId>,
) -> Result<Json<Recommendations>, Problem> {
    let tenant = actor.tenant();
    let conversation = store::conversations::get(&mut app.db().read_of(tenant).await?, tenant, id).await?;
    if !policy::may_read(&actor.staff, &conversation) {
        return Err(Problem::not_found());
    }
    let catalogue = app.catalogue(tenant).await?;
    let wish = Wish { site: conversation.site, visitor: Some(conversation.visitor), about: conversation.product.as_deref(), place: Place::Desk };
    Ok(Json(recommend(app.db(), app.bots().models(), &catalogue, tenant, wish).await?.into()))
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    #[tokio::test]
    async fn only_who_may_read_the_conversation_is_told() {
        let app = TestApp::new().await;
        let conversation = app.visitor().await.open("hello").await;
        let path = format!("/api/v1/conversations/{conversation}/recommendations");
        assert_eq!(app.manager("mira").await.get(&path).await.expect(200)["on"], true);
        app.agent("ada").await.get(&path).await.problem(404, "not_found");
        app.get(&path).await.problem(401, "not_signed_in");
    }
}
