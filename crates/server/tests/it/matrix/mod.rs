//! Every endpoint in the API document, requested by everyone, and with invalid input: the cases are generated from the document, so that none is forgotten.

mod asking;
mod bodies;
mod document;
mod foreign;
mod house;
mod once;
mod roles;
mod sizes;
