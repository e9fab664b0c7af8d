//! The definition of each indicator as data, and the few ways in which definitions are evaluated here.

mod formulas;

use std::sync::LazyLock;

use domain::{dimension::Dimension, rating, text::Bilingual};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::rows::{Cell, Source};

pub use formulas::{Sample, calibration, coverage, percentile, ratio};

/// The content of the file.
const TEXT: &str = include_str!("../indicators.json");

/// The indicators of this release. A test checks that the file can be parsed; if it could not be, there would be no indicators and [`crate::Panel::open`] would
/// fail.
pub static DEFINITIONS: LazyLock<Definitions> = LazyLock::new(|| Definitions::parse(TEXT).unwrap_or_default());

/// All indicators.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definitions {
    /// The version of the definitions that is shown to people; raised whenever one changes.
    pub version: u32,
    /// The upper edges of the intervals of every distribution, ascending; a last interval holds what is above them.
    pub edges: Vec<i64>,
    /// The indicators that are computed from rows and stored.
    pub measures: Vec<Measure>,
    /// The indicators that are derived from measures.
    pub derived: Vec<Derived>,
    /// The indicators that are derived from the current state; their `part` and `whole` are fields of the panel's `now`. They are not stored.
    pub present: Vec<Derived>,
    /// What is stored: one or more cells for each measure.
    #[serde(skip)]
    pub cells: Vec<CellDefinition>,
    /// The position of the first cell of each measure.
    #[serde(skip)]
    first_cells: Vec<usize>,
    #[serde(skip)]
    fingerprint: String,
}

/// An additive indicator: what the matching rows of one table amount to, by the minute of one of their timestamps.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// The key in the API.
    pub key: String,
    /// The name for people.
    pub name: Bilingual,
    /// The meaning, in one sentence.
    pub rule: Bilingual,
    /// The part of the company that answers for the number: `bot`, `service`.
    pub owner: String,
    /// The unit of the values.
    pub unit: String,
    /// What is done with the rows.
    pub kind: Kind,
    /// The table whose rows are looked at.
    pub source: Source,
    /// The column with the time at which a row counts; a row without it does not count.
    pub stamp: String,
    /// The column that is added up, compared or distributed; a count has none.
    #[serde(default)]
    pub value: Option<String>,
    /// The upper edges of the intervals of a distribution that has its own.
    #[serde(default)]
    pub edges: Option<Vec<i64>>,
    /// Whether the live panel shows it, too.
    #[serde(default = "is_live_by_default")]
    pub live: bool,
    /// The other conditions that a row must meet.
    #[serde(rename = "where")]
    pub filters: Vec<Filter>,
}

const fn is_live_by_default() -> bool {
    true
}

/// What is done with the matching rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// They are counted.
    Count,
    /// The sessions are counted, each once, in the minute of the first occurrence: the table has one row per session, and the column the first timestamp.
    Distinct,
    /// The values are added up.
    Sum,
    /// The smallest value.
    Min,
    /// The greatest value.
    Max,
    /// The rows are counted by the interval that contains the value: a distribution.
    Histogram,
}

/// A number that is stored: a measure, or one interval of a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellDefinition {
    /// The name in the store: the key of the measure, followed by `#` and the number of the interval if it is a distribution.
    pub name: String,
    /// The position of the measure.
    pub measure: usize,
    /// The interval: above the first, up to and including the second.
    pub interval: Option<(i64, i64)>,
}

/// How two values of a cell become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    /// They are added.
    Add,
    /// The smaller one stays.
    Least,
    /// The greater one stays.
    Greatest,
}

/// An indicator that is computed from others whenever it is read.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Derived {
    /// The key in the API.
    pub key: String,
    /// How it is computed.
    #[serde(flatten)]
    pub how: How,
    /// The name for people.
    pub name: Bilingual,
    /// The meaning, in one sentence.
    pub rule: Bilingual,
    /// The part of the company that answers for the number.
    pub owner: String,
    /// The unit of the values; a `ratio` is a value from 0 to 1.
    pub unit: String,
    /// The target value, if one has been set.
    #[serde(default)]
    pub target: Option<Target>,
}

