//! The cases: frames, fragments, pings and closing handshakes.

mod utf8;

use super::{
    Case, Course, Heard,
    line::{frame, text},
};

const CONTINUE: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;
/// The FIN bit: the last fragment of a message.
const FINAL: u8 = 0x80;
/// The lowest of the three reserved bits.
const RESERVED: u8 = 0x10;
/// The application protocol's own ping.
const ASK: &str = r#"{"t":"ping"}"#;
/// Lengths at which the frame header changes, or might change.
const LENGTHS: [usize; 7] = [0, 125, 126, 127, 128, 65_535, 65_536];
/// The number of bytes at a time in which a long frame is written.
const CHOP: usize = 997;
/// The status of a normal closure.
const DONE: u16 = 1000;

/// How frames are written.
#[derive(Debug, Clone, Copy)]
pub enum Writes {
    /// All at once.
    Together,
    /// Each frame in a write of its own.
    ByFrame,
    /// This many bytes at a time.
    Bytes(usize),
}

impl Writes {
    /// The three ways, and how a case's description names them.
    const EACH: [(Self, &'static str); 3] = [(Self::Together, ""), (Self::ByFrame, ", frame by frame"), (Self::Bytes(1), ", byte by byte")];

    fn cut(self, frames: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        match self {
            Self::Together => vec![frames.concat()],
            Self::ByFrame => frames,
            Self::Bytes(n) => frames.concat().chunks(n).map(<[u8]>::to_vec).collect(),
        }
    }
}

/// How a connection ends after an invalid frame.
pub fn bad_frame(status: u16) -> Heard {
    Heard::Refused("bad_frame".to_owned(), status)
}

/// Collects cases; each gets the next number in its section.
pub struct Cases {
    section: String,
    next: usize,
    all: Vec<Case>,
}

impl Cases {
    /// Starts a section; the cases that follow belong to it.
    pub fn section(&mut self, number: impl Into<String>) {
        (self.section, self.next) = (number.into(), 1);
    }
    /// Adds the next case: the frames to write, and what must be heard then.
    pub fn add(&mut self, what: impl Into<String>, writes: Writes, frames: Vec<Vec<u8>>, then: Vec<Heard>) {
        self.course(what, Course::Frames { writes: writes.cut(frames), then });
    }
    fn course(&mut self, what: impl Into<String>, course: Course) {
        self.all.push(Case { number: format!("{}.{}", self.section, self.next), what: what.into(), course });
        self.next += 1;
    }
}

/// All cases, in order. Texts go into this conversation.
pub fn all(conversation: &str) -> Vec<Case> {
    let mut cases = Cases { section: String::new(), next: 1, all: Vec::new() };
    lengths(&mut cases);
    pings(&mut cases);
    reserved_bits(&mut cases);
    opcodes(&mut cases);
    parts(&mut cases);
    utf8::add(&mut cases, conversation);
    goodbyes(&mut cases);
    statuses(&mut cases);
    cases.section("9.7");
    for bytes in [1, 16, 64, 256, 1024, 4096] {
        cases.course(format!("texts of {bytes} bytes go there and back"), Course::RoundTrips { bytes });
    }
    cases.section("10.1");
    let long = padded_ping(65_536);
    let parts = in_parts(&long.as_bytes().chunks(1300).collect::<Vec<_>>());
    cases.add("a text of 65,536 bytes in parts of 1,300", Writes::Together, parts, vec![Heard::Answer]);
    cases.all
}

/// The protocol's ping, padded with blanks to this length; empty if the length is 0.
fn padded_ping(length: usize) -> String {
    if length == 0 { String::new() } else { format!("{ASK}{}", " ".repeat(length - ASK.len())) }
}

/// A text message in these fragments.
pub fn in_parts(parts: &[&[u8]]) -> Vec<Vec<u8>> {
    let last = parts.len().saturating_sub(1);
    let first_byte = |n: usize| (if n == 0 { TEXT } else { CONTINUE }) | (if n == last { FINAL } else { 0 });
    parts.iter().enumerate().map(|(n, part)| frame(first_byte(n), part)).collect()
}

fn ping(payload: &[u8]) -> Vec<u8> {
    frame(FINAL | PING, payload)
}

fn pong(payload: &[u8]) -> Heard {
    Heard::Pong(payload.to_vec())
}

fn goodbye(status: u16, reason: &[u8]) -> Vec<u8> {
    frame(FINAL | CLOSE, &[&status.to_be_bytes(), reason].concat())
}

fn lengths(cases: &mut Cases) {
    let each = || LENGTHS.into_iter().map(|length| (length, Writes::Together)).chain([(65_536, Writes::Bytes(CHOP))]);
    cases.section("1.1");
    for (length, writes) in each() {
        let then = if length == 0 { Vec::new() } else { vec![Heard::Answer] };
        cases.add(format!("a text of {length} bytes, written {writes:?}"), writes, vec![text(&padded_ping(length))], then);
    }
    cases.section("1.2");
    for (length, writes) in each() {
        let refused = Heard::Refused("binary_frame".to_owned(), 1003);
        cases.add(format!("{length} bytes that are no text, written {writes:?}"), writes, vec![frame(FINAL | BINARY, &vec![0xFE; length])], vec![refused]);
    }
}

fn pings(cases: &mut Cases) {
    cases.section("2");
    let bytes = [0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF];
    let most = [0xFE; 125];
    cases.add("a ping without payload", Writes::Together, vec![ping(b"")], vec![pong(b"")]);
    cases.add("a ping with words", Writes::Together, vec![ping(b"Hello, world!")], vec![pong(b"Hello, world!")]);
    cases.add("a ping with bytes that are no text", Writes::Together, vec![ping(&bytes)], vec![pong(&bytes)]);
    cases.add("a ping of 125 bytes", Writes::Together, vec![ping(&most)], vec![pong(&most)]);
    cases.add("a ping of 126 bytes", Writes::Together, vec![ping(&[0xFE; 126])], vec![bad_frame(1002)]);
    cases.add("a ping of 125 bytes, byte by byte", Writes::Bytes(1), vec![ping(&most)], vec![pong(&most)]);
    cases.add("a pong nobody asked for", Writes::Together, vec![frame(FINAL | PONG, b"")], Vec::new());
    cases.add("a pong nobody asked for, with payload", Writes::Together, vec![frame(FINAL | PONG, b"unasked")], Vec::new());
    cases.add("a pong nobody asked for, then a ping", Writes::Together, vec![frame(FINAL | PONG, b"unasked"), ping(b"ping")], vec![pong(b"ping")]);
    for (writes, how) in [(Writes::Together, ""), (Writes::Bytes(1), ", byte by byte")] {
        let payloads: Vec<String> = (0..10).map(|n| format!("payload {n}")).collect();
        let frames = payloads.iter().map(|payload| ping(payload.as_bytes())).collect();
        cases.add(format!("ten pings{how}"), writes, frames, payloads.iter().map(|payload| pong(payload.as_bytes())).collect());
    }
}

fn reserved_bits(cases: &mut Cases) {
    cases.section("3");
    let with = |bits: u8, first: u8, payload: &[u8]| frame(first | (bits * RESERVED), payload);
    cases.add("a text with the reserved bits 1", Writes::Together, vec![with(1, FINAL | TEXT, ASK.as_bytes())], vec![bad_frame(1002)]);
    for (writes, how) in Writes::EACH {
        let frames = vec![text(ASK), with(2, FINAL | TEXT, ASK.as_bytes()), ping(b"")];
        cases.add(format!("a text, one with the reserved bits 2, a ping{how}"), writes, frames, vec![Heard::Answer, bad_frame(1002)]);
    }
    cases.add("bytes with the reserved bits 5", Writes::Bytes(1), vec![with(5, FINAL | BINARY, &[0xFE; 8])], vec![bad_frame(1002)]);
    cases.add("a ping with the reserved bits 6", Writes::Together, vec![with(6, FINAL | PING, b"Hello")], vec![bad_frame(1002)]);
    cases.add("a goodbye with the reserved bits 7", Writes::Together, vec![with(7, FINAL | CLOSE, b"")], vec![bad_frame(1002)]);
}

fn opcodes(cases: &mut Cases) {
    for (section, first) in [("4.1", 3), ("4.2", 11)] {
        cases.section(section);
        let odd = |n: u8, payload: &[u8]| frame(FINAL | (first + n), payload);
        let what = |n: u8, how: &str| format!("a frame of the sort {}, which there is not{how}", first + n);
        cases.add(what(0, ""), Writes::Together, vec![odd(0, b"")], vec![bad_frame(1002)]);
        cases.add(what(1, ", with payload"), Writes::Together, vec![odd(1, b"payload")], vec![bad_frame(1002)]);
        let between = |n: u8, payload: &[u8]| vec![text(ASK), odd(n, payload), ping(b"")];
        cases.add(what(2, ", between a text and a ping"), Writes::Together, between(2, b""), vec![Heard::Answer, bad_frame(1002)]);
        cases.add(what(3, ", with payload, frame by frame"), Writes::ByFrame, between(3, b"payload"), vec![Heard::Answer, bad_frame(1002)]);
        cases.add(what(4, ", with payload, byte by byte"), Writes::Bytes(1), between(4, b"payload"), vec![Heard::Answer, bad_frame(1002)]);
    }
}

fn parts(cases: &mut Cases) {
    cases.section("5");
    let (first, second) = ASK.as_bytes().split_at(5);
    let stray = |last: u8| frame(last | CONTINUE, b"nothing to go on with");
    for (sort, name) in [(PING, "a ping"), (PONG, "a pong")] {
        let frames = vec![frame(sort, b"one"), frame(FINAL | CONTINUE, b"two")];
        cases.add(format!("{name} in two parts"), Writes::Together, frames, vec![bad_frame(1002)]);
    }
    for (writes, how) in Writes::EACH {
        cases.add(format!("a text in two parts{how}"), writes, in_parts(&[first, second]), vec![Heard::Answer]);
    }
    for (writes, how) in Writes::EACH {
        let mut frames = in_parts(&[first, second]);
        frames.insert(1, ping(b"between"));
        cases.add(format!("a text in two parts with a ping between{how}"), writes, frames, vec![pong(b"between"), Heard::Answer]);
    }
    for (last, name) in [(FINAL, "a last part"), (0, "a part")] {
        for (writes, how) in Writes::EACH {
            cases.add(format!("{name} of nothing, then a text{how}"), writes, vec![stray(last), text(ASK)], vec![bad_frame(1002)]);
        }
    }
    let after = [in_parts(&[first, second]), vec![stray(0), text(ASK)]].concat();
    cases.add("a text in two parts, a part of nothing, a text", Writes::Together, after, vec![Heard::Answer, bad_frame(1002)]);
    for (last, name) in [(0, "a part"), (FINAL, "a last part")] {
        let once = [vec![stray(last)], in_parts(&[first, second])].concat();
        let frames = [once.clone(), once].concat();
        cases.add(format!("twice: {name} of nothing, then a text in two parts"), Writes::Together, frames, vec![bad_frame(1002)]);
    }
    cases.add("a text in two parts that both begin one", Writes::Together, vec![frame(TEXT, first), text(ASK)], vec![bad_frame(1002)]);
    for (writes, how) in [(Writes::ByFrame, ", frame by frame"), (Writes::Together, "")] {
        let mut frames = in_parts(&[&first[..2], &first[2..], &second[..2], &second[2..4], &second[4..]]);
        frames.insert(4, ping(b"two"));
        frames.insert(2, ping(b"one"));
        cases.add(format!("a text in five parts with two pings between{how}"), writes, frames, vec![pong(b"one"), pong(b"two"), Heard::Answer]);
    }
}

fn goodbyes(cases: &mut Cases) {
    cases.section("7.1");
    let (bye, back) = (goodbye(DONE, b""), Heard::Goodbye(Some(DONE)));
    let (first, second) = ASK.as_bytes().split_at(5);
    cases.add("a text, then goodbye", Writes::Together, vec![text(ASK), bye.clone()], vec![Heard::Answer, back.clone()]);
    cases.add("goodbye twice", Writes::Together, vec![bye.clone(), bye.clone()], vec![back.clone()]);
    cases.add("a ping after the goodbye", Writes::Together, vec![bye.clone(), ping(b"late")], vec![back.clone()]);
    cases.add("a text after the goodbye", Writes::Together, vec![bye.clone(), text(ASK)], vec![back.clone()]);
    let between = vec![frame(TEXT, first), bye.clone(), frame(FINAL | CONTINUE, second)];
    cases.add("goodbye between two parts of a text", Writes::Together, between, vec![back.clone()]);
    let long = vec![text(&padded_ping(256 * 1024)), bye, ping(b"late")];
    cases.add("a text of 256 KiB, goodbye, a ping", Writes::Together, long, vec![Heard::Answer, back.clone()]);

    cases.section("7.3");
    cases.add("goodbye without a status", Writes::Together, vec![frame(FINAL | CLOSE, b"")], vec![Heard::Goodbye(None)]);
    cases.add("goodbye with half a status", Writes::Together, vec![frame(FINAL | CLOSE, b"a")], vec![bad_frame(1002)]);
    for (what, length) in [("goodbye with a status", 0), ("goodbye with a status and a reason", 13), ("goodbye with the longest reason", 123)] {
        cases.add(what, Writes::Together, vec![goodbye(DONE, &vec![b'*'; length])], vec![back.clone()]);
    }
    cases.add("goodbye with a reason that is too long", Writes::Together, vec![goodbye(DONE, &[b'*'; 124])], vec![bad_frame(1002)]);

    cases.section("7.5");
    let reason = utf8::bytes("cebae1bdb9cf83cebcceb5eda080656469746564");
    cases.add("goodbye with a reason that is not UTF-8", Writes::Together, vec![goodbye(DONE, &reason)], vec![bad_frame(1007)]);
}

fn statuses(cases: &mut Cases) {
    cases.section("7.7");
    for status in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] {
        cases.add(format!("goodbye with the status {status}"), Writes::Together, vec![goodbye(status, b"")], vec![Heard::Goodbye(Some(status))]);
    }
    for (section, statuses) in [("7.9", &[0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999][..]), ("7.13", &[5000, 65535])] {
        cases.section(section);
        for &status in statuses {
            cases.add(format!("goodbye with the status {status}, which nobody may send"), Writes::Together, vec![goodbye(status, b"")], vec![bad_frame(1002)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn there_are_as_many_cases_in_each_section_as_in_the_suite() {
        let cases = all("cnv_1");
        let mut sections = BTreeMap::<String, usize>::new();
        for case in &cases {
            *sections.entry(case.number.split('.').next().unwrap().to_owned()).or_default() += 1;
        }
        let expected = [("1", 16), ("10", 1), ("2", 11), ("3", 7), ("4", 10), ("5", 20), ("6", 145), ("7", 37), ("9", 6)];
        assert_eq!(sections, expected.map(|(section, cases)| (section.to_owned(), cases)).into());
        let numbers: std::collections::BTreeSet<&str> = cases.iter().map(|case| case.number.as_str()).collect();
        assert_eq!(numbers.len(), 253);
    }

    #[test]
    fn a_blown_up_ping_has_its_length_and_parts_make_the_whole() {
        assert_eq!([0, 12, 125].map(|length| padded_ping(length).len()), [0, 12, 125]);
        assert!(padded_ping(125).starts_with(ASK));
        let parts = in_parts(&[b"a", b"b", b"c"]);
        assert_eq!(parts.iter().map(|part| part[0]).collect::<Vec<_>>(), [0x01, 0x00, 0x80]);
        assert_eq!(in_parts(&[b"a"])[0][0], 0x81);
        assert_eq!(Writes::Bytes(2).cut(vec![vec![1, 2, 3], vec![4]]), [vec![1, 2], vec![3, 4]]);
    }
}
