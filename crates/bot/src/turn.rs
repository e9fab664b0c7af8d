//! One turn of the bot: it takes one line and gives one of six outcomes.
//!
//! The rules are tried in this order: danger; a request for a person; a wording of the knowledge, letter for letter; the answer to a question of a guided
//! choice; the answer to what was shown to choose from; small talk; several questions in one line; what goods and plans clearly answer; the FAQ, if it is sure,
//! alone or in the thread; what goods and plans may answer; suggestions; and the statement that there is no answer. What was said before and did not help is
//! never said again.

mod grasp;
mod items;
mod offers;

use self::grasp::{Clear, Grasp, How};
use crate::answer::{Answer, Opt, Outcome, Source};
use crate::bot::{Bot, Turn, empty, normal_of, option, talk};
use crate::context::Context;
use crate::decision::{Decision, Rule};
use crate::graph::found::{Found, Sort};
use crate::graph::reading::Reading;
use crate::human::{Need, hear};
use crate::intent;
use crate::knowledge::Entry;
use crate::ranking::Ranking;
use crate::replies::{Phrase, say};
use crate::short::{self, Short};
use crate::small_talk;
use crate::text::{Lang, normalise, tokens};
use crate::thread::{Standing, Thread, standing};
use utterance::refusal::{Kind, Refusal, is_contrast, refusals, remainder};

/// The most options offered.
const MOST_OPTIONS: usize = 3;

/// The confidence from which on a line with several questions is taken for one.
const ONE_THING: f32 = 0.8;

/// The confidence in one question of a line from which on the line is not only about another.
const LIKELY_OF_PART: f32 = 0.65;

/// The confidence in an answer from goods and plans that goes before all but a sure entry, and in one that is given because there is nothing else.
const LIKELY_OF_ITEMS: f32 = 0.95;
const HARDLY_OF_ITEMS: f32 = 0.7;

/// The confidence of the FAQ from which on it goes before an exact answer from goods and plans.
const BEYOND_DOUBT: f32 = 0.9;

/// The least confidence in an entry for what is left of a line that refuses another.
const LEAST_OF_REST: f32 = 0.5;

/// So many unexplained words say more than what is the most of all.
const LONG_REST: usize = 3;