/// How an indicator is computed from others.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum How {
    /// One divided by the other; no value if the whole is zero.
    Ratio {
        /// The key of the numerator.
        part: String,
        /// The key of the denominator.
        whole: String,
    },
    /// The value that this part of a distribution does not exceed; no value if nothing is distributed.
    Percentile {
        /// The key of the distribution.
        of: String,
        /// The part, from 0 to 1.
        at: f64,
    },
    /// The share of all turns that could be answered if only answers above some confidence were given, at this precision; no value as long as nothing was judged.
    Coverage {
        /// The key of the distribution of the confidence of answers.
        of: String,
        /// The same of answers that were judged.
        judged: String,
        /// The same of answers that were judged to be right.
        right: String,
        /// The key of the denominator.
        whole: String,
        /// The precision, from 0 to 1.
        at: f64,
    },
    /// How far confidence and the share of right answers are apart on average; no value as long as nothing was judged.
    Calibration {
        /// The key of the distribution of the confidence of answers.
        of: String,
        /// The same of answers that were judged.
        judged: String,
        /// The same of answers that were judged to be right.
        right: String,
    },
}

/// The target value of a ratio.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The side of the value on which the ratio is good.
    pub direction: Direction,
    /// The target value, from 0 to 1; a ratio equal to it is good, too.
    pub value: f64,
}

/// The side of its target on which a ratio is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The ratio is good at the target or above.
    AtLeast,
    /// The ratio is good at the target or below.
    AtMost,
}

/// A condition that compares a column with a constant.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Filter(
    /// The column.
    pub String,
    /// The comparison.
    pub Op,
    /// The constant.
    pub Constant,
);

/// A comparison. A column without a value never matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Op {
    /// Equal to.
    #[serde(rename = "=")]
    Equal,
    /// Not equal to.
    #[serde(rename = "<>")]
    Other,
    /// Greater than.
    #[serde(rename = ">")]
    Above,
    /// Greater than or equal to.
    #[serde(rename = ">=")]
    AtLeast,
    /// Less than.
    #[serde(rename = "<")]
    Below,
}

/// A constant of a definition.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Written")]
pub enum Constant {
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
}

/// A constant as the file has it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Int(i64),
    Text(String),
    Named { constant: Named },
}

/// A constant that is set elsewhere.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Named {
    /// The middle of the scale of ratings.
    MiddleRating,
}

impl From<Written> for Constant {
    fn from(written: Written) -> Self {
        match written {
            Written::Int(number) => Self::Int(number),
            Written::Text(text) => Self::Text(text),
            Written::Named { constant: Named::MiddleRating } => Self::Int(rating::MIDDLE),
        }
    }
}

/// The column of the detail tables, which is also the name of the dimension in the store.
pub const fn column(by: Dimension) -> &'static str {
    match by {
        Dimension::Channel => "channel",
        Dimension::Queue => "queue",
        Dimension::Agent => "agent",
        Dimension::Group => "group_id",
        Dimension::Department => "department",
        Dimension::Site => "site",
        Dimension::Lang => "lang",
        Dimension::Product => "goods",
        Dimension::Category => "category",
        Dimension::Topic => "topic",
        Dimension::Entry => "entry",
        Dimension::Band => "band",
    }
}

/// An indicator with its explanation.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Reference {
    /// The key in the API.
    pub key: String,
    /// The name for people.
    pub name: Bilingual,
    /// The meaning, in one sentence.
    pub rule: Bilingual,
    /// The part of the company that answers for the number.
    #[schema(value_type = Owner)]
    pub owner: String,
    /// The unit of the values.
    #[schema(value_type = Unit)]
    pub unit: String,
    /// The target value, if one has been set.
    #[schema(required)]
    pub target: Option<Target>,
}

/// The unit of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Unit {
    /// Conversations.
    Session,
    /// Turns of the bot.
    Turn,
    /// Requests for a person.
    Request,
    /// Replies of agents.
    Reply,
    /// Times that an agent had a conversation.
    Service,
    /// Stretches at work, each within a quarter of an hour.
    Work,
    /// Milliseconds.
    Ms,
    /// An average number.
    Mean,
    /// A part of a whole, from 0 to 1.
    Ratio,
}

