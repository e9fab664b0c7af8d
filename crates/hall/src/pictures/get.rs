//! `GET /api/v1/pictures/{picture}`: sends a picture of goods to everybody.

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use domain::id::PictureId;
use http_kit::{
    App,
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
    raw_bytes::RawBytes,
    request_company,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::make::Size;

/// The size of the picture.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PictureQuery {
    /// The size; small by default.
    #[serde(default)]
    #[param(inline)]
    pub size: Size,
}

/// Returns a picture of goods: JPEG, or PNG if it has transparency.
///
/// The bytes of a picture never change.
#[utoipa::path(get, path = "/pictures/{picture}", tag = "sites", params(("picture" = PictureId, Path), PictureQuery),
    responses((status = 200, description = "The picture", content((inline(RawBytes) = "image/jpeg"), (inline(RawBytes) = "image/png"))), Problems))]
pub async fn get_picture(
    State(app): State<App>,
    ValidPath(picture): ValidPath<PictureId>,
    ValidQuery(query): ValidQuery<PictureQuery>,
) -> Result<Response, Problem> {
    let found = store::entry_points::picture(app.db(), picture).await?.filter(|&(tenant, _)| request_company::enter(tenant));
    let (tenant, mime) = found.ok_or_else(Problem::not_found)?;
    let bytes = tokio::fs::read(super::path(&app, tenant, picture, query.size)).await.map_err(|error| unreadable(picture, &error))?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(&mime).map_err(|error| Problem::internal(&error))?);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    Ok(response)
}

/// A picture whose bytes are missing is reported as not found; the operator learns which one.
fn unreadable(id: PictureId, error: &std::io::Error) -> Problem {
    if error.kind() == std::io::ErrorKind::NotFound {
        tracing::warn!(picture.id = %id, "the bytes of a picture are missing");
        return Problem::not_found();
    }
    Problem::internal(error)
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, ImageFormat, RgbImage};
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_products_picture_is_shown_to_everybody_until_it_is_taken_away() {
        let app = TestApp::new().await;
        let ada = app.manager("ada").await;
        let mut png = std::io::Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(RgbImage::new(400, 200)).write_to(&mut png, ImageFormat::Png).unwrap();
        let picture = ada.upload("/api/v1/goods-pictures", "image/png", png.into_inner()).await.expect(201)["id"].clone();
        ada.post("/api/v1/goods-categories", json!({"name": {"en": "Phones"}})).await.expect(201);
        let new = json!({"category": "phones", "name": {"en": "A"}, "price_fen": 100, "stock": 5, "state": "live", "picture": picture});
        let made = ada.post("/api/v1/goods", new).await.expect(201);
        assert_eq!(app.get("/api/v1/sites/alpha/goods/g-001").await.expect(200)["picture"], picture);
        let path = format!("/api/v1/pictures/{}", picture.as_str().unwrap());
        for (size, width) in [("", 320), ("?size=small", 320), ("?size=large", 400)] {
            let answer = app.get(&format!("{path}{size}")).await;
            assert_eq!((answer.header("content-type"), image::load_from_memory(&answer.body).unwrap().width()), ("image/jpeg", width), "{size}");
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        }
        app.get(&format!("{path}?size=huge")).await.problem(422, "invalid_value");
        app.get("/api/v1/pictures/pic_00000000000000000000000000000001").await.problem(404, "not_found");
        app.get("/api/v1/pictures/..%2f").await.problem(404, "not_found");
        let plain = ada.patch("/api/v1/goods/g-001", json!({"picture": null, "seen": made["updated_at"]})).await.expect(200);
        assert_eq!(plain.get("picture"), None);

        // Another company cannot show it.
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, domain::staff::Role::Manager, "bob").await;
        bob.post("/api/v1/goods-categories", json!({"name": {"en": "Phones"}})).await.expect(201);
        let stolen = json!({"category": "phones", "name": {"en": "B"}, "price_fen": 100, "stock": 5, "picture": picture});
        bob.post("/api/v1/goods", stolen).await.problem(409, "picture_unknown");

        // The picture's bytes are lost.
        assert_eq!(app.get(&path).await.status.as_u16(), 200);
        std::fs::remove_dir_all(app.data().join("files")).unwrap();
        app.get(&path).await.problem(404, "not_found");
    }
}
