//! Identity numbers: of residents of China and Hong Kong, and social security numbers of the United States.

use super::{Between, DOTS, Digits, Found, SecretNumber};

/// The digits of a Chinese number, the last of which may be an X.
const RESIDENT: usize = 18;
/// What the digits of a Chinese number count for its check digit.
const WEIGHTS: [u32; RESIDENT - 1] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The digits of a number of Hong Kong, besides the one in brackets.
const HONG_KONG: usize = 6;

impl Digits<'_> {
    /// The identity number that begins with a group, and its last group.
    pub(super) fn identity(&self, first: usize) -> Option<(usize, Found)> {
        self.resident(first).or_else(|| self.social_security(first)).or_else(|| self.hong_kong(first))
    }

    fn resident(&self, first: usize) -> Option<(usize, Found)> {
        let start = self.groups[first].of.start;
        let last = self.longest(first, RESIDENT, |digits| match digits.len() {
            RESIDENT => is_resident(digits, digits[RESIDENT - 1]),
            _ => false,
        });
        let found = |last: usize, end: usize, ends: char| {
            let shown = format!("{}{DOTS}{ends}", char::from(b'0' + self.values[start]));
            Some((last, Found { is: SecretNumber::Identity, at: self.groups[first].at.start..end, shown }))
        };
        if let Some(last) = last {
            let group = &self.groups[last];
            return found(last, group.at.end, char::from(b'0' + self.values[group.of.end - 1]));
        }
        let last = self.longest(first, RESIDENT - 1, |digits| digits.len() == RESIDENT - 1 && is_resident(digits, 10))?;
        let end = self.groups[last].at.end;
        let rest = self.text[end..].trim_start_matches(|c| super::between(c).is_some());
        let x = rest.chars().next().filter(|c| matches!(c, 'x' | 'X' | 'ｘ' | 'Ｘ'))?;
        let near = self.text.len() - rest.len() - end <= super::MOST_BETWEEN;
        if near { found(last, self.text.len() - rest.len() + x.len_utf8(), 'X') } else { None }
    }

    /// Three digits, two and four, with dashes.
    fn social_security(&self, first: usize) -> Option<(usize, Found)> {
        let dash = Some(Between::Sign('-'));
        let [area, group, serial] = [first, first + 1, first + 2].map(|n| self.groups.get(n));
        let (area, group, serial) = (area?, group?, serial?);
        if [area, group, serial].map(|part| part.of.len()) != [3, 2, 4] {
            return None;
        }
        let is_joined = group.after == dash && serial.after == dash && area.after != dash && self.groups.get(first + 3).is_none_or(|next| next.after != dash);
        let number = |part: &super::Group| self.values[part.of.clone()].iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit));
        let is_given = !matches!(number(area), 0 | 666 | 900..) && number(group) != 0 && number(serial) != 0;
        let shown = || format!("{DOTS} {:04}", number(serial));
        (is_joined && is_given).then(|| (first + 2, Found { is: SecretNumber::Identity, at: area.at.start..serial.at.end, shown: shown() }))
    }

    /// One or two letters, six digits, and a check digit in brackets.
    fn hong_kong(&self, first: usize) -> Option<(usize, Found)> {
        let group = &self.groups[first];
        if group.of.len() != HONG_KONG {
            return None;
        }
        let before = &self.text[..group.at.start];
        let letters: Vec<char> = before.chars().rev().take_while(char::is_ascii_alphabetic).take(3).collect();
        let (1 | 2) = letters.len() else { return None };
        let rest = self.text[group.at.end..].strip_prefix(['(', '（'])?;
        let check = rest.chars().next()?;
        let close = rest[check.len_utf8()..].chars().next().filter(|c| matches!(c, ')' | '）'))?;
        let value = super::digit(check).map(u32::from).or_else(|| matches!(check, 'a' | 'A').then_some(10))?;
        let letter = |c: char| u32::from(c.to_ascii_uppercase() as u8 - b'A') + 10;
        // A space stands where a second letter is missing.
        let heads = [letters.get(1).map_or(36, |c| letter(*c)), letter(letters[0])];
        let digits = self.values[group.of.clone()].iter().map(|digit| u32::from(*digit));
        let sum: u32 = heads.into_iter().chain(digits).chain([value]).zip((1..=9).rev()).map(|(value, weight)| value * weight).sum();
        if !sum.is_multiple_of(11) {
            return None;
        }
        let start = group.at.start - letters.len();
        let end = self.text.len() - rest.len() + check.len_utf8() + close.len_utf8();
        let last = if super::digit(check).is_some() { first + 1 } else { first };
        let shown = format!("{}{DOTS}", letters[letters.len() - 1].to_ascii_uppercase());
        Some((last, Found { is: SecretNumber::Identity, at: start..end, shown }))
    }
}

/// Whether digits are the identity number of a resident of China: of a region, of somebody who was born on a day, and with this check digit (GB 11643).
fn is_resident(digits: &[u8], check: u8) -> bool {
    let number = |from: usize, to: usize| digits[from..to].iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit));
    let is_region = matches!(number(0, 2), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83 | 91);
    let is_day = matches!(number(6, 10), 1900..=2099) && matches!(number(10, 12), 1..=12) && matches!(number(12, 14), 1..=31);
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    is_region && is_day && (12 - sum % 11) % 11 == u32::from(check)
}
