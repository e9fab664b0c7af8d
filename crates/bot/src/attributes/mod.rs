//! Answers questions about one property of a product or plan from the catalogue: "how much storage does X have?", "X 有货吗", and, with a product on the page,
//! just "how heavy is it?".
//!
//! A line is parsed into mentions of items, words for properties, and the rest. Only if next to nothing is left over is the line treated as such a question
//! before the FAQ is asked ("云享59 有多少流量", but not "我的云享59 流量用超了怎么收费").

mod names;
mod render;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::concepts::Concepts;
use crate::grams::Grammar;
use crate::knowledge::Knowledge;
use crate::stem::stem;
use crate::text::{Lang, list, normalise, tokens};

/// The number of an item in the catalogue: goods are counted first, then plans.
pub(crate) type Item = u32;

/// What a line says about the catalogue.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ask {
    /// The items named in the line, in their order.
    pub mentioned: Vec<Item>,
    /// The possible readings of each property that is named.
    asked: Vec<Vec<u32>>,
    /// The line without the names, for the FAQ: a name alone is not evidence for an entry that happens to contain it.
    pub without_names: String,
    /// The number of tokens that are neither part of a name nor of a property.
    rest: usize,
    /// Pieces to look for in free texts: unexplained words and the words of properties.
    pieces: Vec<String>,
    /// Whether the price is asked for together with a different property: "漫游多少钱".
    price_of_something: bool,
    /// Whether more is said than the name of the property.
    is_a_sentence: bool,
    /// Whether the line has the form of a question about having something or being able to do something.
    asks_whether: bool,
}

impl Ask {
    /// Whether the line names items and says nothing else.
    fn is_bare_mention(&self) -> bool {
        self.asked.is_empty() && self.rest == 0
    }

    /// Whether a property of a named item is asked for and little else is said.
    pub(crate) fn is_about_a_property(&self) -> bool {
        let wondering = self.asks_whether && self.mentioned.len() == 1 && self.rest <= 4;
        !self.mentioned.is_empty() && (wondering || (!self.asked.is_empty() && self.rest <= 2))
    }
}

/// The result of the FAQ for the same line; decides how much the catalogue may read into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rival {
    /// The FAQ has not been asked yet.
    NotAsked,
    /// The FAQ would offer some entries.
    Offers,
    /// The FAQ has no answer.
    Nothing,
}

/// An answer from the catalogue.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// The item that the reply is about; the first one if there are several.
    pub item: Item,
    /// The text.
    pub text: String,
    /// Whether the data sheet lists the property.
    pub listed: bool,
}

struct Property {
    keys: Vec<String>,
}

struct Lexicon {
    names: Concepts,
    properties: Concepts,
    fillers: Concepts,
}

/// The catalogue with the vocabulary used to ask about it.
pub(crate) struct Catalogue {
    lexicons: [Lexicon; 2],
    properties: Vec<Property>,
    price: u32,
    overview: u32,
    ids: BTreeMap<String, Item>,
}

