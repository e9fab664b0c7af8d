//! `POST /api/v1/widget/sessions`

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::{
    id::{ConversationId, CustomerId, VisitorId},
    refusal::{Code, Refusal},
    text::Lang,
    time::{MINUTE, Ts},
};
use http_kit::{
    App, addressed,
    auth::{attempts::Limit, origin, tally::Tally},
    extract::ValidJson,
    fault::Fault,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::{Deserialize, Serialize};
use store::sites::Site;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    enter::{Entry, Known, TICKET_REFUSED, TOO_MANY},
    signed,
};

/// Sessions of new visitors from one network address, which many customers may share.
const PER_ADDRESS: Limit = Limit { tries: 120, within_ms: MINUTE };

/// Sessions of known devices from one network address.
const KNOWN_PER_ADDRESS: Limit = Limit { tries: 600, within_ms: MINUTE };
/// After how many seconds a visitor with too many sessions may get a new one.
const NEXT_SESSION_SECONDS: u64 = 60;

/// A request for a widget session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWidgetSession {
    /// The key of the site.
    pub site: String,
    /// The device's secret from the previous session, if it was kept.
    #[serde(default)]
    pub device: Option<String>,
    /// The device's secret, sealed, if only the host page could keep it.
    #[serde(default)]
    pub sealed: Option<String>,
    /// The customer's language.
    pub lang: Lang,
    /// The ticket from `POST /customer/widget-ticket`, with which the visitor joins an account.
    #[serde(default)]
    pub ticket: Option<String>,
    /// The token by which the site's own server names the customer who is signed in on the page, instead of a ticket: a JWT, signed with HS256 and one of the
    /// site's secrets.
    #[serde(default)]
    pub identity: Option<String>,
}

/// A widget session.
#[derive(Debug, Serialize, ToSchema)]
pub struct WidgetSession {
    /// The access token: keep it in memory, and send it in `hello`.
    #[schema(format = "secret")]
    pub token: String,
    /// Until when the token is valid.
    pub expires_at: Ts,
    /// The device's next secret, which replaces the previous one.
    pub device: String,
    /// The device's next secret, sealed, for a host page to keep.
    #[schema(format = "secret")]
    pub sealed: String,
    /// The visitor's id, which is also the name of the visitor's stream.
    pub visitor: VisitorId,
    /// This installation's generation.
    pub generation: Uuid,
    /// The conversation to continue, if there is one.
    #[schema(required)]
    pub conversation: Option<ConversationId>,
    /// The account that the visitor belongs to; `null` for an anonymous visitor.
    #[schema(required)]
    pub customer: Option<CustomerId>,
}

/// Creates a session for the visitor whose device this is, or else for a new visitor.
#[utoipa::path(post, path = "/widget/sessions", tag = "widget", request_body = NewWidgetSession,
    responses((status = 201, body = WidgetSession), Problems))]
pub async fn create_widget_session(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    ValidJson(new): ValidJson<NewWidgetSession>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let unknown = || Problem::invalid("site", Code::SiteUnknown, "there is no site with this key");
    let site = addressed::site(&app, &new.site).await?.ok_or_else(unknown)?;
    let (shared, redis, now) = (app.in_memory(), app.cluster().redis(), app.env().now());
    let is_new = new.device.is_none() && new.sealed.is_none();
    let (tally, limit) = if is_new {
        (Tally::new("visits", &shared.visits, redis), PER_ADDRESS)
    } else {
        (Tally::new("visits again", &shared.visits_again, redis), KNOWN_PER_ADDRESS)
    };
    may_begin(&tally, limit, address, now).await?;
    let names_somebody = new.identity.is_some() || new.ticket.is_some();
    match begin(&app, &site, address, new).await {
        Err(problem) if names_somebody && signed::is_refusal(&problem) => Err(signed::note_refusal(&app, &site, address, problem).await),
        other => Ok((StatusCode::CREATED, Json(other?)).into_response()),
    }
}

