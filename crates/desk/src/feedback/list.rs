//! `GET /api/v1/feedback`

use axum::{Json, extract::State};
use domain::{
    id::{ConversationId, QueueId},
    policy::OverConversations,
};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store::{
    feedback::{self, Chosen, Kind, Place},
    left_messages, rating_comments,
    reach::Within,
};
use utoipa::{IntoParams, ToSchema};

use super::view::{Feedback, RatingCommentView};
use crate::left_messages::view::{Keys, LeftMessageView};

/// Items per page.
const PAGE: usize = 30;

/// A kind of feedback.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeedbackKind {
    /// Left messages.
    LeftMessage,
    /// Ratings with words.
    Rating,
}

/// Which feedback to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListFeedback {
    /// Only this kind.
    #[serde(default)]
    #[param(inline)]
    pub kind: Option<FeedbackKind>,
    /// Whether to list what was handled instead of what waits.
    #[serde(default)]
    pub done: bool,
    /// Only what is for this queue.
    #[serde(default)]
    pub queue: Option<QueueId>,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of feedback.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedbackPage {
    /// What waits, oldest first, or what was handled, latest first.
    pub items: Vec<Feedback>,
    /// How much waits.
    pub waiting: i64,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// Lists what customers said of the service: left messages, and ratings with words.
///
/// Agents see left messages for queues they serve, and what was said of conversations whose agent they reach; of what is handled, also what they handled themselves.
#[utoipa::path(get, path = "/feedback", tag = "feedback", security(("staff" = [])), params(ListFeedback),
    responses((status = 200, body = FeedbackPage), Problems))]
pub async fn list_feedback(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListFeedback>) -> Result<Json<FeedbackPage>, Problem> {
    actor.may(OverConversations::Desk)?.anywhere();
    let (tenant, reader) = (actor.tenant(), Within::serving(&actor.staff));
    let kind = query.kind.map(|kind| match kind {
        FeedbackKind::LeftMessage => Kind::LeftMessage,
        FeedbackKind::Rating => Kind::Rating,
    });
    let chosen = Chosen { kind, queue: query.queue, reader };
    let from = query.cursor.as_deref().map(parse_cursor).transpose()?;
    let mut tx = app.db().read_of(tenant).await?;
    let places = match query.done {
        true => feedback::handled(&mut tx, tenant, chosen, from.unwrap_or(Place::LAST), PAGE as i64 + 1).await?,
        false => feedback::waiting(&mut tx, tenant, chosen, from.unwrap_or(Place::FIRST), PAGE as i64 + 1).await?,
    };
    let waiting = feedback::count(&mut tx, tenant, chosen).await?;
    let Page { items, next } =
        Page::of(places, PAGE, |last| format!("{}.{}.{}.{}", last.at, ConversationId::new(last.conversation_id), last.episode, last.kind));
    let vault = app.vault();
    let keys = Keys::read(&mut tx, vault.clone(), &app.sealer(), tenant).await?;
    let mut found = Vec::with_capacity(items.len());
    for place in items {
        let conversation = ConversationId::new(place.conversation_id);
        found.extend(match place.kind() {
            Some(Kind::LeftMessage) => {
                let row = left_messages::of(&mut tx, tenant, conversation).await?.into_iter().find(|row| row.episode == place.episode);
                row.map(|row| Feedback::LeftMessage(LeftMessageView::new(&keys, &actor.staff, row)))
            }
            Some(Kind::Rating) => {
                let row = rating_comments::find(&mut tx, tenant, conversation, place.episode, reader).await?;
                row.map(|row| Feedback::Rating(RatingCommentView::new(&vault, &actor.staff, row)))
            }
            None => None,
        });
    }
    Ok(Json(FeedbackPage { items: found, waiting, next }))
}

