//! `GET /api/v1/erasures`

use axum::{Json, extract::State};
use domain::{id::ErasureIdKind, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store_privacy::erasures;
use utoipa::{IntoParams, ToSchema};

use super::view::ErasureView;

/// Erasures per page.
const PAGE: usize = 50;

/// Which erasures to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListErasures {
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of erasures.
#[derive(Debug, Serialize, ToSchema)]
pub struct Erasures {
    /// Those that were asked for last come first.
    pub items: Vec<ErasureView>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// Lists what was erased, and what waits for a second person.
#[utoipa::path(get, path = "/erasures", tag = "privacy", security(("staff" = [])), params(ListErasures), responses((status = 200, body = Erasures), Problems))]
pub async fn list_erasures(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListErasures>) -> Result<Json<Erasures>, Problem> {
    actor.require(Permission::ErasePeople)?;
    let after = query.cursor.as_deref().map(cursor::at_shown_id::<ErasureIdKind>).transpose()?;
    let rows = erasures::list(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), after, PAGE as i64 + 1).await?;
    let Page { items, next } = Page::of(rows, PAGE, |last| format!("{}.{}", last.asked_at.0, last.id));
    Ok(Json(Erasures { items: items.into_iter().map(|one| ErasureView::of(one, actor.staff.agent)).collect(), next }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn those_who_may_erase_see_what_was_erased_in_their_company() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let conversation = app.visitor().await.open("hello").await;
        assert_eq!(mira.get("/api/v1/erasures").await.expect(200), json!({"items": [], "next": null}));
        let asked = mira.post("/api/v1/erasures", json!({"kind": "conversation", "id": conversation, "reason": "asked"})).await.expect(201);
        let listed = mira.get("/api/v1/erasures").await.expect(200)["items"].clone();
        assert_eq!((&listed[0]["id"], &listed[0]["asked_by"], &listed[0]["is_own"]), (&asked["id"], &json!("mira"), &json!(true)));
        let beta = app.other_company("beta").await;
        assert_eq!(app.staff_of(&beta, Role::Administrator, "bob").await.get("/api/v1/erasures").await.expect(200)["items"], json!([]));
        mira.get("/api/v1/erasures?cursor=x").await.problem_at(422, "invalid_value", "cursor");
        app.agent("ada").await.get("/api/v1/erasures").await.problem(403, "not_permitted");
    }
}
