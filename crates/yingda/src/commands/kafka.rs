//! Kafka, if this program was built with it.

use std::{sync::Arc, time::Duration};

use anyhow::bail;
use uuid::Uuid;
use warehouse::outside::Outside;

use crate::config::Analytics;

/// Who computes the numbers outside of this program, if anybody does.
pub fn outside(analytics: &Analytics) -> anyhow::Result<Option<Arc<dyn Outside>>> {
    match analytics.engine.as_str() {
        "embedded" => Ok(None),
        "kafka" => connect(analytics).map(Some),
        other => bail!("[analytics] `engine` is \"embedded\" or \"kafka\", not {other:?}"),
    }
}

/// Kafka at an address.
pub fn connect(analytics: &Analytics) -> anyhow::Result<Arc<dyn Outside>> {
    check(analytics)?;
    built_in::connect(analytics)
}

/// The job of Flink for a history; `commit_within`: how long the results of a checkpoint may wait to be committed.
pub fn job(analytics: &Analytics, generation: Uuid, commit_within: Duration) -> anyhow::Result<String> {
    check(analytics)?;
    built_in::job(analytics, generation, commit_within)
}

/// Rejects what is no address and no beginning of a name.
fn check(analytics: &Analytics) -> anyhow::Result<()> {
    let is_broker = |broker: &str| broker.rsplit_once(':').is_some_and(|(host, port)| is_host(host) && port.parse::<u16>().is_ok_and(|port| port > 0));
    if let Some(other) = analytics.brokers.split(',').find(|broker| !is_broker(broker)) {
        bail!("[analytics] `brokers` holds addresses like \"kafka-1:9092\", with commas between them, not {other:?}");
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if !(1..=60).contains(&analytics.prefix.len()) || !analytics.prefix.chars().all(fits) {
        bail!("[analytics] `prefix` has 1 to 60 letters, digits, dots, hyphens and underscores, unlike {:?}", analytics.prefix);
    }
    Ok(())
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-_[]:".contains(c))
}

#[cfg(feature = "kafka")]
mod built_in {
    use std::{sync::Arc, time::Duration};

    use kafka::{Kafka, topics::Address};
    use uuid::Uuid;
    use warehouse::outside::Outside;

    use crate::config::Analytics;

    fn address(analytics: &Analytics) -> Address {
        Address { brokers: analytics.brokers.clone(), prefix: analytics.prefix.clone() }
    }

    #[expect(clippy::unnecessary_wraps, reason = "without the feature, it fails")]
    pub fn connect(analytics: &Analytics) -> anyhow::Result<Arc<dyn Outside>> {
        Ok(Arc::new(Kafka::new(address(analytics))))
    }

    #[expect(clippy::unnecessary_wraps, reason = "without the feature, it fails")]
    pub fn job(analytics: &Analytics, generation: Uuid, commit_within: Duration) -> anyhow::Result<String> {
        Ok(address(analytics).job(generation, commit_within))
    }
}

#[cfg(not(feature = "kafka"))]
mod built_in {
    use std::{sync::Arc, time::Duration};

    use anyhow::bail;
    use uuid::Uuid;
    use warehouse::outside::Outside;

    use crate::config::Analytics;

    const MISSING: &str = "this program was built without Kafka: build it with `cargo build --release -p yingda --features kafka`, or set [analytics] `engine` \
                           to \"embedded\"";

    pub fn connect(_: &Analytics) -> anyhow::Result<Arc<dyn Outside>> {
        bail!(MISSING)
    }

    pub fn job(_: &Analytics, _: Uuid, _: Duration) -> anyhow::Result<String> {
        bail!(MISSING)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analytics(engine: &str, brokers: &str, prefix: &str) -> Analytics {
        Analytics { engine: engine.to_owned(), brokers: brokers.to_owned(), prefix: prefix.to_owned() }
    }

    #[test]
    fn a_setting_that_does_not_fit_is_named() {
        let refusal = |engine: &str, brokers: &str, prefix: &str| outside(&analytics(engine, brokers, prefix)).err().unwrap().to_string();
        assert!(refusal("flink", "a:1", "y").contains("`engine`"));
        assert!(refusal("kafka", "a:1,b", "y").contains("`brokers`") && refusal("kafka", "a:0", "y").contains("`brokers`"));
        assert!(refusal("kafka", "a:1' x", "y").contains("`brokers`"), "it would become part of the job");
        assert!(refusal("kafka", "a:1", "").contains("`prefix`") && refusal("kafka", "a:1", "a'b").contains("`prefix`"));
        assert!(outside(&Analytics::default()).unwrap().is_none());
    }

    #[cfg(not(feature = "kafka"))]
    #[test]
    fn without_kafka_the_refusal_says_how_to_build_it() {
        let error = outside(&analytics("kafka", "a:1", "y")).err().unwrap().to_string();
        assert!(error.contains("--features kafka"), "{error}");
    }
}
