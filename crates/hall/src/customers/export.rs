//! `GET /api/v1/customer/export`: returns all conversations that a customer has ever had with the company, and what is noted of the customer's interests, as one
//! download.

use std::collections::VecDeque;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use db::journal;
use domain::{
    conversation::State as ConversationState,
    id::ConversationId,
    journal::View,
    refusal::Code,
    stream::{StreamKind, StreamName},
    time::Ts,
};
use futures_util::stream;
use http_kit::{
    App,
    auth::CustomerActor,
    extract::ValidQuery,
    person_copy::{self, For, Person},
    problem::{Problem, Problems},
    raw_bytes::RawBytes,
};
use jiff::tz::TimeZone;
use serde::Deserialize;
use service::recommend::noted::interests_of;
use store_hall::customer_visitors::OwnRow;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wire::{
    encode::{self, Reader},
    entries::Entry,
};

use super::{
    interest::ExportedInterest,
    readable::{self, ExportFormat, Form, Format},
    view::CustomerView,
};

/// Conversations looked up at a time during the download.
const CONVERSATIONS_AT_ONCE: i64 = 20;
/// Entries read at a time, and written as one piece.
const ENTRIES_AT_ONCE: i64 = 50;

/// The format of the export.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportOwn {
    /// The format: `json`, `html`, or `zip` for everything that is kept, with the files.
    #[param(value_type = ExportFormat)]
    pub format: String,
}

/// A customer's interests and conversations as a file for programs. The file is written piece by piece ([`readable`]); this type describes its form.
#[derive(Debug, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct OwnExport {
    /// The name of the company, in the customer's language.
    pub company: String,
    /// When the file was made.
    pub exported_at: Ts,
    /// The customer they belong to.
    pub customer: CustomerView,
    /// Everything else that is kept about the customer, by what it is: contacts, sessions, what they agreed to, and so on.
    #[schema(value_type = Object)]
    pub kept: serde_json::Map<String, serde_json::Value>,
    /// What is noted for recommendations, latest first.
    pub interests: Vec<ExportedInterest>,
    /// All conversations, most recently opened first.
    pub conversations: Vec<ExportedConversation>,
}

/// A conversation in the file.
#[derive(Debug, ToSchema)]
#[cfg_attr(test, derive(Deserialize))]
pub struct ExportedConversation {
    /// The conversation's id.
    pub id: ConversationId,
    /// When the conversation was opened.
    pub created_at: Ts,
    /// The state of the conversation.
    #[schema(value_type = ConversationState)]
    pub state: String,
    /// The latest rating; 1 is the worst.
    #[schema(required)]
    pub score: Option<i64>,
    /// Everything in it that customers see, in order.
    pub entries: Vec<Entry>,
}

/// Returns all of the customer's own conversations with every public message as a file, most recently opened first, and what is noted for recommendations.
#[utoipa::path(get, path = "/customer/export", tag = "customers", security(("customer" = [])), params(ExportOwn),
    responses((status = 200, content((OwnExport = "application/json"), (String = "text/html"), (inline(RawBytes) = "application/zip"))), Problems))]
