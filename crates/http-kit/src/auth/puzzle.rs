//! Proof of work that browsers supply before they may register or try again, so that attempts by the thousand have a cost. Nothing is asked of the person.

use axum::http::StatusCode;
use domain::{
    customer::{PUZZLE_BITS, solves},
    refusal::Code,
    time::Ts,
};
use platform::{client_address::ClientAddress, env};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::password::{NoPlace, Passwords, Place};
use crate::{App, problem::Problem};

/// The longest solution, in bytes.
const MAX_SOLUTION_BYTES: usize = 20;

/// A solved puzzle.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PuzzleProof {
    /// The puzzle as it was issued.
    pub puzzle: String,
    /// The solution: any text of at most 20 bytes, usually a number found by counting up.
    pub solution: String,
}

/// Accepts a solved puzzle, once.
pub async fn spend(app: &App, proof: &PuzzleProof) -> Result<(), Problem> {
    let refused = || Problem::invalid("proof", Code::PuzzleRefused, "the puzzle is unsolved, not ours, expired, or already used: get a new one and solve it");
    let (text, mark) = proof.puzzle.rsplit_once('.').ok_or_else(refused)?;
    let expires_at = text.split_once('.').and_then(|(at, _)| at.parse().ok()).map(Ts).ok_or_else(refused)?;
    let is_ours = app.vault().is_marked(text, mark);
    let digest = Sha256::new().chain_update(&proof.puzzle).chain_update(".").chain_update(&proof.solution).finalize();
    let is_solved = proof.solution.len() <= MAX_SOLUTION_BYTES && solves(&digest, PUZZLE_BITS);
    if !is_ours || !is_solved || expires_at <= app.env().now() {
        return Err(refused());
    }
    let hash = env::hash(text);
    // A client that sends the same proof again and again causes no work for the writer.
    if store::entry_points::is_puzzle_spent(app.db(), &hash).await? {
        return Err(refused());
    }
    if store::entry_points::spend_puzzle(app.db(), hash, expires_at).await? { Ok(()) } else { Err(refused()) }
}

/// Reserves a place for a password check; a client that proves work gets one for longer.
pub fn place(passwords: &Passwords, address: ClientAddress, proof: Option<&PuzzleProof>) -> Result<Place, Problem> {
    passwords.place(address, proof.is_some()).map_err(|none| match none {
        NoPlace::ProofWanted => puzzle_required(),
        NoPlace::Busy => Problem::busy(),
    })
}

/// The answer to a client that has to solve a puzzle first.
pub fn puzzle_required() -> Problem {
    Problem::new(StatusCode::PRECONDITION_REQUIRED, Code::PuzzleRequired, "get a puzzle, solve it, and repeat the request with `proof`")
}
