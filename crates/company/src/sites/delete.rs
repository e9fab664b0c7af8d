//! `DELETE /api/v1/company/sites/{id}`

use axum::extract::State;
use domain::{entry::Changed, id::SiteId, policy::Permission, refusal::Code};
use http_kit::{
    App,
    auth::StaffActor,
    extract::ValidPath,
    once::{Answer, Once, OnceHeader},
    problem::{Problem, Problems},
};

/// Removes a site on which no conversation is open; its past conversations are kept.
#[utoipa::path(delete, path = "/company/sites/{id}", tag = "company", security(("staff" = [])), params(("id" = SiteId, Path), OnceHeader),
    responses((status = 204, description = "The site was deleted"), Problems))]
pub async fn delete_site(State(app): State<App>, actor: StaffActor, ValidPath(id): ValidPath<SiteId>, once: Once) -> Result<Answer, Problem> {
    let permitted = actor.require(Permission::Settings)?;
    let tenant = actor.tenant();
    let removed = permitted.change(&app, once, move |tx| {
        Box::pin(async move {
            store::sites::get(tx, tenant, id).await?;
            if store::sites::list(tx, tenant).await?.len() == 1 {
                return Err(Problem::conflict(Code::LastSite, "this is the only site: pause it instead").into());
            }
            let open = store::sites::uses(tx, tenant, id).await?;
            if open > 0 {
                let title = format!("{open} conversations are open on this site: pause it and finish them first");
                return Err(Problem::in_use(Code::SiteInUse, "conversations", open, title).into());
            }
            for kid in store::site_secrets::delete_all(tx, tenant, id).await? {
                store::visitors::end_signed_with(tx, tenant, id, &kid).await?;
            }
            store::site_sightings::delete_all(tx, tenant, id).await?;
            store::sites::delete(tx, tenant, id).await?;
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
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_site_goes_when_nobody_talks_on_it_and_it_is_not_the_only_one() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let first = tara.get("/api/v1/company/sites").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/company/sites/{first}");
        tara.delete(&path).await.problem(409, "last_site");
        let both = |text: &str| json!({"zh": text, "en": text});
        let other = json!({"key": "shop", "queue": app.company.queue.to_string(), "name": both("a"), "bot_name": both("b"), "greeting": both("c"), "privacy_note": both("d")});
        tara.post("/api/v1/company/sites", other).await.expect(201);
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        let refused = tara.delete(&path).await.problem(409, "site_in_use");
        assert_eq!((&refused["field"], &refused["count"]), (&json!("conversations"), &json!(1)));
        visitor.say(&conversation, false, json!({"type": "end"})).await;
        assert_eq!(tara.delete(&path).await.status.as_u16(), 204);
        tara.delete(&path).await.problem(404, "not_found");
        app.get("/api/v1/sites/alpha").await.problem(404, "not_found");
        // The conversation is kept.
        tara.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
        app.manager("mira").await.delete(&path).await.problem(403, "not_permitted");
    }
}
