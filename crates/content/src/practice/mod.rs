//! Exercises in which members of the staff serve a simulated customer: what the customer says, and what has to be done.
//!
//! [`next`] decides from what has happened in the conversation what the customer does, and [`step_states`] which steps are done. Both are pure: the same
//! conversation always has the same next line, whoever asks, and however often.

mod exercises;

use domain::{
    entry::EntryKind,
    journal::{ActorKind, StoredEntry},
    text::{Bilingual, Lang},
    time::Ts,
};

pub use exercises::EXERCISES;

/// Words in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

impl Words {
    /// The words in a language.
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

impl From<Words> for Bilingual {
    fn from(Words { zh, en }: Words) -> Self {
        Self { zh: zh.to_owned(), en: en.to_owned() }
    }
}

/// What the learner does in the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// They say something to the customer.
    Reply,
    /// They have the customer wait while they find something out.
    Hold,
    /// They write a note for colleagues.
    Note,
    /// They say by a label what it is about.
    Label,
    /// They transfer the conversation.
    Transfer,
    /// They settle it.
    Resolve,
}

/// What happened in the conversation, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// The customer said a line.
    Line(Ts),
    /// The learner did something.
    Act(Act, Ts),
}

impl Happened {
    /// When it happened.
    pub const fn at(self) -> Ts {
        match self {
            Self::Line(at) | Self::Act(_, at) => at,
        }
    }
}

/// A line of the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// What the learner must have done since the line before, in this order.
    pub after: &'static [Act],
    /// How long the customer takes to write it, in milliseconds.
    pub pause_ms: i64,
    /// The words.
    pub words: Words,
}

/// A step of an exercise: something that the learner has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What they are told.
    pub words: Words,
    /// What they have to do.
    pub act: Act,
    /// After how many lines of the customer.
    pub lines: usize,
    /// What they must have done before that, after the same lines.
    pub follows: Option<Act>,
    /// For how long nothing must have been said before it, in milliseconds.
    pub quiet_ms: i64,
}

/// An exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exercise {
    /// Its key, which never changes.
    pub key: &'static str,
    /// Its name.
    pub name: Words,
    /// What it is for.
    pub about: Words,
    /// The lines of the customer, of whom the first opens the conversation.
    pub lines: &'static [Line],
    /// What has to be done.
    pub steps: &'static [Step],
}

/// The exercise with this key.
pub fn find(key: &str) -> Option<&'static Exercise> {
    EXERCISES.iter().find(|exercise| exercise.key == key)
}

/// What happened in a conversation.
pub fn history(entries: &[StoredEntry]) -> Vec<Happened> {
    entries.iter().filter_map(happened_in).collect()
}

fn happened_in(entry: &StoredEntry) -> Option<Happened> {
    let is_agent = entry.entry.actor.kind == ActorKind::Agent;
    let act = match EntryKind::parse(&entry.kind)? {
        EntryKind::Message if entry.entry.actor.kind == ActorKind::Customer => return Some(Happened::Line(entry.at)),
        EntryKind::Message => Act::Reply,
        EntryKind::Held => Act::Hold,
        EntryKind::Note => Act::Note,
        EntryKind::Labelled => Act::Label,
        EntryKind::Transferred => Act::Transfer,
        EntryKind::Resolved => Act::Resolve,
        _ => return None,
    };
    is_agent.then_some(Happened::Act(act, entry.at))
}

/// What the customer does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// They say the line with this number, beginning with 0.
    Say(usize),
    /// They say it at that time, if nothing happens before.
    SayAt(usize, Ts),
    /// They wait for the learner, or have said everything.
    Wait,
}

/// Decides what the customer does next in a conversation of which this is what has happened.
pub fn next(exercise: &Exercise, happened: &[Happened], now: Ts) -> Next {
    let said = happened.iter().filter(|one| matches!(one, Happened::Line(_))).count();
    let Some(line) = exercise.lines.get(said) else { return Next::Wait };
    // Who has been served goes.
    if happened.iter().any(|one| matches!(one, Happened::Act(Act::Resolve | Act::Transfer, _))) {
        return Next::Wait;
    }
    let since = happened.iter().rposition(|one| matches!(one, Happened::Line(_))).map_or(0, |at| at + 1);
    let mut wanted = line.after.iter();
    let mut missing = wanted.next();
    let mut due = None;
    for one in &happened[since..] {
        if let (Some(act), Happened::Act(done, at)) = (missing, one)
            && act == done
        {
            (missing, due) = (wanted.next(), Some(at.plus(line.pause_ms)));
        }
    }
    match (missing, due) {
        (Some(_), _) => Next::Wait,
        (None, Some(due)) if due > now => Next::SayAt(said, due),
        (None, _) => Next::Say(said),
    }
}

/// For each step whether it is done.
pub fn step_states(exercise: &Exercise, happened: &[Happened]) -> Vec<bool> {
    exercise.steps.iter().map(|step| is_done(step, happened)).collect()
}

