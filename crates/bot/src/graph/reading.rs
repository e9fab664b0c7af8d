//! Reads a line as a question about goods and plans.

use crate::grams::Grammar;
use crate::graph::Graph;
use crate::graph::facts::Item;
use crate::graph::names::Mention;
use crate::graph::values::{unit, with_digits};
use crate::graph::words::ADJECTIVES;
use crate::stem::stem;
use crate::text::{Lang, is_han, list, normalise, tokens};

/// How a number limits a property.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Limit {
    /// At most this much.
    Most(f64),
    /// Less than this.
    Under(f64),
    /// At least this much.
    Least(f64),
    /// More than this.
    Over(f64),
    /// About this much.
    About(f64),
    /// Exactly this much.
    Exactly(f64),
    /// Between the two.
    Between(f64, f64),
}

impl Limit {
    /// Whether a value keeps to it.
    pub(crate) fn allows(self, value: f64) -> bool {
        match self {
            Limit::Most(limit) => value <= limit,
            Limit::Under(limit) => value < limit,
            Limit::Least(limit) => value >= limit,
            Limit::Over(limit) => value > limit,
            Limit::About(limit) => (value - limit).abs() <= limit * 0.2,
            Limit::Exactly(limit) => (value - limit).abs() < 1e-6,
            Limit::Between(low, high) => (low..=high).contains(&value),
        }
    }

    /// How far a value is from keeping to it.
    pub(crate) fn misses_by(self, value: f64) -> f64 {
        match self {
            _ if self.allows(value) => 0.0,
            Limit::Most(limit) | Limit::Under(limit) | Limit::Least(limit) | Limit::Over(limit) | Limit::About(limit) | Limit::Exactly(limit) => {
                (value - limit).abs()
            }
            Limit::Between(low, high) => (low - value).max(value - high),
        }
    }
}

/// A limit on a property.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bound {
    /// The keys of the property, the likeliest first.
    pub keys: Vec<String>,
    /// The limit.
    pub limit: Limit,
    /// Whether the line says that it is a limit: a number alone may also be told by the way.
    pub said: bool,
}

/// An order that a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// The keys of the property; `size` and `quick` depend on the thing; empty: whatever property is named.
    pub keys: Vec<String>,
    /// Whether the most of it is meant.
    pub most: bool,
    /// Whether it says "the most of all".
    pub superlative: bool,
}

/// What a line says about goods and plans.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reading {
    /// The names in it.
    pub mentions: Vec<Mention>,
    /// The groups it names, by their numbers.
    pub groups: Vec<u32>,
    /// The possible readings of each property that is named.
    pub asked: Vec<Vec<u32>>,
    /// The orders it asks for.
    pub orders: Vec<Order>,
    /// The limits it sets.
    pub bounds: Vec<Bound>,
    /// Whether it asks how many there are.
    pub counts: bool,
    /// Whether it asks which there are.
    pub lists: bool,
    /// Whether it compares.
    pub compares: bool,
    /// Whether it asks what is worth its money.
    pub worth: bool,
    /// Whether it asks for all there is, or several.
    pub wants_advice: bool,
    /// Whether it is a question about having something or being able to do something.
    pub whether: bool,
    /// Whether its properties or groups are refused: "without a contract".
    pub negated: Vec<String>,
    /// Unexplained words, in pieces.
    pub pieces: Vec<String>,
    /// The number of unexplained tokens; of those in clauses that name and ask nothing, a third.
    pub rest: usize,
    /// Whether it says "only".
    pub only: bool,
    /// Whether something else than a fact is asked for.
    pub elsewhere: bool,
    /// Whether the price is asked for together with another property.
    pub price_of_something: bool,
    /// The line without the names: a name alone is no evidence for an entry that happens to contain it.
    pub without_names: String,
    /// Words of the properties, for searching sentences.
    pub property_words: Vec<String>,
    /// The number of tokens.
    pub length: usize,
}