/// Why an entry is given, and how sure the bot is of it.
struct Given {
    confidence: f32,
    rule: Rule,
    ranking: Option<Ranking>,
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
        let passed = thread.passed.clone();
        let mut decision = self.reply(turn, &mut thread);
        // after "thanks", a pick can still be corrected
        if decision.answer.outcome == Outcome::SmallTalk && !decision.answer.offers_person() && thread.passed.is_empty() {
            thread.passed = passed;
        }
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
        decision.answer.note_shown(&mut thread);
        if !decision.answer.text.is_empty() {
            thread.note_said(&decision.answer.text);
        }
        if matches!(decision.answer.outcome, Outcome::Confident | Outcome::Attribute) {
            thread.in_vain = 0;
        }
        decision.answer.thread = thread;
        decision
    }

    fn reply(&self, turn: &Turn<'_>, thread: &mut Thread) -> Decision {
        let normal = normal_of(turn.text);
        let lang = self.language(&normal, turn.lang_hint);
        let at_once = |answer, rule| Decision { answer, rule, ranking: None };
        if !normal.chars().any(char::is_alphanumeric) {
            return at_once(talk(Phrase::NothingSaid, lang), Rule::NothingSaid);
        }
        let (normal, mut need) = hear(turn.text);
        if !normal.chars().any(char::is_alphanumeric) {
            return at_once(talk(Phrase::Understood, lang), Rule::SmallTalk);
        }
        let person = |why: &str| Answer { intent: Some(why.to_owned()), confidence: 1.0, ..empty(Outcome::HumanRequest, lang) };
        // "想看最后一条": each of its words picks from what was shown
        if !thread.shown.is_empty() && matches!(short::read(&normal), Some(Short::Picks { .. })) {
            need = Need::None;
        }
        match need {
            Need::Danger => return at_once(person(intent::DANGER), Rule::Danger),
            Need::Person if short::read(&normal).is_none() => return at_once(person(intent::HUMAN_REQUEST), Rule::AsksForPerson),
            Need::Person | Need::PossibleDanger | Need::Perhaps | Need::None => {}
        }
        if let Some(found) = self.word_for_word(&normal, lang, thread) {
            return found;
        }
        let wish = matches!(need, Need::PossibleDanger | Need::Perhaps).then(|| (thread.clone(), need == Need::PossibleDanger));
        let passed = std::mem::take(&mut thread.passed);
        if let Some(found) = self.choose_on(&normal, lang, thread) {
            return found;
        }
        // a line that may be of danger, or a wish for a person and more, is heard as a whole
        let is_plain = wish.as_ref().is_none_or(|(_, may_be_danger)| !may_be_danger && short::read(&normal).is_some());
        if is_plain && let Some(found) = self.take_up_answer(&normal, lang, thread, &passed) {
            return found;
        }
        self.answer_line(&normal, lang, thread, wish)
    }

    /// The answer to a line, whatever was shown before it. `wish` is the thread before it, and whether it may be danger, if it may be a wish for a person.
    fn answer_line(&self, normal: &str, lang: Lang, thread: &mut Thread, wish: Option<(Thread, bool)>) -> Decision {
        let at_once = |answer, rule| Decision { answer, rule, ranking: None };
        let line = match small_talk::read(normal, lang) {
            small_talk::Reading::Whole(Phrase::Complaint) if thread.last_was_entry() => return self.next_step(lang, thread),
            small_talk::Reading::Whole(Phrase::Unclear) => return self.say_more_simply(lang, thread),
            small_talk::Reading::Whole(phrase) => return at_once(talk(phrase, lang), Rule::SmallTalk),
            small_talk::Reading::Then(rest) => rest,
            small_talk::Reading::No => match small_talk::courtesy(normal, lang) {
                Some(phrase) => return at_once(talk(phrase, lang), Rule::SmallTalk),
                None => normal,
            },
        };
        if let Some(found) = self.word_for_word(line, lang, thread) {
            return found;
        }
        let found = match self.several(line, lang, thread) {
            Some(found) => found,
            None => self.look_up(line, lang, thread),
        };
        match wish {
            Some((before, may_be_danger)) => offer_person(found, lang, may_be_danger, (thread, before)),
            None => found,
        }
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
            intent: Some(intent::PERSON_OFFERED.to_owned()),
            confidence: 1.0,
            ..empty(Outcome::SmallTalk, lang)
        };
        Decision { answer, rule: Rule::InVain, ranking: None }
    }

    /// What is said to somebody who has not understood the last answer of an entry: what it says first, and which part is unclear; after that, a person is offered.
    fn say_more_simply(&self, lang: Lang, thread: &Thread) -> Decision {
        let entry = thread.entries.first().filter(|_| thread.last_was_entry()).and_then(|id| self.places.get(id));
        let gist = entry.map(|at| utterance::unclear::first_sentence(self.knowledge.entries[*at as usize].answer.get(lang)));
        let text = match gist {
            Some(gist) => format!("{gist}\n\n{}", say(Phrase::UnclearOfAnswer, lang)),
            None => say(Phrase::Unclear, lang).to_owned(),
        };
        let answer = if thread.has_said(&text) { person_offered(lang) } else { Answer { text, ..talk(Phrase::Unclear, lang) } };
        Decision { answer, rule: Rule::SmallTalk, ranking: None }
    }

    /// The answer to one question.
    fn look_up(&self, line: &str, lang: Lang, thread: &mut Thread) -> Decision {
        let stands = standing(line, lang);
        let grasp = self.grasp(line, lang, stands, thread);
        let advises = grasp.reading.wants_advice && grasp.how == How::None && !grasp.reading.elsewhere;
        let another = grasp.items.first().filter(|_| grasp.wants_another).and_then(|item| self.graph.begin_choice_beside(*item));
        if let Some(choice) = another {
            return self.choose(choice, lang, thread);
        }
        let compared = self.entry_comparing(&grasp).is_some();
        let reading = &grasp.reading;
        let faq_first = self.faq_goes_first(&grasp, line, stands, thread);
        if grasp.clear == Clear::Surely
            && !compared
            && faq_first.is_none()
            && let Some(found) = &grasp.found
        {
            return self.answer_items(found.clone(), &grasp, line, lang, None, thread);
        }
        if let Some(entry) = self.entry_comparing(&grasp) {
            self.remember_named(&grasp, thread);
            return self.give(entry, lang, Given { confidence: 1.0, rule: Rule::Sure, ranking: None }, line, thread);
        }
        let (ranking, refused) = self.rank_wanted(reading, line, lang);
        if grasp.clear == Clear::Surely
            && let Some(least) = faq_first
            && !(ranking.is_sure() && (ranking.confidence >= least || self.asks_the_same(&ranking, &grasp, lang)))
            && let Some(found) = &grasp.found
        {
            return self.answer_items(found.clone(), &grasp, line, lang, Some(ranking), thread);
        }
        let context = Context::new(self, line, lang, stands, &ranking, thread);
        let mut chosen = context.choice_of(&ranking);
        if chosen.sure.is_some() && lang == Lang::Zh && self.owns_unknown(line) {
            chosen.sure = None;
        }
        if let Some(refused) = refused {
            chosen.sure = chosen.sure.filter(|(at, confidence, _)| *at != refused && *confidence >= LEAST_OF_REST);
            chosen.order.retain(|at| *at != refused);
            let related = &self.knowledge.entries[refused].related;
            chosen.order.sort_by_key(|at| !related.contains(&self.knowledge.entries[*at].id));
        }
        let belongs = context.belongs() || small_talk::is_polite(line, lang);
        // what was said before and did not help is not said again
        if !thread.entries.is_empty() && context.is_in_vain(&chosen, stands) {
            return self.next_step(lang, thread);
        }
        let compares = grasp.found.as_ref().is_some_and(|found| found.sort == Sort::Comparison) && rule_is_alone(&chosen.sure);
        // who names two things and asks nothing that the FAQ answers wants to hear how they differ
        let names_two = grasp.how == How::Named && grasp.items.len() > 1 && grasp.clear >= Clear::Likely;
        if let Some((at, confidence, rule)) = chosen.sure.filter(|_| !compares || grasp.reading.asked.is_empty() && !names_two) {
            self.remember_named(&grasp, thread);
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
        let one = grasp.items.first().copied().filter(|_| grasp.items.len() == 1);
        if let Some(item) = one
            && !grasp.reading.elsewhere
            && (grasp.how != How::Carried || grasp.reading.rest <= 12)
            && let Some(found) = self.graph.quote(item, &grasp.words_to_quote(), lang)
        {
            return self.answer_items(found, &grasp, line, lang, Some(ranking), thread);
        }
        if chosen.offers {
            let rule = if ranking.is_close() || ranking.is_sure() { Rule::Close } else { Rule::Likely };
            self.remember_named(&grasp, thread);
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
            How::Carried if found.sort == Sort::Overview => grasp.reading.rest == 0,
            How::None if found.sort == Sort::Nothing => grasp.reading.rest <= 2 && !grasp.reading.elsewhere,
            How::Carried | How::None => grasp.reading.rest <= loose && !grasp.reading.elsewhere && found.sort != Sort::Unlisted,
        };
        if let Some(found) = grasp.found.clone().filter(fits) {
            return self.answer_items(found, &grasp, line, lang, Some(ranking), thread);
        }
        if let Some(item) = one
            && grasp.how != How::Carried
            && !grasp.tells
            && (grasp.reading.whether || grasp.reading.asks())
            && grasp.reading.rest <= 8
            && !grasp.reading.elsewhere
        {
            return self.answer_items(self.graph.unlisted_answer(item, lang), &grasp, line, lang, Some(ranking), thread);
        }
        // after an entry, a line that asks nothing tells more of the same trouble: somebody has to listen
        if belongs && !thread.entries.is_empty() && !thread.last_was_items && !stands.asks {
            if thread.in_vain > 0 {
                return self.next_step(lang, thread);
            }
            thread.in_vain = 1;
            return Decision { answer: person_offered(lang), rule: Rule::InVain, ranking: Some(ranking) };
        }
        let answer =
            Answer { text: say(Phrase::NoAnswer, lang).to_owned(), offer_human: true, confidence: ranking.confidence, ..empty(Outcome::NoAnswer, lang) };
        Decision { answer, rule: Rule::Unknown, ranking: Some(ranking) }
    }

    /// The ranking of a line: a name in it is no evidence for an entry that happens to contain it.
    fn rank_read(&self, reading: &Reading, line: &str, lang: Lang) -> Ranking {
        let index = &self.indexes[lang as usize];
        if !reading.mentions.is_empty() && reading.asks() && reading.rest <= 2 {
            index.rank(&reading.without_names)
        } else if reading.mentions.is_empty() {
            index.rank(line)
        } else {
            index.rank(line).doubted_by(&index.rank(&reading.without_names))
        }
    }

    /// The same of what a line wants: if what it refuses leads to the first entry and the rest of it leads elsewhere, that is the ranking of the rest, with the
    /// position of the entry that is refused.
    fn rank_wanted(&self, reading: &Reading, line: &str, lang: Lang) -> (Ranking, Option<usize>) {
        let ranking = self.rank_read(reading, line, lang);
        let refusals: Vec<Refusal> = refusals(line, lang).into_iter().filter(|refusal| refusal.kind == Kind::Wish && is_contrast(line, refusal)).collect();
        let (Some(&first), false) = (ranking.order.first(), refusals.is_empty()) else { return (ranking, None) };
        let rest = remainder(line, &refusals);
        if !self.says_anything(&rest, lang) {
            return (ranking, None);
        }
        let index = &self.indexes[lang as usize];
        let leads_there = |text: &str| {
            let ranking = index.rank(text);
            ranking.is_likely() && ranking.order.first() == Some(&first)
        };
        let is_refused = refusals.iter().any(|refusal| leads_there(&line[refusal.what.clone()]));
        if !is_refused {
            return (ranking, None);
        }
        let wanted = Some(index.rank(&rest)).filter(|wanted| wanted.is_likely() && wanted.order.first() != Some(&first));
        match wanted {
            Some(mut wanted) => {
                let at = wanted.order.iter().position(|at| *at == first);
                if let Some(at) = at {
                    wanted.order.remove(at);
                    wanted.shares.remove(at);
                }
                (wanted, Some(first))
            }
            None => (ranking, Some(first)),
        }
    }

    /// How sure the FAQ has to be to go before goods and plans that clearly answer; `None` if it is not asked. A line that names none of them may be about
    /// something else: it wants advice, is about what the customer has, or says no more than what kind of thing it is for. One that only names something
    /// asks for nothing that the FAQ could not know better.
    fn faq_goes_first(&self, grasp: &Grasp, line: &str, stands: Standing, thread: &Thread) -> Option<f32> {
        let (found, reading) = (grasp.found.as_ref()?, &grasp.reading);
        if matches!(grasp.how, How::Pointed | How::Carried) && is_about_own(line) && thread.page.is_none() {
            return Some(0.0);
        }
        let unnamed = grasp.how == How::None || grasp.how == How::Pointed && !stands.points && !thread.last_was_items;
        if grasp.inherited || matches!(found.sort, Sort::Which | Sort::Open) || !(unnamed || grasp.how == How::Named && found.sort == Sort::Overview) {
            return None;
        }
        let of_most = reading.orders.iter().any(|order| order.superlative);
        // "床品有哪些" says nothing but that
        let is_own = reading.groups.iter().any(|group| self.graph.groups[*group as usize].is_of_company());
        let lists_all = is_own && reading.lists && reading.rest == 0 && found.sort == Sort::Selection && !reading.elsewhere;
        let is_exact = lists_all
            || of_most && reading.rest < LONG_REST
            || reading.counts && reading.rest == 0
            || !reading.asked.is_empty()
            || !reading.bounds.is_empty()
            || !reading.refused.is_empty();
        if reading.lists && !reading.wants_advice && reading.rest == 0 && found.sort == Sort::Selection && !is_exact && !is_about_own(line) {
            return Some(f32::INFINITY);
        }
        let is_vague = !is_exact || reading.wants_advice && !of_most && !(reading.counts && reading.rest == 0) || is_about_own(line);
        if is_vague {
            return Some(0.0);
        }
        Some(if reading.rest > 0 { BEYOND_DOUBT } else { f32::INFINITY })
    }

    /// Whether a wording of the first entry asks goods and plans for exactly what a line asks them for: then the entry is what the company says to that.
    fn asks_the_same(&self, ranking: &Ranking, grasp: &Grasp, lang: Lang) -> bool {
        let Some(entry) = ranking.order.first().map(|at| &self.knowledge.entries[*at]) else { return false };
        let wordings = std::iter::once(entry.question.side(lang)).chain(entry.similar.side(lang).iter().map(String::as_str));
        let grammar = &self.indexes[lang as usize].grammar;
        let of =
            |reading: &Reading| (reading.groups.clone(), reading.asked.clone(), reading.orders.clone(), reading.bounds.clone(), reading.counts, reading.lists);
        let asked = of(&grasp.reading);
        wordings.map(|wording| self.graph.read(&normalise(wording), lang, grammar, &[])).any(|reading| of(&reading) == asked)
    }

    fn offer(&self, order: &[usize], ranking: &Ranking, lang: Lang) -> Answer {
        let answer = self.did_you_mean(ranking, lang);
        let entries = order.iter().take(MOST_OPTIONS).map(|at| &self.knowledge.entries[*at]);
        let options: Vec<Opt> = entries.map(|entry| option(entry, lang)).collect();
        let text = if options.len() == 1 { say(Phrase::DidYouMeanThis, lang).to_owned() } else { answer.text };
        Answer { text, options, ..answer }
    }

    /// Asks which of several questions comes first, as not all of them are sure; `None` if the line is better taken for one.
    fn ask_which_first(&self, line: &str, options: Vec<Opt>, of_parts: &[String], lang: Lang, thread: &mut Thread) -> Option<Decision> {
        let ranking = self.indexes[lang as usize].rank(line);
        let of_another = |at: &usize| of_parts.iter().any(|id| *id != self.knowledge.entries[*at].id);
        if ranking.is_sure() && ranking.confidence >= ONE_THING && !ranking.order.first().is_some_and(of_another) {
            return None;
        }
        for option in options.iter().rev() {
            thread.note_entry(&option.id, line);
        }
        thread.offered = true;
        let answer = Answer { text: say(Phrase::WhichFirst, lang).to_owned(), options, ..self.did_you_mean(&ranking, lang) };
        Some(Decision { answer, rule: Rule::Several, ranking: Some(ranking) })
    }

    /// The answers to several questions in one line; `None` if it is one.
    fn several(&self, line: &str, lang: Lang, thread: &mut Thread) -> Option<Decision> {
        let parts = utterance::parts::parts(line, lang);
        if parts.len() < 2 {
            return None;
        }
        let mut own = thread.clone();
        let mut answers: Vec<Answer> = Vec::new();
        let mut unsure = 0;
        let mut asked: Vec<Opt> = Vec::new();
        let mut of_parts: Vec<String> = Vec::new();
        for part in &parts {
            let decision = self.look_up(part, lang, &mut own);
            let answer = decision.answer;
            let best = match answer.outcome {
                Outcome::Confident => answer.source.as_ref().map(|source| Opt { id: source.id.clone(), text: source.title.clone() }),
                Outcome::DidYouMean => answer.options.first().filter(|option| self.places.contains_key(&option.id)).cloned(),
                _ => None,
            };
            if answer.confidence >= LIKELY_OF_PART {
                of_parts.extend(best.as_ref().map(|best| best.id.clone()));
            }
            asked.extend(best.filter(|best| asked.iter().all(|known| known.id != best.id)));
            let sure = match answer.outcome {
                Outcome::Attribute if answer.confidence < LIKELY_OF_ITEMS => false,
                Outcome::Confident if answer.confidence < if answers.iter().any(|known| known.outcome == Outcome::Attribute) { 0.75 } else { 0.45 } => false,
                Outcome::Confident => decision.rule != Rule::FollowUp || answers.is_empty(),
                Outcome::Attribute => answer.intent.as_deref() == Some(intent::ATTRIBUTE),
                _ => false,
            };
            unsure += usize::from(!sure);
            if sure && !answers.iter().any(|known| known.text == answer.text || known.source == answer.source && known.outcome == Outcome::Confident) {
                own.note_said(&answer.text);
                answers.push(answer);
            }
        }
        if unsure > 0 && asked.len() == parts.len() {
            return self.ask_which_first(line, asked, &of_parts, lang, thread);
        }
        if let ([answer], 1, [_, ..], 2) = (answers.as_slice(), unsure, asked.as_slice(), parts.len())
            && answer.outcome == Outcome::Attribute
        {
            // one of the two is answered, and it is said that the other is left
            let answer = Answer { text: format!("{}\n\n{}", answer.text, say(Phrase::OtherLeft, lang)), related: asked, ..answer.clone() };
            *thread = own;
            return Some(Decision { answer, rule: Rule::Several, ranking: None });
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

/// Whether a line is about what the customer has already.
fn is_about_own(line: &str) -> bool {
    ["我的", "我这", "我家的", "我现在的"].iter().any(|own| line.contains(own)) || tokens(line).iter().any(|word| matches!(*word, "my" | "our" | "mine"))
}

/// Whether the FAQ is sure without the thread.
fn rule_is_alone(sure: &Option<(usize, f32, Rule)>) -> bool {
    sure.is_some_and(|(_, _, rule)| rule == Rule::Sure)
}

/// What is said to a line that may be a wish for a person, or for help: what was found, if it is sure, and otherwise whether a person is wanted. What was found is
/// then not said, and the thread is as it was before.
fn offer_person(found: Decision, lang: Lang, may_be_danger: bool, (thread, before): (&mut Thread, Thread)) -> Decision {
    if matches!(found.answer.outcome, Outcome::Confident | Outcome::Attribute) {
        return Decision { answer: Answer { offer_human: true, wishes_person: true, may_be_danger, ..found.answer }, ..found };
    }
    *thread = before;
    let (intent, rule) = if may_be_danger { (intent::HELP_OFFERED, Rule::OffersHelp) } else { (intent::PERSON_OFFERED, Rule::OffersPerson) };
    let answer = Answer { wishes_person: true, may_be_danger, intent: Some(intent.to_owned()), ..person_offered(lang) };
    Decision { answer, rule, ranking: found.ranking }
}

/// The offer of a person.
fn person_offered(lang: Lang) -> Answer {
    let (text, intent) = (say(Phrase::OfferPerson, lang).to_owned(), Some(intent::PERSON_OFFERED.to_owned()));
    Answer { text, offer_human: true, intent, ..empty(Outcome::SmallTalk, lang) }
}
