//! A built file as a response: content type, caching, compression, and who may load it.

use std::{
    collections::HashMap,
    fmt::Write as _,
    io::Write as _,
    sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError},
};

use axum::{
    body::{Body, Bytes},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header},
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

/// The files in gzip by the digest of their content, each compressed once, by whoever asks first; `None` if that is no gain.
type Packed = HashMap<[u8; 32], Arc<OnceLock<Option<Bytes>>>>;

static PACKED: LazyLock<Mutex<Packed>> = LazyLock::new(Mutex::default);

/// Marks an answer whose coding is decided.
#[derive(Debug, Clone, Copy)]
struct CodingDecided;

/// Whether an answer may still be compressed: those of [`respond`] are already, or never are.
pub fn is_open_to_compression(_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions) -> bool {
    extensions.get::<CodingDecided>().is_none()
}

/// The file in gzip, if it has this form. Browsers keep scripts and style sheets, and each is compressed once: the best level is worth it.
fn gzip_of(hash: [u8; 32], data: &[u8]) -> Option<Bytes> {
    let cell = PACKED.lock().unwrap_or_else(PoisonError::into_inner).entry(hash).or_default().clone();
    let pack = || {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(data).ok()?;
        encoder.finish().ok().filter(|packed| packed.len() < data.len()).map(Bytes::from)
    };
    cell.get_or_init(pack).clone()
}

/// Whether the client takes gzip (RFC 9110, section 12.5.3).
fn takes_gzip(request: &HeaderMap) -> bool {
    let codings = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let weights = codings.filter_map(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next()?.to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="))).map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
        matches!(name.as_str(), "gzip" | "x-gzip" | "*").then_some((name == "*", weight))
    });
    // What is said of gzip counts before what is said of all.
    weights.min_by_key(|(is_all, _)| *is_all).is_some_and(|(_, weight)| weight > 0.0)
}

/// Answers with a file, or 304 if the browser has it.
pub fn respond(file: Option<EmbeddedFile>, path: &str, request: &HeaderMap, kind: Kind) -> Response {
    let Some(file) = file else { return super::not_found() };
    let (hash, content_type) = (file.metadata.sha256_hash(), content_type(path));
    let may_be_packed = is_text(&content_type);
    let packed = if may_be_packed && takes_gzip(request) { gzip_of(hash, &file.data) } else { None };
    // Each form has a tag of its own: a cache must not take one for a part of the other.
    let etag = etag(&hash, packed.is_some());
    let known = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let fresh = known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == etag));
    let is_packed = packed.is_some();
    let mut response = match packed {
        _ if fresh => StatusCode::NOT_MODIFIED.into_response(),
        Some(packed) => Body::from(packed).into_response(),
        None => Body::from(file.data).into_response(),
    };
    response.extensions_mut().insert(CodingDecided);
    let headers = response.headers_mut();
    if may_be_packed {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if is_packed && !fresh {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let caching = if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::CONTENT_TYPE, content_type);
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    if kind == Kind::ForOthers {
        headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    }
    response
}

fn etag(hash: &[u8; 32], is_packed: bool) -> String {
    let mut text = String::from('"');
    for byte in &hash[..12] {
        let _ = write!(text, "{byte:02x}");
    }
    text.push_str(if is_packed { "-gzip\"" } else { "\"" });
    text
}

/// Whether compression helps: pictures and fonts are compressed already.
fn is_text(content_type: &HeaderValue) -> bool {
    let text = content_type.to_str().unwrap_or_default();
    text.starts_with("text/") || ["javascript", "json", "svg"].iter().any(|kind| text.contains(kind))
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
    fn gzip_is_sent_to_whoever_takes_it() {
        for (accepted, takes) in [
            ("gzip, deflate, br, zstd", true),
            ("GZIP;q=0.5", true),
            ("*", true),
            ("br, *;q=0.1", true),
            ("identity", false),
            ("", false),
            ("gzip;q=0", false),
            ("gzip; q=0.000, *", false),
            ("*;q=0", false),
            ("br;q=1.0", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_str(accepted).unwrap())]);
            assert_eq!(takes_gzip(&headers), takes, "{accepted}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn a_file_is_compressed_once() {
        let text = "the same words again and again ".repeat(100);
        let (one, two) = (gzip_of([7; 32], text.as_bytes()).unwrap(), gzip_of([7; 32], b"not looked at").unwrap());
        assert!(one.len() < 200 && one.as_ptr() == two.as_ptr());
        assert_eq!(gzip_of([8; 32], b"x"), None, "it would be longer");
    }

    #[test]
    fn text_names_its_charset() {
        assert_eq!(content_type("w.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("a/b.svg"), "image/svg+xml");
        assert_eq!(content_type("site.webmanifest"), "application/manifest+json");
    }
}
