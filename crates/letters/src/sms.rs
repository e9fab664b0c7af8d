//! Text messages through a gateway that accepts JSON over HTTP: builds the body of the request. Sending it is the task of the caller, which has network access.

use serde_json::Value;

use crate::message::{Failure, Message};

/// The placeholder for the number in a gateway's template.
const TO: &str = "{to}";
/// The placeholder for the text in a gateway's template.
const TEXT: &str = "{text}";

/// The request body that a gateway expects: JSON in which some strings contain `{to}` and `{text}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Template(Value);

impl Template {
    /// Parses a template; fails if it is not JSON, or if the number or the text has no placeholder in a value. Placeholders in field names do not count: they
    /// are not filled in.
    pub fn parse(json: &str) -> Result<Self, Failure> {
        let template: Value = serde_json::from_str(json).map_err(|error| Failure::Refused(format!("the template is not JSON: {error}")))?;
        for placeholder in [TO, TEXT] {
            if !holds(&template, placeholder) {
                return Err(Failure::Refused(format!("the template lacks {placeholder}: put it into a value, like \"to\": \"{{to}}\"")));
            }
        }
        Ok(Self(template))
    }

    /// The body of the request for a message.
    pub fn body(&self, message: &Message) -> Vec<u8> {
        filled(&self.0, message).to_string().into_bytes()
    }
}

/// Whether one of the strings contains a placeholder.
fn holds(template: &Value, placeholder: &str) -> bool {
    match template {
        Value::String(text) => text.contains(placeholder),
        Value::Array(list) => list.iter().any(|one| holds(one, placeholder)),
        Value::Object(map) => map.values().any(|value| holds(value, placeholder)),
        _ => false,
    }
}

/// The template with the number and the text filled in; nothing in them can become structure.
fn filled(template: &Value, message: &Message) -> Value {
    match template {
        Value::String(text) => {
            // The text is inserted last, so that nothing in it is mistaken for a placeholder.
            let mut parts = text.split(TEXT).map(|part| part.replace(TO, &message.to));
            let first = parts.next().unwrap_or_default();
            Value::String(parts.fold(first, |all, part| all + &message.text + &part))
        }
        Value::Array(list) => list.iter().map(|one| filled(one, message)).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), filled(value, message))).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn number_and_words_are_put_where_the_template_says() {
        let template = Template::parse(r#"{"phone":["{to}"],"content":{"body":"[Linkong] {text}"},"kind":1}"#).unwrap();
        let message = Message::new("+8613800138000", "", "\"}{to} 123456");
        let body: Value = serde_json::from_slice(&template.body(&message)).unwrap();
        assert_eq!(body, json!({"phone": ["+8613800138000"], "content": {"body": "[Linkong] \"}{to} 123456"}, "kind": 1}));
    }

    #[test]
    fn a_template_without_words_is_refused() {
        for bad in ["", "{", r#"{"to":"{to}"}"#, r#"{"text":"{text}"}"#, r#"{"{to}":1,"text":"{text}"}"#, r#"{"to":"{to}","{text}":["text"]}"#] {
            assert!(matches!(Template::parse(bad), Err(Failure::Refused(_))), "{bad}");
        }
    }
}
