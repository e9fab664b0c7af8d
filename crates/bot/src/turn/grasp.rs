//! Reads a line as a question about goods and plans, in its thread: which items it is about, what it leaves out, and how clearly they answer it.

use crate::bot::Bot;
use crate::graph::Graph;
use crate::graph::facts::Item;
use crate::graph::found::{Found, Sort};
use crate::graph::reading::{Aim, Reading};
use crate::knowledge::Entry;
use crate::text::{Lang, says};
use crate::thread::{Place, Standing, Thread, picked_and_asked, place};
use utterance::refusing::refuses_such;

/// How a line is read that only asks whether the page's item fits another, in Chinese and English.
const ASKS_WHAT_FITS: [&str; 2] = ["适用什么机型", "which models does it fit"];

/// How the items of a question are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// The line names them.
    Named,
    /// The line picks one of those that were listed.
    Picked,
    /// The line points at them.
    Pointed,
    /// The thread is about them.
    Carried,
    /// There are none: the line is about a kind of thing, or nothing in the catalogue.
    None,
}

/// How clearly goods and plans answer a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Clear {
    /// If nothing else does.
    Hardly,
    /// If the FAQ is not sure.
    Likely,
    /// Before the FAQ is asked.
    Surely,
}

/// A line in its thread, read as a question about goods and plans.
pub(super) struct Grasp {
    pub(super) reading: Reading,
    pub(super) items: Vec<Item>,
    pub(super) how: How,
    pub(super) found: Option<Found>,
    pub(super) clear: Clear,
    pub(super) inherited: bool,
    /// Whether the line only tells something of the items.
    pub(super) tells: bool,
    /// Whether the line wants another than the one that the page or the thread is about, and asks nothing of that.
    pub(super) wants_another: bool,
}

impl Grasp {
    /// The words about which the sentences of an item may say something; none if the line asks for none.
    pub(super) fn words_to_quote(&self) -> Vec<String> {
        let reading = &self.reading;
        let words: &[String] = if reading.aim == Aim::Beside { &[] } else { &reading.property_words };
        if reading.aim < Aim::Beside { Vec::new() } else { reading.pieces.iter().chain(words).cloned().collect() }
    }
}

impl Bot {
    /// Reads a line as a question about goods and plans, in its thread, and answers it.
    pub(super) fn grasp(&self, line: &str, lang: Lang, stands: Standing, thread: &Thread) -> Grasp {
        let grammar = &self.indexes[lang as usize].grammar;
        let (focus, recent) = (self.items(&thread.focus), self.items(&thread.recent));
        let mut reading = self.graph.read(line, lang, grammar, &recent);
        if let [_] = reading.named_items().as_slice() {
            reading.orders.retain(|order| order.superlative && reading.lists);
        }
        let (items, how, rest) = self.subjects(&reading, line, lang, stands, thread);
        if let Some(rest) = rest {
            let mentions = std::mem::take(&mut reading.mentions);
            reading = Reading { mentions, ..self.graph.read(&rest, lang, grammar, &focus) };
        }
        let inherited = self.inherit(&mut reading, &items, how, stands, lang, thread);
        let found = if how == How::None && thread.last_was_items && reading.mentions.is_empty() && reading.groups.is_empty() && !reading.asks() {
            None
        } else {
            self.graph.answer(&reading, &items, lang)
        };
        let told: Vec<String> = reading.pieces.iter().chain(&reading.property_words).cloned().collect();
        let quoted = match (&found, items.as_slice()) {
            (Some(found), [item]) if found.sort == Sort::Unlisted => self.graph.quote(*item, &told, lang),
            _ => None,
        };
        let found = quoted.or(found);
        let wants_other = !inherited && found.as_ref().is_some_and(|found| wants_no_value(&reading, found, how));
        let tells = !inherited && found.as_ref().is_some_and(|found| only_tells(&reading, found, how, stands, &self.graph));
        let tells = tells || wants_other && reading.aim < Aim::Beside;
        let wants_another = !inherited && items.len() == 1 && matches!(how, How::Pointed | How::Carried) && wants_another(&reading, line, lang);
        let found = found.filter(|_| !tells && !wants_other && !wants_another);
        let clear = found.as_ref().map_or(Clear::Hardly, |found| clarity(&reading, found, how, inherited, stands, lang, thread));
        Grasp { reading, items, how, found, clear, inherited, tells, wants_another }
    }

