//! Blocking visitors, over HTTP and over sockets.

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::HOUR};
    use serde_json::{Value, json};
    use testkit_app::TestApp;
    use testkit_server::{Client, Realtime};

    async fn send(who: &Client, conversation: &str, body: Value) -> Value {
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::new_v4(), "body": body});
        who.post("/rt/send", json!({"token": who.token, "frames": [frame]})).await.expect(200)["frames"][0].clone()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nothing_is_taken_from_a_blocked_visitor_until_the_block_ends() {
        let app = TestApp::new().await;
        let (ada, eve, mira) = (app.agent("ada").await, app.agent("eve").await, app.manager("mira").await);
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        assert_eq!(send(&ada, &conversation, json!({"type": "take"})).await["t"], "ok");
        let path = format!("/api/v1/conversations/{conversation}/block");
        let until = app.env().now().plus(HOUR);
        for (body, field) in [(json!({"reason": " "}), "reason"), (json!({"reason": "x", "until": app.env().now()}), "until")] {
            ada.put(&path, body).await.problem_at(422, "invalid_value", field);
        }
        eve.put(&path, json!({"reason": "insults"})).await.problem(404, "not_found");

        let mut socket = Realtime::connect(&visitor).await;
        let hello = json!({"t": "hello", "version": 1, "token": visitor.session["token"], "cursors": {&conversation: null}});
        socket.send(&hello).await;
        socket.until("welcome").await;
        let blocked = ada.put(&path, json!({"reason": "insults", "until": until})).await.expect(200);
        assert_eq!((&blocked["reason"], &blocked["until"]), (&json!("insults"), &json!(until)));
        assert!(socket.find("the end", |frame| frame["t"] == "no").await["client_id"].is_null(), "its connection begins anew");

        let text = || json!({"type": "text", "text": "more"});
        assert_eq!(visitor.say(&conversation, false, text()).await["code"], "visitor_blocked");
        assert_eq!(visitor.say("cnv_00000000000000000000000000000042", true, text()).await["code"], "visitor_blocked");
        visitor.upload("/api/v1/widget/files?name=a.txt", "text/plain", b"four".to_vec()).await.problem(403, "visitor_blocked");
        let mut again = Realtime::connect(&visitor).await;
        again.send(&hello).await;
        let read = again.until("reset").await;
        assert!(!read.to_string().contains("insults"), "the customer does not read why");
        let id = uuid::Uuid::new_v4();
        again.send(&json!({"t": "send", "conversation": conversation, "client_id": id, "body": text()})).await;
        assert_eq!(again.find("an answer", |frame| frame["client_id"] == json!(id)).await["code"], "visitor_blocked");

        let detail = ada.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
        assert_eq!(detail["visitor"]["block"]["reason"], "insults");
        ada.get("/api/v1/visitor-blocks").await.problem(403, "not_permitted");
        let listed = mira.get("/api/v1/visitor-blocks").await.expect(200);
        assert_eq!((&listed["items"][0]["visitor"], &listed["next"]), (&visitor.session["visitor"], &json!(null)));
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        assert_eq!(bob.get("/api/v1/visitor-blocks").await.expect(200)["items"], json!([]));
        let one = format!("/api/v1/visitor-blocks/{}", visitor.session["visitor"].as_str().unwrap());
        bob.delete(&one).await.problem(404, "not_found");

        app.clock.advance(HOUR);
        assert_eq!(visitor.say(&conversation, false, text()).await["t"], "ok", "it ends by itself");
        assert_eq!(mira.get("/api/v1/visitor-blocks").await.expect(200)["items"], json!([]));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_block_is_lifted_in_the_conversation_or_from_the_list_and_the_staff_read_of_it() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        let path = format!("/api/v1/conversations/{conversation}/block");
        let one = format!("/api/v1/visitor-blocks/{}", visitor.session["visitor"].as_str().unwrap());
        for lift in [&path, &one] {
            assert_eq!(mira.put(&path, json!({"reason": "spam"})).await.expect(200)["until"], json!(null));
            assert_eq!(visitor.say(&conversation, false, json!({"type": "text", "text": "a"})).await["code"], "visitor_blocked");
            assert_eq!(mira.delete(lift).await.status.as_u16(), 204);
            assert_eq!(visitor.say(&conversation, false, json!({"type": "text", "text": "b"})).await["t"], "ok");
            mira.delete(lift).await.problem(404, "not_found");
        }
        let get = json!({"t": "get", "stream": conversation, "from": 1, "to": 99});
        let frames = mira.post("/rt/send", json!({"frames": [get]})).await.expect(200);
        let entries = frames["frames"][0]["entries"].as_array().unwrap();
        let count = |kind: &str| entries.iter().filter(|entry| entry["kind"] == kind && entry["audience"] == "staff").count();
        assert_eq!((count("visitor_blocked"), count("visitor_unblocked")), (2, 2));
        assert_eq!(app.acts_of("PUT /api/v1/conversations/{id}/block").await.len(), 2, "the audit has it");
    }
}
