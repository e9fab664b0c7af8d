//! Reads numbers as limits of properties, and units as the properties that they measure.

use normal::currency::Currency;

use crate::graph::Graph;
use crate::graph::reader::Words;
use crate::graph::reading::{Bound, Limit, Open, Reading};
use crate::graph::values::{is_foreign_money, unit};
use crate::text::{Lang, list};

/// A unit after a number: the token after it, what it measures, and what one of it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    pub(super) end: usize,
    pub(super) keys: &'static [&'static str],
    pub(super) factor: f64,
}

/// The units that follow the numbers of a line.
pub(super) fn measures_in(raw: &[&str], currency: &Currency) -> Vec<Option<Measured>> {
    (0..raw.len())
        .map(|at| {
            if !raw[at].starts_with(|c: char| c.is_ascii_digit()) {
                return None;
            }
            for length in (1..=4).rev() {
                let Some(words) = raw.get(at + 1..at + 1 + length) else { continue };
                let word = words.concat();
                // 5G and 4G are networks
                if word == "g" && matches!(raw[at], "4" | "5" | "2.4") {
                    return None;
                }
                if matches!(word.as_str(), "个" | "m") && raw.get(at + 2).is_some_and(|next| next.chars().all(|c| c.is_ascii_digit())) {
                    return None;
                }
                // a tablet for a 7 year old
                if matches!(word.as_str(), "year" | "years") && raw.get(at + 2) == Some(&"old") {
                    return None;
                }
                // 190 g is a weight, 256 g a memory
                let grams = word == "g" && raw[at].parse::<u32>().is_ok_and(|number| number > 64 && !number.is_power_of_two());
                if let Some((keys, factor)) = unit(if grams { "gram" } else { &word }, currency) {
                    return Some(Measured { end: at + 1 + length, keys, factor });
                }
            }
            None
        })
        .collect()
}

const MOST_AFTER: &str =
    "以内|以下|之内|内|往下|不到|封顶|之下|or less|or under|or below|max|maximum|at most|tops|or cheaper|or fewer|and under|and below|及以下";

const LEAST_AFTER: &str = "以上|以外|起|往上|及以上|之上|打底|开外|多|or more|and up|and above|or above|or over|or higher|or bigger|or larger|at least|plus|and more|minimum|upwards|or better";

const ABOUT_AFTER: &str = "左右|上下|前后|or so|ish|roughly";

const MOST_BEFORE: &str = "不超过|最多|不高于|不多于|至多|不大于|up to|no more than|at most|within|not over|not more than|max|maximum|budget of|budget is|budget|预算|不能超过|别超过|控制在";

const UNDER_BEFORE: &str =
    "低于|少于|小于|不到|不足|轻于|under|below|less than|cheaper than|lighter than|smaller than|fewer than|lower than|shorter than|quieter than";

const LEAST_BEFORE: &str = "至少|不低于|不少于|不小于|起码|最少|at least|no less than|not less than|minimum|min|from|starting at|not under";

const OVER_BEFORE: &str =
    "超过|大于|高于|多于|重于|over|above|more than|exceeding|exceeds|greater than|bigger than|larger than|higher than|longer than|heavier than|beyond";

const ABOUT_BEFORE: &str = "大概|大约|约|差不多|around|about|roughly|approximately|some";

/// Signs of money; those of the company's own are written as its name before.
const FOREIGN_SIGNS: [char; 6] = ['$', '€', '£', '¥', '₩', '฿'];

/// Up to this number, pounds are a weight.
const MOST_POUNDS: f64 = 60.0;

/// From this number on, a weight without a unit is one in grams.
const LEAST_GRAMS: f64 = 100.0;

/// Words between what says a limit and its number, in Chinese.
const BETWEEN_ZH: [char; 6] = ['要', '得', '有', '是', '在', '能'];

/// English words that turn a comparison before a number round: "not bigger than 250 litres".
const TURNED_EN: &str = "not|no|isn't|isnt|doesn't|doesnt|never|nothing|can't|cannot|mustn't|don't|dont|aren't|won't";

