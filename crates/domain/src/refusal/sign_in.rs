//! Signing in, registering and recovering, of the staff and of customers.

macro_rules! sign_in {
    ([$($known:tt)*] $($others:ident)*) => {
        join! { [$($known)*
            /// The address or the password is wrong.
            SignInFailed,
            /// The installation has several companies: name one.
            CompanyRequired,
            /// A password has to be chosen.
            PasswordRequired,
            /// The old password is wrong.
            PasswordWrong,
            /// The password is too short.
            PasswordTooShort,
            /// The password is too long.
            PasswordTooLong,
            /// The password is among the most common ones.
            PasswordTooCommon,
            /// The password contains the customer's own address or number.
            PasswordHoldsIdentifier,
            /// A puzzle has to be solved first.
            PuzzleRequired,
            /// The puzzle is not solved, is too old or has already been used.
            PuzzleRefused,
            /// The link or code does not exist.
            LinkUnknown,
            /// The link has already been used.
            LinkSpent,
            /// The link has expired.
            LinkExpired,
            /// The code is wrong.
            CodeWrong,
            /// The code has already been used.
            CodeSpent,
            /// The code has expired.
            CodeExpired,
            /// The identifier is neither an e-mail address nor a mobile number.
            IdentifierInvalid,
            /// No mail can be sent to the address.
            AddressUnsendable,
            /// Text messages are not sent to that country.
            CountryNotServed,
            /// The token of a program does not exist, or is not written completely.
            TokenUnknown,
            /// The token of a program was revoked.
            TokenRevoked,
            /// The token of a program was used from an address outside its ranges.
            TokenElsewhere,
            /// Only a person can do this, not a program with a token.
            PeopleOnly,
            /// The company has sent as many text messages today as it may.
            TextMessagesUsedUp,
        ] $($others)* }
    };
}
pub(super) use sign_in;
