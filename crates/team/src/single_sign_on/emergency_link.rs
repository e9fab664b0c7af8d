//! `POST /api/v1/single-sign-on/emergency-link`

use axum::{extract::State, http::StatusCode};
use domain::{entry::Changed, policy::Permission, single_sign_on::EMERGENCY_LINK_MS, time::Ts};
use http_kit::{
    App, addressed,
    auth::{StaffActor, link, proof},
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};
use platform::env;
use serde::Serialize;
use utoipa::ToSchema;

/// A one-time link to keep for an emergency.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmergencyLink {
    /// The link; it is never shown again.
    #[schema(format = "secret")]
    pub link: String,
    /// Until when it can be used.
    pub expires_at: Ts,
}

/// Creates a one-time link for the administrator who asks, to be kept for the day on which the identity provider fails. It can be used for 180 days.
///
/// A new role or password, or a new link made for the member, ends it.
///
/// Only people can do this, who have proved who they are within 10 minutes (403 `proof_required`, `POST /me/proof`); programs are refused.
#[utoipa::path(post, path = "/single-sign-on/emergency-link", tag = "single_sign_on", security(("staff" = [])), params(OnceHeader),
    responses((status = 201, body = EmergencyLink), Problems))]
pub async fn create_emergency_link(State(app): State<App>, actor: StaffActor, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::SetUpSingleSignOn)?;
    proof::require_recent(&app, &actor).await?;
    if !actor.staff.administers() {
        return Err(Problem::not_permitted());
    }
    let (tenant, agent) = (actor.tenant(), actor.member.id);
    let secret = app.env().secret().map_err(|error| Problem::internal(&error))?;
    let link = link::url(&addressed::base(&app), &secret);
    let done = permitted.making(&agent).change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            let expires_at = tx.now().plus(EMERGENCY_LINK_MS);
            store::sign_in_links::spend_all(tx, tenant, agent).await?;
            store::sign_in_links::insert(tx, tenant, agent, &env::hash(&secret), expires_at).await?;
            tx.announce(Changed::People).await?;
            Answer::json(StatusCode::CREATED, &EmergencyLink { link, expires_at })
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::{single_sign_on::EMERGENCY_LINK_MS, staff::Role};
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};
    use testkit_server::Answer;

    const PATH: &str = "/api/v1/single-sign-on/emergency-link";

    async fn make(who: &StaffClient) -> Value {
        who.post(PATH, json!(null)).await.expect(201)
    }

    async fn redeem(app: &TestApp, made: &Value) -> Answer {
        let token = made["link"].as_str().unwrap().split_once("/console/welcome#").unwrap().1;
        app.post("/api/v1/auth/links/redeem", json!({"token": token})).await
    }

    #[tokio::test]
    async fn a_link_lets_its_maker_in_once_unless_another_was_made_or_it_grew_old() {
        let app = TestApp::new().await;
        let (tara, toni) = (app.staff(Role::Administrator, "tara").await, app.staff(Role::Administrator, "toni").await);
        app.set_password(&tara.member, "long enough").await;
        let (first, of_toni, second) = (make(&tara).await, make(&toni).await, make(&tara).await);
        assert_eq!(second["expires_at"], app.env().now().0 + EMERGENCY_LINK_MS);
        redeem(&app, &first).await.problem(410, "link_spent");
        assert_eq!(redeem(&app, &second).await.expect(201)["name"], "tara");
        redeem(&app, &second).await.problem(410, "link_spent");
        let audit = tara.get("/api/v1/audit?operation=POST%20%2Fapi%2Fv1%2Fsingle-sign-on%2Femergency-link").await.expect(200);
        let by: Vec<&Value> = audit["items"].as_array().unwrap().iter().map(|entry| &entry["by"]["name"]).collect();
        assert_eq!(by, ["tara", "toni", "tara"]);
        assert!(!audit.to_string().contains("welcome#"), "the audit knows that there is a link, not which");
        app.clock.advance(EMERGENCY_LINK_MS);
        redeem(&app, &of_toni).await.problem(410, "link_expired");
    }

    #[tokio::test]
    async fn whoever_sets_it_up_without_administering_the_company_has_no_link() {
        let app = TestApp::new().await;
        let (tara, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
        mira.post(PATH, json!(null)).await.problem(403, "not_permitted");
        let role = json!({"name": "identity", "grants": [{"permission": "single_sign_on", "reach": ["company"]}]});
        let mira = app.composed(&tara, &mira, role).await;
        mira.get("/api/v1/single-sign-on").await.expect(200);
        mira.post(PATH, json!(null)).await.problem(403, "not_permitted");
    }
}
