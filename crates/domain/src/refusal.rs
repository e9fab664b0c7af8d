//! Refusals: the closed list of codes, and which of them are final for a send.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{id::ConversationId, opening_hours::Service, text_enum::text_enum};

/// Why a request, a send or a connection is refused. Codes are only ever added; the console has a text for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProblemCode)]
pub enum Code {
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
    /// Text messages are not sent to that country.
    CountryNotServed,
    /// The company has sent as many text messages today as it may.
    TextMessagesUsedUp,
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
    /// Only an episode that has ended can be rated.
    NotEnded,
    /// It is not an answer of the bot in this episode that can be judged.
    NotAnAnswer,
    /// The customer has already judged the answer, and changed that once.
    AlreadyJudged,
    /// The colleague or queue does not exist.
    TransferTargetUnknown,
    /// The colleague cannot take any more conversations.
    TransferTargetNotFree,
    /// There is no site with this key.
    SiteUnknown,
    /// The device is not known: start again without its secret.
    DeviceRevoked,
    /// The ticket has been used or has expired, or its session has ended.
    TicketRefused,
    /// The device started too many sessions.
    TooManySessions,
    /// The server does not support this version of the protocol.
    UpgradeRequired,
    /// The client asks for more than 500 streams.
    TooManyStreams,
    /// A `get` does not ask for a valid range.
    BadRange,
    /// The first frame is not a hello.
    HelloExpected,
    /// The frame does not follow the protocol.
    BadFrame,
    /// The frame is binary; only text frames are accepted.
    BinaryFrame,
    /// The message is larger than 256 KiB.
    FrameTooLarge,
    /// The message consists of more than 256 fragments.
    TooFragmented,
    /// The client sends too many frames.
    TooFast,
    /// The visitor has too many connections.
    TooManyConnections,
    /// The node is shutting down, or history was rewound: reconnect after a short random time.
    Moving,
    /// The caller may no longer read the stream.
    Lost,
    /// The client does not follow the stream.
    NotFollowed,
    /// The file is empty.
    UploadEmpty,
    /// The file is an executable program.
    UploadRefused,
    /// A note may have at most 10 files.
    TooManyFiles,
    /// The company stores as many bytes of files as it may.
    FilesFull,
    /// The text is not an e-mail address.
    EmailInvalid,
    /// A member of staff of the company already has this address.
    EmailTaken,
    /// The name is deceptive: a reader could take it for a different one.
    NameDeceptive,
    /// The last administrator cannot lose that role.
    LastAdministrator,
    /// The member already has a password.
    AlreadyJoined,
    /// The member is disabled.
    MemberDisabled,
    /// A different group already has this name.
    GroupNameTaken,
    /// The group still has members.
    GroupInUse,
    /// A different queue already has this name.
    QueueNameTaken,
    /// The queue is still used by sites or conversations.
    QueueInUse,
    /// The queue would be left without members.
    QueueNeedsMember,
    /// A different site already has this key.
    SiteKeyTaken,
    /// The site still has open conversations.
    SiteInUse,
    /// The only site of a company cannot be removed.
    LastSite,
    /// The text is not a web origin.
    OriginInvalid,
    /// The interval ends before it begins.
    IntervalEndsBeforeItBegins,
    /// Two intervals overlap.
    IntervalsOverlap,
    /// The time zone does not exist.
    TimeZoneUnknown,
    /// A different canned reply already has this shortcode.
    CannedReplyShortcodeTaken,
    /// The company has as many endpoints as it may.
    TooManyWebhooks,
    /// The endpoint is disabled.
    WebhookDisabled,
    /// Only a dead letter can be replayed.
    DeliveryNotDead,
    /// The company has as many wall links as it may.
    TooManyWallLinks,
    /// The company has as many boards as it may.
    TooManyBoards,
    /// The category does not exist.
    CategoryUnknown,
    /// The category still has products.
    CategoryInUse,
    /// The company has as many categories as it may.
    TooManyCategories,
    /// The picture does not exist.
    PictureUnknown,
    /// The picture cannot be read.
    PictureUnreadable,
    /// The picture has too many bytes or too many pixels.
    PictureTooLarge,
    /// The company has as many pictures as it may.
    TooManyPictures,
    /// The file to import cannot be read.
    ImportUnreadable,
    /// The file to import has no rows.
    ImportNoRows,
    /// Columns are missing from the file to import.
    ImportNoColumns,
    /// The file to import has the same column twice.
    ImportColumnTwice,
    /// The file to import has too many rows.
    ImportTooMany,
    /// The file to import is too large when uncompressed.
    ImportTooLargeUnpacked,
    /// Some rows of the file to import are invalid.
    ImportBad,
    /// The catalogue was changed after the file was checked.
    ImportOutdated,
    /// The company is already checking a file.
    ImportRunning,
    /// As many files as allowed are waiting to be applied.
    TooManyImports,
    /// A different category already has this name.
    KnowledgeCategoryTaken,
    /// The category still has entries.
    KnowledgeCategoryInUse,
    /// The knowledge has as many entries as it may.
    KnowledgeFull,
    /// The file of knowledge entries cannot be read.
    KnowledgeFile,
    /// Some rows of the file of knowledge entries are invalid.
    KnowledgeRows,
    /// The file changes too many knowledge entries.
    KnowledgeTooMany,
    /// The test set has as many sentences as it may.
    KnowledgeTestsFull,
    /// The test set already contains the sentence.
    KnowledgeTestTaken,
    /// There are no sentences to check.
    KnowledgeNoTests,
    /// A check is already running.
    KnowledgeCheckRunning,
    /// There is nothing to publish.
    KnowledgeUnchanged,
    /// An entry has no answer.
    KnowledgeIncomplete,
    /// The draft has not been checked.
    KnowledgeUnchecked,
    /// The draft gives worse answers than the live version.
    KnowledgeWorse,
    /// The version is already the live one.
    KnowledgeVersionLive,
    /// Another group of synonyms has one of the words.
    SynonymElsewhere,
    /// The company has as many groups of synonyms as it may.
    SynonymsFull,
    /// The company has as many plans as it may.
    TooManyPlans,
}

