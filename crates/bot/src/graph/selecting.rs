//! Selects the items that a reading describes: by their group, their properties, limits, and words of their data sheets.

use std::cmp::{Ordering, Reverse};

use crate::graph::Graph;
use crate::graph::facts::{Fact, Item, Node};
use crate::graph::found::{Found, Sort};
use crate::graph::names::words;
use crate::graph::phrases::{code_of, compact, value_says};
use crate::graph::reading::{Bound, Limit, Reading};
use crate::graph::render::{self, list_line, sentence};
use crate::text::Lang;

/// What a reading leaves of a scope.
struct Narrowed {
    /// The items; none if a condition left none.
    items: Vec<Item>,
    /// Whether the reading says anything of them.
    narrowed: bool,
    /// The first condition that left none.
    failed: Option<Failed>,
    /// How many words that were left over chose among the items.
    used: usize,
}

/// A condition that no item meets.
enum Failed {
    /// A limit.
    Bound(Bound),
    /// That it can be bought now, of these items.
    Stock(Vec<Item>),
}

impl Narrowed {
    fn nothing(failed: Failed) -> Narrowed {
        Narrowed { items: Vec::new(), narrowed: true, failed: Some(failed), used: 0 }
    }
}

/// Properties of which more is as good: a set that covers 300 m² covers 150, too.
const ENOUGH: [&str; 3] = ["coverage", "battery_life", "standby"];

/// The most lines of a list.
const MOST_LISTED: usize = 12;

impl Graph {
    /// Those of a list that are as a reading says.
    pub(crate) fn items_described_by(&self, reading: &Reading, list: &[Item], lang: Lang) -> Vec<Item> {
        let mut items: Vec<Item> = list.iter().copied().filter(|item| !reading.refused.contains(item)).collect();
        for group in reading.groups.iter().filter(|group| !self.groups[**group as usize].is_a_kind()) {
            let fitting: Vec<Item> = items.iter().copied().filter(|item| self.groups[*group as usize].items.contains(item)).collect();
            if !fitting.is_empty() {
                items = fitting;
            }
        }
        self.narrow(reading, &items, lang).items
    }

    /// The one item of the kind that a reading names, if there is only one that is as it says: "the student plan".
    pub(crate) fn only_one(&self, reading: &Reading, lang: Lang) -> Option<Item> {
        let scope = self.scope(reading)?;
        let own = Reading { asked: Vec::new(), ..reading.clone() };
        let fitting = if scope.len() == 1 { scope } else { self.narrow(&own, &scope, lang).items };
        if let [item] = fitting.as_slice() { Some(*item) } else { None }
    }

    /// The items of the groups that a reading names; `None` if it names none that says what is looked for.
    pub(crate) fn scope(&self, reading: &Reading) -> Option<Vec<Item>> {
        let (kinds, uses): (Vec<u32>, Vec<u32>) = reading.groups.iter().partition(|group| self.groups[**group as usize].is_a_kind());
        let mut items: Vec<Item> =
            if kinds.is_empty() { Vec::new() } else { kinds.iter().flat_map(|group| self.groups[*group as usize].items.iter().copied()).collect() };
        if kinds.is_empty() {
            return None;
        }
        items.sort_unstable();
        items.dedup();
        if !reading.refused.is_empty() {
            items.retain(|item| !reading.refused.contains(item));
        }
        for group in &uses {
            let of_use = &self.groups[*group as usize].items;
            let fitting: Vec<Item> = items.iter().copied().filter(|item| of_use.contains(item)).collect();
            if !fitting.is_empty() {
                items = fitting;
            }
        }
        Some(items)
    }

