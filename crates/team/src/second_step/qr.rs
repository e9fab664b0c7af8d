//! A QR code as a path that a page draws.

use qrcodegen::{QrCode, QrCodeEcc};
use serde::Serialize;
use std::fmt::Write as _;
use utoipa::ToSchema;

/// A QR code to draw.
#[derive(Debug, Serialize, ToSchema)]
pub struct QrPath {
    /// The width and height, in modules; a margin of four of them belongs around it.
    pub size: i32,
    /// The dark modules, as the `d` of an SVG path.
    pub path: String,
}

/// The QR code of a text; `None` if it is too long for one.
pub fn of(text: &str) -> Option<QrPath> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let length = (x..code.size()).take_while(|x| code.get_module(*x, y)).count();
            if length > 0 {
                // Writing to a string does not fail.
                let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
            }
            x += i32::try_from(length).unwrap_or(i32::MAX).max(1);
        }
    }
    Some(QrPath { size: code.size(), path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corners_are_drawn_row_by_row() {
        let code = of("otpauth://totp/a").unwrap();
        // The first row of the finder patterns, seven modules at both ends.
        assert!(code.path.starts_with("M0 0h7v1h-7z") && code.path.contains(&format!("M{} 0h7v1h-7z", code.size - 7)), "{code:?}");
        assert!(of(&"x".repeat(4_000)).is_none());
    }
}
