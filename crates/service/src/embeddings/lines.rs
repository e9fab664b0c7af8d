//! The vectors of recent lines.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use bot::embed::{Vector, Vectors};

/// So many lines are remembered: with a thousand numbers each, 8 MB.
const MOST: usize = 2_048;

/// Remembers the vectors of the last lines; the oldest is forgotten first.
#[derive(Default)]
pub(super) struct Lines(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    vectors: HashMap<String, Vector>,
    order: VecDeque<String>,
}

impl Lines {
    pub(super) fn keep(&self, lines: impl Iterator<Item = (String, Vector)>) {
        let Kept { vectors, order } = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (line, vector) in lines {
            if vectors.insert(line.clone(), vector).is_none() {
                order.push_back(line);
            }
            while order.len() > MOST {
                order.pop_front().and_then(|oldest| vectors.remove(&oldest));
            }
        }
    }
}

impl Vectors for Lines {
    fn of(&self, text: &str) -> Option<Vector> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).vectors.get(text).cloned()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn the_oldest_line_is_forgotten_first() {
        let lines = Lines::default();
        let vector: Vector = Arc::from([1.0]);
        lines.keep((0..=MOST).map(|n| (n.to_string(), vector.clone())));
        assert_eq!((lines.of("0"), lines.of("1")), (None, Some(vector.clone())));
        assert_eq!(lines.of(&MOST.to_string()), Some(vector));
    }
}
