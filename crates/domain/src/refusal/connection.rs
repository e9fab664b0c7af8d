//! Beginning a connection, and its frames.

macro_rules! connection {
    ([$($known:tt)*] $($others:ident)*) => {
        join! { [$($known)*
            /// There is no site with this key.
            SiteUnknown,
            /// The device is not known: start again without its secret.
            DeviceRevoked,
            /// The ticket has been used or has expired, or its session has ended.
            TicketRefused,
            /// The token that says who the customer is cannot be read, is not signed as it has to be, or lacks a claim.
            IdentityInvalid,
            /// The site has no valid secret with the name in the token's header.
            IdentityKeyUnknown,
            /// The token has expired.
            IdentityExpired,
            /// The token was used before.
            IdentityReplayed,
            /// The token is for a different site.
            IdentityAudience,
            /// Only customers whom the site's page has named by a signed token may use its chat.
            IdentityRequired,
            /// The device started too many sessions.
            TooManySessions,
            /// The server does not support this version of the protocol.
            UpgradeRequired,
            /// The client asks for more than 500 streams.
            TooManyStreams,
            /// A `get` does not ask for a valid range.
            BadRange,
            /// The first frame is not a hello.
            HelloExpected,
            /// The frame does not follow the protocol.
            BadFrame,
            /// The frame is binary; only text frames are accepted.
            BinaryFrame,
            /// The message is larger than 256 KiB.
            FrameTooLarge,
            /// The message consists of more than 256 fragments.
            TooFragmented,
            /// The client sends too many frames.
            TooFast,
            /// The visitor has too many connections.
            TooManyConnections,
            /// The node is shutting down, or history was rewound: reconnect after a short random time.
            Moving,
            /// The caller may no longer read the stream.
            Lost,
            /// The client does not follow the stream.
            NotFollowed,
        ] $($others)* }
    };
}
pub(super) use connection;
