//! Fills a store as if it had been in use for long: ended conversations with their messages.

use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

use crate::{
    crowd::{self, AT_ONCE},
    hello,
    http::Http,
    random::{Random, new_conversation},
};

/// The text of each message, about as long as people's messages are.
const WORDS: &str = "您好，我想问一下这个套餐的流量用完以后怎么收费，可以中途换成更大的吗？";

/// Creates this many conversations, each with a visitor of its own, and this many messages in all, through the server. In each, the visitor asks for a person
/// when nobody is there, says a few things and ends it.
pub async fn fill(http: &Http, conversations: usize, messages: u64) -> anyhow::Result<()> {
    let mut random = Random::new()?;
    let making = (0..conversations).map(|n| one(http.clone(), share(messages, conversations, n), Random::seeded(random.bits())));
    let mut making = stream::iter(making).buffer_unordered(AT_ONCE);
    while let Some(made) = making.next().await {
        made?;
    }
    Ok(())
}

/// The number of messages in the `n`th conversation.
const fn share(messages: u64, conversations: usize, n: usize) -> u64 {
    let all = conversations as u64;
    messages / all + ((n as u64) < messages % all) as u64
}

async fn one(http: Http, messages: u64, mut random: Random) -> anyhow::Result<()> {
    let (who, name) = (http.visitor().await?.identity(), new_conversation());
    let mut frames: Vec<Value> = vec![hello::open(&name, random.uuid(), json!({"type": "request_human", "via": "button"}))];
    frames.extend((0..messages).map(|_| hello::send(&name, random.uuid(), json!({"type": "text", "text": WORDS}))));
    frames.push(hello::send(&name, random.uuid(), json!({"type": "end"})));
    crowd::post_course(&http, &who, frames).await
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn messages_are_shared_out_to_the_last_one() {
        for (messages, conversations) in [(5_000_000, 100_000), (10, 3), (0, 4), (7, 7)] {
            let shares: Vec<u64> = (0..conversations).map(|n| share(messages, conversations, n)).collect();
            assert_eq!(shares.iter().sum::<u64>(), messages);
            assert!(shares.iter().max().unwrap() - shares.iter().min().unwrap() <= 1);
        }
    }
}
