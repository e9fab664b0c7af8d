//! `serve` and `admin`.

use std::{collections::BTreeSet, os::unix::fs::PermissionsExt as _, path::Path};

use serde_json::json;

use crate::program::{Serving, run, run_with_key};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}
pub fn text(output: &[u8]) -> String {
    String::from_utf8_lossy(output).into_owned()
}

#[tokio::test]
async fn the_demo_starts_says_one_line_and_stops_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let serving = Serving::start(&data, &["--demo"]).await;
    assert_eq!(serving.client.get("/healthz").await.expect(200)["status"], "ok");
    assert_eq!(serving.client.get("/api/v1/hall").await.expect(200)["site"], "demo");
    let links = std::fs::read_to_string(data.join("first-sign-in.txt")).unwrap();
    assert_eq!((mode(&data), mode(&data.join("first-sign-in.txt")), mode(&data.join("admin.sock"))), (0o700, 0o600, 0o600));
    serving.signal("TERM").await;
    let (code, more, stderr) = serving.ended().await;
    assert_eq!((code, more.as_str()), (Some(0), ""));
    assert!(!stderr.contains("WARN"), "{stderr}");
    let logs = std::fs::read_dir(&data).unwrap().filter(|file| file.as_ref().unwrap().file_name().to_string_lossy().ends_with("-wal"));
    assert_eq!(logs.count(), 0, "every database is a single file");
    for role in ["administrator", "manager", "agent"] {
        let line = links.lines().find(|line| line.starts_with(role)).unwrap();
        assert!(line.contains("/console/welcome#"), "{line}");
    }
    // This stderr is not a terminal, so it may be stored.
    assert!(stderr.contains("first-sign-in.txt") && !stderr.contains("/console/welcome#"), "{stderr}");
}

/// Everything in a folder that other users can access.
pub fn open_to_others(folder: &Path) -> Vec<(std::path::PathBuf, u32)> {
    let (mut found, mut folders, mut seen) = (Vec::new(), vec![folder.to_owned()], 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            seen += 1;
            if mode(&path) & 0o077 != 0 {
                found.push((path.clone(), mode(&path)));
            }
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    assert!(seen > 0);
    found
}

#[tokio::test]
async fn nobody_else_on_the_machine_can_read_what_the_program_writes() {
    let folder = tempfile::tempdir().unwrap();
    let (data, files) = (folder.path().join("data"), folder.path().join("elsewhere"));
    std::fs::create_dir(&files).unwrap();
    std::fs::set_permissions(&files, std::fs::Permissions::from_mode(0o755)).unwrap();
    let serving = Serving::start(&data, &["--files", files.to_str().unwrap()]).await;
    let session = serving.client.post("/api/v1/widget/sessions", json!({"site": "main", "device": null, "lang": "en"})).await.expect(201);
    let visitor = serving.client.with_token(session["token"].as_str().unwrap());
    visitor.upload("/api/v1/widget/files?name=a.txt", "text/plain", b"x".to_vec()).await.expect(201);
    let administered = run(&["admin", "sign-in-link", "--data", data.to_str().unwrap(), "--role", "administrator"]).await;
    assert!(administered.status.success(), "{administered:?}");
    assert_eq!((mode(&files), open_to_others(&files), open_to_others(&data)), (0o700, vec![], vec![]));
    serving.signal("TERM").await;
    serving.ended().await;
    assert_eq!(open_to_others(&data), vec![]);
}

#[tokio::test]
async fn idle_connections_neither_use_up_what_may_be_open_nor_stay() {
    let folder = tempfile::tempdir().unwrap();
    let few = ["sh", "-c", "ulimit -Sn 128; ulimit -Hn 256; exec \"$0\" \"$@\""];
    let serving = Serving::start_under(&few, &folder.path().join("data"), &[]).await;
    assert_eq!(serving.open_files(), (256, 256), "it takes what it can get");
    let address = serving.client.base.strip_prefix("http://").unwrap().to_owned();
    let mut idle = Vec::new();
    for _ in 0..300 {
        idle.push(tokio::net::TcpStream::connect(&address).await.unwrap());
    }
    // Connections for which there is no room are closed at once, silent ones after a while; the record needs the remaining capacity.
    let closed = testkit::in_time(
        "every one of them is closed",
        futures_util::future::join_all(idle.iter_mut().map(async |stream| {
            let mut byte = [0; 1];
            tokio::io::AsyncReadExt::read(stream, &mut byte).await.unwrap_or(0)
        })),
    );
    assert!(closed.await.iter().all(|read| *read == 0));
    serving.client.get("/healthz").await.expect(200);
    let visit = serving.client.post("/api/v1/widget/sessions", json!({"site": "main", "device": null, "lang": "en"})).await;
    visit.expect(201);
    serving.signal("TERM").await;
    let (code, _, stderr) = serving.ended().await;
    assert_eq!(code, Some(0), "{stderr}");
}

#[tokio::test]
async fn one_program_uses_a_data_folder_and_what_it_wrote_stays() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let serving = Serving::start(folder.path(), &[]).await;
    for _ in 0..2 {
        let second = run(&["serve", "--data", data, "--listen", "127.0.0.1:0"]).await;
        assert!(!second.status.success() && second.stdout.is_empty() && text(&second.stderr).contains("another yingda uses the data folder"), "{second:?}");
        // Someone tidies up, and the second server creates a lock file of its own: the folder is still locked.
        let _ = std::fs::remove_file(folder.path().join("lock"));
    }
    serving.signal("KILL").await;
    serving.ended().await;
    let again = Serving::start(folder.path(), &[]).await;
    assert_eq!(again.client.get("/api/v1/hall").await.expect(200)["site"], "main");
    again.signal("INT").await;
    let (code, _, stderr) = again.ended().await;
    assert_eq!(code, Some(0));
    assert!(!stderr.contains("/console/welcome#"), "the first start was before: {stderr}");
    let demo = run(&["serve", "--data", data, "--listen", "127.0.0.1:0", "--demo"]).await;
    assert!(!demo.status.success() && text(&demo.stderr).contains("--demo needs an empty data folder"), "{demo:?}");
}

