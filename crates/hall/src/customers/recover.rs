//! `POST /api/v1/customer/recoveries`: begins to recover an account whose password is forgotten.

use axum::{extract::State, http::HeaderMap, response::Response};
use domain::{customer::IdentifierKind, text::Lang};
use http_kit::{
    App, addressed,
    auth::{
        origin,
        puzzle::{self, PuzzleProof},
    },
    extract::ValidJson,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::{client_address::ClientAddress, env};
use serde::Deserialize;
use store_hall::customer_codes::{NewCode, Purpose};
use utoipa::ToSchema;

use super::{
    Sent, digits,
    letters::{self, Letter},
    limits::{self, Sending},
    secret, sendable, tenant_of,
    texts::Text,
};

/// A request to recover an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecovery {
    /// The key of the site on whose page the request is made.
    pub site: String,
    /// The account's e-mail address or mobile number.
    pub identifier: String,
    /// The language in which to write to the customer.
    pub lang: Lang,
    /// A solved puzzle.
    pub proof: PuzzleProof,
}

/// Sends a one-time link to an e-mail address, or a code to a mobile number, if an account exists.
///
/// The answer is the same if no account exists.
#[utoipa::path(post, path = "/customer/recoveries", tag = "customers", request_body = NewRecovery, responses((status = 202, body = Sent), Problems))]
pub async fn recover_account(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    ValidJson(NewRecovery { site, identifier: raw, lang, proof }): ValidJson<NewRecovery>,
) -> Result<Response, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let tenant = tenant_of(&app, &site).await?;
    let identifier = sendable(&raw)?;
    let text = Text::to(&app, tenant, "identifier", &identifier)?;
    puzzle::spend(&app, &proof).await?;
    let lookups = app.vault().lookups(tenant, &identifier);
    limits::may_send(&app, Sending::Recover, tenant, &identifier, address).await?;
    let customer = store_hall::customers::find_any(&mut app.db().read_of(tenant).await?, tenant, &lookups).await?.map(|customer| customer.id);
    // The handle of a link is only in the link; the one in the answer then refers to nothing.
    let (told, sent, digits) = (secret(&app)?, secret(&app)?, digits(&app)?);
    let by_link = identifier.kind() == IdentifierKind::Email;
    let handle = if by_link { &sent } else { &told };
    let code_hash = (!by_link || customer.is_none()).then(|| app.vault().code(handle, if customer.is_some() { &digits } else { "none" }));
    let code = NewCode { handle_hash: env::hash(handle), purpose: Purpose::Recover, customer, code_hash, payload: None };
    // Everything that is done for an existing account is also done for a missing one, except for sending the message.
    let link = format!("{}/reset#{sent}", addressed::base(&app));
    let letter = letters::job(&app, tenant, &identifier, lang, if by_link { Letter::Reset(link) } else { Letter::Code(digits) }, customer.is_some()).await?;
    let noted = Permitted::as_system(tenant).write(&app, move |tx| {
        Box::pin(async move {
            text.count(tx, tenant, customer.is_some()).await?;
            store::jobs::add(tx, tenant, &letter).await?;
            Ok(store_hall::customer_codes::insert(tx, tenant, &code).await?)
        })
    });
    noted.await?;
    Ok(Sent::answer(&app, told))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::{Client, solved_puzzle};

    async fn recover(app: &TestApp, identifier: &str) -> Value {
        ask(app, identifier).await.expect(202)
    }
    async fn ask(who: &Client, identifier: &str) -> testkit_server::Answer {
        let body = json!({"site": "alpha", "identifier": identifier, "lang": "zh-CN", "proof": solved_puzzle(who).await});
        who.post("/api/v1/customer/recoveries", body).await
    }

    #[tokio::test]
    async fn whoever_asks_solves_a_puzzle() {
        let app = TestApp::new().await;
        let mut body = json!({"site": "alpha", "identifier": "ada@example.com", "lang": "en"});
        app.post("/api/v1/customer/recoveries", body.clone()).await.problem_at(422, "missing_field", "proof");
        body["proof"] = json!({"puzzle": "x", "solution": "1"});
        app.post("/api/v1/customer/recoveries", body).await.problem_at(422, "puzzle_refused", "proof");
    }

    #[tokio::test]
    async fn a_stranger_cannot_use_up_what_its_owner_needs() {
        let app = TestApp::behind_proxy().await;
        let (stranger, owner) = (app.from_address("203.0.113.7"), app.from_address("198.51.100.7"));
        for identifier in ["ada@example.com", "a.da@example.com", "ada+1@example.com", "Ada+2@example.com", "a.d.a@example.com"] {
            ask(&stranger, identifier).await.expect(202);
        }
        // However the address is varied, it is one mailbox.
        ask(&stranger, "ada+3@example.com").await.problem(429, "too_many_requests");
        ask(&owner, "ada@example.com").await.expect(202);
        // The limit cannot be used up by requesting accounts in the owner's name either.
        let register = async |who: &Client| {
            let new =
                json!({"site": "alpha", "identifier": "eve@example.com", "password": "correct horse battery", "lang": "en", "proof": solved_puzzle(who).await});
            who.post("/api/v1/customer/registrations", new).await
        };
        for _ in 0..5 {
            register(&owner).await.expect(202);
        }
        register(&owner).await.problem(429, "too_many_requests");
        ask(&owner, "eve@example.com").await.expect(202);
    }

    #[tokio::test]
    async fn a_days_text_messages_are_used_up_for_who_has_an_account_and_who_has_none() {
        let app = TestApp::new().await;
        app.customer("13800138000").await;
        let tenant = app.company.tenant;
        let range = app.app().vault().range(tenant, "+861380013");
        let spent = app.app().db().writer().write(db::Shard::Any, move |tx| {
            Box::pin(async move {
                for _ in 1..100 {
                    store_hall::text_messages::count(tx, tenant, &[(range.clone(), 100)], true).await?;
                }
                Ok::<_, store::Error>(())
            })
        });
        spent.await.unwrap();
        for identifier in ["13800138000", "13800139000"] {
            let refused = ask(&app, identifier).await;
            refused.problem(429, "text_messages_used_up");
            assert_eq!(refused.header("retry-after"), (86_400 - app.env().now().0.rem_euclid(86_400_000) / 1_000).to_string());
        }
        // Mail is still sent, and tomorrow text messages are too.
        ask(&app, "ada@example.com").await.expect(202);
        app.clock.advance(domain::time::DAY);
        ask(&app, "13800138000").await.expect(202);
        // A company may have fewer than the settings allow.
        app.limited(store::limits::Limits { daily_texts: Some(1), ..Default::default() }).await;
        ask(&app, "13800138000").await.problem(429, "text_messages_used_up");
    }

    #[tokio::test]
    async fn the_answer_does_not_tell_whether_there_is_an_account() {
        let app = TestApp::new().await;
        app.customer("ada@example.com").await;
        app.customer("13800138000").await;
        let shape = |answer: &Value| answer.as_object().unwrap().iter().map(|(key, value)| (key.clone(), value.to_string().len())).collect::<Vec<_>>();
        let handed = async |answer: &Value| {
            let tried = json!({"handle": answer["handle"], "code": "abc", "password": "海内存知己天涯若比邻 2026"});
            let mut problem = app.post("/api/v1/customer/recoveries/redeem", tried).await.json();
            problem["request_id"] = json!(null);
            problem
        };
        for (known, unknown) in [("ada@example.com", "eve@example.com"), ("13800138000", "13900139000")] {
            let (one, other) = (recover(&app, known).await, recover(&app, unknown).await);
            assert_eq!(shape(&one), shape(&other));
            assert_eq!(handed(&one).await, handed(&other).await);
        }
        assert!(app.messages().await.iter().all(|message| !["eve@example.com", "+8613900139000"].contains(&message.to.as_str())));
    }

    #[tokio::test]
    async fn the_link_is_in_the_mail_and_nowhere_else() {
        let app = TestApp::new().await;
        app.customer("ada@example.com").await;
        let answer = recover(&app, "ada@example.com").await;
        let mail = app.message_to("ada@example.com").await;
        let secret = mail.text.split("/reset#").nth(1).unwrap().split_whitespace().next().unwrap();
        assert_ne!(answer["handle"], json!(secret));
        assert!(mail.subject.contains("密码"), "{}", mail.subject);
    }
}
