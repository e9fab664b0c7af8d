//! Answers a [`Reading`] from the facts of goods and plans.

use std::cmp::Ordering;

use crate::graph::facts::{Fact, Item, Node, money};
use crate::graph::kinds::Group;
use crate::graph::names::words;
use crate::graph::reading::{Bound, Limit, Order, Reading};
use crate::graph::render::{self, capital, list_line, overview, quoted, sentence, unlisted_text};
use crate::graph::{Graph, RelationKind};
use crate::text::{Lang, is_han, normalise, tokens};

/// What sort of answer the graph gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Facts of one or several named items.
    Facts,
    /// A sentence of a description.
    Quote,
    /// A comparison.
    Comparison,
    /// The first in an order.
    Superlative,
    /// Those that fit, or how many.
    Selection,
    /// A description of an item that was only named.
    Overview,
    /// That the data sheet does not say.
    Unlisted,
    /// That nothing fits.
    Nothing,
    /// Which of these is meant.
    Which,
}

/// An answer from the graph.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// What sort of answer it is.
    pub sort: Sort,
    /// The text.
    pub text: String,
    /// The items it is about, in the order in which it names them.
    pub items: Vec<Item>,
    /// How many words that were left over chose among the items.
    pub used: usize,
}

/// The most lines of a list.
const MOST_LISTED: usize = 12;
/// The most items compared.
const MOST_COMPARED: usize = 4;
/// The most differences listed.
const MOST_DIFFERENCES: usize = 9;

impl Graph {
    /// Answers a reading about these items: those it names, or those that the thread is about.
    pub(crate) fn answer(&self, reading: &Reading, items: &[Item], lang: Lang) -> Option<Found> {
        let which = reading.mentions.iter().find(|mention| mention.doubtful && mention.items.len() > 1);
        if let (Some(mention), true) = (which, reading.named_items().is_empty()) {
            return Some(self.which(&mention.items, lang));
        }
        if items.len() >= 2 {
            return self.compare(reading, &items[..items.len().min(MOST_COMPARED)], lang);
        }
        if let [item] = items {
            return self.about_one(reading, *item, lang);
        }
        if let Some(family) = reading.family() {
            let kinds: Vec<&Group> = reading.groups.iter().map(|group| &self.groups[*group as usize]).filter(|group| group.is_a_kind()).collect();
            let of_kind: Vec<Item> = family.iter().copied().filter(|item| kinds.is_empty() || kinds.iter().any(|group| group.items.contains(item))).collect();
            return if of_kind.is_empty() { self.select(reading, lang) } else { self.about_family(reading, &of_kind, lang) };
        }
        self.select(reading, lang)
    }

    fn which(&self, items: &[Item], lang: Lang) -> Found {
        let text = match lang {
            Lang::Zh => "您问的是哪一款？",
            Lang::En => "Which one do you mean?",
        };
        Found { sort: Sort::Which, text: text.to_owned(), items: items.to_vec(), used: 0 }
    }

    /// The keys that a reading asks for: the properties it names, or those it limits.
    fn asked_keys(&self, reading: &Reading) -> Vec<Vec<String>> {
        let mut all: Vec<Vec<String>> =
            reading.asked.iter().map(|groups| groups.iter().flat_map(|group| self.keys(*group).iter().cloned()).collect()).collect();
        for bound in &reading.bounds {
            if !all.iter().any(|keys| keys.iter().any(|key| bound.keys.contains(key))) {
                all.push(bound.keys.clone());
            }
        }
        all
    }

