//! Every endpoint in the API document, requested by everyone, and with invalid input: the cases are generated from the document, so that none is forgotten.

mod asking;
mod bodies;
mod callers;
mod document;
mod examples;
mod foreign;
mod frames;
mod furniture;
mod house;
mod marker;
mod once;
mod operator;
mod plants;
mod roles;
mod sizes;