impl Catalogue {
    /// Learns the names and the words for properties.
    pub(crate) fn new(knowledge: &Knowledge) -> Self {
        let mut properties: Vec<Property> =
            words::RELATIONS.iter().map(|relation| Property { keys: list(relation.keys).map(str::to_owned).collect() }).collect();
        let at = |key: &str| properties.iter().position(|property| property.keys[0] == key).unwrap_or(0) as u32;
        let (price, overview) = (at("@price"), at("@overview"));
        let mut labels: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
        for attribute in knowledge.products.iter().flat_map(|product| &product.attributes) {
            labels.entry(&attribute.key).or_default().insert((&attribute.label.zh, &attribute.label.en));
        }
        let mut spoken: Vec<(u32, String, String)> = Vec::new();
        for (index, relation) in words::RELATIONS.iter().enumerate() {
            spoken.extend(list(relation.zh).map(|phrase| (index as u32, phrase.to_owned(), String::new())));
            spoken.extend(list(relation.en).map(|phrase| (index as u32, String::new(), phrase.to_owned())));
        }
        for (key, labels) in labels {
            let known = properties.iter().position(|property| property.keys.iter().any(|own| own == key));
            let index = known.unwrap_or(properties.len());
            if known.is_none() {
                properties.push(Property { keys: vec![key.to_owned()] });
            }
            spoken.extend(labels.iter().map(|(zh, en)| (index as u32, (*zh).to_owned(), (*en).to_owned())));
        }
        let lexicons = [Lang::Zh, Lang::En].map(|lang| {
            let mut lexicon = Lexicon { names: names::gazetteer(knowledge, lang), properties: Concepts::new(), fillers: Concepts::new() };
            for (index, zh, en) in &spoken {
                let phrase = if lang == Lang::Zh { zh } else { en };
                lexicon.properties.add(&names::words(phrase, lang), *index);
            }
            let fillers = if lang == Lang::Zh { words::FILLERS_ZH } else { words::FILLERS_EN };
            list(fillers).for_each(|filler| lexicon.fillers.add(&names::words(filler, lang), 0));
            lexicon
        });
        let ids = knowledge
            .products
            .iter()
            .map(|product| &product.id)
            .chain(knowledge.plans.iter().map(|plan| &plan.id))
            .enumerate()
            .map(|(item, id)| (id.clone(), item as Item))
            .collect();
        Catalogue { lexicons, properties, price, overview, ids }
    }

    /// The item with this id; `None` if there is none.
    pub(crate) fn item(&self, id: &str) -> Option<Item> {
        self.ids.get(id).copied()
    }

    /// Parses a line; `grammar` corrects misspelt words that are not part of a name.
    pub(crate) fn read(&self, text: &str, lang: Lang, grammar: &Grammar) -> Ask {
        let lexicon = &self.lexicons[lang as usize];
        let normal = normalise(text);
        let raw = tokens(&normal);
        let line: Vec<String> = match lang {
            Lang::Zh => raw.iter().map(|&word| word.to_owned()).collect(),
            Lang::En => raw
                .iter()
                .map(|&word| {
                    let own = stem(word);
                    let known = [&lexicon.names, &lexicon.properties, &lexicon.fillers].iter().any(|words| words.knows(&own));
                    if known { own } else { stem(grammar.mend(word)) }
                })
                .collect(),
        };
        let mut ask = Ask { asks_whether: asks_whether(&normal, &raw, lang), ..Ask::default() };
        let mut explained = vec![false; line.len()];
        for span in lexicon.names.spans(&line) {
            explained[span.start..span.end].fill(true);
            for item in span.groups {
                if !ask.mentioned.contains(item) {
                    ask.mentioned.push(*item);
                }
            }
        }
        let masked: Vec<&str> = line.iter().zip(&explained).map(|(word, done)| if *done { "" } else { word.as_str() }).collect();
        let gap = if lang == Lang::Zh { "" } else { " " };
        let unnamed: Vec<&str> = raw.iter().zip(&explained).filter(|(_, done)| !**done).map(|(word, _)| *word).collect();
        ask.without_names = unnamed.join(gap);
        let spans = lexicon.properties.spans(&masked);
        let is = |groups: &[u32], property: u32| groups == [property];
        let weak = |start: usize, end: usize| lang == Lang::En && masked[start..end] == ["how", "much"];
        for span in &spans {
            explained[span.start..span.end].fill(true);
            let alone = spans.len() == 1;
            let price = is(span.groups, self.price);
            if is(span.groups, self.overview) && !alone {
                continue;
            }
            if price && !alone && spans.iter().any(|other| !is(other.groups, self.price) && !is(other.groups, self.overview)) {
                ask.price_of_something |= !weak(span.start, span.end);
                continue;
            }
            if !ask.asked.iter().any(|groups| groups == span.groups) {
                ask.asked.push(span.groups.to_vec());
                ask.pieces.push(line[span.start..span.end].join(gap));
            }
        }
        ask.is_a_sentence = explained.iter().any(|done| !done);
        for span in lexicon.fillers.spans(&masked) {
            explained[span.start..span.end].fill(true);
        }
        ask.rest = explained.iter().filter(|done| !**done).count();
        if ask.asked == [[self.overview]] && (ask.rest > 0 || ask.mentioned.len() > 1) {
            ask.asked.clear();
            ask.pieces.clear();
        }
        let mut piece = String::new();
        for (word, done) in line.iter().map(String::as_str).zip(&explained).chain(std::iter::once(("", &true))) {
            if !done && lang == Lang::Zh {
                piece.push_str(word);
            } else if !done {
                ask.pieces.push(word.to_owned());
            } else if !piece.is_empty() {
                ask.pieces.push(std::mem::take(&mut piece));
            }
        }
        ask
    }

