//! What somebody may not read is in nothing that they are sent: a marker stands in each kind of object, everybody asks for everything that can be read, exports and
//! all, and follows every stream.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use testkit_server::{Client, Realtime};

use super::{
    callers::{Callers, say},
    document::{Operation, operations},
    house::House,
    plants::{Plants, plant},
};

/// What is planted, and who finds it. A secret is shown to whoever makes it, and never again.
const READERS: &[(&str, &str)] = &[
    // In the conversation that waits.
    ("message", "visitor agent hiding senior superv. manager admin masked auditor"),
    ("note", "agent hiding senior superv. manager admin masked auditor"),
    ("file name", "visitor agent hiding senior superv. manager admin masked auditor"),
    ("file", "visitor agent hiding senior superv. manager admin masked auditor"),
    ("said", "visitor agent hiding senior superv. manager admin masked auditor"),
    ("said note", "agent hiding senior superv. manager admin masked auditor"),
    // Left in the same queue.
    ("left", "agent hiding senior superv. manager admin masked auditor"),
    // Entries have it masked: whoever only reads conversations does not find it, nor does who may do everything in a role that hides contacts.
    ("left number", "agent senior superv. manager admin"),
    // In the conversation that the agent served.
    ("served", "agent manager admin masked auditor"),
    ("answer", "agent manager admin masked auditor"),
    ("served note", "agent manager admin masked auditor"),
    ("comment", "agent manager admin masked auditor"),
    // Of the customer who talks to the bot.
    ("asked", "owner manager admin masked auditor"),
    ("customer", "owner manager admin masked auditor"),
    ("address", "owner"),
    // Whom the manager added.
    ("profile", "manager admin masked auditor"),
    ("profile note", "manager admin masked auditor"),
    // What is prepared. What somebody wrote is in the audit.
    ("question", "agent outside senior superv. manager editor admin masked auditor"),
    ("draft", "agent outside senior superv. manager editor admin masked auditor"),
    ("test", "agent outside senior superv. manager editor admin masked auditor"),
    ("goods", "agent outside senior superv. manager editor admin masked auditor"),
    ("plan", "agent outside senior superv. manager editor admin masked auditor"),
    ("reply", "agent outside hiding senior superv. manager editor account token admin masked auditor"),
    ("board", "manager admin masked auditor"),
    // What is set up.
    ("role", "hiding superv. manager admin masked auditor"),
    ("colleague", "agent outside hiding senior superv. manager account admin masked auditor"),
    ("staff address", "manager admin masked auditor"),
    ("wall", "manager admin masked auditor"),
    ("webhook", "admin masked auditor"),
    ("sign on", "admin masked auditor"),
    ("token", "admin masked auditor"),
    ("audit", "admin masked auditor"),
    // Secrets.
    ("webhook secret", ""),
    ("sign on secret", ""),
    ("token secret", ""),
    ("wall secret", ""),
    ("site secret", ""),
    ("invitation", ""),
    ("app", ""),
    ("recovery code", ""),
    ("session", ""),
    ("customer session", ""),
    ("visitor session", ""),
];

/// The values of query parameters that show different parts of a list.
const CHOICES: &[(&str, &[&str])] = &[
    // The day on which everything happens.
    ("to", &["2026-11-20"]),
    ("list", &["mine", "queue", "resolved_today"]),
    ("state", &["draft", "live", "off", "same", "changed", "new", "removed", "pending", "delivered", "dead"]),
    ("status", &["invited", "active", "disabled", "removed"]),
    ("done", &["true", "false"]),
    ("deleted", &["true"]),
    ("bodies", &["true"]),
    ("window", &["today", "last_60"]),
    ("format", &["csv", "json", "html"]),
];

/// Every path that can be read, with every planted object in the place of an id.
fn paths(house: &House, plants: &Plants) -> Vec<String> {
    let mut all = BTreeSet::new();
    for operation in operations().into_iter().filter(|operation| operation.method.is_safe()) {
        let with_query = house.path(&operation);
        let (path, query) = with_query.split_once('?').unwrap_or((&with_query, ""));
        for path in [vec![path.to_owned()], of_planted(&operation, plants)].concat() {
            all.insert(path.clone());
            all.extend(queries(&operation, query, plants).into_iter().map(|query| format!("{path}?{query}")));
        }
    }
    all.into_iter().collect()
}

fn of_planted(operation: &Operation, plants: &Plants) -> Vec<String> {
    let of = |(begins, id): &(&str, String)| {
        operation.path.starts_with(begins).then(|| operation.path.replace("{id}", id).replace("{key}", id).replace("{indicator}", id))
    };
    plants.ids.iter().filter_map(of).filter(|path| !path.contains('{')).collect()
}

/// The query that fits, and the same with other choices.
fn queries(operation: &Operation, fitting: &str, plants: &Plants) -> Vec<String> {
    let with = |name: &str, value: &str| {
        let others = fitting.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with(&format!("{name}=")));
        others.chain([format!("{name}={value}").as_str()]).collect::<Vec<_>>().join("&")
    };
    let mut all = vec![fitting.to_owned()];
    for (name, values) in CHOICES.iter().filter(|(name, _)| operation.query.iter().any(|known| known == name)) {
        all.extend(values.iter().map(|value| with(name, value)));
    }
    if operation.query.iter().any(|known| known == "q") {
        all.extend(plants.words.iter().map(|word| with("q", word)));
    }
    all.retain(|query| !query.is_empty());
    all
}

