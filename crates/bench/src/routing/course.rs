//! What the record says of a conversation: when it waited, to whom it was offered, and who served it.

use std::collections::HashMap;

use anyhow::bail;
use serde_json::Value;

use crate::{
    http::{Http, Identity},
    serving,
};

/// When each agent began (`true`) or ended (`false`) to take conversations, oldest first.
pub type States = HashMap<String, Vec<(i64, bool)>>;

/// Something that happened in a conversation, at a time in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It waits.
    Queued,
    /// It is offered to an agent.
    Offered(String),
    /// An offer ends without being accepted, so that it waits again.
    OfferEnded(String),
    /// An agent has it.
    Assigned(String),
    /// Nobody has it any more: it was settled, or went back.
    Left,
}

/// A conversation as the record has it.
#[derive(Debug, Clone, Default)]
pub struct Course {
    /// What happened, in its order.
    pub steps: Vec<(i64, Step)>,
}

impl Course {
    fn step(&mut self, entry: &Value, numbers: &HashMap<&str, &str>) {
        let body = &entry["body"];
        let agent = || body["agent"].as_str().unwrap_or_default().to_owned();
        let step = match entry["kind"].as_str() {
            Some("queued") => Step::Queued,
            Some("offered") => Step::Offered(agent()),
            Some("offer_ended") => Step::OfferEnded(agent()),
            Some("assigned") => {
                let number = body["number"].as_str().unwrap_or_default();
                Step::Assigned(numbers.get(number).copied().unwrap_or(number).to_owned())
            }
            Some("resolved" | "returned" | "closed") => Step::Left,
            _ => return,
        };
        self.steps.push((entry["at"].as_i64().unwrap_or_default(), step));
    }
}

/// Reads conversations from the record; `numbers` are the ids of the agents by the numbers that customers see.
pub async fn read(http: &Http, who: &Identity, names: &[&str], numbers: &HashMap<&str, &str>) -> anyhow::Result<Vec<Course>> {
    let mut courses = Vec::with_capacity(names.len());
    for (name, entries) in serving::record_of(http, who, names).await? {
        let mut course = Course::default();
        entries.iter().for_each(|entry| course.step(entry, numbers));
        if !matches!(course.steps.first(), Some((_, Step::Queued))) {
            bail!("the record of {name} does not begin with its wait: {:?}", course.steps);
        }
        courses.push(course);
    }
    Ok(courses)
}
