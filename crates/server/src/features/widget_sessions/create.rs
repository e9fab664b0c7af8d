//! `POST /api/v1/widget/sessions`

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use db::Shard;
use domain::{
    id::{ConversationId, TenantId, VisitorId},
    text::Lang,
    time::{MINUTE, Ts},
};
use serde::{Deserialize, Serialize};
use store::sites::Site;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    App,
    auth::{attempts::Limit, origin},
    cluster::tally::Tally,
    env,
    extract::{ClientAddress, ValidJson},
    problem::{Problem, Problems},
};

/// New visitors from one network address; many customers may share one.
const PER_ADDRESS: Limit = Limit { tries: 120, within_ms: MINUTE };

/// Asks to be known.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWidgetSession {
    /// The site's key.
    pub site: String,
    /// The device's secret from the last time, if it was kept.
    #[serde(default)]
    pub device: Option<String>,
    /// The same, sealed, where only the host page could keep it.
    #[serde(default)]
    pub sealed: Option<String>,
    /// The customer's language.
    pub lang: Lang,
}

/// Who the widget is now.
#[derive(Debug, Serialize, ToSchema)]
pub struct WidgetSession {
    /// The access token: kept in memory, sent in hello.
    pub token: String,
    /// Until when it is good.
    pub expires_at: Ts,
    /// The device's next secret; the one before is good for nothing now.
    pub device: String,
    /// The same, sealed, for a host page to keep.
    pub sealed: String,
    /// The visitor; also the name of its stream.
    pub visitor: VisitorId,
    /// This installation's generation.
    pub generation: Uuid,
    /// The conversation to go on with, if there is one.
    #[schema(required)]
    pub conversation: Option<ConversationId>,
}

/// Makes a session: of the visitor whose device this is, else of a new one.
#[utoipa::path(post, path = "/widget/sessions", tag = "widget", request_body = NewWidgetSession,
    responses((status = 201, body = WidgetSession), Problems))]
pub async fn create_widget_session(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    ValidJson(new): ValidJson<NewWidgetSession>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app.settings().public_url)?;
    let unknown = || Problem::invalid("site", "site_unknown", "there is no site with this key");
    let site = store::entry_points::site_by_key(app.db(), &new.site).await?.ok_or_else(unknown)?;
    let device = match (new.device, new.sealed) {
        (Some(device), _) => Some(device),
        (None, Some(sealed)) => Some(unseal(&app, &site, &sealed).ok_or_else(revoked)?),
        (None, None) => {
            may_begin(&Tally::new("visits", &app.shared().visits, app.live().cluster().redis()), address, app.env().now()).await?;
            None
        }
    };
    let secret = || app.env().secret().map_err(|error| Problem::internal(&error));
    let (token, next) = (secret()?, secret()?);
    let fresh = VisitorId::new(app.env().uuid());
    let known = enter(&app, &site, device, fresh, new.lang, env::hash(&next), env::hash(&token)).await?.ok_or_else(revoked)?;
    let (visitor, expires_at, conversation) = known;
    let sealed = seal(&app, &site, &next)?;
    let session = WidgetSession { token, expires_at, device: next, sealed, visitor, generation: app.live().cluster().generation(), conversation };
    Ok((StatusCode::CREATED, Json(session)).into_response())
}

/// Whether one more visitor may begin from an address. This machine itself may always: tools, and a proxy that was not made known, behind which everybody
/// has one address.
async fn may_begin(visits: &Tally<'_>, address: ClientAddress, now: Ts) -> Result<(), Problem> {
    if address.0.to_canonical().is_loopback() {
        return Ok(());
    }
    visits.take(&address.network(), PER_ADDRESS, now).await.map_err(Problem::too_many)
}

fn revoked() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "device_revoked", "this device is not known; start again without a device secret")
}

type Known = (VisitorId, Ts, Option<ConversationId>);

/// `None` if the secret is not known, or was used twice: then everything the visitor had is ended.
async fn enter(app: &App, site: &Site, device: Option<String>, fresh: VisitorId, lang: Lang, next: Vec<u8>, token: Vec<u8>) -> store::Result<Option<Known>> {
    let (tenant, site) = (site.tenant, site.id);
    app.db()
        .writer()
        .write(Shard::Any, move |tx| {
            Box::pin(async move {
                let visitor = match device.map(|d| env::hash(&d)) {
                    None => {
                        store::visitors::create(tx, tenant, fresh, site, lang).await?;
                        fresh
                    }
                    Some(hash) => match known(tx, tenant, &hash).await? {
                        Some(visitor) => visitor,
                        None => return Ok(None),
                    },
                };
                let expires_at = store::visitors::issue(tx, tenant, visitor, site, next, token).await?;
                let conversation = store::conversations::current_of_visitor(tx, tenant, visitor, site).await?;
                Ok::<_, store::Error>(Some((visitor, expires_at, conversation)))
            })
        })
        .await
}

async fn known(tx: &mut db::Tx, tenant: TenantId, hash: &[u8]) -> store::Result<Option<VisitorId>> {
    let Some((of, visitor, replaced_at)) = store::entry_points::visitor_device(tx, hash).await? else { return Ok(None) };
    if of != tenant {
        return Ok(None);
    }
    if replaced_at.is_some_and(|at| tx.now().since(at) > store::visitors::REPLACED_GRACE_MS) {
        store::visitors::revoke(tx, tenant, visitor).await?;
        return Ok(None);
    }
    store::entry_points::replace_device(tx, hash).await?;
    Ok(Some(visitor))
}

/// Sealed for one site: the host page keeps it, but only our own pages can hand it back, and only for that site.
fn seal(app: &App, site: &Site, secret: &str) -> Result<String, Problem> {
    let sealed = app.sealer().seal(site.id.uuid().as_bytes(), secret.as_bytes()).map_err(|error| Problem::internal(&error))?;
    Ok(sealed.iter().map(|b| format!("{b:02x}")).collect())
}

fn unseal(app: &App, site: &Site, sealed: &str) -> Option<String> {
    if sealed.len() > 1024 || !sealed.is_ascii() || !sealed.len().is_multiple_of(2) {
        return None;
    }
    let bytes: Vec<u8> = (0..sealed.len() / 2).map(|i| u8::from_str_radix(&sealed[2 * i..2 * i + 2], 16).ok()).collect::<Option<_>>()?;
    String::from_utf8(app.sealer().open(site.id.uuid().as_bytes(), &bytes)?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit::{Answer, TestApp};

    use super::*;
    use crate::auth::attempts::Attempts;

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
        let from = async |address: &str, now: i64| may_begin(&visits, ClientAddress(address.parse().unwrap()), Ts(now)).await.map_err(|problem| problem.status);
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
        app.other_company("beta").await;
        let first = session(&app, &Value::Null, &Value::Null).await.expect(201);
        for sealed in ["", "zz", "00", &"0".repeat(2000), &format!("{}0", first["sealed"].as_str().unwrap()), &"é".repeat(100)] {
            session(&app, &Value::Null, &json!(sealed)).await.problem(401, "device_revoked");
        }
        let moved = json!({"site": "beta", "sealed": first["sealed"], "lang": "en"});
        app.post("/api/v1/widget/sessions", moved).await.problem(401, "device_revoked");
        session(&app, &json!("0".repeat(64)), &Value::Null).await.problem(401, "device_revoked");
        app.post("/api/v1/widget/sessions", json!({"site": "nothing", "lang": "en"})).await.problem_at(422, "site_unknown", "site");
        app.post("/api/v1/widget/sessions", json!({"site": "alpha", "lang": "fr"})).await.problem_at(422, "invalid_value", "lang");
    }
}
