//! `POST /api/v1/auth/recoveries`: sends a link to a member of the staff who has forgotten the password.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use domain::{
    id::{AgentId, TenantId},
    journal::Actor,
    refusal::Code,
    staff,
    text::Lang,
    time::HOUR,
};
use http_kit::{
    App, addressed,
    audit::Asked,
    auth::{
        attempts::{Attempts, Limit},
        link, origin,
        puzzle::{self, PuzzleProof},
        tally::Tally,
        tries::SentTries,
    },
    extract::ValidJson,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::client_address::ClientAddress;
use serde::Deserialize;
use utoipa::ToSchema;

use super::letters::{self, Letter, Recipient};

/// Links to one address that one network asks for.
const TO_FROM: Limit = Limit { tries: 5, within_ms: HOUR };
/// Links to one address, whoever asks for them. This is more than one network gets, so that a stranger alone cannot use up what the member needs.
const TO: Limit = Limit { tries: 20, within_ms: HOUR };
/// Links that one network asks for; an office shares one.
const FROM: Limit = Limit { tries: 30, within_ms: HOUR };

/// A request for a link to one's own address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStaffRecovery {
    /// The e-mail address one signs in with.
    pub email: String,
    /// The language in which to write.
    pub lang: Lang,
    /// A solved puzzle (`GET /customer/puzzle`).
    pub proof: PuzzleProof,
}

/// Sends a one-time link, with which a new password is chosen, to a member of the staff who has forgotten theirs.
///
/// The answer is the same if nobody has this address. Two-step verification is asked for nevertheless.
#[utoipa::path(post, path = "/auth/recoveries", tag = "sign_in", request_body = NewStaffRecovery,
    responses((status = 204, description = "If a member has this address, a link is on its way"), Problems))]
pub async fn recover_staff_account(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    asked: Asked,
    ValidJson(NewStaffRecovery { email, lang, proof }): ValidJson<NewStaffRecovery>,
) -> Result<StatusCode, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let email = staff::email(&email).map_err(|_| Problem::invalid("email", Code::EmailInvalid, "this is not an e-mail address"))?;
    puzzle::spend(&app, &proof).await?;
    let tenant = addressed::company()?;
    may_send(&app, &format!("{tenant} {}", email.text()), address).await?;
    let member = store::staff::by_email(&mut app.db().read_of(tenant).await?, tenant, &email).await?;
    if let Some(member) = &member {
        app.in_memory().refusals.note_later(tenant, Actor::system(), asked.making(&member.id));
    }
    send(&app, tenant, member.map(|member| (member.id, member.email)), lang).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stores the link and the letter. For an address that nobody has, the same is done, except that nothing is sent and the link is nobody's.
async fn send(app: &App, tenant: TenantId, member: Option<(AgentId, String)>, lang: Lang) -> Result<(), Problem> {
    let secret = app.env().secret().map_err(|error| Problem::internal(&error))?;
    let is_sent = member.is_some();
    let (agent, email) = member.unwrap_or_else(|| (AgentId::new(app.env().uuid()), String::new()));
    let letter = Letter::Recovery(lang, link::url(&addressed::base(app), &secret));
    let until = Some(app.env().now().plus(link::RECOVERY_LIFE_MS));
    let letter = letters::job(app, tenant, Recipient { agent, email, is_sent }, letter, until).await?;
    let noted = Permitted::as_system(tenant).write(app, move |tx| {
        Box::pin(async move {
            link::insert_recovery(tx, tenant, agent, &secret).await?;
            Ok(store::jobs::add(tx, tenant, &letter).await?)
        })
    });
    noted.await
}

