//! The FAQ in the thread: a line that is short for a question is answered by what was talked about, and what was said in vain is recognised.

use std::collections::BTreeSet;

use crate::bot::Bot;
use crate::decision::Rule;
use crate::grams::Gram;
use crate::ranking::Ranking;
use crate::text::{Lang, tokens};
use crate::thread::{Standing, Thread};

/// The entries of a ranking that the thread may move.
const MOST_MOVED: usize = 24;

/// The probability that the knowledge covers a whole question from which on the thread may answer it.
const LEAST_COVERED: f32 = 0.35;

/// Below this confidence, an entry is only offered if one of the next has all words of the line in one wording, and the first has not; or, below the
/// next confidence, if the second is no further behind than this and has as much of the line. Of so many entries that is asked.
const UNDOUBTED: f32 = 0.6;
const WEAK: f32 = 0.5;
const TIED: f32 = 0.5;
const RIVALS: usize = 3;
/// The shares of a line's features from which on a wording has all of it, and up to which it has not.
const ALL: f32 = 0.97;
const NOT_ALL: f32 = 0.9;

/// A line of at most so many tokens, in Chinese and English, is about none of the entries if the confidence in the first is lower than this, and no wording has this
/// share of it: in a longer line, much is told besides.
const FAR: [(usize, f32); 2] = [(7, 0.11), (6, 0.06)];
const LITTLE: f32 = 0.35;

/// The confidence from which on an entry is given for the words of a line alone after another entry was given: the line may go on with that.
const SURE_IN_THREAD: f32 = 0.6;

/// How the thread moves a ranking, for one language.
struct Pull {
    /// For the entry answered last.
    last: f32,
    /// For each one before it, as a share of that.
    fading: f32,
    /// For an entry related to the last.
    related: f32,
    /// For an entry of the same topic.
    topic: f32,
    /// The weight of the ranking of the line together with the last question.
    together: f32,
    /// The weight of the share of the line that an entry's own words explain.
    explains: f32,
    /// The belief from which on an entry is given to a line that is short or points.
    sure: f32,
    /// The same for other lines.
    surely: f32,
    /// The confidence from which on an entry is given although the thread is about another.
    beyond: f32,
    /// The belief from which on entries are offered.
    likely: f32,
}

const PULL: Pull = Pull { last: 1.4, fading: 0.6, related: 0.3, topic: 0.2, together: 0.5, explains: 1.5, sure: 0.5, surely: 0.7, beyond: 0.8, likely: 0.2 };

/// What is known of a line in its thread.
pub(crate) struct Context<'a> {
    bot: &'a Bot,
    lang: Lang,
    stands: Standing,
    thread: &'a Thread,
    /// Positions with their beliefs, best first; empty without a thread.
    beliefs: Vec<(usize, f32)>,
    /// The share of the line that the entries of the thread explain.
    explained: f32,
    /// Whether the line has too few words for a whole question.
    is_short: bool,
    /// Other entries that are as likely to be meant as the first of the ranking.
    rivals: Vec<usize>,
    /// Whether the line is short and far from all entries.
    is_far: bool,
    /// Whether the line goes on with what was talked about, or has a word that the company knows.
    belongs: bool,
}

/// What the FAQ says to a line.
#[derive(Default)]
pub(crate) struct Chosen {
    /// The entry to answer with, the confidence in it, and the rule.
    pub sure: Option<(usize, f32, Rule)>,
    /// The entry that would be given if nothing had been talked about.
    pub held_back: Option<(usize, f32, Rule)>,
    /// Whether entries are worth offering.
    pub offers: bool,
    /// The entries, best first.
    pub order: Vec<usize>,
}

