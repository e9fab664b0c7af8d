//! `POST /api/v1/company-openings`: sends a code with which a company can be opened.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use domain::{
    customer::Identifier,
    staff,
    text::Lang,
    time::{HOUR, MINUTE, Ts},
};
use http_kit::{
    App, addressed,
    auth::{
        attempts::Limit,
        mailboxes, origin,
        puzzle::{self, PuzzleProof},
        tally::Tally,
    },
    extract::ValidJson,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::client_address::ClientAddress;
use seal::vault::hex;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Asked, CODE_DIGITS, letter, refuse_unless_offered};

/// How long a code can be submitted.
const CODE_MS: i64 = 30 * MINUTE;
/// Codes to one address, whoever asks for them.
const TO: Limit = Limit { tries: 5, within_ms: HOUR };
/// Codes that one network asks for.
const FROM: Limit = Limit { tries: 20, within_ms: HOUR };

/// A request to open a company.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOpening {
    /// The e-mail address of its first administrator, to which a code is sent.
    pub email: String,
    /// The language in which to write.
    pub lang: Lang,
    /// A solved puzzle (`GET /customer/puzzle`).
    pub proof: PuzzleProof,
}

/// A code is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpeningRequested {
    /// What stands for this request; it is sent back with the code.
    pub handle: String,
    /// Until when the code can be submitted.
    pub expires_at: Ts,
}

/// Sends a code with which a company can be opened. Nothing is stored before it is submitted.
#[utoipa::path(post, path = "/company-openings", tag = "company", request_body = NewOpening, responses((status = 202, body = OpeningRequested), Problems))]
pub async fn request_opening(
    State(app): State<App>,
    from: ClientAddress,
    headers: HeaderMap,
    ValidJson(NewOpening { email, lang, proof }): ValidJson<NewOpening>,
) -> Result<(StatusCode, Json<OpeningRequested>), Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    refuse_unless_offered(&app)?;
    let email = staff::new_email(&email)?.into_text();
    puzzle::spend(&app, &proof).await?;
    let (now, redis) = (app.env().now(), app.cluster().redis());
    if !from.is_this_machine() {
        Tally::new("openings from", &app.in_memory().openings_from, redis).take_from(from, FROM, now).await.map_err(Problem::too_many)?;
    }
    let mailbox = Identifier::stored(email.clone());
    let key = hex(&app.vault().mailbox_anywhere(&mailbox));
    Tally::new("openings to", &app.in_memory().openings_to, redis).take(&key, TO, now).await.map_err(Problem::too_many)?;
    mailboxes::take_letter_to(&app, &mailbox).await?;
    let code = app.env().code(CODE_DIGITS).map_err(|error| Problem::internal(&error))?;
    let asked = Asked { code, email, lang, expires_at: now.plus(CODE_MS) };
    let (tenant, handle) = (addressed::company()?, asked.seal(&app)?);
    let letter = letter::job(&app, tenant, &asked.email, lang, &asked.code, asked.expires_at).await?;
    Permitted::as_system(tenant).write(&app, move |tx| Box::pin(async move { Ok(store::jobs::add(tx, tenant, &letter).await?) })).await?;
    Ok((StatusCode::ACCEPTED, Json(OpeningRequested { handle, expires_at: asked.expires_at })))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;
    use testkit_server::solved_puzzle;

    #[tokio::test]
    async fn one_address_is_not_sent_codes_without_end() {
        let app = TestApp::new().await;
        let ask = async || {
            let body = json!({"email": "noor@muyu.example", "lang": "zh-CN", "proof": solved_puzzle(&app).await});
            app.post("/api/v1/company-openings", body).await
        };
        for _ in 0..5 {
            ask().await.expect(202);
        }
        ask().await.problem(429, "too_many_requests");
        let unproved = json!({"email": "noor@muyu.example", "lang": "en", "proof": {"puzzle": "0", "solution": "0"}});
        app.post("/api/v1/company-openings", unproved).await.problem_at(422, "puzzle_refused", "proof");
    }
}
