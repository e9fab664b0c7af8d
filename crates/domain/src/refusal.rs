//! Refusals: the closed list of codes, and which of them are final for a send.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use utoipa::ToSchema;

use crate::{id::ConversationId, opening_hours::Service};

/// Joins the lists of codes, each in the file of its part of the product, into one enum.
macro_rules! join {
    ([$($codes:tt)+]) => {
        /// Why a request, a send or a connection is refused. Codes are only ever added; the console has a text for each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, EnumString, IntoStaticStr)]
        #[serde(rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case", const_into_str)]
        #[schema(as = ProblemCode)]
        pub enum Code {
            $($codes)+
        }
    };
    ([$($known:tt)*] $list:ident $($others:ident)*) => { $list! { [$($known)*] $($others)* } };
}

mod company;
mod connect;
mod connection;
mod desk;
mod hall;
mod insight;
mod knowledge;
mod request;
mod sign_in;
mod team;

use company::company;
use connect::connect;
use connection::connection;
use desk::desk;
use hall::hall;
use insight::insight;
use knowledge::knowledge;
use request::request;
use sign_in::sign_in;
use team::team;

join! { [] request sign_in desk connection team company connect insight hall knowledge }

impl Code {
    /// The form that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        self.into_str()
    }
    /// Parses that form; `None` if it is not one.
    pub fn parse(raw: &str) -> Option<Self> {
        raw.parse().ok()
    }
    /// Whether the state of the record causes this refusal, so that a copy of the same send might get a different result later. `use` is not one of these
    /// codes: it refers to a different conversation.
    const fn is_remembered(self) -> bool {
        matches!(
            self,
            Self::ConversationClosed
                | Self::AlreadyRequested
                | Self::Closed
                | Self::AlreadyServed
                | Self::TooManyLeft
                | Self::NotQueued
                | Self::AlreadyTaken
                | Self::NotOffered
                | Self::AtCapacity
                | Self::NotYours
                | Self::NotActive
                | Self::AlreadyThere
                | Self::NotPaused
                | Self::LabelUnknown
                | Self::MentionUnknown
                | Self::NotOwnWords
                | Self::WordsGone
                | Self::RecallTooLate
                | Self::CorrectionTooLate
                | Self::NotCorrectable
                | Self::MessageUnknown
                | Self::QuoteStaffOnly
                | Self::AlreadyEnded
                | Self::NotEnded
                | Self::EndedByCustomer
                | Self::NotAnAnswer
                | Self::AlreadyJudged
                | Self::NotPermitted
                | Self::NotFound
                | Self::ProductUnknown
                | Self::TransferTargetUnknown
                | Self::TransferTargetNotFree
        )
    }
}

/// Why an event is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", code.as_str())]
pub struct Refusal {
    /// The code that the client receives.
    pub code: Code,
    /// For `use`: the conversation to use instead.
    pub conversation: Option<ConversationId>,
    /// For `closed`: when it opens, and by when a message left now is answered.
    pub service: Option<Service>,
}

impl Refusal {
    /// A refusal with this code and nothing else.
    pub const fn new(code: Code) -> Self {
        Self { code, conversation: None, service: None }
    }
    /// The refusal with this code, if the state of the record causes it for a send: then the send stays refused, whatever changes afterwards.
    pub fn remembered(code: Code) -> Option<Self> {
        code.is_remembered().then(|| Self::new(code))
    }
    /// The customer has a different conversation open.
    pub const fn use_instead(conversation: ConversationId) -> Self {
        Self { conversation: Some(conversation), ..Self::new(Code::Use) }
    }
    /// Nobody is available.
    pub const fn closed(service: Service) -> Self {
        Self { service: Some(service), ..Self::new(Code::Closed) }
    }
}

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema;

    use super::*;

    #[test]
    fn a_code_has_one_form_in_the_store_on_the_wire_and_in_the_document() {
        let document = serde_json::to_value(Code::schema()).unwrap();
        let listed: Vec<&str> = document["enum"].as_array().unwrap().iter().filter_map(|code| code.as_str()).collect();
        assert!(listed.len() > 140);
        for form in listed {
            let code = Code::parse(form).unwrap();
            assert_eq!((code.as_str(), serde_json::to_value(code).unwrap().as_str()), (form, Some(form)));
        }
        assert_eq!(Code::parse("no_such_code"), None);
    }
}