    fn about_one(&self, reading: &Reading, item: Item, lang: Lang) -> Option<Found> {
        let node = self.node(item);
        let mut asked = self.asked_keys(reading);
        if asked.is_empty() {
            asked.extend(reading.orders.iter().filter_map(|order| self.order_key(&[item], order, reading)).map(|key| vec![key]));
        }
        if asked.is_empty() || asked == [["@overview".to_owned()]] {
            let bare = reading.rest == 0 && !reading.counts && !reading.compares && !reading.lists || asked.len() == 1;
            let mut text = overview(node, lang);
            let newer: Vec<&Node> = self.relatives_of(item, RelationKind::UpgradeOf).iter().map(|other| self.node(*other)).collect();
            if !newer.is_empty() {
                let names = render::names(&newer, lang);
                text.push_str(&if lang == Lang::Zh { format!("\n升级款是 {names}。") } else { format!("\nAbove it in the range: {names}.") });
            }
            return bare.then(|| Found { sort: Sort::Overview, text, items: vec![item], used: 0 });
        }
        let mut lines: Vec<String> = Vec::new();
        for keys in &asked {
            let found: Vec<&Fact> = keys.iter().filter_map(|key| node.fact(key)).collect();
            let several = keys.first().is_some_and(|key| key == "@roaming");
            let shown = if several && found.iter().any(|fact| !fact.nothing) {
                found.into_iter().filter(|fact| !fact.nothing).collect()
            } else {
                found.into_iter().take(1).collect::<Vec<_>>()
            };
            for fact in shown {
                let line = sentence(node, fact, lang);
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
            let partners = self.relatives_of(item, RelationKind::CompatibleWith);
            if keys.iter().any(|key| key == "fits") && !partners.is_empty() {
                let partners: Vec<&Node> = partners.iter().map(|other| self.node(*other)).collect();
                let names = render::names(&partners, lang);
                lines.push(if lang == Lang::Zh {
                    format!("{} 可以配合 {names} 使用。", node.name.zh)
                } else {
                    format!("{} works with {names}.", capital(&render::name(node, lang)))
                });
            }
            if keys.iter().any(|key| key == "@audience") && node.plan {
                lines.extend(node.sentences[lang as usize].first().map(|text| quoted(node, text, lang)));
            }
        }
        if lines.is_empty() {
            return Some(Found { sort: Sort::Unlisted, text: unlisted_text(node, lang), items: vec![item], used: 0 });
        }
        if let Some(verdict) = self.verdict(reading, node, &asked, lang) {
            lines[0] = format!("{verdict}{}", lines[0]);
        }
        Some(Found { sort: Sort::Facts, text: lines.join("\n"), items: vec![item], used: 0 })
    }

    /// "Yes." or "No." before a fact, where a word or number of the question decides it.
    fn verdict(&self, reading: &Reading, node: &Node, asked: &[Vec<String>], lang: Lang) -> Option<&'static str> {
        if !reading.whether || asked.len() != 1 {
            return None;
        }
        let fact = asked[0].iter().find_map(|key| node.fact(key))?;
        let yes = if let [Bound { limit, keys, .. }] = reading.bounds.as_slice() {
            let bounded = keys.iter().find_map(|key| node.fact(key))?;
            limit.allows(bounded.number?)
        } else {
            let code = reading.property_words.first().and_then(|phrase| code_of(phrase))?;
            compact(fact.shown.get(Lang::En)).contains(&code) || compact(fact.shown.get(Lang::Zh)).contains(&code)
        };
        Some(match (lang, yes) {
            (Lang::Zh, true) => "是的，",
            (Lang::Zh, false) => "不是，",
            (Lang::En, true) => "Yes. ",
            (Lang::En, false) => "No. ",
        })
    }

    fn about_family(&self, reading: &Reading, family: &[Item], lang: Lang) -> Option<Found> {
        if let Some(found) = self.superlative(reading, family, lang) {
            return Some(found);
        }
        if reading.counts || reading.lists && reading.asked.is_empty() {
            return Some(self.selection(reading, family, lang));
        }
        if reading.compares && family.len() <= MOST_COMPARED {
            return self.compare(reading, family, lang);
        }
        (!reading.elsewhere && reading.rest <= 4 && family.len() <= MOST_COMPARED).then(|| self.which(family, lang))
    }

    /// What the sentences about an item say about these words; `None` if nothing.
    pub(crate) fn quote(&self, item: Item, about: &[String], lang: Lang) -> Option<Found> {
        let node = self.node(item);
        let wanted: Vec<String> = about.iter().flat_map(|piece| terms(piece, lang)).collect();
        if wanted.is_empty() {
            return None;
        }
        let features = node.facts.iter().filter(|fact| fact.number.is_none()).map(|fact| format!("{} {}", fact.label.get(lang), fact.shown.get(lang)));
        let texts = node.sentences[lang as usize].iter().cloned().chain(features);
        let share = |text: &str| {
            let own = terms(text, lang);
            wanted.iter().filter(|term| own.contains(term)).count() as f32 / wanted.len() as f32
        };
        let best = texts.map(|text| (share(&text), text)).max_by(|a, b| a.0.total_cmp(&b.0))?;
        (best.0 >= 0.3).then(|| Found { sort: Sort::Quote, text: quoted(node, &best.1, lang), items: vec![item], used: 0 })
    }

