//! What happens to the numbers without a request.

pub mod feed_panel;
