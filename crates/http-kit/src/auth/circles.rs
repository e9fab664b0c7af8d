//! What this node remembers of the circles of those who ask: whom and what their reaches relate them to, which takes several look-ups for some roles.
//!
//! What is remembered counts for one version of the member, which is read with the session at each request. It is therefore never older than a change that was
//! committed on any node.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use domain::policy::Circle;
use hashlink::LruCache;
use store::entry_points::CircleOf;

/// The most circles kept; beyond that, the one that was not used for longest is forgotten.
const MAX_CIRCLES: usize = 2000;

/// Circles by what they are of.
pub struct Circles(Mutex<LruCache<CircleOf, Arc<Circle>>>);

impl Default for Circles {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(MAX_CIRCLES)))
    }
}

impl fmt::Debug for Circles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Circles").finish_non_exhaustive()
    }
}

impl Circles {
    /// The circle, if it is remembered.
    pub fn find(&self, of: &CircleOf) -> Option<Arc<Circle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(of).cloned()
    }
    /// Remembers a circle.
    pub fn keep(&self, of: CircleOf, circle: Arc<Circle>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(of, circle);
    }
}
