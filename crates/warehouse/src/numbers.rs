//! The numbers sent to the panel: the indicators over its windows. Their names come from the definitions, here and in the API document.

use std::borrow::Cow;

use domain::time::Ts;
use serde::{Serialize, Serializer, ser::SerializeMap};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema, schema::SchemaType, schema::Type},
};

use crate::{
    definition::{DEFINITIONS, Ratio},
    window::{Day, LAST},
};

/// The value of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Number {
    /// A number of things.
    Count(i64),
    /// A part of a whole, 0 to 1; `None` if the whole is zero.
    Ratio(Option<f64>),
}

/// Every indicator over one window.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers(Vec<(&'static str, Number)>);

/// The counts by minute.
#[derive(Debug, Clone, PartialEq)]
pub struct Minutes {
    /// The first minute.
    pub from: Ts,
    /// For each indicator, 60 values, one per minute, oldest first.
    pub series: Vec<(&'static str, Vec<i64>)>,
}

/// The numbers of the panel at one point in time.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PanelNumbers {
    /// The time up to which everything is counted.
    pub as_of: Ts,
    /// The current day.
    pub window: Day,
    /// The time zone of the company, an IANA name.
    pub time_zone: String,
    /// The indicators since midnight.
    pub today: Numbers,
    /// The indicators of yesterday, up to the same time of day.
    pub yesterday: Numbers,
    /// The indicators of the current minute and the 59 before it.
    pub last_60: Numbers,
    /// The counts of the same 60 minutes, by minute.
    pub minutes: Minutes,
}

impl Numbers {
    /// All indicators from the counts, given in the definitions' order; missing counts are zero.
    pub fn derive(counts: &[i64]) -> Self {
        let count = |key: &str| DEFINITIONS.counts.iter().position(|c| c.key == key).and_then(|place| counts.get(place)).copied().unwrap_or(0);
        let counted = DEFINITIONS.counts.iter().map(|c| (c.key.as_str(), Number::Count(count(&c.key))));
        let derived = DEFINITIONS.ratios.iter().map(|r| (r.key.as_str(), Number::Ratio(Ratio::of(count(&r.part), count(&r.whole)))));
        Self(counted.chain(derived).collect())
    }
    /// The value of an indicator; `None` if there is no indicator with this key.
    pub fn get(&self, key: &str) -> Option<Number> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, number)| *number)
    }
    /// The value of a count; zero if there is no count with this key.
    pub fn count(&self, key: &str) -> i64 {
        match self.get(key) {
            Some(Number::Count(value)) => value,
            _ => 0,
        }
    }
}

impl Serialize for Numbers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, number)| (key, number)))
    }
}
impl PartialSchema for Numbers {
    fn schema() -> RefOr<Schema> {
        let mut object = ObjectBuilder::new();
        for count in &DEFINITIONS.counts {
            object = object.property(&count.key, ObjectBuilder::new().schema_type(Type::Integer)).required(&count.key);
        }
        for ratio in &DEFINITIONS.ratios {
            let number = ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::Number, Type::Null]));
            object = object.property(&ratio.key, number).required(&ratio.key);
        }
        object.into()
    }
}
impl ToSchema for Numbers {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Numbers")
    }
}

impl Serialize for Minutes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.series.len() + 1))?;
        map.serialize_entry("from", &self.from)?;
        for (key, values) in &self.series {
            map.serialize_entry(key, values)?;
        }
        map.end()
    }
}
impl PartialSchema for Minutes {
    fn schema() -> RefOr<Schema> {
        let mut object = ObjectBuilder::new().property("from", Ts::schema()).required("from");
        for count in &DEFINITIONS.counts {
            let sixty = usize::try_from(LAST).ok();
            let values = ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::Integer)).min_items(sixty).max_items(sixty);
            object = object.property(&count.key, values).required(&count.key);
        }
        object.into()
    }
}
impl ToSchema for Minutes {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Minutes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_nothing_counted_every_count_is_zero_and_every_ratio_is_null() {
        let json = serde_json::to_value(Numbers::derive(&[])).unwrap();
        for count in &DEFINITIONS.counts {
            assert_eq!(json[&count.key], 0);
        }
        for ratio in &DEFINITIONS.ratios {
            assert!(json[&ratio.key].is_null());
        }
        assert_eq!(json.as_object().unwrap().len(), DEFINITIONS.keys().count());
    }

    #[test]
    fn the_api_document_names_every_indicator() {
        let schemas = serde_json::to_value([Numbers::schema(), Minutes::schema()]).unwrap();
        for key in DEFINITIONS.keys() {
            assert!(schemas[0]["properties"][key].is_object(), "{key}");
        }
        assert_eq!(schemas[0]["required"].as_array().unwrap().len(), DEFINITIONS.keys().count());
        assert_eq!(schemas[1]["properties"]["dialogue"]["maxItems"], 60);
    }
}
