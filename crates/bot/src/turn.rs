//! One turn of the bot: it takes one line and gives one of six outcomes.
//!
//! The rules are tried in this order: danger; a request for a person; a wording of the knowledge, letter for letter; small talk; the answer to a question of a
//! guided choice; several questions in one line; what goods and plans clearly answer; the FAQ, if it is sure, alone or in the thread; what goods and plans may
//! answer; suggestions; and the statement that there is no answer. What was said before and did not help is never said again.

use crate::answer::{Answer, Opt, Outcome, Source};
use crate::bot::{Bot, Turn, empty, option, shorten, talk};
use crate::context::Context;
use crate::decision::{Decision, Rule};
use crate::graph::answering::{Found, Sort};
use crate::graph::facts::Item;
use crate::graph::reading::Reading;
use crate::human::{Need, need};
use crate::knowledge::Entry;
use crate::ranking::Ranking;
use crate::replies::{Phrase, say};
use crate::small_talk;
use crate::text::{Lang, normalise};
use crate::thread::{Place, Standing, Thread, picked_and_asked, place, standing};

/// The most options offered.
const MOST_OPTIONS: usize = 3;

/// The confidence from which on one of several questions is answered without asking back.
const NEARLY: f32 = 0.3;

/// How the items of a question are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
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
enum Clear {
    /// If nothing else does.
    Hardly,
    /// If the FAQ is not sure.
    Likely,
    /// Before the FAQ is asked.
    Surely,
}

/// Why an entry is given, and how sure the bot is of it.
struct Given {
    confidence: f32,
    rule: Rule,
    ranking: Option<Ranking>,
}

/// A line in its thread, read as a question about goods and plans.
struct Grasp {
    reading: Reading,
    items: Vec<Item>,
    how: How,
    found: Option<Found>,
    clear: Clear,
    inherited: bool,
}

impl Bot {
    /// Answers one line, and returns which rule decided.
    pub(crate) fn decide(&self, turn: &Turn<'_>) -> Decision {
        let mut thread = turn.thread.cloned().unwrap_or_default();
        if thread.page.as_deref() != turn.product {
            thread.page = turn.product.map(str::to_owned);
            if let Some(product) = turn.product.filter(|id| self.graph.item(id).is_some()) {
                thread.note_items(&[product], true, None);
                thread.line.clear();
            }
        }
        let mut decision = self.reply(turn, &mut thread);
        if thread.has_just_said(&decision.answer.text) {
            let again = match decision.answer.outcome {
                Outcome::NoAnswer if decision.answer.items.is_empty() => Some(Phrase::NoAnswerAgain),
                Outcome::DidYouMean if !decision.answer.options.is_empty() => Some(Phrase::DidYouMeanAgain),
                _ => None,
            };
            if let Some(phrase) = again {
                decision.answer.text = say(phrase, decision.answer.lang).to_owned();
            }
        }
        if !decision.answer.text.is_empty() {
            thread.note_said(&decision.answer.text);
        }
        if decision.rule != Rule::InVain && matches!(decision.answer.outcome, Outcome::Confident | Outcome::Attribute) {
            thread.in_vain = 0;
        }
        decision.answer.thread = thread;
        decision
    }

