//! Phrasings of a knowledge that probably belong to a different entry.

use crate::knowledge::Entry;
use crate::sheet::{Labelled, Sheet, TrainError};
use crate::stop::{Stop, Stopped, to_the_end};
use crate::text::{Lang, normalise};

use super::{Row, find_until};

/// Entries with fewer wordings in a language are left out: when one wording is hidden, too few would be left to recognise it by.
const LEAST_WORDINGS: usize = 4;
/// The number of wordings times the number of entries that are searched at most; more would take minutes. The first entries are searched.
const MOST_PAIRS: usize = 1_000_000;
/// The same for the characters of the wordings: long ones take longer.
const MOST_CHARS: usize = 50_000_000;

/// A phrasing that probably belongs to a different entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The id of the entry that it is in.
    pub entry: String,
    /// The phrasing.
    pub text: String,
    /// The id of the entry that it probably belongs to.
    pub likely: String,
}

/// The doubtful phrasings of one language, most doubtful first, and the number of phrasings that were searched. Questions themselves are never doubted.
pub fn doubts(entries: &[Entry], lang: Lang) -> (Vec<Doubt>, usize) {
    to_the_end(|stop| doubts_until(entries, lang, stop))
}

/// The same, until it is stopped.
///
/// # Errors
/// If it was stopped.
pub fn doubts_until(entries: &[Entry], lang: Lang, stop: &Stop) -> Result<(Vec<Doubt>, usize), Stopped> {
    let (mut rows, mut questions, mut searched, mut chars): (Vec<Row>, Vec<bool>, usize, usize) = (Vec::new(), Vec::new(), 0, 0);
    for entry in entries {
        stop.look()?;
        let question = std::iter::once(entry.question.side(lang)).filter(|text| !text.trim().is_empty());
        let wordings: Vec<(&str, bool)> = question.map(|text| (text, true)).chain(entry.similar.side(lang).iter().map(|text| (text.as_str(), false))).collect();
        if wordings.len() < LEAST_WORDINGS {
            continue;
        }
        searched += 1;
        // Some characters become many when they are read.
        chars += wordings.iter().map(|(text, _)| normalise(text).chars().count()).sum::<usize>();
        if (rows.len() + wordings.len()) * searched > MOST_PAIRS || chars * searched > MOST_CHARS {
            break;
        }
        rows.extend(wordings.iter().map(|(text, _)| ((*text).to_owned(), entry.id.clone())));
        questions.extend(wordings.iter().map(|(_, is_question)| *is_question));
    }
    let lines: Vec<Labelled<'_>> = rows.iter().map(|(text, label)| Labelled { text, label }).collect();
    // Fewer than two entries cannot be mistaken for each other.
    let found = match Sheet::new(&lines) {
        Ok(sheet) => find_until(&sheet, None, stop)?,
        Err(TrainError::TooFewLabels) => Vec::new(),
    };
    let doubts = found.into_iter().filter(|suspect| !questions[suspect.row - 1]);
    let doubts = doubts.map(|suspect| Doubt { entry: suspect.label, text: rows[suspect.row - 1].0.clone(), likely: suspect.likely }).collect();
    Ok((doubts, questions.iter().filter(|is_question| !**is_question).count()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{Bilingual, Wordings};

    fn entry(id: &str, question: &str, similar: &[&str]) -> Entry {
        let both = |text: &str| Bilingual { zh: text.to_owned(), en: String::new() };
        Entry {
            id: id.to_owned(),
            topic: "t".to_owned(),
            question: both(question),
            similar: Wordings { zh: similar.iter().map(|text| (*text).to_owned()).collect(), en: Vec::new() },
            answer: both("…"),
            related: Vec::new(),
            action: None,
        }
    }

    fn plans() -> Entry {
        entry(
            "plan",
            "怎么更换套餐",
            &["换个套餐", "我要换套餐", "套餐怎么改", "想把套餐换掉", "更换资费套餐", "改成别的套餐", "套餐变更在哪办", "换成便宜的套餐"],
        )
    }
    fn bills() -> Entry {
        entry(
            "bill",
            "怎么查话费账单",
            &["查话费", "我的账单在哪看", "话费账单明细", "这个月话费多少", "账单怎么查", "查一下上个月账单", "话费余额查询", "看看花了多少话费"],
        )
    }

    #[test]
    fn a_phrasing_in_the_wrong_entry_is_doubted_and_no_other() {
        let mut bill = bills();
        bill.similar.zh.insert(3, "套餐怎么换成便宜的".to_owned());
        let (found, searched) = doubts(&[plans(), bill], Lang::Zh);
        assert_eq!(found, [Doubt { entry: "bill".into(), text: "套餐怎么换成便宜的".into(), likely: "plan".into() }]);
        assert_eq!(searched, 17);
        assert_eq!(doubts(&[plans(), bills()], Lang::Zh).0, []);
    }

    #[test]
    fn what_is_too_little_to_judge_is_left_alone() {
        let lone = entry("lone", "月球上有信号吗", &["套餐怎么换"]);
        assert_eq!(doubts(&[lone, plans()], Lang::Zh).0, []);
        assert_eq!(doubts(&[], Lang::En), (Vec::new(), 0));
        assert_eq!(doubts(&[plans(), bills()], Lang::En), (Vec::new(), 0));
    }
}
