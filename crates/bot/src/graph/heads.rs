//! Kinds of things that only this company's names tell of: what several of them end with says what they are.

use std::collections::BTreeMap;

use crate::graph::facts::{Item, Node};
use crate::graph::groups::{Group, OF_COMPANY};
use crate::graph::names::{segments, words};
use crate::text::{Lang, is_han};

/// The most characters of a Chinese word for a kind.
const MOST_LETTERS: usize = 4;

/// What stands before or behind a Chinese word of one character for a kind, so that the character is not taken for a part of another word.
const BESIDE: [(&str, &str); 8] = [("", "子"), ("", "头"), ("的", ""), ("什么", ""), ("哪些", ""), ("款", ""), ("种", ""), ("买", "")];

/// Groups of goods whose names end with the same word: 书桌, pillows. Those that consist of things of a known kind alone are left out.
pub(crate) fn heads(nodes: &[Node], kinds: &[Option<&'static str>]) -> Vec<Group> {
    let mut found: BTreeMap<(bool, String), Vec<Item>> = BTreeMap::new();
    for (item, node) in nodes.iter().enumerate().filter(|(_, node)| !node.plan) {
        let letters: Vec<char> = chinese_head(&node.name.zh).chars().collect();
        for length in 1..=letters.len().min(MOST_LETTERS) {
            found.entry((false, letters[letters.len() - length..].iter().collect())).or_default().push(item as Item);
        }
        if let Some(word) = english_head(&node.name.en) {
            found.entry((true, word)).or_default().push(item as Item);
        }
    }
    let longer: Vec<(String, usize)> = found.iter().filter(|((english, _), _)| !english).map(|((_, word), items)| (word.clone(), items.len())).collect();
    let is_whole = |word: &str, items: usize| !longer.iter().any(|(other, count)| *count == items && other.len() > word.len() && other.ends_with(word));
    let has_news = |items: &[Item]| items.iter().any(|item| kinds[*item as usize].is_none());
    found
        .into_iter()
        .filter(|((english, word), items)| {
            let is_short = !english && word.chars().count() == 1;
            has_news(items) && (is_short || items.len() > 1) && (*english || is_short || is_whole(word, items.len()))
        })
        .map(|((english, word), items)| group(english, &word, items))
        .collect()
}

fn group(english: bool, word: &str, items: Vec<Item>) -> Group {
    let (mut spoken, mut shown) = ([Vec::new(), Vec::new()], ["商品".to_owned(), "products".to_owned()]);
    if english {
        spoken[Lang::En as usize].push(words(word, Lang::En));
        shown[Lang::En as usize] = plural(word);
    } else if word.chars().count() == 1 {
        spoken[Lang::Zh as usize] = BESIDE.iter().map(|(before, behind)| words(&format!("{before}{word}{behind}"), Lang::Zh)).collect();
    } else {
        spoken[Lang::Zh as usize].push(words(word, Lang::Zh));
        word.clone_into(&mut shown[Lang::Zh as usize]);
    }
    Group { key: format!("{OF_COMPANY}{word}"), items, words: spoken, shown, is_covered: false }
}

/// The word of a Chinese name that says what the thing is: the last one before its numbers and what they count.
fn chinese_head(name: &str) -> String {
    let parts = segments(name);
    let sized = parts.iter().position(|part| part.chars().all(|c| c.is_ascii_digit())).unwrap_or(parts.len());
    let is_chinese = |part: &&String| !part.is_empty() && part.chars().all(is_han);
    parts[..sized].iter().rev().find(is_chinese).filter(|_| parts.len() > 1).cloned().unwrap_or_default()
}

/// The same of an English name.
fn english_head(name: &str) -> Option<String> {
    let name = name.to_lowercase();
    let said = name.split(|c: char| !c.is_alphabetic() && c != '-').filter(|word| !word.is_empty());
    let said: Vec<&str> = said.collect();
    said.last().filter(|word| said.len() > 1 && word.len() > 2 && word.is_ascii()).map(|word| words(word, Lang::En).concat())
}

/// More than one of an English word.
fn plural(word: &str) -> String {
    match word {
        _ if word.ends_with(['s', 'x']) || word.ends_with("ch") || word.ends_with("sh") => format!("{word}es"),
        _ => word.strip_suffix('f').map_or_else(|| format!("{word}s"), |stem| format!("{stem}ves")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_a_name_says_what_it_is() {
        assert_eq!(chinese_head("栖木 书桌 120"), "书桌");
        assert_eq!(chinese_head("栖木 折叠餐椅 2 把"), "折叠餐椅");
        assert_eq!(chinese_head("云享59"), "云享");
        assert_eq!(english_head("Perch Desk 120").as_deref(), Some("desk"));
        assert_eq!(english_head("Perch Folding Chairs 2"), english_head("Perch Chair"));
        assert_eq!(english_head("Perch"), None);
        assert_eq!(["desk", "box", "shelf", "dish"].map(plural), ["desks", "boxes", "shelves", "dishes"]);
    }
}
