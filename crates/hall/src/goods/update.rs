//! `PATCH /api/v1/goods/{id}`

use axum::{extract::State, http::StatusCode};
use content::goods;
use domain::{entry::Changed, policy::Permission, revision::Revision};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use store_hall::goods::{Kept, PriceChange};

use super::{
    fields::{GoodsChange, StaffGoods},
    require_parts, require_prices,
};

/// Changes a product, unless somebody else has changed it in the meantime, and notifies subscribers of the catalogue.
///
/// A change of the price is recorded. It needs the permission to set prices, and so does putting a product on sale.
#[utoipa::path(patch, path = "/goods/{id}", tag = "goods", security(("staff" = [])), params(("id" = String, Path), OnceHeader),
    request_body = GoodsChange, responses((status = 200, body = StaffGoods), Problems))]
pub async fn update_goods(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<String>,
    OnceJson(once, change): OnceJson<GoodsChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::EditGoods)?;
    let (tenant, agent, seen) = (actor.tenant(), actor.staff.agent, change.seen);
    let found = store_hall::goods::get(&mut app.db().read_of(actor.tenant()).await?, tenant, &id).await?;
    if found.updated_at != seen {
        return Err(store::Error::Stale.into());
    }
    let (reason, catalogue) = (change.reason.clone().unwrap_or_default(), app.catalogue(tenant).await?);
    goods::check_reason(&reason)?;
    let kept = Kept {
        state: change.state.unwrap_or(found.state),
        updated_at: Revision(found.updated_at).next(app.env().now()),
        deleted_at: None,
        product: change.product(found.product.clone(), &catalogue)?,
    };
    require_offer(&actor, &found, &kept)?;
    let (old_fen, new_fen, currency) = (Some(found.product.price_fen), kept.product.price_fen, catalogue.frame.currency.clone());
    let price = PriceChange { id: app.env().uuid(), goods: id, old_fen, new_fen, currency, reason, agent: Some(agent), at: kept.updated_at };
    let prices: Vec<PriceChange> = (old_fen != Some(new_fen)).then_some(price).into_iter().collect();
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            require_parts(tx, tenant, &kept.product).await?;
            let before = store_hall::goods::get(tx, tenant, &kept.product.id).await?;
            if before.updated_at != seen {
                return Err(store::Error::Stale.into());
            }
            store_hall::goods::update(tx, tenant, &kept, seen).await?;
            store_hall::goods::note_prices(tx, tenant, &prices).await?;
            tx.announce(Changed::Catalogue).await?;
            let view = StaffGoods::from(kept);
            tx.note_change(&StaffGoods::from(before), &view);
            Answer::json(StatusCode::OK, &view)
        })
    });
    done.await
}

