//! A running server for each test, and the people who use it. For tests only.

mod app;
mod audit;
mod customer;
mod dead_job;
mod dead_letter;
mod kept;

pub use app::{StaffClient, Stopped, TestApp, VisitorClient, started_on};
pub use audit::AuditLine;
pub use customer::{CUSTOMER_PASSWORD, CustomerClient};
pub use dead_job::dead_job;
pub use dead_letter::dead_letter;
pub use kept::Kept;
