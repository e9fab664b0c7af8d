//! Writes down a customer's conversations: as JSON, and as a page for people.

use domain::{
    entry::{
        Body, EntryKind,
        body::{AskedAbout, AssignedIn, Message},
    },
    id::ConversationId,
    journal::{ActorKind, StoredEntry},
    rating,
    text::Lang,
    time::Ts,
};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};
use store_hall::customer_visitors::OwnRow;
use utoipa::ToSchema;

use super::{interest::ExportedInterest, view::CustomerView};

/// The style of the page; nothing is loaded from anywhere.
const LOOK: &str = "body{font:16px/1.6 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#132024}h2{margin:2rem 0 .5rem;font-size:1.1rem;border-top:1px solid #d9e1e1;padding-top:1rem}p{margin:.25rem 0;white-space:pre-wrap;overflow-wrap:anywhere}small,i{color:#586a6e;font-style:normal}b{font-weight:600}span{display:block}[dir]{unicode-bidi:plaintext}";

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ExportFormat {
    /// JSON, for programs.
    Json,
    /// HTML, for people: one page that needs nothing else.
    Html,
    /// ZIP: everything that is kept, with the files.
    Zip,
}

/// How conversations are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// JSON, for programs.
    Json,
    /// HTML, for people.
    Html,
}

/// How an export is written.
#[derive(Debug, Clone)]
pub(super) struct Format {
    pub form: Form,
    pub lang: Lang,
    pub zone: TimeZone,
}

/// The id of a conversation as it is shown.
pub(super) const fn shown_id(row: &OwnRow) -> ConversationId {
    ConversationId::new(row.id)
}

/// What precedes the conversations.
pub(super) fn beginning(
    format: &Format,
    customer: &CustomerView,
    company: &str,
    (kept, interests): (&Map<String, Value>, &[ExportedInterest]),
    now: Ts,
) -> Result<String, serde_json::Error> {
    Ok(match format.form {
        Form::Json => {
            let (customer, kept, interests) = (serde_json::to_string(customer)?, serde_json::to_string(kept)?, serde_json::to_string(interests)?);
            format!(
                "{{\"company\":{},\"exported_at\":{},\"customer\":{customer},\"kept\":{kept},\"interests\":{interests},\"conversations\":[",
                json!(company),
                now.0
            )
        }
        Form::Html => {
            let title = text_in(format, &format!("我和{company}的会话"), &format!("My conversations with {company}"));
            head(format, &title, now) + &of_consents(format, kept) + &of_interest(format, interests)
        }
    })
}

/// The beginning of a page for people, with its title and when it was made.
fn head(format: &Format, title: &str, now: Ts) -> String {
    let when = format!("{} {}", text_in(format, "导出时间", "Exported"), time(format, now));
    format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{LOOK}</style></head><body>\n<h1>{title}</h1>\n<p><small>{}</small></p>\n",
        format.lang.tag(),
        escaped(&when),
        title = escaped(title),
    )
}

/// The beginning of the page of one conversation.
pub(super) fn beginning_of_one(format: &Format, company: &str, now: Ts) -> String {
    head(format, &text_in(format, &format!("我和{company}的会话"), &format!("My conversation with {company}")), now)
}

/// What the customer answered when they were asked what may be stored, each answer with its time.
fn of_consents(format: &Format, kept: &Map<String, Value>) -> String {
    let (empty, mut seen, mut out) = (Vec::new(), Vec::new(), String::new());
    for one in kept.get("consents").and_then(Value::as_array).unwrap_or(&empty) {
        let (purpose, at, granted) = (one["purpose"].as_str().unwrap_or_default(), one["at"].as_i64().unwrap_or_default(), one["granted"] == true);
        // An answer is kept for each visitor of the account; it is written once.
        if seen.contains(&(purpose, at)) {
            continue;
        }
        seen.push((purpose, at));
        let what = match purpose {
            "pages" => text_in(format, "所在的页面", "The page I am on"),
            "profile" => text_in(format, "我问过什么", "What I ask about"),
            _ => text_in(format, "我看过什么，以及推荐", "What I look at, and recommendations"),
        };
        let said = if granted { text_in(format, "同意", "agreed") } else { text_in(format, "不同意", "refused") };
        out.push_str(&format!("<p>{}<br><small>{}</small></p>\n", escaped(&what), escaped(&format!("{said} · {}", time(format, Ts(at))))));
    }
    if out.is_empty() { out } else { format!("<h2>{}</h2>\n{out}", text_in(format, "我对存储信息的答复", "What I agreed to have stored")) }
}