    /// Answers a parsed line, about the items it mentions or else about `subject`; `None` if it is not a question about the catalogue, or if the FAQ should be
    /// asked first.
    pub(crate) fn answer(&self, ask: &Ask, subject: Option<Item>, rival: Rival, lang: Lang, knowledge: &Knowledge) -> Option<Reply> {
        let named = !ask.mentioned.is_empty();
        let items: Vec<Item> = if named { ask.mentioned.iter().copied().take(3).collect() } else { subject.into_iter().collect() };
        let first = *items.first()?;
        if named && ask.is_bare_mention() && items.len() == 1 {
            return Some(Reply { item: first, text: render::overview(knowledge, first, lang), listed: true });
        }
        let spare = match (rival, named) {
            (Rival::NotAsked, true) if lang == Lang::Zh => 2,
            (Rival::NotAsked, true) => 1,
            (Rival::NotAsked, false) => 0,
            (Rival::Offers, true) => 2,
            (Rival::Nothing, true) => 5,
            (_, false) => 0,
        };
        if ask.rest > spare || (rival == Rival::NotAsked && ask.price_of_something) {
            return if rival == Rival::Nothing { self.fall_back(ask, first, named, lang, knowledge) } else { None };
        }
        let mut lines = Vec::new();
        for asked in &ask.asked {
            for &item in &items {
                let found =
                    asked.iter().find_map(|&property| self.properties[property as usize].keys.iter().find_map(|key| render::value(knowledge, item, key, lang)));
                lines.extend(found);
            }
        }
        if !lines.is_empty() {
            return Some(Reply { item: first, text: lines.join("\n"), listed: true });
        }
        let on_a_sheet = |asked: &Vec<u32>| asked.iter().any(|&property| !self.properties[property as usize].keys[0].starts_with('@'));
        let plain = ask.rest == 0 && !ask.asked.is_empty() && ask.asked.iter().all(on_a_sheet) && items.len() == 1;
        if rival == Rival::NotAsked && !plain { None } else { self.fall_back(ask, first, named, lang, knowledge) }
    }

    /// A sentence of the description that mentions the property, or the statement that the data sheet does not list it.
    fn fall_back(&self, ask: &Ask, item: Item, named: bool, lang: Lang, knowledge: &Knowledge) -> Option<Reply> {
        if ask.pieces.is_empty() || (!named && ask.asked.is_empty()) {
            return None;
        }
        if let Some(text) = render::quote(knowledge, item, &ask.pieces, lang) {
            return Some(Reply { item, text, listed: true });
        }
        let asks = !ask.asked.is_empty() || ask.asks_whether;
        let is_goods = (item as usize) < knowledge.products.len();
        ((named || (is_goods && ask.is_a_sentence)) && asks && ask.rest <= 8).then(|| Reply {
            item,
            text: render::unlisted_text(knowledge, item, lang),
            listed: false,
        })
    }

    /// The id and name of an item.
    pub(crate) fn title<'a>(&self, item: Item, lang: Lang, knowledge: &'a Knowledge) -> (&'a str, &'a str) {
        render::title(knowledge, item, lang)
    }
}

fn asks_whether(normal: &str, raw: &[&str], lang: Lang) -> bool {
    match lang {
        Lang::Zh => list("吗|支持|有没有|能不能|可不可以|是否|是不是|能否|带不带|有无|么").any(|mark| normal.contains(mark)),
        Lang::En => raw.first().is_some_and(|first| list("does|is|can|has|do|are|will|did|could").any(|word| word == *first)),
    }
}
