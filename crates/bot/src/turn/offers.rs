//! What a line says to what the bot showed last: which of several it picks, and what it refuses. What was refused is not given.

use std::collections::HashSet;

use super::{Given, MOST_OPTIONS};
use crate::answer::{Answer, Outcome, Source};
use crate::bot::{Bot, empty, option, talk};
use crate::decision::{Decision, Rule};
use crate::grams::Gram;
use crate::graph::facts::Item;
use crate::intent;
use crate::knowledge::Entry;
use crate::replies::{Phrase, say};
use crate::short::{self, Seat, Short};
use crate::small_talk;
use crate::text::{Lang, tokens};
use crate::thread::{Showing, Thread, standing};

/// So many words after a pick do not ask for anything else.
const LITTLE_MORE: usize = 8;

/// The share of the features of words from which on they name a question; from which on they call it, if no other question has nearly as many.
const NAMED: f32 = 0.33;
const CALLED: f32 = 0.6;
const CLEARLY: f32 = 0.3;

impl Bot {
    /// The answer to a line that says something to what was shown; `None` if it says nothing to it. `passed` is what the last pick was made from.
    pub(super) fn take_up_answer(&self, normal: &str, lang: Lang, thread: &mut Thread, passed: &[String]) -> Option<Decision> {
        if let Some(short) = short::read(normal) {
            return self.answer_short(short, lang, thread, passed).or_else(|| match small_talk::read(normal, lang) {
                small_talk::Reading::Whole(_) => None,
                _ => Some(Decision { answer: talk(Phrase::Understood, lang), rule: Rule::SmallTalk, ranking: None }),
            });
        }
        if thread.said.is_empty() {
            return None;
        }
        let repeated = short::after_number(normal).filter(|_| !thread.shown.is_empty());
        if let Some(found) = repeated.and_then(|rest| self.word_for_word(rest, lang, thread)) {
            return Some(found);
        }
        if let Some((short, rest)) = short::opening(normal) {
            if matches!(short, Short::Drop | Short::No | Short::NoneOfThem) && short::leaves(rest) {
                forget_offered(thread);
                return Some(Decision { answer: talk(Phrase::Understood, lang), rule: Rule::SmallTalk, ranking: None });
            }
            return self.answer_and_go_on(&short, rest, lang, thread);
        }
        let asked = thread.showing == Showing::Asked;
        if !asked && thread.showing != Showing::Beside {
            return None;
        }
        let seat = short::seat_within(normal).filter(|(_, is_question)| asked || *is_question);
        if let Some(id) = seat.and_then(|(seat, _)| thread.shown.get(seat.among(thread.shown.len())?).cloned()) {
            return if self.knows_entry(&id) { self.give_picked(&[id], thread.shown.clone(), lang, thread) } else { None };
        }
        if let Some(id) = short::name_meant(normal).and_then(|what| self.entry_called(what, &thread.shown, lang)) {
            return self.give_picked(&[id], thread.shown.clone(), lang, thread);
        }
        if short::resigns(normal) {
            forget_offered(thread);
            return Some(Decision { answer: talk(Phrase::Understood, lang), rule: Rule::SmallTalk, ranking: None });
        }
        let (refused, rest) = self.refused_by_contrast(normal, lang, thread)?;
        if rest.is_empty() {
            return (!refused.is_empty()).then(|| self.refuse(lang, thread));
        }
        Some(self.answer_but(&refused, &rest, lang, thread))
    }

    /// What a line says that it is not about, of what was shown or answered, and what it says besides. After an answer, and wherever the line may as well tell of
    /// a fault ("not working"), only what names the question that was shown is a refusal of it.
    fn refused_by_contrast(&self, line: &str, lang: Lang, thread: &Thread) -> Option<(Vec<String>, String)> {
        let found = short::contrast(line).filter(|found| !standing(found.not, lang).asks)?;
        let asked = thread.showing == Showing::Asked;
        let given = thread.entries.first().filter(|_| !asked && thread.last_was_entry());
        let known: Vec<&String> = if asked { thread.shown.iter().collect() } else { given.into_iter().collect() };
        let order = self.indexes[lang as usize].rank(found.not).order;
        let nearest = order.iter().map(|at| &self.knowledge.entries[*at].id).find(|id| known.contains(id));
        let named = nearest.filter(|id| asked && found.is_plain || self.names_question(found.not, id, lang));
        let is_refusal = named.is_some() || asked && found.is_plain;
        is_refusal.then(|| (named.into_iter().cloned().collect(), found.rest.to_owned()))
    }

