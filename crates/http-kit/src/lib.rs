//! What every endpoint of the server uses and no feature owns: who asks, what is wrong with a request, and how a change is made.
//!
//! - [`app`]: what every handler has access to; [`in_memory`]: what handlers share
//! - [`address`], [`addressing`], [`addressed`]: the company to which a request is addressed; [`auth`]: who sent it
//! - [`permitted`]: the one way in which a request changes something; [`audit`]: what is noted of the change, and [`secret`] what is not; [`fault`]: why there was none
//! - [`once`]: requests that must not take effect twice
//! - [`problem`]: errors on the wire; `rule_errors`: those of the rules
//! - [`extract`], [`raw_bytes`]: bodies, queries and paths; [`cursor`]: pages of lists; [`edge`]: stretches of time
//! - [`security`], [`request_id`], [`request_company`]: what surrounds every answer
//! - [`recommended`]: recommendations as pages show them; [`consents`]: what somebody allows to be stored
//! - [`person_copy`]: everything that is kept about one person
//! - [`practice`]: what is served where the staff of a company practise, and `offered_in_practice` what of it can be done
//! - [`documents`]: what other servers published, kept for a while
//! - [`company_use`]: what a company may use, and what it uses
//! - [`background`]: work beside requests; [`schedule`]: at intervals, behind the feed, and jobs that outlive the process
//! - [`feature`]: what a context says of itself, so that the server collects it
//! - [`takeover`]: lets a long-waiting handler take its connection over from HTTP
//! - [`transfer`]: a company that is being exported, imported or erased
//! - [`turns`]: queues for work that takes a lot of memory

pub mod address;
pub mod addressed;
pub mod addressing;
pub mod app;
pub mod audit;
pub mod auth;
pub mod background;
pub mod company_use;
pub mod consents;
pub mod cursor;
pub mod denied;
pub mod documents;
pub mod edge;
pub mod extract;
pub mod fault;
pub mod feature;
pub mod file_body;
pub mod in_memory;
mod offered_in_practice;
pub mod once;
pub mod permitted;
pub mod person_copy;
pub mod practice;
pub mod problem;
pub mod quota;
pub mod raw_bytes;
pub mod recommended;
pub mod request_company;
pub mod request_id;
mod rule_errors;
pub mod schedule;
pub mod secret;
pub mod security;
pub mod takeover;
pub mod transfer;
pub mod turns;
pub mod user_agent;

pub use app::App;
