//! The codes of frames: why something was refused or ended. They are only ever added; docs/PROTOCOL.md lists them for readers.

use utoipa::ToSchema;

/// Why a send was refused for good, why a `get` gives no page, or why a connection ends.
#[derive(Debug, Clone, Copy, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum NoCode {
    /// Nothing but white space.
    TextEmpty,
    /// More than 32 KiB.
    TextTooLong,
    /// Holds U+0000.
    TextUnacceptable,
    /// Something else of it cannot be stored.
    Unacceptable,
    /// A note has at most 10 files.
    TooManyFiles,
    /// A score is 1 to 5.
    ScoreOutOfRange,
    /// There is no such product.
    ProductUnknown,
    /// The same id with other words, or of another sender.
    ClientIdReused,
    /// Another conversation is open: use that.
    Use,
    /// Over for good.
    ConversationClosed,
    /// A person was asked for before.
    AlreadyRequested,
    /// Nobody is there to be asked for: a message can be left.
    Closed,
    /// A person serves it.
    AlreadyServed,
    /// As many messages as one may leave wait to be answered: from this device, or from its network.
    TooManyLeft,
    /// It does not wait.
    NotQueued,
    /// Somebody else has it.
    AlreadyTaken,
    /// Who wants to take it serves as many as the capacity says.
    AtCapacity,
    /// It is somebody else's.
    NotYours,
    /// No agent serves it.
    NotActive,
    /// It is where it should go.
    AlreadyThere,
    /// It has ended before.
    AlreadyEnded,
    /// Only what has ended can be rated.
    NotEnded,
    /// There is no such thing, or it is somebody else's.
    NotFound,
    /// The sender may not do this.
    NotPermitted,
    /// There is no such colleague or queue.
    TransferTargetUnknown,
    /// The colleague takes no more.
    TransferTargetNotFree,
    /// Somebody else changed it meanwhile.
    Conflict,
    /// The protocol's version is not spoken here.
    UpgradeRequired,
    /// More than 500 streams.
    TooManyStreams,
    /// What a `get` asks for is no range.
    BadRange,
    /// Not now.
    Busy,
    /// The session has ended.
    SignedOut,
    /// The access token is not good any more.
    TokenExpired,
    /// Nobody is signed in.
    NotSignedIn,
    /// The first frame is not a hello.
    HelloExpected,
    /// Not a frame of this protocol.
    BadFrame,
    /// Frames are text.
    BinaryFrame,
    /// A message over 256 KiB.
    FrameTooLarge,
    /// A message in more than 256 pieces.
    TooFragmented,
    /// Too many frames.
    TooFast,
    /// Too many connections of one visitor.
    TooManyConnections,
    /// The node ends, or history was rewound: come again after a short random time, to whichever node.
    Moving,
}

/// Why a stream ends for its reader.
#[derive(Debug, Clone, Copy, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum GoneCode {
    /// The reader may not read it.
    NoAccess,
    /// It is not followed.
    NotFollowed,
    /// The store misses entries it had numbered.
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
