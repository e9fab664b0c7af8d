//! Goods and plans.

macro_rules! hall {
    ([$($known:tt)*] $($others:ident)*) => {
        join! { [$($known)*
            /// The category does not exist.
            CategoryUnknown,
            /// The category still has products.
            CategoryInUse,
            /// The company has as many categories as it may.
            TooManyCategories,
            /// The picture does not exist.
            PictureUnknown,
            /// The picture cannot be read.
            PictureUnreadable,
            /// The picture has too many bytes or too many pixels.
            PictureTooLarge,
            /// The company has as many pictures as it may.
            TooManyPictures,
            /// The file to import cannot be read.
            ImportUnreadable,
            /// The file to import has no rows.
            ImportNoRows,
            /// Columns are missing from the file to import.
            ImportNoColumns,
            /// The file to import has the same column twice.
            ImportColumnTwice,
            /// The file to import has too many rows.
            ImportTooMany,
            /// The file to import is too large when uncompressed.
            ImportTooLargeUnpacked,
            /// Some rows of the file to import are invalid.
            ImportBad,
            /// The catalogue was changed after the file was checked.
            ImportOutdated,
            /// The company is already checking a file.
            ImportRunning,
            /// As many files as allowed are waiting to be applied.
            TooManyImports,
            /// The company has as many plans as it may.
            TooManyPlans,
        ] $($others)* }
    };
}
pub(super) use hall;
