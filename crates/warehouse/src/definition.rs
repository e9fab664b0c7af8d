//! The definition of each indicator as data, and the few ways in which definitions are evaluated here.

use std::sync::LazyLock;

use domain::{rating, text::Bilingual, time::Ts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::rows::{Cell, Row, Source};

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
    /// The indicators that are counted.
    pub counts: Vec<Count>,
    /// The indicators that are derived from counts.
    pub ratios: Vec<Ratio>,
    /// The indicators that are derived from the current state; their `part` and `whole` are fields of the panel's `now`. They are not stored.
    pub present: Vec<Ratio>,
    #[serde(skip)]
    fingerprint: String,
}

/// An additive indicator: it counts the matching rows of one table, by the minute of one of their timestamps.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// The key in the API and in the store.
    pub key: String,
    /// The name for people.
    pub name: Bilingual,
    /// The meaning, in one sentence.
    pub rule: Bilingual,
    /// The unit that is counted: `session`, `turn`, `request`.
    pub unit: String,
    /// The table whose rows are counted.
    pub source: Source,
    /// The column with the time at which a row counts; a row without it does not count.
    pub stamp: String,
    /// The other conditions that a row must meet.
    #[serde(rename = "where")]
    pub filters: Vec<Filter>,
}

/// A part of a whole; has no value if the whole is zero.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// The key in the API.
    pub key: String,
    /// The name for people.
    pub name: Bilingual,
    /// The meaning, in one sentence.
    pub rule: Bilingual,
    /// `ratio`: a value from 0 to 1.
    pub unit: String,
    /// The key of the numerator.
    pub part: String,
    /// The key of the denominator.
    pub whole: String,
    /// The target value, if one has been set.
    #[serde(default)]
    pub target: Option<Target>,
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

/// The dimension by which a number is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// The channel of the episode.
    Channel,
    /// The first queue in which the episode waited.
    Queue,
    /// The site of the episode.
    Site,
    /// The customer's language in the episode.
    Lang,
}

impl Split {
    /// The corresponding column of `dwd_session`.
    pub(crate) const fn column(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Queue => "queue",
            Self::Site => "site",
            Self::Lang => "lang",
        }
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
    /// The unit that is counted.
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
    /// A part of a whole, from 0 to 1.
    Ratio,
}

impl Definitions {
    fn parse(text: &str) -> serde_json::Result<Self> {
        let (good, poor) = (rating::MIDDLE + 1, rating::MIDDLE - 1);
        let ranges =
            [("{good}", format!("{good}–{}", rating::BEST)), ("{middle}", rating::MIDDLE.to_string()), ("{poor}", format!("{}–{poor}", rating::WORST))];
        let text = ranges.iter().fold(text.to_owned(), |text, (name, range)| text.replace(name, range));
        // FNV-1a: only distinguishes one set of definitions from another.
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Ok(Self { fingerprint: format!("{}-{hash:016x}", crate::rows::VERSION), ..serde_json::from_str(&text)? })
    }

    /// Changes whenever a definition or the reducer changes; a store created under a different fingerprint is rebuilt.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The count with this key.
    pub fn count(&self, key: &str) -> Option<&Count> {
        self.counts.iter().find(|count| count.key == key)
    }

    /// The keys of the indicators that are counted and stored, counts first.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.counts.iter().map(|c| c.key.as_str()).chain(self.ratios.iter().map(|r| r.key.as_str()))
    }

    /// The content of the panel's tooltips and of the API's reference.
    pub fn reference(&self) -> Vec<Reference> {
        let counts = self.counts.iter().map(|c| (&c.key, &c.name, &c.rule, &c.unit, None));
        let ratios = self.ratios.iter().chain(&self.present).map(|r| (&r.key, &r.name, &r.rule, &r.unit, r.target));
        let told = |(key, name, rule, unit, target): (&String, &Bilingual, &Bilingual, &String, _)| Reference {
            key: key.clone(),
            name: name.clone(),
            rule: rule.clone(),
            unit: unit.clone(),
            target,
        };
        counts.chain(ratios).map(told).collect()
    }
}

impl Count {
    /// The minute in which a row counts; `None` if it does not count.
    pub fn minute_of<R: Row>(&self, row: &R) -> Option<Ts> {
        if self.source != R::SOURCE {
            return None;
        }
        let Cell::Int(at) = row.cell(&self.stamp) else { return None };
        self.filters.iter().all(|filter| filter.holds(row)).then(|| Ts(at).minute())
    }
}

