//! `POST /api/v1/widget/files` and `POST /api/v1/files`: receives a file as the raw body.

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use domain::{entry::body::FileCard, policy::OverConversations, time::HOUR};
use http_kit::{
    App,
    auth::{StaffActor, VisitorActor, attempts::Limit, tally::Tally},
    extract::ValidQuery,
    problem::{Problem, Problems},
    raw_bytes::RawBytes,
};
use platform::client_address::ClientAddress;
use serde::Deserialize;
use store_desk::files::FileOwner;
use utoipa::IntoParams;

use super::accept::{self, MAX_BYTES, accept};

/// Uploads of one visitor.
const PER_VISITOR: Limit = Limit { tries: 20, within_ms: HOUR };
/// Uploads of visitors from one network address, which an office shares.
const PER_ADDRESS: Limit = Limit { tries: 200, within_ms: HOUR };

/// The name of the file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UploadQuery {
    /// The file's name on the sender's device.
    pub name: String,
}

/// Uploads a visitor's file, at most 20 MB.
#[utoipa::path(post, path = "/widget/files", tag = "files", security(("visitor" = [])), params(UploadQuery),
    request_body(content = inline(RawBytes), content_type = "application/octet-stream"), responses((status = 201, body = FileCard), Problems))]
pub async fn upload_visitor_file(
    State(app): State<App>,
    visitor: VisitorActor,
    address: ClientAddress,
    headers: HeaderMap,
    ValidQuery(query): ValidQuery<UploadQuery>,
    body: Body,
) -> Result<(StatusCode, Json<FileCard>), Problem> {
    check_length(&headers)?;
    visitor.require_unblocked(&app)?;
    let uploads = Tally::new("uploads", &app.in_memory().uploads, app.cluster().redis());
    uploads.take_of(&visitor.visitor.to_string(), PER_VISITOR, address, PER_ADDRESS, app.env().now()).await.map_err(Problem::too_many)?;
    let file = accept(&app, visitor.tenant, FileOwner::Visitor(visitor.visitor), &query.name, body).await?;
    Ok((StatusCode::CREATED, Json(file.card())))
}

/// Uploads a staff member's file, at most 20 MB.
#[utoipa::path(post, path = "/files", tag = "files", security(("staff" = [])), params(UploadQuery),
    request_body(content = inline(RawBytes), content_type = "application/octet-stream"), responses((status = 201, body = FileCard), Problems))]
pub async fn upload_staff_file(
    State(app): State<App>,
    actor: StaffActor,
    headers: HeaderMap,
    ValidQuery(query): ValidQuery<UploadQuery>,
    body: Body,
) -> Result<(StatusCode, Json<FileCard>), Problem> {
    actor.may(OverConversations::Desk)?.anywhere();
    check_length(&headers)?;
    let file = accept(&app, actor.tenant(), FileOwner::Agent(actor.staff.agent), &query.name, body).await?;
    Ok((StatusCode::CREATED, Json(file.card())))
}

