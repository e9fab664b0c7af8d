//! What a line says that the company's knowledge and catalogue know nothing of.

use crate::bot::Bot;
use crate::grams::hash;
use crate::text::{Lang, is_han, tokens};
use utterance::stem::stem;

/// So many characters behind 我的 are read as what somebody owns.
const MOST_OWNED: usize = 3;

/// A line as it is looked at here.
struct Looked<'a> {
    raw: Vec<&'a str>,
    /// The tokens in the form in which they are compared.
    words: Vec<String>,
    /// Which of them say something alone.
    content: Vec<bool>,
}

impl Bot {
    fn looked_at<'a>(&self, line: &'a str, lang: Lang) -> Looked<'a> {
        let raw = tokens(line);
        let words: Vec<String> = raw.iter().map(|word| if lang == Lang::Zh { (*word).to_owned() } else { stem(word) }).collect();
        let fillers = self.graph.filler_tokens(&words, lang);
        let grammar = &self.indexes[lang as usize].grammar;
        let content = raw.iter().zip(&fillers).map(|(word, filler)| !filler && !grammar.is_function_word(word)).collect();
        Looked { raw, words, content }
    }

    /// Whether a line has a word that the knowledge or the catalogue knows, besides words that say nothing alone. So has a line of nothing but those.
    pub(crate) fn knows_any(&self, line: &str, lang: Lang) -> bool {
        if !self.indexes[lang as usize].grammar.groups(line).is_empty() {
            return true;
        }
        let Looked { raw, words, content } = self.looked_at(line, lang);
        let mut any = false;
        let mut at = 0;
        while at < raw.len() {
            if !content[at] {
                at += 1;
                continue;
            }
            any = true;
            let is_of_run = |next: &usize| content[*next] && raw[*next].chars().all(is_han);
            let end = if is_of_run(&at) { (at..raw.len()).find(|next| !is_of_run(next)).unwrap_or(raw.len()) } else { at + 1 };
            // 花 of 花呗 shows nothing, 线 of 送线吗 does
            if self.knows_run(&raw[at..end], raw.len() != 2) {
                return true;
            }
            at = end;
        }
        !any || self.graph.names_any(&words, lang)
    }

    /// Whether what somebody calls their own in Chinese is nothing that the knowledge or the catalogue knows: "我的飞梭币还有多少".
    pub(crate) fn owns_unknown(&self, line: &str) -> bool {
        let Looked { raw, words, content } = self.looked_at(line, Lang::Zh);
        (2..raw.len()).filter(|at| raw[at - 2] == "我" && raw[at - 1] == "的").any(|at| {
            let end = (at..raw.len()).find(|next| !content[*next] || !raw[*next].chars().all(is_han)).unwrap_or(raw.len()).min(at + MOST_OWNED);
            end > at + 1 && !self.knows_run(&raw[at..end], false) && !self.graph.names_any(&words[at..end], Lang::Zh)
        })
    }

    /// Whether a line has a word that says something alone.
    pub(crate) fn says_anything(&self, line: &str, lang: Lang) -> bool {
        self.looked_at(line, lang).content.contains(&true)
    }

    /// Whether the texts of either language have a word, or two Chinese characters of a run in this order: of a longer run, single characters show nothing, and
    /// of a run of one only if `alone`.
    fn knows_run(&self, run: &[&str], alone: bool) -> bool {
        let [zh, en] = &self.indexes;
        match run {
            [word] if word.chars().all(is_han) => alone && zh.has(hash(b'w', &[word])),
            [word] => zh.has(hash(b'w', &[word])) || en.has(hash(b'w', &[&stem(en.grammar.mend(word))])),
            _ => run.windows(2).any(|pair| zh.has(hash(b'p', pair))),
        }
    }
}
