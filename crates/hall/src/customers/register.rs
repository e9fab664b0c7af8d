//! `POST /api/v1/customer/registrations`: requests an account.

use axum::{extract::State, http::HeaderMap, response::Response};
use domain::{customer::Identifier, id::TenantId, text::Lang};
use http_kit::{
    App,
    auth::{
        origin,
        password::Passwords,
        puzzle::{self, PuzzleProof},
    },
    extract::ValidJson,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::{Deserialize, Serialize};
use store_hall::customer_codes::{NewCode, Purpose};
use utoipa::ToSchema;

use super::{
    Sent, digits,
    letters::{self, Letter},
    limits::{self, Sending},
    secret, sendable, tenant_of,
    texts::Text,
};

/// A request for an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCustomer {
    /// The key of the site on whose page the request is made.
    pub site: String,
    /// An e-mail address or a mobile number.
    pub identifier: String,
    /// The password: at least 10 characters, at most 256 bytes, and not one of those that are guessed first.
    pub password: String,
    /// The language in which to write to the customer.
    pub lang: Lang,
    /// A solved puzzle.
    pub proof: PuzzleProof,
}

/// What is done once the address or number is proved.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Pending {
    pub identifier: String,
    pub password_hash: String,
    pub lang: Lang,
}

/// Requests an account: a code is sent to the address or number, and creates the account when it is submitted.
///
/// If an account already exists, its owner is notified; the answer is the same.
#[utoipa::path(post, path = "/customer/registrations", tag = "customers", request_body = NewCustomer, responses((status = 202, body = Sent), Problems))]
pub async fn register_customer(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    ValidJson(new): ValidJson<NewCustomer>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let NewCustomer { site, identifier: raw, password, lang, proof } = new;
    let tenant = tenant_of(&app, &site).await?;
    let identifier = sendable(&raw)?;
    Passwords::check_for(&password, Some(&identifier))?;
    let text = Text::to(&app, tenant, "identifier", &identifier)?.of_stranger();
    puzzle::spend(&app, &proof).await?;
    let lookups = app.vault().lookups(tenant, &identifier);
    limits::may_send(&app, Sending::Register, tenant, &identifier, address).await?;
    let password_hash = app.in_memory().passwords.customers.hash_checked(password).await?;
    let is_taken = store_hall::customers::find_any(&mut app.db().read_of(tenant).await?, tenant, &lookups).await?.is_some();
    let pending = Pending { identifier: identifier.text().to_owned(), password_hash, lang };
    let handle = prepare(&app, tenant, (&identifier, text), pending, is_taken).await?;
    Ok(Sent::answer(&app, handle))
}

/// Stores what is to be done, and sends the code. For an address or number that is taken, something is stored too, which no code fits.
async fn prepare(app: &App, tenant: TenantId, (identifier, text): (&Identifier, Text), pending: Pending, is_taken: bool) -> Result<String, Problem> {
    let (handle, digits, lang) = (secret(app)?, digits(app)?, pending.lang);
    let handle_hash = env::hash(&handle);
    let json = serde_json::to_vec(&pending).map_err(|error| Problem::internal(&error))?;
    let payload = Some(app.vault().seal_payload(&handle_hash, &json).map_err(|error| Problem::internal(&error))?);
    let code_hash = Some(app.vault().code(&handle, if is_taken { "none" } else { &digits }));
    let letter = letters::job(app, tenant, identifier, lang, if is_taken { Letter::Already } else { Letter::Code(digits) }, true).await?;
    let code = NewCode { handle_hash, purpose: Purpose::Register, customer: None, code_hash, payload };
    let noted = Permitted::as_system(tenant).write(app, move |tx| {
        Box::pin(async move {
            text.count(tx, tenant, true).await?;
            store::jobs::add(tx, tenant, &letter).await?;
            Ok(store_hall::customer_codes::insert(tx, tenant, &code).await?)
        })
    });
    noted.await?;
    Ok(handle)
}

#[cfg(test)]
mod tests {
    use domain::customer::Identifier;
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::solved_puzzle;

    /// The password that an intruder would like the account to have.
    const INTRUDERS: &str = "wrong horse battery";

    async fn register(app: &TestApp, identifier: &str, password: &str) -> testkit_server::Answer {
        let proof = solved_puzzle(app).await;
        let new = json!({"site": "alpha", "identifier": identifier, "password": password, "lang": "en", "proof": proof});
        app.post("/api/v1/customer/registrations", new).await
    }

    #[tokio::test]
    async fn an_address_or_a_number_gets_a_code() {
        let app = TestApp::new().await;
        for (identifier, to) in [("Ada@Example.com", "ada@example.com"), ("\u{202d}138\u{2011}0013 8000\u{202c}", "+8613800138000")] {
            let sent = register(&app, identifier, "correct horse battery").await.expect(202);
            let message = app.message_to(to).await;
            let code = message.code();
            assert_eq!((code.len(), sent["handle"].as_str().unwrap().len()), (6, 64), "{}", message.text);
            let confirmed = app.post("/api/v1/customer/registrations/confirm", json!({"handle": sent["handle"], "code": code})).await;
            let cookie = confirmed.header("set-cookie").to_owned();
            assert!(cookie.starts_with("__Host-yingda-customer=") && cookie.contains("; Path=/; Secure; HttpOnly; SameSite=Lax;"), "{cookie}");
            let customer = confirmed.expect(201);
            assert!([&customer["email"], &customer["mobile"]].contains(&&json!(to)), "{customer}");
        }
    }

