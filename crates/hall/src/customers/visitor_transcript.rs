//! `GET /api/v1/widget/conversations/{id}/transcript`: returns what was said in a conversation, for customers with and without an account.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use db::journal;
use domain::{
    id::{ConversationId, TenantId},
    journal::View,
    stream::{StreamKind, StreamName},
    text::Lang,
};
use futures_util::stream;
use http_kit::{
    App,
    auth::VisitorActor,
    extract::{ValidPath, ValidQuery},
    problem::{Problem, Problems},
};
use jiff::tz::TimeZone;
use serde::Deserialize;
use utoipa::IntoParams;

use super::readable::{self, Form, Format};

/// Entries read at a time, and written as one piece.
const ENTRIES_AT_ONCE: i64 = 200;

/// How it is written.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GetTranscript {
    /// The language of what is not said by anybody, such as that a conversation ended; by default, that of the conversation.
    pub lang: Option<Lang>,
}

/// Returns what was said in one of the visitor's own conversations on this site, as a page that needs nothing else.
///
/// Notes and other entries for staff are not included, and what was taken back or erased is not either. Times are those of the company's clock.
#[utoipa::path(get, path = "/widget/conversations/{id}/transcript", tag = "widget", security(("visitor" = [])), params(("id" = ConversationId, Path), GetTranscript),
    responses((status = 200, description = "The conversation as a page that can be saved and printed", content((String = "text/html"))), Problems))]
pub async fn get_transcript(
    State(app): State<App>,
    visitor: VisitorActor,
    ValidPath(id): ValidPath<ConversationId>,
    ValidQuery(GetTranscript { lang }): ValidQuery<GetTranscript>,
) -> Result<Response, Problem> {
    let mut tx = app.db().read_of(visitor.tenant).await?;
    let conversation = store::conversations::get(&mut tx, visitor.tenant, id).await?;
    if (conversation.visitor, conversation.site) != (visitor.visitor, visitor.site) {
        return Err(Problem::not_found());
    }
    let lang = lang.unwrap_or(conversation.lang);
    let company = store::tenants::get(&mut tx, visitor.tenant).await?;
    drop(tx);
    let format = Format { form: Form::Html, lang, zone: TimeZone::get(&company.time_zone).unwrap_or(TimeZone::UTC) };
    let begin = readable::beginning_of_one(&format, company.name.get(lang), app.env().now());
    let mut response = Body::from_stream(pieces(app, visitor.tenant, id, format, begin)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"conversation.html\""));
    Ok(response)
}

/// The page, piece by piece: however long the conversation is, only a part of it is in memory.
fn pieces(app: App, tenant: TenantId, id: ConversationId, format: Format, begin: String) -> impl futures_util::Stream<Item = Result<String, db::Error>> + Send {
    stream::unfold((Some((begin, 0)), app, format), move |(at, app, format)| async move {
        let (mut text, after) = at?;
        let piece = async {
            let mut tx = app.db().read_of(tenant).await?;
            let conversation = StreamName { kind: StreamKind::Conversation, id: id.uuid() };
            journal::page(&mut tx, tenant, conversation, View::Customer, after, ENTRIES_AT_ONCE).await
        };
        match piece.await {
            Ok(entries) => {
                text.extend(entries.iter().map(|entry| readable::entry(&format, entry, "", false)));
                let next = entries.last().filter(|_| entries.len() as i64 == ENTRIES_AT_ONCE).and_then(|last| last.pseq);
                if next.is_none() {
                    text.push_str(readable::end(&format));
                }
                Some((Ok(text), (next.map(|after| (String::new(), after)), app, format)))
            }
            Err(error) => Some((Err(error), (None, app, format))),
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    #[tokio::test]
    async fn a_customer_without_an_account_takes_along_what_was_said_and_nobody_elses() {
        let app = TestApp::new().await;
        let (mira, visitor, eve) = (app.manager("mira").await, app.visitor().await, app.visitor().await);
        let conversation = visitor.open("<b>where</b> is it?").await;
        for n in 0..250 {
            visitor.say(&conversation, false, json!({"type": "text", "text": format!("line {n}")})).await;
        }
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        let mut desk = Realtime::connect(&mira).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
        desk.until("welcome").await;
        for (n, body) in
            [json!({"type": "take"}), json!({"type": "note", "text": "secret"}), json!({"type": "text", "text": "on its way"})].into_iter().enumerate()
        {
            desk.send(&json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::from_u128(n as u128 + 1), "body": body})).await;
            desk.until("ok").await;
        }
        let path = format!("/api/v1/widget/conversations/{conversation}/transcript");
        let answer = visitor.get(&format!("{path}?lang=zh-CN")).await;
        assert_eq!(
            (answer.header("content-type"), answer.header("content-disposition")),
            ("text/html; charset=utf-8", "attachment; filename=\"conversation.html\"")
        );
        let page = String::from_utf8(answer.body.clone()).unwrap();
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"), "{page}");
        assert!(page.contains("&lt;b&gt;where&lt;/b&gt; is it?") && page.contains("on its way<") && !page.contains("secret"), "{page}");
        assert!((0..250).all(|n| page.matches(&format!("line {n}<")).count() == 1), "{page}");
        let english = String::from_utf8(visitor.get(&format!("{path}?lang=en")).await.body.clone()).unwrap();
        assert!(english.contains("My conversation with"), "{english}");
        visitor.get(&format!("{path}?lang=tlh")).await.problem_at(422, "invalid_value", "lang");
        eve.get(&format!("{path}?lang=zh-CN")).await.problem(404, "not_found");
        app.get(&format!("{path}?lang=zh-CN")).await.problem(401, "not_signed_in");
    }
}
