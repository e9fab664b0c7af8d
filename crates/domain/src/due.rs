//! What happens for a company at a time: its kinds.

use crate::text_enum::text_enum;

/// A kind of thing that happens at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DueKind {
    /// The nightly checks of what the warehouse stores of a company's days; about the company.
    DayChecks,
}
text_enum!(DueKind { DayChecks = "day_checks" });
