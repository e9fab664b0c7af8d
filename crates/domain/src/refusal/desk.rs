//! What is said and done in conversations, with its files, and canned replies.

macro_rules! desk {
    ([$($known:tt)*] $($others:ident)*) => {
        join! { [$($known)*
            /// The text is empty or only white space.
            TextEmpty,
            /// The text is longer than 32 KiB.
            TextTooLong,
            /// The text contains U+0000.
            TextUnacceptable,
            /// The content cannot be stored for some other reason.
            Unacceptable,
            /// The score is not on the scale of ratings.
            ScoreOutOfRange,
            /// The product does not exist.
            ProductUnknown,
            /// The client id was already used with different content, or by a different sender.
            ClientIdReused,
            /// The customer has a different conversation open, which has to be used instead.
            Use,
            /// The conversation is closed permanently.
            ConversationClosed,
            /// The bot no longer has the conversation.
            BotSuperseded,
            /// The customer has already asked for a person.
            AlreadyRequested,
            /// Nobody is available at the moment: the customer can leave a message.
            Closed,
            /// A person already serves the conversation.
            AlreadyServed,
            /// The customer has as many unanswered left messages as allowed.
            TooManyLeft,
            /// The conversation is not waiting in a queue.
            NotQueued,
            /// Somebody else already has the conversation.
            AlreadyTaken,
            /// The agent already serves as many conversations as their capacity allows.
            AtCapacity,
            /// The conversation belongs to somebody else.
            NotYours,
            /// No agent serves the conversation.
            NotActive,
            /// The conversation is already with that colleague or queue.
            AlreadyThere,
            /// The episode has already ended.
            AlreadyEnded,
            /// The episode has not ended: it can be neither rated nor reopened.
            NotEnded,
            /// The customer has just ended the episode, which is not the staff's to take back.
            EndedByCustomer,
            /// It is not an answer of the bot in this episode that can be judged.
            NotAnAnswer,
            /// The customer has already judged the answer, and changed that once.
            AlreadyJudged,
            /// The colleague or queue does not exist.
            TransferTargetUnknown,
            /// The colleague cannot take any more conversations.
            TransferTargetNotFree,
            /// The file is empty.
            UploadEmpty,
            /// The file is an executable program.
            UploadRefused,
            /// A note may have at most 10 files.
            TooManyFiles,
            /// The company stores as many bytes of files as it may.
            FilesFull,
            /// A different canned reply already has this shortcode.
            CannedReplyShortcodeTaken,
        ] $($others)* }
    };
}
pub(super) use desk;