    pub(super) fn select(&self, reading: &Reading, lang: Lang) -> Option<Found> {
        let scope = match self.scope(reading) {
            Some(scope) => scope,
            None => {
                let of_plans =
                    |group: &u32| self.keys(*group).iter().any(|key| key.starts_with('@') && !matches!(key.as_str(), "@price" | "@overview" | "@stock"));
                let only_stock = reading.lists && reading.asked.iter().flatten().all(|group| self.keys(*group)[0] == "@stock");
                if only_stock && !reading.asked.is_empty() && reading.rest <= 2 && !reading.elsewhere {
                    let goods = (0..self.nodes.len() as Item).filter(|item| !self.node(*item).plan).collect::<Vec<_>>();
                    let Narrowed { items: fitting, narrowed, used, .. } = self.narrow(reading, &goods, lang);
                    return (narrowed && reading.rest <= used).then(|| self.selection(reading, &fitting, lang));
                }
                let asks = reading.orders.iter().any(|order| order.superlative) || reading.bounds.iter().any(|bound| bound.said);
                if !asks || reading.rest > 2 || reading.asked.is_empty() || !reading.asked.iter().flatten().all(of_plans) {
                    return None;
                }
                self.scope_of_properties(reading)
            }
        };
        if scope.is_empty() && !reading.refused.is_empty() {
            return Some(self.nothing_fits(&scope, None, lang));
        }
        if scope.is_empty() {
            let kind = reading.groups.iter().map(|group| &self.groups[*group as usize]).find(|group| group.is_a_kind())?;
            let text = match lang {
                Lang::Zh => format!("我们不卖{}。", kind.shown[0]),
                Lang::En => format!("We do not sell {}.", kind.shown[1]),
            };
            let asks = reading.lists || reading.counts || reading.wants_advice || reading.whether || reading.bounds.iter().any(|bound| bound.said);
            return (asks && reading.asked.is_empty() && reading.rest <= 2).then(|| Found { sort: Sort::Nothing, text, items: Vec::new(), used: 0 });
        }
        let Narrowed { items: fitting, narrowed, failed, used } = self.narrow(reading, &scope, lang);
        let with_used = |found: Found| Found { used, ..found };
        if fitting.is_empty() {
            return Some(self.nothing_fits(&scope, failed, lang));
        }
        let most = reading.orders.iter().any(|order| order.superlative);
        let of_anything = reading.groups.iter().any(|group| self.groups[*group as usize].is_everything());
        // "how many things can it hold" counts nothing that is sold
        let counts = reading.counts && (narrowed || !of_anything || reading.rest == 0 && reading.orders.is_empty());
        if counts && !most && (reading.asked.is_empty() || narrowed) {
            return Some(with_used(self.selection(reading, &fitting, lang)));
        }
        let ordered = reading.orders.iter().any(|order| order.superlative)
            || (!reading.orders.is_empty() && (reading.lists || reading.compares))
            || reading.worth && !narrowed;
        if ordered
            && (most || !of_anything)
            && let Some(found) = self.superlative(reading, &fitting, lang)
        {
            return Some(with_used(found));
        }
        let asks = narrowed && (reading.lists || reading.whether || reading.wants_advice || reading.bounds.iter().any(|bound| bound.said) || reading.rest <= 3);
        let plain = reading.lists && !of_anything && reading.rest <= 2 && (reading.asked.is_empty() || narrowed) && !reading.wants_advice;
        (asks || plain).then(|| with_used(self.selection(reading, &fitting, lang)))
    }

    /// All items that have the properties that a reading limits or asks for.
    fn scope_of_properties(&self, reading: &Reading) -> Vec<Item> {
        let asked = self.asked_keys(reading);
        let has = |item: &Item| asked.iter().all(|keys| keys.iter().any(|key| self.node(*item).fact(key).is_some()));
        let all: Vec<Item> = (0..self.nodes.len() as Item).filter(has).collect();
        let only_price = asked.iter().all(|keys| keys.iter().all(|key| key == "@price"));
        if only_price { all.into_iter().filter(|item| !self.node(*item).plan).collect() } else { all }
    }

    /// The items of a scope that have what a reading says.
    fn narrow(&self, reading: &Reading, scope: &[Item], lang: Lang) -> Narrowed {
        let mut used = 0;
        let mut items = scope.to_vec();
        let mut narrowed = reading.groups.iter().any(|group| !self.groups[*group as usize].is_a_kind()) || !reading.refused.is_empty();
        for bound in &reading.bounds {
            let Some(key) = self.bound_key(bound, &items) else { continue };
            let mut fitting: Vec<Item> = items.iter().copied().filter(|item| self.keeps_to(*item, bound, &key)).collect();
            if let (true, false, Limit::Exactly(number)) = (fitting.is_empty(), bound.said, bound.limit)
                && ENOUGH.contains(&key.as_str())
            {
                let least = Bound { limit: Limit::Least(number), ..bound.clone() };
                fitting = items.iter().copied().filter(|item| self.keeps_to(*item, &least, &key)).collect();
            }
            if fitting.is_empty() {
                return Narrowed::nothing(Failed::Bound(Bound { keys: vec![key], ..bound.clone() }));
            }
            // "才一百多" may be about something else than the price
            narrowed |= bound.named || fitting.len() < items.len() || !matches!(bound.limit, Limit::Least(_));
            items = fitting;
        }
        let bounded = |keys: &[String]| reading.bounds.iter().any(|bound| bound.keys.iter().any(|key| keys.contains(key)));
        for (at, groups) in reading.asked.iter().enumerate() {
            let keys: Vec<String> = groups.iter().flat_map(|group| self.keys(*group).iter().cloned()).collect();
            let phrase = reading.property_words.get(at).map(String::as_str).unwrap_or_default();
            if bounded(&keys) || keys.iter().any(|key| key == "@price" || key == "@overview") {
                continue;
            }
            let ordered =
                reading.orders.iter().any(|order| order.keys.is_empty() || order.keys.iter().any(|key| keys.contains(key) || key == "size" || key == "quick"));
            if ordered {
                continue;
            }
            let refused = keys.iter().any(|key| reading.negated.contains(key));
            let mut fitting = self.having(&items, &keys, phrase, refused, lang);
            if reading.only {
                let alone = |item: &Item| {
                    keys.iter().filter_map(|key| self.node(*item).fact(key)).any(|fact| fact.shown.zh.contains('仅') || fact.shown.en.contains("only"))
                };
                let those: Vec<Item> = fitting.iter().copied().filter(alone).collect();
                if !those.is_empty() {
                    fitting = those;
                }
            }
            if fitting.is_empty() && keys.iter().any(|key| key == "@stock") && !asks_what_is_gone(phrase, refused) {
                return Narrowed::nothing(Failed::Stock(items));
            }
            if !fitting.is_empty() && fitting.len() < items.len() {
                items = fitting;
                narrowed = true;
            }
        }
        for piece in reading.pieces.iter().filter(|piece| !piece.chars().all(|c| c.is_ascii_digit())) {
            let fitting: Vec<Item> = items.iter().copied().filter(|item| self.mentions(*item, piece, lang)).collect();
            if !fitting.is_empty() && fitting.len() < items.len() {
                items = fitting;
                narrowed = true;
                used += if lang == Lang::Zh { piece.chars().count() } else { 1 };
            }
        }
        Narrowed { items, narrowed, failed: None, used }
    }

