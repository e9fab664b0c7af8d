//! `backup` and `restore`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
};

use serde_json::{Value, json};
use testkit::eventually;
use testkit_server::{Client, Realtime};

use crate::program::{Serving, run, run_under};
use crate::serving::{open_to_others, text};

/// People who write while the backup is made.
const TALKERS: u128 = 4;
/// The numbers of messages acknowledged before it and after it.
const BEFORE: usize = 60;
const AFTER: usize = 60;

/// Flags that let people write as fast as they can.
const NO_LIMIT: [&str; 4] = ["--sends-per-second", "1000000", "--sends-burst", "1000000"];

/// The content of all files in a folder, by relative path.
pub fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_owned();
            if path.is_dir() {
                found.insert(name, Vec::new());
                folders.push(path);
            } else {
                found.insert(name, fs::read(path).unwrap_or_default());
            }
        }
    }
    found
}

pub fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Runs a command that has to succeed, and returns the JSON it prints.
pub async fn done(args: &[&str]) -> Value {
    let output = run(args).await;
    assert!(output.status.success(), "{args:?}: {output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs a command that has to fail, and returns its message.
pub async fn refused(args: &[&str]) -> String {
    let output = run(args).await;
    assert!(!output.status.success() && output.stdout.is_empty(), "{args:?}: {output:?}");
    let told = text(&output.stderr);
    assert_eq!(told.trim_end().lines().count(), 1, "one sentence: {told}");
    told
}

/// A visitor and their conversation.
pub struct Talker {
    pub client: Client,
    token: String,
    conversation: String,
}

impl Talker {
    pub async fn new(client: &Client, n: u128) -> Self {
        let session = client.post("/api/v1/widget/sessions", json!({"site": "main", "device": null, "lang": "en"})).await.expect(201);
        let token = session["token"].as_str().unwrap().to_owned();
        let conversation = format!("cnv_0192f3c1a2b37d4e8f0011223344{n:04x}");
        Self { client: client.with_token(&token), token, conversation }
    }

    /// Sends a message and returns its number.
    pub async fn say(&self, n: usize) -> i64 {
        let (client_id, words) = (format!("00000000-0000-4000-8000-{n:012x}"), format!("word {n}"));
        let body = json!({"type": "text", "text": words});
        let frame = json!({"t": "send", "conversation": self.conversation, "client_id": client_id, "body": body, "open": {"lang": "en"}});
        loop {
            let answer = self.client.post("/rt/send", json!({"token": self.token, "frames": [frame]})).await.expect(200)["frames"][0].clone();
            match answer["t"].as_str().unwrap() {
                "ok" => return answer["seq"].as_i64().unwrap(),
                "busy" => tokio::task::yield_now().await,
                other => panic!("{other}: {answer}"),
            }
        }
    }

    pub async fn upload(&self, words: &str) -> Value {
        self.client.upload("/api/v1/widget/files?name=a.txt", "text/plain", words.as_bytes().to_vec()).await.expect(201)
    }

    /// Reconnects to a server with what the visitor knows; returns the answer and the messages there, by number.
    pub async fn come_back(&self, server: &Client, generation: &Value, cursor: i64) -> (Value, BTreeMap<i64, String>) {
        let mut line = Realtime::connect(&self.client.at_server(server)).await;
        let cursors = json!({&self.conversation: cursor});
        line.send(&json!({"t": "hello", "version": 1, "token": self.token, "generation": generation, "cursors": cursors})).await;
        let reset = line.until("reset").await;
        let (head, mut at, mut words) = (reset["seq"].as_i64().unwrap(), 0, BTreeMap::new());
        while at < head {
            line.send(&json!({"t": "get", "stream": self.conversation, "from": at + 1, "to": head.min(at + 500)})).await;
            let end = head.min(at + 500);
            while at < end {
                let page = line.until("page").await;
                for entry in page["entries"].as_array().unwrap() {
                    words.insert(entry["seq"].as_i64().unwrap(), entry["body"]["text"].as_str().unwrap_or_default().to_owned());
                }
                at = page["to"].as_i64().unwrap();
            }
        }
        (reset, words)
    }
}

/// People who talk for the duration of the test.
struct Load {
    acked: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    talking: Vec<tokio::task::JoinHandle<(Talker, Vec<i64>)>>,
}

impl Load {
    async fn begin(client: &Client) -> Self {
        let (acked, stop, mut talking) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)), Vec::new());
        for n in 0..TALKERS {
            let (talker, acked, stop) = (Talker::new(client, n).await, acked.clone(), stop.clone());
            talking.push(tokio::spawn(async move {
                let mut seqs = Vec::new();
                while !stop.load(SeqCst) {
                    seqs.push(talker.say(seqs.len()).await);
                    acked.fetch_add(1, SeqCst);
                }
                (talker, seqs)
            }));
        }
        Self { acked, stop, talking }
    }

    async fn until_acked(&self, enough: usize) {
        eventually("people talk", async || (self.acked.load(SeqCst) >= enough).then_some(())).await;
    }

    /// All talkers, with the numbers of their messages.
    async fn end(self) -> Vec<(Talker, Vec<i64>)> {
        self.stop.store(true, SeqCst);
        let mut all = Vec::new();
        for talking in self.talking {
            all.push(talking.await.unwrap());
        }
        all
    }
}