impl<'a> Context<'a> {
    /// Judges a line with the ranking of its words alone.
    pub(crate) fn new(bot: &'a Bot, line: &str, lang: Lang, stands: Standing, ranking: &Ranking, thread: &'a Thread) -> Context<'a> {
        let is_short = tokens(line).len() <= if lang == Lang::Zh { 6 } else { 4 };
        let (most, least) = FAR[lang as usize];
        let may_be_far = !ranking.is_sure() && ranking.confidence < least && tokens(line).len() <= most;
        let may_have_rivals = ranking.is_sure() && ranking.confidence < UNDOUBTED;
        let shares = if may_be_far || may_have_rivals { shares_in_wordings(bot, line, lang, ranking) } else { Vec::new() };
        let is_far = may_be_far && shares.iter().all(|(_, share)| *share < LITTLE);
        let rivals = if may_have_rivals { rivals(&shares, ranking.confidence < WEAK && ranking.margin() < TIED) } else { Vec::new() };
        let mut context = Context { bot, lang, stands, thread, beliefs: Vec::new(), explained: 0.0, is_short, rivals, is_far, belongs: true };
        let last: Vec<usize> = thread.entries.iter().filter_map(|id| bot.places.get(id)).map(|at| *at as usize).collect();
        let Some(&latest) = last.first() else { return context };
        context.belongs = stands.goes_on || stands.points || stands.in_vain || tokens(line).last() == Some(&"then") || bot.knows_any(line, lang);
        let index = &bot.indexes[lang as usize];
        let entries = &bot.knowledge.entries;
        let question = format!("{} {}", entries[latest].question.get(lang), line);
        let together = index.rank(&question);
        let share = |ranking: &Ranking, at: usize| ranking.order.iter().position(|other| *other == at).map_or(1e-6, |place| ranking.shares[place].max(1e-6));
        let mut candidates: BTreeSet<usize> = ranking.order.iter().take(MOST_MOVED).copied().collect();
        candidates.extend(last.iter().copied());
        let neighbours: BTreeSet<usize> = entries[latest].related.iter().filter_map(|id| bot.places.get(id)).map(|at| *at as usize).collect();
        candidates.extend(neighbours.iter().copied());
        let grams = index.grammar.of_query(line).plain;
        let weight = |gram: &Gram| index.rarity(*gram);
        let total: f32 = grams.iter().map(weight).sum::<f32>().max(1e-3);
        let explains = |at: usize| {
            let known = index.known_grams(&entries[at], lang);
            grams.iter().filter(|gram| known.contains(gram)).map(weight).sum::<f32>() / total
        };
        let mut scored: Vec<(usize, f32)> = candidates
            .into_iter()
            .map(|at| {
                let mut score = share(ranking, at).ln() + PULL.together * share(&together, at).ln();
                if let Some(age) = last.iter().position(|other| *other == at) {
                    score += PULL.last * PULL.fading.powi(age as i32) + PULL.explains * explains(at);
                } else if neighbours.contains(&at) {
                    score += PULL.related;
                }
                if entries[at].topic == entries[latest].topic {
                    score += PULL.topic;
                }
                (at, score)
            })
            .collect();
        scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let best = scored.first().map_or(0.0, |(_, score)| *score);
        let sum: f32 = scored.iter().map(|(_, score)| (score - best).exp()).sum();
        context.beliefs = scored.into_iter().map(|(at, score)| (at, (score - best).exp() / sum)).collect();
        context.explained = last.iter().map(|at| explains(*at)).fold(0.0, f32::max);
        context
    }

    /// What the FAQ says: alone if it is sure and the line says enough, else in the thread.
    pub(crate) fn choice_of(&self, ranking: &Ranking) -> Chosen {
        let is_likely = ranking.is_likely() && !self.is_far;
        let alone = || {
            let sure = ranking.order.first().filter(|_| ranking.is_sure() && self.rivals.is_empty()).map(|at| (*at, ranking.confidence, Rule::Sure));
            let first = ranking.order.first().into_iter().chain(&self.rivals).copied();
            let order = unique(first.chain(ranking.worth_offering(3)).collect());
            Chosen { sure, offers: is_likely, order, ..Chosen::default() }
        };
        let Some(&(top, belief)) = self.beliefs.first().filter(|_| self.belongs) else { return alone() };
        let own_topic = ranking.order.first() == Some(&top);
        let is_new = !ranking.order.first().is_some_and(|first| self.thread.entries.iter().any(|id| self.bot.places.get(id) == Some(&(*first as u32))));
        // a word or two may change one thing of what was talked about, or be about something else: ask back
        if ranking.is_sure() && is_new && self.stands.goes_on && self.stands.changes_one_thing && self.is_short && ranking.confidence < PULL.beyond {
            let last = self.thread.entries.first().and_then(|id| self.bot.places.get(id)).map(|at| *at as usize);
            let order = unique([Some(ranking.order[0]), last, Some(top)].into_iter().flatten().collect());
            return Chosen { offers: true, order, ..Chosen::default() };
        }
        if ranking.is_sure() && own_topic {
            let found = alone();
            let sure = ranking.confidence >= SURE_IN_THREAD || self.thread.offered;
            return if sure { found } else { Chosen { sure: None, held_back: found.sure, ..found } };
        }
        // what the line says alone and what it says in the thread are two things: ask back
        if ranking.is_sure() && !self.stands.elliptic {
            let strong = ranking.confidence >= PULL.beyond;
            if strong {
                return alone();
            }
            let order = unique(vec![ranking.order[0], top, self.beliefs.get(1).map_or(top, |(at, _)| *at), self.beliefs.get(2).map_or(top, |(at, _)| *at)]);
            return Chosen { offers: true, order: order.into_iter().take(3).collect(), ..Chosen::default() };
        }
        let of_thread = self.thread.entries.iter().any(|id| self.bot.places.get(id).is_some_and(|at| *at as usize == top));
        let agrees = own_topic || self.beliefs.iter().take(2).any(|(at, _)| ranking.order.first() == Some(at));
        if ranking.is_sure() && !own_topic && self.stands.elliptic && agrees && belief < PULL.surely {
            let order = vec![ranking.order[0], top, self.beliefs.get(2).map_or(top, |(at, _)| *at)];
            return Chosen { offers: true, order: unique(order), ..Chosen::default() };
        }
        if of_thread && !self.thread.offered && self.stands.changes_one_thing && !ranking.is_sure() && !(is_likely && !own_topic && belief < 0.3) {
            let order: Vec<usize> = self.beliefs.iter().take(3).map(|(at, _)| *at).collect();
            return Chosen { sure: Some((top, belief.max(ranking.confidence).min(0.9), Rule::FollowUp)), offers: true, order, ..Chosen::default() };
        }
        let hangs_on = self.stands.elliptic || self.stands.points || self.explained >= 0.45 || is_likely;
        if !hangs_on {
            return alone();
        }
        let order: Vec<usize> = self.beliefs.iter().take(3).map(|(at, _)| *at).collect();
        let least = if self.stands.elliptic || self.stands.points { PULL.sure } else { PULL.surely };
        let again = self.thread.entries.first().and_then(|id| self.bot.places.get(id)).is_some_and(|at| *at as usize == top);
        // a whole question has to be about what the knowledge covers; only what is short for one takes the rest from the thread
        let covered = self.stands.changes_one_thing || self.is_short || ranking.covered >= LEAST_COVERED;
        let meant = !again || self.explained >= 0.38 || self.stands.changes_one_thing || self.stands.points && is_likely;
        let known = of_thread && (!self.thread.offered || own_topic);
        let sure = (belief >= least && known && meant && covered).then_some((top, belief.max(ranking.confidence).min(0.9), Rule::FollowUp));
        Chosen {
            sure,
            offers: belief >= PULL.likely && (is_likely || self.explained >= 0.2 || self.stands.changes_one_thing && self.thread.offered),
            order,
            ..Chosen::default()
        }
    }

    /// Whether the line has to do with what was talked about, or with anything that the company knows.
    pub(crate) fn belongs(&self) -> bool {
        self.belongs
    }

    /// Whether a line says that the last answer was of no use: it says so, or tells more of the same trouble without asking anything.
    pub(crate) fn is_in_vain(&self, chosen: &Chosen, stands: Standing) -> bool {
        let latest = self.thread.entries.first().and_then(|id| self.bot.places.get(id)).map(|at| *at as usize);
        let said = |at: usize| self.thread.has_said(self.bot.knowledge.entries[at].answer.get(self.lang));
        match chosen.sure.or(chosen.held_back) {
            Some((at, _, _)) if said(at) => stands.surely_in_vain || stands.in_vain && !stands.asks || !stands.asks && !stands.elliptic,
            Some((at, _, rule)) => !stands.asks && (stands.surely_in_vain || stands.in_vain && rule == Rule::FollowUp && Some(at) != latest),
            None => stands.in_vain && !stands.asks || !stands.asks && !stands.elliptic && self.explained >= 0.3,
        }
    }
}

