//! Judges a history: nothing acknowledged is missing, nothing is stored twice, no number is left out, and nobody's messages changed places.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::history::{Answer, ClientLog, Journal, Seen, Step, View};

/// The number of findings that are described in words.
const TOLD: usize = 20;

/// The judgement of a history.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Sends.
    pub sent: u64,
    /// Acknowledged sends.
    pub acked: u64,
    /// Refused sends.
    pub refused: u64,
    /// Acknowledged, or seen by a client, but not in the record as it was.
    pub lost: u64,
    /// In the record twice, applied twice, or stored although refused.
    pub duplicates: u64,
    /// Numbers that the record leaves out, and entries that a client never got.
    pub gaps: u64,
    /// A sender's messages in a different order from the one sent, and a lower number applied after a higher one.
    pub inversions: u64,
    /// Acknowledged, but the record has something else or nothing under that number; or acknowledged while nothing could be made durable.
    pub false_acks: u64,
    /// Sends that are in the record although they were refused, or after newer ones of the same sender: the result of a refusal that was forgotten when its
    /// answer was lost.
    pub refused_then_accepted: u64,
    /// Points at which a conversation had two owners, or an agent was given more than it may have.
    pub double_owner: u64,
    /// The first findings in words.
    pub findings: Vec<String>,
}

impl Verdict {
    fn find(&mut self, count: fn(&mut Self) -> &mut u64, many: u64, what: impl FnOnce() -> String) {
        if many > 0 {
            *count(self) += many;
            if self.findings.len() < TOLD {
                self.findings.push(what());
            }
        }
    }
    /// Adds acknowledgements that were found to be false during the run.
    pub fn add_false_acks(&mut self, findings: Vec<String>) {
        findings.into_iter().for_each(|finding| self.find(false_acks, 1, || finding));
    }
    /// Adds what was acknowledged before a copy was begun and is missing from the copy.
    pub fn add_lost(&mut self, findings: Vec<String>) {
        findings.into_iter().for_each(|finding| self.find(losses, 1, || finding));
    }
    /// Adds what clients went on showing although the record no longer has it.
    pub fn add_inversions(&mut self, findings: Vec<String>) {
        findings.into_iter().for_each(|finding| self.find(inversions, 1, || finding));
    }
    /// Adds the verdict on another chapter of the same history.
    pub fn add(&mut self, other: Self) {
        let Self { sent, acked, refused, lost, duplicates, gaps, inversions, false_acks, refused_then_accepted, double_owner, findings } = other;
        self.sent += sent;
        self.acked += acked;
        self.refused += refused;
        self.lost += lost;
        self.duplicates += duplicates;
        self.gaps += gaps;
        self.inversions += inversions;
        self.false_acks += false_acks;
        self.refused_then_accepted += refused_then_accepted;
        self.double_owner += double_owner;
        self.findings.extend(findings.into_iter().take(TOLD.saturating_sub(self.findings.len())));
    }
    /// Adds the findings about owners.
    pub fn add_double_owner(&mut self, findings: Vec<String>) {
        findings.into_iter().for_each(|finding| self.find(double_owner, 1, || finding));
    }
    /// Whether nothing was found.
    pub const fn is_clean(&self) -> bool {
        self.lost + self.duplicates + self.gaps + self.inversions + self.false_acks + self.refused_then_accepted + self.double_owner == 0
    }
}

fn losses(v: &mut Verdict) -> &mut u64 {
    &mut v.lost
}
fn duplicates(v: &mut Verdict) -> &mut u64 {
    &mut v.duplicates
}
fn gaps(v: &mut Verdict) -> &mut u64 {
    &mut v.gaps
}
fn inversions(v: &mut Verdict) -> &mut u64 {
    &mut v.inversions
}
fn false_acks(v: &mut Verdict) -> &mut u64 {
    &mut v.false_acks
}
fn double_owner(v: &mut Verdict) -> &mut u64 {
    &mut v.double_owner
}

