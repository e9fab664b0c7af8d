//! Limits text messages: to which numbers they are sent, and how many a day. Each of them costs money, and some are requested only so that somebody earns from
//! them.

use db::Tx;
use domain::{
    customer::{Identifier, IdentifierKind},
    id::TenantId,
    refusal::Code,
    time::{DAY, SECOND, Ts},
};
use http_kit::{App, fault::Fault, problem::Problem};
use store_hall::text_messages::USED_UP;

/// The number of digits at the end of a number that a range of numbers leaves open.
const RANGE_DIGITS: usize = 4;

/// Of every ten messages a day, this many are kept for existing accounts.
const KEPT_OF_TEN: i64 = 3;

/// What a message counts against: each prefix with its daily cap, first that of all messages. It is empty for mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Text {
    prefixes: Vec<(String, i64)>,
    /// Whether a stranger asks for it: a part of each cap is for customers with an account, who need a code to reach it.
    is_of_stranger: bool,
}

impl Text {
    /// What a message to this identifier counts against; a problem at `field` if no text messages are sent to the number's country.
    pub(super) fn to(app: &App, tenant: TenantId, field: &str, identifier: &Identifier) -> Result<Self, Problem> {
        if identifier.kind() == IdentifierKind::Email {
            return Ok(Self::default());
        }
        let (limits, number) = (&app.settings().texts, identifier.text());
        let Some(country) = limits.countries.iter().filter(|country| number.starts_with(country.as_str())).max_by_key(|country| country.len()) else {
            let title = match limits.countries.join(", ") {
                none if none.is_empty() => "text messages cannot be sent: use an e-mail address".to_owned(),
                some => format!("text messages can only be sent to numbers that begin with {some}: use one of these, or an e-mail address"),
            };
            return Err(Problem::invalid(field, Code::CountryNotServed, title));
        };
        // Most of a number nearly identifies it, so its digest is recorded.
        let ranges = app.vault().ranges(tenant, &number[..number.len().saturating_sub(RANGE_DIGITS)]);
        let ranges = ranges.into_iter().map(|range| (range, limits.daily_per_range));
        let prefixes = [(String::new(), limits.daily), (country.clone(), limits.daily_per_country)].into_iter().chain(ranges).collect();
        Ok(Self { prefixes, is_of_stranger: false })
    }

    /// The same for a stranger's request.
    pub(super) fn of_stranger(self) -> Self {
        Self { is_of_stranger: true, ..self }
    }

    /// The prefixes with the caps that hold; a company may have less of its own than the settings allow.
    fn caps(&self, most: Option<i64>) -> Vec<(String, i64)> {
        let mut caps = self.prefixes.clone();
        if let (Some((_, cap)), Some(most)) = (caps.first_mut(), most) {
            *cap = (*cap).min(most);
        }
        if self.is_of_stranger {
            caps.iter_mut().for_each(|(_, cap)| *cap -= *cap * KEPT_OF_TEN / 10);
        }
        caps
    }

    /// Counts the message; if it is not really sent, only checks whether one could be.
    pub(super) async fn count(&self, tx: &mut Tx, tenant: TenantId, is_sent: bool) -> Result<(), Fault> {
        let now = tx.now();
        if self.prefixes.is_empty() {
            return Ok(());
        }
        let caps = self.caps(store::limits::get(tx, tenant).await?.daily_texts);
        store_hall::text_messages::count(tx, tenant, &caps, is_sent).await.map_err(Fault::if_refused(USED_UP, || used_up(now)))
    }
}

fn used_up(now: Ts) -> Problem {
    let seconds = u32::try_from((DAY - now.0.rem_euclid(DAY)) / SECOND).unwrap_or(u32::MAX);
    let title = "no more text messages can be sent today: use an e-mail address, or come back tomorrow";
    Problem { retry_after: Some(seconds), ..Problem::new(axum::http::StatusCode::TOO_MANY_REQUESTS, USED_UP, title) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_leave_a_part_of_each_cap_to_those_who_have_an_account() {
        let text = |caps: [i64; 3]| Text { prefixes: ["", "+86", "range"].into_iter().map(str::to_owned).zip(caps).collect(), is_of_stranger: false };
        let caps = |text: Text, most| text.caps(most).into_iter().map(|(_, cap)| cap).collect::<Vec<_>>();
        assert_eq!(caps(text([100, 50, 10]).of_stranger(), None), [70, 35, 7]);
        assert_eq!(caps(text([0, 1, 3]).of_stranger(), None), [0, 1, 3]);
        assert_eq!(caps(text([100, 50, 10]).of_stranger(), Some(20)), [14, 35, 7], "also of a company that may send less");
        assert_eq!((caps(text([100, 50, 10]), Some(20)), caps(text([100, 50, 10]), Some(200))), (vec![20, 50, 10], vec![100, 50, 10]));
        assert_eq!(caps(Text::default().of_stranger(), Some(1)), [] as [i64; 0]);
    }
}