    /// The property a limit is about: the one that most items have. A plain number prefers one that some item matches: 10 kg is what a washing machine holds, not
    /// what it weighs.
    pub(super) fn bound_key(&self, bound: &Bound, items: &[Item]) -> Option<String> {
        let is_plain = matches!(bound.limit, Limit::Exactly(_) | Limit::About(_) | Limit::Between(..));
        let mut best: Option<((bool, usize), &String)> = None;
        for key in &bound.keys {
            let count = items.iter().filter(|item| self.number_of(**item, key).is_some()).count();
            let fits = is_plain && items.iter().any(|item| self.keeps_to(*item, bound, key));
            if count > 0 && best.is_none_or(|(most, _)| (fits, count) > most) {
                best = Some(((fits, count), key));
            }
        }
        best.map(|(_, key)| key.clone())
    }

    /// Whether an item keeps to a limit, taken as one on this property.
    fn keeps_to(&self, item: Item, bound: &Bound, key: &str) -> bool {
        self.number_of(item, key).is_some_and(|number| bound.limit.allows(number) != bound.refused)
    }

    /// The items that have a property, or whose value of it is what the phrase says: "带 SOS 键的", "frost free".
    fn having(&self, items: &[Item], keys: &[String], phrase: &str, refused: bool, lang: Lang) -> Vec<Item> {
        if keys.iter().any(|key| key == "@stock") {
            let gone = asks_what_is_gone(phrase, refused);
            return items.iter().copied().filter(|item| self.node(*item).available != gone).collect();
        }
        let says = |fact: &Fact| value_says(fact, phrase, lang);
        let facts = |item: &Item| keys.iter().filter_map(|key| self.node(*item).fact(key)).collect::<Vec<_>>();
        let spoken = items.iter().any(|item| facts(item).into_iter().any(says));
        let code = code_of(phrase);
        let has = |item: &Item| {
            if spoken {
                facts(item).into_iter().any(says)
            } else if let Some(code) = &code {
                self.node(*item).facts.iter().any(|fact| compact(fact.shown.get(lang)).contains(code.as_str()))
            } else {
                facts(item).first().is_some_and(|fact| !fact.nothing)
            }
        };
        items.iter().copied().filter(|item| has(item) != refused).collect()
    }

    /// Whether the name, the kinds, the tags or a value of an item contain a word.
    pub(super) fn mentions(&self, item: Item, piece: &str, lang: Lang) -> bool {
        let node = self.node(item);
        if lang == Lang::Zh {
            let piece = compact(piece);
            if piece.chars().count() < 2 {
                return false;
            }
            let tagged = self.groups.iter().any(|group| !group.is_a_kind() && group.items.contains(&item) && group.shown[0].contains(&piece));
            return tagged || compact(&node.name.zh).contains(&piece) || node.facts.iter().any(|fact| compact(&fact.shown.zh).contains(&piece));
        }
        if piece.len() < 3 {
            return false;
        }
        let within = |text: &str| words(text, Lang::En).iter().any(|word| word == piece);
        within(&node.name.en)
            || node.facts.iter().any(|fact| fact.number.is_none() && within(&fact.shown.en))
            || self.groups.iter().any(|group| !group.is_a_kind() && group.items.contains(&item) && within(&group.shown[1]))
    }

