//! What agents do with conversations, over HTTP.

#[cfg(test)]
mod tests {

    use domain::staff::Role;
    use http_kit::App;
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp, VisitorClient};
    use testkit_server::Realtime;

    /// What a member of the staff sends in a conversation, and the server's answer to it.
    async fn send(who: &StaffClient, conversation: &str, body: Value) -> Value {
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::new_v4(), "body": body});
        who.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0].clone()
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

    async fn row(who: &StaffClient, conversation: &str) -> Value {
        let path = format!("/api/v1/conversations/{conversation}");
        who.get(&path).await.expect(200)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_agent_shows_a_product_and_only_who_serves_the_customer_can() {
        let app = TestApp::with_demo().await;
        let demo = app.demo().await;
        let (ada, eve, visitor) = (app.staff_of(&demo, Role::Agent, "ada").await, app.staff_of(&demo, Role::Agent, "eve").await, app.visitor_of(&demo).await);
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        assert_eq!(send(&ada, &conversation, json!({"type": "take"})).await["t"], "ok");
        let card = json!({"type": "product", "product": "g-001"});
        assert_eq!(send(&ada, &conversation, card.clone()).await["t"], "ok");
        assert_eq!(send(&ada, &conversation, json!({"type": "product", "product": "nothing"})).await["code"], "product_unknown");
        assert_eq!(send(&eve, &conversation, card).await["t"], "no");
        let product = app.get("/api/v1/sites/demo/goods/g-001").await.expect(200);
        let page = visitor.get(&format!("/api/v1/widget/conversations/{conversation}/transcript?lang=zh-CN")).await;
        let page = String::from_utf8(page.body.clone()).unwrap();
        assert_eq!(page.matches(product["name"]["zh"].as_str().unwrap()).count(), 1, "{page}");
        let seen = row(&ada, &conversation).await;
        assert_eq!((&seen["product"], &seen["waiting_since"]), (&json!(null), &json!(null)), "it is a reply, and the customer does not look at it");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_conversation_is_set_aside_until_somebody_speaks_or_its_time_comes() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.agent("ada").await, app.agent("eve").await);
        let (visitor, conversation) = serve_one(&app, &ada).await;
        let now = || app.env().now().0;
        let hour = 3_600_000;

        assert_eq!(send(&ada, &conversation, json!({"type": "hold"})).await["t"], "ok");
        let held = row(&ada, &conversation).await;
        assert_eq!((&held["state"], &held["paused_at"]), (&json!("on_hold"), &json!(now())));
        visitor.say(&conversation, false, json!({"type": "text", "text": "And?"})).await;
        let spoken = row(&ada, &conversation).await;
        assert_eq!((&spoken["state"], &spoken["paused_at"]), (&json!("active"), &json!(null)));

        for (until, code) in [(now(), "snooze_until_past"), (now() + 91 * 24 * hour, "snooze_until_too_far")] {
            assert_eq!(send(&ada, &conversation, json!({"type": "snooze", "until": until})).await["code"], code);
        }
        assert_ne!(send(&eve, &conversation, json!({"type": "snooze", "until": now() + hour})).await["t"], "ok");
        assert_eq!(send(&ada, &conversation, json!({"type": "wake"})).await["code"], "not_paused");
        let until = now() + hour;
        assert_eq!(send(&ada, &conversation, json!({"type": "snooze", "until": until})).await["t"], "ok");
        let snoozed = row(&ada, &conversation).await;
        assert_eq!((&snoozed["state"], &snoozed["due_at"]), (&json!("snoozed"), &json!(until)));

        sweep(app.app()).await;
        assert_eq!(row(&ada, &conversation).await["state"], "snoozed", "its time has not come");
        app.clock.advance(hour);
        sweep(app.app()).await;
        let woken = row(&ada, &conversation).await;
        assert_eq!((&woken["state"], &woken["paused_at"]), (&json!("active"), &json!(until)));
        assert_eq!(send(&ada, &conversation, json!({"type": "text", "text": "Here it is"})).await["t"], "ok");
        assert_eq!(row(&ada, &conversation).await["paused_at"], json!(null));
    }

    async fn sweep(app: &App) {
        crate::jobs::sweep_conversations::step(app).await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_conversation_is_labelled_and_a_label_in_use_is_archived_instead_of_deleted() {
        let app = TestApp::new().await;
        let (root, ada) = (app.staff(Role::Administrator, "root").await, app.agent("ada").await);
        let refund = json!({"name": {"zh": "退费", "en": "Refund"}, "colour": "warn"});
        ada.post("/api/v1/labels", refund.clone()).await.problem(403, "not_permitted");
        let label = root.post("/api/v1/labels", refund.clone()).await.expect(201);
        root.post("/api/v1/labels", refund).await.problem_at(409, "label_name_taken", "name");
        let other = root.post("/api/v1/labels", json!({"name": {"zh": "投诉"}, "colour": "hot"})).await.expect(201);
        let (id, path) = (&label["id"], format!("/api/v1/labels/{}", label["id"].as_str().unwrap()));

        let (_visitor, conversation) = serve_one(&app, &ada).await;
        let give = |labels: Value| send(&ada, &conversation, json!({"type": "label", "labels": labels}));
        let mut desk = Realtime::connect(&ada).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}, "lists": ["mine"]})).await;
        desk.until("lists").await;
        assert_eq!(give(json!([id, id])).await["t"], "ok");
        let told = desk.find("its row in the list", |frame| frame["t"] == "summary").await;
        assert_eq!(told["conversation"]["labels"][0]["id"], *id);
        let row = row(&ada, &conversation).await;
        assert_eq!((&row["labels"][0]["name"]["zh"], row["labels"].as_array().unwrap().len()), (&json!("退费"), 1));
        assert_eq!(ada.get("/api/v1/labels").await.expect(200)["likely"], json!([id]));
        assert_eq!(give(json!([id])).await["code"], "conflict", "nothing changes");
        assert_eq!(give(json!(vec!["lbl_00000000000000000000000000000009"; 11])).await["code"], "too_many_labels_given");
        assert_eq!(give(json!([id, "lbl_00000000000000000000000000000009"])).await["code"], "label_unknown");

        root.delete(&path).await.problem(409, "label_in_use");
        let archived = root.patch(&path, json!({"archived": true, "seen": label["updated_at"]})).await.expect(200);
        assert!(archived["archived_at"].is_i64());
        assert_eq!(ada.get("/api/v1/labels").await.expect(200)["likely"], json!([]));
        assert_eq!(give(json!([id, other["id"]])).await["t"], "ok", "what it has, it keeps");
        assert_eq!(give(json!([other["id"]])).await["t"], "ok");
        assert_eq!(give(json!([id])).await["code"], "label_unknown", "what is archived is not given any more");
        assert_eq!(root.delete(&path).await.status.as_u16(), 204);

        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        assert_eq!(bob.get("/api/v1/labels").await.expect(200)["items"], json!([]));
        let theirs = format!("/api/v1/labels/{}", other["id"].as_str().unwrap());
        bob.delete(&theirs).await.problem(404, "not_found");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_note_calls_a_colleague_who_may_read_the_conversation_while_it_is_open() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.agent("ada").await, app.agent("eve").await);
        let editor = app.staff(Role::KnowledgeEditor, "kim").await;
        let kay = app.agent("kay").await;
        let (_visitor, conversation) = serve_one(&app, &ada).await;
        let path = format!("/api/v1/conversations/{conversation}");
        eve.get(&path).await.problem(404, "not_found");
        let id_of = async |who: &StaffClient| who.get("/api/v1/me").await.expect(200)["agent"].clone();
        let note = async |mentions: Value| send(&ada, &conversation, json!({"type": "note", "text": "@eve look", "mentions": mentions})).await;

        let nobody = "agt_00000000000000000000000000000009";
        for unknown in [json!([nobody]), json!([id_of(&editor).await]), json!([id_of(&eve).await, nobody])] {
            assert_eq!(note(unknown).await["code"], "mention_unknown");
        }
        assert_eq!(note(json!(vec![nobody; 11])).await["code"], "too_many_mentions");
        assert_eq!(eve.get("/api/v1/mentions").await.expect(200), json!({"items": [], "unseen": 0}), "nobody was called");

        let noted = note(json!([id_of(&eve).await])).await;
        assert_eq!(noted["t"], "ok");
        let called = eve.get("/api/v1/mentions").await.expect(200);
        let first = &called["items"][0];
        assert_eq!(
            (&called["unseen"], &first["conversation"], &first["seq"], &first["text"]),
            (&json!(1), &json!(conversation), &noted["seq"], &json!("@eve look"))
        );
        eve.get(&path).await.expect(200);
        assert_ne!(send(&eve, &conversation, json!({"type": "text", "text": "hi"})).await["t"], "ok", "reading is not serving");
        assert_eq!(send(&eve, &conversation, json!({"type": "note", "text": "I looked"})).await["t"], "ok", "a note is answered with a note");
        assert_ne!(send(&kay, &conversation, json!({"type": "note", "text": "me too"})).await["t"], "ok", "nobody called them");
        eve.post("/api/v1/mentions/seen", json!({"conversation": conversation})).await.expect(204);
        assert_eq!(eve.get("/api/v1/mentions").await.expect(200)["unseen"], 0);
        assert_eq!(ada.get("/api/v1/mentions").await.expect(200)["items"], json!([]));

        assert_eq!(send(&ada, &conversation, json!({"type": "resolve"})).await["t"], "ok");
        eve.get(&path).await.problem(404, "not_found");
        assert_eq!(eve.get("/api/v1/mentions").await.expect(200)["items"], json!([]));
    }
}
