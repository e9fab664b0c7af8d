//! `GET /api/v1/sites/{key}`: returns what the widget shows.

use axum::{Json, extract::State};
use content::goods::sign_of;
use domain::{
    look::shown_of,
    opening_hours::Service,
    site::{RatingReason, Side},
    text::Bilingual,
    time::Ts,
};
use http_kit::{
    App,
    extract::ValidPath,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use service::{
    hours,
    places::{self, Outlook},
};
use store::sites::SiteSettings;
use utoipa::ToSchema;

use super::about::AsksAboutView;

/// A question the widget offers.
#[derive(Debug, Serialize, ToSchema)]
pub struct StarterQuestion {
    /// The id of the knowledge entry that answers it.
    pub id: String,
    /// The text of the question.
    pub text: Bilingual,
}

/// What the widget shows on a site.
#[derive(Debug, Serialize, ToSchema)]
pub struct Site {
    /// The key that the embed snippet contains.
    pub key: String,
    /// The site's name.
    pub name: Bilingual,
    /// The name the bot uses.
    pub bot_name: Bilingual,
    /// The greeting that a new conversation starts with now: the site may have another one while its queue is closed.
    pub greeting: Bilingual,
    /// The privacy note: what happens to what customers write.
    pub privacy_note: Bilingual,
    /// The colour of launcher and header, `#rrggbb`, dark enough for white text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub brand: Option<String>,
    /// The corner in which the launcher appears if the page does not specify one.
    pub side: Side,
    /// First questions, at most three.
    pub questions: Vec<StarterQuestion>,
    /// The currency of the company's prices, an ISO 4217 code.
    pub currency: String,
    /// What stands before them, such as `S$`.
    pub currency_sign: String,
    /// What the widget asks before it asks for a person; `null` if it asks nothing.
    #[schema(required)]
    pub asks_about: Option<AsksAboutView>,
    /// What the site offers now: whether a person can be asked for, and whether the widget asks for a rating.
    pub service: SiteService,
}

/// What a site offers now: whether a person can be asked for, and whether the widget asks for a rating.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteService {
    /// Whether a person can be asked for now.
    pub open: bool,
    /// Whether anybody who serves the site's customers takes conversations now, busy or not: while nobody does, a customer who asks for a person waits.
    pub staffed: bool,
    /// Whether a customer who asks for a person now gets one at once: somebody has a free place, and nobody waits for it.
    pub free: bool,
    /// About how many minutes a customer who asks for a person now waits, at least 1, reckoned as for those who wait already; `null` if somebody is free, nobody takes
    /// conversations, or there were too few waits to tell.
    #[schema(required)]
    pub wait_minutes: Option<i64>,
    /// When a person can next be asked for; `null` if that is now or not known.
    #[schema(required)]
    pub opens_at: Option<Ts>,
    /// By when a message left now is answered; `null` if there are not enough hours of service for that within 400 days.
    #[schema(required)]
    pub promised_by: Option<Ts>,
    /// Whether the widget asks for a rating.
    pub asks_rating: bool,
    /// What customers can choose to say why they rate as they do, in order.
    pub rating_reasons: Vec<RatingReason>,
}

#[derive(Deserialize)]
struct Question {
    question: Bilingual,
}

/// Returns what the widget shows.
#[utoipa::path(get, path = "/sites/{key}", tag = "sites", params(("key" = String, Path)), responses((status = 200, body = Site), Problems))]
pub async fn get_site(State(app): State<App>, ValidPath(key): ValidPath<String>) -> Result<Json<Site>, Problem> {
    let site = super::site(&app, &key).await?;
    let mut tx = app.db().read_of(site.tenant).await?;
    let entries = store_knowledge::knowledge::entries_by_id(&mut tx, site.tenant, &site.settings.questions).await?;
    let Service { open, opens_at, promised_by } = hours::of_site(&mut tx, &site).await?;
    let Outlook { staffed, free, wait_minutes } = places::outlook(&mut tx, site.tenant, site.queue).await?;
    let company = store::tenants::get(&mut tx, site.tenant).await?;
    let currency = service::catalogue::currency(&mut tx, site.tenant).await?;
    let currency_sign = sign_of(&currency);
    let asks_about = AsksAboutView::of(&mut tx, site.tenant, &site.settings.asks_about).await?;
    drop(tx);
    let greeting = site.settings.greeting(open);
    let SiteSettings {
        name,
        bot_name,
        greeting: _,
        closed_greeting: _,
        privacy_note,
        brand,
        questions: _,
        origins: _,
        side,
        rating_off,
        rating_reasons,
        message_when_unstaffed: _,
        offer_after_misses: _,
        help_lines: _,
        requires_identity: _,
        asks_about: _,
    } = site.settings;
    let brand = shown_of(brand.as_deref(), company.brand.as_deref());
    let question = |entry: store::Document| serde_json::from_str(&entry.json).map(|Question { question }| StarterQuestion { id: entry.id, text: question });
    let questions = entries.into_iter().take(3).map(question).collect::<Result<_, _>>().map_err(|error| Problem::internal(&error))?;
    let service = SiteService { open, staffed, free, wait_minutes, opens_at, promised_by, asks_rating: !rating_off, rating_reasons };
    Ok(Json(Site { key, name, bot_name, greeting, privacy_note, brand, side, questions, currency, currency_sign, asks_about, service }))
}

