//! `PATCH /api/v1/company/sites/{id}`

use axum::{extract::State, http::StatusCode};
use db::Tx;
use domain::{
    entry::Changed,
    id::{QueueId, SiteId, TenantId},
    policy::Permission,
    refusal::Code,
    revision::Revision,
    site::{self, AsksAbout, RatingReason, Side, SiteState},
    text::Bilingual,
    time::Ts,
};
use http_kit::{
    App, addressed,
    auth::StaffActor,
    extract::{ValidPath, double_option},
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use serde::Deserialize;
use store::sites::{Site, SiteSettings};
use utoipa::ToSchema;

use super::{checked, key_taken, refuse_unknown, refuse_unknown_kinds, view::CompanySiteView};

/// The fields to change; omitted fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteChange {
    /// A new key; snippets with the old key stop working.
    #[serde(default)]
    pub key: Option<String>,
    /// Whether its widget is served.
    #[serde(default)]
    pub state: Option<SiteState>,
    /// A new queue.
    #[serde(default)]
    pub queue: Option<QueueId>,
    /// A new name.
    #[serde(default)]
    pub name: Option<Bilingual>,
    /// The name the bot uses.
    #[serde(default)]
    pub bot_name: Option<Bilingual>,
    /// The greeting that a new conversation starts with.
    #[serde(default)]
    pub greeting: Option<Bilingual>,
    /// The greeting while the queue is closed; a language that is empty has the usual one.
    #[serde(default)]
    pub closed_greeting: Option<Bilingual>,
    /// The privacy note: what happens to what customers write.
    #[serde(default)]
    pub privacy_note: Option<Bilingual>,
    /// A new colour; `null` for the company's.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<String>)]
    pub brand: Option<Option<String>>,
    /// The corner in which the launcher appears.
    #[serde(default)]
    pub side: Option<Side>,
    /// New first questions.
    #[serde(default)]
    pub questions: Option<Vec<String>>,
    /// New allowed origins.
    #[serde(default)]
    pub origins: Option<Vec<String>>,
    /// Whether the widget asks for a rating.
    #[serde(default)]
    pub asks_rating: Option<bool>,
    /// What customers can choose to say why they rate as they do, in order; at most 16.
    #[serde(default)]
    #[schema(max_items = 16)]
    pub rating_reasons: Option<Vec<RatingReason>>,
    /// Whether customers are offered to leave a message instead of waiting while nobody is at work.
    #[serde(default)]
    pub message_when_unstaffed: Option<bool>,
    /// After how many misses of the bot in a row a person is offered, at most 5; 0 for never.
    #[serde(default)]
    pub offer_after_misses: Option<u8>,
    /// Where help can be had, told to customers who seem to be in despair or in danger; a language that is empty has the usual text.
    #[serde(default)]
    pub help_lines: Option<Bilingual>,
    /// Whether only customers may chat whom the site's own server has named by a signed token; once it is so, everybody else's chat ends.
    #[serde(default)]
    pub requires_identity: Option<bool>,
    /// Whether customers are asked what it is about before a person is asked for, and among which kinds of question they choose.
    #[serde(default)]
    pub asks_about: Option<AsksAbout>,
    /// `updated_at` as last read; if it has changed since, the request is refused.
    pub seen: Ts,
}

/// Refuses to require signed tokens as long as there is no secret to sign them with: nobody could chat.
async fn refuse_without_secret(tx: &mut Tx, tenant: TenantId, site: SiteId) -> Result<(), Fault> {
    let has_secret = !store::site_secrets::list(tx, tenant, site).await?.is_empty();
    let problem = || Problem::invalid("requires_identity", Code::InvalidValue, "make a secret first: without one, nobody could chat");
    if has_secret { Ok(()) } else { Err(problem().into()) }
}