/// Begins the session.
async fn begin(app: &App, site: &Site, address: ClientAddress, new: NewWidgetSession) -> Result<WidgetSession, Problem> {
    if new.ticket.is_some() && new.identity.is_some() {
        return Err(Problem::invalid("ticket", Code::InvalidValue, "send either a ticket or an identity"));
    }
    let device = match (new.device, new.sealed) {
        (None, Some(sealed)) => Some(unseal(app, site, &sealed).ok_or_else(device_revoked)?),
        (device, _) => device,
    };
    let signed = match &new.identity {
        Some(token) => Some(signed::read(app, site, token).await?),
        None => None,
    };
    let secret = || app.env().secret().map_err(|error| Problem::internal(&error));
    let (token, next) = (secret()?, secret()?);
    let entry = Entry {
        tenant: site.tenant,
        site: site.id,
        device: device.map(|device| env::hash(&device)),
        ticket: new.ticket.map(|ticket| env::hash(&ticket)),
        signed,
        fresh: VisitorId::new(app.env().uuid()),
        lang: new.lang,
        device_hash: env::hash(&next),
        token_hash: env::hash(&token),
        network: (!address.is_this_machine()).then(|| app.vault().network(site.tenant, &address.widest_network())),
    };
    let known = Permitted::as_system(site.tenant).write(app, move |tx| Box::pin(async move { entry.run(tx).await.map_err(entry_fault) }));
    let Known { visitor, expires_at, conversation, customer } = known.await?.ok_or_else(device_revoked)?;
    let sealed = seal(app, site, &next)?;
    let generation = app.cluster().generation();
    Ok(WidgetSession { token, expires_at, device: next, sealed, visitor, generation, conversation, customer })
}

/// The problem for each refusal of [`Entry::run`].
fn entry_fault(error: store::Error) -> Fault {
    if let store::Error::Refused(Refusal { code, .. }) = &error
        && let Some(problem) = signed::refusal(*code)
    {
        return problem.into();
    }
    match error {
        store::Error::Refused(Refusal { code: TOO_MANY, .. }) => Problem::too_many(NEXT_SESSION_SECONDS).into(),
        store::Error::Refused(Refusal { code: TICKET_REFUSED, .. }) => {
            Problem::new(StatusCode::UNAUTHORIZED, TICKET_REFUSED, "the ticket was used, has expired, or belongs to a session that ended; request a new one")
                .into()
        }
        other => other.into(),
    }
}

/// Checks whether another session may begin from an address. This machine itself is always allowed: tools, and a proxy that was not configured, behind which
/// everybody has one address.
async fn may_begin(visits: &Tally<'_>, limit: Limit, address: ClientAddress, now: Ts) -> Result<(), Problem> {
    if address.is_this_machine() {
        return Ok(());
    }
    visits.take_from(address, limit, now).await.map_err(Problem::too_many)
}

fn device_revoked() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, Code::DeviceRevoked, "this device is unknown; start again without a device secret")
}

/// Seals a secret for one site: the host page keeps it, but only our own pages can send it back, and only for that site.
fn seal(app: &App, site: &Site, secret: &str) -> Result<String, Problem> {
    let sealed = app.sealer().seal(site.id.uuid().as_bytes(), secret.as_bytes()).map_err(|error| Problem::internal(&error))?;
    Ok(sealed.iter().map(|b| format!("{b:02x}")).collect())
}

fn unseal(app: &App, site: &Site, sealed: &str) -> Option<String> {
    if sealed.len() > 1024 || !sealed.is_ascii() || !sealed.len().is_multiple_of(2) {
        return None;
    }
    let bytes: Vec<u8> = (0..sealed.len() / 2).map(|i| u8::from_str_radix(&sealed[2 * i..2 * i + 2], 16).ok()).collect::<Option<_>>()?;
    let opened = [Some(app.sealer()), app.former_sealer()].into_iter().flatten().find_map(|sealer| sealer.open(site.id.uuid().as_bytes(), &bytes));
    String::from_utf8(opened?).ok()
}

#[cfg(test)]
mod tests {
    use http_kit::auth::attempts::Attempts;
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::Answer;

    use super::*;

    async fn session(app: &TestApp, device: &Value, sealed: &Value) -> Answer {
        app.post("/api/v1/widget/sessions", json!({"site": "alpha", "device": device, "sealed": sealed, "lang": "en"})).await
    }

    #[tokio::test]
    async fn a_device_is_known_again_by_its_secret_or_its_sealed_form() {
        let app = TestApp::new().await;
        let first = session(&app, &Value::Null, &Value::Null).await.expect(201);
        assert!(first["visitor"].as_str().unwrap().starts_with("vst_") && first["token"] != first["device"]);
        let second = session(&app, &first["device"], &Value::Null).await.expect(201);
        let third = session(&app, &Value::Null, &second["sealed"]).await.expect(201);
        assert_eq!((&second["visitor"], &third["visitor"]), (&first["visitor"], &first["visitor"]));
        let other = session(&app, &Value::Null, &Value::Null).await.expect(201);
        assert_ne!(other["visitor"], first["visitor"]);
    }

