//! What any request may be refused for.

macro_rules! request {
    ([$($known:tt)*] $($others:ident)*) => {
        join! { [$($known)*
            /// The request is malformed.
            BadRequest,
            /// The body is not JSON.
            MalformedJson,
            /// The body contains an unknown field.
            UnknownField,
            /// A field is missing.
            MissingField,
            /// A field has a value that is not accepted.
            InvalidValue,
            /// The request contains more than is accepted at once.
            TooLarge,
            /// The body has a media type that the endpoint does not accept.
            UnsupportedMediaType,
            /// The method is not allowed at this address.
            MethodNotAllowed,
            /// The request is only accepted from the product's own pages.
            CrossSite,
            /// The Idempotency-Key is malformed.
            IdempotencyKeyInvalid,
            /// The Idempotency-Key was already used for a request with different parameters.
            IdempotencyKeyReused,
            /// There were too many attempts.
            TooManyRequests,
            /// An internal error occurred in the server.
            Internal,
            /// The server is overloaded: repeat the request later.
            Busy,
            /// The feed no longer reaches back to this cursor.
            CursorExpired,
            /// The object does not exist, or belongs to somebody else.
            NotFound,
            /// The sender may not do this.
            NotPermitted,
            /// Nobody is signed in.
            NotSignedIn,
            /// The session has ended.
            SignedOut,
            /// The access token is no longer valid.
            TokenExpired,
            /// The caller may not read the stream.
            NoAccess,
            /// Somebody else changed the object in the meantime.
            Conflict,
        ] $($others)* }
    };
}
pub(super) use request;
