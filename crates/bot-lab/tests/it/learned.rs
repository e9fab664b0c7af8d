//! The models that come with the program were learned from the lines and patterns that are here.

use crate::common;

const DIGESTS: &str = include_str!("../../../bot/src/human/digests.txt");

#[test]
fn the_models_were_learned_from_these_lines_and_words() {
    assert_eq!(common::digests(&common::demo()), DIGESTS, "cargo run --release -p bot-lab --example recognisers learns them anew");
}
