//! `POST /api/v1/goods`

use axum::{extract::State, http::StatusCode};
use content::goods::{self, GoodsState};
use db::Tx;
use domain::{entry::Changed, id::TenantId, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use store_hall::goods::{Kept, PriceChange};

use super::{
    fields::{NewGoods, StaffGoods},
    require_parts, require_prices,
};

/// The next id that no product has or had. A file may have brought one whose number is too long to count on from.
async fn next_id(tx: &mut Tx, tenant: TenantId) -> store::Result<String> {
    loop {
        let id = goods::product_id(store_hall::goods_numbers::take(tx, tenant).await?);
        if store_hall::goods::find(tx, tenant, &id).await?.is_none() {
            return Ok(id);
        }
    }
}

/// Adds a product, by default as a draft, and notifies subscribers of the catalogue.
#[utoipa::path(post, path = "/goods", tag = "goods", security(("staff" = [])), params(OnceHeader), request_body = NewGoods,
    responses((status = 201, body = StaffGoods), Problems))]
pub async fn create_goods(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewGoods>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditGoods)?;
    require_prices(&actor, "price_fen")?;
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let catalogue = app.catalogue(tenant).await?;
    let state = new.state.unwrap_or(GoodsState::Draft);
    let mut product = new.product(&catalogue)?;
    let (at, change, currency) = (app.env().now(), app.env().uuid(), catalogue.frame.currency.clone());
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            require_parts(tx, tenant, &product).await?;
            product.id = next_id(tx, tenant).await?;
            let price = PriceChange {
                id: change,
                goods: product.id.clone(),
                old_fen: None,
                new_fen: product.price_fen,
                currency,
                reason: String::new(),
                agent: Some(agent),
                at,
            };
            let kept = Kept { product, state, updated_at: at, deleted_at: None };
            store_hall::goods::insert(tx, tenant, &kept).await?;
            store_hall::goods::note_prices(tx, tenant, &[price]).await?;
            tx.announce(Changed::Catalogue).await?;
            Answer::json(StatusCode::CREATED, &StaffGoods::from(kept))
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    async fn shop(app: &TestApp) -> testkit_app::StaffClient {
        let ada = app.manager("ada").await;
        ada.post("/api/v1/goods-categories", json!({"name": {"zh": "手机", "en": "Phones"}})).await.expect(201);
        ada
    }
    fn phone() -> Value {
        json!({"category": "phones", "name": {"zh": " 远帆 F1 ", "en": "Farsail F1"}, "price_fen": 299_900, "stock": 12})
    }

    #[tokio::test]
    async fn a_draft_is_seen_by_staff_and_a_live_product_by_everybody() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        let draft = ada.post("/api/v1/goods", phone()).await.expect(201);
        assert_eq!((&draft["id"], &draft["state"], &draft["name"]["zh"]), (&json!("g-001"), &json!("draft"), &json!("远帆 F1")));
        assert_eq!(app.get("/api/v1/sites/alpha/catalogue").await.expect(200)["goods"], json!([]));
        app.get("/api/v1/sites/alpha/goods/g-001").await.problem(404, "not_found");

        let mut live = phone();
        live["state"] = json!("live");
        live["attributes"] = json!([{"key": "", "label": {"zh": "电池", "en": "Battery"}, "value": {"zh": "5000", "en": "5000"}, "unit": "mAh"}]);
        let live = ada.post("/api/v1/goods", live).await.expect(201);
        assert_eq!((&live["id"], &live["attributes"][0]["key"]), (&json!("g-002"), &json!("battery")));
        assert_eq!(app.get("/api/v1/sites/alpha/goods/g-002").await.expect(200)["price_fen"], 299_900);
        let prices = ada.get("/api/v1/goods/g-002/prices").await.expect(200);
        assert_eq!((&prices["items"][0]["new_fen"], &prices["items"][0]["by"]), (&json!(299_900), &json!("ada")));
        assert_eq!(prices["items"][0]["old_fen"], Value::Null);
    }

    #[tokio::test]
    async fn what_does_not_fit_names_its_field_and_adds_nothing() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        for (field, value, code, named) in [
            ("price_fen", json!("abc"), "invalid_value", "price_fen"),
            ("price_fen", json!(29.5), "invalid_value", "price_fen"),
            ("price_fen", json!(-1), "invalid_value", "price_fen"),
            ("price_fen", json!(10_000_000_001_i64), "invalid_value", "price_fen"),
            ("stock", json!(-1), "invalid_value", "stock"),
            ("stock", json!("many"), "invalid_value", "stock"),
            ("name", json!({"zh": " ", "en": ""}), "invalid_value", "name"),
            ("category", json!("planes"), "category_unknown", "category"),
            ("state", json!("sold"), "invalid_value", "state"),
            ("tags", json!(["a b"]), "invalid_value", "tags"),
            ("attributes", json!([{"label": {"zh": ""}, "value": {"zh": "1"}}]), "invalid_value", "attributes"),
            ("selling_points", json!({"zh": [""]}), "invalid_value", "selling_points"),
        ] {
            let mut bad = phone();
            bad[field] = value;
            ada.post("/api/v1/goods", bad).await.problem_at(422, code, named);
        }
        let mut pictured = phone();
        pictured["picture"] = json!("pic_00000000000000000000000000000001");
        ada.post("/api/v1/goods", pictured).await.problem(409, "picture_unknown");
        assert_eq!(ada.get("/api/v1/goods").await.expect(200)["items"], json!([]));
    }

    #[tokio::test]
    async fn the_bot_knows_the_price_at_once() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        let visitor = app.visitor().await;
        let mut chat = Realtime::connect(&app).await;
        chat.send(&json!({"t": "hello", "version": 1, "token": visitor.session["token"], "cursors": {}})).await;
        chat.until("welcome").await;
        let conversation = domain::id::ConversationId::new(app.env().uuid()).to_string();
        let mut asks = async |live: &str| {
            let (client_id, body) = (app.env().uuid().to_string(), json!({"type": "text", "text": "How much is the Farsail F1?"}));
            chat.send(&json!({"t": "send", "conversation": conversation, "client_id": client_id, "body": body, "open": {"lang": "en"}})).await;
            chat.find("the price", |frame| frame.to_string().contains("\"bot\"") && frame.to_string().contains(live)).await;
        };
        let mut live = phone();
        live["state"] = json!("live");
        let made = ada.post("/api/v1/goods", live).await.expect(201);
        asks("2,999").await;
        ada.patch("/api/v1/goods/g-001", json!({"price_fen": 259_950, "seen": made["updated_at"]})).await.expect(200);
        asks("2,599.50").await;
    }
}
