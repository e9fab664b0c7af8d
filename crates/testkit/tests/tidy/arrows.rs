//! Which crate may depend on which.

use std::process::Command;

use serde_json::Value;

use crate::{
    circles::Crate,
    tree::{root, texts, without_tests},
};

/// What every context may use. No context knows another one.
const CONTEXT: &[&str] = &[
    "normal",
    "tables",
    "domain",
    "content",
    "machines",
    "db",
    "store",
    "bot",
    "warehouse",
    "letters",
    "seal",
    "service",
    "search",
    "platform",
    "wire",
    "realtime",
    "http-kit",
];

/// The crates of the contexts, as the server lists them: the endpoints and jobs of the product.
pub fn contexts() -> Vec<String> {
    let list = std::fs::read_to_string(root().join("crates/server/src/features.rs")).unwrap();
    list.lines().filter_map(|line| line.trim().strip_suffix("::FEATURE,")).map(|name| name.replace('_', "-")).collect()
}

/// Which of our crates one may use: what is said of it, or what every context may.
fn may_use(name: &str) -> Option<&'static [&'static str]> {
    let said = MAY_USE.iter().find(|(known, _)| *known == name).map(|(_, may)| *may);
    said.or_else(|| contexts().iter().any(|context| context == name).then_some(CONTEXT))
}

/// Each crate and those of our crates that it may use; a context that is not here may use what all may. The test kits are for tests only.
pub const MAY_USE: &[(&str, &[&str])] = &[
    ("normal", &[]),
    ("steps", &[]),
    ("tables", &["normal"]),
    ("domain", &["normal"]),
    ("content", &["domain", "normal"]),
    ("machines", &["domain"]),
    ("utterance", &["normal"]),
    ("recommender", &[]),
    ("search", &["normal"]),
    ("bot", &["normal", "utterance"]),
    ("bot-lab", &["bot", "recommender", "tables"]),
    ("letters", &["domain"]),
    ("db", &["domain"]),
    ("store", &["domain", "content", "db", "steps"]),
    ("store-desk", &["domain", "db", "store"]),
    ("store-hall", &["domain", "content", "db", "store"]),
    ("store-knowledge", &["domain", "content", "db", "store"]),
    ("store-privacy", &["domain", "content", "db", "store"]),
    ("warehouse", &["domain", "db"]),
    ("parity", &["domain", "db", "warehouse"]),
    ("kafka", &["db", "warehouse"]),
    ("portability", &["domain", "db", "store", "seal"]),
    ("seal", &["domain"]),
    ("service", &["domain", "content", "db", "store", "seal", "bot", "recommender"]),
    ("platform", &["domain", "machines", "db", "store", "letters", "seal"]),
    ("node", &["domain", "db", "store", "seal", "platform", "service"]),
    ("embedding", &["domain", "service", "platform"]),
    ("wire", &["domain", "warehouse"]),
    ("realtime", &["domain", "content", "machines", "db", "store", "seal", "service", "platform", "node", "wire"]),
    ("demo", &["domain", "content", "db", "store"]),
    ("http-kit", &["domain", "content", "db", "store", "warehouse", "seal", "service", "platform", "realtime"]),
    (
        "privacy",
        &[
            "normal",
            "tables",
            "domain",
            "db",
            "store",
            "bot",
            "warehouse",
            "letters",
            "seal",
            "service",
            "platform",
            "portability",
            "wire",
            "realtime",
            "http-kit",
        ],
    ),
    (
        "server",
        &[
            "domain",
            "content",
            "machines",
            "db",
            "store",
            "bot",
            "warehouse",
            "service",
            "platform",
            "portability",
            "node",
            "wire",
            "realtime",
            "demo",
            "http-kit",
            "embedding",
        ],
    ),
    (
        "yingda",
        &[
            "domain",
            "db",
            "store",
            "bot",
            "bot-lab",
            "warehouse",
            "parity",
            "letters",
            "seal",
            "service",
            "platform",
            "portability",
            "http-kit",
            "server",
            "demo",
            "embedding",
            "kafka",
            "desk",
            "hall",
            "team",
        ],
    ),
    ("bench", &["domain", "machines", "bot", "warehouse", "parity"]),
    ("testkit", &["domain", "db", "store"]),
    ("testkit-server", &["testkit"]),
    (
        "testkit-app",
        &["domain", "db", "store", "seal", "service", "platform", "http-kit", "desk", "insight", "server", "testkit", "testkit-app", "testkit-server"],
    ),
];

