//! What a restore trusts, and what it does not restore.

use std::{fs, path::Path};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use testkit_server::Client;

use crate::{
    backup::{Talker, backup_of_one, done, path, refused, the_file, words},
    program::{Serving, run},
    serving::text,
};

/// A manager who signs in with a link printed in a terminal.
async fn manager(serving: &Serving, data: &Path, email: &str) -> Client {
    let added = run(&["admin", "add-staff", "--data", path(data), "--role", "manager", "--name", "Mira", "--email", email]).await;
    let link = text(&added.stdout);
    let token = link.trim().split_once('#').unwrap().1;
    let redeemed = serving.client.post("/api/v1/auth/links/redeem", json!({"token": token, "password": "long enough"})).await;
    redeemed.expect(201);
    serving.client.with_cookie(redeemed.header("set-cookie")["__Host-yingda=".len()..].split(';').next().unwrap())
}

/// Which credentials are still valid: the manager's session, the wall's link, and the visitor's chat.
async fn opens(server: &Client, who: [(&Client, &str); 3]) -> Vec<bool> {
    let mut opened = Vec::new();
    for (who, path) in who {
        let status = who.at_server(server).get(path).await.status.as_u16();
        assert!([200, 401].contains(&status), "{path}: {status}");
        opened.push(status == 200);
    }
    opened
}

#[tokio::test]
async fn what_was_taken_back_after_a_backup_stays_taken_back_however_it_is_restored() {
    let folder = tempfile::tempdir().unwrap();
    let [data, to, again] = ["data", "backup", "again"].map(|name| folder.path().join(name));
    let serving = Serving::start(&data, &[]).await;
    let [gone, stays] = [manager(&serving, &data, "gone@x.example").await, manager(&serving, &data, "stays@x.example").await];
    let screen = gone.post("/api/v1/wall-links", json!({"name": "hall"})).await.expect(201);
    let wall = serving.client.with_token(screen["token"].as_str().unwrap());
    let talker = Talker::new(&serving.client, 1).await;
    let file = format!("/api/v1/files/{}", talker.upload("mine").await["id"].as_str().unwrap());
    talker.say(1).await;
    let who = [(&gone, "/api/v1/me"), (&wall, "/api/v1/wall"), (&talker.client, &file)];
    assert_eq!(opens(&serving.client, who).await, [true; 3]);
    done(&["backup", "--data", path(&data), "--to", path(&to), "--json"]).await;
    gone.delete("/api/v1/auth/sessions/current").await.expect(204);
    stays.delete(&format!("/api/v1/wall-links/{}", screen["id"].as_str().unwrap())).await.expect(204);
    assert_eq!(opens(&serving.client, who).await, [false, false, true]);
    serving.signal("TERM").await;
    serving.ended().await;

    let end = async |serving: Serving| {
        assert_eq!(opens(&serving.client, who).await, [false, false, true]);
        stays.at_server(&serving.client).get("/api/v1/me").await.problem(401, "not_signed_in");
        serving.signal("TERM").await;
        assert_eq!(serving.ended().await.0, Some(0));
    };
    done(&["restore", "--from", path(&to), "--data", path(&again), "--seal-key-file", path(&data.join("seal.key")), "--json"]).await;
    end(Serving::start(&again, &[]).await).await;
    // Restored by hand, which the server notices at the start.
    fs::copy(to.join("record.db"), data.join("yingda.db")).unwrap();
    end(Serving::start(&data, &[]).await).await;
    // Restored in a way that only an administrator knows of, while it runs.
    let serving = Serving::start(&data, &[]).await;
    let signed_in = manager(&serving, &data, "new@x.example").await;
    assert!(run(&["admin", "new-generation", "--data", path(&data)]).await.status.success());
    assert_eq!(opens(&serving.client, [(&signed_in, "/api/v1/me"), who[1], who[2]]).await, [false, false, true]);
    end(serving).await;
}

