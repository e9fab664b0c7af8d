//! Finds what a line says of goods and plans that cannot be understood: a limit without a number, a model that is not sold.

use crate::graph::Graph;
use crate::graph::reader::Words;
use crate::graph::reading::{Open, Reading};
use crate::text::{Lang, list};

/// Chinese words behind an amount that make it a limit.
const LIMITS_ZH: &str = "以内|以下|以上|之内|之下";

/// Chinese characters of amounts that are no number.
const VAGUE: &str = "几数若干好多少许百千万";

/// Words between two models that are compared.
const BESIDE: &str = "和|跟|与|比|或|and|or|vs|versus|than|against|with";

/// The most letters and digits of a model's code.
const MOST_LETTERS: usize = 4;
const MOST_DIGITS: usize = 4;

impl Graph {
    pub(super) fn read_open(&self, reading: &mut Reading, words: &Words<'_>, explained: &[bool]) {
        let Words { raw, line, lang, .. } = *words;
        let open = |at: usize| explained.get(at) == Some(&false);
        if lang == Lang::Zh {
            // 若干元以内: the unit stands between
            let is_amount = |at: usize| open(at) && VAGUE.contains(raw[at]);
            let unread = |at: usize| is_amount(at - 1) || at > 1 && matches!(raw[at - 1], "元" | "块") && is_amount(at - 2);
            let limited = (1..raw.len().saturating_sub(1)).find(|at| unread(*at) && list(LIMITS_ZH).any(|limit| raw[*at..*at + 2].concat() == limit));
            reading.open.extend(limited.map(|at| {
                let from = (0..at).rev().take_while(|before| is_amount(*before) || matches!(raw[*before], "元" | "块")).last().unwrap_or(at);
                Open::Limit(raw[from..at + 2].concat())
            }));
        }
        // "Trelan Z20": a code without a space, that is no name, behind a maker or beside a model
        for at in 1..raw.len().saturating_sub(1) {
            let (letters, digits) = (raw[at], raw[at + 1]);
            let is_code = letters.bytes().all(|byte| byte.is_ascii_lowercase())
                && letters.len() <= MOST_LETTERS
                && digits.bytes().all(|byte| byte.is_ascii_digit())
                && digits.len() <= MOST_DIGITS
                && letters.as_ptr() as usize + letters.len() == digits.as_ptr() as usize;
            if !is_code || !open(at) || !open(at + 1) {
                continue;
            }
            let makers = self.names.items_in(&line[at.saturating_sub(2)..at], lang);
            let is_beside = |place: Option<&&str>| place.is_some_and(|word| list(BESIDE).any(|known| known == *word));
            let is_compared =
                !reading.mentions.is_empty() && (reading.compares || !reading.orders.is_empty()) && (is_beside(raw.get(at - 1)) || is_beside(raw.get(at + 2)));
            if !makers.is_empty() || is_compared {
                reading.open.push(Open::Model(format!("{letters}{digits}").to_uppercase(), makers));
            }
        }
    }
}
