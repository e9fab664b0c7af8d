//! `POST /api/v1/company/sites`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    handoff,
    id::{QueueId, SiteId},
    policy::Permission,
    refusal::Code,
    site::{self, AsksAbout, RatingReason, Side, SiteState},
    text::Bilingual,
};
use http_kit::{
    App, addressed,
    auth::StaffActor,
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use store::sites::{Site, SiteSettings};
use utoipa::ToSchema;

use super::{checked, key_taken, refuse_unknown, refuse_unknown_kinds, view::CompanySiteView};

/// A site to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSite {
    /// The key that the embed snippet contains: 2 to 40 of a-z, 0-9 and `-`, unique in this installation.
    pub key: String,
    /// The queue in which its customers wait for a person.
    pub queue: QueueId,
    /// The site's name.
    pub name: Bilingual,
    /// The name the bot uses.
    pub bot_name: Bilingual,
    /// The greeting that a new conversation starts with.
    pub greeting: Bilingual,
    /// The greeting while the queue is closed; a language that is empty has the usual one.
    #[serde(default)]
    pub closed_greeting: Bilingual,
    /// The privacy note: what happens to what customers write.
    pub privacy_note: Bilingual,
    /// The colour of launcher and header, `#rrggbb`; if omitted, the company's.
    #[serde(default)]
    pub brand: Option<String>,
    /// The corner in which the launcher appears.
    #[serde(default)]
    pub side: Side,
    /// Ids of the knowledge entries offered as first questions, at most three.
    #[serde(default)]
    pub questions: Vec<String>,
    /// Origins of the pages that may frame the widget; if empty, any page may.
    #[serde(default)]
    pub origins: Vec<String>,
    /// Whether the widget asks for a rating.
    #[serde(default = "yes")]
    pub asks_rating: bool,
    /// What customers can choose to say why they rate as they do, in order; at most 16.
    #[serde(default)]
    #[schema(max_items = 16)]
    pub rating_reasons: Vec<RatingReason>,
    /// Whether customers are offered to leave a message instead of waiting while nobody who serves the queue is at work.
    #[serde(default)]
    pub message_when_unstaffed: bool,
    /// After how many misses of the bot in a row a person is offered, at most 5; 0 for never.
    #[serde(default = "misses")]
    pub offer_after_misses: u8,
    /// Where help can be had, told to customers who seem to be in despair or in danger; a language that is empty has the usual text.
    #[serde(default)]
    pub help_lines: Bilingual,
    /// Whether customers are asked what it is about before a person is asked for; if omitted, they are not.
    #[serde(default)]
    pub asks_about: AsksAbout,
}

const fn misses() -> u8 {
    handoff::MISSES
}

const fn yes() -> bool {
    true
}

/// Adds a site.
#[utoipa::path(post, path = "/company/sites", tag = "company", security(("staff" = [])), params(OnceHeader), request_body = NewSite,
    responses((status = 201, body = CompanySiteView), Problems))]
pub async fn create_site(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<NewSite>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    site::check_key(&new.key)?;
    let (key, queue) = (new.key, new.queue);
    let settings = checked(SiteSettings {
        name: new.name,
        bot_name: new.bot_name,
        greeting: new.greeting,
        closed_greeting: new.closed_greeting,
        privacy_note: new.privacy_note,
        brand: new.brand,
        questions: new.questions,
        origins: new.origins,
        side: new.side,
        rating_off: !new.asks_rating,
        rating_reasons: new.rating_reasons,
        message_when_unstaffed: new.message_when_unstaffed,
        offer_after_misses: new.offer_after_misses,
        help_lines: new.help_lines,
        requires_identity: false,
        asks_about: new.asks_about,
    })?;
    let (tenant, public_url) = (actor.tenant(), addressed::base(&app));
    let site = Site { id: SiteId::new(app.env().uuid()), tenant, key, settings, queue, state: SiteState::Active, updated_at: app.env().now() };
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            store::limits::require_site(tx, tenant).await.map_err(Fault::if_refused(Code::SiteLimitReached, no_more_sites))?;
            refuse_unknown(tx, tenant, site.queue, &site.settings.questions).await?;
            refuse_unknown_kinds(tx, tenant, &site.settings.asks_about, &AsksAbout::default()).await?;
            store::sites::insert(tx, tenant, &site).await.map_err(Fault::if_taken(key_taken))?;
            tx.announce(Changed::Settings).await?;
            let brand = store::tenants::get(tx, tenant).await?.brand;
            Answer::json(StatusCode::CREATED, &CompanySiteView::new(site, brand.as_deref(), &public_url))
        })
    });
    done.await
}

