//! `POST /api/v1/company-openings/confirm`: opens a company with the code that was sent.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use domain::{
    company,
    id::TenantId,
    refusal::Code,
    time::{DAY, HOUR},
};
use http_kit::{
    App, audit,
    auth::{attempts::Limit, origin, tally::Tally},
    extract::ValidJson,
    problem::{Problem, Problems},
};
use normal::typed::typed;
use platform::{client_address::ClientAddress, env};
use seal::vault::hex;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::limits::Limits;
use utoipa::ToSchema;

use super::{
    Asked,
    open::{self, NewCompany},
    refuse_unless_offered,
};

/// Companies that strangers open on this installation: each is given something to use, and so many of them that nobody looks at them are not.
const OPENED: Limit = Limit { tries: 100, within_ms: DAY };
/// Those that one network opens.
const OPENED_FROM: Limit = Limit { tries: 5, within_ms: DAY };
/// What a company that a stranger opened may use until the installation's operator allows more.
const AT_FIRST: Limits = Limits { seats: Some(10), sites: Some(3), daily_messages: Some(2_000), daily_texts: Some(20), storage: Some(1 << 30) };
/// Codes that may be tried for one request.
const TRIES: Limit = Limit { tries: 5, within_ms: HOUR };

/// A company to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmOpening {
    /// What stands for the request.
    pub handle: String,
    /// The code that was sent.
    pub code: String,
    /// The company's name.
    pub name: String,
    /// Its short name, which stands in its address.
    pub slug: String,
}

/// A company that was opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenedCompany {
    /// The company.
    pub company: TenantId,
    /// A one-time link that signs its first administrator in.
    #[schema(format = "secret")]
    pub link: String,
}

/// Opens a company with the code that was sent. Its first administrator signs in with the link, and chooses a password.
#[utoipa::path(post, path = "/company-openings/confirm", tag = "company", request_body = ConfirmOpening, responses((status = 201, body = OpenedCompany), Problems))]
pub async fn confirm_opening(
    State(app): State<App>,
    from: ClientAddress,
    headers: HeaderMap,
    ValidJson(ConfirmOpening { handle, code, name, slug }): ValidJson<ConfirmOpening>,
) -> Result<(StatusCode, Json<OpenedCompany>), Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    refuse_unless_offered(&app)?;
    let asked = Asked::open(&app, &handle).filter(|asked| asked.expires_at > app.env().now()).ok_or_else(too_late)?;
    let (name, slug) = (company::name(&name)?, company::slug(&slug)?);
    let key = hex(&env::hash(&handle));
    Tally::new("openings by", &app.in_memory().opening_codes, app.cluster().redis()).take(&key, TRIES, app.env().now()).await.map_err(Problem::too_many)?;
    // Hashes are compared, so that how long it takes says nothing of the code.
    if env::hash(&typed(&code)) != env::hash(&asked.code) {
        return Err(Problem::invalid("code", Code::CodeWrong, "the code is wrong"));
    }
    open::refuse_taken(&app, &slug).await?;
    let openings = Tally::new("openings", &app.in_memory().openings, app.cluster().redis());
    let share = async || if from.is_this_machine() { Ok(()) } else { openings.take_from(from, OPENED_FROM, app.env().now()).await };
    let give_back = async || {
        if !from.is_this_machine() {
            openings.give_back_from(from).await
        }
    };
    share().await.map_err(Problem::too_many)?;
    if let Err(wait) = openings.take("all", OPENED, app.env().now()).await {
        give_back().await;
        return Err(Problem::too_many(wait));
    }
    if !store::entry_points::spend_puzzle(app.db(), env::hash(&handle), asked.expires_at).await? {
        openings.give_back("all").await;
        give_back().await;
        return Err(too_late());
    }
    let noted = audit::Asked::from_outside("company.opened", "/api/v1/company-openings/confirm", json!({"slug": slug, "name": name}));
    let new = NewCompany { slug, name, host: None, email: Some(asked.email), limits: AT_FIRST };
    let opened = open::open(&app, new, noted).await?;
    Ok((StatusCode::CREATED, Json(OpenedCompany { company: opened.company, link: opened.sign_in_link })))
}

