//! Enums that are stored and sent as text.

/// Declares how each variant of an enum is stored and sent: its text, all variants, and how the text is read.
#[macro_export]
macro_rules! text_enum {
    ($type:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl $type {
            /// All variants.
            pub const EACH: &[Self] = &[$(Self::$variant),*];
            /// The form that is stored and sent.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
            /// Parses the stored form; `None` if it is not one.
            pub fn parse(raw: &str) -> Option<Self> {
                match raw { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}
pub(crate) use text_enum;
