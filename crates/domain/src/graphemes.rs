//! Characters as people count them (Unicode Standard Annex 29): a flag, a family or a letter with its accents is one, however many code points it has. Text that
//! is cut for people to see is cut here, between two of them.

use unicode_segmentation::UnicodeSegmentation as _;

/// The most bytes per character that is asked for, on average: a family of four has 25, but nothing limits how many accents a letter has.
const MAX_BYTES: usize = 32;

/// The beginning of a text: at most `most` characters.
pub fn first(text: &str, most: usize) -> &str {
    let ends = text.grapheme_indices(true).map(|(at, one)| at + one.len());
    let end = ends.take(most).take_while(|end| *end <= most.saturating_mul(MAX_BYTES)).last().unwrap_or(0);
    &text[..end]
}

/// The beginning of a text whose length is limited in code points: as many whole characters as fit into `most` of them.
pub fn within(text: &str, most: usize) -> &str {
    let (mut end, mut left) = (0, most);
    for one in text.graphemes(true) {
        match left.checked_sub(one.chars().count()) {
            Some(rest) => (end, left) = (end + one.len(), rest),
            None => break,
        }
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::preview;

    /// The texts of Unicode's own test of the rule, each as the characters that it consists of.
    fn given() -> Vec<Vec<String>> {
        let character = |marked: &str| {
            let codes = marked.split('×').map(str::trim).filter(|code| !code.is_empty());
            codes.map(|code| char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap()).collect::<String>()
        };
        let lines = include_str!("../tests/GraphemeBreakTest.txt").lines();
        let marked = lines.filter_map(|line| line.split('#').next()).map(str::trim).filter(|line| !line.is_empty());
        marked.map(|line| line.split('÷').map(character).filter(|one| !one.is_empty()).collect()).collect()
    }

    #[test]
    fn characters_are_those_of_unicodes_own_test() {
        let given = given();
        assert!(given.len() > 500, "only {} texts were read", given.len());
        for characters in given {
            let text = characters.concat();
            assert_eq!(text.graphemes(true).collect::<Vec<_>>(), characters, "{text:?}");
        }
    }

    #[test]
    fn no_cut_goes_through_a_character() {
        for characters in given() {
            let text = characters.concat();
            for most in 0..=characters.len() {
                let beginning = characters[..most].concat();
                assert_eq!(first(&text, most), beginning, "{text:?}");
                let line: String = beginning.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
                let more = if most < characters.len() { "…" } else { "" };
                assert_eq!(preview(&text, most), line + more, "{text:?}");
            }
            for most in 0..=text.chars().count() {
                let fits = |count: &usize| characters[..*count].concat().chars().count() <= most;
                let count = (0..=characters.len()).rev().find(fits).unwrap();
                assert_eq!(within(&text, most), characters[..count].concat(), "{most} of {text:?}");
            }
        }
    }

    #[test]
    fn a_flag_a_skin_tone_and_a_family_stay_whole_and_no_character_is_endless() {
        for last in ["👍🏽", "🇨🇳", "👨‍👩‍👧‍👦", "é", "각", "ก็"] {
            let text = "x".repeat(79) + last;
            assert_eq!(first(&text, 80), text);
            assert_eq!(preview(&text, 80), text);
            assert_eq!(preview(&(text.clone() + "y"), 80), text + "…");
        }
        let endless = "a".to_owned() + &"\u{301}".repeat(20_000);
        assert_eq!((first(&endless, 80), preview(&format!("x{endless}"), 80)), ("", "x…".to_owned()));
        assert_eq!(within("abc", 2), "ab");
    }
}