    /// Whether words are for the most part those of an entry's question.
    fn names_question(&self, words: &str, id: &str, lang: Lang) -> bool {
        self.share_named(words, id, lang) >= NAMED
    }

    /// The share of the features of words that an entry's question has.
    fn share_named(&self, words: &str, id: &str, lang: Lang) -> f32 {
        let Some(entry) = self.places.get(id).map(|at| &self.knowledge.entries[*at as usize]) else { return 0.0 };
        let grammar = &self.indexes[lang as usize].grammar;
        let question: HashSet<Gram> = grammar.of_query(entry.question.get(lang)).fine.into_iter().collect();
        let said = grammar.of_query(words).fine;
        let known = said.iter().filter(|gram| question.contains(gram)).count();
        known as f32 / said.len().max(1) as f32
    }

    /// The entry among those shown whose question alone has these words.
    fn entry_called(&self, what: &str, shown: &[String], lang: Lang) -> Option<String> {
        let mut shares: Vec<(f32, &String)> = shown.iter().filter(|id| self.knows_entry(id)).map(|id| (self.share_named(what, id, lang), id)).collect();
        shares.sort_by(|one, other| other.0.total_cmp(&one.0));
        let next = shares.get(1).map_or(0.0, |(share, _)| *share);
        shares.first().filter(|(share, _)| *share >= CALLED && *share >= next + CLEARLY).map(|(_, id)| (*id).clone())
    }

    /// The answer to a short answer; `None` if there is nothing that it could be about.
    fn answer_short(&self, short: Short, lang: Lang, thread: &mut Thread, passed: &[String]) -> Option<Decision> {
        let asked = thread.showing == Showing::Asked;
        let shows = matches!(thread.showing, Showing::Asked | Showing::Listed | Showing::Beside);
        match short {
            Short::Picks { seats, goes_on } => self.pick_seats(&seats, goes_on, lang, thread, passed),
            Short::Other if passed.len() == 2 => {
                let current = if thread.last_was_items { thread.focus.first() } else { thread.entries.first() };
                let other = passed.iter().find(|id| Some(*id) != current).cloned()?;
                self.give_picked(&[other], passed.to_vec(), lang, thread)
            }
            Short::All if asked || thread.showing == Showing::Beside && !thread.shown.is_empty() => {
                let all = thread.shown.clone();
                self.give_picked(&all, all.clone(), lang, thread)
            }
            Short::Any if asked => {
                let (first, all) = (thread.shown.first().cloned()?, thread.shown.clone());
                self.give_picked(&[first], all, lang, thread)
            }
            Short::Yes if asked && thread.shown.len() == 1 => {
                let all = thread.shown.clone();
                self.give_picked(&all, all.clone(), lang, thread)
            }
            Short::Yes | Short::Other if asked => Some(self.ask_which(&thread.shown.clone(), lang)),
            Short::Not(seats) if shows => {
                let refused = ids_at(&seats, &thread.shown);
                let left: Vec<String> = thread.shown.iter().filter(|id| !refused.contains(id)).cloned().collect();
                thread.entries.retain(|id| !refused.contains(id));
                match left.as_slice() {
                    [_] if asked => self.give_picked(&left, left.clone(), lang, thread),
                    [_, ..] if asked => Some(self.ask_which(&left, lang)),
                    _ => Some(self.refuse(lang, thread)),
                }
            }
            Short::NoneOfThem if shows || thread.in_vain > 0 => Some(self.refuse(lang, thread)),
            Short::No if asked || thread.showing == Showing::Listed => Some(self.refuse(lang, thread)),
            Short::No if thread.showing == Showing::Beside && thread.last_was_entry() => Some(self.next_step(lang, thread)),
            Short::Drop if asked => {
                forget_offered(thread);
                None
            }
            _ => None,
        }
    }

    fn pick_seats(&self, seats: &[Seat], goes_on: bool, lang: Lang, thread: &mut Thread, passed: &[String]) -> Option<Decision> {
        let lists = thread.last_was_items && thread.list.len() > 1;
        let from = if goes_on && !passed.is_empty() {
            passed.to_vec()
        } else if lists && (goes_on || thread.shown.is_empty()) {
            thread.list.clone()
        } else {
            thread.shown.clone()
        };
        if from.is_empty() {
            return Some(Decision { answer: talk(Phrase::NothingSaid, lang), rule: Rule::SmallTalk, ranking: None });
        }
        let picked = ids_at(seats, &from);
        if picked.len() < seats.len() {
            return Some(self.ask_which(&from, lang));
        }
        self.give_picked(&picked, from, lang, thread)
    }

