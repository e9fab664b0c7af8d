//! Entries to train on: usual ones, and those that take the most of what is accepted.

use bot::{Bilingual, Entry, Wordings};

use crate::random::Random;

/// The demo's knowledge, as an example of what companies write.
const DEMO: [&str; 2] = [include_str!("../../../../demo/knowledge-1.jsonl"), include_str!("../../../../demo/knowledge-2.jsonl")];
/// Places by which copies of the demo's entries differ.
const PLACES: [(&str, &str); 30] = [
    ("青禾", "Greenfield"),
    ("临江", "Riverside"),
    ("望海", "Seaview"),
    ("松岭", "Pinehill"),
    ("白石", "Whitestone"),
    ("南湖", "Southlake"),
    ("北关", "Northgate"),
    ("东港", "Eastport"),
    ("西坪", "Westfield"),
    ("云溪", "Cloudbrook"),
    ("红枫", "Maple"),
    ("银杏", "Ginkgo"),
    ("金沙", "Goldsand"),
    ("玉田", "Jadefield"),
    ("石桥", "Stonebridge"),
    ("竹园", "Bamboo"),
    ("梅岭", "Plumridge"),
    ("兰亭", "Orchid"),
    ("菊城", "Aster"),
    ("柳林", "Willow"),
    ("槐安", "Locust"),
    ("桐乡", "Paulownia"),
    ("榆关", "Elmgate"),
    ("杏村", "Apricot"),
    ("桃源", "Peachwell"),
    ("李庄", "Damson"),
    ("荷塘", "Lotus"),
    ("芦洲", "Reedisle"),
    ("樟树", "Camphor"),
    ("枣庄", "Jujube"),
];

/// The entries of the demo.
pub fn demo() -> anyhow::Result<Vec<Entry>> {
    Ok(DEMO.iter().flat_map(|part| part.lines()).map(serde_json::from_str).collect::<Result<_, _>>()?)
}

/// Usual entries: those of the demo as companies in several places would have them.
pub fn usual_entries(count: usize) -> anyhow::Result<Vec<Entry>> {
    let demo = demo()?;
    let copy = |n: usize| {
        let (zh, en) = PLACES[n / demo.len() % PLACES.len()];
        let mut entry = demo[n % demo.len()].clone();
        (entry.id, entry.related) = (format!("usual-{n}"), Vec::new());
        for text in entry.similar.zh.iter_mut().chain([&mut entry.question.zh, &mut entry.answer.zh]) {
            *text = format!("{zh}{text}");
        }
        for text in entry.similar.en.iter_mut().chain([&mut entry.question.en, &mut entry.answer.en]) {
            *text = format!("{text} ({en})");
        }
        entry
    };
    Ok((0..count).map(copy).collect())
}

/// A kind of entries that take much.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Kind {
    /// Wordings of very many different words, each of which two of them have: every pair is learned from.
    Pairs,
    /// As many entries as directions are found for, all with the same very many words.
    Directions,
    /// Words that occur once.
    Words,
    /// A few entries that teach very many translations, and very many that have the words for which these stand.
    Translations,
    /// Words of which each is a synonym in as many groups as can be, within phrases that contain each other.
    Synonyms,
}

impl Kind {
    /// Each kind.
    pub const EACH: [Self; 5] = [Self::Pairs, Self::Directions, Self::Words, Self::Translations, Self::Synonyms];

    /// The name in the result.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pairs => "pairs",
            Self::Directions => "directions",
            Self::Words => "words",
            Self::Translations => "translations",
            Self::Synonyms => "synonyms",
        }
    }

    /// The `n`th entry of this kind.
    pub fn entry(self, n: usize, random: &mut Random) -> Entry {
        let (similar, answer) = match self {
            Self::Pairs => (wordings_of(&text(random)), Bilingual::default()),
            Self::Translations => {
                let text = text(&mut Random::seeded(n as u64 / 100));
                match n % 100 {
                    0 => (wordings_of(&text), Bilingual::default()),
                    _ => (Wordings::default(), Bilingual { zh: text.iter().collect(), en: String::new() }),
                }
            }
            Self::Directions => {
                let words: String = (0..400).map(|_| format!("{} ", word(random.below(450)))).collect();
                (Wordings::default(), Bilingual { zh: String::new(), en: words })
            }
            Self::Words => {
                let letters = |random: &mut Random| (0..3_900).map(|at| if at % 9 == 8 { ' ' } else { letter(random) }).collect();
                (Wordings::default(), Bilingual { zh: String::new(), en: letters(random) })
            }
            Self::Synonyms => {
                let letters = (0..3_900).map(|_| han(random, 40)).collect();
                (Wordings::default(), Bilingual { zh: letters, en: String::new() })
            }
        };
        let question = Bilingual { zh: format!("{}第{n}个问题", self.name()), en: String::new() };
        Entry { id: format!("{}-{n}", self.name()), topic: "plans".to_owned(), question, similar, answer, ..Entry::default() }
    }
}

