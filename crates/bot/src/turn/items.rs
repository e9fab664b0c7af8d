//! Answers from goods and plans, guided choice among them, and what the thread remembers of them.

use super::grasp::{Clear, Grasp, How};
use super::{HARDLY_OF_ITEMS, LIKELY_OF_ITEMS, MOST_OPTIONS};
use crate::answer::{Answer, Opt, Outcome, Source};
use crate::bot::{Bot, empty, option, talk};
use crate::decision::{Decision, Rule};
use crate::graph::choice::Choice;
use crate::graph::facts::Item;
use crate::graph::found::{Found, Sort};
use crate::intent;
use crate::ranking::Ranking;
use crate::replies::Phrase;
use crate::short::{self, Short};
use crate::text::{Lang, says};
use crate::thread::Thread;

/// Words that skip a question of a guided choice, and do not end it.
const SKIPS: &str = "不用|不需要|不必|没|no need|nothing|not needed";

impl Bot {
    pub(super) fn answer_items(&self, found: Found, grasp: &Grasp, line: &str, lang: Lang, ranking: Option<Ranking>, thread: &mut Thread) -> Decision {
        let ids: Vec<&str> = found.items.iter().map(|item| self.graph.node(*item).id.as_str()).collect();
        let says = !grasp.inherited && (grasp.reading.asks() || !grasp.reading.groups.is_empty()) && found.sort != Sort::Unlisted;
        let asks_back = matches!(found.sort, Sort::Which | Sort::Open);
        thread.choice = None;
        if !ids.is_empty() && !asks_back {
            let listed = ids.len() > 1;
            thread.note_items(&ids, listed, says.then_some(line));
        } else if asks_back && says {
            thread.list = ids.iter().map(|id| (*id).to_owned()).collect();
            thread.note_line(line);
        } else if asks_back && !thread.last_was_items {
            thread.line.clear();
        }
        if asks_back {
            let options = found.items.iter().take(MOST_OPTIONS + 1).map(|item| self.item_option(*item, lang));
            let answer = Answer {
                text: found.text,
                options: options.collect(),
                intent: Some(intent::WHICH_ITEM.to_owned()),
                confidence: 0.5,
                ..empty(Outcome::DidYouMean, lang)
            };
            return Decision { answer, rule: Rule::Catalogue, ranking };
        }
        let rule = if grasp.how == How::Named || grasp.how == How::None && !grasp.inherited { Rule::Catalogue } else { Rule::FollowUp };
        let most = match grasp.clear {
            Clear::Surely => 1.0,
            Clear::Likely => LIKELY_OF_ITEMS,
            Clear::Hardly => HARDLY_OF_ITEMS,
        };
        let answer = self.of_items(found, lang);
        Decision { answer: Answer { confidence: answer.confidence.min(most), ..answer }, rule, ranking }
    }

    /// An item to choose.
    pub(super) fn item_option(&self, item: Item, lang: Lang) -> Opt {
        let node = self.graph.node(item);
        Opt { id: node.id.clone(), text: node.name.get(lang).to_owned() }
    }

    /// The answer with the items as its sources.
    pub(super) fn of_items(&self, found: Found, lang: Lang) -> Answer {
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
            intent: Some(if listed { intent::ATTRIBUTE } else { intent::ATTRIBUTE_UNLISTED }.to_owned()),
            confidence: if found.sort == Sort::Overview { 0.9 } else { 1.0 },
            ..empty(if listed { Outcome::Attribute } else { Outcome::NoAnswer }, lang)
        }
    }

    /// Goes on with a guided choice.
    pub(super) fn choose_on(&self, normal: &str, lang: Lang, thread: &mut Thread) -> Option<Decision> {
        let mut choice = thread.choice.take()?;
        if short::read(normal) == Some(Short::Drop) && !says(normal, lang, SKIPS) {
            return Some(Decision { answer: talk(Phrase::Understood, lang), rule: Rule::SmallTalk, ranking: None });
        }
        let grammar = &self.indexes[lang as usize].grammar;
        let reading = self.graph.read(normal, lang, grammar, &[]);
        let elsewhere = reading.elsewhere || !reading.named_items().is_empty() || reading.length > 30;
        if elsewhere || !self.graph.continue_choice(&mut choice, &reading, normal, lang) {
            return None;
        }
        Some(self.choose(choice, lang, thread))
    }

    pub(super) fn choose(&self, mut choice: Choice, lang: Lang, thread: &mut Thread) -> Decision {
        let (found, done) = self.graph.step_choice(&mut choice, lang);
        if done {
            let ids: Vec<&str> = found.items.iter().map(|item| self.graph.node(*item).id.as_str()).collect();
            thread.note_items(&ids, true, None);
            let answer = Answer { intent: Some(intent::GUIDED_CHOICE.to_owned()), ..self.of_items(found, lang) };
            return Decision { answer, rule: Rule::Catalogue, ranking: None };
        }
        thread.choice = Some(choice);
        let answer = Answer { text: found.text, intent: Some(intent::GUIDED_CHOICE.to_owned()), confidence: 1.0, ..empty(Outcome::DidYouMean, lang) };
        Decision { answer, rule: Rule::Catalogue, ranking: None }
    }

    /// The items by their ids, as far as they still exist.
    pub(super) fn items(&self, ids: &[String]) -> Vec<Item> {
        ids.iter().filter_map(|id| self.graph.item(id)).collect()
    }

    /// Notes what a line named although an entry answers it: what follows may be about it.
    pub(super) fn remember_named(&self, grasp: &Grasp, thread: &mut Thread) {
        let named = if grasp.how == How::Named { grasp.items.clone() } else { grasp.reading.named_items() };
        let ids: Vec<&str> = named.iter().map(|item| self.graph.node(*item).id.as_str()).collect();
        if !ids.is_empty() {
            let (line, items) = (std::mem::take(&mut thread.line), thread.last_was_items);
            thread.note_items(&ids, ids.len() > 1, None);
            (thread.line, thread.last_was_items) = (line, items);
            thread.names_own = true;
        }
    }
}