impl Filter {
    fn holds(&self, row: &impl Row) -> bool {
        match (row.cell(&self.0), &self.2) {
            (Cell::Int(value), Constant::Int(constant)) => self.1.compare(&value, constant),
            (Cell::Text(value), Constant::Text(constant)) => self.1.compare(value, constant.as_str()),
            _ => false,
        }
    }
}

impl Op {
    fn compare<T: PartialOrd + ?Sized>(self, value: &T, constant: &T) -> bool {
        match self {
            Self::Equal => value == constant,
            Self::Other => value != constant,
            Self::Above => value > constant,
            Self::Below => value < constant,
        }
    }
    /// The operator in SQL.
    pub const fn sql(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Other => "<>",
            Self::Above => ">",
            Self::Below => "<",
        }
    }
}

impl Ratio {
    /// Computes a ratio, which is done only here; `None` if the whole is zero.
    pub fn of(part: i64, whole: i64) -> Option<f64> {
        (whole > 0).then(|| part as f64 / whole as f64)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use std::{fs, path::Path};

    use super::*;
    use crate::rows::{DialogueRow, SessionRow};

    #[test]
    fn the_founding_indicators_are_defined() {
        let definitions = Definitions::parse(TEXT).unwrap();
        let keys: Vec<_> = definitions.keys().collect();
        let founding = "session_created session_used session_rated session_transferred dialogue no_answer transfer_request rating_good rating_mid rating_poor";
        assert!(keys.starts_with(&founding.split_whitespace().collect::<Vec<_>>()), "{keys:?}");
        for ratio in ["good_ratio", "mid_ratio", "poor_ratio"] {
            assert!(keys.contains(&ratio), "{ratio}");
        }
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
        assert_eq!(*DEFINITIONS, definitions);
    }

    /// `rules.txt` records what each indicator counted under which version. New ones are added; a changed one raises the version.
    #[test]
    fn a_definition_that_changes_has_another_version() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules.txt");
        let counts = DEFINITIONS.counts.iter().map(|count| format!("{}: {:?} {} {:?}", count.key, count.source, count.stamp, count.filters));
        let ratios = DEFINITIONS.ratios.iter().map(|ratio| format!("{}: {} / {}", ratio.key, ratio.part, ratio.whole));
        let rules: Vec<String> = [format!("version {}", DEFINITIONS.version)].into_iter().chain(counts).chain(ratios).collect();
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
        for count in &DEFINITIONS.counts {
            let columns: &[&str] = match count.source {
                Source::DwdSession => SessionRow::COLUMNS,
                Source::DwdDialogue => DialogueRow::COLUMNS,
            };
            for column in count.filters.iter().map(|f| &f.0).chain([&count.stamp]) {
                assert!(columns.contains(&column.as_str()), "{} names {column}", count.key);
            }
            for Filter(column, _, constant) in &count.filters {
                let plain = |text: &String| text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
                assert!(!matches!(constant, Constant::Text(text) if !plain(text)), "{} compares {column} with something that is no plain word", count.key);
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
    fn a_ratio_is_of_counts_and_has_no_value_when_the_whole_is_zero() {
        for ratio in &DEFINITIONS.ratios {
            assert!(DEFINITIONS.count(&ratio.part).is_some() && DEFINITIONS.count(&ratio.whole).is_some(), "{}", ratio.key);
        }
        assert_eq!((Ratio::of(0, 0), Ratio::of(1, 4), Ratio::of(0, 3)), (None, Some(0.25), Some(0.0)));
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

    #[test]
    fn what_a_row_does_not_have_never_counts() {
        let row = SessionRow { first_rated_at: Some(90_000), ..SessionRow::default() };
        assert_eq!(DEFINITIONS.count("rating_poor").unwrap().minute_of(&row), None);
        let row = SessionRow { began_with: Some("bot".into()), score: Some(1), ..row };
        assert_eq!(DEFINITIONS.count("rating_poor").unwrap().minute_of(&row), Some(Ts(60_000)));
        assert_eq!(DEFINITIONS.count("dialogue").unwrap().minute_of(&row), None);
    }
}
