//! Every page of the hall is among those that the browser stories examine one after the other, in every width; those of the console are said by its features.

use crate::tree::texts;

/// The table of these pages.
const PLACES: &str = "e2e/support/places.ts";

/// The names of the hall's routes.
fn hall_routes(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix("  | { name: \"")?.split('"').next()).collect()
}

/// Whether the table has a route of the hall by its name.
fn has_name(places: &str, name: &str) -> bool {
    [format!("\n  {name}: \"/"), format!("\n  \"{name}\": \"/")].iter().any(|key| places.contains(key))
}

#[test]
fn every_page_of_the_hall_is_examined_in_every_width() {
    let (_, places) = texts("e2e/support", &["places.ts"]).into_iter().find(|(path, _)| path == PLACES).unwrap();
    let (path, router) = texts("web/hall/src", &["router.ts"]).into_iter().next().unwrap();
    let names = hall_routes(&router);
    assert!(!names.is_empty(), "no route of the hall was found");
    for name in names {
        assert!(has_name(&places, name), "{path}: put {name} into {PLACES}, so that stories open it");
    }
}

#[test]
fn a_page_that_is_left_out_is_found() {
    let places = "\n  home: \"/\",\n  \"sign-in\": \"/sign-in\",\n";
    assert!(has_name(places, "home") && has_name(places, "sign-in") && !has_name(places, "sign") && !has_name(places, "account"));
    assert_eq!(hall_routes("export type Route =\n  | { name: \"home\" }\n  | { name: \"product\"; id: string };\n"), ["home", "product"]);
}
