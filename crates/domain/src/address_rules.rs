//! Rules by address: from where members of the staff may sign in and use the console, and from where visitors are refused.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api_token::Range;

/// The most ranges of a list.
pub const MAX_RANGES: usize = 100;

/// From where a company is used. What is denied is denied even if it is allowed as well.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressRules {
    /// Only from these ranges do members of the staff sign in and use the console; empty: from everywhere. Each is written as `203.0.113.0/24`,
    /// `2001:db8::/32`, or as a single address.
    #[schema(value_type = Vec<String>, max_items = 100)]
    pub staff_allowed: Vec<Range>,
    /// From these ranges they do not.
    #[schema(value_type = Vec<String>, max_items = 100)]
    pub staff_denied: Vec<Range>,
    /// Visitors and customers from these ranges are refused.
    #[schema(value_type = Vec<String>, max_items = 100)]
    pub visitors_denied: Vec<Range>,
}

impl AddressRules {
    /// Whether members of the staff may use the console from an address.
    pub fn let_staff_in(&self, from: IpAddr) -> bool {
        let is_in = |ranges: &[Range]| ranges.iter().any(|range| range.contains(from));
        (self.staff_allowed.is_empty() || is_in(&self.staff_allowed)) && !is_in(&self.staff_denied)
    }

    /// Whether visitors are served at an address.
    pub fn let_visitors_in(&self, from: IpAddr) -> bool {
        !self.visitors_denied.iter().any(|range| range.contains(from))
    }

    /// The list that is too long, if one is.
    pub fn too_long(&self) -> Option<&'static str> {
        let lists = [("staff_allowed", &self.staff_allowed), ("staff_denied", &self.staff_denied), ("visitors_denied", &self.visitors_denied)];
        lists.into_iter().find(|(_, ranges)| ranges.len() > MAX_RANGES).map(|(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_denied_is_denied_even_if_it_is_allowed() {
        let rules: AddressRules =
            serde_json::from_str(r#"{"staff_allowed":["10.0.0.0/8"],"staff_denied":["10.6.0.0/16"],"visitors_denied":["2001:db8::/32"]}"#).unwrap();
        let staff = |address: &str| rules.let_staff_in(address.parse().unwrap());
        assert!(staff("10.1.2.3") && staff("::ffff:10.1.2.3") && !staff("10.6.2.3") && !staff("11.1.2.3") && !staff("2001:db8::1"));
        assert!(rules.let_visitors_in("10.6.2.3".parse().unwrap()) && !rules.let_visitors_in("2001:db8:1::1".parse().unwrap()));
        assert!(AddressRules::default().let_staff_in("203.0.113.7".parse().unwrap()));
    }

    #[test]
    fn a_list_that_is_too_long_is_named() {
        let ranges = |many| vec![Range::parse("10.0.0.1").unwrap(); many];
        let rules = |many| AddressRules { staff_denied: ranges(many), ..AddressRules::default() };
        assert_eq!((rules(MAX_RANGES).too_long(), rules(MAX_RANGES + 1).too_long()), (None, Some("staff_denied")));
    }
}