    /// Items that were picked from what was shown, read as the question that led there.
    pub(super) fn grasp_items(&self, items: &[Item], lang: Lang, thread: &Thread) -> Grasp {
        let mut reading = Reading::default();
        let inherited = self.inherit(&mut reading, items, How::Picked, Standing::default(), lang, thread);
        let found = self.graph.answer(&reading, items, lang);
        Grasp { reading, items: items.to_vec(), how: How::Picked, found, clear: Clear::Surely, inherited, tells: false, wants_another: false }
    }

    /// The items that a line is about, how they are known, and what it asks besides if it first picks one.
    fn subjects(&self, reading: &Reading, line: &str, lang: Lang, stands: Standing, thread: &Thread) -> (Vec<Item>, How, Option<String>) {
        let unrefused = |ids: &[String]| self.items(ids).into_iter().filter(|item| !reading.refused.contains(item)).collect::<Vec<Item>>();
        let (focus, list, recent) = (unrefused(&thread.focus), unrefused(&thread.list), unrefused(&thread.recent));
        let mut named = reading.named_items();
        let page = thread.page.as_deref().and_then(|id| self.graph.item(id));
        if let ([other], Some(page)) = (named.as_slice(), page)
            && *other != page
            && !self.graph.kin(page).contains(other)
            && asks_whether_it_fits(line, lang)
        {
            let bare = reading.asked.is_empty() && !reading.elsewhere && reading.rest <= if lang == Lang::Zh { 4 } else { 2 };
            return (vec![page], How::Pointed, bare.then(|| ASKS_WHAT_FITS[lang as usize].to_owned()));
        }
        if !named.is_empty() {
            if named.len() == 1 && reading.compares && (stands.points || asks_for_difference(line, lang)) && focus.len() == 1 && focus[0] != named[0] {
                named.insert(0, focus[0]);
            }
            return (named, How::Named, None);
        }
        if let Some(picked) = self.pick(reading, line, lang, stands, thread) {
            return picked;
        }
        if reading.family().is_some() {
            return (Vec::new(), How::None, None);
        }
        let kinds: Vec<u32> = reading.groups.iter().copied().filter(|group| self.graph.groups[*group as usize].is_a_kind()).collect();
        let of_kind = |item: &Item| kinds.iter().any(|group| self.graph.groups[*group as usize].items.contains(item));
        let general = reading.counts
            || reading.lists && !stands.points
            || reading.orders.iter().any(|order| order.superlative)
            || reading.bounds.iter().any(|bound| bound.said);
        if !kinds.is_empty() {
            let refers = !general && !reading.wants_advice && (stands.points || !reading.asked.is_empty());
            let broad = reading.counts || reading.orders.iter().any(|order| order.superlative) || reading.bounds.iter().any(|bound| bound.said);
            let known = recent.iter().copied().find(|item| of_kind(item)).filter(|_| refers || !broad && !reading.asked.is_empty());
            let only = || {
                self.graph
                    .only_one(reading, lang)
                    .filter(|_| !reading.asked.is_empty() && !broad && stands.asks && reading.rest <= 3 && !self.graph.asks_for_stock(reading))
            };
            let page = || focus.first().copied().filter(|_| stands.points && focus.len() == 1 && !general);
            return match known.or_else(only).or_else(page) {
                Some(item) => (vec![item], How::Pointed, None),
                None => (Vec::new(), How::None, None),
            };
        }
        // "哪个更轻", after one laptop and then another
        let between = says(line, lang, if lang == Lang::Zh { "哪个|哪款|哪台|谁" } else { "which" });
        if let [last, before, ..] = recent.as_slice()
            && list.len() < 2
            && thread.last_was_items
            && between
            && !reading.orders.is_empty()
            && reading.orders.iter().all(|order| !order.superlative)
            && self.graph.kin(*last).contains(before)
        {
            return (vec![*before, *last], How::Carried, None);
        }
        let asks_between = (!reading.orders.is_empty() || reading.compares || reading.worth) && list.len() > 1;
        if list.len() > 1 && (stands.points_at_several || asks_between) && (reading.asks() || stands.points) {
            return (list, if stands.points { How::Pointed } else { How::Carried }, None);
        }
        if stands.points && !focus.is_empty() {
            return (focus, How::Pointed, None);
        }
        if reading.counts && reading.orders.is_empty() && reading.asked.is_empty() {
            return (Vec::new(), How::None, None);
        }
        // "which one has 1000 Mbps", of a plan that has 300: another one is looked for
        let which = says(line, lang, if lang == Lang::Zh { "哪个|哪款|哪台|哪档|哪种" } else { "which" });
        if which && thread.last_was_items && !reading.bounds.is_empty() && self.graph.items_described_by(reading, &focus, lang).is_empty() {
            return (Vec::new(), How::None, None);
        }
        let asks = !reading.asked.is_empty() || !reading.orders.is_empty() || !reading.bounds.is_empty() || reading.worth;
        // after "宽带坏了怎么办", "多少钱" asks for the price of no plan
        let parted = thread.parted && thread.page.is_none();
        if asks && !parted && !focus.is_empty() && !reading.bounds.iter().any(|bound| bound.said) {
            return (focus, How::Carried, None);
        }
        if thread.last_was_items && focus.len() == 1 && !general {
            return (focus, How::Carried, None);
        }
        (Vec::new(), How::None, None)
    }

