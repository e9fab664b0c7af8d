/**
 * Short names for the server's types. Nothing is described here: `schema.ts` is generated from docs/openapi.json, which is generated from the server's code
 * (`make openapi`). Times are in milliseconds since the epoch, money is in integer fen.
 */
import type { components } from "./schema";

type S = components["schemas"];
/** A type of the document by its name there, for what only one feature uses. */
export type Schema<Name extends keyof S> = S[Name];
/** The members of a union whose `field` is `name`. */
type Of<U, F extends PropertyKey, N> = Extract<U, Record<F, N>>;

export type Bilingual = S["Bilingual"];
export type Lang = S["Lang"];
/** The RFC 9457 problem of a refused request. */
export type ProblemBody = S["Problem"];
export type ProblemCode = S["ProblemCode"];

// ---------------------------------------------------------------- client to server

export type SendBody = S["SendBody"];
export type PageContext = S["Page"];
export type AddressRulesView = S["AddressRulesView"];
/** Part of the first `send` of a conversation whose id the client has just created. */
export type OpenContext = S["Open"];
/** What a page wants to follow; the stream adds the version and the token. */
export type Hello = Omit<S["Hello"], "version" | "token"> & Required<Pick<S["Hello"], "cursors">>;
export type ClientFrame = S["ClientFrame"];

// ---------------------------------------------------------------- entries

export type Speaker = S["By"];
export type SpeakerKind = Speaker["kind"];
export type FileCard = S["UploadedFile"];
export type ProductCard = S["ProductRef"];
export type AnswerOutcome = S["AnswerOutcome"];
export type AnswerChoice = S["AnswerChoice"];
export type MessageBody = S["Message"];
export type RoutingBody = S["Routing"];
export type Handoff = S["Handoff"];
export type Entry = S["Entry"];
export type MessageEntry = Of<Entry, "kind", "message">;

// ---------------------------------------------------------------- server to client

export type Mark = S["Mark"];
export type Marks = S["Marks"];
export type ServerFrame = S["ServerFrame"];
/** The marks of one side, raised by a page itself before the server reports them. */
export type OwnMarks = Pick<Of<ServerFrame, "t", "marks">, "t" | "stream"> & Partial<Marks>;
export type Place = Of<ServerFrame, "t", "place">;

// ---------------------------------------------------------------- conversations and staff

export type ConversationStateName = S["ConversationStateName"];
/** What `reset.state` says about a conversation; it contains no ids, so customers may see it. */
export type ConversationState = S["ConversationState"];
export type Conversation = S["ConversationView"];
export type Conversations = S["Conversations"];
export type Rating = S["RatingView"];
export type Outcome = S["Outcome"];
export type Customer = S["CustomerView"];
export type OwnConversation = S["OwnConversation"];
export type OwnConversations = S["OwnConversations"];
export type OwnTranscript = S["OwnTranscript"];
export type ConversationDetail = S["ConversationDetail"];
export type AgentState = S["AgentState"];
export type Role = S["Role"];
export type RoleView = S["RoleView"];
export type Roles = S["Roles"];
export type Grant = S["Grant"];
export type Reach = S["Reach"];
export type Contact = S["Contact"];
export type MaskedContact = S["MaskedContact"];
export type Permission = S["Permission"];
export type Me = S["Me"];
export type Proof = S["PuzzleProof"];
export type StaffSession = S["StaffSession"];
/** The second step that a sign-in waits for. */
export type SecondStepAsked = S["SecondStepAsked"];
export type NewApp = S["NewApp"];
export type Passkey = S["Passkey"];
export type PasskeyOptions = S["PasskeyOptions"];
export type NewPasskeyOptions = S["NewPasskeyOptions"];
export type Today = S["MyToday"];
export type Colleagues = S["Colleagues"];
export type Floor = S["Floor"];
export type FloorAgent = S["FloorAgent"];
export type FloorSettings = S["FloorSettings"];
export type AnsweredFrom = S["AnsweredFrom"];
export type CannedReply = S["CannedReply"];
export type Label = S["Label"];
export type LabelRef = S["LabelRef"];
export type CannedReplies = S["CannedReplies"];

// ---------------------------------------------------------------- goods, as staff manage them

export type GoodsState = S["GoodsState"];
export type StaffGoodsRow = S["StaffGoodsRow"];
export type StaffGoods = S["StaffGoods"];
export type StaffGoodsList = S["StaffGoodsList"];
export type NewGoods = S["NewGoods"];
export type GoodsChange = S["GoodsChange"];
export type StaffPlan = S["StaffPlan"];
export type StaffCategory = S["StaffCategory"];
export type StaffCategories = S["StaffCategories"];
export type PriceHistory = S["PriceHistory"];
export type GoodsImport = S["GoodsImport"];
export type ImportChange = S["ImportChange"];
export type BadCell = S["BadCell"];
// ---------------------------------------------------------------- knowledge

