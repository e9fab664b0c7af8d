//! The acts that are possible in a conversation and what they involve: acts of customers, staff, the bot and the program itself.
//!
//! An entry point (a socket, an HTTP request, a channel) translates what it receives into an [`act::Act`] and passes it to [`act::submit`]; everything else is
//! decided here. This crate knows nothing of HTTP or frames.
//!
//! - [`act`]: an act on any subject and its sender, the path it takes, and what is the same for every subject
//! - [`ask`]: what can be asked for in a conversation; [`perform`]: what that does; [`consequence`]: what follows from it
//! - [`open`], [`say`], [`hand_over`], [`leave_message`]: the checks each kind of act needs
//! - [`route`]: assigns waiting conversations to agents; [`presence`]: agents become available or leave; [`give_back`]: returns conversations to the queues
//! - [`expire`]: what inactivity does
//! - [`bot_turn`]: the bot's answers; [`bots`]: the bots themselves
//! - [`alerts`]: raises alerts about any subject; [`danger`]: hears, after the acknowledgement, that somebody may be in danger
//! - [`follow`]: followers of the journal's feed
//! - `aside`: long computations, on threads of their own; `trainings`: those of the bots, one at a time for each company
//! - [`embeddings`]: the vectors of sentences, if a model is set up
//! - [`recent`]: what was computed for a reader a moment ago
//! - [`digests`]: what was computed from a whole draft, while it stays as it is
//! - [`learning`]: what the bot can learn from people, and what a draft of its knowledge would change
//! - [`handoff`]: what happened with the bot, when it offers a person, and what the person is told
//! - [`rehearsal`]: conversations with the bot that nothing stores
//! - [`join_visitor`]: moves an anonymous visitor's conversations to an account
//! - [`hours`]: whether a human agent can be asked for; [`places`]: how long that takes
//! - [`catalogue`]: what companies sell
//! - [`recommend`]: what else may interest a visitor

pub mod act;
mod alerts;
mod aside;
pub mod ask;
mod bot_error;
pub mod bot_turn;
pub mod bots;
mod bounded;
pub mod catalogue;
mod consequence;
pub mod danger;
pub mod digests;
pub mod embeddings;
pub mod expire;
pub mod follow;
pub mod give_back;
pub mod graph;
mod hand_over;
pub mod handoff;
pub mod hours;
pub mod join_visitor;
pub mod latest;
pub mod learning;
pub mod leave_message;
mod open;
mod perform;
pub mod places;
pub mod presence;
pub mod recent;
pub mod recommend;
pub mod rehearsal;
pub mod route;
mod say;
mod trainings;
pub mod work;