/// Whether all steps are done.
pub fn is_finished(exercise: &Exercise, happened: &[Happened]) -> bool {
    exercise.steps.iter().all(|step| is_done(step, happened))
}

fn is_done(step: &Step, happened: &[Happened]) -> bool {
    let (mut lines, mut has_followed, mut last_words): (usize, bool, Option<Ts>) = (0, step.follows.is_none(), None);
    for one in happened {
        match *one {
            Happened::Line(at) => (lines, last_words) = (lines + 1, Some(at)),
            Happened::Act(act, at) => {
                let is_quiet = last_words.is_none_or(|words| at.since(words) >= step.quiet_ms);
                if lines >= step.lines && act == step.act && has_followed && is_quiet {
                    return true;
                }
                has_followed |= lines >= step.lines && step.follows == Some(act);
                if act == Act::Reply {
                    last_words = Some(at);
                }
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const S: i64 = 1_000;

    fn exercise(key: &str) -> &'static Exercise {
        find(key).unwrap()
    }

    fn line(s: i64) -> Happened {
        Happened::Line(Ts(s * S))
    }

    fn act(act: Act, s: i64) -> Happened {
        Happened::Act(act, Ts(s * S))
    }

    #[test]
    fn the_customer_opens_waits_for_an_answer_and_takes_a_moment_to_write() {
        let bill = exercise("bill");
        assert_eq!(next(bill, &[], Ts(0)), Next::Say(0));
        assert_eq!(next(bill, &[line(0)], Ts(600 * S)), Next::Wait);
        let answered = [line(0), act(Act::Reply, 10)];
        let due = Ts(10 * S + bill.lines[1].pause_ms);
        assert_eq!(next(bill, &answered, Ts(10 * S)), Next::SayAt(1, due));
        assert_eq!(next(bill, &answered, due), Next::Say(1));
        assert_eq!(next(bill, &[&answered[..], &[line(20)]].concat(), Ts(60 * S)), Next::Wait, "each line is answered for itself");
    }

    #[test]
    fn who_was_settled_or_transferred_says_no_more() {
        for end in [Act::Resolve, Act::Transfer] {
            assert_eq!(next(exercise("bill"), &[line(0), act(Act::Reply, 1), act(end, 2)], Ts(900 * S)), Next::Wait, "{end:?}");
        }
    }

    #[test]
    fn an_answer_counts_once_the_customer_was_held_and_not_before() {
        let hold = exercise("hold");
        let before = [line(0), act(Act::Reply, 5), act(Act::Hold, 10)];
        assert_eq!(next(hold, &before, Ts(900 * S)), Next::Wait);
        assert_eq!(step_states(hold, &before), [true, true, false, false]);
        let back = [&before[..], &[act(Act::Reply, 40)]].concat();
        assert_eq!(next(hold, &back, Ts(900 * S)), Next::Say(1));
        assert_eq!(step_states(hold, &back), [true, true, true, false]);
    }

    #[test]
    fn a_customer_who_falls_silent_is_given_time() {
        let silent = exercise("silent");
        let hasty = [line(0), act(Act::Reply, 5), act(Act::Reply, 6), act(Act::Resolve, 7)];
        assert_eq!(step_states(silent, &hasty), [true, false, false]);
        let patient = [line(0), act(Act::Reply, 5), act(Act::Reply, 40), act(Act::Resolve, 90)];
        assert!(is_finished(silent, &patient));
        assert!(!is_finished(silent, &patient[..3]));
    }

    /// Does what each step says, as soon as the customer has said what it is about.
    fn played(exercise: &Exercise) -> Vec<Happened> {
        let (mut happened, mut now) = (Vec::new(), Ts(0));
        for _ in 0..50 {
            now = now.plus(60 * S);
            if let Next::Say(_) = next(exercise, &happened, now) {
                happened.push(Happened::Line(now));
                continue;
            }
            let states = step_states(exercise, &happened);
            let Some(at) = states.iter().position(|is_done| !is_done) else { break };
            happened.push(Happened::Act(exercise.steps[at].act, now));
        }
        happened
    }

    #[test]
    fn each_exercise_can_be_finished_by_doing_what_it_says() {
        let mut keys = BTreeSet::new();
        for exercise in EXERCISES {
            assert!(keys.insert(exercise.key), "{}", exercise.key);
            assert!(exercise.lines.first().is_some_and(|first| first.after.is_empty()), "{}", exercise.key);
            let happened = played(exercise);
            assert!(is_finished(exercise, &happened), "{}: {happened:?}", exercise.key);
            let said = happened.iter().filter(|one| matches!(one, Happened::Line(_))).count();
            assert_eq!(said, exercise.lines.len(), "{}: every line is heard", exercise.key);
            assert!(!is_finished(exercise, &happened[..happened.len() - 1]), "{}: the last act is a step", exercise.key);
            let words = [exercise.name, exercise.about].into_iter().chain(exercise.lines.iter().map(|line| line.words));
            assert!(words.chain(exercise.steps.iter().map(|step| step.words)).all(|words| !words.zh.is_empty() && !words.en.is_empty()));
        }
    }
}
