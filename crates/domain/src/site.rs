//! The sites that embed the widget: what their keys, texts and allowed origins must satisfy.

use normal::typed::typed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    handoff::MOST_MISSES,
    id::{QuestionKindId, RatingReasonId},
    line,
    refusal::Code,
    staff::DECEPTIVE,
    text::Bilingual,
    text_enum::text_enum,
};

/// The most allowed origins of one site.
pub const MAX_ORIGINS: usize = 50;
/// The most first questions that the widget offers.
pub const MAX_QUESTIONS: usize = 3;

/// The most kinds of question among which the customers of a site choose.
pub const MAX_ASKED_KINDS: usize = 20;

/// The most reasons for a rating that a site offers.
pub const MAX_RATING_REASONS: usize = 16;
/// The longest name of a reason for a rating in one language, in characters.
const MAX_REASON_CHARS: usize = 30;

/// The version of the loader: the chat says with it how old the script on a page is. `web/widget/src/loader/w.ts` has the same number.
pub const LOADER_VERSION: i64 = 2;
/// The longest address of a page, in characters.
const MAX_PAGE_CHARS: usize = 300;

/// Whether a site's widget is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SiteState {
    /// The widget is served.
    Active,
    /// The widget is not served; past conversations on the site are kept.
    Paused,
}

text_enum!(SiteState { Active = "active", Paused = "paused" });

/// The corner of the page in which the launcher is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The end of the line: on the right in Chinese and English.
    #[default]
    End,
    /// The start of the line: on the left in Chinese and English.
    Start,
}

/// Whether the customers of a site are asked what it is about before a person is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AsksAbout {
    /// Whether they are asked.
    pub on: bool,
    /// Whether they may skip it.
    pub may_skip: bool,
    /// The kinds of question among which they choose, in order; at most 20.
    #[schema(max_items = 20)]
    pub questions: Vec<QuestionKindId>,
}

impl AsksAbout {
    /// Checks what a site asks: each kind once, and at least one if customers are asked.
    pub fn check(&self) -> Result<(), SiteError> {
        let is_twice = self.questions.iter().enumerate().any(|(n, id)| self.questions[..n].contains(id));
        if self.questions.len() > MAX_ASKED_KINDS || is_twice {
            return Err(invalid("asks_about.questions", "name at most 20 kinds of question, each once"));
        }
        if self.on && self.questions.is_empty() {
            return Err(invalid("asks_about.questions", "choose at least one kind of question"));
        }
        Ok(())
    }
}

/// What customers can choose on a site to say why they rate as they do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatingReason {
    /// The id, made by whoever adds the reason; it stays when the name is changed.
    pub id: RatingReasonId,
    /// What it says; at most 30 characters in each language.
    pub name: Bilingual,
    /// Whether it is offered with good ratings; otherwise with the other ones.
    pub is_praise: bool,
}

impl RatingReason {
    /// Checks the reasons of a site: at most 16, each once, each with a name.
    pub fn check(all: &[Self]) -> Result<(), SiteError> {
        if all.len() > MAX_RATING_REASONS {
            return Err(invalid("rating_reasons", "offer at most 16 reasons"));
        }
        for (n, Self { id, name, .. }) in all.iter().enumerate() {
            check_name(&format!("rating_reasons.{n}.name"), name, MAX_REASON_CHARS)?;
            if all[..n].iter().any(|before| before.id == *id) {
                return Err(invalid(format!("rating_reasons.{n}.id"), "each reason is offered once"));
            }
        }
        Ok(())
    }
}

/// Why a site was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct SiteError {
    /// The field of the request that the error is about.
    pub field: String,
    /// What the user has to do about it.
    pub why: &'static str,
    /// The code of the error; codes are only ever added.
    pub code: Code,
}

fn invalid(field: impl Into<String>, why: &'static str) -> SiteError {
    SiteError { field: field.into(), why, code: Code::InvalidValue }
}

/// Checks a key, by which the embed snippet names the site.
pub fn check_key(key: &str) -> Result<(), SiteError> {
    let fits = (2..=40).contains(&key.len()) && key.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    let ends = key.starts_with('-') || key.ends_with('-');
    if fits && !ends { Ok(()) } else { Err(invalid("key", "a key must have 2 to 40 characters, a-z, 0-9 and -, and neither begin nor end with -")) }
}

/// Checks a text in two languages: not empty in at least one of them, at most `max` characters each.
pub fn check_text(field: &str, text: &Bilingual, max: usize) -> Result<(), SiteError> {
    let long = |text: &str| text.chars().count() > max || text.contains('\0');
    if text.zh.trim().is_empty() && text.en.trim().is_empty() {
        return Err(invalid(field, "write it in at least one language"));
    }
    for (lang, text) in [("zh", &text.zh), ("en", &text.en)] {
        if long(text) {
            return Err(invalid(format!("{field}.{lang}"), "the text is longer than allowed"));
        }
    }
    Ok(())
}

/// Checks after how many misses a person is offered, and the text that names where help can be had; that text may be empty.
pub fn check_help(misses: u8, lines: &Bilingual, max: usize) -> Result<(), SiteError> {
    if misses > MOST_MISSES {
        return Err(invalid("offer_after_misses", "a person can be offered after at most 5 misses"));
    }
    check_optional("help_lines", lines, max)
}

/// Checks a text in two languages that may also be empty: at most `max` characters each.
pub fn check_optional(field: &str, text: &Bilingual, max: usize) -> Result<(), SiteError> {
    let is_empty = text.zh.trim().is_empty() && text.en.trim().is_empty();
    if is_empty { Ok(()) } else { check_text(field, text, max) }
}

