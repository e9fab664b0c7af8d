//! What a company decides for its supervisors' floor: whether agents are told that somebody listens, when slow replies and long waits raise an alert, and the
//! reasons for a break.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{alert::AlertLevel, line, text::Bilingual, text_enum::text_enum, time::Ts};

/// What a supervisor does in a conversation that one of their agents serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InterventionMode {
    /// Reads what is said, while it is said.
    Listen,
    /// Speaks in the conversation as well; its agent stays.
    Join,
    /// Has the conversation instead of the agent.
    TakeOver,
}

text_enum!(InterventionMode { Listen = "listen", Join = "join", TakeOver = "take_over" });

/// The most reasons for a break that a company has.
pub const MAX_BREAK_REASONS: usize = 20;
/// The longest name of a reason for a break, in characters, in either language; a state's reason is no longer.
pub const MAX_REASON_CHARS: usize = 80;
/// The shortest and the longest time after which an alert may be raised, in seconds.
pub const ALERT_AFTER_S: std::ops::RangeInclusive<i64> = 10..=3_600;
/// The number of minutes of a day.
const MINUTES: i64 = 24 * 60;

/// When an alert is raised, and how urgent it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// After how many seconds; `null` if no such alert is raised.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    pub after_s: Option<i64>,
    /// How urgent it is.
    pub level: AlertLevel,
}

/// The part of each day in which no alert of slow replies or long waits is raised, by the company's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// The first minute of it, from 0 to 1,439.
    pub from: i64,
    /// The minute in which it ends; if that is not after `from`, it ends on the next day.
    pub until: i64,
}

impl QuietHours {
    /// Whether a minute of the day lies in it.
    pub const fn contains(self, minute: i64) -> bool {
        if self.from < self.until { minute >= self.from && minute < self.until } else { minute >= self.from || minute < self.until }
    }
}

/// What a company decided for its floor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FloorSettings {
    /// Whether agents see in the conversation that a supervisor listens.
    pub tells_of_listening: bool,
    /// When a customer whom an agent serves has waited too long for a reply.
    pub slow_reply: Threshold,
    /// When a customer has waited too long in a queue.
    pub long_wait: Threshold,
    /// When neither raises an alert; `None` if both always do.
    pub quiet: Option<QuietHours>,
    /// The reasons for a break that agents choose from.
    pub break_reasons: Vec<Bilingual>,
    /// When this was last changed; an editor sends it back.
    pub updated_at: Ts,
}

impl Default for FloorSettings {
    fn default() -> Self {
        let named = |zh: &str, en: &str| Bilingual { zh: zh.to_owned(), en: en.to_owned() };
        Self {
            tells_of_listening: true,
            slow_reply: Threshold { after_s: Some(100), level: AlertLevel::Warning },
            long_wait: Threshold { after_s: Some(120), level: AlertLevel::Warning },
            quiet: None,
            break_reasons: vec![named("用餐", "Lunch"), named("培训", "Training"), named("会议", "Meeting"), named("个人", "Personal")],
            updated_at: Ts(0),
        }
    }
}

impl FloorSettings {
    /// Checks what a company wants. The error names the field that is wrong.
    pub fn check(&self) -> Result<(), &'static str> {
        let is_wrong = |threshold: Threshold| threshold.after_s.is_some_and(|after| !ALERT_AFTER_S.contains(&after));
        if is_wrong(self.slow_reply) {
            return Err("slow_reply");
        }
        if is_wrong(self.long_wait) {
            return Err("long_wait");
        }
        let is_minute = |minute: i64| (0..MINUTES).contains(&minute);
        if self.quiet.is_some_and(|quiet| !is_minute(quiet.from) || !is_minute(quiet.until) || quiet.from == quiet.until) {
            return Err("quiet");
        }
        let is_named = |reason: &Bilingual| [&reason.zh, &reason.en].into_iter().all(|name| is_reason(name));
        if self.break_reasons.len() > MAX_BREAK_REASONS || !self.break_reasons.iter().all(is_named) {
            return Err("break_reasons");
        }
        Ok(())
    }
}

/// Whether a text is the name of a reason: one visible line that is not too long.
fn is_reason(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= MAX_REASON_CHARS && !name.chars().any(char::is_control) && !line::deceives(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_last_over_midnight() {
        let night = QuietHours { from: 22 * 60, until: 7 * 60 };
        assert_eq!([21 * 60, 22 * 60, 0, 7 * 60 - 1, 7 * 60].map(|at| night.contains(at)), [false, true, true, true, false]);
        let noon = QuietHours { from: 720, until: 780 };
        assert_eq!([719, 720, 779, 780].map(|at| noon.contains(at)), [false, true, true, false]);
    }

    #[test]
    fn what_does_not_fit_names_its_field() {
        let fine = FloorSettings::default();
        assert_eq!(fine.check(), Ok(()));
        let after = |after_s| Threshold { after_s, level: AlertLevel::Urgent };
        assert_eq!(FloorSettings { slow_reply: after(Some(9)), ..fine.clone() }.check(), Err("slow_reply"));
        assert_eq!(FloorSettings { long_wait: after(Some(3_601)), ..fine.clone() }.check(), Err("long_wait"));
        assert_eq!(FloorSettings { long_wait: after(None), ..fine.clone() }.check(), Ok(()));
        let quiet = |from, until| FloorSettings { quiet: Some(QuietHours { from, until }), ..fine.clone() };
        assert_eq!([quiet(0, 1_440).check(), quiet(5, 5).check(), quiet(1_439, 0).check()], [Err("quiet"), Err("quiet"), Ok(())]);
        let named = |zh: &str| Bilingual { zh: zh.to_owned(), en: "x".to_owned() };
        assert_eq!(FloorSettings { break_reasons: vec![named(" ")], ..fine.clone() }.check(), Err("break_reasons"));
        assert_eq!(FloorSettings { break_reasons: vec![named("x"); 21], ..fine }.check(), Err("break_reasons"));
    }
}