/// Checks whether another link may be sent. The limit of a network does not apply to this machine itself, behind which everybody may be.
async fn may_send(app: &App, account: &str, address: ClientAddress) -> Result<(), Problem> {
    let (now, redis) = (app.env().now(), app.cluster().redis());
    let tally = |name: &'static str, of: fn(&SentTries) -> &Attempts| Tally::new(name, of(&app.in_memory().recoveries), redis);
    if !address.is_this_machine() {
        tally("staff recover from", |tries| &tries.from).take_from(address, FROM, now).await.map_err(Problem::too_many)?;
    }
    let here = format!("{account} {}", address.network());
    tally("staff recover to from", |tries| &tries.to_from).take(&here, TO_FROM, now).await.map_err(Problem::too_many)?;
    tally("staff recover to", |tries| &tries.to).take(account, TO, now).await.map_err(Problem::too_many)
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::HOUR};
    use serde_json::json;
    use testkit::eventually;
    use testkit_app::TestApp;
    use testkit_server::{Answer, Client, solved_puzzle};

    async fn recover(who: &Client, email: &str) -> Answer {
        who.post("/api/v1/auth/recoveries", json!({"email": email, "lang": "en", "proof": solved_puzzle(who).await})).await
    }
    async fn sent_to(app: &TestApp, email: &str) -> String {
        app.message_to(email).await.text.split("/welcome#").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
    }

    #[tokio::test]
    async fn a_forgotten_password_is_replaced_with_a_link_from_the_mailbox() {
        let app = TestApp::new().await;
        let ada = app.staff(Role::Agent, "ada").await;
        app.set_password(&ada.member, "long enough").await;
        assert_eq!(recover(&app, " Ada@alpha.example").await.status.as_u16(), 204);
        let token = sent_to(&app, "ada@alpha.example").await;
        let lines = eventually("it is noted", async || {
            http_kit::audit::note_refusals::note(app.app()).await.unwrap();
            Some(app.acts_of("/auth/recoveries").await).filter(|lines| !lines.is_empty())
        })
        .await;
        assert_eq!((lines.len(), lines[0].entry.object()), (1, Some(ada.member.id.to_string().as_str())), "whoever asks is not known to be her");
        assert_eq!(app.post("/api/v1/auth/links/inspect", json!({"token": token})).await.expect(200)["needs_password"], json!(true));
        app.post("/api/v1/auth/links/redeem", json!({"token": token})).await.problem_at(422, "password_required", "password");
        app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": "staple for the battery"})).await.expect(201);
        // Whoever knew the old one is out.
        ada.get("/api/v1/me").await.problem(401, "not_signed_in");
        let sign_in = |password: &str| app.post("/api/v1/auth/sessions", json!({"email": "ada@alpha.example", "password": password}));
        sign_in("long enough").await.problem(401, "sign_in_failed");
        sign_in("staple for the battery").await.expect(201);
    }

    #[tokio::test]
    async fn nobody_learns_who_has_an_account_and_a_link_lives_for_an_hour() {
        let app = TestApp::new().await;
        let ada = app.staff(Role::Agent, "ada").await.member;
        app.set_password(&ada, "long enough").await;
        let (known, unknown) = (recover(&app, "ada@alpha.example").await, recover(&app, "nobody@alpha.example").await);
        assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
        recover(&app, "no address").await.problem_at(422, "email_invalid", "email");
        let body = json!({"email": "ada@alpha.example", "lang": "en", "proof": {"puzzle": "", "solution": ""}});
        app.post("/api/v1/auth/recoveries", body).await.problem_at(422, "puzzle_refused", "proof");
        let token = sent_to(&app, "ada@alpha.example").await;
        app.clock.advance(HOUR);
        app.post("/api/v1/auth/links/redeem", json!({"token": token, "password": "staple for the battery"})).await.problem(410, "link_expired");
    }

    #[tokio::test]
    async fn a_mailbox_is_not_filled_and_a_stranger_does_not_use_up_what_its_owner_needs() {
        let app = TestApp::behind_proxy().await;
        let (stranger, owner) = (app.from_address("203.0.113.7"), app.from_address("198.51.100.7"));
        for _ in 0..5 {
            assert_eq!(recover(&stranger, "ada@alpha.example").await.status.as_u16(), 204);
        }
        recover(&stranger, "ADA@alpha.example").await.problem(429, "too_many_requests");
        assert_eq!(recover(&owner, "ada@alpha.example").await.status.as_u16(), 204);
    }
}
