//! Jobs that keep the numbers up to date.

mod directory;
pub mod feed_panel;
pub mod hand_over_events;
pub mod rebuild;
pub mod store_response_times;
pub mod verify_days;
