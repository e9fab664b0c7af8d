//! Backups that are sealed under a passphrase, those of a record in PostgreSQL, and those that the server makes by itself.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use serde_json::json;
use testkit::{database::fresh_postgres, eventually};

use crate::{
    backup::{Talker, contents, done, path, refused},
    program::{SEAL_KEY, Serving, run_with_key},
    serving::{open_to_others, text},
};

/// What a visitor uploads and says, and what is looked for in backups.
const FILE: &str = "planted in a file";
const NUMBER: usize = 7_305_119;
const SAID: &str = "word 7305119";
/// What every record contains as it is.
const SCHEMA: &str = "CREATE TABLE";

/// A file with a passphrase that only its owner can read.
fn passphrase(folder: &Path, name: &str, words: &str) -> PathBuf {
    let file = folder.join(name);
    fs::write(&file, words).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    file
}

/// Which of these texts are somewhere in a folder.
fn found<'a>(folder: &Path, texts: &[&'a str]) -> Vec<&'a str> {
    let all = contents(folder);
    let is_in = |text: &&str| all.values().any(|held| held.windows(text.len()).any(|part| part == text.as_bytes()));
    texts.iter().copied().filter(is_in).collect()
}

/// Everything that may be done to a file in a backup: a byte changed in its beginning, middle and end, its end cut off, bytes added, all of it removed.
fn alterations(held: &[u8]) -> Vec<Option<Vec<u8>>> {
    let changed = |at: usize| {
        let mut bytes = held.to_vec();
        bytes[at] ^= 1;
        Some(bytes)
    };
    let last = held.len() - 1;
    vec![changed(0), changed(last / 2), changed(last), Some(held[..last].to_vec()), Some([held, b"x"].concat()), Some(Vec::new()), None]
}

