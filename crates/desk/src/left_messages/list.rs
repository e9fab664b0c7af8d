//! `GET /api/v1/left-messages`

use axum::{Json, extract::State};
use domain::{
    id::{ConversationId, QueueId},
    policy::OverConversations,
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store::{
    left_messages::{Chosen, Place},
    reach::Within,
};
use utoipa::{IntoParams, ToSchema};

use super::view::{Keys, LeftMessageView};

/// Messages per page.
const PAGE: usize = 50;

/// Which left messages to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListLeftMessages {
    /// Whether to list handled messages instead of waiting ones.
    #[serde(default)]
    pub done: bool,
    /// Only messages for this queue.
    #[serde(default)]
    pub queue: Option<QueueId>,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of left messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeftMessages {
    /// Waiting messages, oldest first, or handled ones, latest first.
    pub items: Vec<LeftMessageView>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// Lists left messages.
///
/// Agents see those for queues they serve, those in conversations whose agent they reach and, of the handled ones, also those they handled themselves.
#[utoipa::path(get, path = "/left-messages", tag = "left_messages", security(("staff" = [])), params(ListLeftMessages),
    responses((status = 200, body = LeftMessages), Problems))]
pub async fn list_left_messages(
    State(app): State<App>,
    actor: StaffActor,
    ValidQuery(query): ValidQuery<ListLeftMessages>,
) -> Result<Json<LeftMessages>, Problem> {
    actor.may(OverConversations::Desk)?.anywhere();
    let after = query.cursor.as_deref().map(parse_cursor).transpose()?;
    let known_to = (!actor.staff.grants.everywhere(OverConversations::Desk)).then(|| Within::serving(&actor.staff));
    let chosen = Chosen { queue: query.queue, known_to };
    let mut tx = app.db().read_of(actor.tenant()).await?;
    let rows = match query.done {
        true => store::left_messages::list_done(&mut tx, actor.tenant(), chosen, after, PAGE as i64 + 1).await?,
        false => store::left_messages::waiting(&mut tx, actor.tenant(), chosen, after, PAGE as i64 + 1).await?,
    };
    let Page { items, next } = Page::of(rows, PAGE, |last| {
        let at = if query.done { last.done_at.unwrap_or(last.left_at) } else { last.left_at };
        format!("{at}.{}.{}", ConversationId::new(last.conversation_id), last.episode)
    });
    let keys = Keys::read(&mut tx, app.vault(), &app.sealer(), actor.tenant()).await?;
    Ok(Json(LeftMessages { items: items.into_iter().map(|row| LeftMessageView::new(&keys, &actor.staff, row)).collect(), next }))
}

fn parse_cursor(raw: &str) -> Result<Place, Problem> {
    let place = || {
        let (at, rest) = raw.split_once('.')?;
        let (conversation, episode) = rest.split_once('.')?;
        let conversation: ConversationId = conversation.parse().ok()?;
        Some((Ts(at.parse().ok()?), conversation.uuid(), episode.parse().ok()?))
    };
    place().ok_or_else(cursor::problem)
}

