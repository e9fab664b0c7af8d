//! `GET /api/v1/single-sign-on`

use axum::{Json, extract::State};
use domain::policy::Permission;
use http_kit::{
    App,
    auth::StaffActor,
    problem::{Problem, Problems},
};

use super::view::SingleSignOnSetUp;
use crate::sign_in::single_sign_on::redirect_uri;

/// Returns the connection to the company's identity provider, and what has to be entered there.
#[utoipa::path(get, path = "/single-sign-on", tag = "single_sign_on", security(("staff" = [])), responses((status = 200, body = SingleSignOnSetUp), Problems))]
pub async fn get_single_sign_on(State(app): State<App>, actor: StaffActor) -> Result<Json<SingleSignOnSetUp>, Problem> {
    actor.require(Permission::SetUpSingleSignOn)?;
    let found = store::single_sign_on::find(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    Ok(Json(SingleSignOnSetUp { redirect_uri: redirect_uri(&app, actor.tenant()), connection: found.map(Into::into) }))
}

#[cfg(test)]
mod tests {
    use domain::{id::TenantId, staff::Role};
    use serde_json::{Value, json};

    use crate::sign_in::single_sign_on::tests::{idp::SECRET, story::Story};

    const PATH: &str = "/api/v1/single-sign-on";

    #[tokio::test]
    async fn only_administrators_see_the_connection_only_their_own_and_never_its_secret() {
        let story = Story::new(json!({"role_otherwise": "agent"})).await;
        let seen = story.tara.get(PATH).await.expect(200);
        let redirect = |below: &str, company: TenantId| format!("{}{below}/console/single-sign-on/{company}", story.app.app().settings().public_url);
        assert_eq!((&seen["redirect_uri"], &seen["connection"]["issuer"]), (&json!(redirect("", story.app.company.tenant)), &json!(story.idp.issuer)));
        let fields: Vec<&str> = seen["connection"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            fields,
            ["client_id", "creates", "domains", "groups_claim", "issuer", "proved_at", "required", "role_otherwise", "roles", "updated_at"],
            "all that is shown"
        );
        assert!(!seen.to_string().contains(SECRET));
        story.app.manager("mira").await.get(PATH).await.problem(403, "not_permitted");
        let beta = story.app.other_company("beta").await;
        let bob = story.app.staff_of(&beta, Role::Administrator, "bob").await;
        assert_eq!(bob.get(PATH).await.expect(200), json!({"redirect_uri": redirect("/o/beta", beta.tenant), "connection": Value::Null}));
    }
}