impl Reading {
    /// The items that are named without doubt, in their order.
    pub(crate) fn named_items(&self) -> Vec<Item> {
        let mut out: Vec<Item> = Vec::new();
        for mention in self.mentions.iter().filter(|mention| mention.items.len() == 1 && !mention.weak) {
            if !out.contains(&mention.items[0]) {
                out.push(mention.items[0]);
            }
        }
        out
    }

    /// The family that is named, if no member is.
    pub(crate) fn family(&self) -> Option<&[Item]> {
        self.mentions.iter().find(|mention| mention.items.len() > 1 && !mention.weak).map(|mention| mention.items.as_slice())
    }

    /// Whether the line says anything about the catalogue besides names.
    pub(crate) fn asks(&self) -> bool {
        !self.asked.is_empty() || !self.orders.is_empty() || !self.bounds.is_empty() || self.counts || self.lists || self.compares || self.worth
    }
}

const COUNTS_ZH: &str = "几款|多少款|几种|多少种|几个套餐|多少个套餐|几台|多少台|几部|多少部|几样|多少样|几件|几档|多少档|几个型号|多少个型号|几类|一共几|总共几|共几|有几个|多少个|几只|几块手表|几块表|几副";
const LISTS_ZH: &str = "有哪些|有哪几|哪些|哪几|都有什么|有什么|有啥|有没有|列一下|列出|列|报给我|报一下|有谁|都有谁|有木有|推荐|全部|所有|哪样|找|想要|想买|想找|要个|要一|来个|来一|有吗|的有|找个|买个|有无|都有|对吧|对不对|是吧|是哪|哪个|哪款|哪台|哪种|哪部|哪一";
const COMPARES_ZH: &str = "区别|不同|差别|差异|对比|比较|相比|比一比|差多少|差在哪|差几|差了|不一样|一样吗|vs|pk|还是|比起|哪个好|哪个更|谁更|哪款更|哪个强|怎么选|咋选|选哪|买哪|少啥|多啥|少什么|多什么|贵多少|便宜多少|多多少|少多少|重多少|轻多少|大多少|差价|差";
const WORTH_ZH: &str = "划算|性价比|值不值|值得|合算|更值|划得来|值";
const ADVICE_ZH: &str = "推荐|想买|买哪|选哪|买什么|买啥|选什么|怎么选|挑|帮我选|想要|想换|想入|求推荐|哪个好|哪款好|买个|买台|买部|换个|换台|换部|要买|打算买|准备买|选购|选一|介绍几|有什么好";
const WHETHER_ZH: &str = "吗|支持|有没有|能不能|可不可以|是否|是不是|能否|带不带|有无|么|不|没|吧|可以|能";
const NEGATION_ZH: &str = "无需|不需|不必|不要|不带|没有|不含|无|不签|不用|别带|非|不是|不需要|免|没|不绑";

const COUNTS_EN: &str = "how many|number of|count of|how many different|how many kinds|how many models";
const LISTS_EN: &str = "which|what|list|show|any|all|have you got|do you have|do you sell|got any|looking for|i want|i need|give me|find|recommend|name";
const COMPARES_EN: &str = "difference|differ|different|compare|compared|comparing|comparison|versus|vs|against|side by side|or|better|same|differences|how much more|how much less|which one|apart|pick|choose|torn|between|how do they|more than|less than|cheaper than|than";
const WORTH_EN: &str = "better value|best value|good value|value for money|worth|better deal|best deal|most for my money|bang for";
const ADVICE_EN: &str = "should i buy|should i get|should i choose|recommend|which one should|looking for|looking to buy|want to buy|help me choose|help me pick|suggest|thinking of buying|need a new|want a new|in the market|shopping for|buy a|get a new|advise|choose a|pick a|help choosing|i need a|i want a|advice";
const NEGATION_EN: &str = "without|no|not|don't|isn't|non|free of";

