//! What a change replaced: the fields that differ between what was stored and what is stored now.

use domain::graphemes;
use serde::Serialize;
use serde_json::Value;

/// The most fields of one change that are kept.
const MOST: usize = 60;
/// The most characters of a text that are kept.
const MOST_CHARACTERS: usize = 400;

/// A field with another value than before. What has no value is `null`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The field, with dots: `name.zh`.
    pub field: String,
    /// Its value before.
    pub before: Value,
    /// Its value now.
    pub after: Value,
}

/// The fields that differ, in the order of their names. Versions are left out.
pub fn between(before: &impl Serialize, after: &impl Serialize) -> Vec<Change> {
    let mut changes = Vec::new();
    compare("", &serde_json::to_value(before).unwrap_or_default(), &serde_json::to_value(after).unwrap_or_default(), &mut changes);
    changes.truncate(MOST);
    changes
}

fn compare(field: &str, before: &Value, after: &Value, into: &mut Vec<Change>) {
    if before == after || field == "updated_at" {
        return;
    }
    let null = Value::Null;
    let (one, other) = (before.as_object(), after.as_object());
    // A whole object that is new or gone is told field by field, too.
    if (one.is_some() || before.is_null()) && (other.is_some() || after.is_null()) {
        let names: std::collections::BTreeSet<&String> = one.into_iter().chain(other).flat_map(serde_json::Map::keys).collect();
        for name in names {
            let inner = if field.is_empty() { name.clone() } else { format!("{field}.{name}") };
            let of = |object: Option<&serde_json::Map<String, Value>>| object.and_then(|object| object.get(name)).unwrap_or(&null).clone();
            compare(&inner, &of(one), &of(other), into);
        }
        return;
    }
    into.push(Change { field: field.to_owned(), before: short(before), after: short(after) });
}

/// A value in which no text is long.
fn short(value: &Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > MOST_CHARACTERS => Value::String(format!("{}…", graphemes::within(text, MOST_CHARACTERS))),
        Value::Array(items) => items.iter().take(MOST).map(short).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), short(value))).collect(),
        other => other.clone(),
    }
}
