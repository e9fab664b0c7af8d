//! Solves the puzzles that a browser has to solve before it may sign in.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use testkit::Must;

use crate::Client;

/// A solved puzzle, in the form in which a browser would send it.
pub async fn solved_puzzle(client: &Client) -> Value {
    let puzzle = client.get("/api/v1/customer/puzzle").await.expect(200);
    solve(&puzzle)
}

/// Solves a puzzle.
pub fn solve(puzzle: &Value) -> Value {
    let (text, bits) = (puzzle["puzzle"].as_str().must("a puzzle"), puzzle["bits"].as_u64().must("its bits"));
    let solves = |n: &u64| {
        let digest = Sha256::digest(format!("{text}.{n}"));
        let first = digest.iter().take(8).fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
        u64::from(first.leading_zeros()) >= bits
    };
    let solution = (0_u64..).find(solves).must("a solution");
    json!({"puzzle": text, "solution": solution.to_string()})
}