#[tokio::test]
async fn a_backup_taken_under_load_holds_everything_acknowledged_before_it_and_newer_cursors_are_reset() {
    let folder = tempfile::tempdir().unwrap();
    let [data, files, to, again, files_again] = ["data", "uploads", "backup", "again", "uploads again"].map(|name| folder.path().join(name));
    let serving = Serving::start(&data, &[&["--files", path(&files)], &NO_LIMIT[..]].concat()).await;
    let author = Talker::new(&serving.client, 99).await;
    let file = author.upload("what is kept").await;
    let load = Load::begin(&serving.client).await;
    load.until_acked(BEFORE).await;
    let mut before = Vec::new();
    for n in 0..BEFORE {
        before.push(author.say(n).await);
    }
    // The server itself says where the files are stored.
    let backed_up = done(&["backup", "--data", path(&data), "--to", path(&to), "--json"]).await;
    assert_eq!((&backed_up["engine"], &backed_up["files"], &backed_up["missing"]), (&json!("sqlite"), &json!(1), &json!([])), "{backed_up}");
    let at_least = load.acked.load(SeqCst) + AFTER;
    load.until_acked(at_least).await;
    let after = author.say(BEFORE).await;
    let everybody = load.end().await;
    serving.signal("KILL").await;
    serving.ended().await;
    assert_eq!(open_to_others(&to), vec![]);

    let (from, key) = (["restore", "--from", path(&to), "--seal-key-file"], data.join("seal.key"));
    let restored = done(&[&from[..], &[path(&key), "--data", path(&again), "--files", path(&files_again), "--json"]].concat()).await;
    assert_ne!(restored["generation"], backed_up["generation"]);
    assert_eq!(open_to_others(&again), vec![]);
    let serving = Serving::start(&again, &["--files", path(&files_again)]).await;
    let (reset, words) = author.come_back(&serving.client, &backed_up["generation"], after).await;
    assert_eq!(reset["generation"], restored["generation"], "it was changed once");
    for (n, seq) in before.iter().enumerate() {
        assert_eq!(words.get(seq), Some(&format!("word {n}")));
    }
    assert_eq!(words.get(&after), None, "this was said after the backup");
    for (talker, seqs) in everybody {
        let (_, words) = talker.come_back(&serving.client, &backed_up["generation"], *seqs.last().unwrap()).await;
        let kept = seqs.iter().take_while(|seq| words.contains_key(*seq)).count();
        assert!(kept < seqs.len(), "nothing that was said in the end is there");
        for (n, seq) in seqs.iter().enumerate() {
            assert_eq!(words.get(seq), (n < kept).then(|| format!("word {n}")).as_ref(), "up to one moment, and nothing more");
        }
    }
    let bytes = author.client.at_server(&serving.client).get(&format!("/api/v1/files/{}", file["id"].as_str().unwrap())).await;
    bytes.expect_bytes(b"what is kept");
    serving.signal("TERM").await;
    let (code, _, stderr) = serving.ended().await;
    assert_eq!(code, Some(0));
    assert!(!stderr.contains("another generation"), "the restore has said so already: {stderr}");
}

