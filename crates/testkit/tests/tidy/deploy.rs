//! The files in `deploy` and the program fit together.

use std::collections::BTreeSet;

use crate::tree::root;

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The environment variables of all settings.
fn settings() -> BTreeSet<String> {
    let (mut section, mut found) = (String::new(), BTreeSet::new());
    for line in text("config.example.toml").lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = format!("{}__", name.trim_end_matches(']').to_uppercase());
        } else if let Some((name, _)) = line.strip_prefix("# ").and_then(|line| line.split_once(" =")).filter(|(name, _)| !name.contains(' ')) {
            found.insert(format!("YINGDA_{section}{}", name.to_uppercase()));
        }
    }
    found
}

/// The variables that a file of the containers sets for the program: `YINGDA_NAME: value`, or `YINGDA_NAME=value` after `ENV`.
fn given(file: &str) -> Vec<String> {
    let text = text(file);
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let words = lines.flat_map(|line| line.strip_prefix("ENV ").unwrap_or(line).split(' '));
    words.filter_map(|word| word.split_once([':', '='])).map(|(name, _)| name.to_owned()).filter(|name| name.starts_with("YINGDA_")).collect()
}

#[test]
fn containers_are_given_settings_that_exist() {
    let settings = settings();
    assert!(settings.contains("YINGDA_LISTEN") && settings.contains("YINGDA_LIMITS__SENDS_BURST"), "{settings:?}");
    for (file, least) in [("Containerfile", 2), ("compose.yaml", 2), ("compose.cluster.yaml", 6)] {
        let given = given(&format!("deploy/container/{file}"));
        let unknown: Vec<_> = given.iter().filter(|name| !settings.contains(*name)).collect();
        assert!(given.len() >= least && unknown.is_empty(), "{file} gives {given:?}, of which {unknown:?} is no setting");
    }
}

/// A block of a configuration of nginx without its servers, a line each.
fn block(config: &str, head: &str) -> Vec<String> {
    let from = config.find(head).unwrap();
    let lines = config[from..].lines().map(|line| line.trim().to_owned());
    lines.take_while(|line| line != "}").filter(|line| !line.starts_with("server ")).collect()
}

#[test]
fn nginx_in_a_container_passes_requests_on_as_any_other() {
    let (deployed, container) = (text("deploy/nginx/upstream.conf"), text("deploy/container/nginx.conf"));
    for head in ["upstream yingda", "map $http_upgrade"] {
        assert_eq!(block(&container, head), block(&deployed, head), "{head}");
    }
    // What follows the address of a server.
    let options = |config: &str| {
        config.lines().filter_map(|line| line.trim().strip_prefix("server ")?.split_once(' ')?.1.strip_suffix(';').map(str::to_owned)).collect::<BTreeSet<_>>()
    };
    let same = |config: &str| options(config).into_iter().filter(|options| options.contains("max_fails")).collect::<Vec<_>>();
    assert_eq!((same(&container), same(&container).len()), (same(&deployed), 1));
}
