//! `PUT /api/v1/single-sign-on`

use axum::{extract::State, http::StatusCode};
use domain::{
    entry::Changed,
    id::TenantId,
    policy::Permission,
    refusal::Code,
    revision::Revision,
    single_sign_on::{self, GroupRole, Rules},
    staff::Role,
    time::Ts,
};
use http_kit::{
    App,
    auth::{StaffActor, proof},
    fault::Fault,
    once::{Answer, OnceHeader, OnceJson},
    problem::{Problem, Problems},
    secret::Secret,
};
use serde::Deserialize;
use store::single_sign_on::Connection;
use utoipa::ToSchema;

use super::view::ConnectionView;
use crate::{sign_in::single_sign_on::provider::check_issuer, staff::grants_to_give};

/// A connection to an identity provider.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUpSingleSignOn {
    /// The issuer exactly as the identity provider's discovery document names it: an `https://` address that is reachable from the internet.
    pub issuer: String,
    /// The client id that the identity provider gave us.
    pub client_id: String,
    /// The client secret that it gave us; if omitted, the one before. A new issuer or client id needs a new secret.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub client_secret: Option<Secret>,
    /// The mail domains whose verified addresses are let in, 1 to 50.
    pub domains: Vec<String>,
    /// The claim that lists somebody's groups, needed if groups give roles.
    #[serde(default)]
    pub groups_claim: String,
    /// The groups that give a role at each sign-in, the most important first; without any, members keep the role they have here. You can give only roles that
    /// you may manage.
    #[serde(default)]
    pub roles: Vec<GroupRole>,
    /// The role of those to whom no group gives one; `null` refuses them.
    #[serde(default)]
    pub role_otherwise: Option<Role>,
    /// Whether people who are no members yet become members.
    pub creates: bool,
    /// Whether everybody has to sign in this way. Somebody must have signed in with the issuer, client id and secret as they are (409
    /// `single_sign_on_unproved`).
    pub required: bool,
    /// `updated_at` as last read; if it has changed since, the request is refused. `null` to set up the first.
    #[serde(default)]
    pub seen: Option<Ts>,
}

/// Sets up the connection to the company's identity provider, or changes it unless somebody else has changed it in the meantime.
///
/// If the issuer or the client id is a new one, members are recognised by their verified address again.
///
/// Only people can do this, who have proved who they are within 10 minutes (403 `proof_required`, `POST /me/proof`); programs are refused.
#[utoipa::path(put, path = "/single-sign-on", tag = "single_sign_on", security(("staff" = [])), params(OnceHeader), request_body = SetUpSingleSignOn,
    responses((status = 200, body = ConnectionView), Problems))]
pub async fn set_up_single_sign_on(State(app): State<App>, actor: StaffActor, OnceJson(once, new): OnceJson<SetUpSingleSignOn>) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::SetUpSingleSignOn)?;
    proof::require_recent(&app, &actor).await?;
    let SetUpSingleSignOn { issuer, client_id, client_secret, domains, groups_claim, roles, role_otherwise, creates, required, seen } = new;
    let rules = Rules { issuer, client_id, domains, groups_claim, roles, role_otherwise, creates, required }.checked()?;
    check_issuer(&app, &rules.issuer)?;
    let (tenant, secret) = (actor.tenant(), client_secret.map(Secret::reveal).as_deref().map(single_sign_on::secret).transpose()?);
    let sealed = secret
        .map(|secret| app.sealer().seal(&seal::purpose::single_sign_on(tenant), secret.as_bytes()))
        .transpose()
        .map_err(|error| Problem::internal(&error))?;
    let staff = actor.staff.clone();
    let done = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            for role in rules.given_roles() {
                grants_to_give(tx, &staff, role).await.map_err(of_roles)?;
            }
            let before = store::single_sign_on::find(tx, tenant).await?;
            if before.as_ref().map(|before| before.updated_at) != seen {
                return Err(store::Error::Stale.into());
            }
            let old = before.clone().map(ConnectionView::from);
            let is_another = before.as_ref().is_some_and(|before| !before.rules().asks_as(&rules));
            let connection = merge(before, rules, sealed, tx.now(), tenant)?;
            match seen {
                None => store::single_sign_on::insert(tx, tenant, &connection).await?,
                Some(seen) => store::single_sign_on::update(tx, tenant, &connection, seen).await?,
            }
            if is_another {
                store::single_sign_on::forget_identities(tx, tenant).await?;
            }
            tx.announce(Changed::Settings).await?;
            let view = ConnectionView::from(connection);
            tx.note_change(&old, &view);
            Answer::json(StatusCode::OK, &view)
        })
    });
    done.await
}

