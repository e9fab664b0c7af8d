//! WebSocket frames of RFC 6455, the server's side: bytes in, messages out, and back. There is no I/O here; between two reads only what is incomplete is kept.

use std::collections::VecDeque;

use domain::refusal::Code;
use wire::frames::MAX_FRAME_BYTES;

/// The most frames one message may come in; a client that sends more may never end.
const MAX_FRAGMENTS: usize = 256;
/// The longest payload of a control frame (RFC 6455 §5.5).
const MAX_CONTROL_BYTES: usize = 125;
/// The longest head: two bytes, eight of length, four of mask.
const MAX_HEAD_BYTES: usize = 14;

/// A message from a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Lines of frames.
    Text(String),
    /// A ping, to be answered with the same bytes.
    Ping(Vec<u8>),
    /// The answer to a ping.
    Pong,
    /// The client closes, with the status it gave, if any.
    Close(Option<u16>),
}

/// How a client broke the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// Not a frame that a client may send.
    #[error("not a frame of RFC 6455")]
    Protocol,
    /// Binary data, which the protocol has no use for.
    #[error("a binary frame")]
    Binary,
    /// Text that is not UTF-8.
    #[error("text that is not UTF-8")]
    NotUtf8,
    /// A message over the size limit.
    #[error("a message over {MAX_FRAME_BYTES} bytes")]
    TooLarge,
    /// A message in more pieces than anybody needs.
    #[error("a message in more than {MAX_FRAGMENTS} pieces")]
    TooFragmented,
}

impl Violation {
    /// The code of the last `no`.
    pub const fn code(self) -> Code {
        match self {
            Self::Protocol | Self::NotUtf8 => Code::BadFrame,
            Self::Binary => Code::BinaryFrame,
            Self::TooLarge => Code::FrameTooLarge,
            Self::TooFragmented => Code::TooFragmented,
        }
    }
    /// The status of the close frame (RFC 6455 §7.4.1).
    pub const fn status(self) -> u16 {
        match self {
            Self::Protocol => 1002,
            Self::Binary => 1003,
            Self::NotUtf8 => 1007,
            Self::TooFragmented => 1008,
            Self::TooLarge => 1009,
        }
    }
}

/// The type of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opcode {
    /// A continuation of the previous frame's message.
    Continuation = 0x0,
    /// Text.
    Text = 0x1,
    /// Binary data.
    Binary = 0x2,
    /// The end of the connection.
    Close = 0x8,
    /// A question whether the other end is there.
    Ping = 0x9,
    /// The answer to a ping.
    Pong = 0xA,
}

impl Opcode {
    fn read(byte: u8) -> Result<Self, Violation> {
        [Self::Continuation, Self::Text, Self::Binary, Self::Close, Self::Ping, Self::Pong]
            .into_iter()
            .find(|opcode| *opcode as u8 == byte)
            .ok_or(Violation::Protocol)
    }
    const fn is_control(self) -> bool {
        self as u8 & 0x8 != 0
    }
}

/// The head of a client's frame.
struct Head {
    is_last: bool,
    opcode: Opcode,
    mask: [u8; 4],
    /// The number of bytes of the head itself.
    head: usize,
    /// The number of bytes of the payload after it.
    payload: usize,
}

/// Decodes what a client sends. Empty between messages: an idle connection keeps nothing here.
#[derive(Debug, Default)]
pub struct Decoder {
    /// Bytes of an incomplete frame.
    partial: Vec<u8>,
    /// The text so far of a message that comes in several frames, and the number of these frames.
    fragments: Option<(Vec<u8>, usize)>,
    /// Whether the client closed: nothing it sends after that means anything (RFC 6455 §1.4).
    is_closed: bool,
}

impl Decoder {
    /// Takes bytes as they came; they are unmasked in place. Complete messages are added to `messages`.
    pub fn push(&mut self, bytes: &mut [u8], messages: &mut VecDeque<Message>) -> Result<(), Violation> {
        if self.partial.is_empty() {
            let used = self.frames(bytes, messages)?;
            self.partial.extend_from_slice(&bytes[used..]);
            return Ok(());
        }
        let mut partial = std::mem::take(&mut self.partial);
        partial.extend_from_slice(bytes);
        let used = self.frames(&mut partial, messages)?;
        if used < partial.len() {
            partial.drain(..used);
            self.partial = partial;
        }
        Ok(())
    }