/// The part of a company that answers for a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Owner {
    /// Those who teach the bot.
    Bot,
    /// Those who lead the agents.
    Service,
}

impl Definitions {
    /// Parses definitions in the form of `indicators.json`; fails if the form is another one.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        let (good, poor) = (rating::MIDDLE + 1, rating::MIDDLE - 1);
        let ranges =
            [("{good}", format!("{good}–{}", rating::BEST)), ("{middle}", rating::MIDDLE.to_string()), ("{poor}", format!("{}–{poor}", rating::WORST))];
        let text = ranges.iter().fold(text.to_owned(), |text, (name, range)| text.replace(name, range));
        let mut this: Self = serde_json::from_str(&text)?;
        // FNV-1a: only distinguishes one set of rules from another. Names and explanations are no rules, and nothing derived is stored.
        let rule = |measure: &Measure| {
            let Measure { key, kind, source, stamp, value, filters, edges, .. } = measure;
            format!("{key}{kind:?}{source:?}{stamp}{value:?}{filters:?}{edges:?}")
        };
        let rules = format!("{:?}{}", this.edges, this.measures.iter().map(rule).collect::<String>());
        let form = crate::schema::EDITION.sqlite.iter().map(|(_, sql)| *sql).collect::<String>();
        let hash = rules.bytes().chain(form.bytes()).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        this.fingerprint = format!("{}-{hash:016x}", crate::rows::VERSION);
        for place in 0..this.measures.len() {
            this.first_cells.push(this.cells.len());
            let cells = this.cells_of(place);
            this.cells.extend(cells);
        }
        Ok(this)
    }

    fn cells_of(&self, place: usize) -> Vec<CellDefinition> {
        let Some(measure) = self.measures.get(place) else { return Vec::new() };
        if measure.kind != Kind::Histogram {
            return vec![CellDefinition { name: measure.key.clone(), measure: place, interval: None }];
        }
        let edges = self.edges_of(measure);
        let (above, up_to) = ([i64::MIN].into_iter().chain(edges.iter().copied()), edges.iter().copied().chain([i64::MAX]));
        let cell = |(n, interval)| CellDefinition { name: format!("{}#{n:02}", measure.key), measure: place, interval: Some(interval) };
        above.zip(up_to).enumerate().map(cell).collect()
    }

    /// The upper edges of the intervals of a distribution.
    pub fn edges_of<'d>(&'d self, measure: &'d Measure) -> &'d [i64] {
        measure.edges.as_deref().unwrap_or(&self.edges)
    }

    /// Changes whenever the rule of a measure, the form of the tables or the reducer changes; an edition is used only under the fingerprint it was filled under.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The measure with this key.
    pub fn measure(&self, key: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.key == key)
    }

    /// The measure with this key, if its rows can be listed one by one and are as many as its value: a count.
    pub fn count(&self, key: &str) -> Option<&Measure> {
        self.measure(key).filter(|measure| matches!(measure.kind, Kind::Count | Kind::Distinct))
    }

    /// The indicator with this key that is computed from others.
    pub fn derivation(&self, key: &str) -> Option<&Derived> {
        self.derived.iter().find(|derived| derived.key == key)
    }

    /// The cell that a value of the measure at this position goes to, and what it amounts to there.
    pub fn cell_of(&self, measure: usize, value: i64) -> (usize, i64) {
        let first = self.first_cells.get(measure).copied().unwrap_or_default();
        match self.measures.get(measure) {
            Some(measure) if measure.kind == Kind::Histogram => (first + self.edges_of(measure).partition_point(|edge| *edge < value), 1),
            _ => (first, value),
        }
    }

    /// The keys of the indicators that have a value, measures first; a distribution has none of its own.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let measures = self.measures.iter().filter(|measure| measure.kind != Kind::Histogram).map(|measure| measure.key.as_str());
        measures.chain(self.derived.iter().map(|derived| derived.key.as_str()))
    }

    /// The keys of the indicators that the live panel shows: none that need distributions, which would have to be read every second.
    pub fn live_keys(&self) -> impl Iterator<Item = &str> {
        self.keys().filter(|key| match self.derivation(key).map(|derived| &derived.how) {
            Some(How::Ratio { part, whole }) => [part, whole].iter().all(|key| self.measure(key).is_some_and(|measure| measure.live)),
            Some(How::Percentile { .. } | How::Coverage { .. } | How::Calibration { .. }) => false,
            None => self.measure(key).is_some_and(|measure| measure.live),
        })
    }

    /// The counts whose minutes the live panel shows.
    pub fn live_counts(&self) -> impl Iterator<Item = &Measure> {
        self.counts().filter(|measure| measure.live)
    }

    /// The counts, which have lists.
    pub fn counts(&self) -> impl Iterator<Item = &Measure> {
        self.measures.iter().filter(|measure| matches!(measure.kind, Kind::Count | Kind::Distinct))
    }

    /// The key of the count whose list is behind a measure: the measure itself, or the count of what a sum adds up.
    pub fn count_behind(&self, key: &str) -> Option<&str> {
        let of = self.measure(key)?;
        let is_same = |count: &&Measure| count.source == of.source && count.stamp == of.stamp && count.filters == of.filters;
        self.count(key).or_else(|| self.counts().find(is_same)).map(|count| count.key.as_str())
    }

    /// The positions of the cells of a measure.
    pub fn cells_at(&self, measure: &str) -> impl Iterator<Item = usize> {
        self.cells.iter().enumerate().filter(move |(_, cell)| self.measures.get(cell.measure).is_some_and(|of| of.key == measure)).map(|(place, _)| place)
    }

    /// The positions of the cells from which an indicator is computed.
    pub fn cells_behind(&self, key: &str) -> Vec<usize> {
        let of: Vec<&str> = match self.derivation(key).map(|derived| &derived.how) {
            Some(How::Ratio { part, whole }) => vec![part, whole],
            Some(How::Percentile { of, .. }) => vec![of],
            Some(How::Coverage { of, judged, right, whole, .. }) => vec![of, judged, right, whole],
            Some(How::Calibration { of, judged, right }) => vec![of, judged, right],
            None => vec![key],
        };
        of.into_iter().flat_map(|key| self.cells_at(key)).collect()
    }

    /// The unit of an indicator; `None` if no indicator with a value has this key.
    pub fn unit(&self, key: &str) -> Option<&str> {
        let measures = self.measures.iter().filter(|measure| measure.kind != Kind::Histogram).map(|measure| (&measure.key, &measure.unit));
        measures.chain(self.derived.iter().map(|derived| (&derived.key, &derived.unit))).find(|(name, _)| *name == key).map(|(_, unit)| unit.as_str())
    }

    /// The content of the panel's tooltips and of the API's reference.
    pub fn reference(&self) -> Vec<Reference> {
        let measures = self.measures.iter().filter(|m| m.kind != Kind::Histogram).map(|m| (&m.key, &m.name, &m.rule, &m.owner, &m.unit, None));
        let derived = self.derived.iter().chain(&self.present).map(|d| (&d.key, &d.name, &d.rule, &d.owner, &d.unit, d.target));
        let told = |(key, name, rule, owner, unit, target): (&String, &Bilingual, &Bilingual, &String, &String, _)| Reference {
            key: key.clone(),
            name: name.clone(),
            rule: rule.clone(),
            owner: owner.clone(),
            unit: unit.clone(),
            target,
        };
        measures.chain(derived).map(told).collect()
    }
}

