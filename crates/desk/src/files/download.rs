//! `GET /api/v1/files/{id}`: sends a file in a form in which it can do no harm.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::{
    id::{FileId, TenantId},
    policy::{Staff, may_read},
};
use http_kit::{
    App,
    auth::{Caller, CustomerActor, VisitorActor, customer::customer_of, program, staff_of},
    extract::ValidPath,
    file_body::file_body,
    problem::{Problem, Problems},
    raw_bytes::RawBytes,
};
use platform::{client_address::ClientAddress, files::sniff::SHOWN};
use store_desk::files::{FileOwner, StoredFile};
use tokio::fs::File;

use super::{accept, name};

/// No scripts, plugins or frames, whatever the bytes are.
const INERT: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'");

/// Returns a file's bytes.
///
/// Small images are shown inline; all other files are downloaded.
#[utoipa::path(get, path = "/files/{id}", tag = "files", security(("visitor" = []), ("staff" = []), ("customer" = [])), params(("id" = FileId, Path)),
    responses(
        (status = 200, description = "The file: an image that is shown in place under its own type, all else as bytes to download", content(
            (inline(RawBytes) = "application/octet-stream"),
            (inline(RawBytes) = "image/png"),
            (inline(RawBytes) = "image/jpeg"),
            (inline(RawBytes) = "image/gif"),
            (inline(RawBytes) = "image/webp"),
        )),
        (status = 304, description = "The file is the one that `If-None-Match` names"),
        Problems,
    ))]
pub async fn get_file(State(app): State<App>, from: ClientAddress, headers: HeaderMap, ValidPath(id): ValidPath<FileId>) -> Result<Response, Problem> {
    let is_of_visitor = headers.contains_key(header::AUTHORIZATION) && program::token(&headers).is_none();
    let (tenant, file) = if is_of_visitor {
        let visitor = VisitorActor::of(&app, &headers).await?;
        (visitor.tenant, for_visitor(&app, &visitor, id).await?)
    } else if let Some(Caller { staff, .. }) = staff_of(&app, &headers, from).await? {
        (staff.tenant, for_staff(&app, &staff, id).await?)
    } else {
        let actor = customer_of(&app, &headers).await?.ok_or_else(Problem::not_signed_in)?;
        (actor.tenant, for_customer(&app, actor, id).await?)
    };
    answer(&app, &headers, tenant, &file).await
}

/// A visitor may read their own uploads and the files sent in their conversations on this site, except those of staff notes.
async fn for_visitor(app: &App, visitor: &VisitorActor, id: FileId) -> Result<StoredFile, Problem> {
    let mut tx = app.db().read_of(visitor.tenant).await?;
    let file = store_desk::files::get(&mut tx, visitor.tenant, id).await?;
    let Some(conversation) = file.conversation.filter(|_| !file.is_private) else {
        return if file.owner == FileOwner::Visitor(visitor.visitor) { Ok(file) } else { Err(Problem::not_found()) };
    };
    let conversation = store::conversations::get(&mut tx, visitor.tenant, conversation).await?;
    if conversation.visitor == visitor.visitor && conversation.site == visitor.site { Ok(file) } else { Err(Problem::not_found()) }
}

/// Staff may read their own uploads and the files sent in conversations they may read.
async fn for_staff(app: &App, staff: &Staff, id: FileId) -> Result<StoredFile, Problem> {
    let mut tx = app.db().read_of(staff.tenant).await?;
    let file = store_desk::files::get(&mut tx, staff.tenant, id).await?;
    if file.owner == FileOwner::Agent(staff.agent) {
        return Ok(file);
    }
    let conversation = file.conversation.ok_or_else(Problem::not_found)?;
    let conversation = store::conversations::get(&mut tx, staff.tenant, conversation).await?;
    if may_read(staff, &conversation) { Ok(file) } else { Err(Problem::not_found()) }
}

/// A customer may read the files sent in their conversations, except those of staff notes.
async fn for_customer(app: &App, actor: CustomerActor, id: FileId) -> Result<StoredFile, Problem> {
    let mut tx = app.db().read_of(actor.tenant).await?;
    let file = store_desk::files::get(&mut tx, actor.tenant, id).await?;
    actor.require_own(&mut tx, file.conversation.filter(|_| !file.is_private).ok_or_else(Problem::not_found)?).await?;
    Ok(file)
}

