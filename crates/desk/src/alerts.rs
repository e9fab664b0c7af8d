//! `GET /api/v1/alerts`: what the staff have to know soon, such as messages that say that somebody may be in danger. These are acknowledged in their conversation,
//! over the real-time protocol.

use axum::{Json, extract::State};
use domain::{
    alert::AlertKind,
    policy::OverConversations,
    refusal::Code,
    stream::{StreamKind, StreamName},
    time::Ts,
};
use http_kit::{
    App,
    auth::StaffActor,
    cursor::{self, Page},
    extract::ValidQuery,
    once::{Answer, Once, OnceHeader, OnceJson},
    problem::{Problem, Problems},
};
use realtime::view;
use serde::{Deserialize, Serialize};
use store::reach::Within;
use store_desk::alerts::{Chosen, Place};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use wire::alerts::AlertView;

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_alerts)).routes(routes!(acknowledge_alert))
}

/// Alerts per page.
const PAGE: usize = 50;

/// Which alerts to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAlerts {
    /// Whether to list acknowledged alerts instead of waiting ones.
    #[serde(default)]
    pub done: bool,
    /// Of the waiting alerts, only those of this network, and each of them: the `network` of an alert that stands for others.
    #[serde(default)]
    pub network: Option<String>,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of alerts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alerts {
    /// Alerts that wait, the loudest first and of equally loud ones the newest, or acknowledged ones, latest first. If more than three wait that came from one
    /// network, the first of them stands for all, and says in `others` how many more there are
    /// and in `oldest` which of them has waited longest.
    pub items: Vec<AlertView>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
    /// How many alerts wait in all, those of other pages and those for which another stands included.
    pub waiting: i64,
}

/// Lists alerts.
///
/// Agents see those of danger, those of the queues they serve and of conversations whose agent they reach, and those they acknowledged, as long as they may read the conversation; managers see
/// all.
#[utoipa::path(get, path = "/alerts", tag = "conversations", security(("staff" = [])), params(ListAlerts),
    responses((status = 200, body = Alerts), Problems))]
pub async fn list_alerts(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListAlerts>) -> Result<Json<Alerts>, Problem> {
    actor.may(OverConversations::Desk)?.anywhere();
    let ListAlerts { done, network, cursor } = query;
    let network = network.as_deref().map(parse_network).transpose()?;
    if done && network.is_some() {
        return Err(Problem::invalid("network", Code::InvalidValue, "acknowledged alerts are not listed by network"));
    }
    let (tenant, of) = (actor.tenant(), (!actor.staff.grants.everywhere(OverConversations::Desk)).then(|| Within::reading(&actor.staff)));
    // The rows, the oldest of each network and the number belong together: what is raised meanwhile is in none of them.
    let mut tx = app.db().snapshot_of(actor.tenant()).await?;
    let Page { items, next } = if done {
        let after = cursor.as_deref().map(parse_done).transpose()?;
        let rows = store_desk::alerts::list_done(&mut tx, tenant, of, after, PAGE as i64 + 1).await?;
        Page::of(rows, PAGE, |last| {
            let Place { subject, seq, kind, .. } = last.place();
            format!("{}.{}.{seq}.{kind}", last.done_at.unwrap_or_default(), subject.as_simple())
        })
    } else {
        let after = cursor.as_deref().map(parse_waiting).transpose()?;
        let which = Chosen { of, network: network.as_deref() };
        let rows = store_desk::alerts::waiting(&mut tx, tenant, which, after, PAGE as i64 + 1).await?;
        Page::of(rows, PAGE, |last| {
            let Place { loudness, at, subject, seq, kind } = last.place();
            format!("{loudness}.{}.{}.{seq}.{kind}", at.0, subject.as_simple())
        })
    };
    let (vault, mut shown) = (app.vault(), Vec::with_capacity(items.len()));
    for row in items {
        let oldest = match row.network.as_deref().filter(|_| row.others > 0) {
            Some(network) => store_desk::alerts::oldest_waiting(&mut tx, tenant, of, network).await?,
            None => None,
        };
        shown.extend(view::alert(&vault, &actor.staff, row, oldest));
    }
    let waiting = store_desk::alerts::count_waiting(&mut tx, tenant, of).await?;
    Ok(Json(Alerts { items: shown, next, waiting }))
}

/// The alert that was seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeAlert {
    /// What it is about: the `subject` of the alert.
    pub subject: StreamName,
    /// The kind of the alert; needed if it is about somebody who waits too long.
    #[serde(default)]
    pub kind: Option<AlertKind>,
}

