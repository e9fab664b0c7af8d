//! The parts of the product. Whoever adds one adds a line here.

use http_kit::feature::Feature;

/// All of them; the API document has their operations in this order.
pub const ALL: &[Feature] = &[
    hall::FEATURE,
    team::FEATURE,
    desk::FEATURE,
    records::FEATURE,
    customers::FEATURE,
    knowledge::FEATURE,
    insight::FEATURE,
    connect::FEATURE,
    company::FEATURE,
    privacy::FEATURE,
    operator::FEATURE,
];