/// The first entries of a ranking, each with the largest share of a line that one of its wordings has.
fn shares_in_wordings(bot: &Bot, line: &str, lang: Lang, ranking: &Ranking) -> Vec<(usize, f32)> {
    let index = &bot.indexes[lang as usize];
    let grams = index.grammar.of_query(line).plain;
    let weight = |gram: &Gram| index.rarity(*gram);
    let total: f32 = grams.iter().map(weight).sum::<f32>().max(1e-3);
    let share = |at: usize| {
        let has = |wording: &str| {
            let own = index.grammar.of_knowledge(wording).plain;
            grams.iter().filter(|gram| own.contains(gram)).map(weight).sum::<f32>() / total
        };
        bot.knowledge.entries[at].texts(lang).map(has).fold(0.0, f32::max)
    };
    ranking.order.iter().take(RIVALS).map(|at| (*at, share(*at))).collect()
}

/// The entries that are as likely to be meant as the first, by the shares of a line that they have; `tied` if the second is little less likely.
fn rivals(shares: &[(usize, f32)], tied: bool) -> Vec<usize> {
    let Some(((_, first), next)) = shares.split_first() else { return Vec::new() };
    let is_rival = |(place, share): (usize, f32)| *first < NOT_ALL && share >= ALL || tied && place == 0 && (first - share).abs() < 1e-3;
    next.iter().enumerate().filter(|(place, (_, share))| is_rival((*place, *share))).map(|(_, (at, _))| *at).collect()
}

fn unique(order: Vec<usize>) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    order.into_iter().filter(|at| seen.insert(*at)).collect()
}