/// What is noted of the customer's interests, if anything is.
fn of_interest(format: &Format, interests: &[ExportedInterest]) -> String {
    if interests.is_empty() {
        return String::new();
    }
    let mut out = format!("<h2>{}</h2>\n", text_in(format, "为推荐而记录的关注", "What you took an interest in, noted for recommendations"));
    for one in interests {
        let name = one.name.as_ref().map_or(one.id.as_str(), |name| name.get(format.lang));
        let mut facts = vec![
            text_in(format, &format!("看过 {} 次", one.looked), &format!("looked at: {}", one.looked)),
            text_in(format, &format!("问过 {} 次", one.asked), &format!("asked about: {}", one.asked)),
        ];
        facts.extend(one.score.map(|score| format!("{} {score}/{}", text_in(format, "我的评价", "My rating"), rating::BEST)));
        facts.push(format!("{} {}", text_in(format, "最近", "last"), time(format, one.at)));
        out.push_str(&format!("<p><b dir=\"auto\">{}</b><br><small>{}</small></p>\n", escaped(name), escaped(&facts.join(" · "))));
    }
    out
}

/// What precedes a conversation's entries.
pub(super) fn opening(format: &Format, row: &OwnRow, is_first: bool) -> String {
    match format.form {
        Form::Json => format!(
            "{}{{\"id\":\"{}\",\"created_at\":{},\"state\":\"{}\",\"score\":{},\"entries\":[",
            if is_first { "\n" } else { ",\n" },
            shown_id(row),
            row.created_at,
            row.state,
            json!(row.score),
        ),
        Form::Html => format!("<h2>{}</h2>\n", escaped(&time(format, Ts(row.created_at)))),
    }
}

/// A public entry; `json` is its form on the wire.
pub(super) fn entry(format: &Format, entry: &StoredEntry, json: &str, is_first: bool) -> String {
    match format.form {
        Form::Json => format!("{}{json}", if is_first { "" } else { "," }),
        Form::Html => line(format, entry).unwrap_or_default(),
    }
}

/// What follows a conversation's entries.
pub(super) const fn closing(format: &Format) -> &'static str {
    match format.form {
        Form::Json => "]}",
        Form::Html => "",
    }
}

/// What follows the conversations.
pub(super) const fn end(format: &Format) -> &'static str {
    match format.form {
        Form::Json => "\n]}\n",
        Form::Html => "</body></html>\n",
    }
}

fn text_in(format: &Format, zh: &str, en: &str) -> String {
    if format.lang == Lang::Zh { zh } else { en }.to_owned()
}

/// A message as a paragraph, and other events as a line where people would miss them.
fn line(format: &Format, stored: &StoredEntry) -> Option<String> {
    let entry = &stored.entry;
    let at = time(format, stored.at);
    let who = match entry.actor.kind {
        ActorKind::Customer => text_in(format, "我", "Me"),
        ActorKind::Bot | ActorKind::Agent | ActorKind::System => entry.actor.name.clone().unwrap_or_default(),
    };
    let words = match stored.body() {
        Some(Body::Message(message)) => match message {
            Message::File { file, .. } => format!("{} {}", text_in(format, "文件", "File"), file.name),
            Message::Product { product, .. } => product.name.get(format.lang).to_owned(),
            Message::Text { text, .. } | Message::Choice { text, .. } | Message::LeftMessage { text, .. } | Message::Answer { text, .. } => text,
        },
        None if entry.kind == EntryKind::Message => text_in(format, "（已删除）", "(removed)"),
        Some(Body::Assigned(AssignedIn::Conversation(assigned))) => {
            return Some(aside(&at, &format!("{}{}", assigned.name, text_in(format, "已接入", " joined"))));
        }
        Some(Body::AskedAbout(about)) => return line_about(format, &at, &about),
        Some(Body::Rated(rated)) => {
            let reasons = rated.reasons.iter().map(|reason| format!(" · {}", reason.name.get(format.lang)));
            let said = format!("{} {}/{}{}", text_in(format, "我的评价", "My rating"), rated.score, rating::BEST, reasons.collect::<String>());
            return Some(aside(&at, &said));
        }
        Some(Body::AnswerRated(judged)) => {
            let (zh, en) = if judged.helpful { ("我说：清楚了", "I said: That helped") } else { ("我说：还不清楚", "I said: Not yet") };
            return Some(aside(&at, &text_in(format, zh, en)));
        }
        Some(Body::Resolved(_)) => return Some(aside(&at, &text_in(format, "会话结束", "Ended"))),
        _ => return None,
    };
    Some(format!("<p><b dir=\"auto\">{}</b> <small>{}</small><br><span dir=\"auto\">{}</span></p>\n", escaped(&who), escaped(&at), escaped(&words)))
}

/// What the customer said that it is about; nothing if they skipped that.
fn line_about(format: &Format, at: &str, about: &AskedAbout) -> Option<String> {
    let kind = about.question.as_ref()?.name.get(format.lang);
    let details = about.details.iter().map(|detail| format!(" · {}{}{}", detail.label.get(format.lang), text_in(format, "：", ": "), detail.text));
    Some(aside(at, &format!("{}{kind}{}", text_in(format, "我要咨询：", "About: "), details.collect::<String>())))
}

fn aside(at: &str, words: &str) -> String {
    format!("<p><i>{} · <bdi>{}</bdi></i></p>\n", escaped(at), escaped(words))
}

fn time(format: &Format, at: Ts) -> String {
    Timestamp::from_millisecond(at.0).map_or_else(|_| String::new(), |at| at.to_zoned(format.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string())
}

/// Escapes text so that it can do nothing in a page.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