    /// The one of a list that a line picks by its place, by comparing, or by what it is like; and what the line asks about it.
    fn pick(&self, reading: &Reading, line: &str, lang: Lang, stands: Standing, thread: &Thread) -> Option<(Vec<Item>, How, Option<String>)> {
        let (list, focus) = (self.items(&thread.list), self.items(&thread.focus));
        let (list, focus) = (list.as_slice(), focus.as_slice());
        let grammar = &self.indexes[lang as usize].grammar;
        if list.len() > 1 {
            let by_place = place(line, lang).and_then(|place| match place {
                Place::At(at) => list.get(at).copied(),
                Place::Last => list.last().copied(),
                Place::Middle => {
                    let mut sorted = list.to_vec();
                    sorted.sort_by_key(|item| self.graph.node(*item).price_fen);
                    sorted.get(sorted.len() / 2).copied()
                }
                Place::Other => list.iter().copied().find(|item| !focus.contains(item)).filter(|_| focus.len() == 1),
            });
            if let Some(item) = by_place {
                return Some((vec![item], How::Picked, None));
            }
        }
        let asks_which = match lang {
            Lang::Zh => ["哪", "谁"].iter().any(|word| line.contains(word)),
            Lang::En => line.contains("which") || line.contains("what is the difference"),
        };
        let new_scope = reading
            .groups
            .iter()
            .any(|group| self.graph.groups[*group as usize].is_a_kind() && !list.iter().all(|item| self.graph.groups[*group as usize].items.contains(item)));
        let among = |from: &[Item], reading: &Reading| {
            let order = reading.orders.first()?;
            let found = self.graph.among(reading, from, order, lang)?;
            Some(found)
        };
        let (left, right) = picked_and_asked(line, lang).unwrap_or((line, ""));
        let described = self.graph.read(left, lang, grammar, list);
        let rest = (!right.trim().is_empty()).then(|| right.to_owned());
        if list.len() > 1 && !asks_which && !new_scope {
            if let Some(item) = among(list, &described).filter(|_| !described.orders.is_empty()) {
                return Some((vec![item], How::Picked, rest.or_else(|| Some(without_order(left, lang)))));
            }
            if picked_and_asked(line, lang).is_some() {
                let fitting = self.graph.items_described_by(&described, list, lang);
                if let [item] = fitting.as_slice() {
                    return Some((vec![*item], How::Picked, Some(rest.unwrap_or_default())));
                }
            }
        }
        // "给老人那个", "16 寸那个": one of the same family or kind that was not listed
        if let Some(own) = focus.first().or(list.first())
            && thread.last_was_items
            && !asks_which
            && !(described.groups.is_empty() && described.bounds.is_empty())
            && described.orders.is_empty()
            && picked_and_asked(line, lang).is_some()
        {
            let mut fitting = Vec::new();
            if !described.bounds.is_empty() {
                fitting = self.graph.items_described_by(&described, &self.graph.family(*own), lang);
            }
            if fitting.is_empty() {
                fitting = self.graph.items_described_by(&described, &self.graph.kin(*own), lang);
            }
            if let [item] = fitting.as_slice() {
                return Some((vec![*item], How::Picked, Some(rest.unwrap_or_default())));
            }
        }
        // "and 55 inch": another one of the same family
        if let [item] = focus
            && thread.last_was_items
            && stands.goes_on
            && !asks_which
            && !described.bounds.is_empty()
            && reading.orders.is_empty()
            && self.graph.items_described_by(&described, focus, lang).is_empty()
        {
            let fitting = self.graph.items_described_by(&described, &self.graph.siblings(*item), lang);
            if let [other] = fitting.as_slice() {
                return Some((vec![*other], How::Picked, Some(String::new())));
            }
        }
        // the bigger one of the same family
        if let [item] = focus
            && !asks_which
            && !reading.orders.is_empty()
            && reading.groups.is_empty()
            && (thread.last_was_items || stands.points)
            && (picked_and_asked(line, lang).is_some() || line.contains("version") || line.contains("model"))
        {
            let family = self.graph.family(*item);
            let order = &reading.orders[0];
            let next = self.graph.next_in_order(reading, &family, *item, order)?;
            return Some((vec![next], How::Picked, Some(rest.unwrap_or_default())));
        }
        None
    }

