//! From the bot to a person and back: offers, the packet, and the bot's second turn.

use serde_json::{Value, json};
use testkit::eventually;
use testkit_app::{StaffClient, TestApp, VisitorClient};

use crate::stories::people::{as_customer, entries, entry, first, hello, new_conversation, post, send, staff_socket, text, visitor_socket, working_agent};

/// What the bot said last, once it has answered everything.
async fn bot_said(app: &TestApp, visitor: &VisitorClient, conversation: &str) -> Value {
    app.bot_is_done().await;
    let read = as_customer(visitor, conversation).await;
    read.iter().rfind(|entry| entry["kind"] == "message" && entry["by"]["kind"] == "bot").unwrap()["body"].clone()
}

/// The entries of a kind in a conversation, as the staff read it.
async fn of_kind(who: &StaffClient, conversation: &str, kind: &str) -> Vec<Value> {
    let mut socket = staff_socket(who, &[]).await;
    socket.send(&hello(&[conversation])).await;
    let reset = socket.until("reset").await;
    entries(&reset).into_iter().filter(|entry| entry["kind"] == kind).collect()
}

async fn story(app: TestApp) {
    let (ada, mut desk) = working_agent(&app, "ada").await;
    let (visitor, conversation) = (app.visitor().await, new_conversation());
    let mut widget = visitor_socket(&visitor, &visitor.session).await;
    post(&visitor, vec![first(&conversation, text("what about the purple elephant tariff"))]).await;
    widget.send(&json!({"t": "hello", "version": 1, "token": visitor.token, "cursors": {&conversation: 0}})).await;
    let miss = bot_said(&app, &visitor, &conversation).await;
    assert_eq!((&miss["outcome"], miss["text"].as_str().unwrap().contains("Shall I get a person")), (&json!("no_answer"), false));
    post(&visitor, vec![send(&conversation, text("and how tall is the lighthouse keeper"))]).await;
    let offer = bot_said(&app, &visitor, &conversation).await;
    assert_eq!((&offer["offer_human"], offer["text"].as_str().unwrap().contains("Shall I get a person")), (&json!(true), true), "{offer}");
    // A "yes" to the offer is a request.
    post(&visitor, vec![send(&conversation, text("yes please"))]).await;
    entry(&mut widget, "assigned").await;
    let seen = as_customer(&visitor, &conversation).await;
    assert!(seen.iter().all(|entry| entry["kind"] != "handoff"), "the packet is for the staff");
    let packet = of_kind(&ada, &conversation, "handoff").await;
    let body = &packet[0]["body"];
    assert_eq!((packet.len(), &body["reason"], &packet[0]["audience"]), (1, &json!("misses"), &json!("staff")));
    assert_eq!(body["summary"]["en"], "The customer asked 2 questions; the bot had an answer to none of them.");
    assert_eq!((body["turns"].as_array().unwrap().len(), &body["turns"][1]["outcome"]), (3, &json!("no_answer")));

    desk.send(&send(&conversation, text("Hello, I am Ada"))).await;
    entry(&mut widget, "message").await;
    // A message that nobody answers any more: it was not for the bot.
    post(&visitor, vec![send(&conversation, text("what about the purple elephant tariff"))]).await;
    desk.send(&send(&conversation, json!({"type": "hand_back"}))).await;
    let told = entry(&mut widget, "handed_back").await;
    assert_eq!(told["by"]["name"], "ada");
    let before = bot_said(&app, &visitor, &conversation).await;
    post(&visitor, vec![send(&conversation, text("is there a moon tariff"))]).await;
    let again = eventually("the bot's answer", || async {
        let said = bot_said(&app, &visitor, &conversation).await;
        (said["ord"] != before["ord"]).then_some(said)
    })
    .await;
    assert_eq!((&again["outcome"], again["text"].as_str().unwrap().contains("Shall I get a person")), (&json!("no_answer"), false), "it counts anew: {again}");
    let read = as_customer(&visitor, &conversation).await;
    let back = read.iter().position(|entry| entry["kind"] == "handed_back").unwrap();
    assert_eq!(read[back..].iter().filter(|entry| entry["by"]["kind"] == "bot").count(), 1, "only what was said since: {read:?}");

    // The agent takes it over again, and nobody else can.
    let eve = app.agent("eve").await;
    let refused = post(&eve, vec![send(&conversation, json!({"type": "take"}))]).await;
    assert_eq!(refused[0]["code"], "not_found");
    assert_eq!(post(&ada, vec![send(&conversation, json!({"type": "take"}))]).await[0]["t"], "ok");
    let now = ada.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
    assert_eq!((&now["state"], &now["agent"]["name"]), (&json!("active"), &json!("ada")));
    assert_eq!(post(&ada, vec![send(&conversation, json!({"type": "hand_back"}))]).await[0]["t"], "ok");
    assert_eq!(post(&ada, vec![send(&conversation, json!({"type": "hand_back"}))]).await[0]["code"], "not_active");
    post(&visitor, vec![send(&conversation, json!({"type": "end"}))]).await;
    let ended = ada.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
    assert_eq!(ended["episodes"][0]["outcome"], "resolved", "a person served it");

    app.feed_panel().await;
    let panel = app.manager("grace").await.get("/api/v1/panel").await.expect(200);
    for (key, count) in [("session_transferred", 1), ("transfer_request", 1), ("dialogue", 3), ("handled", 2)] {
        assert_eq!(panel["today"][key], count, "{key}: {panel}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_offers_a_person_who_is_told_what_happened_and_hands_back() {
    story(TestApp::new().await).await;
    if let Some(app) = TestApp::on_postgres().await {
        story(app).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn anger_is_offered_a_person_once_and_the_button_says_so() {
    let app = TestApp::new().await;
    let (visitor, conversation) = (app.visitor().await, new_conversation());
    post(&visitor, vec![first(&conversation, text("this is ridiculous, where is my lighthouse"))]).await;
    let offer = bot_said(&app, &visitor, &conversation).await;
    assert!(offer["text"].as_str().unwrap().starts_with("I am sorry for the trouble"), "{offer}");
    post(&visitor, vec![send(&conversation, json!({"type": "request_human", "via": "button"}))]).await;
    let mira = app.manager("mira").await;
    assert_eq!(of_kind(&mira, &conversation, "handoff").await[0]["body"]["reason"], "mood");
    let waiting = mira.get("/api/v1/conversations?list=queue").await.expect(200);
    assert_eq!((&waiting["items"][0]["wait"]["why"], &waiting["items"][0]["wait"]["reason"]), (&json!("mood"), &json!("button")));
    app.stop().await;
}

/// The alerts that nobody has acknowledged.
async fn alerts(who: &StaffClient) -> Value {
    who.get("/api/v1/alerts").await.expect(200)["items"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_danger_while_nobody_is_there_is_told_where_to_find_help_and_found_by_the_staff() {
    let app = TestApp::new().await;
    let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
    close(&app, &mira).await;
    let visitor = app.visitor().await;
    let conversation = visitor.open("I want to kill myself").await;
    eventually("an alert", || async { (alerts(&ada).await != json!([])).then_some(()) }).await;
    assert_eq!(alerts(&ada).await[0]["state"], "bot");
    let told = bot_said(&app, &visitor, &conversation).await;
    assert_eq!(told["outcome"], "danger");
    assert!(told["text"].as_str().unwrap().contains("emergency number"), "{told}");
    // An agent may read it, and has it from the first words on.
    assert_eq!(ada.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200)["state"], "bot");
    assert_eq!(post(&ada, vec![send(&conversation, text("I am here"))]).await[0]["t"], "ok");
    assert_eq!(alerts(&ada).await, json!([]));
    let now = ada.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
    assert_eq!((&now["state"], &now["agent"]["name"]), (&json!("active"), &json!("ada")));
    assert_eq!(mira.get("/api/v1/knowledge/unanswered").await.expect(200)["items"], json!([]), "nobody is asked to teach the bot an answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_be_in_danger_is_told_where_to_find_help_and_asked_whether_a_person_is_wanted() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let lines = include_str!("../../../../bot-lab/tests/data/unseen/danger.en.jsonl").lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut words = lines.map(|line| line["text"].as_str().unwrap().to_owned());
    let possible = words.find(|words| bot::human::may_be_danger(words) && !bot::human::is_danger(words)).unwrap();
    let visitor = app.visitor().await;
    let conversation = visitor.open(&possible).await;
    let told = bot_said(&app, &visitor, &conversation).await;
    let words = told["text"].as_str().unwrap();
    assert!(words.contains("emergency number") && words.contains("Shall I get a person"), "{possible}: {told}");
    assert_eq!((&told["outcome"], &told["offer_human"]), (&json!("small_talk"), &json!(true)));
    assert_eq!(alerts(&mira).await, json!([]));
    assert_eq!(mira.get("/api/v1/knowledge/unanswered").await.expect(200)["items"], json!([]), "nobody is asked to teach the bot an answer");
    post(&visitor, vec![send(&conversation, text("yes please"))]).await;
    eventually("a person", || async {
        let now = mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
        (now["state"] != "bot").then_some(())
    })
    .await;
    // Whoever may be in danger and wants a person is urgent, and the packet says why.
    assert_eq!(of_kind(&mira, &conversation, "handoff").await[0]["body"]["reason"], "danger");
    let worrying = || async { alerts(&mira).await.as_array().unwrap().iter().filter(|alert| alert["text"] == possible.as_str()).count() };
    assert_eq!(worrying().await, 1, "what is shown is what was worrying, not the yes");
    // The button below it asks for a person and is no alarm, but the packet says what was worrying.
    let (other, second) = (app.visitor().await, new_conversation());
    post(&other, vec![first(&second, text(&possible))]).await;
    bot_said(&app, &other, &second).await;
    post(&other, vec![send(&second, json!({"type": "request_human", "via": "button"}))]).await;
    assert_eq!(of_kind(&mira, &second, "handoff").await[0]["body"]["reason"], "danger");
    assert_eq!(worrying().await, 1);
    // A plain request is as good as a yes, and so is a message where nobody is there.
    let ways = [text("yes, I want to talk to a real person"), json!({"type": "leave_message", "text": "please call me"})];
    for (n, way) in ways.into_iter().enumerate() {
        if way["type"] == "leave_message" {
            close(&app, &mira).await;
        }
        let other = app.visitor().await;
        let second = other.open(&possible).await;
        bot_said(&app, &other, &second).await;
        post(&other, vec![send(&second, way.clone())]).await;
        eventually("an alert", || async { (worrying().await == n + 2).then_some(()) }).await;
    }
}

/// From now on nobody is there.
async fn close(app: &TestApp, mira: &StaffClient) {
    let queue = mira.get("/api/v1/queues").await.expect(200)["items"][0].clone();
    let never = json!({"mon": [], "tue": [], "wed": [], "thu": [], "fri": [], "sat": [], "sun": []});
    let hours = json!({"week": never, "days": [], "answer_within_h": 2});
    mira.patch(&format!("/api/v1/queues/{}", app.company.queue), json!({"hours": hours, "seen": queue["updated_at"]})).await.expect(200);
}

/// How often the bot has spoken in a conversation.
async fn words_of_the_bot(visitor: &VisitorClient, conversation: &str) -> usize {
    as_customer(visitor, conversation).await.iter().filter(|entry| entry["kind"] == "message" && entry["by"]["kind"] == "bot").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn danger_is_heard_while_a_customer_waits_and_while_an_agent_serves_and_the_bot_says_nothing() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let (visitor, conversation) = (app.visitor().await, new_conversation());
    post(&visitor, vec![first(&conversation, json!({"type": "request_human", "via": "button"}))]).await;
    let silent = words_of_the_bot(&visitor, &conversation).await;
    post(&visitor, vec![send(&conversation, text("this queue is killing me, lol"))]).await;
    post(&visitor, vec![send(&conversation, text("I want to kill myself"))]).await;
    app.hear().await;
    let raised = alerts(&mira).await;
    assert_eq!((raised.as_array().unwrap().len(), &raised[0]["state"]), (1, &json!("queued")), "{raised}");

    // The agent's first words acknowledge it.
    let (ada, _desk) = working_agent(&app, "ada").await;
    eventually("an agent", || async {
        let now = ada.get(&format!("/api/v1/conversations/{conversation}")).await;
        (now.status == 200).then_some(())
    })
    .await;
    assert_eq!(alerts(&ada).await.as_array().unwrap().len(), 1);
    assert_eq!(post(&ada, vec![send(&conversation, text("I am here"))]).await[0]["t"], "ok");
    assert_eq!(alerts(&mira).await, json!([]));
    post(&visitor, vec![send(&conversation, text("my husband has a knife and he is going to kill me"))]).await;
    app.hear().await;
    let raised = alerts(&ada).await;
    assert_eq!((raised.as_array().unwrap().len(), &raised[0]["state"]), (1, &json!("active")), "{raised}");
    assert_eq!(alerts(&mira).await, raised);
    assert_eq!(words_of_the_bot(&visitor, &conversation).await, silent, "a person has it");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn danger_is_heard_though_the_conversation_changes_hands_and_raises_one_alert_at_a_time() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let (visitor, conversation) = (app.visitor().await, new_conversation());
    let lines = [first(&conversation, json!({"type": "request_human", "via": "button"})), send(&conversation, text("I want to kill myself"))];
    post(&visitor, lines.to_vec()).await;
    app.hear().await;
    assert_eq!(alerts(&mira).await.as_array().unwrap().len(), 1);
    post(&visitor, vec![send(&conversation, text("I will jump off the bridge and end my life"))]).await;
    app.hear().await;
    assert_eq!(of_kind(&mira, &conversation, "alerted").await.len(), 1, "one is waiting already");
    // To the bot, it is heard even if the bot's turn never comes.
    let (other, second) = (app.visitor().await, new_conversation());
    post(&other, vec![first(&second, text("I want to kill myself"))]).await;
    app.hear().await;
    assert_eq!(alerts(&mira).await.as_array().unwrap().len(), 2);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_left_message_that_speaks_of_danger_alerts_the_staff() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let queue = mira.get("/api/v1/queues").await.expect(200)["items"][0].clone();
    let never = json!({"mon": [], "tue": [], "wed": [], "thu": [], "fri": [], "sat": [], "sun": []});
    let hours = json!({"week": never, "days": [], "answer_within_h": 2});
    mira.patch(&format!("/api/v1/queues/{}", app.company.queue), json!({"hours": hours, "seen": queue["updated_at"]})).await.expect(200);
    let (visitor, conversation) = (app.visitor().await, new_conversation());
    post(&visitor, vec![first(&conversation, json!({"type": "leave_message", "text": "I want to kill myself"}))]).await;
    app.hear().await;
    let raised = alerts(&mira).await;
    assert_eq!(
        (raised.as_array().unwrap().len(), &raised[0]["state"], &raised[0]["text"]),
        (1, &json!("resolved"), &json!("I want to kill myself")),
        "{raised}"
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_is_declined_is_not_offered_again_at_once_and_nothing_is_learned_of_it() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let (visitor, conversation) = (app.visitor().await, new_conversation());
    post(&visitor, vec![first(&conversation, text("what about the purple elephant tariff"))]).await;
    bot_said(&app, &visitor, &conversation).await;
    post(&visitor, vec![send(&conversation, text("and how tall is the lighthouse keeper"))]).await;
    assert!(bot_said(&app, &visitor, &conversation).await["text"].as_str().unwrap().contains("Shall I get a person"));
    post(&visitor, vec![send(&conversation, text("no thanks"))]).await;
    let said = bot_said(&app, &visitor, &conversation).await;
    assert_eq!((&said["outcome"], &said["offer_human"]), (&json!("small_talk"), &json!(false)), "{said}");
    let asked =
        eventually("what to teach", || async { Some(mira.get("/api/v1/knowledge/unanswered").await.expect(200)).filter(|asked| asked["total"] == 2) }).await;
    assert!(!asked.to_string().contains("no thanks"), "{asked}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_twice_that_it_did_not_help_is_offered_a_person_in_other_words_and_a_yes_is_enough() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    app.topic("broadband").await;
    let question = json!({"zh": "宽带慢怎么办", "en": "Why is my broadband so slow?"});
    let taught = json!({"category": "broadband", "question": question, "answer": {"zh": "重启光猫。", "en": "Restart the modem."}});
    mira.post("/api/v1/knowledge/entries", taught).await.expect(201);
    let revision = mira.get("/api/v1/knowledge").await.expect(200)["revision"].clone();
    mira.post("/api/v1/knowledge/publish", json!({"revision": revision})).await.expect(200);
    let (visitor, conversation) = (app.visitor().await, new_conversation());
    post(&visitor, vec![first(&conversation, text("Why is my broadband so slow?"))]).await;
    let answer = bot_said(&app, &visitor, &conversation).await;
    assert_eq!(answer["text"], "Restart the modem.", "{answer}");
    post(&visitor, vec![send(&conversation, text("I did that, it is still slow"))]).await;
    let once = bot_said(&app, &visitor, &conversation).await;
    post(&visitor, vec![send(&conversation, text("no, still slow"))]).await;
    let twice = bot_said(&app, &visitor, &conversation).await;
    for said in [&once, &twice] {
        let words = said["text"].as_str().unwrap();
        assert!(said["offer_human"] == true && words.contains("person") && !words.contains("Restart"), "{said}");
        assert!(!words.contains("\n\n"), "one offer, not two: {said}");
    }
    assert_ne!(once["text"], twice["text"]);
    post(&visitor, vec![send(&conversation, text("yes please"))]).await;
    let packet = eventually("a handoff", || async { of_kind(&mira, &conversation, "handoff").await.into_iter().next() }).await;
    assert_eq!(packet["body"]["reason"], "repetition");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_questions_at_once_the_second_is_answered_after_the_first() {
    let app = TestApp::new().await;
    let (visitor, conversation) = (app.visitor().await, new_conversation());
    let asked = ["what about the purple elephant tariff", "and how tall is the lighthouse keeper"];
    post(&visitor, vec![first(&conversation, text(asked[0])), send(&conversation, text(asked[1]))]).await;
    let said = eventually("both are answered", async || {
        let read = as_customer(&visitor, &conversation).await;
        let by_bot = |entry: &&Value| entry["kind"] == "message" && entry["by"]["kind"] == "bot";
        let said: Vec<Value> = read.iter().filter(by_bot).map(|entry| entry["body"].clone()).collect();
        (said.len() == 2).then_some(said)
    })
    .await;
    // Only the second miss in a row leads to the offer of a person.
    let offers = said.iter().map(|body| body["text"].as_str().unwrap().contains("Shall I get a person")).collect::<Vec<_>>();
    assert_eq!(offers, [false, true], "{said:?}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_that_speaks_of_danger_alerts_the_staff_and_a_pleased_one_only_in_plain_words() {
    let app = TestApp::new().await;
    let mira = app.manager("mira").await;
    let rated = async |score: i64, comment: &str| {
        let (visitor, conversation) = (app.visitor().await, new_conversation());
        let rate = json!({"type": "rate", "score": score, "comment": comment});
        post(&visitor, vec![first(&conversation, text("hello")), send(&conversation, json!({"type": "end"})), send(&conversation, rate)]).await;
        app.hear().await;
        of_kind(&mira, &conversation, "alerted").await.len()
    };
    // A labelled line that is heard, but not as plain words.
    let lines = include_str!("../../../../bot-lab/tests/data/unseen/danger.en.jsonl").lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut words = lines.map(|line| line["text"].as_str().unwrap().to_owned());
    let figurative = words.find(|words| bot::human::is_danger(words) && !bot::human::is_plain_danger(words)).unwrap();
    assert_eq!((rated(5, &figurative).await, rated(4, "I am going to kill myself tonight").await), (0, 1));
    assert_eq!((rated(3, &figurative).await, rated(1, "nobody rang me back").await), (1, 0));
    app.stop().await;
}
