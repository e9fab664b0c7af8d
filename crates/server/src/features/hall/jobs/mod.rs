//! What happens to goods, visitors and their mail without a request.

pub mod forget_goods;
pub mod forget_messages;
pub mod join_visitors;
