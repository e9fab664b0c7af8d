//! Compares items, puts them in an order, and finds the first in one.

use normal::currency::Currency;

use crate::graph::Graph;
use crate::graph::facts::{Fact, Item, Node, money};
use crate::graph::found::{Found, Sort};
use crate::graph::reading::{Order, Reading};
use crate::graph::render::{self, capital, unlisted_text, within};
use crate::graph::scale::{Scale, unit_of};
use crate::text::Lang;

/// The most differences listed.
const MOST_DIFFERENCES: usize = 9;

impl Graph {
    pub(super) fn number_of(&self, item: Item, key: &str) -> Option<f64> {
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

    pub(super) fn compare(&self, reading: &Reading, items: &[Item], lang: Lang) -> Option<Found> {
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
        let facts: Vec<Option<Fact>> = nodes.iter().map(|node| node.fact(key).cloned()).collect();
        let label = facts.iter().flatten().next()?.label.get(lang).to_owned();
        let values: Vec<String> = nodes.iter().zip(&facts).map(|(node, fact)| value_of(node, fact.as_ref().map(|fact| fact.shown.get(lang)), lang)).collect();
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
                if let Some(fact) = &facts[first] {
                    let (degree, gap) = (Scale::of(fact).comparative(wanted, lang), gap_of(fact, high - low, self.currency, lang));
                    line.push_str(&if lang == Lang::Zh { format!("；{name} {degree}，差 {gap}") } else { format!("; {name} {degree}, by {gap}") });
                }
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
            let values: Vec<String> = nodes.iter().zip(&facts).map(|(node, fact)| value_of(node, fact.map(|fact| fact.shown.get(lang)), lang)).collect();
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
        let shown: Vec<String> = rates.iter().map(|(rate, node)| value_of(node, Some(&self.money((rate * 100.0).round() as i64, lang)), lang)).collect();
        rates.sort_by(|a, b| a.0.total_cmp(&b.0));
        let best = rates.first()?.1.name.get(lang);
        Some(match lang {
            Lang::Zh => format!("按每 GB 流量的月费算：{}；{best} 更划算。", shown.join("，")),
            Lang::En => format!("Monthly fee per GB of data: {}; {best} is better value.", shown.join(", ")),
        })
    }

    pub(super) fn superlative(&self, reading: &Reading, items: &[Item], lang: Lang) -> Option<Found> {
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
        let fact = nodes[0].fact(&key);
        let names = render::names(&nodes, lang);
        let gone = nodes.iter().any(|node| !node.available);
        let value = if key == "@per_gb" {
            self.money((best * 100.0).round() as i64, lang)
        } else {
            fact.map(|fact| fact.shown.get(lang).to_owned()).unwrap_or_default()
        };
        let label = if key == "@per_gb" {
            if lang == Lang::Zh { "每 GB 月费" } else { "fee per GB" }.to_owned()
        } else {
            fact.map(|fact| fact.label.get(lang).to_owned()).unwrap_or_default()
        };
        let price = nodes[0].fact("@price").map(|fact| fact.shown.get(lang)).unwrap_or_default();
        let priced = key != "@price" && winners.len() == 1;
        let scale = fact.filter(|_| key != "@per_gb").map_or(Scale::Price, Scale::of);
        let text = match lang {
            Lang::Zh => {
                let degree = scale.superlative(most, lang);
                format!(
                    "{label}{degree}的是 {names}：{value}{}{}。",
                    if priced { format!("，售价 {price}") } else { String::new() },
                    if gone { "，现在缺货" } else { "" }
                )
                .replace("，售价", if nodes[0].plan { "，月费" } else { "，售价" })
            }
            Lang::En => {
                let degree = scale.superlative(most, lang);
                let verb = if winners.len() == 1 { "has" } else { "have" };
                let priced = if priced { format!("; the price is {price}") } else { String::new() };
                capital(&format!("{names} {verb} the {degree} {}: {value}{priced}{}.", within(&label), if gone { ", but is out of stock now" } else { "" }))
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

    /// The next of a family after an item in an order: the bigger version.
    pub(crate) fn next_in_order(&self, reading: &Reading, family: &[Item], item: Item, order: &Order) -> Option<Item> {
        let key = self.order_key(family, order, reading)?;
        let own = self.number_of(item, &key)?;
        let beyond = family.iter().filter_map(|other| self.number_of(*other, &key).map(|number| (*other, number)));
        let beyond = beyond.filter(|(_, number)| if order.most { *number > own } else { *number < own });
        beyond.min_by(|a, b| (a.1 - own).abs().total_cmp(&(b.1 - own).abs())).map(|(other, _)| other)
    }
}

/// What an item has, beside what others have.
fn value_of(node: &Node, shown: Option<&str>, lang: Lang) -> String {
    let name = node.name.get(lang);
    match (shown, lang) {
        (Some(shown), Lang::Zh) => format!("{name} 是 {shown}"),
        (None, Lang::Zh) => format!("{name} 资料里没写"),
        (Some(shown), Lang::En) => format!("{shown} for {name}"),
        (None, Lang::En) => format!("not listed for {name}"),
    }
}

/// The difference between two values of a property, in the unit in which `fact` is shown.
fn gap_of(fact: &Fact, gap: f64, currency: &Currency, lang: Lang) -> String {
    match (fact.key.as_str(), unit_of(fact.shown.get(lang))) {
        ("@price", _) => money((gap * 100.0).round() as i64, currency, lang),
        // weights are compared in kilograms
        (_, "g") => format!("{} g", trimmed(gap * 1000.0)),
        (_, "") => trimmed(gap),
        (_, unit) => format!("{} {unit}", trimmed(gap)),
    }
}

/// A number without superfluous decimals.
fn trimmed(number: f64) -> String {
    let rounded = (number * 100.0).round() / 100.0;
    format!("{rounded}")
}