fn too_late() -> Problem {
    Problem::new(StatusCode::GONE, Code::CodeExpired, "the code has expired or was used; ask for a new one")
}

#[cfg(test)]
mod tests {
    use domain::time::MINUTE;
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::{Answer, solved_puzzle};

    async fn ask(app: &TestApp, email: &str) -> Answer {
        let proof = solved_puzzle(app).await;
        app.post("/api/v1/company-openings", json!({"email": email, "lang": "en", "proof": proof})).await
    }
    async fn confirm(app: &TestApp, asked: &Value, code: &str, slug: &str) -> Answer {
        let body = json!({"handle": asked["handle"], "code": code, "name": "木屿家居", "slug": slug});
        app.post("/api/v1/company-openings/confirm", body).await
    }

    #[tokio::test]
    async fn a_stranger_opens_a_company_and_is_its_first_administrator() {
        let app = TestApp::new().await;
        let asked = ask(&app, "noor@muyu.example").await.expect(202);
        let code = app.message_to("noor@muyu.example").await.code();
        confirm(&app, &asked, &code, "alpha").await.problem_at(409, "company_slug_taken", "slug");
        confirm(&app, &asked, &code, "m\u{443}yu").await.problem_at(422, "invalid_value", "slug");
        confirm(&app, &asked, "000000x", "muyu").await.problem_at(422, "code_wrong", "code");
        let opened = confirm(&app, &asked, &code, "Muyu").await.expect(201);
        let place = format!("{}/o/muyu", app.base);
        let secret = opened["link"].as_str().unwrap().strip_prefix(&format!("{place}/console/welcome#")).unwrap().to_owned();
        let muyu = app.at_company("muyu");
        let redeemed = muyu.post("/api/v1/auth/links/redeem", json!({"token": secret, "password": "long enough"})).await.expect(201);
        assert_eq!(
            (&redeemed["role"], &redeemed["email"], &redeemed["tenant"]["name"]["en"]),
            (&json!("administrator"), &json!("noor@muyu.example"), &json!("木屿家居"))
        );
        assert_eq!(muyu.get("/api/v1/hall").await.expect(200)["site"], "muyu");
        // The code was used.
        confirm(&app, &asked, &code, "muyu-2").await.problem(410, "code_expired");
        // What it may use at first is little, and so is how many are opened.
        let company = serde_json::from_value(opened["company"].clone()).unwrap();
        let limits = store::limits::get(&mut app.app().db().read_of(company).await.unwrap(), company).await.unwrap();
        assert_eq!(limits, super::AT_FIRST);
        let now = app.env().now();
        while app.app().in_memory().openings.take("all", super::OPENED, now).is_ok() {}
        let another = ask(&app, "noor@muyu.example").await.expect(202);
        let code_of_another = app.message_to("noor@muyu.example").await.code();
        confirm(&app, &another, &code_of_another, "muyu-3").await.problem(429, "too_many_requests");
    }

    #[tokio::test]
    async fn a_code_is_not_guessed_and_does_not_last() {
        let app = TestApp::new().await;
        let asked = ask(&app, "noor@muyu.example").await.expect(202);
        for _ in 0..5 {
            confirm(&app, &asked, "xxxxxx", "muyu").await.problem_at(422, "code_wrong", "code");
        }
        let code = app.message_to("noor@muyu.example").await.code();
        confirm(&app, &asked, &code, "muyu").await.problem(429, "too_many_requests");
        let again = ask(&app, "noor@muyu.example").await.expect(202);
        app.clock.advance(31 * MINUTE);
        confirm(&app, &again, &code, "muyu").await.problem(410, "code_expired");
        confirm(&app, &json!({"handle": "forged"}), &code, "muyu").await.problem(410, "code_expired");
        ask(&app, "not an address").await.problem_at(422, "email_invalid", "email");
    }
}
