//! Colours that a company chooses, and whether text on them is readable.

/// The contrast that WCAG 2 requires for normal text (1.4.3, level AA).
pub const READABLE: f64 = 4.5;
/// The factor by which each channel is darkened per step, until white text is readable.
const STEP: f64 = 0.94;

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

impl Colour {
    /// Reads `#rrggbb`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let channel = |n: usize| u8::from_str_radix(hex.get(2 * n..2 * n + 2)?, 16).ok();
        Some(Self([channel(0)?, channel(1)?, channel(2)?]))
    }

    /// The contrast of this colour with white, 1 to 21.
    pub fn contrast_to_white(self) -> f64 {
        let linear = |channel: u8| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    }

    /// The same colour, darkened until white text on it is readable.
    pub fn readable(self) -> Self {
        let mut colour = self;
        while colour.contrast_to_white() < READABLE {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "smaller than the byte it is made of")]
            let darker = colour.0.map(|channel| (f64::from(channel) * STEP).floor() as u8);
            colour = Self(darker);
        }
        colour
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The colour as it is shown, dark enough for white text; `None` if `brand` is not a colour.
pub fn shown_colour(brand: &str) -> Option<String> {
    Colour::parse(brand).map(|colour| colour.readable().to_string())
}

/// The colour of a site as it is shown: its own, or else its company's.
pub fn shown_of(site: Option<&str>, company: Option<&str>) -> Option<String> {
    site.or(company).and_then(shown_colour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_that_fails_is_darkened_and_one_that_does_not_is_kept() {
        for (given, kept) in [("#0A6A78", true), ("#000000", true), ("#767676", true), ("#777777", false), ("#FFFF00", false), ("#ffffff", false)] {
            let colour = Colour::parse(given).unwrap();
            assert_eq!(colour.readable() == colour, kept, "{given}");
            assert!(colour.readable().contrast_to_white() >= READABLE, "{given}");
        }
        assert!((Colour::parse("#ffffff").unwrap().contrast_to_white() - 1.0).abs() < 1e-9);
        assert!((Colour::parse("#000000").unwrap().contrast_to_white() - 21.0).abs() < 1e-9);
        assert_eq!(Colour::parse("#0A6A78").unwrap().to_string(), "#0a6a78");
    }

    #[test]
    fn what_is_no_colour_is_none() {
        for text in ["", "red", "#fff", "#12345g", "0a6a78", "#0a6a788", "#十十"] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }
}