/// Refuses a member who may not set prices, if the price changes or the product is put on sale.
fn require_offer(actor: &StaffActor, found: &Kept, kept: &Kept) -> Result<(), Problem> {
    if kept.product.price_fen != found.product.price_fen {
        require_prices(actor, "price_fen")?;
    }
    if kept.state.puts_on_sale(found.state) {
        require_prices(actor, "state")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};

    async fn phone(ada: &StaffClient) -> Value {
        ada.post("/api/v1/goods-categories", json!({"name": {"zh": "手机", "en": "Phones"}})).await.expect(201);
        let new = json!({"category": "phones", "name": {"zh": "甲", "en": "A"}, "price_fen": 100_000, "stock": 5, "state": "live"});
        ada.post("/api/v1/goods", new).await.expect(201)
    }
    const PATH: &str = "/api/v1/goods/g-001";

    #[tokio::test]
    async fn two_editors_do_not_overwrite_each_other() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.manager("ada").await, app.manager("eve").await);
        let made = phone(&ada).await;
        let changed = ada.patch(PATH, json!({"stock": 4, "seen": made["updated_at"]})).await.expect(200);
        eve.patch(PATH, json!({"stock": 9, "seen": made["updated_at"]})).await.problem(409, "conflict");
        assert_eq!(ada.get(PATH).await.expect(200), changed);
        eve.patch(PATH, json!({"stock": 9, "seen": changed["updated_at"]})).await.expect(200);
    }

    #[tokio::test]
    async fn of_two_at_once_one_wins() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.manager("ada").await, app.manager("eve").await);
        let made = phone(&ada).await;
        let change = |stock: i64| json!({"stock": stock, "seen": made["updated_at"]});
        let (one, two) = tokio::join!(ada.patch(PATH, change(1)), eve.patch(PATH, change(2)));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }

    #[tokio::test]
    async fn another_price_is_noted_and_the_same_is_not() {
        let app = TestApp::new().await;
        let ada = app.manager("ada").await;
        let made = phone(&ada).await;
        app.clock.advance(1000);
        let cheaper = ada.patch(PATH, json!({"price_fen": 89_900, "reason": "Spring", "seen": made["updated_at"]})).await.expect(200);
        app.clock.advance(1000);
        ada.patch(PATH, json!({"price_fen": 89_900, "stock": 1, "seen": cheaper["updated_at"]})).await.expect(200);
        let prices = ada.get("/api/v1/goods/g-001/prices").await.expect(200);
        let told: Vec<_> = prices["items"].as_array().unwrap().iter().map(|p| (&p["old_fen"], &p["new_fen"], &p["reason"], &p["by"])).collect();
        assert_eq!(told, [(&json!(100_000), &json!(89_900), &json!("Spring"), &json!("ada")), (&json!(null), &json!(100_000), &json!(""), &json!("ada"))]);
    }

    #[tokio::test]
    async fn who_may_not_set_prices_changes_everything_else() {
        let app = TestApp::new().await;
        let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
        let made = phone(&mira).await;
        let new = json!({"category": "phones", "name": {"en": "B"}, "price_fen": 1, "stock": 5});
        ada.post("/api/v1/goods", new).await.problem_at(403, "not_permitted", "price_fen");
        let change = |price: i64| json!({"price_fen": price, "stock": 7, "name": {"en": "A2"}, "seen": made["updated_at"]});
        ada.patch(PATH, change(99_999)).await.problem_at(403, "not_permitted", "price_fen");
        assert_eq!(ada.get(PATH).await.expect(200), made);
        let same = ada.patch(PATH, change(100_000)).await.expect(200);
        assert_eq!((&same["price_fen"], &same["stock"], &same["name"]["en"]), (&json!(100_000), &json!(7), &json!("A2")));
        assert_eq!(ada.get(&format!("{PATH}/prices")).await.expect(200)["items"].as_array().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn who_may_not_set_prices_offers_nothing_at_a_price() {
        let app = TestApp::new().await;
        let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
        let restore = format!("{PATH}/restore");
        let mut seen = phone(&mira).await["updated_at"].clone();
        // Taking it off sale, or making it a draft, is anybody's who edits goods; offering it again is not.
        for state in ["off", "draft"] {
            let change = |state: &str, seen: &Value| json!({"state": state, "seen": seen});
            let changed = ada.patch(PATH, change(state, &seen)).await.expect(200);
            ada.patch(PATH, change("live", &changed["updated_at"])).await.problem_at(403, "not_permitted", "state");
            assert_eq!(ada.get(PATH).await.expect(200), changed);
            // Nothing is offered, so whoever deleted it can restore it.
            assert_eq!(ada.delete(PATH).await.status.as_u16(), 204);
            assert_eq!(ada.post(&restore, json!({})).await.expect(200)["state"], state);
            let again = ada.get(PATH).await.expect(200)["updated_at"].clone();
            seen = mira.patch(PATH, change("live", &again)).await.expect(200)["updated_at"].clone();
        }
        // One that is on sale stays so when anything else is changed.
        let same = ada.patch(PATH, json!({"state": "live", "stock": 9, "seen": seen})).await.expect(200);
        assert_eq!((&same["state"], &same["stock"]), (&json!("live"), &json!(9)));
        assert_eq!(ada.post(&restore, json!({})).await.expect(200), same, "it is not deleted");
        assert_eq!(ada.delete(PATH).await.status.as_u16(), 204);
        ada.post(&restore, json!({})).await.problem_at(403, "not_permitted", "state");
        ada.get(PATH).await.problem(404, "not_found");
        app.get("/api/v1/sites/alpha/goods/g-001").await.problem(404, "not_found");
        let back = mira.post(&restore, json!({})).await.expect(200);
        assert_eq!((&back["state"], &back["price_fen"]), (&json!("live"), &json!(100_000)));
    }

    #[tokio::test]
    async fn what_does_not_fit_changes_nothing() {
        let app = TestApp::new().await;
        let ada = app.manager("ada").await;
        let made = phone(&ada).await;
        for (field, value, code) in [
            ("price_fen", json!("abc"), "invalid_value"),
            ("price_fen", json!(-1), "invalid_value"),
            ("stock", json!(-1), "invalid_value"),
            ("category", json!("planes"), "category_unknown"),
            ("name", json!({}), "invalid_value"),
            ("reason", json!("x".repeat(201)), "invalid_value"),
        ] {
            let mut change = json!({"seen": made["updated_at"]});
            change[field] = value;
            ada.patch(PATH, change).await.problem_at(422, code, field);
        }
        assert_eq!(ada.get(PATH).await.expect(200), made);
    }

    #[tokio::test]
    async fn what_is_taken_off_is_gone_from_the_hall_at_once() {
        let app = TestApp::new().await;
        let ada = app.manager("ada").await;
        let made = phone(&ada).await;
        app.get("/api/v1/sites/alpha/goods/g-001").await.expect(200);
        ada.patch(PATH, json!({"state": "off", "seen": made["updated_at"]})).await.expect(200);
        app.get("/api/v1/sites/alpha/goods/g-001").await.problem(404, "not_found");
        assert_eq!(app.get("/api/v1/sites/alpha/goods?q=A").await.expect(200)["items"], json!([]));
    }
}
