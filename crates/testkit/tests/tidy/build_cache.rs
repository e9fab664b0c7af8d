//! The build cache of CI: whatever its state, a run takes a complete entry of its own from it, or builds everything.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::tree::root;

/// A clone with two built dependencies and a crate of ours, and a cache next to it.
struct Clone {
    folder: TempDir,
}

impl Clone {
    fn new() -> Self {
        let clone = Self { folder: TempDir::new().unwrap() };
        clone.write("clone/scripts/build-cache.sh", &fs::read_to_string(root().join("scripts/build-cache.sh")).unwrap());
        clone.write("clone/Cargo.toml", "[workspace]\n");
        clone.write("clone/Cargo.lock", "version = 4\n");
        clone.write("clone/crates/ours/Cargo.toml", "[package]\nname = \"ours\"\n");
        clone.build();
        clone
    }
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fn build(&self) {
        for (name, hash) in [("serde", "a1"), ("tokio", "b2"), ("ours", "c3")] {
            self.write(&format!("clone/target/debug/.fingerprint/{name}-{hash}/lib"), hash);
            self.write(&format!("clone/target/debug/deps/lib{name}-{hash}.rlib"), name);
        }
    }
    /// Deletes the build results, as in a fresh clone.
    fn clean(&self) {
        fs::remove_dir_all(self.path("clone/target")).unwrap();
    }
    /// Runs the script; returns its output.
    fn run(&self, what: &str) -> String {
        let mut command = Command::new("bash");
        command.arg(self.path("clone/scripts/build-cache.sh")).arg(what).env("BUILD_CACHE", self.path("cache")).env_remove("CARGO_TARGET_DIR");
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
    /// The only entry of the cache.
    fn entry(&self) -> PathBuf {
        let entries = in_folder(&self.path("cache/build"));
        assert_eq!(entries.len(), 1, "{entries:?}");
        self.path("cache/build").join(&entries[0])
    }
    fn built(&self) -> Vec<String> {
        in_folder(&self.path("clone/target/debug/deps"))
    }
}

fn in_folder(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_fresh_clone_takes_what_was_built_of_others_and_nothing_of_ours() {
    let clone = Clone::new();
    assert!(clone.run("restore").starts_with("not needed"));
    clone.run("save");
    clone.clean();
    assert!(clone.run("restore").starts_with("took 2 built parts"));
    assert_eq!(clone.built(), ["libserde-a1.rlib", "libtokio-b2.rlib"]);
}

#[test]
fn what_is_broken_is_thrown_away_with_a_line() {
    let damages: [fn(&Path); 3] = [
        |entry| fs::write(entry.join("debug/deps/libserde-a1.rlib"), "other bytes").unwrap(),
        |entry| fs::remove_file(entry.join("debug/deps/libtokio-b2.rlib")).unwrap(),
        |entry| fs::remove_file(entry.join("SUMS")).unwrap(),
    ];
    for damage in damages {
        let clone = Clone::new();
        clone.run("save");
        damage(&clone.entry());
        clone.clean();
        assert!(clone.run("restore").contains("is incomplete: thrown away"));
        assert!(clone.built().is_empty() && in_folder(&clone.path("cache/build")).is_empty());
    }
}

#[test]
fn what_is_somebody_elses_is_not_followed() {
    let clone = Clone::new();
    clone.run("save");
    let (entry, elsewhere) = (clone.entry(), clone.path("elsewhere"));
    fs::rename(&entry, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &entry).unwrap();
    clone.clean();
    assert!(clone.run("restore").contains("is somebody else's: thrown away"));
    assert!(clone.built().is_empty() && !entry.exists());
    assert_eq!(in_folder(&elsewhere), ["SUMS", "debug"]);
}

#[test]
fn other_packages_begin_with_the_newest_entry_of_the_toolchain_and_have_their_own() {
    let clone = Clone::new();
    clone.run("save");
    clone.clean();
    clone.write("clone/Cargo.lock", "version = 4\n[[package]]\n");
    let said = clone.run("restore");
    assert!(said.starts_with("nothing for these manifests yet") && said.contains("took 2 built parts"), "{said}");
    clone.run("save");
    assert_eq!(in_folder(&clone.path("cache/build")).len(), 2);
}

#[test]
fn what_another_toolchain_built_is_not_taken() {
    let clone = Clone::new();
    clone.run("save");
    clone.clean();
    clone.write("clone/.cargo/config.toml", "[env]\n");
    assert!(clone.run("restore").starts_with("nothing for this toolchain"));
}

#[test]
fn three_entries_stay_and_nothing_else_is_touched() {
    let clone = Clone::new();
    for name in ["1111111111111111", "22222222-2222222222222222", "33333333-3333333333333333", "photos", "new.ideas"] {
        fs::create_dir_all(clone.path("cache/build").join(name)).unwrap();
    }
    clone.run("save");
    let left = in_folder(&clone.path("cache/build"));
    assert_eq!(left.iter().filter(|name| name.len() >= 16).count(), 3, "{left:?}");
    assert!(left.contains(&"photos".to_owned()) && left.contains(&"new.ideas".to_owned()), "{left:?}");
}

#[test]
fn a_cache_that_takes_nothing_fails_nobody() {
    let clone = Clone::new();
    clone.write("cache/build", "a file where the folder should be");
    assert!(clone.run("save").starts_with("nothing was kept"));
    clone.clean();
    assert!(clone.run("restore").starts_with("nothing for this toolchain"));
}
