//! The numbers sent to the panel: the indicators over its windows. Their names come from the definitions, here and in the API document.

use std::{borrow::Cow, sync::LazyLock};

use domain::time::Ts;
use serde::{Serialize, Serializer, ser::SerializeMap};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema, schema::SchemaType, schema::Type},
};

use crate::{
    definition::{DEFINITIONS, How, Kind, Measure, Merge, Sample, calibration, coverage, percentile, ratio},
    window::{Day, LAST},
};

/// The value of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Number {
    /// A number of things, or a sum; zero if there is nothing.
    Count(i64),
    /// The smallest or greatest value; `None` if there is none.
    Extreme(Option<i64>),
    /// Computed from others; `None` if that is impossible.
    Derived(Option<f64>),
}

/// The amounts of the cells, in the definitions' order; `None` where nothing is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amounts(Vec<Option<i64>>);

impl Default for Amounts {
    fn default() -> Self {
        Self(vec![None; DEFINITIONS.cells.len()])
    }
}

impl Amounts {
    /// Merges an amount into a cell.
    pub fn put(&mut self, cell: usize, amount: i64) {
        let Some(known) = self.0.get_mut(cell) else { return };
        *known = Some(known.map_or(amount, |known| merge_of(cell).of(known, amount)));
    }
    /// Merges other amounts into these.
    pub fn merge(&mut self, other: &Self) {
        for (cell, amount) in other.0.iter().enumerate() {
            if let Some(amount) = amount {
                self.put(cell, *amount);
            }
        }
    }
    fn number(&self, formula: &Formula) -> Number {
        formula.number(formula.cells.iter().map(|cell| self.0.get(*cell).copied().flatten()))
    }
    /// The value of an indicator; `None` if there is no indicator with this key.
    pub fn get(&self, key: &str) -> Option<Number> {
        Formula::of(key).map(|formula| self.number(&formula))
    }
}

/// How an indicator is computed from cells. It is looked up once, and then used for many amounts.
#[derive(Debug, Clone)]
pub(crate) struct Formula {
    /// The positions of the cells.
    pub(crate) cells: Vec<usize>,
    how: Computed,
}