/// Checks a name in two languages: like any text, but on one line, and not deceptive, so that nobody takes it for a different one.
pub fn check_name(field: &str, name: &Bilingual, max: usize) -> Result<(), SiteError> {
    check_text(field, name, max)?;
    for (lang, name) in [("zh", &name.zh), ("en", &name.en)] {
        if line::deceives(name.trim()) {
            return Err(SiteError { field: format!("{field}.{lang}"), why: DECEPTIVE, code: Code::NameDeceptive });
        }
    }
    Ok(())
}

/// Checks an allowed origin and returns it as browsers write it: `https://shop.example`, in lower case, with its host in ASCII and without the default port.
pub fn origin(raw: &str) -> Option<String> {
    let text = typed(raw).trim_end_matches('/').to_lowercase();
    let (scheme, authority) = text.split_once("://")?;
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse::<u16>().ok().filter(|port| *port > 0 && port.to_string() == authority[host.len() + 1..])?)),
        None => (authority, None),
    };
    let host = normal::domain::ascii(host)?;
    match (scheme, port) {
        ("https", None | Some(443)) | ("http", None | Some(80)) => Some(format!("{scheme}://{host}")),
        ("https" | "http", Some(port)) => Some(format!("{scheme}://{host}:{port}")),
        _ => None,
    }
}

/// The origin of a web page and its address without query and fragment, which may contain what nobody else should know; `None` if it is none.
pub fn page(raw: &str) -> Option<(String, String)> {
    let address = raw.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = address.split_once("://")?;
    let (authority, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    let from = origin(&format!("{scheme}://{authority}"))?;
    let whole = format!("{from}{path}");
    (whole.chars().count() <= MAX_PAGE_CHARS && !whole.chars().any(char::is_control)).then_some((from, whole))
}

/// Checks a list of allowed origins and returns them as browsers write them, without duplicates.
pub fn origins(raw: &[String]) -> Result<Vec<String>, SiteError> {
    if raw.len() > MAX_ORIGINS {
        return Err(invalid("origins", "a site can have at most 50 origins"));
    }
    let mut all: Vec<String> = Vec::with_capacity(raw.len());
    for (n, one) in raw.iter().enumerate() {
        let why = "an origin consists of a scheme and a host, such as https://shop.example, without a path or *";
        let one = origin(one).ok_or_else(|| SiteError { field: format!("origins.{n}"), why, code: Code::OriginInvalid })?;
        if !all.contains(&one) {
            all.push(one);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_kept_as_browsers_write_it() {
        for (raw, kept) in [
            ("https://shop.example", Some("https://shop.example")),
            (" HTTPS://Shop.Example/ ", Some("https://shop.example")),
            ("https://shop.example:443", Some("https://shop.example")),
            ("http://localhost:5173", Some("http://localhost:5173")),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("shop.example", None),
            ("https://", None),
            ("https://shop.example/cart", None),
            ("https://*.shop.example", None),
            ("https://shop.example; script-src *", None),
            ("https://user@shop.example", None),
            ("https://shop.example:0", None),
            ("https://shop.example:99999", None),
            ("https://shop.example:+80", None),
            ("ftp://shop.example", None),
            ("https://商店.example", Some("https://xn--czrs0t.example")),
            ("https://BÜCHER.example:8443", Some("https://xn--bcher-kva.example:8443")),
            ("\u{202d}https://shop.example\u{200b}", Some("https://shop.example")),
            ("null", None),
        ] {
            assert_eq!(origin(raw).as_deref(), kept, "{raw}");
        }
    }

    #[test]
    fn the_wrong_one_of_several_is_named() {
        let list = |all: &[&str]| origins(&all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
        assert_eq!(list(&["https://a.example", "https://A.example/"]), Ok(vec!["https://a.example".to_owned()]));
        let wrong = list(&["https://a.example", "b.example"]).unwrap_err();
        assert_eq!((wrong.field.as_str(), wrong.code), ("origins.1", Code::OriginInvalid));
        assert_eq!(list(&["https://a.example"; 51]).unwrap_err().field, "origins");
    }

    #[test]
    fn a_key_is_short_and_plain() {
        for (key, fits) in
            [("demo", true), ("shop-2", true), ("a", false), ("", false), ("Shop", false), ("-a", false), ("a-", false), ("a/b", false), ("商店", false)]
        {
            assert_eq!(check_key(key).is_ok(), fits, "{key}");
        }
        assert!(check_key(&"a".repeat(41)).is_err());
    }

    #[test]
    fn help_may_be_left_to_the_usual_text_and_misses_are_few() {
        let text = |zh: &str, en: &str| Bilingual { zh: zh.into(), en: en.into() };
        assert!(check_help(0, &text("", ""), 10).is_ok() && check_help(5, &text("打 110", ""), 10).is_ok());
        assert_eq!(check_help(6, &text("", ""), 10).unwrap_err().field, "offer_after_misses");
        assert_eq!(check_help(2, &text("", "much too long"), 10).unwrap_err().field, "help_lines.en");
    }

    #[test]
    fn a_text_stands_in_one_language_at_least() {
        let text = |zh: &str, en: &str| Bilingual { zh: zh.into(), en: en.into() };
        assert!(check_text("name", &text("", "Shop"), 10).is_ok());
        assert_eq!(check_text("name", &text(" ", ""), 10).unwrap_err().field, "name");
        assert_eq!(check_text("name", &text("好", "much too long"), 10).unwrap_err().field, "name.en");
        assert!(check_name("name", &text("客服 ❤\u{fe0f}", ""), 10).is_ok());
        for bad in ["\u{2800}", "\u{202e}x", "x\u{3164}", "a\nb"] {
            let error = check_name("name", &text("好", bad), 10).unwrap_err();
            assert_eq!((error.field.as_str(), error.code), ("name.en", Code::NameDeceptive), "{bad:?}");
        }
    }
}