    /// Reads complete frames; returns how many bytes they were.
    fn frames(&mut self, bytes: &mut [u8], messages: &mut VecDeque<Message>) -> Result<usize, Violation> {
        let mut used = 0;
        while !self.is_closed
            && let Some(head) = head(&bytes[used..])?
        {
            let (from, to) = (used + head.head, used + head.head + head.payload);
            let Some(payload) = bytes.get_mut(from..to) else { break };
            unmask(payload, head.mask);
            self.frame(&head, payload, messages)?;
            used = to;
        }
        Ok(if self.is_closed { bytes.len() } else { used })
    }

    fn frame(&mut self, head: &Head, payload: &[u8], messages: &mut VecDeque<Message>) -> Result<(), Violation> {
        match (head.opcode, &mut self.fragments) {
            (Opcode::Ping, _) => messages.push_back(Message::Ping(payload.to_vec())),
            (Opcode::Pong, _) => messages.push_back(Message::Pong),
            (Opcode::Close, _) => {
                messages.push_back(Message::Close(status_of(payload)?));
                self.is_closed = true;
            }
            (Opcode::Binary, _) => return Err(Violation::Binary),
            (Opcode::Text, None) if head.is_last => messages.push_back(text(payload.to_vec())?),
            (Opcode::Text, none @ None) => *none = Some((payload.to_vec(), 1)),
            (Opcode::Continuation, Some((whole, count))) => {
                *count += 1;
                if *count > MAX_FRAGMENTS {
                    return Err(Violation::TooFragmented);
                }
                if whole.len() + payload.len() > MAX_FRAME_BYTES {
                    return Err(Violation::TooLarge);
                }
                whole.extend_from_slice(payload);
                if head.is_last {
                    messages.push_back(text(std::mem::take(whole))?);
                    self.fragments = None;
                }
            }
            (Opcode::Text, Some(_)) | (Opcode::Continuation, None) => return Err(Violation::Protocol),
        }
        Ok(())
    }
}

/// The head of the next frame; `None` while it is incomplete.
fn head(bytes: &[u8]) -> Result<Option<Head>, Violation> {
    let [first, second, ..] = *bytes else { return Ok(None) };
    let opcode = Opcode::read(first & 0x0F)?;
    let (is_last, is_masked, short) = (first & 0x80 != 0, second & 0x80 != 0, usize::from(second & 0x7F));
    // No extension was agreed on, and a client has to mask what it sends (RFC 6455 §5.1, §5.2).
    if first & 0x70 != 0 || !is_masked || (opcode.is_control() && (!is_last || short > MAX_CONTROL_BYTES)) {
        return Err(Violation::Protocol);
    }
    let length_bytes = match short {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    let Some(length) = bytes.get(2..2 + length_bytes) else { return Ok(None) };
    let payload = match length_bytes {
        0 => short as u64,
        _ => length.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    };
    let payload = usize::try_from(payload).ok().filter(|n| *n <= MAX_FRAME_BYTES).ok_or(Violation::TooLarge)?;
    let head = 2 + length_bytes + 4;
    let Some(mask) = bytes.get(head - 4..head).and_then(|mask| mask.try_into().ok()) else { return Ok(None) };
    Ok(Some(Head { is_last, opcode, mask, head, payload }))
}

/// Removes the mask, eight bytes at a time.
fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let mut chunks = payload.chunks_exact_mut(8);
    for chunk in &mut chunks {
        let mut eight = [0; 8];
        eight.copy_from_slice(chunk);
        chunk.copy_from_slice(&(u64::from_ne_bytes(eight) ^ wide).to_ne_bytes());
    }
    for (byte, mask) in chunks.into_remainder().iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}