    /// The statement that the data sheet of an item does not say.
    pub(crate) fn unlisted_answer(&self, item: Item, lang: Lang) -> Found {
        Found { sort: Sort::Unlisted, text: unlisted_text(self.node(item), lang), items: vec![item], used: 0 }
    }

    fn number_of(&self, item: Item, key: &str) -> Option<f64> {
        let node = self.node(item);
        match key {
            "weight_kg" | "weight_g" => node.number("weight_kg").or_else(|| node.number("weight_g").map(|grams| grams / 1000.0)),
            "@per_gb" => node.number("@data").filter(|data| *data > 0.0).map(|data| node.price_fen as f64 / 100.0 / data),
            _ => node.number(key),
        }
    }

    /// The one key by which items are put in an order.
    pub(crate) fn order_key(&self, items: &[Item], order: &Order, reading: &Reading) -> Option<String> {
        let named: Vec<String> =
            reading.asked.iter().flatten().flat_map(|group| self.keys(*group).iter().cloned()).filter(|key| !key.starts_with("@overview")).collect();
        let open = order.keys.is_empty() || matches!(order.keys.as_slice(), [key] if key == "size" || key == "quick");
        let own: Vec<String> = match order.keys.first().map(String::as_str) {
            Some("size") => ["screen", "capacity_l", "capacity_kg", "coverage", "@data", "battery_mah", "power_w", "size_mm"].map(str::to_owned).to_vec(),
            Some("quick") => ["speed", "charging", "@broadband", "refresh", "power_w"].map(str::to_owned).to_vec(),
            Some(_) => order.keys.clone(),
            None => Vec::new(),
        };
        let candidates = if open && !named.is_empty() { named } else { own };
        let with = |key: &String| items.iter().filter(|item| self.number_of(**item, key).is_some()).count();
        let mut best: Option<(usize, String)> = None;
        for key in candidates {
            let count = with(&key);
            if count > 0 && best.as_ref().is_none_or(|(most, _)| count > *most) {
                best = Some((count, key));
            }
        }
        best.map(|(_, key)| key)
    }

    fn compare(&self, reading: &Reading, items: &[Item], lang: Lang) -> Option<Found> {
        let nodes: Vec<&Node> = items.iter().map(|item| self.node(*item)).collect();
        let mut lines: Vec<String> = Vec::new();
        let mut keys: Vec<String> = Vec::new();
        if reading.worth {
            if let Some(line) = self.worth(items, lang) {
                lines.push(line);
            }
            keys.push("@price".to_owned());
        }
        for asked in self.asked_keys(reading) {
            let best = asked.iter().max_by_key(|key| {
                (nodes.iter().filter(|node| node.fact(key).is_some()).count(), std::cmp::Reverse(asked.iter().position(|other| other == *key)))
            });
            keys.extend(best.filter(|key| !key.starts_with("@overview")).cloned());
        }
        for order in &reading.orders {
            keys.extend(self.order_key(items, order, reading));
        }
        let mut seen: Vec<String> = Vec::new();
        keys.retain(|key| {
            let fresh = !seen.contains(key);
            seen.push(key.clone());
            fresh
        });
        let most = reading.orders.first().map(|order| order.most);
        for key in &keys {
            lines.extend(self.comparison_of(key, items, most, lang));
        }
        if lines.is_empty() && !keys.is_empty() && items.iter().all(|item| self.node(*item).plan) {
            return Some(Found {
                sort: Sort::Unlisted,
                text: nodes.iter().map(|node| unlisted_text(node, lang)).collect::<Vec<_>>().join("\n"),
                items: items.to_vec(),
                used: 0,
            });
        }
        if lines.is_empty() {
            lines = self.differences(items, lang);
        }
        Some(Found { sort: Sort::Comparison, text: lines.join("\n"), items: items.to_vec(), used: 0 })
    }