/// How many characters before a number say that it is a limit, in Chinese.
fn said_before(before: &str) -> usize {
    let said = before.trim_end_matches(BETWEEN_ZH);
    let phrases = [MOST_BEFORE, UNDER_BEFORE, LEAST_BEFORE, OVER_BEFORE, ABOUT_BEFORE].into_iter().flat_map(list);
    let longest = phrases.filter(|phrase| said.ends_with(phrase)).map(|phrase| phrase.chars().count()).max();
    longest.map_or(0, |length| length + before.chars().count() - said.chars().count())
}

fn limit_of(before: &str, after: &str, number: f64, lang: Lang) -> Option<Limit> {
    let before = if lang == Lang::Zh { before.trim_end_matches(BETWEEN_ZH) } else { before };
    // the word before the one with which the comparison begins
    let turned = |phrases: &'static str| {
        let said = list(phrases).filter_map(|phrase| before.strip_suffix(phrase)).min_by_key(|rest| rest.len());
        said.is_some_and(|rest| list(TURNED_EN).any(|word| rest.trim_end().ends_with(word)))
    };
    if lang == Lang::En && turned(OVER_BEFORE) {
        return Some(Limit::Most(number));
    }
    if lang == Lang::En && turned(UNDER_BEFORE) {
        return Some(Limit::Least(number));
    }
    let ends = |phrases: &'static str| {
        list(phrases).any(|phrase| if lang == Lang::Zh { before.ends_with(phrase) } else { before == phrase || before.ends_with(&format!(" {phrase}")) })
    };
    let begins = |phrases: &'static str| {
        list(phrases).any(|phrase| if lang == Lang::Zh { after.starts_with(phrase) } else { after == phrase || after.starts_with(&format!("{phrase} ")) })
    };
    // 比5000还大, 比一千便宜
    if lang == Lang::Zh && before.ends_with('比') {
        let than: String = after.chars().filter(|c| !matches!(c, '还' | '更' | '要')).collect();
        if than.starts_with(['大', '高', '多', '贵', '长', '重', '强', '快', '久']) {
            return Some(Limit::Over(number));
        }
        if than.starts_with(['小', '低', '少', '便', '短', '轻', '慢']) {
            return Some(Limit::Under(number));
        }
    }
    if begins(MOST_AFTER) || ends(MOST_BEFORE) {
        Some(Limit::Most(number))
    } else if ends(UNDER_BEFORE) {
        Some(Limit::Under(number))
    } else if begins(LEAST_AFTER) || ends(LEAST_BEFORE) {
        Some(Limit::Least(number))
    } else if ends(OVER_BEFORE) {
        Some(Limit::Over(number))
    } else if begins(ABOUT_AFTER) || ends(ABOUT_BEFORE) {
        Some(Limit::About(number))
    } else {
        None
    }
}

fn comparator_length(after: &str, lang: Lang) -> usize {
    let phrases = [MOST_AFTER, LEAST_AFTER, ABOUT_AFTER].into_iter().flat_map(list);
    let found =
        phrases.filter(|phrase| after.starts_with(phrase)).map(|phrase| if lang == Lang::Zh { phrase.chars().count() } else { phrase.split(' ').count() });
    found.max().unwrap_or(0)
}