/// A backup of a stopped server with one file and one message; returns the folders of the server and of the backup.
pub async fn backup_of_one(folder: &Path) -> (PathBuf, PathBuf) {
    let (data, to) = (folder.join("data"), folder.join("backup"));
    let serving = Serving::start(&data, &[]).await;
    let talker = Talker::new(&serving.client, 1).await;
    talker.upload("four").await;
    talker.say(1).await;
    serving.signal("TERM").await;
    serving.ended().await;
    done(&["backup", "--data", path(&data), "--to", path(&to), "--json"]).await;
    (data, to)
}

/// The only file in `files/` of a backup.
pub fn the_file(backup: &Path) -> PathBuf {
    let files = contents(backup);
    backup.join(files.iter().find(|(name, held)| name.starts_with("files") && !held.is_empty()).unwrap().0)
}

#[tokio::test]
async fn what_cannot_be_backed_up_is_said_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (data, to) = backup_of_one(folder.path()).await;
    let before = contents(folder.path());
    let backup = async |data: &Path, to: &Path, more: &[&str]| refused(&[&["backup", "--data", path(data), "--to", path(to)], more].concat()).await;
    let (nowhere, fresh) = (folder.path().join("nowhere"), folder.path().join("fresh"));
    assert!(backup(&nowhere, &fresh, &[]).await.contains("does not exist: `--data`"));
    assert!(backup(&data, &to, &[]).await.contains("backup already exists"));
    assert!(backup(&data, &nowhere.join("deep"), &[]).await.contains("for the backup does not exist"));
    let (files, link) = (data.join("files"), tempfile::tempdir().unwrap());
    std::os::unix::fs::symlink(&data, link.path().join("link")).unwrap();
    for inside in [data.join("x"), files.join("x"), link.path().join("link/x")] {
        assert!(backup(&data, &inside, &[]).await.contains("lies in the data folder"), "{}", inside.display());
    }
    let uploads = tempfile::tempdir().unwrap();
    assert!(backup(&data, &uploads.path().join("x"), &["--files", path(uploads.path())]).await.contains("lies in the folder of uploaded files"));
    assert!(backup(&data, &fresh, &["--files", path(&nowhere)]).await.contains("say where it is with `--files`"));
    assert_eq!(contents(folder.path()), before);
    fs::create_dir(folder.path().join("fresh.part")).unwrap();
    assert!(backup(&data, &fresh, &[]).await.contains("one was interrupted; then delete it"));
    fs::remove_dir(folder.path().join("fresh.part")).unwrap();
    let full = run_under(&FEW_BYTES, &["backup", "--data", path(&data), "--to", path(&fresh)]).await;
    assert!(!full.status.success() && text(&full.stderr).contains("cannot be copied"), "{full:?}");
    assert_eq!(contents(folder.path()), before);
}