    #[tokio::test]
    async fn one_address_cannot_bring_visitors_without_end() {
        let here = Attempts::default();
        let visits = Tally::new("visits", &here, None);
        let from = async |address: &str, now: i64| {
            may_begin(&visits, PER_ADDRESS, ClientAddress(address.parse().unwrap()), Ts(now)).await.map_err(|problem| problem.status)
        };
        for n in 0..120 {
            assert_eq!(from(&format!("2001:db8::{n:x}"), n).await, Ok(()), "{n}");
        }
        assert_eq!(from("2001:db8::ffff", 200).await, Err(429));
        assert_eq!(from("203.0.113.7", 200).await, Ok(()));
        assert_eq!(from("2001:db8::ffff", MINUTE + 1).await, Ok(()));
        for n in 0..1000 {
            assert!(from("127.0.0.1", n).await.is_ok() && from("::1", n).await.is_ok());
        }
    }

    #[tokio::test]
    async fn a_secret_that_was_replaced_long_ago_ends_everything() {
        let app = TestApp::new().await;
        let first = session(&app, &Value::Null, &Value::Null).await.expect(201);
        let second = session(&app, &first["device"], &Value::Null).await.expect(201);
        session(&app, &first["device"], &Value::Null).await.expect(201);
        app.clock.advance(60_000);
        session(&app, &first["device"], &Value::Null).await.problem(401, "device_revoked");
        session(&app, &second["device"], &Value::Null).await.problem(401, "device_revoked");
        app.with_token(second["token"].as_str().unwrap()).get("/api/v1/files/fil_00000000000000000000000000000001").await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn what_is_forged_or_of_another_site_is_refused() {
        let app = TestApp::new().await;
        let beta = app.other_company("beta").await;
        let first = session(&app, &Value::Null, &Value::Null).await.expect(201);
        for sealed in ["", "zz", "00", &"0".repeat(2000), &format!("{}0", first["sealed"].as_str().unwrap()), &"é".repeat(100)] {
            session(&app, &Value::Null, &json!(sealed)).await.problem(401, "device_revoked");
        }
        let moved = json!({"site": "beta", "sealed": first["sealed"], "lang": "en"});
        app.anyone_at(&beta).post("/api/v1/widget/sessions", moved).await.problem(401, "device_revoked");
        session(&app, &json!("0".repeat(64)), &Value::Null).await.problem(401, "device_revoked");
        app.post("/api/v1/widget/sessions", json!({"site": "nothing", "lang": "en"})).await.problem_at(422, "site_unknown", "site");
        app.post("/api/v1/widget/sessions", json!({"site": "alpha", "lang": "fr"})).await.problem_at(422, "invalid_value", "lang");
    }

    #[tokio::test]
    async fn a_device_cannot_have_sessions_without_end() {
        let app = TestApp::new().await;
        let mut device = session(&app, &Value::Null, &Value::Null).await.expect(201)["device"].clone();
        for _ in 1..30 {
            device = session(&app, &device, &Value::Null).await.expect(201)["device"].clone();
        }
        let refused = session(&app, &device, &Value::Null).await;
        refused.problem(429, "too_many_requests");
        assert_eq!(refused.header("retry-after"), "60");
        // The refusal had no lasting effect: the device still works a minute later.
        app.clock.advance(MINUTE);
        session(&app, &device, &Value::Null).await.expect(201);
    }

    #[tokio::test]
    async fn a_chat_ends_with_the_session_that_it_came_by() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        let other = app.sign_in_again(&ada).await;
        let (here, there) = (app.widget_of(&ada, None).await, app.widget_of(&other, None).await);
        let says = async |who: &testkit_app::VisitorClient| {
            let frame = json!({"t": "send", "conversation": "cnv_00000000000000000000000000000001", "client_id": uuid::Uuid::from_u128(1), "body": {"type": "text", "text": "x"}});
            app.post("/rt/send", json!({"token": who.session["token"], "frames": [frame]})).await.status.as_u16()
        };
        assert_eq!((says(&here).await, says(&there).await), (200, 200));
        let change = json!({"old": testkit_app::CUSTOMER_PASSWORD, "password": "staple for the battery"});
        assert_eq!(ada.put("/api/v1/customer/password", change).await.status.as_u16(), 204);
        assert_eq!((says(&here).await, says(&there).await), (200, 401));
        // By then, the account has not been used for almost as long as a session lives, but the token was issued a moment before.
        app.clock.advance(domain::customer::SESSION_IDLE_MS - MINUTE);
        let again = app.post("/api/v1/widget/sessions", json!({"site": "alpha", "device": here.session["device"], "lang": "en"})).await.expect(201);
        let here = app.widget_with(again);
        app.send(ada.request(reqwest::Method::DELETE, "/api/v1/customer/sessions/current")).await;
        assert_eq!(says(&here).await, 401);
    }

