//! Prints what a command found, for people and for programs.

use serde::Serialize;

/// Prints a result: as one line of JSON, or with one value per line.
pub fn print(result: &impl Serialize, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        println!("{}", serde_json::to_string(result)?);
    } else {
        lines(&serde_json::to_string_pretty(result)?).iter().for_each(|line| println!("{line}"));
    }
    Ok(())
}

/// One value per line, in the order of the fields, which a map would lose; lists are not included.
fn lines(pretty: &str) -> Vec<String> {
    let (mut lines, mut within) = (Vec::new(), String::new());
    for line in pretty.lines() {
        let depth = line.len() - line.trim_start().len();
        let Some((name, value)) = line.trim().strip_prefix('"').and_then(|line| line.trim_end_matches(',').split_once("\": ")) else { continue };
        match (depth, value) {
            (2, "{") => within = format!("{name}."),
            (2, _) if !value.starts_with('[') => lines.push(format!("{name:<34} {value}")),
            (4, _) if value.parse::<f64>().is_ok() => lines.push(format!("{:<34} {value}", format!("{within}{name}"))),
            _ => {}
        }
    }
    lines
}

/// Rounds to two decimals, which is all the precision that is meant.
pub fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// The median; of an even number of values, the lower of the middle two; 0 without values.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn people_get_a_value_a_line_in_order_with_what_it_belongs_to() {
        let result: Value = serde_json::from_str(r#"{"b":1.5,"name":"x","list":[1,{"c":2}],"by":{"no":3,"deep":{"er":4}}}"#).unwrap();
        let told = lines(&serde_json::to_string_pretty(&result).unwrap());
        let words: Vec<Vec<&str>> = told.iter().map(|line| line.split_whitespace().collect()).collect();
        assert!(words.contains(&vec!["b", "1.5"]) && words.contains(&vec!["name", "\"x\""]) && words.contains(&vec!["by.no", "3"]));
        assert_eq!(words.len(), 3, "{words:?}");
    }

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!([median(&[3.0, 1.0, 2.0]), median(&[4.0, 1.0, 2.0, 3.0]), median(&[])], [2.0, 2.0, 0.0]);
    }
}