/// Limits files to 64 KB, as if the disk were full.
const FEW_BYTES: [&str; 3] = ["bash", "-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""];

#[tokio::test]
async fn a_backup_without_the_files_that_the_record_names_is_kept_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    let (data, to) = backup_of_one(folder.path()).await;
    let key = data.join("seal.key");
    let file = the_file(&to).strip_prefix(&to).unwrap().to_owned();
    let names = |told: &str, what: &[&str]| what.iter().all(|what| told.contains(what));
    // The folder of uploads is not mounted.
    let (second, third, uploads) = (folder.path().join("second"), folder.path().join("third"), folder.path().join("uploads"));
    fs::create_dir(&uploads).unwrap();
    let output = run(&["backup", "--data", path(&data), "--to", path(&second), "--files", path(&uploads), "--json"]).await;
    let told = text(&output.stderr);
    assert!(!output.status.success() && names(&told, &["1 of 1 files", path(&file), path(&second), path(&uploads), "--files"]), "{output:?}");
    assert_eq!(told.trim_end().lines().count(), 1, "one sentence: {told}");
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&said["files"], &said["missing"], &said["lost"]), (&json!(0), &json!([file]), &json!([file])));
    let again = folder.path().join("again");
    let restored = done(&["restore", "--from", path(&second), "--data", path(&again), "--seal-key-file", path(&key), "--json"]).await;
    assert_eq!(restored["missing"], json!([file]));

    // A killed server left no record of where its files are.
    assert!(!data.join("admin.sock").exists(), "one that stopped leaves no socket");
    let serving = Serving::start(&data, &[]).await;
    serving.signal("KILL").await;
    serving.ended().await;
    let said = refused(&["backup", "--data", path(&data), "--to", path(&third)]).await;
    assert!(names(&said, &["admin.sock", "--files"]) && !third.exists(), "{said}");
    let found = done(&["backup", "--data", path(&data), "--to", path(&third), "--files", path(&data.join("files")), "--json"]).await;
    assert_eq!((&found["files"], &found["lost"]), (&json!(1), &json!([])));
}

#[tokio::test]
async fn the_log_says_why_a_record_gets_another_generation() {
    let folder = tempfile::tempdir().unwrap();
    let (data, to) = backup_of_one(folder.path()).await;
    let talkers = std::cell::Cell::new(1);
    let log = async || {
        let serving = Serving::start(&data, &[]).await;
        talkers.set(talkers.get() + 1);
        Talker::new(&serving.client, talkers.get()).await.say(1).await;
        serving.signal("TERM").await;
        let (code, _, stderr) = serving.ended().await;
        assert_eq!(code, Some(0));
        stderr
    };
    fs::remove_file(data.join("yingda.mark")).unwrap();
    let unmarked = log().await;
    assert!(unmarked.contains("no mark lies beside the record") && !unmarked.contains("was put back, or"), "{unmarked}");
    assert!(!log().await.contains("another generation"), "once");
    fs::copy(to.join("record.db"), data.join("yingda.db")).unwrap();
    let older = log().await;
    assert!(older.contains("an older copy of the record was put back") && !older.contains("no mark"), "{older}");
}

