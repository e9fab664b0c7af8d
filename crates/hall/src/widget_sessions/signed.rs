//! The token by which a site's own server names the customer who is signed in on its page: a JWT (RFC 7519) that is signed with one of the
//! site's keys: with a secret by HMAC-SHA256 (RFC 7518, 3.2), or with a private key of the site alone by Ed25519 (RFC 8037).

use axum::http::StatusCode;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use db::Tx;
use domain::{
    id::{CustomerId, CustomerSessionId, SiteId, TenantId},
    journal::Actor,
    refusal::{Code, Refusal},
    signed_identity::{self, Algorithm, Identity, MAX_TOKEN_BYTES},
    text::Lang,
    time::MINUTE,
};
use http_kit::{
    App,
    audit::Asked,
    auth::{attempts::Limit, tally::Tally},
    problem::Problem,
};
use platform::{client_address::ClientAddress, env};
use ring::signature::{ED25519, UnparsedPublicKey};
use seal::{
    digest,
    signed::{SaidOfCustomer, secret_purpose},
    vault::{Field, Vault},
};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::{Error, Result, site_secrets, sites::Site};
use store_hall::{
    customer_sessions::{self, SignedSession},
    customers::{self, Customer},
    signed_customers::{self, Said},
};

/// Refused tokens from one network address; what is more is not even read.
const REFUSED_PER_ADDRESS: Limit = Limit { tries: 30, within_ms: MINUTE };

/// A token whose signature and claims were checked; using it up is left.
#[derive(Clone)]
pub(super) struct Signed {
    identity: Identity,
    /// The hash of the token's id.
    token_hash: Vec<u8>,
    /// The customer's id if the customer is new.
    fresh: CustomerId,
    session: SignedSession,
    vault: Vault,
}

/// The header of a token.
#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

fn refuse(code: Code, why: &'static str) -> Problem {
    Problem { field: Some("identity".to_owned()), ..Problem::new(StatusCode::UNAUTHORIZED, code, why) }
}

fn malformed_token() -> Problem {
    refuse(Code::IdentityInvalid, "the token is not a signed JWT: three parts in base64url, separated by dots")
}

fn unknown_key() -> Problem {
    refuse(
        Code::IdentityKeyUnknown,
        "the site has no valid secret with this kid: use the kid that was shown with the secret, which may have been revoked since",
    )
}

/// The problem for a refusal inside the transaction, if it is about the token.
pub(super) fn refusal(code: Code) -> Option<Problem> {
    match code {
        Code::IdentityReplayed => Some(refuse(code, "the token was used before: sign a new one, with a new jti, for each page")),
        Code::IdentityKeyUnknown => Some(unknown_key()),
        Code::IdentityRequired => Some(refuse(code, "this site serves only customers whom its page has named by a signed token")),
        _ => None,
    }
}

fn part<T: serde::de::DeserializeOwned>(raw: &str) -> std::result::Result<T, Problem> {
    let bytes = BASE64.decode(raw).map_err(|_| malformed_token())?;
    serde_json::from_slice(&bytes).map_err(|_| malformed_token())
}

/// Checks a token that is presented to a site. Nothing is changed.
pub(super) async fn read(app: &App, site: &Site, token: &str) -> std::result::Result<Signed, Problem> {
    let parts: Vec<&str> = if token.len() <= MAX_TOKEN_BYTES { token.split('.').collect() } else { Vec::new() };
    let [header, claims, signature] = parts[..] else { return Err(malformed_token()) };
    let Header { alg, kid, crit } = part(header)?;
    let asked = Algorithm::parse(&alg)
        .filter(|_| crit.is_none())
        .ok_or_else(|| refuse(Code::IdentityInvalid, "the token must be signed with HS256 or EdDSA, and its header must contain alg, typ and kid only"))?;
    let kid = kid.ok_or_else(unknown_key)?;
    let (algorithm, sealed) = site_secrets::find(&mut app.db().read_of(site.tenant).await?, site.tenant, site.id, &kid).await?.ok_or_else(unknown_key)?;
    let key = app.sealer().open(&secret_purpose(site.id, &kid), &sealed).ok_or_else(unknown_key)?;
    // The key decides, not the token: otherwise a public key would be taken for a secret that everybody knows.
    if asked != algorithm {
        return Err(refuse(Code::IdentityInvalid, "the token is signed with another algorithm than the one of the key that its kid names"));
    }
    check_signature((algorithm, &key), (header, claims), &BASE64.decode(signature).map_err(|_| malformed_token())?)?;
    let identity = signed_identity::read(&part(claims)?, &site.key, app.env().now())?;
    let hidden = app.env().secret().map_err(|error| Problem::internal(&error))?;
    Ok(Signed {
        token_hash: env::hash(&identity.token_id),
        identity,
        fresh: CustomerId::new(app.env().uuid()),
        session: SignedSession { id: CustomerSessionId::new(app.env().uuid()), token_hash: env::hash(&hidden), site: site.id, kid },
        vault: app.vault().clone(),
    })
}

