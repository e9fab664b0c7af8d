//! A history in chapters: each chapter ends when an older copy of the record is restored, and is judged by the record as it was then. What the copy holds of it
//! must remain; what came later is rewound, and no client may go on showing it.

use std::collections::{BTreeMap, HashMap};

use super::{
    checker::{self, Verdict},
    history::{Ack, Answer, ClientLog, Journal, Seen, Step, View},
};

/// A chapter that has ended.
struct Chapter {
    /// The record at the end of the chapter.
    journals: Vec<Journal>,
    /// By conversation: the last number up to which the copy is the same, for the customer and for staff.
    cuts: Vec<(i64, i64)>,
}

/// The chapters that have ended.
#[derive(Default)]
pub struct Book {
    chapters: Vec<Chapter>,
}

/// The judgement of a history in chapters.
pub struct Judged {
    /// What was found.
    pub verdict: Verdict,
    /// Acknowledged sends that the record lost because the copy was older.
    pub rewound: u64,
    /// How often a client was reset because of that.
    pub reset_clients: u64,
}

impl Book {
    /// Ends a chapter; takes the record as it was, and what replaced it.
    pub fn end_chapter(&mut self, journals: Vec<Journal>, restored: &[Journal]) {
        let nothing = Journal::default();
        let common = |(n, old): (usize, &Journal)| {
            let new = restored.get(n).unwrap_or(&nothing);
            (common(&old.customer, &new.customer), common(&old.staff, &new.staff))
        };
        let cuts = journals.iter().enumerate().map(common).collect();
        self.chapters.push(Chapter { journals, cuts });
    }

    /// The last number of a conversation up to which the copy equals the record at the end of that chapter.
    pub fn cut(&self, chapter: usize, conversation: usize, view: View) -> i64 {
        let cut = self.chapters.get(chapter).and_then(|chapter| chapter.cuts.get(conversation)).copied().unwrap_or_default();
        if view == View::Customer { cut.0 } else { cut.1 }
    }

    /// The same for the chapter that ended last.
    pub fn last_cut(&self, conversation: usize, view: View) -> i64 {
        self.cut(self.chapters.len().saturating_sub(1), conversation, view)
    }

    /// Judges what clients did, chapter by chapter, and what remains of it in the final record.
    pub fn judge(&self, logs: &[ClientLog], record: &[Journal]) -> Judged {
        let last = self.chapters.len();
        let mut judged = Judged { verdict: Verdict::default(), rewound: 0, reset_clients: 0 };
        let mut parts: Vec<Vec<ClientLog>> = vec![Vec::new(); last + 1];
        for log in logs {
            self.remains(log, record, &mut judged);
            let mut shown = Shown::default();
            for (chapter, parts) in parts.iter_mut().enumerate() {
                let (answers, steps) = log.chapter(chapter);
                let must_reach = if chapter == last { log.must_reach } else { 0 };
                let mut part = ClientLog { answers: answers.to_vec(), steps: Vec::new(), must_reach, pages: Vec::new(), ..log.clone() };
                let is_reset = matches!(steps.first(), Some(Step::Reset(..)));
                if chapter > 0 {
                    judged.reset_clients += u64::from(steps.iter().any(|step| matches!(step, Step::Reset(..))));
                    if !is_reset {
                        let journal = self.journal(chapter, record, log);
                        let wrong = shown.strangers(journal, self.cut(chapter - 1, log.conversation, log.view));
                        judged.verdict.add_inversions(wrong.iter().map(|seq| format!("{} went on showing {seq}, which was rewound", log.name)).collect());
                        part.steps.extend(shown.as_step());
                    }
                }
                part.steps.extend_from_slice(steps);
                steps.iter().for_each(|step| shown.take(step));
                parts.push(part);
            }
        }
        for (chapter, parts) in parts.iter().enumerate() {
            judged.verdict.add(checker::check(parts, self.chapters.get(chapter).map_or(record, |chapter| &chapter.journals)));
        }
        judged.verdict.sent = logs.iter().map(|log| log.sent.len() as u64).sum();
        judged
    }

