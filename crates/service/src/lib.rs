//! The acts that are possible in a conversation and what they involve: acts of customers, staff, the bot and the program itself.
//!
//! An entry point (a socket, an HTTP request, a channel) translates what it receives into an [`act::Act`] and passes it to [`act::submit`]; everything else is
//! decided here. This crate knows nothing of HTTP or frames.
//!
//! - [`act`]: an act on any subject and its sender, the path it takes, and what is the same for every subject
//! - [`ask`]: what can be asked for in a conversation; [`perform`]: what that does; [`consequence`]: what follows from it
//! - [`company_key`]: the key of a company, and what it seals
//! - [`open`], [`say`], [`hand_over`], [`leave_message`], `own_words`: the checks each kind of act needs
//! - [`route`]: assigns waiting conversations to agents; [`presence`]: agents become available or leave; [`give_back`]: returns conversations to the queues;
//!   [`requeue`]: what belongs to a queue goes to another, because it is deleted
//! - [`erasing`]: erases what somebody said, or who they are
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
//! - [`hidden_numbers`]: shortens numbers of cards, of identities and codes before they are written
//! - [`customers`]: adds customers, and derives by what the staff find them
//! - [`hours`]: whether a human agent can be asked for; [`places`]: how long that takes
//! - [`catalogue`]: what companies sell
//! - [`recommend`]: what else may interest a visitor

pub mod about;
pub mod act;
pub mod alerts;
mod aside;
pub mod ask;
mod bot_error;
pub mod bot_turn;
pub mod bots;
mod bounded;
pub mod catalogue;
pub mod company_key;
pub mod consents;
mod consequence;
pub mod customers;
pub mod danger;
pub mod digests;
pub mod embeddings;
pub mod erasing;
pub mod expire;
pub mod follow;
pub mod give_back;
pub mod graph;
mod hand_over;
pub mod handoff;
pub mod hidden_numbers;
pub mod hours;
pub mod intervene;
pub mod join_visitor;
mod label;
pub mod latest;
pub mod learning;
pub mod leave_message;
mod mention;
pub mod message_days;
mod missed;
mod offers;
mod open;
mod own_words;
mod perform;
pub mod places;
pub mod presence;
pub mod recent;
pub mod recommend;
mod record;
pub mod rehearsal;
pub mod requeue;
pub mod route;
mod say;
mod trainings;
pub mod visitor_blocks;
pub mod waits;
pub mod work;
