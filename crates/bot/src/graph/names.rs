//! The names that customers use for goods and plans: whole names and parts of them, numbers among siblings, homophones and slips of the keyboard.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use normal::currency::Currency;
use utterance::stem::stem;

use crate::concepts::Concepts;
use crate::grams::syllable;
use crate::graph::facts::{Item, Node, currency_of};
use crate::knowledge::Knowledge;
use crate::spelling::edits;
use crate::stop::{Stop, Stopped};
use crate::text::{Lang, is_han, list, normalise, tokens};

/// How well an alias matches an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// A piece of a long Chinese word.
    Piece,
    /// Some words of the name.
    Part,
    /// The name without the brand, or a name the company gave it.
    Unbranded,
    /// The whole name.
    Whole,
}

/// Words that tell variants of one model apart. After a name that has no such variant, they ask for one that does not exist.
const VARIANTS: &str = "pro|max|ultra|plus|lite|mini|fold|se|air|promax|青春版|折叠版|长航版|洗烘版|标准版|尊享版";

/// A name found in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    /// Its first token.
    pub start: usize,
    /// The token after it.
    pub end: usize,
    /// What it can stand for.
    pub items: Vec<Item>,
    /// Whether it is too common a word or number to stand for something unless the rest of the line or the thread is about its like.
    pub weak: bool,
    /// Whether a model is asked for that does not exist, or the name is misspelt and fits several.
    pub doubtful: bool,
}

/// What is known about names in one language.
struct Side {
    found: Concepts,
    heard: Concepts,
    words: HashSet<String>,
    /// Those of the words that a misspelt one may stand for, by first letter and length.
    near: HashMap<(u8, usize), Vec<String>>,
}

/// The least letters of a word whose spelling is corrected.
const LEAST_LETTERS: usize = 5;
/// The most words of one first letter and length that a misspelt word is compared with.
const MOST_NEAR: usize = 2_048;
/// The most words, and the most letters of a Chinese word, of which a part of a name consists. A name may be longer.
const MOST_SEGMENTS: usize = 8;
const MOST_LETTERS: usize = 16;

/// All names.
pub(crate) struct Names {
    sides: [Side; 2],
    aliases: Vec<(Vec<Item>, bool)>,
    families: Vec<BTreeSet<String>>,
    kinds: Vec<String>,
}

