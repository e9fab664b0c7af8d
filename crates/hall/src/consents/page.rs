//! `PUT /api/v1/widget/page`

use axum::{extract::State, http::StatusCode};
use domain::{entry::body::Page, time::MINUTE};
use http_kit::{
    App,
    auth::{VisitorActor, attempts::Limit, tally::Tally},
    extract::ValidJson,
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::client_address::ClientAddress;
use service::consents;

/// Pages of a visitor that are stored; each takes the place of the one before.
const PER_VISITOR: Limit = Limit { tries: 60, within_ms: MINUTE };
/// Pages of the visitors of one network.
const PER_ADDRESS: Limit = Limit { tries: 1_200, within_ms: MINUTE };

/// Says on which page the visitor is. It is stored with the visitor's open conversation, for the team, if the visitor agreed to that; otherwise nothing is.
#[utoipa::path(put, path = "/widget/page", tag = "widget", security(("visitor" = [])), request_body = Page,
    responses((status = 204, description = "Stored, or not to be stored"), Problems))]
pub async fn note_page(State(app): State<App>, actor: VisitorActor, address: ClientAddress, ValidJson(page): ValidJson<Page>) -> Result<StatusCode, Problem> {
    let pages = Tally::new("pages", &app.in_memory().views, app.cluster().redis());
    pages.take_of(&actor.visitor.to_string(), PER_VISITOR, address, PER_ADDRESS, app.env().now()).await.map_err(Problem::too_many)?;
    let by = Permitted::as_system(actor.tenant).on(db::Shard::Of(actor.visitor.uuid()));
    let sealer = app.sealer();
    by.write(&app, move |tx| Box::pin(async move { Ok(consents::note_page(tx, &sealer, actor.visitor, actor.site, &page).await?) })).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/widget/page";

    fn page(path: &str) -> Value {
        json!({"title": "Shop", "url": format!("https://shop.example/{path}")})
    }
    fn answer(granted: bool) -> Value {
        json!({"answers": [{"purpose": "pages", "granted": granted}], "wording": 1, "place": "widget"})
    }

    #[tokio::test]
    async fn a_page_is_stored_after_a_yes_only_and_a_withdrawal_deletes_it() {
        let app = TestApp::new().await;
        let (visitor, mira) = (app.visitor().await, app.manager("mira").await);
        let conversation = visitor.open("hello").await;
        let shown = async || mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200)["page"].clone();
        let put = async |path: &str| assert_eq!(visitor.put(PATH, page(path)).await.status.as_u16(), 204);
        put("before").await;
        assert_eq!(shown().await, json!(null), "nobody agrees by silence");
        visitor.put("/api/v1/widget/consents", answer(true)).await.expect(200);
        put("one").await;
        put("two").await;
        assert_eq!(shown().await, page("two"));
        visitor.put(PATH, json!({"title": "x", "url": "javascript:alert(1)"})).await;
        assert_eq!(shown().await, page("two"));
        visitor.put("/api/v1/widget/consents", answer(false)).await.expect(200);
        assert_eq!(shown().await, json!(null));
        put("after").await;
        assert_eq!(shown().await, json!(null));
        app.put(PATH, page("x")).await.problem(401, "not_signed_in");
    }
}
