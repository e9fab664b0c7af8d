//! Stories that cross the features: a customer, an agent and a manager on a running server.

mod accounts;
mod audiences;
mod cluster;
mod cluster_state;
mod embeddings;
mod entries;
mod epoch;
mod example;
mod files;
mod first_accounts_faults;
mod first_panels_faults;
mod forget_goods;
mod handing_over;
mod main_flow;
mod moments;
mod moved;
mod oracle;
mod page;
mod people;
mod planted;
mod recommendations;
mod refusals;
mod sealing;
mod ten_days;
mod transports;
mod webhooks;
