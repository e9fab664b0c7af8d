//! Indicators over time, as they are read over HTTP.

use domain::{dimension::Dimension, text::Bilingual, time::Ts};
use serde::Serialize;
use utoipa::ToSchema;
use warehouse::{Compare, Grain, Number, definition::Unit};

/// An indicator over a stretch of time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Metric)]
pub struct MetricView {
    /// The key of the indicator.
    pub key: String,
    /// The unit of the values.
    #[schema(value_type = Unit)]
    pub unit: String,
    /// The version of the definitions.
    pub definition: u32,
    /// The time zone, an IANA name.
    pub time_zone: String,
    /// The length of the points.
    pub grain: Grain,
    /// The first moment in the stretch of time.
    pub from: Ts,
    /// The first moment after the stretch of time.
    pub to: Ts,
    /// The moment to which the numbers refer.
    pub as_of: Ts,
    /// Since when the company has been here, or has had anything counted, if that was earlier. What ends before it was not counted, even though its value is 0.
    #[schema(required)]
    pub data_from: Option<Ts>,
    /// How it is split, with a series for each part that occurs; `null` if it is not split, with one series.
    #[schema(required)]
    pub split: Option<Dimension>,
    /// The values.
    pub series: Vec<SeriesView>,
    /// The same over the stretch of time it is compared with.
    #[schema(required)]
    pub compare: Option<ComparedView>,
}

/// The stretch of time that an indicator is compared with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MetricCompared)]
pub struct ComparedView {
    /// How it was chosen.
    pub with: Compare,
    /// The first moment in the stretch of time.
    pub from: Ts,
    /// The first moment after the stretch of time.
    pub to: Ts,
    /// The values.
    pub series: Vec<SeriesView>,
}

/// What the bot can answer from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredFrom {
    /// An entry of the knowledge.
    Entry,
    /// A product.
    Product,
    /// A plan.
    Plan,
}

/// The values of an indicator over time: all of them, or those of one part.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MetricSeries)]
pub struct SeriesView {
    /// The part; `null` if it is not split, or for what has no part.
    #[schema(required)]
    pub part: Option<String>,
    /// The name of the part; `null` if it no longer has one, or if there is no part.
    #[schema(required)]
    pub name: Option<Bilingual>,
    /// If it is split by what the bot answered from: what the part is; absent if it no longer exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub source: Option<AnsweredFrom>,
    /// The value over the whole stretch of time.
    #[schema(required, value_type = Option<f64>)]
    pub total: Number,
    /// The values point by point, oldest first.
    pub points: Vec<PointView>,
}

/// A value over a piece of time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MetricPoint)]
pub struct PointView {
    /// The first moment in the piece.
    pub from: Ts,
    /// The first moment after the piece.
    pub to: Ts,
    /// The value; `null` for a ratio whose whole is zero, and for a percentile or an extreme of nothing.
    #[schema(required, value_type = Option<f64>)]
    pub value: Number,
    /// Whether the value can no longer change: this is so 72 hours after the end of the piece.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// The moment to which the value refers.
    pub as_of: Ts,
}
