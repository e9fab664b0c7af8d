//! Why something is refused: the closed list of codes, and which of them are final for a send.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{id::ConversationId, opening_hours::Service, text_enum::text_enum};

/// Why a request, a send or a connection is refused. Codes are only ever added; the console has a text for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProblemCode)]
pub enum Code {
    /// The request cannot be read.
    BadRequest,
    /// The body is not JSON.
    MalformedJson,
    /// The body has a field that is not known.
    UnknownField,
    /// A field is missing.
    MissingField,
    /// A field has a value that is not accepted.
    InvalidValue,
    /// More than is accepted at once.
    TooLarge,
    /// The body is of another type than the endpoint takes.
    UnsupportedMediaType,
    /// The address does not take the method.
    MethodNotAllowed,
    /// It may only be asked from the product's own pages.
    CrossSite,
    /// The Idempotency-Key is malformed.
    IdempotencyKeyInvalid,
    /// The Idempotency-Key was used for a request with other parameters.
    IdempotencyKeyReused,
    /// Tried too often.
    TooManyRequests,
    /// Something broke on the server's side.
    Internal,
    /// The server has too much to do: the same again later.
    Busy,
    /// The feed does not reach back that far any more.
    CursorExpired,
    /// There is no such thing, or it is somebody else's.
    NotFound,
    /// The sender may not do this.
    NotPermitted,
    /// Nobody is signed in.
    NotSignedIn,
    /// The session has ended.
    SignedOut,
    /// The access token is no longer valid.
    TokenExpired,
    /// The reader may not read the stream.
    NoAccess,
    /// Somebody else changed it meanwhile.
    Conflict,
    /// The address or the password is wrong.
    SignInFailed,
    /// The installation has several companies: one has to be named.
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
    /// The puzzle is not solved, too old, or was used already.
    PuzzleRefused,
    /// There is no such link or code.
    LinkUnknown,
    /// The link was used before.
    LinkSpent,
    /// The link was not used in time.
    LinkExpired,
    /// The code is wrong.
    CodeWrong,
    /// The code was used before.
    CodeSpent,
    /// The code was not used in time.
    CodeExpired,
    /// Neither an address nor a mobile number.
    IdentifierInvalid,
    /// Text messages are not sent to that country.
    CountryNotServed,
    /// The company has sent as many text messages as it may today.
    TextMessagesUsedUp,
    /// Nothing but white space.
    TextEmpty,
    /// More than 32 KiB.
    TextTooLong,
    /// Contains U+0000.
    TextUnacceptable,
    /// Something else of it cannot be stored.
    Unacceptable,
    /// A score is 1 to 5.
    ScoreOutOfRange,
    /// There is no such product.
    ProductUnknown,
    /// The same id with other words, or of another sender.
    ClientIdReused,
    /// Another conversation is open: that is the one to use.
    Use,
    /// The conversation is over for good.
    ConversationClosed,
    /// The conversation is no longer the bot's.
    BotSuperseded,
    /// A person was asked for before.
    AlreadyRequested,
    /// Nobody is there to be asked for: a message can be left.
    Closed,
    /// A person serves it.
    AlreadyServed,
    /// As many left messages wait as one may leave.
    TooManyLeft,
    /// It does not wait.
    NotQueued,
    /// Somebody else has it.
    AlreadyTaken,
    /// The agent serves as many as the capacity says.
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
    /// There is no such colleague or queue.
    TransferTargetUnknown,
    /// The colleague takes no more.
    TransferTargetNotFree,
    /// There is no site with that key.
    SiteUnknown,
    /// The device is not known: begin again without its secret.
    DeviceRevoked,
    /// The ticket was used, has expired, or its session has ended.
    TicketRefused,
    /// Too many sessions of one device were begun.
    TooManySessions,
    /// The protocol's version is not spoken here.
    UpgradeRequired,
    /// More than 500 streams.
    TooManyStreams,
    /// What a `get` asks for is not a range.
    BadRange,
    /// The first frame is not a hello.
    HelloExpected,
    /// Not a frame of the protocol.
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
    /// The node ends, or history was rewound: come again after a short random time.
    Moving,
    /// The stream is no longer the reader's.
    Lost,
    /// The stream is not followed.
    NotFollowed,
    /// The file is empty.
    UploadEmpty,
    /// The file is a program.
    UploadRefused,
    /// A note has at most 10 files.
    TooManyFiles,
    /// The company keeps as many bytes of files as it may.
    FilesFull,
    /// Not an address of mail.
    EmailInvalid,
    /// Somebody of the company has the address.
    EmailTaken,
    /// A reader would take the name for another.
    NameDeceptive,
    /// The last administrator cannot stop being one.
    LastAdministrator,
    /// The member has a password already.
    AlreadyJoined,
    /// The member is disabled.
    MemberDisabled,
    /// Another group has the name.
    GroupNameTaken,
    /// Members belong to the group.
    GroupInUse,
    /// Another queue has the name.
    QueueNameTaken,
    /// Sites or conversations use the queue.
    QueueInUse,
    /// Nobody would serve the queue.
    QueueNeedsMember,
    /// Another site has the key.
    SiteKeyTaken,
    /// Conversations are open on the site.
    SiteInUse,
    /// The only site cannot be removed.
    LastSite,
    /// Not an origin of the web.
    OriginInvalid,
    /// An interval ends before it begins.
    IntervalEndsBeforeItBegins,
    /// Two intervals overlap.
    IntervalsOverlap,
    /// There is no such time zone.
    TimeZoneUnknown,
    /// Another reply has the shortcode.
    CannedReplyShortcodeTaken,
    /// A company has no more endpoints.
    TooManyWebhooks,
    /// The endpoint is switched off.
    WebhookDisabled,
    /// Only a dead letter is replayed.
    DeliveryNotDead,
    /// A company has no more links.
    TooManyWallLinks,
    /// There is no such category.
    CategoryUnknown,
    /// Products are in the category.
    CategoryInUse,
    /// A company has no more categories.
    TooManyCategories,
    /// There is no such picture.
    PictureUnknown,
    /// The picture cannot be read.
    PictureUnreadable,
    /// The picture has too many bytes or pixels.
    PictureTooLarge,
    /// A company keeps no more pictures.
    TooManyPictures,
    /// The file cannot be read.
    ImportUnreadable,
    /// The file has no rows.
    ImportNoRows,
    /// The file lacks columns.
    ImportNoColumns,
    /// A column is there twice.
    ImportColumnTwice,
    /// The file has too many rows.
    ImportTooMany,
    /// The file is too large once it is unpacked.
    ImportTooLargeUnpacked,
    /// Some rows are wrong.
    ImportBad,
    /// The catalogue was changed since the file was looked through.
    ImportOutdated,
    /// The company is looking through a file already.
    ImportRunning,
    /// As many files wait to be applied as may.
    TooManyImports,
    /// Another category has the name.
    KnowledgeCategoryTaken,
    /// Entries are in the category.
    KnowledgeCategoryInUse,
    /// The knowledge has as many entries as it may.
    KnowledgeFull,
    /// The file cannot be read.
    KnowledgeFile,
    /// Some rows are wrong.
    KnowledgeRows,
    /// The file changes too many entries.
    KnowledgeTooMany,
    /// The test set has as many sentences as it may.
    KnowledgeTestsFull,
    /// The test set has the sentence.
    KnowledgeTestTaken,
    /// There is no sentence to check.
    KnowledgeNoTests,
    /// A check is running already.
    KnowledgeCheckRunning,
    /// There is nothing to publish.
    KnowledgeUnchanged,
    /// An entry has no answer.
    KnowledgeIncomplete,
    /// The draft has not been checked.
    KnowledgeUnchecked,
    /// The draft answers worse than the live version.
    KnowledgeWorse,
    /// The version is the live one.
    KnowledgeVersionLive,
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
});

impl Code {
    /// Whether the state of the record decides this, so that a copy of the same send might be judged otherwise later. `use` is not among them: it leads to another
    /// conversation.
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
    /// What the client gets.
    pub code: Code,
    /// For `use`: the conversation to use instead.
    pub conversation: Option<ConversationId>,
    /// For `closed`: when it opens, and by when a message left now is answered.
    pub service: Option<Service>,
}

impl Refusal {
    /// A refusal by its code.
    pub const fn new(code: Code) -> Self {
        Self { code, conversation: None, service: None }
    }
    /// The refusal with this code, if a send is refused with it by what the record holds: then it stays refused, whatever changes afterwards.
    pub fn remembered(code: Code) -> Option<Self> {
        code.is_remembered().then(|| Self::new(code))
    }
    /// The customer has another conversation open.
    pub const fn use_instead(conversation: ConversationId) -> Self {
        Self { conversation: Some(conversation), ..Self::new(Code::Use) }
    }
    /// Nobody is there.
    pub const fn closed(service: Service) -> Self {
        Self { service: Some(service), ..Self::new(Code::Closed) }
    }
}
