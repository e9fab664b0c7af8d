//! `GET /api/v1/conversations/{id}`

use axum::{Json, extract::State};
use db::Tx;
use domain::{
    conversation::{Conversation, Outcome, State as ConversationState},
    entry::body::{AskedAbout, BeganWith, Page},
    id::{ConversationId, SiteId, TenantId, VisitorId},
    policy::{self, Staff},
    text::Lang,
    time::Ts,
};
use http_kit::{
    App,
    auth::actor::StaffActor,
    consents::ConsentView,
    extract::ValidPath,
    problem::{Problem, Problems},
};
use realtime::{cluster::presence, view};
use serde::Serialize;
use service::{
    company_key,
    consents::{self, Person},
};
use store_desk::lists::{EpisodeRow, ListRow};
use utoipa::ToSchema;

use crate::visitor_blocks::view::VisitorBlockView;
use wire::conversation::{AccountRef, ConversationView, MaskedContact};

/// A conversation with its visitor, page, episodes and history.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationDetail {
    /// The conversation.
    #[serde(flatten)]
    pub conversation: ConversationView,
    /// The visitor it belongs to.
    pub visitor: VisitorView,
    /// The host page it was opened on.
    #[schema(required)]
    pub page: Option<Page>,
    /// What the customer said that it is about, with details, before a person was asked for; `null` if they said nothing.
    #[schema(required)]
    pub asked_about: Option<AskedAbout>,
    /// The episodes of the conversation.
    pub episodes: Vec<EpisodeView>,
    /// The visitor's other conversations, latest first.
    pub history: Vec<HistoryItem>,
}

/// A visitor.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitorView {
    /// The visitor's id.
    pub id: VisitorId,
    /// The visitor's name, or a placeholder for it.
    pub name: String,
    /// The customer's account; `null` if the customer has not signed in.
    #[schema(required)]
    pub account: Option<AccountRef>,
    /// Every address and number that is known of the account, masked for everybody; who may reveal contacts shows them for 30 seconds.
    pub contacts: Vec<MaskedContact>,
    /// When the visitor was first seen.
    #[schema(required)]
    pub first_seen_at: Option<Ts>,
    /// The number of the visitor's conversations.
    pub conversations: usize,
    /// Whether the visitor's widget is connected now.
    pub online: bool,
    /// What the visitor, or the visitor's account, allows to be stored.
    pub consents: Vec<ConsentView>,
    /// That the visitor is blocked; null if not.
    #[schema(required)]
    pub block: Option<VisitorBlockView>,
}

/// An episode with its timestamps.
#[derive(Debug, Serialize, ToSchema)]
pub struct EpisodeView {
    /// The number of the episode: 1, 2, 3 …
    pub number: i64,
    /// Where the episode began: with the bot, a queue or an agent.
    #[schema(value_type = BeganWith)]
    pub began_with: String,
    /// When the episode began.
    pub created_at: Ts,
    /// When the customer first asked for a person.
    #[schema(required)]
    pub human_requested_at: Option<Ts>,
    /// When an agent first had it.
    #[schema(required)]
    pub accepted_at: Option<Ts>,
    /// When a person sent the first message.
    #[schema(required)]
    pub first_human_reply_at: Option<Ts>,
    /// When the episode ended.
    #[schema(required)]
    pub ended_at: Option<Ts>,
    /// How it ended.
    #[schema(required, value_type = Option<Outcome>)]
    pub outcome: Option<String>,
    /// The last rating of the episode.
    #[schema(required)]
    pub rating: Option<RatingView>,
}

/// A customer's rating.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingView {
    /// The score; 1 is the worst.
    pub score: i64,
    /// The customer's comment.
    #[schema(required)]
    pub comment: Option<String>,
    /// Whether the customer says that the matter was settled.
    #[schema(required)]
    pub solved: Option<bool>,
}

/// An earlier or later conversation of the same visitor.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryItem {
    /// The conversation's id.
    pub conversation: ConversationId,
    /// When the conversation was opened.
    pub created_at: Ts,
    /// The state of the conversation.
    #[schema(value_type = ConversationState)]
    pub state: String,
    /// A preview of its last message; `null` if the caller may not read it.
    #[schema(required)]
    pub preview: Option<String>,
}