impl Graph {
    /// Reads a line; `grammar` corrects misspelt words that are not part of a name, `about` are the items that the thread is about.
    pub(crate) fn read(&self, text: &str, lang: Lang, grammar: &Grammar, about: &[Item]) -> Reading {
        let lexicon = &self.lexicons[lang as usize];
        let normal = self.with_spelt_names(&with_digits(&normalise(text)), lang);
        let raw = tokens(&normal);
        let line: Vec<String> = raw
            .iter()
            .map(|&word| {
                if lang == Lang::Zh {
                    return word.to_owned();
                }
                let own = stem(word);
                let known = self.names.knows(&own, lang)
                    || [&lexicon.properties, &lexicon.groups, &lexicon.adjectives, &lexicon.fillers, &lexicon.elsewhere].iter().any(|words| words.knows(&own));
                if known { own } else { stem(grammar.mend(word)) }
            })
            .collect();
        let mut reading = Reading { length: line.len(), ..Reading::default() };
        let measured = measures_in(&raw);
        let spoken_of = lexicon.groups.spans(&line);
        let kinds = spoken_of
            .iter()
            .flat_map(|span| span.groups)
            .map(|group| &self.groups[*group as usize])
            .filter(|group| group.key.starts_with("kind:") && group.key != "kind:all");
        let kin: Vec<Item> = kinds.flat_map(|group| group.items.iter().copied()).collect();
        reading.mentions = self.names.find(
            &line,
            &measured.iter().map(Option::is_some).collect::<Vec<_>>(),
            lang,
            about,
            &kin,
            &lexicon.properties.spans(&line).iter().map(|span| (span.start, span.end)).collect::<Vec<_>>(),
        );
        let phrases = lexicon.properties.spans(&line);
        reading.mentions.retain(|mention| {
            !phrases.iter().any(|span| span.start <= mention.start && mention.end <= span.end && span.end - span.start > mention.end - mention.start)
        });
        let mut explained = vec![false; line.len()];
        let in_name = |explained: &mut Vec<bool>, mentions: &[Mention]| mentions.iter().for_each(|mention| explained[mention.start..mention.end].fill(true));
        in_name(&mut explained, &reading.mentions);
        let gap = if lang == Lang::Zh { "" } else { " " };
        reading.without_names = raw.iter().zip(&explained).filter(|(_, done)| !**done).map(|(word, _)| *word).collect::<Vec<_>>().join(gap);
        let masked: Vec<&str> = line.iter().zip(&explained).map(|(word, done)| if *done { "" } else { word.as_str() }).collect();
        reading.elsewhere = !lexicon.elsewhere.spans(&masked).is_empty();
        self.read_properties(&mut reading, &masked, &mut explained, lang);
        let before_bounds = explained.clone();
        let words = Words { raw: &raw, line: &line, masked: &masked, normal: &normal, lang };
        self.read_bounds(&mut reading, &words, &measured, &mut explained);
        let bounds: Vec<bool> = explained.iter().zip(&before_bounds).map(|(now, before)| *now && !*before).collect();
        let asked_about = normal.replace("what about", "").replace("how about", "");
        let has =
            |phrases: &'static str| list(phrases).any(|phrase| if lang == Lang::Zh { normal.contains(phrase) } else { contains_words(&asked_about, phrase) });
        let [counts, lists, compares, worth, advice] = match lang {
            Lang::Zh => [COUNTS_ZH, LISTS_ZH, COMPARES_ZH, WORTH_ZH, ADVICE_ZH],
            Lang::En => [COUNTS_EN, LISTS_EN, COMPARES_EN, WORTH_EN, ADVICE_EN],
        };
        (reading.counts, reading.lists, reading.compares, reading.worth, reading.wants_advice) =
            (has(counts), has(lists), has(compares), has(worth), has(advice));
        reading.whether = match lang {
            Lang::Zh => has(WHETHER_ZH),
            Lang::En => raw.iter().any(|first| list("does|is|can|has|do|are|will|did|could").any(|word| word == *first)),
        };
        self.read_orders(&mut reading, &words, &bounds, &mut explained);
        let fillers = lexicon.fillers.spans(&masked);
        let mut core = explained.clone();
        self.read_units(&mut reading, &words, &mut explained);
        let unheld: Vec<&str> = masked.iter().zip(&explained).map(|(word, done)| if *done && !word.is_empty() { "" } else { *word }).collect();
        let mut group_spans: Vec<(usize, usize)> = Vec::new();
        for span in lexicon.groups.spans(&masked) {
            let around = if lang == Lang::Zh { raw.get(span.end..(span.end + 2).min(raw.len())) } else { raw.get(span.start.saturating_sub(2)..span.start) };
            let around = around.unwrap_or_default().join(if lang == Lang::Zh { "" } else { " " });
            let excluded = list(if lang == Lang::Zh { "不算|除外|不要" } else { "not the|not|except|except the|excluding|without" })
                .any(|word| around.ends_with(word) || around == word);
            let inside = phrases.iter().any(|phrase| phrase.start <= span.start && span.end <= phrase.end && phrase.end - phrase.start > span.end - span.start);
            if excluded || inside {
                explained[span.start..span.end].fill(true);
                continue;
            }
            let within_property = (span.start..span.end).all(|at| unheld[at].is_empty());
            for group in span.groups {
                let kind = self.groups[*group as usize].is_a_kind();
                let general = self.groups[*group as usize].key == "kind:all" && !reading.groups.is_empty();
                if !reading.groups.contains(group) && (kind || !within_property) && !general {
                    reading.groups.push(*group);
                }
            }
            explained[span.start..span.end].fill(true);
            core[span.start..span.end].fill(true);
            group_spans.push((span.start, span.end));
        }
        for span in fillers {
            explained[span.start..span.end].fill(true);
        }
        let whole_kinds = group_spans.iter().any(|(start, end)| if lang == Lang::Zh { *end == line.len() && normal.contains('的') } else { *start == 0 });
        reading.lists |= whole_kinds && reading.groups.iter().any(|group| self.groups[*group as usize].key.starts_with("kind:"));
        reading.only = if lang == Lang::Zh { list("只|仅|光").any(|word| normal.contains(word)) } else { contains_words(&normal, "only") };
        reading.rest = count_unexplained(&normal, &raw, &explained, &core);
        reading.pieces = pieces(&line, &explained, lang);
        reading
    }

