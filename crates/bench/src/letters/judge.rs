//! Compares the letters that were asked for with those that arrived.

use std::collections::{BTreeMap, HashSet};

use anyhow::Context as _;
use uuid::Uuid;

use super::smtp::Taken;

/// How much earlier than the request a letter may have been asked for, by its id, in milliseconds: the clock is the same, read at two places.
const SLACK_MS: u64 = 100;

/// A request for a letter. Those of one recipient are made one after the other.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The recipient.
    pub to: String,
    /// When the request was made, in milliseconds since 1970.
    pub at_ms: u64,
    /// Whether it was acknowledged: the letter is due. Otherwise it may be.
    pub is_due: bool,
}

/// What the comparison found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Letters that are due.
    pub due: usize,
    /// Those of them that arrived.
    pub arrived: usize,
    /// Those of them that did not.
    pub lost: usize,
    /// Arrivals of a letter that had arrived.
    pub doubled: usize,
    /// Letters that arrived after one to the same recipient that was asked for later.
    pub out_of_order: usize,
    /// The letters that each node brought.
    pub by_node: BTreeMap<String, usize>,
}

/// Judges what was taken, in order; fails if something arrived that nobody asked for.
pub fn judge(asked: &[Asked], taken: &[Taken]) -> anyhow::Result<Verdict> {
    let mut verdict = Verdict { due: asked.iter().filter(|one| one.is_due).count(), ..Verdict::default() };
    let (mut ids, mut answered, mut latest) = (HashSet::new(), HashSet::new(), BTreeMap::<&str, usize>::new());
    for letter in taken {
        *verdict.by_node.entry(letter.node.to_string()).or_default() += 1;
        if !ids.insert(&letter.id) {
            verdict.doubled += 1;
            continue;
        }
        let at_ms = asked_at(&letter.id).with_context(|| format!("{:?} is not the id of a letter", letter.id))?;
        let mine = asked.iter().enumerate().filter(|(_, one)| one.to == letter.to && one.at_ms <= at_ms + SLACK_MS).max_by_key(|(_, one)| one.at_ms);
        let (number, _) = mine.with_context(|| format!("nobody asked for a letter to {}", letter.to))?;
        // Two letters for one request are one too many as well.
        verdict.doubled += usize::from(!answered.insert(number));
        let last = latest.entry(&letter.to).or_insert(number);
        verdict.out_of_order += usize::from(*last > number);
        *last = number.max(*last);
    }
    verdict.arrived = asked.iter().enumerate().filter(|(number, one)| one.is_due && answered.contains(number)).count();
    verdict.lost = verdict.due - verdict.arrived;
    Ok(verdict)
}

/// When a letter was asked for: its id begins with the time.
fn asked_at(id: &str) -> Option<u64> {
    u64::try_from(Uuid::parse_str(id.split('@').next()?).ok()?.as_u128() >> 80).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(to: &str, at_ms: u64, is_due: bool) -> Asked {
        Asked { to: to.to_owned(), at_ms, is_due }
    }
    fn letter(node: usize, to: &str, at_ms: u64) -> Taken {
        let id = Uuid::from_u128(u128::from(at_ms) << 80 | 7).simple();
        Taken { node, to: to.to_owned(), id: format!("{id}@[127.0.0.1]"), subject: String::new() }
    }

    #[test]
    fn what_arrives_once_and_in_order_is_fine_whether_it_was_due_or_only_may_have_been() {
        let all = [asked("a", 1000, true), asked("b", 1010, true), asked("a", 2000, false), asked("a", 3000, true), asked("b", 3010, false)];
        let verdict = judge(&all, &[letter(1, "a", 1005), letter(2, "b", 1015), letter(1, "a", 2005), letter(1, "a", 3005)]).unwrap();
        let by_node = BTreeMap::from([("1".to_owned(), 3), ("2".to_owned(), 1)]);
        assert_eq!(verdict, Verdict { due: 3, arrived: 3, by_node, ..Verdict::default() });
    }

    #[test]
    fn each_fault_is_seen() {
        let all = [asked("a", 1000, true), asked("a", 2000, true), asked("a", 3000, true)];
        let [first, second, third] = [1005, 2005, 3005].map(|at| letter(1, "a", at));
        let of = |letters: &[&Taken]| {
            let verdict = judge(&all, &letters.iter().copied().cloned().collect::<Vec<_>>()).unwrap();
            (verdict.lost, verdict.doubled, verdict.out_of_order)
        };
        assert_eq!(of(&[&first, &second, &third]), (0, 0, 0));
        assert_eq!(of(&[&first, &third]), (1, 0, 0));
        assert_eq!(of(&[&first, &second, &second, &third]), (0, 1, 0));
        assert_eq!(of(&[&first, &third, &second]), (0, 0, 1));
        assert_eq!(of(&[&first, &second, &third, &first]), (0, 1, 0), "a copy that is late is a copy");
        let again = letter(1, "a", 2015);
        assert_eq!(of(&[&first, &second, &again, &third]), (0, 1, 0), "two for one request");
        assert!(judge(&all, &[letter(1, "b", 1005)]).is_err());
        assert!(judge(&all, &[Taken { id: "x".to_owned(), ..first }]).is_err());
    }
}