    fn journal<'a>(&'a self, chapter: usize, record: &'a [Journal], log: &ClientLog) -> &'a [Seen] {
        let journals = self.chapters.get(chapter).map_or(record, |chapter| &chapter.journals);
        journals.get(log.conversation).map_or(&[], |journal| journal.of(log.view))
    }

    /// What was acknowledged in earlier chapters and is in every copy since then must be in the final record; the rest was rewound.
    fn remains(&self, log: &ClientLog, record: &[Journal], judged: &mut Judged) {
        let last = self.chapters.len();
        let kept: HashMap<i64, Option<uuid::Uuid>> = self.journal(last, record, log).iter().map(|entry| (entry.seq, entry.said)).collect();
        let mut gone = Vec::new();
        for chapter in 0..last {
            for (id, answer) in log.chapter(chapter).0 {
                let Answer::Ok(seq) = answer else { continue };
                if (chapter..last).any(|later| *seq > self.cut(later, log.conversation, log.view)) {
                    judged.rewound += 1;
                } else if kept.get(seq) != Some(&Some(*id)) {
                    gone.push(format!("{}: {id} was acknowledged as {seq}, was in each copy, and is {:?} in the end", log.name, kept.get(seq)));
                }
            }
        }
        judged.verdict.add_lost(gone);
    }
}

/// What a client shows.
#[derive(Default)]
struct Shown {
    last: i64,
    entries: BTreeMap<i64, Seen>,
}

impl Shown {
    fn take(&mut self, step: &Step) {
        match step {
            Step::Entry(entry) => {
                self.last = self.last.max(entry.seq);
                self.entries.insert(entry.seq, entry.clone());
            }
            Step::Reset(seq, entries) => *self = Self { last: *seq, entries: entries.iter().map(|entry| (entry.seq, entry.clone())).collect() },
        }
    }

    /// Removes, and returns the numbers of, the entries after the cut that are not in the record.
    fn strangers(&mut self, journal: &[Seen], cut: i64) -> Vec<i64> {
        let record: HashMap<i64, u64> = journal.iter().map(|entry| (entry.seq, entry.print)).collect();
        let is_strange = |entry: &Seen| entry.seq > cut && record.get(&entry.seq) != Some(&entry.print);
        let strangers: Vec<i64> = self.entries.values().filter(|entry| is_strange(entry)).map(|entry| entry.seq).collect();
        self.entries.retain(|seq, _| !strangers.contains(seq));
        strangers
    }

    /// Everything shown as one reset; `None` if nothing is.
    fn as_step(&self) -> Option<Step> {
        (self.last > 0).then(|| Step::Reset(self.last, self.entries.values().cloned().collect()))
    }
}

/// The last number up to which both are the same.
fn common(old: &[Seen], new: &[Seen]) -> i64 {
    old.iter().zip(new).take_while(|(old, new)| old == new).last().map_or(0, |(old, _)| old.seq)
}