impl HistoryItem {
    /// The part of it that a member of staff may know.
    fn of(staff: &Staff, row: ListRow) -> Self {
        let may_read = row.may_be_read(staff);
        Self {
            conversation: ConversationId::new(row.id),
            created_at: Ts(row.created_at),
            preview: may_read.then(|| view::preview(row.last_body.as_deref(), Lang::from_tag(&row.lang))),
            state: row.state,
        }
    }
}

impl From<EpisodeRow> for EpisodeView {
    fn from(row: EpisodeRow) -> Self {
        let EpisodeRow { number, began_with, created_at, human_requested_at, accepted_at, first_human_reply_at, ended_at, outcome, score, comment, solved } =
            row;
        Self {
            number,
            began_with,
            created_at: Ts(created_at),
            human_requested_at: human_requested_at.map(Ts),
            accepted_at: accepted_at.map(Ts),
            first_human_reply_at: first_human_reply_at.map(Ts),
            ended_at: ended_at.map(Ts),
            outcome,
            rating: score.map(|score| RatingView { score, comment, solved: solved.map(|s| s == 1) }),
        }
    }
}

/// Returns a conversation with its visitor, page, episodes and history.
#[utoipa::path(get, path = "/conversations/{id}", tag = "conversations", security(("staff" = [])), params(("id" = ConversationId, Path)),
    responses((status = 200, body = ConversationDetail), Problems))]
pub async fn get_conversation(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<ConversationId>,
) -> Result<Json<ConversationDetail>, Problem> {
    let (tenant, mut tx) = (actor.tenant(), app.db().snapshot_of(actor.tenant()).await?);
    let conversation = store::conversations::get(&mut tx, tenant, id).await?;
    if !policy::may_read(&actor.staff, &conversation) {
        return Err(Problem::not_found());
    }
    let visitor = conversation.visitor;
    let all = store_desk::lists::of_visitor(&mut tx, tenant, visitor).await?;
    let (these, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|row| row.id == id.uuid());
    let these = if these.is_empty() { store_desk::lists::one(&mut tx, tenant, id).await?.into_iter().collect() } else { these };
    let page = page_of(&mut tx, &app, tenant, these.first()).await?;
    let contacts = match these.first() {
        Some(row) => view::contacts(&mut tx, &app.vault(), tenant, row).await?,
        None => Vec::new(),
    };
    let view = view::rows(&mut tx, &app.vault(), &actor.staff, these).await?.into_iter().next().ok_or_else(Problem::not_found)?;
    let seen = store::visitors::first_seen(&mut tx, tenant, visitor).await?;
    let history: Vec<HistoryItem> = others.into_iter().map(|row| HistoryItem::of(&actor.staff, row)).collect();
    let person = view.customer.account.as_ref().map_or(Person::Visitor(visitor), |account| Person::Customer(account.id));
    let consents = consents_of(&mut tx, tenant, person, conversation.site).await?;
    let episodes = store_desk::lists::episodes(&mut tx, tenant, id).await?.into_iter().map(EpisodeView::from).collect();
    let asked_about = asked_about(&mut tx, &conversation).await?;
    let block = store::visitor_blocks::find(&mut tx, tenant, visitor).await?.map(VisitorBlockView::from);
    drop(tx);
    let visitor = VisitorView {
        id: visitor,
        name: view.customer.name.clone(),
        account: view.customer.account.clone(),
        contacts: contacts.into_iter().map(MaskedContact::of).collect(),
        first_seen_at: seen.map(|(at, _)| at),
        conversations: history.len() + 1,
        online: presence::is_online(&app, visitor).await,
        consents,
        block,
    };
    Ok(Json(ConversationDetail { conversation: view, visitor, page, asked_about, episodes, history }))
}

/// What somebody allows to be stored about them, as they answered a site last.
async fn consents_of(tx: &mut Tx, tenant: TenantId, person: Person, site: SiteId) -> store::Result<Vec<ConsentView>> {
    Ok(consents::standing(tx, tenant, person, Some(site)).await?.into_iter().map(ConsentView::from).collect())
}