#[cfg(test)]
mod tests {
    use domain::{
        staff::Role,
        time::{DAY, HOUR},
    };
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};
    use testkit_server::Realtime;

    /// Closes the company's queue except during these hours.
    async fn close(app: &TestApp, mira: &StaffClient, week: Value) {
        let queue = mira.get("/api/v1/queues").await.expect(200)["items"][0].clone();
        let hours = json!({"week": week, "days": [], "answer_within_h": 2});
        let path = format!("/api/v1/queues/{}", app.company.queue);
        mira.patch(&path, json!({"hours": hours, "seen": queue["updated_at"]})).await.expect(200);
    }
    fn never() -> Value {
        json!({"mon": [], "tue": [], "wed": [], "thu": [], "fri": [], "sat": [], "sun": []})
    }
    async fn staff_say(who: &StaffClient, conversation: &str, n: u128, body: Value) -> Value {
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::from_u128(n), "body": body});
        who.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0].clone()
    }

    #[tokio::test]
    async fn out_of_hours_a_message_is_left_answered_the_next_day_and_found_on_return() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        close(&app, &mira, never()).await;
        let tenant = app.company.tenant.to_string();
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        let refused = visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        assert_eq!((&refused["t"], &refused["code"]), (&json!("no"), &json!("closed")));
        let mut desk = Realtime::connect(&ada).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {&tenant: null}})).await;
        desk.until("reset").await;
        let left = visitor
            .say(&conversation, false, json!({"type": "leave_message", "text": "The line is down", "contact": " \u{202d}138 0000 0000\u{202c}\u{200b} "}))
            .await;
        assert_eq!(left["t"], "ok", "{left}");
        assert_eq!(desk.until("entries").await["entries"][0]["kind"], "left_messages_changed");
        let waiting = ada.get("/api/v1/left-messages").await.expect(200);
        let row = &waiting["items"][0];
        assert_eq!((&row["text"], &row["contact"], &row["conversation"]), (&json!("The line is down"), &json!("138 0000 0000"), &json!(conversation)));
        assert_eq!((&row["owner"], &row["answered"], &row["promised_by"]), (&json!(null), &json!(false), &json!(null)));
        let opened = ada.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
        assert_eq!((&opened["state"], &opened["episodes"][0]["outcome"]), (&json!("resolved"), &json!("left_message")));

        // Long after any other conversation could have been continued.
        app.clock.advance(5 * HOUR);
        assert_eq!(staff_say(&ada, &conversation, 1, json!({"type": "text", "text": "It is repaired"})).await["t"], "ok");
        assert_eq!(ada.get("/api/v1/left-messages").await.expect(200)["items"], json!([]));
        let done = ada.get("/api/v1/left-messages?done=true").await.expect(200);
        assert_eq!((&done["items"][0]["answered"], &done["items"][0]["done_by"]), (&json!(true), &json!("ada")));
        assert_eq!(ada.get("/api/v1/conversations?list=mine").await.expect(200)["items"][0]["id"], conversation.as_str());

        let back = app.post("/api/v1/widget/sessions", json!({"site": "alpha", "device": visitor.session["device"], "lang": "en"})).await.expect(201);
        assert_eq!(back["conversation"], conversation.as_str());
        let mut widget = Realtime::connect(&app).await;
        widget.send(&json!({"t": "hello", "version": 1, "token": back["token"], "cursors": {&conversation: null}})).await;
        let reset = widget.until("reset").await;
        let kinds: Vec<&str> = reset["entries"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds[kinds.len() - 3..], ["reopened", "assigned", "message"]);
        let last = reset["entries"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["body"]["text"], &last["by"]["name"]), (&json!("It is repaired"), &json!("ada")));
        // It is unread: the customer has not seen it.
        assert_eq!(reset["marks"]["customer"]["read"], 0);
    }

    #[tokio::test]
    async fn it_waits_longer_than_a_day_and_whoever_writes_again_goes_on_in_it() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        close(&app, &mira, never()).await;
        let visitor = app.visitor().await;
        let conversation = format!("cnv_{}", app.env().uuid().as_simple());
        let left = visitor.say(&conversation, true, json!({"type": "leave_message", "text": "Call me", "contact": null})).await;
        assert_eq!(left["t"], "ok", "a message may open a conversation: {left}");
        let elsewhere = format!("cnv_{}", app.env().uuid().as_simple());
        let refused = visitor.say(&elsewhere, true, json!({"type": "text", "text": "again"})).await;
        assert_eq!((&refused["code"], &refused["conversation"]), (&json!("use"), &json!(conversation)));
        app.clock.advance(3 * DAY);
        let day_three = app.post("/api/v1/widget/sessions", json!({"site": "alpha", "device": visitor.session["device"], "lang": "en"})).await.expect(201);
        assert_eq!(day_three["conversation"], conversation.as_str());
        let visitor = app.with_token(day_three["token"].as_str().unwrap());
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::from_u128(3), "body": {"type": "text", "text": "anybody?"}});
        let answer = visitor.post("/rt/send", json!({"token": day_three["token"], "frames": [frame]})).await.expect(200);
        assert_eq!(answer["frames"][0]["t"], "ok", "{answer}");
        // The session of three days ago has ended; this is a new one of the same person.
        let ada = ada.with_cookie(&app.company.session(app.app().db(), ada.member.id).await);
        assert_eq!(ada.get("/api/v1/left-messages").await.expect(200)["items"].as_array().unwrap().len(), 1);
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::from_u128(4), "body": {"type": "text", "text": "yes"}});
        assert_eq!(ada.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0]["t"], "ok");
        assert_eq!(ada.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200)["state"], "active");
    }

    #[tokio::test]
    async fn the_refusal_tells_when_it_opens_and_what_is_promised() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        // Open during one minute of every day, which has just passed by Shanghai's clock.
        let now = app.env().now();
        let local = (now.0 + 8 * HOUR).rem_euclid(DAY) / 60_000;
        let hm = |minute: i64| format!("{:02}:{:02}", minute.rem_euclid(1440) / 60, minute.rem_euclid(60));
        let day = json!([{"from": hm((local - 60).max(0)), "to": hm((local - 59).max(1))}]);
        let week = json!({"mon": day, "tue": day, "wed": day, "thu": day, "fri": day, "sat": day, "sun": day});
        close(&app, &mira, week).await;
        let service = app.get("/api/v1/sites/alpha").await.expect(200)["service"].clone();
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        let refused = visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        assert_eq!((&refused["opens_at"], &refused["promised_by"]), (&service["opens_at"], &service["promised_by"]));
        let opens_at = service["opens_at"].as_i64().unwrap();
        assert!(opens_at > now.0 && opens_at <= now.0 + DAY, "{service}");
        // Two hours of service are 120 of these minutes.
        assert_eq!(service["promised_by"].as_i64().unwrap(), opens_at + 119 * DAY + 60_000);
    }

    #[tokio::test]
    async fn a_request_in_words_is_answered_with_the_offer_to_leave_a_message() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        close(&app, &mira, never()).await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("I want to talk to a person").await;
        let mut floor = Realtime::connect(&mira).await;
        floor.send(&json!({"t": "hello", "version": 1, "cursors": {&conversation: 0}})).await;
        let said = floor.find("the bot's answer", |frame| frame["entries"].as_array().is_some_and(|e| e.iter().any(|e| e["by"]["kind"] == "bot"))).await;
        let answer = said["entries"].as_array().unwrap().iter().find(|entry| entry["by"]["kind"] == "bot").unwrap()["body"].clone();
        assert_eq!((&answer["outcome"], &answer["offer_human"]), (&json!("closed"), &json!(false)));
        assert_eq!(mira.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200)["state"], "bot");
    }

    #[tokio::test]
    async fn a_person_who_serves_is_told_and_not_left_a_message() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        assert_eq!(staff_say(&ada, &conversation, 1, json!({"type": "take"})).await["t"], "ok");
        let left = |text: &str, contact: Value| json!({"type": "leave_message", "text": text, "contact": contact});
        assert_eq!(visitor.say(&conversation, false, left("x", Value::Null)).await["code"], "already_served");
        assert_eq!(visitor.say(&conversation, false, left(" ", Value::Null)).await["code"], "text_empty");
        assert_eq!(visitor.say(&conversation, false, left("x", json!("y".repeat(201)))).await["code"], "text_too_long");
        assert_eq!(visitor.say(&conversation, false, left("x", json!("a\nb"))).await["code"], "text_unacceptable");
        assert_eq!(staff_say(&ada, &conversation, 2, left("x", Value::Null)).await["code"], "not_permitted");
    }

    #[tokio::test]
    async fn who_waits_may_leave_a_message_instead_and_gives_the_place_up() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        visitor.say(&conversation, false, json!({"type": "leave_message", "text": "later then", "contact": null})).await;
        assert_eq!(ada.get("/api/v1/conversations?list=queue").await.expect(200)["items"], json!([]));
        assert_eq!(ada.get("/api/v1/queues").await.expect(200)["items"][0]["left_messages"], 1);
    }

    #[tokio::test]
    async fn where_the_site_says_so_nobody_at_work_is_as_good_as_closed() {
        let app = TestApp::new().await;
        let (tara, ada) = (app.staff(Role::Administrator, "tara").await, app.agent("ada").await);
        let site = tara.get("/api/v1/company/sites").await.expect(200)["items"][0].clone();
        let path = format!("/api/v1/company/sites/{}", site["id"].as_str().unwrap());
        tara.patch(&path, json!({"message_when_unstaffed": true, "seen": site["updated_at"]})).await.expect(200);
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        let ask = || visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"}));
        let refused = ask().await;
        assert_eq!((&refused["code"], &refused["opens_at"]), (&json!("closed"), &json!(null)));
        assert!(refused["promised_by"].is_i64());
        ada.put("/api/v1/me/state", json!({"state": "available"})).await.expect(200);
        let mut desk = Realtime::connect(&ada).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {}})).await;
        desk.until("welcome").await;
        testkit::eventually("ada is noticed", async || (app.get("/api/v1/sites/alpha").await.expect(200)["service"]["open"] == true).then_some(())).await;
        assert_eq!(ask().await["t"], "ok");
    }

    #[tokio::test]
    async fn many_are_listed_page_by_page_and_none_is_left_out() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let mut left = Vec::new();
        for n in 0..52 {
            let visitor = app.visitor().await;
            let conversation = visitor.open("hello").await;
            visitor.say(&conversation, false, json!({"type": "leave_message", "text": format!("{n}"), "contact": null})).await;
            left.push(conversation);
            app.clock.advance(i64::from(n % 2));
        }
        let first = ada.get("/api/v1/left-messages").await.expect(200);
        let rest = ada.get(&format!("/api/v1/left-messages?cursor={}", first["next"].as_str().unwrap())).await.expect(200);
        assert_eq!((first["items"].as_array().unwrap().len(), rest["items"].as_array().unwrap().len(), &rest["next"]), (50, 2, &Value::Null));
        let mut seen: Vec<String> = [&first, &rest]
            .iter()
            .flat_map(|page| page["items"].as_array().unwrap().iter().map(|item| item["conversation"].as_str().unwrap().to_owned()))
            .collect();
        seen.sort();
        left.sort();
        assert_eq!(seen, left);
        assert_eq!(ada.get(&format!("/api/v1/left-messages?queue={}", app.company.queue)).await.expect(200)["items"].as_array().unwrap().len(), 50);
        assert_eq!(ada.get("/api/v1/left-messages?queue=que_00000000000000000000000000000001").await.expect(200)["items"], json!([]));
        for cursor in ["x", "1.2", "1.cnv_00000000000000000000000000000001", "x.cnv_00000000000000000000000000000001.1"] {
            ada.get(&format!("/api/v1/left-messages?cursor={cursor}")).await.problem_at(422, "invalid_value", "cursor");
        }
    }

    #[tokio::test]
    async fn so_many_may_wait_of_one_visitor_and_of_one_network() {
        let app = TestApp::behind_proxy().await;
        let leave = async |visitor: &testkit_app::VisitorClient, conversation: &str| {
            visitor.say(conversation, false, json!({"type": "leave_message", "text": "x", "contact": null})).await
        };
        let visitor_from = async |address: &str| {
            let session = app.from_address(address).post("/api/v1/widget/sessions", json!({"site": "alpha", "device": null, "lang": "en"})).await.expect(201);
            app.widget_with(session)
        };
        for n in 0..6 {
            let visitor = visitor_from("203.0.113.7").await;
            let conversation = visitor.open("hello").await;
            for _ in 0..5 {
                assert_eq!(leave(&visitor, &conversation).await["t"], "ok");
            }
            assert_eq!(leave(&visitor, &conversation).await["code"], "too_many_left", "{n}");
        }
        let (same, other) = (visitor_from("203.0.113.7").await, visitor_from("198.51.100.7").await);
        let (here, there) = (same.open("hello").await, other.open("hello").await);
        assert_eq!(leave(&same, &here).await["code"], "too_many_left");
        assert_eq!(leave(&other, &there).await["t"], "ok");
        app.clock.advance(HOUR);
        assert_eq!(leave(&same, &here).await["t"], "ok");
    }

    #[tokio::test]
    async fn who_serves_another_queue_does_not_see_whom_it_was_handled_for() {
        let app = TestApp::new().await;
        let (mira, ada, eve) = (app.manager("mira").await, app.agent("ada").await, app.agent("eve").await);
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "leave_message", "text": "call me", "contact": "secret@example.com"})).await;
        let queue = mira.get("/api/v1/queues").await.expect(200)["items"][0].clone();
        let path = format!("/api/v1/queues/{}", app.company.queue);
        mira.patch(&path, json!({"everybody": false, "members": [ada.member.id.to_string()], "seen": queue["updated_at"]})).await.expect(200);
        ada.patch(&format!("/api/v1/left-messages/{conversation}"), json!({"handled": true})).await.expect(200);
        let count = async |who: &StaffClient| who.get("/api/v1/left-messages?done=true").await.expect(200)["items"].as_array().unwrap().len();
        assert_eq!((count(&mira).await, count(&ada).await, count(&eve).await), (1, 1, 0));
        eve.patch(&format!("/api/v1/left-messages/{conversation}"), json!({"handled": false})).await.problem(404, "not_found");
        ada.patch(&format!("/api/v1/left-messages/{conversation}"), json!({"handled": false})).await.expect(200);
    }

    #[tokio::test]
    async fn another_company_sees_none() {
        let app = TestApp::new().await;
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "leave_message", "text": "x", "contact": null})).await;
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        assert_eq!(bob.get("/api/v1/left-messages").await.expect(200)["items"], json!([]));
        bob.patch(&format!("/api/v1/left-messages/{conversation}"), json!({"handled": true})).await.problem(404, "not_found");
    }
}