export type KnowledgeOverview = S["KnowledgeOverview"];
export type KnowledgeItem = S["KnowledgeItem"];
export type KnowledgeEntry = S["KnowledgeEntry"];
export type EntryTexts = S["EntryTexts"];
export type KnowledgeCategory = S["KnowledgeCategory"];
export type Tried = S["Tried"];
export type KnowledgeTest = S["KnowledgeTest"];
export type KnowledgeTestCase = S["KnowledgeTestCase"];
export type KnowledgeChange = S["KnowledgeChange"];
export type KnowledgeVersion = S["KnowledgeVersion"];
export type ImportView = S["ImportView"];
export type FileView = S["FileView"];
export type SynonymGroup = S["SynonymGroup"];
export type GraphRow = S["GraphRow"];
export type GraphItem = S["GraphItem"];
export type GraphItemKind = S["GraphItemKind"];
export type GraphRelationKind = S["GraphRelationKind"];
export type GraphUnit = S["GraphUnit"];
export type Asked = S["Asked"];
export type UnansweredGroup = S["UnansweredGroup"];
export type LearningReason = S["LearningReason"];
export type SuspectPhrasing = S["SuspectPhrasing"];
export type SuspectPhrasings = S["SuspectPhrasings"];
export type SettleSuspect = S["SettleSuspect"];
export type YesterdayQuestion = S["YesterdayQuestion"];
export type KnowledgeNamedReaction = S["KnowledgeNamedReaction"];
export type UnansweredQuestions = S["UnansweredQuestions"];

// ---------------------------------------------------------------- single sign-on

export type SingleSignOn = S["SingleSignOn"];
export type EmergencyLink = S["EmergencyLink"];

// ---------------------------------------------------------------- webhooks

export type EventType = S["EventType"];
export type AuditEntry = S["AuditEntry"];
export type Webhook = S["Webhook"];
export type ApiToken = S["ApiToken"];
export type NewApiToken = S["NewApiToken"];
export type Erasure = S["ErasureView"];
export type CompanyArchive = S["CompanyArchive"];
export type RetentionRules = S["RetentionRules"];
export type RetentionPreview = S["RetentionPreview"];
export type CompanyLimits = S["CompanyLimits"];
export type OperatedCompany = S["OperatedCompany"];
export type InstallationHealth = S["InstallationHealth"];
export type DeliveryState = S["DeliveryState"];
export type Delivery = S["Delivery"];
export type Deliveries = S["Deliveries"];
export type DeliveryDetail = S["DeliveryDetail"];

// ---------------------------------------------------------------- panel

export type Panel = S["PanelView"];
export type IndicatorValues = S["Numbers"];
export type IndicatorKey = keyof IndicatorValues;
export type MinuteSeries = Exclude<keyof S["Minutes"], "from">;
export type Indicator = S["Reference"];
export type IndicatorTarget = S["Target"];
export type IndicatorConversations = S["Behind"];
export type Stretch = S["StretchView"];
export type Metric = S["Metric"];
export type Metrics = S["Metrics"];
export type Board = S["Board"];
export type BoardTile = S["BoardTile"];
export type ResponseTimes = S["ResponseTimes"];
export type ResponseTimeSeries = S["ResponseTimeSeries"];
export type DeadJob = S["DeadJobView"];
export type WarehouseJobs = S["WarehouseJobs"];
export type WarehouseJob = S["WarehouseJob"];
export type WarehouseLayer = S["WarehouseLayer"];
export type WarehouseDay = S["WarehouseDay"];
export type WarehouseRun = S["WarehouseRun"];
export type Wall = S["Wall"];
export type WallQueue = S["WallQueue"];
export type WallLink = S["WallLink"];

// ---------------------------------------------------------------- sites, widget and hall

export type Hall = S["Hall"];
/** Whether people answer, when they are back, and by when a message left now is answered. */
export type Service = S["SiteService"];
export type Site = S["Site"];
export type WidgetSession = S["WidgetSession"];
export type UploadedFile = S["UploadedFile"];
export type GoodsCard = S["GoodsCard"];
export type Goods = S["Goods"];
export type Plan = S["Plan"];
export type Catalogue = S["Catalogue"];
export type GoodsSearch = S["GoodsSearch"];
export type AnswerSearch = S["AnswerSearch"];
export type Consents = S["Consents"];
export type ConsentView = S["ConsentView"];
export type Purpose = S["Purpose"];
export type Recommendations = S["Recommendations"];
export type RecommendedItem = S["RecommendedItem"];
export type NamedItem = S["NamedItem"];
export type RecommendationOverview = S["RecommendationOverview"];
export type Suggestion = S["Suggestion"];
export type Suggestions = S["Suggestions"];

// ---------------------------------------------------------------- people, queues, settings

export type Member = S["Member"];
export type MemberStatus = S["MemberStatus"];
export type NewMember = S["NewStaffMember"];
export type MemberChange = S["StaffMemberChange"];
export type Invited = S["Invited"];
export type Group = S["Group"];
export type Department = S["Department"];
export type InvitationPreview = S["InvitationPreview"];
export type PreviewLine = S["PreviewLine"];
export type InvitationResult = S["InvitationResult"];
export type Groups = S["Groups"];
export type Interval = S["Interval"];
export type Week = S["Week"];
export type SpecialDay = S["SpecialDay"];
export type OpeningHours = S["OpeningHours"];
export type Queue = S["Queue"];
export type QueueRules = S["QueueRules"];
export type Skill = S["Skill"];
export type SkillUses = S["SkillUses"];
export type QueueUses = S["QueueUses"];
export type MemberWork = S["MemberWork"];
export type TransferResult = S["TransferResult"];
export type SkillNeed = S["SkillNeed"];
export type QuestionKind = S["QuestionKind"];
export type DetailField = S["DetailField"];
export type AsksAbout = S["AsksAbout"];
export type Macro = S["Macro"];
export type MacroAct = S["MacroAct"];
export type Queues = S["Queues"];
export type LeftMessage = S["LeftMessage"];
export type Alert = S["Alert"];
export type Company = S["Company"];
/** How the model of sentence embeddings is doing. */
export type Embeddings = S["Embeddings"];
export type CompanySite = S["CompanySite"];
export type SiteSecret = S["SiteSecret"];
