//! Every page is among those that the browser stories examine one after the other, in every width.

use crate::tree::texts;

/// The table of these pages.
const PLACES: &str = "e2e/support/places.ts";

/// The addresses of the console's routes that a file declares. The first, `/`, only leads on.
fn console_routes(text: &str) -> Vec<&str> {
    let begins = text.match_indices("path: \"/").map(|(at, found)| at + found.len() - 1);
    begins.filter_map(|at| text[at..].split('"').next()).filter(|path| *path != "/").collect()
}

/// The names of the hall's routes.
fn hall_routes(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix("  | { name: \"")?.split('"').next()).collect()
}

/// Whether the table has an address of a route. The route of one of many stands below another one, whose address comes first.
fn has_route(places: &str, route: &str) -> bool {
    let below = if route.starts_with("/$") { "" } else { "\"" };
    [format!("{below}{route}\""), format!("{below}{route}?")].iter().any(|address| places.contains(address))
}

/// Whether the table has a route of the hall by its name.
fn has_name(places: &str, name: &str) -> bool {
    [format!("\n  {name}: \"/"), format!("\n  \"{name}\": \"/")].iter().any(|key| places.contains(key))
}

#[test]
fn every_page_is_examined_in_every_width() {
    let (_, places) = texts("e2e/support", &["places.ts"]).into_iter().find(|(path, _)| path == PLACES).unwrap();
    let files = texts("web/console/src", &[".ts"]).into_iter().filter(|(_, text)| text.contains("createRoute("));
    let mut routes = 0;
    for (path, text) in files {
        for route in console_routes(&text) {
            routes += 1;
            assert!(has_route(&places, route), "{path}: put {route} into {PLACES}, so that stories open it");
        }
    }
    assert!(routes > 0, "no route of the console was found");
    let (path, router) = texts("web/hall/src", &["router.ts"]).into_iter().next().unwrap();
    let names = hall_routes(&router);
    assert!(!names.is_empty(), "no route of the hall was found");
    for name in names {
        assert!(has_name(&places, name), "{path}: put {name} into {PLACES}, so that stories open it");
    }
}

#[test]
fn a_page_that_is_left_out_is_found() {
    let places = "[{ path: \"/inbox\" }, { path: \"/reports/bot?days=30\" }, \"/inbox/$conversation\"]\n  home: \"/\",\n  \"sign-in\": \"/sign-in\",\n";
    for there in ["/inbox", "/reports/bot", "/$conversation"] {
        assert!(has_route(places, there), "{there}");
    }
    for missing in ["/in", "/reports", "/reports/bot/sample", "/$board", "/bot"] {
        assert!(!has_route(places, missing), "{missing}");
    }
    assert!(has_name(places, "home") && has_name(places, "sign-in") && !has_name(places, "sign") && !has_name(places, "account"));
    assert_eq!(console_routes("createRoute({ getParentRoute: () => desk, path: \"/$one\" });\n  path: \"/inbox\",\n  path: \"/\","), ["/$one", "/inbox"]);
    assert_eq!(hall_routes("export type Route =\n  | { name: \"home\" }\n  | { name: \"product\"; id: string };\n"), ["home", "product"]);
}
