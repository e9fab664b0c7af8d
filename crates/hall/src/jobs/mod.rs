//! Jobs that act on goods, visitors and letters without a request.

pub mod forget_dead_jobs;
pub mod forget_goods;
pub mod forget_messages;
pub mod join_visitors;
pub mod send_letters;
