//! Further callers of the matrix: the other built-in roles, and those who are the right kind of person in the wrong place.

use std::collections::BTreeMap;

use domain::{id::AgentId, staff::Role};
use serde_json::{Value, json};
use testkit_server::Client;
use uuid::Uuid;

use super::{asking::beside_the_audit, house::House};

/// A house whose conversation waits in a queue that not everybody serves, with these callers.
pub struct Callers {
    pub house: House,
    members: Vec<AgentId>,
    /// Each with the name of its column.
    pub all: Vec<(&'static str, Client)>,
}

/// A record, table by table.
pub type Record = BTreeMap<String, Vec<String>>;
/// What is written down of those who only ask: that they are connected, that a token was used, and which send was refused; how far streams have got, which each entry
/// says, too; and what a job finds out about a version.
const BY_ASKING: &[&str] = &["agent_leases", "api_tokens", "journal_heads", "journal_refusals", "knowledge_versions"];

/// The names of the columns.
pub const COLUMNS: [&str; 8] = ["senior", "superv.", "editor", "account", "auditor", "outside", "token", "other"];

impl Callers {
    pub async fn new() -> Self {
        let house = Box::pin(House::new()).await;
        let app = &house.app;
        let mut all = Vec::new();
        let mut members = vec![house.agent_id];
        let roles = [Role::SeniorAgent, Role::Supervisor, Role::KnowledgeEditor, Role::AccountManager, Role::Auditor];
        for (role, name) in roles.into_iter().zip(COLUMNS) {
            let who = app.staff(role, name.trim_end_matches('.')).await;
            members.push(who.member.id);
            all.push((name, Client::clone(&who)));
        }
        let outside = app.agent("outside").await;
        serve(&house, &members).await;
        let sent = say(&house.visitor, house.conversation(), &json!({"type": "request_human", "via": "button"})).await;
        assert_eq!(sent["t"], "ok", "{sent}");
        let little = json!({"name": "Little", "permissions": [{"permission": "canned_replies.edit", "reach": ["company"]}]});
        let little = house.administrator.post("/api/v1/tokens", little).await.expect(201);
        all.push(("outside", Client::clone(&outside)));
        all.push(("token", app.with_token(little["secret"].as_str().unwrap())));
        let other = app.visitor().await;
        all.push(("other", Client::clone(&other)));
        assert!(all.iter().map(|(name, _)| *name).eq(COLUMNS));
        Self { house, members, all }
    }

    /// The record as far as a refusal must leave it as it was. What the program does by itself is left out.
    pub async fn record(&self) -> Record {
        let mut all = beside_the_audit(&self.house).await;
        all.retain(|table, _| !BY_ASKING.contains(&table.as_str()));
        all.get_mut("journal_entries").unwrap().retain(|row| !row.contains(",'system',"));
        all
    }

    /// Checks that the record is still like this.
    pub async fn is_still(&self, before: &Record) {
        let after = self.record().await;
        let changed: Vec<_> = before.iter().filter(|(table, rows)| *rows != &after[*table]).map(|(table, rows)| (table, rows, &after[table])).collect();
        assert!(changed.is_empty(), "{changed:#?}");
    }

    /// Makes somebody else a member of the queue.
    pub async fn also_serves(&self, who: AgentId) {
        serve(&self.house, &[self.members.as_slice(), &[who]].concat()).await;
    }
}

/// Has these and nobody else serve the queue of the company's site.
async fn serve(house: &House, members: &[AgentId]) {
    let id = house.app.company.queue.to_string();
    let queues = house.manager.get("/api/v1/queues").await.expect(200);
    let seen = &queues["items"].as_array().unwrap().iter().find(|queue| queue["id"] == id).unwrap()["updated_at"];
    let change = json!({"everybody": false, "members": members, "confirm": true, "seen": seen});
    house.manager.patch(&format!("/api/v1/queues/{id}"), change).await.expect(200);
}

/// Sends a body into a conversation; returns the frame that answers it.
pub async fn say(who: &Client, conversation: &str, body: &Value) -> Value {
    let mut frames = json!({"frames": [{"t": "send", "conversation": conversation, "client_id": Uuid::new_v4(), "body": body}]});
    if let Some(token) = who.token.as_ref().filter(|token| !token.starts_with("ydt_")) {
        frames["token"] = json!(token);
    }
    who.post("/rt/send", frames).await.expect(200)["frames"][0].clone()
}
