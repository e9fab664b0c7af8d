//! Tests of the bot through its public interface.

mod accounted;
mod behaviour;
mod common;
mod dialogues;
mod embeddings;
mod explained;
mod shop;
mod short;
mod talk;
mod test_set;
mod threads;
mod understanding;
