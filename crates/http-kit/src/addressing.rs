//! Finds the company to which a request is addressed.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, Uri, header,
        uri::{Authority, PathAndQuery},
    },
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::id::TenantId;
use store::entry_points::At;

use crate::{
    App,
    address::{Address, Addressed},
    practice,
    problem::Problem,
};

/// The company that is found there.
async fn find(app: &App, at: At<'_>) -> store::Result<Option<Arc<Address>>> {
    let key = match at {
        At::Root => "root".to_owned(),
        At::Slug(slug) => format!("slug {slug}"),
        At::Host(host) => format!("host {host}"),
    };
    let known = &app.in_memory().addresses;
    if let Some(address) = known.look_up(&key) {
        return Ok(address);
    }
    let found = store::entry_points::company_at(app.db(), at).await?;
    let address = found.map(|found| Arc::new(Address::new(found, &app.settings().public_url)));
    // That there is no company changes with the first one; that a host is nobody's is asked at each request from a local network.
    if address.is_some() || matches!(at, At::Host(_)) {
        known.keep(key, address.clone());
    }
    Ok(address)
}

/// Where a company is found.
pub async fn of(app: &App, tenant: TenantId) -> store::Result<Address> {
    let found = store::tenants::address(&mut app.db().read_of(tenant).await?, tenant).await?;
    Ok(read(app, found))
}

/// Where a company is found whose address was read.
pub fn read(app: &App, company: store::tenants::Address) -> Address {
    Address::new(company, &app.settings().public_url)
}

/// The host that a request names, in lower case.
fn host_of(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let named = headers.get(header::HOST).and_then(|host| host.to_str().ok()).or_else(|| uri.authority().map(Authority::as_str));
    named.map(str::to_ascii_lowercase)
}

/// The slug of an address below `/o/`, and what follows it.
fn split_slug(path: &str) -> Option<(&str, &str)> {
    let below = path.strip_prefix("/o/")?;
    let end = below.find('/').unwrap_or(below.len());
    Some((&below[..end], if end == below.len() { "/" } else { &below[end..] }))
}

/// Where the staff of the company at an address practise; `None` if nobody has done so yet.
async fn find_practice(app: &App, company: &Address) -> store::Result<Option<Arc<Address>>> {
    let (key, known) = (format!("practice {}", company.tenant), &app.in_memory().addresses);
    if let Some(address) = known.look_up(&key) {
        return Ok(address);
    }
    let address = store::entry_points::practice_of(app.db(), company.tenant).await?.map(|tenant| Arc::new(company.practising_in(tenant)));
    if address.is_some() {
        known.keep(key, address.clone());
    }
    Ok(address)
}

/// The same address with another path.
fn with_path(uri: &Uri, path: &str) -> Option<Uri> {
    let path = uri.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(path).ok();
    Uri::from_parts(parts).ok()
}

/// What a request is addressed to, and the address without what names it. `None` if there is no such company. Below the address of a company is the place where
/// its staff practise.
async fn resolve(app: &App, headers: &HeaderMap, uri: &Uri) -> store::Result<Option<(Option<Arc<Address>>, Option<Uri>)>> {
    let Some((address, rest)) = resolve_company(app, headers, uri).await? else { return Ok(None) };
    let Some(path) = practice::within(rest.as_ref().unwrap_or(uri).path()) else { return Ok(Some((address, rest))) };
    let Some(company) = address else { return Ok(None) };
    Ok(find_practice(app, &company).await?.map(|address| (Some(address), with_path(uri, path))))
}

/// The company a request is addressed to, and the address without what names it. `None` if there is no such company.
async fn resolve_company(app: &App, headers: &HeaderMap, uri: &Uri) -> store::Result<Option<(Option<Arc<Address>>, Option<Uri>)>> {
    let authority = app.settings().public_url.split_once("://").map_or("", |(_, authority)| authority);
    let of_host = match host_of(headers, uri) {
        Some(host) if host != authority => find(app, At::Host(&host)).await?,
        _ => None,
    };
    let Some((slug, rest)) = split_slug(uri.path()) else {
        // Under names that nobody has been given, such as those of a local network, the installation is reached.
        return Ok(Some((if of_host.is_some() { of_host } else { find(app, At::Root).await? }, None)));
    };
    let Some(address) = find(app, At::Slug(slug)).await? else { return Ok(None) };
    if of_host.is_some_and(|host| host.tenant != address.tenant) {
        return Ok(None);
    }
    Ok(Some((Some(address), with_path(uri, rest))))
}

/// Finds out which company a request is addressed to, before it is known what it asks for.
pub async fn find_company(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match resolve(&app, request.headers(), request.uri()).await {
        Ok(Some((address, uri))) => {
            request.extensions_mut().insert(Addressed(address));
            if let Some(uri) = uri {
                *request.uri_mut() = uri;
            }
        }
        // What is below `/o/` and no company's is not found.
        Ok(None) => {
            request.extensions_mut().insert(Addressed(None));
        }
        Err(error) => return Problem::from(error).into_response(),
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_what_stands_between_o_and_the_next_slash() {
        for (path, found) in [
            ("/o/shop", Some(("shop", "/"))),
            ("/o/shop/", Some(("shop", "/"))),
            ("/o/shop/console/inbox", Some(("shop", "/console/inbox"))),
            ("/o//x", Some(("", "/x"))),
            ("/o", None),
            ("/other/shop", None),
        ] {
            assert_eq!(split_slug(path), found, "{path}");
        }
    }

    #[test]
    fn a_company_has_its_own_host_or_a_path_of_ours() {
        let company = |host: Option<&str>, is_root| store::tenants::Address {
            tenant: TenantId::new(uuid::Uuid::nil()),
            slug: "shop".to_owned(),
            host: host.map(str::to_owned),
            is_root,
            suspended_at: None,
            rules: None,
        };
        for (host, is_root, base, origin, suffix) in [
            (None, true, "https://chat.example", "https://chat.example", ""),
            (None, false, "https://chat.example/o/shop", "https://chat.example", ".shop"),
            (Some("shop.example:8443"), false, "https://shop.example:8443", "https://shop.example:8443", ".shop"),
            (Some("shop.example"), true, "https://shop.example", "https://shop.example", ""),
        ] {
            let address = Address::new(company(host, is_root), "https://chat.example");
            assert_eq!((address.base(), address.origin(), address.cookie_suffix().as_str()), (base, origin, suffix));
        }
    }
}
