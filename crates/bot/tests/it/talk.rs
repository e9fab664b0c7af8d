//! Conversations with a bot.

use bot::{Answer, Bot, Lang, Thread, Turn};

/// A conversation with a bot, which remembers what the bot passes on.
pub struct Talk<'a> {
    pub bot: &'a Bot,
    pub lang: Lang,
    pub page: Option<&'a str>,
    pub thread: Thread,
}

impl<'a> Talk<'a> {
    pub fn new(bot: &'a Bot, lang: Lang) -> Self {
        Self { bot, lang, page: None, thread: Thread::default() }
    }

    pub fn say(&mut self, text: &str) -> Answer {
        let answer = self.bot.answer(&Turn { text, lang_hint: self.lang, product: self.page, thread: Some(&self.thread) });
        // what is stored between two turns is JSON
        let stored = serde_json::to_string(&answer.thread).and_then(|json| serde_json::from_str(&json));
        self.thread = stored.unwrap_or_else(|error| panic!("{text}: {error}"));
        answer
    }
}
