//! What is sent to other systems without a request.

pub mod forget_deliveries;
pub mod send_webhooks;
