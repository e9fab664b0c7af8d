//! `GET /api/v1/sites/{key}`: what the widget shows.

use axum::{Json, extract::State};
use domain::text::Bilingual;
use serde::{Deserialize, Serialize};
use store::sites::SiteSettings;
use utoipa::ToSchema;

use crate::{
    App,
    extract::ValidPath,
    problem::{Problem, Problems},
};

/// A question the widget offers.
#[derive(Debug, Serialize, ToSchema)]
pub struct StarterQuestion {
    /// The knowledge entry that answers it.
    pub id: String,
    /// Its words.
    pub text: Bilingual,
}

/// What the widget shows on a site.
#[derive(Debug, Serialize, ToSchema)]
pub struct Site {
    /// What the embed snippet names.
    pub key: String,
    /// The site's name.
    pub name: Bilingual,
    /// What the bot calls itself.
    pub bot_name: Bilingual,
    /// The first words.
    pub greeting: Bilingual,
    /// What happens to what is written.
    pub privacy_note: Bilingual,
    /// The colour of launcher and header, `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub brand: Option<String>,
    /// First questions, three at most.
    pub questions: Vec<StarterQuestion>,
}

#[derive(Deserialize)]
struct Question {
    question: Bilingual,
}

/// What the widget shows.
#[utoipa::path(get, path = "/sites/{key}", tag = "sites", params(("key" = String, Path)), responses((status = 200, body = Site), Problems))]
pub async fn get_site(State(app): State<App>, ValidPath(key): ValidPath<String>) -> Result<Json<Site>, Problem> {
    let site = super::site(&app, &key).await?;
    let entries = store::knowledge::entries_by_id(&mut app.db().read().await?, site.tenant, &site.settings.questions).await?;
    let SiteSettings { name, bot_name, greeting, privacy_note, brand, questions: _ } = site.settings;
    let question = |entry: store::Document| serde_json::from_str(&entry.json).map(|Question { question }| StarterQuestion { id: entry.id, text: question });
    let questions = entries.into_iter().take(3).map(question).collect::<Result<_, _>>().map_err(|error| Problem::internal(&error))?;
    Ok(Json(Site { key, name, bot_name, greeting, privacy_note, brand, questions }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit::TestApp;

    #[tokio::test]
    async fn a_site_tells_what_its_widget_shows() {
        let app = TestApp::with_demo().await;
        let site = app.get("/api/v1/sites/demo").await.expect(200);
        assert_eq!((&site["key"], &site["bot_name"], &site["brand"]), (&json!("demo"), &json!({"zh": "小临", "en": "Lin"}), &json!("#0A6A78")));
        let questions: Vec<_> =
            site["questions"].as_array().unwrap().iter().map(|q| (q["id"].as_str().unwrap(), !q["text"]["zh"].as_str().unwrap().is_empty())).collect();
        assert_eq!(questions, [("kb-001", true), ("kb-028", true), ("kb-135", true)]);
    }

    #[tokio::test]
    async fn an_unknown_key_is_not_found() {
        let app = TestApp::new().await;
        for key in ["nothing", "ALPHA", "%00", "..%2f"] {
            app.get(&format!("/api/v1/sites/{key}")).await.problem(404, "not_found");
        }
    }
}