impl Graph {
    pub(super) fn read_bounds(&self, reading: &mut Reading, words: &Words<'_>, measured: &[Option<Measured>], explained: &mut [bool]) {
        let Words { raw, line, lang, refusals, .. } = *words;
        let near: Vec<(usize, usize, Vec<u32>)> =
            self.lexicons[lang as usize].properties_in(line).iter().map(|span| (span.start, span.end, span.groups.to_vec())).collect();
        let text = |range: std::ops::Range<usize>| {
            raw.get(range.start.min(raw.len())..range.end.min(raw.len())).unwrap_or_default().join(if lang == Lang::Zh { "" } else { " " })
        };
        let mut skip = 0;
        for at in 0..raw.len() {
            let Ok(number) = raw[at].parse::<f64>() else { continue };
            if at < skip || explained[at] || !raw[at].starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            let found = measured[at];
            // what is 300 dollars in yuan, nobody has said
            if let Some(name) = self.foreign_money(words, at, number, found.is_some()) {
                reading.open.push(Open::Money(name));
                continue;
            }
            let end = found.map_or(at + 1, |found| found.end);
            // A到B, between A and B
            let second = (end..(end + 2).min(raw.len())).find(|next| raw[*next].parse::<f64>().is_ok());
            let joined = second.is_some_and(|next| matches!(text(end..next).as_str(), "到" | "至" | "" | "to" | "and" | "or" | "-"));
            let before = text(at.saturating_sub(4)..at);
            let (mut limit, mut stop, mut said) = (None, end, true);
            if let (Some(next), true) = (second, joined)
                && let Ok(high) = raw[next].parse::<f64>()
                && high > number
                && (lang == Lang::Zh || before.contains("between") || before.contains("from") || text(end..next) != "and")
            {
                let high_end = measured[next].map_or(next + 1, |found| found.end);
                limit = Some(Limit::Between(number, high));
                stop = high_end;
            }
            let after = text(stop..stop + 4);
            let mut limit = limit.or_else(|| limit_of(&before, &after, number, lang));
            if limit.is_none() && lang == Lang::En && list("or more|and up|or above|or higher|or bigger|or better").any(|tail| after.contains(tail)) {
                limit = Some(Limit::Least(number));
            }
            if limit.is_some() && lang == Lang::En {
                let words = raw.get(at.saturating_sub(2)..at).unwrap_or_default();
                let comparing =
                    |word: &str| list("at|least|most|more|less|than|under|over|above|below|up|to|around|about|within|no").any(|known| known == word);
                // the comparative of "no heavier than 190 grams" belongs to the limit
                if at > 1 && raw[at - 1] == "than" {
                    explained[at - 2] = true;
                }
                for (back, word) in words.iter().rev().enumerate() {
                    if comparing(word) && at > back {
                        explained[at - back - 1] = true;
                    }
                }
            }
            if limit.is_some() && lang == Lang::Zh {
                let length = said_before(&before);
                explained[at - length.min(at)..at].fill(true);
            }
            if limit.is_some() && lang == Lang::Zh && before.ends_with('比') {
                // 比5000还大: the adjective belongs to the limit
                let tail = raw.get(stop..stop + 2).unwrap_or_default().iter().filter(|word| "还更要大高多贵长重强快久小低少便短轻慢".contains(**word)).count();
                explained[stop..stop + tail].fill(true);
            }
            // part of a telephone number
            let is_range = matches!(limit, Some(Limit::Between(..)));
            if raw[at].len() > 6 || !is_range && raw.len() > at + 1 && raw[at + 1].len() == 4 && raw[at + 1].starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            let key_of = |found: Option<Measured>| -> Option<(Vec<String>, f64)> {
                found.map(|found| (found.keys.iter().map(|key| (*key).to_owned()).collect(), found.factor))
            };
            let of_unit = |start: usize| found.is_some_and(|found| (at + 1..found.end).contains(&start));
            let fits =
                |groups: &[u32]| found.is_some_and(|found| groups.iter().any(|group| self.keys(*group).iter().any(|key| found.keys.contains(&key.as_str()))));
            let away = |start: usize, end: usize| if end <= at { at - end + 1 } else { start.abs_diff(at) };
            let measures = |groups: &[u32]| !groups.iter().any(|group| matches!(self.keys(*group)[0].as_str(), "@stock" | "@overview"));
            let candidates = near.iter().filter(|(start, end, groups)| away(*start, *end) <= 5 && !of_unit(*start) && measures(groups));
            let closest = candidates.min_by_key(|(start, end, groups)| (!fits(groups), away(*start, *end)));
            let is_next = lang == Lang::En && closest.is_some_and(|(start, ..)| *start < at && at - start <= 2) && found.is_none();
            // "送500兆宽带的": a number with its unit at the property that it measures says what is looked for
            let is_of_it = closest.is_some_and(|(start, end, groups)| fits(groups) && (*start == stop || *end == at));
            let property = closest.map(|(_, _, groups)| groups.iter().flat_map(|group| self.keys(*group).iter().cloned()).collect::<Vec<String>>());
            let unit_measured = measured[at].or_else(|| second.filter(|_| joined).and_then(|next| measured[next]));
            let named = unit_measured.is_some() || property.is_some();
            let (keys, factor) = match (key_of(unit_measured), property) {
                (Some((unit, factor)), Some(named)) => {
                    let both: Vec<String> = named.iter().filter(|key| unit.contains(key)).cloned().collect();
                    (if both.is_empty() { unit } else { both }, factor)
                }
                (Some((unit, factor)), None) => (unit, factor),
                (None, Some(named)) if limit.is_some() || is_next && number <= 9.0 => {
                    let grams = named.first().is_some_and(|key| key == "weight_g") && number >= LEAST_GRAMS;
                    (named, if grams { 0.001 } else { 1.0 })
                }
                (None, None) if limit.is_some() => (vec!["@price".to_owned()], 1.0),
                _ => continue,
            };
            said &= limit.is_some() || is_of_it && lang == Lang::Zh;
            let limit = limit.unwrap_or(if keys[0] == "@price" { Limit::About(number) } else { Limit::Exactly(number) });
            let refused = refusals.holds(at, at + 1);
            explained[at..stop].fill(true);
            let comparator = comparator_length(&after, lang);
            let end = (stop + comparator).min(explained.len());
            explained[stop.min(end)..end].fill(true);
            skip = end.max(stop);
            // what is refused without a limit: "不要55寸的"
            let (limit, refused) = match limit.refused().filter(|_| refused) {
                Some(left) => (left, false),
                None => (limit, refused),
            };
            reading.bounds.push(Bound { keys, limit: limit.in_unit(factor), refused, said: said || refused, named });
        }
    }