pub async fn export_own_conversations(
    State(app): State<App>,
    actor: CustomerActor,
    ValidQuery(ExportOwn { format }): ValidQuery<ExportOwn>,
) -> Result<Response, Problem> {
    let form = match format.as_str() {
        "json" => Form::Json,
        "html" => Form::Html,
        "zip" => return everything(&app, actor).await,
        _ => return Err(Problem::invalid("format", Code::InvalidValue, "the format must be `json`, `html` or `zip`")),
    };
    let customer = CustomerView::read(&app, actor.tenant, actor.customer).await?;
    let catalogue = app.catalogue(actor.tenant).await?;
    let mut tx = app.db().read_of(actor.tenant).await?;
    let tenant = store::tenants::get(&mut tx, actor.tenant).await?;
    let interests = interests_of(&mut tx, actor.tenant, actor.customer, &catalogue).await?.into_iter().map(ExportedInterest::from).collect::<Vec<_>>();
    let person = Person::customer(&mut tx, actor.tenant, actor.customer).await?;
    let kept = person_copy::about(&mut tx, &app.vault(), actor.tenant, &person, For::Person).await?;
    drop(tx);
    let zone = TimeZone::get(&tenant.time_zone).unwrap_or(TimeZone::UTC);
    let as_written = Format { form, lang: customer.lang, zone };
    let company = tenant.name.get(customer.lang);
    let begin = readable::beginning(&as_written, &customer, company, (&kept, &interests), app.env().now()).map_err(|error| Problem::internal(&error))?;
    let (mime, name) = match form {
        Form::Json => ("application/json", "attachment; filename=\"conversations.json\""),
        Form::Html => ("text/html; charset=utf-8", "attachment; filename=\"conversations.html\""),
    };
    let mut response = Body::from_stream(pieces(app, actor, as_written, begin)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    Ok(response)
}

/// Everything that is kept about the customer, in the form in which the staff can download it, without what only the staff sees.
async fn everything(app: &App, actor: CustomerActor) -> Result<Response, Problem> {
    let mut tx = app.db().read_of(actor.tenant).await?;
    let company = store::tenants::get(&mut tx, actor.tenant).await?;
    let person = Person::customer(&mut tx, actor.tenant, actor.customer).await?;
    drop(tx);
    person_copy::answer(app, actor.tenant, company.name, person, For::Person, |entry| encode::entry(entry, Reader::Customer))
}

/// The state of a download.
struct Download {
    app: App,
    actor: CustomerActor,
    format: Format,
    begin: Option<String>,
    /// Conversations that were found and are not written completely yet.
    found: VecDeque<OwnRow>,
    /// The place after which more are looked up; `None` when there are no more.
    before: Option<(Ts, Uuid)>,
    /// How far the first of those found is written, and whether an entry of it is; `None` before its beginning.
    within: Option<(i64, bool)>,
    is_first: bool,
    is_done: bool,
}

/// The download, piece by piece: however much there is, only one page of one conversation is in memory.
fn pieces(app: App, actor: CustomerActor, format: Format, begin: String) -> impl futures_util::Stream<Item = Result<String, db::Error>> + Send {
    let before = Some((Ts(i64::MAX), Uuid::max()));
    let download = Download { app, actor, format, begin: Some(begin), found: VecDeque::new(), before, within: None, is_first: true, is_done: false };
    stream::unfold(download, |mut download| async move {
        if download.is_done {
            return None;
        }
        let piece = download.next().await;
        download.is_done |= piece.is_err();
        Some((piece, download))
    })
}

impl Download {
    async fn next(&mut self) -> Result<String, db::Error> {
        if let Some(begin) = self.begin.take() {
            return Ok(begin);
        }
        if self.found.is_empty() {
            self.look().await?;
        }
        let Some(row) = self.found.pop_front() else {
            self.is_done = true;
            return Ok(readable::end(&self.format).to_owned());
        };
        let text = self.page(&row).await?;
        if self.within.is_some() {
            self.found.push_front(row);
        }
        Ok(text)
    }

    /// Looks up the next conversations.
    async fn look(&mut self) -> Result<(), db::Error> {
        let Some(before) = self.before else { return Ok(()) };
        let mut tx = self.app.db().read_of(self.actor.tenant).await?;
        let rows = store_hall::customer_visitors::conversations(&mut tx, self.actor.tenant, self.actor.customer, before, CONVERSATIONS_AT_ONCE)
            .await
            .map_err(plain)?;
        self.before = rows.last().filter(|_| rows.len() as i64 == CONVERSATIONS_AT_ONCE).map(|last| (Ts(last.created_at), last.id));
        self.found = rows.into();
        Ok(())
    }

    /// The next page of a conversation, with its beginning or its end where that is due.
    async fn page(&mut self, row: &OwnRow) -> Result<String, db::Error> {
        let (mut text, (after, mut is_begun)) = match self.within {
            Some(within) => (String::new(), within),
            None => (readable::opening(&self.format, row, self.is_first), (0, false)),
        };
        self.is_first = false;
        let stream = StreamName { kind: StreamKind::Conversation, id: row.id };
        let mut tx = self.app.db().read_of(self.actor.tenant).await?;
        // A customer who has been signed out in the meantime reads no further.
        if !store_hall::customer_sessions::lives(&mut tx, self.actor.tenant, self.actor.session).await.map_err(plain)? {
            return Err(db::Error::Busy);
        }
        let entries = journal::page(&mut tx, self.actor.tenant, stream, View::Customer, after, ENTRIES_AT_ONCE).await?;
        for entry in &entries {
            if let Some(json) = encode::entry(entry, Reader::Customer) {
                text.push_str(&readable::entry(&self.format, entry, &json, !is_begun));
                is_begun = true;
            }
        }
        let is_last = (entries.len() as i64) < ENTRIES_AT_ONCE;
        self.within = (!is_last).then(|| (entries.last().and_then(|entry| entry.pseq).unwrap_or(after), is_begun));
        if is_last {
            text.push_str(readable::closing(&self.format));
        }
        Ok(text)
    }
}

fn plain(error: store::Error) -> db::Error {
    match error {
        store::Error::Db(error) => error,
        other => db::Error::Corrupt(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    #[tokio::test]
    async fn everything_that_was_said_is_in_one_file_for_programs_and_for_people() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.customer("ada@example.com").await, app.customer("eve@example.com").await);
        let chat = app.widget_of(&ada, None).await;
        for n in 0..25 {
            app.clock.advance(1_000);
            let conversation = chat.open(&format!("<b>question</b> & {n}")).await;
            chat.say(&conversation, false, json!({"type": "end"})).await;
        }
        let file = ada.get("/api/v1/customer/export?format=json").await;
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"conversations.json\"");
        let json = file.expect(200);
        // The file is what the API document describes, and nothing else.
        let typed: super::OwnExport = serde_json::from_value(json.clone()).unwrap();
        assert_eq!((typed.conversations.len(), typed.company.as_str()), (25, json["company"].as_str().unwrap()));
        let fields = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let document: Value = serde_json::from_str(&server::openapi::json()).unwrap();
        assert_eq!(json["interests"], json!([]), "nothing was noted");
        assert_eq!(json["kept"]["customer_identifiers"][0]["identifier"], "ada@example.com");
        for (written, schema) in [(&json, "OwnExport"), (&json["conversations"][0], "ExportedConversation")] {
            assert_eq!(fields(written), fields(&document["components"]["schemas"][schema]["properties"]));
        }
        assert_eq!((json["conversations"].as_array().unwrap().len(), &json["customer"]["email"]), (25, &json!("ada@example.com")));
        let words = |conversation: &Value| conversation["entries"].as_array().unwrap().iter().any(|entry| entry["body"]["text"] == "<b>question</b> & 24");
        assert!(words(&json["conversations"][0]), "{json}");
        let page = ada.get("/api/v1/customer/export?format=html").await;
        let html = String::from_utf8(page.body.clone()).unwrap();
        assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"));
        assert!(html.contains("&lt;b&gt;question&lt;/b&gt; &amp; 0") && html.contains("&amp; 24") && !html.contains("<b>question"), "{html}");
        // A long conversation is read page by page, and is complete.
        app.clock.advance(1_000);
        let long = chat.open("the first of many").await;
        for n in 0..120 {
            chat.say(&long, false, json!({"type": "text", "text": format!("line {n}")})).await;
        }
        let json = ada.get("/api/v1/customer/export?format=json").await.expect(200);
        let entries = json["conversations"][0]["entries"].as_array().unwrap();
        let said: Vec<&str> = entries.iter().filter_map(|entry| entry["body"]["text"].as_str()).filter(|text| text.starts_with("line ")).collect();
        assert_eq!(said, (0..120).map(|n| format!("line {n}")).collect::<Vec<_>>());
        assert_eq!(entries.iter().map(|entry| entry["seq"].as_i64().unwrap()).collect::<Vec<_>>(), (1..=entries.len() as i64).collect::<Vec<_>>());
        let html = String::from_utf8(ada.get("/api/v1/customer/export?format=html").await.body.clone()).unwrap();
        assert!((0..120).all(|n| html.contains(&format!("line {n}<"))) && html.matches("<h2>").count() == 26);
        let empty = eve.get("/api/v1/customer/export?format=json").await.expect(200);
        assert_eq!(empty["conversations"], json!([]));
        let zipped = ada.get("/api/v1/customer/export?format=zip").await;
        assert_eq!((zipped.status.as_u16(), zipped.header("content-type")), (200, "application/zip"));
        assert!(zipped.body.starts_with(b"PK"));
        ada.get("/api/v1/customer/export?format=exe").await.problem_at(422, "invalid_value", "format");
        app.get("/api/v1/customer/export?format=json").await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn what_the_customer_said_that_it_is_about_can_be_read() {
        let app = TestApp::new().await;
        let (root, mira, ada) = (app.staff(Role::Administrator, "root").await, app.manager("mira").await, app.customer("ada@example.com").await);
        let kind = json!({"name": {"zh": "退费", "en": "Refund"}, "details": [{"label": {"zh": "订单号", "en": "Order"}, "required": true}]});
        let kind = mira.post("/api/v1/question-kinds", kind).await.expect(201)["id"].clone();
        let site = root.get("/api/v1/company/sites").await.expect(200)["items"][0].clone();
        let asks = json!({"asks_about": {"on": true, "may_skip": true, "questions": [kind]}, "seen": site["updated_at"]});
        root.patch(&format!("/api/v1/company/sites/{}", site["id"].as_str().unwrap()), asks).await.expect(200);
        let chat = app.widget_of(&ada, None).await;
        let conversation = chat.open("hello").await;
        let about = json!({"type": "ask_about", "question": kind, "details": [{"label": "Order", "text": "<8812>"}]});
        assert_eq!(chat.say(&conversation, false, about).await["t"], "ok");
        let html = String::from_utf8(ada.get("/api/v1/customer/export?format=html").await.body.clone()).unwrap();
        assert!(html.contains("&lt;8812&gt;") && (html.contains("Refund") || html.contains("退费")), "{html}");
    }
}