/// Characters that hardly ever stand beside each other twice.
fn text(random: &mut Random) -> Vec<char> {
    (0..1_700).map(|_| han(random, 8_000)).collect()
}

/// Wordings in which each pair of neighbours occurs twice.
fn wordings_of(text: &[char]) -> Wordings {
    let lines = text.chunks(190).chain(text[95..].chunks(190));
    Wordings { zh: lines.map(|line| line.iter().collect()).collect(), en: Vec::new() }
}

/// Groups of synonyms that have all the words of [`Kind::Synonyms`], and phrases that contain each other.
pub fn synonyms() -> String {
    let mut random = Random::seeded(3);
    let words: Vec<String> = (0..40).map(|n| char::from_u32(0x4e00 + n).unwrap_or('一').to_string()).collect();
    let phrases = |random: &mut Random| (2..=10).map(|length| (0..length).map(|_| han(random, 40)).collect::<String>()).collect::<Vec<_>>();
    let group = |random: &mut Random| format!("zh-CN,\"{}\"\n", [words.clone(), phrases(random)].concat().join("\n"));
    std::iter::once("lang,words\n".to_owned()).chain((0..200).map(|_| group(&mut random))).collect()
}

fn han(random: &mut Random, kinds: u64) -> char {
    u32::try_from(random.below(kinds)).ok().and_then(|n| char::from_u32(0x4e00 + n)).unwrap_or('一')
}

fn letter(random: &mut Random) -> char {
    u8::try_from(random.below(26)).map_or('a', |n| char::from(b'a' + n))
}

/// A made-up word of seven letters.
fn word(n: u64) -> String {
    let mut random = Random::seeded(n.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    (0..7).map(|_| letter(&mut random)).collect()
}

/// Entries as a table that the import reads.
pub fn table(entries: &[Entry]) -> String {
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let row = |entry: &Entry| {
        let Entry { id, topic, question, similar, answer, related: _, action: _ } = entry;
        let cells = [id, topic, &question.zh, &question.en, &similar.zh.join("\n"), &similar.en.join("\n"), &answer.zh, &answer.en].map(|text| cell(text));
        format!("{}\n", cells.join(","))
    };
    std::iter::once("id,category,question_zh,question_en,similar_zh,similar_en,answer_zh,answer_en\n".to_owned()).chain(entries.iter().map(row)).collect()
}

#[cfg(test)]
mod tests {
    use bot::effort;

    use super::*;

    #[test]
    fn usual_entries_differ_and_all_kinds_are_accepted_one_by_one() {
        let usual = usual_entries(400).unwrap();
        assert_ne!(usual[0].question, usual[180].question);
        for kind in Kind::EACH {
            let entry = kind.entry(0, &mut Random::seeded(1));
            let effort = effort::of(&entry);
            assert!(effort <= effort::MOST_OF_ENTRY && effort > effort::of(&usual[0]), "{kind:?}: {effort}");
        }
        assert!(effort::of(&Kind::Pairs.entry(0, &mut Random::seeded(1))) > effort::MOST_OF_ENTRY / 2);
    }

    #[test]
    fn a_table_keeps_quotes_and_lines() {
        let mut entry = Kind::Pairs.entry(7, &mut Random::seeded(1));
        entry.answer.en = "say \"yes\"\nor no".to_owned();
        assert!(table(&[entry]).contains("\"say \"\"yes\"\"\nor no\""));
    }
}