/// Refuses at once a body whose declared length is too large.
fn check_length(headers: &HeaderMap) -> Result<(), Problem> {
    let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|value| value.parse::<u64>().ok());
    if said.is_some_and(|bytes| bytes > MAX_BYTES) { Err(accept::too_large()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit::{eventually, in_time};
    use testkit_app::{TestApp, VisitorClient};
    use testkit_server::{Answer, Client};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpStream,
    };

    /// A PNG of 3 by 2 pixels; the rest of it does not matter here.
    fn png() -> Vec<u8> {
        [&b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x03\x00\x00\x00\x02\x08\x06\x00\x00\x00"[..], &[7; 100]].concat()
    }
    async fn upload(client: &Client, path: &str, name: &str, bytes: Vec<u8>) -> Answer {
        let encoded: String = name.bytes().map(|b| format!("%{b:02X}")).collect();
        client.upload(&format!("{path}?name={encoded}"), "image/svg+xml", bytes).await
    }
    /// Files and folders left in the data folder's `files`.
    fn left(app: &TestApp) -> usize {
        let mut count = 0;
        let mut folders = vec![app.data().join("files")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() { folders.push(entry.path()) } else { count += 1 }
            }
        }
        count
    }

    #[tokio::test]
    async fn a_file_is_what_its_bytes_say() {
        let app = TestApp::new().await;
        let (visitor, ada) = (app.visitor().await, app.agent("ada").await);
        for (client, path) in [(&*visitor, "/api/v1/widget/files"), (&*ada, "/api/v1/files")] {
            let image = upload(client, path, "照片.png", png()).await.expect(201);
            assert_eq!((&image["name"], &image["mime"], &image["width"], &image["height"]), (&json!("照片.png"), &json!("image/png"), &json!(3), &json!(2)));
            let numbered = upload(client, path, "card 4111111111111111.png", png()).await.expect(201);
            assert_eq!(numbered["name"], "card •••• 1111.png");
            let svg = upload(client, path, "x.svg", b"<svg onload=alert(1)>".to_vec()).await.expect(201);
            assert_eq!((&svg["mime"], svg.get("width")), (&json!("application/octet-stream"), None));
        }
        assert_eq!(left(&app), 6);
    }

    #[tokio::test]
    async fn what_is_refused_leaves_nothing_behind() {
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        upload(&visitor, "/api/v1/widget/files", "a.txt", Vec::new()).await.problem(422, "upload_empty");
        upload(&visitor, "/api/v1/widget/files", "a.png", b"MZ\x90\x00\x03".to_vec()).await.problem(422, "upload_refused");
        upload(&visitor, "/api/v1/widget/files", "a.txt.exe", b"hello".to_vec()).await.problem(422, "upload_refused");
        upload(&visitor, "/api/v1/widget/files", "a.bin", vec![0; 20 * 1024 * 1024 + 1]).await.problem(413, "too_large");
        upload(&visitor, "/api/v1/widget/files", "a.exe\u{200b}", b"hello".to_vec()).await.problem(422, "upload_refused");
        visitor.upload("/api/v1/widget/files", "text/plain", b"x".to_vec()).await.problem_at(422, "missing_field", "name");
        app.upload("/api/v1/widget/files?name=a", "text/plain", b"x".to_vec()).await.problem(401, "not_signed_in");
        app.upload("/api/v1/files?name=a", "text/plain", b"x".to_vec()).await.problem(401, "not_signed_in");
        assert_eq!(left(&app), 0);
    }

    #[tokio::test]
    async fn a_chunked_body_is_cut_off_at_the_limit() {
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        let chunks = futures_util::stream::iter((0..21).map(|_| Ok::<_, std::io::Error>(vec![0_u8; 1024 * 1024])));
        let request = visitor.request(reqwest::Method::POST, "/api/v1/widget/files?name=a.bin").body(reqwest::Body::wrap_stream(chunks));
        visitor.send(request).await.problem(413, "too_large");
        assert_eq!(left(&app), 0);
    }

    #[tokio::test]
    async fn a_visitor_uploads_twenty_files_an_hour() {
        let app = TestApp::new().await;
        let (visitor, other) = (app.visitor().await, app.visitor().await);
        for _ in 0..20 {
            upload(&visitor, "/api/v1/widget/files", "a.txt", b"x".to_vec()).await.expect(201);
        }
        let refused = upload(&visitor, "/api/v1/widget/files", "a.txt", b"x".to_vec()).await;
        refused.problem(429, "too_many_requests");
        assert_eq!(refused.header("retry-after"), "3600");
        upload(&other, "/api/v1/widget/files", "a.txt", b"x".to_vec()).await.expect(201);
    }

    #[tokio::test]
    async fn a_company_keeps_so_many_bytes_of_files_and_no_more() {
        let app = TestApp::with_room_for(10).await;
        let (visitor, ada) = (app.visitor().await, app.agent("ada").await);
        upload(&visitor, "/api/v1/widget/files", "a.txt", b"123456".to_vec()).await.expect(201);
        upload(&ada, "/api/v1/files", "b.txt", b"12345".to_vec()).await.problem(409, "files_full");
        upload(&ada, "/api/v1/files", "b.txt", b"1234".to_vec()).await.expect(201);
        upload(&visitor, "/api/v1/widget/files", "c.txt", b"1".to_vec()).await.problem(409, "files_full");
        assert_eq!(left(&app), 2);
        let beta = app.other_company("beta").await;
        let other = app.visitor_of(&beta).await;
        upload(&other, "/api/v1/widget/files", "a.txt", b"123456".to_vec()).await.expect(201);
    }

    #[tokio::test]
    async fn the_limit_of_a_company_counts_where_it_is_lower_than_that_of_all() {
        let app = TestApp::with_room_for(10).await;
        let ada = app.agent("ada").await;
        app.limited(store::limits::Limits { storage: Some(5), ..Default::default() }).await;
        upload(&ada, "/api/v1/files", "a.txt", b"123456".to_vec()).await.problem(409, "files_full");
        upload(&ada, "/api/v1/files", "a.txt", b"12345".to_vec()).await.expect(201);
        app.limited(store::limits::Limits { storage: Some(100), ..Default::default() }).await;
        upload(&ada, "/api/v1/files", "b.txt", b"123456".to_vec()).await.problem(409, "files_full");
        upload(&ada, "/api/v1/files", "b.txt", b"12345".to_vec()).await.expect(201);
    }

    /// Begins an upload that declares its length.
    async fn begin(app: &TestApp, visitor: &VisitorClient, length: usize, bytes: &[u8]) -> TcpStream {
        let address = app.base.trim_start_matches("http://");
        let mut connection = TcpStream::connect(address).await.unwrap();
        let token = visitor.session["token"].as_str().unwrap();
        let head = format!(
            "POST /api/v1/widget/files?name=a.png HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nContent-Length: {length}\r\n\r\n"
        );
        connection.write_all(head.as_bytes()).await.unwrap();
        connection.write_all(bytes).await.unwrap();
        connection
    }
    /// Waits until there are this many finished and unfinished uploads with this many bytes.
    async fn there(app: &TestApp, done: usize, half_done: usize, bytes: u64) {
        let folder = app.data().join("files").join(app.company.tenant.uuid().as_simple().to_string());
        eventually("the files are there", async || {
            let files: Vec<_> = std::fs::read_dir(&folder).into_iter().flatten().flatten().collect();
            let halves = files.iter().filter(|file| file.path().extension().is_some_and(|extension| extension == "part")).count();
            let weight: u64 = files.iter().filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum();
            (files.len() - halves == done && halves == half_done && weight == bytes).then_some(())
        })
        .await;
    }
    /// Hangs up and waits until the server has noticed.
    async fn hang_up(mut connection: TcpStream) {
        connection.shutdown().await.unwrap();
        let mut told = Vec::new();
        in_time("the server hangs up too", connection.read_to_end(&mut told)).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&told), "");
    }

    #[tokio::test]
    async fn who_hangs_up_leaves_nothing_half_done_behind() {
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        let connection = begin(&app, &visitor, 1000, &png()).await;
        there(&app, 0, 1, png().len() as u64).await;
        drop(connection);
        there(&app, 0, 0, 0).await;

        // The whole file has arrived and waits to be cleaned when its sender disconnects.
        let turn = app.app().in_memory().strips.turn().await.unwrap();
        let connection = begin(&app, &visitor, png().len(), &png()).await;
        there(&app, 0, 1, png().len() as u64).await;
        hang_up(connection).await;
        drop(turn);
        let clean = upload(&visitor, "/api/v1/widget/files", "a.png", png()).await.expect(201)["size"].as_u64().unwrap();
        there(&app, 2, 0, 2 * clean).await;
        eventually("what is on the disk is in the record", async || {
            let kept = store_desk::files::bytes(&mut app.app().db().read().await.unwrap(), app.company.tenant).await.unwrap();
            (kept.cast_unsigned() == 2 * clean).then_some(())
        })
        .await;
    }

    #[tokio::test]
    async fn a_picture_that_is_sent_waits_for_none_of_the_goods_and_not_without_end() {
        let app = TestApp::new().await;
        let (visitor, shared) = (app.visitor().await, app.app().in_memory());
        let goods = shared.pictures.turn().await.unwrap();
        upload(&visitor, "/api/v1/widget/files", "a.png", png()).await.expect(201);
        drop(goods);
        let places: Vec<_> = (0..32).map(|_| shared.strips.place(app.company.tenant).unwrap()).collect();
        upload(&visitor, "/api/v1/widget/files", "a.png", png()).await.problem(503, "busy");
        assert_eq!(left(&app), 1);
        drop(places);
        upload(&visitor, "/api/v1/widget/files", "a.png", png()).await.expect(201);
    }

    #[tokio::test]
    async fn what_is_on_its_way_takes_room() {
        let app = TestApp::with_room_for(1000).await;
        let (visitor, ada) = (app.visitor().await, app.agent("ada").await);
        let mut connection = begin(&app, &visitor, 900, &[b'x'; 600]).await;
        there(&app, 0, 1, 600).await;
        upload(&ada, "/api/v1/files", "b.txt", vec![b'x'; 401]).await.problem(409, "files_full");
        upload(&ada, "/api/v1/files", "b.txt", vec![b'x'; 200]).await.expect(201);
        connection.write_all(&[b'x'; 300]).await.unwrap();
        let mut told = String::new();
        in_time("the answer", connection.read_to_string(&mut told)).await.unwrap();
        assert!(told.starts_with("HTTP/1.1 409 ") && told.contains("files_full"), "{told}");
        there(&app, 1, 0, 200).await;
        upload(&ada, "/api/v1/files", "c.txt", vec![b'x'; 800]).await.expect(201);
    }

    /// A photo of 4 by 2 pixels that says where it was taken.
    fn photo() -> Vec<u8> {
        use image::{ImageEncoder as _, codecs::jpeg::JpegEncoder};
        let mut photo = Vec::new();
        let mut encoder = JpegEncoder::new(&mut photo);
        encoder.set_exif_metadata(b"II*\0\x08\0\0\0\0\0\0\0\0\0GPS 31.2304 N".to_vec()).unwrap();
        encoder.encode_image(&image::RgbImage::new(4, 2)).unwrap();
        assert!(tells(&photo));
        photo
    }
    /// Whether a picture says where it was taken.
    fn tells(bytes: &[u8]) -> bool {
        bytes.windows(3).any(|window| window == b"GPS")
    }

    #[tokio::test]
    async fn a_picture_goes_on_without_the_place_it_was_taken_at() {
        let photo = photo();
        let app = TestApp::new().await;
        let (visitor, ada) = (app.visitor().await, app.agent("ada").await);
        for (client, path) in [(&*visitor, "/api/v1/widget/files"), (&*ada, "/api/v1/files")] {
            let sent = upload(client, path, "a.jpg", photo.clone()).await.expect(201);
            assert_eq!((&sent["mime"], &sent["width"], &sent["height"]), (&json!("image/jpeg"), &json!(4), &json!(2)));
            let got = client.get(&format!("/api/v1/files/{}", sent["id"].as_str().unwrap())).await;
            assert!(got.status.is_success() && !tells(&got.body));
            assert_eq!((sent["size"].as_u64(), got.header("content-length")), (Some(got.body.len() as u64), got.body.len().to_string().as_str()));
            assert_eq!((image::load_from_memory(&got.body).unwrap().width(), sent["size"].as_u64() < Some(photo.len() as u64)), (4, true));
        }
    }

    #[tokio::test]
    async fn a_picture_tells_no_place_however_large_it_is_and_however_much_stands_before_it() {
        let photo = photo();
        let frame = photo.windows(4).position(|window| window == [0xff, 0xc0, 0, 17]).unwrap();
        let mut huge = photo.clone();
        huge[frame + 5..frame + 9].copy_from_slice(&[0x17, 0x70, 0x17, 0x70]);
        let words = [&[0xff, 0xed, 0xff, 0xff], &b"GPS"[..], &[7; 0xfffd - 3]].concat();
        let late = [&photo[..2], &words.repeat(9), &photo[2..]].concat();
        assert!(late.len() > 512 * 1024);
        let gif = [&b"GIF89a\x10\x27\x10\x27\0\0\0"[..], &[0x21, 0xfe, 3], b"GPS", &[0, 0x3b]].concat();
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        for (name, bytes, mime, width) in [
            ("huge.jpg", huge, "application/octet-stream", None),
            ("late.jpg", late, "image/jpeg", Some(4)),
            ("huge.gif", gif, "application/octet-stream", None),
        ] {
            assert!(tells(&bytes));
            let sent = upload(&visitor, "/api/v1/widget/files", name, bytes).await.expect(201);
            assert_eq!((sent["mime"].as_str(), sent["width"].as_i64()), (Some(mime), width), "{name}");
            let got = visitor.get(&format!("/api/v1/files/{}", sent["id"].as_str().unwrap())).await;
            assert!(got.status.is_success() && !got.body.is_empty() && !tells(&got.body), "{name}");
        }
    }
}
