//! Jobs that act on conversations without a request.

pub mod answer_as_bot;
pub mod forget_refusals;
pub mod forget_uploads;
pub mod hear_danger;
pub mod keep_leases;
pub mod practise;
pub mod route_waiting;
pub mod simulated_customer;
pub mod sweep_conversations;
pub mod tell_places;
pub mod watch_waits;
