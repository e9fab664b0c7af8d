//! Delivery as a cursor: what has been sent on one connection of each stream it follows, and what there is to send.
//!
//! The connection's task drives it: a push only raises a head, a page that was written moves `sent`, and [`Delivery::next_output`] says what to read next until
//! everything known has been sent. Live delivery, catching up, a slow reader and a lost push are all handled by this one loop.

use domain::{journal::View, stream::StreamName};

/// If more entries than this are missing, the client is reset instead of paged.
pub const RESET_BEYOND: i64 = 500;

/// One stream followed on one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Followed {
    /// The stream that is followed.
    pub stream: StreamName,
    /// The numbering that the reader sees.
    pub view: View,
    /// The last number sent; `None` if the client has no state and needs a reset.
    pub sent: Option<i64>,
    /// The last number known to exist.
    pub head: i64,
}

/// Something that happened on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// The client follows a stream from a cursor; the head was read after the subscription had been made.
    Follow(Followed),
    /// The stream is no longer followed.
    Leave(StreamName),
    /// There is an entry with this number, in the view of this connection.
    Raised(StreamName, i64),
    /// Everything up to this number was written to the client.
    Sent(StreamName, i64),
}

/// What the connection's task has to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Read entries after `after` and write them.
    Page {
        /// The stream to read.
        stream: StreamName,
        /// The view to read it in.
        view: View,
        /// The number after which to read.
        after: i64,
    },
    /// Read a snapshot and write a reset.
    Reset {
        /// The stream to read.
        stream: StreamName,
        /// The view to read it in.
        view: View,
    },
}

/// The streams of one connection.
#[derive(Debug, Default)]
pub struct Delivery {
    streams: Vec<Followed>,
    turn: usize,
}

impl Delivery {
    /// Processes something that happened.
    pub fn step(&mut self, input: Input) {
        match input {
            Input::Follow(new) => match self.find(new.stream) {
                // A stream that is already followed keeps its position, unless the client says that it lost its state.
                Some(old) => {
                    old.head = old.head.max(new.head);
                    if new.sent.is_none() {
                        old.sent = None;
                    }
                }
                None => self.streams.push(new),
            },
            Input::Leave(stream) => self.streams.retain(|f| f.stream != stream),
            Input::Raised(stream, head) => {
                if let Some(f) = self.find(stream) {
                    f.head = f.head.max(head);
                }
            }
            Input::Sent(stream, up_to) => {
                if let Some(f) = self.find(stream) {
                    f.sent = Some(f.sent.unwrap_or(0).max(up_to));
                    f.head = f.head.max(up_to);
                }
            }
        }
    }

    /// What to do next, fairly among the streams; `None` if everything known has been sent.
    pub fn next_output(&mut self) -> Option<Output> {
        let n = self.streams.len();
        for i in 0..n {
            let at = (self.turn + i) % n;
            let f = self.streams[at];
            let output = match f.sent {
                None => Output::Reset { stream: f.stream, view: f.view },
                Some(sent) if sent > f.head || f.head - sent > RESET_BEYOND => Output::Reset { stream: f.stream, view: f.view },
                Some(sent) if sent < f.head => Output::Page { stream: f.stream, view: f.view, after: sent },
                Some(_) => continue,
            };
            self.turn = at + 1;
            return Some(output);
        }
        None
    }

    /// Whether there is something to do, without advancing the turn.
    pub fn is_pending(&self) -> bool {
        self.streams.iter().any(|f| f.sent != Some(f.head))
    }

    /// The streams followed, for a beat or a new hello.
    pub fn streams(&self) -> &[Followed] {
        &self.streams
    }

    fn find(&mut self, stream: StreamName) -> Option<&mut Followed> {
        self.streams.iter_mut().find(|f| f.stream == stream)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use domain::stream::StreamKind;

    fn stream(n: u128) -> StreamName {
        StreamName { kind: StreamKind::Conversation, id: Uuid::from_u128(n) }
    }
    fn follow(n: u128, sent: Option<i64>, head: i64) -> Input {
        Input::Follow(Followed { stream: stream(n), view: View::Staff, sent, head })
    }
    fn page(n: u128, after: i64) -> Option<Output> {
        Some(Output::Page { stream: stream(n), view: View::Staff, after })
    }
    fn reset(n: u128) -> Option<Output> {
        Some(Output::Reset { stream: stream(n), view: View::Staff })
    }

    #[test]
    fn a_reader_is_paged_up_to_the_head_whatever_was_pushed_when() {
        let mut d = Delivery::default();
        d.step(follow(1, Some(3), 5));
        assert_eq!(d.next_output(), page(1, 3));
        d.step(Input::Raised(stream(1), 7));
        d.step(Input::Sent(stream(1), 5));
        assert_eq!(d.next_output(), page(1, 5));
        d.step(Input::Sent(stream(1), 7));
        assert_eq!(d.next_output(), None);
        d.step(Input::Raised(stream(1), 6));
        assert_eq!(d.next_output(), None);
    }

    #[test]
    fn a_page_may_bring_more_than_was_pushed() {
        let mut d = Delivery::default();
        d.step(follow(1, Some(0), 1));
        d.step(Input::Sent(stream(1), 4));
        d.step(Input::Raised(stream(1), 3));
        assert_eq!(d.next_output(), None);
    }

    #[test]
    fn no_state_a_rewound_history_and_a_long_absence_are_reset() {
        for (sent, head) in [(None, 0), (Some(9), 8), (Some(1), 502)] {
            let mut d = Delivery::default();
            d.step(follow(1, sent, head));
            assert_eq!(d.next_output(), reset(1));
        }
    }

    #[test]
    fn busy_streams_do_not_starve_the_others() {
        let mut d = Delivery::default();
        d.step(follow(1, Some(0), 100));
        d.step(follow(2, Some(0), 1));
        assert_eq!(d.next_output(), page(1, 0));
        assert_eq!(d.next_output(), page(2, 0));
    }

    #[test]
    fn following_again_keeps_the_place() {
        let mut d = Delivery::default();
        d.step(follow(1, Some(0), 5));
        d.step(Input::Sent(stream(1), 5));
        d.step(follow(1, Some(0), 5));
        assert_eq!(d.next_output(), None);
    }

    /// Any order of pushes, lost pushes and page sizes delivers 1, 2, 3 … once each.
    #[test]
    fn whatever_the_order_the_client_sees_every_number_once() {
        for seed in 0_u64..500 {
            let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            let mut random = |n: u64| {
                x ^= x << 13;
                x ^= x >> 7;
                x ^= x << 17;
                (x % n) as i64
            };
            let (mut d, mut stored, mut seen) = (Delivery::default(), 0_i64, Vec::new());
            d.step(follow(1, Some(0), 0));
            for _ in 0..200 {
                match random(3) {
                    0 => {
                        stored += 1;
                        if random(4) != 0 {
                            d.step(Input::Raised(stream(1), stored));
                        }
                    }
                    1 => d.step(Input::Raised(stream(1), stored)),
                    _ => {
                        if let Some(Output::Page { after, .. }) = d.next_output() {
                            let last = stored.min(after + 1 + random(5));
                            seen.extend(after + 1..=last);
                            d.step(Input::Sent(stream(1), last));
                        }
                    }
                }
            }
            assert!(seen.iter().copied().eq(1..=seen.len() as i64), "seed {seed}");
        }
    }
}