    /// One property of several items in a line, and which has more of it.
    fn comparison_of(&self, key: &str, items: &[Item], most: Option<bool>, lang: Lang) -> Option<String> {
        let nodes: Vec<&Node> = items.iter().map(|item| self.node(*item)).collect();
        let fact_of = |node: &Node| {
            node.fact(key)
                .or_else(|| {
                    if key == "weight_g" {
                        node.fact("weight_kg")
                    } else if key == "weight_kg" {
                        node.fact("weight_g")
                    } else {
                        None
                    }
                })
                .cloned()
        };
        let facts: Vec<Option<Fact>> = nodes.iter().map(|node| fact_of(node)).collect();
        let label = facts.iter().flatten().next()?.label.get(lang).to_owned();
        let unknown = if lang == Lang::Zh { "资料里没写" } else { "not listed" };
        let values: Vec<String> = nodes
            .iter()
            .zip(&facts)
            .map(|(node, fact)| format!("{} {}", node.name.get(lang), fact.as_ref().map_or(unknown, |fact| fact.shown.get(lang))))
            .collect();
        let numbers: Vec<f64> = items.iter().filter_map(|item| self.number_of(*item, key)).collect();
        let mut line = if lang == Lang::Zh { format!("{label}：{}", values.join("，")) } else { format!("{label}: {}", values.join(", ")) };
        if numbers.len() == items.len() {
            let extreme = |of: fn(f64, f64) -> f64| numbers.iter().copied().reduce(of).unwrap_or_default();
            let (low, high) = (extreme(f64::min), extreme(f64::max));
            if (high - low).abs() < 1e-9 {
                line.push_str(if lang == Lang::Zh { "；一样" } else { "; the same" });
            } else {
                let wanted = match (key, most) {
                    ("energy", Some(most)) => !most,
                    (_, Some(most)) => most,
                    (key, None) => !matches!(key, "@price" | "noise" | "power_year" | "energy" | "weight_g" | "weight_kg" | "@contract" | "@per_gb"),
                };
                let first = numbers.iter().position(|number| (number - if wanted { high } else { low }).abs() < 1e-9).unwrap_or_default();
                let name = nodes[first].name.get(lang);
                let gap = if key == "@price" { money(((high - low) * 100.0).round() as i64, lang) } else { trimmed(high - low) };
                line.push_str(&match (lang, wanted) {
                    (Lang::Zh, true) => format!("；{name} 更高，差 {gap}"),
                    (Lang::Zh, false) => format!("；{name} 更低，差 {gap}"),
                    (Lang::En, true) => format!("; {name} has more, by {gap}"),
                    (Lang::En, false) => format!("; {name} has less, by {gap}"),
                });
            }
        }
        line.push(if lang == Lang::Zh { '。' } else { '.' });
        Some(line)
    }

    /// A table of what differs.
    fn differences(&self, items: &[Item], lang: Lang) -> Vec<String> {
        let nodes: Vec<&Node> = items.iter().map(|item| self.node(*item)).collect();
        let mut keys: Vec<&str> = Vec::new();
        for fact in nodes.iter().flat_map(|node| &node.facts).filter(|fact| fact.key != "@stock") {
            if !keys.contains(&fact.key.as_str()) {
                keys.push(&fact.key);
            }
        }
        let mut lines = Vec::new();
        for key in keys {
            let facts: Vec<Option<&Fact>> = nodes.iter().map(|node| node.fact(key)).collect();
            let known: Vec<&Fact> = facts.iter().copied().flatten().collect();
            let Some(first) = known.first() else { continue };
            let same = known.len() == nodes.len() && known.iter().all(|fact| fact.shown == first.shown);
            if same || known.len() < 2 && key != "@price" {
                continue;
            }
            let missing = if lang == Lang::Zh { "没写" } else { "not listed" };
            let values: Vec<String> =
                nodes.iter().zip(&facts).map(|(node, fact)| format!("{} {}", node.name.get(lang), fact.map_or(missing, |fact| fact.shown.get(lang)))).collect();
            let label = first.label.get(lang);
            lines.push(if lang == Lang::Zh { format!("• {label}：{}", values.join("，")) } else { format!("• {label}: {}", values.join(", ")) });
        }
        lines.truncate(MOST_DIFFERENCES);
        let names = render::names(&nodes, lang);
        let head = match (lang, lines.is_empty()) {
            (Lang::Zh, false) => format!("{names} 的不同："),
            (Lang::Zh, true) => format!("{names} 在资料里没有不同。"),
            (Lang::En, false) => format!("How {names} differ:"),
            (Lang::En, true) => format!("The data sheets of {names} do not differ."),
        };
        lines.insert(0, head);
        for node in nodes.iter().filter(|node| !node.available) {
            lines.push(if lang == Lang::Zh { format!("{} 现在缺货。", node.name.zh) } else { format!("The {} is out of stock now.", node.name.en) });
        }
        lines
    }