/// Who found what, and the first place where.
struct Search<'a> {
    plants: &'a Plants,
    found: BTreeMap<(&'static str, &'static str), String>,
    asked: usize,
}

impl Search<'_> {
    fn look(&mut self, who: &'static str, place: &str, text: &str) {
        for (kind, marker) in &self.plants.markers {
            if text.contains(marker.as_str()) {
                self.found.entry((kind, who)).or_insert_with(|| place.to_owned());
            }
        }
    }

    async fn ask(&mut self, (name, who): &(&'static str, Client), path: &str) {
        let answer = who.get(path).await;
        assert!(answer.status.as_u16() < 500, "GET {path} as {name}: {answer:?}");
        self.asked += 1;
        self.look(name, path, &String::from_utf8_lossy(&answer.body));
    }
}

/// Follows everything; returns what is sent at once.
async fn follow((name, who): &(&str, Client), streams: &[String]) -> (Realtime, String) {
    let mut socket = Realtime::connect(who).await;
    let token = who.token.as_ref().filter(|token| !token.starts_with("ydt_"));
    // A visitor follows fewer streams, and neither lists nor the panel.
    let cursors: serde_json::Map<String, Value> = streams.iter().map(|stream| (stream.clone(), Value::Null)).collect();
    socket.send(&json!({"t": "hello", "version": 1, "token": token, "cursors": cursors, "lists": ["mine", "queue"], "panel": true})).await;
    let mut sent = String::new();
    for stream in streams {
        socket.send(&json!({"t": "get", "stream": stream, "from": 1, "to": 100})).await;
    }
    pong(name, &mut socket, &mut sent).await;
    (socket, sent)
}

/// Reads until everything that was sent has been answered.
async fn pong(name: &str, socket: &mut Realtime, sent: &mut String) {
    for _ in 0..2 {
        socket.send(&json!({"t": "ping"})).await;
        loop {
            let Some(frame) = socket.next().await else { panic!("{name} is cut off after {sent}") };
            if frame["t"] == "pong" {
                break;
            }
            sent.push_str(&frame.to_string());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marker_is_found_by_those_who_may_read_it_and_by_nobody_else() {
    let callers = Callers::new().await;
    let house = &callers.house;
    let plants = plant(&callers).await;
    let mut search = Search { plants: &plants, found: BTreeMap::new(), asked: 0 };
    let everybody: Vec<(&'static str, Client)> = plants.callers.iter().chain(&callers.all).cloned().collect();

    let mut sockets = Vec::new();
    for who in everybody.iter().filter(|(name, _)| !["nobody", "customer", "owner"].contains(name)) {
        let (socket, sent) = follow(who, &plants.streams).await;
        search.look(who.0, "a frame", &sent);
        sockets.push((who.0, socket));
    }
    // While everybody listens, something is said.
    for (body, by) in [(json!({"type": "text", "text": "xqsaidxq"}), &house.visitor), (json!({"type": "note", "text": "xqsaidnotexq"}), &house.manager)] {
        assert_eq!(say(by, house.conversation(), &body).await["t"], "ok");
    }
    let end = json!({"shortcode": "end", "title": "End", "body": {"en": "end"}});
    house.manager.post("/api/v1/canned-replies", end).await.expect(201);
    for (name, socket) in &mut sockets {
        let mut sent = String::new();
        if !["visitor", "other", "stranger", "foreign"].contains(name) {
            loop {
                let frame = socket.next().await.expect("an entry").to_string();
                sent.push_str(&frame);
                if frame.contains("\"entries\"") && frame.contains("canned_replies_changed") {
                    break;
                }
            }
        }
        pong(name, socket, &mut sent).await;
        search.look(name, "a frame", &sent);
    }
    drop(sockets);

    for path in paths(house, &plants) {
        for who in &everybody {
            search.ask(who, &path).await;
        }
    }
    // The lists behind numbers are among what was searched.
    let behind = house.manager.get("/api/v1/metrics/dialogue/conversations?days=7&to=2026-11-20").await.expect(200);
    assert!(behind.to_string().contains("xqaskedxq"), "{behind}");
    assert!(plants.markers.iter().map(|(kind, _)| *kind).collect::<BTreeSet<_>>() == READERS.iter().map(|(kind, _)| *kind).collect());
    let mut wrong = Vec::new();
    for &(kind, readers) in READERS {
        let may: BTreeSet<&str> = readers.split_whitespace().collect();
        let finders: BTreeSet<&str> = search.found.keys().filter(|(found, _)| *found == kind).map(|(_, who)| *who).collect();
        if finders != may {
            let leaks: Vec<_> = finders.difference(&may).map(|who| (*who, &search.found[&(kind, *who)])).collect();
            wrong.push(format!("{kind}: found by {leaks:?}, not found by {:?}", may.difference(&finders).collect::<Vec<_>>()));
        }
    }
    assert!(wrong.is_empty(), "in the answers to {} requests:\n{}", search.asked, wrong.join("\n"));
}