/// The connection as it is to be stored.
fn merge(before: Option<Connection>, rules: Rules, sealed: Option<Vec<u8>>, now: Ts, tenant: TenantId) -> Result<Connection, Fault> {
    let same = before.as_ref().filter(|before| before.rules().asks_as(&rules));
    let Some(secret) = sealed.clone().or_else(|| same.map(|before| before.secret.clone())) else {
        return Err(Problem::invalid("client_secret", Code::MissingField, "enter the client secret that the identity provider gave you").into());
    };
    let proved_at = same.filter(|_| sealed.is_none()).and_then(|before| before.proved_at);
    if rules.required && proved_at.is_none() {
        let title = "sign in with this connection once before you require it: otherwise a mistake in it would keep everybody out";
        return Err(Problem { field: Some("required".to_owned()), ..Problem::conflict(Code::SingleSignOnUnproved, title) }.into());
    }
    let Rules { issuer, client_id, domains, groups_claim, roles, role_otherwise, creates, required } = rules;
    let (created_at, updated_at) = before.map_or((now, now), |before| (before.created_at, Revision(before.updated_at).next(now)));
    Ok(Connection { tenant, issuer, client_id, secret, domains, groups_claim, roles, role_otherwise, creates, required, proved_at, created_at, updated_at })
}

/// Says of a role that cannot be given in which field of this request it stands.
fn of_roles(fault: Fault) -> Fault {
    match fault {
        Fault::Problem(problem) => Problem { field: Some("roles".to_owned()), ..*problem }.into(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::MINUTE};
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/single-sign-on";

    fn with(change: Value) -> Value {
        let mut body = json!({"issuer": "https://id.example.com", "client_id": "yingda", "client_secret": "sesame", "domains": ["alpha.example"], "creates": false, "required": false});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    }

    #[tokio::test]
    async fn a_connection_is_set_up_and_changed_unless_somebody_else_did_so_in_the_meantime() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let made = tara.put(PATH, with(json!({"domains": ["@Alpha.example", "alpha.example"], "role_otherwise": "agent"}))).await.expect(200);
        assert_eq!((&made["domains"], &made["proved_at"]), (&json!(["alpha.example"]), &Value::Null));
        tara.put(PATH, with(json!({}))).await.problem(409, "conflict");
        tara.put(PATH, with(json!({"seen": 1}))).await.problem(409, "conflict");
        let changed =
            tara.put(PATH, with(json!({"client_secret": null, "creates": true, "role_otherwise": "agent", "seen": made["updated_at"]}))).await.expect(200);
        assert_eq!(changed["creates"], true);
        // A secret is one for its issuer and client.
        let other = json!({"issuer": "https://other.example.com", "client_secret": null, "seen": changed["updated_at"]});
        tara.put(PATH, with(other)).await.problem_at(422, "missing_field", "client_secret");
        assert_eq!(tara.get(PATH).await.expect(200)["connection"], changed);
        let audit = tara.get("/api/v1/audit?operation=PUT%20%2Fapi%2Fv1%2Fsingle-sign-on").await.expect(200);
        assert_eq!(audit["items"].as_array().unwrap().len(), 2);
        assert!(!audit.to_string().contains("sesame"));
    }

    #[tokio::test]
    async fn what_does_not_fit_names_its_field_and_changes_nothing() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        for (change, field) in [
            (json!({"issuer": "id.example.com"}), "issuer"),
            (json!({"issuer": "ftp://id.example.com"}), "issuer"),
            (json!({"issuer": "https://169.254.169.254"}), "issuer"),
            (json!({"issuer": "https://u:p@id.example.com"}), "issuer"),
            (json!({"client_id": ""}), "client_id"),
            (json!({"client_secret": ""}), "client_secret"),
            (json!({"domains": []}), "domains"),
            (json!({"domains": ["alpha"]}), "domains"),
            (json!({"roles": [{"group": "a", "role": "agent"}]}), "groups_claim"),
            (json!({"creates": true}), "role_otherwise"),
        ] {
            tara.put(PATH, with(change)).await.problem_at(422, "invalid_value", field);
        }
        tara.put(PATH, with(json!({"client_secret": null}))).await.problem_at(422, "missing_field", "client_secret");
        tara.put(PATH, with(json!({"required": true}))).await.problem_at(409, "single_sign_on_unproved", "required");
        assert_eq!(tara.get(PATH).await.expect(200)["connection"], Value::Null);
    }

    #[tokio::test]
    async fn a_session_left_open_neither_sets_it_up_nor_makes_a_link() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        app.clock.advance(11 * MINUTE);
        tara.put(PATH, with(json!({}))).await.problem(403, "proof_required");
        tara.post("/api/v1/single-sign-on/emergency-link", json!(null)).await.problem(403, "proof_required");
        assert_eq!(tara.get(PATH).await.expect(200)["connection"], Value::Null);
    }

    #[tokio::test]
    async fn only_administrators_set_it_up_and_only_their_own() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        app.manager("mira").await.put(PATH, with(json!({}))).await.problem(403, "not_permitted");
        let made = tara.put(PATH, with(json!({}))).await.expect(200);
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        bob.put(PATH, with(json!({"creates": true, "role_otherwise": "agent", "seen": made["updated_at"]}))).await.problem(409, "conflict");
        bob.put(PATH, with(json!({"domains": ["beta.example"]}))).await.expect(200);
        assert_eq!(tara.get(PATH).await.expect(200)["connection"], made);
    }
}