impl Kind {
    /// How two values of a cell become one.
    pub const fn merge(self) -> Merge {
        match self {
            Self::Count | Self::Distinct | Self::Sum | Self::Histogram => Merge::Add,
            Self::Min => Merge::Least,
            Self::Max => Merge::Greatest,
        }
    }
}

impl Merge {
    /// The function in SQL.
    pub const fn sql(self) -> &'static str {
        match self {
            Self::Add => "SUM",
            Self::Least => "MIN",
            Self::Greatest => "MAX",
        }
    }
    /// Two values become one.
    pub fn of(self, one: i64, other: i64) -> i64 {
        match self {
            Self::Add => one.saturating_add(other),
            Self::Least => one.min(other),
            Self::Greatest => one.max(other),
        }
    }
}

impl Op {
    /// Whether a column's value compares with a constant in this way; a column without a value never does.
    pub(crate) fn holds(self, value: Cell<'_>, constant: &Constant) -> bool {
        match (value, constant) {
            (Cell::Int(value), Constant::Int(constant)) => self.compare(&value, constant),
            (Cell::Text(value), Constant::Text(constant)) => self.compare(value, constant.as_str()),
            _ => false,
        }
    }
    fn compare<T: PartialOrd + ?Sized>(self, value: &T, constant: &T) -> bool {
        match self {
            Self::Equal => value == constant,
            Self::Other => value != constant,
            Self::Above => value > constant,
            Self::AtLeast => value >= constant,
            Self::Below => value < constant,
        }
    }
    /// The operator in SQL.
    pub const fn sql(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Other => "<>",
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, fs, path::Path};