fn no_more_sites() -> Problem {
    Problem::conflict(Code::SiteLimitReached, "the company has as many sites as it may; whoever runs the installation can allow more")
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    fn site(app: &TestApp, change: Value) -> Value {
        let both = |text: &str| json!({"zh": text, "en": text});
        let mut site = json!({"key": "shop", "queue": app.company.queue.to_string(), "name": both("Shop"), "bot_name": both("Ying"), "greeting": both("Hello"),
            "privacy_note": both("Stored")});
        site.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        site
    }

    #[tokio::test]
    async fn a_new_site_serves_its_widget_at_once() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let more = json!({"brand": "#0A6A78", "side": "start", "asks_rating": false, "origins": ["HTTPS://Shop.example/"]});
        let made = tara.post("/api/v1/company/sites", site(&app, more)).await.expect(201);
        assert_eq!((&made["origins"], &made["brand_shown"]), (&json!(["https://shop.example"]), &json!("#0a6a78")));
        assert!(made["snippet"].as_str().unwrap().ends_with(r##"data-site="shop" data-color="#0a6a78" data-side="start"></script>"##), "{made}");
        let shown = app.get("/api/v1/sites/shop").await.expect(200);
        assert_eq!((&shown["greeting"]["en"], &shown["service"]["asks_rating"], &shown["side"]), (&json!("Hello"), &json!(false), &json!("start")));
        app.post("/api/v1/widget/sessions", json!({"site": "shop", "lang": "en"})).await.expect(201);
    }

    #[tokio::test]
    async fn what_does_not_fit_names_its_field() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let beta = app.other_company("beta").await;
        for (change, status, code, field) in [
            (json!({"key": "Shop!"}), 422, "invalid_value", "key"),
            // This includes other companies' keys: a key is unique in the installation.
            (json!({"key": "beta"}), 409, "site_key_taken", "key"),
            (json!({"queue": beta.queue.to_string()}), 422, "invalid_value", "queue"),
            (json!({"name": {"zh": " "}}), 422, "invalid_value", "name"),
            (json!({"greeting": {"en": "x".repeat(1001)}}), 422, "invalid_value", "greeting.en"),
            (json!({"brand": "blue"}), 422, "invalid_value", "brand"),
            (json!({"side": "left"}), 422, "invalid_value", "side"),
            (json!({"origins": ["https://a.example", "b.example/path"]}), 422, "origin_invalid", "origins.1"),
            (json!({"questions": ["kb-404"]}), 422, "invalid_value", "questions"),
            (json!({"questions": ["a", "b", "c", "d"]}), 422, "invalid_value", "questions"),
        ] {
            tara.post("/api/v1/company/sites", site(&app, change)).await.problem_at(status, code, field);
        }
        app.manager("mira").await.post("/api/v1/company/sites", site(&app, json!({}))).await.problem(403, "not_permitted");
        assert_eq!(tara.get("/api/v1/company/sites").await.expect(200)["items"].as_array().unwrap().len(), 1);
    }
    #[tokio::test]
    async fn a_company_has_as_many_sites_as_it_may() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        app.limited(store::limits::Limits { sites: Some(2), ..Default::default() }).await;
        let made = tara.post("/api/v1/company/sites", site(&app, json!({}))).await.expect(201);
        tara.post("/api/v1/company/sites", site(&app, json!({"key": "other"}))).await.problem(409, "site_limit_reached");
        tara.delete(&format!("/api/v1/company/sites/{}?seen={}", made["id"].as_str().unwrap(), made["updated_at"])).await.expect(204);
        tara.post("/api/v1/company/sites", site(&app, json!({"key": "other"}))).await.expect(201);
    }
}
