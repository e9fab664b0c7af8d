//! Answers a [`Reading`] from the facts of goods and plans.

use crate::graph::facts::{Fact, Item, Node};
use crate::graph::found::{Found, Sort};
use crate::graph::groups::Group;
use crate::graph::names::words;
use crate::graph::phrases::{code_of, compact};
use crate::graph::reading::{Bound, Limit, Open, Reading};
use crate::graph::render::{self, capital, overview, quoted, sentence, unlisted_text};
use crate::graph::{Graph, RelationKind};
use crate::text::{Lang, is_han, normalise, tokens};

/// The most items compared.
const MOST_COMPARED: usize = 4;
impl Graph {
    /// Answers a reading about these items: those it names, or those that the thread is about.
    pub(crate) fn answer(&self, reading: &Reading, items: &[Item], lang: Lang) -> Option<Found> {
        if let Some(found) = self.ask_about_open(reading, lang) {
            return Some(found);
        }
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
            let wanted = family.iter().copied().filter(|item| !reading.refused.contains(item));
            let of_kind: Vec<Item> = wanted.filter(|item| kinds.is_empty() || kinds.iter().any(|group| group.items.contains(item))).collect();
            return if of_kind.is_empty() { self.select(reading, lang) } else { self.about_family(reading, &of_kind, lang) };
        }
        self.select(reading, lang)
    }

    /// Asks for what a line about goods or plans says that cannot be understood: nothing that is selected without it would be what was asked for.
    fn ask_about_open(&self, reading: &Reading, lang: Lang) -> Option<Found> {
        let of_kind = reading.groups.iter().any(|group| self.groups[*group as usize].is_a_kind()) && !reading.elsewhere;
        let currency = self.currency;
        let zh = lang == Lang::Zh;
        let (text, items) = reading.open.iter().find_map(|open| match open {
            Open::Money(name) if of_kind && zh => {
                Some((format!("我们的价格按{}算，{name}我不会换算。您的预算是多少{}？", currency.zh, currency.zh), Vec::new()))
            }
            Open::Money(name) if of_kind => {
                Some((format!("Our prices are in {}, and I cannot convert {name}. What is your budget in {}?", currency.en, currency.en), Vec::new()))
            }
            Open::Limit(words) if of_kind => Some((format!("“{words}”是多少，我没看懂。写成数字就行，例如“500 以内”。"), Vec::new())),
            Open::Model(name, makers) => {
                let named = reading.mentions.iter().flat_map(|mention| mention.items.iter().copied());
                let items: Vec<Item> = if makers.is_empty() { named.collect() } else { makers.clone() };
                let text = if zh {
                    format!("我们的商品里没有“{name}”。您问的是下面哪一款？")
                } else {
                    format!("We have no model \"{name}\". Which of these do you mean?")
                };
                Some((text, items))
            }
            _ => None,
        })?;
        Some(Found { sort: Sort::Open, text, items, used: 0 })
    }

    fn which(&self, items: &[Item], lang: Lang) -> Found {
        let text = match lang {
            Lang::Zh => "您问的是哪一款？",
            Lang::En => "Which one do you mean?",
        };
        Found { sort: Sort::Which, text: text.to_owned(), items: items.to_vec(), used: 0 }
    }

    /// The keys that a reading asks for: the properties it names, or those it limits.
    pub(super) fn asked_keys(&self, reading: &Reading) -> Vec<Vec<String>> {
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
        for bound in &reading.bounds {
            // of a washing machine, 10 kg is what it holds
            if let (Some(meant), Some(keys)) = (self.bound_key(bound, &[item]), asked.iter_mut().find(|keys| **keys == bound.keys)) {
                *keys = vec![meant];
            }
        }
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
        if let Some(verdict) = self.verdict(reading, item, &asked, lang) {
            lines[0] = format!("{verdict}{}", lines[0]);
        }
        Some(Found { sort: Sort::Facts, text: lines.join("\n"), items: vec![item], used: 0 })
    }

    /// "Yes." or "No." before a fact, where a word or number of the question decides it. A number that is part of the item's name only says which one is meant.
    fn verdict(&self, reading: &Reading, item: Item, asked: &[Vec<String>], lang: Lang) -> Option<&'static str> {
        if !reading.whether || asked.len() != 1 {
            return None;
        }
        let node = self.node(item);
        let fact = asked[0].iter().find_map(|key| node.fact(key))?;
        let yes = if let [Bound { limit, keys, refused: false, .. }] = reading.bounds.as_slice() {
            let bounded = keys.iter().find_map(|key| node.fact(key)).filter(|bounded| bounded.key == fact.key)?;
            if let Limit::Exactly(number) = limit
                && is_in_name(node, &number.to_string())
            {
                return None;
            }
            limit.allows(self.number_of(item, &bounded.key)?)
        } else {
            let code = reading.property_words.first().and_then(|phrase| code_of(phrase))?;
            if is_in_name(node, code.trim_end_matches(|c: char| !c.is_ascii_digit())) {
                return None;
            }
            compact(fact.shown.get(Lang::En)).contains(&code) || compact(fact.shown.get(Lang::Zh)).contains(&code)
        };
        Some(match (lang, yes) {
            (Lang::Zh, true) => "对，",
            (Lang::Zh, false) => "不，",
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

    /// Whether an item has a property.
    pub(crate) fn has(&self, item: Item, property: u32) -> bool {
        self.keys(property).iter().any(|key| self.node(item).fact(key).is_some())
    }

    /// Whether a reading asks whether something can be bought.
    pub(crate) fn asks_for_stock(&self, reading: &Reading) -> bool {
        reading.asked.iter().flatten().any(|group| self.keys(*group)[0] == "@stock")
    }

    /// Whether each property that a reading names is one that it refuses: "by email, not SMS".
    pub(crate) fn refuses_all_it_names(&self, reading: &Reading) -> bool {
        reading.asked.iter().all(|groups| groups.iter().flat_map(|group| self.keys(*group)).any(|key| reading.negated.contains(key)))
    }

    /// Whether a reading asks for no property in particular.
    pub(crate) fn asks_for_nothing_special(&self, reading: &Reading) -> bool {
        reading.asked.iter().flatten().all(|group| matches!(self.keys(*group)[0].as_str(), "@overview" | "@price"))
            && reading.orders.iter().all(|order| order.keys.is_empty())
    }
}

/// Whether an item's name has this number.
fn is_in_name(node: &Node, number: &str) -> bool {
    let digits = |name: &str| name.split(|c: char| !c.is_ascii_digit()).any(|run| !run.is_empty() && run == number);
    digits(&node.name.zh) || digits(&node.name.en)
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
