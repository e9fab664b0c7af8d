//! The statements about what other systems are told: webhooks and their deliveries.

pub mod webhook_deliveries;
pub mod webhooks;