impl Names {
    /// Learns the names of the nodes, and the aliases of the company's graph; none of them is one of `taken`, the words for kinds of things and properties.
    pub(crate) fn new(nodes: &[Node], knowledge: &Knowledge, taken: &HashSet<String>, stop: &Stop) -> Result<Names, Stopped> {
        let mut aliases: Vec<(Vec<Item>, bool)> = Vec::new();
        let asked: HashSet<String> = knowledge
            .entries
            .iter()
            .flat_map(|entry| std::iter::once(&entry.question.en).chain(&entry.similar.en))
            .flat_map(|line| tokens(&normalise(line)).into_iter().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let mut places: HashMap<&str, Item> = HashMap::new();
        for (item, node) in nodes.iter().enumerate() {
            places.entry(&node.id).or_insert(item as Item);
        }
        let mut side_of = |lang: Lang| -> Result<Side, Stopped> {
            let mut claims: BTreeMap<Vec<String>, (Strength, BTreeSet<Item>)> = BTreeMap::new();
            let mut claim = |words: Vec<String>, strength: Strength, item: Item| {
                if words.is_empty() || taken.contains(&words.concat()) {
                    return;
                }
                let held = claims.entry(words).or_insert((strength, BTreeSet::new()));
                if strength > held.0 {
                    *held = (strength, BTreeSet::new());
                }
                if strength == held.0 {
                    held.1.insert(item);
                }
            };
            for side in [Lang::Zh, Lang::En] {
                let names: Vec<Vec<String>> = nodes.iter().map(|node| segments(node.name.side(side))).collect();
                let mut brands: BTreeMap<&str, usize> = BTreeMap::new();
                for (name, node) in names.iter().zip(nodes) {
                    if name.len() > 1 && !node.plan {
                        *brands.entry(name[0].as_str()).or_default() += 1;
                    }
                }
                for (item, name) in names.iter().enumerate() {
                    stop.look()?;
                    let branded = !nodes[item].plan && name.len() > 1 && brands.get(name[0].as_str()).copied().unwrap_or(0) > 1;
                    for (words, strength) in parts_of(name, branded) {
                        claim(forms(&words, lang), strength, item as Item);
                    }
                }
            }
            for (item, node) in nodes.iter().enumerate().filter(|(_, node)| node.plan && node.price_fen % 100 == 0) {
                for alias in by_fee(node.price_fen / 100, currency_of(knowledge), lang) {
                    claim(forms(&alias, lang), Strength::Part, item as Item);
                }
            }
            for given in &knowledge.graph.aliases {
                if let Some(&item) = places.get(given.item.as_str()) {
                    let names = given.zh.iter().chain(&given.en);
                    names.for_each(|name| claim(forms(name, lang), Strength::Unbranded, item));
                }
            }
            let mut side = Side { found: Concepts::new(), heard: Concepts::new(), words: HashSet::new(), near: HashMap::new() };
            for (words, (strength, items)) in claims {
                stop.look()?;
                let number = words.len() == 1 && words[0].chars().all(|c| c.is_ascii_digit());
                let code = words.iter().any(|word| word.chars().any(|c| c.is_ascii_digit()));
                let plain = !code && words.len() == 1 && words[0].chars().all(|c| c.is_ascii_alphabetic());
                let common = plain && (asked.contains(&words[0]) || words[0].len() < 5 || COMMON.split('|').any(|common| common == words[0]));
                let weak = number || strength == Strength::Piece || common && strength < Strength::Unbranded;
                let group = aliases.len() as u32;
                aliases.push((items.into_iter().collect(), weak));
                let han = words.iter().filter(|word| word.chars().all(is_han)).count();
                if han >= 3 || (han >= 2 && code) {
                    side.heard.add(&words.iter().map(|word| syllable(word).to_owned()).collect::<Vec<_>>(), group);
                }
                if !number {
                    side.words.extend(words.iter().filter(|word| word.len() >= 3 && word.chars().all(|c| c.is_ascii_alphabetic())).cloned());
                }
                side.found.add(&words, group);
            }
            let mut words: Vec<&String> = side.words.iter().filter(|word| word.len() >= LEAST_LETTERS).collect();
            words.sort_unstable();
            for word in words {
                let near = side.near.entry((word.as_bytes()[0], word.len())).or_default();
                if near.len() < MOST_NEAR {
                    near.push(word.clone());
                }
            }
            Ok(side)
        };
        let sides = [side_of(Lang::Zh)?, side_of(Lang::En)?];
        let families = nodes.iter().map(|node| [Lang::Zh, Lang::En].into_iter().filter_map(|lang| family(node, lang)).collect()).collect();
        let kinds = nodes.iter().map(|node| if node.plan { "@plan".to_owned() } else { node.category.clone() }).collect();
        Ok(Names { sides, aliases, families, kinds })
    }

    /// Whether two items belong to one family, such as X9 and X9 Pro.
    pub(crate) fn are_siblings(&self, a: Item, b: Item) -> bool {
        a != b && !self.families[a as usize].is_disjoint(&self.families[b as usize])
    }

    /// The family of an item, itself included.
    pub(crate) fn family_of(&self, item: Item) -> Vec<Item> {
        (0..self.families.len() as Item).filter(|other| *other == item || self.are_siblings(item, *other)).collect()
    }

    /// Whether the word occurs in a name.
    pub(crate) fn knows(&self, word: &str, lang: Lang) -> bool {
        self.sides[lang as usize].found.knows(word)
    }

    /// The word of a name that a misspelt word stands for.
    pub(crate) fn spelt(&self, word: &str, lang: Lang) -> Option<String> {
        let side = &self.sides[lang as usize];
        if side.found.knows(word) || word.len() < 3 {
            return None;
        }
        let zeroed: String = word
            .chars()
            .map(|c| {
                if c == '0' {
                    'o'
                } else if c == '1' {
                    'l'
                } else {
                    c
                }
            })
            .collect();
        if zeroed != word && side.words.contains(&zeroed) {
            return Some(zeroed);
        }
        if word.len() < LEAST_LETTERS || !word.chars().all(|c| c.is_ascii_alphabetic()) {
            return None;
        }
        let limit = if word.len() >= 8 { 2 } else { 1 };
        let near = (word.len() - limit..=word.len() + limit).filter_map(|length| side.near.get(&(word.as_bytes()[0], length))).flatten();
        near.map(|known| (edits(word, known, limit), known)).filter(|(distance, _)| *distance <= limit).min().map(|(_, known)| known.clone())
    }

    /// The items whose names these tokens of a line hold, those of a whole family included.
    pub(crate) fn items_in(&self, line: &[String], lang: Lang) -> Vec<Item> {
        let spans = self.sides[lang as usize].found.spans(line);
        let named = spans.iter().filter(|span| span.end - span.start > 1 || !line[span.start].chars().all(|c| c.is_ascii_digit()));
        named.filter_map(|span| self.aliases.get(*span.groups.first()? as usize)).flat_map(|(items, _)| items.iter().copied()).collect()
    }

    /// The names in a line of tokens (stemmed if it is English), in their order; `about` are the items that the thread is about.
    pub(crate) fn find(
        &self,
        line: &[String],
        numbers_with_units: &[bool],
        lang: Lang,
        about: &[Item],
        kin: &[Item],
        phrases: &[(usize, usize)],
    ) -> Vec<Mention> {
        let side = &self.sides[lang as usize];
        let mut found: Vec<Mention> = Vec::new();
        let mut note = |start: usize, end: usize, groups: &[u32], heard: bool| {
            if found.iter().any(|other: &Mention| other.start < end && start < other.end) {
                return;
            }
            let Some((items, weak)) = groups.first().and_then(|group| self.aliases.get(*group as usize)) else { return };
            let number = end - start == 1 && line[start].chars().all(|c| c.is_ascii_digit());
            if number && numbers_with_units[start] {
                return;
            }
            found.push(Mention { start, end, items: items.clone(), weak: *weak, doubtful: heard && items.len() > 1 });
        };
        for span in side.found.spans(line) {
            note(span.start, span.end, span.groups, false);
        }
        if lang == Lang::Zh {
            let heard: Vec<&str> = line.iter().map(|word| syllable(word)).collect();
            for span in side.heard.spans(&heard) {
                note(span.start, span.end, span.groups, true);
            }
        }
        found.sort_by_key(|mention| mention.start);
        self.settle(&mut found, about, kin);
        self.doubt_variants(&mut found, line, phrases);
        found
    }

    /// Chooses among several items by what else the line names, or the thread is about; leaves out numbers and common words that nothing supports.
    fn settle(&self, found: &mut Vec<Mention>, about: &[Item], kin: &[Item]) {
        for _ in 0..2 {
            let sure: Vec<Item> = found.iter().filter(|mention| mention.items.len() == 1 && !mention.weak).map(|mention| mention.items[0]).collect();
            let families: Vec<Vec<Item>> =
                found.iter().filter(|mention| mention.items.len() > 1 && !mention.weak).map(|mention| mention.items.clone()).collect();
            for mention in found.iter_mut().filter(|mention| mention.items.len() > 1 || mention.weak) {
                let by_family: Vec<Item> =
                    mention.items.iter().copied().filter(|item| families.iter().any(|family| *family != mention.items && family.contains(item))).collect();
                let near = |anchors: &[Item], close: bool| -> Vec<Item> {
                    let fits = |item: &Item| {
                        anchors.iter().any(|anchor| {
                            if close { self.are_siblings(*anchor, *item) || anchor == item } else { self.kinds[*anchor as usize] == self.kinds[*item as usize] }
                        })
                    };
                    mention.items.iter().copied().filter(fits).collect()
                };
                let of_kind: Vec<Item> = mention.items.iter().copied().filter(|item| kin.contains(item)).collect();
                let tries = [by_family, near(&sure, true), of_kind, near(about, true), near(&sure, false), near(about, false)];
                if let Some(fit) = tries.into_iter().find(|fit| fit.len() == 1) {
                    (mention.items, mention.weak) = (fit, false);
                }
            }
        }
        // "X9 的壳膜套装" names the kit alone
        let whole: Vec<(usize, Item)> = found.iter().filter(|mention| mention.items.len() == 1).map(|mention| (mention.start, mention.items[0])).collect();
        found.retain(|mention| {
            let [item] = mention.items.as_slice() else { return true };
            !whole.iter().any(|(start, other)| other != item && *start >= mention.end && *start <= mention.end + 1 && self.contains_name(*other, *item))
        });
        // a family whose member is named next to it says no more than the member
        let single: Vec<Item> = found.iter().filter(|mention| mention.items.len() == 1 && !mention.weak).map(|mention| mention.items[0]).collect();
        found.retain(|mention| mention.items.len() == 1 || !mention.items.iter().any(|item| single.contains(item)));
        found.retain(|mention| !(mention.weak && mention.items.len() > 1));
    }

    /// Whether the name of an item contains the own name of another, as that of an accessory does.
    fn contains_name(&self, outer: Item, inner: Item) -> bool {
        self.kinds[outer as usize] != self.kinds[inner as usize] && !self.families[outer as usize].is_disjoint(&self.families[inner as usize])
    }

    fn doubt_variants(&self, found: &mut [Mention], line: &[String], phrases: &[(usize, usize)]) {
        for mention in found.iter_mut().filter(|mention| mention.items.len() == 1 && !mention.weak) {
            let rest = line.get(mention.end..).unwrap_or_default();
            let Some(variant) = list(VARIANTS).find(|variant| begins_with(rest, variant)) else { continue };
            let at = mention.end;
            if phrases.iter().any(|(start, end)| *start <= at && at + 1 < *end) {
                continue;
            }
            let family = self.family_of(mention.items[0]);
            if family.len() > 1 {
                mention.items = family;
                mention.doubtful = true;
            }
            mention.end += tokens(variant).len();
        }
    }
}

/// English words in names that mean something else in most lines.
const COMMON: &str = "click|view|care|study|watch|ease|speaker|router|cloud|family|campus|globe|enterprise|evergreen|feather|kids|tide|beam|outdoor|magnetic|\
wireless|charger|power|bank|cable|case|film|wall|bracket|braided|lamp|slate|vista|larder|gale";

fn begins_with(line: &[String], phrase: &str) -> bool {
    let words = tokens(phrase);
    words.len() <= line.len() && words.iter().zip(line).all(|(word, token)| word == token)
}

/// The form in which the tokens of a name are compared: English words are stemmed.
fn forms(text: &str, lang: Lang) -> Vec<String> {
    words(text, lang)
}

/// The tokens of a text in the form in which they are compared: English words are stemmed.
pub(super) fn words(text: &str, lang: Lang) -> Vec<String> {
    let normal = normalise(text);
    let tokens = tokens(&normal);
    match lang {
        Lang::Zh => tokens.into_iter().map(str::to_owned).collect(),
        Lang::En => tokens.into_iter().map(stem).collect(),
    }
}

/// The parts of a name: at spaces, and where Chinese meets anything else.
pub(super) fn segments(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for part in normalise(name).split_whitespace() {
        let mut before = None;
        for c in part.chars() {
            if before == Some(is_han(c)) {
                if let Some(last) = out.last_mut() {
                    last.push(c);
                }
            } else {
                out.push(c.to_string());
            }
            before = Some(is_han(c));
        }
    }
    out
}

/// The family of an item: the first word of its name after the brand.
fn family(node: &Node, lang: Lang) -> Option<String> {
    let name = segments(node.name.side(lang));
    let word = if node.plan { name.first() } else { name.get(1) }?;
    Some(format!("{}{}", if node.plan { "@" } else { "" }, word))
}

/// The parts of a name that can stand for it.
fn parts_of(name: &[String], branded: bool) -> Vec<(String, Strength)> {
    let mut out = vec![(name.join(" "), Strength::Whole)];
    if branded {
        out.push((name[1..].join(" "), Strength::Unbranded));
    }
    for from in 0..name.len() {
        for to in from + 1..=name.len().min(from + MOST_SEGMENTS) {
            if speaks(&name[from..to]) {
                out.push((name[from..to].join(" "), Strength::Part));
            }
        }
    }
    for part in name.iter().filter(|part| part.chars().all(is_han) && part.chars().count() >= 4) {
        let letters: Vec<char> = part.chars().collect();
        for length in 2..letters.len().min(MOST_LETTERS) {
            out.push((letters[..length].iter().collect(), Strength::Piece));
            out.push((letters[letters.len() - length..].iter().collect(), Strength::Piece));
        }
    }
    out
}

/// Whether a part of a name can stand for the whole. Numbers and common words can, among their like: they are weak.
fn speaks(parts: &[String]) -> bool {
    let joint = |part: &String| ["and", "of", "the", "for"].contains(&part.as_str());
    match parts {
        [] => false,
        [part] => part.chars().all(|c| c.is_ascii_digit()) || part.chars().count() >= 2 && !joint(part),
        [first, .., last] => !joint(first) && !joint(last),
    }
}

/// The names of a plan by its monthly fee: "59套餐", "the 59".
fn by_fee(fee: i64, currency: &Currency, lang: Lang) -> Vec<String> {
    match lang {
        Lang::Zh => list("套餐|元套餐|块套餐|元的套餐|块的套餐|块钱的套餐|那个套餐|的套餐|档|那档|这档|元档|块那档|块钱那档|元那档|的那档")
            .map(|tail| format!("{fee}{tail}"))
            .chain([format!("{fee}{}套餐", currency.zh), format!("{fee}{}的套餐", currency.zh)])
            .collect(),
        Lang::En => {
            let spoken = ["plan", "tariff"].map(|tail| format!("{fee} {} {tail}", currency.en));
            ["plan", "tariff", "package"].iter().map(|tail| format!("{fee} {tail}")).chain(spoken).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_part_at_spaces_and_at_the_script() {
        assert_eq!(segments("灵栖 童伴手表 K1"), ["灵栖", "童伴手表", "k1"]);
        assert_eq!(segments("云享59"), ["云享", "59"]);
    }
}