    fn reply(&self, turn: &Turn<'_>, thread: &mut Thread) -> Decision {
        let text = shorten(turn.text);
        let normal = normalise(&text);
        let lang = self.language(&normal, turn.lang_hint);
        let at_once = |answer, rule| Decision { answer, rule, ranking: None };
        if !normal.chars().any(char::is_alphanumeric) {
            return at_once(talk(Phrase::NothingSaid, lang), Rule::NothingSaid);
        }
        let need = need(&normal);
        let person = |intent: &str| Answer { intent: Some(intent.to_owned()), confidence: 1.0, ..empty(Outcome::HumanRequest, lang) };
        match need {
            Need::Danger => return at_once(person("danger"), Rule::Danger),
            Need::Person => return at_once(person("human_request"), Rule::AsksForPerson),
            Need::Perhaps | Need::None => {}
        }
        if let Some(found) = self.word_for_word(&normal, lang, thread) {
            return found;
        }
        if let Some(found) = self.choose_on(&normal, lang, thread) {
            return found;
        }
        let line = match small_talk::read(&normal, lang) {
            small_talk::Reading::Whole(Phrase::Complaint) if !thread.entries.is_empty() => return self.next_step(lang, thread),
            small_talk::Reading::Whole(phrase) => return at_once(talk(phrase, lang), Rule::SmallTalk),
            small_talk::Reading::Then(rest) => rest,
            small_talk::Reading::No => match small_talk::courtesy(&normal, lang) {
                Some(phrase) => return at_once(talk(phrase, lang), Rule::SmallTalk),
                None => &normal,
            },
        };
        if let Some(found) = self.word_for_word(line, lang, thread) {
            return found;
        }
        let found = match self.several(line, lang, thread) {
            Some(found) => found,
            None => self.look_up(line, lang, thread),
        };
        if need == Need::Perhaps { offer_person(found, lang) } else { found }
    }

    fn word_for_word(&self, line: &str, lang: Lang, thread: &mut Thread) -> Option<Decision> {
        let entry = self.letter_for_letter(line)?;
        thread.choice = None;
        Some(self.give(entry, lang, Given { confidence: 1.0, rule: Rule::WordForWord, ranking: None }, line, thread))
    }

    /// The answer of an entry; with the sentence that matters first if it was said before.
    fn give(&self, entry: &Entry, lang: Lang, given: Given, line: &str, thread: &mut Thread) -> Decision {
        let Given { confidence, rule, ranking } = given;
        let mut answer = self.entry(entry, lang, confidence);
        if thread.has_said(&answer.text) {
            answer.text = format!("{}\n{}", say(Phrase::SameAnswer, lang), answer.text);
        }
        thread.note_entry(&entry.id, line);
        thread.in_vain = 0;
        Decision { answer, rule, ranking }
    }

    /// What to do when what was said before was of no use: what may help besides, or a person. Never the same words again.
    fn next_step(&self, lang: Lang, thread: &mut Thread) -> Decision {
        let entry = thread.entries.first().and_then(|id| self.places.get(id)).map(|at| &self.knowledge.entries[*at as usize]);
        let unsaid = |other: &&Entry| !thread.has_said(other.answer.get(lang)) && !thread.entries.contains(&other.id);
        let related = entry.into_iter().flat_map(|entry| &entry.related).filter_map(|id| self.places.get(id)).map(|at| &self.knowledge.entries[*at as usize]);
        let options: Vec<Opt> =
            if thread.in_vain == 0 { related.filter(unsaid).take(MOST_OPTIONS).map(|other| option(other, lang)).collect() } else { Vec::new() };
        let phrase = match thread.in_vain {
            0 if options.is_empty() => Phrase::InVain,
            0 => Phrase::InVainWithMore,
            1 => Phrase::InVainAgain,
            _ => Phrase::InVainStill,
        };
        thread.in_vain = thread.in_vain.saturating_add(1);
        let answer = Answer {
            text: say(phrase, lang).to_owned(),
            related: options,
            offer_human: true,
            intent: Some("person_offered".to_owned()),
            confidence: 1.0,
            ..empty(Outcome::SmallTalk, lang)
        };
        Decision { answer, rule: Rule::InVain, ranking: None }
    }

    /// Goes on with a guided choice.
    fn choose_on(&self, normal: &str, lang: Lang, thread: &mut Thread) -> Option<Decision> {
        let mut choice = thread.choice.take()?;
        let grammar = &self.indexes[lang as usize].grammar;
        let reading = self.graph.read(normal, lang, grammar, &[]);
        let elsewhere = reading.elsewhere || !reading.named_items().is_empty() || reading.length > 30;
        if elsewhere || !self.graph.continue_choice(&mut choice, &reading, normal, lang) {
            return None;
        }
        Some(self.choose(choice, lang, thread))
    }

