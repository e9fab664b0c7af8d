//! Determines whether one of our own pages sent a request.
//!
//! Browsers state this themselves: in `Sec-Fetch-Site` (all current ones) or in `Origin` (all of them, on unsafe methods). Neither can be set by a page's
//! script.

use axum::http::{HeaderMap, StatusCode, header};
use domain::refusal::Code;

use crate::{App, problem::Problem, request_company};

/// Which page a request came from, according to its headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// One of our own pages.
    Own,
    /// A page of another site.
    Foreign,
    /// The headers do not say: not a browser, or a navigation.
    Unknown,
}

/// Judges the headers; `public_url` is our public address, which counts in addition to the `Host` of the request.
pub fn page(headers: &HeaderMap, public_url: &str) -> Page {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text(header::HeaderName::from_static("sec-fetch-site")), text(header::ORIGIN)) {
        (Some("same-origin"), None) => Page::Own,
        (Some("same-origin") | None, Some(origin)) => {
            let is_web = origin.starts_with("https://") || origin.starts_with("http://");
            let authority = |url: &'_ str| url.split_once("://").map(|(_, authority)| authority.to_owned());
            // For the public address only its own scheme counts: somebody who can forge plain http must not speak for https.
            let forged = origin != public_url && authority(origin) == authority(public_url);
            let asked = is_web && authority(origin).as_deref() == text(header::HOST);
            if origin == public_url || (asked && !forged) { Page::Own } else { Page::Foreign }
        }
        (Some(_), _) => Page::Foreign,
        (None, None) => Page::Unknown,
    }
}

/// For requests authorised by the cookie: accepts only our own pages.
pub fn require_own_page(headers: &HeaderMap, app: &App) -> Result<(), Problem> {
    if page(headers, &own(app)) == Page::Own { Ok(()) } else { Err(cross_site()) }
}

/// For requests that need no cookie: accepts everything but another site's page.
pub fn refuse_foreign_page(headers: &HeaderMap, app: &App) -> Result<(), Problem> {
    if page(headers, &own(app)) == Page::Foreign { Err(cross_site()) } else { Ok(()) }
}

/// The origin of the pages of the company to which the request is addressed.
pub fn own(app: &App) -> String {
    request_company::address().map_or_else(|| app.settings().public_url.clone(), |address| address.origin().to_owned())
}

fn cross_site() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, Code::CrossSite, "this request is only accepted from the product's own pages: send Origin or Sec-Fetch-Site")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_page_counts_as_ours() {
        for (site, origin, expected) in [
            (Some("same-origin"), None, Page::Own),
            (Some("same-origin"), Some("https://chat.example"), Page::Own),
            (None, Some("https://chat.example"), Page::Own),
            (None, Some("http://chat.example"), Page::Own),
            (None, Some("https://public.example"), Page::Own),
            (None, Some("http://public.example"), Page::Foreign),
            (None, Some("ftp://chat.example"), Page::Foreign),
            (None, None, Page::Unknown),
            (None, Some("null"), Page::Foreign),
            (None, Some("https://evil.example"), Page::Foreign),
            (None, Some("https://sub.chat.example"), Page::Foreign),
            (None, Some("https://chat.example:8443"), Page::Foreign),
            (None, Some("https://chat.example.evil"), Page::Foreign),
            (Some("cross-site"), None, Page::Foreign),
            (Some("same-site"), Some("https://chat.example"), Page::Foreign),
            (Some("none"), None, Page::Foreign),
            (Some("same-origin"), Some("https://evil.example"), Page::Foreign),
        ] {
            let mut headers = HeaderMap::new();
            let mut put = |name: &'static str, value: Option<&'static str>| {
                if let Some(value) = value {
                    headers.insert(name, value.parse().unwrap());
                }
            };
            put("host", Some(if origin == Some("http://public.example") { "public.example" } else { "chat.example" }));
            put("sec-fetch-site", site);
            put("origin", origin);
            assert_eq!(page(&headers, "https://public.example"), expected, "{site:?} {origin:?}");
        }
    }
}