    /// The line with slips of the keyboard in names corrected: "X9 Pr0".
    fn with_spelt_names(&self, normal: &str, lang: Lang) -> String {
        let mut out = String::with_capacity(normal.len());
        let mut run = String::new();
        for c in normal.chars().chain(std::iter::once('\n')) {
            if c.is_ascii_alphanumeric() {
                run.push(c);
                continue;
            }
            if !run.is_empty() {
                let mixed = run.chars().any(|c| c.is_ascii_digit());
                let plain = !mixed && self.lexicons[lang as usize].fillers.knows(&run);
                let spelt = if plain || run.len() > 24 { None } else { self.names.spelt(&run, lang) };
                out.push_str(spelt.as_deref().unwrap_or(&run));
                run.clear();
            }
            if c != '\n' {
                out.push(c);
            }
        }
        out
    }

    fn read_properties(&self, reading: &mut Reading, masked: &[&str], explained: &mut [bool], lang: Lang) {
        let spans = self.lexicons[lang as usize].properties.spans(masked);
        let first_key = |groups: &[u32]| groups.first().map_or("", |group| self.keys(*group)[0].as_str());
        let is = |groups: &[u32], key: &str| groups.len() == 1 && first_key(groups) == key;
        let weak = |start: usize, end: usize| lang == Lang::En && masked[start..end] == ["how", "much"];
        let gap = if lang == Lang::Zh { "" } else { " " };
        for span in &spans {
            explained[span.start..span.end].fill(true);
            let others = spans.iter().any(|other| !is(other.groups, "@price") && !is(other.groups, "@overview"));
            if is(span.groups, "@overview") && spans.len() > 1 {
                continue;
            }
            if is(span.groups, "@price") && others {
                reading.price_of_something |= !weak(span.start, span.end);
                continue;
            }
            let words = masked[span.start..span.end].join(gap);
            if let Some(known) = reading.asked.iter().position(|groups| groups == span.groups) {
                if words.chars().any(|c| c.is_ascii_digit()) {
                    reading.property_words[known] = words;
                }
            } else {
                reading.asked.push(span.groups.to_vec());
                reading.property_words.push(words);
            }
            let negations = if lang == Lang::Zh { NEGATION_ZH } else { NEGATION_EN };
            let before = masked[span.start.saturating_sub(3)..span.start].join(gap);
            let refused = |word: &str| {
                (before.ends_with(word) || lang == Lang::Zh && word.chars().count() > 1 && before.contains(word))
                    && !before.ends_with("有没有")
                    && !before.ends_with("没有没有")
            };
            if list(negations).any(refused) {
                reading.negated.extend(span.groups.iter().flat_map(|group| self.keys(*group).iter().cloned()));
            }
        }
    }

