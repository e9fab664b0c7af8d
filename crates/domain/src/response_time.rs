//! Response times: how long the program takes, as people wait for it in their browsers and as the server sees it. They are counted in fixed intervals, which can
//! be added up over any time; the pages count in the same intervals (`web/api/src/response-times.ts`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::TenantId,
    text_enum::text_enum,
    time::{SECOND, Ts},
};

/// The upper edges of the intervals, in milliseconds, ascending. What takes longer than the last counts as if it had taken that long.
pub const EDGES_MS: [i64; 17] = [10, 25, 50, 100, 150, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 30_000, 60_000];
/// How many intervals there are.
pub const INTERVALS: usize = EDGES_MS.len();
/// The longest time that is told apart, in milliseconds.
pub const LONGEST_MS: i64 = 60 * SECOND;
/// The most times of one kind in one report of a page: as many sends as a connection may make in a minute.
pub const MOST_REPORTED: u64 = 600;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResponseTime {
    /// In the browser of a customer or of the staff: from sending a message to its acknowledgement.
    SendToAck,
    /// In the customer's browser: from sending a question to the bot's answer.
    QuestionToAnswer,
    /// In the browser: from the start of the navigation until the chat, the hall or the console can be used.
    Page,
    /// On the server: from the frame with a message to the acknowledgement that was written to the connection.
    ServerSendToAck,
    /// On the server: from the question on record to the bot's answer on record.
    ServerQuestionToAnswer,
    /// On the server: an HTTP request of the API, from its head to the head of the answer.
    ServerRequest,
}

text_enum!(ResponseTime {
    SendToAck = "send_to_ack",
    QuestionToAnswer = "question_to_answer",
    Page = "page",
    ServerSendToAck = "server_send_to_ack",
    ServerQuestionToAnswer = "server_question_to_answer",
    ServerRequest = "server_request",
});

impl ResponseTime {
    /// What 95% of the times are to stay within, in milliseconds. Each is an edge of the intervals.
    pub const fn target_ms(self) -> i64 {
        match self {
            Self::SendToAck | Self::ServerSendToAck => 200,
            Self::QuestionToAnswer | Self::ServerQuestionToAnswer => SECOND,
            Self::Page => 2 * SECOND,
            Self::ServerRequest => 500,
        }
    }
}

/// Times by interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Histogram {
    counts: [u64; INTERVALS],
    sum_ms: u64,
}

/// Why counts are not accepted as a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistogramFault {
    /// There is not one count for each interval.
    Intervals,
    /// There are more than [`MOST_REPORTED`] times.
    TooMany,
    /// The times cannot add up to this.
    Sum,
}

impl Histogram {
    /// The counts that a page reports, and what the times add up to in milliseconds.
    pub fn reported(counts: &[u64], sum_ms: u64) -> Result<Self, HistogramFault> {
        let counts: [u64; INTERVALS] = counts.try_into().map_err(|_| HistogramFault::Intervals)?;
        let count = counts.iter().try_fold(0_u64, |sum, one| sum.checked_add(*one)).filter(|sum| *sum <= MOST_REPORTED).ok_or(HistogramFault::TooMany)?;
        if sum_ms > count * LONGEST_MS.unsigned_abs() {
            return Err(HistogramFault::Sum);
        }
        Ok(Self { counts, sum_ms })
    }
    /// At most so many of these times: if there are more, every so-many-th from a place on, so that their shares stay and nobody who reports many outweighs
    /// everybody else.
    #[must_use]
    pub fn at_most(self, most: u64, place: u64) -> Self {
        let count = self.count();
        if count <= most {
            return self;
        }
        let (offset, mut before, mut taken) = (place % count, 0, 0);
        let counts = self.counts.map(|one| {
            before += one;
            let until = (before * most + offset) / count;
            until - std::mem::replace(&mut taken, until)
        });
        Self { counts, sum_ms: self.sum_ms * most / count }
    }
    /// Counts a time in milliseconds; a negative one, after a clock was put back, counts as none at all.
    pub fn add(&mut self, ms: i64) {
        let ms = ms.clamp(0, LONGEST_MS);
        if let Some(count) = self.counts.get_mut(EDGES_MS.partition_point(|edge| *edge < ms)) {
            *count += 1;
        }
        self.sum_ms += ms.unsigned_abs();
    }
    /// Adds other times to these.
    pub fn merge(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        self.sum_ms += other.sum_ms;
    }
    /// The number of times in each interval.
    pub const fn counts(&self) -> &[u64; INTERVALS] {
        &self.counts
    }
    /// The number of times.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }
    /// What the times add up to, in milliseconds.
    pub const fn sum_ms(&self) -> u64 {
        self.sum_ms
    }
}

