//! Indicators over time on the wire.

use std::collections::BTreeMap;

use domain::{dimension::Dimension, id::TenantId, text::Lang, time::Ts};
use http_kit::{App, edge::wrong, problem::Problem};
use warehouse::{
    DEFINITIONS, Number, Series, Window,
    range::{LATE_MS, local},
    series::{MOST_VALUES, Parts, SplitError},
};
use wire::metrics::{ComparedView, MetricView, PointView, SeriesView};

use super::{
    csv,
    names::{Called, names_of, without},
    query::{Asked, MetricQuery},
};

/// The unit of an indicator; `None` if there is no indicator with this key.
pub fn unit(key: &str) -> Option<&'static str> {
    DEFINITIONS.unit(key)
}

/// Measured indicators, and the pieces into which the time was cut.
pub struct Measured {
    /// One view per indicator.
    pub views: Vec<MetricView>,
    /// The pieces of the stretch of time itself.
    pub pieces: Vec<Window>,
}

/// Measures indicators, all from the same state of the numbers.
pub async fn measure(app: &App, tenant: TenantId, keys: &[&str], query: &MetricQuery) -> Result<Measured, Problem> {
    let asked = query.complete(app, tenant).await?;
    let pieces = asked.pieces()?;
    let compared = query.compare.map(|with| Ok::<_, Problem>((with, asked.comparison(with)?))).transpose()?;
    let split = query.split.and_then(|split| split.0);
    let panel = &asked.panel;
    let mut lists = vec![pieces];
    lists.extend(compared.iter().map(|(_, (_, pieces))| pieces.clone()));
    // By list of pieces, then by indicator.
    let measured: Vec<Vec<Parts>> = match split {
        Some(by) => panel.split(tenant, keys, by, &lists).await.map_err(split_problem)?,
        None => {
            let all = panel.series(tenant, keys, &lists).await.map_err(store::Error::from)?;
            all.into_iter().map(|of| of.into_iter().map(|series| vec![(None, series)]).collect()).collect()
        }
    };
    let names = match split {
        Some(by) => names_of(app, tenant, by).await?,
        None => BTreeMap::new(),
    };
    // Read last, so that no number is older than the beginning shown beside it.
    let data_from = Some(crate::panel::data_from(app, panel, tenant).await?);
    let mut measured = measured.into_iter().zip(&lists);
    let (Some((now, pieces)), before) = (measured.next(), measured.next()) else { return Ok(Measured { views: Vec::new(), pieces: Vec::new() }) };
    let mut before = before.map(|(of, pieces)| (of.into_iter(), pieces));
    let mut views = Vec::new();
    for (key, parts) in keys.iter().zip(now) {
        let compare = match (&compared, &mut before) {
            (Some((with, (window, _))), Some((of, pieces))) => {
                let series = of.next().unwrap_or_default();
                Some(ComparedView { with: *with, from: window.from, to: window.to, series: series_of(series, pieces, asked.as_of, &names) })
            }
            _ => None,
        };
        views.push(view(key, &asked, data_from, split, series_of(parts, pieces, asked.as_of, &names), compare));
    }
    Ok(Measured { views, pieces: pieces.clone() })
}

/// Why a request cannot be split.
fn split_problem(error: SplitError) -> Problem {
    match error {
        SplitError::TooManyValues => {
            wrong("split", format!("these are more than {MOST_VALUES} values: parts × points × indicators; request fewer days, a longer grain or fewer keys"))
        }
        SplitError::Store(error) => store::Error::from(error).into(),
    }
}

fn view(key: &str, asked: &Asked, data_from: Option<Ts>, split: Option<Dimension>, series: Vec<SeriesView>, compare: Option<ComparedView>) -> MetricView {
    MetricView {
        key: key.to_owned(),
        unit: unit(key).unwrap_or_default().to_owned(),
        definition: DEFINITIONS.version,
        time_zone: asked.zone.iana_name().unwrap_or("UTC").to_owned(),
        grain: asked.grain,
        from: asked.window.from,
        to: asked.window.to,
        as_of: asked.as_of,
        data_from,
        split,
        series,
        compare,
    }
}

