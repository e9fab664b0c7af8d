//! The codes of frames: why something was refused or ended. Codes are only ever added; docs/PROTOCOL.md lists them for readers.

use utoipa::ToSchema;

/// Why a send was permanently refused, why a `get` gives no page, or why a connection ends.
#[derive(Debug, Clone, Copy, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum NoCode {
    /// The text is empty or contains only white space.
    TextEmpty,
    /// The text is longer than 32 KiB.
    TextTooLong,
    /// The text contains U+0000.
    TextUnacceptable,
    /// Something else in it cannot be stored.
    Unacceptable,
    /// A note may have at most 10 files.
    TooManyFiles,
    /// The score is not on the scale that the widget offers.
    ScoreOutOfRange,
    /// The product does not exist.
    ProductUnknown,
    /// The `client_id` was used before with different content, or by a different sender.
    ClientIdReused,
    /// Another conversation is open; use that one.
    Use,
    /// The conversation is permanently closed.
    ConversationClosed,
    /// A person has already been asked for.
    AlreadyRequested,
    /// Nobody is available; a message can be left.
    Closed,
    /// A person serves the conversation.
    AlreadyServed,
    /// Too many left messages are waiting for an answer: from this device, or from its network.
    TooManyLeft,
    /// The conversation is not waiting in a queue.
    NotQueued,
    /// Somebody else has taken the conversation.
    AlreadyTaken,
    /// The agent already serves as many conversations as their capacity allows.
    AtCapacity,
    /// The conversation is somebody else's.
    NotYours,
    /// No agent serves the conversation.
    NotActive,
    /// The conversation is already where it should go.
    AlreadyThere,
    /// The conversation has already ended.
    AlreadyEnded,
    /// Only a conversation that has ended can be rated.
    NotEnded,
    /// It is not an answer of the bot in this episode that can be judged.
    NotAnAnswer,
    /// The answer was already judged, and that was changed once.
    AlreadyJudged,
    /// It does not exist, or belongs to somebody else.
    NotFound,
    /// The sender may not do this.
    NotPermitted,
    /// The colleague or queue does not exist.
    TransferTargetUnknown,
    /// The colleague cannot take more conversations.
    TransferTargetNotFree,
    /// Somebody else changed it in the meantime.
    Conflict,
    /// The server does not support this version of the protocol.
    UpgradeRequired,
    /// A hello names more than 500 streams.
    TooManyStreams,
    /// The numbers of a `get` are not a valid range.
    BadRange,
    /// The server is busy; try again later.
    Busy,
    /// The session has ended.
    SignedOut,
    /// The access token is no longer valid.
    TokenExpired,
    /// Nobody is signed in.
    NotSignedIn,
    /// The first frame is not a hello.
    HelloExpected,
    /// The frame is not part of this protocol.
    BadFrame,
    /// The frame is binary; frames must be text.
    BinaryFrame,
    /// A message is larger than 256 KiB.
    FrameTooLarge,
    /// A message came in more than 256 pieces.
    TooFragmented,
    /// Too many frames were sent.
    TooFast,
    /// There are too many connections of one visitor, or of one session of the staff.
    TooManyConnections,
    /// The node is stopping, or history was rewound: reconnect after a short random time, to any node.
    Moving,
}

/// Why a stream ends for its reader.
#[derive(Debug, Clone, Copy, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum GoneCode {
    /// The reader may not read it.
    NoAccess,
    /// The stream is not followed.
    NotFollowed,
    /// The store is missing entries that it had numbered.
    Lost,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use utoipa::PartialSchema;

    use super::*;

    fn listed<T: PartialSchema>() -> BTreeSet<String> {
        let schema = serde_json::to_value(T::schema()).unwrap();
        schema["enum"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn the_protocols_page_lists_the_same_codes() {
        let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/PROTOCOL.md")).unwrap();
        let told = |head: &str| -> BTreeSet<String> {
            let rows = page.lines().filter_map(|line| line.strip_prefix(head)?.split_once(" | ").map(|(_, codes)| codes));
            let quoted = rows.flat_map(|codes| codes.split('`').skip(1).step_by(2));
            quoted.filter(|word| !word.is_empty() && *word != "get").map(str::to_owned).collect()
        };
        assert_eq!(told("| `no` for"), listed::<NoCode>());
        assert_eq!(told("| `gone`"), listed::<GoneCode>());
    }
}
