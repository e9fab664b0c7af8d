//! `POST /api/v1/goods-pictures`: uploads a picture as the raw body.

use std::path::Path;

use axum::{
    Json,
    extract::{FromRequest as _, Request, State},
    http::StatusCode,
};
use content::goods::{MAX_PICTURE_BYTES, MAX_PICTURES};
use domain::{
    id::{PictureId, TenantId},
    policy::Permission,
    refusal::Code,
};
use http_kit::{
    App,
    auth::StaffActor,
    extract::WholeBody,
    problem::{Problem, Problems},
    raw_bytes::RawBytes,
};
use platform::durable::{self, folder_of};
use serde::Serialize;
use store_hall::goods_pictures::Taken;
use tokio::{
    fs::{self, File},
    io::AsyncWriteExt as _,
};
use utoipa::ToSchema;

use super::make::{Made, MakeError, Size, make};

/// An uploaded picture.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadedPicture {
    /// The picture's id, to be set as a product's `picture`. A picture that no product shows is deleted after a day.
    pub id: PictureId,
}

/// Uploads a picture: PNG, JPEG or WebP, at most 10 MB.
///
/// It is re-encoded in two sizes; everything else in the file, such as where it was taken, is dropped.
#[utoipa::path(post, path = "/goods-pictures", tag = "goods", security(("staff" = [])),
    request_body(content = inline(RawBytes), content_type = "application/octet-stream"), responses((status = 201, body = UploadedPicture), Problems))]
pub async fn upload_picture(State(app): State<App>, actor: StaffActor, request: Request) -> Result<(StatusCode, Json<UploadedPicture>), Problem> {
    let permitted = actor.require(Permission::EditGoods)?;
    let tenant = actor.tenant();
    // One at a time, because making a picture takes memory. The file of a client that waits takes memory too, so there has to be a place for it first.
    let place = app.in_memory().pictures.place(tenant)?;
    let WholeBody(body) = WholeBody::from_request(request, &app).await?;
    if !has_room(store_hall::goods_pictures::space_taken(&mut app.db().read_of(tenant).await?, tenant).await?, 0) {
        return Err(too_many());
    }
    let made = app.in_memory().pictures.run(place, move || make(&body)).await?.map_err(|error| match error {
        MakeError::Unreadable => Problem::invalid("picture", Code::PictureUnreadable, error.to_string()),
        MakeError::TooLarge => Problem::invalid("picture", Code::PictureTooLarge, error.to_string()),
    })?;
    let (id, now) = (PictureId::new(app.env().uuid()), app.env().now());
    keep(&app, tenant, id, &made).await?;
    let (mime, bytes) = (made.mime, made.bytes.iter().map(|bytes| i64::try_from(bytes.len()).unwrap_or(i64::MAX)).sum());
    let noted = permitted.making(&id).write(&app, move |tx| {
        Box::pin(async move {
            if !has_room(store_hall::goods_pictures::space_taken(tx, tenant).await?, bytes) {
                return Err(too_many().into());
            }
            Ok(store_hall::goods_pictures::insert(tx, tenant, id, mime, bytes, now).await?)
        })
    });
    if let Err(problem) = noted.await {
        remove(&app, tenant, id).await;
        return Err(problem);
    }
    Ok((StatusCode::CREATED, Json(UploadedPicture { id })))
}

/// Whether a company may keep another picture of this many bytes.
const fn has_room(taken: Taken, bytes: i64) -> bool {
    taken.pictures < MAX_PICTURES && taken.bytes.saturating_add(bytes) <= MAX_PICTURE_BYTES
}

fn too_many() -> Problem {
    let title = format!("a company can have at most {MAX_PICTURES} pictures and 2 GB of them; remove pictures from products; the space is free a day later");
    Problem::conflict(Code::TooManyPictures, title)
}

/// Writes both sizes durably; leaves nothing behind if one cannot be written.
async fn keep(app: &App, tenant: TenantId, id: PictureId, made: &Made) -> Result<(), Problem> {
    for (size, bytes) in Size::EACH.into_iter().zip(&made.bytes) {
        if let Err(error) = write(&app.settings().files, &super::path(app, tenant, id, size), bytes).await {
            remove(app, tenant, id).await;
            return Err(Problem::storage(error));
        }
    }
    Ok(())
}

async fn write(root: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    durable::make_folder(folder_of(path)).await?;
    let part = path.with_extension("part");
    let mut file = File::create(&part).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    durable::put(&part, path, root).await
}