    /// What a GB costs, for plans.
    fn worth(&self, items: &[Item], lang: Lang) -> Option<String> {
        let mut rates: Vec<(f64, &Node)> =
            items.iter().map(|item| self.number_of(*item, "@per_gb").map(|rate| (rate, self.node(*item)))).collect::<Option<_>>()?;
        let shown: Vec<String> = rates.iter().map(|(rate, node)| format!("{} {}", node.name.get(lang), money((rate * 100.0).round() as i64, lang))).collect();
        rates.sort_by(|a, b| a.0.total_cmp(&b.0));
        let best = rates.first()?.1.name.get(lang);
        Some(match lang {
            Lang::Zh => format!("按每 GB 流量的月费算：{}；{best} 更划算。", shown.join("，")),
            Lang::En => format!("By the monthly fee for each GB of data: {}; {best} is the better value.", shown.join(", ")),
        })
    }

    fn superlative(&self, reading: &Reading, items: &[Item], lang: Lang) -> Option<Found> {
        let by_worth = reading.worth && items.iter().all(|item| self.node(*item).plan);
        let (key, most) = if by_worth {
            ("@per_gb".to_owned(), false)
        } else {
            let order = reading.orders.iter().find(|order| order.superlative).or_else(|| reading.orders.first())?;
            (self.order_key(items, order, reading)?, order.most)
        };
        let most = if key == "energy" && reading.orders.iter().any(|order| order.keys.is_empty()) { !most } else { most };
        let numbered: Vec<(Item, f64)> = items.iter().filter_map(|item| self.number_of(*item, &key).map(|number| (*item, number))).collect();
        let best = numbered.iter().map(|(_, number)| *number).reduce(if most { f64::max } else { f64::min })?;
        let winners: Vec<Item> = numbered.iter().filter(|(_, number)| (number - best).abs() < 1e-9).map(|(item, _)| *item).collect();
        let nodes: Vec<&Node> = winners.iter().map(|item| self.node(*item)).collect();
        let fact = nodes[0].fact(&key).or_else(|| nodes[0].fact(if key == "weight_kg" { "weight_g" } else { "weight_kg" }));
        let names = render::names(&nodes, lang);
        let gone = nodes.iter().any(|node| !node.available);
        let value =
            if key == "@per_gb" { money((best * 100.0).round() as i64, lang) } else { fact.map(|fact| fact.shown.get(lang).to_owned()).unwrap_or_default() };
        let label = if key == "@per_gb" {
            if lang == Lang::Zh { "每 GB 月费" } else { "fee for each GB" }.to_owned()
        } else {
            fact.map(|fact| fact.label.get(lang).to_owned()).unwrap_or_default()
        };
        let price = nodes[0].fact("@price").map(|fact| fact.shown.get(lang)).unwrap_or_default();
        let priced = key != "@price" && winners.len() == 1;
        let text = match lang {
            Lang::Zh => {
                let degree = if most { "最高" } else { "最低" };
                format!(
                    "{label}{degree}的是 {names}：{value}{}{}。",
                    if priced { format!("，售价 {price}") } else { String::new() },
                    if gone { "，现在缺货" } else { "" }
                )
                .replace("，售价", if nodes[0].plan { "，月费" } else { "，售价" })
            }
            Lang::En => {
                let degree = if most { "highest" } else { "lowest" };
                let verb = if winners.len() == 1 { "has" } else { "have" };
                let priced = if priced { format!("; the price is {price}") } else { String::new() };
                capital(&format!(
                    "{names} {verb} the {degree} {}: {value}{priced}{}.",
                    label.to_lowercase(),
                    if gone { ", but is out of stock now" } else { "" }
                ))
            }
        };
        Some(Found { sort: Sort::Superlative, text, items: winners, used: 0 })
    }

