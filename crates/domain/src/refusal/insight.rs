//! Panels, boards and walls.

macro_rules! insight {
    ([$($known:tt)*] $($others:ident)*) => {
        join! { [$($known)*
            /// The company has as many wall links as it may.
            TooManyWallLinks,
            /// The company has as many boards as it may.
            TooManyBoards,
        ] $($others)* }
    };
}
pub(super) use insight;
