//! Background jobs of a node. Each is a function that performs one step; the server schedules them.

pub mod end_expired_sockets;
pub mod flush_marks;
pub mod follow_others;
pub mod join_cluster;
