//! What a command found, for people and for programs.

use serde::Serialize;

/// Prints a result: as one line of JSON, or a value a line.
pub fn print(result: &impl Serialize, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        println!("{}", serde_json::to_string(result)?);
        return Ok(());
    }
    // In the order of the fields, which a map would lose; lists are told elsewhere.
    let text = serde_json::to_string_pretty(result)?;
    for line in text.lines().filter_map(|line| line.strip_prefix("  \"")) {
        if let Some((name, value)) = line.trim_end_matches(',').split_once("\": ").filter(|(_, value)| !value.starts_with('[')) {
            println!("{name:<34} {value}");
        }
    }
    Ok(())
}

/// Two digits behind the point are all that is meant.
pub fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
