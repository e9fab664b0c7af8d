//! `GET /api/v1/customer/consents` and `PUT /api/v1/customer/consents`

use axum::{Json, extract::State};
use http_kit::{
    App,
    audit::Asked,
    auth::CustomerActor,
    consents::Consents,
    extract::ValidJson,
    problem::{Problem, Problems},
};
use serde_json::json;
use service::consents::{self, Person};

use super::ConsentAnswers;
use crate::customers::act::Act;

async fn read(app: &App, actor: CustomerActor) -> Result<Json<Consents>, Problem> {
    let standing = consents::standing(&mut app.db().read_of(actor.tenant).await?, actor.tenant, Person::Customer(actor.customer), None).await?;
    Ok(Json(standing.into()))
}

/// Returns what the signed-in customer allows to be stored.
#[utoipa::path(get, path = "/customer/consents", tag = "customers", security(("customer" = [])), responses((status = 200, body = Consents), Problems))]
pub async fn get_customer_consents(State(app): State<App>, actor: CustomerActor) -> Result<Json<Consents>, Problem> {
    read(&app, actor).await
}

/// Stores what the customer allows to be stored, on all sites and devices. A no takes effect at once, and deletes what was stored for that purpose.
#[utoipa::path(put, path = "/customer/consents", tag = "customers", security(("customer" = [])), request_body = ConsentAnswers,
    responses((status = 200, body = Consents), Problems))]
pub async fn answer_as_customer(
    State(app): State<App>,
    actor: CustomerActor,
    asked: Asked,
    ValidJson(given): ValidJson<ConsentAnswers>,
) -> Result<Json<Consents>, Problem> {
    let answers = given.checked()?;
    let act = Act::new(&app, asked.saying(json!(given)));
    let done = actor.oneself().write(&app, move |tx| {
        Box::pin(async move {
            consents::answer(tx, Person::Customer(actor.customer), &answers, (given.place, given.wording)).await?;
            Ok(act.note(tx, actor.tenant, actor.customer).await?)
        })
    });
    done.await?;
    read(&app, actor).await
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/customer/consents";

    #[tokio::test]
    async fn a_customers_answer_counts_in_the_chat_and_nobody_elses_does() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.customer("ada@example.com").await, app.customer("eve@example.com").await);
        let chat = app.widget_of(&ada, None).await;
        let yes = json!({"answers": [{"purpose": "profile", "granted": true}], "wording": 1, "place": "hall"});
        let stored = ada.put(PATH, yes.clone()).await.expect(200);
        assert_eq!((&stored["purposes"][1]["granted"], &stored["purposes"][1]["place"]), (&json!(true), &json!("hall")));
        assert_eq!(chat.get("/api/v1/widget/consents").await.expect(200)["purposes"][1]["granted"], true);
        assert_eq!(eve.get(PATH).await.expect(200)["purposes"][1]["granted"], json!(null));
        let no = json!({"answers": [{"purpose": "profile", "granted": false}], "wording": 1, "place": "widget"});
        chat.put("/api/v1/widget/consents", no).await.expect(200);
        assert_eq!(ada.get(PATH).await.expect(200)["purposes"][1]["granted"], false);
        let operations: Vec<String> = app.audit().await.into_iter().map(|line| line.entry.operation).collect();
        assert!(["PUT /api/v1/customer/consents", "PUT /api/v1/widget/consents"].iter().all(|one| operations.iter().any(|known| known == one)));
        app.get(PATH).await.problem(401, "not_signed_in");
        app.put(PATH, yes).await.problem(401, "not_signed_in");
    }
}
