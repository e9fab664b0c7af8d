//! Reads the few things that the load needs from the server's frames without building a tree. The frames are the server's own JSON, so keys are where
//! docs/PROTOCOL.md shows them, and the load's texts contain no quotes.

use crate::peer::Dialect;

/// The content of a line.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// Stored; the number from the client's id.
    Ok(usize),
    /// Refused permanently; the number from the client's id, if this is about a send.
    No(Option<usize>),
    /// Not now: the time after which to repeat, in milliseconds.
    Busy(u64),
    /// Entries of a stream, pushed or requested.
    Entries(&'a str),
    /// The stream starts over from this number.
    Reset(i64),
    /// A beat that requires this answer.
    Beat(&'static str),
    /// Anything that the load has no use for.
    Other,
}

/// Reads a line.
pub fn frame(dialect: Dialect, line: &str) -> Frame<'_> {
    match dialect {
        Dialect::Yingda | Dialect::Plain => ours(line),
        Dialect::SocketIo => packet(line).unwrap_or(Frame::Other),
    }
}

/// A text frame of Engine.IO 4: a beat, an acknowledgement (`43` and the packet's number), or an event (`42`).
fn packet(text: &str) -> Option<Frame<'_>> {
    if let Some(answer) = Dialect::SocketIo.is_beat(text) {
        return Some(Frame::Beat(answer));
    }
    if let Some(event) = text.strip_prefix("42") {
        return event.starts_with(r#"["message","#).then_some(Frame::Entries(event));
    }
    let (number, body) = text.strip_prefix("43")?.split_once('[')?;
    // The packet's number is the message's number plus one.
    let number = number.parse::<usize>().ok()?.checked_sub(1)?;
    Some(if body.starts_with(r#"{"seq":"#) { Frame::Ok(number) } else { Frame::No(Some(number)) })
}

fn ours(line: &str) -> Frame<'_> {
    let Some(rest) = line.strip_prefix(r#"{"t":""#) else { return Frame::Other };
    let Some((kind, rest)) = rest.split_once('"') else { return Frame::Other };
    match kind {
        "ok" => number_of(rest).map_or(Frame::Other, Frame::Ok),
        "entries" | "page" => rest.find(r#""entries":["#).map_or(Frame::Other, |at| Frame::Entries(&rest[at..])),
        "no" => Frame::No(number_of(rest)),
        "busy" => Frame::Busy(value(rest, r#""retry_ms":"#).map_or(500, |ms| ms.unsigned_abs())),
        "reset" => value(rest, r#""seq":"#).map_or(Frame::Other, Frame::Reset),
        _ => Frame::Other,
    }
}

/// An entry.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// The entry's number.
    pub seq: i64,
    /// The mark in its text, if the text is the load's.
    pub mark: Option<Mark>,
}

/// Identifies a message: `#pair.side.number` at the start of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The number of the pair.
    pub pair: usize,
    /// The side of the pair.
    pub side: usize,
    /// The number among the side's messages.
    pub number: usize,
}

/// The entries of a frame, in order.
pub fn entries(list: &str) -> impl Iterator<Item = Entry> {
    let mut rest = list;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(r#"{"seq":"#)?;
        let seq = digits(after)?;
        let end = after.find(r#"{"seq":"#).unwrap_or(after.len());
        let mark = after[..end].split_once(r##""text":"#"##).and_then(|(_, words)| mark(words));
        rest = &after[end..];
        Some(Entry { seq, mark })
    })
}

fn mark(words: &str) -> Option<Mark> {
    let mut parts = words.split(['.', ' ']).map(|part| part.parse().ok());
    Some(Mark { pair: parts.next()??, side: parts.next()??, number: parts.next()?? })
}

/// The number in the last group of a client's id.
fn number_of(text: &str) -> Option<usize> {
    let (_, id) = text.split_once(r#""client_id":""#)?;
    usize::from_str_radix(id.get(24..36)?, 16).ok()
}

fn value(text: &str, key: &str) -> Option<i64> {
    digits(text.split_once(key)?.1)
}

fn digits(text: &str) -> Option<i64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let id = "00000001-0002-4003-8004-00000000001f";
        assert_eq!(ours(&format!(r#"{{"t":"ok","client_id":"{id}","seq":13,"at":1795158000123}}"#)), Frame::Ok(31));
        assert_eq!(ours(&format!(r#"{{"t":"no","client_id":"{id}","code":"conversation_closed"}}"#)), Frame::No(Some(31)));
        assert_eq!(ours(r#"{"t":"no","code":"upgrade_required"}"#), Frame::No(None));
        assert_eq!(ours(&format!(r#"{{"t":"busy","client_id":"{id}","retry_ms":800}}"#)), Frame::Busy(800));
        assert_eq!(ours(r#"{"t":"reset","stream":"cnv_1","generation":"g","seq":120,"state":null,"entries":[{"seq":120}]}"#), Frame::Reset(120));
        assert_eq!(ours(r#"{"t":"pong","heads":{}}"#), Frame::Other);
        assert_eq!(ours("{"), Frame::Other);
    }

    #[test]
    fn entries_are_read_with_the_marks_of_the_load() {
        let line = r##"{"t":"entries","stream":"cnv_1","entries":[{"seq":7,"kind":"message","v":1,"at":9,"by":{"kind":"customer"},"body":{"ord":1,"text":"#12.0.345 您好","type":"text"}},{"seq":8,"kind":"note","v":1,"at":9,"by":{"kind":"agent"},"body":{"text":"x"}}]}"##;
        let Frame::Entries(list) = ours(line) else { panic!("no entries") };
        let found: Vec<Entry> = entries(list).collect();
        assert_eq!(found, [Entry { seq: 7, mark: Some(Mark { pair: 12, side: 0, number: 345 }) }, Entry { seq: 8, mark: None }]);
    }

    #[test]
    fn packets_of_socket_io_are_read() {
        let read = |text: &'static str| frame(Dialect::SocketIo, text);
        assert_eq!(read(r#"4332[{"seq":9,"at":1}]"#), Frame::Ok(31));
        assert_eq!(read(r#"4332[{"error":"not_stored"}]"#), Frame::No(Some(31)));
        assert_eq!(read("2"), Frame::Beat("3"));
        assert_eq!([read("430[{}]"), read("40{}"), read("41"), read(""), read(r#"42["other",{}]"#)], [const { Frame::Other }; 5]);
        let Frame::Entries(list) = read(r##"42["message",{"seq":7,"at":1,"client_id":"x","text":"#12.1.345 您好"}]"##) else { panic!("no entries") };
        assert_eq!(entries(list).collect::<Vec<_>>(), [Entry { seq: 7, mark: Some(Mark { pair: 12, side: 1, number: 345 }) }]);
    }
}