    /// Adds what a line leaves out and the thread has: the property, the kind of thing, the order. Returns whether anything was added.
    fn inherit(&self, reading: &mut Reading, items: &[Item], how: How, stands: Standing, lang: Lang, thread: &Thread) -> bool {
        if thread.line.is_empty() || reading.elsewhere || !thread.last_was_items {
            return false;
        }
        let grammar = &self.indexes[lang as usize].grammar;
        let short = reading.rest <= if lang == Lang::Zh { 4 } else { 3 };
        let before = |bot: &Bot| bot.graph.read(&thread.line, lang, grammar, &[]);
        if !items.is_empty() {
            let bare =
                reading.asked.is_empty() && reading.orders.is_empty() && reading.bounds.is_empty() && !reading.worth && !(reading.compares && items.len() > 1);
            if !bare || !short || !matches!(how, How::Named | How::Picked) || !(stands.elliptic || how == How::Picked || reading.length <= 8) {
                return false;
            }
            let before = before(self);
            let fits = |property: &u32| self.graph.has(items[0], *property);
            reading.asked = before.asked.into_iter().filter(|groups| groups.iter().any(fits)).collect();
            reading.property_words = before.property_words;
            if reading.asked.is_empty() {
                reading.orders = before.orders;
            }
            return !reading.asked.is_empty() || !reading.orders.is_empty();
        }
        let goes_on = stands.elliptic || reading.lists && !reading.bounds.is_empty();
        if how != How::None || !thread.last_was_items || !goes_on || !short {
            return false;
        }
        let before = before(self);
        let kinds: Vec<u32> = before.groups.iter().copied().filter(|group| self.graph.groups[*group as usize].is_a_kind()).collect();
        let own_kind = reading.groups.iter().any(|group| self.graph.groups[*group as usize].is_a_kind());
        if own_kind && !reading.asks() {
            reading.orders = before.orders;
            reading.bounds = before.bounds;
            reading.asked = before.asked;
            reading.property_words = before.property_words;
            (reading.counts, reading.lists) = (before.counts, before.lists);
            return true;
        }
        let changes = !reading.orders.is_empty() || !reading.bounds.is_empty() || !reading.groups.is_empty();
        if !own_kind && changes && !kinds.is_empty() {
            reading.groups.extend(kinds);
            if reading.orders.is_empty() {
                reading.orders = before.orders;
            }
            reading.counts |= before.counts;
            reading.lists = true;
            return true;
        }
        false
    }

