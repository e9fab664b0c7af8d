//! The intents of answers that come from no category of the knowledge.

/// A greeting, thanks, a goodbye, a question about the bot.
pub const SMALL_TALK: &str = "small_talk";
/// A property of goods or plans.
pub const ATTRIBUTE: &str = "attribute";
/// A property that no data sheet lists.
pub const ATTRIBUTE_UNLISTED: &str = "attribute_unlisted";
/// The bot helps to choose among goods or plans.
pub const GUIDED_CHOICE: &str = "guided_choice";
/// The bot asks which of several goods or plans is meant.
pub const WHICH_ITEM: &str = "which_item";
/// The bot asks which of those that it offered is meant, as the customer's answer does not say.
pub const WHICH_OPTION: &str = "which_option";
/// The customer asks for a person.
pub const HUMAN_REQUEST: &str = "human_request";
/// The bot's own words offer a person.
pub const PERSON_OFFERED: &str = "person_offered";
/// Somebody may be in despair or in danger, and a person is offered.
pub const HELP_OFFERED: &str = "help_offered";
/// Somebody is in despair or in danger.
pub const DANGER: &str = "danger";
