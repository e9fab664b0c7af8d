//! `GET /api/v1/goods/{id}/conversations`: lists the conversations in which customers asked about a product.

use axum::{Json, extract::State};
use content::goods::ASKED_MS;
use domain::{policy::Permission, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    cursor,
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
};
use realtime::view;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use wire::behind::Behind;

/// Conversations per page.
const PAGE: i64 = 50;

/// Where to continue in the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAbout {
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Lists the conversations of the last 30 days in which customers asked about a product, latest first; there are as many as `asked` says.
#[utoipa::path(get, path = "/goods/{id}/conversations", tag = "goods", security(("staff" = [])), params(("id" = String, Path), ListAbout),
    responses((status = 200, body = Behind), Problems))]
pub async fn list_conversations_about(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<String>,
    ValidQuery(query): ValidQuery<ListAbout>,
) -> Result<Json<Behind>, Problem> {
    actor.require(Permission::SeeWhatIsAsked)?;
    let after = query.cursor.as_deref().map_or(Ok((Ts(i64::MAX), Uuid::max())), cursor::at_id)?;
    let (tenant, since) = (actor.tenant(), app.env().now().plus(-ASKED_MS));
    let mut tx = app.db().snapshot_of(actor.tenant()).await?;
    store_hall::goods::find(&mut tx, tenant, &id).await?.ok_or_else(Problem::not_found)?;
    let count = store_desk::lists::counts_by_product(&mut tx, tenant, &[&id], since).await?.get(&id).copied().unwrap_or(0);
    let rows = store_desk::lists::about(&mut tx, tenant, &id, since, after, PAGE).await?;
    let more = i64::try_from(rows.len()).is_ok_and(|rows| rows == PAGE);
    let next = rows.last().filter(|_| more).map(|last| format!("{}.{}", last.created_at, last.id.as_simple()));
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let at = Ts(row.created_at);
        items.push(view::behind(&mut tx, &app.vault(), &actor.staff, row, at).await?);
    }
    Ok(Json(Behind { indicator: "asked".to_owned(), count, items, next }))
}

#[cfg(test)]
mod tests {
    use domain::time::DAY;
    use serde_json::json;
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    async fn ask_about(app: &TestApp, product: &str) -> String {
        let visitor = app.visitor().await;
        let mut chat = Realtime::connect(app).await;
        chat.send(&json!({"t": "hello", "version": 1, "token": visitor.session["token"], "cursors": {}})).await;
        chat.until("welcome").await;
        let conversation = domain::id::ConversationId::new(app.env().uuid()).to_string();
        let body = json!({"type": "text", "text": "How much is it?"});
        chat.send(&json!({"t": "send", "conversation": conversation, "client_id": app.env().uuid().to_string(), "body": body, "open": {"lang": "en", "product": product}})).await;
        chat.until("ok").await;
        conversation
    }

    #[tokio::test]
    async fn the_number_opens_as_many_conversations_as_it_says() {
        let app = TestApp::new().await;
        let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
        mira.post("/api/v1/goods-categories", json!({"name": {"en": "Phones"}})).await.expect(201);
        for name in ["A", "B"] {
            mira.post("/api/v1/goods", json!({"category": "phones", "name": {"en": name}, "price_fen": 100, "stock": 5, "state": "live"})).await.expect(201);
        }
        let mut asked = Vec::new();
        for _ in 0..2 {
            app.clock.advance(1000);
            asked.push(json!(ask_about(&app, "g-001").await));
        }
        asked.reverse();
        let list = mira.get("/api/v1/goods").await.expect(200);
        let told: Vec<_> = list["items"].as_array().unwrap().iter().map(|row| (&row["id"], &row["asked"])).collect();
        assert_eq!(told, [(&json!("g-002"), &json!(0)), (&json!("g-001"), &json!(2))]);
        let behind = mira.get("/api/v1/goods/g-001/conversations").await.expect(200);
        let listed: Vec<_> = behind["items"].as_array().unwrap().iter().map(|item| item["conversation"]["id"].clone()).collect();
        assert_eq!((&behind["count"], listed, &behind["next"]), (&json!(2), asked, &json!(null)));
        assert_eq!(mira.get("/api/v1/goods/g-002/conversations").await.expect(200)["items"], json!([]));

        // Whoever may count them, but not read them, sees when they were asked.
        let tara = app.staff(domain::staff::Role::Administrator, "tara").await;
        let role = json!({"name": "buyer", "grants": [{"permission": "goods.asked", "reach": ["company"]}]});
        let bea = app.composed(&tara, &app.agent("bea").await, role).await;
        let outside = bea.get("/api/v1/goods/g-001/conversations").await.expect(200);
        let shown: Vec<_> = outside["items"].as_array().unwrap().iter().map(|item| (&item["conversation"], item["at"].is_i64())).collect();
        assert_eq!((&outside["count"], shown), (&json!(2), vec![(&json!(null), true); 2]));

        // Members who may not read the conversations do not see how many there are.
        assert_eq!(ada.get("/api/v1/goods").await.expect(200)["items"][1].get("asked"), None);
        ada.get("/api/v1/goods/g-001/conversations").await.problem(403, "not_permitted");
        mira.get("/api/v1/goods/g-009/conversations").await.problem(404, "not_found");
        mira.get("/api/v1/goods/g-001/conversations?cursor=x").await.problem_at(422, "invalid_value", "cursor");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, domain::staff::Role::Manager, "bob").await.get("/api/v1/goods/g-001/conversations").await.problem(404, "not_found");

        app.clock.advance(30 * DAY + 1);
        let mira = app.manager("mira2").await;
        assert_eq!(mira.get("/api/v1/goods/g-001/conversations").await.expect(200)["count"], 0);
    }
}