impl SiteChange {
    fn apply(self, to: Site, now: Ts) -> Result<Site, Problem> {
        let was = to.settings;
        let settings = SiteSettings {
            name: self.name.unwrap_or(was.name),
            bot_name: self.bot_name.unwrap_or(was.bot_name),
            greeting: self.greeting.unwrap_or(was.greeting),
            closed_greeting: self.closed_greeting.unwrap_or(was.closed_greeting),
            privacy_note: self.privacy_note.unwrap_or(was.privacy_note),
            brand: self.brand.unwrap_or(was.brand),
            questions: self.questions.unwrap_or(was.questions),
            origins: self.origins.unwrap_or(was.origins),
            side: self.side.unwrap_or(was.side),
            rating_off: self.asks_rating.map_or(was.rating_off, |asks| !asks),
            rating_reasons: self.rating_reasons.unwrap_or(was.rating_reasons),
            message_when_unstaffed: self.message_when_unstaffed.unwrap_or(was.message_when_unstaffed),
            offer_after_misses: self.offer_after_misses.unwrap_or(was.offer_after_misses),
            help_lines: self.help_lines.unwrap_or(was.help_lines),
            requires_identity: self.requires_identity.unwrap_or(was.requires_identity),
            asks_about: self.asks_about.unwrap_or(was.asks_about),
        };
        if let Some(key) = &self.key {
            site::check_key(key)?;
        }
        Ok(Site {
            id: to.id,
            tenant: to.tenant,
            key: self.key.unwrap_or(to.key),
            settings: checked(settings)?,
            queue: self.queue.unwrap_or(to.queue),
            state: self.state.unwrap_or(to.state),
            updated_at: Revision(to.updated_at).next(now),
        })
    }
}

/// Changes a site, unless somebody else has changed it in the meantime; the widget shows the change the next time it is opened.
#[utoipa::path(patch, path = "/company/sites/{id}", tag = "company", security(("staff" = [])), params(("id" = SiteId, Path), OnceHeader),
    request_body = SiteChange, responses((status = 200, body = CompanySiteView), Problems))]