    pub(super) fn selection(&self, reading: &Reading, items: &[Item], lang: Lang) -> Found {
        let mut items = items.to_vec();
        let key = reading.bounds.iter().find_map(|bound| self.bound_key(bound, &items)).or_else(|| {
            let asked = reading.asked.iter().flatten().flat_map(|group| self.keys(*group).iter());
            asked.filter(|key| !key.starts_with("@overview")).find(|key| items.iter().any(|item| self.node(*item).fact(key).is_some())).cloned()
        });
        if let Some(order) = reading.orders.first()
            && let Some(by) = self.order_key(&items, order, reading)
        {
            let number = |item: &Item| self.number_of(*item, &by).unwrap_or(f64::MAX);
            items.sort_by(|a, b| if order.most { number(b).total_cmp(&number(a)) } else { number(a).total_cmp(&number(b)) });
        }
        let kinds = reading.groups.iter().map(|group| &self.groups[*group as usize]).filter(|group| group.is_a_kind());
        let kind = kinds.min_by_key(|group| Reverse(group.items.len()));
        let noun = kind.map_or_else(|| if lang == Lang::Zh { "商品".to_owned() } else { "items".to_owned() }, |group| group.shown[lang as usize].clone());
        let count = items.len();
        let head = match (lang, count) {
            (Lang::Zh, _) => format!("符合的{noun}有 {count} 款："),
            (Lang::En, 1) => format!("1 of our {noun} fits:"),
            (Lang::En, _) => format!("{count} of our {noun} fit:"),
        };
        let whole = kind.is_some_and(|group| group.items.len() == count);
        let head = match (lang, whole) {
            (Lang::Zh, true) => format!("{noun}一共 {count} 款："),
            (Lang::En, true) => format!("We have {count} {noun}:"),
            _ => head,
        };
        let mut lines = vec![head];
        lines.extend(items.iter().take(MOST_LISTED).map(|item| {
            let node = self.node(*item);
            list_line(node, key.as_deref().and_then(|key| node.fact(key)), lang)
        }));
        if count > MOST_LISTED {
            lines.push(if lang == Lang::Zh { format!("还有 {} 款。", count - MOST_LISTED) } else { format!("And {} more.", count - MOST_LISTED) });
        }
        Found { sort: Sort::Selection, text: lines.join("\n"), items, used: 0 }
    }

    /// That of these things none can be bought, and by when one is told.
    fn none_in_stock(&self, items: &[Item], lang: Lang) -> Found {
        let nodes: Vec<&Node> = items.iter().take(MOST_LISTED).map(|item| self.node(*item)).collect();
        let names = render::names(&nodes, lang);
        let text = match lang {
            Lang::Zh => format!("现在没有现货：{names} 缺货。"),
            Lang::En => format!("None in stock at the moment: {names} {} out of stock.", if nodes.len() == 1 { "is" } else { "are" }),
        };
        Found { sort: Sort::Nothing, text, items: items.to_vec(), used: 0 }
    }

    fn nothing_fits(&self, scope: &[Item], failed: Option<Failed>, lang: Lang) -> Found {
        let failed = match failed {
            Some(Failed::Stock(items)) => return self.none_in_stock(&items, lang),
            Some(Failed::Bound(bound)) => Some(bound),
            None => None,
        };
        let nearest = failed.as_ref().and_then(|bound| {
            let key = bound.keys.first()?;
            let numbered = scope.iter().filter_map(|item| self.number_of(*item, key).map(|number| (bound.limit.misses_by(number), *item)));
            numbered.min_by(|a, b| a.0.partial_cmp(&b.0).unwrap_or(Ordering::Equal)).map(|(_, item)| (item, key.clone()))
        });
        let Some((item, key)) = nearest else {
            let text = if lang == Lang::Zh { "没有符合的。" } else { "Nothing fits." };
            return Found { sort: Sort::Nothing, text: text.to_owned(), items: Vec::new(), used: 0 };
        };
        let node = self.node(item);
        let line = node.fact(&key).map(|fact| sentence(node, fact, lang)).unwrap_or_default();
        let text = match lang {
            Lang::Zh => format!("没有完全符合的。最接近的是 {}：{line}", node.name.zh),
            Lang::En => format!("Nothing fits exactly. The nearest is {}: {line}", render::name(node, Lang::En)),
        };
        Found { sort: Sort::Nothing, text, items: vec![item], used: 0 }
    }
}

/// Whether a word for the stock asks for what cannot be bought.
fn asks_what_is_gone(phrase: &str, refused: bool) -> bool {
    const GONE: [&str; 11] = ["缺货", "断货", "没货", "卖完", "脱销", "买不到", "out of stock", "sold out", "out stock", "sold", "discontinu"];
    refused || GONE.iter().any(|word| phrase.contains(word))
}