#[tokio::test]
async fn admin_works_beside_a_server_and_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let add = ["admin", "add-staff", "--data", data, "--role", "agent", "--name", "林夏", "--email", "linxia@shop.example", "--capacity", "3"];
    let serving = Serving::start(folder.path(), &[]).await;
    let added = run(&add).await;
    let link = text(&added.stdout);
    let (page, secret) = link.trim().split_once('#').unwrap();
    assert_eq!(page, format!("{}/console/welcome", serving.client.base));
    let me = serving.client.post("/api/v1/auth/links/redeem", json!({"token": secret, "password": "long enough"})).await.expect(201);
    assert_eq!((&me["name"], &me["capacity"]), (&json!("林夏"), &json!(3)));
    let refused = run(&add).await;
    assert!(!refused.status.success() && text(&refused.stderr).contains("somebody already has this address"), "{refused:?}");
    serving.signal("TERM").await;
    serving.ended().await;
    let offline = run(&["admin", "sign-in-link", "--data", data, "--role", "agent"]).await;
    assert!(offline.status.success() && text(&offline.stdout).starts_with("http://"), "{offline:?}");
    let nobody = run(&["admin", "sign-in-link", "--data", data, "--role", "manager"]).await;
    assert!(!nobody.status.success() && nobody.stdout.is_empty(), "{nobody:?}");
}

#[tokio::test]
async fn numbers_are_counted_again_beside_a_server_and_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let rebuild = ["warehouse", "rebuild", "--json", "--data", data];
    let serving = Serving::start(folder.path(), &["--demo"]).await;
    let beside = run(&rebuild).await;
    let told: serde_json::Value = serde_json::from_slice(&beside.stdout).unwrap();
    assert!(beside.status.success() && told["edition"] == 2 && told["ready_at"].is_i64(), "{beside:?}");
    assert!(folder.path().join("panel-1.db").exists() && folder.path().join("panel-2.db").exists());
    serving.signal("TERM").await;
    serving.ended().await;
    let offline = run(&rebuild).await;
    let told: serde_json::Value = serde_json::from_slice(&offline.stdout).unwrap();
    assert!(offline.status.success() && told["edition"] == 3, "{offline:?}");
    let nowhere = run(&["warehouse", "rebuild", "--data", folder.path().join("nothing").to_str().unwrap()]).await;
    assert!(!nowhere.status.success() && text(&nowhere.stderr).contains("does not exist"), "{nowhere:?}");
}