#[tokio::test]
async fn a_sealed_backup_shows_nothing_and_comes_back_only_whole_and_with_its_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let [data, plain, sealed, bad, again] = ["data", "plain", "sealed", "bad", "again"].map(|name| folder.path().join(name));
    let secret = passphrase(folder.path(), "passphrase", "correct horse battery staple\n");
    let serving = Serving::start(&data, &[]).await;
    let talker = Talker::new(&serving.client, 1).await;
    let file = talker.upload(FILE).await;
    let said = talker.say(NUMBER).await;
    let backup = ["backup", "--data", path(&data), "--to"];
    done(&[&backup[..], &[path(&plain), "--json"]].concat()).await;
    let made = done(&[&backup[..], &[path(&sealed), "--passphrase-file", path(&secret), "--json"]].concat()).await;
    serving.signal("TERM").await;
    serving.ended().await;
    assert_eq!((&made["sealed"], &made["signed"], &made["files"]), (&json!(true), &json!(true), &json!(1)));
    let planted = [FILE, SAID, SCHEMA];
    assert_eq!(found(&plain, &planted), planted);
    assert_eq!(found(&sealed, &planted), [""; 0]);
    assert!(!data.join("backup.part").exists(), "the copy that was not sealed is gone");
    assert_eq!(open_to_others(&sealed), vec![]);

    let key = data.join("seal.key");
    let restore = |from: &Path, to: &Path, more: &[&str]| {
        let words = ["restore", "--seal-key-file", path(&key), "--from", path(from), "--data", path(to)];
        words.into_iter().chain(more.iter().copied()).map(str::to_owned).collect::<Vec<_>>()
    };
    let words = |owned: &[String]| owned.iter().map(String::as_str).map(str::to_owned).collect::<Vec<_>>();
    let refusal = async |from: &Path, more: &[&str]| {
        let command = words(&restore(from, &again, more));
        let told = refused(&command.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assert!(!again.exists(), "{told}");
        told
    };
    assert!(refusal(&sealed, &[]).await.contains("name the file of its passphrase with `--passphrase-file`"));
    for (words, told) in [("another passphrase", "not the passphrase"), ("", "it is empty"), ("\nlater", "it is empty")] {
        let file = passphrase(folder.path(), "other", words);
        assert!(refusal(&sealed, &["--passphrase-file", path(&file)]).await.contains(told));
    }
    let (missing, open) = (folder.path().join("missing"), passphrase(folder.path(), "open", "correct horse battery staple"));
    fs::set_permissions(&open, Permissions::from_mode(0o644)).unwrap();
    assert!(refusal(&sealed, &["--passphrase-file", path(&missing)]).await.contains("missing"));
    assert!(refusal(&sealed, &["--passphrase-file", path(&open)]).await.contains("can be read by others"));
    let short = passphrase(folder.path(), "short", "elevenchars");
    let told = refused(&[&backup[..], &[path(&bad), "--passphrase-file", path(&short)]].concat()).await;
    assert!(told.contains("at least 12 characters") && !bad.exists() && !folder.path().join("bad.part").exists(), "{told}");

    let whole = contents(&sealed);
    for (name, held) in whole.iter().filter(|(name, _)| sealed.join(name).is_file()) {
        let all = alterations(held);
        // What is sealed is tried in each way where it is sealed and opened; here, that it is noticed before anything is restored.
        let some = if name == Path::new("archive.json") { all } else { all.into_iter().skip(1).step_by(2).collect() };
        for altered in some {
            let _ = fs::remove_dir_all(&bad);
            for (other, held) in &whole {
                let to = bad.join(other);
                if sealed.join(other).is_dir() {
                    fs::create_dir_all(&to).unwrap();
                } else {
                    fs::create_dir_all(to.parent().unwrap()).unwrap();
                    fs::write(to, held).unwrap();
                }
            }
            match altered {
                Some(bytes) => fs::write(bad.join(name), bytes).unwrap(),
                None => fs::remove_file(bad.join(name)).unwrap(),
            }
            refusal(&bad, &["--passphrase-file", path(&secret)]).await;
        }
    }

    let command = restore(&sealed, &again, &["--passphrase-file", path(&secret), "--json"]);
    let restored = done(&command.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(restored["sealed"], json!(true));
    let serving = Serving::start(&again, &[]).await;
    let (_, words) = talker.come_back(&serving.client, &made["generation"], said).await;
    assert_eq!(words.get(&said).map(String::as_str), Some(SAID));
    let bytes = talker.client.at_server(&serving.client).get(&format!("/api/v1/files/{}", file["id"].as_str().unwrap())).await;
    bytes.expect_bytes(FILE.as_bytes());
    let told = refused(&command.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert!(told.contains("is not empty"), "not over a server that runs: {told}");
    serving.signal("TERM").await;
    assert_eq!(serving.ended().await.0, Some(0));
}

#[tokio::test]
async fn a_record_in_postgresql_is_backed_up_beside_its_nodes_and_restored_into_an_empty_database() {
    let (Some(first), Some(second)) = (fresh_postgres().await, fresh_postgres().await) else { return };
    let folder = tempfile::tempdir().unwrap();
    let [data, sealed, again, key] = ["data", "sealed", "again", "seal.key"].map(|name| folder.path().join(name));
    fs::write(&key, SEAL_KEY).unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    let secret = passphrase(folder.path(), "passphrase", "correct horse battery staple");
    let serving = Serving::start(&data, &["--database-url", first.url()]).await;
    let talker = Talker::new(&serving.client, 1).await;
    let file = talker.upload(FILE).await;
    let said = talker.say(NUMBER).await;
    let backup = ["backup", "--data", path(&data), "--database-url", first.url(), "--to", path(&sealed), "--passphrase-file", path(&secret), "--json"];
    let made = done(&backup).await;
    assert_eq!((&made["engine"], &made["files"], &made["sealed"], &made["signed"]), (&json!("postgres"), &json!(1), &json!(true), &json!(true)));
    assert_eq!(found(&sealed, &[FILE, SAID, "PGDMP"]), [""; 0]);
    let metrics = serving.client.get("/metrics").await;
    assert!(text(&metrics.body).contains("\nyingda_backup_failing 0\n"));

    let restore = ["restore", "--data", path(&again), "--from", path(&sealed), "--passphrase-file", path(&secret)];
    assert!(String::from_utf8_lossy(&run_with_key(SEAL_KEY, &restore).await.stderr).contains("name an empty database"));
    let taken = run_with_key(SEAL_KEY, &[&restore[..], &["--database-url", first.url()]].concat()).await;
    assert!(String::from_utf8_lossy(&taken.stderr).contains("a record in the database already"), "{taken:?}");
    let restored = run_with_key(SEAL_KEY, &[&restore[..], &["--database-url", second.url(), "--json"]].concat()).await;
    assert!(restored.status.success(), "{restored:?}");
    serving.signal("TERM").await;
    serving.ended().await;
    let serving = Serving::start(&again, &["--database-url", second.url()]).await;
    let (_, words) = talker.come_back(&serving.client, &made["generation"], said).await;
    assert_eq!(words.get(&said).map(String::as_str), Some(SAID));
    let bytes = talker.client.at_server(&serving.client).get(&format!("/api/v1/files/{}", file["id"].as_str().unwrap())).await;
    bytes.expect_bytes(FILE.as_bytes());
    serving.signal("TERM").await;
    assert_eq!(serving.ended().await.0, Some(0));
    first.drop_it().await;
    second.drop_it().await;
}

#[tokio::test]
async fn the_server_makes_backups_by_itself_and_says_so_when_it_cannot() {
    let folder = tempfile::tempdir().unwrap();
    let [data, to, again, config] = ["data", "backups", "again", "config.toml"].map(|name| folder.path().join(name));
    let secret = passphrase(folder.path(), "passphrase", "correct horse battery staple");
    fs::write(&config, format!("[backup]\nto = {to:?}\nkeep = 2\npassphrase_file = {secret:?}\n")).unwrap();
    let metric = async |serving: &Serving, name: &str| {
        let metrics = serving.client.get("/metrics").await;
        let text = text(&metrics.body);
        text.lines().find_map(|line| line.strip_prefix(&format!("{name} "))).unwrap().parse::<u64>().unwrap()
    };
    let noted = async |serving: &Serving, name: &str| {
        eventually("a backup is noted", async || Some(metric(serving, name).await).filter(|value| *value > 0)).await;
    };
    let serving = Serving::start(&data, &["--config", path(&config)]).await;
    noted(&serving, "yingda_backup_failing").await;
    assert_eq!(metric(&serving, "yingda_backup_last_bytes").await, 0);
    // It is tried again an hour later; a command that succeeds counts as well.
    fs::create_dir(&to).unwrap();
    let place = to.join("by hand");
    let made = done(&["backup", "--data", path(&data), "--config", path(&config), "--to", path(&place), "--json"]).await;
    assert_eq!(made["sealed"], json!(true), "the passphrase is in the configuration");
    noted(&serving, "yingda_backup_last_seconds").await;
    assert_eq!(metric(&serving, "yingda_backup_failing").await, 0);
    serving.signal("TERM").await;
    let (_, _, log) = serving.ended().await;
    assert!(log.contains("a backup failed") && log.contains("does not exist or is not mounted"), "{log}");

    let fresh = folder.path().join("fresh");
    let serving = Serving::start(&fresh, &["--config", path(&config)]).await;
    noted(&serving, "yingda_backup_last_bytes").await;
    serving.signal("TERM").await;
    serving.ended().await;
    let names: Vec<String> = fs::read_dir(&to).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let name = names.iter().find(|name| name.starts_with("yingda-")).unwrap();
    let key = fresh.join("seal.key");
    let from = to.join(name);
    let restore = ["restore", "--config", path(&config), "--data", path(&again), "--from", path(&from), "--seal-key-file", path(&key), "--json"];
    assert_eq!(done(&restore).await["sealed"], json!(true));
}