fn is_final(piece: &Window, now: Ts) -> bool {
    piece.to.plus(LATE_MS) <= now
}

fn series_of(parts: Parts, pieces: &[Window], now: Ts, names: &BTreeMap<String, Called>) -> Vec<SeriesView> {
    let point = |(piece, value): (&Window, Number)| {
        let Window { from, to } = *piece;
        PointView { from, to, value, is_final: is_final(piece, now), as_of: now }
    };
    let series = |(part, Series { values, total }): (Option<String>, Series)| {
        let called = part.as_ref().and_then(|part| names.get(part));
        let (name, source) = (called.map(|called| called.name.clone()), called.and_then(|called| called.source));
        SeriesView { part, name, source, total, points: pieces.iter().zip(values).map(point).collect() }
    };
    parts.into_iter().map(series).collect()
}

/// The numbers as a table: a row for each piece, and a column for each indicator and part, also for the comparison.
pub fn table(Measured { views, pieces }: &Measured, zone: &warehouse::TimeZone, now: Ts, lang: Option<Lang>) -> Result<String, Problem> {
    let words = |zh: &'static str, en: &'static str, plain: &'static str| match lang {
        Some(Lang::Zh) => zh,
        Some(Lang::En) => en,
        None => plain,
    };
    let (version, final_word) = (words("口径版本", "Definition", "definition"), words("已定", "Final", "final"));
    let mut header: Vec<_> =
        [words("起", "From", "from"), words("止", "To", "to"), final_word, words("截至", "As of", "as_of"), version].map(str::to_owned).into();
    let mut columns: Vec<&SeriesView> = Vec::new();
    let before = words("（对比）", " (compared)", ":compare");
    for view in views {
        let name = name(&view.key, lang);
        let sides = [(view.series.iter(), ""), (view.compare.as_ref().map_or([].iter(), |c| c.series.iter()), before)];
        for (series, side) in sides {
            for one in series {
                let part = match (&one.part, &one.name, lang) {
                    (Some(_), Some(called), Some(lang)) => format!("/{}", called.get(lang)),
                    (Some(part), ..) => format!("/{part}"),
                    (None, ..) => view.split.map_or_else(String::new, |split| lang.map_or("/".to_owned(), |lang| format!("/{}", without(split).get(lang)))),
                };
                header.push(format!("{name}{part}{side}"));
                columns.push(one);
            }
        }
    }
    let mut text = csv::row(header.iter().map(String::as_str));
    for (n, piece) in pieces.iter().enumerate() {
        let told = |at| local(at, zone).map_err(|error| Problem::from(store::Error::from(error)));
        let is_final = if is_final(piece, now) { words("是", "yes", "true") } else { words("否", "no", "false") };
        let mut cells = vec![told(piece.from)?, told(piece.to)?, is_final.to_owned(), told(now)?, DEFINITIONS.version.to_string()];
        cells.extend(columns.iter().map(|one| one.points.get(n).map_or_else(String::new, |point| cell(point.value))));
        text.push_str(&csv::row(cells.iter().map(String::as_str)));
    }
    Ok(text)
}

fn cell(value: Number) -> String {
    match value {
        Number::Count(count) => count.to_string(),
        Number::Extreme(extreme) => extreme.map_or_else(String::new, |extreme| extreme.to_string()),
        Number::Derived(value) => value.map_or_else(String::new, |value| value.to_string()),
    }
}

fn name(key: &str, lang: Option<Lang>) -> String {
    let reference = DEFINITIONS.reference().into_iter().find(|one| one.key == key);
    match (lang, reference) {
        (Some(lang), Some(one)) => one.name.get(lang).to_owned(),
        _ => key.to_owned(),
    }
}
