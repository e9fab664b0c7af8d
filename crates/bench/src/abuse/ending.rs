//! How an abuser's connection ended: the code of the server's last message, if there was one.

use crate::socket::{self, CLOSE, TEXT};

/// The ending of a connection that the server had not ended when the run was over.
pub const OPEN: &str = "open";
/// The number of bytes of a response in which its status must appear.
const STATUS_WITHIN: usize = 64;

/// Reads what the server sends and remembers why it ended the connection.
#[derive(Debug, Default)]
pub struct Ending {
    input: Vec<u8>,
    said: Option<String>,
    closed: Option<String>,
}

impl Ending {
    /// Takes in bytes that arrived on a WebSocket.
    pub fn take(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
        let mut at = 0;
        while let Ok(Some((opcode, body))) = socket::parse(&self.input, at) {
            let bytes = &self.input[body.clone()];
            match opcode {
                TEXT => self.said = String::from_utf8_lossy(bytes).lines().filter_map(last_words).next_back().or(self.said.take()),
                CLOSE => self.closed = Some(bytes.first_chunk().map_or("close".to_owned(), |code| format!("close_{}", u16::from_be_bytes(*code)))),
                _ => {}
            }
            at = body.end;
        }
        self.input.drain(..at);
    }

    /// The code of the `no`, or else of the close frame, or else how the connection broke.
    pub fn code(self, broken: bool) -> String {
        self.said.or(self.closed).unwrap_or_else(|| if broken { "reset" } else { "ended" }.to_owned())
    }
}

/// The code of a `no` that concerns the connection.
fn last_words(line: &str) -> Option<String> {
    let frame: serde_json::Value = serde_json::from_str(line).ok()?;
    (frame["t"] == "no" && frame["client_id"].is_null()).then(|| frame["code"].as_str().unwrap_or_default().to_owned())
}

/// The status of an HTTP response, if this is the start of one.
pub fn status(answer: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(&answer[..answer.len().min(STATUS_WITHIN)]);
    let code = start.strip_prefix("HTTP/1.1 ")?.get(..3)?.to_owned();
    code.bytes().all(|b| b.is_ascii_digit()).then(|| format!("http_{code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_server(first: u8, body: &[u8]) -> Vec<u8> {
        [&[first, body.len() as u8], body].concat()
    }

    #[test]
    fn the_code_of_the_last_words_counts_before_the_close_frame() {
        let mut ending = Ending::default();
        let mut bytes = from_server(0x81, br#"{"t":"busy","client_id":"x","retry_ms":500}"#);
        bytes.extend(from_server(0x81, br#"{"t":"no","client_id":"x","code":"text_empty"}"#));
        bytes.extend(from_server(0x81, br#"{"t":"no","code":"bad_frame"}"#));
        bytes.extend(from_server(0x88, &1009_u16.to_be_bytes()));
        // It arrives in pieces.
        bytes.chunks(7).for_each(|piece| ending.take(piece));
        assert_eq!(ending.code(true), "bad_frame");
    }

    #[test]
    fn without_words_the_close_frame_or_the_break_counts() {
        let code = |bytes: &[u8], broken| {
            let mut ending = Ending::default();
            ending.take(bytes);
            ending.code(broken)
        };
        assert_eq!(code(&from_server(0x88, &1009_u16.to_be_bytes()), true), "close_1009");
        assert_eq!(code(&from_server(0x88, b""), false), "close");
        assert_eq!([code(b"", true), code(b"", false)], ["reset", "ended"]);
        assert_eq!(code(&from_server(0x81, br#"{"t":"no","client_id":"x","code":"text_empty"}"#), false), "ended");
    }

    #[test]
    fn the_status_of_an_answer_is_read() {
        assert_eq!(status(b"HTTP/1.1 431 Request Header Fields Too Large\r\n").as_deref(), Some("http_431"));
        assert_eq!([status(b"HTTP/1.1 4"), status(b""), status(b"\x81\x02{}")], [None, None, None]);
    }
}
