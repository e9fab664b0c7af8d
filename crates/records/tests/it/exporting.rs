//! What is exported, and by whom.

use domain::staff::Role;
use serde_json::{Value, json};
use testkit_app::{StaffClient, TestApp};

use crate::searching::{act, all, index, served};

const TABLE: &str = "/api/v1/records/export.csv";
const LINES: &str = "/api/v1/records/export.ndjson";

/// The rows of the table without its head, each as its cells.
async fn rows(who: &StaffClient, query: &str) -> Vec<Vec<String>> {
    let file = who.get(&format!("{TABLE}?{query}")).await;
    assert_eq!((file.header("content-type"), file.header("content-disposition")), ("text/csv; charset=utf-8", "attachment; filename=\"records.csv\""));
    let text = String::from_utf8(file.body).unwrap();
    let mut rows = text.strip_prefix('\u{feff}').unwrap().strip_suffix("\"\r\n").unwrap().split("\"\r\n");
    assert!(rows.next().unwrap().starts_with("\"conversation\",\"customer\",\"channel\""));
    rows.map(|row| row[1..].split("\",\"").map(str::to_owned).collect()).collect()
}

async fn lines(who: &StaffClient, query: &str) -> Vec<Value> {
    let file = who.get(&format!("{LINES}?{query}")).await;
    assert_eq!(file.header("content-type"), "application/x-ndjson");
    String::from_utf8(file.body).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn what_matches_is_exported_with_every_line_as_a_table_and_for_programs() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
    let (visitor, conversation) = served(&app, &ada, "=1+1 is my parcel").await;
    app.clock.advance(4_000);
    act(&ada, &conversation, json!({"type": "text", "text": "On its \"way\""})).await;
    act(&ada, &conversation, json!({"type": "note", "text": "calls back"})).await;
    act(&ada, &conversation, json!({"type": "text", "text": "typed by mistake"})).await;
    let mistake = lines(&mira, "").await[0]["entries"].as_array().unwrap().last().unwrap()["seq"].clone();
    act(&ada, &conversation, json!({"type": "recall", "of": mistake})).await;
    act(&ada, &conversation, json!({"type": "resolve"})).await;
    visitor.say(&conversation, false, json!({"type": "rate", "score": 2, "comment": "too slow"})).await;
    app.visitor().await.open("hello").await;
    index(&app).await;
    app.feed_panel().await;

    let table = rows(&mira, "q=parcel").await;
    let said: Vec<[&str; 2]> = table.iter().map(|row| [row[15].as_str(), row[17].as_str()]).filter(|[by, _]| *by != "bot" && *by != "system").collect();
    assert_eq!(said, [["customer", "'=1+1 is my parcel"], ["agent", "On its \"\"way\"\""], ["note", "calls back"], ["customer", "too slow"]]);
    let of: Vec<&str> = [0, 2, 4, 5, 6, 9, 10, 11, 12].iter().map(|column| table[0][*column].as_str()).collect();
    assert_eq!(of, [conversation.as_str(), "web", "ada", "resolved", "resolved", "0.000", "4.000", "4.000", "2"]);
    assert!(table.iter().all(|row| row[..13] == table[0][..13]));
    assert_eq!(table[0][14].len(), "2026-12-01 10:00:00+08:00".len(), "{:?}", table[0]);

    let [exported] = &lines(&mira, "q=parcel").await[..] else { panic!("one conversation") };
    let entries = exported["entries"].as_array().unwrap();
    assert_eq!((&exported["id"], &exported["outcome"], &exported["times"]["reply_longest"]), (&json!(conversation), &json!("resolved"), &json!(4_000)));
    let seqs: Vec<i64> = entries.iter().map(|entry| entry["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, (1..=exported["seq"].as_i64().unwrap()).collect::<Vec<_>>(), "everything that happened, in order");
    assert!(!exported.to_string().contains("typed by mistake"));
    assert_eq!(rows(&mira, "to=2001-01-01").await, [[""; 0]; 0].map(|row| row.map(str::to_owned).to_vec()));
}

#[tokio::test]
async fn an_export_goes_through_all_pages_and_has_what_the_list_has() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    for n in 0..205 {
        app.visitor().await.open(&format!("broadband {n}")).await;
    }
    index(&app).await;
    for query in ["", "q=broadband"] {
        let exported: Vec<String> = lines(&mira, query).await.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(exported, all(&mira, query).await, "{query}");
    }
    // A table goes on with a conversation in which nothing was said.
    let mut conversations: Vec<String> = rows(&mira, "").await.into_iter().map(|row| row[0].clone()).collect();
    conversations.dedup();
    assert_eq!(conversations.len(), 205);
}

#[tokio::test]
async fn a_company_exports_its_own_and_it_is_noted() {
    let app = TestApp::new().await;
    let (ada, mira, tara) = (app.agent("ada").await, app.manager("mira").await, app.staff(Role::Administrator, "tara").await);
    let (_, conversation) = served(&app, &ada, "where is my parcel").await;
    index(&app).await;
    let beta = app.other_company("beta").await;
    let bob = app.staff_of(&beta, Role::Manager, "bob").await;
    assert!(lines(&bob, "q=parcel").await.is_empty() && lines(&bob, "").await.is_empty());
    assert_eq!(lines(&mira, "q=parcel").await[0]["id"], json!(conversation));
    let audit = tara.get("/api/v1/audit?operation=GET%20%2Fapi%2Fv1%2Frecords%2Fexport.ndjson").await.expect(200);
    assert_eq!(audit["items"][0]["request"], json!({"query": {"q": "parcel"}}), "who exported what is known");
}
