//! Signing in, registering and recovering, of the staff and of customers.

macro_rules! sign_in {
    ([$($known:tt)*] $($others:ident)*) => {
        join! { [$($known)*
            /// The address or the password is wrong.
            SignInFailed,
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
            /// Whoever looks at the console as another role changes nothing.
            ViewingOnly,
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
            /// The company has no single sign-on.
            SingleSignOnNotSetUp,
            /// The company requires single sign-on.
            SingleSignOnRequired,
            /// Single sign-on can be required only after somebody has signed in with the connection as it is.
            SingleSignOnUnproved,
            /// The identity provider does not answer, or its answer cannot be used.
            SingleSignOnUnreachable,
            /// The attempt to sign in is unknown, of another browser or too old: begin again.
            SingleSignOnExpired,
            /// The attempt to sign in has already been used.
            SingleSignOnSpent,
            /// The identity provider did not let the member in.
            SingleSignOnDeclined,
            /// The ID token is not valid.
            SingleSignOnTokenRefused,
            /// The identity provider has not verified the address.
            SingleSignOnAddressUnverified,
            /// The address is missing, or is not of a mail domain that is let in.
            SingleSignOnAddressRefused,
            /// The address belongs to another member.
            SingleSignOnAddressTaken,
            /// Nobody with this address has been invited.
            SingleSignOnNotInvited,
            /// No group gives a role.
            SingleSignOnNoRole,
        ] $($others)* }
    };
}
pub(super) use sign_in;
