//! The commands that ask a bot of files.

use serde_json::Value;

use crate::program::run;

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo");

async fn answer(more: &[&str]) -> (bool, String, String) {
    ask("answer", more).await
}

async fn ask(command: &str, more: &[&str]) -> (bool, String, String) {
    let path = |name: &str| format!("{DEMO}/{name}");
    let files = ["--synonyms", &path("synonyms.json"), "--goods", &path("goods.json"), "--plans", &path("plans.json")].map(str::to_owned);
    let knowledge = ["bot".to_owned(), command.to_owned(), "--knowledge".to_owned(), path("knowledge-1.jsonl"), path("knowledge-2.jsonl")];
    let args: Vec<&str> = knowledge.iter().chain(&files).map(String::as_str).chain(more.iter().copied()).collect();
    let done = run(&args).await;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.success(), text(done.stdout), text(done.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_of_files_answers_the_turns_of_a_conversation_and_offers_a_person() {
    let turns = ["--text", "what does cloud 59 cost", "--text", "how tall is the lighthouse keeper", "--text", "and who painted the lighthouse"];
    let (ok, said, _) = answer(&[&["--json", "--lang", "en"], turns.as_slice()].concat()).await;
    let said: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(ok && said.len() == 3, "{said:?}");
    assert_eq!((&said[0]["outcome"], &said[0]["items"][0]["id"]), (&"attribute".into(), &"cloud-59".into()), "{}", said[0]);
    assert_eq!((&said[1]["outcome"], &said[1]["has_person"]), (&"no_answer".into(), &false.into()), "{}", said[1]);
    assert_eq!(said[2]["has_person"], true, "{}", said[2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_bot_of_files_cannot_know_is_refused_with_the_field() {
    for (more, expected) in [(["--product", "g-999"], "--product"), (["--lang", "fr"], "--lang")] {
        let (ok, _, error) = answer(&[["--text", "hello"].as_slice(), &more].concat()).await;
        assert!(!ok && error.contains(expected), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn short_answers_do_what_is_meant_under_the_rules_of_real_conversations() {
    let dialogues = concat!(env!("CARGO_MANIFEST_DIR"), "/../bot-lab/tests/data/short-answers.jsonl");
    let (ok, said, error) = ask("dialogues", &["--json", "--dialogues", dialogues]).await;
    let shares: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{error}"));
    for of in ["all", "en", "zh-CN"] {
        let shares = &shares[of];
        assert!(ok && shares["right"].as_f64() >= Some(0.95) && shares["refused_given"] == 0, "{of}: {shares}");
    }
}
