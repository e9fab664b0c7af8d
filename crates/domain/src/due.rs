//! The kinds of things that are due for a company at a certain time.

use crate::text_enum::text_enum;

/// A kind of thing that is due at a certain time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DueKind {
    /// The nightly checks of what the warehouse stores of a company's days; about the company.
    DayChecks,
}
text_enum!(DueKind { DayChecks = "day_checks" });
