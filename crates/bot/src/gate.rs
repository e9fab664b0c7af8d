//! Judges a ranking: how probable it is that its first entry is right, and how probable that the knowledge covers the line at all.
//!
//! The two are asked apart because they have different faults: a line about something else can look very much like one entry, and a line that the knowledge
//! covers can look like three. An answer needs both; an offer of three needs only the second. Both are logistic regressions on the features of a
//! ranking, fitted to a company's knowledge on wordings that were left out.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::text::Lang;

/// The number of scores that are fused.
pub const SCORES: usize = 6;
/// The number of features of the fused ranking: its best value, how far the second and the fourth are behind, the log odds and the entropy of the shares, the
/// share of scores that agree on the first, and the share of the line that the knowledge knows. The length of the line is none: real lines are longer than the wordings gates are fitted on.
pub(crate) const WHOLE: usize = 7;
/// The number of features of each score: its value for the first entry, how far the second and the field are behind, and the standard score.
pub(crate) const OF_SCORE: usize = 4;
/// The number of features of a ranking.
pub const FEATURES: usize = WHOLE + SCORES * OF_SCORE;

/// The probabilities from which on something is said.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// The least probability that the first entry is right with which the first entry is given as the answer.
    pub sure: f32,
    /// The least probability that the knowledge covers the line with which it is given.
    pub surely_covered: f32,
    /// The least probability that the knowledge covers the line with which the first entries are offered.
    pub likely: f32,
}

/// The gates of both languages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gates {
    /// For Chinese lines.
    pub zh: Gate,
    /// For English lines.
    pub en: Gate,
    /// What counts when sentence embeddings take part; `None` until it was fitted for a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embedded: Option<Fitted>,
}

impl Gates {
    /// The gates of a knowledge that none were fitted to: those of the demo's.
    pub fn usual() -> Gates {
        static USUAL: LazyLock<Gates> = LazyLock::new(|| serde_json::from_str(include_str!("gate/usual.json")).unwrap_or_else(|_| Gates::that_stay_shut()));
        USUAL.clone()
    }

    /// The gate of a language.
    pub fn side(&self, lang: Lang) -> &Gate {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    fn that_stay_shut() -> Gates {
        Gates { zh: Gate::that_stays_shut(), en: Gate::that_stays_shut(), embedded: None }
    }
}

/// What was fitted for the vectors of one model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// The name of the model.
    pub model: String,
    /// For Chinese lines; `None` if the score does not help there, or if there are too few wordings to tell.
    pub zh: Option<Weighted>,
    /// For English lines.
    pub en: Option<Weighted>,
}

impl Fitted {
    /// What was fitted for a language.
    pub(crate) fn side(&self, lang: Lang) -> Option<&Weighted> {
        match lang {
            Lang::Zh => self.zh.as_ref(),
            Lang::En => self.en.as_ref(),
        }
    }
}

/// How much the score counts in one language, and the gate of the rankings that it takes part in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weighted {
    /// The weight of the standard score in the fusion.
    pub weight: f32,
    /// The gate.
    pub gate: Gate,
}

/// The two judgements of one language, and from which probabilities on they are good enough.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Gate {
    /// What is subtracted from each feature.
    pub(crate) centre: Vec<f32>,
    /// What each feature is then divided by.
    pub(crate) spread: Vec<f32>,
    /// The weights for "the first entry is right", the constant last.
    pub(crate) right: Vec<f32>,
    /// The weights for "the knowledge covers the line", the constant last.
    pub(crate) covered: Vec<f32>,
    /// From which probabilities on something is said.
    pub limits: Limits,
}

/// A gate as it is stored, before the lengths of its lists are known to be right.
#[derive(Deserialize)]
struct Stored {
    centre: Vec<f32>,
    spread: Vec<f32>,
    right: Vec<f32>,
    covered: Vec<f32>,
    limits: Limits,
}

impl TryFrom<Stored> for Gate {
    type Error = String;

    fn try_from(stored: Stored) -> Result<Gate, String> {
        let Stored { centre, spread, right, covered, limits } = stored;
        let lengths = [centre.len(), spread.len(), right.len(), covered.len()];
        if [FEATURES, FEATURES + OF_SCORE].iter().all(|&n| lengths != [n, n, n + 1, n + 1]) {
            return Err(format!("a gate has {FEATURES} features, or {OF_SCORE} more with embeddings, but its lists have {lengths:?} values"));
        }
        Ok(Gate { centre, spread, right, covered, limits })
    }
}

impl Gate {
    /// The probability that the first entry of a ranking with these features is the right one.
    pub(crate) fn right(&self, features: &[f32; FEATURES], embedding: &[f32; OF_SCORE]) -> f32 {
        self.probability(&self.right, features, embedding)
    }

    /// The probability that any entry is.
    pub(crate) fn coverage(&self, features: &[f32; FEATURES], embedding: &[f32; OF_SCORE]) -> f32 {
        self.probability(&self.covered, features, embedding)
    }

    /// The features of embeddings count only if the gate was fitted with them.
    fn probability(&self, weights: &[f32], features: &[f32; FEATURES], embedding: &[f32; OF_SCORE]) -> f32 {
        let scaled = features.iter().chain(embedding).zip(self.centre.iter().zip(&self.spread)).map(|(value, (centre, spread))| (value - centre) / spread);
        let logit = scaled.zip(weights).map(|(value, weight)| value * weight).sum::<f32>() + weights[self.centre.len()];
        1.0 / (1.0 + (-logit).exp())
    }

    /// A gate that neither answers nor offers.
    pub(crate) fn that_stays_shut() -> Gate {
        let limits = Limits { sure: 1.0, surely_covered: 1.0, likely: 1.0 };
        Gate { centre: vec![0.0; FEATURES], spread: vec![1.0; FEATURES], right: vec![0.0; FEATURES + 1], covered: vec![0.0; FEATURES + 1], limits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_gates_can_be_read_and_judge() {
        let usual = Gates::usual();
        for gate in [&usual.zh, &usual.en] {
            let Limits { sure, surely_covered, likely } = gate.limits;
            assert!(0.0 < likely && likely < surely_covered && surely_covered < 1.0 && 0.0 < sure && sure < 1.0, "{:?}", gate.limits);
        }
        let stored = serde_json::to_string(&usual).unwrap();
        assert_eq!(serde_json::from_str::<Gates>(&stored).unwrap(), usual);
    }

    #[test]
    fn a_gate_with_other_features_is_refused() {
        let mut stored = serde_json::to_value(Gates::usual()).unwrap();
        stored["zh"]["right"].as_array_mut().unwrap().pop();
        let error = serde_json::from_value::<Gates>(stored).unwrap_err();
        assert!(error.to_string().contains("features"), "{error}");
    }
}
