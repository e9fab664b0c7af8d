//! Stories that cross the features: a customer, an agent and a manager on a running server.

mod audiences;
mod epoch;
mod main_flow;
mod oracle;
mod people;
mod transports;
