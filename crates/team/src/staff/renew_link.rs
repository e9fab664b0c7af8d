//! `POST /api/v1/staff/{id}/link`

use axum::{extract::State, http::StatusCode};
use domain::{entry::Changed, id::AgentId, refusal::Code};
use http_kit::{
    App, addressed,
    auth::{StaffActor, link, proof},
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::{get_managed, invitation::Invited, view::MemberView};

/// Creates a new one-time link; earlier links become invalid.
///
/// For a member who already has a password, only an administrator can create one, because the password can be reset with it, and only shortly after proving who they are.
///
/// Only people can do this; programs are refused.
#[utoipa::path(post, path = "/staff/{id}/link", tag = "staff", security(("staff" = [])), params(("id" = AgentId, Path), OnceHeader),
    responses((status = 201, body = Invited), Problems))]
pub async fn renew_link(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<AgentId>, once: Once) -> Result<Answer, Problem> {
    actor.session()?;
    let (tenant, now) = (actor.tenant(), app.env().now());
    let (person, permitted) = get_managed(&app, &actor, id).await?;
    if person.disabled_at.is_some() {
        return Err(Problem::conflict(Code::MemberDisabled, "this member is disabled: enable them first"));
    }
    if person.has_joined && !actor.staff.administers() {
        return Err(Problem::conflict(Code::AlreadyJoined, "this member has a password: only an administrator can create a link to reset it"));
    }
    if person.has_joined {
        proof::require_recent(&app, &actor).await?;
    }
    let secret = app.env().secret().map_err(|error| Problem::internal(&error))?;
    let reader = actor.staff.clone();
    let link = link::url(&addressed::base(&app), &secret);
    let done = permitted.change(&app, once.briefly(), move |tx| {
        Box::pin(async move {
            store::sign_in_links::spend_all(tx, tenant, id).await?;
            link::insert(tx, tenant, id, &secret).await?;
            tx.announce(Changed::People).await?;
            let member = MemberView::read(tx, tenant, id, &reader).await?;
            Answer::json(StatusCode::CREATED, &Invited { member, link, expires_at: now.plus(link::LIFE_MS) })
        })
    });
    done.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    fn token(invited: &Value) -> String {
        invited["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned()
    }

    #[tokio::test]
    async fn a_new_link_ends_the_ones_before() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let first = mira.post("/api/v1/staff", json!({"email": "a@b", "name": "a", "role": "agent"})).await.expect(201);
        let path = format!("/api/v1/staff/{}/link", first["member"]["id"].as_str().unwrap());
        let second = mira.post(&path, json!(null)).await.expect(201);
        app.post("/api/v1/auth/links/redeem", json!({"token": token(&first), "password": "long enough"})).await.problem(410, "link_spent");
        app.post("/api/v1/auth/links/redeem", json!({"token": token(&second), "password": "long enough"})).await.expect(201);
        // The link would now let the manager sign in as the agent.
        mira.post(&path, json!(null)).await.problem(409, "already_joined");
        app.staff(Role::Administrator, "tara").await.post(&path, json!(null)).await.expect(201);
    }

    #[tokio::test]
    async fn a_link_into_one_role_is_no_way_into_another() {
        let app = TestApp::new().await;
        let (mira, tara) = (app.manager("mira").await, app.staff(Role::Administrator, "tara").await);
        let invited = mira.post("/api/v1/staff", json!({"email": "a@b", "name": "a", "role": "agent"})).await.expect(201);
        let (path, seen) = (format!("/api/v1/staff/{}", invited["member"]["id"].as_str().unwrap()), &invited["member"]["updated_at"]);
        tara.patch(&path, json!({"role": "administrator", "seen": seen})).await.expect(200);
        app.post("/api/v1/auth/links/redeem", json!({"token": token(&invited), "password": "long enough"})).await.problem(410, "link_spent");
    }

    #[tokio::test]
    async fn nobody_gets_a_link_into_a_role_they_do_not_manage() {
        let app = TestApp::new().await;
        let (mira, tara) = (app.manager("mira").await, app.staff(Role::Administrator, "tara").await);
        mira.post(&format!("/api/v1/staff/{}/link", tara.member.id), json!(null)).await.problem(403, "not_permitted");
        app.agent("ada").await.post(&format!("/api/v1/staff/{}/link", mira.member.id), json!(null)).await.problem(403, "not_permitted");
    }
}
