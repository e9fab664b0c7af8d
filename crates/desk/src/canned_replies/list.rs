//! `GET /api/v1/canned-replies`

use axum::{Json, extract::State};
use domain::{
    canned_reply::{CannedReply, Shortcode},
    text::is_blank,
};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use service::catalogue::search::normal;
use utoipa::{IntoParams, ToSchema};

use super::view::CannedReplyView;

/// Replies per page.
const PAGE: usize = 50;
/// Replies searched per statement.
const BATCH: i64 = 200;

/// Which canned replies to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListCannedReplies {
    /// Words to find in the shortcode, the title or the text; if empty, all replies match.
    #[serde(default)]
    pub q: String,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of canned replies.
#[derive(Debug, Serialize, ToSchema)]
pub struct CannedReplies {
    /// Sorted by shortcode.
    pub items: Vec<CannedReplyView>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// Lists canned replies.
#[utoipa::path(get, path = "/canned-replies", tag = "canned_replies", security(("staff" = [])), params(ListCannedReplies),
    responses((status = 200, body = CannedReplies), Problems))]
pub async fn list_canned_replies(
    State(app): State<App>,
    actor: StaffActor,
    ValidQuery(query): ValidQuery<ListCannedReplies>,
) -> Result<Json<CannedReplies>, Problem> {
    let wanted = normal(&query.q);
    let mut tx = app.db().read_of(actor.tenant()).await?;
    if wanted.is_empty() && !is_blank(&query.q) {
        return Ok(Json(CannedReplies { items: Vec::new(), next: None }));
    }
    let mut after = query.cursor.map(|cursor| Shortcode::parse(&cursor).map(|_| cursor)).transpose().map_err(|_| cursor::problem())?;
    let mut found = Vec::<CannedReply>::new();
    while found.len() <= PAGE {
        let batch = store_desk::canned_replies::list(&mut tx, actor.tenant(), after.as_deref(), BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = Some(last.shortcode.as_str().to_owned());
        found.extend(batch.into_iter().filter(|reply| holds(reply, &wanted)));
    }
    let Page { items, next } = Page::of(found, PAGE, |last| last.shortcode.as_str().to_owned());
    Ok(Json(CannedReplies { items: items.into_iter().map(CannedReplyView::from).collect(), next }))
}

/// Whether a reply contains each of the words somewhere; its title also by its sound, in full or by first letters.
fn holds(reply: &CannedReply, wanted: &str) -> bool {
    let sound = bot::sound_of(&reply.title);
    let (whole, initials): (String, String) = (sound.split_whitespace().collect(), sound.split_whitespace().filter_map(|word| word.chars().next()).collect());
    let text = normal(&format!("{} {} {} {} {whole} {initials}", reply.shortcode.as_str(), reply.title, reply.body.zh, reply.body.en));
    wanted.split(' ').all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    async fn add(agent: &testkit_server::Client, shortcode: &str, title: &str, zh: &str) {
        agent.post("/api/v1/canned-replies", json!({"shortcode": shortcode, "title": title, "body": {"zh": zh}})).await.expect(201);
    }
    fn shortcodes(page: &Value) -> Vec<&str> {
        page["items"].as_array().unwrap().iter().map(|item| item["shortcode"].as_str().unwrap()).collect()
    }

    #[tokio::test]
    async fn a_walk_through_the_pages_sees_each_reply_once() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        for n in 0..120 {
            add(&ada, &format!("r{n:03}"), "title", "text").await;
        }
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = ada.get(&format!("/api/v1/canned-replies?{cursor}")).await.expect(200);
            seen.extend(shortcodes(&page).into_iter().map(str::to_owned));
            match page["next"].as_str() {
                Some(next) => cursor = format!("cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, (0..120).map(|n| format!("r{n:03}")).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn words_are_found_in_every_field_and_only_ones_own_company() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        add(&ada, "refund", "退款时限", "一到三个工作日").await;
        add(&ada, "visit", "上门", "Engineers 上门").await;
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, domain::staff::Role::Agent, "bob").await;
        add(&bob, "refund-b", "退款", "另一家").await;
        for (q, expected) in [
            ("退款", vec!["refund"]),
            ("工作日", vec!["refund"]),
            ("ENGINEERS", vec!["visit"]),
            ("REF", vec!["refund"]),
            ("tuikuan", vec!["refund"]),
            ("tksx", vec!["refund"]),
            ("shangmen", vec!["visit"]),
            ("", vec!["refund", "visit"]),
            ("火车", vec![]),
            ("%", vec![]),
        ] {
            let page = ada.get_with("/api/v1/canned-replies", &[("q", q)]).await.expect(200);
            assert_eq!(shortcodes(&page), expected, "{q}");
        }
        assert_eq!(ada.get("/api/v1/canned-replies?q=refund").await.expect(200)["items"][0]["sound"], "tui kuan shi xian");
        ada.get("/api/v1/canned-replies?cursor=NO").await.problem_at(422, "invalid_value", "cursor");
        ada.get("/api/v1/canned-replies?limit=9").await.problem_at(422, "unknown_field", "limit");
        app.get("/api/v1/canned-replies").await.problem(401, "not_signed_in");
    }
}