fn check_signature((algorithm, key): (Algorithm, &[u8]), (header, claims): (&str, &str), given: &[u8]) -> std::result::Result<(), Problem> {
    match algorithm {
        Algorithm::Hs256 => {
            let expected = digest(key, &[header.as_bytes(), b".", claims.as_bytes()]);
            // Digests are compared, so that the time it takes reveals nothing.
            let why = "the signature is wrong: sign with the secret that belongs to the kid, exactly as it was shown";
            if Sha256::digest(given) == Sha256::digest(&expected) { Ok(()) } else { Err(refuse(Code::IdentityInvalid, why)) }
        }
        Algorithm::EdDsa => {
            let why = "the signature is wrong: sign with the private key whose public half was entered for the kid";
            let signed = format!("{header}.{claims}");
            UnparsedPublicKey::new(&ED25519, key).verify(signed.as_bytes(), given).map_err(|_| refuse(Code::IdentityInvalid, why))
        }
    }
}

/// Has the company's audit count a refusal, and returns it, unless too many came from there already.
pub(super) async fn note_refusal(app: &App, site: &Site, address: ClientAddress, problem: Problem) -> Problem {
    if !address.is_this_machine() {
        let refused = Tally::new("identities", &app.in_memory().refused_identities, app.cluster().redis());
        if let Err(seconds) = refused.take_from(address, REFUSED_PER_ADDRESS, app.env().now()).await {
            return Problem::too_many(seconds);
        }
    }
    let asked = Asked::from_outside("POST /api/v1/widget/sessions", "/api/v1/widget/sessions", json!({"site": site.key, "field": problem.field}));
    app.in_memory().refusals.count(site.tenant, Actor::system(), asked.making(&site.id), problem.code);
    problem
}

/// Whether a problem refuses a token, or the lack of one.
pub(super) const fn is_refusal(problem: &Problem) -> bool {
    matches!(
        problem.code,
        Code::IdentityInvalid | Code::IdentityKeyUnknown | Code::IdentityExpired | Code::IdentityReplayed | Code::IdentityAudience | Code::IdentityRequired
    )
}

fn cannot_seal(_: seal::CannotSeal) -> Error {
    Error::Db(db::Error::Corrupt("what a site says of a customer could not be sealed".to_owned()))
}

impl Signed {
    /// Uses the token up, and begins a session of the customer whom it names; a customer who is named for the first time is added.
    pub(super) async fn admit(&self, tx: &mut Tx, tenant: TenantId, site: SiteId, lang: Lang) -> Result<(CustomerId, CustomerSessionId)> {
        if !site_secrets::hold(tx, tenant, site, &self.session.kid).await? {
            return Err(Refusal::new(Code::IdentityKeyUnknown).into());
        }
        if !signed_customers::spend(tx, tenant, site, &self.token_hash, self.identity.expires_at).await? {
            return Err(Refusal::new(Code::IdentityReplayed).into());
        }
        let lang = self.identity.lang.unwrap_or(lang);
        let customer = self.customer(tx, tenant, site, lang).await?;
        customer_sessions::insert_signed(tx, tenant, customer, &self.session).await?;
        Ok((customer, self.session.id))
    }

