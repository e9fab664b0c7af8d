//! Tests of the bot as its callers see it.

mod behaviour;
mod common;
mod dialogues;
mod explained;
mod labelled;
mod test_set;
mod understanding;
