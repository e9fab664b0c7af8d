//! The text written to a connection: frames, one per line.

use serde::Serialize;

/// About how many bytes one write holds.
pub const WRITE_BYTES: usize = 64 * 1024;

/// Rows, frames and answers for a connection, one per line.
pub type Lines = String;

/// Adds a frame as a line.
pub fn push(out: &mut Lines, frame: &impl Serialize) {
    match serde_json::to_string(frame) {
        Ok(json) => {
            out.push_str(&json);
            out.push('\n');
        }
        Err(error) => tracing::error!(error = %error, "a frame could not be written"),
    }
}