    fn read_bounds(&self, reading: &mut Reading, words: &Words<'_>, measured: &[Option<Measured>], explained: &mut [bool]) {
        let Words { raw, line, lang, .. } = *words;
        let near: Vec<(usize, Vec<u32>)> = self.lexicons[lang as usize].properties.spans(line).iter().map(|span| (span.start, span.groups.to_vec())).collect();
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
                for (back, word) in words.iter().rev().enumerate() {
                    if comparing(word) && at > back {
                        explained[at - back - 1] = true;
                    }
                }
            }
            if limit.is_some() && lang == Lang::Zh && before.ends_with('比') {
                // 比5000还大: the adjective belongs to the limit
                let tail = raw.get(stop..stop + 2).unwrap_or_default().iter().filter(|word| "还更要大高多贵长重强快久小低少便短轻慢".contains(**word)).count();
                explained[stop..stop + tail].fill(true);
            }
            // part of a telephone number
            if raw[at].len() > 6 || raw.len() > at + 1 && raw[at + 1].len() == 4 && raw[at + 1].starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            let key_of = |found: Option<Measured>| -> Option<(Vec<String>, f64)> {
                found.map(|found| (found.keys.iter().map(|key| (*key).to_owned()).collect(), found.factor))
            };
            let of_unit = |start: usize| found.is_some_and(|found| (at + 1..found.end).contains(&start));
            let fits =
                |groups: &[u32]| found.is_some_and(|found| groups.iter().any(|group| self.keys(*group).iter().any(|key| found.keys.contains(&key.as_str()))));
            let candidates = near.iter().filter(|(start, _)| start.abs_diff(at) <= 5 && !of_unit(*start));
            let closest = candidates.min_by_key(|(start, groups)| (!fits(groups), start.abs_diff(at)));
            let is_next = lang == Lang::En && closest.is_some_and(|(start, _)| *start < at && at - start <= 2) && found.is_none();
            let property = closest.map(|(_, groups)| groups.iter().flat_map(|group| self.keys(*group).iter().cloned()).collect::<Vec<String>>());
            let unit_measured = measured[at].or_else(|| second.filter(|_| joined).and_then(|next| measured[next]));
            let (keys, factor) = match (key_of(unit_measured), property) {
                (Some((unit, factor)), Some(named)) => {
                    let both: Vec<String> = named.iter().filter(|key| unit.contains(key)).cloned().collect();
                    (if both.is_empty() { unit } else { both }, factor)
                }
                (Some((unit, factor)), None) => (unit, factor),
                (None, Some(named)) if limit.is_some() || is_next && number <= 9.0 => (named, 1.0),
                (None, None) if limit.is_some() => (vec!["@price".to_owned()], 1.0),
                _ => continue,
            };
            if keys.first().is_some_and(|key| key == "@overview" || key == "@stock") {
                continue;
            }
            let scale = |limit: Limit| match limit {
                Limit::Most(n) => Limit::Most(n * factor),
                Limit::Under(n) => Limit::Under(n * factor),
                Limit::Least(n) => Limit::Least(n * factor),
                Limit::Over(n) => Limit::Over(n * factor),
                Limit::About(n) => Limit::About(n * factor),
                Limit::Exactly(n) => Limit::Exactly(n * factor),
                Limit::Between(low, high) => Limit::Between(low * factor, high * factor),
            };
            said &= limit.is_some();
            let limit = limit.unwrap_or(if keys[0] == "@price" { Limit::About(number) } else { Limit::Exactly(number) });
            explained[at..stop].fill(true);
            let comparator = comparator_length(&after, lang);
            let end = (stop + comparator).min(explained.len());
            explained[stop.min(end)..end].fill(true);
            skip = end.max(stop);
            reading.bounds.push(Bound { keys, limit: scale(limit), said });
        }
    }

    /// Reads a unit without a number as the property it measures, if none is named: "几多克", "kilos?".
    fn read_units(&self, reading: &mut Reading, words: &Words<'_>, explained: &mut [bool]) {
        if !reading.asked.is_empty() || !reading.bounds.is_empty() || reading.mentions.is_empty() {
            return;
        }
        let Words { raw, lang, .. } = *words;
        for at in 0..raw.len() {
            let asks = if lang == Lang::Zh { at > 0 && matches!(raw[at - 1], "几" | "少" | "多" | "个") } else { raw[at].len() > 2 };
            let Some((keys, length)) =
                (1..=3).rev().find_map(|length| Some((unit(&raw.get(at..at + length)?.concat())?.0, length))).filter(|_| asks && !explained[at])
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

    fn read_orders(&self, reading: &mut Reading, words: &Words<'_>, bounds: &[bool], explained: &mut [bool]) {
        let Words { line, masked, normal, lang, .. } = *words;
        let chinese = lang == Lang::Zh;
        let trigger = !chinese || reading.named_items().len() > 1 || list("最|更|谁|哪|比|还是|点的|些的|差").any(|mark| normal.contains(mark));
        let free: Vec<&str> = masked.iter().zip(explained.iter()).map(|(word, done)| if *done { "" } else { *word }).collect();
        for span in self.lexicons[lang as usize].adjectives.spans(masked) {
            if bounds[span.start..span.end].iter().any(|bound| *bound) {
                continue;
            }
            let before = span.start.checked_sub(1).and_then(|at| line.get(at)).map_or("", String::as_str);
            let Some(adjective) = span.groups.first().map(|group| &ADJECTIVES[*group as usize]) else { continue };
            let neutral = adjective.keys.is_empty() || adjective.keys == "size" || adjective.keys == "quick";
            let superlative = if chinese {
                before == "最"
            } else {
                line[span.start..span.end]
                    .iter()
                    .any(|word| word.ends_with("est") || matches!(word.as_str(), "most" | "least" | "best" | "worst" | "maximum" | "top" | "dearest"))
                    || raw_ends_est(normal, &line[span.start])
            };
            let hidden = chinese && !superlative && free[span.start..span.end].iter().any(|word| word.is_empty());
            if hidden {
                continue;
            }
            let counted = chinese
                && (matches!(before, "多" | "几")
                    || line.get(span.end).is_some_and(|next| neutral && matches!(next.as_str(), "少" | "久" | "家" | "概" | "约" | "像" | "数" | "级")));
            if counted || chinese && !superlative && (!trigger || before.is_empty() && neutral) && !followed_by_pick(line, span.end) {
                continue;
            }
            if !chinese
                && !superlative
                && ["more", "less", "best", "better", "top", "most"].contains(&line[span.start].as_str())
                && !reading.lists
                && reading.mentions.len() < 2
                && !reading.compares
            {
                continue;
            }
            if !superlative
                && !chinese
                && reading.bounds.iter().any(|bound| bound.said)
                && ["more", "less", "higher", "lower", "bigger", "larger", "fewer", "longer"].contains(&normal_word(&line[span.start]))
            {
                continue;
            }
            explained[span.start..span.end].fill(true);
            let keys = list(adjective.keys).filter(|key| !key.is_empty()).map(str::to_owned).collect();
            reading.orders.push(Order { keys, most: adjective.most, superlative });
        }
    }
}

/// The number of unexplained tokens; those in clauses without anything of the `core` count a third.
fn count_unexplained(normal: &str, raw: &[&str], explained: &[bool], core: &[bool]) -> usize {
    let place = |word: &str| (word.as_ptr() as usize).saturating_sub(normal.as_ptr() as usize);
    let ends: Vec<usize> = normal.match_indices([',', '，', '。', '?', '!', ';', '；', '\n']).map(|(at, _)| at).collect();
    let clause = |at: usize| ends.iter().filter(|end| **end <= place(raw[at])).count();
    let cores: Vec<usize> = (0..raw.len()).filter(|at| core[*at]).map(clause).collect();
    let open = (0..raw.len()).filter(|at| !explained[*at]);
    let (within, aside): (Vec<usize>, Vec<usize>) = open.partition(|at| cores.is_empty() || cores.contains(&clause(*at)));
    within.len() + aside.len().div_ceil(3)
}

/// The longer form of a stemmed comparative, as far as they differ.
fn normal_word(word: &str) -> &str {
    match word {
        "bigger" | "big" => "bigger",
        "larger" | "larg" => "larger",
        "longer" | "long" => "longer",
        other => other,
    }
}

fn raw_ends_est(normal: &str, stem: &str) -> bool {
    let root: String = stem.chars().take(4).collect();
    tokens(normal).iter().any(|word| word.starts_with(&root) && word.ends_with("est") && word.len() > 4)
}

fn followed_by_pick(line: &[String], end: usize) -> bool {
    line.get(end).is_some_and(|next| matches!(next.as_str(), "的" | "那" | "一" | "点" | "些" | "版" | "号"))
}

/// The words of a line in their several forms.
struct Words<'a> {
    /// As they are written.
    raw: &'a [&'a str],
    /// In the form in which they are compared.
    line: &'a [String],
    /// The same, without those of names.
    masked: &'a [&'a str],
    /// The whole line in its normal form.
    normal: &'a str,
    lang: Lang,
}

