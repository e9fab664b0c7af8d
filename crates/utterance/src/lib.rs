//! What a customer's line is and says by itself, whatever the knowledge: its normal form, language and tokens, its mood, and what it means as a short answer.

pub mod amounts;
pub mod counting;
pub mod declined;
pub mod edits;
pub mod mood;
pub mod parts;
pub mod refusal;
pub mod refusing;
pub mod short;
pub mod spoken;
pub mod stem;
pub mod text;
pub mod unclear;