    use super::*;
    use crate::rows::{DialogueRow, ReplyRow, ServiceRow, SessionRow, WorkRow};

    fn columns(source: Source) -> &'static [&'static str] {
        match source {
            Source::DwdSession => SessionRow::COLUMNS,
            Source::DwdDialogue => DialogueRow::COLUMNS,
            Source::DwdReply => ReplyRow::COLUMNS,
            Source::DwdService => ServiceRow::COLUMNS,
            Source::DwdWork => WorkRow::COLUMNS,
        }
    }

    #[test]
    fn the_founding_indicators_are_defined() {
        let definitions = Definitions::parse(TEXT).unwrap();
        let keys: Vec<_> = definitions.keys().collect();
        let founding = "session_created session_used session_rated session_transferred dialogue no_answer transfer_request rating_good rating_mid rating_poor";
        assert!(keys.starts_with(&founding.split_whitespace().collect::<Vec<_>>()), "{keys:?}");
        for ratio in ["good_ratio", "mid_ratio", "poor_ratio"] {
            assert!(keys.contains(&ratio), "{ratio}");
        }
        let all = definitions.measures.iter().map(|measure| measure.key.as_str()).chain(definitions.derived.iter().map(|derived| derived.key.as_str()));
        assert_eq!(all.clone().collect::<HashSet<_>>().len(), all.count());
        assert_eq!(*DEFINITIONS, definitions);
    }

    /// `rules.txt` records what each indicator counted under which version, as it is written: a constant by its name. New ones are added; a changed one raises the
    /// version.
    #[test]
    fn a_definition_that_changes_has_another_version() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules.txt");
        let written: serde_json::Value = serde_json::from_str(TEXT).unwrap();
        let measures = written["measures"].as_array().unwrap().iter().map(|measure| {
            let [key, kind, source, stamp] = ["key", "kind", "source", "stamp"].map(|name| measure[name].as_str().unwrap());
            let value = measure["value"].as_str().map_or_else(String::new, |value| format!(" of {value}"));
            let edges = measure.get("edges").map_or_else(String::new, |edges| format!(" by {edges}"));
            format!("{key}: {kind}{value}{edges} in {source} by {stamp} {}", measure["where"])
        });
        let derived = DEFINITIONS.derived.iter().map(|derived| match &derived.how {
            How::Ratio { part, whole } => format!("{}: {part} / {whole}", derived.key),
            How::Percentile { of, at } => format!("{}: {of} at {at}", derived.key),
            How::Coverage { of, judged, right, whole, at } => format!("{}: {of}, {judged}, {right} / {whole} at {at}", derived.key),
            How::Calibration { of, judged, right } => format!("{}: {of}, {judged}, {right}", derived.key),
        });
        let first = [format!("version {}", DEFINITIONS.version), format!("edges {}", written["edges"])];
        let rules: Vec<String> = first.into_iter().chain(measures).chain(derived).collect();
        let before = fs::read_to_string(&path).unwrap_or_default();
        if before.lines().eq(rules.iter()) {
            return;
        }
        let (version, rules_before) = before.split_once('\n').unwrap_or_default();
        let changed: Vec<&str> = rules_before.lines().filter(|rule| !rules.iter().any(|now| now == rule)).collect();
        assert!(changed.is_empty() || version != rules[0], "raise `version` in indicators.json, because these rules changed: {changed:#?}");
        fs::write(&path, rules.join("\n") + "\n").unwrap();
        panic!("rules.txt was written again: check what changed, and repeat the test");
    }

    #[test]
    fn every_definition_names_columns_that_exist_and_is_told_in_both_languages() {
        for measure in &DEFINITIONS.measures {
            let columns = columns(measure.source);
            for column in measure.filters.iter().map(|f| &f.0).chain([&measure.stamp]).chain(&measure.value) {
                assert!(columns.contains(&column.as_str()), "{} names {column}", measure.key);
            }
            assert_eq!(measure.value.is_none(), matches!(measure.kind, Kind::Count | Kind::Distinct), "{}: only a count has no value", measure.key);
            assert!(measure.kind != Kind::Distinct || measure.source == Source::DwdSession, "{}: only sessions have a row each", measure.key);
            for Filter(column, _, constant) in &measure.filters {
                let plain = |text: &String| text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
                assert!(!matches!(constant, Constant::Text(text) if !plain(text)), "{} compares {column} with something that is no plain word", measure.key);
            }
        }
        for reference in DEFINITIONS.reference() {
            for words in [&reference.name, &reference.rule] {
                assert!(![&words.zh, &words.en].iter().any(|text| text.contains('{')), "a placeholder that is not known: {words:?}");
                assert!(!words.zh.is_empty() && !words.en.is_empty(), "{}", reference.key);
            }
        }
    }

    #[test]
    fn every_table_has_a_column_for_each_dimension() {
        for source in [Source::DwdSession, Source::DwdDialogue, Source::DwdReply, Source::DwdService, Source::DwdWork] {
            for split in Dimension::EACH {
                assert!(columns(source).contains(&column(split)), "{source:?} has no {}", column(split));
            }
        }
    }

    #[test]
    fn what_is_derived_is_derived_from_measures_and_has_no_value_without_them() {
        for derived in &DEFINITIONS.derived {
            assert!(!DEFINITIONS.cells_behind(&derived.key).is_empty(), "{}", derived.key);
            match &derived.how {
                How::Ratio { part, whole } => assert!([part, whole].iter().all(|key| DEFINITIONS.measure(key).is_some()), "{}", derived.key),
                How::Percentile { of, at } => {
                    assert!(DEFINITIONS.measure(of).is_some_and(|of| of.kind == Kind::Histogram) && (0.0..1.0).contains(at), "{}", derived.key);
                }
                How::Coverage { of, judged, right, .. } | How::Calibration { of, judged, right } => {
                    let edges =
                        [of, judged, right].map(|key| DEFINITIONS.measure(key).filter(|of| of.kind == Kind::Histogram).map(|of| DEFINITIONS.edges_of(of)));
                    assert!(edges[0].is_some() && edges.iter().all(|one| *one == edges[0]), "{}: three distributions of the same intervals", derived.key);
                }
            }
        }
        assert_eq!((ratio(0, 0), ratio(1, 4), ratio(0, 3)), (None, Some(0.25), Some(0.0)));
    }

    #[test]
    fn coverage_goes_down_as_far_as_the_sample_allows() {
        let sample = |judged, right| Sample { given: &[50, 30, 20], judged, right };
        assert_eq!(coverage(sample(&[0, 0, 0], &[0, 0, 0]), 200, 0.9), None, "nothing was judged");
        assert_eq!(coverage(sample(&[5, 5, 5], &[5, 5, 5]), 200, 0.9), Some(0.5), "all of it is right");
        // 20 with 1.0 and 30 with 0.9 are .94 right; with 50 of 0.4 more, .67.
        assert_eq!(coverage(sample(&[10, 10, 10], &[4, 9, 10]), 200, 0.9), Some(0.25));
        assert_eq!(coverage(sample(&[10, 10, 10], &[4, 9, 10]), 200, 0.95), Some(0.1));
        assert_eq!(coverage(sample(&[10, 0, 10], &[10, 0, 10]), 200, 0.9), Some(0.1), "nothing is known of what is between");
        assert_eq!(coverage(sample(&[10, 10, 10], &[9, 9, 1]), 200, 0.9), Some(0.0));
        // A worse interval above does not hide a better whole.
        assert_eq!(coverage(sample(&[10, 10, 10], &[10, 10, 8]), 200, 0.9), Some(0.5));
    }

    #[test]
    fn calibration_is_the_distance_of_confidence_from_precision() {
        let edges = [500, 900];
        let sample = |judged, right| Sample { given: &[10, 30, 60], judged, right };
        assert_eq!(calibration(sample(&[0, 0, 0], &[0, 0, 0]), &edges), None);
        let apart = calibration(sample(&[0, 10, 20], &[0, 7, 19]), &edges).unwrap();
        assert!(apart.abs() < 1e-9, "0.7 and 0.95 are the middles: {apart}");
        let apart = calibration(sample(&[0, 10, 20], &[0, 4, 19]), &edges).unwrap();
        assert!((apart - 0.1).abs() < 1e-9, "a third of the answers is 0.3 off: {apart}");
    }

    #[test]
    fn a_percentile_lies_within_the_interval_that_holds_it() {
        let edges = [10, 20, 40];
        assert_eq!(percentile(&[0, 0, 0, 0], &edges, 0.5), None);
        assert_eq!(percentile(&[4, 0, 0, 0], &edges, 0.5), Some(5.0));
        assert_eq!(percentile(&[1, 2, 1, 0], &edges, 0.5), Some(15.0));
        assert_eq!(percentile(&[1, 0, 3, 0], &edges, 1.0), Some(40.0));
        assert_eq!(percentile(&[0, 0, 0, 2], &edges, 0.9), Some(40.0), "nothing is known above the last edge");
    }

    #[test]
    fn every_value_of_a_distribution_is_in_exactly_one_interval() {
        let cells: Vec<_> = DEFINITIONS.cells_at("reply_ms").map(|place| &DEFINITIONS.cells[place]).collect();
        assert_eq!(cells.len(), DEFINITIONS.edges.len() + 1);
        assert!(DEFINITIONS.edges.is_sorted_by(|one, next| one < next));
        let place = DEFINITIONS.measures.iter().position(|measure| measure.key == "reply_ms").unwrap();
        for value in [-1, 0, 1, 500, 501, 86_400_000, 86_400_001, i64::MAX] {
            let (cell, amount) = DEFINITIONS.cell_of(place, value);
            let (above, up_to) = DEFINITIONS.cells[cell].interval.unwrap();
            assert!(above < value && value <= up_to && amount == 1, "{value}");
        }
        assert_eq!((cells[0].name.as_str(), cells[24].name.as_str()), ("reply_ms#00", "reply_ms#24"));
    }

    #[test]
    fn six_ratios_have_a_target_and_the_page_that_explains_them_says_it() {
        let page = include_str!("../../../docs/METRICS.md");
        let references = DEFINITIONS.reference();
        let told: Vec<_> = references.iter().filter_map(|one| Some((one.key.as_str(), one.target?))).collect();
        assert_eq!(told.len(), 6);
        for Reference { key, name, target, .. } in &references {
            let row = page.lines().find(|line| line.starts_with(&format!("| `{key}` |"))).unwrap_or_else(|| panic!("docs/METRICS.md has no row for {key}"));
            assert!(row.contains(&name.zh) && row.contains(&name.en), "{row}");
            let sign = |direction| if direction == Direction::AtLeast { '≥' } else { '≤' };
            let target = target.map_or_else(String::new, |Target { direction, value }| format!("{} {}%", sign(direction), (value * 100.0).round()));
            assert!(target.is_empty() != row.contains(['≥', '≤']) && row.contains(&target), "{row} should say {target}");
        }
        assert!(told.iter().all(|(_, target)| (0.0..=1.0).contains(&target.value)));
    }
}
