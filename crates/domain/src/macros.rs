//! Macros: what an agent has done in a conversation at once, act by act, as by hand.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    conversation::SNOOZE_LIMIT_MS,
    id::{AgentId, LabelId, MacroId, QueueId},
    line,
    refusal::Code,
    text::{self, Bilingual, is_blank},
    time::{MINUTE, Ts},
};

/// The most macros that everybody at a company's desk has.
pub const MAX_MACROS: usize = 500;
/// The most macros that a member has of their own.
pub const MAX_OWN_MACROS: usize = 50;
/// The most acts of a macro.
pub const MAX_ACTS: usize = 6;
/// The longest name of a macro in one language, in characters.
pub const MAX_MACRO_CHARS: usize = 40;
/// The longest text of a reply or a note in one language, in characters.
const MAX_TEXT_CHARS: usize = 4_000;

/// A macro.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Macro {
    /// The id.
    pub id: MacroId,
    /// Whose it is; `None` if everybody at the desk has it.
    pub owner: Option<AgentId>,
    /// Its name, in at least one language.
    pub name: Bilingual,
    /// What it does, in order.
    pub acts: Vec<MacroAct>,
    /// When it was last changed; an editor sends it back.
    pub updated_at: Ts,
}

/// One act of a macro.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum MacroAct {
    /// Gives the conversation a label, beside those that it has.
    Label {
        /// The label.
        label: LabelId,
        /// Its name, which the server fills in.
        #[serde(default)]
        #[schema(required = false)]
        name: Bilingual,
    },
    /// Replies to the customer, in their language.
    Reply {
        /// The text, in at least one language, at most 4,000 characters each. `{{customer.name}}` and similar placeholders are filled in by the desk.
        text: Bilingual,
    },
    /// Writes a private note.
    Note {
        /// The text, at most 4,000 characters.
        text: String,
    },
    /// Postpones the conversation; the last act.
    Snooze {
        /// For so many minutes, at most 90 days.
        #[schema(minimum = 1, maximum = 129_600)]
        minutes: i64,
    },
    /// Transfers the conversation to a queue; the last act.
    Transfer {
        /// The queue.
        queue: QueueId,
        /// Its name, which the server fills in.
        #[serde(default)]
        #[schema(required = false)]
        name: Bilingual,
    },
    /// Resolves the conversation; the last act.
    Resolve {},
}

/// What is wrong with a macro: the field, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct MacroError {
    /// The field of the request.
    pub field: String,
    /// What would be right.
    pub why: &'static str,
    /// The code that pages translate.
    pub code: Code,
}

impl MacroAct {
    /// Whether nothing can follow: the agent does not have the conversation any more, or has set it aside.
    const fn is_last(&self) -> bool {
        matches!(self, Self::Snooze { .. } | Self::Transfer { .. } | Self::Resolve {})
    }

    /// The act without blanks around what it says: what says nothing in a language is not sent in it.
    #[must_use]
    pub fn trimmed(self) -> Self {
        let said = |words: String| if is_blank(&words) { String::new() } else { words.trim().to_owned() };
        match self {
            Self::Reply { text: Bilingual { zh, en } } => Self::Reply { text: Bilingual { zh: said(zh), en: said(en) } },
            Self::Note { text } => Self::Note { text: said(text) },
            other => other,
        }
    }

    fn fits(&self) -> bool {
        let is_short = |words: &str| words.chars().count() <= MAX_TEXT_CHARS && (words.is_empty() || text::check(words, text::MAX_TEXT_BYTES).is_ok());
        match self {
            Self::Reply { text: Bilingual { zh, en } } => !(is_blank(zh) && is_blank(en)) && is_short(zh) && is_short(en),
            Self::Note { text } => !is_blank(text) && is_short(text),
            Self::Snooze { minutes } => (1..=SNOOZE_LIMIT_MS / MINUTE).contains(minutes),
            Self::Label { .. } | Self::Transfer { .. } | Self::Resolve {} => true,
        }
    }
}

impl Macro {
    /// Checks a macro that is added or changed.
    pub fn check(&self) -> Result<(), MacroError> {
        let error = |field: String, why| Err(MacroError { field, why, code: Code::InvalidValue });
        let named = |name: &str| name.is_empty() || (text::check(name, 1024).is_ok() && name.chars().count() <= MAX_MACRO_CHARS && !line::deceives(name));
        let Bilingual { zh, en } = &self.name;
        if (zh.is_empty() && en.is_empty()) || !named(zh) || !named(en) {
            return error(
                "name".to_owned(),
                "a macro needs a name in at least one language, at most 40 characters each, on one line and none of them invisible",
            );
        }
        if self.acts.is_empty() || self.acts.len() > MAX_ACTS {
            return error("acts".to_owned(), "a macro does one to six things");
        }
        for (n, act) in self.acts.iter().enumerate() {
            if act.is_last() && n + 1 < self.acts.len() {
                return error(format!("acts.{n}"), "nothing can follow a snooze, a transfer or the end");
            }
            if !act.fits() {
                return error(format!("acts.{n}"), "a text is missing or too long, or the time is more than 90 days");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn with(acts: Vec<MacroAct>) -> Macro {
        let name = Bilingual { zh: "退费结束".into(), en: String::new() };
        Macro { id: MacroId::new(Uuid::nil()), owner: None, name, acts, updated_at: Ts(1) }
    }
    fn reply(zh: &str) -> MacroAct {
        MacroAct::Reply { text: Bilingual { zh: zh.into(), en: String::new() } }
    }

    #[test]
    fn a_language_of_blanks_says_nothing() {
        let text = Bilingual { zh: " 好的 ".into(), en: " \u{200b}\n".into() };
        assert_eq!(MacroAct::Reply { text }.trimmed(), reply("好的"));
        assert_eq!(MacroAct::Note { text: " x ".into() }.trimmed(), MacroAct::Note { text: "x".into() });
    }

    #[test]
    fn what_ends_the_work_comes_last_and_every_act_says_something() {
        assert_eq!(with(vec![reply("已办好"), MacroAct::Resolve {}]).check(), Ok(()));
        for (acts, field) in [
            (vec![], "acts"),
            (vec![MacroAct::Resolve {}, reply("x")], "acts.0"),
            (vec![reply(" ")], "acts.0"),
            (vec![reply("x"), MacroAct::Note { text: String::new() }], "acts.1"),
            (vec![MacroAct::Snooze { minutes: 0 }], "acts.0"),
            (vec![MacroAct::Snooze { minutes: 129_601 }], "acts.0"),
            (vec![reply("x"); MAX_ACTS + 1], "acts"),
        ] {
            assert_eq!(with(acts).check().unwrap_err().field, field);
        }
        let nameless = Macro { name: Bilingual::default(), ..with(vec![reply("x")]) };
        assert_eq!(nameless.check().unwrap_err().field, "name");
    }
}
