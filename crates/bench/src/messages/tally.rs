//! What became of the messages of one sender.

use std::time::{Duration, Instant};

use crate::percentile::Histogram;

/// The messages that one side sent, by number.
#[derive(Debug, Default)]
pub struct Sender {
    sends: Vec<Sent>,
    next: usize,
    unanswered: usize,
}

#[derive(Debug)]
struct Sent {
    due: Instant,
    answer: Answer,
    delivered: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    None,
    Ok,
    No,
}

/// Sums over senders.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    /// Sent to the server.
    pub sent: u64,
    /// Acknowledged.
    pub acked: u64,
    /// Received by the other side, each counted once.
    pub delivered: u64,
    /// Acknowledged but never received.
    pub lost: u64,
    /// Received more than once.
    pub duplicates: u64,
    /// Received after a later message from the same sender.
    pub out_of_order: u64,
    /// Refused permanently.
    pub refused: u64,
    /// Acknowledged and received before the end of the measured time.
    pub complete_in_time: u64,
    /// The time from when a message was due to its acknowledgement.
    pub ack: Histogram,
    /// The time from when a message was due to its arrival.
    pub delivery: Histogram,
}

impl Sender {
    /// Takes the next number for a message that is due at this time (in a paced run this may be in the past).
    pub fn send(&mut self, due: Instant) -> usize {
        self.sends.push(Sent { due, answer: Answer::None, delivered: 0 });
        self.unanswered += 1;
        self.sends.len() - 1
    }
    /// The number of unanswered sends.
    pub const fn in_flight(&self) -> usize {
        self.unanswered
    }
    /// The unanswered numbers, oldest first.
    pub fn unanswered_numbers(&self) -> impl Iterator<Item = usize> + '_ {
        self.sends.iter().enumerate().filter(|(_, sent)| sent.answer == Answer::None).map(|(n, _)| n)
    }
    /// Whether nothing is left to wait for: everything was answered, and what was accepted has arrived.
    pub fn is_settled(&self) -> bool {
        self.unanswered == 0 && self.sends.iter().rev().all(|sent| sent.answer != Answer::Ok || sent.delivered > 0)
    }
    /// Records the server's answer.
    pub fn record_answer(&mut self, number: usize, accepted: bool, now: Instant, until: Instant, tally: &mut Tally) {
        let Some(sent) = self.sends.get_mut(number).filter(|sent| sent.answer == Answer::None) else { return };
        self.unanswered -= 1;
        sent.answer = if accepted { Answer::Ok } else { Answer::No };
        if accepted {
            tally.acked += 1;
            tally.ack.record(now.saturating_duration_since(sent.due));
            tally.complete_in_time += u64::from(sent.delivered > 0 && now <= until);
        } else {
            tally.refused += 1;
        }
    }
    /// Records that the other side received a message.
    pub fn record_arrival(&mut self, number: usize, now: Instant, until: Instant, tally: &mut Tally) {
        let Some(sent) = self.sends.get_mut(number) else { return };
        sent.delivered += 1;
        if sent.delivered > 1 {
            tally.duplicates += 1;
            return;
        }
        tally.delivered += 1;
        tally.delivery.record(now.saturating_duration_since(sent.due));
        tally.complete_in_time += u64::from(sent.answer == Answer::Ok && now <= until);
        tally.out_of_order += u64::from(number < self.next);
        self.next = self.next.max(number + 1);
    }
    /// Counts, at the end, what was sent and what was lost.
    pub fn finish(&self, tally: &mut Tally) {
        tally.sent += self.sends.len() as u64;
        tally.lost += self.sends.iter().filter(|sent| sent.answer == Answer::Ok && sent.delivered == 0).count() as u64;
    }
}

impl Tally {
    /// Adds the sums of others.
    pub fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        self.acked += other.acked;
        self.delivered += other.delivered;
        self.lost += other.lost;
        self.duplicates += other.duplicates;
        self.out_of_order += other.out_of_order;
        self.refused += other.refused;
        self.complete_in_time += other.complete_in_time;
        self.ack.add(&other.ack);
        self.delivery.add(&other.delivery);
    }
}

/// The times at which a paced sender's messages are due: one per `period`, whatever the server does.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    next: Instant,
    period: Duration,
}

impl Pace {
    /// Begins at this time.
    pub const fn new(first: Instant, period: Duration) -> Self {
        Self { next: first, period }
    }
    /// When the next message is due.
    pub const fn next(&self) -> Instant {
        self.next
    }
    /// The time of the next message, if it is due.
    pub fn take(&mut self, now: Instant) -> Option<Instant> {
        let due = self.next;
        (due <= now).then(|| {
            self.next += self.period;
            due
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(begun: Instant, ms: u64) -> Instant {
        begun + Duration::from_millis(ms)
    }

    #[test]
    fn what_is_acknowledged_and_never_arrives_is_lost() {
        let (begun, mut sender, mut tally) = (Instant::now(), Sender::default(), Tally::default());
        let until = at(begun, 1000);
        let numbers: Vec<usize> = (0..4).map(|_| sender.send(begun)).collect();
        for n in [0, 1, 2] {
            sender.record_answer(numbers[n], true, at(begun, 5), until, &mut tally);
        }
        sender.record_answer(numbers[3], false, at(begun, 5), until, &mut tally);
        sender.record_arrival(0, at(begun, 7), until, &mut tally);
        sender.record_arrival(2, at(begun, 2000), until, &mut tally);
        assert!(!sender.is_settled());
        sender.finish(&mut tally);
        assert_eq!((tally.sent, tally.acked, tally.delivered, tally.lost, tally.refused, tally.complete_in_time), (4, 3, 2, 1, 1, 1));
    }

    #[test]
    fn repeats_and_inversions_are_seen() {
        let (begun, mut sender, mut tally) = (Instant::now(), Sender::default(), Tally::default());
        (0..3).for_each(|_| assert!(sender.send(begun) < 3));
        for n in [0, 2, 1, 2] {
            sender.record_arrival(n, begun, begun, &mut tally);
        }
        assert_eq!((tally.delivered, tally.duplicates, tally.out_of_order), (3, 1, 1));
    }

    #[test]
    fn answers_count_once_and_the_unanswered_stay_in_order() {
        let (begun, mut sender, mut tally) = (Instant::now(), Sender::default(), Tally::default());
        (0..3).for_each(|_| assert!(sender.send(begun) < 3));
        sender.record_answer(1, true, begun, begun, &mut tally);
        sender.record_answer(1, true, begun, begun, &mut tally);
        assert_eq!((tally.acked, sender.in_flight()), (1, 2));
        assert_eq!(sender.unanswered_numbers().collect::<Vec<_>>(), [0, 2]);
    }

    #[test]
    fn a_paced_sender_that_was_held_up_is_late_not_slower() {
        let begun = Instant::now();
        let mut pace = Pace::new(begun, Duration::from_millis(10));
        let due: Vec<Instant> = std::iter::from_fn(|| pace.take(at(begun, 35))).collect();
        assert_eq!(due, [0, 10, 20, 30].map(|ms| at(begun, ms)));
        assert_eq!(pace.next(), at(begun, 40));
    }
}