/// Times by company, by the minute in which they were noted, and by what was measured.
pub type TimesByMinute = BTreeMap<(TenantId, Ts, ResponseTime), Histogram>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_in_the_interval_up_to_the_edge_that_it_does_not_exceed() {
        let place = |ms: i64| {
            let mut times = Histogram::default();
            times.add(ms);
            assert_eq!(times.count(), 1);
            (times.counts().iter().position(|count| *count == 1).map(|n| EDGES_MS[n]), times.sum_ms())
        };
        assert_eq!([place(-5), place(0), place(10), place(11)], [(Some(10), 0), (Some(10), 0), (Some(10), 10), (Some(25), 11)]);
        assert_eq!(
            [place(200), place(201), place(60_000), place(600_000)],
            [(Some(200), 200), (Some(300), 201), (Some(60_000), 60_000), (Some(60_000), 60_000)]
        );
    }

    #[test]
    fn many_times_weigh_no_more_than_the_most_and_keep_their_shares() {
        let mut counts = [0; INTERVALS];
        (counts[2], counts[7]) = (300, 100);
        let many = Histogram::reported(&counts, 40_000).unwrap();
        let fewer = many.at_most(60, 0);
        assert_eq!((fewer.count(), fewer.counts()[2], fewer.counts()[7], fewer.sum_ms()), (60, 45, 15, 6_000));
        assert_eq!(many.at_most(400, 7), many);
        // Each of the times is taken from as many places as the others.
        let mut taken = [0; INTERVALS];
        for place in 0..400 {
            let few = many.at_most(3, place);
            assert_eq!(few.count(), 3);
            taken.iter_mut().zip(few.counts()).for_each(|(sum, count)| *sum += count);
        }
        assert_eq!((taken[2], taken[7]), (900, 300));
    }

    #[test]
    fn times_add_up() {
        let (mut one, mut other) = (Histogram::default(), Histogram::default());
        one.add(20);
        other.add(20);
        other.add(70);
        one.merge(&other);
        assert_eq!((one.count(), one.sum_ms(), one.counts()[1], one.counts()[3]), (3, 110, 2, 1));
    }

    #[test]
    fn what_a_page_reports_is_checked() {
        let mut counts = vec![0; INTERVALS];
        counts[2] = MOST_REPORTED;
        let times = Histogram::reported(&counts, 30_000).unwrap();
        assert_eq!((times.count(), times.sum_ms()), (MOST_REPORTED, 30_000));
        assert_eq!(Histogram::reported(&counts[1..], 0), Err(HistogramFault::Intervals));
        assert_eq!(Histogram::reported(&counts, 600 * 60_000 + 1), Err(HistogramFault::Sum));
        counts[16] = 1;
        assert_eq!(Histogram::reported(&counts, 0), Err(HistogramFault::TooMany));
        counts[0] = u64::MAX;
        assert_eq!(Histogram::reported(&counts, 0), Err(HistogramFault::TooMany));
    }

    #[test]
    fn edges_ascend_to_the_longest_time_and_every_target_is_one() {
        assert!(EDGES_MS.is_sorted_by(|one, next| one < next));
        assert_eq!(EDGES_MS.last(), Some(&LONGEST_MS));
        for kind in ResponseTime::EACH {
            assert!(EDGES_MS.contains(&kind.target_ms()), "{kind:?}");
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(ResponseTime::parse(kind.as_str()), Some(*kind));
        }
    }
}