/// A unit after a number: the token after it, what it measures, and what one of it is.
#[derive(Debug, Clone, Copy)]
struct Measured {
    end: usize,
    keys: &'static [&'static str],
    factor: f64,
}

/// The units that follow the numbers of a line.
fn measures_in(raw: &[&str]) -> Vec<Option<Measured>> {
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
                // 190 g is a weight, 256 g a memory
                let grams = word == "g" && raw[at].parse::<u32>().is_ok_and(|number| number > 64 && !number.is_power_of_two());
                if let Some((keys, factor)) = unit(if grams { "gram" } else { &word }) {
                    return Some(Measured { end: at + 1 + length, keys, factor });
                }
            }
            None
        })
        .collect()
}

fn contains_words(normal: &str, phrase: &str) -> bool {
    normal.match_indices(phrase).any(|(at, _)| {
        let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '\'');
        !inside(normal[..at].chars().next_back()) && !inside(normal[at + phrase.len()..].chars().next())
    })
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

fn limit_of(before: &str, after: &str, number: f64, lang: Lang) -> Option<Limit> {
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

fn pieces(line: &[String], explained: &[bool], lang: Lang) -> Vec<String> {
    let mut out = Vec::new();
    let mut piece = String::new();
    for (word, done) in line.iter().map(String::as_str).zip(explained).chain(std::iter::once(("", &true))) {
        if !done && lang == Lang::Zh {
            if !piece.is_empty() && piece.chars().next_back().is_some_and(is_han) != word.chars().next().is_some_and(is_han) {
                out.push(std::mem::take(&mut piece));
            }
            piece.push_str(word);
        } else if !done {
            out.push(word.to_owned());
        } else if !piece.is_empty() {
            out.push(std::mem::take(&mut piece));
        }
    }
    out
}