    fn choose(&self, mut choice: crate::graph::choice::Choice, lang: Lang, thread: &mut Thread) -> Decision {
        let (found, done) = self.graph.step_choice(&mut choice, lang);
        if done {
            let ids: Vec<&str> = found.items.iter().map(|item| self.graph.node(*item).id.as_str()).collect();
            thread.note_items(&ids, true, None);
            let answer = Answer { intent: Some("guided_choice".to_owned()), ..self.of_items(found, lang) };
            return Decision { answer, rule: Rule::Catalogue, ranking: None };
        }
        thread.choice = Some(choice);
        let answer = Answer { text: found.text, intent: Some("guided_choice".to_owned()), confidence: 1.0, ..empty(Outcome::DidYouMean, lang) };
        Decision { answer, rule: Rule::Catalogue, ranking: None }
    }

    /// The items by their ids, as far as they still exist.
    fn items(&self, ids: &[String]) -> Vec<Item> {
        ids.iter().filter_map(|id| self.graph.item(id)).collect()
    }

    /// The answer to one question.
    fn look_up(&self, line: &str, lang: Lang, thread: &mut Thread) -> Decision {
        let index = &self.indexes[lang as usize];
        let stands = standing(line, lang);
        let grasp = self.grasp(line, lang, stands, thread);
        let advises = grasp.reading.wants_advice && grasp.how == How::None && !grasp.reading.elsewhere;
        let compared = self.entry_comparing(&grasp).is_some();
        if grasp.clear == Clear::Surely
            && !compared
            && let Some(found) = &grasp.found
        {
            return self.answer_items(found.clone(), &grasp, line, lang, None, thread);
        }
        let reading = &grasp.reading;
        if let Some(entry) = self.entry_comparing(&grasp) {
            self.remember_named(reading, thread);
            return self.give(entry, lang, Given { confidence: 1.0, rule: Rule::Sure, ranking: None }, line, thread);
        }
        let ranking = if !reading.mentions.is_empty() && reading.asks() && reading.rest <= 2 {
            index.rank(&reading.without_names)
        } else if reading.mentions.is_empty() {
            index.rank(line)
        } else {
            index.rank(line).doubted_by(&index.rank(&reading.without_names))
        };
        let context = Context::new(self, line, lang, stands, &ranking, thread);
        let chosen = context.choice_of(&ranking);
        // what was said before and did not help is not said again
        if !thread.entries.is_empty() && context.is_in_vain(&chosen, stands) {
            return self.next_step(lang, thread);
        }
        let compares = grasp.found.as_ref().is_some_and(|found| found.sort == Sort::Comparison) && rule_is_alone(&chosen.sure);
        if let Some((at, confidence, rule)) = chosen.sure.filter(|_| !compares || grasp.reading.asked.is_empty()) {
            self.remember_named(&grasp.reading, thread);
            return self.give(&self.knowledge.entries[at], lang, Given { confidence, rule, ranking: Some(ranking) }, line, thread);
        }
        if grasp.clear >= Clear::Likely
            && let Some(found) = &grasp.found
        {
            return self.answer_items(found.clone(), &grasp, line, lang, Some(ranking), thread);
        }
        let bare_wish = grasp.reading.rest <= 3;
        if advises
            && bare_wish
            && let Some(choice) = self.graph.begin_choice(&grasp.reading)
        {
            return self.choose(choice, lang, thread);
        }
        let told: Vec<String> = grasp.reading.pieces.iter().chain(&grasp.reading.property_words).cloned().collect();
        let one = grasp.items.first().copied().filter(|_| grasp.items.len() == 1);
        if let Some(item) = one
            && !grasp.reading.elsewhere
            && (grasp.how != How::Carried || grasp.reading.rest <= 12)
            && let Some(found) = self.graph.quote(item, &told, lang)
        {
            return self.answer_items(found, &grasp, line, lang, Some(ranking), thread);
        }
        if chosen.offers {
            let rule = if ranking.is_close() { Rule::Close } else { Rule::Likely };
            self.remember_named(&grasp.reading, thread);
            for at in chosen.order.iter().take(MOST_OPTIONS).rev() {
                thread.note_entry(&self.knowledge.entries[*at].id, line);
            }
            thread.offered = true;
            return Decision { answer: self.offer(&chosen.order, &ranking, lang), rule, ranking: Some(ranking) };
        }
        if advises && let Some(choice) = self.graph.begin_choice(&grasp.reading).filter(|_| grasp.reading.rest <= 12) {
            return self.choose(choice, lang, thread);
        }
        let loose = if lang == Lang::Zh { 6 } else { 4 };
        let fits = |found: &Found| match grasp.how {
            How::Named | How::Picked | How::Pointed => found.sort != Sort::Which || grasp.reading.rest <= loose,
            How::None if found.sort == Sort::Selection && !grasp.reading.counts && !grasp.reading.bounds.iter().any(|bound| bound.said) => {
                grasp.reading.rest <= 2 && grasp.reading.lists && !grasp.reading.wants_advice && !grasp.reading.elsewhere
            }
            How::Carried | How::None => grasp.reading.rest <= loose && !grasp.reading.elsewhere && found.sort != Sort::Unlisted,
        };
        if let Some(found) = grasp.found.clone().filter(fits) {
            return self.answer_items(found, &grasp, line, lang, Some(ranking), thread);
        }
        if let Some(item) = one
            && grasp.how != How::Carried
            && (grasp.reading.whether || grasp.reading.asks())
            && grasp.reading.rest <= 8
            && !grasp.reading.elsewhere
        {
            return self.answer_items(self.graph.unlisted_answer(item, lang), &grasp, line, lang, Some(ranking), thread);
        }
        let answer =
            Answer { text: say(Phrase::NoAnswer, lang).to_owned(), offer_human: true, confidence: ranking.confidence, ..empty(Outcome::NoAnswer, lang) };
        Decision { answer, rule: Rule::Unknown, ranking: Some(ranking) }
    }

