//! Jobs that act on conversations without a request.

pub mod answer_as_bot;
pub mod forget_refusals;
pub mod forget_uploads;
pub mod hear_danger;
pub mod keep_leases;
pub mod route_waiting;
pub mod sweep_conversations;
pub mod tell_places;
