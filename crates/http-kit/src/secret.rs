//! Texts of requests that the audit must not keep: passwords, keys, tokens, and what people wrote to each other. What is secret is said by the type of its field.

use std::{cell::RefCell, fmt};

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What the audit has in place of a secret.
pub const LEFT_OUT: &str = "(secret)";

thread_local! {
    /// The secrets of the body that is being read on this thread.
    static READ: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A text of a request that is in no audit and in no log. It cannot be serialised: a view or a change that contains one does not compile. In the API document it is
/// a text: `#[schema(value_type = String)]`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text, for what it is needed for.
    pub fn reveal(self) -> String {
        self.0
    }
    /// The text, for comparing it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(LEFT_OUT)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        READ.with_borrow_mut(|read| read.push(text.clone()));
        Ok(Self(text))
    }
}

/// Reads a body, and returns the secrets that were read with it.
pub(crate) fn gather_secrets<T>(read: impl FnOnce() -> T) -> (T, Vec<String>) {
    READ.with_borrow_mut(Vec::clear);
    let value = read();
    (value, READ.take())
}

/// A body without these secrets, wherever it has them.
pub(crate) fn without(body: Value, secrets: &[String]) -> Value {
    match body {
        Value::String(text) if secrets.contains(&text) => Value::String(LEFT_OUT.to_owned()),
        Value::Array(items) => items.into_iter().map(|item| without(item, secrets)).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, without(value, secrets))).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_secret_is_said_by_its_type_wherever_it_stands() {
        #[derive(Debug, Deserialize)]
        struct Inner {
            key: Secret,
        }
        #[derive(Debug, Deserialize)]
        struct Body {
            #[serde(rename = "name")]
            _name: String,
            password: Option<Secret>,
            keys: Vec<Inner>,
        }
        let body = json!({"name": "shop", "password": "pass-1", "keys": [{"key": "key-1"}, {"key": "key-2"}], "again": "key-2"});
        let (read, secrets) = gather_secrets(|| serde_json::from_value::<Body>(body.clone()).unwrap());
        assert_eq!(BTreeSet::from_iter(&secrets), BTreeSet::from_iter(["pass-1", "key-1", "key-2"].map(str::to_owned).iter()));
        assert!(!format!("{read:?}").contains("key-1"));
        assert_eq!((read.password.unwrap().reveal(), read.keys[0].key.as_str()), ("pass-1".to_owned(), "key-1"));
        let kept = without(body, &secrets);
        assert_eq!(kept, json!({"name": "shop", "password": LEFT_OUT, "keys": [{"key": LEFT_OUT}, {"key": LEFT_OUT}], "again": LEFT_OUT}));
        assert_eq!(gather_secrets(|| ()).1, [""; 0], "what one request read is not left for the next");
    }
}