/// The status in the payload of a close frame: either absent, or one that may be sent, with a reason in UTF-8 (RFC 6455 §5.5.1, §7.4).
fn status_of(payload: &[u8]) -> Result<Option<u16>, Violation> {
    match payload {
        [] => Ok(None),
        [_] => Err(Violation::Protocol),
        [high, low, reason @ ..] => {
            let status = u16::from_be_bytes([*high, *low]);
            // 1004 to 1006 and 1015 are never written; the rest below 3000 is unassigned. 1012 to 1014 are in the IANA registry.
            if !matches!(status, 1000..=1003 | 1007..=1014 | 3000..=4999) {
                return Err(Violation::Protocol);
            }
            std::str::from_utf8(reason).map_err(|_| Violation::NotUtf8)?;
            Ok(Some(status))
        }
    }
}

fn text(bytes: Vec<u8>) -> Result<Message, Violation> {
    String::from_utf8(bytes).map(Message::Text).map_err(|_| Violation::NotUtf8)
}

/// The head of a frame to a client: unmasked, not fragmented. The second value is the number of its bytes.
pub fn head_of(opcode: Opcode, payload: usize) -> ([u8; MAX_HEAD_BYTES], usize) {
    let mut head = [0; MAX_HEAD_BYTES];
    head[0] = 0x80 | opcode as u8;
    let length = payload as u64;
    match payload {
        0..=125 => {
            head[1] = payload as u8;
            (head, 2)
        }
        126..=0xFFFF => {
            head[1] = 126;
            head[2..4].copy_from_slice(&length.to_be_bytes()[6..]);
            (head, 4)
        }
        _ => {
            head[1] = 127;
            head[2..10].copy_from_slice(&length.to_be_bytes());
            (head, 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

    /// A client's frame.
    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let (head, len) = head_of(Opcode::Text, payload.len());
        let mut bytes = head[..len].to_vec();
        bytes[0] = first;
        bytes[1] |= 0x80;
        bytes.extend(MASK);
        bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        bytes
    }
    fn read(bytes: &[u8]) -> Result<Vec<Message>, Violation> {
        let mut messages = VecDeque::new();
        Decoder::default().push(&mut bytes.to_vec(), &mut messages).map(|()| messages.into())
    }
    fn said(text: &str) -> Message {
        Message::Text(text.to_owned())
    }

    #[test]
    fn the_examples_of_the_rfc_are_read() {
        let hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
        assert_eq!(read(&hello), Ok(vec![said("Hello")]));
        assert_eq!(read(&frame(0x89, b"Hello")), Ok(vec![Message::Ping(b"Hello".to_vec())]));
        assert_eq!(read(&[frame(0x01, b"Hel"), frame(0x8A, b""), frame(0x80, b"lo")].concat()), Ok(vec![Message::Pong, said("Hello")]));
    }

    #[test]
    fn messages_are_the_same_wherever_the_bytes_are_cut() {
        let long = "流量".repeat(3000);
        let bytes = [frame(0x81, b"one"), frame(0x01, &long.as_bytes()[..7]), frame(0x89, b"?"), frame(0x80, &long.as_bytes()[7..]), frame(0x88, b"")].concat();
        let expected = [said("one"), Message::Ping(b"?".to_vec()), said(&long), Message::Close(None)];
        for step in [1, 2, 3, 5, 7, 64, 1000, bytes.len()] {
            let (mut decoder, mut messages) = (Decoder::default(), VecDeque::new());
            for piece in bytes.chunks(step) {
                decoder.push(&mut piece.to_vec(), &mut messages).unwrap();
            }
            assert_eq!(messages, expected, "pieces of {step}");
            assert_eq!((decoder.partial.capacity(), decoder.fragments), (0, None), "nothing is kept when nothing is open");
        }
    }

    #[test]
    fn what_breaks_the_rules_is_named() {
        let mut unmasked = frame(0x81, b"x");
        unmasked[1] &= 0x7F;
        let cases = [
            (unmasked, Violation::Protocol),
            (frame(0xC1, b"x"), Violation::Protocol),
            (frame(0x83, b"x"), Violation::Protocol),
            (frame(0x09, b"x"), Violation::Protocol),
            (frame(0x89, &[0; 126]), Violation::Protocol),
            (frame(0x80, b"x"), Violation::Protocol),
            ([frame(0x01, b"x"), frame(0x81, b"y")].concat(), Violation::Protocol),
            (frame(0x82, b"x"), Violation::Binary),
            (frame(0x81, &[0xFF]), Violation::NotUtf8),
            (frame(0x81, &vec![b'x'; MAX_FRAME_BYTES + 1])[..14].to_vec(), Violation::TooLarge),
            ([frame(0x01, &vec![b'x'; MAX_FRAME_BYTES]), frame(0x80, b"x")].concat(), Violation::TooLarge),
            ([frame(0x01, b"x"), frame(0x00, b"").repeat(MAX_FRAGMENTS)].concat(), Violation::TooFragmented),
        ];
        for (n, (bytes, violation)) in cases.into_iter().enumerate() {
            assert_eq!(read(&bytes), Err(violation), "case {n}");
        }
    }

    #[test]
    fn a_goodbye_is_read_and_nothing_behind_it() {
        let goodbye = |status: u16, reason: &[u8]| frame(0x88, &[&status.to_be_bytes(), reason].concat());
        for status in [1000, 1001, 1002, 1003, 1007, 1011, 1012, 1014, 3000, 3999, 4000, 4999] {
            assert_eq!(read(&goodbye(status, "再见".as_bytes())), Ok(vec![Message::Close(Some(status))]));
        }
        for status in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535] {
            assert_eq!(read(&goodbye(status, b"")), Err(Violation::Protocol), "{status}");
        }
        assert_eq!(read(&frame(0x88, &[3])), Err(Violation::Protocol));
        assert_eq!(read(&goodbye(1000, &[0xCE, 0xBA, 0xE1])), Err(Violation::NotUtf8));
        assert_eq!(read(&goodbye(1000, &[b'x'; MAX_CONTROL_BYTES - 2])).map(|all| all.len()), Ok(1));
        let behind = [frame(0x88, b""), frame(0x89, b"?"), frame(0x83, b"x")].concat();
        assert_eq!(read(&behind), Ok(vec![Message::Close(None)]));
        let (mut decoder, mut messages) = (Decoder::default(), VecDeque::new());
        for byte in behind {
            decoder.push(&mut [byte], &mut messages).unwrap();
        }
        assert_eq!((messages, decoder.partial.len()), (VecDeque::from([Message::Close(None)]), 0));
    }

    #[test]
    fn the_largest_message_is_taken_and_a_length_beyond_all_memory_is_not() {
        let largest = vec![b'x'; MAX_FRAME_BYTES];
        assert_eq!(read(&frame(0x81, &largest)).map(|m| m.len()), Ok(1));
        let endless = [&[0x81, 0xFF][..], &u64::MAX.to_be_bytes(), &MASK].concat();
        assert_eq!(read(&endless), Err(Violation::TooLarge));
    }

    #[test]
    fn whatever_comes_nothing_panics_and_nothing_grows() {
        let mut x = 0x9E37_79B9_7F4A_7C15_u64;
        for _ in 0..5_000 {
            let (mut decoder, mut messages) = (Decoder::default(), VecDeque::new());
            for _ in 0..20 {
                let mut bytes: Vec<u8> = (0..x % 40)
                    .map(|_| {
                        x ^= x << 13;
                        x ^= x >> 7;
                        x ^= x << 17;
                        (x >> 32) as u8
                    })
                    .collect();
                x = x.wrapping_add(1);
                if decoder.push(&mut bytes, &mut messages).is_err() {
                    break;
                }
                assert!(decoder.partial.len() <= MAX_FRAME_BYTES + MAX_HEAD_BYTES);
            }
        }
    }

    #[test]
    fn heads_to_clients_say_the_length_in_the_shortest_form() {
        let head = |n| {
            let (head, len) = head_of(Opcode::Text, n);
            head[..len].to_vec()
        };
        assert_eq!(head(125), [0x81, 125]);
        assert_eq!(head(126), [0x81, 126, 0, 126]);
        assert_eq!(head(0x1_0000), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }
}
