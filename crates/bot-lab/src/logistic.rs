//! Logistic regression on a few numbers: Newton's method with a light ridge.

/// The most steps of Newton's method; it has converged after about eight.
const STEPS: usize = 25;
/// How strongly the weights of the standardised numbers are pulled towards 0.
const RIDGE: f64 = 1.0;

/// One observation to fit to.
#[derive(Debug, Clone)]
pub(crate) struct Observation<const N: usize> {
    /// What was measured.
    pub numbers: [f64; N],
    /// Whether the event came about.
    pub came: bool,
    /// How much the observation counts.
    pub weight: f64,
}

/// The fitted probability of an event.
#[derive(Debug, Clone)]
pub(crate) struct Logistic<const N: usize> {
    centre: [f64; N],
    spread: [f64; N],
    weights: [f64; N],
    constant: f64,
}

impl<const N: usize> Logistic<N> {
    /// Fits to observations; without any, every probability is one half.
    pub(crate) fn fit(observations: &[Observation<N>]) -> Logistic<N> {
        let total = observations.iter().map(|o| o.weight).sum::<f64>().max(1e-9);
        let mean = |f: &dyn Fn(&Observation<N>) -> f64| observations.iter().map(|o| o.weight * f(o)).sum::<f64>() / total;
        let centre: [f64; N] = std::array::from_fn(|at| mean(&|o| o.numbers[at]));
        let spread: [f64; N] = std::array::from_fn(|at| mean(&|o| (o.numbers[at] - centre[at]).powi(2)).sqrt().max(1e-9));
        let mut fitted = Logistic { centre, spread, weights: [0.0; N], constant: 0.0 };
        for _ in 0..STEPS {
            let step = fitted.step(observations);
            fitted.constant += step[N];
            fitted.weights.iter_mut().zip(&step).for_each(|(weight, step)| *weight += step);
            if step.iter().all(|step| step.abs() < 1e-6) {
                break;
            }
        }
        fitted
    }

    /// The log odds of the event.
    pub(crate) fn log_odds(&self, numbers: &[f64; N]) -> f64 {
        let scores = self.standard_scores(numbers);
        self.constant + scores.iter().zip(&self.weights).map(|(number, weight)| number * weight).sum::<f64>()
    }

    /// The probability of the event.
    pub(crate) fn probability(&self, numbers: &[f64; N]) -> f64 {
        1.0 / (1.0 + (-self.log_odds(numbers)).exp())
    }

    fn standard_scores(&self, numbers: &[f64; N]) -> [f64; N] {
        std::array::from_fn(|at| (numbers[at] - self.centre[at]) / self.spread[at])
    }

    /// One step of Newton's method, the constant last.
    fn step(&self, observations: &[Observation<N>]) -> Vec<f64> {
        let size = N + 1;
        let (mut curvature, mut slope) = (vec![vec![0.0; size]; size], vec![0.0; size]);
        for o in observations {
            let mut x = self.standard_scores(&o.numbers).to_vec();
            x.push(1.0);
            let p = self.probability(&o.numbers);
            let error = o.weight * (f64::from(u8::from(o.came)) - p);
            let bend = o.weight * (p * (1.0 - p)).max(1e-6);
            for (i, a) in x.iter().enumerate() {
                slope[i] += error * a;
                curvature[i].iter_mut().zip(&x).for_each(|(sum, b)| *sum += bend * a * b);
            }
        }
        for (at, row) in curvature.iter_mut().enumerate() {
            let pull = if at < N { RIDGE } else { 1e-6 };
            row[at] += pull;
            slope[at] -= if at < N { RIDGE * self.weights[at] } else { 0.0 };
        }
        solve(curvature, slope)
    }
}

/// Solves a symmetric, positive system by elimination.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for pivot in 0..size {
        let row = matrix[pivot].clone();
        for below in pivot + 1..size {
            let factor = matrix[below][pivot] / row[pivot];
            matrix[below].iter_mut().zip(&row).for_each(|(value, above)| *value -= factor * above);
            right[below] -= factor * right[pivot];
        }
    }
    for at in (0..size).rev() {
        let rest: f64 = (at + 1..size).map(|later| matrix[at][later] * right[later]).sum();
        right[at] = (right[at] - rest) / matrix[at][at];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_events_is_recovered_from_each_group() {
        let group = |x: f64, came: usize, all: usize| (0..all).map(move |i| Observation { numbers: [x], came: i < came, weight: 1.0 });
        let observations: Vec<_> = group(0.0, 100, 1000).chain(group(1.0, 800, 1000)).collect();
        let fitted = Logistic::fit(&observations);
        assert!((fitted.probability(&[0.0]) - 0.1).abs() < 0.01, "{fitted:?}");
        assert!((fitted.probability(&[1.0]) - 0.8).abs() < 0.01, "{fitted:?}");
    }

    #[test]
    fn separable_and_missing_observations_stay_finite() {
        let apart: Vec<_> = (0..20).map(|i| Observation { numbers: [f64::from(i)], came: i >= 10, weight: 1.0 }).collect();
        let fitted = Logistic::fit(&apart);
        assert!(fitted.probability(&[0.0]) < 0.1 && fitted.probability(&[19.0]) > 0.9);
        assert!((Logistic::<1>::fit(&[]).probability(&[3.0]) - 0.5).abs() < 1e-9);
    }
}