    /// The name or sign of money that is not the company's, at a number.
    fn foreign_money(&self, words: &Words<'_>, at: usize, number: f64, has_unit: bool) -> Option<String> {
        let Words { raw, normal, .. } = *words;
        let before = normal[..(raw[at].as_ptr() as usize).saturating_sub(normal.as_ptr() as usize)].trim_end();
        if let Some(sign) = before.chars().next_back().filter(|c| FOREIGN_SIGNS.contains(c)) {
            return Some(sign.to_string());
        }
        let names = (1..=3).filter_map(|length| Some(raw.get(at + 1..at + 1 + length)?.concat()));
        let name = names.into_iter().find(|name| is_foreign_money(name, self.currency))?;
        // three pounds are a weight, three hundred are money
        (!has_unit || matches!(name.as_str(), "pound" | "pounds") && number > MOST_POUNDS).then_some(name)
    }

    /// Reads a unit without a number as the property it measures, if none is named: "几多克", "kilos?".
    pub(super) fn read_units(&self, reading: &mut Reading, words: &Words<'_>, explained: &mut [bool]) {
        if !reading.asked.is_empty() || !reading.bounds.is_empty() || reading.mentions.is_empty() {
            return;
        }
        let Words { raw, lang, .. } = *words;
        for at in 0..raw.len() {
            let asks = if lang == Lang::Zh { at > 0 && matches!(raw[at - 1], "几" | "少" | "多" | "个") } else { raw[at].len() > 2 };
            let Some((keys, length)) =
                (1..=3).rev().find_map(|length| Some((unit(&raw.get(at..at + length)?.concat(), self.currency)?.0, length))).filter(|_| asks && !explained[at])
            else {
                continue;
            };
            let measures = |property: &u32| self.keys(*property).first().is_some_and(|first| keys.contains(&first.as_str()));
            let properties: Vec<u32> = (0..self.properties.len() as u32).filter(measures).collect();
            if !properties.is_empty() && keys[0] != "@price" {
                reading.asked.push(properties);
                reading.property_words.push(raw[at..at + length].concat());
                explained[at..at + length].fill(true);
                return;
            }
        }
    }
}
