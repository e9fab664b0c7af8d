//! `GET /api/v1/customer/puzzle`: gives browsers work to do, so that mass registrations have a cost. Nothing is asked of the person.

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    customer::{PUZZLE_BITS, PUZZLE_MS, solves},
    refusal::Code,
    time::Ts,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::secret;
use crate::{
    App,
    auth::password::{NoPlace, Passwords, Place},
    client_address::ClientAddress,
    env,
    problem::{Problem, Problems},
};

/// The longest solution, in bytes.
const MAX_SOLUTION_BYTES: usize = 20;
/// The length of a puzzle's random part, in digits.
const NONCE_DIGITS: usize = 32;

/// A puzzle: find a solution such that the SHA-256 of `puzzle.solution` begins with `bits` zero bits.
#[derive(Debug, Serialize, ToSchema)]
pub struct Puzzle {
    /// The puzzle. Send it back with the solution; it is accepted once.
    pub puzzle: String,
    /// The number of leading zero bits required.
    pub bits: u32,
    /// Until when it is accepted.
    pub expires_at: Ts,
}

/// A solved puzzle.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PuzzleProof {
    /// The puzzle as it was issued.
    pub puzzle: String,
    /// The solution: any text of at most 20 bytes, usually a number found by counting up.
    pub solution: String,
}

/// Issues a puzzle. Nothing is stored.
#[utoipa::path(get, path = "/customer/puzzle", tag = "customers", responses((status = 200, body = Puzzle), Problems))]
pub async fn get_puzzle(State(app): State<App>) -> Result<Json<Puzzle>, Problem> {
    let expires_at = app.env().now().plus(PUZZLE_MS);
    let text = format!("{}.{}", expires_at.0, &secret(&app)?[..NONCE_DIGITS]);
    let puzzle = format!("{text}.{}", app.vault().mark(&text));
    Ok(Json(Puzzle { puzzle, bits: PUZZLE_BITS, expires_at }))
}

/// Accepts a solved puzzle, once.
pub(crate) async fn spend(app: &App, proof: &PuzzleProof) -> Result<(), Problem> {
    let refused = || Problem::invalid("proof", Code::PuzzleRefused, "the puzzle is not solved, not ours, too old, or was used already: solve another");
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
pub(crate) fn place(passwords: &Passwords, address: ClientAddress, proof: Option<&PuzzleProof>) -> Result<Place, Problem> {
    passwords.place(address, proof.is_some()).map_err(|none| match none {
        NoPlace::ProofWanted => required(),
        NoPlace::Busy => Problem::busy(),
    })
}

/// The answer to a client that has to solve a puzzle first.
pub(crate) fn required() -> Problem {
    Problem::new(StatusCode::PRECONDITION_REQUIRED, Code::PuzzleRequired, "get a puzzle, solve it, and send the same again with `proof`")
}

#[cfg(test)]
mod tests {
    use domain::customer::PUZZLE_MS;
    use serde_json::json;
    use testkit_server::solved_puzzle;

    use crate::testing::TestApp;

    #[tokio::test]
    async fn a_puzzle_is_taken_once_and_in_time() {
        let app = TestApp::new().await;
        let register = async |proof: serde_json::Value| {
            let new = json!({"site": "alpha", "identifier": "ada@example.com", "password": "correct horse battery", "lang": "en", "proof": proof});
            app.post("/api/v1/customer/registrations", new).await
        };
        let proof = solved_puzzle(&app).await;
        register(proof.clone()).await.expect(202);
        register(proof).await.problem_at(422, "puzzle_refused", "proof");
        let late = solved_puzzle(&app).await;
        app.clock.advance(PUZZLE_MS);
        register(late).await.problem_at(422, "puzzle_refused", "proof");
    }

    #[tokio::test]
    async fn one_that_was_used_is_no_work_for_the_writer() {
        let app = TestApp::new().await;
        let new =
            json!({"site": "alpha", "identifier": "ada@example.com", "password": "correct horse battery", "lang": "en", "proof": solved_puzzle(&app).await});
        app.post("/api/v1/customer/registrations", new.clone()).await.expect(202);
        let commits = || app.app().db().stats().commits.load(std::sync::atomic::Ordering::Relaxed);
        let before = commits();
        for _ in 0..200 {
            app.post("/api/v1/customer/registrations", new.clone()).await.problem_at(422, "puzzle_refused", "proof");
        }
        // Jobs write occasionally.
        assert!(commits() - before < 100, "{}", commits() - before);
    }

    #[tokio::test]
    async fn what_is_forged_or_not_solved_is_refused() {
        let app = TestApp::new().await;
        let given = app.get("/api/v1/customer/puzzle").await.expect(200)["puzzle"].as_str().unwrap().to_owned();
        let later = given.replacen(|c: char| c.is_ascii_digit(), "9", 1);
        for (puzzle, solution) in [("", ""), ("1.2.3", "0"), (&given, "x"), (&later, "0"), (&given, &"0".repeat(100)), ("é.é.é", "é")] {
            let new = json!({"site": "alpha", "identifier": "ada@example.com", "password": "correct horse battery", "lang": "en",
                "proof": {"puzzle": puzzle, "solution": solution}});
            app.post("/api/v1/customer/registrations", new).await.problem_at(422, "puzzle_refused", "proof");
        }
    }
}