/// A file whose bytes are missing, such as after a backup was restored without them, is reported as not found; the operator learns which one.
fn unreadable(id: FileId, error: &std::io::Error) -> Problem {
    if error.kind() == std::io::ErrorKind::NotFound {
        tracing::warn!(file.id = %id, "the bytes of a file are missing");
        return Problem::not_found();
    }
    Problem::internal(error)
}

async fn answer(app: &App, asked: &HeaderMap, tenant: TenantId, file: &StoredFile) -> Result<Response, Problem> {
    let text = |value: &str| HeaderValue::from_str(value).map_err(|error| Problem::internal(&error));
    // The content of a file never changes.
    let tag = text(&format!("\"{}\"", file.id.uuid().as_simple()))?;
    if asked.get(header::IF_NONE_MATCH) == Some(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag), (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"))]).into_response());
    }
    let bytes = File::open(accept::path(app, tenant, file.id)).await.map_err(|error| unreadable(file.id, &error))?;
    let shown = file.dimensions.is_some() && SHOWN.contains(&file.mime.as_str());
    let mut response = file_body(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, text(if shown { &file.mime } else { "application/octet-stream" })?);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size));
    headers.insert(header::CONTENT_DISPOSITION, text(&name::disposition(if shown { "inline" } else { "attachment" }, &file.name))?);
    headers.insert(header::CONTENT_SECURITY_POLICY, INERT);
    // A browser may keep it, but asks each time whether it may still show it: a user who has signed out may not see it.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::ETAG, tag);
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;
    use testkit_server::{Client, Realtime};

    async fn upload(client: &Client, path: &str, name: &str, bytes: &[u8]) -> String {
        let answer = client.upload(&format!("{path}?name={name}"), "application/octet-stream", bytes.to_vec()).await.expect(201);
        answer["id"].as_str().unwrap().to_owned()
    }
    const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

    #[tokio::test]
    async fn images_are_shown_and_all_else_is_downloaded_inert() {
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        for (name, bytes, mime, disposition) in [
            ("a.gif", GIF, "image/gif", "inline; filename=\"a.gif\"; filename*=UTF-8''a.gif"),
            ("a.html", &b"<script>alert(1)</script>"[..], "application/octet-stream", "attachment; filename=\"a.html\"; filename*=UTF-8''a.html"),
            ("a.svg", &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], "application/octet-stream", "attachment; filename=\"a.svg\"; filename*=UTF-8''a.svg"),
            ("a.pdf", &b"%PDF-1.7 /JS"[..], "application/octet-stream", "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"),
        ] {
            let id = upload(&visitor, "/api/v1/widget/files", name, bytes).await;
            let answer = visitor.get(&format!("/api/v1/files/{id}")).await;
            assert_eq!((answer.status.as_u16(), &answer.body[..]), (200, bytes), "{name}");
            assert_eq!((answer.header("content-type"), answer.header("content-disposition")), (mime, disposition), "{name}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert!(answer.header("content-security-policy").starts_with("sandbox; default-src 'none'"));
        }
    }

    #[tokio::test]
    async fn a_file_is_read_by_its_sender_and_by_those_who_may_read_its_conversation() {
        let app = TestApp::new().await;
        let (visitor, stranger) = (app.visitor().await, app.visitor().await);
        let (manager, agent) = (app.manager("mira").await, app.agent("ada").await);
        let beta = app.other_company("beta").await;
        let (foreign, foreign_visitor) = (app.staff_of(&beta, domain::staff::Role::Administrator, "bob").await, app.visitor_of(&beta).await);
        let id = upload(&visitor, "/api/v1/widget/files", "a.gif", GIF).await;
        let path = format!("/api/v1/files/{id}");
        visitor.get(&path).await.expect_bytes(GIF);
        manager.get(&path).await.problem(404, "not_found");

        let conversation = domain::id::ConversationId::new(app.env().uuid()).to_string();
        let mut chat = Realtime::connect(&app).await;
        chat.send(&json!({"t": "hello", "version": 1, "token": visitor.session["token"], "cursors": {}})).await;
        chat.until("welcome").await;
        let client_id = app.env().uuid().to_string();
        let body = json!({"type": "file", "file": id});
        chat.send(&json!({"t": "send", "conversation": conversation, "client_id": client_id, "body": body, "open": {"lang": "en"}})).await;
        chat.until("ok").await;

        manager.get(&path).await.expect_bytes(GIF);
        for other in [&*agent, &*foreign, &*stranger, &*foreign_visitor] {
            other.get(&path).await.problem(404, "not_found");
        }
        app.get(&path).await.problem(401, "not_signed_in");
        app.with_token("wrong").get(&path).await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn a_note_s_file_is_read_by_the_staff_alone_until_it_is_sent() {
        let app = TestApp::new().await;
        let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
        let customer = app.customer("kim@example.com").await;
        let chat = app.widget_of(&customer, None).await;
        let conversation = chat.open("where is my order").await;
        chat.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        let acts = async |body: serde_json::Value| {
            let frame = json!({"t": "send", "conversation": conversation, "client_id": app.env().uuid(), "body": body});
            ada.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0].clone()
        };
        acts(json!({"type": "take"})).await;
        let id = upload(&ada, "/api/v1/files", "a.gif", GIF).await;
        let path = format!("/api/v1/files/{id}");
        assert_eq!(acts(json!({"type": "note", "text": "", "files": [id]})).await["t"], "ok");
        mira.get(&path).await.expect_bytes(GIF);
        chat.get(&path).await.problem(404, "not_found");
        customer.get(&path).await.problem(404, "not_found");
        // A file uploaded by the customer cannot be attached by anybody else, and a note has at most ten files.
        let theirs = upload(&chat, "/api/v1/widget/files", "b.gif", GIF).await;
        assert_eq!(acts(json!({"type": "note", "text": "", "files": [theirs]})).await["code"], "not_found");
        assert_eq!(acts(json!({"type": "note", "text": "x", "files": vec![id.clone(); 11]})).await["code"], "too_many_files");
        assert_eq!(acts(json!({"type": "note", "text": "", "files": []})).await["code"], "text_empty");
        chat.get(&path).await.problem(404, "not_found");

        assert_eq!(acts(json!({"type": "file", "file": id})).await["t"], "ok");
        chat.get(&path).await.expect_bytes(GIF);
        customer.get(&path).await.expect_bytes(GIF);
    }

    #[tokio::test]
    async fn staff_read_their_own_uploads() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.agent("ada").await, app.agent("eve").await);
        let id = upload(&ada, "/api/v1/files", "a.gif", GIF).await;
        ada.get(&format!("/api/v1/files/{id}")).await.expect_bytes(GIF);
        eve.get(&format!("/api/v1/files/{id}")).await.problem(404, "not_found");
        ada.get("/api/v1/files/fil_00000000000000000000000000000001").await.problem(404, "not_found");
        // The file's bytes are lost.
        let folder = app.data().join("files").join(app.company.tenant.uuid().as_simple().to_string());
        std::fs::remove_dir_all(folder).unwrap();
        ada.get(&format!("/api/v1/files/{id}")).await.problem(404, "not_found");
    }

    #[tokio::test]
    async fn a_browser_asks_each_time_whether_it_may_still_show_a_file() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let path = format!("/api/v1/files/{}", upload(&ada, "/api/v1/files", "a.gif", GIF).await);
        let first = ada.get(&path).await;
        assert_eq!(first.header("cache-control"), "private, no-cache");
        let again = || ada.send(ada.request(reqwest::Method::GET, &path).header("if-none-match", first.header("etag")));
        let unchanged = again().await;
        assert_eq!((unchanged.status.as_u16(), unchanged.body.len(), unchanged.header("etag")), (304, 0, first.header("etag")));
        ada.send(ada.request(reqwest::Method::GET, &path).header("if-none-match", "\"another\"")).await.expect_bytes(GIF);
        assert_eq!(ada.delete("/api/v1/auth/sessions/current").await.status.as_u16(), 204);
        again().await.problem(401, "not_signed_in");
    }
}
