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
            /// The site does not offer this reason for a rating, or not any more.
            RatingReasonUnknown,
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
            /// Another customer has the address or number.
            CustomerKnown,
            /// There is no such customer, or it is none of the member's.
            CustomerUnknown,
            /// The customer is merged with another one.
            CustomerMerged,
            /// A person already serves the conversation.
            AlreadyServed,
            /// The customer has as many unanswered left messages as allowed.
            TooManyLeft,
            /// The conversation is not waiting in a queue.
            NotQueued,
            /// Somebody else already has the conversation.
            AlreadyTaken,
            /// The conversation is not offered to the agent, or no longer.
            NotOffered,
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
            /// The time to which a conversation is postponed (`until`) has passed.
            SnoozeUntilPast,
            /// The time to which a conversation is postponed (`until`) is more than 90 days away.
            SnoozeUntilTooFar,
            /// The conversation is neither on hold nor snoozed.
            NotPaused,
            /// The file is empty.
            UploadEmpty,
            /// The file is an executable program.
            UploadRefused,
            /// A note may have at most 10 files.
            TooManyFiles,
            /// The company stores as many bytes of files as it may.
            FilesFull,
            /// Only the author of a message can take it back or correct it.
            NotOwnWords,
            /// The words were taken back or erased.
            WordsGone,
            /// A message can be taken back within 2 minutes.
            RecallTooLate,
            /// A message can be corrected within 24 hours.
            CorrectionTooLate,
            /// The reply answers words of danger, or a message that was left: it can be corrected, but not taken back.
            ReplySettles,
            /// Only a text message or a note can be corrected.
            NotCorrectable,
            /// A message can be corrected at most 20 times.
            TooManyCorrections,
            /// The message that is quoted, taken back or corrected is not in the conversation.
            MessageUnknown,
            /// A note cannot be quoted in what the customer reads.
            QuoteStaffOnly,
            /// The company has blocked the visitor, and takes nothing from them.
            VisitorBlocked,
            /// The colleague whom a note calls does not exist any more, or serves and reads no conversations.
            MentionUnknown,
            /// A note calls at most 10 colleagues.
            TooManyMentions,
            /// A different label already has this name.
            LabelNameTaken,
            /// The company has as many labels as it may.
            TooManyLabels,
            /// Conversations have the label: it can be archived, but not deleted.
            LabelInUse,
            /// There is no such label, or it is archived.
            LabelUnknown,
            /// A conversation has at most 10 labels.
            TooManyLabelsGiven,
            /// There is no such kind of question, it is archived, or it asks for other details.
            QuestionKindUnknown,
            /// A detail is missing that belongs to the kind of question.
            DetailMissing,
            /// The customer has said before what it is about, or skipped that.
            AlreadyAskedAbout,
            /// The company, or the member of their own, has as many macros as there may be.
            TooManyMacros,
            /// A different canned reply already has this shortcode.
            CannedReplyShortcodeTaken,
            /// This is not part of practice.
            NotInPractice,
        ] $($others)* }
    };
}
pub(super) use desk;