    /// The customer whom the token names, with what the site says now.
    async fn customer(&self, tx: &mut Tx, tenant: TenantId, site: SiteId, lang: Lang) -> Result<CustomerId> {
        let (now, lookup) = (tx.now(), self.vault.subject(tenant, site, &self.identity.subject));
        let said = SaidOfCustomer::of(&self.identity);
        let seal = |customer| Ok::<_, Error>(Said { lookup: lookup.clone(), sealed: said.seal(&self.vault, tenant, customer).map_err(cannot_seal)? });
        let customer = match signed_customers::find(tx, tenant, site, &lookup).await? {
            Some(known) => known,
            None => signed_customers::reserve(tx, tenant, site, self.fresh, &seal(self.fresh)?).await?,
        };
        if customer == self.fresh {
            // Without a password, nobody signs in here as this customer.
            let new = Customer { id: customer, tenant, name: None, lang, password_hash: String::new(), created_at: now, updated_at: now };
            customers::insert_signed(tx, tenant, &new).await?;
        }
        // Whoever has the profile open meets a conflict only if something has changed.
        let known = customers::get(tx, tenant, customer).await?;
        let called = known.name.and_then(|sealed| self.vault.open(tenant, customer, Field::Name, &sealed));
        let is_called_so = self.identity.name.is_none() || self.identity.name == called;
        let before = signed_customers::said_of(tx, tenant, customer).await?.and_then(|sealed| SaidOfCustomer::open(&self.vault, tenant, customer, &sealed));
        signed_customers::say(tx, tenant, site, &seal(customer)?).await?;
        if !is_called_so || known.lang != lang {
            let name = self.identity.name.as_deref().filter(|_| !is_called_so);
            let name = name.map(|name| self.vault.seal(tenant, customer, Field::Name, name)).transpose().map_err(cannot_seal)?;
            signed_customers::call(tx, tenant, customer, name.as_deref(), lang).await?;
        }
        if customer == self.fresh || !is_called_so || before != Some(said) {
            service::customers::derive(tx, &self.vault, tenant, customer).await?;
        }
        Ok(customer)
    }
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use ring::signature::{Ed25519KeyPair, KeyPair as _};
    use testkit_app::{StaffClient, TestApp};
    use testkit_server::Answer;

    use super::*;

    /// A site with a secret, and who signs for it.
    struct Shop {
        app: TestApp,
        tara: StaffClient,
        site: Value,
        kid: String,
        secret: String,
    }

    impl Shop {
        async fn open() -> Self {
            let app = TestApp::new().await;
            let tara = app.staff(Role::Administrator, "tara").await;
            let site = tara.get("/api/v1/company/sites").await.expect(200)["items"][0].clone();
            let path = format!("/api/v1/company/sites/{}/secrets", site["id"].as_str().unwrap());
            let made = tara.post(&path, json!({})).await.expect(201);
            let text = |name: &str| made[name].as_str().unwrap().to_owned();
            Self { kid: text("kid"), secret: text("secret"), app, tara, site }
        }
        /// The claims of a token, with changes.
        fn claims(&self, jti: &str, change: &Value) -> Value {
            let mut claims = json!({"sub": "u-1", "aud": "alpha", "exp": self.app.env().now().0 / 1000 + 300, "jti": jti});
            claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            claims
        }
        fn sign(&self, jti: &str, change: Value) -> String {
            jwt(&json!({"alg": "HS256", "typ": "JWT", "kid": self.kid}), &self.claims(jti, &change), &self.secret)
        }
        async fn begin(&self, identity: &str, device: &Value) -> Answer {
            let body = json!({"site": "alpha", "lang": "en", "device": device, "identity": identity});
            self.app.post("/api/v1/widget/sessions", body).await
        }
        async fn require(&self, is_required: bool) -> Answer {
            let (id, now) = (self.site["id"].as_str().unwrap(), self.tara.get("/api/v1/company/sites").await.expect(200)["items"][0]["updated_at"].clone());
            self.tara.patch(&format!("/api/v1/company/sites/{id}"), json!({"requires_identity": is_required, "seen": now})).await
        }
        async fn count(&self, sql: &'static str) -> i64 {
            let (count,): (i64,) = db::q!(&mut self.app.app().db().read().await.unwrap(), |c| sqlx::query_as(sql).fetch_one(c).await).unwrap();
            count
        }
    }

    fn jwt(header: &Value, claims: &Value, secret: &str) -> String {
        let signed = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
        let signature = BASE64.encode(digest(secret.as_bytes(), &[signed.as_bytes()]));
        format!("{signed}.{signature}")
    }