/// What a number is made of.
#[derive(Debug, Clone, Copy)]
enum Computed {
    /// A cell, zero if nothing is stored.
    Count,
    /// A cell.
    Extreme,
    /// One cell divided by another.
    Ratio,
    /// The value that this part of a distribution with these edges does not exceed.
    Percentile(&'static [i64], f64),
    /// What could be answered at this precision, from three distributions of so many intervals and the whole.
    Coverage(usize, f64),
    /// The distance of confidence from precision, from three distributions with these edges.
    Calibration(&'static [i64]),
}

/// The edges of a distribution.
fn edges_of(key: &str) -> &'static [i64] {
    DEFINITIONS.measure(key).map_or(&[], |measure: &'static Measure| DEFINITIONS.edges_of(measure))
}

impl Formula {
    /// The formula of an indicator; `None` if no indicator with a value has this key.
    pub(crate) fn of(key: &str) -> Option<Self> {
        let how = match DEFINITIONS.derivation(key).map(|derived| &derived.how) {
            Some(How::Ratio { .. }) => Computed::Ratio,
            Some(How::Percentile { of, at }) => Computed::Percentile(edges_of(of), *at),
            Some(How::Coverage { of, at, .. }) => Computed::Coverage(edges_of(of).len() + 1, *at),
            Some(How::Calibration { of, .. }) => Computed::Calibration(edges_of(of)),
            None => match DEFINITIONS.measure(key)?.kind {
                Kind::Count | Kind::Distinct | Kind::Sum => Computed::Count,
                Kind::Min | Kind::Max => Computed::Extreme,
                Kind::Histogram => return None,
            },
        };
        Some(Self { cells: DEFINITIONS.cells_behind(key), how })
    }

    /// The number, from what is stored in each of the cells.
    pub(crate) fn number(&self, mut amounts: impl Iterator<Item = Option<i64>>) -> Number {
        match self.how {
            Computed::Count => Number::Count(amounts.next().flatten().unwrap_or(0)),
            Computed::Extreme => Number::Extreme(amounts.next().flatten()),
            Computed::Ratio => {
                let mut next = || amounts.next().flatten().unwrap_or(0);
                let (part, whole) = (next(), next());
                Number::Derived(ratio(part, whole))
            }
            Computed::Percentile(edges, at) => {
                let counts: Vec<i64> = amounts.map(|count| count.unwrap_or(0)).collect();
                Number::Derived(percentile(&counts, edges, at))
            }
            Computed::Coverage(intervals, at) => {
                let counts: Vec<i64> = amounts.map(|count| count.unwrap_or(0)).collect();
                Number::Derived(sample(&counts, intervals).and_then(|(sample, rest)| coverage(sample, rest.first().copied()?, at)))
            }
            Computed::Calibration(edges) => {
                let counts: Vec<i64> = amounts.map(|count| count.unwrap_or(0)).collect();
                Number::Derived(sample(&counts, edges.len() + 1).and_then(|(sample, _)| calibration(sample, edges)))
            }
        }
    }
}

/// Three distributions of so many intervals each, and what comes after them.
fn sample(counts: &[i64], intervals: usize) -> Option<(Sample<'_>, &[i64])> {
    let (given, rest) = counts.split_at_checked(intervals)?;
    let (judged, rest) = rest.split_at_checked(intervals)?;
    let (right, rest) = rest.split_at_checked(intervals)?;
    Some((Sample { given, judged, right }, rest))
}

/// The indicators of the live panel, whose numbers are computed every second.
static LIVE: LazyLock<Vec<(&'static str, Formula)>> = LazyLock::new(|| DEFINITIONS.live_keys().filter_map(|key| Some((key, Formula::of(key)?))).collect());

/// How two values of a cell become one.
pub fn merge_of(cell: usize) -> Merge {
    DEFINITIONS.cells.get(cell).and_then(|cell| DEFINITIONS.measures.get(cell.measure)).map_or(Merge::Add, |measure| measure.kind.merge())
}

/// Every indicator over one window.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers(Vec<(&'static str, Number)>);

/// The counts by minute.
#[derive(Debug, Clone, PartialEq)]
pub struct Minutes {
    /// The first minute.
    pub from: Ts,
    /// For each count, 60 values, one per minute, oldest first.
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
    /// The indicators of the same day a week ago, up to the same time of day.
    pub last_week: Numbers,
    /// The indicators of the current minute and the 59 before it.
    pub last_60: Numbers,
    /// The counts of the same 60 minutes, by minute.
    pub minutes: Minutes,
}

impl Numbers {
    /// All indicators from the amounts of the cells.
    pub fn all(amounts: &Amounts) -> Self {
        Self(DEFINITIONS.keys().filter_map(|key| Some((key, amounts.get(key)?))).collect())
    }
    /// The indicators of the live panel.
    pub fn live(amounts: &Amounts) -> Self {
        Self(LIVE.iter().map(|(key, formula)| (*key, amounts.number(formula))).collect())
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
        for key in DEFINITIONS.live_keys() {
            let kinds: &[Type] = match DEFINITIONS.measure(key).map(|measure| measure.kind) {
                Some(Kind::Min | Kind::Max) => &[Type::Integer, Type::Null],
                Some(_) => &[Type::Integer],
                None => &[Type::Number, Type::Null],
            };
            let number = match kinds {
                [one] => ObjectBuilder::new().schema_type(one.clone()),
                several => ObjectBuilder::new().schema_type(SchemaType::from_iter(several.iter().cloned())),
            };
            object = object.property(key, number).required(key);
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
        for count in DEFINITIONS.live_counts() {
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
    fn with_nothing_counted_every_count_is_zero_and_everything_else_is_null() {
        let json = serde_json::to_value(Numbers::all(&Amounts::default())).unwrap();
        for key in DEFINITIONS.keys() {
            let adds = DEFINITIONS.measure(key).is_some_and(|measure| measure.kind.merge() == Merge::Add);
            assert!(if adds { json[key] == 0 } else { json[key].is_null() }, "{key}");
        }
        assert_eq!(json.as_object().unwrap().len(), DEFINITIONS.keys().count());
    }

    #[test]
    fn amounts_are_merged_as_their_measure_says() {
        let cell = |key: &str| DEFINITIONS.cells_at(key).next().unwrap();
        let mut one = Amounts::default();
        one.put(cell("reply"), 2);
        one.put(cell("reply_sum"), 900);
        one.put(cell("longest_wait"), 70);
        let mut both = one.clone();
        one.put(cell("longest_wait"), 50);
        both.merge(&one);
        assert_eq!((both.get("reply"), both.get("longest_wait")), (Some(Number::Count(4)), Some(Number::Extreme(Some(70)))));
        assert_eq!((both.get("reply_mean"), both.get("reply_ms"), both.get("nothing")), (Some(Number::Derived(Some(450.0))), None, None));
    }

    #[test]
    fn the_api_document_names_every_indicator_of_the_live_panel() {
        let schemas = serde_json::to_value([Numbers::schema(), Minutes::schema()]).unwrap();
        for key in DEFINITIONS.live_keys() {
            assert!(schemas[0]["properties"][key].is_object(), "{key}");
        }
        assert_eq!(schemas[0]["required"].as_array().unwrap().len(), DEFINITIONS.live_keys().count());
        assert_eq!(schemas[1]["properties"]["dialogue"]["maxItems"], 60);
    }
}