    /// The first of a list in an order; `None` if the list cannot be put in it, or several share the place.
    pub(crate) fn among(&self, reading: &Reading, list: &[Item], order: &Order, lang: Lang) -> Option<Item> {
        let own = Reading { orders: vec![order.clone()], ..reading.clone() };
        // without a property of its own, what is dearer is the bigger one
        let found = self.superlative(&own, list, lang)?;
        if let [item] = found.items.as_slice() { Some(*item) } else { None }
    }

    /// Those of a list that are as a reading says.
    pub(crate) fn items_described_by(&self, reading: &Reading, list: &[Item], lang: Lang) -> Vec<Item> {
        let mut items = list.to_vec();
        for group in reading.groups.iter().filter(|group| !self.groups[**group as usize].is_a_kind()) {
            let fitting: Vec<Item> = items.iter().copied().filter(|item| self.groups[*group as usize].items.contains(item)).collect();
            if !fitting.is_empty() {
                items = fitting;
            }
        }
        self.narrow(reading, &items, lang).0
    }

    /// The next of a family after an item in an order: the bigger version.
    pub(crate) fn next_in_order(&self, reading: &Reading, family: &[Item], item: Item, order: &Order) -> Option<Item> {
        let key = self.order_key(family, order, reading)?;
        let own = self.number_of(item, &key)?;
        let beyond = family.iter().filter_map(|other| self.number_of(*other, &key).map(|number| (*other, number)));
        let beyond = beyond.filter(|(_, number)| if order.most { *number > own } else { *number < own });
        beyond.min_by(|a, b| (a.1 - own).abs().total_cmp(&(b.1 - own).abs())).map(|(other, _)| other)
    }

    /// Whether an item has a property.
    pub(crate) fn has(&self, item: Item, property: u32) -> bool {
        self.keys(property).iter().any(|key| self.node(item).fact(key).is_some())
    }

    /// The one item of the kind that a reading names, if there is only one that is as it says: "the student plan".
    pub(crate) fn only_one(&self, reading: &Reading, lang: Lang) -> Option<Item> {
        let scope = self.scope(reading)?;
        let own = Reading { asked: Vec::new(), ..reading.clone() };
        let fitting = if scope.len() == 1 { scope } else { self.narrow(&own, &scope, lang).0 };
        if let [item] = fitting.as_slice() { Some(*item) } else { None }
    }

    /// Whether a reading asks whether something can be bought.
    pub(crate) fn asks_for_stock(&self, reading: &Reading) -> bool {
        reading.asked.iter().flatten().any(|group| self.keys(*group)[0] == "@stock")
    }

    /// Whether a reading asks for no property in particular.
    pub(crate) fn asks_for_nothing_special(&self, reading: &Reading) -> bool {
        reading.asked.iter().flatten().all(|group| matches!(self.keys(*group)[0].as_str(), "@overview" | "@price"))
            && reading.orders.iter().all(|order| order.keys.is_empty())
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
        for group in &uses {
            let of_use = &self.groups[*group as usize].items;
            let fitting: Vec<Item> = items.iter().copied().filter(|item| of_use.contains(item)).collect();
            if !fitting.is_empty() {
                items = fitting;
            }
        }
        Some(items)
    }

