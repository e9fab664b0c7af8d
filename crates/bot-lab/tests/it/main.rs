//! The bot by the figures that the laboratory measures, and the laboratory by lines that are made up.

mod accounted;
mod common;
mod labelled;
mod learned;
mod measured;
mod threads;
mod unseen;
