//! `DELETE /api/v1/single-sign-on`

use axum::extract::State;
use domain::{entry::Changed, policy::Permission};
use http_kit::{
    App,
    auth::StaffActor,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

use super::view::ConnectionView;

/// Removes the connection to the company's identity provider. Members sign in with their password or a one-time link from then on; sessions go on.
///
/// Only people can do this; programs are refused.
#[utoipa::path(delete, path = "/single-sign-on", tag = "single_sign_on", security(("staff" = [])), params(OnceHeader),
    responses((status = 204, description = "There is no single sign-on any more"), Problems))]
pub async fn remove_single_sign_on(State(app): State<App>, actor: StaffActor, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::SetUpSingleSignOn)?;
    actor.session()?;
    let tenant = actor.tenant();
    let removed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            let gone = store::single_sign_on::find(tx, tenant).await?;
            store::single_sign_on::delete(tx, tenant).await?;
            tx.note_change(&gone.map(ConnectionView::from), &());
            tx.announce(Changed::Settings).await?;
            Ok(Answer::nothing())
        })
    });
    removed.await
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;

    use crate::sign_in::single_sign_on::tests::story::{Story, session};

    const PATH: &str = "/api/v1/single-sign-on";

    #[tokio::test]
    async fn without_it_sessions_go_on_passwords_let_in_again_and_attempts_end() {
        let story = Story::new(json!({})).await;
        let (app, tara) = (&story.app, &story.tara);
        let ada = app.agent("ada").await;
        app.set_password(&ada.member, "long enough").await;
        let came = story.with(json!({})).await;
        came.expect(201);
        story.set_up(json!({"required": true, "client_secret": null})).await.expect(200);
        assert_eq!(app.changed_by("PUT /api/v1/single-sign-on").await, [("required".to_owned(), json!(false), json!(true))]);
        let with_password = async || app.post("/api/v1/auth/sessions", json!({"email": "ada@alpha.example", "password": "long enough"})).await;
        with_password().await.problem(403, "single_sign_on_required");
        let under_way = story.begin().await;
        tara.delete(PATH).await.expect(204);
        tara.delete(PATH).await.problem(404, "not_found");
        let gone = app.changed_by("DELETE /api/v1/single-sign-on").await;
        assert!(gone.contains(&("client_id".to_owned(), json!("yingda"), json!(null))) && !gone.iter().any(|(field, ..)| field.contains("secret")), "{gone:?}");
        app.with_cookie(&session(&came)).get("/api/v1/me").await.expect(200);
        with_password().await.expect(201);
        story.finish(&under_way, String::new()).await.problem(410, "single_sign_on_expired");
        // Set up again, it knows nobody: a member is found by the address, whoever it was that had it there.
        story.set_up(json!({})).await.expect(200);
        assert_eq!(story.with(json!({"sub": "somebody else there"})).await.expect(201)["name"], "ada");
        let audit = tara.get("/api/v1/audit?operation=DELETE%20%2Fapi%2Fv1%2Fsingle-sign-on").await.expect(200);
        assert_eq!((audit["items"].as_array().unwrap().len(), &audit["items"][0]["by"]["name"]), (1, &json!("tara")));
    }

    #[tokio::test]
    async fn only_administrators_remove_it_and_only_their_own() {
        let story = Story::new(json!({})).await;
        story.app.manager("mira").await.delete(PATH).await.problem(403, "not_permitted");
        let beta = story.app.other_company("beta").await;
        story.app.staff_of(&beta, Role::Administrator, "bob").await.delete(PATH).await.problem(404, "not_found");
        assert!(story.tara.get(PATH).await.expect(200)["connection"].is_object());
    }
}
