//! The statements about the hall: customers with an account, what proves who they are, which visitors they are, and what a company sells.

pub mod catalogue;
pub mod customer_codes;
pub mod customer_facts;
pub mod customer_sessions;
pub mod customer_terms;
pub mod customer_visitors;
pub mod customers;
pub mod goods;
pub mod goods_imports;
pub mod goods_numbers;
pub mod goods_pictures;
pub mod plans;
pub mod signed_customers;
pub mod text_messages;
