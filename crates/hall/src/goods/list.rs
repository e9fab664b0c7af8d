//! `GET /api/v1/goods`

use std::{cmp::Reverse, sync::Arc};

use axum::{Json, extract::State};
use content::goods::{ASKED_MS, FEW, GoodsState};
use domain::{
    id::TenantId,
    policy::{OverConversations, Permission},
    refusal::Code,
};
use http_kit::{
    App,
    auth::StaffActor,
    cursor,
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use service::catalogue::{self, Catalogue};
use store_hall::goods::Kept;
use utoipa::{IntoParams, ToSchema};

use super::fields::StaffGoodsRow;

/// Products per page.
const PAGE: usize = 50;
/// The longest search, in characters.
const MAX_WORDS: usize = 200;

/// The order of a list of goods.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GoodsSort {
    /// As customers see them; for a search, best match first.
    #[default]
    Shown,
    /// Cheapest first.
    PriceUp,
    /// Most expensive first.
    PriceDown,
    /// Fewest pieces first.
    StockUp,
    /// Most pieces first.
    StockDown,
    /// Most recently changed first.
    Changed,
}

/// Which goods to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListGoods {
    /// Words in either language, or an id, at most 200 characters; if empty, all goods match.
    #[serde(default)]
    pub q: String,
    /// Only goods of this category.
    #[serde(default)]
    pub category: Option<String>,
    /// Only goods in this state.
    #[serde(default)]
    pub state: Option<GoodsState>,
    /// Only goods with fewer than 10 pieces left.
    #[serde(default)]
    pub few: bool,
    /// Only deleted goods that can be restored, most recently deleted first; by default, only goods that are not deleted.
    #[serde(default)]
    pub deleted: bool,
    /// The order of the list.
    #[serde(default)]
    #[param(inline)]
    pub sort: GoodsSort,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of goods.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffGoodsList {
    /// In the requested order.
    pub items: Vec<StaffGoodsRow>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
    /// How many there are on all pages.
    pub total: usize,
    /// The currency of the prices, an ISO 4217 code.
    pub currency: String,
}

impl ListGoods {
    /// The requested goods, in the requested order.
    pub(super) fn choose<'a>(&self, catalogue: &'a Catalogue) -> Result<Vec<&'a Kept>, Problem> {
        if self.q.chars().count() > MAX_WORDS {
            return Err(Problem::invalid("q", Code::TooLarge, "at most 200 characters"));
        }
        let found = catalogue.kept_index().find(&self.q, self.category.as_deref().filter(|category| !category.is_empty()));
        let mut chosen: Vec<&Kept> = found.goods.into_iter().filter_map(|at| catalogue.kept.get(at)).collect();
        chosen.retain(|kept| self.state.is_none_or(|state| kept.state == state) && (!self.few || kept.product.stock < FEW));
        match self.sort {
            GoodsSort::Shown => {}
            GoodsSort::PriceUp => chosen.sort_by_key(|kept| kept.product.price_fen),
            GoodsSort::PriceDown => chosen.sort_by_key(|kept| Reverse(kept.product.price_fen)),
            GoodsSort::StockUp => chosen.sort_by_key(|kept| kept.product.stock),
            GoodsSort::StockDown => chosen.sort_by_key(|kept| Reverse(kept.product.stock)),
            GoodsSort::Changed => chosen.sort_by_key(|kept| Reverse(kept.updated_at)),
        }
        Ok(chosen)
    }

    /// The requested page. A search takes a while, so it must not run where it holds anybody up.
    fn page(&self, catalogue: &Catalogue) -> Result<StaffGoodsList, Problem> {
        let chosen = self.choose(catalogue)?;
        let from = begin(self.cursor.as_deref(), &chosen)?.min(chosen.len());
        let to = (from + PAGE).min(chosen.len());
        let page = &chosen[from..to];
        let next = page.last().filter(|_| to < chosen.len()).map(|last| format!("{to}~{}", last.product.id));
        let items = page.iter().map(|kept| StaffGoodsRow::from(*kept)).collect();
        Ok(StaffGoodsList { items, next, total: chosen.len(), currency: catalogue.frame.currency.clone() })
    }
}

/// The start of a page: after the last product of the previous page or, if that is gone, at its former position.
fn begin(cursor: Option<&str>, chosen: &[&Kept]) -> Result<usize, Problem> {
    let Some(cursor) = cursor else { return Ok(0) };
    let (place, id) = cursor.split_once('~').filter(|(_, id)| !id.is_empty()).ok_or_else(cursor::problem)?;
    let place = cursor::parse(place)?;
    Ok(chosen.iter().position(|kept| kept.product.id == id).map_or(place, |at| at + 1))
}

