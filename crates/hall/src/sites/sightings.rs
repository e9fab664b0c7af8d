//! `POST /api/v1/sites/{key}/sightings`: the chat says on which page it was loaded, so that those who set up the site see that it is installed.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use domain::{
    refusal::Code,
    site::{self, LOADER_VERSION},
    time::MINUTE,
};
use http_kit::{
    App,
    auth::{attempts::Limit, origin, tally::Tally},
    extract::{ValidJson, ValidPath},
    permitted::Permitted,
    problem::{Problem, Problems},
};
use platform::client_address::ClientAddress;
use serde::Deserialize;
use utoipa::ToSchema;

/// How often a page is written down.
const PER_PAGE: Limit = Limit { tries: 1, within_ms: MINUTE };
/// Sightings from one network address.
const PER_ADDRESS: Limit = Limit { tries: 120, within_ms: MINUTE };

/// A page on which the chat was loaded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSighting {
    /// The page's address; its query and fragment are not stored.
    pub page: String,
    /// The version of the loader on that page.
    pub loader: i64,
}

/// Says on which page the chat was loaded. A page is written down once a minute.
#[utoipa::path(post, path = "/sites/{key}/sightings", tag = "sites", params(("key" = String, Path)), request_body = NewSighting,
    responses((status = 204, description = "Noted"), Problems))]
pub async fn note_sighting(
    State(app): State<App>,
    address: ClientAddress,
    headers: HeaderMap,
    ValidPath(key): ValidPath<String>,
    ValidJson(new): ValidJson<NewSighting>,
) -> Result<StatusCode, Problem> {
    origin::refuse_foreign_page(&headers, &app)?;
    let site = super::site(&app, &key).await?;
    let (from, page) = site::page(&new.page).ok_or_else(|| refuse("the address of a web page, at most 300 characters without its query"))?;
    let (allowed, own) = (&site.settings.origins, &app.settings().public_url);
    if !allowed.is_empty() && from != *own && !allowed.contains(&from) {
        return Err(refuse("the site does not allow pages of this origin"));
    }
    if !(1..=LOADER_VERSION).contains(&new.loader) {
        return Err(Problem::invalid("loader", Code::InvalidValue, "there is no such version of the loader"));
    }
    let (sightings, now) = (Tally::new("sightings", &app.in_memory().sightings, None), app.env().now());
    if !address.is_this_machine() {
        sightings.take_from(address, PER_ADDRESS, now).await.map_err(Problem::too_many)?;
    }
    if sightings.take(&format!("{} {page}", site.id), PER_PAGE, now).await.is_ok() {
        let noted = Permitted::as_system(site.tenant)
            .write(&app, move |tx| Box::pin(async move { Ok(store::site_sightings::note(tx, site.tenant, site.id, &page, new.loader).await?) }));
        noted.await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn refuse(why: &str) -> Problem {
    Problem::invalid("page", Code::InvalidValue, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_says_the_version_that_the_server_knows() {
        let loader = include_str!("../../../../web/widget/src/loader/w.ts");
        assert!(loader.contains(&format!(r#"post({{ do: "init", v: {LOADER_VERSION}, ...o"#)));
    }

    #[test]
    fn of_a_page_its_address_counts_and_nothing_that_it_asks_for() {
        let page = |raw: &str| site::page(raw).map(|(from, page)| format!("{from} {page}"));
        for (raw, kept) in [
            ("https://Shop.example/a/b?token=1#x", Some("https://shop.example https://shop.example/a/b")),
            ("http://localhost:5173", Some("http://localhost:5173 http://localhost:5173/")),
            ("https://user:password@shop.example/", None),
            ("about:blank", None),
            ("data:text/html,x", None),
        ] {
            assert_eq!(page(raw).as_deref(), kept, "{raw}");
        }
    }
}
