//! What one connection may send: at what rate, and in which order after a send was answered with `busy`.

use uuid::Uuid;

use domain::time::Ts;

/// A token bucket: `rate` tokens a second, at most `burst` at once.
#[derive(Debug, Clone)]
pub struct TokenBucket {
    rate: f64,
    burst: f64,
    tokens: f64,
    last: Ts,
}

impl TokenBucket {
    /// A full bucket.
    pub fn new(rate: f64, burst: f64, now: Ts) -> Self {
        Self { rate, burst, tokens: burst, last: now }
    }
    /// Takes a token, or returns in how many milliseconds there will be one.
    pub fn take(&mut self, now: Ts) -> Result<(), i64> {
        self.take_some(1, now)
    }
    /// Takes this many tokens at once, or none: the same for a request that costs more. There are never more tokens than `burst`.
    pub fn take_some(&mut self, tokens: u32, now: Ts) -> Result<(), i64> {
        let tokens = f64::from(tokens);
        self.tokens = self.burst.min(self.tokens + now.since(self.last) as f64 / 1000.0 * self.rate);
        self.last = self.last.max(now);
        if self.tokens >= tokens {
            self.tokens -= tokens;
            return Ok(());
        }
        Err(((tokens - self.tokens) / self.rate * 1000.0).ceil() as i64)
    }
}

/// The number of sends in one conversation whose order is remembered; a well-behaved client has fewer unanswered ones. Further sends are answered with `busy`.
const REMEMBERED: usize = 128;

/// Keeps a sender's order on one connection: after one send of a conversation was answered with `busy`, everything newer in that conversation is `busy` too,
/// until that send is repeated.
///
/// Answers arrive late, and in a different order from the sends. The queue may have no room for the newer of two sends while the older is still being written
/// and then fails; a copy may be answered with `busy` after another copy of the same send was stored. So what counts is not which send was refused first but
/// which one arrived first: a send is passed to the writer only if every send that arrived before it and has no final answer yet has been passed to the writer
/// and has not failed. The fence shows that: its value rises when a write fails, and a send that was passed on under an older value either will be answered
/// with that failure or has been written.
#[derive(Debug, Default)]
pub struct SendOrder {
    lines: Vec<Line>,
}

/// The sends of one conversation.
#[derive(Debug)]
struct Line {
    conversation: Uuid,
    arrivals: u64,
    /// The sends without a final answer, in the order in which they first arrived.
    places: Vec<Place>,
}

#[derive(Debug)]
struct Place {
    client_id: Uuid,
    /// The fence's value under which it was passed to the writer; `None` if it has to be repeated.
    under: Option<u64>,
    /// When it last arrived, as a count of arrivals.
    came: u64,
}