/// Judges what clients did against what the record holds.
pub fn check(clients: &[ClientLog], journals: &[Journal]) -> Verdict {
    let mut verdict = Verdict::default();
    for (n, journal) in journals.iter().enumerate() {
        for view in [View::Customer, View::Staff] {
            dense(&mut verdict, n, view, journal.of(view));
        }
    }
    let nothing = Journal::default();
    for client in clients {
        let journal = journals.get(client.conversation).unwrap_or(&nothing).of(client.view);
        sends(&mut verdict, client, journal);
        steps(&mut verdict, client, journal);
    }
    verdict
}

/// Checks that the record numbers its entries 1, 2, 3 …
fn dense(verdict: &mut Verdict, conversation: usize, view: View, journal: &[Seen]) {
    let mut last = 0;
    for entry in journal {
        let place = |what: &str| format!("conversation {conversation}, {view:?}: {what} {} after {last}", entry.seq);
        verdict.find(duplicates, u64::from(entry.seq <= last), || place("the record has the number"));
        verdict.find(gaps, missing(last, entry.seq), || place("the record goes on with"));
        last = last.max(entry.seq);
    }
}

/// Checks that what a client sent is in the record once, under the acknowledged number, in the order it was sent.
fn sends(verdict: &mut Verdict, client: &ClientLog, journal: &[Seen]) {
    let mut stored: HashMap<Uuid, Vec<i64>> = HashMap::new();
    for entry in journal {
        if let Some(id) = entry.said {
            stored.entry(id).or_default().push(entry.seq);
        }
    }
    let name = &client.name;
    let numbers = |id: &Uuid| stored.get(id).map_or(&[][..], Vec::as_slice);
    verdict.sent += client.sent.len() as u64;
    let mut acked = HashSet::new();
    for (id, answer) in &client.answers {
        match answer {
            Answer::Ok(seq) => {
                verdict.acked += u64::from(acked.insert(*id));
                let wrong = u64::from(!numbers(id).contains(seq));
                verdict.false_acks += wrong;
                verdict.find(losses, wrong, || format!("{name}: {id} was acknowledged as {seq}; the record has it at {:?}", numbers(id)));
            }
            Answer::No(code) => {
                verdict.refused += 1;
                verdict.refused_then_accepted += numbers(id).len() as u64;
                verdict.find(duplicates, numbers(id).len() as u64, || format!("{name}: {id} was refused with {code} and is stored"));
            }
        }
    }
    let mut furthest = 0;
    for id in &client.sent {
        let found = numbers(id);
        verdict.find(duplicates, found.len().saturating_sub(1) as u64, || format!("{name}: {id} is stored at {found:?}"));
        if let Some(first) = found.first() {
            let behind = u64::from(*first < furthest);
            verdict.refused_then_accepted += behind;
            verdict.find(inversions, behind, || format!("{name}: {id} is stored at {first}, something sent before it at {furthest}"));
            furthest = furthest.max(*first);
        }
    }
}

/// Checks that what a client applied came once, in order, without gaps, up to the end, and is what the record holds.
fn steps(verdict: &mut Verdict, client: &ClientLog, journal: &[Seen]) {
    let record: HashMap<i64, u64> = journal.iter().map(|entry| (entry.seq, entry.print)).collect();
    let name = &client.name;
    let (mut last, mut applied) = (0, HashSet::new());
    for step in &client.steps {
        let entries = match step {
            Step::Entry(entry) => {
                let again = !applied.insert(entry.seq);
                verdict.find(duplicates, u64::from(again), || format!("{name} applied {} twice", entry.seq));
                verdict.find(inversions, u64::from(!again && entry.seq < last), || format!("{name} applied {} after {last}", entry.seq));
                verdict.find(gaps, missing(last, entry.seq), || format!("{name} applied {} after {last}", entry.seq));
                last = last.max(entry.seq);
                std::slice::from_ref(entry)
            }
            Step::Reset(seq, entries) => {
                applied = entries.iter().map(|entry| entry.seq).collect();
                last = *seq;
                entries
            }
        };
        for entry in entries {
            let kept = record.get(&entry.seq) == Some(&entry.print);
            verdict.find(losses, u64::from(!kept), || format!("{name} saw an entry {} that the record does not have like that", entry.seq));
        }
    }
    verdict.find(gaps, missing(last, client.must_reach + 1), || format!("{name} got to {last} of {}", client.must_reach));
}