    /// The entry that compares the very items which a line compares, without asking for one property.
    pub(super) fn entry_comparing(&self, grasp: &Grasp) -> Option<&Entry> {
        let plain = grasp.how == How::Named
            && grasp.items.len() > 1
            && grasp.reading.compares
            && !grasp.reading.worth
            && self.graph.asks_for_nothing_special(&grasp.reading);
        let mut items = grasp.items.clone();
        items.sort_unstable();
        self.comparing.get(&items).filter(|_| plain).map(|at| &self.knowledge.entries[*at])
    }
}

/// How clearly goods and plans answer a line, by how much of it is left unexplained.
fn clarity(reading: &Reading, found: &Found, how: How, inherited: bool, stands: Standing, lang: Lang, thread: &Thread) -> Clear {
    let zh = lang == Lang::Zh;
    let within = |chinese: usize, english: usize| reading.rest <= if zh { chinese } else { english };
    let is_of_item = matches!(found.sort, Sort::Facts | Sort::Quote | Sort::Unlisted);
    if reading.elsewhere || is_of_item && !inherited && reading.aim == Aim::Perhaps {
        return Clear::Hardly;
    }
    let asks = reading.asks() || inherited;
    let graded = |surely: bool, likely: bool| match (surely, likely) {
        (true, _) => Clear::Surely,
        (false, true) => Clear::Likely,
        (false, false) => Clear::Hardly,
    };
    match (found.sort, how) {
        (Sort::Unlisted | Sort::Quote, How::Carried) => graded(false, within(0, 0) && (thread.page.is_some() || thread.last_was_items)),
        (Sort::Unlisted | Sort::Quote, How::Named | How::Pointed | How::Picked) => graded(within(0, 0), false),
        (Sort::Unlisted | Sort::Quote, _) => Clear::Hardly,
        (Sort::Open, _) => Clear::Surely,
        (Sort::Which, _) => graded(asks && within(6, 4) || within(1, 1), false),
        (Sort::Overview, _) if !thread.last_was_items && !thread.entries.is_empty() && stands.changes_one_thing => Clear::Hardly,
        (Sort::Overview, How::Pointed) if !thread.last_was_items && !thread.entries.is_empty() && thread.page.is_none() && stands.asks => Clear::Hardly,
        // What a page or the thread is about is described only to those who ask for nothing else.
        (Sort::Overview, How::Carried) if !within(0, 0) => Clear::Hardly,
        (Sort::Overview, _) => graded(within(0, 0), within(3, 2)),
        (_, How::Named) if reading.price_of_something => graded(false, within(2, 1)),
        (_, How::Named) => graded(asks && within(4, 2), within(8, 4)),
        (_, How::Picked | How::Pointed) => graded(asks && within(6, 4), within(10, 7)),
        (_, How::Carried) => {
            let fresh = thread.last_was_items;
            let of_page = thread.page.is_some() && asks && within(0, 0);
            graded(of_page || fresh && asks && within(3, 2), asks && within(5, 3))
        }
        (_, How::None) if !reading.groups.is_empty() || !reading.asked.is_empty() => of_scope(reading, found, zh),
        // after an entry, a number may be one of its matter: "and for the 10 gig thing?"
        (Sort::Nothing, How::None) if thread.last_was_entry() && stands.goes_on => Clear::Hardly,
        (Sort::Nothing, How::None) => graded(false, within(3, 2)),
        (_, How::None) => graded(within(4, 3), within(9, 6)),
    }
}

/// The same for a line about a kind of thing: the less of a question about goods it is, the less may be left unexplained.
fn of_scope(reading: &Reading, found: &Found, zh: bool) -> Clear {
    let rest = reading.rest.saturating_sub(found.used);
    let within = |chinese: usize, english: usize| rest <= if zh { chinese } else { english };
    let [surely, likely] = match found.sort {
        Sort::Superlative => [(4, 2), (6, 3)],
        Sort::Nothing => [(1, 1), (2, 1)],
        _ if reading.counts => [(3, 1), (3, 1)],
        _ if reading.bounds.iter().any(|bound| bound.said) => [(3, 2), (6, 3)],
        _ if reading.lists && !reading.wants_advice || !reading.refused.is_empty() => [(1, 0), (1, 0)],
        _ => [(0, 0), (0, 0)],
    };
    if within(surely.0, surely.1)
        && (reading.lists
            || reading.counts
            || reading.whether
            || !reading.refused.is_empty()
            || found.sort != Sort::Selection
            || reading.bounds.iter().any(|bound| bound.said))
    {
        Clear::Surely
    } else if within(likely.0, likely.1) {
        Clear::Likely
    } else {
        Clear::Hardly
    }
}