    #[tokio::test]
    async fn what_a_visitor_said_moves_to_the_customer_whom_the_page_names() {
        let shop = Shop::open().await;
        let (visitor, mira) = (shop.app.visitor().await, shop.app.manager("mira").await);
        let conversation = visitor.open("before I signed in").await;
        visitor.say(&conversation, false, json!({"type": "text", "text": "and one more line"})).await;
        let seen = async || mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200)["visitor"].clone();
        assert_eq!(seen().await["account"], Value::Null);
        let said = json!({"name": "李雷", "email": "li@example.com", "phone": "13800138000", "locale": "zh-CN"});
        let session = shop.begin(&shop.sign("1", said), &visitor.session["device"]).await.expect(201);
        assert_eq!((&session["conversation"], session["customer"].is_string()), (&json!(conversation), true));
        let account = seen().await;
        assert_eq!((&account["name"], &account["account"]["subject"], &account["account"]["masked"]), (&json!("李雷"), &json!("u-1"), &json!("138****8000")));
        assert_eq!((&account["account"]["id"], &account["account"]["verified"]), (&session["customer"], &Value::Null));
        // Nothing is lost, and it goes on.
        let here = shop.app.widget_with(session.clone());
        assert_eq!(here.say(&conversation, false, json!({"type": "text", "text": "and after"})).await["t"], "ok");
        assert_eq!(shop.count("SELECT COUNT(*) FROM journal_entries WHERE kind = 'message' AND actor_kind = 'customer'").await, 3);
        // On another device, the same person; what the site says now counts, and a name that it leaves out stays.
        let again = shop.begin(&shop.sign("2", json!({"email": "lei@example.com"})), &Value::Null).await.expect(201);
        assert_eq!((&again["customer"], &again["conversation"], &again["visitor"]), (&session["customer"], &json!(conversation), &session["visitor"]));
        let account = seen().await;
        assert_eq!((&account["name"], &account["account"]["masked"]), (&json!("李雷"), &json!("l***@example.com")));
        // Somebody else is somebody else.
        let other = shop.begin(&shop.sign("3", json!({"sub": "u-2"})), &again["device"]).await.expect(201);
        assert!(other["customer"] != session["customer"] && other["conversation"] == Value::Null);
    }

    #[tokio::test]
    async fn a_token_that_is_not_right_changes_nothing_and_is_counted() {
        let shop = Shop::open().await;
        let beta = shop.app.other_company("beta").await;
        let bob = shop.app.staff_of(&beta, Role::Administrator, "bob").await;
        let theirs = bob.get("/api/v1/company/sites").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let theirs = bob.post(&format!("/api/v1/company/sites/{theirs}/secrets"), json!({})).await.expect(201);
        let header = |alg: &str, kid: &str| json!({"alg": alg, "typ": "JWT", "kid": kid});
        let (claims, kid, secret) = (shop.claims("x", &json!({})), shop.kid.as_str(), shop.secret.as_str());
        let (their_kid, their_secret) = (theirs["kid"].as_str().unwrap(), theirs["secret"].as_str().unwrap());
        let good = shop.sign("once", json!({}));
        shop.begin(&good, &Value::Null).await.expect(201);
        let day = 86_400;
        let now = shop.app.env().now().0 / 1000;
        let [head, body, _] = good.split('.').collect::<Vec<_>>()[..] else { unreachable!() };
        let count =
            async || shop.count("SELECT (SELECT COUNT(*) FROM customers) + (SELECT COUNT(*) FROM visitors) + (SELECT COUNT(*) FROM spent_identities)").await;
        let (before, mut tries) = (count().await, Vec::new());
        for (token, code, field) in [
            (good.clone(), "identity_replayed", "identity"),
            (shop.sign("a", json!({"exp": now - 1})), "identity_expired", "identity.exp"),
            (shop.sign("a", json!({"exp": now - day})), "identity_expired", "identity.exp"),
            (shop.sign("a", json!({"exp": now + 601})), "identity_invalid", "identity.exp"),
            (shop.sign("a", json!({"aud": "beta"})), "identity_audience", "identity.aud"),
            (shop.sign("a", json!({"sub": ""})), "identity_invalid", "identity.sub"),
            (shop.sign("a", json!({"email": "none"})), "identity_invalid", "identity.email"),
            (jwt(&header("none", kid), &claims, secret), "identity_invalid", "identity"),
            (jwt(&header("HS512", kid), &claims, secret), "identity_invalid", "identity"),
            (format!("{head}.{body}."), "identity_invalid", "identity"),
            (jwt(&header("HS256", kid), &claims, &format!("{secret} ")), "identity_invalid", "identity"),
            (jwt(&header("HS256", kid), &claims, their_secret), "identity_invalid", "identity"),
            (jwt(&header("HS256", their_kid), &claims, their_secret), "identity_key_unknown", "identity"),
            (jwt(&json!({"alg": "HS256"}), &claims, secret), "identity_key_unknown", "identity"),
            (jwt(&json!({"alg": "HS256", "kid": kid, "crit": ["b64"]}), &claims, secret), "identity_invalid", "identity"),
            (String::new(), "identity_invalid", "identity"),
            ("a.b.c".to_owned(), "identity_invalid", "identity"),
            ("x".repeat(5_000), "identity_invalid", "identity"),
        ] {
            let refused = shop.begin(&token, &Value::Null).await;
            refused.problem_at(401, code, field);
            tries.push(("POST /api/v1/widget/sessions".to_owned(), code.to_owned()));
            assert_eq!(count().await, before, "{code} {token}");
        }
        tries.sort_unstable();
        let lines = shop.app.audit().await.len();
        assert_eq!(shop.app.refusals(tries.len()).await, tries);
        assert!(shop.app.audit().await.len() < lines + 11, "those of a minute are one entry");
        let both = json!({"site": "alpha", "lang": "en", "identity": good, "ticket": "0".repeat(64)});
        shop.app.post("/api/v1/widget/sessions", both).await.problem_at(422, "invalid_value", "ticket");
    }

    #[tokio::test]
    async fn a_page_signs_with_a_private_key_that_only_its_server_knows() {
        let shop = Shop::open().await;
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let public = BASE64.encode(pair.public_key());
        let path = format!("/api/v1/company/sites/{}/secrets", shop.site["id"].as_str().unwrap());
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": public}).to_string();
        shop.tara.post(&path, json!({"public_key": "-----BEGIN RSA PUBLIC KEY-----"})).await.problem_at(422, "invalid_value", "public_key");
        let added = shop.tara.post(&path, json!({"public_key": jwk})).await.expect(201);
        assert_eq!((&added["algorithm"], &added["secret"]), (&json!("EdDSA"), &Value::Null));
        let sign = |kid: &str, claims: &Value| {
            let header = json!({"alg": "EdDSA", "typ": "JWT", "kid": kid});
            let signed = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
            let signature = BASE64.encode(pair.sign(signed.as_bytes()));
            format!("{signed}.{signature}")
        };
        let (kid, claims) = (added["kid"].as_str().unwrap(), shop.claims("1", &json!({})));
        // What everybody may know is no secret: neither the key's text nor its bytes sign by HS256, and a secret does not sign as a pair does.
        let taken_for_a_secret = json!({"alg": "HS256", "typ": "JWT", "kid": kid});
        let token = sign(kid, &claims);
        let altered = format!("{}A.{}", token.rsplit_once('.').unwrap().0, token.rsplit_once('.').unwrap().1);
        for token in [jwt(&taken_for_a_secret, &claims, &jwk), jwt(&taken_for_a_secret, &claims, &public), sign(&shop.kid, &claims), altered] {
            shop.begin(&token, &Value::Null).await.problem_at(401, "identity_invalid", "identity");
        }
        assert!(shop.begin(&token, &Value::Null).await.expect(201)["customer"].is_string());
        shop.begin(&shop.sign("2", json!({})), &Value::Null).await.expect(201);
    }

    #[tokio::test]
    async fn of_many_uses_of_one_token_exactly_one_succeeds() {
        let shop = Shop::open().await;
        let token = shop.sign("1", json!({}));
        let tries = futures_util::future::join_all((0..20).map(|_| shop.begin(&token, &Value::Null))).await;
        assert_eq!(tries.iter().filter(|answer| answer.status.as_u16() == 201).count(), 1);
        assert_eq!(shop.count("SELECT COUNT(*) FROM customers").await, 1);
    }

    #[tokio::test]
    async fn a_strict_site_serves_nobody_whom_it_has_not_named() {
        let shop = Shop::open().await;
        let (visitor, ada) = (shop.app.visitor().await, shop.app.customer("ada@example.com").await);
        let conversation = visitor.open("hello").await;
        let named = shop.begin(&shop.sign("1", json!({})), &Value::Null).await.expect(201);
        shop.require(true).await.expect(200);
        let begin = async |more: Value| {
            let mut body = json!({"site": "alpha", "lang": "en"});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            shop.app.post("/api/v1/widget/sessions", body).await
        };
        begin(json!({})).await.problem_at(401, "identity_required", "identity");
        begin(json!({"device": visitor.session["device"]})).await.problem_at(401, "identity_required", "identity");
        begin(json!({"ticket": shop.app.ticket_of(&ada).await})).await.problem_at(401, "identity_required", "identity");
        // What was begun before ends, too.
        shop.app
            .with_token(visitor.session["token"].as_str().unwrap())
            .get("/api/v1/sites/alpha/recommendations?place=home")
            .await
            .problem(401, "not_signed_in");
        shop.app.with_token(named["token"].as_str().unwrap()).get("/api/v1/sites/alpha/recommendations?place=home").await.expect(200);
        begin(json!({"device": named["device"]})).await.expect(201);
        // With a token, what was said before is still there.
        let joined = shop.begin(&shop.sign("2", json!({"sub": "u-2"})), &visitor.session["device"]).await.expect(201);
        assert_eq!(joined["conversation"], json!(conversation));
        // A day later, the page has to name the customer again.
        shop.app.clock.advance(signed_identity::SESSION_MS);
        begin(json!({"device": joined["device"]})).await.problem(401, "device_revoked");
    }

    #[tokio::test]
    async fn another_site_of_the_company_is_no_way_into_a_strict_one() {
        let shop = Shop::open().await;
        let visitor = shop.app.visitor().await;
        let conversation = visitor.open("hello").await;
        let mut new = json!({"key": "outlet"});
        for field in ["queue", "name", "bot_name", "greeting", "privacy_note"] {
            new[field] = shop.site[field].clone();
        }
        let outlet = shop.tara.post("/api/v1/company/sites", new).await.expect(201);
        let made = shop.tara.post(&format!("/api/v1/company/sites/{}/secrets", outlet["id"].as_str().unwrap()), json!({})).await.expect(201);
        shop.require(true).await.expect(200);
        let begin = async |body: Value| shop.app.post("/api/v1/widget/sessions", body).await;
        // Whoever signs for the other site has said nothing of who may come in here.
        let header = json!({"alg": "HS256", "typ": "JWT", "kid": made["kid"]});
        let identity = jwt(&header, &shop.claims("1", &json!({"aud": "outlet"})), made["secret"].as_str().unwrap());
        let named = begin(json!({"site": "outlet", "lang": "en", "identity": identity})).await.expect(201);
        begin(json!({"site": "alpha", "lang": "en", "device": named["device"]})).await.problem_at(401, "identity_required", "identity");
        // A device from before is let in there, and not to what was said here.
        let there = begin(json!({"site": "outlet", "lang": "en", "device": visitor.session["device"]})).await.expect(201);
        let frame = json!({"t": "send", "conversation": conversation, "client_id": testkit::ids::uuid(), "body": {"type": "text", "text": "it is me"}});
        let answer = shop.app.post("/rt/send", json!({"token": there["token"], "frames": [frame]})).await.expect(200);
        assert_eq!((&answer["frames"][0]["t"], &answer["frames"][0]["code"]), (&json!("no"), &json!("not_found")), "{answer}");
    }

    #[tokio::test]
    async fn a_revoked_secret_signs_nothing_and_ends_what_it_signed() {
        let shop = Shop::open().await;
        let session = shop.begin(&shop.sign("1", json!({})), &Value::Null).await.expect(201);
        let path = format!("/api/v1/company/sites/{}/secrets", shop.site["id"].as_str().unwrap());
        shop.tara.post(&path, json!({})).await.expect(201);
        // The earlier secret is valid for a while.
        shop.begin(&shop.sign("2", json!({})), &Value::Null).await.expect(201);
        assert_eq!(shop.tara.delete(&format!("{path}/{}", shop.kid)).await.status.as_u16(), 204);
        shop.begin(&shop.sign("3", json!({})), &Value::Null).await.problem_at(401, "identity_key_unknown", "identity");
        let device = json!({"site": "alpha", "lang": "en", "device": session["device"]});
        shop.app.post("/api/v1/widget/sessions", device).await.problem(401, "device_revoked");
        shop.app.with_token(session["token"].as_str().unwrap()).get("/api/v1/sites/alpha/recommendations?place=home").await.problem(401, "not_signed_in");
    }

    #[tokio::test]
    async fn without_a_secret_no_site_is_strict() {
        let shop = Shop::open().await;
        let path = format!("/api/v1/company/sites/{}/secrets/{}", shop.site["id"].as_str().unwrap(), shop.kid);
        shop.tara.delete(&path).await;
        shop.require(true).await.problem_at(422, "invalid_value", "requires_identity");
    }
}
