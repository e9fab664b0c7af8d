//! Resources that the matrix tries by the examples of their endpoints. Whoever adds such a resource writes nothing here.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use testkit_server::Client;

use super::document::{Operation, operations};

/// What was made of the examples, by the address to which it was sent.
#[derive(Clone)]
pub struct Examples(BTreeMap<String, Value>);

/// The address of the collection that an operation is about one of.
fn collection(path: &str) -> Option<&str> {
    path.find("/{id}").map(|at| &path[..at])
}

/// The same with other names, so that the example itself is still to be had.
fn spare(mut example: Value) -> Value {
    for field in ["name", "title", "key"] {
        match example.get_mut(field) {
            Some(Value::String(text)) => text.push_str(" 0"),
            Some(Value::Object(languages)) => languages.values_mut().for_each(|text| *text = json!(format!("{} 0", text.as_str().unwrap_or_default()))),
            _ => {}
        }
    }
    example
}

/// The same with the ids of what was made in place of those that stand for any (`dep_` and 32 zeros), by their prefix; null where there is none.
fn filled(example: &Value, made: &BTreeMap<String, Value>) -> Value {
    match example {
        Value::String(text) => match text.strip_suffix(&"0".repeat(32)) {
            Some(prefix) if prefix.ends_with('_') => {
                let ids = made.values().map(|one| &one["id"]);
                ids.into_iter().find(|id| id.as_str().is_some_and(|id| id.starts_with(prefix))).cloned().unwrap_or_default()
            }
            _ => example.clone(),
        },
        Value::Array(all) => all.iter().map(|one| filled(one, made)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, one)| (name.clone(), filled(one, made))).collect(),
        _ => example.clone(),
    }
}

impl Examples {
    /// Makes one of each resource whose creation has an example and of which one can be asked for.
    pub async fn furnish(who: &Client) -> Self {
        let (all, mut made) = (operations(), BTreeMap::new());
        let is_one_of = |path: &str| all.iter().any(|operation| collection(&operation.path) == Some(path));
        for operation in all.iter().filter(|operation| operation.method == reqwest::Method::POST && is_one_of(&operation.path)) {
            let Some(example) = &operation.example else { continue };
            let answer = who.post(&operation.path, spare(filled(example, &made))).await.expect(201);
            assert!(!answer["id"].is_null(), "{}: the answer names no id, by which the matrix could go on", operation.name());
            made.insert(operation.path.clone(), answer);
        }
        Self(made)
    }

    /// What was made of the example sent to this address.
    pub fn made(&self, path: &str) -> &Value {
        self.0.get(path).unwrap_or_else(|| panic!("{path}: there is no example of what is sent to it"))
    }

    /// Whether an operation belongs to such a resource.
    pub fn has(&self, operation: &Operation) -> bool {
        self.0.contains_key(collection(&operation.path).unwrap_or(&operation.path))
    }

    /// The id of what an operation is about, if that was made of an example.
    pub fn id(&self, operation: &Operation) -> Option<&str> {
        self.0.get(collection(&operation.path)?)?["id"].as_str()
    }

    /// The example of an operation's body, up to date where it says what was `seen`.
    pub fn body(&self, operation: &Operation) -> Option<Value> {
        let mut body = filled(operation.example.as_ref()?, &self.0);
        if let (Some(seen), Some(made)) = (body.get_mut("seen"), collection(&operation.path).and_then(|path| self.0.get(path))) {
            *seen = made["updated_at"].clone();
        }
        Some(body)
    }
}
