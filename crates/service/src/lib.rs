//! What can be done in a conversation, and what it takes: the acts of customers, of the staff, of the bot and of the program itself.
//!
//! A door (a socket, an HTTP request, a channel) translates what it receives into an [`act::Act`] and hands it to [`act::submit`]; everything else is decided here.
//! This crate knows no HTTP and no frames.
//!
//! - [`act`]: an act and its sender; which lane it takes
//! - [`perform`]: what an act does, inside the writer
//! - [`open`], [`say`], [`hand_over`], [`leave_message`]: what the sorts of acts have to look at
//! - [`route`]: waiting conversations find agents; [`presence`]: an agent comes or goes; [`give_back`]: what goes back to the queues
//! - [`expire`]: what silence does
//! - [`bot_turn`]: the bot's answers; [`bots`]: the bots themselves
//! - [`join_visitor`]: an anonymous visitor's conversations join an account
//! - [`hours`]: whether somebody can be asked for
//! - [`catalogue`]: what companies sell
//! - [`vault`]: what identifies people, sealed

pub mod act;
pub mod bot_turn;
pub mod bots;
mod bounded;
pub mod catalogue;
pub mod expire;
pub mod give_back;
mod hand_over;
pub mod hours;
pub mod join_visitor;
pub mod leave_message;
mod open;
mod perform;
pub mod presence;
pub mod route;
mod say;
pub mod sealing;
pub mod vault;
