//! Checks who had each conversation when: one agent at a time, none with more than it may have, according to the record and to the agents' own inboxes.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

/// What an entry in the staff's view says about the owner of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// This agent has it from now on.
    Assigned { agent: String },
    /// It begins again, with the agent who had it last.
    BackWithAgent,
    /// Nobody has it from now on; `by` is the agent who gave it up, if an agent did.
    Left { by: Option<String> },
    /// An agent sent a message.
    Said { by: String },
}

impl Fact {
    /// The fact in an entry of a conversation, if there is one.
    pub fn read(entry: &Value) -> Option<Self> {
        let agent = || (entry["by"]["kind"] == "agent").then(|| entry["by"]["id"].as_str().unwrap_or_default().to_owned());
        match entry["kind"].as_str()? {
            "assigned" => Some(Self::Assigned { agent: entry["body"]["agent"].as_str()?.to_owned() }),
            "reopened" if entry["body"]["with"] == "agent" => Some(Self::BackWithAgent),
            "transferred" | "resolved" => Some(Self::Left { by: agent() }),
            "returned" | "queued" | "closed" | "reopened" => Some(Self::Left { by: None }),
            "message" => agent().map(|by| Self::Said { by }),
            _ => None,
        }
    }
}

/// What an entry in an agent's inbox says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// The agent was given this conversation.
    Got(String),
    /// The agent no longer has this conversation.
    Lost(String),
}

impl Turn {
    /// The turn in an entry of an inbox, if there is one.
    pub fn read(entry: &Value) -> Option<Self> {
        let conversation = entry["body"]["conversation"].as_str()?.to_owned();
        match entry["kind"].as_str()? {
            "assigned" => Some(Self::Got(conversation)),
            "released" => Some(Self::Lost(conversation)),
            _ => None,
        }
    }
}

/// An agent's inbox.
#[derive(Debug, Clone)]
pub struct Inbox {
    /// The agent's id.
    pub agent: String,
    /// The most conversations that the agent serves at once, whether assigned or taken.
    pub capacity: usize,
    /// The turns, in order.
    pub turns: Vec<Turn>,
}

/// Finds every point at which a conversation had two owners, or an agent was given more than it may have.
pub fn check(conversations: &[(String, Vec<Fact>)], inboxes: &[Inbox]) -> Vec<String> {
    let mut findings = Vec::new();
    // How often each agent got each conversation.
    let mut got: HashMap<(&str, &str), usize> = HashMap::new();
    for (name, facts) in conversations {
        let (mut owner, mut last): (Option<&str>, Option<&str>) = (None, None);
        for fact in facts {
            let mut not_theirs = |who: &str, did: &str| {
                if owner != Some(who) {
                    findings.push(format!("{name}: {who} {did} it, and {owner:?} had it"));
                }
            };
            match fact {
                Fact::Said { by } => not_theirs(by, "spoke in"),
                Fact::Left { by } => {
                    if let Some(by) = by {
                        not_theirs(by, "gave away");
                    }
                    owner = None;
                }
                Fact::Assigned { .. } | Fact::BackWithAgent => {
                    let agent = if let Fact::Assigned { agent } = fact { Some(agent.as_str()) } else { last };
                    if let Some(owner) = owner {
                        findings.push(format!("{name}: {agent:?} got it, and {owner} had it"));
                    }
                    if let Some(agent) = agent {
                        *got.entry((agent, name)).or_default() += 1;
                    }
                    (owner, last) = (agent, agent);
                }
            }
        }
    }
    for inbox in inboxes {
        let (agent, mut open) = (&inbox.agent, HashSet::new());
        for turn in &inbox.turns {
            match turn {
                Turn::Lost(name) => {
                    if !open.remove(name) {
                        findings.push(format!("inbox of {agent}: it lost {name}, which it did not have"));
                    }
                }
                Turn::Got(name) => {
                    let Some(times) = got.get_mut(&(agent.as_str(), name.as_str())).filter(|times| **times > 0) else {
                        findings.push(format!("inbox of {agent}: it got {name}; the conversation says nothing of it"));
                        continue;
                    };
                    *times -= 1;
                    if !open.insert(name) {
                        findings.push(format!("inbox of {agent}: it got {name} twice"));
                    }
                    if open.len() > inbox.capacity {
                        findings.push(format!("inbox of {agent}: it got {name} as number {} of {}", open.len(), inbox.capacity));
                    }
                }
            }
        }
        for ((_, name), times) in got.iter().filter(|((who, _), times)| who == agent && **times > 0) {
            findings.push(format!("{name}: {agent} got it {times} times more than its inbox says"));
        }
    }
    findings
}