/// How many numbers are missing between two that should be consecutive.
const fn missing(last: i64, next: i64) -> u64 {
    if next > last + 1 { (next - last - 1).unsigned_abs() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: i64) -> Uuid {
        Uuid::from_u128(n.unsigned_abs().into())
    }
    /// An entry with the text of the send of the same number.
    fn seen(seq: i64, said: i64) -> Seen {
        Seen { seq, print: said.unsigned_abs(), said: Some(id(said)) }
    }
    fn journal(said: &[(i64, i64)]) -> Vec<Journal> {
        let all: Vec<Seen> = said.iter().map(|(seq, said)| seen(*seq, *said)).collect();
        vec![Journal { customer: all.clone(), staff: all }]
    }
    /// A client that sent 1, 2, 3, got them acknowledged under these numbers, and applied them.
    fn good() -> ClientLog {
        ClientLog {
            name: "a visitor".into(),
            conversation: 0,
            view: View::Customer,
            sent: vec![id(1), id(2), id(3)],
            answers: (1..=3).map(|n| (id(n), Answer::Ok(n))).collect(),
            steps: (1..=3).map(|n| Step::Entry(seen(n, n))).collect(),
            must_reach: 3,
            redelivered: 0,
            skipped: 0,
            connections: 1,
            pages: Vec::new(),
        }
    }
    /// lost, duplicates, gaps, inversions
    fn counts(client: ClientLog, journals: &[Journal]) -> [u64; 4] {
        let v = check(&[client], journals);
        assert_eq!(v.is_clean(), v.findings.is_empty());
        [v.lost, v.duplicates, v.gaps, v.inversions]
    }
    const IN_ORDER: &[(i64, i64)] = &[(1, 1), (2, 2), (3, 3)];

    #[test]
    fn a_good_history_is_clean() {
        let verdict = check(&[good()], &journal(IN_ORDER));
        assert!(verdict.is_clean());
        assert_eq!((verdict.sent, verdict.acked), (3, 3));
    }

    #[test]
    fn an_acknowledged_message_that_is_not_stored_is_lost() {
        let client = ClientLog { steps: vec![Step::Entry(seen(1, 1)), Step::Entry(seen(2, 2))], must_reach: 2, ..good() };
        assert_eq!(check(std::slice::from_ref(&client), &journal(&IN_ORDER[..2])).false_acks, 1);
        assert_eq!(counts(client, &journal(&IN_ORDER[..2])), [1, 0, 0, 0]);
    }

    #[test]
    fn an_acknowledged_number_must_be_the_stored_one() {
        let mut client = good();
        client.answers[2] = (id(3), Answer::Ok(7));
        assert_eq!(counts(client, &journal(IN_ORDER)), [1, 0, 0, 0]);
    }

    #[test]
    fn what_a_client_saw_must_stay_what_it_was() {
        let mut client = good();
        client.steps[1] = Step::Entry(Seen { print: 99, ..seen(2, 2) });
        assert_eq!(counts(client, &journal(IN_ORDER)), [1, 0, 0, 0]);
        let client = ClientLog { steps: good().steps.into_iter().chain([Step::Entry(seen(4, 4))]).collect(), ..good() };
        assert_eq!(counts(client, &journal(IN_ORDER)), [1, 0, 0, 0]);
    }

    #[test]
    fn a_message_stored_twice_is_a_duplicate() {
        let mut client = good();
        client.steps.push(Step::Entry(seen(4, 2)));
        assert_eq!(counts(client, &journal(&[(1, 1), (2, 2), (3, 3), (4, 2)])), [0, 1, 0, 0]);
    }

    #[test]
    fn a_refused_message_that_is_stored_is_a_duplicate_to_be() {
        let mut client = good();
        client.answers[2] = (id(3), Answer::No("not_yours".into()));
        assert_eq!(check(std::slice::from_ref(&client), &journal(IN_ORDER)).refused_then_accepted, 1);
        assert_eq!(counts(client, &journal(IN_ORDER)), [0, 1, 0, 0]);
    }

    #[test]
    fn an_entry_applied_twice_is_a_duplicate() {
        let mut client = good();
        client.steps.insert(2, Step::Entry(seen(2, 2)));
        assert_eq!(counts(client, &journal(IN_ORDER)), [0, 1, 0, 0]);
    }

    #[test]
    fn a_number_the_record_leaves_out_is_a_gap_in_both_views() {
        let client =
            ClientLog { answers: vec![(id(1), Answer::Ok(1)), (id(2), Answer::Ok(2))], steps: vec![Step::Reset(4, vec![seen(4, 3)])], must_reach: 4, ..good() };
        assert_eq!(counts(client, &journal(&[(1, 1), (2, 2), (4, 3)])), [0, 0, 2, 0]);
    }

    #[test]
    fn an_entry_a_client_never_got_is_a_gap() {
        let mut client = good();
        client.steps.pop();
        assert_eq!(counts(client, &journal(IN_ORDER)), [0, 0, 1, 0]);
        let mut client = good();
        client.steps.remove(1);
        assert_eq!(counts(client, &journal(IN_ORDER)), [0, 0, 1, 0]);
    }

    #[test]
    fn words_in_another_order_than_sent_are_an_inversion() {
        let client = ClientLog {
            answers: vec![(id(1), Answer::Ok(1)), (id(3), Answer::Ok(2)), (id(2), Answer::Ok(3))],
            steps: vec![Step::Entry(seen(1, 1)), Step::Entry(seen(2, 3)), Step::Entry(seen(3, 2))],
            ..good()
        };
        assert_eq!(check(std::slice::from_ref(&client), &journal(&[(1, 1), (2, 3), (3, 2)])).refused_then_accepted, 1);
        assert_eq!(counts(client, &journal(&[(1, 1), (2, 3), (3, 2)])), [0, 0, 0, 1]);
    }

    #[test]
    fn a_lower_number_applied_after_a_higher_is_an_inversion() {
        let client = ClientLog { steps: vec![Step::Entry(seen(1, 1)), Step::Entry(seen(3, 3)), Step::Entry(seen(2, 2))], ..good() };
        let [lost, duplicates, gaps, inversions] = counts(client, &journal(IN_ORDER));
        assert_eq!((lost, duplicates, inversions), (0, 0, 1));
        assert_eq!(gaps, 1);
    }

    #[test]
    fn a_reset_starts_anew_and_its_entries_count() {
        let client = ClientLog { steps: vec![Step::Entry(seen(1, 1)), Step::Reset(2, vec![seen(1, 1), seen(2, 2)]), Step::Entry(seen(3, 3))], ..good() };
        assert_eq!(counts(client, &journal(IN_ORDER)), [0, 0, 0, 0]);
    }

    #[test]
    fn what_was_found_meanwhile_counts() {
        let mut verdict = check(&[good()], &journal(IN_ORDER));
        verdict.add_false_acks(vec!["one".into(), "two".into()]);
        verdict.add_double_owner(vec!["three".into()]);
        assert_eq!((verdict.false_acks, verdict.double_owner, verdict.findings.len(), verdict.is_clean()), (2, 1, 3, false));
    }

    #[test]
    fn every_client_is_judged_in_its_own_numbering() {
        let staff = Journal { customer: vec![seen(1, 1)], staff: vec![seen(1, 8), seen(2, 1)] };
        let client = |view, seq| ClientLog {
            view,
            sent: vec![id(1)],
            answers: vec![(id(1), Answer::Ok(seq))],
            steps: vec![Step::Reset(seq, vec![seen(seq, 1)])],
            must_reach: seq,
            ..good()
        };
        assert!(check(&[client(View::Customer, 1), client(View::Staff, 2)], std::slice::from_ref(&staff)).is_clean());
        assert_eq!(counts(client(View::Staff, 1), &[staff])[0], 2);
    }
}
