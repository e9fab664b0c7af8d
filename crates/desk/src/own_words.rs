//! Quoting, taking back and correcting what was said, over HTTP.

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use db::journal;
    use domain::{
        conversation::{RECALL_WINDOW_MS, Said},
        handoff_reason::HandoffReason,
        id::ConversationId,
        journal::View,
    };
    use serde_json::{Value, json};
    use service::bot_turn;
    use testkit_app::{StaffClient, TestApp, VisitorClient};
    use testkit_server::{Client, Realtime};

    /// What somebody sends in a conversation, and the server's answer to it.
    async fn send(who: &Client, conversation: &str, body: Value) -> Value {
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::new_v4(), "body": body});
        who.post("/rt/send", json!({"token": who.token, "frames": [frame]})).await.expect(200)["frames"][0].clone()
    }

    /// What somebody reads of a conversation.
    async fn read(who: &Client, conversation: &str) -> Vec<Value> {
        let get = json!({"t": "get", "stream": conversation, "from": 1, "to": 99});
        who.post("/rt/send", json!({"token": who.token, "frames": [get]})).await.expect(200)["frames"][0]["entries"].as_array().cloned().unwrap_or_default()
    }

    async fn entry(who: &Client, conversation: &str, seq: &Value) -> Value {
        read(who, conversation).await.into_iter().find(|entry| entry["seq"] == *seq).unwrap()
    }

    fn of_kind<'a>(entries: &'a [Value], kind: &str) -> Vec<&'a Value> {
        entries.iter().filter(|entry| entry["kind"] == kind).collect()
    }

    /// A conversation that this agent serves, and its customer.
    async fn serve_one(app: &TestApp, agent: &StaffClient) -> (VisitorClient, String) {
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        for body in [json!({"type": "take"}), json!({"type": "text", "text": "Hello"})] {
            assert_eq!(send(agent, &conversation, body).await["t"], "ok");
        }
        (visitor, conversation)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_taken_back_is_gone_for_everybody() {
        let app = TestApp::new().await;
        let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
        let (visitor, conversation) = serve_one(&app, &ada).await;
        let said = send(&ada, &conversation, json!({"type": "text", "text": "The code is zebra"})).await["seq"].clone();
        let note = send(&ada, &conversation, json!({"type": "note", "text": "secret note"})).await["seq"].clone();
        let before = read(&visitor, &conversation).await.len();
        for (who, of, code) in [(&mira, &said, "not_own_words"), (&ada, &json!(999), "message_unknown"), (&ada, &json!(1), "message_unknown")] {
            assert_eq!(send(who, &conversation, json!({"type": "recall", "of": of})).await["code"], code);
        }
        assert_eq!(send(&visitor, &conversation, json!({"type": "recall", "of": before})).await["code"], "not_own_words", "the agent's last message");

        for of in [&said, &note] {
            assert_eq!(send(&ada, &conversation, json!({"type": "recall", "of": of})).await["t"], "ok");
            let gone = entry(&mira, &conversation, of).await;
            assert_eq!((&gone["body"], &gone["gone"]), (&Value::Null, &json!("recalled")));
            assert_eq!(send(&ada, &conversation, json!({"type": "recall", "of": of})).await["code"], "words_gone");
        }
        let seen = read(&visitor, &conversation).await;
        assert_eq!(seen.len(), before + 1, "the customer is told of the message, not of the note");
        assert_eq!(of_kind(&seen, "recalled")[0]["body"], json!({"entry": before}));
        assert!(!json!(seen).to_string().contains("zebra"));
        let staff = read(&mira, &conversation).await;
        assert_eq!(of_kind(&staff, "recalled")[0]["body"], json!({"entry": before, "of": said}));
        assert!(!json!(staff).to_string().contains("zebra") && !json!(staff).to_string().contains("secret note"));
        let row = ada.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
        assert_eq!(row["preview"]["text"], "Hello", "the last words that are left");
        assert!(!row.to_string().contains("zebra"), "not in the lists either");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn open_lists_are_told_of_words_that_are_gone_or_others_now() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let (visitor, conversation) = serve_one(&app, &ada).await;
        let mut desk = Realtime::connect(&ada).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}, "lists": ["mine"]})).await;
        desk.until("lists").await;
        let mut told = async |words: &str| desk.find(words, |frame| frame["t"] == "summary" && frame["conversation"]["preview"]["text"] == words).await;
        let said = send(&ada, &conversation, json!({"type": "text", "text": "On Monday"})).await["seq"].clone();
        told("On Monday").await;
        assert_eq!(send(&ada, &conversation, json!({"type": "correct", "of": said, "text": "On Tuesday"})).await["t"], "ok");
        told("On Tuesday").await;
        visitor.say(&conversation, false, json!({"type": "text", "text": "My code is 4711"})).await;
        told("My code is 4711").await;
        let of = read(&visitor, &conversation).await.last().unwrap()["seq"].clone();
        assert_eq!(send(&visitor, &conversation, json!({"type": "recall", "of": of})).await["t"], "ok");
        told("On Tuesday").await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_send_is_repeated_after_its_words_were_taken_back_and_gets_the_same_numbers() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let (_, conversation) = serve_one(&app, &ada).await;
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::new_v4(), "body": {"type": "text", "text": "oops"}});
        let again = async || ada.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0].clone();
        let first = again().await;
        assert_eq!(send(&ada, &conversation, json!({"type": "recall", "of": first["seq"]})).await["t"], "ok");
        let second = again().await;
        assert_eq!((&second["t"], &second["seq"]), (&json!("ok"), &first["seq"]));
        assert_eq!(entry(&ada, &conversation, &first["seq"]).await["gone"], "recalled");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_note_that_is_taken_back_calls_nobody() {
        let app = TestApp::new().await;
        let (ada, bob, eve) = (app.agent("ada").await, app.agent("bob").await, app.agent("eve").await);
        let (_, conversation) = serve_one(&app, &ada).await;
        let ids = [&bob, &eve].map(|one| one.member.id.to_string());
        let note = send(&ada, &conversation, json!({"type": "note", "text": "@bob @eve look", "mentions": ids})).await["seq"].clone();
        let mentions = async |who: &StaffClient| who.get("/api/v1/mentions").await.expect(200)["items"].as_array().unwrap().len();
        let path = format!("/api/v1/conversations/{conversation}");
        bob.get(&path).await.expect(200);
        assert_eq!((mentions(&bob).await, mentions(&eve).await), (1, 1));
        assert_eq!(send(&ada, &conversation, json!({"type": "correct", "of": note, "text": "@eve look"})).await["t"], "ok");
        bob.get(&path).await.problem(404, "not_found");
        assert_eq!((mentions(&bob).await, mentions(&eve).await), (0, 1));
        assert_eq!(send(&ada, &conversation, json!({"type": "recall", "of": note})).await["t"], "ok");
        eve.get(&path).await.problem(404, "not_found");
        assert_eq!(mentions(&eve).await, 0);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn words_of_danger_that_are_taken_back_alert_the_staff_without_the_words() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let (visitor, conversation) = serve_one(&app, &ada).await;
        let said = visitor.say(&conversation, false, json!({"type": "text", "text": "I want to kill myself"})).await["seq"].clone();
        assert_eq!(send(&visitor, &conversation, json!({"type": "recall", "of": said})).await["t"], "ok");
        app.hear().await;
        let alerts = ada.get("/api/v1/alerts").await.expect(200)["items"].clone();
        assert_eq!((alerts.as_array().unwrap().len(), &alerts[0]["conversation"], &alerts[0]["text"]), (1, &json!(conversation), &json!("")));
        let reply = send(&ada, &conversation, json!({"type": "text", "text": "."})).await["seq"].clone();
        assert_eq!(send(&ada, &conversation, json!({"type": "recall", "of": reply})).await["code"], "reply_settles");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_bot_says_remembers_and_hands_over_nothing_for_words_that_were_taken_back() {
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        app.bot_is_done().await;
        let (db, tenant) = (app.app().db(), app.company.tenant);
        let id: ConversationId = conversation.parse().unwrap();
        let found = async || store::conversations::get(&mut db.read_of(tenant).await.unwrap(), tenant, id).await.unwrap();
        let said = visitor.say(&conversation, false, json!({"type": "text", "text": "my card is 6222"})).await["seq"].clone();
        app.bot_is_done().await;
        let before = found().await;
        let entries = journal::page(&mut db.read().await.unwrap(), tenant, before.stream(), View::Staff, 0, 99).await.unwrap();
        let of = entries.iter().find(|entry| json!(entry.pseq) == said).unwrap().seq;
        let transcript = async |until| {
            let told = app.app().bots().transcripts().before(&mut db.read_of(tenant).await.unwrap(), &found().await, until).await.unwrap();
            format!("{told:?}")
        };
        assert!(transcript(of + 1).await.contains("6222"));
        assert_eq!(send(&visitor, &conversation, json!({"type": "recall", "of": said})).await["t"], "ok");
        let after = found().await;
        bot_turn::say(db, &Arc::new(before.clone()), of, Box::new(Said::text("an answer"))).await;
        for c in [before, after.clone()] {
            bot_turn::remember(db, &c, of, bot::Thread::default()).await.unwrap();
            bot_turn::hand_over(db, &c, of, HandoffReason::Asked).await.unwrap();
            bot_turn::raise_alarm(db, &c, of, of, Box::new(Said::text("help"))).await.unwrap();
        }
        assert_eq!(store::bot_threads::get(&mut db.read().await.unwrap(), &after).await.unwrap(), None);
        assert_eq!(found().await, after, "neither handed over nor alarmed");
        assert!(!transcript(of + 9).await.contains("6222"), "nor is it kept in memory");
        assert!(!json!(read(&visitor, &conversation).await).to_string().contains("an answer"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn after_two_minutes_and_after_the_end_nothing_is_taken_back() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let (visitor, conversation) = serve_one(&app, &ada).await;
        let said = send(&ada, &conversation, json!({"type": "text", "text": "a"})).await["seq"].clone();
        let theirs = visitor.say(&conversation, false, json!({"type": "text", "text": "my card number"})).await["seq"].clone();
        app.clock.advance(RECALL_WINDOW_MS);
        assert_eq!(send(&visitor, &conversation, json!({"type": "recall", "of": theirs})).await["t"], "ok", "customers may, too");
        assert!(!json!(read(&ada, &conversation).await).to_string().contains("my card number"));
        app.clock.advance(1);
        assert_eq!(send(&ada, &conversation, json!({"type": "recall", "of": said})).await["code"], "recall_too_late");
        let last = send(&ada, &conversation, json!({"type": "text", "text": "b"})).await["seq"].clone();
        assert_eq!(send(&ada, &conversation, json!({"type": "resolve"})).await["t"], "ok");
        assert_eq!(send(&ada, &conversation, json!({"type": "recall", "of": last})).await["code"], "already_ended");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_file_of_a_message_goes_with_it_unless_something_else_shows_it() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let (visitor, conversation) = serve_one(&app, &ada).await;
        let upload = async || {
            let file = ada.upload("/api/v1/files?name=a.txt", "text/plain", b"four".to_vec()).await.expect(201);
            file["id"].as_str().unwrap().to_owned()
        };
        let (alone, shared) = (upload().await, upload().await);
        let path = |file: &str| format!("/api/v1/files/{file}");
        let mut said = Vec::new();
        for file in [&alone, &shared] {
            said.push(send(&ada, &conversation, json!({"type": "file", "file": file})).await["seq"].clone());
            visitor.get(&path(file)).await.expect_bytes(b"four");
        }
        assert_eq!(send(&ada, &conversation, json!({"type": "note", "text": "kept", "files": [shared]})).await["t"], "ok");
        for of in said {
            assert_eq!(send(&ada, &conversation, json!({"type": "recall", "of": of})).await["t"], "ok");
        }
        for file in [&alone, &shared] {
            visitor.get(&path(file)).await.problem(404, "not_found");
        }
        ada.get(&path(&alone)).await.problem(404, "not_found");
        ada.get(&path(&shared)).await.expect_bytes(b"four");
        let kept = app.data().join("files").join(app.company.tenant.uuid().as_simple().to_string());
        assert_eq!(std::fs::read_dir(&kept).unwrap().count(), 2);
        crate::jobs::forget_uploads::step(app.app()).await.unwrap();
        assert_eq!(std::fs::read_dir(&kept).unwrap().count(), 1, "what nobody may fetch is not kept");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_quote_names_a_message_and_the_customer_learns_of_no_note_by_it() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let (visitor, conversation) = serve_one(&app, &ada).await;
        let note = send(&ada, &conversation, json!({"type": "note", "text": "secret"})).await["seq"].clone();
        let asked = visitor.say(&conversation, false, json!({"type": "text", "text": "When?"})).await["seq"].clone();
        let seen = of_kind(&read(&ada, &conversation).await, "message").last().unwrap()["seq"].clone();
        assert_ne!(asked, seen, "the two sides count differently");

        let reply = |quote: &Value| send(&ada, &conversation, json!({"type": "text", "text": "Monday", "quote": quote}));
        assert_eq!(reply(&note).await["code"], "quote_staff_only");
        assert_eq!(reply(&json!(1)).await["code"], "message_unknown");
        let replied = reply(&seen).await["seq"].clone();
        assert_eq!(entry(&ada, &conversation, &replied).await["body"]["quote_of"], seen);
        let read_by_customer = read(&visitor, &conversation).await;
        let body = &read_by_customer.last().unwrap()["body"];
        assert_eq!((&body["quote"], &body["quote_of"]), (&asked, &Value::Null));

        let noted = send(&ada, &conversation, json!({"type": "note", "text": "see", "quote": note})).await["seq"].clone();
        assert_eq!(entry(&ada, &conversation, &noted).await["body"]["quote_of"], note);
        for number in 0..=read_by_customer.len() + 3 {
            let quote = json!({"type": "text", "text": "this", "quote": number});
            let code = send(&visitor, &conversation, quote).await["code"].clone();
            assert!(code.is_null() || code == "message_unknown", "{code}: no answer depends on a note");
        }
        assert_eq!(send(&ada, &conversation, json!({"type": "recall", "of": replied})).await["t"], "ok");
        let late = reply(&replied).await["seq"].clone();
        assert_eq!(entry(&ada, &conversation, &late).await["body"]["quote_of"], replied, "it was taken back while somebody was answering it");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_correction_is_read_by_everybody_and_what_was_said_first_by_the_staff() {
        let app = TestApp::new().await;
        let (ada, mira) = (app.agent("ada").await, app.manager("mira").await);
        let (visitor, conversation) = serve_one(&app, &ada).await;
        let said = send(&ada, &conversation, json!({"type": "text", "text": "It comes on Tuesday"})).await["seq"].clone();
        let correct = |who: &'static str, text: &'static str| {
            let who = if who == "ada" { &ada } else { &mira };
            send(who, &conversation, json!({"type": "correct", "of": said, "text": text}))
        };
        assert_eq!(correct("mira", "x").await["code"], "not_own_words");
        assert_eq!(correct("ada", "").await["code"], "text_empty");
        assert_eq!(send(&visitor, &conversation, json!({"type": "correct", "of": 2, "text": "x"})).await["code"], "not_permitted");
        assert_eq!(correct("ada", "It comes on Monday").await["t"], "ok");
        assert_eq!(correct("ada", "It comes on Monday").await["code"], "conflict");

        let now = entry(&mira, &conversation, &said).await;
        assert_eq!(now["body"]["text"], "It comes on Monday");
        assert!(now["body"]["corrected_at"].is_i64());
        let seen = read(&visitor, &conversation).await;
        assert!(!json!(seen).to_string().contains("Tuesday"));
        assert_eq!(of_kind(&seen, "corrected")[0]["body"]["text"], "It comes on Monday");
        let staff = read(&mira, &conversation).await;
        assert_eq!(of_kind(&staff, "corrected")[0]["body"]["before"], "It comes on Tuesday");
        let listed = mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
        assert!(!listed.to_string().contains("Tuesday"));

        assert_eq!(send(&ada, &conversation, json!({"type": "recall", "of": said})).await["t"], "ok");
        let all = json!(read(&mira, &conversation).await).to_string();
        assert!(!all.contains("Tuesday") && !all.contains("Monday"), "its corrections go with it");
    }
}
