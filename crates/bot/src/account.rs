//! What a line says that the company's knowledge and catalogue know nothing of.

use crate::bot::Bot;
use crate::grams::hash;
use crate::text::{Lang, is_han, tokens};
use utterance::stem::stem;

/// So many characters behind 我的 are read as what somebody owns.
const MOST_OWNED: usize = 3;

impl Bot {
    /// Whether a line has a word that the knowledge or the catalogue knows, besides words that say nothing alone. So has a line of nothing but those.
    pub(crate) fn knows_any(&self, line: &str, lang: Lang) -> bool {
        if !self.indexes[lang as usize].grammar.groups(line).is_empty() {
            return true;
        }
        let raw = tokens(line);
        if let [word] = raw.as_slice()
            && word.chars().all(is_han)
        {
            return self.indexes[Lang::Zh as usize].has(hash(b'w', &[word]));
        }
        let words: Vec<String> = raw.iter().map(|word| if lang == Lang::Zh { (*word).to_owned() } else { stem(word) }).collect();
        let fillers = self.graph.filler_tokens(&words, lang);
        let content = |at: usize| !fillers[at] && !self.indexes[lang as usize].grammar.is_function_word(raw[at]);
        let mut any = false;
        let mut at = 0;
        while at < raw.len() {
            if !content(at) {
                at += 1;
                continue;
            }
            any = true;
            let mut end = at + 1;
            if raw[at].chars().all(is_han) {
                end = (at..raw.len()).find(|next| !content(*next) || !raw[*next].chars().all(is_han)).unwrap_or(raw.len());
            }
            if self.knows_run(&raw[at..end]) {
                return true;
            }
            at = end;
        }
        !any || self.graph.names_any(&words, lang)
    }

    /// Whether what somebody calls their own in Chinese is nothing that the knowledge or the catalogue knows: "我的飞梭币还有多少".
    pub(crate) fn owns_unknown(&self, line: &str) -> bool {
        let raw = tokens(line);
        let words: Vec<String> = raw.iter().map(|word| (*word).to_owned()).collect();
        let fillers = self.graph.filler_tokens(&words, Lang::Zh);
        let zh = &self.indexes[Lang::Zh as usize];
        (2..raw.len()).filter(|at| raw[at - 2] == "我" && raw[at - 1] == "的").any(|at| {
            let end = (at..raw.len()).find(|next| fillers[*next] || !raw[*next].chars().all(is_han)).unwrap_or(raw.len()).min(at + MOST_OWNED);
            end > at + 1 && !raw[at..end].windows(2).any(|pair| zh.has(hash(b'p', pair))) && !self.graph.names_any(&words[at..end], Lang::Zh)
        })
    }

    /// Whether a line has a word that says something alone.
    pub(crate) fn says_anything(&self, line: &str, lang: Lang) -> bool {
        let raw = tokens(line);
        let words: Vec<String> = raw.iter().map(|word| if lang == Lang::Zh { (*word).to_owned() } else { stem(word) }).collect();
        let fillers = self.graph.filler_tokens(&words, lang);
        (0..raw.len()).any(|at| !fillers[at] && !self.indexes[lang as usize].grammar.is_function_word(raw[at]))
    }

    /// Whether the texts of either language have a word, or two Chinese characters of a run in this order: single characters show nothing.
    fn knows_run(&self, run: &[&str]) -> bool {
        let [zh, en] = &self.indexes;
        match run {
            [word] if word.chars().all(is_han) => false,
            [word] => zh.has(hash(b'w', &[word])) || en.has(hash(b'w', &[&stem(en.grammar.mend(word))])),
            _ => run.windows(2).any(|pair| zh.has(hash(b'p', pair))),
        }
    }
}
