//! A built file as a response: content type, caching, and who may load it.

use std::fmt::Write as _;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use rust_embed::EmbeddedFile;

/// Which pages load a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Our own pages only.
    Own,
    /// Customers' pages, too.
    ForOthers,
}

/// Answers with a file, or 304 if the browser has it.
pub fn respond(file: Option<EmbeddedFile>, path: &str, request: &HeaderMap, kind: Kind) -> Response {
    let Some(file) = file else { return super::not_found() };
    let etag = etag(&file.metadata.sha256_hash());
    let known = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let fresh = known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == etag));
    let mut response = if fresh { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(file.data).into_response() };
    let headers = response.headers_mut();
    let caching = if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::CONTENT_TYPE, content_type(path));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    if kind == Kind::ForOthers {
        headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    }
    response
}

fn etag(hash: &[u8; 32]) -> String {
    let mut text = String::from('"');
    for byte in &hash[..12] {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('"');
    text
}

/// Whether the build put a hash of the content into the name, as in `assets/main-B7xK2a9Q.js`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
    let hash = if hash.len() < 8 { stem.get(stem.len().saturating_sub(9)..).and_then(|end| end.strip_prefix('-')).unwrap_or(hash) } else { hash };
    path.contains("assets/") && hash.len() >= 8 && hash.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn content_type(path: &str) -> HeaderValue {
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let text = if mime.type_() == "text" || mime.subtype() == "javascript" || mime.subtype() == "json" {
        format!("{}; charset=utf-8", mime.essence_str())
    } else {
        mime.essence_str().to_owned()
    };
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for (path, hashed) in [
            ("assets/index-B7xK2a9Q.js", true),
            ("assets/index-B7_K-a9Q.css", true),
            ("assets/logo.svg", false),
            ("w.js", false),
            ("frame.html", false),
            ("assets/zh-CN.json", false),
        ] {
            assert_eq!(is_hashed(path), hashed, "{path}");
        }
    }

    #[test]
    fn text_names_its_charset() {
        assert_eq!(content_type("w.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("a/b.svg"), "image/svg+xml");
        assert_eq!(content_type("site.webmanifest"), "application/manifest+json");
    }
}
