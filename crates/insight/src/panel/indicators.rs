//! `GET /api/v1/indicators`

use std::{fmt::Write as _, sync::LazyLock};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::policy::Permission;
use http_kit::{
    auth::actor::StaffActor,
    problem::{Problem, Problems},
};
use platform::env;
use warehouse::{DEFINITIONS, definition::Reference};

/// The list as it is sent, and its version. Both change only with the program.
static LIST: LazyLock<(Bytes, String)> = LazyLock::new(|| {
    let body = serde_json::to_vec(&DEFINITIONS.reference()).unwrap_or_default();
    let mut version = "W/\"".to_owned();
    for byte in &env::hash(&String::from_utf8_lossy(&body))[..12] {
        let _ = write!(version, "{byte:02x}");
    }
    version.push('"');
    (body.into(), version)
});

/// Lists what each indicator means, from its single definition.
///
/// A browser keeps the list and asks only whether it is still the same.
#[utoipa::path(get, path = "/indicators", tag = "panel", security(("staff" = [])), responses(
    (status = 200, description = "Every indicator with its name and its rule", body = Vec<Reference>),
    (status = 304, description = "The list has the version that `If-None-Match` names"),
    Problems))]
pub async fn list_indicators(actor: StaffActor, headers: HeaderMap) -> Result<Response, Problem> {
    actor.require(Permission::Panel)?;
    let (body, version) = &*LIST;
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let is_known = known.flat_map(|known| known.split(',')).any(|one| one.trim().trim_start_matches("W/") == version.trim_start_matches("W/"));
    let mut answer = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body.clone()).into_response(),
    };
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(version) = HeaderValue::from_str(version) {
        answer.headers_mut().insert(header::ETAG, version);
    }
    Ok(answer)
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

    #[tokio::test]
    async fn the_list_is_sent_once_for_each_version() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let first = mira.get("/api/v1/indicators").await;
        let version = first.header("etag").to_owned();
        assert_eq!((first.status.as_u16(), first.header("cache-control"), version.len()), (200, "private, no-cache", 28));
        for (asked, status) in [
            (version.clone(), 304),
            (version.trim_start_matches("W/").to_owned(), 304),
            (format!("\"other\", {version}"), 304),
            ("\"other\"".to_owned(), 200),
            (String::new(), 200),
        ] {
            let answer = mira.send(mira.request(reqwest::Method::GET, "/api/v1/indicators").header("if-none-match", &asked)).await;
            assert_eq!((answer.status.as_u16(), answer.body.is_empty(), answer.header("etag")), (status, status == 304, &*version), "{asked}");
        }
        let ada = app.agent("ada").await;
        let answer = ada.send(ada.request(reqwest::Method::GET, "/api/v1/indicators").header("if-none-match", &version)).await;
        answer.problem(403, "not_permitted");
    }
}
