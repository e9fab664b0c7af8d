//! `GET /api/v1/auth/single-sign-on`: whether a company's staff can sign in by way of an identity provider.

use axum::{Json, extract::State};
use http_kit::{
    App, addressed,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

/// Whether a company's staff can sign in by way of an identity provider.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct SingleSignOnOffer {
    /// Whether they can.
    pub offered: bool,
    /// Whether they have to; administrators can still use a one-time link.
    pub required: bool,
    /// The mail domains of those who can, in ASCII.
    pub domains: Vec<String>,
}

/// Says whether the company's staff can sign in by way of an identity provider.
#[utoipa::path(get, path = "/auth/single-sign-on", tag = "sign_in", responses((status = 200, body = SingleSignOnOffer), Problems))]
pub async fn get_single_sign_on_offer(State(app): State<App>) -> Result<Json<SingleSignOnOffer>, Problem> {
    let tenant = addressed::company()?;
    let found = store::single_sign_on::find(&mut app.db().read_of(tenant).await?, tenant).await?;
    let offer = found.map(|found| SingleSignOnOffer { offered: true, required: found.required, domains: found.domains });
    Ok(Json(offer.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::story::Story;

    const PATH: &str = "/api/v1/auth/single-sign-on";

    #[tokio::test]
    async fn anybody_is_told_what_a_company_offers() {
        let story = Story::new(json!({"domains": ["bücher.example", "alpha.example"]})).await;
        let app = &story.app;
        let offered = json!({"offered": true, "required": false, "domains": ["xn--bcher-kva.example", "alpha.example"]});
        assert_eq!(app.get(PATH).await.expect(200), offered);
        let beta = app.other_company("beta").await;
        assert_eq!(app.anyone_at(&beta).get(PATH).await.expect(200), json!({"offered": false, "required": false, "domains": []}));
    }
}