/// Whether a line about what the thread is about only tells something, and asks for no property, order or comparison: it holds a number, or says what is not
/// wanted.
fn only_tells(reading: &Reading, found: &Found, how: How, stands: Standing, graph: &Graph) -> bool {
    if how == How::None && !reading.bounds.is_empty() && stands.in_vain && !stands.asks && !reading.wants_advice {
        return true;
    }
    let orders = !reading.orders.is_empty() || reading.compares || reading.worth || reading.counts || reading.bounds.iter().any(|bound| bound.said);
    if !matches!(how, How::Carried | How::Pointed) || orders || reading.rest == 0 {
        return false;
    }
    match reading.asked.as_slice() {
        [] if reading.bounds.is_empty() => found.sort == Sort::Comparison && !reading.lists,
        [] => how == How::Carried || !reading.whether,
        _ => !reading.whether && !stands.asks && graph.refuses_all_it_names(reading),
    }
}

/// Whether a line about one thing says what another should be like, or what it should not: "不要贵的", "有便宜一点的吗", "not the big one". What it names is then no
/// question for the value of this one.
fn wants_another(reading: &Reading, line: &str, lang: Lang) -> bool {
    let is_more = reading.compares || reading.counts || reading.worth || !reading.bounds.is_empty();
    if reading.elsewhere || is_more || reading.rest > if lang == Lang::Zh { 4 } else { 3 } {
        return false;
    }
    // of one thing alone, "cheaper" and "便宜点的" say nothing
    let orders = !reading.orders.is_empty() && reading.orders.iter().all(|order| !order.superlative);
    if reading.asked.is_empty() && orders {
        return true;
    }
    (lang == Lang::En || !reading.asked.is_empty() || orders) && refuses_such(line, lang)
}

/// Whether what a line wants of the properties that it names is no value: it tells of a fault, or asks what can be done.
fn wants_no_value(reading: &Reading, found: &Found, how: How) -> bool {
    let of_scope = how == How::None && reading.orders.is_empty();
    let general = reading.counts || reading.lists || reading.wants_advice || reading.compares || reading.worth;
    match found.sort {
        Sort::Facts | Sort::Quote | Sort::Unlisted => reading.aim <= Aim::Beside,
        Sort::Comparison => reading.aim <= Aim::Beside && reading.orders.is_empty() && !general,
        Sort::Selection | Sort::Nothing => reading.aim <= Aim::Else && of_scope && !general && reading.negated.is_empty(),
        _ => false,
    }
}

/// Whether a line that names one thing asks how it differs from another: "跟X9比有啥区别".
fn asks_for_difference(line: &str, lang: Lang) -> bool {
    let phrases = match lang {
        Lang::Zh => "区别|差别|不同|差在|对比|相比",
        Lang::En => "difference|differ|compare|compared|versus|vs|than the",
    };
    says(line, lang, phrases)
}

/// Whether a line asks if one thing goes with another: on the page of a case, "我是X9 Pro能用不" is about the case.
fn asks_whether_it_fits(line: &str, lang: Lang) -> bool {
    let phrases = match lang {
        Lang::Zh => "能用不|能用吗|能用么|能不能用|适配|适用|兼容|能配|配套|装得上|套得上|充得了|充得进",
        Lang::En => "work with|works with|fit|fits|compatible|suit|suits|charge my|go with|for my",
    };
    says(line, lang, phrases)
}

/// A line that picks one by comparing, without the words for that.
fn without_order(left: &str, lang: Lang) -> String {
    if lang == Lang::Zh {
        return String::new();
    }
    let words = [
        "cheaper", "cheapest", "dearer", "dearest", "bigger", "biggest", "smaller", "smallest", "larger", "lighter", "heavier", "faster", "slower", "quieter",
        "one", "the", "and", "of",
    ];
    left.split(' ').filter(|word| !words.contains(word)).collect::<Vec<_>>().join(" ")
}