/// The crates that contain all statements on the record: `store` has what they share, and none of the others knows another.
pub fn stores() -> impl Iterator<Item = &'static str> {
    MAY_USE.iter().copied().map(|(name, _)| name).filter(|name| *name == "store" || name.starts_with("store-"))
}

/// Whether a file of a context holds its statements on the record: a context that is one noun has them in its folder `table`.
pub fn is_of_tables(path: &str) -> bool {
    path.contains("/src/table/")
}

/// The parts of the store that a crate uses besides `store` itself.
const STORES_USED: &[(&str, &[&str])] = &[
    ("service", &["store-desk", "store-hall", "store-knowledge", "store-privacy"]),
    ("realtime", &["store-desk", "store-hall", "store-knowledge"]),
    ("http-kit", &["store-hall", "store-privacy"]),
    ("company", &["store-knowledge"]),
    ("customers", &["store-desk", "store-hall"]),
    ("desk", &["store-desk"]),
    ("hall", &["store-desk", "store-hall", "store-knowledge", "store-privacy"]),
    ("insight", &["store-desk", "store-hall", "store-knowledge"]),
    ("knowledge", &["store-knowledge"]),
    ("privacy", &["store-privacy"]),
    ("records", &["store-desk"]),
    ("team", &["store-desk"]),
    ("server", &["store-desk", "store-hall", "store-knowledge", "store-privacy"]),
    ("testkit-app", &["store-hall", "store-knowledge"]),
];

/// What tests of a crate need of one above it, besides the test kits.
const IN_TESTS: &[(&str, &str)] = &[
    // Whoever is erased has an account.
    ("store-privacy", "store-hall"),
    // What a conversation became is read as a row.
    ("store", "store-desk"),
    // An account has one answer for all its visitors.
    ("store", "store-hall"),
    ("yingda", "store-desk"),
    // What customers own includes files.
    ("store-hall", "store-desk"),
    // Recommendations are those of an account, and only tests make one.
    ("store-knowledge", "store-hall"),
    // The API document is that of the whole server.
    ("hall", "server"),
    ("server", "seal"),
    // Its numbers are compared over random traffic, and with those of its SQL.
    ("warehouse", "parity"),
];

/// Our crates, as cargo describes them.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO")).args(["metadata", "--format-version", "1", "--no-deps", "--offline"]).current_dir(root()).output().unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Their names.
fn names() -> Vec<String> {
    packages().iter().map(|package| package["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn crates_point_where_the_architecture_says() {
    let packages = packages();
    let (names, contexts) = (names(), contexts());
    let is_ours = |name: &str| names.iter().any(|ours| ours == name);
    let gone = MAY_USE.iter().find(|(name, _)| !is_ours(name));
    assert!(contexts.len() > 5 && gone.is_none(), "{gone:?} is no crate");
    for package in &packages {
        let name = package["name"].as_str().unwrap();
        let may = may_use(name).unwrap_or_else(|| panic!("{name} has no place in the architecture"));
        let parts = STORES_USED.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, parts)| *parts);
        for dependency in package["dependencies"].as_array().unwrap() {
            let uses = dependency["name"].as_str().unwrap();
            let for_tests = dependency["kind"] == "dev";
            if is_ours(uses) {
                let is_feature = name == "server" && contexts.iter().any(|context| context == uses);
                let fine = is_feature
                    || may.contains(&uses)
                    || parts.contains(&uses)
                    || (for_tests && (uses.starts_with("testkit") || IN_TESTS.contains(&(name, uses))));
                assert!(fine, "{name} must not use {uses}");
            }
        }
    }
}

