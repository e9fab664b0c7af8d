//! `GET /api/v1/indicators`

use axum::Json;
use domain::policy::Permission;
use http_kit::{
    auth::actor::StaffActor,
    problem::{Problem, Problems},
};
use warehouse::{DEFINITIONS, definition::Reference};

/// Lists what each indicator means, from its single definition.
#[utoipa::path(get, path = "/indicators", tag = "panel", security(("staff" = [])), responses((status = 200, description = "Every indicator with its name and its rule", body = Vec<Reference>), Problems))]
pub async fn list_indicators(actor: StaffActor) -> Result<Json<Vec<Reference>>, Problem> {
    actor.require(Permission::Panel)?;
    Ok(Json(DEFINITIONS.reference()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;
    use warehouse::{DEFINITIONS, definition::How};

    #[tokio::test]
    async fn every_number_of_the_panel_is_explained_in_both_languages() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let indicators = mira.get("/api/v1/indicators").await.expect(200);
        let panel = mira.get("/api/v1/panel").await.expect(200);
        for key in panel["today"].as_object().unwrap().keys().map(String::as_str).chain(["utilisation"]) {
            let explained = indicators.as_array().unwrap().iter().find(|indicator| indicator["key"] == key);
            let explained = explained.unwrap_or_else(|| panic!("{key} is not explained"));
            for (field, lang) in [("name", "zh"), ("name", "en"), ("rule", "zh"), ("rule", "en")] {
                assert!(!explained[field][lang].as_str().unwrap().is_empty(), "{key} {field} {lang}");
            }
        }
        let target = |key: &str| indicators.as_array().unwrap().iter().find(|one| one["key"] == key).unwrap()["target"].clone();
        assert_eq!(target("service_level"), json!({"direction": "at_least", "value": 0.8}));
        assert_eq!((target("utilisation")["direction"].clone(), target("dialogue")), (json!("at_most"), json!(null)));
        for present in &DEFINITIONS.present {
            let How::Ratio { part, whole } = &present.how else { panic!("{} is no ratio", present.key) };
            for field in [&present.key, part, whole] {
                assert!(panel["now"].get(field).is_some(), "the panel has no {field}");
            }
        }
        app.agent("ada").await.get("/api/v1/indicators").await.problem(403, "not_permitted");
    }
}
