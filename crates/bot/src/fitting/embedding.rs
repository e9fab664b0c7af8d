//! Fits how much the score of sentence embeddings counts, on wordings that were left out.

use std::collections::HashMap;

use super::{Asked, LEAST, Origin, each_line, gate_with_limits, pass_over, question_of};
use crate::bot::Bot;
use crate::embed::{EntryVectors, Vector, key};
use crate::gate::{FEATURES, Fitted, Gate, Gates, OF_SCORE, Weighted};
use crate::knowledge::Knowledge;
use crate::ranking::{Extra, rank_with};
use crate::stop::{Stop, Stopped, to_the_end};
use crate::text::Lang;

/// The weights that the score of embeddings may have. The first is that of a score that does not count.
const WEIGHTS: [f32; 8] = [0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.0, 1.3];
/// The gain over not counting must be so many standard errors, or the score does not count.
const SURELY: f32 = 3.0;

/// What was seen in one language with each of the weights.
#[derive(Default)]
struct Tried {
    asked: [Vec<Asked>; WEIGHTS.len()],
    /// For each left-out wording, the negative log of its entry's share.
    losses: Vec<[f32; WEIGHTS.len()]>,
}

/// How much the score of embeddings counts for this knowledge, with the gates that belong to it. The weight is the one under which left-out wordings find their
/// entries best; it is chosen by nothing else. `vectors` has those of the knowledge's [`crate::embedded::texts`]; lines without one are passed over.
pub fn fit(knowledge: &Knowledge, model: &str, vectors: &HashMap<String, Vector>) -> Fitted {
    to_the_end(|stop| fit_until(knowledge, model, vectors, stop))
}

/// The same, until it is stopped.
///
/// # Errors
/// If it was stopped.
pub fn fit_until(knowledge: &Knowledge, model: &str, vectors: &HashMap<String, Vector>, stop: &Stop) -> Result<Fitted, Stopped> {
    let mut tried = [Tried::default(), Tried::default()];
    let train = |knowledge: Knowledge| {
        let entries = [Lang::Zh, Lang::En].map(|lang| EntryVectors::new(&knowledge, lang, vectors));
        Ok((Bot::train_until(knowledge, Gates::usual(), stop)?, entries))
    };
    each_line(knowledge, stop, train, |(bot, entries), line| {
        let scores = vectors.get(&key(line.text)).and_then(|vector| entries[line.lang as usize].scores(vector));
        let Some(scores) = scores else { return };
        let (raw, reading) = bot.inspect(line.text, line.lang);
        let Tried { asked: all, losses } = &mut tried[line.lang as usize];
        let mut loss = [0.0; WEIGHTS.len()];
        for (at, weight) in WEIGHTS.into_iter().enumerate() {
            let extra = Extra { scores: &scores, weight };
            let ranking = rank_with(line.lang, Gates::usual().side(line.lang), &raw, Some(extra), line.hidden, reading);
            let place = ranking.order.iter().position(|&entry| entry == line.group);
            loss[at] = -place.map_or(0.0, |place| ranking.shares[place]).max(1e-6).ln();
            all[at].push(question_of(line, &ranking));
        }
        if line.origin == Origin::Own {
            losses.push(loss);
        }
    })?;
    let usual = Gates::usual();
    let [zh, en] = tried;
    let (zh, en) = (with_best_weight(Lang::Zh, zh, &usual.zh, stop)?, with_best_weight(Lang::En, en, &usual.en, stop)?);
    Ok(Fitted { model: model.to_owned(), zh, en })
}

/// The best weight with its gate; `None` if the score surely helps with no weight.
fn with_best_weight(lang: Lang, tried: Tried, usual: &Gate, stop: &Stop) -> Result<Option<Weighted>, Stopped> {
    let Tried { asked, losses } = tried;
    let best = if losses.len() < LEAST { None } else { best_weight(&losses) };
    let Some((best, lines)) = best.and_then(|best| Some((best, pass_over(asked.into_iter().nth(best)?)))) else { return Ok(None) };
    let usual = with_embedding(usual, &lines);
    Ok(Some(Weighted { weight: WEIGHTS[best], gate: gate_with_limits(lang, lines, &usual, stop)? }))
}

/// The place of the weight with the least mean loss, if that is surely less than without the score.
fn best_weight(losses: &[[f32; WEIGHTS.len()]]) -> Option<usize> {
    let n = losses.len() as f32;
    let gain = |at: usize| losses.iter().map(|loss| loss[0] - loss[at]).sum::<f32>() / n;
    let best = (1..WEIGHTS.len()).max_by(|&a, &b| gain(a).total_cmp(&gain(b)))?;
    let variance = losses.iter().map(|loss| (loss[0] - loss[best] - gain(best)).powi(2)).sum::<f32>() / n;
    (gain(best) > SURELY * (variance / n).sqrt()).then_some(best)
}

/// The usual gate, for which the features of embeddings have a scale and no weight.
fn with_embedding(usual: &Gate, lines: &[Asked]) -> Gate {
    let n = lines.len().max(1) as f32;
    let mut gate = usual.clone();
    for feature in 0..OF_SCORE {
        let mean = lines.iter().map(|line| line.embedding[feature]).sum::<f32>() / n;
        let variance = lines.iter().map(|line| (line.embedding[feature] - mean).powi(2)).sum::<f32>() / n;
        gate.centre.push(mean);
        gate.spread.push(variance.sqrt().max(1e-6));
        for weights in [&mut gate.right, &mut gate.covered] {
            weights.insert(FEATURES + feature, 0.0);
        }
    }
    gate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_is_chosen_only_if_it_surely_helps() {
        let losses =
            |gain: fn(usize, usize) -> f32| -> Vec<[f32; WEIGHTS.len()]> { (0..200).map(|line| std::array::from_fn(|at| 2.0 - gain(line, at))).collect() };
        assert_eq!(best_weight(&losses(|_, _| 0.0)), None);
        assert_eq!(best_weight(&losses(|line, at| if at == 0 { 0.0 } else { [0.9, -0.88][line % 2] })), None, "chance is no help");
        assert_eq!(best_weight(&losses(|line, at| [0.0, 0.1, 0.2, 0.3, 0.2, 0.1, 0.0, -0.1][at] * [0.5, 1.5][line % 2])), Some(3));
    }

    #[test]
    fn without_wordings_nothing_counts() {
        assert_eq!(fit(&Knowledge::default(), "m", &HashMap::new()), Fitted { model: "m".to_owned(), zh: None, en: None });
    }
}