#[test]
fn every_dependency_is_named() {
    let mut unnamed = Vec::new();
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        let [src, tests] = ["src", "tests"].map(|part| texts(&format!("crates/{name}/{part}"), &[".rs"]));
        let build = std::fs::read_to_string(root().join(format!("crates/{name}/build.rs"))).unwrap_or_default();
        for dependency in package["dependencies"].as_array().unwrap() {
            let uses = dependency["rename"].as_str().or(dependency["name"].as_str()).unwrap().replace('-', "_");
            let kind = &dependency["kind"];
            let files = src.iter().chain(tests.iter().filter(|_| kind == "dev")).map(|(_, text)| text).chain((kind == "build").then_some(&build));
            let is_named = files.into_iter().any(|text| text.split(|c: char| c != '_' && !c.is_alphanumeric()).any(|word| word == uses));
            if !is_named {
                unnamed.push(format!("{name}: {uses}"));
            }
        }
    }
    assert_eq!(unnamed, Vec::<String>::new(), "a dependency that no file names is compiled for nothing");
}

#[test]
fn only_the_stores_know_sql_and_only_the_server_and_its_kit_know_http() {
    /// The dependencies of a crate, without those of its tests.
    fn built_from(name: &str) -> String {
        let manifest = std::fs::read_to_string(root().join(format!("crates/{name}/Cargo.toml"))).unwrap();
        manifest.split("[dev-dependencies]").next().unwrap_or_default().to_owned()
    }
    for name in [
        "domain", "bot", "bot-lab", "letters", "kafka", "seal", "service", "platform", "node", "wire", "realtime", "demo", "http-kit", "server", "yingda",
        "bench",
    ] {
        assert!(!built_from(name).contains("sqlx"), "{name} must not know sqlx");
    }
    for name in ["domain", "db", "store", "warehouse", "bot", "bot-lab", "letters", "seal", "service", "platform", "node", "wire", "realtime", "demo"] {
        assert!(!built_from(name).contains("axum"), "{name} must not know HTTP");
    }
}

#[test]
fn only_the_store_uses_what_its_crates_share() {
    let uses_store = |name: &String| may_use(name).is_some_and(|may| may.contains(&"store")) && !stores().any(|store| store == name);
    for name in names().into_iter().filter(uses_store) {
        for (path, text) in texts(&format!("crates/{name}/src"), &[".rs"]).into_iter().filter(|(path, _)| !is_of_tables(path)) {
            for used in text.split("store::").skip(1) {
                let end = if used.starts_with('{') { used.find(';') } else { used.find(|c: char| c != '_' && !c.is_alphanumeric()) };
                let names = used[..end.unwrap_or(used.len())].split(|c: char| c != '_' && !c.is_alphanumeric());
                let private = names.into_iter().find(|name| ["table", "access"].contains(name));
                assert_eq!(private, None, "{path}: it is for the statements on the record alone");
            }
        }
    }
}

/// The most lines of a crate, without its tests; a larger one takes too long to compile after each change. `make advice` speaks from 12,000 on.
const MAX_CRATE: usize = 15_000;

#[test]
fn no_crate_is_large() {
    // `bench` measures the product and is not part of it.
    for name in names().into_iter().filter(|name| name != "bench") {
        let files = texts(&format!("crates/{name}/src"), &[".rs"]);
        let product = files.iter().filter(|(path, _)| !path.contains("/tests/") && !path.ends_with("/tests.rs"));
        let lines: usize = product.map(|(_, text)| without_tests(text).lines().count()).sum();
        assert!(lines <= MAX_CRATE, "{name} has {lines} lines: a part of it belongs in a crate of its own");
    }
}

/// The storeys of `server`, from the top; everything that is not listed is the floor. A room may use rooms of lower storeys.
const STOREYS: [&[&str]; 3] = [&["serve", "start"], &["jobs", "openapi", "router", "setup"], &["transports"]];

/// Which rooms of one storey use each other.
const NEIGHBOURS: &[(&str, &str)] = &[
    // The document consists of the routes, and is served by them.
    ("openapi", "router"),
    ("router", "openapi"),
];

