//! The company, its sites and opening hours.

macro_rules! company {
    ([$($known:tt)*] $($others:ident)*) => {
        join! { [$($known)*
            /// A different site already has this key.
            SiteKeyTaken,
            /// The site still has open conversations.
            SiteInUse,
            /// The only site of a company cannot be removed.
            LastSite,
            /// The text is not a web origin.
            OriginInvalid,
            /// The site has as many valid secrets as it can have.
            TooManySiteSecrets,
            /// The interval ends before it begins.
            IntervalEndsBeforeItBegins,
            /// Two intervals overlap.
            IntervalsOverlap,
            /// The time zone does not exist.
            TimeZoneUnknown,
        ] $($others)* }
    };
}
pub(super) use company;