#[tokio::test]
async fn days_are_checked_beside_a_server_and_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let verify = ["warehouse", "verify", "--days", "3", "--json", "--data", data];
    let serving = Serving::start(folder.path(), &["--demo"]).await;
    let beside = run(&verify).await;
    let told: serde_json::Value = serde_json::from_slice(&beside.stdout).unwrap();
    assert!(beside.status.success() && told["mismatches"] == 0 && told["unchecked"] == 0, "{beside:?}");
    assert!(told["rows"].as_i64().unwrap() > 100, "{beside:?}");
    let companies: BTreeSet<&str> = told["days"].as_array().unwrap().iter().map(|day| day["company"].as_str().unwrap()).collect();
    assert_eq!((companies.len(), told["days"].as_array().unwrap().len()), (2, 6), "{beside:?}");
    assert_eq!(told["days"][0]["verified"]["events"], told["days"][0]["verified"]["facts"]);
    serving.signal("TERM").await;
    serving.ended().await;
    let offline = run(&verify).await;
    assert_eq!((offline.status.success(), text(&offline.stdout)), (true, text(&beside.stdout)));
}

#[tokio::test]
async fn a_wrong_setting_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().to_str().unwrap(), folder.path().join("yingda.toml"));
    for (setting, named) in [("colour = 1", "colour"), ("[limits]\nsends = 1", "sends"), ("listen = \"nowhere\"", "listen")] {
        std::fs::write(&file, setting).unwrap();
        let output = run(&["serve", "--data", data, "--config", file.to_str().unwrap()]).await;
        assert!(!output.status.success() && text(&output.stderr).contains(named), "{output:?}");
    }
}

#[tokio::test]
async fn redis_without_postgresql_is_refused_and_so_is_what_is_no_redis() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let alone = run(&["serve", "--data", data, "--listen", "127.0.0.1:0", "--redis-url", "redis://127.0.0.1:1"]).await;
    assert!(!alone.status.success() && text(&alone.stderr).contains("`redis_url`") && text(&alone.stderr).contains("`database_url`"), "{alone:?}");
    assert!(!folder.path().join("yingda.db").exists(), "it changed nothing");
    let Some(cluster) = testkit::database::fresh_postgres().await else { return };
    let no_redis = ["serve", "--data", data, "--listen", "127.0.0.1:0", "--database-url", cluster.url(), "--redis-url", "http://127.0.0.1:1"];
    let output = run(&no_redis).await;
    assert!(!output.status.success() && text(&output.stderr).contains("redis_url"), "{output:?}");
    cluster.drop_it().await;
}

