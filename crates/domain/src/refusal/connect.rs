//! Other systems.

macro_rules! connect {
    ([$($known:tt)*] $($others:ident)*) => {
        join! { [$($known)*
            /// The company has as many endpoints as it may.
            TooManyWebhooks,
            /// The endpoint is disabled.
            WebhookDisabled,
            /// Only a dead letter can be replayed.
            DeliveryNotDead,
        ] $($others)* }
    };
}
pub(super) use connect;