/// What the customer said that it is about; nothing if they skipped that.
async fn asked_about(tx: &mut Tx, conversation: &Conversation) -> store::Result<Option<AskedAbout>> {
    if conversation.about.is_none() {
        return Ok(None);
    }
    let told = store::question_kinds::told_in(tx, conversation.tenant, conversation.id).await?.and_then(|body| serde_json::from_str::<AskedAbout>(&body).ok());
    Ok(told.filter(|told| told.question.is_some()))
}

/// The page on which a conversation takes place, if that is stored.
async fn page_of(tx: &mut Tx, app: &App, tenant: TenantId, row: Option<&ListRow>) -> store::Result<Option<Page>> {
    match row.and_then(|row| Some((ConversationId::new(row.id), row.page.as_deref()?))) {
        Some((id, stored)) => company_key::open_page(tx, &app.sealer(), tenant, id, stored).await,
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_conversation_comes_with_visitor_page_episodes_and_history() {
        let app = TestApp::new().await;
        let (mira, visitor) = (app.manager("mira").await, app.visitor().await);
        let before = visitor.open("the first time").await;
        visitor.say(&before, false, json!({"type": "end"})).await;
        visitor.say(&before, false, json!({"type": "rate", "score": 4, "comment": "fine", "solved": true})).await;
        app.clock.advance(60_000);
        let now = visitor.open("the second time").await;
        visitor.stands_on(json!({"title": "Shop", "url": "https://shop.example/"})).await;
        let opened = mira.get(&format!("/api/v1/conversations/{now}")).await.expect(200);
        assert_eq!((&opened["id"], &opened["state"], &opened["page"]["title"]), (&json!(now), &json!("bot"), &json!("Shop")));
        assert_eq!((&opened["visitor"]["id"], &opened["visitor"]["conversations"]), (&visitor.session["visitor"], &json!(2)));
        assert_eq!((&opened["history"][0]["conversation"], opened["history"].as_array().unwrap().len()), (&json!(before), 1));
        assert_eq!((&opened["visitor"]["consents"][0]["purpose"], &opened["visitor"]["consents"][0]["granted"]), (&json!("pages"), &json!(true)));
        let past = mira.get(&format!("/api/v1/conversations/{before}")).await.expect(200);
        assert_eq!(past["episodes"][0]["rating"], json!({"score": 4, "comment": "fine", "solved": true}));
        assert_eq!((&past["settled"], &opened["settled"]), (&json!({"first_reply_ms": null, "score": 4}), &json!(null)));
    }

    #[tokio::test]
    async fn an_agent_opens_what_waits_and_what_is_theirs_only() {
        let app = TestApp::new().await;
        let (ada, visitor) = (app.agent("ada").await, app.visitor().await);
        let conversation = visitor.open("hello").await;
        let path = format!("/api/v1/conversations/{conversation}");
        ada.get(&path).await.problem(404, "not_found");
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        ada.get(&path).await.expect(200);
    }

    #[tokio::test]
    async fn the_last_words_of_what_an_agent_may_not_read_are_not_in_the_history() {
        let app = TestApp::new().await;
        let (ada, mira, visitor) = (app.agent("ada").await, app.manager("mira").await, app.visitor().await);
        let with_the_bot = visitor.open("my secret").await;
        visitor.say(&with_the_bot, false, json!({"type": "end"})).await;
        app.clock.advance(60_000);
        let now = visitor.open("hello").await;
        visitor.say(&now, false, json!({"type": "request_human", "via": "button"})).await;
        ada.get(&format!("/api/v1/conversations/{with_the_bot}")).await.problem(404, "not_found");
        let history = async |who: &testkit_app::StaffClient| who.get(&format!("/api/v1/conversations/{now}")).await.expect(200)["history"][0].clone();
        let (seen_by_ada, seen_by_mira) = (history(&ada).await, history(&mira).await);
        assert_eq!((&seen_by_ada["conversation"], &seen_by_ada["preview"]), (&json!(with_the_bot), &json!(null)));
        assert_eq!(seen_by_mira["preview"], "my secret");
    }
}