#[cfg(test)]
mod tests {
    use domain::time::MINUTE;
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::TestApp;
    use testkit_server::Realtime;

    #[tokio::test]
    async fn a_site_is_staffed_while_somebody_on_shift_takes_conversations() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let staffed = async || app.get("/api/v1/sites/alpha").await.expect(200)["service"]["staffed"] == true;
        let becomes = async |state: &str, wanted: bool| {
            ada.put("/api/v1/me/state", json!({"state": state})).await.expect(200);
            eventually("the site tells", async || (staffed().await == wanted).then_some(())).await;
        };
        assert!(!staffed().await);
        ada.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
        assert!(!staffed().await, "available, but without a console");
        let mut console = Realtime::connect(&ada).await;
        console.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
        console.until("welcome").await;
        becomes("available", true).await;
        becomes("break", false).await;
        becomes("available", true).await;
        becomes("offline", false).await;
    }

    async fn ask(app: &TestApp) {
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
    }

    async fn at_work(app: &TestApp, name: &str) -> Realtime {
        let agent = app.agent(name).await;
        let mut desk = Realtime::connect(&agent).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}, "lists": ["mine"]})).await;
        desk.until("welcome").await;
        agent.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
        desk
    }

    async fn outlook(app: &TestApp) -> [Value; 3] {
        let service = app.get("/api/v1/sites/alpha").await.expect(200)["service"].clone();
        ["staffed", "free", "wait_minutes"].map(|name| service[name].clone())
    }

    #[tokio::test]
    async fn a_site_tells_how_long_its_customers_wait_before_they_ask() {
        let app = TestApp::new().await;
        let becomes = async |expected: [Value; 3]| eventually("the site tells it", async || (outlook(&app).await == expected).then_some(())).await;
        assert_eq!(outlook(&app).await, [json!(false), json!(false), Value::Null], "nobody is there");
        // As many as one agent serves at once wait for three minutes.
        for _ in 0..5 {
            ask(&app).await;
        }
        app.clock.advance(3 * MINUTE);
        let _ada = at_work(&app, "ada").await;
        becomes([json!(true), json!(false), json!(3)]).await;
        let _eve = at_work(&app, "eve").await;
        becomes([json!(true), json!(true), Value::Null]).await;
    }

    #[tokio::test]
    async fn a_site_tells_what_its_widget_shows() {
        let app = TestApp::with_demo().await;
        let site = app.get("/api/v1/sites/demo").await.expect(200);
        assert_eq!((&site["key"], &site["bot_name"], &site["brand"]), (&json!("demo"), &json!({"zh": "小临", "en": "Lin"}), &json!("#0a6a78")));
        let questions: Vec<_> =
            site["questions"].as_array().unwrap().iter().map(|q| (q["id"].as_str().unwrap(), !q["text"]["zh"].as_str().unwrap().is_empty())).collect();
        assert_eq!(questions, [("kb-001", true), ("kb-028", true), ("kb-135", true)]);
    }

    #[tokio::test]
    async fn an_unknown_key_is_not_found() {
        let app = TestApp::new().await;
        for key in ["nothing", "ALPHA", "%00", "..%2f"] {
            app.get(&format!("/api/v1/sites/{key}")).await.problem(404, "not_found");
        }
    }
}