    async fn rejoin(app: &TestApp, ticket: &str, device: &Value) -> Answer {
        app.post("/api/v1/widget/sessions", json!({"site": "alpha", "device": device, "lang": "en", "ticket": ticket})).await
    }

    #[tokio::test]
    async fn what_was_said_anonymously_joins_the_account() {
        let app = TestApp::new().await;
        let (ada, anonymous) = (app.customer("ada@example.com").await, app.visitor().await);
        let conversation = anonymous.open("before I signed in").await;
        let mut before = testkit_server::Realtime::connect(&anonymous).await;
        let stream = anonymous.session["visitor"].as_str().unwrap();
        before.send(&json!({"t": "hello", "version": 1, "token": anonymous.session["token"], "cursors": {stream: 0, conversation.as_str(): 0}})).await;
        before.until("welcome").await;
        let chat = app.widget_of(&ada, Some(&anonymous)).await;
        let me = ada.get("/api/v1/customer").await.expect(200)["id"].clone();
        assert_eq!((&chat.session["conversation"], &chat.session["customer"]), (&json!(conversation), &me));
        assert_ne!(chat.session["visitor"], anonymous.session["visitor"]);
        assert_eq!(before.farewell().await.0.as_deref(), Some("token_expired"));
        let stream = stream.parse().unwrap();
        let entries = db::journal::page(&mut app.app().db().read().await.unwrap(), app.company.tenant, stream, domain::journal::View::Customer, 0, 10).await;
        let moved = entries.unwrap().pop().unwrap();
        assert_eq!(moved.entry.kind, domain::entry::EntryKind::Moved);
        assert_eq!(moved.entry.body, domain::journal::Words::Plain(json!({"to": chat.session["visitor"]}).to_string()));
        // The conversation is still there and continues.
        assert_eq!(chat.say(&conversation, false, json!({"type": "text", "text": "and after"})).await["t"], "ok");
        session(&app, &anonymous.session["device"], &Value::Null).await.problem(401, "device_revoked");
    }

