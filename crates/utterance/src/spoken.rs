//! English numbers in words: "fifteen hundred", "twenty-five", "half a kilo", "two and a half".

use std::ops::Range;

use crate::text::list;

const SMALL: &str = "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen";
const TENS: &str = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety";

/// What makes a small number before it an amount, and no word such as "the one".
const UNITS: &str = "yuan|rmb|dollar|dollars|euro|euros|quid|bucks|pound|pounds|lb|lbs|kilo|kilos|kg|kilogram|kilograms|gram|grams|inch|inches|gig|gigs|gb|gigabyte|gigabytes|tb|terabyte|\
terabytes|mbps|meg|megs|megabit|megabits|hour|hours|hrs|day|days|month|months|year|years|minute|minutes|mins|litre|litres|liter|liters|watt|watts|w|percent";

/// The value of one word, and whether it multiplies what stands before it.
fn value(word: &str) -> Option<(f64, bool)> {
    let at = |words: &'static str| list(words).position(|known| known == word);
    Some(match word {
        "fourty" => (40.0, false),
        "hundred" => (100.0, true),
        "thousand" | "grand" => (1_000.0, true),
        "million" => (1_000_000.0, true),
        _ => (at(SMALL).map(|number| number as f64).or_else(|| at(TENS).map(|tens| (tens as f64 + 2.0) * 10.0))?, false),
    })
}

/// A number that a run of words says, and after how many of them.
fn number(words: &[&str]) -> Option<(f64, usize)> {
    let (mut total, mut current, mut last): (f64, f64, f64) = (0.0, 0.0, f64::MAX);
    let mut at = 0;
    let mut read = 0;
    while let Some(word) = words.get(at) {
        match value(word) {
            Some((factor, true)) if read > 0 || at > 0 => {
                current = current.max(1.0) * factor;
                if factor >= 1_000.0 {
                    total += current;
                    current = 0.0;
                }
                last = f64::MAX;
            }
            // "twenty five", "one hundred and five", but not "two four"
            Some((small, false)) if read == 0 || last == f64::MAX || last >= 20.0 && small < 10.0 => {
                current += small;
                last = small;
            }
            None if read == 0 && (at == 0 && *word == "a" || *word == "couple" && at < 2) => {
                if *word == "couple" {
                    current = 2.0;
                }
                at += 1;
                continue;
            }
            None if matches!(*word, "and")
                && last == f64::MAX
                && read > 0
                && words.get(at + 1).and_then(|next| value(next)).is_some_and(|(_, times)| !times)
                && !words.get(at + 2).and_then(|next| value(next)).is_some_and(|(_, times)| times) =>
            {
                at += 1;
                continue;
            }
            _ => break,
        }
        at += 1;
        read = at;
    }
    (read > 0).then_some((total + current, read))
}

/// The factor of a number whose range has it only at its end: "two to three thousand". 1 if there is none.
fn factor_of_range(said: &[&str], end: usize, low: f64) -> f64 {
    let ranges = said.get(end).is_some_and(|word| matches!(*word, "to" | "and" | "or"));
    let Some((high, length)) = said.get(end + 1..).filter(|_| ranges && low < 100.0).and_then(number) else { return 1.0 };
    let factor = said.get(end + length).and_then(|word| value(word)).filter(|(_, times)| *times).map_or(1.0, |(factor, _)| factor);
    if low * factor < high { factor } else { 1.0 }
}

/// From this number on, one without a unit is an amount: somebody of over sixty looks for no price.
const LEAST_ALONE: f64 = 100.0;

/// Writes the numbers that are said in words as digits, if a unit follows, if they are of a hundred or more, or if `limits` says that the words before them set a
/// limit and nothing follows.
/// "a hundred yuan" becomes "100 yuan", "half a kilo" "0.5 kilo", "3 grand" "3000"; "the one" and "second" stay.
pub fn in_digits(text: &str, limits: impl Fn(&str) -> bool) -> String {
    let spans = words(text);
    let said: Vec<&str> = spans.iter().map(|span| &text[span.clone()]).collect();
    let is_unit = |at: usize| said.get(at).is_some_and(|word| list(UNITS).any(|unit| unit == *word));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut at = 0;
    while at < said.len() {
        let start = spans[at].start;
        let joined = |from: usize, to: usize| (from..to).all(|at| text[spans[at].end..spans[at + 1].start].chars().all(|c| c == ' ' || c == '-'));
        let found = if let ["half", "a" | "an", ..] = said[at..] {
            is_unit(at + 2).then_some((0.5, 2))
        } else if let [whole, "grand", ..] = said[at..] {
            whole.parse::<f64>().ok().map(|number| (number * 1_000.0, 2)).or_else(|| number(&said[at..]))
        } else {
            number(&said[at..])
        };
        let found = found.map(|(value, length)| (value * factor_of_range(&said, at + length, value), length));
        let found = found.map(|(value, length)| match said.get(at + length..at + length + 3) {
            Some(["and", "a", "half"]) => (value + 0.5, length + 3),
            _ => (value, length),
        });
        let kept = found.filter(|(value, length)| {
            let before = text[..start].trim_end();
            joined(at, at + length - 1)
                && (is_unit(at + length) || *value >= LEAST_ALONE || *value <= 10.0 && limits(before) && at + length == said.len())
                && !before.ends_with("half")
        });
        match kept {
            Some((value, length)) => {
                out.push_str(&text[done..start]);
                out.push_str(&value.to_string());
                done = spans[at + length - 1].end;
                at += length;
            }
            None => at += 1,
        }
    }
    out.push_str(&text[done..]);
    out
}

fn words(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let inner = c.is_alphanumeric() || c == '\'' || c == '.' && text[at + 1..].starts_with(|next: char| next.is_ascii_digit());
        match (inner, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                out.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words_become_digits_where_they_are_amounts() {
        for (said, written) in [
            ("a plan with at least fifty gigabytes", "a plan with at least 50 gigabytes"),
            ("telly for less than fifteen hundred", "telly for less than 1500"),
            ("laptop under three pounds", "laptop under 3 pounds"),
            ("any phones under three grand pls", "any phones under 3000 pls"),
            ("phones under 3 grand", "phones under 3000"),
            ("twenty yuan a month", "20 yuan a month"),
            ("twenty-five gigs", "25 gigs"),
            ("half a kilo", "0.5 kilo"),
            ("two and a half kilos", "2.5 kilos"),
            ("a hundred yuan", "100 yuan"),
            ("a couple hundred yuan", "200 yuan"),
            ("one hundred and fifty yuan", "150 yuan"),
            ("two thousand five hundred", "2500"),
            ("under two", "under 2"),
            ("between five thousand and seven thousand yuan", "between 5000 and 7000 yuan"),
            ("between five grand and seven grand", "between 5000 and 7000"),
            ("five to six thousand", "5000 to 6000"),
        ] {
            assert_eq!(in_digits(said, |before| before.ends_with("under")), written);
        }
        for said in [
            "the one with a screen",
            "which one of the two",
            "second one",
            "it's half twelve now",
            "one of those",
            "both of them, not one",
            "a phone",
            "hundred",
            "people over sixty",
            "under eighteen",
            "for up to four people",
        ] {
            assert_eq!(in_digits(said, |_| false), said);
        }
    }
}