pub async fn update_site(
    State(app): State<App>,
    actor: StaffActor,
    ValidPath(id): ValidPath<SiteId>,
    OnceJson(once, change): OnceJson<SiteChange>,
) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    let (tenant, seen, public_url) = (actor.tenant(), change.seen, addressed::base(&app));
    let found = store::sites::get(&mut app.db().read_of(actor.tenant()).await?, tenant, id).await?;
    if found.updated_at != seen {
        return Err(store::Error::Stale.into());
    }
    // A question that has since been removed from the knowledge does not prevent other changes.
    let asks = change.questions.clone().unwrap_or_default();
    let was_strict = found.settings.requires_identity;
    let changed = change.apply(found, app.env().now())?;
    let is_stricter = changed.settings.requires_identity && !was_strict;
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let before = store::sites::get(tx, tenant, id).await?;
            if before.updated_at != seen {
                return Err(store::Error::Stale.into());
            }
            refuse_unknown(tx, tenant, changed.queue, &asks).await?;
            refuse_unknown_kinds(tx, tenant, &changed.settings.asks_about, &before.settings.asks_about).await?;
            store::sites::update(tx, tenant, &changed, seen).await.map_err(Fault::if_taken(key_taken))?;
            if is_stricter {
                refuse_without_secret(tx, tenant, id).await?;
                store::visitors::end_unsigned(tx, tenant, id).await?;
            }
            tx.announce(Changed::Settings).await?;
            let brand = store::tenants::get(tx, tenant).await?.brand;
            let [before, view] = [before, changed].map(|site| CompanySiteView::new(site, brand.as_deref(), &public_url));
            tx.note_change(&before, &view);
            Answer::json(StatusCode::OK, &view)
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};
    use testkit_server::Client;

    async fn path(tara: &Client) -> (String, Value) {
        let site = tara.get("/api/v1/company/sites").await.expect(200)["items"][0].clone();
        (format!("/api/v1/company/sites/{}", site["id"].as_str().unwrap()), site["updated_at"].clone())
    }
    async fn change(tara: &StaffClient, mut change: Value) -> testkit_server::Answer {
        let (path, seen) = path(tara).await;
        change["seen"] = seen;
        tara.patch(&path, change).await
    }

    #[tokio::test]
    async fn a_change_is_seen_by_the_next_visitor_without_a_restart() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let greeting = json!({"zh": "新的问候", "en": "A new greeting"});
        change(&tara, json!({"greeting": greeting, "brand": "#123456", "asks_rating": false})).await.expect(200);
        let site = app.get("/api/v1/sites/alpha").await.expect(200);
        assert_eq!((&site["greeting"], &site["brand"], &site["service"]["asks_rating"]), (&greeting, &json!("#123456"), &json!(false)));
    }

    #[tokio::test]
    async fn a_site_greets_otherwise_while_its_queue_is_closed() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let usual = app.get("/api/v1/sites/alpha").await.expect(200)["greeting"].clone();
        change(&tara, json!({"closed_greeting": {"zh": "", "en": "We are closed"}})).await.expect(200);
        assert_eq!(app.get("/api/v1/sites/alpha").await.expect(200)["greeting"], usual, "it is open");
        let queue = tara.get("/api/v1/queues").await.expect(200)["items"][0].clone();
        let never = json!({"seen": queue["updated_at"], "hours": {"week": {}, "days": [], "answer_within_h": 2}});
        tara.patch(&format!("/api/v1/queues/{}", queue["id"].as_str().unwrap()), never).await.expect(200);
        assert_eq!(app.get("/api/v1/sites/alpha").await.expect(200)["greeting"], json!({"zh": usual["zh"], "en": "We are closed"}));
        let long = change(&tara, json!({"closed_greeting": {"zh": "", "en": "x".repeat(1001)}})).await.expect(422);
        assert_eq!(long["field"], "closed_greeting.en");
    }

    #[tokio::test]
    async fn a_change_is_seen_on_every_node() {
        let Some(nodes) = TestApp::cluster(2, None).await else { return };
        let tara = nodes[0].staff(Role::Administrator, "tara").await;
        nodes[1].get("/api/v1/sites/alpha").await.expect(200);
        change(&tara, json!({"greeting": {"zh": "新", "en": "New"}})).await.expect(200);
        assert_eq!(nodes[1].get("/api/v1/sites/alpha").await.expect(200)["greeting"]["en"], "New");
        for node in nodes {
            node.stop().await;
        }
    }

    #[tokio::test]
    async fn a_paused_site_serves_nobody_until_it_is_active_again() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let begin = || app.post("/api/v1/widget/sessions", json!({"site": "alpha", "lang": "en"}));
        change(&tara, json!({"state": "paused"})).await.expect(200);
        app.get("/api/v1/sites/alpha").await.problem(404, "not_found");
        begin().await.problem_at(422, "site_unknown", "site");
        change(&tara, json!({"state": "active"})).await.expect(200);
        begin().await.expect(201);
    }

    #[tokio::test]
    async fn only_pages_of_allowed_origins_frame_the_widget() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let ancestors = async |site: &str| {
            let frame = app.get(&format!("/widget/frame.html?site={site}")).await;
            // If the pages were not built, there is nothing to frame.
            (frame.status.as_u16() == 200).then(|| frame.header("content-security-policy").split("frame-ancestors").nth(1).unwrap().trim().to_owned())
        };
        if ancestors("alpha").await.is_none() {
            return;
        }
        assert_eq!(ancestors("alpha").await.unwrap(), "*");
        change(&tara, json!({"origins": ["https://shop.example", "http://localhost:5173"]})).await.expect(200);
        assert_eq!(ancestors("alpha").await.unwrap(), format!("'self' {} https://shop.example http://localhost:5173", app.base));
        // For a site that does not exist, no restriction is known.
        assert_eq!(ancestors("nothing").await.unwrap(), "*");
        change(&tara, json!({"origins": []})).await.expect(200);
        assert_eq!(ancestors("alpha").await.unwrap(), "*");
    }

    #[tokio::test]
    async fn two_editors_do_not_overwrite_each_other() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let (path, seen) = path(&tara).await;
        app.other_company("beta").await;
        tara.patch(&path, json!({"key": "beta", "seen": seen})).await.problem_at(409, "site_key_taken", "key");
        tara.patch(&path, json!({"key": "renamed", "seen": seen})).await.expect(200);
        tara.patch(&path, json!({"key": "other", "seen": seen})).await.problem(409, "conflict");
        app.get("/api/v1/sites/renamed").await.expect(200);
        app.get("/api/v1/sites/alpha").await.problem(404, "not_found");
    }
}