/// Deleted goods. They are read on request, which is rare.
async fn deleted_goods(app: &App, tenant: TenantId) -> Result<Arc<Catalogue>, Problem> {
    let stored = catalogue::load_deleted(&mut app.db().snapshot_of(tenant).await?, tenant).await?;
    Ok(Arc::new(catalogue::aside(move || stored.build()).await?))
}

/// Lists goods, on sale or not. Who serves customers and does not edit goods sees those on sale.
#[utoipa::path(get, path = "/goods", tag = "goods", security(("staff" = [])), params(ListGoods), responses((status = 200, body = StaffGoodsList), Problems))]
pub async fn list_goods(State(app): State<App>, actor: StaffActor, ValidQuery(mut query): ValidQuery<ListGoods>) -> Result<Json<StaffGoodsList>, Problem> {
    let edits = actor.staff.may(Permission::EditGoods);
    if !edits && !query.deleted && actor.staff.grants.holds(OverConversations::Desk) {
        query.state = Some(GoodsState::Live);
    } else {
        actor.require(Permission::EditGoods)?;
    }
    let catalogue = if query.deleted { deleted_goods(&app, actor.tenant()).await? } else { app.catalogue(actor.tenant()).await? };
    let is_told = actor.staff.may(Permission::SeeWhatIsAsked) && !query.deleted;
    let page = catalogue::aside(move || Ok(query.page(&catalogue))).await?;
    let mut list = page.map_err(Problem::of_this_request)?;
    if is_told {
        let shown: Vec<&str> = list.items.iter().map(|row| row.id.as_str()).collect();
        let asked =
            store_desk::lists::counts_by_product(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), &shown, app.env().now().plus(-ASKED_MS)).await?;
        list.items.iter_mut().for_each(|row| row.asked = Some(asked.get(&row.id).copied().unwrap_or(0)));
    }
    Ok(Json(list))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};

    async fn shop(app: &TestApp) -> StaffClient {
        let ada = app.manager("ada").await;
        for name in ["Phones", "Lamps"] {
            ada.post("/api/v1/goods-categories", json!({"name": {"zh": "", "en": name}})).await.expect(201);
        }
        ada
    }
    async fn add(ada: &StaffClient, category: &str, zh: &str, en: &str, price: i64, stock: i64, state: &str) {
        let new = json!({"category": category, "name": {"zh": zh, "en": en}, "price_fen": price, "stock": stock, "state": state});
        ada.post("/api/v1/goods", new).await.expect(201);
    }
    fn ids(page: &Value) -> Vec<&str> {
        page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
    }

    #[tokio::test]
    async fn goods_are_found_in_both_languages_filtered_and_sorted() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        add(&ada, "phones", "远帆手机", "Farsail", 300, 20, "live").await;
        add(&ada, "phones", "近山手机", "Nearhill", 100, 3, "draft").await;
        add(&ada, "lamps", "晨光台灯", "Dawn lamp", 200, 9, "off").await;
        for (query, expected) in [
            (vec![], vec!["g-003", "g-002", "g-001"]),
            (vec![("q", "手机")], vec!["g-002", "g-001"]),
            (vec![("q", "FARSAIL")], vec!["g-001"]),
            (vec![("q", "g-003")], vec!["g-003"]),
            (vec![("category", "lamps")], vec!["g-003"]),
            (vec![("state", "draft")], vec!["g-002"]),
            (vec![("few", "true")], vec!["g-003", "g-002"]),
            (vec![("few", "true"), ("state", "off")], vec!["g-003"]),
            (vec![("sort", "price_up")], vec!["g-002", "g-003", "g-001"]),
            (vec![("sort", "price_down")], vec!["g-001", "g-003", "g-002"]),
            (vec![("sort", "stock_up")], vec!["g-002", "g-003", "g-001"]),
            (vec![("q", "火车")], vec![]),
        ] {
            let page = ada.get_with("/api/v1/goods", &query).await.expect(200);
            assert_eq!((ids(&page), page["total"].as_u64()), (expected.clone(), Some(expected.len() as u64)), "{query:?}");
        }
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, domain::staff::Role::Agent, "bob").await;
        assert_eq!(ids(&bob.get("/api/v1/goods").await.expect(200)), Vec::<&str>::new());
        ada.get("/api/v1/goods?state=sold").await.problem(422, "invalid_value");
        ada.get("/api/v1/goods?order=price").await.problem_at(422, "unknown_field", "order");
        app.get("/api/v1/goods").await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn who_serves_customers_looks_at_what_is_on_sale_without_the_right_to_edit_it() {
        let app = TestApp::new().await;
        let (ada, tara) = (shop(&app).await, app.staff(domain::staff::Role::Administrator, "tara").await);
        add(&ada, "phones", "远帆手机", "Farsail", 300, 20, "live").await;
        add(&ada, "phones", "近山手机", "Nearhill", 100, 3, "draft").await;
        let bob = app.agent("bob").await;
        let serves = json!({"name": "Serves", "grants": [{"permission": "desk", "reach": ["company"]}]});
        let bob = app.composed(&tara, &bob, serves).await;
        for query in ["", "?state=draft", "?q=手机"] {
            assert_eq!(ids(&bob.get(&format!("/api/v1/goods{query}")).await.expect(200)), ["g-001"], "{query}");
        }
        bob.get("/api/v1/goods?deleted=true").await.problem(403, "not_permitted");
        bob.get("/api/v1/goods/g-001").await.problem(403, "not_permitted");
        let looks_on = json!({"name": "Looks on", "grants": [{"permission": "panel", "reach": ["company"]}]});
        let cleo = app.agent("cleo").await;
        app.composed(&tara, &cleo, looks_on).await.get("/api/v1/goods").await.problem(403, "not_permitted");
    }

    #[tokio::test]
    async fn deleted_goods_are_listed_apart_with_the_day_until_which_they_are_kept() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        add(&ada, "phones", "远帆手机", "Farsail", 300, 20, "live").await;
        add(&ada, "phones", "近山手机", "Nearhill", 100, 3, "draft").await;
        add(&ada, "lamps", "晨光台灯", "Dawn lamp", 200, 9, "off").await;
        let now = app.env().now().0;
        ada.delete("/api/v1/goods/g-001").await;
        app.clock.advance(1000);
        ada.delete("/api/v1/goods/g-003").await;
        let deleted = ada.get("/api/v1/goods?deleted=true").await.expect(200);
        assert_eq!((ids(&deleted), &deleted["total"]), (vec!["g-003", "g-001"], &json!(2)));
        assert_eq!((&deleted["items"][1]["deleted_at"], &deleted["items"][1]["kept_until"]), (&json!(now), &json!(now + 30 * domain::time::DAY)));
        assert_eq!(ids(&ada.get_with("/api/v1/goods", &[("deleted", "true"), ("q", "手机")]).await.expect(200)), ["g-001"]);
        assert_eq!(ids(&ada.get_with("/api/v1/goods", &[("deleted", "true"), ("category", "lamps")]).await.expect(200)), ["g-003"]);
        let others = ada.get("/api/v1/goods").await.expect(200);
        assert_eq!((ids(&others), others["items"][0].get("kept_until")), (vec!["g-002"], None));
        ada.post("/api/v1/goods/g-001/restore", json!({})).await.expect(200);
        assert_eq!(ids(&ada.get("/api/v1/goods?deleted=true").await.expect(200)), ["g-003"]);
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, domain::staff::Role::Agent, "bob").await;
        assert_eq!(ids(&bob.get("/api/v1/goods?deleted=true").await.expect(200)), Vec::<&str>::new());
    }

    #[tokio::test]
    async fn a_walk_through_the_pages_sees_each_product_once() {
        let app = TestApp::new().await;
        let ada = shop(&app).await;
        for n in 0..60 {
            add(&ada, "phones", "甲", "A", n, n, "live").await;
        }
        let first = ada.get("/api/v1/goods?sort=price_up").await.expect(200);
        assert_eq!((ids(&first).len(), ids(&first)[49], &first["total"]), (50, "g-050", &json!(60)));
        // A product added before, and the deletion of the product the page ended with, hide and repeat nothing.
        add(&ada, "phones", "乙", "B", 0, 1, "live").await;
        let next = ada.get_with("/api/v1/goods", &[("sort", "price_up"), ("cursor", first["next"].as_str().unwrap())]).await.expect(200);
        assert_eq!((ids(&next)[0], ids(&next).len(), &next["next"]), ("g-051", 10, &Value::Null));
        for cursor in ["x", "1", "1~", "x~g-001", "-1~g-001"] {
            ada.get(&format!("/api/v1/goods?cursor={cursor}")).await.problem_at(422, "invalid_value", "cursor");
        }
    }
}