    fn select(&self, reading: &Reading, lang: Lang) -> Option<Found> {
        let scope = match self.scope(reading) {
            Some(scope) => scope,
            None => {
                let of_plans =
                    |group: &u32| self.keys(*group).iter().any(|key| key.starts_with('@') && !matches!(key.as_str(), "@price" | "@overview" | "@stock"));
                let only_stock = reading.lists && reading.asked.iter().flatten().all(|group| self.keys(*group)[0] == "@stock");
                if only_stock && !reading.asked.is_empty() && reading.rest <= 2 && !reading.elsewhere {
                    let goods = (0..self.nodes.len() as Item).filter(|item| !self.node(*item).plan).collect::<Vec<_>>();
                    let (fitting, narrowed, _, _) = self.narrow(reading, &goods, lang);
                    return narrowed.then(|| self.selection(reading, &fitting, lang));
                }
                let asks = reading.orders.iter().any(|order| order.superlative) || reading.bounds.iter().any(|bound| bound.said);
                if !asks || reading.rest > 2 || reading.asked.is_empty() || !reading.asked.iter().flatten().all(of_plans) {
                    return None;
                }
                self.scope_of_properties(reading)
            }
        };
        if scope.is_empty() {
            let kind = reading.groups.iter().map(|group| &self.groups[*group as usize]).find(|group| group.is_a_kind())?;
            let text = match lang {
                Lang::Zh => format!("我们没有卖{}。", kind.shown[0]),
                Lang::En => format!("We do not sell {}.", kind.shown[1]),
            };
            let asks = reading.lists || reading.counts || reading.wants_advice || reading.whether || reading.bounds.iter().any(|bound| bound.said);
            return (asks && reading.asked.is_empty() && reading.rest <= 2).then(|| Found { sort: Sort::Nothing, text, items: Vec::new(), used: 0 });
        }
        let (fitting, narrowed, failed, used) = self.narrow(reading, &scope, lang);
        let with_used = |found: Found| Found { used, ..found };
        if fitting.is_empty() {
            return Some(self.nothing_fits(reading, &scope, failed, lang));
        }
        let most = reading.orders.iter().any(|order| order.superlative);
        if reading.counts && !most && (reading.asked.is_empty() || narrowed) {
            return Some(with_used(self.selection(reading, &fitting, lang)));
        }
        let ordered = reading.orders.iter().any(|order| order.superlative)
            || (!reading.orders.is_empty() && (reading.lists || reading.compares))
            || reading.worth && !narrowed;
        let of_anything = reading.groups.iter().any(|group| self.groups[*group as usize].key == "kind:all");
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

    /// The items of a scope that have what a reading says, whether it says anything, and the first limit that left none.
    fn narrow(&self, reading: &Reading, scope: &[Item], lang: Lang) -> (Vec<Item>, bool, Option<Bound>, usize) {
        let mut used = 0;
        let mut items = scope.to_vec();
        let mut narrowed = reading.groups.iter().any(|group| !self.groups[*group as usize].is_a_kind());
        for bound in &reading.bounds {
            let Some(key) = self.bound_key(&bound.keys, &items) else { continue };
            let factor = if key == "weight_g" || (key == "weight_kg" && bound.keys.first().is_some_and(|first| first == "weight_g")) { 0.001 } else { 1.0 };
            let allows = |item: &Item| self.number_of(*item, &key).is_some_and(|number| scaled_limit(bound.limit, factor).allows(number));
            let fitting: Vec<Item> = items.iter().copied().filter(allows).collect();
            if fitting.is_empty() {
                return (Vec::new(), true, Some(Bound { keys: vec![key], ..bound.clone() }), 0);
            }
            narrowed = true;
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
        (items, narrowed, None, used)
    }

    fn bound_key(&self, keys: &[String], items: &[Item]) -> Option<String> {
        let with = |key: &str| items.iter().filter(|item| self.number_of(**item, key).is_some()).count();
        let mut best: Option<(usize, &String)> = None;
        for key in keys {
            let count = with(key);
            if count > 0 && best.is_none_or(|(most, _)| count > most) {
                best = Some((count, key));
            }
        }
        best.map(|(_, key)| key.clone())
    }

    /// The items that have a property, or whose value of it is what the phrase says: "带 SOS 键的", "frost free".
    fn having(&self, items: &[Item], keys: &[String], phrase: &str, refused: bool, lang: Lang) -> Vec<Item> {
        if keys.iter().any(|key| key == "@stock") {
            let gone = refused
                || ["缺货", "断货", "没货", "卖完", "脱销", "买不到", "out of stock", "sold out", "out stock", "sold", "discontinu"]
                    .iter()
                    .any(|word| phrase.contains(word));
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
    fn mentions(&self, item: Item, piece: &str, lang: Lang) -> bool {
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

    fn selection(&self, reading: &Reading, items: &[Item], lang: Lang) -> Found {
        let mut items = items.to_vec();
        let key = reading.bounds.iter().find_map(|bound| self.bound_key(&bound.keys, &items)).or_else(|| {
            let asked = reading.asked.iter().flatten().flat_map(|group| self.keys(*group).iter());
            asked.filter(|key| !key.starts_with("@overview")).find(|key| items.iter().any(|item| self.node(*item).fact(key).is_some())).cloned()
        });
        if let Some(order) = reading.orders.first()
            && let Some(by) = self.order_key(&items, order, reading)
        {
            let number = |item: &Item| self.number_of(*item, &by).unwrap_or(f64::MAX);
            items.sort_by(|a, b| if order.most { number(b).total_cmp(&number(a)) } else { number(a).total_cmp(&number(b)) });
        }
        let kind = reading.groups.iter().map(|group| &self.groups[*group as usize]).find(|group| group.is_a_kind());
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

    fn nothing_fits(&self, _reading: &Reading, scope: &[Item], failed: Option<Bound>, lang: Lang) -> Found {
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

fn scaled_limit(limit: Limit, factor: f64) -> Limit {
    match limit {
        Limit::Most(n) => Limit::Most(n * factor),
        Limit::Under(n) => Limit::Under(n * factor),
        Limit::Least(n) => Limit::Least(n * factor),
        Limit::Over(n) => Limit::Over(n * factor),
        Limit::About(n) => Limit::About(n * factor),
        Limit::Exactly(n) => Limit::Exactly(n * factor),
        Limit::Between(low, high) => Limit::Between(low * factor, high * factor),
    }
}

/// A number without superfluous decimals.
fn trimmed(number: f64) -> String {
    let rounded = (number * 100.0).round() / 100.0;
    format!("{rounded}")
}

/// A text without spaces and hyphens, in its normal form.
fn compact(text: &str) -> String {
    normalise(text).chars().filter(|c| c.is_alphanumeric() || *c == '.').collect()
}

/// The code in a phrase, such as 5g in "支持5g" or hdmi in "HDMI 口"; `None` if there is none.
fn code_of(phrase: &str) -> Option<String> {
    let normal = normalise(phrase);
    let runs = normal.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').filter(|run| run.len() >= 2);
    let mut runs: Vec<&str> = runs.collect();
    runs.sort_by_key(|run| !run.chars().any(|c| c.is_ascii_digit()));
    let mut code: String = runs.first().map(|run| (*run).to_owned()).unwrap_or_default();
    // wifi 6, 5 ghz
    if !code.chars().any(|c| c.is_ascii_digit()) {
        code = compact(phrase).chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
    }
    let known = code.chars().any(|c| c.is_ascii_digit()) || ["hdmi", "sos", "nfc", "esim", "usb", "usbc", "mesh"].contains(&code.as_str());
    (known && code.len() >= 2).then_some(code)
}

/// Whether a value says what a phrase asks for.
fn value_says(fact: &Fact, phrase: &str, lang: Lang) -> bool {
    let value = compact(fact.shown.get(lang));
    if lang == Lang::Zh {
        let phrase = compact(phrase)
            .replace("独显", "独立显卡")
            .replace("集显", "集成显卡")
            .replace("两张卡", "双卡")
            .replace("不用除霜", "无霜")
            .replace("一级能效", "1级")
            .replace("二级能效", "2级");
        let bare = phrase.trim_start_matches(['支', '持', '能', '插', '带', '有', '的']).trim_end_matches('卡');
        return bare.chars().count() >= 2 && value.contains(bare) || code_of(&phrase).is_some_and(|code| value.contains(&code));
    }
    let own = words(fact.shown.get(Lang::En), Lang::En);
    let label = words(fact.label.get(Lang::En), Lang::En);
    let wanted: Vec<&str> = phrase
        .split(' ')
        .filter(|word| !label.iter().any(|known| known == word))
        .filter(|word| !matches!(*word, "card" | "key" | "button" | "port" | "ports" | "sim" | "take" | "a" | "which"))
        .collect();
    !wanted.is_empty() && wanted.iter().all(|word| own.iter().any(|known| known == word))
        || code_of(phrase).is_some_and(|code| code.len() >= 2 && value.contains(&code))
}

/// The terms of a text by which sentences are found: pairs of Chinese characters, stems of longer English words.
fn terms(text: &str, lang: Lang) -> Vec<String> {
    let normal = normalise(text);
    if lang == Lang::En {
        return words(&normal, Lang::En).into_iter().filter(|word| word.len() >= 4).collect();
    }
    let words = tokens(&normal);
    let pairs = words.windows(2).filter(|pair| pair.iter().all(|word| word.chars().all(is_han))).map(|pair| pair.concat());
    pairs.chain(words.iter().filter(|word| word.is_ascii() && word.len() >= 2).map(|word| (*word).to_owned())).collect()
}
