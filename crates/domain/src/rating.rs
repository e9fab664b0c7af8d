//! The scale on which customers rate a conversation. Nothing else knows how long it is, or which ratings are good; the pages have its ends in
//! `web/api/src/rating.ts`.

use std::ops::RangeInclusive;

/// The worst rating.
pub const WORST: i64 = 1;
/// The best rating.
pub const BEST: i64 = 5;
/// A rating above the middle is good, and one below it is poor.
pub const MIDDLE: i64 = i64::midpoint(WORST, BEST);

/// All ratings.
pub const SCALE: RangeInclusive<i64> = WORST..=BEST;

/// Whether a rating is good.
pub const fn is_good(score: i64) -> bool {
    score > MIDDLE
}

/// How the scores are written, from the worst to the best.
const WRITTEN: [[&str; 3]; 5] = [["1", "一", "one"], ["2", "二", "two"], ["3", "三", "three"], ["4", "四", "four"], ["5", "五", "five"]];
/// What may stand before a score.
const BEFORE: [&str; 6] = ["我给", "我打", "给", "打", "评", ""];
/// What may stand behind a score.
const BEHIND: [&str; 10] = ["", "分", "星", "颗星", "/5", "point", "points", "star", "stars", "outof5"];

/// The rating that a line of text is and nothing else, such as `5`, `五分` or `4 stars`; the pages have the same rule in `web/api/src/typed-score.ts`.
pub fn typed(line: &str) -> Option<i64> {
    let line: String = normal::text::folded(line).split_whitespace().collect();
    let line = line.trim_end_matches(['.', '。', '!', '~', '吧', '哦', '了']);
    let mut parts = BEFORE.iter().flat_map(|before| line.strip_prefix(before));
    parts.find_map(|rest| {
        SCALE
            .zip(WRITTEN)
            .find_map(|(score, written)| written.iter().any(|one| rest.strip_prefix(one).is_some_and(|unit| BEHIND.contains(&unit))).then_some(score))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_line_is_a_rating_if_it_says_nothing_else() {
        let lines: BTreeMap<String, Option<i64>> = serde_json::from_str(include_str!("rating.typed.json")).unwrap();
        for (line, score) in lines {
            assert_eq!(typed(&line), score, "{line}");
        }
    }

    #[test]
    fn as_many_ratings_are_good_as_poor() {
        let of = |is: fn(i64) -> bool| SCALE.filter(|score| is(*score)).count();
        assert_eq!(of(is_good), of(|score| score < MIDDLE));
        assert!(is_good(BEST) && !is_good(MIDDLE) && !is_good(WORST));
    }
}
