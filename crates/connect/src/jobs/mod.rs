//! Jobs that send events to other systems and clean up afterwards.

pub mod forget_deliveries;
pub mod send_webhooks;
