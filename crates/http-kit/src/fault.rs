//! Why a change ends without effect.

use domain::refusal::{Code, Refusal};

use crate::problem::Problem;

/// What ends a change, found inside its transaction: the store's error, or a problem that names the field where it was found.
#[derive(Debug)]
pub enum Fault {
    /// An error of the store.
    Store(store::Error),
    /// The problem that the client is sent.
    Problem(Box<Problem>),
}

impl Fault {
    /// Replaces [`store::Error::Taken`] with a problem, where it is known which name, key or address is taken.
    pub fn if_taken(problem: impl FnOnce() -> Problem) -> impl FnOnce(store::Error) -> Self {
        Self::in_place_of(|error| matches!(error, store::Error::Taken), problem)
    }
    /// Replaces [`store::Error::NotFound`] with a problem, where it is known what was looked for.
    pub fn if_not_found(problem: impl FnOnce() -> Problem) -> impl FnOnce(store::Error) -> Self {
        Self::in_place_of(|error| matches!(error, store::Error::NotFound), problem)
    }
    /// Replaces [`store::Error::Stale`] with a problem, where it is known what has changed in the meantime.
    pub fn if_stale(problem: impl FnOnce() -> Problem) -> impl FnOnce(store::Error) -> Self {
        Self::in_place_of(|error| matches!(error, store::Error::Stale), problem)
    }
    /// Replaces the store's refusal that has this code with a problem.
    pub fn if_refused(code: Code, problem: impl FnOnce() -> Problem) -> impl FnOnce(store::Error) -> Self {
        Self::in_place_of(move |error| matches!(error, store::Error::Refused(refusal) if refusal.code == code), problem)
    }

    fn in_place_of(is: impl FnOnce(&store::Error) -> bool, problem: impl FnOnce() -> Problem) -> impl FnOnce(store::Error) -> Self {
        move |error| if is(&error) { problem().into() } else { error.into() }
    }
}

impl From<store::Error> for Fault {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}
impl From<db::Error> for Fault {
    fn from(error: db::Error) -> Self {
        Self::Store(error.into())
    }
}
impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Store(refusal.into())
    }
}
impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(error) => error.into(),
            // The problem was created where it is not known which request it is for.
            Fault::Problem(problem) => problem.of_this_request(),
        }
    }
}

impl db::writer::WriteError for Fault {
    fn as_db(&self) -> Option<&db::Error> {
        match self {
            Self::Store(error) => error.as_db(),
            Self::Problem(_) => None,
        }
    }
}
