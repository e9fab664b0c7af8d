//! Every endpoint of the API document, asked by everyone, with what does not fit: made of the document, so that none is forgotten.
#![expect(clippy::unwrap_used, reason = "a table stops at the first surprise")]

mod asking;
mod bodies;
mod document;
mod foreign;
mod house;
mod once;
mod roles;