    /// What was picked from what was shown: the answers of entries, or goods and plans read as the question that led to them.
    fn give_picked(&self, ids: &[String], from: Vec<String>, lang: Lang, thread: &mut Thread) -> Option<Decision> {
        let entries: Vec<&Entry> = ids.iter().filter_map(|id| self.places.get(id)).map(|at| &self.knowledge.entries[*at as usize]).collect();
        let items: Vec<Item> = self.items(ids);
        if !items.is_empty() {
            thread.list = from.iter().filter(|id| self.knows_item(id)).cloned().collect();
            thread.last_was_items = true;
            thread.passed = from;
            let grasp = self.grasp_items(&items, lang, thread);
            let found = grasp.found.clone()?;
            return Some(self.answer_items(found, &grasp, "", lang, None, thread));
        }
        let first = *entries.first()?;
        thread.entries.retain(|id| !from.contains(id));
        thread.passed = from;
        let given = Given { confidence: 1.0, rule: Rule::FollowUp, ranking: None };
        if entries.len() == 1 {
            return Some(self.give(first, lang, given, first.question.get(lang), thread));
        }
        let text = entries.iter().enumerate().map(|(at, entry)| format!("{}. {}", at + 1, entry.answer.get(lang))).collect::<Vec<_>>().join("\n");
        let items = entries.iter().map(|entry| Source { id: entry.id.clone(), title: entry.question.get(lang).to_owned() }).collect();
        for entry in entries.iter().rev() {
            thread.note_entry(&entry.id, entry.question.get(lang));
        }
        let offer_human = entries.iter().any(|entry| entry.action.as_deref() == Some("human"));
        let answer = Answer { text, items, offer_human, related: Vec::new(), ..self.entry(first, lang, given.confidence) };
        Some(Decision { answer, rule: given.rule, ranking: None })
    }

    /// Asks which of these is meant: an answer picks none of them, or one that is not there.
    fn ask_which(&self, ids: &[String], lang: Lang) -> Decision {
        let entry = |id: &String| self.places.get(id).map(|at| option(&self.knowledge.entries[*at as usize], lang));
        let item = |id: &String| self.graph.item(id).map(|item| self.item_option(item, lang));
        let answer = Answer {
            text: say(Phrase::WhichOne, lang).to_owned(),
            options: ids.iter().filter_map(|id| entry(id).or_else(|| item(id))).collect(),
            intent: Some(intent::WHICH_OPTION.to_owned()),
            confidence: 0.5,
            ..empty(Outcome::DidYouMean, lang)
        };
        Decision { answer, rule: Rule::FollowUp, ranking: None }
    }

    /// What is said when nothing of what was shown is what was meant: it is not asked about again.
    fn refuse(&self, lang: Lang, thread: &mut Thread) -> Decision {
        let phrase = match (thread.in_vain, thread.showing) {
            (0, Showing::Beside) => Phrase::InVain,
            (0, _) => Phrase::NoneOfThese,
            (1, _) => Phrase::InVainAgain,
            _ => Phrase::InVainStill,
        };
        if thread.showing == Showing::Asked {
            forget_offered(thread);
        }
        thread.in_vain = thread.in_vain.saturating_add(1);
        let answer = Answer {
            text: say(phrase, lang).to_owned(),
            offer_human: true,
            intent: Some(intent::PERSON_OFFERED.to_owned()),
            confidence: 1.0,
            ..empty(Outcome::SmallTalk, lang)
        };
        Decision { answer, rule: Rule::InVain, ranking: None }
    }

    /// The answer to a line that says something to what was shown and then something else; `None` if the line is better read as a whole.
    fn answer_and_go_on(&self, short: &Short, rest: &str, lang: Lang, thread: &mut Thread) -> Option<Decision> {
        let refused = match (short, thread.showing) {
            (Short::Picks { seats, .. }, Showing::Asked) if tokens(rest).len() <= LITTLE_MORE => {
                let picked: Vec<String> = ids_at(seats, &thread.shown).into_iter().filter(|id| self.knows_entry(id)).collect();
                return self.give_picked(&picked, thread.shown.clone(), lang, thread);
            }
            (Short::NoneOfThem | Short::No, Showing::Asked | Showing::Listed) | (Short::NoneOfThem, Showing::Beside) => thread.shown.clone(),
            (Short::No, Showing::Beside) if thread.last_was_entry() => thread.entries.first().cloned().into_iter().collect(),
            (Short::Not(seats), Showing::Asked | Showing::Listed | Showing::Beside) => ids_at(seats, &thread.shown),
            (Short::NoneOfThem | Short::No | Short::Drop, _) => Vec::new(),
            _ => return None,
        };
        Some(self.answer_but(&refused, rest, lang, thread))
    }