impl SendOrder {
    /// A send arrives. Returns whether it may be passed to the writer, as far as the order is concerned. `fence` is the current value of the fence.
    pub fn arrive(&mut self, conversation: Uuid, client_id: Uuid, fence: u64) -> bool {
        let line = self.line(conversation);
        line.arrivals += 1;
        let came = line.arrivals;
        let at = match line.places.iter().position(|place| place.client_id == client_id) {
            Some(at) => {
                // A sender repeats everything, oldest first. A send that waited before this one and was left out will not be repeated: its sender has an answer
                // to it.
                let last = std::mem::replace(&mut line.places[at].came, came);
                let mut before = 0..at;
                line.places.retain(|place| before.next().is_none() || place.under.is_some() || place.came > last);
                line.places.iter().position(|place| place.client_id == client_id).unwrap_or(0)
            }
            None if line.places.len() == REMEMBERED => return false,
            None => {
                line.places.push(Place { client_id, under: None, came });
                line.places.len() - 1
            }
        };
        line.places[..at].iter().all(|place| place.under == Some(fence))
    }
    /// The send was passed to the writer under this value of the fence.
    pub fn hand_over(&mut self, conversation: Uuid, client_id: Uuid, fence: u64) {
        if let Some(place) = self.place(conversation, client_id) {
            place.under = Some(fence);
        }
    }
    /// The send has to be repeated.
    pub fn put_back(&mut self, conversation: Uuid, client_id: Uuid) {
        if let Some(place) = self.place(conversation, client_id) {
            place.under = None;
        }
    }
    /// The send has its final answer and will not be repeated.
    pub fn settle(&mut self, conversation: Uuid, client_id: Uuid) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.conversation == conversation) {
            line.places.retain(|place| place.client_id != client_id);
        }
        self.lines.retain(|line| !line.places.is_empty());
    }
    /// Whether a send of this conversation has no final answer yet.
    pub fn remembers(&self, conversation: Uuid) -> bool {
        self.lines.iter().any(|line| line.conversation == conversation)
    }
    /// The number of conversations in which a send has to be repeated.
    pub fn waiting(&self) -> usize {
        self.lines.iter().filter(|line| line.places.iter().any(|place| place.under.is_none())).count()
    }

    fn place(&mut self, conversation: Uuid, client_id: Uuid) -> Option<&mut Place> {
        self.lines.iter_mut().find(|line| line.conversation == conversation)?.places.iter_mut().find(|place| place.client_id == client_id)
    }
    fn line(&mut self, conversation: Uuid) -> &mut Line {
        let at = self.lines.iter().position(|line| line.conversation == conversation).unwrap_or_else(|| {
            self.lines.push(Line { conversation, arrivals: 0, places: Vec::new() });
            self.lines.len() - 1
        });
        &mut self.lines[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_lets_a_burst_through_and_then_the_rate() {
        let mut bucket = TokenBucket::new(10.0, 3.0, Ts(0));
        assert_eq!((0..3).filter(|_| bucket.take(Ts(0)).is_ok()).count(), 3);
        assert_eq!(bucket.take(Ts(0)), Err(100));
        assert_eq!(bucket.take(Ts(100)), Ok(()));
        assert_eq!(bucket.take(Ts(100)), Err(100));
    }

    const C: Uuid = Uuid::from_u128(1);
    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }
    /// A send arrives and is passed to the writer if the order allows it.
    fn send(order: &mut SendOrder, n: u128, fence: u64) -> bool {
        let may = order.arrive(C, id(n), fence);
        if may {
            order.hand_over(C, id(n), fence);
        }
        may
    }

    #[test]
    fn after_busy_nothing_newer_goes_before_the_refused_one() {
        let mut order = SendOrder::default();
        assert!(order.arrive(C, id(10), 0));
        assert!(!send(&mut order, 11, 0));
        assert!(order.arrive(id(2), id(12), 0));
        assert!(send(&mut order, 10, 0) && send(&mut order, 11, 0));
    }

    /// The first of two sends was being written when the queue had no room for the second, and failed with its commit. The server waited for the second because
    /// that one was refused first, so it answered the first with `busy` again and stored the second before it.
    #[test]
    fn the_oldest_is_waited_for_in_whatever_order_the_answers_come() {
        let mut order = SendOrder::default();
        assert!(send(&mut order, 10, 0) && send(&mut order, 11, 0));
        assert!(!send(&mut order, 12, 1));
        order.put_back(C, id(11));
        assert!(!send(&mut order, 12, 1));
        order.put_back(C, id(10));
        assert!(!send(&mut order, 11, 1));
        assert!(send(&mut order, 10, 1) && send(&mut order, 11, 1) && send(&mut order, 12, 1));
    }

    /// The older send arrived again before its failure was known; what waited for it must not overtake it, although it was answered with `busy` long ago.
    #[test]
    fn nothing_passes_what_was_handed_over_before_a_write_failed() {
        let mut order = SendOrder::default();
        assert!(send(&mut order, 10, 0));
        assert!(order.arrive(C, id(11), 0));
        assert!(send(&mut order, 10, 0));
        assert!(!send(&mut order, 11, 1));
        order.put_back(C, id(10));
        assert!(send(&mut order, 10, 1) && send(&mut order, 11, 1));
    }

    /// A late `busy` for one copy of a send whose other copy has been stored: its sender has the answer and never repeats it.
    #[test]
    fn nothing_waits_for_a_send_that_has_its_final_answer() {
        let mut order = SendOrder::default();
        assert!(send(&mut order, 10, 0));
        order.settle(C, id(10));
        order.put_back(C, id(10));
        assert!(send(&mut order, 11, 1));
        order.settle(C, id(11));
        assert_eq!((order.waiting(), order.remembers(C)), (0, false));
    }

    /// A copy that arrived late was passed on after the first copy had its answer, and failed: nobody repeats it.
    #[test]
    fn what_comes_twice_does_not_wait_for_what_did_not_come_again() {
        let mut order = SendOrder::default();
        assert!(order.arrive(C, id(10), 0));
        assert!(!send(&mut order, 11, 0) && !send(&mut order, 12, 0));
        assert!(send(&mut order, 11, 0) && send(&mut order, 12, 0));
        assert_eq!(order.waiting(), 0);
    }

    #[test]
    fn what_is_remembered_of_a_sender_is_bounded() {
        let mut order = SendOrder::default();
        let handed = (0..1_000).filter(|n| send(&mut order, *n, 0)).count();
        assert_eq!((handed, order.lines[0].places.len()), (REMEMBERED, REMEMBERED));
    }
}