fn parse_cursor(raw: &str) -> Result<Place, Problem> {
    let place = || {
        let mut parts = raw.split('.');
        let mut part = || parts.next();
        let at = part()?.parse().ok()?;
        let conversation: ConversationId = part()?.parse().ok()?;
        let (episode, kind) = (part()?.parse().ok()?, part()?.parse().ok()?);
        part().is_none().then_some(Place { at, conversation_id: conversation.uuid(), episode, kind })
    };
    place().ok_or_else(cursor::problem)
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp, VisitorClient};

    async fn rated(visitor: &VisitorClient, score: i64, comment: &str) -> String {
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "end"})).await;
        visitor.say(&conversation, false, json!({"type": "rate", "score": score, "comment": comment})).await;
        conversation
    }

    async fn listed(who: &StaffClient, query: &str) -> Vec<String> {
        let page = who.get(&format!("/api/v1/feedback?{query}")).await.expect(200);
        page["items"].as_array().unwrap().iter().map(|item| item["of"]["conversation"].as_str().unwrap().to_owned()).collect()
    }

    #[tokio::test]
    async fn left_messages_and_ratings_with_words_are_one_list_the_oldest_first() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let poor = rated(&app.visitor().await, 2, "too slow").await;
        app.clock.advance(1_000);
        let visitor = app.visitor().await;
        let left = visitor.open("hello").await;
        visitor.say(&left, false, json!({"type": "leave_message", "text": "call me", "contact": null})).await;
        app.clock.advance(1_000);
        let good = rated(&app.visitor().await, 5, "thank you").await;
        rated(&app.visitor().await, 1, " ").await;

        assert_eq!(listed(&mira, "").await, [poor.as_str(), &left, &good]);
        assert_eq!(listed(&mira, "kind=rating").await, [poor.as_str(), &good]);
        assert_eq!(listed(&mira, "kind=left_message").await, [left.as_str()]);
        assert_eq!(mira.get("/api/v1/feedback").await.expect(200)["waiting"], 3);
        // Whoever serves the queue answers its messages; what the bot alone did is for those who read all.
        assert_eq!(listed(&ada, "").await, [left.as_str()]);
        let page = mira.get("/api/v1/feedback?kind=rating").await.expect(200);
        let first = &page["items"][0];
        assert_eq!((&first["kind"], &first["of"]["comment"], &first["of"]["score"]), (&json!("rating"), &json!("too slow"), &json!(2)));
        assert_eq!((&first["of"]["agent"], &first["of"]["done_at"]), (&Value::Null, &Value::Null));
        let beta = app.other_company("beta").await;
        assert_eq!(listed(&app.staff_of(&beta, Role::Manager, "bob").await, "").await, [""; 0]);
        mira.get("/api/v1/feedback?kind=complaint").await.problem_at(422, "invalid_value", "kind");
        for cursor in ["x", "1.2.3.4", "1.cnv_00000000000000000000000000000001.1", "1.cnv_00000000000000000000000000000001.1.1.1"] {
            mira.get(&format!("/api/v1/feedback?cursor={cursor}")).await.problem_at(422, "invalid_value", "cursor");
        }
    }

    #[tokio::test]
    async fn many_are_listed_page_by_page_and_none_is_left_out() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let mut said = Vec::new();
        for n in 0..33 {
            said.push(rated(&app.visitor().await, 3, "so so").await);
            app.clock.advance(i64::from(n % 2));
        }
        for (handled, query) in [(false, ""), (true, "done=true&")] {
            if handled {
                for conversation in &said {
                    let path = format!("/api/v1/rating-comments/{conversation}");
                    mira.patch(&path, json!({"episode": 1, "handled": true})).await.expect(200);
                }
            }
            let first = mira.get(&format!("/api/v1/feedback?{query}")).await.expect(200);
            let mut seen = listed(&mira, query).await;
            seen.extend(listed(&mira, &format!("{query}cursor={}", first["next"].as_str().unwrap())).await);
            seen.sort();
            said.sort();
            assert_eq!(seen, said);
        }
    }
}
