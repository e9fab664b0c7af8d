//! Which crate may depend on which.

use std::process::Command;

use serde_json::Value;

use crate::tree::root;

/// Each crate and those of our crates that it may use. The test kits are for tests only.
const MAY_USE: [(&str, &[&str]); 12] = [
    ("domain", &[]),
    ("bot", &[]),
    ("channels", &["domain"]),
    ("db", &["domain"]),
    ("store", &["domain", "db"]),
    ("warehouse", &["domain", "db"]),
    ("service", &["domain", "db", "store", "bot"]),
    ("server", &["domain", "db", "store", "bot", "warehouse", "channels", "service"]),
    ("yingda", &["domain", "db", "store", "bot", "warehouse", "channels", "server"]),
    ("bench", &["domain"]),
    ("testkit", &["domain", "db", "store"]),
    ("testkit-server", &["testkit"]),
];

#[test]
fn crates_point_where_the_architecture_says() {
    let output = Command::new(env!("CARGO")).args(["metadata", "--format-version", "1", "--no-deps", "--offline"]).current_dir(root()).output().unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert_eq!(packages.len(), MAY_USE.len(), "a new crate needs a place in the architecture");
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let (_, may) = MAY_USE.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("{name} has no place in the architecture"));
        for dependency in package["dependencies"].as_array().unwrap() {
            let uses = dependency["name"].as_str().unwrap();
            let for_tests = dependency["kind"] == "dev";
            if MAY_USE.iter().any(|(ours, _)| *ours == uses) {
                let fine = may.contains(&uses) || (for_tests && uses.starts_with("testkit"));
                assert!(fine, "{name} must not use {uses}");
            }
        }
    }
}

#[test]
fn only_the_stores_know_sql_and_only_the_server_knows_http() {
    /// The dependencies of a crate, without those of its tests.
    fn built_from(name: &str) -> String {
        let manifest = std::fs::read_to_string(root().join(format!("crates/{name}/Cargo.toml"))).unwrap();
        manifest.split("[dev-dependencies]").next().unwrap_or_default().to_owned()
    }
    for name in ["domain", "bot", "channels", "service", "server", "yingda", "bench"] {
        assert!(!built_from(name).contains("sqlx"), "{name} must not know sqlx");
    }
    for name in ["domain", "db", "store", "warehouse", "bot", "channels", "service"] {
        assert!(!built_from(name).contains("axum"), "{name} must not know HTTP");
    }
}
