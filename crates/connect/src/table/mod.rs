//! All statements on webhooks and their deliveries.

pub mod webhook_deliveries;
pub mod webhooks;