    #[tokio::test]
    async fn a_send_that_had_no_answer_is_stored_once_though_the_customer_signed_in_between() {
        let app = TestApp::new().await;
        let (ada, anonymous) = (app.customer("ada@example.com").await, app.visitor().await);
        let conversation = anonymous.open("hello").await;
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::from_u128(7), "body": {"type": "text", "text": "twice?"}});
        let send = async |token: &Value| app.post("/rt/send", json!({"token": token, "frames": [frame]})).await.expect(200)["frames"][0].clone();
        let first = send(&anonymous.session["token"]).await;
        let chat = app.widget_of(&ada, Some(&anonymous)).await;
        let again = send(&chat.session["token"]).await;
        assert_eq!((&first["t"], &first["seq"]), (&json!("ok"), &again["seq"]), "{again}");
    }

    #[tokio::test]
    async fn a_ticket_is_used_once_and_a_refused_one_costs_nothing() {
        let app = TestApp::new().await;
        let (ada, anonymous) = (app.customer("ada@example.com").await, app.visitor().await);
        let ticket = app.ticket_of(&ada).await;
        rejoin(&app, &ticket, &json!("0".repeat(64))).await.problem(401, "device_revoked");
        let uses = (0..20).map(|_| rejoin(&app, &ticket, &Value::Null));
        let statuses: Vec<u16> = futures_util::future::join_all(uses).await.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        for bad in [ticket.as_str(), "", "0"] {
            rejoin(&app, bad, &anonymous.session["device"]).await.problem(401, "ticket_refused");
        }
        let late = app.ticket_of(&ada).await;
        app.clock.advance(domain::customer::TICKET_MS);
        rejoin(&app, &late, &anonymous.session["device"]).await.problem(401, "ticket_refused");
        session(&app, &anonymous.session["device"], &Value::Null).await.expect(201);
    }

    #[tokio::test]
    async fn all_devices_of_an_account_show_the_same_conversation() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        let here = app.widget_of(&ada, None).await;
        let conversation = here.open("on the phone").await;
        let there = app.widget_of(&app.sign_in_again(&ada).await, None).await;
        assert_eq!((&there.session["visitor"], &there.session["conversation"]), (&here.session["visitor"], &json!(conversation)));
    }

    #[tokio::test]
    async fn of_two_open_conversations_the_one_that_is_further_goes_on() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        let known = app.widget_of(&ada, None).await;
        let waiting = known.open("I want a person").await;
        known.say(&waiting, false, json!({"type": "request_human", "via": "button"})).await;
        let anonymous = app.visitor().await;
        let with_bot = anonymous.open("just asking").await;
        let joined = app.widget_of(&ada, Some(&anonymous)).await;
        assert_eq!(joined.session["conversation"], json!(waiting));
        let listed = ada.get("/api/v1/customer/conversations").await.expect(200);
        let states: Vec<_> = listed["items"].as_array().unwrap().iter().map(|item| (item["id"].as_str().unwrap(), item["state"].as_str().unwrap())).collect();
        assert!(states.contains(&(waiting.as_str(), "queued")) && states.contains(&(with_bot.as_str(), "resolved")), "{states:?}");
    }

    #[tokio::test]
    async fn another_accounts_conversations_do_not_move() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.customer("ada@example.com").await, app.customer("eve@example.com").await);
        let of_ada = app.widget_of(&ada, None).await;
        of_ada.open("mine").await;
        let of_eve = app.widget_of(&eve, Some(&of_ada)).await;
        assert_eq!(of_eve.session["conversation"], Value::Null);
        assert!(eve.get("/api/v1/customer/conversations").await.expect(200)["items"].as_array().unwrap().is_empty());
    }

    #[tokio::test]
    async fn signing_out_ends_what_the_chat_was_given_and_nobody_elses() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        let other = app.sign_in_again(&ada).await;
        let (here, there) = (app.widget_of(&ada, None).await, app.widget_of(&other, None).await);
        let mut open = testkit_server::Realtime::connect(&here).await;
        open.send(&json!({"t": "hello", "version": 1, "token": here.session["token"], "cursors": {}})).await;
        open.until("welcome").await;
        assert_eq!(ada.delete("/api/v1/customer/sessions/current").await.status.as_u16(), 204);
        open.closed().await;
        here.get("/api/v1/files/fil_00000000000000000000000000000001").await.problem(401, "not_signed_in");
        session(&app, &here.session["device"], &Value::Null).await.problem(401, "device_revoked");
        session(&app, &there.session["device"], &Value::Null).await.expect(201);
    }

    #[tokio::test]
    async fn a_ticket_of_another_company_is_refused() {
        let app = TestApp::new().await;
        let beta = app.other_company("beta").await;
        let ada = app.customer("ada@example.com").await;
        let body = json!({"site": "beta", "lang": "en", "ticket": app.ticket_of(&ada).await});
        app.anyone_at(&beta).post("/api/v1/widget/sessions", body).await.problem(401, "ticket_refused");
    }

    #[tokio::test]
    async fn the_desk_tells_accounts_from_anonymous_visitors() {
        let app = TestApp::new().await;
        let (ada, mira, anonymous) = (app.customer("13800138000").await, app.manager("mira").await, app.visitor().await);
        let conversation = anonymous.open("who am I").await;
        let seen = async || mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
        assert_eq!(seen().await["visitor"]["account"], Value::Null);
        app.widget_of(&ada, Some(&anonymous)).await;
        let known = seen().await;
        assert_eq!((&known["visitor"]["account"]["verified"], &known["visitor"]["account"]["masked"]), (&json!("mobile"), &json!("138****8000")));
        assert!(!known.to_string().contains("13800138000"), "{known}");
        let seen_at = ada.get("/api/v1/customer").await.expect(200)["updated_at"].clone();
        ada.patch("/api/v1/customer", json!({"name": "李雷", "seen": seen_at})).await.expect(200);
        let named = seen().await;
        assert_eq!((&named["visitor"]["name"], &named["customer"]["name"]), (&json!("李雷"), &json!("李雷")));
    }
}