#[tokio::test]
async fn the_sealing_key_is_made_closed_to_others_given_once_and_missed_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("shared.key"));
    let (data_arg, file_arg) = (data.to_str().unwrap(), file.to_str().unwrap());
    let made = run(&["admin", "new-seal-key", file_arg]).await;
    let key = platform::seal_key::SealKey::read(&file).unwrap();
    assert!(made.status.success() && text(&made.stdout) == format!("{}\n", key.fingerprint()), "{made:?}");
    assert_eq!(mode(&file), 0o600);
    let again = run(&["admin", "new-seal-key", file_arg]).await;
    assert!(!again.status.success() && text(&again.stderr).contains("never overwrites"), "{again:?}");
    assert_eq!(platform::seal_key::SealKey::read(&file).unwrap(), key);

    let serving = Serving::start(&data, &[]).await;
    assert_eq!(mode(&data.join("seal.key")), 0o600);
    serving.signal("TERM").await;
    serving.ended().await;
    let serve = ["serve", "--data", data_arg, "--listen", "127.0.0.1:0"];
    let other = run(&[&serve[..], &["--seal-key-file", file_arg]].concat()).await;
    assert!(!other.status.success() && text(&other.stderr).contains(&key.fingerprint()) && text(&other.stderr).contains("`seal_key_file`"), "{other:?}");
    let twice = run_with_key("k", &[&serve[..], &["--seal-key-file", file_arg]].concat()).await;
    assert!(!twice.status.success() && text(&twice.stderr).contains("given twice"), "{twice:?}");
    let short = run_with_key("short", &serve).await;
    assert!(!short.status.success() && text(&short.stderr).contains("YINGDA_SEAL_KEY does not contain a sealing key"), "{short:?}");
    std::fs::rename(data.join("seal.key"), folder.path().join("elsewhere.key")).unwrap();
    for command in [&serve[..], &["admin", "sign-in-link", "--data", data_arg, "--role", "administrator"]] {
        let missed = run(command).await;
        assert!(!missed.status.success() && text(&missed.stderr).contains("there is no sealing key"), "{missed:?}");
    }
    let elsewhere = folder.path().join("elsewhere.key");
    let place = ["--data", data_arg, "--seal-key-file", elsewhere.to_str().unwrap()];
    let link = run(&[&["admin", "sign-in-link", "--role", "administrator"], &place[..]].concat()).await;
    assert!(link.status.success(), "{link:?}");
}

#[tokio::test]
async fn of_three_nodes_one_may_be_killed_and_one_stopped_while_the_chat_goes_on() {
    let Some(database) = testkit::database::fresh_postgres().await else { return };
    let redis = testkit_server::TestRedis::start().await;
    let (folder, url) = (tempfile::tempdir().unwrap(), redis.url());
    let files = folder.path().join("files");
    let mut nodes = Vec::new();
    for n in 0..3 {
        let more = ["--database-url", database.url(), "--redis-url", url.as_str(), "--files", files.to_str().unwrap()];
        nodes.push(Serving::start(&folder.path().join(format!("node{n}")), &more).await);
    }
    let client = |node: &Serving| node.client.clone();
    let session = client(&nodes[0]).post("/api/v1/widget/sessions", json!({"site": "main", "device": null, "lang": "en"})).await.expect(201);
    let token = session["token"].clone();
    let conversation = "cnv_0192f3c1a2b37d4e8f00112233445566";
    let say = async |node: &Serving, words: &str| {
        let client_id = format!("00000000-0000-4000-8000-{:012x}", words.len());
        let frame = json!({"t": "send", "conversation": conversation, "client_id": client_id, "body": {"type": "text", "text": words}, "open": {"lang": "en"}});
        // A busy node has changed nothing, and is asked again, as a page does.
        loop {
            let answer = client(node).post("/rt/send", json!({"token": token, "frames": [frame]})).await.expect(200)["frames"][0].clone();
            if answer["t"] != "busy" {
                break answer;
            }
        }
    };
    assert_eq!(say(&nodes[0], "a").await["t"], "ok");
    let first = say(&nodes[1], "ab").await;
    nodes[1].signal("KILL").await;
    nodes.remove(1).ended().await;
    // Resent to a different node because the answer might have been lost: the number is the first one.
    assert_eq!(say(&nodes[1], "ab").await["seq"], first["seq"]);
    nodes[0].signal("TERM").await;
    let (code, _, stderr) = nodes.remove(0).ended().await;
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(say(&nodes[0], "abc").await["t"], "ok");
    let uploaded = client(&nodes[0]).with_token(token.as_str().unwrap()).upload("/api/v1/widget/files?name=a.txt", "text/plain", b"x".to_vec()).await;
    uploaded.expect(201);
    assert!(files.is_dir());
    nodes[0].signal("TERM").await;
    nodes.remove(0).ended().await;
    database.drop_it().await;
}

#[tokio::test]
async fn the_api_document_is_printed() {
    let printed = run(&["openapi"]).await;
    assert_eq!(text(&printed.stdout), server::openapi::json());
}
