//! Every public function of the store, on both engines. The tidy test of the test kit checks that none is missing.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod announcements;
mod api_tokens;
mod audit;
mod boards;
mod bot_threads;
mod company_keys;
mod consents;
mod content;
mod conversations;
mod departments;
mod due;
mod entry_points;
mod hidden_numbers;
mod isolation;
mod jobs;
mod judgements;
mod limits;
mod people;
mod persons;
mod practice;
mod question_kinds;
mod removal;
mod request_keys;
mod roles;
mod routing;
mod second_step;
mod single_sign_on;
mod site_secrets;
mod staffing;
mod transfers;
mod visitors;
mod work;