#[tokio::test]
async fn a_backup_in_which_lies_something_else_than_files_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (data, to) = backup_of_one(folder.path()).await;
    let (again, key, kept) = (folder.path().join("again"), data.join("seal.key"), folder.path().join("kept"));
    for there in [the_file(&to), to.join("record.db"), to.join("manifest.json")] {
        fs::rename(&there, &kept).unwrap();
        let pipe = |there: &Path| rustix::fs::mknodat(rustix::fs::CWD, there, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
        let endless = |there: &Path| std::os::unix::fs::symlink("/dev/zero", there).unwrap();
        let elsewhere = |there: &Path| std::os::unix::fs::symlink(&kept, there).unwrap();
        for put in [&pipe as &dyn Fn(&Path), &endless, &elsewhere] {
            put(&there);
            let said = refused(&["restore", "--from", path(&to), "--data", path(&again), "--seal-key-file", path(&key)]).await;
            assert!(said.contains("not a regular file") && !again.exists(), "{said}");
            fs::remove_file(&there).unwrap();
        }
        fs::rename(&kept, &there).unwrap();
    }
}

/// Changes a message in a backup, and the checksums to match.
fn tamper(backup: &Path) {
    let (record, manifest) = (backup.join("record.db"), backup.join("manifest.json"));
    let mut bytes = fs::read(&record).unwrap();
    let at = bytes.windows(6).position(|part| part == b"word 1").unwrap();
    bytes[at..at + 4].copy_from_slice(b"WORD");
    fs::write(&record, &bytes).unwrap();
    let mut said: Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    said["record"]["sha256"] = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
    fs::write(manifest, said.to_string()).unwrap();
}

/// Removes the signature from a backup.
fn unsign(backup: &Path) {
    let manifest = backup.join("manifest.json");
    let mut said: Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    assert!(said.as_object_mut().unwrap().remove("signature").is_some());
    fs::write(manifest, said.to_string()).unwrap();
}

#[tokio::test]
async fn a_backup_that_somebody_changed_is_refused_though_its_sums_fit() {
    let folder = tempfile::tempdir().unwrap();
    let (data, to) = backup_of_one(folder.path()).await;
    let (again, key) = (folder.path().join("again"), data.join("seal.key"));
    let restore = ["restore", "--from", path(&to), "--data", path(&again), "--seal-key-file", path(&key)];
    tamper(&to);
    for more in [&[][..], &["--unsigned"]] {
        assert!(refused(&[&restore[..], more].concat()).await.contains("is not what was signed") && !again.exists());
    }
    unsign(&to);
    assert!(refused(&restore).await.contains("--unsigned") && !again.exists());
    let restored = done(&[&restore[..], &["--unsigned", "--json"]].concat()).await;
    assert_eq!(restored["signed"], false, "who says so takes what is there");
}

#[tokio::test]
async fn a_backup_is_signed_by_the_server_or_by_whoever_has_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let [data, key, with_server, without, with_key, again] = ["data", "kept.key", "1", "2", "3", "again"].map(|name| folder.path().join(name));
    assert!(run(&["admin", "new-seal-key", path(&key)]).await.status.success());
    let serving = Serving::start(&data, &["--seal-key-file", path(&key)]).await;
    let signed =
        async |to: &Path, more: &[&str]| done(&[&["backup", "--data", path(&data), "--to", path(to), "--json"], more].concat()).await["signed"].clone();
    assert_eq!(signed(&with_server, &[]).await, true, "the server has the key");
    serving.signal("TERM").await;
    serving.ended().await;
    let made = run(&["backup", "--data", path(&data), "--to", path(&without)]).await;
    assert!(made.status.success() && text(&made.stderr).contains("is not signed") && text(&made.stderr).contains("--seal-key-file"), "{made:?}");
    assert_eq!(signed(&with_key, &["--seal-key-file", path(&key)]).await, true);
    let restore = |from: &Path| ["restore", "--data", path(&again), "--seal-key-file", path(&key), "--json", "--from", path(from)].map(str::to_owned);
    assert!(refused(&words(&restore(&without))).await.contains("--unsigned"));
    for from in [&with_server, &with_key] {
        assert_eq!(done(&words(&restore(from))).await["signed"], true);
        fs::remove_dir_all(&again).unwrap();
    }
}