    #[tokio::test]
    async fn the_answer_does_not_tell_whether_there_is_an_account() {
        let app = TestApp::new().await;
        app.customer("ada@example.com").await;
        let shape = |answer: Value| answer.as_object().unwrap().iter().map(|(key, value)| (key.clone(), value.to_string().len())).collect::<Vec<_>>();
        let (taken, free) = (register(&app, "ada@example.com", INTRUDERS).await.expect(202), register(&app, "eve@example.com", INTRUDERS).await.expect(202));
        assert_eq!(shape(taken.clone()), shape(free.clone()));
        let told = app.message_to("ada@example.com").await;
        assert!(told.text.contains("already has an account"), "{}", told.text);
        // No code fits, and the refusals are the same as for a wrong code.
        for handle in [&taken["handle"], &free["handle"]] {
            app.post("/api/v1/customer/registrations/confirm", json!({"handle": handle, "code": "none"})).await.problem_at(422, "code_wrong", "code");
        }
        app.post("/api/v1/customer/sessions", json!({"site": "alpha", "identifier": "ada@example.com", "password": INTRUDERS}))
            .await
            .problem(401, "sign_in_failed");
    }

    #[tokio::test]
    async fn an_address_in_another_spelling_has_the_account_already() {
        let app = TestApp::new().await;
        app.customer("bob@bücher.example").await;
        let spellings = ["bob@xn--bcher-kva.example", "\u{202a}BOB@BÜCHER.example\u{200b}", "bob@bücher.example"];
        let is_known = async |spelling: &str| {
            register(&app, spelling, INTRUDERS).await.expect(202);
            let told = app.message_to("bob@bücher.example").await;
            assert!(told.text.contains("already has an account"), "{spelling:?}: {}", told.text);
            let sign_in = json!({"site": "alpha", "identifier": spelling, "password": testkit_app::CUSTOMER_PASSWORD});
            app.post("/api/v1/customer/sessions", sign_in).await.expect(201);
        };
        for spelling in spellings {
            is_known(spelling).await;
        }
        // An earlier version stored what was typed.
        let tenant = app.company.tenant;
        let former = Identifier::stored(spellings[0].to_owned());
        let (shown, old) = (app.app().vault().lookup(tenant, &Identifier::parse(spellings[0]).unwrap()), app.app().vault().lookup(tenant, &former));
        let (now, vault) = (app.env().now(), app.app().vault());
        let changed = app.app().db().writer().write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                let customer = store_hall::customers::find(tx, tenant, &shown).await?.unwrap().id;
                let sealed = vault.seal(tenant, customer, seal::vault::Field::Identifier, former.text()).unwrap();
                let stored = store_hall::customers::StoredIdentifier { lookup: old, kind: former.kind(), sealed, verified_at: now };
                store_hall::customers::put_identifier(tx, tenant, customer, &stored).await
            })
        });
        changed.await.unwrap();
        for spelling in spellings {
            let sign_in = json!({"site": "alpha", "identifier": spelling, "password": testkit_app::CUSTOMER_PASSWORD});
            app.post("/api/v1/customer/sessions", sign_in).await.expect(201);
        }
    }

    #[tokio::test]
    async fn what_does_not_fit_is_named() {
        let app = TestApp::new().await;
        for (identifier, password, code, field) in [
            ("ada", "correct horse battery", "identifier_invalid", "identifier"),
            ("12800138000", "correct horse battery", "identifier_invalid", "identifier"),
            ("李雷@example.com", "correct horse battery", "address_unsendable", "identifier"),
            ("ada@-x.example", "correct horse battery", "identifier_invalid", "identifier"),
            ("ada@example.com", "short", "password_too_short", "password"),
            ("ada@example.com", "password123", "password_too_common", "password"),
            ("ada.love@example.com", "I am ada.love", "password_holds_identifier", "password"),
        ] {
            register(&app, identifier, password).await.problem_at(422, code, field);
        }
    }

    #[tokio::test]
    async fn text_messages_go_to_the_countries_that_are_served() {
        let app = TestApp::new().await;
        let refused = register(&app, "+44 7700 900123", "correct horse battery").await;
        refused.problem_at(422, "country_not_served", "identifier");
        assert!(refused.json()["title"].as_str().unwrap().contains("+86"), "{}", refused.json());
        register(&app, "+86 138 0013 8000", "correct horse battery").await.expect(202);
    }

    #[tokio::test]
    async fn nobody_can_be_flooded_with_messages() {
        let app = TestApp::new().await;
        for _ in 0..5 {
            register(&app, "ada@example.com", "correct horse battery").await.expect(202);
        }
        let refused = register(&app, "ADA@example.com", "correct horse battery").await;
        refused.problem(429, "too_many_requests");
        assert_eq!(refused.header("retry-after"), "3600");
    }

    #[tokio::test]
    async fn nothing_that_identifies_a_person_stands_in_the_record() {
        let app = TestApp::new().await;
        let ada = app.customer("ada.secret@example.com").await;
        ada.patch("/api/v1/customer", json!({"name": "Ada Secretname", "seen": ada.get("/api/v1/customer").await.expect(200)["updated_at"]})).await.expect(200);
        for name in ["yingda.db", "yingda.db-wal", "panel.db", "panel.db-wal", "panel-1.db", "panel-1.db-wal"] {
            let bytes = std::fs::read(app.data().join(name)).unwrap_or_default();
            for told in ["ada.secret@example.com", "Secretname", testkit_app::CUSTOMER_PASSWORD] {
                assert!(!bytes.windows(told.len()).any(|part| part == told.as_bytes()), "{told} stands in {name}");
            }
        }
    }
}
