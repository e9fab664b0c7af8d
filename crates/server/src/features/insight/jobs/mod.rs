//! Jobs that keep the numbers up to date.

pub mod feed_panel;
