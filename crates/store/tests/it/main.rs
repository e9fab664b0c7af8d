//! Every public function of the store, on both engines. The tidy test of the test kit checks that none is missing.

mod content;
mod conversations;
mod entry_points;
mod fixture;
mod isolation;
mod lists;
mod people;
mod routing;
mod visitors;
