//! The permissions, and what each built-in role holds of them.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use super::reach::{Reach, Reaches};

/// What a member of staff may be allowed; each kind is asked for in its own way, so that nobody forgets the object of one that has objects.
pub trait Right: Copy {
    /// Its row in the table of permissions.
    fn row(self) -> usize;
}

/// A row of the table of permissions.
#[derive(Debug)]
pub struct Row {
    /// The name under which roles are stored and pages receive it.
    pub name: &'static str,
    /// What it allows.
    pub about: &'static str,
    /// The reaches that can be given.
    pub possible: Reaches,
    /// What the built-in roles hold of it, in the order of [`crate::staff::Role::BUILT_IN`].
    pub built_in: [Reaches; BUILT_IN],
}

/// The number of built-in roles.
pub const BUILT_IN: usize = 8;

const ___: Reaches = Reaches::NONE;
const ALL: Reaches = Reaches::COMPANY;
const AGENT: Reaches = Reaches::one(Reach::Own).with(Reach::Queue);
const SENIOR: Reaches = AGENT.with(Reach::Group);
const SUPERVISOR: Reaches = SENIOR.with(Reach::Department);
const ACCOUNTS: Reaches = Reaches::one(Reach::Own).with(Reach::OwnCustomers);
const TEAM: Reaches = Reaches::one(Reach::Group).with(Reach::Department);
const OVER_CONVERSATIONS: Reaches = SUPERVISOR.with(Reach::OwnCustomers).with(Reach::Company);
const OVER_PEOPLE: Reaches = TEAM.with(Reach::Company);