#[test]
fn rooms_of_the_server_use_what_is_below_them() {
    /// The room that a file belongs to, and how far it is from the top.
    fn room(file: &[String]) -> (&'static str, usize) {
        let name = file.join("::");
        let holds = |room: &str| name == room || name.starts_with(&format!("{room}::"));
        let found = STOREYS.iter().enumerate().flat_map(|(depth, rooms)| rooms.iter().map(move |room| (*room, depth))).filter(|(room, _)| holds(room));
        found.max_by_key(|(room, _)| room.len()).unwrap_or(("the floor", STOREYS.len()))
    }
    let mut between = 0;
    for (from, uses) in Crate::read("crates/server/src").arrows() {
        let (above, depth) = room(&from);
        for to in uses {
            let (below, deeper) = room(&to);
            between += usize::from(above != below);
            let is_fine = above == below || deeper > depth || NEIGHBOURS.contains(&(above, below));
            assert!(is_fine, "{} must not use {}", from.join("::"), to.join("::"));
        }
    }
    assert!(between > 0, "no arrow was found");
}

/// Each web package and those of ours that it may use.
const WEB: &[(&str, &[&str])] = &[
    ("api", &[]),
    ("ui/tokens", &[]),
    ("ui/antd", &["api", "tokens"]),
    ("console", &["tokens", "antd", "api"]),
    ("hall", &["tokens", "api"]),
    ("widget", &["tokens", "api"]),
];

#[test]
fn web_packages_point_where_the_architecture_says() {
    let mut arrows = 0;
    for &(package, may) in WEB {
        for (path, text) in texts(&format!("web/{package}/src"), &[".ts", ".tsx"]) {
            for used in imports(&text).iter().filter_map(|said| said.strip_prefix("@yingda/")?.split('/').next()) {
                arrows += 1;
                assert!(may.contains(&used), "{path} must not use @yingda/{used}");
            }
        }
    }
    assert!(arrows > 0, "no arrow was found");
}

/// The storeys of the console, from the top to the ground: a folder may use folders of lower storeys. A folder that is not named here holds pages, which
/// stand between the palette and the shell and may use each other; `make advice` names those that newly do.
const ABOVE_PAGES: [&[&str]; 2] = [&["main", "app", "router"], &["palette"]];
const BELOW_PAGES: [&[&str]; 3] = [&["shell"], &["blocks", "labels", "live"], &["lib", "words"]];

/// Which folders of the console also use a higher one.
const UPWARDS: &[(&str, &str)] = &[
    // Loaded when they are opened.
    ("shell", "palette"),
    ("shell", "help"),
    ("shell", "tour"),
    // The list of queues is the second level of its area.
    ("shell", "queues"),
    // The first steps are offered in the menu until they are done.
    ("shell", "settings"),
];

#[test]
fn folders_of_the_console_use_what_is_below_them() {
    let within = |storeys: &[&[&str]], folder: &str| storeys.iter().position(|folders| folders.contains(&folder));
    let storey = |folder: &str| {
        let below = within(&BELOW_PAGES, folder).map(|at| ABOVE_PAGES.len() + 1 + at);
        within(&ABOVE_PAGES, folder).or(below).unwrap_or(ABOVE_PAGES.len())
    };
    let mut arrows = 0;
    for (path, text) in texts("web/console/src", &[".ts", ".tsx"]) {
        let inside: Vec<&str> = path.trim_start_matches("web/console/src/").split('/').collect();
        let from = inside[0].split('.').next().unwrap_or_default();
        for said in imports(&text).iter().filter(|said| said.starts_with('.') && !said.ends_with(".json") && !said.contains(".css")) {
            let up = said.split('/').filter(|part| *part == "..").count();
            if up + 1 != inside.len() {
                continue; // within the folder
            }
            let to = said.split('/').find(|part| !part.starts_with('.')).unwrap_or_default();
            arrows += usize::from(from != to);
            // What the build collects from all folders may be used by all.
            assert!(to == "made" || storey(to) >= storey(from) || UPWARDS.contains(&(from, to)), "{path} must not use {said}");
        }
    }
    assert!(arrows > 0, "no arrow was found");
}

/// The modules that a TypeScript file imports, at once or later.
fn imports(text: &str) -> Vec<String> {
    let after = |sign: &str| text.split(sign).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect::<Vec<_>>();
    [after("from \""), after("import(\""), after("import \"")].concat()
}
