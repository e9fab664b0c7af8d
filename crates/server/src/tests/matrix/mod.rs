//! Every endpoint of the API document, asked by everyone, with what does not fit: made of the document, so that none is forgotten.

mod asking;
mod bodies;
mod document;
mod foreign;
mod house;
mod once;
mod roles;
