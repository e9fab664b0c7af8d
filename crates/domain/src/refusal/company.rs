//! The company, its sites and opening hours.

macro_rules! company {
    ([$($known:tt)*] $($others:ident)*) => {
        join! { [$($known)*
            /// The company is suspended: nobody is served for it.
            CompanySuspended,
            /// The company serves nobody at this address.
            AddressDenied,
            /// With these rules, whoever sets them could no longer use the console.
            LocksYouOut,
            /// The company has as many members as it may.
            SeatLimitReached,
            /// The company has as many sites as it may.
            SiteLimitReached,
            /// The company's customers have written as many messages today as they may.
            TooManyMessages,
            /// A different company has this short name.
            CompanySlugTaken,
            /// A different company has this host name, or the installation itself.
            CompanyHostTaken,
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
            /// It is being erased already, or waits for a second person.
            ErasureOpen,
            /// Whoever asked for an erasure cannot confirm it.
            OwnErasure,
            /// There is nothing to erase in this entry.
            NothingToErase,
            /// A company is being exported, imported or erased, one at a time.
            ArchiveBusy,
        ] $($others)* }
    };
}
pub(super) use company;
