//! Deleted goods, and uploads that were never used, are removed after a while.

use domain::time::DAY;
use image::{DynamicImage, ImageFormat, RgbImage};
use serde_json::json;
use testkit_app::TestApp;

#[tokio::test]
async fn what_is_not_wanted_any_more_goes_after_a_while() {
    let app = TestApp::new().await;
    let ada = app.manager("ada").await;
    let mut png = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(RgbImage::new(4, 2)).write_to(&mut png, ImageFormat::Png).unwrap();
    let picture = ada.upload("/api/v1/goods-pictures", "image/png", png.into_inner()).await.expect(201)["id"].as_str().unwrap().to_owned();
    ada.post("/api/v1/goods-categories", json!({"name": {"en": "Phones"}})).await.expect(201);
    let new = json!({"category": "phones", "name": {"en": "A"}, "price_fen": 100, "stock": 5, "picture": picture});
    ada.post("/api/v1/goods", new).await.expect(201);
    let import = ada.upload("/api/v1/goods-imports", "text/csv", b"ID,Price\ng-001,1\n".to_vec()).await.expect(201)["id"].clone();
    assert_eq!(ada.delete("/api/v1/goods/g-001").await.status.as_u16(), 204);
    let step = async || hall::jobs::forget_goods::step(app.app()).await.unwrap();
    let path = format!("/api/v1/pictures/{picture}");

    app.clock.advance(29 * DAY);
    step().await;
    assert_eq!(app.get(&path).await.status.as_u16(), 200, "a product that may come back has its picture");
    let eve = app.manager("eve").await;
    eve.get(&format!("/api/v1/goods-imports/{}", import.as_str().unwrap())).await.problem(404, "not_found");
    app.clock.advance(2 * DAY);
    step().await;
    app.get(&path).await.problem(404, "not_found");
    let mia = app.manager("mia").await;
    mia.post("/api/v1/goods/g-001/restore", json!({})).await.problem(404, "not_found");
    let tenant = app.company.tenant.uuid().as_simple().to_string();
    assert_eq!(std::fs::read_dir(app.data().join("files").join(tenant)).unwrap().count(), 0);
}

#[tokio::test]
async fn deleted_goods_are_removed_after_thirty_days_and_their_numbers_are_never_given_again() {
    let app = TestApp::new().await;
    let ada = app.manager("ada").await;
    ada.post("/api/v1/goods-categories", json!({"name": {"en": "Phones"}})).await.expect(201);
    let new = json!({"category": "phones", "name": {"en": "A"}, "price_fen": 100, "stock": 5});
    for _ in 0..2 {
        ada.post("/api/v1/goods", new.clone()).await.expect(201);
    }
    ada.delete("/api/v1/goods/g-002").await;
    app.clock.advance(30 * DAY);
    hall::jobs::forget_goods::step(app.app()).await.unwrap();
    let ada = app.manager("ada2").await;
    assert_eq!(ada.get("/api/v1/goods?deleted=true").await.expect(200)["total"], 1);
    app.clock.advance(1);
    hall::jobs::forget_goods::step(app.app()).await.unwrap();
    assert_eq!(ada.get("/api/v1/goods?deleted=true").await.expect(200)["total"], 0);
    ada.post("/api/v1/goods/g-002/restore", json!({})).await.problem(404, "not_found");
    assert_eq!(ada.get("/api/v1/goods").await.expect(200)["total"], 1);
    assert_eq!(ada.post("/api/v1/goods", new).await.expect(201)["id"], "g-003");
}

#[tokio::test]
async fn a_file_without_a_yes_goes_after_a_day() {
    let app = TestApp::new().await;
    let ada = app.manager("ada").await;
    let made = ada.upload("/api/v1/goods-imports", "text/csv", b"ID,Price\ng-1,1\n".to_vec()).await.expect(201);
    let path = format!("/api/v1/goods-imports/{}", made["id"].as_str().unwrap());
    hall::jobs::forget_goods::step(app.app()).await.unwrap();
    ada.get(&path).await.expect(200);
    app.clock.advance(DAY + 1);
    hall::jobs::forget_goods::step(app.app()).await.unwrap();
    app.manager("ada2").await.get(&path).await.problem(404, "not_found");
}
