//! Tests of the bot as its callers see it.

mod behaviour;
mod common;
mod dialogues;
mod labelled;
mod understanding;