/// Removes the bytes of a picture.
pub async fn remove(app: &App, tenant: TenantId, id: PictureId) {
    for size in Size::EACH {
        let path = super::path(app, tenant, id, size);
        let _ = fs::remove_file(path.with_extension("part")).await;
        let _ = fs::remove_file(path).await;
    }
}

#[cfg(test)]
mod tests {
    use content::goods::{MAX_PICTURE_BYTES, MAX_PICTURES};
    use domain::id::PictureId;
    use image::{DynamicImage, ImageFormat, RgbImage};
    use testkit_app::TestApp;

    fn png() -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(RgbImage::new(9, 9)).write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }
    /// Records this many pictures with this many bytes.
    async fn fill(app: &TestApp, pictures: i64, bytes: i64) {
        let (tenant, now) = (app.company.tenant, app.env().now());
        let ids: Vec<PictureId> = (0..pictures).map(|_| PictureId::new(app.env().uuid())).collect();
        for some in ids.chunks(500).map(<[PictureId]>::to_vec) {
            let noted = app.app().db().writer().write(db::Shard::Any, move |tx| {
                let some = some.clone();
                Box::pin(async move {
                    for id in some {
                        store_hall::goods_pictures::insert(tx, tenant, id, "image/png", bytes, now).await?;
                    }
                    Ok::<(), store::Error>(())
                })
            });
            noted.await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_company_has_so_many_pictures_and_no_more() {
        let app = TestApp::new().await;
        let ada = app.manager("ada").await;
        fill(&app, MAX_PICTURES - 1, 1).await;
        ada.upload("/api/v1/goods-pictures", "image/png", png()).await.expect(201);
        let refused = ada.upload("/api/v1/goods-pictures", "image/png", png()).await.problem(409, "too_many_pictures");
        assert!(refused["title"].as_str().unwrap().contains("remove pictures from products"), "{refused}");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, domain::staff::Role::Agent, "bob").await.upload("/api/v1/goods-pictures", "image/png", png()).await.expect(201);
    }

    #[tokio::test]
    async fn heavy_pictures_fill_the_room_too_and_leave_nothing_behind() {
        let app = TestApp::new().await;
        let ada = app.manager("ada").await;
        fill(&app, 1, MAX_PICTURE_BYTES - 1).await;
        ada.upload("/api/v1/goods-pictures", "image/png", png()).await.problem(409, "too_many_pictures");
        let folders = std::fs::read_dir(app.data().join("files")).into_iter().flatten().flatten();
        assert_eq!(folders.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten()).count(), 0);
    }

    #[tokio::test]
    async fn a_company_has_four_pictures_on_the_way_and_leaves_places_for_others() {
        let app = TestApp::new().await;
        let (ada, pictures) = (app.manager("ada").await, &app.app().in_memory().pictures);
        let mut held: Vec<_> = (0..4).map(|_| pictures.place(app.company.tenant).unwrap()).collect();
        let refused = ada.upload("/api/v1/goods-pictures", "image/png", png()).await;
        refused.problem(503, "busy");
        assert_eq!(refused.header("retry-after"), "1");
        let beta = app.other_company("beta").await;
        app.staff_of(&beta, domain::staff::Role::Agent, "bob").await.upload("/api/v1/goods-pictures", "image/png", png()).await.expect(201);
        held.pop();
        ada.upload("/api/v1/goods-pictures", "image/png", png()).await.expect(201);
    }

    #[tokio::test]
    async fn what_is_no_picture_leaves_nothing_behind() {
        let app = TestApp::new().await;
        let ada = app.manager("ada").await;
        ada.upload("/api/v1/goods-pictures", "image/png", b"<svg onload=alert(1)>".to_vec()).await.problem_at(422, "picture_unreadable", "picture");
        ada.upload("/api/v1/goods-pictures", "image/png", Vec::new()).await.problem_at(422, "picture_unreadable", "picture");
        ada.upload("/api/v1/goods-pictures", "image/png", vec![0; 10 * 1024 * 1024 + 1]).await.problem(413, "too_large");
        app.upload("/api/v1/goods-pictures", "image/png", b"x".to_vec()).await.problem(401, "not_signed_in");
        let kept = std::fs::read_dir(app.data().join("files")).map_or(0, Iterator::count);
        assert_eq!(kept, 0);
    }
}
