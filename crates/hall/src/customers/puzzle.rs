//! `GET /api/v1/customer/puzzle`: issues a puzzle, which [`http_kit::auth::puzzle`] accepts once it is solved.

use axum::{Json, extract::State};
use domain::{
    customer::{PUZZLE_BITS, PUZZLE_MS},
    time::Ts,
};
use http_kit::{
    App,
    problem::{Problem, Problems},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::secret;

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

/// Issues a puzzle. Nothing is stored.
#[utoipa::path(get, path = "/customer/puzzle", tag = "customers", responses((status = 200, body = Puzzle), Problems))]
pub async fn get_puzzle(State(app): State<App>) -> Result<Json<Puzzle>, Problem> {
    let expires_at = app.env().now().plus(PUZZLE_MS);
    let text = format!("{}.{}", expires_at.0, &secret(&app)?[..NONCE_DIGITS]);
    let puzzle = format!("{text}.{}", app.vault().mark(&text));
    Ok(Json(Puzzle { puzzle, bits: PUZZLE_BITS, expires_at }))
}

#[cfg(test)]
mod tests {
    use domain::customer::PUZZLE_MS;
    use serde_json::json;
    use testkit_app::TestApp;
    use testkit_server::solved_puzzle;

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