    /// The entry that compares the very items which a line compares, without asking for one property.
    fn entry_comparing(&self, grasp: &Grasp) -> Option<&Entry> {
        let plain = grasp.how == How::Named
            && grasp.items.len() > 1
            && grasp.reading.compares
            && !grasp.reading.worth
            && self.graph.asks_for_nothing_special(&grasp.reading);
        let mut items = grasp.items.clone();
        items.sort_unstable();
        self.comparing.get(&items).filter(|_| plain).map(|at| &self.knowledge.entries[*at])
    }

    /// Notes what a line named although an entry answers it: what follows may be about it.
    fn remember_named(&self, reading: &Reading, thread: &mut Thread) {
        let ids: Vec<&str> = reading.named_items().iter().map(|item| self.graph.node(*item).id.as_str()).collect();
        if !ids.is_empty() {
            let (line, items) = (std::mem::take(&mut thread.line), thread.last_was_items);
            thread.note_items(&ids, ids.len() > 1, None);
            (thread.line, thread.last_was_items) = (line, items);
        }
    }

    fn offer(&self, order: &[usize], ranking: &Ranking, lang: Lang) -> Answer {
        let answer = self.did_you_mean(ranking, lang);
        let entries = order.iter().take(MOST_OPTIONS).map(|at| &self.knowledge.entries[*at]);
        Answer { options: entries.map(|entry| option(entry, lang)).collect(), ..answer }
    }

    /// Reads a line as a question about goods and plans, in its thread, and answers it.
    fn grasp(&self, line: &str, lang: Lang, stands: Standing, thread: &Thread) -> Grasp {
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
        let clear = found.as_ref().map_or(Clear::Hardly, |found| clarity(&reading, found, how, inherited, stands, lang, thread));
        Grasp { reading, items, how, found, clear, inherited }
    }