/// The entries, in order, of every conversation and inbox that these findings name, a line each.
pub fn courses(findings: &[String], streams: &[(String, Vec<Value>)]) -> Vec<String> {
    let entry = |entry: &Value| format!("{} {} by {} {} {}", entry["seq"], entry["kind"], entry["by"]["kind"], entry["at"], entry["body"]);
    let is_named = |name: &str| findings.iter().any(|finding| finding.contains(name));
    let named = streams.iter().filter(|(name, _)| is_named(name));
    named.map(|(name, entries)| format!("course of {name}: {}", entries.iter().map(entry).collect::<Vec<_>>().join("; "))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn assigned(agent: &str) -> Fact {
        Fact::Assigned { agent: agent.into() }
    }
    fn said(by: &str) -> Fact {
        Fact::Said { by: by.into() }
    }
    fn left() -> Fact {
        Fact::Left { by: None }
    }
    fn got(name: &str) -> Turn {
        Turn::Got(name.into())
    }
    fn lost(name: &str) -> Turn {
        Turn::Lost(name.into())
    }
    fn inbox(agent: &str, turns: &[Turn]) -> Inbox {
        Inbox { agent: agent.into(), capacity: 1, turns: turns.to_vec() }
    }
    fn found(conversations: &[(&str, &[Fact])], inboxes: &[Inbox]) -> usize {
        let conversations: Vec<_> = conversations.iter().map(|(name, facts)| ((*name).to_owned(), facts.to_vec())).collect();
        check(&conversations, inboxes).len()
    }

    #[test]
    fn one_owner_after_another_is_clean() {
        let gave = Fact::Left { by: Some("a".into()) };
        let course = [assigned("a"), said("a"), gave, assigned("b"), said("b"), left(), Fact::BackWithAgent, said("b"), left()];
        let turns = [got("x"), lost("x"), got("x"), lost("x")];
        assert_eq!(found(&[("x", &course)], &[inbox("a", &[got("x"), lost("x")]), inbox("b", &turns)]), 0);
    }

    #[test]
    fn two_assignments_with_nothing_between_are_two_owners() {
        assert_eq!(found(&[("x", &[assigned("a"), assigned("b")])], &[]), 1);
        assert_eq!(found(&[("x", &[assigned("a"), left(), assigned("b"), Fact::BackWithAgent])], &[]), 1);
    }

    #[test]
    fn nobody_speaks_or_settles_where_another_owns() {
        assert_eq!(found(&[("x", &[assigned("a"), said("b")])], &[]), 1);
        assert_eq!(found(&[("x", &[assigned("a"), left(), said("a")])], &[]), 1);
        assert_eq!(found(&[("x", &[assigned("a"), Fact::Left { by: Some("b".into()) }])], &[]), 1);
    }

    #[test]
    fn nobody_has_more_than_the_capacity() {
        let (x, y) = ([assigned("a")], [assigned("a")]);
        assert_eq!(found(&[("x", &x), ("y", &y)], &[inbox("a", &[got("x"), got("y")])]), 1);
        let x = [assigned("a"), left()];
        assert_eq!(found(&[("x", &x), ("y", &y)], &[inbox("a", &[got("x"), lost("x"), got("y")])]), 0);
    }

    #[test]
    fn an_inbox_and_the_conversations_say_the_same() {
        assert_eq!(found(&[("x", &[assigned("a")])], &[inbox("a", &[])]), 1);
        assert_eq!(found(&[("x", &[left()])], &[inbox("a", &[got("x")])]), 1);
        assert_eq!(found(&[("x", &[assigned("a"), left()])], &[inbox("a", &[got("x"), lost("x"), lost("x")])]), 1);
    }

    #[test]
    fn the_courses_of_what_was_found_are_told() {
        let entry = json!({"seq": 1, "kind": "assigned", "at": 5, "by": {"kind": "system"}, "body": {"agent": "b"}});
        let told = courses(&["x: b got it, and a had it".to_owned()], &[("x".to_owned(), vec![entry]), ("y".to_owned(), Vec::new())]);
        assert_eq!(told, [r#"course of x: 1 "assigned" by "system" 5 {"agent":"b"}"#]);
    }

    #[test]
    fn facts_are_read_from_the_staffs_entries() {
        let read = |kind: &str, by: Value, body: Value| Fact::read(&json!({"kind": kind, "by": by, "body": body}));
        let (agent, system) = (json!({"kind": "agent", "id": "a"}), json!({"kind": "system"}));
        assert_eq!(read("assigned", system.clone(), json!({"agent": "a", "how": "routed"})), Some(assigned("a")));
        assert_eq!(read("reopened", system.clone(), json!({"with": "agent"})), Some(Fact::BackWithAgent));
        assert_eq!(read("reopened", system.clone(), json!({"with": "queue"})), Some(left()));
        assert_eq!(read("message", agent.clone(), json!({"text": "hello"})), Some(said("a")));
        assert_eq!(read("message", json!({"kind": "customer"}), json!({"text": "hello"})), None);
        assert_eq!(read("resolved", agent, json!({})), Some(Fact::Left { by: Some("a".into()) }));
        assert_eq!(read("note", system, json!({})), None);
        assert_eq!(Turn::read(&json!({"kind": "released", "body": {"conversation": "x"}})), Some(lost("x")));
    }
}
