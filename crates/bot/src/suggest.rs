//! Questions that complete what is being typed.

use crate::grams::sounds;
use crate::knowledge::Entry;
use crate::stop::{Stop, Stopped};
use crate::text::{Lang, detect, normalise, skeleton};

/// A question that the user may mean.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Suggestion {
    /// The id of the entry.
    pub id: String,
    /// The question in the reader's language.
    pub text: String,
}

#[derive(Debug)]
struct Line {
    entry: u32,
    own: bool,
    text: String,
    syllables: String,
}

/// All wordings of one language, ready to be searched by what has been typed so far.
#[derive(Debug)]
pub(crate) struct Lines {
    lines: Vec<Line>,
}

impl Lines {
    /// Collects the wordings of `lang`.
    pub(crate) fn new(entries: &[Entry], lang: Lang, stop: &Stop) -> Result<Self, Stopped> {
        let mut lines = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            stop.look()?;
            let similar = entry.similar.side(lang).iter().map(|line| (line, false));
            for (line, own) in std::iter::once((&entry.question.zh, true))
                .filter(|_| lang == Lang::Zh)
                .chain(std::iter::once((&entry.question.en, true)).filter(|_| lang == Lang::En))
                .chain(similar)
            {
                if line.is_empty() {
                    continue;
                }
                let text = match lang {
                    Lang::Zh => skeleton(line),
                    Lang::En => words(line),
                };
                lines.push(Line { entry: at as u32, own, syllables: if lang == Lang::Zh { sounds(&text) } else { String::new() }, text });
            }
        }
        Ok(Lines { lines })
    }

    /// Entries that have a wording containing the typed text, best first. Latin letters also match Chinese by sound.
    pub(crate) fn find(&self, typed: &str, lang: Lang, limit: usize) -> Vec<usize> {
        let typed = match lang {
            Lang::Zh => skeleton(typed),
            Lang::En => words(typed),
        };
        let by_sound = lang == Lang::Zh && detect(&typed) == Some(Lang::En);
        let mut best: Vec<(u32, usize, u32)> = Vec::new();
        for line in &self.lines {
            let place =
                if by_sound { line.syllables.find(&format!(" {typed}")).or_else(|| find_unspaced(&line.syllables, &typed)) } else { line.text.find(&typed) };
            let place = place.or_else(|| if by_sound { line.text.find(&typed) } else { None });
            let rank = match place {
                Some(0) => 0,
                Some(_) if lang == Lang::Zh || by_sound => 1,
                Some(at) if line.text[..at].ends_with(' ') => 1,
                _ => match has_words(&line.text, &typed, lang) {
                    true => 2,
                    false => continue,
                },
            };
            best.push((rank * 2 + u32::from(!line.own), line.text.len(), line.entry));
        }
        best.sort_unstable();
        let mut out = Vec::new();
        for (_, _, entry) in best {
            if !out.contains(&(entry as usize)) {
                out.push(entry as usize);
                if out.len() == limit {
                    break;
                }
            }
        }
        out
    }
}

/// The words in lower case, separated by one space.
fn words(text: &str) -> String {
    let normal = normalise(text);
    crate::text::tokens(&normal).join(" ")
}

/// The position at which letters typed without spaces ("taocan") begin among the syllables; `None` if they do not occur.
fn find_unspaced(syllables: &str, typed: &str) -> Option<usize> {
    let starts = syllables.match_indices(' ').map(|(at, _)| at);
    starts.into_iter().find(|&at| {
        let mut letters = syllables[at..].chars().filter(|c| *c != ' ');
        typed.chars().all(|wanted| letters.next() == Some(wanted))
    })
}

/// Whether all typed words (Chinese: at least three characters, in order) occur in the line.
fn has_words(line: &str, typed: &str, lang: Lang) -> bool {
    match lang {
        Lang::Zh => {
            let mut rest = line.chars();
            typed.chars().count() >= 3 && typed.chars().all(|wanted| rest.any(|c| c == wanted))
        }
        Lang::En => {
            let mut typed = typed.split(' ').collect::<Vec<_>>();
            let Some(open) = typed.pop() else { return false };
            let has = |wanted: &str| line.split(' ').any(|word| word == wanted);
            !typed.is_empty() && typed.into_iter().all(has) && line.split(' ').any(|word| word.starts_with(open))
        }
    }
}