#[tokio::test]
async fn a_backup_that_is_not_whole_or_not_for_here_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (data, good) = backup_of_one(folder.path()).await;
    let key = data.join("seal.key");
    let restore = |from: &Path, to: &Path| ["restore", "--seal-key-file", path(&key), "--from", path(from), "--data", path(to)].map(str::to_owned);
    let (bad, target) = (folder.path().join("bad"), folder.path().join("target"));
    let whole = contents(&good);
    let file = the_file(&good).strip_prefix(&good).unwrap().to_owned();
    let manifest = String::from_utf8(whole[Path::new("manifest.json")].clone()).unwrap();
    let flipped = |name: &Path| {
        let mut bytes = whole[name].clone();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        Some(bytes)
    };
    let changed = |from: &str, to: &str| {
        let changed = manifest.replacen(from, to, 1);
        assert_ne!(changed, manifest, "{from}");
        Some(changed.into_bytes())
    };
    let generation = "\"generation\": \"0";
    let (record, manifest_name) = (Path::new("record.db"), Path::new("manifest.json"));
    for (name, now, told) in [
        (manifest_name, None, "is no backup"),
        (manifest_name, Some(b"{".to_vec()), "is damaged"),
        (manifest_name, changed("\"steps\": [", "\"steps\": [999,"), "made by a newer yingda"),
        (manifest_name, changed("\"format\": 1", "\"format\": 2"), "made by a newer yingda"),
        (manifest_name, changed(generation, "\"generation\": \"1"), "is not what was signed"),
        (record, None, "record.db is missing"),
        (record, flipped(record), "record.db in the backup is not what was backed up"),
        (&file, None, "is missing in the backup"),
        (&file, flipped(&file), "is not what was backed up"),
    ] {
        let _ = fs::remove_dir_all(&bad);
        for (name, held) in &whole {
            let to = bad.join(name);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            if good.join(name).is_dir() { fs::create_dir_all(to).unwrap() } else { fs::write(to, held).unwrap() }
        }
        match now {
            Some(now) => fs::write(bad.join(name), now).unwrap(),
            None => fs::remove_file(bad.join(name)).unwrap(),
        }
        let said = refused(&words(&restore(&bad, &target))).await;
        assert!(said.contains(told), "{told}: {said}");
        assert!(!target.exists(), "{told}");
    }
    fs::create_dir(&target).unwrap();
    let full = run_under(&FEW_BYTES, &words(&restore(&good, &target))).await;
    assert!(!full.status.success() && text(&full.stderr).contains("cannot be written"), "{full:?}");
    assert_eq!(contents(&target), BTreeMap::new());
    fs::write(target.join("mine"), "x").unwrap();
    let said = refused(&words(&restore(&good, &target))).await;
    assert!(said.contains("is not empty") && said.contains("mine"), "{said}");
    let deep = folder.path().join("deep/er");
    let said = refused(&[&words(&restore(&good, &deep))[..], &["--files", path(&target)]].concat()).await;
    assert!(said.contains("is not empty") && said.contains("--files"), "{said}");
    assert_eq!(contents(&target).len(), 1);
    assert!(!folder.path().join("deep").exists());
    done(&[&words(&restore(&good, &deep))[..], &["--json"]].concat()).await;
    assert!(refused(&words(&restore(&good, &deep))).await.contains("is not empty"));
}

pub fn words(owned: &[String]) -> Vec<&str> {
    owned.iter().map(String::as_str).collect()
}

