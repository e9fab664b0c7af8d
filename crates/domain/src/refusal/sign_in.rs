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
            /// The company has sent as many text messages today as it may.
            TextMessagesUsedUp,
            /// The code of the second step is wrong or was used already.
            SecondStepWrong,
            /// The sign-in that waited for the second step has ended: it begins again with the first one.
            SecondStepOver,
            /// The company requires a second step of this role.
            SecondStepRequired,
            /// Two-step verification is set up already.
            SecondStepOn,
            /// Who they are has to be proved again first.
            ProofRequired,
            /// The passkey was not accepted.
            PasskeyRefused,
            /// Passkeys cannot be used at the address of this installation.
            PasskeysUnavailable,
            /// The member has as many passkeys as anybody may have.
            TooManyPasskeys,
        ] $($others)* }
    };
}
pub(super) use sign_in;