    /// The answer to a line, with nothing of what was refused in it.
    fn answer_but(&self, refused: &[String], line: &str, lang: Lang, thread: &mut Thread) -> Decision {
        // "no, not the bill, the invoice"
        let more = self.refused_by_contrast(line, lang, thread).filter(|(_, rest)| !rest.is_empty());
        let (also, line) = more.map_or_else(|| (Vec::new(), line.to_owned()), |(also, rest)| (also, rest));
        let refused: Vec<String> = refused.iter().cloned().chain(also).collect();
        let line = line.as_str();
        if thread.showing == Showing::Asked {
            let shown = &thread.shown;
            thread.entries.retain(|id| !shown.contains(id));
            thread.offered = false;
        }
        thread.entries.retain(|id| !refused.contains(id));
        let mut own = thread.clone();
        let mut found = self.answer_line(line, lang, &mut own, None);
        let is_refused = |id: &String| refused.contains(id);
        let answer = &mut found.answer;
        let gives = match answer.outcome {
            Outcome::Confident | Outcome::Attribute => found.rule != Rule::WordForWord && answer.items.iter().any(|source| is_refused(&source.id)),
            Outcome::DidYouMean if !answer.options.is_empty() => {
                answer.options.retain(|option| !is_refused(&option.id));
                answer.options.is_empty()
            }
            _ => false,
        };
        if gives {
            return self.refuse(lang, thread);
        }
        answer.related.retain(|option| !is_refused(&option.id));
        self.offer_of_same(&refused, line, lang, (thread, answer));
        *thread = own;
        thread.entries.retain(|id| !is_refused(id));
        found
    }

    /// Adds the entry that may be meant if a line goes on about the same thing as what it refuses: "not how to turn it on, how much it costs", "不是要装，要退".
    fn offer_of_same(&self, refused: &[String], line: &str, lang: Lang, (thread, answer): (&Thread, &mut Answer)) {
        let entry = |at: usize| &self.knowledge.entries[at];
        let Some(before) = refused.first().and_then(|id| self.places.get(id)).map(|at| entry(*at as usize).question.get(lang)) else { return };
        let is_little = tokens(line).len() <= if lang == Lang::Zh { 5 } else { 3 };
        let mut together = self.indexes[lang as usize].rank(&format!("{before} {line}")).order.into_iter().filter(|at| !refused.contains(&entry(*at).id));
        let found = match answer.outcome {
            Outcome::DidYouMean if !answer.options.is_empty() => together.find(|at| thread.shown.contains(&entry(*at).id) || is_little),
            Outcome::Confident if is_little && answer.confidence < 1.0 => together.next(),
            _ => None,
        };
        let Some(found) = found.map(entry) else { return };
        if answer.items.iter().map(|item| &item.id).chain(answer.options.iter().map(|option| &option.id)).any(|id| *id == found.id) {
            return;
        }
        let given = answer.items.first().and_then(|item| self.places.get(&item.id)).map(|at| option(entry(*at as usize), lang));
        let options = std::iter::once(option(found, lang)).chain(given).chain(std::mem::take(&mut answer.options)).take(MOST_OPTIONS).collect();
        if answer.outcome == Outcome::Confident {
            *answer = Answer {
                text: say(Phrase::DidYouMean, lang).to_owned(),
                intent: answer.intent.take(),
                confidence: answer.confidence,
                ..empty(Outcome::DidYouMean, lang)
            };
        }
        answer.options = options;
    }
}

/// The ids at these places, as far as there are such places.
fn ids_at(seats: &[Seat], ids: &[String]) -> Vec<String> {
    seats.iter().filter_map(|seat| ids.get(seat.among(ids.len())?)).cloned().collect()
}

/// Forgets what was only offered: what comes next is not about it.
fn forget_offered(thread: &mut Thread) {
    let shown = std::mem::take(&mut thread.shown);
    thread.entries.retain(|id| !shown.contains(id));
    thread.offered = false;
}