/// Says that an alert was seen that is not acknowledged in its conversation: a sign of attack, a slow reply or a long wait.
///
/// A sign of attack is acknowledged by those who see all alerts, the others by everybody for whom the alert waits.
#[utoipa::path(post, path = "/alerts/acknowledge", tag = "conversations", security(("staff" = [])), params(OnceHeader), request_body = AcknowledgeAlert,
    responses((status = 204, description = "Nobody is reminded of the alert any more"), Problems))]
pub async fn acknowledge_alert(State(app): State<App>, actor: StaffActor, OnceJson(once, seen): OnceJson<AcknowledgeAlert>) -> Result<Answer, Problem> {
    if let Some(kind) = seen.kind.filter(|kind| kind.is_of_waiting()) {
        return acknowledge_wait(&app, &actor, once, (seen.subject, kind)).await;
    }
    let permitted = actor.may(OverConversations::Desk)?.everywhere()?;
    let (tenant, agent, by) = (actor.tenant(), actor.member.id, actor.entry_actor());
    if seen.subject.kind == StreamKind::Conversation {
        return Err(Problem::invalid("subject", Code::InvalidValue, "an alert about a conversation is acknowledged there"));
    }
    let done = permitted.change(&app, once, move |tx| {
        let by = by.clone();
        Box::pin(async move {
            service::alerts::acknowledge(tx, tenant, seen.subject, agent, &by).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

/// Says that a slow reply or a long wait was seen. What waits for others, or does not wait any more, is not found.
async fn acknowledge_wait(app: &App, actor: &StaffActor, once: Once, (subject, kind): (StreamName, AlertKind)) -> Result<Answer, Problem> {
    let permitted = actor.may(OverConversations::Desk)?.anywhere();
    let (tenant, agent, by) = (actor.tenant(), actor.member.id, actor.entry_actor());
    let of = (!actor.staff.grants.everywhere(OverConversations::Desk)).then(|| Within::serving(&actor.staff));
    let done = permitted.change(app, once, move |tx| {
        let by = by.clone();
        Box::pin(async move {
            service::alerts::acknowledge_wait(tx, tenant, (subject, kind), (agent, of), &by).await?;
            Ok(Answer::nothing())
        })
    });
    done.await
}

/// A place in the list of acknowledged alerts.
fn parse_done(raw: &str) -> Result<Place, Problem> {
    place(0, raw).ok_or_else(cursor::problem)
}

/// A place in the list of waiting alerts: the same after how loud the alert is.
fn parse_waiting(raw: &str) -> Result<Place, Problem> {
    let found = raw.split_once('.').and_then(|(loudness, rest)| place(loudness.parse().ok()?, rest));
    found.ok_or_else(cursor::problem)
}

fn place(loudness: i64, raw: &str) -> Option<Place> {
    let [at, subject, seq, kind] = raw.splitn(4, '.').collect::<Vec<_>>()[..] else { return None };
    Some(Place { loudness, at: Ts(at.parse().ok()?), subject: Uuid::try_parse(subject).ok()?, seq: seq.parse().ok()?, kind: kind.to_owned() })
}

/// The digest that the mark of a network stands for.
fn parse_network(raw: &str) -> Result<Vec<u8>, Problem> {
    let byte = |pair: &[u8]| match pair {
        [high @ (b'0'..=b'9' | b'a'..=b'f'), low @ (b'0'..=b'9' | b'a'..=b'f')] => Some(nibble(*high) << 4 | nibble(*low)),
        _ => None,
    };
    let bytes = raw.as_bytes().chunks(2).map(byte).collect::<Option<Vec<u8>>>();
    bytes.filter(|bytes| !bytes.is_empty()).ok_or_else(|| Problem::invalid("network", Code::InvalidValue, "use the `network` of an alert"))
}

const fn nibble(digit: u8) -> u8 {
    if digit <= b'9' { digit - b'0' } else { digit - b'a' + 10 }
}

#[cfg(test)]
mod tests {
    use http_kit::auth::raise_signs;
    use platform::client_address::ClientAddress;
    use serde_json::{Value, json};
    use testkit::eventually;
    use testkit_app::{StaffClient, TestApp};
    use testkit_server::Realtime;

    #[tokio::test]
    async fn a_sign_of_attack_is_told_to_those_who_see_everything_once_an_hour_and_acknowledged() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let (signs, now) = (&app.app().in_memory().signs, || app.app().env().now());
        for n in 0..20 {
            signs.count_name(app.company.tenant, ClientAddress("203.0.113.7".parse().unwrap()), &n.to_string(), now());
        }
        raise_signs::raise(app.app()).await.unwrap();
        let listed = mira.get("/api/v1/alerts").await.expect(200);
        let [sign] = &listed["items"].as_array().unwrap()[..] else { panic!("{listed}") };
        assert_eq!(
            (&sign["kind"], &sign["level"], &sign["address"], &sign["times"]),
            (&json!("many_names"), &json!("warning"), &json!("203.0.113.7"), &json!(10))
        );
        assert_eq!((&sign["conversation"], &listed["waiting"]), (&Value::Null, &json!(1)));
        assert_eq!(ada.get("/api/v1/alerts").await.expect(200)["items"], json!([]));
        let seen = json!({"subject": sign["subject"]});
        ada.post("/api/v1/alerts/acknowledge", seen.clone()).await.problem(403, "not_permitted");
        mira.post("/api/v1/alerts/acknowledge", json!({"subject": format!("cnv_{}", "0".repeat(32))})).await.problem_at(422, "invalid_value", "subject");
        mira.post("/api/v1/alerts/acknowledge", seen).await.expect(204);
        assert_eq!(mira.get("/api/v1/alerts").await.expect(200)["waiting"], 0);
        let done = mira.get("/api/v1/alerts?done=true").await.expect(200);
        assert_eq!((&done["items"][0]["address"], &done["items"][0]["done_by"]), (&json!("203.0.113.7"), &json!("mira")));
    }

    async fn send(who: &StaffClient, conversation: &str, body: Value) -> Value {
        let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::new_v4(), "body": body});
        who.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0].clone()
    }
    async fn waiting(who: &StaffClient) -> Value {
        who.get("/api/v1/alerts").await.expect(200)["items"].clone()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn danger_is_alerted_at_once_and_waits_until_somebody_acknowledges_it() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let tenant = app.company.tenant.to_string();
        let mut desk = Realtime::connect(&ada).await;
        desk.send(&json!({"t": "hello", "version": 1, "cursors": {&tenant: null}})).await;
        desk.until("reset").await;
        let conversation = app.visitor().await.open("I want to kill myself").await;
        assert_eq!(desk.until("entries").await["entries"][0]["kind"], "alerts_changed");
        let items = eventually("the bot hands it over", || async { Some(waiting(&ada).await).filter(|items| items[0]["state"] == "queued") }).await;
        let alert = &items[0];
        assert_eq!((&alert["conversation"], &alert["text"], &alert["state"]), (&json!(conversation), &json!("I want to kill myself"), &json!("queued")));
        assert_eq!((&alert["done_at"], &alert["queue"], items.as_array().unwrap().len()), (&json!(null), &json!(app.company.queue.to_string()), 1));
        assert_eq!(
            (&alert["kind"], &alert["level"], &alert["subject"], &alert["due_at"]),
            (&json!("danger"), &json!("urgent"), &json!(conversation), &json!(null))
        );
        let listed = ada.get("/api/v1/conversations?list=queue").await.expect(200)["items"][0].clone();
        assert_eq!((listed["alerted_at"].is_i64(), &listed["wait"]["why"]), (true, &json!("danger")));
        let beta = app.other_company("beta").await;
        assert_eq!(waiting(&app.staff_of(&beta, domain::staff::Role::Manager, "bob").await).await, json!([]));

        assert_eq!(send(&mira, &conversation, json!({"type": "acknowledge_alert"})).await["t"], "ok");
        assert_eq!(send(&mira, &conversation, json!({"type": "acknowledge_alert"})).await["code"], "conflict");
        assert_eq!(waiting(&ada).await, json!([]));
        let done = ada.get("/api/v1/alerts?done=true").await.expect(200);
        assert_eq!((&done["items"][0]["done_by"], &done["next"]), (&json!("mira"), &json!(null)));
        for cursor in ["x", "1.2", "1.2.3", "1.2.3.danger", "1.00000000000000000000000000000001.x.danger"] {
            ada.get(&format!("/api/v1/alerts?done=true&cursor={cursor}")).await.problem_at(422, "invalid_value", "cursor");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_comment_of_a_rating_is_heard_too_and_read_where_the_conversation_may_be_read() {
        let app = TestApp::new().await;
        let (mira, ada, eve) = (app.manager("mira").await, app.agent("ada").await, app.agent("eve").await);
        let visitor = app.visitor().await;
        let conversation = visitor.open("hello").await;
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        for body in [json!({"type": "take"}), json!({"type": "text", "text": "Hello"}), json!({"type": "resolve"})] {
            assert_eq!(send(&ada, &conversation, body).await["t"], "ok");
        }
        eve.get(&format!("/api/v1/conversations/{conversation}")).await.problem(404, "not_found");
        let rate = |comment: &str| json!({"type": "rate", "score": 1, "comment": comment});
        visitor.say(&conversation, false, rate("That did not help")).await;
        visitor.say(&conversation, false, rate("I want to kill myself")).await;
        let items =
            eventually("the comment is heard", || async { Some(waiting(&mira).await).filter(|items| items[0]["conversation"] == json!(conversation)) }).await;
        let alert = &items[0];
        assert_eq!((&alert["text"], &alert["state"], &alert["agent"]), (&json!("I want to kill myself"), &json!("resolved"), &json!("ada")));
        assert_eq!(items.as_array().unwrap().len(), 1);
        // Whoever it waits for may read the conversation: its agent, and those who serve the queue, as with a message right before the end.
        for who in [&ada, &eve] {
            assert_eq!(waiting(who).await[0]["text"], "I want to kill myself");
            who.get(&format!("/api/v1/conversations/{conversation}")).await.expect(200);
        }
        assert_eq!(send(&ada, &conversation, json!({"type": "acknowledge_alert"})).await["t"], "ok");
        eve.get(&format!("/api/v1/conversations/{conversation}")).await.problem(404, "not_found");
        let done = eve.get("/api/v1/alerts?done=true").await.expect(200);
        assert_eq!(done["items"], json!([]));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn danger_that_was_seen_is_marked_and_goes_first_until_the_staff_reply_and_alerts_again_in_the_queue() {
        let app = TestApp::new().await;
        let (mira, ada) = (app.manager("mira").await, app.agent("ada").await);
        let earlier = app.visitor().await;
        let other = earlier.open("hello").await;
        earlier.say(&other, false, json!({"type": "request_human", "via": "button"})).await;
        app.clock.advance(1_000);
        let conversation = app.visitor().await.open("I want to kill myself").await;
        eventually("the bot hands it over", || async { Some(waiting(&ada).await).filter(|items| items[0]["state"] == "queued") }).await;
        let listed = async |list: &str| ada.get(&format!("/api/v1/conversations?list={list}")).await.expect(200)["items"].clone();
        let queue = app.company.queue.to_string();
        // Seen and not answered: by those in whose queue it waits, and by whoever gave it back.
        for given_back in [false, true] {
            assert_eq!(send(&mira, &conversation, json!({"type": "acknowledge_alert"})).await["t"], "ok");
            assert_eq!(waiting(&ada).await, json!([]));
            let rows = listed("queue").await;
            let (first, second) = (&rows[0], &rows[1]);
            assert_eq!((&first["id"], &first["alerted_at"], &first["danger"]), (&json!(conversation), &json!(null), &json!(true)), "{given_back}");
            assert_eq!((&second["id"], &second["danger"]), (&json!(other), &json!(false)));
            for body in [json!({"type": "take"}), json!({"type": "transfer", "to": queue})] {
                assert_eq!(send(&ada, &conversation, body).await["t"], "ok");
            }
            let again = waiting(&ada).await;
            assert_eq!(
                (again.as_array().unwrap().len(), &again[0]["conversation"], &again[0]["text"]),
                (1, &json!(conversation), &json!("I want to kill myself"))
            );
        }
        for body in [json!({"type": "take"}), json!({"type": "text", "text": "I am here. Where are you?"})] {
            assert_eq!(send(&ada, &conversation, body).await["t"], "ok");
        }
        assert_eq!((&listed("mine").await[0]["danger"], waiting(&ada).await), (&json!(false), json!([])));
    }

    /// Somebody at an address writes that they are in danger. Returns the conversation.
    async fn cry_from(app: &TestApp, address: &str) -> String {
        let new = json!({"site": app.company.key, "device": null, "lang": "en"});
        let session = app.from_address(address).post("/api/v1/widget/sessions", new).await.expect(201);
        app.clock.advance(1_000);
        app.widget_with(session).open("I want to kill myself").await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_flood_from_one_network_hides_nobody_and_each_of_it_can_be_listed() {
        let app = TestApp::behind_proxy().await;
        let mira = app.manager("mira").await;
        let real = cry_from(&app, "198.51.100.7").await;
        let heard = async |waiting: usize| {
            eventually("all are heard", || async { Some(mira.get("/api/v1/alerts").await.expect(200)).filter(|list| list["waiting"] == waiting) }).await
        };
        let mut flood = Vec::new();
        for n in 0..120 {
            // What is heard together is raised at one time: the first and the last are heard by themselves.
            if [1, 119].contains(&n) {
                heard(n + 1).await;
                app.clock.advance(1);
            }
            // One customer of a provider holds a /48.
            flood.push(cry_from(&app, &format!("2001:db8:7:{n:x}::1")).await);
        }
        let first = heard(121).await;
        let rows = first["items"].as_array().unwrap();
        assert_eq!((rows.len(), &rows[0]["others"], &rows[1]["conversation"], &rows[1]["others"]), (2, &json!(119), &json!(real), &json!(0)));
        assert_eq!((&first["next"], rows[1]["network"] == rows[0]["network"]), (&json!(null), false));
        // The row shows the first of them and the last.
        let oldest = &rows[0]["oldest"];
        assert_eq!((&rows[0]["conversation"], &oldest["conversation"]), (&json!(flood[119]), &json!(flood[0])));
        assert_eq!((&oldest["text"], oldest["raised_at"].as_i64() < rows[0]["raised_at"].as_i64()), (&json!("I want to kill myself"), true));
        assert_eq!(rows[1]["oldest"], json!(null));

        let all = format!("/api/v1/alerts?network={}", rows[0]["network"].as_str().unwrap());
        let (mut next, mut listed) = (all.clone(), std::collections::BTreeSet::new());
        for most in [50, 50, 20] {
            let page = mira.get(&next).await.expect(200);
            let items = page["items"].as_array().unwrap();
            assert_eq!((items.len(), &items[0]["others"], &page["waiting"]), (most, &json!(0), &json!(121)));
            listed.extend(items.iter().map(|one| one["conversation"].as_str().unwrap().to_owned()));
            next = format!("{all}&cursor={}", page["next"].as_str().unwrap_or_default());
        }
        assert_eq!((listed.len(), listed.contains(&real)), (120, false));
        for network in ["", "x", "abc", "0g", "+1", "AB"] {
            mira.get(&format!("/api/v1/alerts?network={network}")).await.problem_at(422, "invalid_value", "network");
        }
        mira.get("/api/v1/alerts?done=true&network=ab").await.problem_at(422, "invalid_value", "network");
        for cursor in ["x", "2.1.2", "1.00000000000000000000000000000001.1.danger"] {
            mira.get(&format!("/api/v1/alerts?cursor={cursor}")).await.problem_at(422, "invalid_value", "cursor");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_alert_is_acknowledged_by_those_it_waits_for_and_read_where_the_conversation_may_be_read() {
        let app = TestApp::new().await;
        let (mira, ada, bea, eve) = (app.manager("mira").await, app.agent("ada").await, app.agent("bea").await, app.agent("eve").await);
        let seen = mira.get("/api/v1/queues").await.expect(200)["items"][0]["updated_at"].clone();
        let members = json!({"everybody": false, "members": [ada.member.id, bea.member.id], "confirm": true, "seen": seen});
        mira.patch(&format!("/api/v1/queues/{}", app.company.queue), members).await.expect(200);
        let conversation = app.visitor().await.open("I want to kill myself").await;
        eventually("the bot hands it over", || async { Some(waiting(&ada).await).filter(|items| items[0]["state"] == "queued") }).await;

        // Eve, who serves another queue, is told too; but it must not be gone for the others because of her.
        assert_eq!(waiting(&eve).await[0]["conversation"], json!(conversation));
        assert_eq!(send(&eve, &conversation, json!({"type": "acknowledge_alert"})).await["code"], "not_permitted");
        assert_eq!(waiting(&ada).await[0]["conversation"], json!(conversation));

        for body in [json!({"type": "take"}), json!({"type": "text", "text": "I am here. Where are you?"})] {
            assert_eq!(send(&bea, &conversation, body).await["t"], "ok");
        }
        ada.get(&format!("/api/v1/conversations/{conversation}")).await.problem(404, "not_found");
        for (who, sees) in [(&mira, 1), (&bea, 1), (&ada, 0), (&eve, 0)] {
            let done = who.get("/api/v1/alerts?done=true").await.expect(200);
            assert_eq!(done["items"].as_array().unwrap().len(), sees, "{}: {done}", who.member.name);
        }
        assert_eq!(send(&bea, &conversation, json!({"type": "acknowledge_alert"})).await["code"], "conflict");
    }
}