    /// The items that a line is about, how they are known, and what it asks besides if it first picks one.
    fn subjects(&self, reading: &Reading, line: &str, lang: Lang, stands: Standing, thread: &Thread) -> (Vec<Item>, How, Option<String>) {
        let (focus, list, recent) = (self.items(&thread.focus), self.items(&thread.list), self.items(&thread.recent));
        let mut named = reading.named_items();
        if !named.is_empty() {
            if named.len() == 1 && reading.compares && stands.points && focus.len() == 1 && focus[0] != named[0] {
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
        let asks = !reading.asked.is_empty() || !reading.orders.is_empty() || !reading.bounds.is_empty() || reading.worth;
        if asks && !focus.is_empty() && !reading.bounds.iter().any(|bound| bound.said) {
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
        // "给老人那个": one of the same kind that was not listed
        if let Some(own) = focus.first().or(list.first())
            && thread.last_was_items
            && !asks_which
            && !described.groups.is_empty()
            && described.orders.is_empty()
            && picked_and_asked(line, lang).is_some()
        {
            let kin = self.graph.kin(*own);
            let fitting = self.graph.items_described_by(&described, &kin, lang);
            if let [item] = fitting.as_slice() {
                return Some((vec![*item], How::Picked, Some(rest.unwrap_or_default())));
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
            let mut family = self.graph.siblings(*item);
            family.push(*item);
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
        if how != How::None || !thread.last_was_items || !stands.elliptic || !short {
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

    fn answer_items(&self, found: Found, grasp: &Grasp, line: &str, lang: Lang, ranking: Option<Ranking>, thread: &mut Thread) -> Decision {
        let ids: Vec<&str> = found.items.iter().map(|item| self.graph.node(*item).id.as_str()).collect();
        let says = !grasp.inherited && (grasp.reading.asks() || !grasp.reading.groups.is_empty()) && found.sort != Sort::Unlisted;
        thread.choice = None;
        if !ids.is_empty() && found.sort != Sort::Which {
            let listed = ids.len() > 1;
            thread.note_items(&ids, listed, says.then_some(line));
        } else if found.sort == Sort::Which && says {
            thread.list = ids.iter().map(|id| (*id).to_owned()).collect();
            thread.note_line(line);
        }
        if found.sort == Sort::Which {
            let options = found
                .items
                .iter()
                .take(MOST_OPTIONS + 1)
                .map(|item| self.graph.node(*item))
                .map(|node| Opt { id: node.id.clone(), text: node.name.get(lang).to_owned() });
            let answer = Answer {
                text: found.text,
                options: options.collect(),
                intent: Some("which_item".to_owned()),
                confidence: 0.5,
                ..empty(Outcome::DidYouMean, lang)
            };
            return Decision { answer, rule: Rule::Catalogue, ranking };
        }
        let rule = if grasp.how == How::Named || grasp.how == How::None && !grasp.inherited { Rule::Catalogue } else { Rule::FollowUp };
        Decision { answer: self.of_items(found, lang), rule, ranking }
    }

    /// The answer with the items as its sources.
    fn of_items(&self, found: Found, lang: Lang) -> Answer {
        let listed = found.sort != Sort::Unlisted && !(found.sort == Sort::Nothing && found.items.is_empty());
        let items: Vec<Source> =
            found.items.iter().map(|item| self.graph.node(*item)).map(|node| Source { id: node.id.clone(), title: node.name.get(lang).to_owned() }).collect();
        let entries = found.items.first().filter(|_| found.items.len() == 1).into_iter().flat_map(|item| self.graph.entries_about(*item));
        let related = entries.filter_map(|id| self.places.get(id)).take(MOST_OPTIONS).map(|at| option(&self.knowledge.entries[*at as usize], lang)).collect();
        Answer {
            text: found.text,
            source: items.first().cloned(),
            items,
            related,
            offer_human: !listed,
            intent: Some(if listed { "attribute" } else { "attribute_unlisted" }.to_owned()),
            confidence: if found.sort == Sort::Overview { 0.9 } else { 1.0 },
            ..empty(if listed { Outcome::Attribute } else { Outcome::NoAnswer }, lang)
        }
    }

    /// The answers to several questions in one line; `None` if it is one.
    fn several(&self, line: &str, lang: Lang, thread: &mut Thread) -> Option<Decision> {
        let parts = crate::parts::parts(line, lang);
        if parts.len() < 2 {
            return None;
        }
        let mut own = thread.clone();
        let mut answers: Vec<Answer> = Vec::new();
        let mut unsure = 0;
        for part in &parts {
            let decision = self.look_up(part, lang, &mut own);
            let answer = decision.answer;
            let sure = match answer.outcome {
                Outcome::Attribute if answer.confidence < 1.0 => false,
                Outcome::Confident if answer.confidence < if answers.iter().any(|known| known.outcome == Outcome::Attribute) { 0.75 } else { 0.45 } => false,
                Outcome::Confident => decision.rule != Rule::FollowUp || answers.is_empty(),
                Outcome::Attribute => answer.intent.as_deref() == Some("attribute"),
                _ => false,
            };
            let nearly = decision.ranking.as_ref().is_some_and(|ranking| ranking.confidence >= NEARLY);
            let (sure, answer) = match answer.options.first().and_then(|option| self.places.get(&option.id)) {
                Some(at) if !sure && nearly && answer.outcome == Outcome::DidYouMean => (true, self.entry(&self.knowledge.entries[*at as usize], lang, NEARLY)),
                _ => (sure, answer),
            };
            unsure += usize::from(!sure);
            if sure && !answers.iter().any(|known| known.text == answer.text || known.source == answer.source && known.outcome == Outcome::Confident) {
                answers.push(answer);
            }
        }
        if answers.len() < 2 || unsure > 0 {
            return None;
        }
        *thread = own;
        let items: Vec<Source> = answers.iter().flat_map(|answer| answer.items.clone()).collect();
        let text = answers.iter().enumerate().map(|(at, answer)| format!("{}. {}", at + 1, answer.text)).collect::<Vec<_>>().join("\n");
        let offer_human = answers.iter().any(|answer| answer.offer_human);
        let confidence = answers.iter().map(|answer| answer.confidence).fold(1.0, f32::min);
        let first = answers.into_iter().next()?;
        let answer = Answer { text, items, offer_human, confidence, related: Vec::new(), ..first };
        Some(Decision { answer, rule: Rule::Several, ranking: None })
    }
}

/// How clearly goods and plans answer a line, by how much of it is left unexplained.
fn clarity(reading: &Reading, found: &Found, how: How, inherited: bool, stands: Standing, lang: Lang, thread: &Thread) -> Clear {
    let zh = lang == Lang::Zh;
    let within = |chinese: usize, english: usize| reading.rest <= if zh { chinese } else { english };
    if reading.elsewhere {
        return Clear::Hardly;
    }
    let asks = reading.asks() || inherited;
    match (found.sort, how) {
        (Sort::Unlisted | Sort::Quote, How::Carried) => {
            if within(0, 0) && (thread.page.is_some() || thread.last_was_items) {
                Clear::Likely
            } else {
                Clear::Hardly
            }
        }
        (Sort::Unlisted | Sort::Quote, How::Named | How::Pointed | How::Picked) => {
            if within(0, 0) {
                Clear::Surely
            } else {
                Clear::Hardly
            }
        }
        (Sort::Unlisted | Sort::Quote, _) => Clear::Hardly,
        (Sort::Which, _) => {
            if asks && within(6, 4) || within(1, 1) {
                Clear::Surely
            } else {
                Clear::Hardly
            }
        }
        (Sort::Overview, _) if !thread.last_was_items && !thread.entries.is_empty() && stands.changes_one_thing => Clear::Hardly,
        // What a page or the thread is about is described only to those who ask for nothing else.
        (Sort::Overview, How::Carried) if !within(0, 0) => Clear::Hardly,
        (Sort::Overview, _) => {
            if within(0, 0) {
                Clear::Surely
            } else if within(3, 2) {
                Clear::Likely
            } else {
                Clear::Hardly
            }
        }
        (_, How::Named) if reading.price_of_something => {
            if within(2, 1) {
                Clear::Likely
            } else {
                Clear::Hardly
            }
        }
        (_, How::Named) => {
            if asks && within(4, 2) {
                Clear::Surely
            } else if within(8, 4) {
                Clear::Likely
            } else {
                Clear::Hardly
            }
        }
        (_, How::Picked | How::Pointed) => {
            if asks && within(6, 4) {
                Clear::Surely
            } else if within(10, 7) {
                Clear::Likely
            } else {
                Clear::Hardly
            }
        }
        (_, How::Carried) => {
            let fresh = thread.last_was_items;
            let of_page = thread.page.is_some() && asks && within(0, 0);
            if of_page || fresh && asks && within(3, 2) {
                Clear::Surely
            } else if asks && within(5, 3) {
                Clear::Likely
            } else {
                Clear::Hardly
            }
        }
        (_, How::None) if !reading.groups.is_empty() || !reading.asked.is_empty() => of_scope(reading, found, zh),
        (Sort::Nothing, How::None) => {
            if within(3, 2) {
                Clear::Likely
            } else {
                Clear::Hardly
            }
        }
        (_, How::None) => {
            if within(4, 3) {
                Clear::Surely
            } else if within(9, 6) {
                Clear::Likely
            } else {
                Clear::Hardly
            }
        }
    }
}

/// The same for a line about a kind of thing: the less of a question about goods it is, the less may be left unexplained.
fn of_scope(reading: &Reading, found: &Found, zh: bool) -> Clear {
    let rest = reading.rest.saturating_sub(found.used);
    let within = |chinese: usize, english: usize| rest <= if zh { chinese } else { english };
    let [surely, likely] = match found.sort {
        Sort::Superlative => [(4, 2), (6, 3)],
        _ if reading.counts => [(3, 1), (3, 1)],
        _ if reading.bounds.iter().any(|bound| bound.said) => [(3, 2), (6, 3)],
        Sort::Nothing => [(0, 0), (0, 0)],
        _ if reading.lists && !reading.wants_advice => [(1, 0), (1, 0)],
        _ => [(0, 0), (0, 0)],
    };
    if within(surely.0, surely.1)
        && (reading.lists || reading.counts || reading.whether || found.sort != Sort::Selection || reading.bounds.iter().any(|bound| bound.said))
    {
        Clear::Surely
    } else if within(likely.0, likely.1) {
        Clear::Likely
    } else {
        Clear::Hardly
    }
}

/// Whether the FAQ is sure without the thread.
fn rule_is_alone(sure: &Option<(usize, f32, Rule)>) -> bool {
    sure.is_some_and(|(_, _, rule)| rule == Rule::Sure)
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

/// What is said to a line that may be a wish for a person: what was found, if it is sure, and otherwise whether one is wanted.
fn offer_person(found: Decision, lang: Lang) -> Decision {
    if matches!(found.answer.outcome, Outcome::Confident | Outcome::Attribute) {
        return Decision { answer: Answer { offer_human: true, wishes_person: true, ..found.answer }, ..found };
    }
    let intent = Some("person_offered".to_owned());
    let answer = Answer { text: say(Phrase::OfferPerson, lang).to_owned(), offer_human: true, wishes_person: true, intent, ..empty(Outcome::SmallTalk, lang) };
    Decision { answer, rule: Rule::OffersPerson, ranking: found.ranking }
}