macro_rules! rights {
    ($($(#[doc = $kind_about:literal])+ $kind:ident over $possible:ident { $($(#[doc = $about:literal])+ $right:ident as $name:literal: $built_in:expr;)+ })+) => {
        #[derive(Clone, Copy)]
        enum Number { $($($right,)+)+ }

        $(
            $(#[doc = $kind_about])+
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum $kind { $($(#[doc = $about])+ $right,)+ }

            impl Right for $kind {
                fn row(self) -> usize {
                    match self { $(Self::$right => Number::$right as usize,)+ }
                }
            }
        )+

        /// The table of all permissions.
        pub const ROWS: [Row; [$($(stringify!($right)),+),+].len()] =
            [$($(Row { name: $name, about: concat!($($about),+), possible: $possible, built_in: $built_in }),+),+];
    };
}

// The columns: agent, senior agent, supervisor, manager, knowledge editor, account manager, administrator, auditor.
// docs/PERMISSIONS.md is generated from this.
rights! {
    /// Permissions over conversations: what is covered depends on the conversation.
    OverConversations over OVER_CONVERSATIONS {
        /// Serve conversations: read them, take those that wait, reply, hand them on and end them.
        Desk as "desk": [AGENT, SENIOR, SUPERVISOR, ALL, ___, ACCOUNTS, ALL, ___];
        /// Read conversations without serving them.
        Read as "conversations.read": [___, ___, SUPERVISOR, ALL, ___, ___, ALL, ALL];
    }
    /// Permissions over members of the staff: who is covered depends on the member.
    OverPeople over OVER_PEOPLE {
        /// Invite, change and disable members of staff who hold less than oneself, and end their sessions.
        Manage as "people.manage": [___, ___, TEAM, ALL, ___, ___, ALL, ___];
        /// Follow agents' activity in real time.
        Follow as "people.follow": [___, ___, TEAM, ALL, ___, ___, ALL, ___];
    }
    /// Permissions that have no object: they hold for the whole company, or not at all.
    Permission over ALL {
        /// Take along what was said in conversations that one may read: export conversation records; each export is noted in the audit.
        ExportRecords as "records.export": [___, ___, ___, ALL, ___, ___, ALL, ALL];
        /// Keep the profiles of customers whom one sees: add customers, and change names, contacts and notes.
        EditCustomers as "customers.edit": [ALL, ALL, ALL, ALL, ___, ALL, ALL, ___];
        /// See the panels and the lists behind their numbers, and put together boards.
        Panel as "panel": [___, ___, ALL, ALL, ___, ___, ALL, ALL];
        /// Have a day that has ended counted again.
        RecountDays as "days.recount": [___, ___, ___, ALL, ___, ___, ALL, ___];
        /// Write canned replies.
        EditCannedReplies as "canned_replies.edit": [ALL, ALL, ALL, ALL, ALL, ___, ALL, ___];
        /// Edit goods, their categories and pictures, and the texts of plans; take both off sale; import and export goods.
        EditGoods as "goods.edit": [ALL, ALL, ALL, ALL, ALL, ___, ALL, ___];
        /// Decide what is offered at which price: set prices of goods, fees and allowances of plans, add new ones, and put them on sale.
        SetPrices as "goods.prices": [___, ___, ___, ALL, ___, ___, ALL, ___];
        /// See who asked about which product.
        SeeWhatIsAsked as "goods.asked": [___, ___, ___, ALL, ___, ___, ALL, ___];
        /// Set up queues: their members and opening hours; see which visitors are blocked, and lift that.
        ManageQueues as "queues.manage": [___, ___, ALL, ALL, ___, ___, ALL, ___];
        /// Write the bot's answers into the draft, curate synonyms and the product graph, and see what customers asked that the bot could not answer well.
        CurateKnowledge as "knowledge.curate": [ALL, ALL, ALL, ALL, ALL, ___, ALL, ___];
        /// Check and publish the bot's answers, restore versions, and edit categories and the test set; import and export answers.
        EditKnowledge as "knowledge.edit": [___, ___, ___, ALL, ALL, ___, ALL, ___];
        /// Create and revoke links that open the wall.
        ManageWalls as "walls.manage": [___, ___, ___, ALL, ___, ___, ALL, ___];
        /// Compose roles; nobody can give more than they hold.
        ManageRoles as "roles.manage": [___, ___, ___, ___, ___, ___, ALL, ___];
        /// Reveal contacts that a role hides; each reveal is noted in the audit.
        RevealContacts as "contacts.reveal": [ALL, ALL, ALL, ALL, ___, ALL, ALL, ___];
        /// Reveal the numbers of cards and identities and the codes that are hidden in what was written; each reveal is noted in the audit.
        RevealNumbers as "numbers.reveal": [___, ___, ___, ALL, ___, ___, ALL, ___];
        /// Erase what a person said and who they are, and see what was erased.
        ErasePeople as "erase_people": [___, ___, ___, ALL, ___, ___, ALL, ___];
        /// See who did what, from where, and what it changed; export it.
        SeeAudit as "audit": [___, ___, ___, ___, ___, ___, ALL, ALL];
        /// Connect other systems: webhooks and the event feed.
        Integrations as "integrations": [___, ___, ___, ___, ___, ___, ALL, ___];
        /// Set up single sign-on: who chooses the identity provider decides who may sign in as whom.
        SetUpSingleSignOn as "single_sign_on": [___, ___, ___, ___, ___, ___, ALL, ___];
        /// Set up the company and its sites.
        Settings as "settings": [___, ___, ___, ___, ___, ___, ALL, ___];
        /// Make, renew and revoke tokens of programs, which may do no more than their maker.
        ManageTokens as "tokens.manage": [___, ___, ___, ___, ___, ___, ALL, ___];
    }
}

/// The row of the permission with a name.
pub fn row_of(name: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.name == name)
}

/// The name of a permission, as pages receive it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermissionName;

impl PartialSchema for PermissionName {
    fn schema() -> RefOr<Schema> {
        let about = "What a member of the staff may be allowed, by name; the console shows what it is given.";
        ObjectBuilder::new().schema_type(Type::String).description(Some(about)).enum_values(Some(ROWS.iter().map(|row| row.name))).into()
    }
}
impl ToSchema for PermissionName {
    fn name() -> std::borrow::Cow<'static, str> {
        "Permission".into()
    }
}