#[tokio::test]
async fn the_key_is_in_no_backup_and_nothing_goes_on_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let (data, to) = backup_of_one(folder.path()).await;
    let (kept, other, again) = (folder.path().join("kept.key"), folder.path().join("other.key"), folder.path().join("again"));
    let key = fs::read_to_string(data.join("seal.key")).unwrap();
    let key = key.trim();
    for (name, held) in contents(&to) {
        assert!(!held.windows(key.len()).any(|part| part == key.as_bytes()), "the key is in {}", name.display());
    }
    let fingerprint = done(&["backup", "--data", path(&data), "--to", path(&folder.path().join("second")), "--json"]).await["seal_key"].clone();
    let restore = ["restore", "--from", path(&to), "--data", path(&again)];
    let said = refused(&restore).await;
    assert!(said.contains("there is no sealing key") && said.contains(fingerprint.as_str().unwrap()) && said.contains("--seal-key-file"), "{said}");
    assert!(run(&["admin", "new-seal-key", path(&other)]).await.status.success());
    let said = refused(&[&restore[..], &["--seal-key-file", path(&other)]].concat()).await;
    assert!(said.contains("not the one by which the backup is sealed") && !again.exists(), "{said}");

    // The key need not be given if it was installed before.
    fs::create_dir(&again).unwrap();
    fs::copy(data.join("seal.key"), again.join("seal.key")).unwrap();
    assert_eq!(done(&[&restore[..], &["--json"]].concat()).await["seal_key_file"], Value::Null);
    fs::rename(again.join("seal.key"), &kept).unwrap();
    let said = refused(&["serve", "--data", path(&again), "--listen", "127.0.0.1:0"]).await;
    assert!(said.contains("there is no sealing key"), "{said}");
    fs::remove_dir_all(&again).unwrap();
    let restored = done(&[&restore[..], &["--seal-key-file", path(&kept), "--json"]].concat()).await;
    assert_eq!((&restored["seal_key_file"], fs::read_to_string(again.join("seal.key")).unwrap().trim()), (&json!(again.join("seal.key")), key));
    assert_eq!(open_to_others(&again), vec![]);
    let serving = Serving::start(&again, &[]).await;
    serving.signal("TERM").await;
    assert_eq!(serving.ended().await.0, Some(0));
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_said_and_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let (data, to, configured) = (folder.path().join("data"), folder.path().join("backup"), folder.path().join("yingda.toml"));
    let url = "postgres://nobody:geheim@127.0.0.1:1/nothing";
    fs::write(&configured, format!("database_url = \"{url}\"\n")).unwrap();
    for of in [["--database-url", url], ["--config", path(&configured)]] {
        let said = refused(&[&["backup", "--data", path(&data), "--to", path(&to)], &of[..]].concat()).await;
        assert!(said.contains("database") && !said.contains("geheim"), "{said}");
        assert!(refused(&[&["restore", "--data", path(&data), "--from", path(&to)], &of[..]].concat()).await.contains("is no backup"));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// The commands with this program that a chapter of the runbook gives.
fn documented(chapter: &str, program: &str) -> String {
    let runbook = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/RUNBOOK.md")).unwrap();
    let (_, rest) = runbook.split_once(&format!("\n## {chapter}\n")).unwrap();
    let blocks = rest.split("\n## ").next().unwrap().split("```sh\n").skip(1).map(|block| block.split_once("```").unwrap().0);
    blocks.into_iter().find(|block| block.contains(program)).unwrap().to_owned()
}

#[tokio::test]
async fn what_the_runbook_says_of_postgresql_backs_up_and_restores() {
    let Some(database) = testkit::database::fresh_postgres().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let (data, key) = (folder.path().join("data"), folder.path().join("seal.key"));
    let (url, restored) = (database.url().to_owned(), format!("{}_restored", database.url().rsplit_once('/').unwrap().1));
    let shell = async |commands: &str| {
        let mut shell = tokio::process::Command::new("sh");
        shell.args(["-euc", commands]).current_dir(folder.path()).env("DATABASE_URL", &url).env("RESTORED", &restored);
        let output = testkit::in_time("the documented commands end", shell.output()).await.unwrap();
        assert!(output.status.success(), "{commands}: {output:?}");
    };
    assert!(run(&["admin", "new-seal-key", path(&key)]).await.status.success());
    let started = async |url: &str| Serving::start(&data, &["--database-url", url, "--seal-key-file", path(&key)]).await;
    let serving = started(&url).await;
    let talker = Talker::new(&serving.client, 1).await;
    let mut before = Vec::new();
    for n in 0..5 {
        before.push(talker.say(n).await);
    }
    let of_another_record = json!("00000000-0000-4000-8000-000000000000");
    testkit::eventually("the bot has answered each of them", async || {
        let (reset, _) = talker.come_back(&serving.client, &of_another_record, 1).await;
        (reset["seq"].as_i64()? == 1 + 2 * before.len() as i64).then_some(())
    })
    .await;
    shell(&documented("Backup", "pg_dump")).await;
    let after = talker.say(5).await;
    serving.signal("TERM").await;
    serving.ended().await;
    shell(&documented("After a restore", "pg_restore")).await;
    let serving = started(&url.replace(database.url().rsplit_once('/').unwrap().1, &restored)).await;
    let (_, words) = talker.come_back(&serving.client, &of_another_record, after).await;
    assert!(before.iter().enumerate().all(|(n, seq)| words.get(seq) == Some(&format!("word {n}"))), "{words:?}");
    assert_eq!(words.get(&after), None);
    let talker = Talker { client: talker.client.at_server(&serving.client), ..talker };
    assert_eq!(talker.say(6).await, after, "it goes on from there");
    serving.signal("TERM").await;
    let (code, _, stderr) = serving.ended().await;
    assert_eq!(code, Some(0));
    assert!(stderr.contains("another generation"), "{stderr}");
    shell("psql \"$DATABASE_URL\" --command \"DROP DATABASE $RESTORED\"").await;
    database.drop_it().await;
}
