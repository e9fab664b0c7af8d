//! `GET /api/v1/goods-categories`

use axum::{Json, extract::State};
use domain::{policy::Permission, text::Bilingual, time::Ts};
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A category of goods, as staff see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffCategory {
    /// The category's id, such as `phone`.
    pub id: String,
    /// The name shown to customers.
    pub name: Bilingual,
    /// How many products it has, on sale or not. A category with products cannot be deleted.
    pub goods: usize,
}

/// A tag and its name.
#[derive(Debug, Serialize, ToSchema)]
pub struct GoodsTag {
    /// The tag's id, such as `5g`.
    pub id: String,
    /// The name shown to customers.
    pub name: Bilingual,
}

/// A company's categories of goods.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffCategories {
    /// Categories in the order that customers see.
    pub items: Vec<StaffCategory>,
    /// The tags that goods may carry.
    pub tags: Vec<GoodsTag>,
    /// When they were last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

/// Lists the categories of goods.
#[utoipa::path(get, path = "/goods-categories", tag = "goods", security(("staff" = [])), responses((status = 200, body = StaffCategories), Problems))]
pub async fn list_categories(State(app): State<App>, actor: StaffActor) -> Result<Json<StaffCategories>, Problem> {
    actor.require(Permission::EditGoods)?;
    let catalogue = app.catalogue(actor.tenant()).await?;
    let goods = |id: &str| catalogue.kept.iter().filter(|kept| kept.product.category == id).count();
    let frame = &catalogue.frame;
    let items = frame.categories.iter().map(|category| StaffCategory { id: category.id.clone(), name: category.name.clone(), goods: goods(&category.id) });
    let tags = frame.tag_names.iter().map(|(id, name)| GoodsTag { id: id.clone(), name: name.clone() });
    Ok(Json(StaffCategories { items: items.collect(), tags: tags.collect(), updated_at: catalogue.frame_at }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn each_company_has_its_own() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Agent, "bob").await;
        ada.post("/api/v1/goods-categories", serde_json::json!({"name": {"zh": "灯", "en": "Lamps"}})).await.expect(201);
        assert_eq!(ada.get("/api/v1/goods-categories").await.expect(200)["items"][0]["id"], "lamps");
        assert_eq!(bob.get("/api/v1/goods-categories").await.expect(200)["items"], serde_json::json!([]));
        app.get("/api/v1/goods-categories").await.problem(401, "not_signed_in");
    }
}