/// Those of the acknowledgements that a copy does not hold.
pub fn not_in(acks: &[Ack], copy: &[Journal]) -> Vec<String> {
    let holds = |ack: &Ack| {
        copy.get(ack.conversation).is_some_and(|journal| journal.of(ack.view).iter().any(|entry| entry.seq == ack.seq && entry.said == Some(ack.id)))
    };
    let not = acks.iter().filter(|ack| !holds(ack));
    not.map(|ack| format!("{}: {} was acknowledged as {} before the copy was begun, and is not in it", ack.name, ack.id, ack.seq)).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use uuid::Uuid;

    use super::*;

    /// An entry with the text of the send of this id.
    fn seen(seq: i64, id: u64) -> Seen {
        Seen { seq, print: id, said: Some(Uuid::from_u128(id.into())) }
    }
    fn journal(ids: &[u64]) -> Vec<Journal> {
        let all: Vec<Seen> = ids.iter().zip(1..).map(|(id, seq)| seen(seq, *id)).collect();
        vec![Journal { customer: all.clone(), staff: all }]
    }
    /// 1 to 4 were sent, the copy holds 1 and 2, and 5 was sent after it was restored.
    fn book() -> (Book, Vec<Journal>) {
        let mut book = Book::default();
        book.end_chapter(journal(&[1, 2, 3, 4]), &journal(&[1, 2]));
        (book, journal(&[1, 2, 5]))
    }
    fn first() -> ClientLog {
        let mut log = ClientLog::new("a visitor".into(), 0, View::Customer);
        log.sent = (1..=4).map(Uuid::from_u128).collect();
        log.answers = (1..=4_u8).map(|n| (Uuid::from_u128(n.into()), Answer::Ok(n.into()))).collect();
        log.steps = (1..=4_u8).map(|n| Step::Entry(seen(n.into(), n.into()))).collect();
        log.turn(1);
        log.must_reach = 3;
        log
    }
    fn then(steps: Vec<Step>) -> ClientLog {
        let mut log = first();
        log.sent.push(Uuid::from_u128(5));
        log.answers.push((Uuid::from_u128(5), Answer::Ok(3)));
        log.steps.extend(steps);
        log
    }

    #[test]
    fn what_the_copy_lacks_is_rewound_and_who_was_reset_is_right() {
        let (book, record) = book();
        assert_eq!((book.last_cut(0, View::Customer), book.last_cut(0, View::Staff), book.last_cut(7, View::Staff)), (2, 2, 0));
        let reset = then(vec![Step::Reset(2, vec![seen(1, 1), seen(2, 2)]), Step::Entry(seen(3, 5))]);
        let Judged { verdict, rewound, reset_clients } = book.judge(&[reset], &record);
        assert!(verdict.is_clean(), "{verdict:?}");
        assert_eq!((verdict.sent, verdict.acked, rewound, reset_clients), (5, 5, 2, 1));
    }

    #[test]
    fn who_goes_on_showing_what_was_rewound_is_found() {
        let (book, record) = book();
        for steps in [vec![], vec![Step::Entry(seen(5, 5))]] {
            let Judged { verdict, reset_clients, .. } = book.judge(&[then(steps)], &record);
            assert_eq!((verdict.inversions, reset_clients), (2, 0), "{verdict:?}");
        }
        let mut late = then(vec![Step::Entry(seen(3, 5))]);
        late.steps.drain(2..4);
        late.pages[0].steps = 2;
        assert!(book.judge(&[late], &record).verdict.is_clean(), "one that knew nothing of it needs no reset");
    }

    #[test]
    fn what_the_copy_holds_stays_and_what_was_acknowledged_before_it_is_in_it() {
        let (book, _) = book();
        let log = || then(vec![Step::Reset(3, vec![seen(3, 5)])]);
        let Judged { verdict, .. } = book.judge(&[log()], &journal(&[1, 9, 5]));
        assert_eq!(verdict.lost, 1, "{verdict:?}");
        let ack = |id, seq| Ack { name: String::new(), conversation: 0, view: View::Customer, id: Uuid::from_u128(id), seq, said_at: Instant::now() };
        assert_eq!(not_in(&[ack(1, 1), ack(2, 2), ack(3, 3), ack(1, 2)], &journal(&[1, 2])).len(), 2);
    }

    #[test]
    fn each_chapter_is_judged_by_its_own_record() {
        let (book, record) = book();
        let mut log = then(vec![Step::Reset(3, vec![seen(3, 5)])]);
        log.steps[3] = Step::Entry(seen(4, 9));
        let Judged { verdict, .. } = book.judge(std::slice::from_ref(&log), &record);
        assert_eq!((verdict.lost, verdict.false_acks), (1, 0), "nobody else saw that: {verdict:?}");
        log.answers[3].1 = Answer::Ok(9);
        let Judged { verdict, .. } = book.judge(&[log], &record);
        assert_eq!((verdict.lost, verdict.false_acks), (2, 1), "{verdict:?}");
    }
}
