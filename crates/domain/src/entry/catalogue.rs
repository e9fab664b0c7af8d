//! The catalogue of entries, docs/EVENTS.md: generated from the types, so that it cannot contradict them.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use serde_json::Value;
use utoipa::ToSchema;

use super::EntryKind;
use crate::{entry::Audience, stream::StreamKind};

const INTRODUCTION: &str = "\
# Entries

Everything that happens is an entry of the journal, in the stream of what it happened to ([ARCHITECTURE.md](ARCHITECTURE.md)). This page lists every kind of entry. It is
generated from the types in `crates/domain/src/entry`; a test writes it anew when they change.

- The **body** is what an entry says. Clients receive it with the entry, and webhooks and the feed of events include it where it is asked for. Fields marked *staff* are never
  sent to customers.
- The **facts** are what analysis may know of it. They contain no words and nothing personal. The numbers of the panel are computed from them, and webhooks are told most of them
  ([WEBHOOKS.md](WEBHOOKS.md)). `ep` is the number of the conversation's episode.

Kinds and fields are only ever added. Entries of every kind as the first release wrote them are kept as a test, which reads them and writes them again, byte for byte.
A field with a question mark may be missing or `null`. Times are milliseconds since 1970 UTC.
";

/// The form of a body or of facts: its schema, and the schemas it refers to.
pub struct Form {
    schema: Value,
    parts: BTreeMap<String, Value>,
}

impl Form {
    pub fn of<T: ToSchema>() -> Self {
        let mut parts = Vec::new();
        T::schemas(&mut parts);
        let json = |schema| serde_json::to_value(schema).unwrap();
        Self { schema: json(T::schema()), parts: parts.into_iter().map(|(name, schema)| (name, json(schema))).collect() }
    }

    fn part(&self, reference: &str) -> &Value {
        let name = reference.rsplit('/').next().unwrap();
        self.parts.get(name).unwrap_or_else(|| panic!("no schema of {name}"))
    }

    /// The alternatives of a form, each with its fields; the form itself if it has no alternatives.
    fn alternatives<'a>(&'a self, schema: &'a Value) -> Vec<&'a Value> {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.alternatives(self.part(reference));
        }
        match schema["oneOf"].as_array() {
            Some(several) => several.iter().flat_map(|one| self.alternatives(one)).collect(),
            None => vec![schema],
        }
    }

    /// A type in words.
    fn type_in_words(&self, schema: &Value) -> String {
        if let Some(reference) = schema["$ref"].as_str() {
            let part = self.part(reference);
            let name = reference.rsplit('/').next().unwrap();
            return if part["type"] == "object" { format!("[{name}](#{})", name.to_lowercase()) } else { self.type_in_words(part) };
        }
        if let Some(several) = schema["oneOf"].as_array() {
            return several.iter().map(|one| self.type_in_words(one)).collect::<Vec<_>>().join(" or ");
        }
        if let Some(values) = schema["enum"].as_array() {
            return values.iter().map(|value| format!("`{}`", value.as_str().unwrap())).collect::<Vec<_>>().join(", ");
        }
        if let Some(pattern) = schema["pattern"].as_str() {
            return format!("`{}…`", pattern.trim_start_matches('^').split('[').next().unwrap());
        }
        match &schema["type"] {
            Value::Array(several) => several.iter().map(|one| one.as_str().unwrap()).collect::<Vec<_>>().join(" or "),
            Value::String(list) if list == "array" => format!("list of {}", self.type_in_words(&schema["items"])),
            Value::String(one) => one.clone(),
            other => panic!("a type like {other}"),
        }
    }

    /// A table for each alternative.
    fn tables(&self, schema: &Value, staff: &[&str], out: &mut String) {
        for one in self.alternatives(schema) {
            let Some(fields) = one["properties"].as_object().filter(|fields| !fields.is_empty()) else { continue };
            let needed = |name: &str| one["required"].as_array().is_some_and(|needed| needed.iter().any(|needed| needed == name));
            out.push_str("\n| field | type | meaning |\n|---|---|---|\n");
            for (name, field) in fields {
                // If a field has a named type, its meaning is stored next to the reference to that type.
                let within = field["oneOf"].as_array().into_iter().flatten().find_map(|one| one["description"].as_str());
                let meaning = field["description"].as_str().or(within).unwrap_or("What it is.").replace(['\n', '|'], " ");
                let readers = if staff.contains(&name.as_str()) { " *staff*" } else { "" };
                let named = self.type_in_words(field);
                let _ = match needed(name) {
                    true => writeln!(out, "| `{name}`{readers} | {named} | {meaning} |"),
                    false => writeln!(out, "| `{name}`?{readers} | {} | {meaning} |", named.trim_end_matches(" or null")),
                };
            }
        }
    }
}

fn catalogue() -> String {
    let mut out = INTRODUCTION.to_owned();
    let mut objects = BTreeMap::new();
    for &kind in EntryKind::EACH {
        let streams = kind.streams().iter().map(|stream| format!("`{}`", stream.as_str())).collect::<Vec<_>>().join(", ");
        let readers = match (kind.streams(), kind.audience()) {
            ([StreamKind::Access | StreamKind::Audit | StreamKind::Work], _) => "the program only",
            (_, Audience::Staff) => "the staff only",
            (_, Audience::Public) => "everybody who reads the stream",
        };
        let _ = write!(out, "\n## {}\n\n{} Streams: {streams}. Read by: {readers}. Version {}.\n", kind.as_str(), kind.meaning().trim(), kind.version());
        for (title, form) in ["Body", "Facts"].iter().zip(kind.forms()) {
            let mut tables = String::new();
            form.tables(&form.schema, kind.for_staff(), &mut tables);
            if tables.is_empty() {
                let _ = write!(out, "\n{title}: nothing more.\n");
            } else {
                let _ = write!(out, "\n{title}:\n{tables}");
            }
            for (name, part) in &form.parts {
                if part["type"] == "object" && !form.alternatives(&form.schema).contains(&part) {
                    objects.entry(name.clone()).or_insert_with(|| {
                        let mut tables = String::new();
                        form.tables(part, &[], &mut tables);
                        (part["description"].as_str().unwrap_or_default().to_owned(), tables)
                    });
                }
            }
        }
    }
    out.push_str("\n## Objects within bodies\n");
    for (name, (meaning, tables)) in objects {
        let _ = write!(out, "\n### {name}\n\n{meaning}\n{tables}");
    }
    out
}

#[test]
fn the_catalogue_of_entries_is_made_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/EVENTS.md");
    let fresh = catalogue();
    if fs::read_to_string(path).unwrap_or_default() != fresh {
        fs::write(path, fresh).unwrap();
        panic!("docs/EVENTS.md was not fresh; it has been written anew, commit it");
    }
}