text_enum!(Code {
    BadRequest = "bad_request",
    MalformedJson = "malformed_json",
    UnknownField = "unknown_field",
    MissingField = "missing_field",
    InvalidValue = "invalid_value",
    TooLarge = "too_large",
    UnsupportedMediaType = "unsupported_media_type",
    MethodNotAllowed = "method_not_allowed",
    CrossSite = "cross_site",
    IdempotencyKeyInvalid = "idempotency_key_invalid",
    IdempotencyKeyReused = "idempotency_key_reused",
    TooManyRequests = "too_many_requests",
    Internal = "internal",
    Busy = "busy",
    CursorExpired = "cursor_expired",
    NotFound = "not_found",
    NotPermitted = "not_permitted",
    NotSignedIn = "not_signed_in",
    SignedOut = "signed_out",
    TokenExpired = "token_expired",
    NoAccess = "no_access",
    Conflict = "conflict",
    SignInFailed = "sign_in_failed",
    CompanyRequired = "company_required",
    PasswordRequired = "password_required",
    PasswordWrong = "password_wrong",
    PasswordTooShort = "password_too_short",
    PasswordTooLong = "password_too_long",
    PasswordTooCommon = "password_too_common",
    PasswordHoldsIdentifier = "password_holds_identifier",
    PuzzleRequired = "puzzle_required",
    PuzzleRefused = "puzzle_refused",
    LinkUnknown = "link_unknown",
    LinkSpent = "link_spent",
    LinkExpired = "link_expired",
    CodeWrong = "code_wrong",
    CodeSpent = "code_spent",
    CodeExpired = "code_expired",
    IdentifierInvalid = "identifier_invalid",
    CountryNotServed = "country_not_served",
    TextMessagesUsedUp = "text_messages_used_up",
    TextEmpty = "text_empty",
    TextTooLong = "text_too_long",
    TextUnacceptable = "text_unacceptable",
    Unacceptable = "unacceptable",
    ScoreOutOfRange = "score_out_of_range",
    ProductUnknown = "product_unknown",
    ClientIdReused = "client_id_reused",
    Use = "use",
    ConversationClosed = "conversation_closed",
    BotSuperseded = "bot_superseded",
    AlreadyRequested = "already_requested",
    Closed = "closed",
    AlreadyServed = "already_served",
    TooManyLeft = "too_many_left",
    NotQueued = "not_queued",
    AlreadyTaken = "already_taken",
    AtCapacity = "at_capacity",
    NotYours = "not_yours",
    NotActive = "not_active",
    AlreadyThere = "already_there",
    AlreadyEnded = "already_ended",
    NotEnded = "not_ended",
    NotAnAnswer = "not_an_answer",
    AlreadyJudged = "already_judged",
    TransferTargetUnknown = "transfer_target_unknown",
    TransferTargetNotFree = "transfer_target_not_free",
    SiteUnknown = "site_unknown",
    DeviceRevoked = "device_revoked",
    TicketRefused = "ticket_refused",
    TooManySessions = "too_many_sessions",
    UpgradeRequired = "upgrade_required",
    TooManyStreams = "too_many_streams",
    BadRange = "bad_range",
    HelloExpected = "hello_expected",
    BadFrame = "bad_frame",
    BinaryFrame = "binary_frame",
    FrameTooLarge = "frame_too_large",
    TooFragmented = "too_fragmented",
    TooFast = "too_fast",
    TooManyConnections = "too_many_connections",
    Moving = "moving",
    Lost = "lost",
    NotFollowed = "not_followed",
    UploadEmpty = "upload_empty",
    UploadRefused = "upload_refused",
    TooManyFiles = "too_many_files",
    FilesFull = "files_full",
    EmailInvalid = "email_invalid",
    EmailTaken = "email_taken",
    NameDeceptive = "name_deceptive",
    LastAdministrator = "last_administrator",
    AlreadyJoined = "already_joined",
    MemberDisabled = "member_disabled",
    GroupNameTaken = "group_name_taken",
    GroupInUse = "group_in_use",
    QueueNameTaken = "queue_name_taken",
    QueueInUse = "queue_in_use",
    QueueNeedsMember = "queue_needs_member",
    SiteKeyTaken = "site_key_taken",
    SiteInUse = "site_in_use",
    LastSite = "last_site",
    OriginInvalid = "origin_invalid",
    IntervalEndsBeforeItBegins = "interval_ends_before_it_begins",
    IntervalsOverlap = "intervals_overlap",
    TimeZoneUnknown = "time_zone_unknown",
    CannedReplyShortcodeTaken = "canned_reply_shortcode_taken",
    TooManyWebhooks = "too_many_webhooks",
    WebhookDisabled = "webhook_disabled",
    DeliveryNotDead = "delivery_not_dead",
    TooManyWallLinks = "too_many_wall_links",
    TooManyBoards = "too_many_boards",
    CategoryUnknown = "category_unknown",
    CategoryInUse = "category_in_use",
    TooManyCategories = "too_many_categories",
    PictureUnknown = "picture_unknown",
    PictureUnreadable = "picture_unreadable",
    PictureTooLarge = "picture_too_large",
    TooManyPictures = "too_many_pictures",
    ImportUnreadable = "import_unreadable",
    ImportNoRows = "import_no_rows",
    ImportNoColumns = "import_no_columns",
    ImportColumnTwice = "import_column_twice",
    ImportTooMany = "import_too_many",
    ImportTooLargeUnpacked = "import_too_large_unpacked",
    ImportBad = "import_bad",
    ImportOutdated = "import_outdated",
    ImportRunning = "import_running",
    TooManyImports = "too_many_imports",
    KnowledgeCategoryTaken = "knowledge_category_taken",
    KnowledgeCategoryInUse = "knowledge_category_in_use",
    KnowledgeFull = "knowledge_full",
    KnowledgeFile = "knowledge_file",
    KnowledgeRows = "knowledge_rows",
    KnowledgeTooMany = "knowledge_too_many",
    KnowledgeTestsFull = "knowledge_tests_full",
    KnowledgeTestTaken = "knowledge_test_taken",
    KnowledgeNoTests = "knowledge_no_tests",
    KnowledgeCheckRunning = "knowledge_check_running",
    KnowledgeUnchanged = "knowledge_unchanged",
    KnowledgeIncomplete = "knowledge_incomplete",
    KnowledgeUnchecked = "knowledge_unchecked",
    KnowledgeWorse = "knowledge_worse",
    KnowledgeVersionLive = "knowledge_version_live",
    SynonymElsewhere = "synonym_elsewhere",
    SynonymsFull = "synonyms_full",
    TooManyPlans = "too_many_plans",
});

impl Code {
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
                | Self::AtCapacity
                | Self::NotYours
                | Self::NotActive
                | Self::AlreadyThere
                | Self::AlreadyEnded
                | Self::NotEnded
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
